//! Go's expressions.

use crate::flow::form::{
    Argument, Constant, Expression, ExpressionKind, Function, FunctionFlags, Item, Logic, Spread, TypeName,
    UnaryOperator,
};
use crate::flow::go::types::{is_built_in, is_type};
use crate::flow::go::{Go, Tree, null};
use crate::flow::lowering::{
    argument, binary_operator, call, children, constant, integer, member, name, range, text, unescape,
    unknown,
};

impl<'tree> Go<'tree> {
    pub(super) fn expression(&mut self, node: Tree<'tree>) -> Expression {
        let kind = match node.kind() {
            "parenthesized_expression" | "literal_element" => {
                return match children(node).first() {
                    Some(inner) => self.expression(*inner),
                    None => unknown(Vec::new(), range(node)),
                };
            }
            "identifier" | "blank_identifier" | "field_identifier" | "package_identifier"
            | "type_identifier" => {
                return self.named(node);
            }
            "selector_expression" => {
                let of = self.field(node, "operand");
                return member(of, self.to.field_text(node, "field"), range(node));
            }
            "qualified_type" => {
                let package = name(self.to.field_text(node, "package"), range(node));
                return member(package, self.to.field_text(node, "name"), range(node));
            }
            "call_expression" => return self.call(node),
            "type_conversion_expression" => {
                let of_type = node.child_by_field_name("type").map(|of_type| self.type_name(of_type));
                ExpressionKind::Cast(of_type.unwrap_or_default(), Box::new(self.field(node, "operand")))
            }
            "type_assertion_expression" => {
                let of_type = node.child_by_field_name("type").map(|of_type| self.type_name(of_type));
                ExpressionKind::Cast(of_type.unwrap_or_default(), Box::new(self.field(node, "operand")))
            }
            "index_expression" => ExpressionKind::Element {
                of: Box::new(self.field(node, "operand")),
                index: Box::new(self.field(node, "index")),
            },
            "slice_expression" => self.slice(node),
            "composite_literal" => return self.composite(node),
            "func_literal" => self.closure(node),
            "unary_expression" => self.unary(node),
            "binary_expression" => self.binary(node),
            "type_instantiation_expression" => {
                return match children(node).first() {
                    Some(inner) => self.expression(*inner),
                    None => unknown(Vec::new(), range(node)),
                };
            }
            _ => return self.literal(node),
        };
        Expression::new(kind, range(node))
    }

    fn literal(&mut self, node: Tree<'tree>) -> Expression {
        let written = self.to.text(node);
        let value = match node.kind() {
            "true" => Constant::Boolean(true),
            "false" => Constant::Boolean(false),
            "nil" => Constant::Null,
            "iota" => Constant::Integer(self.iota.unwrap_or(0)),
            "int_literal" => match integer(written, true) {
                Some(value) => Constant::Integer(value),
                None => return unknown(Vec::new(), range(node)),
            },
            "float_literal" => match written.replace('_', "").parse() {
                Ok(value) => Constant::Float(value),
                Err(_) => return unknown(Vec::new(), range(node)),
            },
            "rune_literal" => {
                let body = unescape(written.trim_start_matches('\'').strip_suffix('\'').unwrap_or(written));
                Constant::Character(body.chars().next().unwrap_or('\''))
            }
            "interpreted_string_literal" => {
                return text(
                    unescape(written.trim_start_matches('"').strip_suffix('"').unwrap_or(written)),
                    range(node),
                );
            }
            "raw_string_literal" => return text(written.trim_matches('`'), range(node)),
            _ if is_type(node) => return name(self.type_name(node).name, range(node)),
            _ => {
                let parts = children(node).into_iter().map(|part| self.expression(part)).collect();
                return unknown(parts, range(node));
            }
        };
        constant(value, range(node))
    }

