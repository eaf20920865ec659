//! Java's expressions.

use crate::flow::form::{
    Argument, Assignment, AssignmentOperator, Block, Constant, Expression, ExpressionKind, Function,
    FunctionFlags, Item, Logic, Pattern, Statement, StatementKind, TypeName, UnaryOperator, VALUE_LABEL,
};
use crate::flow::java::{Java, Tree, null};
use crate::flow::lowering::{
    argument, binary_operator, call, child_of_kind, children, constant, declare, integer, member, name,
    range, scoped, text, unescape, unknown,
};

impl<'tree> Java<'tree> {
    pub(super) fn expression(&mut self, node: Tree<'tree>) -> Expression {
        let kind = match node.kind() {
            "parenthesized_expression" => {
                return match children(node).first() {
                    Some(inner) => self.expression(*inner),
                    None => unknown(Vec::new(), range(node)),
                };
            }
            "identifier" | "type_identifier" | "scoped_identifier" => return self.dotted_name(node),
            "this" => ExpressionKind::This,
            "super" => ExpressionKind::Super,
            "method_invocation" => return self.method_call(node),
            "field_access" => return self.field_access(node),
            "array_access" => self.element(node),
            "object_creation_expression" => self.creation(node),
            "array_creation_expression" => return self.array_creation(node),
            "array_initializer" | "element_value_array_initializer" => self.list(node, None),
            "assignment_expression" => self.assignment(node),
            "binary_expression" => self.binary(node),
            "unary_expression" => self.unary(node),
            "update_expression" => self.step(node),
            "ternary_expression" => self.ternary(node),
            "cast_expression" => self.cast(node),
            "instanceof_expression" => self.type_test(node),
            "lambda_expression" => self.lambda(node),
            "method_reference" => self.reference(node),
            "switch_expression" => self.switch_value(node),
            "class_literal" => return self.class_literal(node),
            "template_expression" => return self.template(node),
            "string_literal" => return self.string(node),
            _ => return self.literal(node),
        };
        Expression::new(kind, range(node))
    }

    fn part(&mut self, node: Tree<'tree>, field: &str) -> Box<Expression> {
        Box::new(match node.child_by_field_name(field) {
            Some(part) => self.expression(part),
            None => unknown(Vec::new(), range(node)),
        })
    }

    fn literal(&mut self, node: Tree<'tree>) -> Expression {
        let written = self.to.text(node);
        let value = match node.kind() {
            "true" => Constant::Boolean(true),
            "false" => Constant::Boolean(false),
            "null_literal" => Constant::Null,
            "character_literal" => {
                let body = unescape(written.trim_start_matches('\'').strip_suffix('\'').unwrap_or(written));
                Constant::Character(body.chars().next().unwrap_or('\''))
            }
            kind if kind.ends_with("integer_literal") => match integer(written, true) {
                Some(value) => Constant::Integer(value),
                None => return unknown(Vec::new(), range(node)),
            },
            kind if kind.ends_with("floating_point_literal") => {
                let digits = written.replace('_', "");
                match digits.trim_end_matches(['f', 'F', 'd', 'D']).parse() {
                    Ok(value) => Constant::Float(value),
                    Err(_) => return unknown(Vec::new(), range(node)),
                }
            }
            _ => {
                let parts = children(node).into_iter().map(|part| self.expression(part)).collect();
                return unknown(parts, range(node));
            }
        };
        constant(value, range(node))
    }

    fn string(&mut self, node: Tree<'tree>) -> Expression {
        let written = self.to.text(node);
        let body = match written.strip_prefix("\"\"\"") {
            Some(block) => text_block(block.strip_suffix("\"\"\"").unwrap_or(block)),
            None => written.trim_start_matches('"').strip_suffix('"').unwrap_or(written).to_owned(),
        };
        text(unescape(&body), range(node))
    }

    fn template(&mut self, node: Tree<'tree>) -> Expression {
        let literal = node.child_by_field_name("template_argument");
        let parts = literal.map(children).unwrap_or_default().into_iter().map(|part| match part.kind() {
            "string_interpolation" => match children(part).first() {
                Some(inner) => self.expression(*inner),
                None => unknown(Vec::new(), range(part)),
            },
            _ => text(unescape(self.to.text(part)), range(part)),
        });
        let parts = parts.collect();
        Expression::new(ExpressionKind::Template(parts), range(node))
    }

    /// `a.b.c` as members of a name.
    fn dotted_name(&mut self, node: Tree<'tree>) -> Expression {
        match (node.child_by_field_name("scope"), node.child_by_field_name("name")) {
            (Some(scope), Some(last)) => member(self.dotted_name(scope), self.to.text(last), range(node)),
            _ => name(self.to.text(node), range(node)),
        }
    }

