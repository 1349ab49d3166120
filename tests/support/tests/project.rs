//! Scratch folders, hermetic programs and the workspace's own binaries.

use std::fs;
use std::path::Path;
use std::process::Command;

use migrate_test_support::project::{Scratch, copy_dir, workspace_root};
use migrate_test_support::{binary, hermetic, run};

#[test]
fn scratch_folders_hold_files_and_disappear() {
    let scratch = Scratch::new();
    assert_eq!(scratch.files(), Vec::<String>::new());
    let path = scratch.write("b/c/d.sql", "d");
    scratch.write("a.sql", "first");
    scratch.write("a.sql", "second");
    assert_eq!(path, scratch.path().join("b/c/d.sql"));
    assert_eq!(scratch.files(), ["a.sql", "b/c/d.sql"]);
    assert_eq!(scratch.read("a.sql"), "second");

    let copy = Scratch::new();
    copy_dir(scratch.path(), copy.path().join("deep/copy"));
    assert_eq!(copy.files(), ["deep/copy/a.sql", "deep/copy/b/c/d.sql"]);
    assert_eq!(copy.read("deep/copy/b/c/d.sql"), "d");

    let path = scratch.path().to_owned();
    drop(scratch);
    assert!(!path.exists());
}

#[test]
fn the_workspace_root_has_the_workspace() {
    let manifest = fs::read_to_string(workspace_root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("[workspace]"));
}

#[test]
fn the_environment_of_programs_is_free_of_the_shell() {
    const NAME: &str = "print_the_environment_of_a_program";
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", NAME, "--nocapture"]);
    for name in ["PGHOST", "MIGRATE_DATABASE", "DATABASE_URL", "NO_COLOR", "LANG", "LC_TIME"] {
        child.env(name, "leaked");
    }
    child.env("KEPT_BY_HERMETIC", "kept").env("TZ", "Asia/Tokyo");
    let output = run(&mut child).expect_success();
    assert!(!output.stdout.contains("leaked"), "{}", output.stdout);
    for line in ["KEPT_BY_HERMETIC=kept", "TZ=UTC", "LC_ALL=C.UTF-8"] {
        assert!(output.stdout.lines().any(|found| found == line), "{}", output.stdout);
    }
}

#[test]
fn print_the_environment_of_a_program() {
    let output = run(&mut hermetic("env")).expect_success();
    assert!(output.stdout.contains("PATH="));
    println!("\n{}", output.stdout);
}

#[test]
fn run_returns_the_code_and_both_streams() {
    let output = run(hermetic("sh").args(["-c", "echo out; echo err >&2; cat; exit 3"]));
    assert_eq!((output.code, &output.stdout[..], &output.stderr[..]), (3, "out\n", "err\n"));
    assert_eq!(run(hermetic("sh").args(["-c", "kill -KILL $$"])).code, 128 + 9);
}

#[test]
#[should_panic(expected = "cannot run /none/such: No such file")]
fn run_names_a_program_that_is_missing() {
    run(&mut hermetic("/none/such"));
}

#[test]
fn binaries_are_built_next_to_the_tests() {
    let path = binary("dpo");
    assert_eq!(path, binary("dpo"));
    assert!(path.is_file());
    let test = std::env::current_exe().unwrap();
    assert_eq!(test.parent().and_then(Path::parent), path.parent());
}
