//! Go's statements.

use crate::flow::form::{
    Assignment, AssignmentOperator, Block, Case, Expression, ExpressionKind, Item, Loop, Pattern, Statement,
    StatementKind, Switch, Yields,
};
use crate::flow::go::{Go, Tree, block_of, null, with_presence};
use crate::flow::lowering::{
    argument, binary_operator, call, child_of_kind, children, declare, expression_statement, fields, member,
    name, range, shared,
};

impl<'tree> Go<'tree> {
    pub(super) fn block(&mut self, node: Tree<'tree>) -> Block {
        self.scopes.push(Vec::new());
        let statements = self.statements(node);
        self.scopes.pop();
        block_of(statements)
    }

    fn statements(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let mut all = Vec::new();
        for child in children(node) {
            match child.kind() {
                "statement_list" => all.extend(self.statements(child)),
                _ => all.extend(self.statement(child)),
            }
        }
        all
    }

    pub(super) fn statement(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let kind = match node.kind() {
            "statement_list" | "ERROR" => return self.statements(node),
            "block" => StatementKind::Block(None, self.block(node)),
            "expression_statement" => {
                return self.first(node).map(expression_statement).into_iter().collect();
            }
            "send_statement" => return vec![self.send(node)],
            "inc_statement" | "dec_statement" => return self.step(node).into_iter().collect(),
            "assignment_statement" => return vec![self.assignment(node)],
            "short_var_declaration" => return self.short_declaration(node),
            "var_declaration" => return self.variables(node),
            "const_declaration" => return self.constants(node),
            "type_declaration" => {
                self.type_declaration(node);
                return Vec::new();
            }
            "if_statement" => return vec![self.branch(node)],
            "for_statement" => self.looping(node, None),
            "expression_switch_statement" => return vec![self.switch(node)],
            "type_switch_statement" => return vec![self.type_switch(node)],
            "select_statement" => self.select(node),
            "labeled_statement" => return self.labelled(node),
            "return_statement" => StatementKind::Return(self.returned(node)),
            "go_statement" => match self.first(node) {
                Some(call) => StatementKind::Spawn(call),
                None => return Vec::new(),
            },
            "defer_statement" => match self.first(node) {
                Some(call) => StatementKind::Defer(call),
                None => return Vec::new(),
            },
            "break_statement" => StatementKind::Break(self.label(node)),
            "continue_statement" => StatementKind::Continue(self.label(node)),
            "goto_statement" => StatementKind::Goto(self.label(node).unwrap_or_default()),
            "fallthrough_statement" | "empty_statement" => return Vec::new(),
            _ => return vec![expression_statement(self.expression(node))],
        };
        vec![Statement::new(kind, range(node))]
    }

    fn first(&mut self, node: Tree<'tree>) -> Option<Expression> {
        children(node).first().map(|inner| self.expression(*inner))
    }

    fn label(&self, node: Tree<'tree>) -> Option<String> {
        child_of_kind(node, "label_name").map(|label| self.to.text(label).to_owned())
    }

    fn send(&mut self, node: Tree<'tree>) -> Statement {
        let channel = self.field(node, "channel");
        let value = self.field(node, "value");
        let method = member(channel, "<send>", range(node));
        expression_statement(call(method, vec![argument(value)], range(node)))
    }

    fn step(&mut self, node: Tree<'tree>) -> Option<Statement> {
        let by = if node.kind() == "inc_statement" { 1 } else { -1 };
        let operand = self.first(node)?;
        Some(expression_statement(Expression::new(
            ExpressionKind::Step(Box::new(operand), by, true),
            range(node),
        )))
    }

    /// The expressions of a list.
    pub(super) fn listed(&mut self, node: Option<Tree<'tree>>) -> Vec<Expression> {
        match node {
            Some(node) if node.kind() == "expression_list" => {
                children(node).into_iter().map(|part| self.expression(part)).collect()
            }
            Some(node) => vec![self.expression(node)],
            None => Vec::new(),
        }
    }