    fn call(&mut self, node: Tree<'tree>) -> Expression {
        let place = range(node);
        let Some(callee) = node.child_by_field_name("function") else { return unknown(Vec::new(), place) };
        let listed = node.child_by_field_name("arguments").map(children).unwrap_or_default();
        let callee_text = self.to.text(callee);
        let is_shadowed = self.scopes.iter().flatten().any(|known| known == callee_text);
        match callee_text {
            "new" | "make" if !is_shadowed => return self.made(callee_text, &listed, node),
            "panic" if !is_shadowed && listed.len() == 1 => {
                let value = self.expression(listed[0]);
                return Expression::new(ExpressionKind::Throw(Box::new(value)), place);
            }
            _ => {}
        }
        let inner = unparenthesized(callee);
        let converts = is_type(inner)
            || inner.kind() == "identifier" && !is_shadowed && is_built_in(self.to.text(inner));
        if converts && listed.len() == 1 {
            let of_type = self.type_name(inner);
            let value = self.expression(listed[0]);
            return Expression::new(ExpressionKind::Cast(of_type, Box::new(value)), place);
        }
        let callee = self.expression(callee);
        let arguments = listed.into_iter().map(|part| self.argument(part)).collect();
        call(callee, arguments, place)
    }

    fn argument(&mut self, node: Tree<'tree>) -> Argument {
        if node.kind() != "variadic_argument" {
            return argument(self.expression(node));
        }
        let value = match children(node).first() {
            Some(inner) => self.expression(*inner),
            None => unknown(Vec::new(), range(node)),
        };
        Argument { spread: Spread::Elements, ..argument(value) }
    }

