//! The grammar of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Schema migrations as plain SQL files in a revision graph.
#[derive(Debug, Parser)]
#[command(name = "migrate-cli", version, disable_help_subcommand = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 a difference or a pending change was found, 2 usage, 3 the project is wrong, \
                        4 the database failed or was refused."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The project's migrate.toml [default: $MIGRATE_CONFIG, else the closest one from here upwards]
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The section of migrate.toml
    #[arg(short, long, value_name = "SECTION", default_value = "migrate")]
    pub(crate) name: String,
    /// A value for ${x:KEY} in migrate.toml, or the database's URL
    #[arg(short = 'x', global = true, value_name = "KEY=VALUE|URL", allow_hyphen_values = true)]
    pub(crate) x: Vec<String>,
    /// The database: a URL, or libpq's key=value text
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Print results and errors only
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Print more
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// Print results, and errors, as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Colour errors
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write migrate.toml, a folder for the revisions and a build script
    Init(Init),
    /// Run the revisions up to a target
    Upgrade(Upgrade),
    /// Run the way back down to a target
    Downgrade(Downgrade),
    /// Show where the database is
    Current(Current),
    /// List the revisions, the newest first
    History(History),
    /// List the heads
    Heads(Heads),
    /// Show a revision
    Show(Show),
    /// Write the version table without running anything
    Stamp(Stamp),
    /// Make a new revision file
    Revision(Revision),
    /// Fold every revision up and down, or compare the database with them
    Check(Check),
    /// Compare two schemas
    Diff(Diff),
    /// Print the schema that the revisions make
    Schema(Schema),
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// A database that the project is for, sqlite or postgres; may be repeated [default: that of -x or --url, else
    /// sqlite]
    #[arg(long, value_name = "NAME")]
    pub(crate) dialect: Vec<String>,
}

const TARGETS: &str = "Targets: an id or the beginning of one, a branch label, head, heads, base, +N, -N, \
                       X+N, X-N, LABEL@head, LABEL@base";

#[derive(Debug, Args)]
#[command(after_help = TARGETS)]
pub(crate) struct Upgrade {
    /// The target
    #[arg(value_name = "REV", default_value = "head", allow_negative_numbers = true)]
    pub(crate) target: String,
    /// Show what would run
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How long to wait for another migrator, as in 30s or 10m [default: lock_wait of migrate.toml]
    #[arg(long, value_name = "TIME")]
    pub(crate) timeout: Option<String>,
    /// Go on although applied revisions were edited
    #[arg(long)]
    pub(crate) allow_edited: bool,
    /// Print the script instead of running it; REV may be FROM:TO
    #[arg(long, conflicts_with_all = ["dry_run", "timeout", "allow_edited"])]
    pub(crate) sql: bool,
}

