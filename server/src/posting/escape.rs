//! Text of any length and origin as it may stand in a comment: what a forge could act on is inert, what is
//! hidden is visible, and what is too long is cut with a sign.
//!
//! The escapes themselves are those of the reports.

use std::borrow::Cow;

pub(crate) use analyzers::report::escape::{code, fenced, html_code, prose};
use analyzers::report::visible;

/// `text` within a number of characters; `…` where something is left out.
pub(crate) fn clip(text: &str, characters: usize) -> Cow<'_, str> {
    match text.char_indices().nth(characters) {
        None => Cow::Borrowed(text),
        Some(_) => {
            let kept: String = text.chars().take(characters.saturating_sub(1)).collect();
            Cow::Owned(format!("{}…", kept.trim_end()))
        }
    }
}

/// One line of plain text, for fields in which no markup is read.
pub(crate) fn plain_line(text: &str, characters: usize) -> String {
    clip(visible::line(text).trim(), characters).into_owned()
}

/// Plain text with its line ends, for fields in which no markup is read.
pub(crate) fn plain_lines(text: &str, characters: usize) -> String {
    clip(visible::lines(text).trim(), characters).into_owned()
}

/// Parts put together for as long as they fit. What does not fit is left out whole, and counted.
#[derive(Debug, Default)]
pub(crate) struct Composer {
    text: String,
    bytes: usize,
    left_out: usize,
}

impl Composer {
    /// An empty text that may grow to a number of bytes.
    pub(crate) fn within(bytes: usize) -> Self {
        Self { bytes, ..Self::default() }
    }

    /// Appends a part if it fits.
    pub(crate) fn push(&mut self, part: &str) {
        match self.text.len() + part.len() <= self.bytes {
            true => self.text.push_str(part),
            false => self.left_out += 1,
        }
    }

    /// The text, with a last line about what was left out.
    pub(crate) fn finish(mut self, about: fn(usize) -> String) -> String {
        if self.left_out > 0 {
            self.text.push_str(&format!("\n{}\n", about(self.left_out)));
        }
        self.text
    }
}
