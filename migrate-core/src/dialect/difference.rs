//! What two schemas differ in.

/// Something in which two schemas differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The object, by its kind and name: `table job`, `index job_state`, `column job.state`.
    pub object: String,
    /// What of it differs: `the default`; empty for the object as a whole.
    pub what: String,
    /// What it is before, `None` where it is not there.
    pub before: Option<String>,
    /// What it is after, `None` where it is not there.
    pub after: Option<String>,
    /// Whether it does differ, or cannot be told; never [`Verdict::Equal`].
    pub verdict: Verdict,
}

impl Difference {
    /// What differs where only the order of a table's columns does.
    pub const ORDER: &'static str = "the order of the columns";
    /// What differs where an index or key still calls its columns by their former names.
    pub const OWN_COLUMNS: &'static str = "the list of the index's own columns";

    /// Returns whether it is about what no schema says and no statement changes: the order of a table's columns, and
    /// the names that an index keeps when its columns get others.
    pub fn is_cosmetic(&self) -> bool {
        self.what == Self::ORDER || self.what == Self::OWN_COLUMNS
    }

    /// Returns the difference as a sentence without its object, with names for the two sides.
    ///
    /// ```
    /// use migrate_core::dialect::{Difference, Verdict};
    ///
    /// let difference = Difference {
    ///     object: "column job.state".into(),
    ///     what: "the default".into(),
    ///     before: Some("`1`".into()),
    ///     after: None,
    ///     verdict: Verdict::Different("the default differs".into()),
    /// };
    /// assert_eq!(
    ///     difference.sentence("in the migrations", "in the database"),
    ///     "the default is `1` in the migrations and missing in the database"
    /// );
    /// ```
    pub fn sentence(&self, before: &str, after: &str) -> String {
        let subject = if self.what.is_empty() { String::new() } else { format!("{} ", self.what) };
        match (&self.before, &self.after) {
            (Some(one), Some(other)) => format!("{subject}is {one} {before} and {other} {after}"),
            (Some(one), None) if one.is_empty() => format!("{subject}is there {before} and missing {after}"),
            (None, Some(other)) if other.is_empty() => format!("{subject}is there {after} and missing {before}"),
            (Some(one), None) => format!("{subject}is {one} {before} and missing {after}"),
            (None, Some(other)) => format!("{subject}is missing {before} and {other} {after}"),
            (None, None) => format!("{subject}cannot be told"),
        }
    }
}

/// Whether two texts of SQL mean the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They do.
    Equal,
    /// They do not, and why.
    Different(String),
    /// It cannot be told from the texts, and why; the texts themselves differ.
    Skip(String),
}
