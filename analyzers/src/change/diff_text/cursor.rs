//! Walks over the lines of a text once, with the number of the line at hand.
//!
//! Copying a cursor is cheap: a copy looks ahead.

use memchr::memchr;

/// A place between two lines of a text.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    line: Option<&'a [u8]>,
    rest: &'a [u8],
    number: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        let mut cursor = Self { line: None, rest: text, number: 0 };
        cursor.advance();
        cursor
    }

    /// The line at hand without its line feed; `None` at the end.
    pub(super) fn line(&self) -> Option<&'a [u8]> {
        self.line
    }

    /// Its number, from 1; at the end, the number that a further line would have.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// How many bytes follow the line at hand.
    pub(super) fn bytes_left(&self) -> usize {
        self.rest.len()
    }

    /// Goes to the next line.
    pub(super) fn advance(&mut self) {
        self.number += 1;
        self.line = (!self.rest.is_empty()).then(|| match memchr(b'\n', self.rest) {
            Some(end) => {
                let line = &self.rest[..end];
                self.rest = &self.rest[end + 1..];
                line
            }
            None => std::mem::take(&mut self.rest),
        });
    }

    /// The line after the line at hand.
    pub(super) fn next_line(mut self) -> Option<&'a [u8]> {
        self.advance();
        self.line
    }
}
