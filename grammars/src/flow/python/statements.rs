//! Simple statements, and the choice of what reads the others. What is no statement is evaluated as an expression.

use crate::flow::form::{
    Assignment, AssignmentOperator, BinaryOperator, Expression, ExpressionKind, Statement, StatementKind,
};
use crate::flow::lowering::{
    argument, call, child_of_kind, expression_statement, fields, member, name, range, unknown,
};
use crate::flow::python::{Python, Tree, assign, has_comma, parts};

impl<'tree> Python<'tree> {
    /// Lowers one statement; what it needs beside comes before and after it.
    pub(super) fn statement(&mut self, node: Tree<'tree>, into: &mut Vec<Statement>) {
        match node.kind() {
            "if_statement" => into.push(self.if_statement(node)),
            "for_statement" => into.push(self.for_statement(node)),
            "while_statement" => into.push(self.while_statement(node)),
            "try_statement" => into.push(self.try_statement(node)),
            "with_statement" => into.push(self.with_statement(node)),
            "match_statement" => into.push(self.match_statement(node)),
            "function_definition" | "class_definition" => self.definition(node, &[], into),
            "decorated_definition" => self.decorated(node, into),
            "import_statement" => self.import(node, into),
            "import_from_statement" => self.import_from(node, into),
            "future_import_statement" | "pass_statement" | "global_statement" | "nonlocal_statement" => {}
            _ => self.simple(node, into),
        }
    }

    fn simple(&mut self, node: Tree<'tree>, into: &mut Vec<Statement>) {
        match node.kind() {
            "expression_statement" => self.expression_statement(node, into),
            "return_statement" => {
                let value = self.first(node);
                into.push(Statement::new(StatementKind::Return(value), range(node)));
            }
            "break_statement" => into.push(Statement::new(StatementKind::Break(None), range(node))),
            "continue_statement" => into.push(Statement::new(StatementKind::Continue(None), range(node))),
            "raise_statement" => self.raise(node, into),
            "assert_statement" => into.push(self.assertion(node)),
            "delete_statement" => self.delete(node, into),
            "print_statement" => into.push(self.print(node)),
            "exec_statement" => into.push(self.exec(node)),
            "type_alias_statement" => {
                into.push(Statement::new(StatementKind::Unknown(Vec::new()), range(node)));
            }
            "ERROR" | "block" | "module" => into.extend(self.block(node).statements),
            _ => into.push(expression_statement(self.expression(node))),
        }
    }

    /// The expression that a statement has, if any.
    fn first(&mut self, node: Tree<'tree>) -> Option<Expression> {
        parts(node).first().map(|value| self.expression(*value))
    }

    fn expression_statement(&mut self, node: Tree<'tree>, into: &mut Vec<Statement>) {
        match parts(node).as_slice() {
            [only] if only.kind() == "assignment" => {
                self.note_field(*only);
                into.extend(
                    self.assignment(*only)
                        .map(|set| Statement::new(StatementKind::Expression(set), range(node))),
                );
            }
            [only] if !has_comma(node) => {
                let value = self.expression(*only);
                into.push(Statement::new(StatementKind::Expression(value), range(node)));
            }
            _ => into.push(expression_statement(self.list(node))),
        }
    }

    /// An assignment; none for a name that is only given a type.
    pub(super) fn assignment(&mut self, node: Tree<'tree>) -> Option<Expression> {
        let target = self.target(node.child_by_field_name("left")?);
        let value = self.expression(node.child_by_field_name("right")?);
        let annotation = node.child_by_field_name("type");
        let value = annotation.map(|node| self.type_name(node)).into_iter().flatten().fold(value, typed);
        Some(assign(target, value, range(node)))
    }

    pub(super) fn augmented_assignment(&mut self, node: Tree<'tree>) -> Expression {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right"))
        else {
            return self.unknown(node);
        };
        let target = self.target(left);
        let written = self.to.field_text(node, "operator").trim_end_matches('=');
        let Some(operator) = binary_operator(written) else {
            let callee = member(self.target_as_expression(left), "__matmul__", range(left));
            let product = call(callee, vec![argument(self.expression(right))], range(node));
            return assign(target, product, range(node));
        };
        let value = self.expression(right);
        let operator = Some(AssignmentOperator::Binary(operator));
        Expression::new(ExpressionKind::Assign(Box::new(Assignment { target, operator, value })), range(node))
    }

