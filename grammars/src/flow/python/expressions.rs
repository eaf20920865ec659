//! Expressions: the choice of what reads them, names, operators, comparisons, subscripts.

use crate::flow::form::{BinaryOperator, Constant, Expression, ExpressionKind, Logic, Range, UnaryOperator};
use crate::flow::lowering::{argument, call, constant, fields, integer, member, name, range, unknown};
use crate::flow::python::statements::binary_operator;
use crate::flow::python::{Python, Tree, assign, parts};

/// Longer dotted names are not read: they would nest as deep as they are long.
const MAX_DOTS: usize = 256;

impl<'tree> Python<'tree> {
    pub(super) fn expression(&mut self, node: Tree<'tree>) -> Expression {
        match node.kind() {
            "identifier" => self.identifier(node),
            "string" | "concatenated_string" => self.text_of(node),
            "attribute" => self.attribute(node),
            "call" => self.call(node),
            "subscript" => self.subscript(node),
            "binary_operator" => self.binary(node),
            "boolean_operator" => self.boolean(node),
            "comparison_operator" => self.comparison(node),
            "parenthesized_expression" => self.parenthesized(node),
            "list" | "tuple" | "expression_list" | "pattern_list" | "tuple_pattern" | "list_pattern" => {
                self.list(node)
            }
            "set" => self.set(node),
            "dictionary" => self.map(node),
            "list_comprehension"
            | "set_comprehension"
            | "dictionary_comprehension"
            | "generator_expression" => self.comprehension(node),
            _ => self.other(node),
        }
    }

    fn other(&mut self, node: Tree<'tree>) -> Expression {
        match node.kind() {
            "integer" | "float" => self.number(node),
            "true" => constant(Constant::Boolean(true), range(node)),
            "false" => constant(Constant::Boolean(false), range(node)),
            "none" => constant(Constant::Null, range(node)),
            "not_operator" | "unary_operator" => self.unary(node),
            "conditional_expression" => self.conditional(node),
            "lambda" => self.lambda(node),
            "await" => self.awaited(node),
            "yield" => self.yielded(node),
            "named_expression" => self.walrus(node),
            "assignment" => match self.assignment(node) {
                Some(set) => set,
                None => self.unknown(node),
            },
            "augmented_assignment" => self.augmented_assignment(node),
            "slice" => self.slice(node),
            "dotted_name" => self.dotted_expression(node),
            _ => self.unknown(node),
        }
    }

    /// What is not known here, made of the parts that are.
    pub(super) fn unknown(&mut self, node: Tree<'tree>) -> Expression {
        let mut known = Vec::new();
        for part in parts(node).into_iter().filter(|part| is_expression(part.kind())) {
            known.push(self.expression(part));
        }
        unknown(known, range(node))
    }

    fn identifier(&self, node: Tree<'tree>) -> Expression {
        match self.to.text(node) {
            "" => unknown(Vec::new(), range(node)),
            written => name(written, range(node)),
        }
    }

    /// A dotted name that stands where no expression does.
    pub(super) fn dotted_expression(&self, node: Tree<'tree>) -> Expression {
        let names = parts(node);
        let Some((first, rest)) = names.split_first().filter(|_| names.len() <= MAX_DOTS) else {
            return unknown(Vec::new(), range(node));
        };
        rest.iter().fold(self.identifier(*first), |of, part| {
            let place = of.range.start..range(*part).end;
            member(of, self.to.text(*part), place)
        })
    }

    fn parenthesized(&mut self, node: Tree<'tree>) -> Expression {
        match parts(node).as_slice() {
            [only] => self.expression(*only),
            _ => self.unknown(node),
        }
    }

    fn attribute(&mut self, node: Tree<'tree>) -> Expression {
        let of = self.field(node, "object");
        member(of, self.to.field_text(node, "attribute"), range(node))
    }

    fn number(&self, node: Tree<'tree>) -> Expression {
        let written = self.to.text(node);
        let plain: String = written.chars().filter(|character| *character != '_').collect();
        let is_complex = plain.ends_with(['j', 'J']) && !plain.starts_with("0x");
        if node.kind() == "integer"
            && !is_complex
            && let Some(number) = integer(written, true)
        {
            return constant(Constant::Integer(number), range(node));
        }
        match plain.trim_end_matches(['j', 'J', 'l', 'L']).parse() {
            Ok(number) => constant(Constant::Float(number), range(node)),
            Err(_) => unknown(Vec::new(), range(node)),
        }
    }

    fn unary(&mut self, node: Tree<'tree>) -> Expression {
        let operator = match self.to.field_text(node, "operator") {
            "-" => UnaryOperator::Negate,
            "+" => UnaryOperator::Plus,
            "~" => UnaryOperator::Complement,
            _ => UnaryOperator::Not,
        };
        let operand = self.field(node, "argument");
        Expression::new(ExpressionKind::Unary(operator, Box::new(operand)), range(node))
    }

    fn binary(&mut self, node: Tree<'tree>) -> Expression {
        let left = self.field(node, "left");
        let right = self.field(node, "right");
        match binary_operator(self.to.field_text(node, "operator")) {
            Some(operator) => binary(operator, left, right, range(node)),
            None => {
                let place = left.range.clone();
                call(member(left, "__matmul__", place), vec![argument(right)], range(node))
            }
        }
    }

