//! The reference app's entities and its migrations.

use std::path::Path;

use migrate_core::author::{Project, entities::entities};
use migrate_core::config::Config;
use migrate_core::dialect;
use migrate_core::entity::lower::lower;
use migrate_core::entity::scan::{Package, Request, Scan, scan};
use migrate_core::fold::Settings;
use migrate_core::meta::Entity as _;
use migrate_test_support::project::workspace_root;

fn scanned() -> Scan {
    let package = Package::conventional(Path::new(&workspace_root()));
    let found = scan(&Request { packages: vec![package], ..Request::default() });
    assert_eq!((found.problems.as_slice(), found.warnings.as_slice()), (&[][..], &[][..]));
    found
}

#[test]
fn the_scan_and_the_compiler_agree() {
    // Promise: what the build reads of an entity without compiling is what the derive makes of it.
    let tables: Vec<String> = scanned().entities.iter().map(migrate_core::entity::scan::Entity::table).collect();
    let derived = [
        dpo::entities::Execution::TABLE,
        dpo::entities::ExecutionStep::TABLE,
        dpo::entities::ExecutionStepModel::TABLE,
    ];
    assert_eq!(tables, derived);
    for (entity, columns) in scanned().entities.iter().zip([
        dpo::entities::Execution::COLUMNS,
        dpo::entities::ExecutionStep::COLUMNS,
        dpo::entities::ExecutionStepModel::COLUMNS,
    ]) {
        let names: Vec<&str> = entity.def.fields.iter().map(|field| field.column.as_str()).collect();
        assert_eq!(names, columns);
    }
}

#[test]
fn the_entities_are_what_the_migrations_make() {
    // Promise: on both databases the schema that the structs describe is the one at head, and nothing is told of it.
    let config = Config::read(&workspace_root().join("migrate.toml"), "migrate").expect("the app's migrate.toml");
    let project = Project::read(&config).expect("the app's revisions");
    let found = scanned();
    for syntax in &config.dialects {
        let all = project.graph().with_ancestors(project.graph().heads());
        let before = project.fold(syntax, None, &all).expect("they fold").schema;
        let dialect = dialect::named(syntax.name).expect("it is one");
        let lowered = lower(&found, syntax.name);
        let settings = Settings { version: None, search_path: vec!["public".to_owned()] };
        let after = entities(&lowered, dialect, &settings, &before);
        assert_eq!(after.faults, []);
        assert_eq!(after.tables.len(), 3);
        let differences = dialect.compare(&before, &after.schema);
        assert!(differences.is_empty(), "{}: {differences:#?}", syntax.name);
    }
}
