//! What the tests of this workspace share: a throwaway PostgreSQL cluster, scratch projects, the workspace's own
//! binaries and a hermetic way to run programs.
//!
//! Everything here panics with a message that says what to do, at the line of the test that asked: a test has no use
//! for a `Result` that it can only unwrap. Nothing here skips a test, and nothing here knows the product: this crate
//! depends on no other member of the workspace. Unix only.
//!
//! | variable | effect |
//! | --- | --- |
//! | `MIGRATE_TEST_POSTGRES_URL` | a superuser's URL: use that server instead of starting one |
//! | `MIGRATE_TEST_PG_BIN` | the folder of the PostgreSQL binaries to start and to call |

mod binary;
mod command;
pub mod postgres;
pub mod project;

pub use binary::binary;
pub use command::{Output2, hermetic, run};

use std::fmt::Display;

/// Returns the value, or panics at the caller's line with "cannot {what}: {error}".
#[track_caller]
fn must<T, E: Display>(result: Result<T, E>, what: impl Display) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("cannot {what}: {error}"),
    }
}
