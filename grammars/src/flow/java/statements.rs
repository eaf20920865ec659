//! Java's statements.

use crate::flow::form::{
    Block, Case, Catch, Expression, ExpressionKind, Loop, Pattern, ScopeKind, Statement, StatementKind,
    Switch, Try, TypeName, VALUE_LABEL, Yields,
};
use crate::flow::java::{Java, Tree, is_type, set};
use crate::flow::lowering::{
    call, child_of_kind, children, expression_statement, fields, range, scoped, shared,
};

impl<'tree> Java<'tree> {
    pub(super) fn block(&mut self, node: Tree<'tree>) -> Block {
        scoped(children(node).into_iter().flat_map(|child| self.statement(child)).collect())
    }

    /// A statement as a block of its own.
    fn body(&mut self, node: Option<Tree<'tree>>) -> Block {
        match node {
            Some(node) if node.kind() == "block" => self.block(node),
            Some(node) => scoped(self.statement(node)),
            None => Block::default(),
        }
    }

    pub(super) fn statement(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let kind = match node.kind() {
            "local_variable_declaration" => return self.variables(node),
            "block" => StatementKind::Block(None, self.block(node)),
            "expression_statement" => {
                return children(node)
                    .first()
                    .map(|inner| self.expression_as_statement(*inner))
                    .into_iter()
                    .collect();
            }
            "if_statement" => self.branch(node),
            "while_statement" | "do_statement" | "for_statement" | "enhanced_for_statement" => {
                self.looping(node, None)
            }
            "labeled_statement" => self.labelled(node),
            "switch_expression" => StatementKind::Switch(self.switch(node, false)),
            "return_statement" => StatementKind::Return(self.first(node)),
            "throw_statement" => StatementKind::Throw(self.first(node)),
            "yield_statement" => return self.yielded(node),
            "break_statement" => StatementKind::Break(self.label(node)),
            "continue_statement" => StatementKind::Continue(self.label(node)),
            "try_statement" | "try_with_resources_statement" => self.attempt(node),
            "synchronized_statement" => self.locked(node),
            "assert_statement" => self.assertion(node),
            "explicit_constructor_invocation" => return vec![self.constructor_call(node)],
            kind if is_type(kind) => {
                self.declare_type(node, None);
                return Vec::new();
            }
            _ => return self.unknown_statement(node),
        };
        vec![Statement::new(kind, range(node))]
    }

    fn unknown_statement(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        if node.kind() == "ERROR" {
            return children(node).into_iter().flat_map(|child| self.statement(child)).collect();
        }
        vec![self.expression_as_statement(node)]
    }

    fn expression_as_statement(&mut self, node: Tree<'tree>) -> Statement {
        if node.kind() == "switch_expression" {
            return Statement::new(StatementKind::Switch(self.switch(node, false)), range(node));
        }
        expression_statement(self.expression(node))
    }

    fn first(&mut self, node: Tree<'tree>) -> Option<Expression> {
        children(node).first().map(|inner| self.expression(*inner))
    }

    fn label(&self, node: Tree<'tree>) -> Option<String> {
        child_of_kind(node, "identifier").map(|label| self.to.text(label).to_owned())
    }

    fn variables(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let of_type = node.child_by_field_name("type").map(|of_type| self.type_name(of_type));
        let mut statements = Vec::new();
        for declarator in fields(node, "declarator") {
            let of_type = self.with_dimensions(of_type.clone(), declarator);
            let value = declarator
                .child_by_field_name("value")
                .map(|value| self.initial_value(value, of_type.as_ref()));
            let pattern = self.named_pattern(declarator.child_by_field_name("name"));
            let of_type = of_type.filter(|of_type| of_type.name != "var");
            statements
                .push(Statement::new(StatementKind::Declare { pattern, of_type, value }, range(declarator)));
        }
        statements
    }

    pub(super) fn named_pattern(&self, node: Option<Tree<'tree>>) -> Pattern {
        match node {
            Some(node) if node.kind() != "underscore_pattern" => {
                Pattern::Name(self.to.text(node).to_owned(), range(node))
            }
            _ => Pattern::Ignored,
        }
    }

    fn branch(&mut self, node: Tree<'tree>) -> StatementKind {
        let test = self.condition(node);
        let then = self.body(node.child_by_field_name("consequence"));
        let otherwise = node.child_by_field_name("alternative").map(|other| self.body(Some(other)));
        StatementKind::If { test, then, otherwise }
    }

    pub(super) fn condition(&mut self, node: Tree<'tree>) -> Expression {
        match node.child_by_field_name("condition") {
            Some(condition) => self.expression(condition),
            None => Expression::new(ExpressionKind::Unknown(Vec::new()), range(node)),
        }
    }