    fn made(&mut self, word: &str, listed: &[Tree<'tree>], node: Tree<'tree>) -> Expression {
        let of_type = listed.first().map(|of_type| self.type_name(*of_type)).unwrap_or_default();
        // Of a slice, the capacity is not its length.
        let arguments = listed.iter().skip(1).take(1).map(|part| argument(self.expression(*part))).collect();
        let kind = ExpressionKind::New { of_type, callee: None, arguments, body: None };
        let made = Expression::new(kind, range(node));
        match word {
            "new" => Expression::new(ExpressionKind::AddressOf(Box::new(made)), range(node)),
            _ => made,
        }
    }

    fn slice(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let of = Box::new(self.field(node, "operand"));
        let mut bound =
            |field: &str| node.child_by_field_name(field).map(|bound| Box::new(self.expression(bound)));
        let (from, to) = (bound("start"), bound("end"));
        ExpressionKind::Slice { of, bounds: [from, to, None] }
    }

    fn composite(&mut self, node: Tree<'tree>) -> Expression {
        let of_type =
            node.child_by_field_name("type").map(|of_type| self.type_name(of_type)).unwrap_or_default();
        match node.child_by_field_name("body") {
            Some(body) => self.composed(&of_type, body, node),
            None => unknown(Vec::new(), range(node)),
        }
    }

    /// The literal of a type; inner ones without a type have that of the elements.
    fn composed(&mut self, of_type: &TypeName, body: Tree<'tree>, node: Tree<'tree>) -> Expression {
        let element = of_type.arguments.last().cloned().unwrap_or_default();
        let place = range(node);
        let kind = match of_type.name.as_str() {
            "[]" => self.sequence(&element, body),
            "map" => {
                let key = of_type.arguments.first().cloned().unwrap_or_default();
                let entries = children(body).into_iter().filter(|part| part.kind() == "keyed_element");
                let entries = entries.map(|part| {
                    let first = part.child_by_field_name("key");
                    let second = part.child_by_field_name("value");
                    Item::One((self.element(&key, first, part), self.element(&element, second, part)))
                });
                ExpressionKind::Map(entries.collect())
            }
            "*" => {
                let inner = self.composed(&element, body, node);
                ExpressionKind::AddressOf(Box::new(inner))
            }
            _ => self.structure(of_type, body),
        };
        Expression::new(kind, place)
    }

    fn element(&mut self, of_type: &TypeName, node: Option<Tree<'tree>>, around: Tree<'tree>) -> Expression {
        let Some(node) = node else { return unknown(Vec::new(), range(around)) };
        let inner = if node.kind() == "literal_element" {
            children(node).first().copied().unwrap_or(node)
        } else {
            node
        };
        match inner.kind() {
            "literal_value" => self.composed(of_type, inner, inner),
            _ => self.expression(inner),
        }
    }

    fn sequence(&mut self, of_type: &TypeName, body: Tree<'tree>) -> ExpressionKind {
        let parts = children(body);
        if parts.iter().all(|part| part.kind() != "keyed_element") {
            return ExpressionKind::List(
                parts.into_iter().map(|part| Item::One(self.element(of_type, Some(part), part))).collect(),
            );
        }
        let mut elements: Vec<Expression> = Vec::new();
        let mut at = 0;
        for part in parts {
            let value = if part.kind() == "keyed_element" {
                let key = part.child_by_field_name("key").and_then(|key| integer(self.to.text(key), true));
                at = key.and_then(|key| usize::try_from(key).ok()).filter(|key| *key < 256).unwrap_or(at);
                self.element(of_type, part.child_by_field_name("value"), part)
            } else {
                self.element(of_type, Some(part), part)
            };
            while elements.len() <= at {
                elements.push(null(range(part)));
            }
            elements[at] = value;
            at += 1;
        }
        ExpressionKind::List(elements.into_iter().map(Item::One).collect())
    }

    fn structure(&mut self, of_type: &TypeName, body: Tree<'tree>) -> ExpressionKind {
        let declared = self.types.iter().find(|(known, _)| *known == of_type.name).map(|(_, id)| *id);
        let entries = children(body).into_iter().enumerate().map(|(index, part)| {
            let field_type = |go: &Self, named: &str| {
                let fields =
                    declared.map(|id| go.to.unit.types[id.0 as usize].fields.as_slice()).unwrap_or_default();
                fields
                    .iter()
                    .find(|field| field.name == named)
                    .and_then(|field| field.of_type.clone())
                    .unwrap_or_default()
            };
            if part.kind() == "keyed_element" {
                let key = part.child_by_field_name("key");
                let named = key.map_or("", |key| self.to.text(key)).to_owned();
                let inner = field_type(self, &named);
                let value = self.element(&inner, part.child_by_field_name("value"), part);
                return Item::One((text(named, key.map_or_else(|| range(part), range)), value));
            }
            let key = constant(Constant::Integer(index as i128), range(part));
            Item::One((key, self.element(&TypeName::default(), Some(part), part)))
        });
        let entries = entries.collect();
        let named =
            Some(of_type.clone()).filter(|of_type| !of_type.name.is_empty() && of_type.name != "struct");
        ExpressionKind::Record { of_type: named, entries }
    }

    fn closure(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let id = self.to.reserve_function();
        let parameters = node.child_by_field_name("parameters").map(|list| self.parameters(list));
        let (returns, results) = self.result(node);
        let body = node.child_by_field_name("body").map(|body| self.block(body));
        let place = range(node);
        let function = Function {
            parameters: parameters.unwrap_or_default(),
            returns,
            results,
            flags: FunctionFlags { keeps_this: true, ..FunctionFlags::default() },
            body,
            name_range: place.start..place.start,
            range: place,
            ..Function::default()
        };
        self.to.set_function(id, function);
        ExpressionKind::Function(id)
    }

    fn unary(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let operand = Box::new(self.field(node, "operand"));
        match self.to.field_text(node, "operator") {
            "&" => ExpressionKind::AddressOf(operand),
            "*" => ExpressionKind::Dereference(operand),
            "<-" => ExpressionKind::Receive(operand),
            "!" => ExpressionKind::Unary(UnaryOperator::Not, operand),
            "-" => ExpressionKind::Unary(UnaryOperator::Negate, operand),
            "^" => ExpressionKind::Unary(UnaryOperator::Complement, operand),
            _ => ExpressionKind::Unary(UnaryOperator::Plus, operand),
        }
    }

    fn binary(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let (left, right) = (Box::new(self.field(node, "left")), Box::new(self.field(node, "right")));
        match self.to.field_text(node, "operator") {
            "&&" => ExpressionKind::Logical(Logic::And, left, right),
            "||" => ExpressionKind::Logical(Logic::Or, left, right),
            operator => match binary_operator(operator) {
                Some(operator) => ExpressionKind::Binary(operator, left, right),
                None => ExpressionKind::Unknown(vec![*left, *right]),
            },
        }
    }
}

fn unparenthesized(node: Tree<'_>) -> Tree<'_> {
    let mut node = node;
    while matches!(node.kind(), "parenthesized_expression" | "parenthesized_type") {
        match node.named_child(0) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}
