//! Runs functions of the program: frames, parameters, results, constructors, modules.

use std::rc::Rc;

use grammars::Language;
use grammars::flow::{
    Expression, ExpressionKind, Function, Parameter, ParameterKind, Pattern, Range, StatementKind, TypeName,
};

use crate::flow::calls::Passed;
use crate::flow::engine::{Engine, Frame, Purpose, Task};
use crate::flow::state::{Class, Key, Object, State};
use crate::flow::value::{Constant, FunctionRef, ObjectId, Reference, TypeRef, Value};

/// Files that import files beyond this are not gone into.
const MAX_NESTED_MODULES: usize = 6;

/// Steps of work for what a file has at its top.
const MODULE_WORK: u64 = 5_000;

/// Annotations of functions that say how they are called, and do not wrap them.
const PLAIN_DECORATORS: [&str; 9] = [
    "staticmethod",
    "classmethod",
    "property",
    "abstractmethod",
    "abc.abstractmethod",
    "override",
    "dataclass",
    "dataclasses.dataclass",
    "overload",
];

impl<'a> Engine<'a> {
    /// Runs a function; its result.
    pub(crate) fn invoke(
        &mut self,
        at: FunctionRef,
        scope: Option<ObjectId>,
        this: Value,
        passed: Passed<'a>,
        range: &Range,
    ) -> Value {
        let program = self.program;
        let function: &'a Function = program.function(at);
        if function.body.is_none() || self.is_too_deep(at) {
            return self.unknown_call(&this, "", passed, range);
        }
        self.called.insert(at);
        let Some(around) = self.enter_function(at, scope, this.clone(), range) else {
            return Value::default();
        };
        if function.flags.is_generator {
            let list = Object::list([]);
            let id = self.make(&function.range, Purpose::Held, list);
            self.frame_mut().yields = Some(id);
        }
        let passed = self.with_receiver(function, &this, passed);
        self.bind_parameters(function, &passed);
        if function.flags.is_constructor && !delegates(function) {
            self.begin_object(range);
        }
        self.run_body(function);
        let out = self.references_out(function, &passed);
        let value = self.leave_function();
        for (place, value) in out {
            self.set_place(place, value);
        }
        let _ = around;
        value
    }

    fn run_body(&mut self, function: &'a Function) {
        let Some(body) = &function.body else { return };
        if self.live {
            self.run_block(body);
        }
        if self.live {
            let value = self.results();
            self.returned(value);
        }
        self.run_deferred();
        if let Some(yields) = self.frame().yields
            && let Some((value, _)) = &mut self.frame_mut().returns
        {
            *value = Value::object(yields);
        }
    }

    /// A frame for a function whose variables live in a fresh scope.
    fn enter_function(
        &mut self,
        at: FunctionRef,
        scope: Option<ObjectId>,
        this: Value,
        range: &Range,
    ) -> Option<ObjectId> {
        let program = self.program;
        let function: &'a Function = program.function(at);
        let file = program.file(at.unit);
        let around = match scope.or_else(|| self.scope_of(function, at, &this)) {
            Some(scope) => scope,
            None => self.load(file.module),
        };
        if !self.live {
            return None;
        }
        let unit = self.frames.last().map_or(0, |frame| frame.at.unit);
        let context = self.call_context(unit, range);
        let body = self.object_of(context, at.unit, &function.range, Purpose::Scope);
        let mut variables = Object::new(Class::Scope(Some(around)));
        for local in &function.locals {
            variables.names.insert(self.name(local), Value::null());
        }
        for result in &function.results {
            variables.names.insert(self.name(result), Value::null());
        }
        self.state.put(body, variables);
        let owner = function.owner.map(|of_type| TypeRef { unit: at.unit, of_type });
        let owner = owner.or_else(|| {
            self.frames.last().filter(|_| function.flags.keeps_this).and_then(|_| self.owner_around(at))
        });
        let top = self.frame_of(at, body);
        self.frames.push(Frame { owner, this, context, ..top });
        Some(around)
    }

    /// The type around a function that keeps the `this` of the function around it.
    fn owner_around(&self, at: FunctionRef) -> Option<TypeRef> {
        let unit = &self.program.file(at.unit).unit;
        let inner = &self.program.function(at).range;
        let types = unit.types.iter().enumerate();
        let around =
            types.filter(|(_, of_type)| of_type.range.start <= inner.start && inner.end <= of_type.range.end);
        let nearest = around.min_by_key(|(_, of_type)| of_type.range.end - of_type.range.start)?;
        Some(TypeRef { unit: at.unit, of_type: grammars::flow::TypeId(nearest.0 as u32) })
    }

