//! `init`: what it writes, what it leaves alone.

use crate::transcript::{Transcript, assert_transcript};

const PACKAGE: &str = "[package]\nname = \"ledger\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

#[test]
fn init() {
    // Promise: init writes what is missing, never over what is there, and says what is left to do.
    let mut t = Transcript::new();
    let files = ["migrate.toml", "build.rs"];
    let show = |t: &mut Transcript| {
        for file in files {
            let text = std::fs::read_to_string(t.scratch().path().join(file));
            t.show(file, &text.unwrap_or_else(|_| "(none)\n".to_owned()));
        }
    };
    t.case("an empty package").file("Cargo.toml", PACKAGE).run("init");
    show(&mut t);
    t.run("init").run("heads");
    t.case("both databases")
        .file("Cargo.toml", PACKAGE)
        .run("init --dialect postgres --dialect sqlite --dialect sqlite");
    show(&mut t);
    t.case("a build script and dependencies that are there")
        .file("Cargo.toml", &format!("{PACKAGE}[dependencies]\nmigrate-core = \"0.1\"\n"))
        .file("build.rs", "fn main() {}\n")
        .run("init -x postgresql://app@db/app --json");
    show(&mut t);
    t.case("no package").run("init --url sqlite:///x.db -q");
    show(&mut t);
    t.case("refused")
        .secret("hunter2")
        .run("init --dialect mysql")
        .run("init --dialect postgre")
        .run("init -x postgresql://app:hunter2@db/app")
        .run("init --dialect sqlite -x postgresql://app@db/app")
        .run("init -x mysql://db/app")
        .run("init -x key=value")
        .run("-c other.toml init")
        .file("Cargo.toml", "[package\n")
        .run("init");
    show(&mut t);
    assert_transcript!("init", t);
}
