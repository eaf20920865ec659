//! The type of an expression as far as one file tells: literals, constructors, casts, declared names.
//!
//! Types are plain names without package, type arguments, `?`, `*` and array brackets.

use crate::candidate::SyntaxNode;
use crate::candidate::literal::{Edge, Literal};
use crate::candidate::needs::Needs;
use crate::candidate::scope::{Mentions, is_function, is_identifier, is_type, name_of, outward};

/// Initialisers that lead to further initialisers are followed this far.
const DEEPEST: usize = 6;

/// Methods whose result has the type of what they are called on.
const SAME_TYPE: &[&str] = &[
    "abs",
    "add",
    "ceil",
    "copy",
    "divide",
    "floor",
    "max",
    "min",
    "minus",
    "movePointLeft",
    "movePointRight",
    "multiply",
    "negate",
    "plus",
    "pow",
    "remainder",
    "round",
    "setScale",
    "stripTrailingZeros",
    "subtract",
    "times",
    "quantize",
];

/// Static methods whose result has the type they are called on.
const FACTORIES: &[&str] = &["of", "valueOf", "from", "create", "getInstance", "parse", "newInstance"];

/// Functions whose result type their name alone tells, in any library.
const KNOWN_RESULTS: &[(&str, &str)] = &[
    ("ParseFloat", "float64"),
    ("ToDecimal", "decimal"),
    ("ToDouble", "double"),
    ("doubleValue", "double"),
    ("floatValue", "float"),
    ("getDouble", "double"),
    ("getFloat", "float"),
    ("getInt", "int"),
    ("getLong", "long"),
    ("intValue", "int"),
    ("longValue", "long"),
    ("nextDouble", "double"),
    ("parseDouble", "double"),
    ("parseFloat", "float"),
    ("parseInt", "int"),
    ("parseLong", "long"),
    ("toBigDecimal", "BigDecimal"),
    ("toDouble", "double"),
    ("toFloat", "float"),
    ("toInt", "int"),
    ("toLong", "long"),
    ("float", "float"),
    ("getBigDecimal", "BigDecimal"),
    ("bigDecimalValue", "BigDecimal"),
];

/// Types of literals: no text need name them.
const UNNAMED: &[&str] = &["String", "decimal", "double", "float", "int"];

/// What a file must hold for an expression in it to have one of the types: its name, or a known function.
pub(crate) fn literals(types: &[String]) -> Needs {
    if types.iter().any(|name| UNNAMED.contains(&name.as_str())) {
        return Needs::new();
    }
    let functions = KNOWN_RESULTS.iter().filter(|(_, result)| types.iter().any(|name| name == result));
    let texts = functions.map(|(function, _)| *function).chain(types.iter().map(String::as_str));
    vec![texts.map(|text| Literal::new(text, Edge::Word)).collect()]
}

/// The type of an expression.
pub(crate) fn type_of(expression: &SyntaxNode<'_>) -> Option<String> {
    infer(expression, 0)
}

/// The type of a name as seen from a node.
pub(crate) fn type_of_name(from: &SyntaxNode<'_>, name: &str) -> Option<String> {
    declared(from, name, 0)
}

fn infer(node: &SyntaxNode<'_>, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    if let Some(literal) = literal_type(node) {
        return Some(literal.to_owned());
    }
    let kind = node.kind();
    match kind.as_ref() {
        "parenthesized_expression"
        | "expression"
        | "expression_list"
        | "literal_element"
        | "argument"
        | "value_argument" => {
            node.children().find(ast_grep_core::Node::is_named).and_then(|inner| infer(&inner, depth + 1))
        }
        "object_creation_expression" | "new_expression" | "cast_expression" | "as_expression" => {
            let named = node.field("type").or_else(|| node.field("constructor"));
            named.or_else(|| node.children().filter(is_type_name).last()).map(|name| plain(&name.text()))
        }
        "unary_expression" | "prefix_expression" => node
            .field("operand")
            .or_else(|| node.children().last())
            .and_then(|inner| infer(&inner, depth + 1)),
        "binary_expression" | "additive_expression" | "multiplicative_expression" | "binary_operator" => {
            arithmetic(node, depth)
        }
        "method_invocation" | "call_expression" | "invocation_expression" | "call" => call(node, depth),
        "field_access"
        | "member_expression"
        | "member_access_expression"
        | "attribute"
        | "navigation_expression"
        | "selector_expression" => {
            let last = node.dfs().filter(is_identifier).last()?;
            declared(&last, &last.text(), depth)
        }
        _ if is_identifier(node) => declared(node, &node.text(), depth),
        _ => None,
    }
}

