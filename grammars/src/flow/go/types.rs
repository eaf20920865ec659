//! Go's types as written.

use crate::flow::form::TypeName;
use crate::flow::go::{Go, Tree};
use crate::flow::lowering::{child_of_kind, children};

/// Types that a conversion may name without being declared.
const BUILT_IN: [&str; 22] = [
    "bool",
    "string",
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uintptr",
    "byte",
    "rune",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "error",
    "any",
    "comparable",
];

pub(super) fn is_built_in(name: &str) -> bool {
    BUILT_IN.contains(&name)
}

impl<'tree> Go<'tree> {
    pub(super) fn type_name(&self, node: Tree<'tree>) -> TypeName {
        let inner = |field: &str| -> Vec<TypeName> {
            node.child_by_field_name(field).map(|inner| self.type_name(inner)).into_iter().collect()
        };
        let made = |name: &str, arguments: Vec<TypeName>| TypeName { name: name.to_owned(), arguments };
        match node.kind() {
            "slice_type" | "array_type" | "implicit_length_array_type" => made("[]", inner("element")),
            "map_type" => {
                let mut arguments = inner("key");
                arguments.extend(inner("value"));
                made("map", arguments)
            }
            "pointer_type" => {
                made("*", children(node).into_iter().map(|inner| self.type_name(inner)).collect())
            }
            "channel_type" => made("chan", inner("value")),
            "function_type" => made("func", Vec::new()),
            "struct_type" => made("struct", Vec::new()),
            "interface_type" if children(node).is_empty() => made("interface{}", Vec::new()),
            "interface_type" => made("interface", Vec::new()),
            "generic_type" => {
                let mut of_type = inner("type").pop().unwrap_or_default();
                let arguments = child_of_kind(node, "type_arguments").map(children).unwrap_or_default();
                of_type.arguments = arguments.into_iter().map(|argument| self.type_name(argument)).collect();
                of_type
            }
            "parenthesized_type" | "type_elem" | "negated_type" | "type_constraint" => {
                children(node).first().map(|inner| self.type_name(*inner)).unwrap_or_default()
            }
            "parameter_list" => made("tuple", Vec::new()),
            _ => TypeName::plain(self.to.text(node).split_whitespace().collect::<String>()),
        }
    }
}

/// Whether a node is a type, and no expression.
pub(super) fn is_type(node: Tree<'_>) -> bool {
    matches!(
        node.kind(),
        "slice_type"
            | "array_type"
            | "implicit_length_array_type"
            | "map_type"
            | "pointer_type"
            | "channel_type"
            | "function_type"
            | "struct_type"
            | "interface_type"
            | "generic_type"
            | "parenthesized_type"
            | "type_identifier"
            | "qualified_type"
    )
}
