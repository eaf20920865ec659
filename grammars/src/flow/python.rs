//! Python in the intermediate form: modules, functions and classes, each with the names that it binds.
//!
//! A name that a body binds anywhere belongs to the whole body, so bodies are scanned for names first. Names that the body
//! of a class binds are members of the class. Flat chains never become deep trees.

mod blocks;
mod calls;
mod cases;
mod classes;
mod collections;
mod decorators;
mod expressions;
mod functions;
mod imports;
mod scan;
mod statements;
mod targets;
#[cfg(test)]
mod tests;
mod texts;
mod types;

use std::collections::BTreeSet;

use tree_sitter::Node;

use crate::SyntaxTree;
use crate::flow::form::{
    Assignment, Block, Expression, ExpressionKind, Field, FunctionId, Pattern, Range, Statement, TypeId, Unit,
};
use crate::flow::lowering::{Lowering, expression_statement, member, range, shared};

type Tree<'tree> = Node<'tree>;

/// The file's code.
pub(crate) fn lower(tree: &SyntaxTree) -> Unit {
    let top = tree.top();
    let mut python = Python { to: Lowering::new(tree), scopes: Vec::new(), globals: BTreeSet::new() };
    let names = python.scan(top);
    python.scopes.push(Scope::default());
    let block = python.block(top);
    python.to.extend_top(block.statements);
    let mut locals = names.locals;
    let globals = std::mem::take(&mut python.globals);
    locals.extend(globals.into_iter().filter(|name| !names.seen.contains(name)));
    python.to.unit.functions[0].locals = locals;
    python.to.unit
}

struct Python<'tree> {
    to: Lowering<'tree>,
    /// The bodies around, innermost last.
    scopes: Vec<Scope>,
    /// Names that functions and classes declare to be the file's.
    globals: BTreeSet<String>,
}

/// A body that binds names.
#[derive(Default)]
struct Scope {
    /// Names that mean those of a body around.
    outer: BTreeSet<String>,
    /// What the class has so far, where it is the body of one.
    class: Option<Members>,
}

/// What the body of a class makes.
struct Members {
    id: TypeId,
    fields: Vec<Field>,
    methods: Vec<FunctionId>,
    /// Names of fields that are declared with a type and are set for each object.
    annotated: Vec<String>,
    is_abstract: bool,
}

impl<'tree> Python<'tree> {
    /// The class whose body is being read, where it is the innermost.
    fn class(&mut self) -> Option<&mut Members> {
        self.scopes.last_mut()?.class.as_mut()
    }

    /// Whether code stands somewhere in a class.
    fn is_in_class(&self) -> bool {
        self.scopes.iter().any(|scope| scope.class.is_some())
    }

    /// Whether code stands in a function or lambda.
    fn is_in_function(&self) -> bool {
        self.scopes.len() > 1 && self.scopes.last().is_some_and(|scope| scope.class.is_none())
    }

    /// What binding a name means here: a variable, or a member in the body of a class.
    fn bind(&self, name: &str, place: Range) -> Pattern {
        match self.scopes.last() {
            Some(Scope { class: Some(_), outer }) if !outer.contains(name) => {
                let this = Expression::new(ExpressionKind::This, place.clone());
                Pattern::Place(Box::new(member(this, name, place)))
            }
            _ => Pattern::Name(name.to_owned(), place),
        }
    }

    /// Sets the variable that a definition makes.
    fn define(&self, name: Tree<'tree>, value: Expression) -> Statement {
        let place = value.range.clone();
        let target = self.bind(self.to.text(name), range(name));
        expression_statement(assign(target, value, place))
    }

    /// The statements of a suite.
    fn block(&mut self, node: Tree<'tree>) -> Block {
        let mut statements = Vec::new();
        for child in parts(node) {
            self.statement(child, &mut statements);
            if child.has_error() && !child.is_error() {
                self.misplaced(child, &mut statements);
            }
        }
        shared(statements)
    }

    /// What the grammar could not place in a statement, apart from its suites.
    fn misplaced(&mut self, statement: Tree<'tree>, into: &mut Vec<Statement>) {
        let mut waiting = vec![statement];
        while let Some(node) = waiting.pop() {
            let inner = parts(node).into_iter().rev();
            let suspect = |inner: &Tree<'_>| inner.has_error() && inner.kind() != "block";
            match node.is_error() {
                true => into.push(expression_statement(self.unknown(node))),
                false => waiting.extend(inner.filter(suspect)),
            }
        }
    }

    /// The suite under a field.
    fn block_of(&mut self, node: Tree<'tree>, field: &str) -> Block {
        node.child_by_field_name(field).map_or_else(|| shared(Vec::new()), |block| self.block(block))
    }

    /// A dotted name without blanks; none where it is something else.
    fn dotted(&self, node: Tree<'tree>) -> Option<String> {
        let written: String = self.to.text(node).split_whitespace().collect();
        let is_name = |part: &str| {
            part.starts_with(|first: char| first.is_alphabetic() || first == '_')
                && part.chars().all(|character| character.is_alphanumeric() || character == '_')
        };
        written.split('.').all(is_name).then_some(written)
    }
}

/// Named children without comments and joined lines, but with what the grammar could not place.
fn parts(node: Tree<'_>) -> Vec<Tree<'_>> {
    node.named_children(&mut node.walk())
        .filter(|child| !matches!(child.kind(), "comment" | "line_continuation"))
        .collect()
}

/// Whether something between brackets is set apart by commas.
fn has_comma(node: Tree<'_>) -> bool {
    node.children(&mut node.walk()).any(|child| child.kind() == ",")
}

fn assign(target: Pattern, value: Expression, place: Range) -> Expression {
    Expression::new(ExpressionKind::Assign(Box::new(Assignment { target, operator: None, value })), place)
}
