//! EXEC SQL blocks in a text: where they are, and C as its grammar can read it, without them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::Language;
use crate::comments::{self, blank_range, into_text};
use crate::parse::Prepared;

/// One block, from EXEC to its terminator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// All of it, terminator included.
    pub(crate) range: Range<usize>,
    /// What stands between `EXEC SQL` and the terminator.
    pub(crate) body: Range<usize>,
}

/// The blocks of `text`, up to `terminator`; one that does not end is none.
pub(crate) fn blocks(text: &str, terminator: &str) -> Vec<Block> {
    static OPENING: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)\bEXEC(UTE)?\s+(SQL|ORACLE)\b").expect("the pattern is valid"));
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(opening) = OPENING.find_at(text, at) {
        let body = opening.end();
        let terminator = if starts_block(&text[body..]) { "END-EXEC" } else { terminator };
        let Some(end) = find_terminator(&text[body..], terminator) else { break };
        at = body + end + terminator.len();
        blocks.push(Block { range: opening.start()..at, body: body..body + end });
    }
    blocks
}

/// C with its embedded blocks blanked.
pub(crate) fn prepare(text: &str) -> Option<Prepared> {
    if !mentions(text) {
        return None;
    }
    // Comments may speak of EXEC SQL.
    let blocks = blocks(&comments::blank_written(text, Language::C), ";");
    if blocks.is_empty() {
        return None;
    }
    let mut blanked = text.as_bytes().to_vec();
    let (mut depth, mut at) = (0_i64, 0);
    for block in blocks {
        depth += braces(&text[at..block.range.start]);
        at = block.range.end;
        // In a function a statement stays: an empty one.
        let terminator = usize::from(depth > 0);
        blank_range(&mut blanked, block.range.start..block.range.end - terminator);
    }
    Some(Prepared { text: into_text(blanked), patches: Vec::new() })
}

fn braces(text: &str) -> i64 {
    text.bytes().map(|byte| i64::from(byte == b'{') - i64::from(byte == b'}')).sum()
}

/// Whether a text may hold blocks.
pub(crate) fn mentions(text: &str) -> bool {
    static WORD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)\bEXEC(UTE)?\s+(SQL|ORACLE)\b").expect("the pattern is valid"));
    WORD.is_match(text)
}

/// EXEC SQL EXECUTE holds a PL/SQL block, with semicolons of its own.
fn starts_block(body: &str) -> bool {
    let mut words = body.split_ascii_whitespace();
    words.next().is_some_and(|word| word.eq_ignore_ascii_case("EXECUTE"))
        && words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case("BEGIN") || word.eq_ignore_ascii_case("DECLARE"))
}

/// The terminator outside of literals, in any case.
fn find_terminator(body: &str, terminator: &str) -> Option<usize> {
    let (bytes, wanted) = (body.as_bytes(), terminator.as_bytes());
    let mut quote = None;
    for at in 0..bytes.len() {
        match (quote, bytes[at]) {
            (None, byte @ (b'\'' | b'"')) => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None, _)
                if bytes[at..].get(..wanted.len()).is_some_and(|word| word.eq_ignore_ascii_case(wanted)) =>
            {
                return Some(at);
            }
            _ => {}
        }
    }
    None
}
