//! The names that a body binds, wherever in it: they are its variables from its first line on. In: a body. Out: those
//! names, the ones it says are of bodies around, and whether it yields. Bodies inside it are not looked into, but what
//! they have evaluated outside (defaults, decorators, bases) is.

use std::collections::BTreeSet;

use crate::flow::form::{Range, Statement, StatementKind};
use crate::flow::lowering::{fields, range};
use crate::flow::python::{Python, Tree, parts};

/// What a scan found.
#[derive(Default)]
pub(super) struct Names {
    /// In the order of the text.
    pub(super) locals: Vec<String>,
    /// The same, and those that are no locals because they are declared to be of bodies around.
    pub(super) seen: BTreeSet<String>,
    /// Names of bodies around; whether they are the file's.
    pub(super) outer: Vec<(Vec<String>, bool, Range)>,
    /// Whether the body yields.
    pub(super) yields: bool,
}

impl Names {
    pub(super) fn add(&mut self, name: &str) {
        if !name.is_empty() && self.seen.insert(name.to_owned()) {
            self.locals.push(name.to_owned());
        }
    }

    /// Names that mean those of a body around.
    pub(super) fn outer_names(&self) -> BTreeSet<String> {
        self.outer.iter().flat_map(|(names, ..)| names.clone()).collect()
    }

    /// The declarations of names of bodies around, for the beginning of the body: they hold everywhere in it.
    pub(super) fn outer_statements(&self) -> Vec<Statement> {
        let declarations = self.outer.iter().cloned();
        declarations
            .map(|(names, is_global, place)| Statement::new(StatementKind::Outer(names, is_global), place))
            .collect()
    }
}

impl<'tree> Python<'tree> {
    pub(super) fn scan(&self, body: Tree<'tree>) -> Names {
        let mut names = Names::default();
        let mut waiting = vec![body];
        while let Some(node) = waiting.pop() {
            let inner = self.scan_node(node, &mut names);
            waiting.extend(inner.into_iter().rev());
        }
        let outer = names.outer_names();
        names.locals.retain(|name| !outer.contains(name));
        names
    }

    /// Notes what a node binds; where to look on.
    fn scan_node(&self, node: Tree<'tree>, names: &mut Names) -> Vec<Tree<'tree>> {
        match node.kind() {
            "assignment" | "augmented_assignment" | "for_statement" => {
                let target = node.child_by_field_name("left");
                target.into_iter().for_each(|target| self.scan_target(target, names));
            }
            "named_expression" => names.add(self.to.field_text(node, "name")),
            "as_pattern_target" | "delete_statement" => self.scan_target(node, names),
            "except_clause" => self.scan_except(node, names),
            "import_statement" | "import_from_statement" => self.scan_import(node, names),
            "case_pattern" => return self.scan_case(node, names),
            "global_statement" | "nonlocal_statement" => {
                let listed = parts(node).into_iter().map(|name| self.to.text(name).to_owned()).collect();
                names.outer.push((listed, node.kind() == "global_statement", range(node)));
                return Vec::new();
            }
            "yield" => names.yields = true,
            "function_definition" => {
                names.add(self.to.field_text(node, "name"));
                return fields(node, "parameters");
            }
            "class_definition" => {
                names.add(self.to.field_text(node, "name"));
                return fields(node, "superclasses");
            }
            "lambda" => return fields(node, "parameters"),
            "type" | "string_content" | "future_import_statement" | "type_alias_statement" => {
                return Vec::new();
            }
            _ => {}
        }
        parts(node)
    }

    /// Notes the variables of an assignment's left side.
    fn scan_target(&self, target: Tree<'tree>, names: &mut Names) {
        let mut waiting = vec![target];
        while let Some(node) = waiting.pop() {
            match node.kind() {
                "identifier" => names.add(self.to.text(node)),
                "tuple_pattern"
                | "list_pattern"
                | "pattern_list"
                | "list_splat_pattern"
                | "list_splat"
                | "tuple"
                | "list"
                | "parenthesized_expression"
                | "expression_list"
                | "as_pattern_target"
                | "delete_statement" => waiting.extend(parts(node).into_iter().rev()),
                _ => {}
            }
        }
    }

    fn scan_except(&self, node: Tree<'tree>, names: &mut Names) {
        let target = self.caught_name(node);
        target.into_iter().for_each(|target| self.scan_target(target, names));
    }

    fn scan_import(&self, node: Tree<'tree>, names: &mut Names) {
        let is_plain = node.kind() == "import_statement";
        for imported in fields(node, "name") {
            if imported.kind() == "aliased_import" {
                names.add(self.to.field_text(imported, "alias"));
                continue;
            }
            let path = self.to.text(imported);
            let bound = if is_plain { path.split('.').next() } else { Some(path) };
            names.add(bound.unwrap_or_default().trim());
        }
    }

    /// Notes what a case's pattern captures.
    fn scan_case(&self, node: Tree<'tree>, names: &mut Names) -> Vec<Tree<'tree>> {
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            match node.kind() {
                "identifier" => names.add(self.to.text(node)),
                "dotted_name" if node.named_child_count() > 1 => {}
                "class_pattern" | "keyword_pattern" => waiting.extend(parts(node).into_iter().skip(1).rev()),
                _ => waiting.extend(parts(node).into_iter().rev()),
            }
        }
        Vec::new()
    }
}
