//! The reference app.

migrate_core::embed!();

fn main() -> Result<(), migrate_core::Error> {
    let mut db = migrate_core::sqlite::connect("sqlite:///dpo.db")?;
    let report = MIGRATIONS.upgrade_with(&mut db, "head", &mut |event| println!("{event}"))?;
    println!("at head: {}", report.heads.join(", "));
    let history = MIGRATIONS.history("sqlite")?;
    if std::env::args().any(|a| a == "down") {
        let migrator = migrate_core::Migrator::new(&history, MIGRATIONS.settings());
        let t = migrate_core::revision::Target::parse("base")?;
        migrator.downgrade(&mut db, &t, &mut |event| println!("{event}"))?;
    }
    Ok(())
}
