//! What values are bound to: names, places, destructuring.

use crate::flow::form::{Expression, Item, Pattern, RecordPattern, TypeName};
use crate::flow::javascript::{Script, Tree};
use crate::flow::lowering::{children, range, text};

impl<'tree> Script<'tree> {
    pub(super) fn pattern(&mut self, node: Tree<'tree>) -> Pattern {
        match node.kind() {
            "identifier" | "shorthand_property_identifier_pattern" | "shorthand_property_identifier" => {
                Pattern::Name(self.to.text(node).to_owned(), range(node))
            }
            "array_pattern" | "array" => self.sequence(node),
            "object_pattern" | "object" => self.record(node),
            "assignment_pattern" | "object_assignment_pattern" | "assignment_expression" => {
                let inner = node.child_by_field_name("left").map(|left| self.pattern(left));
                let default = self.part(node, "right");
                Pattern::Default(Box::new(inner.unwrap_or(Pattern::Ignored)), Box::new(default))
            }
            "rest_pattern" | "spread_element" | "parenthesized_expression" => {
                children(node).first().map_or(Pattern::Ignored, |inner| self.pattern(*inner))
            }
            _ => Pattern::Place(Box::new(self.expression(node))),
        }
    }

    /// Elements by position; a hole takes its place.
    fn sequence(&mut self, node: Tree<'tree>) -> Pattern {
        let mut items = Vec::new();
        let mut expects = true;
        for child in node.children(&mut node.walk()).collect::<Vec<_>>() {
            match child.kind() {
                "," => {
                    if expects {
                        items.push(Item::One(Pattern::Ignored));
                    }
                    expects = true;
                }
                "[" | "]" | "comment" => {}
                "rest_pattern" | "spread_element" => {
                    items.push(Item::Spread(self.pattern(child)));
                    expects = false;
                }
                _ => {
                    items.push(Item::One(self.pattern(child)));
                    expects = false;
                }
            }
        }
        Pattern::Sequence(items)
    }

    fn record(&mut self, node: Tree<'tree>) -> Pattern {
        let mut record = RecordPattern::default();
        for child in children(node) {
            match child.kind() {
                "pair_pattern" | "pair" => {
                    let key = child.child_by_field_name("key").map(|key| self.key(key));
                    let value = child.child_by_field_name("value").map(|value| self.pattern(value));
                    if let (Some(key), Some(value)) = (key, value) {
                        record.entries.push((key, value));
                    }
                }
                "rest_pattern" | "spread_element" => record.rest = Some(Box::new(self.pattern(child))),
                _ => {
                    let named = match child.kind() {
                        "object_assignment_pattern" => self.to.field_text(child, "left"),
                        _ => self.to.text(child),
                    };
                    let named = named.to_owned();
                    record.entries.push((text(named, range(child)), self.pattern(child)));
                }
            }
        }
        Pattern::Record(record)
    }

    /// A property's name, or what computes it.
    pub(super) fn key(&mut self, node: Tree<'tree>) -> Expression {
        match node.kind() {
            "property_identifier"
            | "private_property_identifier"
            | "shorthand_property_identifier"
            | "identifier" => text(self.to.text(node), range(node)),
            "computed_property_name" => self.inner(node),
            _ => self.expression(node),
        }
    }

    /// The type behind a `: T`.
    pub(super) fn annotated_type(&self, node: Tree<'tree>) -> Option<TypeName> {
        match node.kind() {
            "type_annotation" => children(node).first().map(|inner| self.type_name(*inner)),
            _ => Some(self.type_name(node)),
        }
    }

    pub(super) fn type_name(&self, node: Tree<'tree>) -> TypeName {
        let parts =
            || -> Vec<TypeName> { children(node).into_iter().map(|inner| self.type_name(inner)).collect() };
        match node.kind() {
            "generic_type" => {
                let name = node.child_by_field_name("name").map_or("", |name| self.to.text(name)).to_owned();
                let arguments = node.child_by_field_name("type_arguments").map(children).unwrap_or_default();
                TypeName {
                    name,
                    arguments: arguments.into_iter().map(|inner| self.type_name(inner)).collect(),
                }
            }
            "array_type" => TypeName { name: "[]".to_owned(), arguments: parts() },
            "tuple_type" => TypeName { name: "tuple".to_owned(), arguments: parts() },
            "union_type" => TypeName { name: "|".to_owned(), arguments: parts() },
            "readonly_type" | "parenthesized_type" => parts().into_iter().next().unwrap_or_default(),
            "function_type" => TypeName::plain("func"),
            "object_type" => TypeName::plain("object"),
            _ => TypeName::plain(self.to.text(node).split_whitespace().collect::<String>()),
        }
    }
}
