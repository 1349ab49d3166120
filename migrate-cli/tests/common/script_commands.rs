//! The script of commands that every project of three revisions passes: up with rows, back, and up again.

use std::collections::BTreeMap;

use super::script_cli::Cli;
use super::script_db::Db;

/// A project of three revisions in a line.
pub(crate) struct Story<'a> {
    pub(crate) ids: [&'a str; 3],
    pub(crate) messages: [&'a str; 3],
    /// The version table, as [`Db::contents`] calls it.
    pub(crate) version_table: &'a str,
    /// Inserts rows at the first revision.
    pub(crate) insert: &'a dyn Fn(&Db),
    /// Changes rows at head in a way that a downgrade keeps.
    pub(crate) work: &'a dyn Fn(&Db),
    /// Checks rows and names: the number of revisions applied, and whether `work` was done.
    pub(crate) check: &'a dyn Fn(&Db, usize, bool),
}

impl Story<'_> {
    fn up(&self, n: usize) -> String {
        let below = if n == 0 { "" } else { self.ids[n - 1] };
        format!("Running upgrade {below} -> {}, {}\n", self.ids[n], self.messages[n])
    }

    fn down(&self, n: usize) -> String {
        let below = if n == 0 { "" } else { self.ids[n - 1] };
        format!("Running downgrade {} -> {below}, {}\n", self.ids[n], self.messages[n])
    }

    /// Returns schema and rows, but for the version table's rows, which hold times, and for the quotes that SQLite puts
    /// around a name when it renames a table.
    fn stage(&self, db: &Db) -> (String, BTreeMap<String, String>) {
        let mut contents = db.contents();
        contents.remove(self.version_table).expect("the version table is there");
        let schema = db.schema();
        (if db.is_postgres() { schema } else { schema.replace('"', "") }, contents)
    }

    /// Runs the script: each command's streams and exit code, and at each stage the schema and the rows.
    #[track_caller]
    pub(crate) fn run(&self, cli: &Cli, db: &Db) {
        let [first, second, head] = self.ids;
        let [initial, renamed, last] = self.messages;
        let up = |line: &str, stderr: &str| cli.expect(&format!("-c migrate.toml -x $URL {line}"), 0, "", stderr);
        let current = |stdout: &str, stderr: &str| cli.expect("-c migrate.toml -x $URL current", 0, stdout, stderr);

        current("", &format!("Pending: {first}, {second}, {head}\n"));
        up(&format!("upgrade {first}"), &self.up(0));
        (self.insert)(db);
        (self.check)(db, 1, false);
        let at_first = self.stage(db);
        current(&format!("{first}\n"), &format!("Pending: {second}, {head}\n"));

        up("upgrade head", &format!("{}{}", self.up(1), self.up(2)));
        (self.check)(db, 3, false);
        let schema_at_head = self.stage(db).0;
        up("upgrade head", &format!("The database is at head: {head}\n"));
        current(&format!("{head} (head)\n"), "");
        let history = format!(
            "{second} -> {head} (head), {last}\n{first} -> {second}, {renamed}\n<base> -> {first}, {initial}\n"
        );
        cli.expect("-c migrate.toml -x $URL history", 0, &history, "");

        up("downgrade -1", &self.down(2));
        (self.check)(db, 2, false);
        let at_second = self.stage(db);
        current(&format!("{second}\n"), &format!("Pending: {head}\n"));

        up(&format!("downgrade {first}"), &self.down(1));
        (self.check)(db, 1, false);
        assert_eq!(self.stage(db), at_first, "back at the first revision");
        current(&format!("{first}\n"), &format!("Pending: {second}, {head}\n"));

        // Up again with the rows that came back, and down the whole way at once.
        up("upgrade head", &format!("{}{}", self.up(1), self.up(2)));
        (self.check)(db, 3, false);
        assert_eq!(self.stage(db).0, schema_at_head, "at head again");
        (self.work)(db);
        (self.check)(db, 3, true);
        up("downgrade -1", &self.down(2));
        (self.check)(db, 2, true);
        assert_eq!(self.stage(db).0, at_second.0, "back at the second revision");
        up("downgrade base", &format!("{}{}", self.down(1), self.down(0)));
        current("", &format!("Pending: {first}, {second}, {head}\n"));
        let (at_base, rows) = self.stage(db);
        assert_eq!(rows, BTreeMap::new());

        // The same again: nothing of the first time is in the way.
        up("upgrade +1", &self.up(0));
        (self.insert)(db);
        (self.check)(db, 1, false);
        assert_eq!(self.stage(db), at_first, "at the first revision again");
        up("upgrade +1", &self.up(1));
        assert_eq!(self.stage(db), at_second, "at the second revision again");
        up("upgrade +1", &self.up(2));
        (self.check)(db, 3, false);
        assert_eq!(self.stage(db).0, schema_at_head, "at head again");
        up("downgrade base", &format!("{}{}{}", self.down(2), self.down(1), self.down(0)));
        assert_eq!(self.stage(db), (at_base, BTreeMap::new()), "at base again");
        up("downgrade base", "Nothing to do: nothing above base is applied\n");
    }
}
