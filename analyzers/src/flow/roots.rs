//! Which functions are run as who calls from outside sees them, and in which order.

use std::collections::{BTreeMap, HashMap, HashSet};

use grammars::Language;
use grammars::flow::{Function, FunctionId, Parameter, Pattern, StatementKind};

use crate::flow::called::{Reach, reach};
use crate::flow::calls::Passed;
use crate::flow::engine::{Engine, Flow};
use crate::flow::program::Program;
use crate::flow::query::Queries;
use crate::flow::state::State;
use crate::flow::trail::Place;
use crate::flow::value::{FunctionRef, Reference, TypeRef, Value};

/// Steps of work for one function that is run from outside.
pub(crate) const WORK_FOR_ONE: u64 = 100_000;

/// Steps of work for a program.
const WORK_FOR_ALL: u64 = 20_000_000;

/// What was found in a program.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) flows: BTreeMap<(usize, Place, Place), Flow>,
    /// Functions whose work ran out.
    pub(crate) undecided: Vec<FunctionRef>,
    /// How many functions were not run at all, because the program's work ran out.
    pub(crate) left_out: usize,
}

/// The queries for which a parameter is a source.
pub(crate) fn parameter_queries(
    queries: &Queries,
    language: Language,
    function: &Function,
    parameter: &Parameter,
) -> u64 {
    let Some(asked) = queries.parameters.get(&language) else { return 0 };
    let written = match &parameter.pattern {
        Pattern::Name(name, _) => name.as_str(),
        Pattern::Default(inner, _) => match &**inner {
            Pattern::Name(name, _) => name.as_str(),
            _ => "",
        },
        _ => "",
    };
    let of_type = parameter.of_type.as_ref().map_or("", |of_type| of_type.simple());
    let fits = |wanted: &[String], is: &[&str]| {
        wanted.is_empty() || is.iter().any(|name| wanted.iter().any(|one| one == name))
    };
    let mut bits = 0;
    for query in asked {
        let annotated = fits(&query.annotations, &annotations(&parameter.annotations));
        let named = fits(&query.names, &[written]);
        let typed = fits(&query.types, &[of_type]);
        let handled = fits(&query.of_annotated, &annotations(&function.annotations));
        let excluded = !query.not_types.is_empty() && fits(&query.not_types, &[of_type]);
        if annotated && named && typed && handled && !excluded {
            bits |= query.queries;
        }
    }
    bits
}

fn annotations(all: &[grammars::flow::Annotation]) -> Vec<&str> {
    all.iter().map(|known| simple(&known.name)).collect()
}

fn simple(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Runs everything that may be called from outside.
pub(crate) fn run(program: &Program, queries: &Queries, work: u64) -> Found {
    let mut roots = Roots {
        engine: Engine::new(program, queries),
        modules: HashMap::new(),
        found: Found::default(),
        reach: reach(program, queries),
        work,
        left: WORK_FOR_ALL,
    };
    roots.run();
    roots.found
}

struct Roots<'a> {
    engine: Engine<'a>,
    /// The state after a module's own code.
    modules: HashMap<u32, State>,
    found: Found,
    /// What may be come to from each function.
    reach: HashMap<FunctionRef, Reach>,
    /// Steps for each function, and those left for all.
    work: u64,
    left: u64,
}