    fn labelled(&mut self, node: Tree<'tree>) -> StatementKind {
        let label = self.label(node);
        let inner = children(node).into_iter().nth(1);
        match inner {
            Some(inner)
                if inner.kind().ends_with("for_statement") || inner.kind().ends_with("while_statement") =>
            {
                self.looping(inner, label)
            }
            Some(inner) if inner.kind() == "do_statement" => self.looping(inner, label),
            Some(inner) => StatementKind::Block(label, scoped(self.statement(inner))),
            None => StatementKind::Block(label, Block::default()),
        }
    }

    fn looping(&mut self, node: Tree<'tree>, label: Option<String>) -> StatementKind {
        if node.kind() == "enhanced_for_statement" {
            return self.for_each(node, label);
        }
        let is_for = node.kind() == "for_statement";
        let before = fields(node, "init").into_iter().flat_map(|init| self.statement(init)).collect();
        let test = (!is_for || node.child_by_field_name("condition").is_some()).then(|| self.condition(node));
        let update = fields(node, "update");
        let update = update.into_iter().map(|update| expression_statement(self.expression(update))).collect();
        StatementKind::Loop(Loop {
            label,
            before,
            test,
            runs_first: node.kind() == "do_statement",
            update,
            body: self.body(node.child_by_field_name("body")),
            otherwise: None,
        })
    }

    fn for_each(&mut self, node: Tree<'tree>, label: Option<String>) -> StatementKind {
        let over = match node.child_by_field_name("value") {
            Some(value) => self.expression(value),
            None => Expression::new(ExpressionKind::Unknown(Vec::new()), range(node)),
        };
        StatementKind::ForEach {
            label,
            pattern: self.named_pattern(node.child_by_field_name("name")),
            declares: true,
            over,
            yields: Yields::Elements,
            body: self.body(node.child_by_field_name("body")),
            otherwise: None,
        }
    }

    /// A switch; where its value is wanted, its cases set the variable of [`VALUE_LABEL`] and leave that block.
    pub(super) fn switch(&mut self, node: Tree<'tree>, wants_value: bool) -> Switch {
        let subject = node.child_by_field_name("condition").map(|condition| self.expression(condition));
        let groups = node.child_by_field_name("body").map(children).unwrap_or_default();
        let cases = groups.into_iter().flat_map(|group| self.cases(group, wants_value)).collect();
        Switch { subject, cases, is_select: false }
    }

    fn cases(&mut self, group: Tree<'tree>, wants_value: bool) -> Vec<Case> {
        let is_rule = group.kind() == "switch_rule";
        let (labels, rest): (Vec<_>, Vec<_>) =
            children(group).into_iter().partition(|child| child.kind() == "switch_label");
        let mut cases: Vec<Case> = labels.into_iter().map(|label| self.case_label(label)).collect();
        let Some(last) = cases.last_mut() else { return cases };
        last.falls_through = !is_rule;
        last.body = shared(
            rest.into_iter().flat_map(|child| self.case_part(child, is_rule && wants_value)).collect(),
        );
        if is_rule {
            last.body.scope = ScopeKind::Own;
        }
        cases
    }

    fn case_part(&mut self, node: Tree<'tree>, wants_value: bool) -> Vec<Statement> {
        match node.kind() {
            "expression_statement" if wants_value => {
                let value = self.first(node);
                value.map(yield_value).unwrap_or_default()
            }
            _ => self.statement(node),
        }
    }

    fn case_label(&mut self, label: Tree<'tree>) -> Case {
        let mut case = Case { tests: Vec::new(), guard: None, body: Block::default(), falls_through: true };
        for child in children(label) {
            match child.kind() {
                "guard" => case.guard = self.first(child),
                "pattern" => case.tests.extend(children(child).into_iter().map(|inner| self.pattern(inner))),
                _ => case.tests.push(Pattern::Equals(Box::new(self.expression(child)))),
            }
        }
        if self.to.has_word(label, "default") {
            case.tests.clear();
        }
        case
    }

