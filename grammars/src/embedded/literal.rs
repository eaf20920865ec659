//! SQL in string literals, whole or put together by `+`: what is not a literal becomes a name, and the statement
//! counts as incomplete.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use super::{Piece, sql};
use crate::SyntaxTree;
use crate::comments::blank_range;
use crate::row::Kinds;
use crate::walk::{Walk, one_inside, walk};

/// Joins deeper than this are no code that people write.
const MAX_JOINS: usize = 400;

pub(super) fn pieces(host: &SyntaxTree) -> Vec<Piece> {
    let kinds = &host.row().kinds;
    let mut pieces: Vec<Piece> = Vec::new();
    let starts = sql::starts(host.text());
    walk(host.top(), |node| {
        if !one_inside(&starts, &node.byte_range()) {
            return Walk::Past;
        }
        if is_one_of(node, kinds.strings) || is_join(node, kinds, host.text()) {
            pieces.extend(piece(host.text(), node, kinds));
            Walk::Past
        } else {
            Walk::Into
        }
    });
    pieces
}

fn is_one_of(node: Node<'_>, kinds: &str) -> bool {
    kinds.split_ascii_whitespace().any(|kind| kind == node.kind())
}

/// Whether a node puts texts together and the first of them is a literal.
fn is_join(node: Node<'_>, kinds: &Kinds, text: &str) -> bool {
    let mut node = node;
    for depth in 0..MAX_JOINS {
        if is_one_of(node, kinds.strings) {
            return depth > 0;
        }
        let joins =
            is_one_of(node, kinds.joins) && operator(node, text).is_none_or(|operator| operator == "+");
        match node.named_child(0).filter(|_| joins) {
            Some(first) => node = first,
            None => return false,
        }
    }
    false
}

fn operator<'text>(node: Node<'_>, text: &'text str) -> Option<&'text str> {
    text.get(node.child_by_field_name("operator")?.byte_range())
}

fn piece(text: &str, node: Node<'_>, kinds: &Kinds) -> Option<Piece> {
    let whole = node.byte_range();
    if whole.len() < 2 {
        return None;
    }
    let mut code = text.as_bytes().get(whole.clone())?.to_vec();
    blank_range(&mut code, 0..whole.len());
    let mut painter = Painter { text, kinds, start: whole.start, code, complete: true };
    painter.paint(node);
    let Painter { mut code, complete, .. } = painter;
    let complete =
        sql::settle(&mut code, b".") && complete && !is_built_up(text, &whole) && !sql::breaks_off(&code);
    // The last quote is where the statement ends.
    let range = whole.start..whole.end - 1;
    code.pop();
    sql::is_statement(&code).then_some(Piece { range, code, complete })
}

/// Whether the literal is a part of, or a pattern for, a longer text.
fn is_built_up(text: &str, range: &Range<usize>) -> bool {
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)((append|format|sprintf|concat|join|replace)\s*\(|\+=|\+)\s*$")
            .expect("the pattern is valid")
    });
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*(%[^=]|\+|\.\s*(format|formatted|concat|replace|append)\b)")
            .expect("the pattern is valid")
    });
    let from = (0..=range.start.saturating_sub(40)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    BEFORE.is_match(&text[from..range.start]) || AFTER.is_match(&text[range.end..])
}

/// Writes the contents of literals at their places.
struct Painter<'text> {
    text: &'text str,
    kinds: &'text Kinds,
    /// Where `code` starts in the text.
    start: usize,
    code: Vec<u8>,
    complete: bool,
}

impl Painter<'_> {
    fn paint(&mut self, node: Node<'_>) {
        // A join nests to the left: its right sides wait, so that long ones need no deep stack.
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            if is_one_of(node, self.kinds.strings) {
                self.literal(node);
            } else if is_one_of(node, self.kinds.joins) {
                waiting.extend(node.named_children(&mut node.walk()));
            } else if !node.is_extra() {
                self.filled_in(node.byte_range());
            }
        }
    }

    fn literal(&mut self, node: Node<'_>) {
        let written = &self.text[node.byte_range()];
        let content = content(written);
        let (from, to) = (node.start_byte() + content.start, node.start_byte() + content.end);
        self.code[from - self.start..to - self.start].copy_from_slice(&self.text.as_bytes()[from..to]);
        unescape(&mut self.code[from - self.start..to - self.start]);
        let mut walk = node.walk();
        for child in
            node.named_children(&mut walk).filter(|child| is_one_of(*child, self.kinds.interpolations))
        {
            self.filled_in(child.byte_range());
        }
    }

    /// A name stands for what the program puts in.
    fn filled_in(&mut self, range: Range<usize>) {
        self.complete = false;
        let written = &self.text[range.clone()];
        let first_line = range.start + written.find(['\n', '\r']).unwrap_or(written.len());
        let code = &mut self.code[range.start - self.start..range.end - self.start];
        blank_range(code, 0..range.len());
        code[..first_line - range.start].fill(b'_');
    }
}

/// What stands between the quotes of a literal, however they are written.
fn content(written: &str) -> Range<usize> {
    let bytes = written.as_bytes();
    let Some(open) = bytes.iter().position(|byte| matches!(byte, b'"' | b'\'' | b'`')) else { return 0..0 };
    let quote = bytes[open];
    let run = bytes[open..].iter().take_while(|&&byte| byte == quote).count();
    let quotes = if run >= 3 { run } else { 1 };
    let close =
        bytes.iter().rposition(|&byte| byte == quote).map_or(0, |last| (last + 1).saturating_sub(quotes));
    let start = (open + quotes).min(bytes.len());
    start..close.max(start)
}

/// `\n` is a blank, `\"` a quote.
fn unescape(code: &mut [u8]) {
    let mut at = 0;
    while at + 1 < code.len() {
        if code[at] == b'\\' {
            code[at] = b' ';
            if code[at + 1].is_ascii_alphanumeric() || code[at + 1] == b'\\' {
                code[at + 1] = b' ';
            }
            at += 1;
        }
        at += 1;
    }
}
