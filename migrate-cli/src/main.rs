//! The thin binary around [`migrate_cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    migrate_cli::run(std::env::args_os(), &mut migrate_cli::Io::process())
}
