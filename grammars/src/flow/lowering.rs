//! What the lowerings of all languages share: the unit under construction, and short ways to make parts of it.

use std::collections::BTreeSet;

use tree_sitter::Node;

use crate::SyntaxTree;
use crate::flow::form::{
    Argument, BinaryOperator, Block, Constant, Expression, ExpressionKind, Function, FunctionId, Pattern,
    Range, ScopeKind, Spread, Statement, StatementKind, TypeDeclaration, TypeId, Unit,
};

/// A unit under construction.
pub(crate) struct Lowering<'tree> {
    text: &'tree str,
    pub(crate) unit: Unit,
}

impl<'tree> Lowering<'tree> {
    /// Begins a unit; its first function, the top-level code, is there and empty.
    pub(crate) fn new(tree: &'tree SyntaxTree) -> Self {
        let top = Function { range: range(tree.top()), body: Some(Block::default()), ..Function::default() };
        Self { text: tree.read(), unit: Unit { functions: vec![top], ..Unit::default() } }
    }

    /// The text of a node.
    pub(crate) fn text(&self, node: Node<'tree>) -> &'tree str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// The text of a node's field; empty where it has none.
    pub(crate) fn field_text(&self, node: Node<'tree>, field: &str) -> &'tree str {
        node.child_by_field_name(field).map_or("", |child| self.text(child))
    }

    /// Whether a node has an unnamed child that reads so (`static`, `async`, `*`).
    pub(crate) fn has_word(&self, node: Node<'tree>, word: &str) -> bool {
        node.children(&mut node.walk()).any(|child| self.text(child) == word)
    }

    /// Keeps a place for a function, so that those inside it come after it.
    pub(crate) fn reserve_function(&mut self) -> FunctionId {
        self.unit.functions.push(Function::default());
        FunctionId(self.unit.functions.len() as u32 - 1)
    }

    /// Fills a reserved place.
    pub(crate) fn set_function(&mut self, id: FunctionId, function: Function) {
        self.unit.functions[id.0 as usize] = function;
    }

    /// Keeps a place for a type.
    pub(crate) fn reserve_type(&mut self) -> TypeId {
        self.unit.types.push(TypeDeclaration::default());
        TypeId(self.unit.types.len() as u32 - 1)
    }

    /// Fills a reserved place.
    pub(crate) fn set_type(&mut self, id: TypeId, declaration: TypeDeclaration) {
        self.unit.types[id.0 as usize] = declaration;
    }

    /// Adds statements to the file's own top-level code.
    pub(crate) fn extend_top(&mut self, statements: Vec<Statement>) {
        let body = self.unit.functions[0].body.get_or_insert_default();
        body.statements.extend(statements);
    }
}

/// A node's bytes.
pub(crate) fn range(node: Node<'_>) -> Range {
    let bytes = node.byte_range();
    let place = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    place(bytes.start)..place(bytes.end)
}

/// Named children without comments and other extras.
pub(crate) fn children<'tree>(node: Node<'tree>) -> Vec<Node<'tree>> {
    node.named_children(&mut node.walk()).filter(|child| !child.is_extra()).collect()
}

/// The children under a field.
pub(crate) fn fields<'tree>(node: Node<'tree>, field: &str) -> Vec<Node<'tree>> {
    node.children_by_field_name(field, &mut node.walk())
        .filter(|child| child.is_named() && !child.is_extra())
        .collect()
}

/// The first named child of one of the kinds (set apart by blanks).
pub(crate) fn child_of_kind<'tree>(node: Node<'tree>, kinds: &str) -> Option<Node<'tree>> {
    children(node).into_iter().find(|child| kinds.split(' ').any(|kind| kind == child.kind()))
}

pub(crate) fn constant(constant: Constant, range: Range) -> Expression {
    Expression::new(ExpressionKind::Constant(constant), range)
}

pub(crate) fn text(text: impl Into<String>, range: Range) -> Expression {
    constant(Constant::Text(text.into()), range)
}

pub(crate) fn name(name: impl Into<String>, range: Range) -> Expression {
    Expression::new(ExpressionKind::Name(name.into()), range)
}

pub(crate) fn member(of: Expression, name: impl Into<String>, range: Range) -> Expression {
    Expression::new(ExpressionKind::Member { of: Box::new(of), name: name.into(), optional: false }, range)
}

pub(crate) fn call(callee: Expression, arguments: Vec<Argument>, range: Range) -> Expression {
    Expression::new(ExpressionKind::Call { callee: Box::new(callee), arguments }, range)
}

pub(crate) fn argument(value: Expression) -> Argument {
    Argument { name: None, value, spread: Spread::One, is_reference: false }
}

pub(crate) fn unknown(parts: Vec<Expression>, range: Range) -> Expression {
    Expression::new(ExpressionKind::Unknown(parts), range)
}

pub(crate) fn expression_statement(expression: Expression) -> Statement {
    let range = expression.range.clone();
    Statement::new(StatementKind::Expression(expression), range)
}

pub(crate) fn declare(pattern: Pattern, value: Option<Expression>, range: Range) -> Statement {
    Statement::new(StatementKind::Declare { pattern, of_type: None, value }, range)
}

/// A block with variables of its own.
pub(crate) fn scoped(statements: Vec<Statement>) -> Block {
    Block { statements, scope: ScopeKind::Own }
}

/// A block whose variables belong to the block around.
pub(crate) fn shared(statements: Vec<Statement>) -> Block {
    Block { statements, scope: ScopeKind::Shared }
}

