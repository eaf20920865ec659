//! Imports and exports.

use crate::flow::form::{Constant, Expression, ExpressionKind, Pattern, Range, Statement, StatementKind};
use crate::flow::javascript::{Script, Tree};
use crate::flow::lowering::{
    child_of_kind, children, constant, declare, expression_statement, member, name, range, unescape,
};

impl<'tree> Script<'tree> {
    /// What a string literal says.
    pub(super) fn string_value(&self, node: Tree<'tree>) -> String {
        let written = self.to.text(node);
        let body = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
        unescape(body)
    }

    pub(super) fn module(&self, node: Tree<'tree>) -> Expression {
        Expression::new(ExpressionKind::Module { path: self.string_value(node), level: 0 }, range(node))
    }

    fn variable(named: &str, value: Expression, place: Range) -> Statement {
        declare(Pattern::Name(named.to_owned(), place.clone()), Some(value), place)
    }

    pub(super) fn import(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        if let Some(clause) = child_of_kind(node, "import_require_clause") {
            let named = child_of_kind(clause, "identifier").map_or("", |named| self.to.text(named));
            let source = clause.child_by_field_name("source").map(|source| self.module(source));
            return source.map(|source| Self::variable(named, source, range(node))).into_iter().collect();
        }
        let Some(source) = node.child_by_field_name("source") else { return Vec::new() };
        let mut statements = Vec::new();
        let Some(clause) = child_of_kind(node, "import_clause") else {
            return vec![expression_statement(self.module(source))];
        };
        for part in children(clause) {
            match part.kind() {
                "identifier" => {
                    let value = member(self.module(source), "default", range(part));
                    statements.push(Self::variable(self.to.text(part), value, range(part)));
                }
                "namespace_import" => {
                    let named = children(part).first().map_or("", |named| self.to.text(*named));
                    statements.push(Self::variable(named, self.module(source), range(part)));
                }
                "named_imports" => {
                    for specifier in children(part) {
                        let exported = self.specified(specifier, "name");
                        let named = specifier
                            .child_by_field_name("alias")
                            .map_or(exported.clone(), |_| self.specified(specifier, "alias"));
                        let value = member(self.module(source), exported, range(specifier));
                        statements.push(Self::variable(&named, value, range(specifier)));
                    }
                }
                _ => {}
            }
        }
        statements
    }

    fn specified(&self, node: Tree<'tree>, field: &str) -> String {
        match node.child_by_field_name(field) {
            Some(named) if named.kind() == "string" => self.string_value(named),
            Some(named) => self.to.text(named).to_owned(),
            None => String::new(),
        }
    }

    pub(super) fn export(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        if let Some(declaration) = node.child_by_field_name("declaration") {
            let is_default = self.to.has_word(node, "default");
            let mut statements = self.statement(declaration);
            if is_default {
                let named = self.to.field_text(declaration, "name").to_owned();
                let value =
                    if named.is_empty() { self.expression(declaration) } else { name(named, range(node)) };
                statements.push(Self::variable("default", value, range(node)));
            }
            return statements;
        }
        if let Some(value) = node.child_by_field_name("value") {
            let value = self.expression(value);
            return vec![Self::variable("default", value, range(node))];
        }
        let source = node.child_by_field_name("source");
        if let Some(clause) = child_of_kind(node, "export_clause") {
            return children(clause).into_iter().filter_map(|part| self.exported(part, source)).collect();
        }
        let Some(source) = source else {
            // `export = value` of TypeScript.
            let value = children(node).first().map(|value| self.expression(*value));
            return value.map(|value| Self::variable("default", value, range(node))).into_iter().collect();
        };
        match child_of_kind(node, "namespace_export") {
            Some(export) => {
                let named = children(export).first().map_or("", |named| self.to.text(*named));
                vec![Self::variable(named, self.module(source), range(node))]
            }
            None => vec![Statement::new(StatementKind::Include(self.module(source)), range(node))],
        }
    }

    fn exported(&mut self, part: Tree<'tree>, source: Option<Tree<'tree>>) -> Option<Statement> {
        let own = self.specified(part, "name");
        let alias = part.child_by_field_name("alias").map_or(own.clone(), |_| self.specified(part, "alias"));
        let value = match source {
            Some(source) => member(self.module(source), own.clone(), range(part)),
            None if own == alias => return None,
            None => name(own, range(part)),
        };
        Some(Self::variable(&alias, value, range(part)))
    }

    /// `require("path")` and `import("path")` of a constant path.
    pub(super) fn required(&self, node: Tree<'tree>) -> Option<Expression> {
        let function = node.child_by_field_name("function")?;
        let is_import = function.kind() == "import";
        if !is_import && self.to.text(function) != "require" {
            return None;
        }
        let arguments = children(node.child_by_field_name("arguments")?);
        let [path] = arguments.as_slice() else { return None };
        let is_constant = path.kind() == "string"
            || path.kind() == "template_string" && child_of_kind(*path, "template_substitution").is_none();
        is_constant.then(|| Expression::new(self.module(*path).kind, range(node)))
    }

    pub(super) fn nothing(&self, node: Tree<'tree>) -> Expression {
        constant(Constant::Null, range(node))
    }
}