    fn method_call(&mut self, node: Tree<'tree>) -> Expression {
        let method = self.to.field_text(node, "name").to_owned();
        let place = node.child_by_field_name("name").map_or_else(|| range(node), range);
        let callee = match node.child_by_field_name("object") {
            Some(object) => {
                let is_outer_super =
                    children(node).iter().any(|child| child.kind() == "super") && object.kind() != "super";
                let of = if is_outer_super {
                    Expression::new(ExpressionKind::Super, range(object))
                } else {
                    self.expression(object)
                };
                let bytes = range(object).start..place.end;
                member(of, method, bytes)
            }
            None => name(method, place),
        };
        let arguments =
            node.child_by_field_name("arguments").map(|list| self.arguments(list)).unwrap_or_default();
        call(callee, arguments, range(node))
    }

    pub(super) fn arguments(&mut self, list: Tree<'tree>) -> Vec<Argument> {
        children(list).into_iter().map(|node| argument(self.expression(node))).collect()
    }

    pub(super) fn annotation_argument(&mut self, node: Tree<'tree>) -> Argument {
        if node.kind() != "element_value_pair" {
            return argument(self.annotation_value(node));
        }
        let named = self.to.field_text(node, "key").to_owned();
        let value = match node.child_by_field_name("value") {
            Some(value) => self.annotation_value(value),
            None => unknown(Vec::new(), range(node)),
        };
        Argument { name: Some(named), ..argument(value) }
    }

    fn annotation_value(&mut self, node: Tree<'tree>) -> Expression {
        match node.kind() {
            "annotation" | "marker_annotation" => text(self.to.text(node), range(node)),
            _ => self.expression(node),
        }
    }

    /// `Outer.this` is the object itself: whose fields a name means is found by name.
    fn field_access(&mut self, node: Tree<'tree>) -> Expression {
        let Some(object) = node.child_by_field_name("object") else {
            return unknown(Vec::new(), range(node));
        };
        let field = self.to.field_text(node, "field").to_owned();
        if field == "this" {
            let outer = self.to.text(object).to_owned();
            return member(
                Expression::new(ExpressionKind::This, range(object)),
                format!("<outer {outer}>"),
                range(node),
            );
        }
        member(self.expression(object), field, range(node))
    }

    fn element(&mut self, node: Tree<'tree>) -> ExpressionKind {
        ExpressionKind::Element { of: self.part(node, "array"), index: self.part(node, "index") }
    }

    fn creation(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let of_type =
            node.child_by_field_name("type").map(|of_type| self.type_name(of_type)).unwrap_or_default();
        let arguments =
            node.child_by_field_name("arguments").map(|list| self.arguments(list)).unwrap_or_default();
        let body = child_of_kind(node, "class_body").map(|body| self.anonymous(body, &of_type));
        ExpressionKind::New { of_type, callee: None, arguments, body }
    }

    fn array_creation(&mut self, node: Tree<'tree>) -> Expression {
        let element =
            node.child_by_field_name("type").map(|of_type| self.type_name(of_type)).unwrap_or_default();
        let kind = match node.child_by_field_name("value") {
            Some(value) => self.list(value, Some(&element)),
            None => {
                let lengths = children(node).into_iter().filter(|child| child.kind() == "dimensions_expr");
                let lengths: Vec<_> =
                    lengths.filter_map(|length| children(length).first().copied()).collect();
                let arguments = lengths.into_iter().map(|length| argument(self.expression(length))).collect();
                let of_type = TypeName { name: "[]".to_owned(), arguments: vec![element] };
                ExpressionKind::New { of_type, callee: None, arguments, body: None }
            }
        };
        Expression::new(kind, range(node))
    }

    fn list(&mut self, node: Tree<'tree>, _element: Option<&TypeName>) -> ExpressionKind {
        ExpressionKind::List(
            children(node).into_iter().map(|item| Item::One(self.expression(item))).collect(),
        )
    }

    /// What a variable is set to where it is declared: `{…}` is an array.
    pub(super) fn initial_value(&mut self, node: Tree<'tree>, of_type: Option<&TypeName>) -> Expression {
        match node.kind() {
            "array_initializer" => Expression::new(self.list(node, of_type), range(node)),
            _ => self.expression(node),
        }
    }

    fn assignment(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let target = match node.child_by_field_name("left") {
            Some(left) if left.kind() == "identifier" => self.named_pattern(Some(left)),
            Some(left) => Pattern::Place(Box::new(self.expression(left))),
            None => Pattern::Ignored,
        };
        let operator = self.to.field_text(node, "operator").trim_end_matches('=');
        let operator = binary_operator(operator).map(AssignmentOperator::Binary);
        let value = *self.part(node, "right");
        ExpressionKind::Assign(Box::new(Assignment { target, operator, value }))
    }

    fn binary(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let operator = self.to.field_text(node, "operator");
        let (left, right) = (self.part(node, "left"), self.part(node, "right"));
        match operator {
            "&&" => ExpressionKind::Logical(Logic::And, left, right),
            "||" => ExpressionKind::Logical(Logic::Or, left, right),
            _ => match binary_operator(operator) {
                Some(operator) => ExpressionKind::Binary(operator, left, right),
                None => ExpressionKind::Unknown(vec![*left, *right]),
            },
        }
    }

