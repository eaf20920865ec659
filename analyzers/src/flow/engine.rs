//! The interpreter: it runs functions of the program on values as far as they are known, and sees where sources go.
//!
//! One engine runs one root after the other. All it knows lies in `state`, which branches copy and joins put together;
//! where no code can be running, `live` is false. Work is counted: who runs out of it is "not decided".

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use grammars::Language;
use grammars::flow::{Function, Range};

use crate::flow::program::Program;
use crate::flow::query::{Marks, Queries, QueryBits};
use crate::flow::state::{Class, Object, State};
use crate::flow::trail::{Place, Trail};
use crate::flow::value::{FunctionRef, Mark, ObjectId, Reference, Taint, TypeRef, Value};

/// Types beyond this many that a call may go to are not followed.
const MAX_IMPLEMENTERS: usize = 8;

/// Calls inside calls beyond this are not followed.
const MAX_DEPTH: usize = 60;

/// Containers inside containers beyond this are not looked into.
const MAX_CONTAINED: usize = 6;

/// What an interned object stands for, where several may be made at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    Scope,
    Value,
    Held,
    Statics,
    Module,
}

/// What is called later: after the code that runs now.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) callee: Value,
    pub(crate) arguments: Vec<Value>,
    /// The object that is told the result.
    pub(crate) told: Option<ObjectId>,
    pub(crate) site: Range,
}

/// A jump out of statements, and the state in which it was made.
pub(crate) struct Jump {
    pub(crate) kind: JumpKind,
    pub(crate) label: Option<String>,
    pub(crate) state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JumpKind {
    Break,
    Continue,
    Goto,
}

/// A function that runs.
pub(crate) struct Frame<'a> {
    pub(crate) at: FunctionRef,
    pub(crate) language: Language,
    pub(crate) function: &'a Function,
    pub(crate) owner: Option<TypeRef>,
    pub(crate) scope: ObjectId,
    /// The scope of the whole body.
    pub(crate) body: ObjectId,
    pub(crate) this: Value,
    pub(crate) context: u32,
    pub(crate) returns: Option<(Value, State)>,
    pub(crate) jumps: Vec<Jump>,
    pub(crate) throws: Vec<(Value, State)>,
    /// In how many `try` bodies the code stands.
    pub(crate) attempts: usize,
    pub(crate) yields: Option<ObjectId>,
    pub(crate) deferred: Vec<(Task, ObjectId)>,
    /// What was thrown and is looked at by deferred calls.
    pub(crate) thrown: Value,
    pub(crate) marks: Option<&'a Marks>,
}

/// A source that reaches a sink.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    pub(crate) query: usize,
    pub(crate) sink: Place,
    pub(crate) path: Vec<Place>,
}

/// What was looked up in the program.
#[derive(Default)]
struct Caches {
    methods: RefCell<HashMap<TypeRef, HashMap<Rc<str>, Rc<[FunctionRef]>>>>,
    types: RefCell<HashMap<(u32, Option<TypeRef>), HashMap<Rc<str>, Option<TypeRef>>>>,
    implementers: RefCell<HashMap<TypeRef, Rc<[TypeRef]>>>,
}

