//! SQL in MyBatis mappers: the text of statement elements, with dynamic tags written as the SQL that they make.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;
use tree_sitter::Node;

use super::{Piece, sql};
use crate::SyntaxTree;
use crate::comments::blank_range;
use crate::walk::{Walk, walk};

const STATEMENTS: [&str; 7] = ["select", "insert", "update", "delete", "sql", "procedure", "statement"];

/// Whether a text may be a mapper.
pub(super) fn is_mapper(text: &str) -> bool {
    text.contains("<mapper") || text.contains("<sqlMap")
}

pub(super) fn pieces(host: &SyntaxTree) -> Vec<Piece> {
    let text = host.text();
    let mut pieces = Vec::new();
    walk(host.top(), |node| {
        if is_statement(node, text) {
            pieces.extend(piece(text, node));
            Walk::Past
        } else {
            Walk::Into
        }
    });
    pieces
}

fn is_statement(node: Node<'_>, text: &str) -> bool {
    let is_opening = |tag: &Node<'_>| tag.kind() == "STag" && STATEMENTS.contains(&tag_name(*tag, text));
    node.kind() == "element" && node.child(0).is_some_and(|tag| is_opening(&tag))
}

/// Name of an opening, closing or empty tag.
fn tag_name<'text>(tag: Node<'_>, text: &'text str) -> &'text str {
    tag.named_child(0).and_then(|name| text.get(name.byte_range())).unwrap_or_default()
}

fn attribute<'text>(tag: Node<'_>, wanted: &str, text: &'text str) -> Option<&'text str> {
    let mut walk = tag.walk();
    tag.named_children(&mut walk)
        .filter(|attribute| attribute.kind() == "Attribute")
        .find_map(|attribute| {
            let (name, value) = (attribute.named_child(0)?, attribute.named_child(1)?);
            (text.get(name.byte_range())? == wanted).then(|| text.get(value.byte_range()))?
        })
        .map(|value| value.trim_matches(['"', '\'']))
}

fn piece(text: &str, element: Node<'_>) -> Option<Piece> {
    let opening = element.child(0)?;
    let closing = element.child(element.child_count().checked_sub(1)?)?;
    let range = opening.end_byte()..closing.start_byte().max(opening.end_byte());
    let mut page =
        Page { text, start: range.start, code: text.as_bytes().get(range.clone())?.to_vec(), complete: true };
    page.rewrite(element);
    let Page { mut code, mut complete, .. } = page;
    entities(&mut code);
    tidy(&mut code);
    complete &= sql::settle(&mut code, b".");
    sql::is_statement(&code).then_some(Piece { range, code, complete })
}

/// The text of one statement element.
struct Page<'text> {
    text: &'text str,
    start: usize,
    code: Vec<u8>,
    complete: bool,
}

impl Page<'_> {
    /// Writes each tag inside `element` as what it adds to the statement.
    fn rewrite(&mut self, element: Node<'_>) {
        let end = element.end_byte();
        let mut cursor = element.walk();
        let mut chosen_until = 0;
        let mut more = cursor.goto_first_child();
        while more {
            let node = cursor.node();
            match node.kind() {
                "STag" | "EmptyElemTag" | "ETag"
                    if node.start_byte() >= self.start && node.end_byte() < end =>
                {
                    self.tag(node, &mut chosen_until);
                }
                "Comment" | "PI" | "CDStart" => self.put(node.byte_range(), b"", 0),
                "CDSect" => self.put(node.end_byte().saturating_sub(3)..node.end_byte(), b"", 0),
                _ => {}
            }
            more = cursor.goto_first_child();
            while !more && cursor.node() != element {
                more = cursor.goto_next_sibling();
                if !more && !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    fn tag(&mut self, tag: Node<'_>, chosen_until: &mut usize) {
        let range = tag.byte_range();
        let (name, opens) = (tag_name(tag, self.text), tag.kind() == "STag");
        let text = self.text;
        match (name, tag.kind()) {
            ("where", "STag") => self.put(range, b"WHERE", 0),
            ("set", "STag") => self.put(range, b"SET", 0),
            ("trim", "STag") => {
                self.put(range, attribute(tag, "prefix", text).unwrap_or_default().as_bytes(), 0);
            }
            ("foreach", "STag") => {
                self.put(range, attribute(tag, "open", text).unwrap_or_default().as_bytes(), 0);
            }
            ("trim" | "foreach", "ETag") => {
                let wanted = if name == "trim" { "suffix" } else { "close" };
                let opening = tag.parent().and_then(|element| element.child(0));
                let close = opening.and_then(|opening| attribute(opening, wanted, text)).unwrap_or_default();
                self.put(range, close.as_bytes(), 0);
            }
            ("include", _) => {
                self.complete = false;
                self.put(range, b"", if opens { 0 } else { 1 });
            }
            ("selectKey", _) => self.put(range, b";", 0),
            // Of several choices the first is read.
            ("when" | "otherwise", "STag") => {
                let choose = tag.parent().and_then(|element| element.parent());
                let is_first = tag.start_byte() >= *chosen_until;
                *chosen_until = choose.map_or(range.end, |choose| choose.end_byte());
                let chosen = tag.parent().filter(|_| !is_first).map_or(range, |element| element.byte_range());
                self.put(chosen, b"", 0);
            }
            _ => self.put(range, b"", 0),
        }
    }

    /// Overwrites a range with `code`, or with a name, and blanks.
    fn put(&mut self, range: Range<usize>, code: &[u8], names: usize) {
        let (from, to) = (range.start.saturating_sub(self.start), range.end.saturating_sub(self.start));
        let to = to.min(self.code.len());
        let Some(place) = self.code.get_mut(from..to) else { return };
        blank_range(place, 0..to - from);
        if names > 0 {
            let line = place.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(place.len());
            place[..line].fill(b'_');
        } else if code.len() <= place.len() && code.is_ascii() {
            place[..code.len()].copy_from_slice(code);
        }
    }
}

fn entities(code: &mut [u8]) {
    for (entity, character) in
        [("&lt;", b'<'), ("&gt;", b'>'), ("&amp;", b'&'), ("&quot;", b'"'), ("&apos;", b'\'')]
    {
        let places: Vec<usize> = memchr::memmem::find_iter(code, entity).collect();
        for at in places {
            code[at] = character;
            blank_range(code, at + 1..at + entity.len());
        }
    }
}

/// Takes out the AND after WHERE and the comma before it, which MyBatis trims.
fn tidy(code: &mut [u8]) {
    static EXTRA: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        [
            r"(?i)\bWHERE\s+(AND|OR)\b",
            r"(?i)(,)\s*\bWHERE\b",
            r"(?i)(,)\s*\)",
            r"(?i)\bSET\s+(,)",
            r"(,)\s*\z",
        ]
        .into_iter()
        .map(|pattern| Regex::new(pattern).expect("the pattern is valid"))
        .collect()
    });
    for extra in EXTRA.iter() {
        let found: Vec<Range<usize>> =
            extra.captures_iter(code).filter_map(|found| Some(found.get(1)?.range())).collect();
        found.into_iter().for_each(|range| blank_range(code, range));
    }
}