fn literal_type(node: &SyntaxNode<'_>) -> Option<&'static str> {
    let kind = node.kind();
    match kind.as_ref() {
        "decimal_floating_point_literal"
        | "hex_floating_point_literal"
        | "real_literal"
        | "float_literal"
        | "float"
        | "floating_point_literal" => {
            let text = node.text();
            Some(match text.chars().last() {
                Some('f' | 'F') if !text.starts_with("0x") => "float",
                Some('m' | 'M') => "decimal",
                _ => "double",
            })
        }
        "decimal_integer_literal" | "integer_literal" | "int_literal" | "integer" | "hex_integer_literal" => {
            Some("int")
        }
        "number" | "number_literal" => {
            Some(if node.text().contains(['.', 'e', 'E']) { "double" } else { "int" })
        }
        "string_literal"
        | "string"
        | "interpreted_string_literal"
        | "raw_string_literal"
        | "template_string" => Some("String"),
        _ => None,
    }
}

fn is_type_name(node: &SyntaxNode<'_>) -> bool {
    let kind = node.kind();
    kind.ends_with("type_identifier")
        || kind.ends_with("_type")
        || kind == "identifier"
        || kind == "generic_name"
}

/// Floating point wins in arithmetic, then the left side.
fn arithmetic(node: &SyntaxNode<'_>, depth: usize) -> Option<String> {
    let mut operands = node.children().filter(ast_grep_core::Node::is_named);
    let left = operands.next().and_then(|operand| infer(&operand, depth + 1));
    let right = operands.last().and_then(|operand| infer(&operand, depth + 1));
    if right.as_deref().is_some_and(|kind| matches!(kind, "double" | "float")) {
        right
    } else {
        left.or(right)
    }
}

fn call(node: &SyntaxNode<'_>, depth: usize) -> Option<String> {
    let (name, receiver) = callee(node)?;
    if let Some(&(_, known)) = KNOWN_RESULTS.iter().find(|(method, _)| *method == name) {
        return Some(known.to_owned());
    }
    match receiver {
        Some(receiver) if FACTORIES.contains(&name.as_str()) && starts_upper(&receiver.text()) => {
            Some(plain(&receiver.text()))
        }
        Some(receiver) if SAME_TYPE.contains(&name.as_str()) => infer(&receiver, depth + 1),
        Some(receiver) if !matches!(receiver.text().as_ref(), "this" | "self") => {
            starts_upper(&name).then(|| plain(&name))
        }
        _ if starts_upper(&name) => Some(plain(&name)),
        _ => return_type(node, &name),
    }
}

/// The name of what is called, and what it is called on.
pub(crate) fn callee<'a>(node: &SyntaxNode<'a>) -> Option<(String, Option<SyntaxNode<'a>>)> {
    let callee = node.field("function").or_else(|| node.field("name")).or_else(|| node.child(0))?;
    let name = callee.dfs().filter(is_identifier).last()?.text().into_owned();
    let receiver = node.field("object").or_else(|| {
        let first = callee.named_children().next()?;
        (callee.children().len() > 1).then_some(first)
    });
    Some((name, receiver))
}

fn starts_upper(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
}

/// The return type of a function of the same type or file.
fn return_type(node: &SyntaxNode<'_>, name: &str) -> Option<String> {
    let home = outward(node).find(is_type)?;
    let method = home.dfs().filter(is_function).find(|method| name_of(method).as_deref() == Some(name))?;
    let declared =
        method.field("type").or_else(|| method.field("return_type")).or_else(|| method.field("returns"))?;
    Some(plain(&declared.text()))
}

/// The declared type of a name as seen from `from`.
fn declared(from: &SyntaxNode<'_>, name: &str, depth: usize) -> Option<String> {
    let declaration = declaration(from, name)?;
    match stated_type(&declaration) {
        Some(stated) => Some(stated),
        None => infer(&value_of(&declaration)?, depth + 1),
    }
}

/// The declaration of a name that is nearest to `from`, going outward.
pub(crate) fn declaration<'a>(from: &SyntaxNode<'a>, name: &str) -> Option<SyntaxNode<'a>> {
    let start = from.range().start;
    let mentions = Mentions::of(name, from);
    outward(from).skip(1).find_map(|outer| {
        let kind = outer.kind();
        // Statements after the use declare nothing for it; members of a type do.
        let near: Vec<_> = if has_members(&kind) {
            outer.children().collect()
        } else {
            outer.children().take_while(|child| child.range().start <= start).collect()
        };
        let is_static = kind == "companion_object";
        near.iter().rev().find_map(|child| within(child, name, &mentions, 0, is_static))
    })
}

