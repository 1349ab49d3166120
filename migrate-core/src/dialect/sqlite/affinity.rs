//! What a declared type means.

/// What SQLite makes of the values of a column. See <https://sqlite.org/datatype3.html#determination_of_column_affinity>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Affinity {
    /// They stay as they are.
    Blob,
    /// Numbers become text.
    Text,
    /// Text becomes a number where it is one.
    Numeric,
    /// The same; only a CAST tells them apart.
    Integer,
    /// The same, and whole numbers are kept as such only on disk.
    Real,
}

impl Affinity {
    /// Returns the affinity of a declared type.
    ///
    /// ```
    /// use migrate_core::dialect::sqlite::Affinity;
    ///
    /// assert_eq!(Affinity::of("varchar(10)"), Affinity::Text);
    /// assert_eq!(Affinity::of("FLOATING POINT"), Affinity::Integer);
    /// ```
    pub fn of(ty: &str) -> Self {
        let upper = ty.to_ascii_uppercase();
        let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
        if upper.contains("INT") {
            Self::Integer
        } else if has(&["CHAR", "CLOB", "TEXT"]) {
            Self::Text
        } else if upper.is_empty() || upper.contains("BLOB") {
            Self::Blob
        } else if has(&["REAL", "FLOA", "DOUB"]) {
            Self::Real
        } else {
            Self::Numeric
        }
    }
}
