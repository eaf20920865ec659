//! Text with its comments blanked: same length, same lines. By the tree where comments are nodes of it, by how
//! comments are written otherwise.

use std::ops::Range;

use crate::row::Comments;
use crate::walk::{Walk, one_inside, walk};
use crate::{Language, SyntaxTree, cobol};

pub(crate) fn blank(tree: &SyntaxTree) -> String {
    let kinds: Vec<&str> = tree.language().comment_kinds().collect();
    if kinds.is_empty() {
        return blank_written(tree.text(), tree.language());
    }
    let mut text = tree.text().to_owned().into_bytes();
    let signs = signs(tree.text(), &tree.row().comments);
    walk(tree.top(), |node| {
        let range = node.byte_range();
        if !one_inside(&signs, &range) {
            return Walk::Past;
        }
        if kinds.contains(&node.kind()) {
            blank_range(&mut text, range);
            return Walk::Past;
        }
        Walk::Into
    });
    into_text(text)
}

/// Where a comment may begin, in rising order: only what holds such a place is looked into.
fn signs(text: &str, comments: &Comments) -> Vec<usize> {
    let written = [comments.line, comments.line_start].into_iter().flat_map(str::split_ascii_whitespace);
    let openings = written.chain(comments.block.iter().map(|(open, _)| *open));
    let mut signs: Vec<usize> =
        openings.flat_map(|open| memchr::memmem::find_iter(text.as_bytes(), open)).collect();
    signs.sort_unstable();
    signs
}

/// Blanks what `language` writes as a comment, outside of quotes.
pub(crate) fn blank_written(text: &str, language: Language) -> String {
    let comments = &language.row().comments;
    let mut blanked = text.as_bytes().to_vec();
    if !comments.column_seven.is_empty() {
        return cobol::without_comments(text);
    }
    let mut at = 0;
    let mut line_start = true;
    while at < blanked.len() {
        let rest = &text.as_bytes()[at..];
        let length = comment_length(comments, rest, line_start);
        if length > 0 {
            blank_range(&mut blanked, at..at + length);
            at += length;
            continue;
        }
        line_start = rest[0] == b'\n';
        at += if rest[0] == b'"' || rest[0] == b'\'' { quoted_length(rest) } else { 1 };
    }
    into_text(blanked)
}

fn comment_length(comments: &Comments, rest: &[u8], line_start: bool) -> usize {
    let starts = |words: &str| words.split_ascii_whitespace().any(|word| rest.starts_with(word.as_bytes()));
    if starts(comments.line) || line_start && starts(comments.line_start) {
        return memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    }
    let block = comments.block.iter().find(|(open, _)| rest.starts_with(open.as_bytes()));
    block.map_or(0, |(open, close)| {
        memchr::memmem::find(&rest[open.len()..], close.as_bytes())
            .map_or(rest.len(), |end| open.len() + end + close.len())
    })
}

/// A quote that does not end on its line is an apostrophe.
fn quoted_length(rest: &[u8]) -> usize {
    /// A literal this long would be read again from each quote in it.
    const MOST_BYTES: usize = 4096;
    let rest = &rest[..rest.len().min(MOST_BYTES)];
    let mut at = 1;
    while at < rest.len() && rest[at] != b'\n' {
        match rest[at] {
            b'\\' => at += 1,
            byte if byte == rest[0] => return at + 1,
            _ => {}
        }
        at += 1;
    }
    1
}

/// Overwrites all but line breaks with spaces.
pub(crate) fn blank_range(text: &mut [u8], range: Range<usize>) {
    let end = range.end.min(text.len());
    for byte in &mut text[range.start.min(end)..end] {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

pub(crate) fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("whole characters are blanked, so the rest stays text")
}