fn has_members(kind: &str) -> bool {
    kind.ends_with("_body") || matches!(kind, "declaration_list" | "source_file" | "program")
}

fn within<'a>(
    node: &SyntaxNode<'a>,
    name: &str,
    mentions: &Mentions,
    depth: usize,
    in_static: bool,
) -> Option<SyntaxNode<'a>> {
    if !mentions.are_in(node) {
        return None;
    }
    if declares(node, name) {
        return Some(node.clone());
    }
    let kind = node.kind();
    let is_static = kind == "companion_object";
    let is_body = kind.ends_with("block") || kind.ends_with("body") || is_function(node) || is_type(node);
    if depth >= 3 || is_body && !is_static && !in_static {
        return None;
    }
    node.children().find_map(|child| within(&child, name, mentions, depth + 1, is_static))
}

/// Whether the node itself declares the name (not one inside it that does).
pub(crate) fn declares(node: &SyntaxNode<'_>, name: &str) -> bool {
    if is_function(node) || is_type(node) || is_identifier(node) {
        return false;
    }
    let kind = node.kind();
    let is_declaration = kind.contains("declaration")
        || kind.contains("declarator")
        || kind.contains("parameter")
        || kind.contains("_spec")
        || kind.contains("definition")
        || kind.contains("assignment")
        || matches!(
            kind.as_ref(),
            "enhanced_for_statement" | "foreach_statement" | "resource" | "let_declaration"
        );
    is_declaration && declared_names(node).any(|declared| declared == name)
}

pub(crate) fn declared_names<'a>(node: &'a SyntaxNode<'_>) -> impl Iterator<Item = String> + 'a {
    let fields = ["name", "pattern", "left", "declarator"];
    let mut named: Vec<String> = fields
        .iter()
        .flat_map(|field| node.field_children(field).collect::<Vec<_>>())
        .filter_map(|child| child.dfs().find(is_identifier).map(|name| name.text().into_owned()))
        .collect();
    if named.is_empty() {
        named.extend(node.children().find(is_identifier).map(|name| name.text().into_owned()));
    }
    named.into_iter()
}

/// The type that a declaration states, if it states one.
fn stated_type(declaration: &SyntaxNode<'_>) -> Option<String> {
    let own = declaration.field("type").or_else(|| {
        declaration.children().find(|child| {
            let kind = child.kind();
            kind == "user_type"
                || kind == "nullable_type"
                || kind == "predefined_type"
                || kind == "type_annotation"
        })
    });
    let outer = || declaration.parent().filter(|parent| parent.kind() != "argument_list")?.field("type");
    let stated = plain(&own.or_else(outer)?.text());
    (!matches!(stated.as_str(), "var" | "auto" | "val" | "let" | "")).then_some(stated)
}

/// The initial value of a declaration.
pub(crate) fn value_of<'a>(declaration: &SyntaxNode<'a>) -> Option<SyntaxNode<'a>> {
    let direct = ["value", "right", "initializer"].iter().find_map(|field| declaration.field(field));
    let in_declarator = || declaration.field("declarator").and_then(|declarator| declarator.field("value"));
    let after_equals = || {
        let mut children = declaration.children().skip_while(|child| child.text() != "=");
        children.next()?;
        children.next()
    };
    direct.or_else(in_declarator).or_else(after_equals).or_else(|| value_beside(declaration))
}

/// The value that stands beside the declared name: Kotlin's `val NAME = value`.
fn value_beside<'a>(declaration: &SyntaxNode<'a>) -> Option<SyntaxNode<'a>> {
    let property = declaration.parent().filter(|parent| parent.kind() == "property_declaration")?;
    property.children().skip_while(|child| child.text() != "=").nth(1)
}

/// A type's bare name: `java.util.List<String>[]` is `List`.
pub(crate) fn plain(text: &str) -> String {
    let text = text.trim_start_matches([':', '*', '&', '?', ' ']).trim_start_matches("const ");
    let end =
        text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.' || c == ':')).unwrap_or(text.len());
    text[..end].rsplit(['.', ':']).next().unwrap_or_default().to_owned()
}
