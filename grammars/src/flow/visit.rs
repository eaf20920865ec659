//! Visits every expression of a unit, outer ones first.

use crate::flow::form::{
    Argument, Block, Case, Expression, ExpressionKind, Function, Item, Pattern, Statement, StatementKind,
    Unit,
};

/// Calls a function for every expression of a unit.
pub fn visit<'unit>(unit: &'unit Unit, see: &mut dyn FnMut(&'unit Expression)) {
    unit.functions.iter().for_each(|function| visit_function(function, see));
    let declared = unit.types.iter().flat_map(|of_type| &of_type.super_expressions);
    declared.for_each(|above| expression(above, see));
}

/// Calls a function for every expression of a function, without those inside of it.
pub fn visit_function<'unit>(function: &'unit Function, see: &mut dyn FnMut(&'unit Expression)) {
    for parameter in &function.parameters {
        pattern(&parameter.pattern, see);
        parameter.default.iter().for_each(|default| expression(default, see));
    }
    function.annotations.iter().for_each(|annotation| expression(&annotation.expression, see));
    function.body.iter().for_each(|body| block(body, see));
}

type See<'see, 'unit> = &'see mut dyn FnMut(&'unit Expression);

fn block<'unit>(of: &'unit Block, see: See<'_, 'unit>) {
    statements(&of.statements, see);
}

fn statements<'unit>(all: &'unit [Statement], see: See<'_, 'unit>) {
    all.iter().for_each(|inner| statement(inner, see));
}

fn statement<'unit>(of: &'unit Statement, see: See<'_, 'unit>) {
    match &of.kind {
        StatementKind::Expression(inner)
        | StatementKind::Defer(inner)
        | StatementKind::Spawn(inner)
        | StatementKind::Delete(inner)
        | StatementKind::Include(inner)
        | StatementKind::Return(Some(inner))
        | StatementKind::Throw(Some(inner)) => expression(inner, see),
        StatementKind::Declare { pattern: bound, value, .. } => {
            pattern(bound, see);
            value.iter().for_each(|value| expression(value, see));
        }
        StatementKind::If { test, then, otherwise } => {
            expression(test, see);
            block(then, see);
            otherwise.iter().for_each(|inner| block(inner, see));
        }
        StatementKind::Assert { test, message } => {
            expression(test, see);
            message.iter().for_each(|message| expression(message, see));
        }
        StatementKind::Locked(lock, body) => {
            expression(lock, see);
            block(body, see);
        }
        StatementKind::Block(_, body) => block(body, see),
        StatementKind::Unknown(parts) => parts.iter().for_each(|part| expression(part, see)),
        StatementKind::Loop(_) | StatementKind::ForEach { .. } => looping(of, see),
        StatementKind::Switch(switch) => {
            switch.subject.iter().for_each(|subject| expression(subject, see));
            switch.cases.iter().for_each(|inner| case(inner, see));
        }
        StatementKind::Try(attempt) => {
            statements(&attempt.resources, see);
            block(&attempt.body, see);
            attempt.catches.iter().for_each(|handler| block(&handler.body, see));
            attempt.otherwise.iter().chain(&attempt.finally).for_each(|inner| block(inner, see));
        }
        StatementKind::Outer(..)
        | StatementKind::Break(_)
        | StatementKind::Continue(_)
        | StatementKind::Return(None)
        | StatementKind::Throw(None)
        | StatementKind::Label(_)
        | StatementKind::Goto(_) => {}
    }
}

fn looping<'unit>(of: &'unit Statement, see: See<'_, 'unit>) {
    match &of.kind {
        StatementKind::Loop(inner) => {
            statements(&inner.before, see);
            inner.test.iter().for_each(|test| expression(test, see));
            statements(&inner.update, see);
            block(&inner.body, see);
            inner.otherwise.iter().for_each(|body| block(body, see));
        }
        StatementKind::ForEach { pattern: bound, over, body, otherwise, .. } => {
            pattern(bound, see);
            expression(over, see);
            block(body, see);
            otherwise.iter().for_each(|body| block(body, see));
        }
        _ => {}
    }
}