    /// The scope in which a method's type was declared.
    fn scope_of(&self, function: &Function, at: FunctionRef, this: &Value) -> Option<ObjectId> {
        let own = this.objects().find_map(|id| self.state.get(id)?.names.get("<scope>")?.only_object());
        let owner = TypeRef { unit: at.unit, of_type: function.owner? };
        own.or_else(|| {
            let range = owner.of_type.0..owner.of_type.0;
            let statics = self.known_object(0, owner.unit, &range, Purpose::Statics)?;
            self.state.get(statics)?.names.get("<scope>")?.only_object()
        })
    }

    /// Ends the running function: its result, and what it threw is thrown on.
    fn leave_function(&mut self) -> Value {
        let Some(frame) = self.frames.pop() else { return Value::default() };
        self.live = false;
        let is_async = frame.function.flags.is_async && crate::flow::names::is_script(frame.language);
        let mut returns = frame.returns;
        for (value, state) in frame.throws {
            if is_async && !self.frames.is_empty() {
                returns = Some(self.broken_promise(value, state, returns, &frame.function.range));
            } else if !self.frames.is_empty() {
                self.note_throw(value, state);
            }
        }
        match returns {
            Some((value, state)) => {
                self.enter(Some(state));
                value
            }
            None => Value::default(),
        }
    }

    /// What an asynchronous function yields that throws.
    fn broken_promise(
        &mut self,
        error: Value,
        state: State,
        returns: Option<(Value, State)>,
        range: &Range,
    ) -> (Value, State) {
        self.state = state;
        let mut promise = Object::new(Class::Library("Promise".into()));
        promise.names.insert(crate::flow::library::ERROR.into(), error);
        let id = self.object_at(range, Purpose::Held);
        self.state.put(id, promise);
        let mut state = std::mem::take(&mut self.state);
        let mut value = Value::object(id);
        if let Some((other, other_state)) = returns {
            value.join(&other);
            state.join(&other_state);
        }
        (value, state)
    }

