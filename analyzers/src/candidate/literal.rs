//! A literal that a text must hold, and how it must stand there: anywhere, as a word, or among the words of a name.

use crate::policy::is_border;

/// Text in lower case, looked up without regard to the case of ASCII letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Literal {
    pub(crate) text: String,
    pub(crate) left: Edge,
    pub(crate) right: Edge,
    /// Words of a name that stand before and after it, parted by signs or by case only.
    before: Vec<String>,
    after: Vec<String>,
}

/// What stands beside a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Edge {
    /// Anything.
    Any,
    /// No letter, digit or underscore.
    Word,
    /// The border of a word of a name, as between `total` and `Amounts`.
    Name,
}

/// A token may follow an escape that ends in letters, as `\n` or `\U0001F4B0`: this many bytes are looked at.
const LONGEST_ESCAPE: usize = 10;

impl Literal {
    pub(crate) fn new(text: &str, edge: Edge) -> Self {
        Self::between(edge, text, edge)
    }

    pub(crate) fn between(left: Edge, text: &str, right: Edge) -> Self {
        Self { text: text.to_ascii_lowercase(), left, right, before: Vec::new(), after: Vec::new() }
    }

    /// The words of a name one after the other, looked up by the longest of them.
    pub(crate) fn of_name(words: &[String]) -> Option<Self> {
        let (longest, text) = words.iter().enumerate().max_by_key(|(_, word)| word.len())?;
        let (before, after) = (words[..longest].to_vec(), words[longest + 1..].to_vec());
        Some(Self { before, after, ..Self::new(text, Edge::Name) })
    }

    /// The same without regard to what stands beside it.
    pub(crate) fn anywhere(self) -> Self {
        Self { left: Edge::Any, right: Edge::Any, before: Vec::new(), after: Vec::new(), ..self }
    }

    /// Whether an occurrence in a text stands as it must. Says yes where that cannot be told.
    pub(crate) fn stands(&self, text: &[u8], start: usize) -> bool {
        let end = start + self.text.len();
        left(self.left, text, start)
            && right(self.right, text, end)
            && follow(&self.after, &text[end..])
            && precede(&self.before, &text[..start])
    }
}

/// Whether the words follow, parted by signs or nothing, each perhaps in the plural.
fn follow(words: &[String], rest: &[u8]) -> bool {
    let after = |rest: &'_ [u8], word: &String| -> Option<usize> {
        let skipped = rest.iter().position(|byte| !is_sign(*byte))?;
        let end = skipped + word.len();
        rest.get(skipped..end)?.eq_ignore_ascii_case(word.as_bytes()).then_some(end)
    };
    let plural = |rest: &[u8]| usize::from(rest.first().is_some_and(|byte| byte.eq_ignore_ascii_case(&b's')));
    let mut at = 0;
    words.iter().all(|word| {
        let rest = &rest[at..];
        let plural = plural(rest);
        let end = after(rest, word).or_else(|| Some(plural + after(&rest[plural..], word)?));
        at += end.unwrap_or(0);
        end.is_some()
    })
}

/// Whether the words precede, in the same way.
fn precede(words: &[String], text: &[u8]) -> bool {
    let mut end = text.len();
    words.iter().rev().all(|word| {
        let Some(last) = text[..end].iter().rposition(|byte| !is_sign(*byte)) else { return false };
        let ends = |end: usize| {
            let start = end.checked_sub(word.len())?;
            text[start..end].eq_ignore_ascii_case(word.as_bytes()).then_some(start)
        };
        let plural = text[last].eq_ignore_ascii_case(&b's');
        let start = ends(last + 1).or_else(|| ends(last).filter(|_| plural));
        end = start.unwrap_or(0);
        start.is_some()
    })
}

fn is_sign(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric()
}

fn left(edge: Edge, text: &[u8], start: usize) -> bool {
    let Some(&before) = start.checked_sub(1).and_then(|at| text.get(at)) else { return true };
    let meets = match edge {
        Edge::Any => true,
        Edge::Word => !is_word_sign(before.into()),
        Edge::Name => is_name_border(before, text.get(start..).unwrap_or_default()),
    };
    meets || memchr::memchr(b'\\', &text[start.saturating_sub(LONGEST_ESCAPE)..start]).is_some()
}

fn right(edge: Edge, text: &[u8], end: usize) -> bool {
    let (Some(&last), Some(&next)) = (end.checked_sub(1).and_then(|at| text.get(at)), text.get(end)) else {
        return true;
    };
    match edge {
        Edge::Any => true,
        Edge::Word => !is_word_sign(next.into()),
        Edge::Name => {
            is_name_border(last, &text[end..])
                || next.eq_ignore_ascii_case(&b's')
                    && (end + 1 == text.len() || is_name_border(next, &text[end + 1..]))
        }
    }
}

/// Whether words of code are made of it.
pub(crate) fn is_word_sign(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a word of a name begins where `rest` does. What is no ASCII may always be a border.
fn is_name_border(before: u8, rest: &[u8]) -> bool {
    let Some(&first) = rest.first() else { return true };
    let next = rest.get(1).map(|&byte| char::from(byte));
    let is_ascii = before.is_ascii() && first.is_ascii() && next.is_none_or(|next| next.is_ascii());
    !is_ascii || is_border(char::from(before), char::from(first), next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, edge: Edge, expected: bool) {
        let at = text.to_lowercase().find("rate").unwrap();
        assert_eq!(Literal::new("rate", edge).stands(text.as_bytes(), at), expected, "{text} {edge:?}");
    }

    #[test]
    fn a_word_stands_between_other_signs() {
        for (text, expected) in
            [("rate", true), (".rate(", true), ("feeRate", false), ("rate_x", false), ("\\nrate", true)]
        {
            check(text, Edge::Word, expected);
        }
    }

    #[test]
    fn a_word_of_a_name_stands_between_its_borders() {
        let cases = [
            ("feeRate", true),
            ("FEE_RATE", true),
            ("ratesOfFee", true),
            ("generate", false),
            ("rated", false),
            ("IRate", true),
            ("rate2", true),
            ("费rate", true),
        ];
        for (text, expected) in cases {
            check(text, Edge::Name, expected);
        }
    }

    #[test]
    fn the_words_of_a_name_stand_together() {
        let literal = Literal::of_name(&["api".to_owned(), "secret".to_owned(), "key".to_owned()]).unwrap();
        assert_eq!(literal.text, "secret");
        let cases = [
            ("myApiSecretKey", true),
            ("API_SECRETS-KEY", true),
            ("apis.secretKeys", true),
            ("secretKey", false),
            ("apiSecret", false),
            ("apiSecretMonkey", false),
            ("a secret", false),
        ];
        for (text, expected) in cases {
            let at = text.to_lowercase().find("secret").unwrap();
            assert_eq!(literal.stands(text.as_bytes(), at), expected, "{text}");
        }
    }
}
