//! Text literals: prefixes, escapes, f-strings, and literals that stand side by side.

use crate::flow::form::{Constant, Expression, ExpressionKind};
use crate::flow::lowering::{child_of_kind, range, text, unescape};
use crate::flow::python::{Python, Tree, parts};

impl<'tree> Python<'tree> {
    /// A literal, or several side by side: one constant, or a template where something is computed.
    pub(super) fn text_of(&mut self, node: Tree<'tree>) -> Expression {
        let mut pieces = Vec::new();
        if node.kind() == "string" {
            self.pieces(node, &mut pieces);
        } else {
            for string in parts(node) {
                self.pieces(string, &mut pieces);
            }
        }
        let is_plain = pieces.iter().all(|piece| constant_text(piece).is_some());
        if is_plain {
            let whole: String = pieces.iter().filter_map(constant_text).collect();
            return text(whole, range(node));
        }
        Expression::new(ExpressionKind::Template(joined(pieces)), range(node))
    }

    /// The constant and computed parts of one literal.
    fn pieces(&mut self, string: Tree<'tree>, into: &mut Vec<Expression>) {
        let prefix = child_of_kind(string, "string_start").map_or("", |start| self.to.text(start));
        let prefix = prefix.trim_end_matches(['"', '\'']).to_ascii_lowercase();
        for part in parts(string) {
            match part.kind() {
                "string_start" | "string_end" => {}
                "string_content" => into.push(text(self.content(part, &prefix), range(part))),
                "interpolation" => self.interpolation(part, into),
                _ => into.push(self.expression(part)),
            }
        }
    }

    /// Text with its escapes resolved; raw text has none but doubled braces.
    fn content(&self, node: Tree<'tree>, prefix: &str) -> String {
        let start = node.start_byte();
        let written = self.to.text(node);
        let mut resolved = String::with_capacity(written.len());
        let mut done = 0;
        for escape in parts(node) {
            let at = escape.start_byte() - start;
            resolved.push_str(written.get(done..at).unwrap_or_default());
            let raw = self.to.text(escape);
            match escape.kind() {
                "escape_interpolation" => resolved.push_str(raw.get(..1).unwrap_or_default()),
                "escape_sequence" if !prefix.contains('r') => resolved.push_str(&escaped(raw, prefix)),
                _ => resolved.push_str(raw),
            }
            done = escape.end_byte() - start;
        }
        resolved.push_str(written.get(done..).unwrap_or_default());
        resolved
    }

    /// What an f-string computes; `{value=}` writes the expression too.
    fn interpolation(&mut self, node: Tree<'tree>, into: &mut Vec<Expression>) {
        let Some(value) = node.child_by_field_name("expression") else {
            into.push(self.unknown(node));
            return;
        };
        if node.children(&mut node.walk()).any(|child| child.kind() == "=") {
            into.push(text(format!("{}=", self.to.text(value)), range(value)));
        }
        into.push(self.expression(value));
        let Some(specifier) = node.child_by_field_name("format_specifier") else { return };
        for nested in parts(specifier) {
            self.interpolation(nested, into);
        }
    }
}

fn constant_text(piece: &Expression) -> Option<&str> {
    match &piece.kind {
        ExpressionKind::Constant(Constant::Text(text)) => Some(text),
        _ => None,
    }
}

/// Parts with neighbouring constants put together.
fn joined(pieces: Vec<Expression>) -> Vec<Expression> {
    let mut parts: Vec<Expression> = Vec::new();
    for piece in pieces {
        if let Some(last) = parts.last_mut()
            && let (ExpressionKind::Constant(Constant::Text(whole)), Some(next)) =
                (&mut last.kind, constant_text(&piece))
        {
            whole.push_str(next);
            last.range.end = piece.range.end;
            continue;
        }
        parts.push(piece);
    }
    parts
}

/// What an escape of the grammar stands for. Bytes have no escapes of characters by number or name.
fn escaped(raw: &str, prefix: &str) -> String {
    let second = raw.chars().nth(1).unwrap_or_default();
    match second {
        'u' | 'U' | 'N' if prefix.contains('b') => raw.to_owned(),
        '\r' => String::new(),
        '8' | '9' | 'N' => raw.to_owned(),
        _ => unescape(raw),
    }
}