fn case<'unit>(of: &'unit Case, see: See<'_, 'unit>) {
    of.tests.iter().for_each(|test| pattern(test, see));
    of.guard.iter().for_each(|guard| expression(guard, see));
    block(&of.body, see);
}

fn pattern<'unit>(of: &'unit Pattern, see: See<'_, 'unit>) {
    match of {
        Pattern::Place(inner) | Pattern::Equals(inner) => expression(inner, see),
        Pattern::Sequence(items) => items.iter().for_each(|item| pattern(item.inner(), see)),
        Pattern::Record(record) => {
            for (key, inner) in &record.entries {
                expression(key, see);
                pattern(inner, see);
            }
            record.rest.iter().for_each(|rest| pattern(rest, see));
        }
        Pattern::Default(inner, default) => {
            pattern(inner, see);
            expression(default, see);
        }
        Pattern::OfType(_, inner) => pattern(inner, see),
        Pattern::Either(all) => all.iter().for_each(|inner| pattern(inner, see)),
        Pattern::Both(first, second) => {
            pattern(first, see);
            pattern(second, see);
        }
        Pattern::Name(..) | Pattern::Ignored => {}
    }
}

fn arguments<'unit>(all: &'unit [Argument], see: See<'_, 'unit>) {
    all.iter().for_each(|argument| expression(&argument.value, see));
}

#[allow(clippy::too_many_lines, reason = "one arm a kind of expression")]
fn expression<'unit>(of: &'unit Expression, see: See<'_, 'unit>) {
    see(of);
    match &of.kind {
        ExpressionKind::Member { of: inner, .. }
        | ExpressionKind::Unary(_, inner)
        | ExpressionKind::Step(inner, ..)
        | ExpressionKind::Reference(inner, _)
        | ExpressionKind::Cast(_, inner)
        | ExpressionKind::Await(inner)
        | ExpressionKind::Yield(Some(inner), _)
        | ExpressionKind::Throw(inner)
        | ExpressionKind::Receive(inner)
        | ExpressionKind::AddressOf(inner)
        | ExpressionKind::Dereference(inner) => expression(inner, see),
        ExpressionKind::Element { of: first, index: second }
        | ExpressionKind::Binary(_, first, second)
        | ExpressionKind::Logical(_, first, second) => {
            expression(first, see);
            expression(second, see);
        }
        ExpressionKind::Slice { of: inner, bounds } => {
            expression(inner, see);
            bounds.iter().flatten().for_each(|bound| expression(bound, see));
        }
        ExpressionKind::Call { callee, arguments: given } => {
            expression(callee, see);
            arguments(given, see);
        }
        ExpressionKind::New { callee, arguments: given, .. } => {
            callee.iter().for_each(|callee| expression(callee, see));
            arguments(given, see);
        }
        ExpressionKind::Record { entries, .. } | ExpressionKind::Map(entries) => {
            for (key, value) in entries.iter().map(Item::inner) {
                expression(key, see);
                expression(value, see);
            }
        }
        ExpressionKind::List(items) | ExpressionKind::Set(items) => {
            items.iter().for_each(|item| expression(item.inner(), see));
        }
        ExpressionKind::Conditional(test, first, second) => {
            [test, first, second].into_iter().for_each(|inner| expression(inner, see));
        }
        ExpressionKind::Assign(assignment) => {
            pattern(&assignment.target, see);
            expression(&assignment.value, see);
        }
        ExpressionKind::IsType(inner, _, bound) => {
            expression(inner, see);
            bound.iter().for_each(|bound| pattern(bound, see));
        }
        ExpressionKind::Block(inner, value) => {
            block(inner, see);
            expression(value, see);
        }
        ExpressionKind::Template(parts) | ExpressionKind::Unknown(parts) => {
            parts.iter().for_each(|part| expression(part, see));
        }
        ExpressionKind::Constant(_)
        | ExpressionKind::Name(_)
        | ExpressionKind::This
        | ExpressionKind::Super
        | ExpressionKind::Yield(None, _)
        | ExpressionKind::Function(_)
        | ExpressionKind::Type(_)
        | ExpressionKind::Module { .. } => {}
    }
}
