//! Compares the entities with the revision files, and embeds these.

fn main() {
    migrate_core::build::check();
}
