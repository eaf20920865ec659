//! The names around a place: those in an expression, and those that say what a value is for.

use crate::candidate::SyntaxNode;
use crate::candidate::scope::{is_function, is_identifier, is_type, name_of, outward};

/// Every name inside the node.
pub(crate) fn inside(node: &SyntaxNode<'_>) -> Vec<String> {
    node.dfs().filter(is_identifier).map(|name| name.text().into_owned()).collect()
}

/// The names that say what the value is for: what it is assigned to, passed as, keyed by; then the
/// enclosing function.
pub(crate) fn purpose(node: &SyntaxNode<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for outer in outward(node).skip(1) {
        if is_type(&outer) {
            break;
        }
        if is_function(&outer) {
            names.extend(name_of(&outer));
            continue;
        }
        names.extend(target(&outer, node));
    }
    names
}

/// The name that an enclosing construct gives to the value inside it.
fn target(outer: &SyntaxNode<'_>, value: &SyntaxNode<'_>) -> Option<String> {
    let kind = outer.kind();
    let names_value = kind.contains("declarator")
        || kind.contains("assignment")
        || kind.contains("property_declaration")
        || kind.contains("short_var_declaration")
        || kind.ends_with("_definition")
        || kind.ends_with("_spec")
        || matches!(
            kind.as_ref(),
            "pair" | "keyword_argument" | "let_declaration" | "keyed_element" | "field_initializer"
        );
    if names_value {
        let named = ["name", "left", "key", "pattern"].iter().find_map(|field| outer.field(field));
        let named = named.or_else(|| outer.children().find(ast_grep_core::Node::is_named))?;
        let is_value = named.range().contains(&value.range().start);
        return (!is_value).then(|| named.text().into_owned());
    }
    if matches!(kind.as_ref(), "method_invocation" | "call_expression" | "invocation_expression" | "call") {
        let callee = outer.field("name").or_else(|| outer.field("function")).or_else(|| outer.child(0))?;
        let is_callee =
            callee.range().contains(&value.range().start) || value.range().contains(&callee.range().start);
        return (!is_callee)
            .then(|| callee.dfs().filter(is_identifier).last().map(|name| name.text().into_owned()))?;
    }
    None
}
