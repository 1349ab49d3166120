//! Packages of somebody else, with a build.rs that calls `migrate_core::build`, for a real cargo.

use std::path::PathBuf;
use std::process::Command;

use migrate_test_support::project::{Scratch, workspace_root};
use migrate_test_support::{hermetic, run};

/// Below the workspace's own target folder and shared, so that migrate-core is compiled once for all scratch packages.
pub(crate) const TARGET: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/build_script");

/// A package with a workspace of its own, whose build.rs counts its runs. It has no driver.
pub(crate) struct App {
    /// Everything is in here, for what lies beside and above the package too.
    pub(crate) scratch: Scratch,
    /// A name of its own, since all share a target folder.
    pub(crate) name: &'static str,
    /// The package's folder.
    folder: &'static str,
}

impl App {
    /// Writes a package whose build.rs calls a function of `migrate_core::build` with one feature of migrate-core.
    pub(crate) fn calling(call: &str, feature: &str, name: &'static str, folder: &'static str) -> Self {
        let app = Self { scratch: Scratch::new(), name, folder };
        let (core, macros) = (workspace_root().join("migrate-core"), workspace_root().join("migrate-macros"));
        let macros = match feature {
            "author" => format!("migrate-macros = {{ path = {macros:?} }}\n"),
            _ => String::new(),
        };
        app.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
                 [features]\nextra = []\n\n[dependencies]\nmigrate-core = {{ path = {core:?} }}\n{macros}\n\
                 [build-dependencies]\nmigrate-core = {{ path = {core:?}, features = [{feature:?}] }}\n\n\
                 [lints.rust]\nmissing_docs = \"warn\"\nunreachable_pub = \"warn\"\nunused_qualifications = \"warn\"\n"
            ),
        );
        // The count of runs lies outside of the package, where writing it changes nothing that cargo looks at.
        let runs = app.scratch.path().join("runs");
        app.write(
            "build.rs",
            &format!(
                "//! Counts its runs.\nuse std::io::Write as _;\n\nfn main() {{\n    \
                 let runs = std::fs::OpenOptions::new().create(true).append(true).open({runs:?});\n    \
                 runs.and_then(|mut runs| runs.write_all(b\"x\")).expect(\"runs are counted\");\n    \
                 migrate_core::build::{call}();\n}}\n"
            ),
        );
        // The same versions as in the workspace, so that nothing else is fetched and compiled.
        app.write(
            "Cargo.lock",
            &std::fs::read_to_string(workspace_root().join("Cargo.lock")).expect("the workspace's"),
        );
        app
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.scratch.path().join(self.folder).join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        self.scratch.write(&format!("{}/{file}", self.folder), text);
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = hermetic(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "0");
        command.args(arguments).current_dir(self.path(""));
        command
    }

    /// Returns how often the build script has run.
    pub(crate) fn runs(&self) -> usize {
        self.scratch.read("runs").len()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // The next run has other paths, for which cargo keeps other files: without this they pile up.
        run(&mut self.cargo(&["clean", "-q", "-p", self.name, "--target-dir", TARGET]));
    }
}