/// The interpreter.
pub(crate) struct Engine<'a> {
    pub(crate) program: &'a Program,
    pub(crate) queries: &'a Queries,
    pub(crate) state: State,
    pub(crate) live: bool,
    pub(crate) frames: Vec<Frame<'a>>,
    pub(crate) trail: Trail,
    pub(crate) tasks: Vec<Task>,
    pub(crate) flows: BTreeMap<(usize, Place, Place), Flow>,
    pub(crate) called: HashSet<FunctionRef>,
    pub(crate) work: u64,
    pub(crate) rounds: usize,
    /// Arguments by name of the library call that runs.
    pub(crate) named: Vec<(Rc<str>, Value)>,
    /// What deferred calls can recover, innermost last.
    pub(crate) panics: Vec<Value>,
    caches: Caches,
    ids: HashMap<(u32, u32, u32, u32, Purpose), ObjectId>,
    next_id: u32,
    contexts: HashMap<(u32, u32, u32, u32), u32>,
    names: HashSet<Rc<str>>,
    sources: HashMap<Place, u32>,
    source_places: Vec<Place>,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(program: &'a Program, queries: &'a Queries) -> Self {
        Self {
            program,
            queries,
            state: State::default(),
            live: true,
            frames: Vec::new(),
            trail: Trail::default(),
            tasks: Vec::new(),
            flows: BTreeMap::new(),
            called: HashSet::new(),
            work: 0,
            rounds: 1,
            panics: Vec::new(),
            named: Vec::new(),
            caches: Caches::default(),
            ids: HashMap::new(),
            next_id: 0,
            contexts: HashMap::new(),
            names: HashSet::new(),
            sources: HashMap::new(),
            source_places: Vec::new(),
        }
    }

    pub(crate) fn frame(&self) -> &Frame<'a> {
        self.frames.last().expect("code runs in a frame")
    }

    pub(crate) fn frame_mut(&mut self) -> &mut Frame<'a> {
        self.frames.last_mut().expect("code runs in a frame")
    }

    pub(crate) fn language(&self) -> Language {
        self.frame().language
    }

    pub(crate) fn unit(&self) -> u32 {
        self.frame().at.unit
    }

    /// The type that a name means where the code stands.
    pub(crate) fn resolve(&self, name: &str) -> Option<TypeRef> {
        let key = (self.unit(), self.frame().owner);
        if let Some(known) = self.caches.types.borrow().get(&key).and_then(|names| names.get(name)) {
            return *known;
        }
        let found = self.program.resolve_type(key.0, key.1, name);
        self.caches.types.borrow_mut().entry(key).or_default().insert(name.into(), found);
        found
    }

    /// The methods that a type, or the types above it, have under a name.
    pub(crate) fn declared_methods(&self, of_type: TypeRef, name: &str) -> Rc<[FunctionRef]> {
        if let Some(known) = self.caches.methods.borrow().get(&of_type).and_then(|names| names.get(name)) {
            return known.clone();
        }
        let found: Rc<[FunctionRef]> = self.program.methods(of_type, name, 0).into();
        self.caches.methods.borrow_mut().entry(of_type).or_default().insert(name.into(), found.clone());
        found
    }

    /// Some of the types that are or extend a type and that objects can be made of.
    pub(crate) fn implementers(&self, of_type: TypeRef) -> Rc<[TypeRef]> {
        if let Some(known) = self.caches.implementers.borrow().get(&of_type) {
            return known.clone();
        }
        let found: Rc<[TypeRef]> = self.program.implementers(of_type, MAX_IMPLEMENTERS).into();
        self.caches.implementers.borrow_mut().insert(of_type, found.clone());
        found
    }

    /// Counts a step of work; where none is left, no code runs any more.
    pub(crate) fn spend(&mut self) {
        match self.work.checked_sub(1) {
            Some(left) => self.work = left,
            None => self.live = false,
        }
    }

    /// Counts the work of going on in two states.
    pub(crate) fn spend_on_copy(&mut self) {
        self.work = self.work.saturating_sub(20);
    }

    pub(crate) fn is_too_deep(&self, at: FunctionRef) -> bool {
        let same = self.frames.iter().filter(|frame| frame.at == at).count();
        self.frames.len() >= MAX_DEPTH || same > 5
    }

    /// A name that is shared.
    pub(crate) fn name(&mut self, name: &str) -> Rc<str> {
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        let fresh: Rc<str> = name.into();
        self.names.insert(fresh.clone());
        fresh
    }

    /// The context of a round of a loop inside the running one.
    pub(crate) fn context(&mut self, at: u32, round: u32) -> u32 {
        self.inner_context(at, round, u32::MAX)
    }

    /// The context of a call inside the running one.
    pub(crate) fn call_context(&mut self, unit: u32, range: &Range) -> u32 {
        self.inner_context(unit, range.start, range.end)
    }

    fn inner_context(&mut self, first: u32, second: u32, third: u32) -> u32 {
        let around = self.frames.last().map_or(0, |frame| frame.context);
        let fresh = self.contexts.len() as u32 + 1;
        *self.contexts.entry((around, first, second, third)).or_insert(fresh)
    }

    /// The object that stands for what is made at a place, in the running context.
    pub(crate) fn object_at(&mut self, range: &Range, purpose: Purpose) -> ObjectId {
        let (context, unit) = self.frames.last().map_or((0, 0), |frame| (frame.context, frame.at.unit));
        self.object_of(context, unit, range, purpose)
    }

    pub(crate) fn object_of(&mut self, context: u32, unit: u32, range: &Range, purpose: Purpose) -> ObjectId {
        let key = (context, unit, range.start, range.end, purpose);
        if let Some(&known) = self.ids.get(&key) {
            return known;
        }
        let fresh = ObjectId(self.next_id);
        self.next_id += 1;
        self.ids.insert(key, fresh);
        fresh
    }

    pub(crate) fn known_object(
        &self,
        context: u32,
        unit: u32,
        range: &Range,
        purpose: Purpose,
    ) -> Option<ObjectId> {
        self.ids.get(&(context, unit, range.start, range.end, purpose)).copied()
    }

    /// Makes an object; where one was made here before, it stands for both.
    pub(crate) fn make(&mut self, range: &Range, purpose: Purpose, mut object: Object) -> ObjectId {
        let id = self.object_at(range, purpose);
        if let Some(known) = self.state.get(id) {
            let mut both = known.clone();
            if both.class == object.class {
                both.join(&object);
            } else {
                object.join(&both);
                both = object;
            }
            both.several = true;
            object = both;
        }
        self.state.put(id, object);
        id
    }

    /// An object without a place of its own: the value's `Value` purpose at a place.
    pub(crate) fn made(&mut self, range: &Range, object: Object) -> Value {
        Value::object(self.make(range, Purpose::Value, object))
    }

    /// What was found out so far is of one root; what the next one makes may take the same numbers.
    pub(crate) fn forget(&mut self, from: u32) {
        self.ids.retain(|_, id| id.0 < from);
        self.next_id = from;
        self.frames.clear();
        self.tasks.clear();
    }

    pub(crate) fn first_free(&self) -> u32 {
        self.next_id
    }

    pub(crate) fn marks(&self, range: &Range) -> Option<QueryBits> {
        self.frame().marks?.get(&(range.start, range.end)).copied()
    }

    /// The taint of a source at a place.
    pub(crate) fn source(&mut self, range: &Range, queries: u64) -> Taint {
        let place = Place { unit: self.unit(), range: range.clone() };
        let fresh = self.source_places.len() as u32;
        let source = *self.sources.entry(place.clone()).or_insert(fresh);
        if source == fresh {
            self.source_places.push(place.clone());
        }
        let step = self.trail.begin(place);
        Taint::of(Mark { source, queries, step })
    }

    /// The value, with the place as a step of the way of what taints it.
    pub(crate) fn stepped(&mut self, mut value: Value, range: &Range) -> Value {
        if !value.taint.is_none() {
            let place = Place { unit: self.unit(), range: range.clone() };
            let trail = &mut self.trail;
            value.taint = value.taint.stepped(|step| trail.step(step, &place));
        }
        value
    }

    /// Notes that a value reaches a sink of these queries.
    pub(crate) fn sink(&mut self, range: &Range, queries: u64, value: &Value) {
        if !self.live {
            return;
        }
        let taint = self.deep_taint(value);
        let sink = Place { unit: self.unit(), range: range.clone() };
        for mark in taint.marks() {
            let reached = mark.queries & queries;
            for query in (0..64).filter(|query| reached >> query & 1 == 1) {
                let source = self.source_places[mark.source as usize].clone();
                let trail = &self.trail;
                self.flows.entry((query, sink.clone(), source)).or_insert_with(|| {
                    let mut path = trail.path(mark.step);
                    path.push(sink.clone());
                    Flow { query, sink: sink.clone(), path }
                });
            }
        }
    }

    /// Every source that reaches a value or something inside it.
    pub(crate) fn deep_taint(&self, value: &Value) -> Taint {
        let mut taint = value.taint.clone();
        if value.references.is_empty() {
            return taint;
        }
        let mut seen = HashSet::new();
        let mut level: Vec<ObjectId> = value.references.iter().filter_map(object_in).collect();
        for _ in 0..MAX_CONTAINED {
            let mut next = Vec::new();
            for id in level.drain(..).filter(|id| seen.insert(*id)) {
                let Some(object) = self.state.get(id) else { continue };
                if matches!(object.class, Class::Scope(_) | Class::Closure(..) | Class::Statics(_)) {
                    continue;
                }
                taint.join(&object.taint);
                let inner = object.names.values().chain(object.items.values());
                for held in inner.chain([&object.rest, &object.keys]) {
                    taint.join(&held.taint);
                    next.extend(held.references.iter().filter_map(object_in));
                }
            }
            if next.is_empty() {
                break;
            }
            level = next;
        }
        taint
    }

    /// A frame of a file's own code, from which a function is called from outside.
    pub(crate) fn push_outside(&mut self, at: FunctionRef) {
        let top = FunctionRef { unit: at.unit, function: grammars::flow::FunctionId(0) };
        let scope = self.load(self.program.file(at.unit).module);
        let context = self.context(at.unit, u32::MAX - at.function.0);
        self.push_module(top, scope);
        let frame = self.frame_mut();
        frame.context = context;
        frame.marks = None;
    }

    /// The scope that a function closes over, where it was made already.
    pub(crate) fn closure_scope(&self, at: FunctionRef) -> Option<ObjectId> {
        self.state.objects().find_map(|object| match object.class {
            Class::Closure(known, scope) if known == at => scope,
            _ => None,
        })
    }

    /// Goes on in either of two states.
    pub(crate) fn join_state(&mut self, other: Option<State>) {
        let Some(other) = other else { return };
        if self.live {
            self.state.join(&other);
        } else {
            self.state = other;
            self.live = self.work > 0;
        }
    }

    /// The state where code runs, and none where not.
    pub(crate) fn leave(&mut self) -> Option<State> {
        let state = self.live.then(|| self.state.clone());
        self.live = false;
        state
    }

    /// Goes on in a state; nowhere where there is none.
    pub(crate) fn enter(&mut self, state: Option<State>) {
        self.live = state.is_some() && self.work > 0;
        if let Some(state) = state {
            self.state = state;
        }
    }
}

fn object_in(reference: &Reference) -> Option<ObjectId> {
    match reference {
        Reference::Object(object) | Reference::Place(object, _) => Some(*object),
        _ => None,
    }
}

/// Joins two states, either of which may not be.
pub(crate) fn joined(first: Option<State>, second: Option<State>) -> Option<State> {
    match (first, second) {
        (Some(mut first), Some(second)) => {
            first.join(&second);
            Some(first)
        }
        (first, second) => first.or(second),
    }
}
