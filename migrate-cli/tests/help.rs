//! The help of the program and of each command.

use std::process::ExitCode;

use migrate_cli::Io;

#[track_caller]
fn help(words: &[&str]) -> String {
    let mut io = Io::captured();
    let line = [&["migrate-cli"], words, &["--help"]].concat();
    let code = migrate_cli::run(line.iter().map(Into::into), &mut io);
    assert_eq!((code, io.stderr_text()), (ExitCode::SUCCESS, String::new()));
    io.stdout_text()
}

#[test]
fn the_program_and_each_command() {
    // The help lists every command, and each command's own help is what its snapshot shows.
    let program = help(&[]);
    let listed = program.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> = listed.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"upgrade"), "{program}");
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("program", program);
        for command in commands {
            insta::assert_snapshot!(command, help(&[command]));
        }
    });
}

#[test]
fn the_version() {
    // `--version` is the package's.
    let mut io = Io::captured();
    migrate_cli::run(["migrate-cli", "-V"].map(Into::into), &mut io);
    assert_eq!(io.stdout_text(), concat!("migrate-cli ", env!("CARGO_PKG_VERSION"), "\n"));
}
