//! `match`: cases with patterns that bind what they fit.

use crate::flow::form::{
    Block, Case, Constant, Expression, ExpressionKind, Item, Pattern, RecordPattern, Statement,
    StatementKind, Switch, TypeName, UnaryOperator,
};
use crate::flow::lowering::{child_of_kind, constant, fields, range, shared, text, unknown};
use crate::flow::python::{Python, Tree, has_comma, parts};

/// Types whose single pattern by position fits the value itself.
const WHOLE_VALUES: [&str; 11] =
    ["bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"];

impl<'tree> Python<'tree> {
    pub(super) fn match_statement(&mut self, node: Tree<'tree>) -> Statement {
        let mut subjects = Vec::new();
        for subject in fields(node, "subject") {
            subjects.push(self.expression(subject));
        }
        let is_several = subjects.len() != 1 || has_comma(node);
        let subject = match subjects.pop() {
            Some(only) if !is_several => only,
            last => {
                subjects.extend(last);
                let items = subjects.into_iter().map(Item::One).collect();
                Expression::new(ExpressionKind::List(items), range(node))
            }
        };
        let body = node.child_by_field_name("body");
        let mut cases = Vec::new();
        for clause in body.map(parts).unwrap_or_default() {
            if clause.kind() == "case_clause" {
                cases.push(self.case(clause));
            }
        }
        let switch = Switch { subject: Some(subject), cases, is_select: false };
        Statement::new(StatementKind::Switch(switch), range(node))
    }

    fn case(&mut self, clause: Tree<'tree>) -> Case {
        let patterns = parts(clause).into_iter().filter(|child| child.kind() == "case_pattern");
        let patterns: Vec<_> = patterns.collect();
        let test = match patterns.as_slice() {
            [only] if !has_comma(clause) && !is_starred(*only) => self.case_pattern(*only),
            several => Pattern::Sequence(self.case_items(several)),
        };
        let guard = clause.child_by_field_name("guard").and_then(|guard| parts(guard).into_iter().next());
        let guard = guard.map(|guard| self.expression(guard));
        let body = self.case_body(clause);
        let is_default = matches!(test, Pattern::Ignored) && guard.is_none();
        let tests = if is_default { Vec::new() } else { vec![test] };
        Case { tests, guard, body, falls_through: false }
    }

    fn case_body(&mut self, clause: Tree<'tree>) -> Block {
        let body = clause.child_by_field_name("consequence");
        body.map_or_else(|| shared(Vec::new()), |body| self.block(body))
    }

    fn case_pattern(&mut self, node: Tree<'tree>) -> Pattern {
        let inner: Vec<_> = node.children(&mut node.walk()).filter(|child| !child.is_extra()).collect();
        self.simple_pattern(&inner)
    }

