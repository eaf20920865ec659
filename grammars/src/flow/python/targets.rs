//! What is assigned to: variables, members, elements, and sequences of them. In: the left side of an assignment, a loop
//! or a `with`. Out: a pattern.

use crate::flow::form::{Expression, ExpressionKind, Item, Pattern};
use crate::flow::lowering::range;
use crate::flow::python::{Python, Tree, has_comma, parts};

impl<'tree> Python<'tree> {
    pub(super) fn target(&mut self, node: Tree<'tree>) -> Pattern {
        match node.kind() {
            "identifier" => self.bind(self.to.text(node), range(node)),
            "tuple_pattern" if !has_comma(node) && node.named_child_count() > 0 => self.inner_target(node),
            "parenthesized_expression" | "as_pattern_target" | "list_splat_pattern" | "list_splat" => {
                self.inner_target(node)
            }
            "tuple_pattern" | "list_pattern" | "pattern_list" | "tuple" | "list" | "expression_list" => {
                Pattern::Sequence(self.target_items(node))
            }
            _ => Pattern::Place(Box::new(self.expression(node))),
        }
    }

    fn inner_target(&mut self, node: Tree<'tree>) -> Pattern {
        match parts(node).first() {
            Some(inner) if is_starred(*inner) && node.kind() == "tuple_pattern" => {
                Pattern::Sequence(self.target_items(node))
            }
            Some(inner) => self.target(*inner),
            None => Pattern::Ignored,
        }
    }

    fn target_items(&mut self, node: Tree<'tree>) -> Vec<Item<Pattern>> {
        let mut items = Vec::new();
        for child in parts(node) {
            let inner = self.target(child);
            items.push(if is_starred(child) { Item::Spread(inner) } else { Item::One(inner) });
        }
        items
    }

    /// A pattern's place as an expression, for what reads before it sets.
    pub(super) fn target_as_expression(&mut self, node: Tree<'tree>) -> Expression {
        match node.kind() {
            "identifier" => Expression::new(ExpressionKind::Name(self.to.text(node).to_owned()), range(node)),
            _ => self.expression(node),
        }
    }
}

fn is_starred(node: Tree<'_>) -> bool {
    matches!(node.kind(), "list_splat_pattern" | "list_splat")
}
