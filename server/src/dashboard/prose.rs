//! Sentences with code in them: what stands between backticks is shown as code.
//!
//! Text of a policy or a finding in; pieces in order, without hidden characters, out. No other markup is read.

use analyzers::report::visible;
use analyzers::text::Text;

use super::words::Words;

/// A text in pieces, each with whether it is code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Prose(pub(super) Vec<(bool, String)>);

impl Prose {
    /// The text in the reader's language.
    pub(super) fn of(text: &Text, words: &Words) -> Self {
        Self::parse(text.get(words.locale()).trim())
    }

    fn parse(text: &str) -> Self {
        let mut parts: Vec<&str> = text.split('`').collect();
        // A backtick without a partner stays what it is.
        let odd = if parts.len().is_multiple_of(2) { parts.pop() } else { None };
        let mut pieces: Vec<(bool, String)> =
            parts.iter().enumerate().map(|(at, part)| (at % 2 == 1, seen(part))).collect();
        pieces.extend(odd.map(|part| (false, format!("`{}", seen(part)))));
        pieces.retain(|(_, piece)| !piece.is_empty());
        Self(pieces)
    }

    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn seen(text: &str) -> String {
    visible::lines(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<(bool, String)> {
        Prose::parse(text).0
    }

    #[test]
    fn code_stands_between_backticks() {
        let code = |text: &str| (true, text.to_owned());
        let word = |text: &str| (false, text.to_owned());
        assert_eq!(pieces("`a` is `b`."), [code("a"), word(" is "), code("b"), word(".")]);
        assert_eq!(pieces("plain"), [word("plain")]);
        assert_eq!(pieces("`a` and ` b"), [code("a"), word(" and "), word("` b")]);
        assert_eq!(pieces(""), []);
        assert_eq!(pieces("a\u{202e}`b\u{200b}`"), [word("a<U+202E>"), code("b<U+200B>")]);
    }
}
