//! Code as a model may see it: stand-ins for secrets, template tokens broken, hidden characters written out.
//!
//! A text in; for any stretch of it what is shown, and the way back from there, out. What must not be seen is
//! found in the whole text, so that no cut hides what it is.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::redact::{self, Kind, Redactor};
use crate::report::visible::is_hidden;

/// What a chat template or a reasoning model reads as a border; the groups are the characters that make it one.
static TOKENS: LazyLock<Regex> = LazyLock::new(|| {
    let tokens = concat!(
        r"(?i)(<)\s{0,8}/?\s{0,8}think",    // where thinking begins and ends
        r"|(<｜)|(｜>)",                    // DeepSeek
        r"|(<\|)[a-z0-9_ ]{1,48}(?:(\|>))", // Llama, Qwen
        r"|(\[)/?INST\]|(<<)/?SYS>>",       // older templates
    );
    Regex::new(tokens).expect("the tokens are a valid regular expression")
});

/// A text and what of it is shown otherwise.
pub(super) struct Veil<'t> {
    text: &'t str,
    /// In rising order, without overlap.
    marks: Vec<Mark>,
}

struct Mark {
    range: Range<usize>,
    shown: Instead,
}

/// What is shown instead.
enum Instead {
    StandIn(Kind),
    Broken,
    WrittenOut,
    Nothing,
}

/// A stretch as shown.
pub(super) struct Seen {
    /// What is shown.
    pub(super) text: String,
    /// Where the stretch begins in the text.
    start: usize,
    /// What is shown otherwise: where it is shown, and what it is in the text.
    pieces: Vec<(Range<usize>, Range<usize>)>,
}

impl<'t> Veil<'t> {
    pub(super) fn over(text: &'t str) -> Self {
        let secrets = redact::finds(text).into_iter();
        let mut marks: Vec<Mark> =
            secrets.map(|hit| Mark { range: hit.range, shown: Instead::StandIn(hit.kind) }).collect();
        let tokens = TOKENS.captures_iter(text);
        let borders = tokens
            .flat_map(|token| token.iter().skip(1).flatten().map(|part| part.range()).collect::<Vec<_>>());
        marks.extend(borders.map(|range| Mark { range, shown: Instead::Broken }));
        marks.extend(hidden(text));
        marks.sort_by_key(|mark| (mark.range.start, std::cmp::Reverse(mark.range.end)));
        let mut end = 0;
        marks.retain(|mark| {
            let is_free = mark.range.start >= end;
            end = end.max(mark.range.end);
            is_free
        });
        Self { text, marks }
    }

    /// A stretch as shown; the same value has the same stand-in within one redactor.
    pub(super) fn show(&self, range: Range<usize>, redactor: &mut Redactor) -> Seen {
        let mut seen =
            Seen { text: String::with_capacity(range.len()), start: range.start, pieces: Vec::new() };
        let mut from = range.start;
        let first = self.marks.partition_point(|mark| mark.range.end <= range.start);
        for mark in self.marks[first..].iter().take_while(|mark| mark.range.start < range.end) {
            seen.text.push_str(self.text.get(from..mark.range.start).unwrap_or_default());
            let at = seen.text.len();
            seen.text.push_str(&self.instead(mark, redactor));
            seen.pieces.push((at..seen.text.len(), mark.range.clone()));
            from = mark.range.end;
        }
        seen.text.push_str(self.text.get(from..range.end).unwrap_or_default());
        seen
    }

    fn instead(&self, mark: &Mark, redactor: &mut Redactor) -> String {
        let text = &self.text[mark.range.clone()];
        match mark.shown {
            Instead::StandIn(kind) => redactor.stand_in(kind, text),
            Instead::Broken => text.chars().map(broken).collect(),
            Instead::WrittenOut => {
                text.chars().map(|character| format!("<U+{:04X}>", u32::from(character))).collect()
            }
            Instead::Nothing => String::new(),
        }
    }
}

