//! How text is cut into words before its bytes are merged: the published expressions, in time linear in the text.
//!
//! The published `\s+(?!\S)|\s+` looks ahead, which costs a backtracking engine its bound. Here a run of spaces gives up
//! its last one where something follows, which is the same.

use std::sync::LazyLock;

use regex::Regex;

/// The ways of the R1 family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Splitting {
    /// Digits one by one.
    Qwen2,
    /// Digits by up to three.
    Llama3,
}

/// As `tokenizer.json` writes it.
pub(super) const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// As `tokenizer.json` writes it.
pub(super) const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// The part that looks ahead.
const LOOKING_AHEAD: &str = r"\s+(?!\S)|";

impl Splitting {
    /// The way that a published expression means.
    pub(super) fn of_expression(expression: &str) -> Option<Self> {
        match expression {
            QWEN2 => Some(Self::Qwen2),
            LLAMA3 => Some(Self::Llama3),
            _ => None,
        }
    }

    /// The way that GGUF's `tokenizer.ggml.pre` names. No other name is taken for one of these.
    pub(super) fn of_pre(name: &str) -> Option<Self> {
        match name {
            "qwen2" | "deepseek-r1-qwen" => Some(Self::Qwen2),
            "llama-bpe" | "llama3" | "llama-v3" => Some(Self::Llama3),
            _ => None,
        }
    }

    /// Whether the published tokenizer takes a word that is a token whole, though no merges lead to it.
    pub(super) fn takes_whole_words(self) -> bool {
        match self {
            Self::Qwen2 => false,
            Self::Llama3 => true,
        }
    }

    /// The words of a text; one after the other they are the text.
    pub(super) fn words(self, text: &str) -> Words<'_> {
        Words { expression: self.expression(), text, start: 0 }
    }

    fn expression(self) -> &'static Regex {
        static BOTH: LazyLock<[Regex; 2]> = LazyLock::new(|| [QWEN2, LLAMA3].map(compile));
        match self {
            Self::Qwen2 => &BOTH[0],
            Self::Llama3 => &BOTH[1],
        }
    }
}

fn compile(published: &str) -> Regex {
    Regex::new(&published.replace(LOOKING_AHEAD, "")).expect("a published expression without its look ahead")
}

/// The words of a text.
pub(super) struct Words<'a> {
    expression: &'static Regex,
    text: &'a str,
    start: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.start..).filter(|rest| !rest.is_empty())?;
        // Every character is matched by one of the alternatives, so that a match begins where the last one ended.
        let found = self.expression.find(rest).map_or(rest.len(), |found| found.end());
        let word = before_what_follows(rest, found);
        self.start += word.len();
        Some(word)
    }
}

/// `rest` up to `end`, less the last space of a run where something that is no space follows.
fn before_what_follows(rest: &str, end: usize) -> &str {
    let word = &rest[..end];
    let is_run = !word.ends_with(['\r', '\n']) && word.chars().all(char::is_whitespace);
    let is_followed = rest[end..].chars().next().is_some_and(|next| !next.is_whitespace());
    let last = word.chars().next_back().map_or(0, char::len_utf8);
    if is_run && is_followed && word.len() > last { &word[..end - last] } else { word }
}
