//! Finds secrets and personal data in any text and puts stand-ins in their place.
//!
//! Text in; hits, or the text with `[card 1]` for every card number, out. The same value has the same
//! stand-in inside one `Redactor`. One pass of one automaton looks for shapes, and what checks a shape
//! looks a bounded way around it, so that time is linear in the text.

mod iban;
mod number;
mod secret;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex_automata::meta::Regex;
use regex_automata::{Anchored, Input};

/// What kind of value must not be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A payment card number: known issuer range, length and Luhn digit.
    Card,
    /// A Chinese resident identity number (GB 11643): region, date of birth and check digit.
    ResidentId,
    /// An international bank account number (ISO 13616): country, length and check digits.
    Iban,
    /// A private key in PEM form, or the part of one that the text shows.
    PrivateKey,
    /// An access token of a well-known service.
    Token,
    /// A password in a URL, or one that is given to a name that says so.
    Password,
}

impl Kind {
    /// Every kind.
    const ALL: [Self; 6] =
        [Self::Card, Self::ResidentId, Self::Iban, Self::PrivateKey, Self::Token, Self::Password];

    /// The word in a stand-in.
    pub fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::ResidentId => "id",
            Self::Iban => "iban",
            Self::PrivateKey => "key",
            Self::Token => "token",
            Self::Password => "password",
        }
    }
}

/// A value that must not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub kind: Kind,
    /// Its bytes in the text, on character boundaries.
    pub range: Range<usize>,
}

/// Every hit in `text`, in rising order and without overlap.
pub fn finds(text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut from = 0;
    while let Some(shape) = SHAPES.search(&Input::new(text).range(from..).anchored(Anchored::No)) {
        let examine = RULES[shape.pattern().as_usize()].examine;
        from = examine(text, shape.range(), &mut hits).max(shape.end());
    }
    hits
}

/// Whether `text` may hold a stand-in, and so may not be what it was made from.
pub fn holds_stand_in(text: &str) -> bool {
    text.match_indices('[').any(|(index, _)| {
        let inside = &text[index + 1..];
        let numbered = |kind: &Kind| {
            let number = inside.strip_prefix(kind.name()).and_then(|rest| rest.strip_prefix(' '));
            number.is_some_and(|number| number.starts_with(|digit: char| digit.is_ascii_digit()))
        };
        Kind::ALL.iter().any(numbered)
    })
}

/// `text` with its stand-ins unnumbered: the numbers of one text mean nothing in another.
pub(crate) fn without_numbers(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, inside) = (&rest[..=at], &rest[at + 1..]);
        plain.push_str(before);
        rest = inside;
        for kind in Kind::ALL {
            let number = inside.strip_prefix(kind.name()).and_then(|rest| rest.strip_prefix(' '));
            let closed = number.map(|number| number.trim_start_matches(|digit: char| digit.is_ascii_digit()));
            if let Some(end) = closed.filter(|end| end.starts_with(']')) {
                plain.push_str(kind.name());
                rest = end;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// Puts stand-ins in the place of hits; remembers which value has which.
#[derive(Clone, Default)]
pub struct Redactor {
    stand_ins: HashMap<(Kind, String), usize>,
    counts: HashMap<Kind, usize>,
}

impl Redactor {
    /// A redactor that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// `text` with a stand-in for every hit; borrowed where there is none.
    pub fn redact<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        let hits = finds(text);
        if hits.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut redacted = String::with_capacity(text.len());
        let mut from = 0;
        for hit in hits {
            redacted.push_str(&text[from..hit.range.start]);
            redacted.push_str(&self.stand_in(hit.kind, &text[hit.range.clone()]));
            from = hit.range.end;
        }
        redacted.push_str(&text[from..]);
        Cow::Owned(redacted)
    }

    /// The lines of one text with stand-ins; a value that runs over several lines has its stand-in in each.
    pub fn redact_lines(&mut self, lines: &[impl AsRef<str>]) -> Vec<String> {
        let lines: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
        let text = lines.join("\n");
        let hits: Vec<_> = finds(&text)
            .into_iter()
            .map(|hit| (self.stand_in(hit.kind, &text[hit.range.clone()]), hit.range))
            .collect();
        let mut from = 0;
        let shown = lines.iter().map(|line| {
            let whole = from..from + line.len();
            from = whole.end + 1;
            let mut shown = String::with_capacity(line.len());
            let mut done = whole.start;
            for (stand_in, range) in &hits {
                if range.start < whole.end && range.end > whole.start {
                    shown.push_str(&text[done..range.start.max(done)]);
                    shown.push_str(stand_in);
                    done = range.end.min(whole.end);
                }
            }
            shown.push_str(&text[done..whole.end]);
            shown
        });
        shown.collect()
    }

    /// The stand-in for a value: the same for the same digits and letters, however they are spaced.
    pub(crate) fn stand_in(&mut self, kind: Kind, value: &str) -> String {
        let value = value.chars().filter(|character| !matches!(character, ' ' | '-')).collect();
        let count = self.counts.entry(kind).or_default();
        let number = *self.stand_ins.entry((kind, value)).or_insert_with(|| {
            *count += 1;
            *count
        });
        format!("[{} {number}]", kind.name())
    }

    /// Every stand-in given out so far, sorted.
    pub(crate) fn stand_ins(&self) -> Vec<String> {
        let mut given: Vec<_> = self.stand_ins.iter().map(|((kind, _), number)| (*kind, *number)).collect();
        given.sort_unstable();
        given.into_iter().map(|(kind, number)| format!("[{} {number}]", kind.name())).collect()
    }
}

/// A shape to look for, and what tells whether it is what it looks like.
struct Rule {
    /// A regular expression without unbounded parts that run into other shapes.
    shape: &'static str,
    /// Takes the text and where the shape is, adds hits, and says from where to go on.
    examine: fn(&str, Range<usize>, &mut Vec<Hit>) -> usize,
}

const RULES: &[Rule] = &[
    Rule { shape: "[0-9](?:[ -]?[0-9]){12,}", examine: number::examine },
    Rule { shape: "[A-Z]{2}[0-9]{2}[A-Z0-9 ]", examine: iban::examine },
    Rule { shape: "-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY( BLOCK)?-----", examine: secret::key },
    Rule { shape: "-----END [A-Z0-9 ]{0,32}PRIVATE KEY( BLOCK)?-----", examine: secret::key_tail },
    Rule { shape: r"\.eyJ[A-Za-z0-9_-]{8}", examine: secret::json_web_token },
    Rule { shape: secret::TOKENS, examine: secret::token },
    Rule { shape: "://", examine: secret::url_password },
    Rule { shape: secret::ASSIGNMENTS, examine: secret::assigned },
    Rule { shape: secret::BARE_ASSIGNMENTS, examine: secret::assigned_bare },
];

static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
    let shapes: Vec<_> = RULES.iter().map(|rule| rule.shape).collect();
    Regex::new_many(&shapes).expect("the shapes are valid regular expressions")
});

/// Whether no letter or digit touches `range`, so that it is not a part of something longer.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let touches = |character: Option<char>| character.is_some_and(|found| found.is_ascii_alphanumeric());
    !touches(text[..range.start].chars().next_back()) && !touches(text[range.end..].chars().next())
}

#[cfg(test)]
mod tests;
