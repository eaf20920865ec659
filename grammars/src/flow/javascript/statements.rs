//! Statements.

use crate::flow::form::{
    Assignment, Block, Case, Catch, Expression, ExpressionKind, FunctionFlags, Item, Loop, Pattern,
    Statement, StatementKind, Switch, Try, Yields,
};
use crate::flow::javascript::{Script, Tree};
use crate::flow::lowering::{
    bound_names, child_of_kind, children, declare, expression_statement, name, range, scoped, shared, text,
};

impl<'tree> Script<'tree> {
    pub(super) fn block(&mut self, node: Tree<'tree>) -> Block {
        scoped(self.statements(node))
    }

    fn body(&mut self, node: Option<Tree<'tree>>) -> Block {
        match node {
            Some(node) if node.kind() == "statement_block" => self.block(node),
            Some(node) if node.kind() == "else_clause" => self.body(children(node).first().copied()),
            Some(node) => scoped(self.statement(node)),
            None => Block::default(),
        }
    }

    /// Statements, function declarations first.
    pub(super) fn statements(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let (functions, others): (Vec<_>, Vec<_>) =
            children(node).into_iter().partition(|child| is_function_declaration(*child));
        let mut all: Vec<Statement> = functions.into_iter().flat_map(|child| self.statement(child)).collect();
        all.extend(others.into_iter().flat_map(|child| self.statement(child)));
        all
    }

    pub(super) fn statement(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let kind = match node.kind() {
            "expression_statement" => return vec![expression_statement(self.inner(node))],
            "lexical_declaration" | "variable_declaration" => return self.variables(node),
            "function_declaration" | "generator_function_declaration" => return self.declared_function(node),
            "class_declaration" | "abstract_class_declaration" => return vec![self.declared_class(node)],
            "statement_block" => StatementKind::Block(None, self.block(node)),
            "if_statement" => StatementKind::If {
                test: self.part(node, "condition"),
                then: self.body(node.child_by_field_name("consequence")),
                otherwise: node.child_by_field_name("alternative").map(|other| self.body(Some(other))),
            },
            "for_statement" | "while_statement" | "do_statement" | "for_in_statement" => {
                self.looping(node, None)
            }
            "switch_statement" => self.switch(node),
            "labeled_statement" => self.labelled(node),
            "return_statement" => {
                StatementKind::Return(children(node).first().map(|value| self.expression(*value)))
            }
            "throw_statement" => {
                StatementKind::Throw(children(node).first().map(|value| self.expression(*value)))
            }
            "break_statement" => StatementKind::Break(self.label(node)),
            "continue_statement" => StatementKind::Continue(self.label(node)),
            "try_statement" => self.attempt(node),
            "import_statement" => return self.import(node),
            "export_statement" => return self.export(node),
            "enum_declaration" => return vec![self.enumeration(node)],
            "interface_declaration" => {
                self.interface(node);
                return Vec::new();
            }
            "internal_module" | "module" => return vec![self.namespace(node)],
            "with_statement" => {
                let object = self.part(node, "object");
                let mut statements = vec![expression_statement(object)];
                statements.extend(self.body(node.child_by_field_name("body")).statements);
                StatementKind::Block(None, scoped(statements))
            }
            "ambient_declaration"
            | "function_signature"
            | "type_alias_declaration"
            | "empty_statement"
            | "debugger_statement"
            | "import_alias"
            | "hash_bang_line" => return Vec::new(),
            "ERROR" => return self.statements(node),
            _ => return vec![expression_statement(self.expression(node))],
        };
        vec![Statement::new(kind, range(node))]
    }

    fn label(&self, node: Tree<'tree>) -> Option<String> {
        node.child_by_field_name("label").map(|label| self.to.text(label).to_owned())
    }

    fn variables(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let is_var = node.kind() == "variable_declaration";
        let mut statements = Vec::new();
        for declarator in children(node).into_iter().filter(|child| child.kind() == "variable_declarator") {
            let pattern = declarator.child_by_field_name("name").map(|named| self.pattern(named));
            let pattern = pattern.unwrap_or(Pattern::Ignored);
            let value = declarator.child_by_field_name("value").map(|value| self.expression(value));
            let of_type =
                declarator.child_by_field_name("type").and_then(|written| self.annotated_type(written));
            if is_var {
                self.hoist(&pattern);
                if let Some(value) = value {
                    statements.push(assign(pattern, value, range(declarator)));
                }
            } else {
                statements.push(Statement::new(
                    StatementKind::Declare { pattern, of_type, value },
                    range(declarator),
                ));
            }
        }
        statements
    }