    /// Python's methods take their object as the first argument.
    fn with_receiver(&mut self, function: &Function, this: &Value, mut passed: Passed<'a>) -> Passed<'a> {
        if let Some(receiver) = &function.receiver {
            let scope = self.frame().body;
            let value = self.followed(this);
            self.set_variable(scope, receiver, if value.is_nothing() { this.clone() } else { value });
        }
        let takes_this =
            self.language() == Language::Python && function.owner.is_some() && !function.flags.is_static;
        if takes_this && !this.is_nothing() {
            let is_class = function.annotations.iter().any(|known| known.name == "classmethod");
            let first =
                match this.objects().next().and_then(|id| self.state.get(id)).map(|object| &object.class) {
                    Some(Class::Instance(of_type)) if is_class => Value::reference(Reference::Type(*of_type)),
                    _ => this.clone(),
                };
            passed.positional.insert(0, first);
            passed.places.insert(0, None);
        }
        passed
    }

    fn bind_parameters(&mut self, function: &'a Function, passed: &Passed<'a>) {
        let mut next = 0;
        let mut used: Vec<&str> = Vec::new();
        for parameter in &function.parameters {
            if !self.live {
                return;
            }
            let written = match &parameter.pattern {
                Pattern::Name(name, _) => name.as_str(),
                _ => "",
            };
            let named =
                passed.named.iter().find(|(name, _)| &**name == written).map(|(_, value)| value.clone());
            let value = match parameter.kind {
                ParameterKind::Plain => {
                    let given = passed.positional.get(next).cloned();
                    next += 1;
                    used.push(written);
                    given.or(named).or_else(|| passed.more.clone())
                }
                ParameterKind::Keyword => {
                    used.push(written);
                    named.or_else(|| passed.more.clone())
                }
                ParameterKind::Rest => Some(self.rest_of(parameter, passed, next)),
                ParameterKind::KeywordRest => Some(self.named_rest(parameter, passed, &used)),
            };
            let value = match value {
                Some(value) => value,
                None if passed.from_outside => self.given_from_outside(function, parameter),
                None => match &parameter.default {
                    Some(default) => self.eval(default),
                    None => Value::null(),
                },
            };
            self.bind_parameter(parameter, value);
        }
        let rest = passed.positional.get(next.min(passed.positional.len())..).unwrap_or_default();
        if !rest.is_empty() && self.is_script_unit() {
            let range = function.range.start..function.range.end.saturating_add(9);
            let all = self.made(&range, Object::list(passed.positional.clone()));
            let scope = self.frame().body;
            self.set_variable(scope, "<arguments>", all);
        }
    }

    fn bind_parameter(&mut self, parameter: &'a Parameter, value: Value) {
        match &parameter.pattern {
            Pattern::Name(name, range) => {
                let value = match &parameter.of_type {
                    Some(of_type) if parameter.kind != ParameterKind::Rest => {
                        self.typed(value, of_type, range)
                    }
                    _ => value,
                };
                let value = if parameter.is_reference { value } else { self.copied(value, range) };
                let value = self.stepped(value, range);
                let scope = self.frame().body;
                self.set_variable(scope, name, value);
            }
            Pattern::Default(inner, default) => {
                if let Pattern::Name(name, range) = &**inner {
                    let mut value = value;
                    if value.open || value.constants.contains(&Constant::Null) || value.is_nothing() {
                        let other = self.eval(default);
                        value.constants.remove(&Constant::Null);
                        value.join(&other);
                    }
                    let value = self.stepped(value, range);
                    let scope = self.frame().body;
                    self.set_variable(scope, name, value);
                } else {
                    self.bind(&parameter.pattern, value, true);
                }
            }
            pattern => self.bind(pattern, value, true),
        }
    }

    fn rest_of(&mut self, parameter: &Parameter, passed: &Passed<'a>, from: usize) -> Value {
        if passed.from_outside {
            let mut list = Object::new(Class::List);
            list.open = true;
            list.rest = Value::anything();
            let source = self.parameter_source(self.frame().function, parameter);
            list.rest.taint.join(&source);
            return self.made(&parameter.range, list);
        }
        let given = passed.positional.get(from..).unwrap_or_default();
        // An array may be given for all of them.
        if let [only] = given
            && self.language() == Language::Java
            && only
                .only_object()
                .and_then(|id| self.state.get(id))
                .is_some_and(|object| object.class == Class::List && object.made_as.is_none())
        {
            return only.clone();
        }
        let mut list = Object::list(given.to_vec());
        if let Some(more) = &passed.more {
            list.length = None;
            list.rest.join(more);
        }
        self.made(&parameter.range, list)
    }

    fn named_rest(&mut self, parameter: &Parameter, passed: &Passed<'a>, used: &[&str]) -> Value {
        let mut map = Object::new(Class::Map);
        for (name, value) in passed.named.iter().filter(|(name, _)| !used.contains(&&**name)) {
            map.set(&Key::Name(name.clone()), value.clone(), true);
        }
        if passed.from_outside {
            map.open = true;
            map.taint = self.parameter_source(self.frame().function, parameter);
        }
        if let Some(more) = &passed.more {
            map.rest.join(more);
        }
        self.made(&parameter.range, map)
    }

    /// What the world gives for a parameter.
    fn given_from_outside(&mut self, function: &'a Function, parameter: &'a Parameter) -> Value {
        let mut value = Value::anything();
        value.taint = self.parameter_source(function, parameter);
        if let Some(of_type) = &parameter.of_type {
            value.of_type = Some(Rc::new(of_type.clone()));
        }
        value
    }

    /// What taints a parameter of a function that nobody calls.
    fn parameter_source(&mut self, function: &Function, parameter: &Parameter) -> crate::flow::value::Taint {
        let queries = self.queries;
        let mut bits = crate::flow::roots::parameter_queries(queries, self.language(), function, parameter);
        for range in [Some(&parameter.range), name_range(&parameter.pattern)].into_iter().flatten() {
            bits |= self.marks(range).map_or(0, |marks| marks.source);
        }
        match bits {
            0 => Default::default(),
            bits => self.source(&parameter.range, bits),
        }
    }

    /// What parameters that are references hold at the end, for who gave them.
    fn references_out(
        &mut self,
        function: &'a Function,
        passed: &Passed<'a>,
    ) -> Vec<(&'a Expression, Value)> {
        let body = self.frame().body;
        let Some((_, state)) = &self.frame().returns else { return Vec::new() };
        let referenced =
            function.parameters.iter().enumerate().filter(|(_, parameter)| parameter.is_reference);
        let values = referenced.filter_map(|(index, parameter)| {
            let place = passed.places.get(index).copied().flatten()?;
            let Pattern::Name(name, _) = &parameter.pattern else { return None };
            Some((place, state.get(body)?.names.get(name.as_str())?.clone()))
        });
        values.collect()
    }

    /// Runs a function with these arguments.
    pub(crate) fn invoke_simple(
        &mut self,
        at: FunctionRef,
        this: Value,
        arguments: Vec<Value>,
        range: &Range,
    ) -> Value {
        self.invoke(at, None, this, Passed::of(arguments), range)
    }

    /// A frame for the code that a file has at its top.
    pub(crate) fn push_module(&mut self, at: FunctionRef, scope: ObjectId) {
        let frame = self.frame_of(at, scope);
        self.frames.push(frame);
    }

    /// A frame in which nothing has run.
    fn frame_of(&self, at: FunctionRef, scope: ObjectId) -> Frame<'a> {
        Frame {
            at,
            language: self.program.file(at.unit).language,
            function: self.program.function(at),
            owner: None,
            scope,
            body: scope,
            this: Value::default(),
            context: 0,
            returns: None,
            jumps: Vec::new(),
            throws: Vec::new(),
            attempts: 0,
            yields: None,
            deferred: Vec::new(),
            thrown: Value::anything(),
            marks: self.queries.marks.get(&at.unit),
        }
    }

