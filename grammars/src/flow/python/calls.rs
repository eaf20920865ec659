//! Calls and their arguments. `super()` in a class is the object of the method as its super type.

use crate::flow::form::{Argument, Expression, ExpressionKind, Spread};
use crate::flow::lowering::{argument, call, range};
use crate::flow::python::{Python, Tree, parts};

impl<'tree> Python<'tree> {
    pub(super) fn call(&mut self, node: Tree<'tree>) -> Expression {
        let Some(function) = node.child_by_field_name("function") else { return self.unknown(node) };
        if self.to.text(function) == "super" && self.is_in_class() {
            return Expression::new(ExpressionKind::Super, range(node));
        }
        let callee = self.expression(function);
        let arguments = node.child_by_field_name("arguments");
        let arguments = match arguments {
            Some(only) if only.kind() == "generator_expression" => vec![argument(self.expression(only))],
            Some(list) => self.arguments(list),
            None => Vec::new(),
        };
        call(callee, arguments, range(node))
    }

    fn arguments(&mut self, list: Tree<'tree>) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for node in parts(list) {
            arguments.push(self.argument(node));
        }
        arguments
    }

    fn argument(&mut self, node: Tree<'tree>) -> Argument {
        match node.kind() {
            "keyword_argument" => {
                let mut named = argument(self.field(node, "value"));
                named.name = Some(self.to.field_text(node, "name").to_owned());
                named
            }
            "list_splat" | "list_splat_pattern" => self.spread(node, Spread::Elements),
            "dictionary_splat" => self.spread(node, Spread::Entries),
            "parenthesized_expression" => match parts(node).as_slice() {
                [only] => self.argument(*only),
                _ => argument(self.unknown(node)),
            },
            _ => argument(self.expression(node)),
        }
    }

    fn spread(&mut self, node: Tree<'tree>, spread: Spread) -> Argument {
        let value = match parts(node).first() {
            Some(inner) => self.expression(*inner),
            None => self.unknown(node),
        };
        Argument { spread, ..argument(value) }
    }
}
