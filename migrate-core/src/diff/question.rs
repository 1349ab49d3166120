//! What only the author knows.

use std::fmt;

use crate::schema::ObjectName;

/// Something that has to be answered before a revision can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// A table or column that went and one that came may be the same.
    Renamed {
        /// The table, where it is about columns.
        table: Option<ObjectName>,
        /// What went.
        old: String,
        /// What came, one of which it may be.
        new: Vec<String>,
    },
    /// Rows that are there need a value.
    Value {
        /// The table.
        table: ObjectName,
        /// The column that is NOT NULL.
        column: String,
    },
    /// Values of a type do not become those of another by themselves.
    Using {
        /// The table.
        table: ObjectName,
        /// The column.
        column: String,
        /// Its type.
        from: String,
        /// Its new type.
        to: String,
    },
    /// What goes is used by something that stays.
    InUse {
        /// What goes.
        object: String,
        /// What uses it.
        by: Vec<String>,
    },
    /// A flag that answers nothing.
    Unused {
        /// The flag.
        flag: String,
    },
    /// Differences that no operation makes away with.
    Unsupported(Vec<String>),
}

impl Question {
    /// Returns the flags that answer it, as they are typed; empty where something else has to be changed.
    pub fn flags(&self) -> Vec<String> {
        let place = |table: &Option<ObjectName>, name: &str| match table {
            Some(table) => format!("{table}.{name}"),
            None => name.to_owned(),
        };
        match self {
            Self::Renamed { table, old, new } => {
                let renames = new.iter().map(|new| format!("--rename {}={new}", place(table, old)));
                renames.chain([format!("--drop {}", place(table, old))]).collect()
            }
            Self::Value { table, column } | Self::Using { table, column, .. } => {
                vec![format!("--backfill '{table}.{column}=<expression>'")]
            }
            Self::InUse { .. } | Self::Unused { .. } | Self::Unsupported(_) => Vec::new(),
        }
    }
}

impl fmt::Display for Question {
    /// Writes what is asked; [`Question::flags`] is how it is answered.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Renamed { table: Some(table), old, new } => {
                write!(f, "column {table}.{old} went and {} of its type came: is it the same?", new.join(", "))
            }
            Self::Renamed { table: None, old, new } => {
                write!(f, "table {old} went and {} with the same columns came: is it the same?", new.join(", "))
            }
            Self::Value { table, column } => {
                write!(f, "column {table}.{column} is NOT NULL and has no default: what do the rows get?")
            }
            Self::Using { table, column, from, to } => {
                write!(f, "the values of column {table}.{column} do not become {to} from {from} by themselves: how?")
            }
            Self::InUse { object, by } => write!(f, "{object} goes, and is used by {}", by.join(", ")),
            Self::Unused { flag } => write!(f, "`{flag}` answers nothing"),
            Self::Unsupported(left) => {
                write!(f, "these differences have to be written by hand: {}", left.join("; "))
            }
        }
    }
}