    /// Runs the code that a file has at its top.
    pub(crate) fn run_module(&mut self, at: FunctionRef, scope: ObjectId) {
        let program = self.program;
        let function: &'a Function = program.function(at);
        let nested = self.frames.iter().filter(|frame| frame.at.function.0 == 0).count();
        if nested > MAX_NESTED_MODULES {
            return;
        }
        let kept = self.work.saturating_sub(MODULE_WORK);
        self.work -= kept;
        self.push_module(at, scope);
        for local in &function.locals {
            self.set_variable(scope, local, Value::null());
        }
        if let Some(body) = &function.body {
            self.run_all(&body.statements);
        }
        let before = self.leave();
        let after = self.frames.pop().and_then(|frame| {
            let thrown = frame.throws.into_iter().map(|(_, state)| state);
            thrown.chain(frame.returns.map(|(_, state)| state)).reduce(|mut first, second| {
                first.join(&second);
                first
            })
        });
        self.work += kept;
        if before.is_none() && after.is_none() {
            // The code went on for too long: what it set so far holds.
            self.live = self.work > 0;
            return;
        }
        self.enter(before.or(after));
    }

    /// Runs an initialiser of a type or object.
    pub(crate) fn run_initializer(&mut self, at: FunctionRef, of_type: TypeRef, this: Value, range: &Range) {
        let before = self.state.clone();
        if self.is_too_deep(at) || self.enter_function(at, None, this, range).is_none() {
            return;
        }
        self.frame_mut().owner = Some(of_type);
        let function = self.frame().function;
        self.run_body(function);
        self.leave_function();
        if !self.live && self.work > 0 {
            self.enter(Some(before));
        }
    }

    /// Makes an object of a type of the program.
    pub(crate) fn construct(&mut self, of_type: TypeRef, passed: Passed<'a>, range: &Range) -> Value {
        let program = self.program;
        let declaration = program.declaration(of_type);
        self.statics(of_type);
        if !self.live {
            return Value::default();
        }
        let mut object = self.zeroed(of_type, range);
        object.open = passed.from_outside;
        if let Some(frame) = self.frames.last() {
            let function = &frame.function.range;
            let is_local = frame.at.unit == of_type.unit
                && frame.at.function.0 != 0
                && function.start <= declaration.range.start
                && declaration.range.end <= function.end;
            if is_local {
                object.names.insert("<scope>".into(), Value::object(frame.scope));
            }
            if declaration.name.is_empty() || declaration.outer.is_some() || is_local {
                object.names.insert("<outer>".into(), frame.this.clone());
            }
        }
        let this = self.made(range, object);
        self.constructed(of_type, &this, passed, range);
        this
    }

    /// Runs what makes an object out of its memory: the constructor that fits, or what is without one.
    fn constructed(&mut self, of_type: TypeRef, this: &Value, passed: Passed<'a>, range: &Range) {
        let own = self.program.parts(of_type).into_iter().flat_map(|part| {
            self.program
                .declaration(part)
                .methods
                .iter()
                .map(move |id| FunctionRef { unit: part.unit, function: *id })
        });
        let constructors: Vec<_> = own.filter(|at| self.program.function(*at).flags.is_constructor).collect();
        let inherited = || {
            let found = self.declared_methods(of_type, "__init__");
            let is_python = self.program.file(of_type.unit).language == Language::Python;
            if is_python { found.to_vec() } else { Vec::new() }
        };
        let constructors = if constructors.is_empty() { inherited() } else { constructors };
        let chosen = self.chosen(constructors, &passed);
        if let Some(&constructor) = chosen.first() {
            self.invoke(constructor, None, this.clone(), passed, range);
            return;
        }
        let declaration = self.program.declaration(of_type);
        let components = &declaration.components;
        if !components.is_empty() {
            self.set_components(components, this, &passed, range);
        }
        let mut is_known = !components.is_empty();
        for above in self.supers(of_type) {
            if self.program.file(above.unit).language != Language::Python {
                is_known = true;
                let passed = if components.is_empty() { passed.clone() } else { Passed::default() };
                self.constructed(above, this, passed, range);
            }
        }
        if !is_known && !self.program.library_supers(of_type, 0).is_empty() {
            let mut taint = crate::flow::value::Taint::default();
            let mut held = Value::default();
            for value in passed.all() {
                taint.join(&self.deep_taint(value));
                held.join(value);
            }
            if let Some(object) = this.only_object().and_then(|id| self.state.get_mut(id)) {
                object.taint.join(&taint);
                object.rest.join(&held);
                if !held.is_nothing() {
                    object.names.insert("<held>".into(), held);
                }
            }
        }
        if let Some(function) = declaration.initializer {
            let at = FunctionRef { unit: of_type.unit, function };
            self.run_initializer(at, of_type, this.clone(), range);
        }
    }