/// The text of a literal without its quotes, escapes resolved as C-like languages write them: `\n`, `\x41`, `A`,
/// `\u{41}`, `\101`. What is no escape stays as written.
pub(crate) fn unescape(body: &str) -> String {
    if !body.contains('\\') {
        return body.to_owned();
    }
    let mut text = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let (resolved, length) = escape(&rest[at + 1..]);
        text.push_str(&resolved);
        rest = &rest[at + 1 + length..];
    }
    text.push_str(rest);
    text
}

/// What an escape stands for, and how many bytes it has after the backslash.
fn escape(after: &str) -> (String, usize) {
    let Some(first) = after.chars().next() else { return ("\\".to_owned(), 0) };
    let plain = |character: char| (character.to_string(), 1);
    let coded = |digits: &str, radix: u32, length: usize| {
        let character = u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
        (character.map_or_else(String::new, String::from), length)
    };
    let hexadecimal = |from: usize, most: usize| {
        let digits = after.get(from..).unwrap_or_default();
        let length = digits.bytes().take(most).take_while(u8::is_ascii_hexdigit).count();
        (&digits[..length], from + length)
    };
    match first {
        'n' => plain('\n'),
        't' => plain('\t'),
        'r' => plain('\r'),
        'b' => plain('\u{8}'),
        'f' => plain('\u{c}'),
        'a' => plain('\u{7}'),
        'v' => plain('\u{b}'),
        'e' => plain('\u{1b}'),
        '\n' => (String::new(), 1),
        'x' => {
            let (digits, length) = hexadecimal(1, 2);
            coded(digits, 16, length)
        }
        'u' if after.starts_with("u{") => match after.find('}') {
            Some(end) => coded(&after[2..end], 16, end + 1),
            None => plain('u'),
        },
        'u' => {
            let (digits, length) = hexadecimal(1, 4);
            coded(digits, 16, length)
        }
        'U' => {
            let (digits, length) = hexadecimal(1, 8);
            coded(digits, 16, length)
        }
        '0'..='7' => {
            let length = after.bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
            coded(&after[..length], 8, length)
        }
        other => (other.to_string(), other.len_utf8()),
    }
}

/// A whole number as languages write it: underscores, `0x`, `0o`, `0b`, a leading 0 for octal where `octal` says so, and
/// suffixes such as `L`, `u`, `n`.
pub(crate) fn integer(written: &str, leading_zero_is_octal: bool) -> Option<i128> {
    let digits: String = written.chars().filter(|character| !matches!(character, '_' | '\'')).collect();
    let lower = digits.to_ascii_lowercase();
    let prefixed = [("0x", 16), ("0o", 8), ("0b", 2)]
        .into_iter()
        .find_map(|(prefix, radix)| lower.strip_prefix(prefix).map(|rest| (rest, radix)));
    let (body, radix) = prefixed.unwrap_or_else(|| match lower.strip_prefix('0') {
        Some(rest) if leading_zero_is_octal && rest.starts_with(|first: char| first.is_ascii_digit()) => {
            (rest, 8)
        }
        _ => (lower.as_str(), 10),
    });
    i128::from_str_radix(body.trim_end_matches(['l', 'u', 'n', 'z']), radix).ok()
}

/// The names that a pattern binds.
pub(crate) fn bound_names(pattern: &Pattern, names: &mut BTreeSet<String>) {
    match pattern {
        Pattern::Name(name, _) => {
            names.insert(name.clone());
        }
        Pattern::Sequence(items) => items.iter().for_each(|item| bound_names(item.inner(), names)),
        Pattern::Record(record) => {
            record.entries.iter().for_each(|(_, inner)| bound_names(inner, names));
            record.rest.iter().for_each(|rest| bound_names(rest, names));
        }
        Pattern::Default(inner, _) | Pattern::OfType(_, inner) => bound_names(inner, names),
        Pattern::Either(patterns) => patterns.iter().for_each(|inner| bound_names(inner, names)),
        Pattern::Both(first, second) => {
            bound_names(first, names);
            bound_names(second, names);
        }
        Pattern::Place(_) | Pattern::Equals(_) | Pattern::Ignored => {}
    }
}

/// The operation that an operator of C's family means, and those that most of it has beside.
pub(crate) fn binary_operator(written: &str) -> Option<BinaryOperator> {
    Some(match written {
        "+" => BinaryOperator::Add,
        "-" => BinaryOperator::Subtract,
        "*" => BinaryOperator::Multiply,
        "/" => BinaryOperator::Divide,
        "%" => BinaryOperator::Remainder,
        "**" => BinaryOperator::Power,
        "<<" => BinaryOperator::ShiftLeft,
        ">>" => BinaryOperator::ShiftRight,
        ">>>" => BinaryOperator::ShiftRightUnsigned,
        "&" => BinaryOperator::BitAnd,
        "|" => BinaryOperator::BitOr,
        "^" => BinaryOperator::BitXor,
        "&^" => BinaryOperator::BitAndNot,
        "==" => BinaryOperator::Equal,
        "!=" => BinaryOperator::NotEqual,
        "===" => BinaryOperator::Identical,
        "!==" => BinaryOperator::NotIdentical,
        "<" => BinaryOperator::Less,
        "<=" => BinaryOperator::LessOrEqual,
        ">" => BinaryOperator::Greater,
        ">=" => BinaryOperator::GreaterOrEqual,
        "in" => BinaryOperator::In,
        _ => return None,
    })
}