    fn hoist(&mut self, pattern: &Pattern) {
        let mut names = std::collections::BTreeSet::new();
        bound_names(pattern, &mut names);
        if let Some(own) = self.hoisted.last_mut() {
            own.extend(names);
        }
    }

    fn declared_function(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let named = self.to.field_text(node, "name").to_owned();
        let id = self.function(node, FunctionFlags::default());
        let value = Expression::new(ExpressionKind::Function(id), range(node));
        let place = node.child_by_field_name("name").map_or_else(|| range(node), range);
        vec![declare(Pattern::Name(named, place), Some(value), range(node))]
    }

    fn declared_class(&mut self, node: Tree<'tree>) -> Statement {
        let named = self.to.field_text(node, "name").to_owned();
        let id = self.class(node);
        let value = Expression::new(ExpressionKind::Type(id), range(node));
        let place = node.child_by_field_name("name").map_or_else(|| range(node), range);
        declare(Pattern::Name(named, place), Some(value), range(node))
    }

    fn labelled(&mut self, node: Tree<'tree>) -> StatementKind {
        let label = self.label(node);
        match node.child_by_field_name("body") {
            Some(body)
                if matches!(
                    body.kind(),
                    "for_statement" | "while_statement" | "do_statement" | "for_in_statement"
                ) =>
            {
                self.looping(body, label)
            }
            Some(body) => StatementKind::Block(label, shared(self.statement(body))),
            None => StatementKind::Block(label, Block::default()),
        }
    }

    fn looping(&mut self, node: Tree<'tree>, label: Option<String>) -> StatementKind {
        if node.kind() == "for_in_statement" {
            return self.for_each(node, label);
        }
        let before = match node.child_by_field_name("initializer") {
            Some(before) if before.kind() != "empty_statement" => self.statement(before),
            _ => Vec::new(),
        };
        let test = node.child_by_field_name("condition").filter(|test| test.kind() != "empty_statement");
        let test = test.map(|test| match test.kind() {
            "expression_statement" => self.inner(test),
            _ => self.expression(test),
        });
        let update =
            node.child_by_field_name("increment").map(|update| expression_statement(self.expression(update)));
        StatementKind::Loop(Loop {
            label,
            before,
            test,
            runs_first: node.kind() == "do_statement",
            update: update.into_iter().collect(),
            body: self.body(node.child_by_field_name("body")),
            otherwise: None,
        })
    }

    fn for_each(&mut self, node: Tree<'tree>, label: Option<String>) -> StatementKind {
        let is_var = self.to.field_text(node, "kind") == "var";
        let pattern = node.child_by_field_name("left").map_or(Pattern::Ignored, |left| self.pattern(left));
        if is_var {
            self.hoist(&pattern);
        }
        let keys = self.to.field_text(node, "operator") == "in";
        let awaits = self.to.has_word(node, "await");
        let over = self.part(node, "right");
        let place = over.range.clone();
        let over = if awaits { Expression::new(ExpressionKind::Await(Box::new(over)), place) } else { over };
        StatementKind::ForEach {
            label,
            pattern,
            declares: node.child_by_field_name("kind").is_some() && !is_var,
            over,
            yields: if keys { Yields::Keys } else { Yields::Elements },
            body: self.body(node.child_by_field_name("body")),
            otherwise: None,
        }
    }

    fn switch(&mut self, node: Tree<'tree>) -> StatementKind {
        let subject = Some(self.part(node, "value"));
        let groups = node.child_by_field_name("body").map(children).unwrap_or_default();
        let cases = groups.into_iter().map(|group| {
            let value = group.child_by_field_name("value");
            let tests = value.map(|value| Pattern::Equals(Box::new(self.expression(value))));
            let body = children(group).into_iter().filter(|child| Some(*child) != value);
            let statements = body.flat_map(|child| self.statement(child)).collect();
            Case {
                tests: tests.into_iter().collect(),
                guard: None,
                body: shared(statements),
                falls_through: true,
            }
        });
        StatementKind::Switch(Switch { subject, cases: cases.collect(), is_select: false })
    }

