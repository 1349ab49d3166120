//! Where a project's entities are.

use std::path::Path;

use crate::config::Config;
use crate::entity::scan::{Facts, Package, Request, Scan, scan};

/// Looks for the entities of a project: those of one package, and of the packages that `entities` names.
pub fn look(config: &Config, package: &Path, facts: Facts) -> Scan {
    let mut packages = vec![Package::conventional(package)];
    for path in config.entities.iter().flatten() {
        let folder = path.ancestors().find(|folder| folder.join("Cargo.toml").is_file());
        let Some(folder) = folder else { continue };
        if !packages.iter().any(|known| same(&known.folder, folder)) {
            packages.push(Package::conventional(folder));
        }
    }
    scan(&Request { packages, within: config.entities.clone(), facts })
}

fn same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| Path::new(".").join(path).canonicalize().ok();
    whole(one) == whole(other)
}
