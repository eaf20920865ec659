//! Text put together when the program runs: which of its parts are neither constant nor harmless by type.
//!
//! Looks through concatenation, format calls, interpolation, builders and the local names of one function.

use crate::candidate::format_verbs::numeric_holes;
use crate::candidate::scope::{Mentions, is_function, is_identifier, outward};
use crate::candidate::types::{callee, declaration, declares, plain, type_of, type_of_name, value_of};
use crate::candidate::{SyntaxNode, constant};
use crate::policy::Vocabulary;

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

/// Functions whose result is a number, a boolean or a name of the program's own.
const HARMLESS_CALLS: &[&str] = &[
    "Atoi",
    "FormatInt",
    "Itoa",
    "Number",
    "ParseInt",
    "abs",
    "count",
    "float",
    "getCanonicalName",
    "getSimpleName",
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
    "sizeof",
];

/// Members that are numbers.
const NUMBERS: &[&str] = &["Count", "Length", "rowCount"];

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
    "nCopies",
    "snprintf",
    "sprintf",
];

/// Methods that return their receiver's text.
const TRANSPARENT: &[&str] = &[
    "String",
    "ToString",
    "build",
    "repeat",
    "strip",
    "stripIndent",
    "toLowerCase",
    "toString",
    "toUpperCase",
    "trim",
    "trimIndent",
    "trimMargin",
];

/// Constructors and conversions whose argument is the text they begin with.
const BUILDERS: &[&str] = &["String", "StringBuffer", "StringBuilder", "StringJoiner", "str", "valueOf"];

/// Methods that add their arguments to a builder.
const APPENDERS: &[&str] =
    &["Append", "AppendFormat", "AppendLine", "WriteString", "append", "appendLine", "insert", "push"];

/// Functions that write text into their first argument.
const WRITERS: &[&str] = &[
    "asprintf", "snprintf", "sprintf", "strcat", "strcpy", "strlcat", "strlcpy", "strncat", "strncpy",
    "vsprintf",
];

/// Names that lead to further names are followed this far.
const DEEPEST: usize = 8;

/// Whether the expression is text with a constant part and a part that can carry code. Names that belong to
/// `besides` do not count.
pub(crate) fn is_composed(expression: &SyntaxNode<'_>, besides: Option<&Vocabulary>) -> bool {
    let mut parts = Parts { besides, ..Parts::default() };
    parts.read(expression, 0);
    parts.joined && parts.constant && parts.dynamic
}

#[derive(Default)]
struct Parts<'a> {
    /// Whether parts were put together at all.
    joined: bool,
    constant: bool,
    dynamic: bool,
    /// Names already followed: each is read once, however often it is used.
    followed: Vec<String>,
    besides: Option<&'a Vocabulary>,
}

