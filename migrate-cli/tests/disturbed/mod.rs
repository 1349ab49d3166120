//! Projects whose runs are disturbed: killed, overlapped, left in the middle.

use std::path::Path;
use std::process::Command;

use migrate_test_support::project::Scratch;
use migrate_test_support::{Output2, hermetic, run};

/// A project in a scratch folder, whose revisions are a line.
pub(crate) struct Project {
    scratch: Scratch,
    ids: Vec<String>,
}

impl Project {
    /// Writes a project with these lines in its migrate.toml and these revisions: an id and the sections.
    pub(crate) fn new(settings: &str, revisions: &[(&str, &str)]) -> Self {
        let scratch = Scratch::new();
        scratch.write("migrate.toml", &format!("[migrate]\nversion_locations = [\"revisions\"]\n{settings}\n"));
        let mut project = Self { scratch, ids: Vec::new() };
        for (id, sections) in revisions {
            project.revise(id, sections);
        }
        project
    }

    /// Writes the file of a revision, or writes it anew.
    pub(crate) fn revise(&mut self, id: &str, sections: &str) {
        let place = self.ids.iter().position(|known| known == id).unwrap_or_else(|| {
            self.ids.push(id.to_owned());
            self.ids.len() - 1
        });
        let parent = if place == 0 { "" } else { &self.ids[place - 1] };
        let header = format!("-- Revision {id}.\n--\n-- Revision ID: {id}\n-- Revises: {parent}\n\n");
        self.scratch.write(&format!("revisions/{id}.sql"), &format!("{header}{sections}"));
    }

    /// Returns the project's folder, in which every command runs: `sqlite:///app.db` is a file there.
    pub(crate) fn folder(&self) -> &Path {
        self.scratch.path()
    }

    /// Returns `migrate-cli` with these arguments, separated by spaces, for a database.
    pub(crate) fn command(&self, url: &str, arguments: &str) -> Command {
        let mut command = hermetic(env!("CARGO_BIN_EXE_migrate-cli"));
        command.current_dir(self.folder()).args(arguments.split(' ')).args(["-x", url]);
        command
    }

    /// Runs `migrate-cli` to its end.
    #[track_caller]
    pub(crate) fn run(&self, url: &str, arguments: &str) -> Output2 {
        run(&mut self.command(url, arguments))
    }
}
