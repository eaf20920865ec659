//! Statements with suites: branches, loops, `try` and `with`. Their variables belong to the body around.

use crate::flow::form::{
    Block, Case, Catch, Expression, ExpressionKind, Loop, Pattern, Statement, StatementKind, Switch, Try,
    TypeName, Yields,
};
use crate::flow::lowering::{
    call, child_of_kind, expression_statement, fields, member, range, shared, unknown,
};
use crate::flow::python::{Python, Tree, assign, parts};

/// Longer chains of `elif` become a choice of cases, so that they do not nest.
const MAX_NESTED: usize = 64;

impl<'tree> Python<'tree> {
    pub(super) fn if_statement(&mut self, node: Tree<'tree>) -> Statement {
        let alternatives = fields(node, "alternative");
        if alternatives.len() > MAX_NESTED {
            return self.choice(node, &alternatives);
        }
        let (test, then) = self.branch(node);
        let mut branches = vec![(test, then, range(node))];
        let mut otherwise = None;
        for alternative in alternatives {
            if alternative.kind() == "else_clause" {
                otherwise = Some(self.block_of(alternative, "body"));
                continue;
            }
            let (test, then) = self.branch(alternative);
            branches.push((test, then, range(alternative)));
        }
        let nest = |otherwise: Option<Block>, (test, then, place)| {
            let branch = StatementKind::If { test, then, otherwise };
            Some(shared(vec![Statement::new(branch, place)]))
        };
        let whole = branches.into_iter().rev().fold(otherwise, nest);
        let outermost = whole.and_then(|block| block.statements.into_iter().next());
        outermost.unwrap_or_else(|| Statement::new(StatementKind::Unknown(Vec::new()), range(node)))
    }

    /// The condition and suite of `if` or `elif`.
    fn branch(&mut self, node: Tree<'tree>) -> (Expression, Block) {
        (self.field(node, "condition"), self.block_of(node, "consequence"))
    }

    /// The expression under a field.
    pub(super) fn field(&mut self, node: Tree<'tree>, field: &str) -> Expression {
        match node.child_by_field_name(field) {
            Some(inner) => self.expression(inner),
            None => unknown(Vec::new(), range(node)),
        }
    }

