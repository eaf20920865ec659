//! What functions mention: the names by which they call others, and whether a source or sink may be come to from them.
//!
//! Names stand for every function of that name, so that what is left out can hold no flow.

use std::collections::{HashMap, HashSet};

use grammars::flow::{ExpressionKind, FunctionId, Unit, visit, visit_function};

use crate::flow::program::Program;
use crate::flow::query::{Marks, Queries, Role};
use crate::flow::value::FunctionRef;

/// Adds every name that something is called by.
pub(crate) fn names_called(unit: &Unit, names: &mut HashSet<String>) {
    visit(unit, &mut |expression| match &expression.kind {
        ExpressionKind::Call { callee, .. } => {
            if let ExpressionKind::Name(name) | ExpressionKind::Member { name, .. } = &callee.kind {
                names.insert(name.clone());
            }
        }
        ExpressionKind::Reference(_, name) => {
            names.insert(name.clone());
        }
        ExpressionKind::New { of_type, .. } => {
            names.insert(of_type.simple().to_owned());
        }
        _ => {}
    });
}

/// The queries whose sources and sinks may be come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) sources: u64,
    pub(crate) sinks: u64,
}

impl Reach {
    fn join(&mut self, other: Self) -> bool {
        let before = *self;
        self.sources |= other.sources;
        self.sinks |= other.sinks;
        *self != before
    }
}

struct Node<'a> {
    at: FunctionRef,
    names: Vec<&'a str>,
    inner: Vec<FunctionRef>,
}

/// What may be come to from each function.
pub(crate) fn reach(program: &Program, queries: &Queries) -> HashMap<FunctionRef, Reach> {
    let mut reach: HashMap<FunctionRef, Reach> = HashMap::new();
    let mut nodes = Vec::new();
    let mut by_name: HashMap<&str, Vec<FunctionRef>> = HashMap::new();
    for (unit, file) in (0..).zip(&program.files) {
        for (index, function) in file.unit.functions.iter().enumerate() {
            let at = FunctionRef { unit, function: FunctionId(index as u32) };
            let mut node = Node { at, names: Vec::new(), inner: Vec::new() };
            let mut own = Reach::default();
            visit_function(function, &mut |expression| {
                look(expression, unit, &mut node);
                own.join(of_place(queries, unit, &expression.range));
                own.join(of_call(queries, file.language, &expression.kind));
            });
            node.names.sort_unstable();
            node.names.dedup();
            reach.insert(at, own);
            nodes.push(node);
            by_name.entry(&function.name).or_default().push(at);
        }
        for declaration in &file.unit.types {
            // Whoever makes an object may have any of its methods called.
            let own = declaration
                .initializer
                .iter()
                .chain(&declaration.static_initializer)
                .chain(&declaration.methods);
            let made = own.map(|id| FunctionRef { unit, function: *id });
            by_name.entry(&declaration.name).or_default().extend(made);
        }
    }
    spread(&nodes, &by_name, &mut reach);
    reach
}

fn look<'a>(expression: &'a grammars::flow::Expression, unit: u32, node: &mut Node<'a>) {
    match &expression.kind {
        ExpressionKind::Name(name)
        | ExpressionKind::Member { name, .. }
        | ExpressionKind::Reference(_, name) => {
            node.names.push(name);
        }
        ExpressionKind::New { of_type, .. } => node.names.push(of_type.simple()),
        ExpressionKind::Function(id) => node.inner.push(FunctionRef { unit, function: *id }),
        _ => {}
    }
}

fn of_place(queries: &Queries, unit: u32, range: &grammars::flow::Range) -> Reach {
    let marks: Option<&Marks> = queries.marks.get(&unit);
    let bits = marks.and_then(|marks| marks.get(&(range.start, range.end))).copied().unwrap_or_default();
    Reach { sources: bits.source, sinks: bits.sink | bits.sink_call }
}

fn of_call(queries: &Queries, language: grammars::Language, kind: &ExpressionKind) -> Reach {
    let name = match kind {
        ExpressionKind::Call { callee, .. } => match &callee.kind {
            ExpressionKind::Name(name) | ExpressionKind::Member { name, .. } => name.as_str(),
            _ => return Reach::default(),
        },
        ExpressionKind::Reference(_, name) => name,
        ExpressionKind::New { .. } => "new",
        _ => return Reach::default(),
    };
    let made = match kind {
        ExpressionKind::New { of_type, .. } => Some(of_type.simple()),
        _ => None,
    };
    let mut reach = Reach::default();
    let is_meant = |of: &Option<String>| match (made, of) {
        (Some(made), Some(of)) => of.rsplit('.').next() == Some(made),
        _ => true,
    };
    for query in queries.calls(language, name).iter().filter(|query| is_meant(&query.of)) {
        match query.role {
            Role::Source => reach.sources |= query.queries,
            Role::Sink(_) | Role::SinkReceiver => reach.sinks |= query.queries,
            Role::Clean => {}
        }
    }
    reach
}

/// Whoever mentions a name comes to what functions of that name come to.
fn spread(
    nodes: &[Node<'_>],
    by_name: &HashMap<&str, Vec<FunctionRef>>,
    reach: &mut HashMap<FunctionRef, Reach>,
) {
    const MOST_ROUNDS: usize = 64;
    let mut of_name: HashMap<&str, Reach> = HashMap::new();
    for _ in 0..MOST_ROUNDS {
        for (name, functions) in by_name {
            let all = of_name.entry(name).or_default();
            functions.iter().for_each(|at| {
                all.join(reach[at]);
            });
        }
        let mut changed = false;
        for node in nodes {
            let mut own = reach[&node.at];
            for name in &node.names {
                own.join(of_name.get(name).copied().unwrap_or_default());
            }
            for inner in &node.inner {
                own.join(reach[inner]);
            }
            changed |= reach.get_mut(&node.at).is_some_and(|known| known.join(own));
        }
        if !changed {
            break;
        }
    }
}