#[derive(Debug, Args)]
#[command(after_help = TARGETS)]
pub(crate) struct Downgrade {
    /// The target; what is above it goes
    #[arg(value_name = "REV", allow_negative_numbers = true)]
    pub(crate) target: String,
    /// Show what would run
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How long to wait for another migrator, as in 30s or 10m [default: lock_wait of migrate.toml]
    #[arg(long, value_name = "TIME")]
    pub(crate) timeout: Option<String>,
    /// Print the script instead of running it; REV is FROM:TO
    #[arg(long, conflicts_with_all = ["dry_run", "timeout"])]
    pub(crate) sql: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Current {
    /// Exit with 1 unless the database is at every head
    #[arg(long)]
    pub(crate) check_heads: bool,
}

#[derive(Debug, Args)]
pub(crate) struct History {
    /// From one revision to another, both included: A:B, A:, :B; also -2:B, A:+2, current:
    #[arg(short, long, value_name = "A:B", allow_hyphen_values = true)]
    pub(crate) rev_range: Option<String>,
    /// Mark where the database is
    #[arg(short, long)]
    pub(crate) indicate_current: bool,
    /// Print the newest N only
    #[arg(short = 'n', long = "limit", value_name = "N")]
    pub(crate) limit: Option<usize>,
}

#[derive(Debug, Args)]
pub(crate) struct Heads {
    /// Only those that no revision depends on
    #[arg(long)]
    pub(crate) resolve_dependencies: bool,
}

#[derive(Debug, Args)]
#[command(after_help = TARGETS)]
pub(crate) struct Show {
    /// The revision
    #[arg(value_name = "REV", allow_negative_numbers = true)]
    pub(crate) target: String,
}

#[derive(Debug, Args)]
#[command(after_help = TARGETS)]
pub(crate) struct Stamp {
    /// The revisions that the database is at
    #[arg(value_name = "REV", required = true, allow_negative_numbers = true)]
    pub(crate) targets: Vec<String>,
    /// Forget revisions that no file has
    #[arg(long)]
    pub(crate) purge: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Revision {
    /// What the revision does
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
    /// The revision that it revises, `base` for none; several for a merge
    #[arg(long, value_name = "REV")]
    pub(crate) head: Vec<String>,
    /// Allow a parent that is no head: a new branch begins there
    #[arg(long)]
    pub(crate) splice: bool,
    /// A name for its branch
    #[arg(long, value_name = "LABEL")]
    pub(crate) branch_label: Vec<String>,
    /// The folder of its file, one of version_locations
    #[arg(long, value_name = "FOLDER")]
    pub(crate) version_path: Option<PathBuf>,
    /// Its id, instead of a random one
    #[arg(long, value_name = "ID")]
    pub(crate) rev_id: Option<String>,
    /// A revision or label that must be applied before
    #[arg(long, value_name = "REV")]
    pub(crate) depends_on: Vec<String>,
    /// Write what leads from the migrations to the entities
    #[arg(long)]
    pub(crate) autogenerate: bool,
    /// A table or column of the entities that had another name
    #[arg(long, value_name = "OLD=NEW", requires = "autogenerate")]
    pub(crate) rename: Vec<String>,
    /// A table or column that goes, with its data
    #[arg(long, value_name = "NAME", requires = "autogenerate")]
    pub(crate) drop: Vec<String>,
    /// What rows get in a column
    #[arg(long, value_name = "COLUMN=SQL", requires = "autogenerate")]
    pub(crate) backfill: Vec<String>,
    /// Write a file although there is nothing to do
    #[arg(long, requires = "autogenerate")]
    pub(crate) allow_empty: bool,
    /// Print the file instead of writing it
    #[arg(long)]
    pub(crate) sql: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Compare the database with the revisions that it has: its schema, their checksums
    #[arg(long)]
    pub(crate) database: bool,
}

const SOURCES: &str = "Sources: a target (an id or the beginning of one, a branch label, head, heads, base, …), \
                       file:PATH with DDL, database";

#[derive(Debug, Args)]
#[command(after_help = SOURCES)]
pub(crate) struct Diff {
    /// The schema before
    #[arg(value_name = "A", allow_negative_numbers = true)]
    pub(crate) before: String,
    /// The schema after
    #[arg(value_name = "B", allow_negative_numbers = true)]
    pub(crate) after: String,
    /// The dialect whose sections are read [default: the database's, else the first in migrate.toml]
    #[arg(long, value_name = "NAME")]
    pub(crate) dialect: Option<String>,
    /// The server's major version, where names or clauses depend on it [default: the database's, else the dialect's]
    #[arg(long, value_name = "N")]
    pub(crate) server_version: Option<u32>,
    /// Exit with 1 if they differ
    #[arg(long)]
    pub(crate) exit_code: bool,
}

#[derive(Debug, Args)]
#[command(after_help = TARGETS)]
pub(crate) struct Schema {
    /// The revision
    #[arg(value_name = "REV", default_value = "head", allow_negative_numbers = true)]
    pub(crate) target: String,
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "sql")]
    pub(crate) format: Format,
    /// The database's own schema instead
    #[arg(long, conflicts_with = "target")]
    pub(crate) database: bool,
    /// The dialect whose sections are read [default: the database's, else the first in migrate.toml]
    #[arg(long, value_name = "NAME")]
    pub(crate) dialect: Option<String>,
    /// The server's major version, where names or clauses depend on it [default: the database's, else the dialect's]
    #[arg(long, value_name = "N")]
    pub(crate) server_version: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Sql,
    Json,
}