    fn set_components(&mut self, components: &[String], this: &Value, passed: &Passed<'a>, range: &Range) {
        for (index, name) in components.iter().enumerate() {
            let named =
                passed.named.iter().find(|(known, _)| **known == **name).map(|(_, value)| value.clone());
            let given = passed.positional.get(index).cloned().or(named).or_else(|| passed.more.clone());
            if let Some(value) = given {
                self.set_member(this, name, value, range);
            }
        }
    }

    /// What runs before a constructor's own code: that of the types above, and the fields.
    fn begin_object(&mut self, range: &Range) {
        let (owner, this) = (self.frame().owner, self.frame().this.clone());
        let Some(of_type) = owner.filter(|_| self.language() != Language::Python) else { return };
        for above in self.supers(of_type) {
            self.constructed(above, &this, Passed::default(), range);
        }
        if let Some(function) = self.program.declaration(of_type).initializer {
            self.run_initializer(FunctionRef { unit: of_type.unit, function }, of_type, this, range);
        }
    }

    /// `super(…)` and `this(…)` in a constructor.
    pub(crate) fn delegate(&mut self, to_super: bool, passed: Passed<'a>, range: &Range) {
        let Some(owner) = self.frame().owner else { return };
        let this = self.frame().this.clone();
        if !to_super {
            return self.constructed(owner, &this, passed, range);
        }
        let supers = self.supers(owner);
        if supers.is_empty() {
            let mut taint = crate::flow::value::Taint::default();
            let mut held = Value::default();
            for value in passed.all() {
                taint.join(&self.deep_taint(value));
                held.join(value);
            }
            if let Some(object) = this.only_object().and_then(|id| self.state.get_mut(id)) {
                object.taint.join(&taint);
                object.names.insert("<held>".into(), held);
            }
        }
        for above in supers {
            self.constructed(above, &this, passed.clone(), range);
        }
        if let Some(function) = self.program.declaration(owner).initializer {
            self.run_initializer(FunctionRef { unit: owner.unit, function }, owner, this, range);
        }
    }

    /// Calls a method as the types above have it.
    pub(crate) fn call_super(
        &mut self,
        this: &Value,
        name: &str,
        passed: Passed<'a>,
        range: &Range,
    ) -> Value {
        let Some(owner) = self.frame().owner else { return self.unknown_call(this, name, passed, range) };
        for above in self.method_order(owner, this) {
            let found = self.program.own_methods(above, name);
            if let Some(&function) = self.chosen(found, &passed).first() {
                return self.invoke(function, None, this.clone(), passed, range);
            }
        }
        if name == "__init__" {
            self.delegate(true, passed, range);
            return Value::null();
        }
        let models = self.models();
        let above = self.program.library_supers(owner, 0);
        let effect =
            above.iter().find_map(|above| models?.method(above.simple(), name, passed.positional.len()));
        match effect {
            Some(effect) => self.apply(effect, this, &passed.positional, range),
            None => self.unknown_call(this, name, passed, range),
        }
    }

    /// The types after one in the order in which methods are looked for, as the object's type has it.
    fn method_order(&self, after: TypeRef, this: &Value) -> Vec<TypeRef> {
        let own = this.objects().find_map(|id| match self.state.get(id)?.class {
            Class::Instance(of_type) => Some(of_type),
            _ => None,
        });
        let mut order = Vec::new();
        self.linearize(own.unwrap_or(after), &mut order, 0);
        match order.iter().position(|known| *known == after) {
            Some(at) => order.split_off(at + 1),
            None => self.supers(after),
        }
    }