impl Roots<'_> {
    fn run(&mut self) {
        let all: Vec<_> = self.functions().into_iter().filter(|at| self.may_flow(*at)).collect();
        let (sources, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|at| self.parameter_sources(*at) != 0);
        let named = self.names_called();
        let (first, second): (Vec<_>, Vec<_>) = others
            .into_iter()
            .partition(|at| !named.contains(self.engine.program.function(*at).name.as_str()));
        self.module_code();
        let mut done = HashSet::new();
        for at in sources.into_iter().chain(first).chain(second) {
            let is_source = self.parameter_sources(at) != 0;
            if done.insert(at) && (is_source || !self.engine.called.contains(&at)) {
                self.root(at);
            }
        }
        self.found.flows = std::mem::take(&mut self.engine.flows);
    }

    /// Whether some query has both its source and its sink within reach of a function.
    fn may_flow(&self, at: FunctionRef) -> bool {
        let reach = self.reach.get(&at).copied().unwrap_or_default();
        (reach.sources | self.parameter_sources(at)) & reach.sinks != 0
    }

    fn functions(&self) -> Vec<FunctionRef> {
        let files = self.engine.program.files.iter().enumerate();
        files
            .flat_map(|(unit, file)| {
                let functions = file.unit.functions.iter().enumerate().skip(1);
                functions.filter(|(_, function)| is_entry(function)).map(move |(index, _)| FunctionRef {
                    unit: unit as u32,
                    function: FunctionId(index as u32),
                })
            })
            .collect()
    }

    /// The queries for which some parameter is a source.
    fn parameter_sources(&self, at: FunctionRef) -> u64 {
        let function = self.engine.program.function(at);
        let language = self.engine.program.file(at.unit).language;
        let marks = self.engine.queries.marks.get(&at.unit);
        let marked = |range: &grammars::flow::Range| {
            marks.and_then(|marks| marks.get(&(range.start, range.end))).map_or(0, |marks| marks.source)
        };
        let sources = function.parameters.iter().map(|parameter| {
            let by_name = match &parameter.pattern {
                Pattern::Name(_, range) => marked(range),
                _ => 0,
            };
            let asked = parameter_queries(self.engine.queries, language, function, parameter);
            marked(&parameter.range) | by_name | asked
        });
        sources.fold(0, |all, one| all | one)
    }

    /// Every name that something is called by.
    fn names_called(&self) -> HashSet<String> {
        let mut names = HashSet::new();
        for file in &self.engine.program.files {
            crate::flow::called::names_called(&file.unit, &mut names);
        }
        names
    }

    fn module_code(&mut self) {
        for unit in 0..self.engine.program.files.len() as u32 {
            let function = self.engine.program.function(FunctionRef { unit, function: FunctionId(0) });
            let has_code = function.body.as_ref().is_some_and(|body| {
                body.statements.iter().any(|statement| !matches!(statement.kind, StatementKind::Label(_)))
            });
            if has_code && self.may_flow(FunctionRef { unit, function: FunctionId(0) }) {
                self.module_state(unit);
            }
        }
    }

    /// The state after the code of a file's module, run on its own.
    fn module_state(&mut self, unit: u32) -> State {
        let module = self.engine.program.file(unit).module;
        if let Some(known) = self.modules.get(&module) {
            return known.clone();
        }
        self.engine.frames.clear();
        self.engine.tasks.clear();
        self.engine.state = State::default();
        self.engine.live = true;
        self.engine.work = self.work;
        self.engine.load(module);
        self.engine.run_tasks_outside(FunctionRef { unit, function: FunctionId(0) });
        if self.engine.work == 0 {
            self.found.undecided.push(FunctionRef { unit, function: FunctionId(0) });
        }
        let state = self.engine.state.clone();
        self.modules.insert(module, state.clone());
        state
    }

    fn root(&mut self, at: FunctionRef) {
        let state = self.module_state(at.unit);
        let from = self.engine.first_free();
        self.engine.state = state;
        self.engine.live = true;
        let work = self.work.min(self.left);
        self.engine.work = work;
        if work > 0 {
            self.engine.run_from_outside(at);
        }
        self.left -= work - self.engine.work;
        if self.engine.work == 0 {
            match self.left {
                0 => self.found.left_out += 1,
                _ => self.found.undecided.push(at),
            }
        }
        self.engine.forget(from);
    }
}

/// Whether a function may be called from outside: closures are run where they are made.
fn is_entry(function: &Function) -> bool {
    function.body.is_some()
        && (!function.name.is_empty() || !function.annotations.is_empty())
        && !function.flags.keeps_this
}

impl Engine<'_> {
    /// Runs what is still to be run after code of a file.
    pub(crate) fn run_tasks_outside(&mut self, at: FunctionRef) {
        if self.tasks.is_empty() {
            return;
        }
        self.push_outside(at);
        self.run_tasks();
        self.frames.clear();
    }

    /// Runs a function with what the world gives.
    pub(crate) fn run_from_outside(&mut self, at: FunctionRef) {
        let function = self.program.function(at);
        let outside = Passed { from_outside: true, ..Passed::default() };
        self.push_outside(at);
        let owner = function.owner.map(|of_type| TypeRef { unit: at.unit, of_type });
        let this = match owner {
            Some(of_type) if function.flags.is_static => Value::reference(Reference::Type(of_type)),
            Some(of_type) if !function.flags.is_constructor => {
                let range = function.name_range.start..function.name_range.end.saturating_add(11);
                let this = self.construct(of_type, outside.clone(), &range);
                if let Some(object) = this.only_object().and_then(|id| self.state.get_mut(id)) {
                    object.open = true;
                }
                this
            }
            Some(of_type) => {
                let range = function.name_range.start..function.name_range.end.saturating_add(11);
                let mut object = self.zeroed(of_type, &range);
                object.open = true;
                self.made(&range, object)
            }
            None => Value::default(),
        };
        self.called.insert(at);
        if !self.live && self.work > 0 {
            self.live = true;
        }
        let scope = self.closure_scope(at);
        self.invoke(at, scope, this, outside, &function.name_range);
        if !self.live && self.work > 0 {
            let thrown = self.frames.last_mut().and_then(|frame| frame.throws.pop());
            self.enter(thrown.map(|(_, state)| state));
        }
        self.run_tasks();
    }
}
