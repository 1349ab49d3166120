//! SQLite's URLs.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Where a SQLite database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    path: Option<PathBuf>,
    /// The other file that the URL may mean: `sqlite:///x` is `/x` to some tools.
    other: Option<PathBuf>,
}

impl Location {
    /// Reads a URL: `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite://file.db`, `sqlite::memory:`.
    ///
    /// # Errors
    ///
    /// A URL of another kind, without a path, or with a parameter.
    ///
    /// ```
    /// use migrate_core::sqlite::Location;
    /// use std::path::Path;
    /// assert_eq!(Location::parse("sqlite:///dpo.db")?.path(), Some(Path::new("dpo.db")));
    /// assert_eq!(Location::parse("sqlite:////var/dpo.db")?.path(), Some(Path::new("/var/dpo.db")));
    /// # Ok::<(), migrate_core::Error>(())
    /// ```
    pub fn parse(url: &str) -> Result<Self> {
        let bad = |reason: &str| {
            // A parameter may be a key.
            let shown = url.split('?').next().unwrap_or_default();
            Error::usage(format!("`{shown}` is no SQLite URL: {reason}"))
                .hint("write sqlite:///relative.db, sqlite:////absolute.db or sqlite::memory:")
        };
        let Some(rest) = url.strip_prefix("sqlite:") else { return Err(bad("it does not begin with `sqlite:`")) };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            if !matches!(parameter, "mode=rwc" | "mode=rw") {
                let key = parameter.split('=').next().unwrap_or_default();
                return Err(bad(&format!("the parameter `{key}` is not supported")));
            }
        }
        let (path, three) = match (rest.strip_prefix("///"), rest.strip_prefix("//")) {
            (Some(path), _) => (path, true),
            (None, Some(path)) => (path, false),
            (None, None) => (rest, false),
        };
        match path {
            ":memory:" => Ok(Self { path: None, other: None }),
            "" => Err(bad("it names no file; was a variable empty?")),
            _ => {
                let other = (three && !path.starts_with('/')).then(|| PathBuf::from(format!("/{path}")));
                Ok(Self { path: Some(PathBuf::from(path)), other })
            }
        }
    }

    /// Makes a relative path relative to a folder.
    #[must_use]
    pub fn in_folder(mut self, folder: &Path) -> Self {
        if !folder.as_os_str().is_empty() {
            self.path = self.path.map(|path| folder.join(path));
        }
        self
    }

    /// Returns the file, `None` for a database in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Refuses `sqlite:///x` where `x` is no file and `/x` is one.
    pub(super) fn check_spelling(&self) -> Result<()> {
        let (Some(path), Some(other)) = (&self.path, &self.other) else { return Ok(()) };
        if path.exists() || !other.is_file() {
            return Ok(());
        }
        Err(Error::usage(format!(
            "the URL names {}, which does not exist, and {} does",
            path.display(),
            other.display()
        ))
        .hint(format!("for the absolute file write sqlite:///{}", other.display()))
        .hint(format!("for the relative one write sqlite://{}", path.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let check = |url: &str, expect: Option<&str>| {
            assert_eq!(Location::parse(url).expect(url).path(), expect.map(Path::new), "{url}");
        };
        check("sqlite:///a.db", Some("a.db"));
        check("sqlite:////a/b.db", Some("/a/b.db"));
        check("sqlite://a.db", Some("a.db"));
        check("sqlite:a.db", Some("a.db"));
        check("sqlite:///a b%.db?mode=rwc", Some("a b%.db"));
        check("sqlite::memory:", None);
        check("sqlite:///:memory:", None);
        let fails = |url: &str| assert!(Location::parse(url).is_err(), "{url}");
        fails("sqlite:///");
        fails("sqlite:");
        fails("postgres://x");
        fails("sqlite:///a.db?cache=shared");
        let inside = Location::parse("sqlite:///a.db").unwrap().in_folder(Path::new("f"));
        assert_eq!(inside.path(), Some(Path::new("f/a.db")));
        let absolute = Location::parse("sqlite:////a.db").unwrap().in_folder(Path::new("f"));
        assert_eq!(absolute.path(), Some(Path::new("/a.db")));
    }
}
