//! Places in a struct that hold whatever the parser reads it from: macro, build script or command line.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use proc_macro2::Span;

/// A place in a struct: the struct, a field, or something that an attribute says.
///
/// It has no line: the build script writes it, and the macro finds the same place in the tokens that it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The field; empty for the struct.
    pub field: String,
    /// The key in its attributes; empty for the field or struct itself.
    pub key: String,
    /// Which of those with this key, from 0.
    pub number: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.field, self.key, self.number)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('/');
        let (Some(field), Some(key), Some(number), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(());
        };
        Ok(Self { field: field.to_owned(), key: key.to_owned(), number: number.parse().map_err(|_| ())? })
    }
}

/// Where the places of a struct are.
#[derive(Clone, Debug, Default)]
pub struct Places(BTreeMap<Place, Span>);

impl Places {
    /// Notes a further place of a key.
    pub(super) fn add(&mut self, field: &str, key: &str, span: Span) -> Place {
        let mut place = Place { field: field.to_owned(), key: key.to_owned(), number: 0 };
        while self.0.contains_key(&place) {
            place.number += 1;
        }
        self.0.insert(place.clone(), span);
        place
    }

    /// Returns where a place is; of one that is not there, where its field or its struct is.
    ///
    /// A field may be missing in one reading: what `cfg` leaves out of a build.
    pub fn span(&self, place: &Place) -> Span {
        let field = Place { field: place.field.clone(), ..Place::default() };
        let found = [place, &field, &Place::default()].into_iter().find_map(|place| self.0.get(place));
        found.copied().unwrap_or_else(Span::call_site)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_text_and_back() {
        // Promise: what the build script writes is the place that the macro finds.
        for text in ["//0", "status//0", "status/default/0", "/index/2"] {
            assert_eq!(text.parse::<Place>().expect(text).to_string(), text);
        }
        assert!("status".parse::<Place>().is_err() && "a/b/c".parse::<Place>().is_err());
    }
}