    fn linearize(&self, of_type: TypeRef, order: &mut Vec<TypeRef>, depth: usize) {
        order.retain(|known| *known != of_type);
        order.push(of_type);
        if depth < 12 {
            for above in self.supers(of_type) {
                self.linearize(above, order, depth + 1);
            }
        }
    }

    pub(crate) fn super_member(&mut self, this: &Value, name: &str, range: &Range) -> Value {
        let Some(owner) = self.frame().owner else { return self.read_member(this, name, range) };
        for above in self.method_order(owner, this) {
            if let Some(&function) = self.program.own_methods(above, name).first() {
                let declared = self.program.function(function);
                if declared.flags.is_getter {
                    return self.invoke_simple(function, this.clone(), Vec::new(), range);
                }
                return self.bound(Value::reference(Reference::Function(function)), this.clone(), range);
            }
        }
        self.read_member(this, name, range)
    }

    /// The types above a type: by name, or as they were when the type was declared.
    pub(crate) fn supers(&self, of_type: TypeRef) -> Vec<TypeRef> {
        let named = self.program.supers(of_type);
        let range = of_type.of_type.0..of_type.of_type.0;
        let statics =
            self.known_object(0, of_type.unit, &range, Purpose::Statics).and_then(|id| self.state.get(id));
        let Some(statics) = statics else { return named };
        let computed = (0..).map_while(|index| statics.names.get(format!("<super {index}>").as_str()));
        let computed: Vec<TypeRef> = computed
            .flat_map(|value| &value.references)
            .filter_map(|reference| match reference {
                Reference::Type(above) if *above != of_type => Some(*above),
                _ => None,
            })
            .collect();
        if computed.is_empty() { named } else { computed }
    }

