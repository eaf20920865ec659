//! Text put together when the program runs: which of its parts are neither constant nor harmless by type.
//!
//! Looks through concatenation, format calls, interpolation, builders and the local names of one function.

use crate::candidate::scope::{is_function, is_identifier, outward};
use crate::candidate::types::{declaration, type_of, value_of};
use crate::candidate::{SyntaxNode, constant};

/// Types whose values cannot carry code: numbers, booleans, dates, identifiers.
const HARMLESS_TYPES: &[&str] = &[
    "BigDecimal",
    "BigInteger",
    "Boolean",
    "Byte",
    "Date",
    "DateTime",
    "Decimal",
    "Double",
    "Duration",
    "Float",
    "Guid",
    "Instant",
    "Int",
    "Integer",
    "LocalDate",
    "LocalDateTime",
    "LocalTime",
    "Long",
    "Short",
    "Timestamp",
    "UUID",
    "bool",
    "boolean",
    "byte",
    "date",
    "datetime",
    "decimal",
    "double",
    "float",
    "float32",
    "float64",
    "int",
    "int16",
    "int32",
    "int64",
    "long",
    "number",
    "short",
    "size_t",
    "uint",
    "uint32",
    "uint64",
    "unsigned",
];

/// Functions whose result is a number, a boolean or a quoted value.
const HARMLESS_CALLS: &[&str] = &[
    "Atoi",
    "FormatInt",
    "Itoa",
    "Number",
    "ParseInt",
    "abs",
    "count",
    "float",
    "hashCode",
    "indexOf",
    "int",
    "intValue",
    "len",
    "length",
    "longValue",
    "ordinal",
    "parseFloat",
    "parseInt",
    "parseLong",
    "size",
    "str_repeat",
];

/// Functions that put text together from their arguments.
const FORMATTERS: &[&str] = &[
    "Concat",
    "Format",
    "Join",
    "Sprint",
    "Sprintf",
    "concat",
    "format",
    "formatted",
    "join",
    "snprintf",
    "sprintf",
];

/// Methods that return their receiver's text.
const TRANSPARENT: &[&str] = &[
    "ToString",
    "build",
    "strip",
    "stripIndent",
    "toLowerCase",
    "toString",
    "toUpperCase",
    "trim",
    "trimIndent",
    "trimMargin",
    "String",
];

/// Methods that add their arguments to a builder.
const APPENDERS: &[&str] =
    &["Append", "AppendFormat", "AppendLine", "WriteString", "append", "insert", "push"];

/// Names that lead to further names are followed this far.
const DEEPEST: usize = 8;

/// Whether the expression is text with a constant part and a part that can carry code.
pub(crate) fn is_composed(expression: &SyntaxNode<'_>) -> bool {
    let mut parts = Parts::default();
    parts.read(expression, 0);
    parts.joined && parts.constant && parts.dynamic
}

#[derive(Default)]
struct Parts {
    /// Whether parts were put together at all.
    joined: bool,
    constant: bool,
    dynamic: bool,
    /// Names already followed: each is read once, however often it is used.
    followed: Vec<String>,
}

impl Parts {
    fn read(&mut self, node: &SyntaxNode<'_>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let kind = node.kind();
        if constant::value(node).is_some() {
            self.constant = true;
            return;
        }
        if kind.contains("string") {
            return self.interpolated(node, depth);
        }
        match kind.as_ref() {
            "parenthesized_expression"
            | "argument"
            | "expression"
            | "expression_list"
            | "tuple"
            | "array"
            | "value_argument"
            | "conditional_expression"
            | "ternary_expression"
            | "array_creation_expression" => {
                self.children(node, depth);
            }
            "binary_expression" | "additive_expression" | "multiplicative_expression" | "binary_operator" => {
                self.joined = true;
                self.children(node, depth);
            }
            "method_invocation" | "call_expression" | "invocation_expression" | "call" => {
                self.call(node, depth)
            }
            _ if is_identifier(node) => self.name(node, depth),
            _ => self.other(node),
        }
    }

    fn children(&mut self, node: &SyntaxNode<'_>, depth: usize) {
        node.named_children().for_each(|child| self.read(&child, depth + 1));
    }