    fn boolean(&mut self, node: Tree<'tree>) -> Expression {
        let left = self.field(node, "left");
        let right = self.field(node, "right");
        let logic = if self.to.field_text(node, "operator") == "and" { Logic::And } else { Logic::Or };
        Expression::new(ExpressionKind::Logical(logic, Box::new(left), Box::new(right)), range(node))
    }

    fn comparison(&mut self, node: Tree<'tree>) -> Expression {
        let operators: Vec<_> = node.children_by_field_name("operators", &mut node.walk()).collect();
        let mut operands = Vec::new();
        for part in parts(node) {
            operands.push(self.expression(part));
        }
        if operators.is_empty() || operands.len() != operators.len() + 1 {
            return unknown(operands, range(node));
        }
        let mut links = Vec::new();
        for (pair, operator) in operands.windows(2).zip(operators) {
            let place = pair[0].range.start..pair[1].range.end;
            links.push(binary(comparison_operator(operator.kind()), pair[0].clone(), pair[1].clone(), place));
        }
        let mut whole = all_of(&mut links.into_iter(), operands.len() - 1);
        whole.range = range(node);
        whole
    }

    fn conditional(&mut self, node: Tree<'tree>) -> Expression {
        let operands = parts(node);
        let [then, test, otherwise] = operands.as_slice() else { return self.unknown(node) };
        let then = Box::new(self.expression(*then));
        let test = Box::new(self.expression(*test));
        let otherwise = Box::new(self.expression(*otherwise));
        Expression::new(ExpressionKind::Conditional(test, then, otherwise), range(node))
    }

    fn awaited(&mut self, node: Tree<'tree>) -> Expression {
        let Some(inner) = parts(node).into_iter().next() else { return unknown(Vec::new(), range(node)) };
        let inner = self.expression(inner);
        Expression::new(ExpressionKind::Await(Box::new(inner)), range(node))
    }

    fn yielded(&mut self, node: Tree<'tree>) -> Expression {
        let is_all = self.to.has_word(node, "from");
        let value = parts(node).into_iter().next().map(|value| Box::new(self.expression(value)));
        Expression::new(ExpressionKind::Yield(value, is_all), range(node))
    }

    fn walrus(&mut self, node: Tree<'tree>) -> Expression {
        let Some(target) = node.child_by_field_name("name") else { return self.unknown(node) };
        let target = self.target(target);
        let value = self.field(node, "value");
        assign(target, value, range(node))
    }

    fn subscript(&mut self, node: Tree<'tree>) -> Expression {
        let of = Box::new(self.field(node, "value"));
        let subscripts = fields(node, "subscript");
        let kind = match subscripts.as_slice() {
            [only] if only.kind() == "slice" => ExpressionKind::Slice { of, bounds: self.bounds(*only) },
            [only] if !super::has_comma(node) => {
                ExpressionKind::Element { of, index: Box::new(self.expression(*only)) }
            }
            several => ExpressionKind::Element { of, index: Box::new(self.index_list(several, node)) },
        };
        Expression::new(kind, range(node))
    }

    /// From, to and step, which colons set apart.
    fn bounds(&mut self, slice: Tree<'tree>) -> [Option<Box<Expression>>; 3] {
        let mut bounds = [const { None }; 3];
        let mut at = 0;
        for child in slice.children(&mut slice.walk()).filter(|child| !child.is_extra()) {
            if child.kind() == ":" {
                at += 1;
            } else if let Some(bound) = bounds.get_mut(at) {
                *bound = Some(Box::new(self.expression(child)));
            }
        }
        bounds
    }

    /// A slice among other indices: the object that it makes.
    fn slice(&mut self, node: Tree<'tree>) -> Expression {
        let bounds = self.bounds(node).into_iter();
        let none = || constant(Constant::Null, range(node));
        let arguments = bounds.map(|bound| argument(bound.map_or_else(none, |bound| *bound))).collect();
        call(name("slice", range(node)), arguments, range(node))
    }
}

/// Whether a node can be evaluated: what an unknown is made of.
fn is_expression(kind: &str) -> bool {
    !matches!(kind, "type" | "type_parameter" | "type_conversion" | "import_prefix" | "wildcard_import")
}

fn binary(operator: BinaryOperator, left: Expression, right: Expression, place: Range) -> Expression {
    Expression::new(ExpressionKind::Binary(operator, Box::new(left), Box::new(right)), place)
}

/// That all of the next `count` links hold; halved, so that long chains do not nest.
fn all_of(links: &mut impl Iterator<Item = Expression>, count: usize) -> Expression {
    if count < 2 {
        return links.next().unwrap_or_else(|| unknown(Vec::new(), 0..0));
    }
    let second_half = count / 2;
    let left = all_of(links, count - second_half);
    let right = all_of(links, second_half);
    let place = left.range.start..right.range.end;
    Expression::new(ExpressionKind::Logical(Logic::And, Box::new(left), Box::new(right)), place)
}

fn comparison_operator(written: &str) -> BinaryOperator {
    match written {
        "<" => BinaryOperator::Less,
        "<=" => BinaryOperator::LessOrEqual,
        ">" => BinaryOperator::Greater,
        ">=" => BinaryOperator::GreaterOrEqual,
        "!=" | "<>" => BinaryOperator::NotEqual,
        "in" => BinaryOperator::In,
        "not in" => BinaryOperator::NotIn,
        "is" => BinaryOperator::Identical,
        "is not" => BinaryOperator::NotIdentical,
        _ => BinaryOperator::Equal,
    }
}