impl Seen {
    /// Where in the text stands what is shown at `range`; the whole of what has a stand-in.
    pub(super) fn original(&self, range: &Range<usize>) -> Range<usize> {
        let start = match self.piece_at(range.start) {
            Some((_, original)) => original.start,
            None => self.offset(range.start),
        };
        let end = match self.piece_at(range.end.saturating_sub(1)) {
            Some((_, original)) if range.end > range.start => original.end,
            _ => self.offset(range.end),
        };
        start..end.max(start)
    }

    fn piece_at(&self, at: usize) -> Option<&(Range<usize>, Range<usize>)> {
        self.pieces.iter().find(|(shown, _)| shown.contains(&at))
    }

    /// The place in the text of a place that is shown as it is.
    fn offset(&self, at: usize) -> usize {
        match self.pieces.iter().rev().find(|(shown, _)| shown.end <= at) {
            Some((shown, original)) => original.end + (at - shown.end),
            None => self.start + at,
        }
    }
}

/// A text of one line as shown, whatever is in it.
pub(super) fn one_line(text: &str, redactor: &mut Redactor) -> String {
    let shown = Veil::over(text).show(0..text.len(), redactor).text;
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether some of a text would not be shown as it is.
pub(super) fn is_veiled(text: &str) -> bool {
    !Veil::over(text).marks.is_empty()
}

fn hidden(text: &str) -> impl Iterator<Item = Mark> + '_ {
    let found = text.char_indices().filter(|(_, character)| is_hidden(*character));
    found.filter_map(|(at, character)| {
        let range = at..at + character.len_utf8();
        let shown = match character {
            '\n' | '\t' => return None,
            '\r' if text[range.end..].starts_with('\n') => Instead::Nothing,
            _ => Instead::WrittenOut,
        };
        Some(Mark { range, shown })
    })
}

/// A look-alike that means nothing to a tokenizer.
fn broken(character: char) -> char {
    match character {
        '<' => '‹',
        '>' => '›',
        '[' => '⟦',
        _ => '¦',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Veil::over(text).show(0..text.len(), &mut Redactor::new()).text
    }

    #[test]
    fn borders_of_chat_templates_are_broken() {
        for (text, expected) in [
            ("a <think>b</think> c", "a ‹think>b‹/think> c"),
            ("< / THINK >", "‹ / THINK >"),
            ("<｜User｜>", "‹¦User¦›"),
            ("<｜begin▁of▁sentence｜>", "‹¦begin▁of▁sentence¦›"),
            ("<|im_start|>", "‹¦im_start¦›"),
            ("[INST] x [/INST] <<SYS>>", "⟦INST] x ⟦/INST] ‹‹SYS>>"),
            ("List<Thing> a |> b; x <| y", "List<Thing> a |> b; x <| y"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn hidden_characters_are_written_out_and_lines_end_alike() {
        assert_eq!(shown("a\u{202E}b\u{200B}\r\n\tc\rd"), "a<U+202E>b<U+200B>\n\tc<U+000D>d");
        assert_eq!(shown("<th\u{200B}ink>"), "<th<U+200B>ink>");
    }

    #[test]
    fn a_cut_through_a_secret_shows_none_of_it_and_the_way_back_holds() {
        let text = "pay(\"4111111111111111\", <think>, x);";
        let veil = Veil::over(text);
        assert!(!veil.show(0..10, &mut Redactor::new()).text.contains("4111"));
        let seen = veil.show(2..text.len(), &mut Redactor::new());
        assert_eq!(seen.text, "y(\"[card 1]\", ‹think>, x);");
        for (quote, original) in [
            ("y(", "y("),
            ("[card 1]", "4111111111111111"),
            ("card 1]\", ", "4111111111111111\", "),
            ("‹think>", "<think>"),
            ("x);", "x);"),
        ] {
            let at = seen.text.find(quote).unwrap();
            assert_eq!(&text[seen.original(&(at..at + quote.len()))], original);
        }
    }
}
