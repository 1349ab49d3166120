//! Plans as scripts for psql.

use super::transaction::{Create, Owner, Transaction, starting_settings};
use super::{Server, WORDS};
use crate::runtime::offline::Shell;
use crate::runtime::table::Table;
use crate::runtime::{Part, Settings};

/// psql.
#[derive(Clone, Copy, Debug)]
pub struct Psql;

impl Psql {
    fn server(settings: &Settings) -> Server {
        let first = settings.search_path.first().map_or("public", AsRef::as_ref);
        let schema = settings.version_table_schema.as_deref().unwrap_or(first).to_owned();
        Server { version: 0, notices_lost_clients: false, schema }
    }

    fn table(settings: &Settings) -> Table {
        Table::new(Some(&Self::server(settings).schema), &settings.version_table, &WORDS)
    }
}

impl Shell for Psql {
    fn preamble(&self, settings: &Settings) -> String {
        format!("\\set ON_ERROR_STOP on\n\n{};\n", Self::table(settings).create())
    }

    fn transaction(&self, settings: &Settings, part: &Part<'_>) -> String {
        let (server, table) = (Self::server(settings), Self::table(settings));
        let parts = std::slice::from_ref(part);
        let transaction = Transaction::new(&server, settings, &table, parts, &Owner::Migrator, Create::Nothing);
        transaction.pieces.iter().map(|(_, sql)| format!("{sql}\n;\n")).collect()
    }

    fn outside(&self, settings: &Settings, part: &Part<'_>) -> String {
        let mut text = String::new();
        let mut add = |sql: &str| text.push_str(&format!("{sql}\n;\n"));
        starting_settings(&Self::server(settings), settings, "SET").iter().for_each(|setting| add(setting));
        part.session.iter().chain(&part.statements).for_each(|item| add(item.sql));
        add("RESET ALL");
        text
    }
}
