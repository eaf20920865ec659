//! Imports: statements that make variables of modules and of what is in them.

use crate::flow::form::{Expression, ExpressionKind, Pattern, Range, Statement, StatementKind};
use crate::flow::lowering::{child_of_kind, declare, expression_statement, fields, member, range};
use crate::flow::python::{Python, Tree, assign};

impl<'tree> Python<'tree> {
    pub(super) fn import(&mut self, node: Tree<'tree>, into: &mut Vec<Statement>) {
        for imported in fields(node, "name") {
            let path_node = imported.child_by_field_name("name").unwrap_or(imported);
            let path = self.path(path_node);
            let place = range(path_node);
            if let Some(alias) = imported.child_by_field_name("alias") {
                let value = module(&path, 0, place);
                into.push(self.import_as(self.to.text(alias), value, range(alias), range(imported)));
                continue;
            }
            let first = path.split('.').next().unwrap_or_default();
            let value = module(first, 0, place.clone());
            into.push(self.import_as(first, value, place.clone(), range(imported)));
            if first != path {
                into.push(expression_statement(module(&path, 0, place)));
            }
        }
    }

    pub(super) fn import_from(&mut self, node: Tree<'tree>, into: &mut Vec<Statement>) {
        let Some(source) = node.child_by_field_name("module_name") else { return };
        let (path, level) = self.source(source);
        if child_of_kind(node, "wildcard_import").is_some() {
            let include = StatementKind::Include(module(&path, level, range(source)));
            into.push(Statement::new(include, range(node)));
        }
        for imported in fields(node, "name") {
            let name_node = imported.child_by_field_name("name").unwrap_or(imported);
            let alias = imported.child_by_field_name("alias").unwrap_or(name_node);
            let value = member(module(&path, level, range(source)), self.path(name_node), range(name_node));
            let bound = self.path(alias);
            into.push(self.import_as(&bound, value, range(alias), range(imported)));
        }
    }

    /// The path of the module that names are imported from, and its leading dots.
    fn source(&self, node: Tree<'tree>) -> (String, u32) {
        let written: String = self.to.text(node).split_whitespace().collect();
        let path = written.trim_start_matches('.');
        let level = u32::try_from(written.len() - path.len()).unwrap_or(u32::MAX);
        (path.to_owned(), level)
    }

    fn path(&self, node: Tree<'tree>) -> String {
        self.to.text(node).split_whitespace().collect()
    }

    /// Makes the variable of an import; one that is a member of a class or of a body around is assigned.
    fn import_as(&self, name: &str, value: Expression, at: Range, place: Range) -> Statement {
        let is_outer = self.scopes.last().is_some_and(|scope| scope.outer.contains(name));
        match self.bind(name, at) {
            target @ Pattern::Name(..) if !is_outer => declare(target, Some(value), place),
            target => expression_statement(assign(target, value, place)),
        }
    }
}

fn module(path: &str, level: u32, place: Range) -> Expression {
    Expression::new(ExpressionKind::Module { path: path.to_owned(), level }, place)
}
