//! What of a text its grammar does not understand: a tree in, byte ranges out. Only broken subtrees are walked.

use std::ops::Range;

use tree_sitter::Node;

use crate::walk::{Walk, walk};

/// What the grammar does not understand.
#[derive(Default)]
pub(crate) struct Unread {
    /// Tokens that stand directly in an error, merged.
    pub(crate) tokens: Vec<Range<usize>>,
    /// The same, and the byte before each missing token.
    pub(crate) errors: Vec<Range<usize>>,
}

pub(crate) fn find(root: Node<'_>, text: &str) -> Unread {
    if !root.has_error() {
        return Unread::default();
    }
    let (mut tokens, mut missing) = (Vec::new(), Vec::new());
    walk(root, |node| {
        if node.is_missing() {
            missing.push(before(node.start_byte(), text));
        } else if node.is_error() {
            own_text(node, text, &mut tokens);
        }
        if node.has_error() { Walk::Into } else { Walk::Past }
    });
    let errors = merge(tokens.iter().cloned().chain(missing).collect(), text);
    Unread { tokens: merge(tokens, text), errors }
}

/// The text of an error less the children that were understood.
fn own_text(error: Node<'_>, text: &str, found: &mut Vec<Range<usize>>) {
    let mut from = error.start_byte();
    for child in error.children(&mut error.walk()) {
        if child.child_count() > 0 || child.is_extra() && !child.is_error() {
            found.push(trimmed(from..child.start_byte(), text));
            from = child.end_byte();
        }
    }
    found.push(trimmed(from..error.end_byte(), text));
}

/// The range without blanks at its ends.
pub(crate) fn trimmed(range: Range<usize>, text: &str) -> Range<usize> {
    let end = range.end.min(text.len());
    let start = range.start.min(end);
    let bytes = &text.as_bytes()[start..end];
    let leading = bytes.len() - bytes.trim_ascii_start().len();
    start + leading..start + leading.max(bytes.trim_ascii_end().len())
}

/// The last character before `offset` that is not blank.
fn before(offset: usize, text: &str) -> Range<usize> {
    let end = text.as_bytes()[..offset.min(text.len())].trim_ascii_end().len();
    let first = text.chars().next().map_or(0, char::len_utf8);
    (0..end).rev().find(|&at| text.is_char_boundary(at)).map_or(0..first, |start| start..end)
}

fn merge(mut ranges: Vec<Range<usize>>, text: &str) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end || is_blank(last.end..range.start, text) => {
                last.end = last.end.max(range.end);
            }
            _ => merged.push(range),
        }
    }
    merged
}

fn is_blank(range: Range<usize>, text: &str) -> bool {
    text.as_bytes()[range].iter().all(u8::is_ascii_whitespace)
}

/// The share of the bytes of `range` that lie in `tokens`, blanks not counted.
pub(crate) fn share(tokens: &[Range<usize>], range: Range<usize>, text: &str) -> f32 {
    let count = |range: Range<usize>| {
        text.as_bytes()[range].iter().filter(|byte| !byte.is_ascii_whitespace()).count()
    };
    let range = trimmed(range, text);
    let first = tokens.partition_point(|token| token.end <= range.start);
    let inside = tokens[first..].iter().take_while(|token| token.start < range.end);
    let unread: usize =
        inside.map(|token| count(token.start.max(range.start)..token.end.min(range.end))).sum();
    if unread == 0 { 0.0 } else { unread as f32 / count(range) as f32 }
}