    /// A pattern whose parts may be a sign and a number, or a bare `_`.
    fn simple_pattern(&mut self, nodes: &[Tree<'tree>]) -> Pattern {
        match nodes {
            [sign, number] if sign.kind() == "-" => {
                let value = self.expression(*number);
                let place = range(*sign).start..range(*number).end;
                Pattern::Equals(Box::new(negated(value, place)))
            }
            [only, ..] => self.pattern(*only),
            [] => Pattern::Ignored,
        }
    }

    fn pattern(&mut self, node: Tree<'tree>) -> Pattern {
        match node.kind() {
            "_" => Pattern::Ignored,
            "case_pattern" => self.case_pattern(node),
            "as_pattern" => self.as_case(node),
            "dotted_name" | "identifier" => self.named_pattern(node),
            "union_pattern" => Pattern::Either(self.union_parts(node)),
            "tuple_pattern" | "list_pattern" => self.sequence_pattern(node),
            "dict_pattern" => self.map_pattern(node),
            "class_pattern" => self.class_pattern(node),
            "keyword_pattern" => parts(node).last().map_or(Pattern::Ignored, |inner| self.pattern(*inner)),
            "splat_pattern" => self.splat(node),
            _ => Pattern::Equals(Box::new(self.expression(node))),
        }
    }

    fn as_case(&mut self, node: Tree<'tree>) -> Pattern {
        match parts(node).as_slice() {
            [inner, name] => {
                let inner = self.pattern(*inner);
                let name = self.bind(self.to.text(*name), range(*name));
                Pattern::Both(Box::new(inner), Box::new(name))
            }
            _ => Pattern::Equals(Box::new(self.unknown(node))),
        }
    }

    /// A name captures; a dotted name is a value to compare with.
    fn named_pattern(&mut self, node: Tree<'tree>) -> Pattern {
        match self.to.text(node) {
            "_" => Pattern::Ignored,
            name if node.named_child_count() < 2 => self.bind(name, range(node)),
            _ => Pattern::Equals(Box::new(self.dotted_expression(node))),
        }
    }

    fn union_parts(&mut self, node: Tree<'tree>) -> Vec<Pattern> {
        let all: Vec<_> = node.children(&mut node.walk()).filter(|child| !child.is_extra()).collect();
        let alternatives = all.split(|child| child.kind() == "|");
        alternatives.map(|alternative| self.simple_pattern(alternative)).collect()
    }

    fn sequence_pattern(&mut self, node: Tree<'tree>) -> Pattern {
        let inner = parts(node);
        match inner.as_slice() {
            [only] if node.kind() == "tuple_pattern" && !has_comma(node) && !is_starred(*only) => {
                self.pattern(*only)
            }
            several => Pattern::Sequence(self.case_items(several)),
        }
    }

    fn case_items(&mut self, nodes: &[Tree<'tree>]) -> Vec<Item<Pattern>> {
        let mut items = Vec::new();
        for node in nodes {
            let inner = self.pattern(*node);
            items.push(if is_starred(*node) { Item::Spread(inner) } else { Item::One(inner) });
        }
        items
    }

    /// What `*name` and `**name` bind.
    fn splat(&mut self, node: Tree<'tree>) -> Pattern {
        match parts(node).first() {
            Some(name) => self.named_pattern(*name),
            None => Pattern::Ignored,
        }
    }

    fn map_pattern(&mut self, node: Tree<'tree>) -> Pattern {
        let mut record = RecordPattern::default();
        let all: Vec<_> = node.children(&mut node.walk()).filter(|child| !child.is_extra()).collect();
        for entry in all.split(|child| matches!(child.kind(), "{" | "," | "}")) {
            let colon = entry.iter().position(|child| child.kind() == ":");
            match (entry, colon) {
                ([splat], _) if splat.kind() == "splat_pattern" => {
                    record.rest = Some(Box::new(self.splat(*splat)));
                }
                (entry, Some(colon)) => {
                    let key = self.key(&entry[..colon], node);
                    let value = self.simple_pattern(&entry[colon + 1..]);
                    record.entries.push((key, value));
                }
                _ => {}
            }
        }
        Pattern::Record(record)
    }

    fn key(&mut self, nodes: &[Tree<'tree>], around: Tree<'tree>) -> Expression {
        match self.simple_pattern(nodes) {
            Pattern::Equals(value) => *value,
            _ => unknown(Vec::new(), range(around)),
        }
    }

    fn class_pattern(&mut self, node: Tree<'tree>) -> Pattern {
        let named = child_of_kind(node, "dotted_name");
        let of_type = TypeName::plain(named.and_then(|named| self.dotted(named)).unwrap_or_default());
        let arguments: Vec<_> = parts(node).into_iter().skip(1).collect();
        let fits_whole = WHOLE_VALUES.contains(&of_type.name.as_str());
        let inner = match arguments.as_slice() {
            [] => Pattern::Ignored,
            [only] if fits_whole && keyword_of(*only).is_none() => self.pattern(*only),
            several => self.member_patterns(several),
        };
        Pattern::OfType(of_type, Box::new(inner))
    }

    /// Patterns of an object's members: by name, or by position as a number.
    fn member_patterns(&mut self, nodes: &[Tree<'tree>]) -> Pattern {
        let mut record = RecordPattern { of_fields: true, ..RecordPattern::default() };
        for (position, node) in nodes.iter().enumerate() {
            let key = match keyword_of(*node) {
                Some(name) => text(self.to.text(name), range(name)),
                None => constant(Constant::Integer(position as i128), range(*node)),
            };
            let inner = self.pattern(*node);
            record.entries.push((key, inner));
        }
        Pattern::Record(record)
    }
}

/// A number with its sign turned.
fn negated(value: Expression, place: crate::flow::form::Range) -> Expression {
    match value.kind {
        ExpressionKind::Constant(Constant::Integer(number)) => constant(Constant::Integer(-number), place),
        ExpressionKind::Constant(Constant::Float(number)) => constant(Constant::Float(-number), place),
        kind => {
            let operand = Expression::new(kind, value.range);
            Expression::new(ExpressionKind::Unary(UnaryOperator::Negate, Box::new(operand)), place)
        }
    }
}

fn is_starred(node: Tree<'_>) -> bool {
    node.kind() == "splat_pattern"
        || child_of_kind(node, "splat_pattern").is_some_and(|_| node.kind() == "case_pattern")
}

/// The name in `name=pattern`.
fn keyword_of(node: Tree<'_>) -> Option<Tree<'_>> {
    let keyword =
        if node.kind() == "keyword_pattern" { Some(node) } else { child_of_kind(node, "keyword_pattern") };
    keyword.filter(|_| matches!(node.kind(), "case_pattern" | "keyword_pattern"))?.named_child(0)
}