    fn raise(&mut self, node: Tree<'tree>, into: &mut Vec<Statement>) {
        let cause = node.child_by_field_name("cause");
        if let Some(cause) = cause.filter(|cause| !matches!(cause.kind(), "identifier" | "none")) {
            into.push(expression_statement(self.expression(cause)));
        }
        let thrown = parts(node).into_iter().find(|child| Some(*child) != cause);
        let value = thrown.map(|thrown| self.thrown(thrown));
        into.push(Statement::new(StatementKind::Throw(value), range(node)));
    }

    /// What is raised; `raise Type, argument` makes an object.
    fn thrown(&mut self, node: Tree<'tree>) -> Expression {
        match (node.kind(), parts(node).as_slice()) {
            ("expression_list", [of_type, value, ..]) => {
                let callee = self.expression(*of_type);
                let value = self.expression(*value);
                call(callee, vec![argument(value)], range(node))
            }
            _ => self.expression(node),
        }
    }

    fn assertion(&mut self, node: Tree<'tree>) -> Statement {
        let mut values = parts(node).into_iter().map(|part| self.expression(part));
        let test = values.next().unwrap_or_else(|| unknown(Vec::new(), range(node)));
        let message = values.next();
        Statement::new(StatementKind::Assert { test, message }, range(node))
    }

    fn delete(&mut self, node: Tree<'tree>, into: &mut Vec<Statement>) {
        let mut waiting = parts(node);
        waiting.reverse();
        while let Some(target) = waiting.pop() {
            if matches!(target.kind(), "expression_list" | "tuple" | "list" | "parenthesized_expression") {
                waiting.extend(parts(target).into_iter().rev());
                continue;
            }
            let place = match self.target(target) {
                crate::flow::form::Pattern::Place(place) => *place,
                _ => self.target_as_expression(target),
            };
            into.push(Statement::new(StatementKind::Delete(place), range(target)));
        }
    }

    /// The statement of Python 2, as the call that it is now.
    fn print(&mut self, node: Tree<'tree>) -> Statement {
        let mut arguments = Vec::new();
        let stream = child_of_kind(node, "chevron");
        for value in fields(node, "argument") {
            arguments.push(argument(self.expression(value)));
        }
        if let Some(stream) = stream.and_then(|chevron| self.first(chevron)) {
            let mut file = argument(stream);
            file.name = Some("file".to_owned());
            arguments.push(file);
        }
        expression_statement(call(self.keyword(node, "print"), arguments, range(node)))
    }

    fn exec(&mut self, node: Tree<'tree>) -> Statement {
        let mut arguments = Vec::new();
        for value in parts(node) {
            arguments.push(argument(self.expression(value)));
        }
        expression_statement(call(self.keyword(node, "exec"), arguments, range(node)))
    }

    /// A statement's first word as the function that it names.
    fn keyword(&self, node: Tree<'tree>, word: &str) -> Expression {
        name(word, node.child(0).map_or_else(|| range(node), range))
    }
}

/// A value that is said to be of a type. What may be any text stays as it is: a note of a type converts nothing.
fn typed(value: Expression, of_type: crate::flow::form::TypeName) -> Expression {
    let is_call = matches!(
        value.kind,
        ExpressionKind::Call { .. } | ExpressionKind::Await(_) | ExpressionKind::Element { .. }
    );
    let says_little = ["int", "float", "bool", "str", "bytes", "complex", "object", "Any", "None", "|", ""];
    if !is_call || says_little.contains(&of_type.simple()) {
        return value;
    }
    let place = value.range.clone();
    Expression::new(ExpressionKind::Cast(of_type, Box::new(value)), place)
}

/// What an arithmetic operator does; none for `@`, which is a call.
pub(super) fn binary_operator(written: &str) -> Option<BinaryOperator> {
    Some(match written {
        "+" => BinaryOperator::Add,
        "-" => BinaryOperator::Subtract,
        "*" => BinaryOperator::Multiply,
        "/" => BinaryOperator::Divide,
        "//" => BinaryOperator::FloorDivide,
        "%" => BinaryOperator::Remainder,
        "**" => BinaryOperator::Power,
        "<<" => BinaryOperator::ShiftLeft,
        ">>" => BinaryOperator::ShiftRight,
        "&" => BinaryOperator::BitAnd,
        "|" => BinaryOperator::BitOr,
        "^" => BinaryOperator::BitXor,
        _ => return None,
    })
}
