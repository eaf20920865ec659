//! Expressions.

use crate::flow::form::{
    Assignment, AssignmentOperator, BinaryOperator, Constant, Expression, ExpressionKind, FunctionFlags,
    Item, Logic, TypeName, UnaryOperator,
};
use crate::flow::javascript::{Script, Tree};
use crate::flow::lowering::{
    argument, binary_operator, call, child_of_kind, children, constant, integer, member, name, range, text,
    unescape, unknown,
};

impl<'tree> Script<'tree> {
    #[allow(clippy::too_many_lines, reason = "one arm a kind of node")]
    pub(super) fn expression(&mut self, node: Tree<'tree>) -> Expression {
        let kind = match node.kind() {
            "parenthesized_expression"
            | "non_null_expression"
            | "satisfies_expression"
            | "instantiation_expression" => {
                return self.inner(node);
            }
            "identifier" | "property_identifier" | "shorthand_property_identifier" | "nested_identifier" => {
                return name(self.to.text(node), range(node));
            }
            "this" => ExpressionKind::This,
            "super" => ExpressionKind::Super,
            "member_expression" => ExpressionKind::Member {
                of: Box::new(self.part(node, "object")),
                name: self.to.field_text(node, "property").to_owned(),
                optional: node.child_by_field_name("optional_chain").is_some()
                    || child_of_kind(node, "optional_chain").is_some(),
            },
            "subscript_expression" => ExpressionKind::Element {
                of: Box::new(self.part(node, "object")),
                index: Box::new(self.part(node, "index")),
            },
            "call_expression" => return self.call(node),
            "new_expression" => self.creation(node),
            "assignment_expression" => self.assignment(node),
            "augmented_assignment_expression" => self.compound(node),
            "binary_expression" => self.binary(node),
            "unary_expression" => self.unary(node),
            "update_expression" => self.step(node),
            "ternary_expression" => ExpressionKind::Conditional(
                Box::new(self.part(node, "condition")),
                Box::new(self.part(node, "consequence")),
                Box::new(self.part(node, "alternative")),
            ),
            "sequence_expression" => return self.sequence_of(node),
            "array" => self.array(node),
            "object" => self.object(node),
            "arrow_function" => {
                let flags = FunctionFlags { keeps_this: true, ..FunctionFlags::default() };
                ExpressionKind::Function(self.function(node, flags))
            }
            "function_expression"
            | "function_declaration"
            | "generator_function"
            | "generator_function_declaration" => {
                ExpressionKind::Function(self.function(node, FunctionFlags::default()))
            }
            "class" | "class_declaration" => ExpressionKind::Type(self.class(node)),
            "template_string" => {
                let parts = self.template_parts(node).into_iter().map(|(_, part)| part);
                ExpressionKind::Template(parts.collect())
            }
            "await_expression" => ExpressionKind::Await(Box::new(self.inner(node))),
            "yield_expression" => {
                let value = children(node).first().map(|value| Box::new(self.expression(*value)));
                ExpressionKind::Yield(value, self.to.has_word(node, "*"))
            }
            "as_expression" | "type_assertion" => return self.cast(node),
            "regex" => {
                let pattern = text(self.to.field_text(node, "pattern"), range(node));
                let of_type = TypeName::plain("RegExp");
                ExpressionKind::New { of_type, callee: None, arguments: vec![argument(pattern)], body: None }
            }
            "jsx_element" | "jsx_self_closing_element" => return self.jsx(node),
            "jsx_expression" | "jsx_fragment" => return self.parts(node),
            _ => return self.literal(node),
        };
        Expression::new(kind, range(node))
    }

    fn literal(&mut self, node: Tree<'tree>) -> Expression {
        let value = match node.kind() {
            "true" => Constant::Boolean(true),
            "false" => Constant::Boolean(false),
            "null" | "undefined" => return self.nothing(node),
            "string" => return text(self.string_value(node), range(node)),
            "number" => {
                let written = self.to.text(node);
                match integer(written, false) {
                    Some(value) => Constant::Integer(value),
                    None => match written.replace('_', "").parse() {
                        Ok(value) => Constant::Float(value),
                        Err(_) => return unknown(Vec::new(), range(node)),
                    },
                }
            }
            "jsx_text" => return text(self.to.text(node), range(node)),
            _ => return self.parts(node),
        };
        constant(value, range(node))
    }

    /// Something unknown made of its parts.
    fn parts(&mut self, node: Tree<'tree>) -> Expression {
        let parts = children(node).into_iter().map(|part| self.expression(part)).collect();
        unknown(parts, range(node))
    }

    fn call(&mut self, node: Tree<'tree>) -> Expression {
        if let Some(module) = self.required(node) {
            return module;
        }
        let callee = self.part(node, "function");
        match node.child_by_field_name("arguments") {
            Some(template) if template.kind() == "template_string" => self.tagged(callee, template, node),
            list => {
                let arguments = self.arguments(list);
                call(callee, arguments, range(node))
            }
        }
    }