    fn attempt(&mut self, node: Tree<'tree>) -> StatementKind {
        let body = node.child_by_field_name("body").map(|body| self.block(body)).unwrap_or_default();
        let catches = node.child_by_field_name("handler").map(|handler| Catch {
            types: Vec::new(),
            pattern: handler.child_by_field_name("parameter").map(|parameter| self.pattern(parameter)),
            body: handler.child_by_field_name("body").map(|body| self.block(body)).unwrap_or_default(),
        });
        let finally =
            node.child_by_field_name("finalizer").and_then(|finalizer| finalizer.child_by_field_name("body"));
        StatementKind::Try(Try {
            resources: Vec::new(),
            body,
            catches: catches.into_iter().collect(),
            otherwise: None,
            finally: finally.map(|finally| self.block(finally)),
        })
    }

    fn enumeration(&mut self, node: Tree<'tree>) -> Statement {
        let mut next = 0;
        let mut entries = Vec::new();
        for part in node.child_by_field_name("body").map(children).unwrap_or_default() {
            let (key, value) = match part.kind() {
                "enum_assignment" => {
                    (part.child_by_field_name("name").unwrap_or(part), Some(self.part(part, "value")))
                }
                _ => (part, None),
            };
            let value = value.unwrap_or_else(|| {
                crate::flow::lowering::constant(crate::flow::form::Constant::Integer(next), range(part))
            });
            if let ExpressionKind::Constant(crate::flow::form::Constant::Integer(known)) = value.kind {
                next = known + 1;
            }
            let named = self.to.text(key).trim_matches(['\'', '"']).to_owned();
            entries.push(Item::One((text(named, range(key)), value)));
        }
        let record = Expression::new(ExpressionKind::Record { of_type: None, entries }, range(node));
        let named = self.to.field_text(node, "name").to_owned();
        declare(Pattern::Name(named, range(node)), Some(record), range(node))
    }

    /// A namespace: an object of what its body exports.
    fn namespace(&mut self, node: Tree<'tree>) -> Statement {
        let place = range(node);
        let body = node.child_by_field_name("body");
        let exported: Vec<String> = body
            .map(children)
            .unwrap_or_default()
            .into_iter()
            .flat_map(|part| self.exported_names(part))
            .collect();
        let statements = body.map(|body| self.statements(body)).unwrap_or_default();
        let entries = exported
            .into_iter()
            .map(|named| Item::One((text(named.clone(), place.clone()), name(named, place.clone()))));
        let record = Expression::new(
            ExpressionKind::Record { of_type: None, entries: entries.collect() },
            place.clone(),
        );
        let block = ExpressionKind::Block(Box::new(scoped(statements)), Box::new(record));
        let named = self.to.field_text(node, "name").to_owned();
        declare(Pattern::Name(named, place.clone()), Some(Expression::new(block, place.clone())), place)
    }

    fn exported_names(&self, part: Tree<'tree>) -> Vec<String> {
        let Some(declaration) =
            part.child_by_field_name("declaration").filter(|_| part.kind() == "export_statement")
        else {
            return Vec::new();
        };
        let own = declaration.child_by_field_name("name");
        let declared =
            children(declaration).into_iter().filter(|child| child.kind() == "variable_declarator");
        let names = own.into_iter().chain(declared.filter_map(|child| child.child_by_field_name("name")));
        names.map(|named| self.to.text(named).to_owned()).collect()
    }
}

fn is_function_declaration(node: Tree<'_>) -> bool {
    let inner = match node.kind() {
        "export_statement" => node.child_by_field_name("declaration"),
        _ => Some(node),
    };
    let is_function =
        |inner: Tree<'_>| matches!(inner.kind(), "function_declaration" | "generator_function_declaration");
    inner.is_some_and(is_function) && child_of_kind(node, "decorator").is_none()
}

fn assign(target: Pattern, value: Expression, place: crate::flow::form::Range) -> Statement {
    let assignment = Assignment { target, operator: None, value };
    expression_statement(Expression::new(ExpressionKind::Assign(Box::new(assignment)), place))
}