    fn interpolated(&mut self, node: &SyntaxNode<'_>, depth: usize) {
        self.joined = true;
        self.constant = true;
        for hole in node.dfs().skip(1).filter(|part| {
            let kind = part.kind();
            kind.contains("interpolation") || kind.contains("substitution")
        }) {
            let inner: Vec<_> =
                hole.named_children().filter(|child| !child.kind().contains("brace")).collect();
            inner.iter().for_each(|child| self.read(child, depth + 1));
        }
    }

    fn call(&mut self, node: &SyntaxNode<'_>, depth: usize) {
        let Some((name, receiver)) = callee(node) else { return self.other(node) };
        let arguments = node.field("arguments").or_else(|| node.children().last());
        if FORMATTERS.contains(&name.as_str()) {
            self.joined = true;
            receiver.iter().for_each(|receiver| self.text_receiver(receiver, depth));
            arguments.iter().for_each(|arguments| self.children(arguments, depth));
        } else if APPENDERS.contains(&name.as_str()) {
            self.joined = true;
            arguments.iter().for_each(|arguments| self.children(arguments, depth));
            receiver.iter().for_each(|receiver| self.read(receiver, depth + 1));
        } else if TRANSPARENT.contains(&name.as_str()) {
            receiver.iter().for_each(|receiver| self.read(receiver, depth + 1));
        } else if !HARMLESS_CALLS.contains(&name.as_str()) {
            self.other(node);
        }
    }

    /// The receiver of a format call is text only where it is no class or package: `"…".format(x)`.
    fn text_receiver(&mut self, receiver: &SyntaxNode<'_>, depth: usize) {
        if receiver.kind().contains("string") || declaration(receiver, &receiver.text()).is_some() {
            self.read(receiver, depth + 1);
        }
    }

    /// A local name stands for everything that its function puts into it.
    fn name(&mut self, node: &SyntaxNode<'_>, depth: usize) {
        let name = node.text();
        if self.followed.iter().any(|followed| *followed == name) {
            return;
        }
        self.followed.push(name.to_string());
        let Some(declared) = declaration(node, &name) else { return self.other(node) };
        if declared.kind().contains("parameter") {
            return self.other(node);
        }
        let before = (self.dynamic, self.constant);
        if let Some(value) = value_of(&declared) {
            self.read(&value, depth + 1);
        }
        let Some(function) = outward(node).find(is_function) else { return };
        for write in function.dfs().filter(|write| write.range().end <= node.range().start) {
            self.write(&write, &name, depth);
        }
        if before == (self.dynamic, self.constant) && value_of(&declared).is_none() {
            self.other(node);
        }
    }

    /// A later assignment or append to the name.
    fn write(&mut self, node: &SyntaxNode<'_>, name: &str, depth: usize) {
        let kind = node.kind();
        if kind.contains("assignment") {
            let to_name = node.field("left").is_some_and(|left| left.text() == name);
            if let Some(value) = node.field("right").filter(|_| to_name) {
                self.joined |= node.text().contains("+=");
                self.read(&value, depth + 1);
            }
        } else if kind.contains("invocation") || kind.contains("call") {
            let appended = callee(node).filter(|(method, _)| APPENDERS.contains(&method.as_str()));
            let root = appended.and_then(|(_, receiver)| receiver).is_some_and(|receiver| {
                receiver.dfs().find(is_identifier).is_some_and(|first| first.text() == name)
            });
            if let Some(arguments) = node.field("arguments").filter(|_| root) {
                self.joined = true;
                self.children(&arguments, depth);
            }
        }
    }

    fn other(&mut self, node: &SyntaxNode<'_>) {
        let kind = node.kind();
        let is_code = !kind.contains("comment") && !kind.contains("type") && node.is_named();
        let harmless = || type_of(node).is_some_and(|known| HARMLESS_TYPES.contains(&known.as_str()));
        self.dynamic |= is_code && !harmless();
    }
}

/// The name of what is called, and what it is called on.
fn callee<'a>(node: &SyntaxNode<'a>) -> Option<(String, Option<SyntaxNode<'a>>)> {
    let callee = node.field("function").or_else(|| node.field("name")).or_else(|| node.child(0))?;
    let name = callee.dfs().filter(is_identifier).last()?.text().into_owned();
    let receiver = node.field("object").or_else(|| {
        let first = callee.named_children().next()?;
        (callee.children().len() > 1).then_some(first)
    });
    Some((name, receiver))
}