    /// A long chain of branches as cases that are conditions.
    fn choice(&mut self, node: Tree<'tree>, alternatives: &[Tree<'tree>]) -> Statement {
        let mut cases = Vec::new();
        for branch in std::iter::once(&node).chain(alternatives) {
            let (tests, body) = if branch.kind() == "else_clause" {
                (Vec::new(), self.block_of(*branch, "body"))
            } else {
                let (test, then) = self.branch(*branch);
                (vec![Pattern::Equals(Box::new(test))], then)
            };
            cases.push(Case { tests, guard: None, body, falls_through: false });
        }
        let switch = Switch { subject: None, cases, is_select: false };
        Statement::new(StatementKind::Switch(switch), range(node))
    }

    pub(super) fn for_statement(&mut self, node: Tree<'tree>) -> Statement {
        let target = node.child_by_field_name("left");
        let pattern = target.map_or(Pattern::Ignored, |target| self.target(target));
        let over = self.field(node, "right");
        let body = self.block_of(node, "body");
        let otherwise = self.else_of(node);
        let each = StatementKind::ForEach {
            label: None,
            pattern,
            declares: false,
            over,
            yields: Yields::Elements,
            body,
            otherwise,
        };
        Statement::new(each, range(node))
    }

    /// The suite of a statement's `else`.
    fn else_of(&mut self, node: Tree<'tree>) -> Option<Block> {
        child_of_kind(node, "else_clause").map(|clause| self.block_of(clause, "body"))
    }

    pub(super) fn while_statement(&mut self, node: Tree<'tree>) -> Statement {
        let test = self.field(node, "condition");
        let body = self.block_of(node, "body");
        let round = Loop {
            label: None,
            before: Vec::new(),
            test: Some(test),
            runs_first: false,
            update: Vec::new(),
            body,
            otherwise: self.else_of(node),
        };
        Statement::new(StatementKind::Loop(round), range(node))
    }

    pub(super) fn try_statement(&mut self, node: Tree<'tree>) -> Statement {
        let body = self.block_of(node, "body");
        let mut catches = Vec::new();
        for clause in parts(node).into_iter().filter(|child| child.kind().starts_with("except")) {
            catches.push(self.catch(clause));
        }
        let otherwise = self.else_of(node);
        let finally = child_of_kind(node, "finally_clause").map(|clause| self.suite(clause));
        let handled = Try { resources: Vec::new(), body, catches, otherwise, finally };
        Statement::new(StatementKind::Try(handled), range(node))
    }

    /// The suite that a clause has as a child without a field's name.
    fn suite(&mut self, clause: Tree<'tree>) -> Block {
        let suite = parts(clause).into_iter().rev().find(|child| child.kind() == "block");
        suite.map_or_else(|| shared(Vec::new()), |suite| self.block(suite))
    }

    fn catch(&mut self, clause: Tree<'tree>) -> Catch {
        let caught = self.caught_name(clause);
        let mut types = Vec::new();
        let mut takes_all = false;
        for value in fields(clause, "value").into_iter().filter(|value| Some(*value) != caught) {
            let listed = self.caught_types(value);
            takes_all |= listed.is_none();
            types.extend(listed.into_iter().flatten());
        }
        if takes_all {
            types.clear();
        }
        let pattern = caught.map(|target| self.target(target));
        Catch { types, pattern, body: self.suite(clause) }
    }

    /// What the thrown value is called: `as name`, or the second after a comma in Python 2, where types are not small.
    pub(super) fn caught_name(&self, clause: Tree<'tree>) -> Option<Tree<'tree>> {
        if let Some(alias) = clause.child_by_field_name("alias") {
            return Some(alias);
        }
        match fields(clause, "value").as_slice() {
            [only] if only.kind() == "as_pattern" => only.child_by_field_name("alias"),
            [_, second] if second.kind() == "identifier" => {
                self.to.text(*second).starts_with(char::is_lowercase).then_some(*second)
            }
            _ => None,
        }
    }

    /// The types that a handler names; none where one of them is computed.
    fn caught_types(&self, node: Tree<'tree>) -> Option<Vec<TypeName>> {
        let mut types = Vec::new();
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            match node.kind() {
                "identifier" | "attribute" => types.push(TypeName::plain(self.dotted(node)?)),
                "as_pattern" => waiting.extend(parts(node).first()),
                "tuple" | "parenthesized_expression" | "expression_list" => {
                    waiting.extend(parts(node).into_iter().rev());
                }
                _ => return None,
            }
        }
        Some(types)
    }

    pub(super) fn with_statement(&mut self, node: Tree<'tree>) -> Statement {
        let is_async = self.to.has_word(node, "async");
        let mut items = Vec::new();
        let clause = child_of_kind(node, "with_clause");
        let mut waiting: Vec<Tree<'tree>> = clause.map(parts).unwrap_or_default();
        waiting.reverse();
        while let Some(item) = waiting.pop() {
            match item.kind() {
                "with_item" | "tuple" => waiting.extend(parts(item).into_iter().rev()),
                "parenthesized_expression" if child_of_kind(item, "as_pattern tuple").is_some() => {
                    waiting.extend(parts(item));
                }
                _ => items.push(item),
            }
        }
        let resources = items.into_iter().map(|item| self.resource(item, is_async)).collect();
        let body = self.block_of(node, "body");
        let handled = Try { resources, body, catches: Vec::new(), otherwise: None, finally: None };
        Statement::new(StatementKind::Try(handled), range(node))
    }

    /// Enters what a `with` manages.
    fn resource(&mut self, item: Tree<'tree>, is_async: bool) -> Statement {
        let alias = item.child_by_field_name("alias").filter(|_| item.kind() == "as_pattern");
        let managed = if alias.is_some() { parts(item).first().copied().unwrap_or(item) } else { item };
        let place = range(managed);
        let method = if is_async { "__aenter__" } else { "__enter__" };
        let entered = member(self.expression(managed), method, place.clone());
        let mut value = call(entered, Vec::new(), place.clone());
        if is_async {
            value = Expression::new(ExpressionKind::Await(Box::new(value)), place);
        }
        match alias {
            Some(alias) => {
                let target = self.target(alias);
                expression_statement(assign(target, value, range(item)))
            }
            None => expression_statement(value),
        }
    }
}
