//! Byte offsets to lines and columns in characters.

/// The line starts of a text.
#[derive(Clone, Debug)]
pub struct Positions<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Positions<'t> {
    /// Reads where the lines of a text begin.
    pub fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// Returns the line and the column, both from 1, of a byte offset; the column counts characters.
    ///
    /// An offset past the end is the end's, one inside a character is that character's. A byte order mark at the
    /// beginning of the text is no character of its first line.
    pub fn at(&self, offset: usize) -> (u32, u32) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset);
        let before = &self.text[self.starts[line - 1]..offset];
        let before = if line == 1 { before.strip_prefix('\u{feff}').unwrap_or(before) } else { before };
        (to_u32(line), to_u32(before.chars().count() + 1))
    }

    /// Begins to ask for offsets in ascending order, which costs the text once, however long its lines are.
    pub fn walk(&self) -> Walk<'_, 't> {
        Walk { positions: self, offset: 0, last: (1, 1) }
    }
}

/// Positions of offsets in ascending order.
#[derive(Clone, Debug)]
pub struct Walk<'p, 't> {
    positions: &'p Positions<'t>,
    offset: usize,
    last: (u32, u32),
}

impl Walk<'_, '_> {
    /// Returns the line and the column of an offset that is a character's first and after the one before.
    pub fn at(&mut self, offset: usize) -> (u32, u32) {
        let line = to_u32(self.positions.starts.partition_point(|start| *start <= offset));
        self.last = if line == self.last.0 && self.offset > 0 {
            advance(self.last, &self.positions.text[self.offset..offset], usize::MAX)
        } else {
            self.positions.at(offset)
        };
        self.offset = offset;
        self.last
    }
}

/// Returns the line and the column of a character inside a text that itself begins at `start`.
///
/// `characters` counts from 0, as the databases count inside a statement.
pub(crate) fn advance(start: (u32, u32), text: &str, characters: usize) -> (u32, u32) {
    let (mut line, mut column) = start;
    for character in text.chars().take(characters) {
        if character == '\n' {
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    (line, column)
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_crlf_ends_a_line() {
        let text = "\u{feff}ä1\r\n€uro\n\n𝄞x";
        let positions = Positions::new(text);
        let check = |needle: &str, expect: (u32, u32)| assert_eq!(positions.at(text.find(needle).unwrap()), expect);
        check("ä", (1, 1));
        check("1", (1, 2));
        check("€", (2, 1));
        check("uro", (2, 2));
        check("x", (4, 2));
        assert_eq!(positions.at(99), (4, 3));
        assert_eq!(positions.at(text.find('€').unwrap() + 1), (2, 1), "inside a character");
    }

    #[test]
    fn advancing_inside_a_statement() {
        assert_eq!(advance((3, 5), "a\nbü c", 5), (4, 4));
        assert_eq!(advance((3, 5), "a", 0), (3, 5));
    }
}