impl Parts<'_> {
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
            "binary_expression" | "additive_expression" | "multiplicative_expression" | "binary_operator" => {
                self.operator(node, depth);
            }
            "method_invocation" | "call_expression" | "invocation_expression" | "call" => {
                self.call(node, depth);
            }
            "object_creation_expression" | "new_expression" if is_builder(node) => {
                arguments(node).iter().for_each(|argument| self.read(argument, depth + 1));
            }
            "conditional_expression" | "ternary_expression" => self.branches(node, depth),
            "parenthesized_expression"
            | "argument"
            | "expression"
            | "expression_list"
            | "tuple"
            | "array"
            | "list"
            | "value_argument"
            | "array_creation_expression" => {
                node.named_children().for_each(|child| self.read(&child, depth + 1));
            }
            _ if is_identifier(node) => self.name(node, depth),
            _ => self.other(node),
        }
    }

    /// Concatenation joins both sides; Python's `%` formats its right side; `*` repeats its left side.
    fn operator(&mut self, node: &SyntaxNode<'_>, depth: usize) {
        let operator = node.children().find(|child| !child.is_named()).map(|child| child.text().into_owned());
        let sides: Vec<_> = node.named_children().collect();
        match (operator.as_deref(), sides.as_slice()) {
            (Some("*"), [left, ..]) => self.read(left, depth + 1),
            (Some("%"), [left, right]) => {
                self.joined = true;
                self.read(left, depth + 1);
                let holes = constant::value(left).map(|format| numeric_holes(&format)).unwrap_or_default();
                let values: Vec<_> = if right.kind() == "tuple" {
                    right.named_children().collect()
                } else {
                    vec![right.clone()]
                };
                self.fill(&holes, &values, depth);
            }
            _ => {
                self.joined = true;
                sides.iter().for_each(|side| self.read(side, depth + 1));
            }
        }
    }

    /// The condition of a conditional is no part of the text.
    fn branches(&mut self, node: &SyntaxNode<'_>, depth: usize) {
        let condition = node.field("condition").map(|condition| condition.node_id());
        for child in node.named_children().filter(|child| Some(child.node_id()) != condition) {
            self.read(&child, depth + 1);
        }
    }

    /// Reads the values of a format, but for those whose hole takes numbers only.
    fn fill(&mut self, numeric: &[bool], values: &[SyntaxNode<'_>], depth: usize) {
        for (index, value) in values.iter().enumerate() {
            if !numeric.get(index).copied().unwrap_or(false) {
                self.read(value, depth + 1);
            }
        }
    }

    fn interpolated(&mut self, node: &SyntaxNode<'_>, depth: usize) {
        self.joined = true;
        self.constant = true;
        for name in constant::plain_holes(node) {
            let harmless =
                type_of_name(node, &name).is_some_and(|known| HARMLESS_TYPES.contains(&known.as_str()));
            self.dynamic |= !harmless && !self.is_besides(&name);
        }
        let is_hole = |part: &SyntaxNode<'_>| {
            let kind = part.kind();
            kind == "interpolation" || kind.contains("substitution") || kind == "interpolated_expression"
        };
        for hole in node.dfs().skip(1).filter(is_hole) {
            let inner: Vec<_> =
                hole.named_children().filter(|child| !child.kind().contains("brace")).collect();
            inner.iter().for_each(|child| self.read(child, depth + 1));
        }
    }

    fn call(&mut self, node: &SyntaxNode<'_>, depth: usize) {
        let Some((name, receiver)) = callee(node) else { return self.other(node) };
        let arguments = arguments(node);
        if FORMATTERS.contains(&name.as_str()) {
            self.joined = true;
            receiver.iter().for_each(|receiver| self.text_receiver(receiver, depth));
            self.format(receiver.as_ref(), &arguments, depth);
        } else if APPENDERS.contains(&name.as_str()) {
            self.joined = true;
            arguments.iter().for_each(|argument| self.read(argument, depth + 1));
            receiver.iter().for_each(|receiver| self.read(receiver, depth + 1));
        } else if BUILDERS.contains(&name.as_str()) {
            arguments.iter().for_each(|argument| self.read(argument, depth + 1));
        } else if TRANSPARENT.contains(&name.as_str()) {
            receiver.iter().for_each(|receiver| self.read(receiver, depth + 1));
        } else if !HARMLESS_CALLS.contains(&name.as_str()) && !self.is_besides(&name) {
            self.other(node);
        }
    }

    /// The arguments of a format call: those after the format fill its holes.
    fn format(&mut self, receiver: Option<&SyntaxNode<'_>>, arguments: &[SyntaxNode<'_>], depth: usize) {
        let format_of = |node: &SyntaxNode<'_>| constant::value(node).filter(|format| format.contains('%'));
        if let Some(format) = receiver.and_then(format_of) {
            return self.fill(&numeric_holes(&format), arguments, depth);
        }
        let format = arguments.iter().enumerate().find_map(|(at, argument)| Some((at, format_of(argument)?)));
        let (at, holes) = format.map_or((0, Vec::new()), |(at, format)| (at + 1, numeric_holes(&format)));
        self.constant |= at > 0;
        self.fill(&holes, &arguments[at..], depth);
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
        if outward(&declared).take(3).any(|outer| outer.kind().contains("parameter")) {
            return self.other(node);
        }
        let before = (self.dynamic, self.constant);
        let value = value_of(&declared);
        if let Some(value) = &value {
            self.joined |= declared.text().contains("+=");
            self.read(value, depth + 1);
        }
        let Some(function) = outward(node).find(is_function) else { return };
        let written = Mentions::of(&name, node).nodes(&function);
        for write in written.into_iter().filter(|write| write.range().end <= node.range().start) {
            self.write(&write, &name, depth);
        }
        if before == (self.dynamic, self.constant) && value.is_none() {
            self.other(node);
        }
    }

    /// A later assignment, append or print into the name.
    fn write(&mut self, node: &SyntaxNode<'_>, name: &str, depth: usize) {
        let kind = node.kind();
        if kind.contains("assignment") {
            let to_name = node.field("left").is_some_and(|left| left.text() == name);
            if let Some(value) = node.field("right").filter(|_| to_name) {
                self.joined |= node.text().contains("+=");
                self.read(&value, depth + 1);
            }
        } else if kind.contains("invocation") || kind.contains("call") {
            self.written_by_call(node, name, depth);
        } else if declares(node, name) {
            value_of(node).iter().for_each(|value| self.read(value, depth + 1));
        }
    }

    fn written_by_call(&mut self, node: &SyntaxNode<'_>, name: &str, depth: usize) {
        let Some((called, receiver)) = callee(node) else { return };
        let arguments = arguments(node);
        if WRITERS.contains(&called.as_str()) && arguments.first().is_some_and(|first| first.text() == name) {
            self.joined = true;
            self.format(None, &arguments[1..], depth);
        } else if APPENDERS.contains(&called.as_str()) {
            let root = receiver.and_then(|receiver| receiver.dfs().find(is_identifier));
            if root.is_some_and(|root| root.text() == name) {
                self.joined = true;
                arguments.iter().for_each(|argument| self.read(argument, depth + 1));
            }
        }
    }

    fn other(&mut self, node: &SyntaxNode<'_>) {
        let kind = node.kind();
        if kind.contains("comment") || kind.contains("type") || kind.starts_with("sizeof") || !node.is_named()
        {
            return;
        }
        let last = node.dfs().filter(is_identifier).last().map(|name| name.text().into_owned());
        let is_path =
            is_identifier(node) || node.field("field").or_else(|| node.field("attribute")).is_some();
        if is_path && last.as_deref().is_some_and(shouts) {
            self.constant = true;
            return;
        }
        let is_number =
            last.as_deref().is_some_and(|name| HARMLESS_CALLS.contains(&name) || NUMBERS.contains(&name));
        let harmless = is_path && is_number
            || type_of(node).is_some_and(|known| HARMLESS_TYPES.contains(&known.as_str()));
        self.dynamic |= !harmless && !last.is_some_and(|name| self.is_besides(&name));
    }

    fn is_besides(&self, name: &str) -> bool {
        self.besides.is_some_and(|besides| besides.holds(name))
    }
}

fn is_builder(creation: &SyntaxNode<'_>) -> bool {
    let named = creation.field("type").or_else(|| creation.field("constructor"));
    named.is_some_and(|name| BUILDERS.contains(&plain(&name.text()).as_str()))
}

/// Whether a name is written as constants are: `SELECT_ALL`.
fn shouts(name: &str) -> bool {
    name.len() > 1 && name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
}

fn arguments<'a>(node: &SyntaxNode<'a>) -> Vec<SyntaxNode<'a>> {
    let list = node.field("arguments").or_else(|| node.children().last());
    list.map(|list| list.named_children().collect()).unwrap_or_default()
}
