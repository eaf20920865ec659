//! The value of an expression where one file alone fixes it: literals, their concatenation, constants.

use crate::candidate::SyntaxNode;
use crate::candidate::scope::{Mentions, is_function, is_identifier, outward};
use crate::candidate::types::{declaration, value_of};

/// Constants that lead to further constants are followed this far.
const DEEPEST: usize = 6;

/// The text of a constant expression: a string's content, a number as written.
pub(crate) fn value(expression: &SyntaxNode<'_>) -> Option<String> {
    evaluate(expression, 0)
}

fn evaluate(node: &SyntaxNode<'_>, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    let kind = node.kind();
    if kind.contains("string") {
        return (!has_hole(node)).then(|| unquote(&node.text()).to_owned());
    }
    if kind.ends_with("_literal")
        || matches!(kind.as_ref(), "number" | "integer" | "float" | "true" | "false")
    {
        return Some(unquote(&node.text()).to_owned());
    }
    match kind.as_ref() {
        "parenthesized_expression" | "argument" | "expression" | "expression_list" => {
            node.children().find(ast_grep_core::Node::is_named).and_then(|inner| evaluate(&inner, depth + 1))
        }
        "binary_expression" | "additive_expression" | "binary_operator" => {
            let plus = node.children().any(|child| child.text() == "+");
            let mut sides = node.children().filter(ast_grep_core::Node::is_named);
            let (left, right) = (sides.next()?, sides.next()?);
            plus.then(|| Some(evaluate(&left, depth + 1)? + &evaluate(&right, depth + 1)?))?
        }
        "object_creation_expression"
        | "new_expression"
        | "method_invocation"
        | "call_expression"
        | "invocation_expression"
        | "call"
        | "value_argument" => wrapped(node, depth),
        "field_access" | "member_expression" | "member_access_expression" | "attribute" => {
            let name = node.dfs().filter(is_identifier).last()?;
            named(&name, depth)
        }
        _ if is_identifier(node) => named(node, depth),
        _ => None,
    }
}

/// Constructors and functions whose value is that of their one argument.
const WRAPPERS: &[&str] = &[
    "BigDecimal",
    "BigInteger",
    "Decimal",
    "Double",
    "Integer",
    "Long",
    "NewFromInt",
    "String",
    "int",
    "long",
    "parse",
    "str",
    "toBigDecimal",
    "toString",
    "trim",
    "valueOf",
];

/// The value inside a wrapper such as `new BigDecimal("365")` or `BigDecimal.valueOf(365)`.
fn wrapped(node: &SyntaxNode<'_>, depth: usize) -> Option<String> {
    if node.kind() == "value_argument" {
        return node.named_children().next().and_then(|inner| evaluate(&inner, depth + 1));
    }
    let arguments = node.field("arguments").or_else(|| node.children().last())?;
    let callee = node.children().take_while(|child| child.range().end <= arguments.range().start);
    let names: Vec<_> =
        callee.flat_map(|part| part.dfs().filter(is_identifier).collect::<Vec<_>>()).collect();
    let wraps = names.last().is_some_and(|name| WRAPPERS.contains(&name.text().as_ref()));
    let mut inside = arguments.named_children();
    match (wraps, inside.next(), inside.next()) {
        (true, Some(only), None) => evaluate(&only, depth + 1),
        _ => None,
    }
}

/// The value of a name that is declared as unchangeable.
fn named(name: &SyntaxNode<'_>, depth: usize) -> Option<String> {
    let text = name.text();
    let declaration = declaration(name, &text)?;
    let whole = declaration.parent().filter(|parent| {
        let kind = parent.kind();
        kind.ends_with("declaration") || kind.ends_with("definition") || kind.ends_with("_spec")
    });
    let is_constant = whole.into_iter().chain([declaration.clone()]).any(|node| {
        let head = node.text();
        let head = head.split('=').next().unwrap_or_default();
        head.split_whitespace().any(|word| matches!(word, "final" | "const" | "val" | "readonly"))
            || node.kind().starts_with("const_")
    });
    let shouts = text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase);
    let fixed = is_constant || shouts || is_written_once(name, &declaration);
    fixed.then(|| evaluate(&value_of(&declaration)?, depth + 1))?
}

/// Whether a local name is given its value where it is declared, and never again in its function.
fn is_written_once(name: &SyntaxNode<'_>, declaration: &SyntaxNode<'_>) -> bool {
    let text = name.text();
    let Some(function) = outward(name).filter(is_function).last() else { return false };
    let is_local = function.range().contains(&declaration.range().start);
    let is_parameter = outward(declaration).any(|outer| outer.kind().contains("parameter"));
    let writes = |node: &SyntaxNode<'_>| {
        let kind = node.kind();
        (kind.contains("assignment") || kind.contains("update"))
            && !node.range().contains(&declaration.range().start)
            && node.field("left").or_else(|| node.child(0)).is_some_and(|left| left.text() == text)
    };
    is_local && !is_parameter && !Mentions::of(&text, name).nodes(&function).iter().any(writes)
}

/// Whether a string literal has an interpolated part.
fn has_hole(node: &SyntaxNode<'_>) -> bool {
    node.dfs().skip(1).any(|part| {
        let kind = part.kind();
        kind.contains("interpolat") || kind.contains("substitution")
    }) || plain_holes(node).next().is_some()
}

/// Names after a plain `$` in a string, which the Kotlin grammar reads as two pieces of content.
pub(crate) fn plain_holes<'a>(string: &'a SyntaxNode<'_>) -> impl Iterator<Item = String> + 'a {
    let pieces: Vec<_> = string.children().filter(|piece| piece.kind() == "string_content").collect();
    let holes: Vec<String> = pieces
        .windows(2)
        .filter(|pair| pair[0].text() == "$")
        .map(|pair| pair[1].text().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
        .filter(|name: &String| name.starts_with(|c: char| c.is_alphabetic() || c == '_'))
        .collect();
    holes.into_iter()
}

/// A literal's text without its quotes and prefix letters.
pub(crate) fn unquote(text: &str) -> &str {
    let text = text.trim();
    let body = text.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '@' || c == '$');
    let quote = ["\"\"\"", "'''", "\"", "'", "`"].into_iter().find(|quote| body.starts_with(quote));
    match quote {
        Some(quote) if body.len() >= 2 * quote.len() && body.ends_with(quote) => {
            &body[quote.len()..body.len() - quote.len()]
        }
        Some(_) | None => text,
    }
}
