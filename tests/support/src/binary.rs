//! The workspace's own binaries, for tests of other packages: cargo sets `CARGO_BIN_EXE_*` only for the tests of the
//! package that has the binary.

use std::collections::HashMap;
use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use rustix::fs::FlockOperation;

use crate::{must, project, run};

/// The paths of the binaries that this process has built already.
static BUILT: Mutex<Option<HashMap<String, PathBuf>>> = Mutex::new(None);

/// Returns the path of a workspace binary whose package has the same name, such as `migrate-cli` or `dpo`.
///
/// It is built with the profile and in the target folder of the running test, once in a test process, and once in a
/// whole run of cargo-nextest.
#[track_caller]
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    // A build that failed in another thread must not hide its message behind a poisoned lock.
    let mut built = BUILT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let built = built.get_or_insert_with(HashMap::new);
    if let Some(path) = built.get(name) {
        return path.clone();
    }
    let path = build_once_a_run(name);
    built.insert(name.to_owned(), path.clone());
    path
}

/// Returns the target folder that the running test was built into.
pub(crate) fn target_dir() -> PathBuf {
    Layout::of_this_process().target
}

/// Builds the binary, unless a process of the same run of cargo-nextest has.
#[track_caller]
fn build_once_a_run(name: &str) -> PathBuf {
    let layout = Layout::of_this_process();
    let path = layout.binary(name);
    let Some(run_id) = std::env::var_os("NEXTEST_RUN_ID") else {
        build(name, &layout);
        return path;
    };
    let folder = layout.target.join("migrate-test-support");
    must(fs::create_dir_all(&folder), format_args!("make {}", folder.display()));
    let lock = must(File::create(folder.join("build.lock")), "open the lock of builds");
    lock_file(&lock, FlockOperation::LockExclusive);
    let stamp = folder.join(format!("built-{name}"));
    let current = format!("{} {}", run_id.to_string_lossy(), path.display());
    if !path.exists() || fs::read_to_string(&stamp).ok().as_ref() != Some(&current) {
        build(name, &layout);
        must(fs::write(&stamp, current), format_args!("write {}", stamp.display()));
    }
    path
}

#[track_caller]
fn build(name: &str, layout: &Layout) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "-q", "-p", name, "--bin", name]).args(layout.cargo_args());
    let output = run(command.current_dir(project::workspace_root()));
    assert!(output.code == 0, "cannot build the binary {name}:\n{}", output.stderr);
}

/// Takes or gives back the lock of an open file.
#[track_caller]
pub(crate) fn lock_file(file: &File, operation: FlockOperation) {
    must(rustix::io::retry_on_intr(|| rustix::fs::flock(file, operation)), "lock a file");
}

/// Where cargo put the running test: `target/[triple/]profile/deps/test`.
#[derive(Debug, PartialEq, Eq)]
struct Layout {
    target: PathBuf,
    triple: Option<OsString>,
    /// The folder of the profile: `debug` for the profile `dev`, otherwise the profile's name.
    profile: OsString,
}

impl Layout {
    fn of_this_process() -> Self {
        let executable = std::env::current_exe().ok();
        // Cargo marks the top of every target folder with this file.
        let target = executable.iter().flat_map(|path| path.ancestors()).find(|dir| dir.join("CACHEDIR.TAG").exists());
        match (&executable, target) {
            (Some(executable), Some(target)) => Self::of(target, executable),
            // A documentation test runs from a temporary folder.
            _ => Self::of(&configured_target(), Path::new("")),
        }
    }

    fn of(target: &Path, executable: &Path) -> Self {
        let inside = executable.strip_prefix(target).unwrap_or(Path::new(""));
        let parts: Vec<_> = inside.iter().take_while(|part| *part != "deps").collect();
        let (triple, profile) = match parts[..] {
            [profile] => (None, profile.to_owned()),
            [triple, profile] => (Some(triple.to_owned()), profile.to_owned()),
            _ => (None, "debug".into()),
        };
        Self { target: target.to_owned(), triple, profile }
    }

    fn cargo_args(&self) -> Vec<OsString> {
        let profile = if self.profile == "debug" { "dev".into() } else { self.profile.clone() };
        let mut args = vec!["--target-dir".into(), self.target.clone().into(), "--profile".into(), profile];
        if let Some(triple) = &self.triple {
            args.extend(["--target".into(), triple.clone()]);
        }
        args
    }

    fn binary(&self, name: &str) -> PathBuf {
        let mut path = self.target.clone();
        path.extend(&self.triple);
        path.join(&self.profile).join(format!("{name}{EXE_SUFFIX}"))
    }
}

fn configured_target() -> PathBuf {
    let name = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    project::workspace_root().join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(executable: &str, args: &str, binary: &str) {
        let layout = Layout::of(Path::new("/t"), Path::new(executable));
        let found: Vec<_> = layout.cargo_args().iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
        assert_eq!(found.join(" "), args);
        assert_eq!(layout.binary("dpo"), Path::new(binary));
    }

    #[test]
    fn the_profile_and_the_triple_come_from_the_path_of_the_test() {
        check("/t/debug/deps/x-1", "--target-dir /t --profile dev", "/t/debug/dpo");
        check("/t/release/deps/x-1", "--target-dir /t --profile release", "/t/release/dpo");
        check(
            "/t/x86_64-unknown-linux-gnu/slow/deps/x-1",
            "--target-dir /t --profile slow --target x86_64-unknown-linux-gnu",
            "/t/x86_64-unknown-linux-gnu/slow/dpo",
        );
        check("/tmp/doctest/rust_out", "--target-dir /t --profile dev", "/t/debug/dpo");
    }
}
