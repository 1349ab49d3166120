//! The thin binary around [`migrate_cli`].
fn main() {}