    /// A tag is called with the constant parts, and then the values.
    fn tagged(&mut self, tag: Expression, template: Tree<'tree>, node: Tree<'tree>) -> Expression {
        let (constants, values): (Vec<_>, Vec<_>) =
            self.template_parts(template).into_iter().partition(|(is_constant, _)| *is_constant);
        let (constants, values) =
            (constants.into_iter().map(|(_, part)| part), values.into_iter().map(|(_, part)| part));
        let strings = ExpressionKind::List(constants.map(Item::One).collect());
        let first = argument(Expression::new(strings, range(template)));
        let arguments = std::iter::once(first).chain(values.map(argument)).collect();
        call(tag, arguments, range(node))
    }

    /// The parts of a template, and whether each is constant.
    fn template_parts(&mut self, node: Tree<'tree>) -> Vec<(bool, Expression)> {
        let mut parts = Vec::new();
        let mut from = node.start_byte() + 1;
        let source = self.to.text(node);
        let slice = |from: usize, to: usize| {
            source.get(from - node.start_byte()..to - node.start_byte()).unwrap_or_default()
        };
        for part in children(node).into_iter().filter(|part| part.kind() == "template_substitution") {
            let before = slice(from, part.start_byte());
            if !before.is_empty() {
                let place = u32::try_from(from).unwrap_or(0)..range(part).start;
                parts.push((true, text(unescape(before), place)));
            }
            parts.push((false, self.inner(part)));
            from = part.end_byte();
        }
        let end = node.end_byte().saturating_sub(1).max(from);
        let last = slice(from, end);
        if !last.is_empty() || parts.is_empty() {
            let place = u32::try_from(from).unwrap_or(0)..range(node).end;
            parts.push((true, text(unescape(last), place)));
        }
        parts
    }

    fn creation(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let callee = self.part(node, "constructor");
        let written: String = self.to.field_text(node, "constructor").split_whitespace().collect();
        let arguments = self.arguments(node.child_by_field_name("arguments"));
        ExpressionKind::New {
            of_type: TypeName::plain(written),
            callee: Some(Box::new(callee)),
            arguments,
            body: None,
        }
    }

    fn assignment(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let target = node.child_by_field_name("left").map(|left| self.pattern(left));
        let value = self.part(node, "right");
        let target = target.unwrap_or(crate::flow::form::Pattern::Ignored);
        ExpressionKind::Assign(Box::new(Assignment { target, operator: None, value }))
    }

    fn compound(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let target = node.child_by_field_name("left").map(|left| self.pattern(left));
        let operator = self.to.field_text(node, "operator").trim_end_matches('=');
        let operator = match operator {
            "&&" => Some(AssignmentOperator::Logical(Logic::And)),
            "||" => Some(AssignmentOperator::Logical(Logic::Or)),
            "??" => Some(AssignmentOperator::Logical(Logic::Coalesce)),
            operator => binary_operator(operator).map(AssignmentOperator::Binary),
        };
        let value = self.part(node, "right");
        let target = target.unwrap_or(crate::flow::form::Pattern::Ignored);
        ExpressionKind::Assign(Box::new(Assignment { target, operator, value }))
    }

    fn binary(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let operator = self.to.field_text(node, "operator");
        let (left, right) = (Box::new(self.part(node, "left")), Box::new(self.part(node, "right")));
        match operator {
            "&&" => ExpressionKind::Logical(Logic::And, left, right),
            "||" => ExpressionKind::Logical(Logic::Or, left, right),
            "??" => ExpressionKind::Logical(Logic::Coalesce, left, right),
            "instanceof" if matches!(right.kind, ExpressionKind::Name(_)) => {
                let of_type = TypeName::plain(self.to.field_text(node, "right"));
                ExpressionKind::IsType(left, of_type, None)
            }
            _ => match binary_operator(operator) {
                Some(operator) => ExpressionKind::Binary(operator, left, right),
                None => ExpressionKind::Unknown(vec![*left, *right]),
            },
        }
    }

    fn unary(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let operand = Box::new(self.part(node, "argument"));
        let operator = match self.to.field_text(node, "operator") {
            "!" => UnaryOperator::Not,
            "-" => UnaryOperator::Negate,
            "+" => UnaryOperator::Plus,
            "~" => UnaryOperator::Complement,
            "typeof" => UnaryOperator::TypeOf,
            "void" => UnaryOperator::Void,
            _ => {
                let place = operand.range.clone();
                let delete = crate::flow::form::Statement::new(
                    crate::flow::form::StatementKind::Delete(*operand),
                    place.clone(),
                );
                let block = crate::flow::lowering::scoped(vec![delete]);
                return ExpressionKind::Block(
                    Box::new(block),
                    Box::new(constant(Constant::Boolean(true), place)),
                );
            }
        };
        ExpressionKind::Unary(operator, operand)
    }

    fn step(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let by = if self.to.field_text(node, "operator") == "++" { 1 } else { -1 };
        let is_after = self.to.text(node).ends_with(['+', '-']);
        ExpressionKind::Step(Box::new(self.part(node, "argument")), by, is_after)
    }