    fn unary(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let operator = match self.to.field_text(node, "operator") {
            "!" => UnaryOperator::Not,
            "-" => UnaryOperator::Negate,
            "~" => UnaryOperator::Complement,
            _ => UnaryOperator::Plus,
        };
        ExpressionKind::Unary(operator, self.part(node, "operand"))
    }

    fn step(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let written = self.to.text(node);
        let by = if written.contains("++") { 1 } else { -1 };
        let is_after = written.ends_with("++") || written.ends_with("--");
        match children(node).first() {
            Some(operand) => ExpressionKind::Step(Box::new(self.expression(*operand)), by, is_after),
            None => ExpressionKind::Unknown(Vec::new()),
        }
    }

    fn ternary(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let test = self.part(node, "condition");
        ExpressionKind::Conditional(test, self.part(node, "consequence"), self.part(node, "alternative"))
    }

    fn cast(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let of_type =
            node.child_by_field_name("type").map(|of_type| self.type_name(of_type)).unwrap_or_default();
        ExpressionKind::Cast(of_type, self.part(node, "value"))
    }

    fn type_test(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let left = self.part(node, "left");
        if let Some(pattern) = node.child_by_field_name("pattern") {
            return match self.pattern(pattern) {
                Pattern::OfType(of_type, inner) => ExpressionKind::IsType(left, of_type, Some(inner)),
                other => ExpressionKind::IsType(left, TypeName::default(), Some(Box::new(other))),
            };
        }
        let of_type =
            node.child_by_field_name("right").map(|right| self.type_name(right)).unwrap_or_default();
        let named = node.child_by_field_name("name").map(|named| Box::new(self.named_pattern(Some(named))));
        ExpressionKind::IsType(left, of_type, named)
    }

    fn lambda(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let id = self.to.reserve_function();
        let parameters = match node.child_by_field_name("parameters") {
            Some(list) if list.kind() == "identifier" => self.lone_parameter(list),
            Some(list) => self.parameters(list),
            None => Vec::new(),
        };
        let body = match node.child_by_field_name("body") {
            Some(body) if body.kind() == "block" => self.block(body),
            Some(body) => {
                let value = self.expression(body);
                let place = value.range.clone();
                scoped(vec![Statement::new(StatementKind::Return(Some(value)), place)])
            }
            None => Block::default(),
        };
        let flags = FunctionFlags { keeps_this: true, ..FunctionFlags::default() };
        let place = range(node);
        let name_range = place.start..place.start;
        let function =
            Function { parameters, flags, body: Some(body), range: place, name_range, ..Function::default() };
        self.to.set_function(id, function);
        ExpressionKind::Function(id)
    }

    fn lone_parameter(&self, node: Tree<'tree>) -> Vec<crate::flow::form::Parameter> {
        vec![crate::flow::form::Parameter {
            pattern: self.named_pattern(Some(node)),
            of_type: None,
            default: None,
            kind: crate::flow::form::ParameterKind::Plain,
            annotations: Vec::new(),
            is_reference: false,
            range: range(node),
        }]
    }

    fn reference(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let parts = children(node);
        let Some(object) = parts.first() else { return ExpressionKind::Unknown(Vec::new()) };
        let last = parts.iter().skip(1).rfind(|part| part.kind() == "identifier");
        let method = last.map_or("new", |last| self.to.text(*last)).to_owned();
        let of = match object.kind() {
            "generic_type" | "array_type" | "scoped_type_identifier" => {
                name(self.type_name(*object).name, range(*object))
            }
            _ => self.expression(*object),
        };
        ExpressionKind::Reference(Box::new(of), method)
    }

    fn switch_value(&mut self, node: Tree<'tree>) -> ExpressionKind {
        let place = range(node);
        let switch = Statement::new(StatementKind::Switch(self.switch(node, true)), place.clone());
        let labelled = StatementKind::Block(Some(VALUE_LABEL.to_owned()), scoped(vec![switch]));
        let pattern = Pattern::Name(VALUE_LABEL.to_owned(), place.clone());
        let statements = vec![
            declare(pattern, Some(null(place.clone())), place.clone()),
            Statement::new(labelled, place.clone()),
        ];
        ExpressionKind::Block(Box::new(scoped(statements)), Box::new(name(VALUE_LABEL, place)))
    }

    fn class_literal(&mut self, node: Tree<'tree>) -> Expression {
        let of_type = children(node).first().map(|of_type| self.type_name(*of_type)).unwrap_or_default();
        let place = range(node);
        member(name(of_type.name, place.clone()), "class", place)
    }
}

/// A text block without its first line break and the indentation that all its lines share.
fn text_block(body: &str) -> String {
    let body = body.split_once('\n').map_or(body, |(_, rest)| rest);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines: Vec<_> = body.split('\n').collect();
    let counted =
        lines.iter().enumerate().filter(|(at, line)| !line.trim().is_empty() || at + 1 == lines.len());
    let common = counted.map(|(_, line)| indent(line)).min().unwrap_or(0);
    let stripped = lines.iter().map(|line| line.get(common..).unwrap_or_default().trim_end());
    stripped.collect::<Vec<_>>().join("\n")
}
