//! Embeds the revision files.

fn main() {
    migrate_core::build::embed();
}