    fn sequence_of(&mut self, node: Tree<'tree>) -> Expression {
        let mut parts =
            children(node).into_iter().map(|part| self.expression(part)).collect::<Vec<_>>().into_iter();
        let Some(first) = parts.next() else { return unknown(Vec::new(), range(node)) };
        parts.fold(first, |left, right| {
            let place = left.range.start..right.range.end;
            Expression::new(
                ExpressionKind::Binary(BinaryOperator::Then, Box::new(left), Box::new(right)),
                place,
            )
        })
    }

    fn array(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let mut items = Vec::new();
        let mut expects = true;
        for child in node.children(&mut node.walk()).collect::<Vec<_>>() {
            match child.kind() {
                "," => {
                    if expects {
                        items.push(Item::One(self.nothing(child)));
                    }
                    expects = true;
                }
                "[" | "]" | "comment" => {}
                "spread_element" => {
                    items.push(Item::Spread(self.inner(child)));
                    expects = false;
                }
                _ => {
                    items.push(Item::One(self.expression(child)));
                    expects = false;
                }
            }
        }
        ExpressionKind::List(items)
    }

    fn object(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let mut entries = Vec::new();
        for child in children(node) {
            match child.kind() {
                "pair" => {
                    let key = child.child_by_field_name("key").map(|key| self.key(key));
                    let value = self.part(child, "value");
                    entries.extend(key.map(|key| Item::One((key, value))));
                }
                "shorthand_property_identifier" => {
                    let key = text(self.to.text(child), range(child));
                    entries.push(Item::One((key, self.expression(child))));
                }
                "spread_element" => {
                    let nothing = self.nothing(child);
                    entries.push(Item::Spread((nothing, self.inner(child))));
                }
                "method_definition" => {
                    let key = child.child_by_field_name("name").map(|key| self.key(key));
                    let flags = FunctionFlags {
                        is_getter: self.to.has_word(child, "get"),
                        is_setter: self.to.has_word(child, "set"),
                        ..FunctionFlags::default()
                    };
                    let is_getter = flags.is_getter;
                    let is_setter = flags.is_setter;
                    let id = self.function(child, flags);
                    let function = Expression::new(ExpressionKind::Function(id), range(child));
                    // A getter of a plain object is read when the object is made.
                    let value = if is_getter { call(function, Vec::new(), range(child)) } else { function };
                    if !is_setter {
                        entries.extend(key.map(|key| Item::One((key, value))));
                    }
                }
                _ => {}
            }
        }
        ExpressionKind::Record { of_type: None, entries }
    }

    fn cast(&mut self, node: Tree<'tree>) -> Expression {
        let parts = children(node);
        let (value, of_type) = match node.kind() {
            "as_expression" => (parts.first(), parts.get(1)),
            _ => (parts.get(1), parts.first()),
        };
        let value = match value {
            Some(value) => self.expression(*value),
            None => self.nothing(node),
        };
        let of_type = of_type.map(|of_type| self.type_name(*of_type)).unwrap_or_default();
        Expression::new(ExpressionKind::Cast(of_type, Box::new(value)), range(node))
    }

    /// An element: its tag or component called with the attributes and the children.
    fn jsx(&mut self, node: Tree<'tree>) -> Expression {
        let open = node.child_by_field_name("open_tag").unwrap_or(node);
        let tag = open.child_by_field_name("name");
        let written = tag.map_or("", |tag| self.to.text(tag));
        let callee = match tag {
            Some(tag) if written.starts_with(char::is_uppercase) || written.contains('.') => {
                self.expression(tag)
            }
            Some(tag) => member(name("<jsx>", range(tag)), written, range(tag)),
            None => name("<jsx>", range(node)),
        };
        let mut entries = Vec::new();
        for attribute in children(open).into_iter().filter(|child| Some(*child) != tag) {
            match attribute.kind() {
                "jsx_attribute" => {
                    let parts = children(attribute);
                    let key = parts.first().map_or("", |key| self.to.text(*key)).to_owned();
                    let value = match parts.get(1) {
                        Some(value) if value.kind() == "jsx_expression" => self.inner(*value),
                        Some(value) => self.expression(*value),
                        None => constant(Constant::Boolean(true), range(attribute)),
                    };
                    entries.push(Item::One((text(key, range(attribute)), value)));
                }
                "jsx_expression" => {
                    let inner = children(attribute).first().copied();
                    let value = inner.map(|inner| match inner.kind() {
                        "spread_element" => self.inner(inner),
                        _ => self.expression(inner),
                    });
                    let nothing = self.nothing(attribute);
                    entries.extend(value.map(|value| Item::Spread((nothing, value))));
                }
                _ => {}
            }
        }
        let attributes = Expression::new(ExpressionKind::Record { of_type: None, entries }, range(open));
        let mut arguments = vec![argument(attributes)];
        if open != node {
            let inner = children(node)
                .into_iter()
                .filter(|child| !matches!(child.kind(), "jsx_opening_element" | "jsx_closing_element"));
            let inner = inner.map(|child| match child.kind() {
                "jsx_expression" => self.inner(child),
                _ => self.expression(child),
            });
            let inner: Vec<_> = inner.collect();
            arguments.extend(inner.into_iter().map(argument));
        }
        call(callee, arguments, range(node))
    }
}
