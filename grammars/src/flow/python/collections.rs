//! Lists, tuples, sets, maps, and the comprehensions that fill them round by round.

use crate::flow::form::{
    Block, Expression, ExpressionKind, Item, Pattern, Range, Statement, StatementKind, Yields,
};
use crate::flow::lowering::{
    argument, call, constant, declare, expression_statement, fields, member, name, range, scoped,
};
use crate::flow::python::{Python, Scope, Tree, assign, has_comma, parts};

/// The variable that a comprehension fills.
const FILLED: &str = "<list>";

/// A comprehension with more loops and conditions is not read: they nest.
const MAX_CLAUSES: usize = 64;

impl<'tree> Python<'tree> {
    /// A list or tuple; brackets around one value without a comma are only brackets.
    pub(super) fn list(&mut self, node: Tree<'tree>) -> Expression {
        if let ("tuple_pattern", [only]) = (node.kind(), parts(node).as_slice())
            && !has_comma(node)
        {
            return self.expression(*only);
        }
        let items = self.items(&parts(node));
        Expression::new(ExpressionKind::List(items), range(node))
    }

    pub(super) fn set(&mut self, node: Tree<'tree>) -> Expression {
        let items = self.items(&parts(node));
        Expression::new(ExpressionKind::Set(items), range(node))
    }

    /// The tuple that several indices are.
    pub(super) fn index_list(&mut self, nodes: &[Tree<'tree>], around: Tree<'tree>) -> Expression {
        let items = self.items(nodes);
        let place = match (nodes.first(), nodes.last()) {
            (Some(first), Some(last)) => range(*first).start..range(*last).end,
            _ => range(around),
        };
        Expression::new(ExpressionKind::List(items), place)
    }

    fn items(&mut self, nodes: &[Tree<'tree>]) -> Vec<Item<Expression>> {
        let mut items = Vec::new();
        for node in nodes {
            items.push(self.item(*node));
        }
        items
    }

    fn item(&mut self, node: Tree<'tree>) -> Item<Expression> {
        match (node.kind(), parts(node).as_slice()) {
            ("list_splat" | "list_splat_pattern", [inner]) => Item::Spread(self.expression(*inner)),
            ("parenthesized_expression", [inner]) if inner.kind() == "list_splat" => self.item(*inner),
            _ => Item::One(self.expression(node)),
        }
    }

    pub(super) fn map(&mut self, node: Tree<'tree>) -> Expression {
        let mut entries = Vec::new();
        for entry in parts(node) {
            entries.push(self.entry(entry));
        }
        Expression::new(ExpressionKind::Map(entries), range(node))
    }

    fn entry(&mut self, node: Tree<'tree>) -> Item<(Expression, Expression)> {
        let nothing = constant(crate::flow::form::Constant::Null, range(node));
        match (node.kind(), parts(node).as_slice()) {
            ("pair", _) => Item::One((self.field(node, "key"), self.field(node, "value"))),
            ("dictionary_splat", [inner]) => Item::Spread((nothing, self.expression(*inner))),
            _ => Item::One((nothing, self.expression(node))),
        }
    }

    /// What a comprehension makes: something empty that its loops fill. Its variables are its own.
    pub(super) fn comprehension(&mut self, node: Tree<'tree>) -> Expression {
        let clauses: Vec<_> = parts(node)
            .into_iter()
            .filter(|part| matches!(part.kind(), "for_in_clause" | "if_clause"))
            .collect();
        if clauses.is_empty() || clauses.len() > MAX_CLAUSES {
            return self.unknown(node);
        }
        self.scopes.push(Scope::default());
        let steps: Vec<_> = clauses.iter().map(|clause| self.clause(*clause)).collect();
        let filling = self.filling(node);
        self.scopes.pop();
        let place = range(node);
        let filled = Expression::new(empty(node.kind()), place.clone());
        let nest = |inner: Statement, step: Step| step.around(inner);
        let rounds = steps.into_iter().rev().fold(filling, nest);
        let made = declare(Pattern::Name(FILLED.to_owned(), place.clone()), Some(filled), place.clone());
        let block = scoped(vec![made, rounds]);
        let result = name(FILLED, place.clone());
        Expression::new(ExpressionKind::Block(Box::new(block), Box::new(result)), place)
    }

    fn clause(&mut self, clause: Tree<'tree>) -> Step {
        if clause.kind() == "if_clause" {
            let test = parts(clause).into_iter().next();
            let test = test.map(|test| self.expression(test));
            return Step {
                pattern: None,
                value: test.unwrap_or_else(|| self.unknown(clause)),
                place: range(clause),
            };
        }
        let over = fields(clause, "right");
        let value = match over.as_slice() {
            [only] => self.expression(*only),
            several => self.index_list(several, clause),
        };
        let target = clause.child_by_field_name("left");
        let pattern = target.map_or(Pattern::Ignored, |target| self.target(target));
        Step { pattern: Some(pattern), value, place: range(clause) }
    }

    /// Adds what one round makes.
    fn filling(&mut self, node: Tree<'tree>) -> Statement {
        let Some(body) = node.child_by_field_name("body") else {
            return expression_statement(self.unknown(node));
        };
        let place = range(body);
        let filled = name(FILLED, place.clone());
        if body.kind() == "pair" {
            let index = Box::new(self.field(body, "key"));
            let element = ExpressionKind::Element { of: Box::new(filled), index };
            let target = Pattern::Place(Box::new(Expression::new(element, place.clone())));
            let value = self.field(body, "value");
            return expression_statement(assign(target, value, place));
        }
        let method = if node.kind() == "set_comprehension" { "add" } else { "append" };
        let value = self.expression(body);
        expression_statement(call(member(filled, method, place.clone()), vec![argument(value)], place))
    }
}

/// One loop or condition of a comprehension.
struct Step {
    /// What a loop binds; none for a condition.
    pattern: Option<Pattern>,
    /// What is looped over, or must hold.
    value: Expression,
    place: Range,
}

impl Step {
    fn around(self, inner: Statement) -> Statement {
        let body = scoped(vec![inner]);
        let kind = match self.pattern {
            Some(pattern) => each(pattern, self.value, body),
            None => StatementKind::If { test: self.value, then: body, otherwise: None },
        };
        Statement::new(kind, self.place)
    }
}

fn each(pattern: Pattern, over: Expression, body: Block) -> StatementKind {
    StatementKind::ForEach {
        label: None,
        pattern,
        declares: true,
        over,
        yields: Yields::Elements,
        body,
        otherwise: None,
    }
}

/// What a comprehension begins with.
fn empty(kind: &str) -> ExpressionKind {
    match kind {
        "set_comprehension" => ExpressionKind::Set(Vec::new()),
        "dictionary_comprehension" => ExpressionKind::Map(Vec::new()),
        _ => ExpressionKind::List(Vec::new()),
    }
}
