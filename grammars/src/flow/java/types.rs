//! Types and modifiers as Java writes them.

use crate::flow::form::TypeName;
use crate::flow::java::{Java, Tree};
use crate::flow::lowering::{child_of_kind, children};

impl<'tree> Java<'tree> {
    pub(super) fn has_modifier(&self, node: Tree<'tree>, word: &str) -> bool {
        child_of_kind(node, "modifiers").is_some_and(|modifiers| self.to.has_word(modifiers, word))
    }

    pub(super) fn type_name(&self, node: Tree<'tree>) -> TypeName {
        match node.kind() {
            "generic_type" => {
                let mut parts = children(node).into_iter();
                let name = parts.next().map_or_else(String::new, |name| self.type_name(name).name);
                let arguments = parts.flat_map(children).map(|argument| self.type_name(argument)).collect();
                TypeName { name, arguments }
            }
            "array_type" => {
                let element = node.child_by_field_name("element").map(|element| self.type_name(element));
                let inner = element.unwrap_or_default();
                self.with_dimensions(Some(inner), node).unwrap_or_default()
            }
            "annotated_type" | "catch_type" => {
                let inner = children(node).into_iter().rfind(|child| !child.kind().ends_with("annotation"));
                inner.map(|inner| self.type_name(inner)).unwrap_or_default()
            }
            "scoped_type_identifier" => {
                let parts = children(node).into_iter().filter(|child| !child.kind().ends_with("annotation"));
                let names: Vec<_> = parts.map(|part| self.type_name(part).name).collect();
                TypeName::plain(names.join("."))
            }
            "wildcard" => {
                let bound = children(node).into_iter().find(|child| !child.kind().ends_with("annotation"));
                bound.map_or_else(|| TypeName::plain("Object"), |bound| self.type_name(bound))
            }
            _ => TypeName::plain(self.to.text(node).split_whitespace().collect::<String>()),
        }
    }

    /// The type with as many array dimensions as the node writes (`int[] a[]`).
    pub(super) fn with_dimensions(&self, of_type: Option<TypeName>, node: Tree<'tree>) -> Option<TypeName> {
        let dimensions = node.child_by_field_name("dimensions");
        let depth = dimensions.map_or(0, |written| self.to.text(written).matches('[').count());
        let mut of_type = of_type?;
        for _ in 0..depth {
            of_type = TypeName { name: "[]".to_owned(), arguments: vec![of_type] };
        }
        Some(of_type)
    }

    pub(super) fn supers(&self, node: Tree<'tree>) -> Vec<TypeName> {
        let clauses = children(node)
            .into_iter()
            .filter(|child| matches!(child.kind(), "superclass" | "super_interfaces" | "extends_interfaces"));
        let lists = clauses.flat_map(children).flat_map(|child| match child.kind() {
            "type_list" => children(child),
            _ => vec![child],
        });
        lists.map(|of_type| self.type_name(of_type)).collect()
    }

    pub(super) fn type_parameters(&self, node: Tree<'tree>) -> Vec<String> {
        let list = node.child_by_field_name("type_parameters").map(children).unwrap_or_default();
        let names =
            list.into_iter().filter_map(|parameter| child_of_kind(parameter, "type_identifier identifier"));
        names.map(|name| self.to.text(name).to_owned()).collect()
    }
}
