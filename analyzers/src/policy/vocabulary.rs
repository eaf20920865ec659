//! What a name means: `totalAmt` and `FEE_RATE` are money, `frameRate` is not.
//!
//! A vocabulary is data beside the policies; a name is split into words before it is looked up.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// Vocabularies as written: name to terms.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VocabularyDocument {
    /// What the vocabulary is for.
    pub about: String,
    /// The terms: `amount`, `interest rate`, or a term with words that change its meaning.
    pub terms: Vec<TermDocument>,
    /// Words that change the meaning of any name they stand in: `count`, `index`.
    #[serde(default)]
    pub unless: Vec<String>,
}

/// A term as written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum TermDocument {
    /// One or more words that follow each other in a name.
    Plain(String),
    /// A term that means something else beside certain words.
    Guarded(GuardedTerm),
}

/// A term that means something else beside certain words.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardedTerm {
    /// The words.
    pub term: String,
    /// Words that change the meaning.
    #[serde(default)]
    pub unless: Vec<String>,
}

/// The words by which names are understood.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    terms: Vec<Term>,
    unless: Vec<String>,
}

#[derive(Clone, Debug)]
struct Term {
    words: Vec<String>,
    unless: Vec<String>,
}

/// Vocabularies by name.
pub type Vocabularies = BTreeMap<String, Vocabulary>;

impl From<VocabularyDocument> for Vocabulary {
    fn from(document: VocabularyDocument) -> Self {
        let terms = document.terms.into_iter().map(|term| match term {
            TermDocument::Plain(term) => Term { words: words(&term), unless: Vec::new() },
            TermDocument::Guarded(guarded) => {
                Term { words: words(&guarded.term), unless: lower(&guarded.unless) }
            }
        });
        Self { terms: terms.collect(), unless: lower(&document.unless) }
    }
}

fn lower(list: &[String]) -> Vec<String> {
    list.iter().flat_map(|word| words(word)).collect()
}

impl Vocabulary {
    /// Whether the name's words hold one of the terms, and none that changes its meaning.
    pub fn holds(&self, name: &str) -> bool {
        let words = words(name);
        let vetoed = |veto: &[String]| words.iter().any(|word| veto.contains(word));
        !vetoed(&self.unless)
            && self.terms.iter().any(|term| {
                words.windows(term.words.len()).any(|window| window == term.words) && !vetoed(&term.unless)
            })
    }

    /// The words of each term: a text that holds none of the terms holds no name of this vocabulary.
    pub(crate) fn terms(&self) -> impl Iterator<Item = &[String]> {
        self.terms.iter().map(|term| term.words.as_slice())
    }
}

/// The words of a name, in lower case and singular: `WS-TXN-Amounts2` is `ws txn amount 2`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (index, &c) in chars.iter().enumerate() {
        let previous = index.checked_sub(1).map(|before| chars[before]);
        if previous.is_some_and(|p| is_border(p, c, chars.get(index + 1).copied())) {
            push_word(&mut words, &mut word);
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    push_word(&mut words, &mut word);
    words
}

/// Whether a new word begins at `c`.
pub(crate) fn is_border(previous: char, c: char, next: Option<char>) -> bool {
    !c.is_alphanumeric()
        || !previous.is_alphanumeric()
        || (previous.is_lowercase() && c.is_uppercase())
        || previous.is_alphabetic() != c.is_alphabetic()
        || is_ideograph(previous) != is_ideograph(c)
        || (previous.is_uppercase() && c.is_uppercase() && next.is_some_and(char::is_lowercase))
}

/// Chinese, Japanese and Korean signs, which no letter case parts from Latin words.
fn is_ideograph(c: char) -> bool {
    c >= '\u{2E80}'
}

fn push_word(words: &mut Vec<String>, word: &mut String) {
    if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") {
        word.pop();
    }
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money() -> Vocabulary {
        let yaml =
            "about: money\nterms: [amount, interest rate, {term: rate, unless: [frame]}]\nunless: [count]";
        serde_saphyr::from_str::<VocabularyDocument>(yaml).unwrap().into()
    }

    #[test]
    fn names_are_split_where_a_reader_would() {
        let cases = [
            ("totalAmount", "total amount"),
            ("WS-TXN-AMOUNTS", "ws txn amount"),
            ("HTTPServerId2", "http server id 2"),
            ("snake_case_name", "snake case name"),
            ("金额Total", "金额 total"),
            ("", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn a_term_means_money_unless_its_neighbours_say_otherwise() {
        for name in ["amount", "m_TotalAmounts", "INTEREST-RATE", "feeRate"] {
            assert!(money().holds(name), "{name}");
        }
        for name in ["frameRate", "amountCount", "mount", "interest", ""] {
            assert!(!money().holds(name), "{name}");
        }
    }
}
