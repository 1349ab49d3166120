//! The command line in a project's folder, in process.

use std::collections::BTreeMap;
use std::process::ExitCode;

use migrate_cli::Io;
use migrate_test_support::project::Scratch;

/// What a command left.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) code: u8,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A project's folder, and the database that `$URL` stands for in its commands.
pub(crate) struct Cli {
    pub(crate) folder: Scratch,
    pub(crate) environment: BTreeMap<String, String>,
    url: String,
}

impl Cli {
    /// Makes an empty folder.
    pub(crate) fn new(url: &str) -> Self {
        Self { folder: Scratch::new(), environment: BTreeMap::new(), url: url.to_owned() }
    }

    /// Runs a command, whose words are separated by spaces, in the folder. Paths below it are printed without it.
    pub(crate) fn run(&self, line: &str) -> Ran {
        let words = line.split(' ').map(|word| if word == "$URL" { &self.url } else { word }.to_owned());
        let words: Vec<String> = std::iter::once("migrate-cli".to_owned()).chain(words).collect();
        let mut io = Io::captured();
        io.folder = self.folder.path().to_owned();
        io.environment = self.environment.clone();
        let exit = migrate_cli::run(words.into_iter().map(Into::into), &mut io);
        let code = (0..=u8::MAX).find(|code| exit == ExitCode::from(*code)).expect("an exit code is a byte");
        let own = |text: String| text.replace(&format!("{}/", self.folder.path().display()), "");
        Ran { code, stdout: own(io.stdout_text()), stderr: own(io.stderr_text()) }
    }

    /// Runs a command and compares all that it leaves; each line ends with a line feed.
    #[track_caller]
    pub(crate) fn expect(&self, line: &str, code: u8, stdout: &str, stderr: &str) {
        let ran = self.run(line);
        if (ran.code, ran.stdout.as_str(), ran.stderr.as_str()) != (code, stdout, stderr) {
            panic!(
                "{line}\n--- code {}, expected {code}\n--- stdout\n{}--- expected\n{stdout}--- stderr\n{}--- expected\n{stderr}",
                ran.code, ran.stdout, ran.stderr
            );
        }
    }
}
