//! Writes parts of the intermediate form as short lines, so that tests can say what they expect.

use crate::flow::form::{
    Argument, AssignmentOperator, Block, Catch, Constant, Expression, ExpressionKind, FunctionId, Item,
    Pattern, RecordPattern, Spread, Statement, StatementKind, TypeName, Unit,
};

pub(super) struct Show<'a>(pub(super) &'a Unit);

impl Show<'_> {
    pub(super) fn function(&self, id: FunctionId) -> String {
        let function = &self.0.functions[id.0 as usize];
        let body = function.body.as_ref().map_or_else(String::new, |body| self.block(body));
        let parameters: Vec<_> = function
            .parameters
            .iter()
            .map(|parameter| {
                let default = parameter.default.as_ref().map(|value| format!("={}", self.expression(value)));
                let kind = format!("{:?} ", parameter.kind).replace("Plain ", "");
                format!("{kind}{}{}", self.pattern(&parameter.pattern), default.unwrap_or_default())
            })
            .collect();
        format!("({}) {body}", parameters.join(", "))
    }

    pub(super) fn block(&self, block: &Block) -> String {
        let statements: Vec<_> = block.statements.iter().map(|each| self.statement(each)).collect();
        format!("{{{}}}", statements.join("; "))
    }

    fn maybe(&self, word: &str, block: Option<&Block>) -> String {
        block.map_or_else(String::new, |block| format!(" {word} {}", self.block(block)))
    }

    pub(super) fn statement(&self, statement: &Statement) -> String {
        let value = |value: &Option<Expression>| {
            value.as_ref().map_or_else(String::new, |value| format!(" {}", self.expression(value)))
        };
        match &statement.kind {
            StatementKind::Expression(inner) => self.expression(inner),
            StatementKind::Declare { pattern, value: set, .. } => {
                format!("declare {} ={}", self.pattern(pattern), value(set))
            }
            StatementKind::Outer(names, is_global) => format!("outer {} {is_global}", names.join(" ")),
            StatementKind::If { test, then, otherwise } => {
                let otherwise = self.maybe("else", otherwise.as_ref());
                format!("if {} {}{otherwise}", self.expression(test), self.block(then))
            }
            StatementKind::Loop(round) => {
                let otherwise = self.maybe("else", round.otherwise.as_ref());
                format!("while{} {}{otherwise}", value(&round.test), self.block(&round.body))
            }
            StatementKind::ForEach { pattern, declares, over, body, otherwise, .. } => {
                let word = if *declares { "each" } else { "for" };
                let over = self.expression(over);
                let otherwise = self.maybe("else", otherwise.as_ref());
                format!("{word} {} in {over} {}{otherwise}", self.pattern(pattern), self.block(body))
            }
            StatementKind::Return(inner) => format!("return{}", value(inner)),
            StatementKind::Throw(inner) => format!("throw{}", value(inner)),
            StatementKind::Assert { test, message } => {
                format!("assert {}{}", self.expression(test), value(message))
            }
            StatementKind::Delete(place) => format!("delete {}", self.expression(place)),
            StatementKind::Include(module) => format!("include {}", self.expression(module)),
            StatementKind::Break(_) => "break".to_owned(),
            StatementKind::Continue(_) => "continue".to_owned(),
            StatementKind::Unknown(parts) => format!("unknown[{}]", self.all(parts)),
            StatementKind::Try(_) | StatementKind::Switch(_) => self.handled(statement),
            other => format!("{other:?}"),
        }
    }

    fn handled(&self, statement: &Statement) -> String {
        match &statement.kind {
            StatementKind::Try(handled) => {
                let resources: Vec<_> = handled.resources.iter().map(|each| self.statement(each)).collect();
                let resources = resources.join("; ");
                let catches: String = handled.catches.iter().map(|each| self.catch(each)).collect();
                let body = self.block(&handled.body);
                let otherwise = self.maybe("else", handled.otherwise.as_ref());
                let finally = self.maybe("finally", handled.finally.as_ref());
                format!("try({resources}) {body}{catches}{otherwise}{finally}")
            }
            StatementKind::Switch(switch) => {
                let subject = switch.subject.as_ref().map_or_else(String::new, |it| self.expression(it));
                let cases = switch.cases.iter().map(|case| {
                    let tests: Vec<_> = case.tests.iter().map(|test| self.pattern(test)).collect();
                    let guard = case.guard.as_ref().map(|guard| format!(" if {}", self.expression(guard)));
                    let guard = guard.unwrap_or_default();
                    format!(" case {}{guard} {}", tests.join(" or "), self.block(&case.body))
                });
                format!("switch {subject}{}", cases.collect::<String>())
            }
            other => format!("{other:?}"),
        }
    }

    fn catch(&self, catch: &Catch) -> String {
        let types: Vec<_> = catch.types.iter().map(of_type).collect();
        let pattern = catch.pattern.as_ref().map(|pattern| format!(" as {}", self.pattern(pattern)));
        format!(" except {}{} {}", types.join(" "), pattern.unwrap_or_default(), self.block(&catch.body))
    }

    fn all(&self, expressions: &[Expression]) -> String {
        let all: Vec<_> = expressions.iter().map(|each| self.expression(each)).collect();
        all.join(", ")
    }

    pub(super) fn expression(&self, expression: &Expression) -> String {
        let one = |inner: &Expression| self.expression(inner);
        match &expression.kind {
            ExpressionKind::Constant(constant) => shown_constant(constant),
            ExpressionKind::Name(name) => name.clone(),
            ExpressionKind::This => "This".to_owned(),
            ExpressionKind::Super => "Super".to_owned(),
            ExpressionKind::Member { of, name, .. } => format!("{}.{name}", one(of)),
            ExpressionKind::Element { of, index } => format!("{}[{}]", one(of), one(index)),
            ExpressionKind::Slice { of, bounds } => {
                let bounds =
                    bounds.each_ref().map(|bound| bound.as_ref().map_or_else(String::new, |it| one(it)));
                format!("{}[{}]", one(of), bounds.join(":"))
            }
            ExpressionKind::Call { callee, arguments } => {
                let arguments: Vec<_> = arguments.iter().map(|each| self.argument(each)).collect();
                format!("{}({})", one(callee), arguments.join(", "))
            }
            ExpressionKind::List(items) => format!("List[{}]", self.items(items)),
            ExpressionKind::Set(items) => format!("Set[{}]", self.items(items)),
            ExpressionKind::Map(entries) => self.map(entries),
            ExpressionKind::Unary(operator, of) => format!("{operator:?}({})", one(of)),
            ExpressionKind::Binary(operator, left, right) => {
                format!("({} {operator:?} {})", one(left), one(right))
            }
            ExpressionKind::Logical(logic, left, right) => {
                format!("({} {logic:?} {})", one(left), one(right))
            }
            _ => self.rare(expression),
        }
    }

    fn rare(&self, expression: &Expression) -> String {
        let one = |inner: &Expression| self.expression(inner);
        match &expression.kind {
            ExpressionKind::Conditional(test, then, otherwise) => {
                format!("({} ? {} : {})", one(test), one(then), one(otherwise))
            }
            ExpressionKind::Assign(set) => {
                let operator = match set.operator {
                    Some(AssignmentOperator::Binary(operator)) => format!("{operator:?}"),
                    _ => String::new(),
                };
                format!("{} {operator}= {}", self.pattern(&set.target), one(&set.value))
            }
            ExpressionKind::Template(parts) => format!("Template[{}]", self.all(parts)),
            ExpressionKind::Function(id) => format!("Function{}", id.0),
            ExpressionKind::Type(id) => format!("Type{}", id.0),
            ExpressionKind::Module { path, level } => {
                format!("Module<{}{path}>", ".".repeat(*level as usize))
            }
            ExpressionKind::Cast(to, of) => format!("Cast<{}>({})", of_type(to), one(of)),
            ExpressionKind::Await(of) => format!("await {}", one(of)),
            ExpressionKind::Yield(of, is_all) => {
                let of = of.as_ref().map_or_else(String::new, |of| one(of));
                format!("yield{} {of}", if *is_all { "*" } else { "" })
            }
            ExpressionKind::Block(block, value) => format!("do {} give {}", self.block(block), one(value)),
            ExpressionKind::Unknown(parts) => format!("unknown[{}]", self.all(parts)),
            other => format!("{other:?}"),
        }
    }

    fn argument(&self, argument: &Argument) -> String {
        let name = argument.name.as_ref().map_or_else(String::new, |name| format!("{name}="));
        let stars = match argument.spread {
            Spread::One => "",
            Spread::Elements => "*",
            Spread::Entries => "**",
        };
        format!("{name}{stars}{}", self.expression(&argument.value))
    }

    fn items(&self, items: &[Item<Expression>]) -> String {
        let items: Vec<_> = items.iter().map(|item| starred(item, |inner| self.expression(inner))).collect();
        items.join(", ")
    }

    fn map(&self, entries: &[Item<(Expression, Expression)>]) -> String {
        let pair = |(key, value): &(Expression, Expression)| {
            format!("{}: {}", self.expression(key), self.expression(value))
        };
        let entries: Vec<_> = entries.iter().map(|entry| starred(entry, pair)).collect();
        format!("Map[{}]", entries.join(", "))
    }

    pub(super) fn pattern(&self, pattern: &Pattern) -> String {
        let several = |patterns: &[Pattern], between: &str| {
            patterns.iter().map(|each| self.pattern(each)).collect::<Vec<_>>().join(between)
        };
        match pattern {
            Pattern::Name(name, _) => name.clone(),
            Pattern::Place(place) => format!("@{}", self.expression(place)),
            Pattern::Sequence(items) => {
                let items: Vec<_> =
                    items.iter().map(|item| starred(item, |inner| self.pattern(inner))).collect();
                format!("[{}]", items.join(", "))
            }
            Pattern::Record(record) => self.record(record),
            Pattern::Equals(value) => format!("={}", self.expression(value)),
            Pattern::OfType(to, inner) => format!("{}<{}>", of_type(to), self.pattern(inner)),
            Pattern::Either(patterns) => several(patterns, " | "),
            Pattern::Both(first, second) => format!("{} & {}", self.pattern(first), self.pattern(second)),
            Pattern::Ignored => "_".to_owned(),
            other @ Pattern::Default(..) => format!("{other:?}"),
        }
    }

    fn record(&self, record: &RecordPattern) -> String {
        let entries = record.entries.iter();
        let mut entries: Vec<_> = entries
            .map(|(key, inner)| format!("{}: {}", self.expression(key), self.pattern(inner)))
            .collect();
        entries.extend(record.rest.iter().map(|rest| format!("**{}", self.pattern(rest))));
        let fields = if record.of_fields { "fields" } else { "" };
        format!("{fields}{{{}}}", entries.join(", "))
    }
}

fn starred<T>(item: &Item<T>, show: impl Fn(&T) -> String) -> String {
    let star = if matches!(item, Item::Spread(_)) { "*" } else { "" };
    format!("{star}{}", show(item.inner()))
}

fn shown_constant(constant: &Constant) -> String {
    match constant {
        Constant::Null => "None".to_owned(),
        Constant::Boolean(value) => value.to_string(),
        Constant::Integer(value) => value.to_string(),
        Constant::Float(value) => format!("{value:?}"),
        Constant::Text(value) => format!("{value:?}"),
        Constant::Character(value) => format!("{value:?}"),
    }
}

/// A type with its arguments.
pub(super) fn of_type(of_type: &TypeName) -> String {
    if of_type.arguments.is_empty() {
        return of_type.name.clone();
    }
    let arguments: Vec<_> = of_type.arguments.iter().map(self::of_type).collect();
    format!("{}[{}]", of_type.name, arguments.join(","))
}