    pub(super) fn pattern(&mut self, node: Tree<'tree>) -> Pattern {
        match node.kind() {
            "type_pattern" | "record_pattern_component" => {
                let parts = children(node);
                let named =
                    self.named_pattern(parts.iter().rfind(|part| part.kind() == "identifier").copied());
                let of_type = parts.first().map(|of_type| self.type_name(*of_type)).unwrap_or_default();
                if of_type.name == "var" { named } else { Pattern::OfType(of_type, Box::new(named)) }
            }
            "record_pattern" => {
                let parts = children(node);
                let of_type =
                    parts.first().map_or_else(TypeName::default, |of_type| self.type_name(*of_type));
                let inner = child_of_kind(node, "record_pattern_body").map(children).unwrap_or_default();
                let entries = inner.into_iter().enumerate().map(|(index, part)| {
                    let key = crate::flow::form::Constant::Integer(index as i128);
                    (crate::flow::lowering::constant(key, range(part)), self.pattern(part))
                });
                let record = crate::flow::form::RecordPattern {
                    entries: entries.collect(),
                    rest: None,
                    of_fields: true,
                };
                Pattern::OfType(of_type, Box::new(Pattern::Record(record)))
            }
            _ => Pattern::Ignored,
        }
    }

    fn yielded(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        self.first(node).map(yield_value).unwrap_or_default()
    }

    fn attempt(&mut self, node: Tree<'tree>) -> StatementKind {
        let resources = node.child_by_field_name("resources").map(children).unwrap_or_default();
        let resources = resources.into_iter().map(|resource| self.resource(resource)).collect();
        let body = node.child_by_field_name("body").map(|body| self.block(body)).unwrap_or_default();
        let (mut catches, mut finally) = (Vec::new(), None);
        for clause in children(node) {
            match clause.kind() {
                "catch_clause" => catches.push(self.catch(clause)),
                "finally_clause" => finally = child_of_kind(clause, "block").map(|block| self.block(block)),
                _ => {}
            }
        }
        StatementKind::Try(Try { resources, body, catches, otherwise: None, finally })
    }

    fn resource(&mut self, node: Tree<'tree>) -> Statement {
        let value = node.child_by_field_name("value").map(|value| self.expression(value));
        let Some(value) = value else {
            let used = children(node).first().map(|inner| self.expression(*inner));
            return used.map_or_else(
                || Statement::new(StatementKind::Unknown(Vec::new()), range(node)),
                expression_statement,
            );
        };
        let pattern = self.named_pattern(node.child_by_field_name("name"));
        let of_type = node.child_by_field_name("type").map(|of_type| self.type_name(of_type));
        let of_type = of_type.filter(|of_type| of_type.name != "var");
        Statement::new(StatementKind::Declare { pattern, of_type, value: Some(value) }, range(node))
    }

    fn catch(&mut self, node: Tree<'tree>) -> Catch {
        let parameter = child_of_kind(node, "catch_formal_parameter");
        let types = parameter.and_then(|parameter| child_of_kind(parameter, "catch_type")).map(children);
        Catch {
            types: types.unwrap_or_default().into_iter().map(|of_type| self.type_name(of_type)).collect(),
            pattern: parameter.map(|parameter| self.named_pattern(parameter.child_by_field_name("name"))),
            body: node.child_by_field_name("body").map(|body| self.block(body)).unwrap_or_default(),
        }
    }

    /// `super(…)` and `this(…)` as calls of these.
    fn constructor_call(&mut self, node: Tree<'tree>) -> Statement {
        let is_super = self.to.field_text(node, "constructor") == "super";
        let kind = if is_super { ExpressionKind::Super } else { ExpressionKind::This };
        let place = node.child_by_field_name("constructor").map_or_else(|| range(node), range);
        let arguments =
            node.child_by_field_name("arguments").map(|list| self.arguments(list)).unwrap_or_default();
        expression_statement(call(Expression::new(kind, place), arguments, range(node)))
    }

    fn locked(&mut self, node: Tree<'tree>) -> StatementKind {
        let lock = child_of_kind(node, "parenthesized_expression").map(|lock| self.expression(lock));
        let lock = lock.unwrap_or_else(|| Expression::new(ExpressionKind::Unknown(Vec::new()), range(node)));
        let body = node.child_by_field_name("body").map(|body| self.block(body)).unwrap_or_default();
        StatementKind::Locked(lock, body)
    }

    fn assertion(&mut self, node: Tree<'tree>) -> StatementKind {
        let mut parts = children(node).into_iter().map(|part| self.expression(part));
        match parts.next() {
            Some(test) => StatementKind::Assert { test, message: parts.next() },
            None => StatementKind::Unknown(Vec::new()),
        }
    }
}

/// Sets the value of the switch around, and leaves it.
fn yield_value(value: Expression) -> Vec<Statement> {
    let place = value.range.clone();
    let target = Pattern::Name(VALUE_LABEL.to_owned(), place.clone());
    let leave = Statement::new(StatementKind::Break(Some(VALUE_LABEL.to_owned())), place.clone());
    vec![set(target, value, place), leave]
}