    /// The methods that a type has under a name.
    pub(crate) fn methods_of(&self, of_type: TypeRef, name: &str) -> Vec<FunctionRef> {
        let found = self.declared_methods(of_type, name);
        if !found.is_empty() {
            return found.to_vec();
        }
        let mut order = Vec::new();
        self.linearize(of_type, &mut order, 0);
        order
            .into_iter()
            .map(|above| self.program.own_methods(above, name))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    /// Of functions of one name, those that fit the arguments best.
    pub(crate) fn chosen(&self, found: Vec<FunctionRef>, passed: &Passed<'_>) -> Vec<FunctionRef> {
        if found.len() < 2 {
            return found;
        }
        let count = passed.positional.len() + passed.named.len();
        let scored = found.iter().map(|at| {
            let function = self.program.function(*at);
            let parameters = &function.parameters;
            let has_rest = parameters
                .iter()
                .any(|parameter| matches!(parameter.kind, ParameterKind::Rest | ParameterKind::KeywordRest));
            let required = parameters
                .iter()
                .filter(|parameter| parameter.default.is_none() && parameter.kind == ParameterKind::Plain)
                .count();
            let fits =
                if has_rest { count >= required } else { count >= required && count <= parameters.len() };
            let mut score = if fits || passed.more.is_some() || passed.from_outside { 0 } else { -100 };
            score -= i32::from(has_rest);
            for (parameter, value) in parameters.iter().zip(&passed.positional) {
                let Some(of_type) = &parameter.of_type else { continue };
                score += match self.has_type(value, of_type) {
                    Some(true) => 2,
                    Some(false) => -10,
                    None if value
                        .of_type
                        .as_ref()
                        .is_some_and(|known| known.simple() == of_type.simple()) =>
                    {
                        2
                    }
                    None => i32::from(
                        self.is_function_like(value) && of_type.simple().starts_with(char::is_uppercase),
                    ),
                };
                score -= i32::from(matches!(of_type.simple(), "Object" | "any"));
            }
            score += i32::from(function.body.is_some());
            (score, *at)
        });
        let scored: Vec<_> = scored.collect();
        let best = scored.iter().map(|(score, _)| *score).max().unwrap_or_default();
        scored.into_iter().filter(|(score, _)| *score == best).map(|(_, at)| at).take(1).collect()
    }

    fn is_function_like(&self, value: &Value) -> bool {
        value.objects().any(|id| {
            matches!(
                self.state.get(id).map(|object| &object.class),
                Some(Class::Closure(..) | Class::Bound(_))
            )
        })
    }

    /// An object of a type before anything is set: fields of types that are values hold their zeros.
    pub(crate) fn zeroed(&mut self, of_type: TypeRef, range: &Range) -> Object {
        let mut object = Object::new(Class::Instance(of_type));
        let declaration = self.program.declaration(of_type);
        if self.language_of(of_type) != Language::Go || !declaration.is_value {
            return object;
        }
        let parts = self.program.parts(of_type);
        let fields = parts.iter().flat_map(|part| &self.program.declaration(*part).fields);
        for (index, field) in fields.enumerate() {
            let value = match &field.of_type {
                Some(inner) => {
                    let place = range.start..range.end.saturating_add(40 + index as u32);
                    self.zero_at(inner, &place)
                }
                None => Value::null(),
            };
            object.names.insert(self.name(&field.name), value);
        }
        object
    }

    fn language_of(&self, of_type: TypeRef) -> Language {
        self.program.file(of_type.unit).language
    }

    /// The value of a variable of a type that was not set.
    pub(crate) fn zero(&mut self, of_type: &TypeName) -> Value {
        let range = self.frame().function.name_range.clone();
        let hash = of_type
            .name
            .bytes()
            .fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)) % 65_521);
        self.zero_at(of_type, &(range.start..range.end.saturating_add(hash)))
    }

    fn zero_at(&mut self, of_type: &TypeName, range: &Range) -> Value {
        match of_type.name.as_str() {
            "string" => return Value::text(""),
            "bool" => return Value::boolean(false),
            "int" | "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16" | "uint32"
            | "uint64" | "byte" | "rune" | "long" | "short" => return Value::integer(0),
            "float64" | "float32" | "double" | "float" => {
                return Value::constant(Constant::Float(0.0_f64.to_bits()));
            }
            _ => {}
        }
        if self.language() != Language::Go {
            return Value::null();
        }
        if of_type.name == "[]" {
            return self.made(range, Object::list([]));
        }
        let Some(found) = self.program.resolve_type(self.unit(), None, &of_type.name) else {
            return match of_type.name.as_str() {
                "*" | "map" | "func" | "chan" | "error" | "any" | "interface" | "interface{}" => {
                    Value::null()
                }
                _ => {
                    let mut object = Object::new(Class::Library(of_type.simple().into()));
                    object.open = false;
                    self.made(range, object)
                }
            };
        };
        if !self.program.declaration(found).is_value || self.frames.len() > 40 {
            return Value::null();
        }
        let object = self.zeroed(found, range);
        self.made(range, object)
    }

    /// A value of a declared type: where it may be anything, an object of that type is made for it.
    pub(crate) fn typed(&mut self, value: Value, of_type: &TypeName, range: &Range) -> Value {
        if !value.open || !value.references.is_empty() || !value.constants.is_empty() {
            return value;
        }
        let inner = if of_type.name == "*" { of_type.arguments.first().unwrap_or(of_type) } else { of_type };
        let class = match inner.simple() {
            "[]" | "List" | "ArrayList" | "Array" | "list" => Class::List,
            "Map" | "HashMap" | "map" | "dict" | "Record" => Class::Map,
            "Set" | "HashSet" | "set" => Class::Set,
            _ => match self.resolve(&inner.name) {
                Some(found)
                    if !self.program.declaration(found).is_abstract
                        && self.implementers(found).len() <= 1 =>
                {
                    Class::Instance(found)
                }
                _ => {
                    return Value {
                        of_type: value.of_type.or_else(|| Some(Rc::new(of_type.clone()))),
                        ..value
                    };
                }
            },
        };
        let mut object = Object::new(class);
        object.open = true;
        object.taint = value.taint.clone();
        if matches!(object.class, Class::List | Class::Set) {
            object.rest = Value {
                of_type: inner.arguments.last().map(|inner| Rc::new(inner.clone())),
                ..Value::anything()
            };
        }
        let place = range.start..range.end.saturating_add(5);
        let made = self.made(&place, object);
        Value { taint: value.taint, of_type: Some(Rc::new(of_type.clone())), ..made }
    }

    /// A function as its decorators make it.
    pub(crate) fn decorated(&mut self, at: FunctionRef, closure: Value, range: &Range) -> Value {
        if self.language() != Language::Python {
            return closure;
        }
        let annotations = &self.program.function(at).annotations;
        let mut value = closure;
        for annotation in
            annotations.iter().rev().filter(|known| !PLAIN_DECORATORS.contains(&known.name.as_str()))
        {
            if annotation.name.ends_with(".setter") {
                continue;
            }
            let decorator = self.eval(&annotation.expression);
            if self.may_be_called(&decorator)
                && !decorator.references.iter().any(|reference| matches!(reference, Reference::Library(_)))
            {
                let wrapped = self.call_with(&decorator, vec![value.clone()], range);
                if self.may_be_called(&wrapped) {
                    value = wrapped;
                }
            }
        }
        value
    }

    pub(crate) fn decorated_type(&mut self, of_type: TypeRef, mut value: Value) -> Value {
        if self.language() != Language::Python {
            return value;
        }
        for annotation in self.program.declaration(of_type).annotations.iter().rev() {
            if PLAIN_DECORATORS.contains(&annotation.name.as_str()) {
                continue;
            }
            let decorator = self.eval(&annotation.expression);
            if self.may_be_called(&decorator)
                && !decorator.references.iter().any(|reference| matches!(reference, Reference::Library(_)))
            {
                let wrapped =
                    self.call_with(&decorator, vec![value.clone()], &annotation.expression.range.clone());
                if self.may_be_called(&wrapped) {
                    value = wrapped;
                }
            }
        }
        value
    }

    /// Runs the deferred calls of the running function, the last one first, after it returned or threw.
    fn run_deferred(&mut self) {
        let deferred = std::mem::take(&mut self.frame_mut().deferred);
        if deferred.is_empty() {
            return;
        }
        self.live = false;
        let returns = self.frame_mut().returns.take();
        let throws = std::mem::take(&mut self.frame_mut().throws);
        let mut ways: Vec<(Value, Value, State)> = Vec::new();
        ways.extend(returns.map(|(value, state)| (value, Value::null(), state)));
        ways.extend(throws.into_iter().map(|(thrown, state)| (Value::null(), thrown, state)));
        for (value, thrown, state) in ways {
            self.enter(Some(state));
            self.run_way(&deferred, value, thrown);
        }
    }

    fn run_way(&mut self, deferred: &[(Task, ObjectId)], mut value: Value, thrown: Value) {
        let results = self.frame().function.results.clone();
        let (body, panics) = (self.frame().body, thrown != Value::null());
        if !results.is_empty() && !panics {
            self.set_results(&results, &value);
        }
        self.frame_mut().thrown = thrown.clone();
        for (task, _) in deferred.iter().rev() {
            if !self.live {
                return;
            }
            let key = self.name("<panic>");
            self.set_variable(body, &key, self.frame().thrown.clone());
            self.panics.push(self.frame().thrown.clone());
            self.call_with(&task.callee, task.arguments.clone(), &task.site);
            if let Some(left) = self.panics.pop() {
                self.frame_mut().thrown = left;
            }
        }
        if panics && self.frame().thrown != Value::null() {
            let thrown = self.frame().thrown.clone();
            return self.throw(thrown);
        }
        if !results.is_empty() {
            value = self.results();
        }
        self.returned(value);
    }

    fn set_results(&mut self, results: &[String], value: &Value) {
        let scope = self.frame().body;
        if let [only] = results {
            return self.set_variable(scope, only, value.clone());
        }
        for (index, name) in results.iter().enumerate() {
            let part = self.read_element(value, &Value::integer(index as i64), &(0..0));
            self.set_variable(scope, name, part);
        }
    }

    /// Runs what was put off until after the running code. Who waits for a promise comes after who keeps it.
    pub(crate) fn run_tasks(&mut self) {
        let mut waited = 0;
        for _ in 0..128 {
            if self.tasks.is_empty() || !self.live {
                break;
            }
            let task = self.tasks.remove(0);
            if task.arguments.iter().any(|argument| self.is_pending(argument)) && waited < self.tasks.len() {
                waited += 1;
                self.tasks.push(task);
                continue;
            }
            waited = 0;
            self.run_task(task);
        }
    }

    fn run_task(&mut self, task: Task) {
        let before = self.state.clone();
        let others = std::mem::take(&mut self.tasks);
        let arguments = task.arguments.into_iter().map(|argument| self.awaited(argument)).collect();
        let value =
            if self.live { self.call_with(&task.callee, arguments, &task.site) } else { Value::default() };
        let fresh = std::mem::replace(&mut self.tasks, others);
        self.tasks.extend(fresh);
        if !self.live && self.work > 0 {
            return self.enter(Some(before));
        }
        let Some(told) = task.told.and_then(|told| self.state.get_mut(told)) else { return };
        told.names.insert("<held>".into(), value);
    }
}

fn name_range(pattern: &Pattern) -> Option<&Range> {
    match pattern {
        Pattern::Name(_, range) => Some(range),
        Pattern::Default(inner, _) => name_range(inner),
        _ => None,
    }
}

/// Whether a constructor begins with a call of another.
fn delegates(function: &Function) -> bool {
    let Some(body) = &function.body else { return false };
    body.statements.iter().any(|statement| {
        let StatementKind::Expression(expression) = &statement.kind else { return false };
        matches!(&expression.kind, ExpressionKind::Call { callee, .. }
            if matches!(callee.kind, ExpressionKind::Super | ExpressionKind::This))
    })
}