    fn targets(&self, node: Option<Tree<'tree>>) -> Vec<Tree<'tree>> {
        match node {
            Some(node) if node.kind() == "expression_list" => children(node),
            Some(node) => vec![node],
            None => Vec::new(),
        }
    }

    fn target(&mut self, node: Tree<'tree>) -> Pattern {
        match node.kind() {
            "identifier" | "blank_identifier" => self.pattern_name(node),
            _ => Pattern::Place(Box::new(self.expression(node))),
        }
    }

    /// One value for as many targets.
    fn value_for(&mut self, count: usize, right: Option<Tree<'tree>>) -> Option<Expression> {
        let mut values = self.listed(right);
        let place = right.map_or(0..0, range);
        match (count, values.len()) {
            (_, 0) => None,
            (2, 1) if takes_presence(&values[0]) => values.pop().map(with_presence),
            (_, 1) => values.pop(),
            _ => Some(Expression::new(
                ExpressionKind::List(values.into_iter().map(Item::One).collect()),
                place,
            )),
        }
    }

    fn pattern_of(mut patterns: Vec<Pattern>) -> Pattern {
        match patterns.len() {
            1 => patterns.remove(0),
            _ => Pattern::Sequence(patterns.into_iter().map(Item::One).collect()),
        }
    }

    fn assignment(&mut self, node: Tree<'tree>) -> Statement {
        let targets = self.targets(node.child_by_field_name("left"));
        let count = targets.len();
        let patterns = targets.into_iter().map(|target| self.target(target)).collect();
        let value = self.value_for(count, node.child_by_field_name("right"));
        let operator = self.to.field_text(node, "operator").trim_end_matches('=');
        let assignment = Assignment {
            target: Self::pattern_of(patterns),
            operator: binary_operator(operator).map(AssignmentOperator::Binary),
            value: value.unwrap_or_else(|| null(range(node))),
        };
        expression_statement(Expression::new(ExpressionKind::Assign(Box::new(assignment)), range(node)))
    }

    /// `:=` declares what is new in the block, and assigns to what is not.
    fn short_declaration(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let targets = self.targets(node.child_by_field_name("left"));
        let value = self.value_for(targets.len(), node.child_by_field_name("right"));
        self.bind_short(&targets, value, node)
    }

    fn bind_short(
        &mut self,
        targets: &[Tree<'tree>],
        value: Option<Expression>,
        node: Tree<'tree>,
    ) -> Vec<Statement> {
        let place = range(node);
        let fresh: Vec<bool> = targets
            .iter()
            .map(|target| {
                let named = self.to.text(*target);
                named == "_" || self.is_new(named)
            })
            .collect();
        let patterns: Vec<Pattern> = targets.iter().map(|target| self.target(*target)).collect();
        if fresh.iter().all(|is_new| *is_new) {
            return vec![declare(Self::pattern_of(patterns), value, place)];
        }
        let mut statements = Vec::new();
        for (pattern, _) in patterns.iter().zip(&fresh).filter(|(_, is_new)| **is_new) {
            if let Pattern::Name(..) = pattern {
                statements.push(declare(pattern.clone(), None, place.clone()));
            }
        }
        let assignment = Assignment {
            target: Self::pattern_of(patterns),
            operator: None,
            value: value.unwrap_or_else(|| null(place.clone())),
        };
        statements
            .push(expression_statement(Expression::new(ExpressionKind::Assign(Box::new(assignment)), place)));
        statements
    }

    fn variables(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let mut statements = Vec::new();
        for spec in children(node) {
            match spec.kind() {
                "var_spec_list" => statements.extend(self.variables(spec)),
                "var_spec" => statements.push(self.variable(spec)),
                _ => {}
            }
        }
        statements
    }

    fn variable(&mut self, spec: Tree<'tree>) -> Statement {
        let names = fields(spec, "name");
        let of_type = spec.child_by_field_name("type").map(|of_type| self.type_name(of_type));
        let value = self.value_for(names.len(), spec.child_by_field_name("value"));
        for named in &names {
            let named = self.to.text(*named);
            self.is_new(named);
        }
        let patterns = names.into_iter().map(|named| self.pattern_name(named)).collect();
        let kind = StatementKind::Declare { pattern: Self::pattern_of(patterns), of_type, value };
        Statement::new(kind, range(spec))
    }

    /// Constants; a missing value is that of the one before, `iota` counts.
    fn constants(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let mut statements = Vec::new();
        let mut before = None;
        for (count, spec) in children(node).into_iter().filter(|spec| spec.kind() == "const_spec").enumerate()
        {
            let value = spec.child_by_field_name("value").or(before);
            before = value;
            self.iota = Some(count as i128);
            let names = fields(spec, "name");
            let value = self.value_for(names.len(), value);
            self.iota = None;
            for named in &names {
                let named = self.to.text(*named);
                self.is_new(named);
            }
            let patterns = names.into_iter().map(|named| self.pattern_name(named)).collect();
            statements.push(declare(Self::pattern_of(patterns), value, range(spec)));
        }
        statements
    }

    /// The statement, with what stands before it in a scope around.
    fn with_initializer(
        &mut self,
        node: Tree<'tree>,
        make: impl FnOnce(&mut Self) -> StatementKind,
    ) -> Statement {
        self.scopes.push(Vec::new());
        let before = node.child_by_field_name("initializer").map(|before| self.statement(before));
        let kind = make(self);
        self.scopes.pop();
        let statement = Statement::new(kind, range(node));
        match before {
            Some(mut statements) => {
                statements.push(statement);
                Statement::new(StatementKind::Block(None, block_of(statements)), range(node))
            }
            None => statement,
        }
    }

    fn branch(&mut self, node: Tree<'tree>) -> Statement {
        self.with_initializer(node, |go| {
            let test = go.field(node, "condition");
            let then = node.child_by_field_name("consequence").map(|then| go.block(then)).unwrap_or_default();
            let otherwise = node.child_by_field_name("alternative").map(|other| match other.kind() {
                "block" => go.block(other),
                _ => block_of(go.statement(other)),
            });
            StatementKind::If { test, then, otherwise }
        })
    }

    fn looping(&mut self, node: Tree<'tree>, label: Option<String>) -> StatementKind {
        self.scopes.push(Vec::new());
        let head = children(node).into_iter().find(|child| Some(*child) != node.child_by_field_name("body"));
        let kind = match head {
            Some(clause) if clause.kind() == "range_clause" => self.ranging(node, clause, label),
            Some(clause) if clause.kind() == "for_clause" => {
                let before = clause.child_by_field_name("initializer").map(|before| self.statement(before));
                let test = clause.child_by_field_name("condition").map(|test| self.expression(test));
                let update = clause.child_by_field_name("update").map(|update| self.statement(update));
                self.plain_loop(node, label, before.unwrap_or_default(), test, update.unwrap_or_default())
            }
            Some(test) => {
                let test = self.expression(test);
                self.plain_loop(node, label, Vec::new(), Some(test), Vec::new())
            }
            None => self.plain_loop(node, label, Vec::new(), None, Vec::new()),
        };
        self.scopes.pop();
        kind
    }

    fn plain_loop(
        &mut self,
        node: Tree<'tree>,
        label: Option<String>,
        before: Vec<Statement>,
        test: Option<Expression>,
        update: Vec<Statement>,
    ) -> StatementKind {
        let body = node.child_by_field_name("body").map(|body| self.block(body)).unwrap_or_default();
        StatementKind::Loop(Loop { label, before, test, runs_first: false, update, body, otherwise: None })
    }

    fn ranging(&mut self, node: Tree<'tree>, clause: Tree<'tree>, label: Option<String>) -> StatementKind {
        let targets = self.targets(clause.child_by_field_name("left"));
        let declares = self.to.has_word(clause, ":=");
        let over = self.field(clause, "right");
        if declares {
            for target in &targets {
                let named = self.to.text(*target);
                self.is_new(named);
            }
        }
        let patterns: Vec<Pattern> = targets.iter().map(|target| self.target(*target)).collect();
        let (pattern, yields) = match patterns.len() {
            0 => (Pattern::Ignored, Yields::Keys),
            1 => (Self::pattern_of(patterns), Yields::Keys),
            _ => (Self::pattern_of(patterns), Yields::Pairs),
        };
        let body = node.child_by_field_name("body").map(|body| self.block(body)).unwrap_or_default();
        StatementKind::ForEach { label, pattern, declares, over, yields, body, otherwise: None }
    }

    fn switch(&mut self, node: Tree<'tree>) -> Statement {
        self.with_initializer(node, |go| {
            let subject = node.child_by_field_name("value").map(|value| go.expression(value));
            let groups = children(node).into_iter().filter(|child| child.kind().ends_with("_case"));
            let cases = groups.map(|group| go.case(group)).collect();
            StatementKind::Switch(Switch { subject, cases, is_select: false })
        })
    }

    fn case(&mut self, group: Tree<'tree>) -> Case {
        let values = self.listed(group.child_by_field_name("value"));
        let tests = values.into_iter().map(|value| Pattern::Equals(Box::new(value))).collect();
        let list = child_of_kind(group, "statement_list");
        let last = list.and_then(|list| children(list).last().copied());
        let falls_through = last.is_some_and(|last| last.kind() == "fallthrough_statement");
        Case { tests, guard: None, body: self.case_body(list), falls_through }
    }

    fn case_body(&mut self, list: Option<Tree<'tree>>) -> Block {
        list.map(|list| self.block(list)).unwrap_or_default()
    }

    fn type_switch(&mut self, node: Tree<'tree>) -> Statement {
        self.with_initializer(node, |go| {
            let subject = Some(go.field(node, "value"));
            let alias = node.child_by_field_name("alias").map(|alias| match alias.kind() {
                "expression_list" => children(alias).first().copied().unwrap_or(alias),
                _ => alias,
            });
            let groups = children(node).into_iter().filter(|child| child.kind().ends_with("_case"));
            let cases = groups.map(|group| go.type_case(group, alias)).collect();
            StatementKind::Switch(Switch { subject, cases, is_select: false })
        })
    }

    fn type_case(&mut self, group: Tree<'tree>, alias: Option<Tree<'tree>>) -> Case {
        let bound = || {
            alias
                .map_or(Pattern::Ignored, |alias| Pattern::Name(self.to.text(alias).to_owned(), range(alias)))
        };
        let types = fields(group, "type");
        let mut tests: Vec<Pattern> = types
            .into_iter()
            .map(|of_type| Pattern::OfType(self.type_name(of_type), Box::new(bound())))
            .collect();
        let mut body = self.case_body(child_of_kind(group, "statement_list"));
        if group.kind() == "default_case" {
            tests.clear();
            // The default sees the value too.
            if let (Some(alias), Some(value)) =
                (alias, group.parent().and_then(|switch| switch.child_by_field_name("value")))
            {
                let value = self.expression(value);
                body.statements.insert(
                    0,
                    declare(
                        Pattern::Name(self.to.text(alias).to_owned(), range(alias)),
                        Some(value),
                        range(alias),
                    ),
                );
            }
        }
        Case { tests, guard: None, body, falls_through: false }
    }

    fn select(&mut self, node: Tree<'tree>) -> StatementKind {
        let mut cases = Vec::new();
        for group in children(node) {
            self.scopes.push(Vec::new());
            let mut statements = match group.child_by_field_name("communication") {
                Some(communication) if communication.kind() == "receive_statement" => {
                    self.received(communication)
                }
                Some(communication) => self.statement(communication),
                None => Vec::new(),
            };
            let list = child_of_kind(group, "statement_list");
            statements.extend(list.map(|list| self.statements(list)).unwrap_or_default());
            self.scopes.pop();
            cases.push(Case {
                tests: vec![Pattern::Ignored],
                guard: None,
                body: block_of(statements),
                falls_through: false,
            });
        }
        StatementKind::Switch(Switch { subject: None, cases, is_select: true })
    }

    fn received(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let targets = self.targets(node.child_by_field_name("left"));
        let value = self.value_for(targets.len(), node.child_by_field_name("right"));
        if targets.is_empty() {
            return value.map(expression_statement).into_iter().collect();
        }
        if self.to.has_word(node, ":=") {
            return self.bind_short(&targets, value, node);
        }
        let patterns = targets.into_iter().map(|target| self.target(target)).collect();
        let value = value.unwrap_or_else(|| null(range(node)));
        let assignment = Assignment { target: Self::pattern_of(patterns), operator: None, value };
        vec![expression_statement(Expression::new(ExpressionKind::Assign(Box::new(assignment)), range(node)))]
    }

    fn labelled(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let label = self.to.field_text(node, "label").to_owned();
        let inner = children(node).into_iter().find(|child| child.kind() != "label_name");
        let target = Statement::new(StatementKind::Label(label.clone()), range(node));
        let inner = match inner {
            Some(inner) if inner.kind() == "for_statement" => {
                vec![Statement::new(self.looping(inner, Some(label)), range(inner))]
            }
            Some(inner) => vec![Statement::new(
                StatementKind::Block(Some(label), shared(self.statement(inner))),
                range(inner),
            )],
            None => Vec::new(),
        };
        std::iter::once(target).chain(inner).collect()
    }

    fn returned(&mut self, node: Tree<'tree>) -> Option<Expression> {
        let list = children(node).first().copied();
        let mut values = self.listed(list);
        match values.len() {
            0 | 1 => values.pop(),
            _ => Some(Expression::new(
                ExpressionKind::List(values.into_iter().map(Item::One).collect()),
                list.map_or_else(|| range(node), range),
            )),
        }
    }

    pub(super) fn field(&mut self, node: Tree<'tree>, field: &str) -> Expression {
        match node.child_by_field_name(field) {
            Some(part) => self.expression(part),
            None => Expression::new(ExpressionKind::Unknown(Vec::new()), range(node)),
        }
    }

    pub(super) fn named(&self, node: Tree<'tree>) -> Expression {
        name(self.to.text(node), range(node))
    }
}

/// Whether an expression also says whether there is a value, where two are asked for.
fn takes_presence(value: &Expression) -> bool {
    matches!(
        value.kind,
        ExpressionKind::Element { .. } | ExpressionKind::Cast(..) | ExpressionKind::Receive(_)
    )
}
