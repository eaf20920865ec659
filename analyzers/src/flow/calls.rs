//! Calls: who is called, with what, and what the queries say of it.

use std::rc::Rc;

use grammars::Language;
use grammars::flow::{Argument, Expression, ExpressionKind, Range, Spread, TypeId, TypeName, Yields};

use crate::flow::effect::{Effect, Models};
use crate::flow::engine::Engine;
use crate::flow::model_language;
use crate::flow::names::{Found, omits_this};
use crate::flow::query::Role;
use crate::flow::state::{Class, Object};
use crate::flow::value::{Constant, FunctionRef, ObjectId, Reference, Taint, TypeRef, Value};

/// Arguments of a call.
#[derive(Clone, Default)]
pub(crate) struct Passed<'a> {
    pub(crate) positional: Vec<Value>,
    pub(crate) named: Vec<(Rc<str>, Value)>,
    /// What further arguments may be, where their number is not known.
    pub(crate) more: Option<Value>,
    /// What stands at the positions, for parameters that are references.
    pub(crate) places: Vec<Option<&'a Expression>>,
    /// Whether nobody calls: parameters are what the world gives.
    pub(crate) from_outside: bool,
}

impl Passed<'_> {
    pub(crate) fn of(positional: Vec<Value>) -> Self {
        Self { positional, ..Self::default() }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Value> {
        self.positional.iter().chain(self.named.iter().map(|(_, value)| value)).chain(&self.more)
    }
}

/// Who may be called.
pub(crate) enum Target<'a> {
    /// A function of the program.
    Code { function: FunctionRef, scope: Option<ObjectId>, this: Value, before: Vec<Value> },
    /// A type of the program: an object is made.
    Type(TypeRef),
    /// A library function whose effect is known.
    Effect(&'a Effect, Value, Vec<Value>),
    /// The same, of a type that is made.
    Made(&'a Effect, String),
    /// Anything else.
    Unknown { this: Value, name: String },
    /// What is known without a call.
    Known(Value),
}

impl<'a> Engine<'a> {
    pub(crate) fn models(&self) -> Option<&'a Models> {
        self.queries.models.get(&model_language(self.language())).map(|models| &**models)
    }

    pub(crate) fn call(&mut self, callee: &'a Expression, arguments: &'a [Argument], range: &Range) -> Value {
        match &callee.kind {
            ExpressionKind::Super | ExpressionKind::This if self.frame().owner.is_some() => {
                let passed = self.pass(arguments);
                if self.live {
                    self.delegate(matches!(callee.kind, ExpressionKind::Super), passed, range);
                }
                Value::null()
            }
            ExpressionKind::Member { of, name, optional } => {
                self.call_member(of, name, *optional, arguments, range)
            }
            ExpressionKind::Name(name) if omits_this(self.language()) => match self.find(name) {
                Some(Found::Member(of)) => {
                    let passed = self.pass(arguments);
                    self.with_queries(name, Some(&of), passed, range, |engine, passed| {
                        engine.call_method(&of, name, passed, range)
                    })
                }
                _ => self.call_any(callee, arguments, range),
            },
            _ => self.call_any(callee, arguments, range),
        }
    }

    fn call_any(&mut self, callee: &'a Expression, arguments: &'a [Argument], range: &Range) -> Value {
        let value = self.eval(callee);
        let passed = self.pass(arguments);
        let path = value.references.iter().find_map(|reference| match reference {
            Reference::Library(path) => Some(path.to_string()),
            Reference::Function(function) => Some(self.program.function(*function).name.clone()),
            Reference::Object(id) => match self.state.get(*id)?.class {
                Class::Closure(function, _) => Some(self.program.function(function).name.clone()),
                _ => None,
            },
            _ => None,
        });
        let written = match &callee.kind {
            ExpressionKind::Name(name) => name.clone(),
            _ => String::new(),
        };
        let path = path.unwrap_or(written);
        let (of, name) = path.rsplit_once('.').map_or((None, path.as_str()), |(of, name)| (Some(of), name));
        let of = of.map(Value::library);
        self.with_queries(name, of.as_ref(), passed, range, |engine, passed| {
            engine.call_value(&value, &Value::default(), passed, range)
        })
    }

    fn call_member(
        &mut self,
        of: &'a Expression,
        name: &'a str,
        optional: bool,
        arguments: &'a [Argument],
        range: &Range,
    ) -> Value {
        if let ExpressionKind::Super = of.kind {
            let this = self.frame().this.clone();
            let passed = self.pass(arguments);
            return self.with_queries(name, Some(&this), passed, range, |engine, passed| {
                engine.call_super(&this, name, passed, range)
            });
        }
        let mut receiver = self.eval(of);
        if !self.live {
            return Value::default();
        }
        if optional && receiver.only_constant() == Some(&Constant::Null) {
            return Value::null();
        }
        if !optional {
            self.check_null(&receiver);
        }
        receiver = self.without_null(receiver);
        if changes_receiver(name) {
            receiver = self.materialised(of, receiver);
        }
        let passed = self.pass(arguments);
        self.with_queries(name, Some(&receiver), passed, range, |engine, passed| {
            engine.call_method(&receiver, name, passed, range)
        })
    }

    /// Evaluates arguments.
    pub(crate) fn pass(&mut self, arguments: &'a [Argument]) -> Passed<'a> {
        let mut passed = Passed::default();
        for argument in arguments {
            let value = self.eval(&argument.value);
            let value = self.stepped(value, &argument.value.range);
            match (argument.spread, &argument.name) {
                (Spread::One, Some(name)) => {
                    let name = self.name(name);
                    passed.named.push((name, value));
                }
                (Spread::One, None) => {
                    passed.positional.push(value);
                    passed.places.push(Some(&argument.value));
                }
                (Spread::Elements, _) => match self.known_rounds(&value, Yields::Elements) {
                    Some(elements) if passed.more.is_none() => {
                        passed.places.resize(passed.positional.len() + elements.len(), None);
                        passed.positional.extend(elements);
                    }
                    _ => {
                        let some = self.some_element(&value);
                        passed.more.get_or_insert_default().join(&some);
                    }
                },
                (Spread::Entries, _) => {
                    let entries = value.only_object().and_then(|id| {
                        let object = self.state.get(id)?;
                        object.known_keys()?;
                        Some(object.names.clone())
                    });
                    match entries {
                        Some(entries) => passed.named.extend(entries),
                        None => drop(passed.more.get_or_insert_default().join(&self.any_item(&value))),
                    }
                }
            }
        }
        passed
    }

    /// Calls, and says what the queries say of the call: sinks before it, sources and what makes safe after it.
    fn with_queries(
        &mut self,
        name: &str,
        receiver: Option<&Value>,
        passed: Passed<'a>,
        range: &Range,
        call: impl FnOnce(&mut Self, Passed<'a>) -> Value,
    ) -> Value {
        if !self.live {
            return Value::default();
        }
        let queries = self.queries;
        let asked = queries.calls(self.language(), name);
        let fitting: Vec<_> = if asked.is_empty() {
            Vec::new()
        } else {
            let known = receiver.map(|receiver| self.known_types(receiver)).unwrap_or_default();
            let known: Vec<&str> = known.iter().map(|known| &**known).collect();
            asked.iter().filter(|query| query.fits(name, &known)).collect()
        };
        let marked = self.marks(range).map_or(0, |marks| marks.sink_call);
        if marked != 0 {
            self.sink_arguments(&[], marked, &passed, range);
        }
        for query in &fitting {
            match &query.role {
                Role::Sink(positions) => self.sink_arguments(positions, query.queries, &passed, range),
                Role::SinkReceiver => {
                    if let Some(receiver) = receiver {
                        self.sink(range, query.queries, receiver);
                    }
                }
                Role::Source | Role::Clean => {}
            }
        }
        let mut value = call(self, passed);
        if !self.live {
            return value;
        }
        for query in fitting {
            match query.role {
                Role::Source => {
                    let taint = self.source(range, query.queries);
                    value.taint.join(&taint);
                }
                Role::Clean => value = self.cleaned(value, query.queries),
                Role::Sink(_) | Role::SinkReceiver => {}
            }
        }
        value
    }

    fn sink_arguments(&mut self, positions: &[usize], queries: u64, passed: &Passed<'a>, range: &Range) {
        for (index, value) in passed.positional.iter().enumerate() {
            if positions.is_empty() || positions.contains(&index) {
                let place = passed
                    .places
                    .get(index)
                    .copied()
                    .flatten()
                    .map_or_else(|| range.clone(), |place| place.range.clone());
                self.sink(&place, queries, value);
            }
        }
        if positions.is_empty() {
            for (_, value) in &passed.named {
                self.sink(range, queries, value);
            }
        }
        if let Some(more) = &passed.more {
            self.sink(range, queries, more);
        }
    }

    /// Names and paths of the types that a value may have.
    pub(crate) fn known_types(&self, value: &Value) -> Vec<Rc<str>> {
        let mut known: Vec<Rc<str>> = Vec::new();
        for reference in &value.references {
            match reference {
                Reference::Library(path) => known.push(path.clone()),
                Reference::Type(of_type) => self.names_of(*of_type, &mut known),
                Reference::Object(id) => match self.state.get(*id) {
                    Some(Object { made_as: Some(name), .. }) => known.push(name.clone()),
                    Some(Object { class: Class::Library(name), .. }) if !name.is_empty() => {
                        known.push(name.clone());
                    }
                    Some(Object { class: Class::Instance(of_type) | Class::Statics(of_type), .. }) => {
                        self.names_of(*of_type, &mut known);
                    }
                    _ => {}
                },
                Reference::Place(object, name) => {
                    known.extend(self.known_types(&self.place_value(*object, name)));
                }
                Reference::Module(module) => {
                    let units = &self.program.modules[*module as usize].units;
                    known.extend(units.first().map(|unit| {
                        let path = self.program.file(*unit).path.as_str();
                        Rc::from(path.rsplit_once('.').map_or(path, |(path, _)| path))
                    }));
                }
                Reference::Function(_) => {}
            }
        }
        if let Some(of_type) = &value.of_type {
            let inner = if of_type.name == "*" { of_type.arguments.first() } else { Some(&**of_type) };
            known.extend(inner.map(|of_type| Rc::from(of_type.simple())));
        }
        if value.constants.iter().any(|constant| matches!(constant, Constant::Text(_))) {
            known.push("String".into());
        }
        known
    }

    fn names_of(&self, of_type: TypeRef, known: &mut Vec<Rc<str>>) {
        known.push(self.program.declaration(of_type).name.as_str().into());
        known.extend(self.program.library_supers(of_type, 0).iter().map(|name| Rc::from(name.simple())));
        let mut above = self.program.supers(of_type);
        let mut steps = 0;
        while let Some(next) = above.pop().filter(|_| steps < 16) {
            steps += 1;
            known.push(self.program.declaration(next).name.as_str().into());
            above.extend(self.program.supers(next));
        }
    }

    /// Calls a method of a value.
    pub(crate) fn call_method(
        &mut self,
        receiver: &Value,
        name: &str,
        passed: Passed<'a>,
        range: &Range,
    ) -> Value {
        let targets = self.method_targets(receiver, name, &passed, range);
        self.run_targets(targets, passed, range)
    }

    /// Calls a value.
    pub(crate) fn call_value(
        &mut self,
        callee: &Value,
        this: &Value,
        passed: Passed<'a>,
        range: &Range,
    ) -> Value {
        let targets = self.value_targets(callee, this, &passed, 0);
        self.run_targets(targets, passed, range)
    }

    /// Calls a value with these arguments.
    pub(crate) fn call_with(&mut self, callee: &Value, arguments: Vec<Value>, range: &Range) -> Value {
        self.call_value(callee, &Value::default(), Passed::of(arguments), range)
    }

    /// Calls each of several that may be called, from the same state.
    fn run_targets(&mut self, mut targets: Vec<Target<'a>>, passed: Passed<'a>, range: &Range) -> Value {
        if targets.len() == 1 {
            let target = targets.remove(0);
            return self.run_target(target, passed, range);
        }
        let before = self.state.clone();
        let mut value = Value::default();
        let mut after = None;
        for target in targets {
            self.spend_on_copy();
            self.enter(Some(before.clone()));
            let result = self.run_target(target, passed.clone(), range);
            if self.live {
                value.join(&result);
            }
            after = crate::flow::engine::joined(after, self.leave());
        }
        self.enter(after);
        value
    }

    fn run_target(&mut self, target: Target<'a>, mut passed: Passed<'a>, range: &Range) -> Value {
        match target {
            Target::Code { function, scope, this, before } => {
                if !before.is_empty() {
                    passed.places = before.iter().map(|_| None).chain(passed.places).collect();
                    passed.positional = before.into_iter().chain(passed.positional).collect();
                }
                let value = self.invoke(function, scope, this, passed, range);
                self.stepped(value, range)
            }
            Target::Type(of_type) => self.construct(of_type, passed, range),
            Target::Effect(effect, this, before) => {
                self.may_throw();
                let value = self.apply_to(effect, &this, before, passed, range);
                self.stepped(value, range)
            }
            Target::Made(effect, name) => {
                self.may_throw();
                let value = self.apply_to(effect, &Value::default(), Vec::new(), passed, range);
                if let Some(object) = value.only_object().and_then(|id| self.state.get_mut(id))
                    && object.made_as.is_none()
                {
                    object.made_as = Some(name.into());
                }
                self.stepped(value, range)
            }
            Target::Unknown { this, name } => self.unknown_call(&this, &name, passed, range),
            Target::Known(value) => value,
        }
    }

    fn apply_to(
        &mut self,
        effect: &Effect,
        this: &Value,
        before: Vec<Value>,
        mut passed: Passed<'a>,
        range: &Range,
    ) -> Value {
        let named = if effect.uses_names() { std::mem::take(&mut passed.named) } else { Vec::new() };
        let around = std::mem::replace(&mut self.named, named);
        let arguments: Vec<Value> = before.into_iter().chain(self.flattened(passed)).collect();
        let value = self.apply(effect, this, &arguments, range);
        self.named = around;
        value
    }

    /// All arguments by position.
    fn flattened(&mut self, passed: Passed<'a>) -> Vec<Value> {
        let mut all = passed.positional;
        all.extend(passed.named.into_iter().map(|(_, value)| value));
        all.extend(passed.more);
        all
    }

    /// Who is called by the name of a method.
    fn method_targets(
        &mut self,
        receiver: &Value,
        name: &str,
        passed: &Passed<'a>,
        range: &Range,
    ) -> Vec<Target<'a>> {
        let receiver = self.followed(receiver);
        let mut targets = Vec::new();
        for reference in &receiver.references {
            let this = Value {
                references: vec![reference.clone()],
                taint: receiver.taint.clone(),
                of_type: receiver.of_type.clone(),
                ..Value::default()
            };
            match reference {
                Reference::Object(id) => self.object_targets(*id, this, name, passed, range, &mut targets),
                Reference::Type(of_type) => self.type_targets(*of_type, name, passed, range, &mut targets),
                Reference::Module(_) => {
                    let value = self.read_member(&this, name, range);
                    targets.extend(self.value_targets(&value, &Value::default(), passed, 0));
                }
                Reference::Library(path) => {
                    targets.push(self.library_target(&format!("{path}.{name}"), this.clone(), passed));
                }
                Reference::Function(_) => targets.extend(self.function_method(&this, name, passed)),
                Reference::Place(..) => {}
            }
        }
        let texts = receiver.constants.iter().any(|constant| *constant != Constant::Null);
        let rest = Value { references: Vec::new(), ..receiver.clone() };
        if texts {
            let kind = if receiver.constants.iter().any(|constant| matches!(constant, Constant::Text(_))) {
                "Text"
            } else {
                "Number"
            };
            let count = passed.positional.len();
            let effect = self.models().and_then(|models| {
                models.method(kind, name, count).or_else(|| models.method("Any", name, count))
            });
            targets.push(match effect {
                Some(effect) => Target::Effect(effect, rest.clone(), Vec::new()),
                None => Target::Unknown { this: rest.clone(), name: name.to_owned() },
            });
        } else if receiver.open || targets.is_empty() {
            self.open_targets(&rest, name, passed, &mut targets);
        }
        targets
    }

    #[allow(clippy::too_many_lines, reason = "one arm a kind")]
    fn object_targets(
        &mut self,
        id: ObjectId,
        this: Value,
        name: &str,
        passed: &Passed<'a>,
        range: &Range,
        targets: &mut Vec<Target<'a>>,
    ) {
        let Some(object) = self.state.get(id) else { return };
        let class = object.class.clone();
        let field = object.names.get(name).cloned();
        if let Some(field) = field.filter(|field| self.may_be_called(field)) {
            targets.extend(self.value_targets(&field, &this, passed, 0));
            return;
        }
        match class {
            Class::Instance(of_type) => {
                let found = self.methods_of(of_type, name);
                let chosen = self.chosen(found, passed);
                if !chosen.is_empty() {
                    self.method_code(of_type, chosen, &this, name, passed, targets);
                    return;
                }
                let is_component =
                    self.program.declaration(of_type).components.iter().any(|component| component == name);
                if is_component && passed.positional.is_empty() {
                    let value = self.read_member(&this, name, range);
                    targets.push(Target::Known(value));
                    return;
                }
                if let Some(inner) = self.embedded_with(id, of_type, name) {
                    targets.extend(self.method_targets(&inner, name, passed, range));
                    return;
                }
                if let Some(value) = self.class_value(of_type, name) {
                    let before =
                        if self.language() == Language::Python { vec![this.clone()] } else { Vec::new() };
                    targets.extend(
                        self.value_targets(&value, &this, passed, 0)
                            .into_iter()
                            .map(|target| with_before(target, &before)),
                    );
                    return;
                }
                targets.push(self.inherited_target(of_type, this, name, passed));
            }
            Class::Closure(..) | Class::Bound(_) => targets.extend(self.function_method(&this, name, passed)),
            _ => targets.push(self.modelled(id, this, name, passed)),
        }
    }

    /// A method that the program declares: of the type itself, or, where it has no code there, of those that extend it.
    fn method_code(
        &mut self,
        of_type: TypeRef,
        chosen: Vec<FunctionRef>,
        this: &Value,
        name: &str,
        passed: &Passed<'a>,
        targets: &mut Vec<Target<'a>>,
    ) {
        for function in chosen {
            if self.program.function(function).body.is_some() {
                let this = if self.program.function(function).flags.is_static
                    && self.language() != Language::Python
                {
                    Value::reference(Reference::Type(of_type))
                } else {
                    this.clone()
                };
                targets.push(Target::Code { function, scope: None, this, before: Vec::new() });
                continue;
            }
            let open = Value { references: Vec::new(), open: true, ..this.clone() };
            self.implementing(of_type, &open, name, passed, targets);
        }
    }

    /// The methods of every type that may stand behind a declared type.
    fn implementing(
        &mut self,
        of_type: TypeRef,
        this: &Value,
        name: &str,
        passed: &Passed<'a>,
        targets: &mut Vec<Target<'a>>,
    ) {
        let types = self.implementers(of_type);
        let mut seen = Vec::new();
        for concrete in types.iter().take(8) {
            let found = self.methods_of(*concrete, name);
            for function in self.chosen(found, passed) {
                if self.program.function(function).body.is_some() && !seen.contains(&function) {
                    seen.push(function);
                    let of_type = TypeName::plain(self.program.declaration(*concrete).name.clone());
                    let this = Value { of_type: Some(of_type.into()), ..this.clone() };
                    targets.push(Target::Code { function, scope: None, this, before: Vec::new() });
                }
            }
        }
        if seen.is_empty() {
            targets.push(Target::Unknown { this: this.clone(), name: name.to_owned() });
        }
    }

    pub(crate) fn embedded_with(&self, id: ObjectId, of_type: TypeRef, name: &str) -> Option<Value> {
        let parts = self.program.parts(of_type);
        let fields = parts.iter().flat_map(|part| &self.program.declaration(*part).fields);
        fields.filter(|field| field.is_embedded).find_map(|field| {
            let inner = self.state.get(id)?.names.get(field.name.as_str())?;
            let followed = self.followed(inner);
            let has =
                followed.objects().any(|inner| match self.state.get(inner).map(|object| &object.class) {
                    Some(Class::Instance(inner_type)) => {
                        !self.declared_methods(*inner_type, name).is_empty()
                            || self.embedded_with(inner, *inner_type, name).is_some()
                            || self.state.get(inner).is_some_and(|object| object.names.contains_key(name))
                    }
                    _ => false,
                });
            let by_type = || {
                let of_type = followed.of_type.as_ref()?;
                let at = self.program.resolve_type(self.unit(), None, of_type.simple())?;
                (!self.declared_methods(at, name).is_empty()).then_some(())
            };
            (has || by_type().is_some()).then(|| inner.clone())
        })
    }

    /// A value of the type or one above it that can be called (functions kept in class fields).
    fn class_value(&mut self, of_type: TypeRef, name: &str) -> Option<Value> {
        let statics = self.statics(of_type);
        let own = self.state.get(statics)?.names.get(name).cloned();
        own.filter(|value| self.may_be_called(value))
    }

    fn inherited_target(
        &mut self,
        of_type: TypeRef,
        this: Value,
        name: &str,
        passed: &Passed<'a>,
    ) -> Target<'a> {
        let models = self.models();
        let above = self.program.library_supers(of_type, 0);
        let effect =
            above.iter().find_map(|above| models?.method(above.simple(), name, passed.positional.len()));
        match effect.or_else(|| models?.method("Any", name, passed.positional.len())) {
            Some(effect) => Target::Effect(effect, this, Vec::new()),
            None => Target::Unknown { this, name: name.to_owned() },
        }
    }

    /// A method of an object of a library.
    fn modelled(&self, id: ObjectId, this: Value, name: &str, passed: &Passed<'a>) -> Target<'a> {
        let effect = self.models().zip(self.state.get(id)).and_then(|(models, object)| {
            let class = match &object.class {
                Class::List => "List",
                Class::Map => "Map",
                Class::Set => "Set",
                Class::Library(name) => name,
                _ => return None,
            };
            let count = passed.positional.len();
            let made_as = object.made_as.as_deref().and_then(|made_as| models.method(made_as, name, count));
            made_as
                .or_else(|| models.method(class, name, count))
                .or_else(|| models.method("Any", name, count))
        });
        match effect {
            Some(effect) => Target::Effect(effect, this, Vec::new()),
            None => Target::Unknown { this, name: name.to_owned() },
        }
    }

    /// A method of something of which at most the declared type is known.
    fn open_targets(&mut self, this: &Value, name: &str, passed: &Passed<'a>, targets: &mut Vec<Target<'a>>) {
        let count = passed.positional.len();
        if let Some(of_type) = this.of_type.clone() {
            let inner = if of_type.name == "*" {
                of_type.arguments.first().cloned().unwrap_or_default()
            } else {
                (*of_type).clone()
            };
            if let Some(at) = self.resolve(&inner.name) {
                return self.implementing(at, this, name, passed, targets);
            }
            let effect = self.models().and_then(|models| models.method(inner.simple(), name, count));
            if let Some(effect) = effect {
                targets.push(Target::Effect(effect, this.clone(), Vec::new()));
                return;
            }
        }
        if let Some(effect) = self.models().and_then(|models| models.method("Any", name, count)) {
            targets.push(Target::Effect(effect, this.clone(), Vec::new()));
            return;
        }
        let is_dynamic = matches!(self.language(), Language::Python) || self.is_script_unit();
        if is_dynamic
            && this.of_type.is_none()
            && let [only] = self.program.functions_named(name)
        {
            let function = self.program.function(*only);
            let fits = function.owner.is_some() && function.body.is_some() && !function.flags.is_constructor;
            if fits && name.len() > 3 && !self.is_too_deep(*only) {
                targets.push(Target::Code {
                    function: *only,
                    scope: None,
                    this: this.clone(),
                    before: Vec::new(),
                });
                return;
            }
        }
        targets.push(Target::Unknown { this: this.clone(), name: name.to_owned() });
    }

    fn type_targets(
        &mut self,
        of_type: TypeRef,
        name: &str,
        passed: &Passed<'a>,
        range: &Range,
        targets: &mut Vec<Target<'a>>,
    ) {
        let this = Value::reference(Reference::Type(of_type));
        let found = self.methods_of(of_type, name);
        let chosen = self.chosen(found, passed);
        if let Some(&function) = chosen.first() {
            let declared = self.program.function(function);
            let is_class = declared.annotations.iter().any(|known| known.name == "classmethod");
            let is_free = self.language() == Language::Python && !is_class;
            let this = if is_free { Value::default() } else { this };
            targets.push(Target::Code { function, scope: None, this, before: Vec::new() });
            return;
        }
        let member = self.type_member(of_type, name, range);
        if self.may_be_called(&member) {
            targets.extend(self.value_targets(&member, &this, passed, 0));
            return;
        }
        if let Some(known) = self.enumerated(of_type, name, passed, range) {
            targets.push(Target::Known(known));
            return;
        }
        targets.push(self.inherited_target(of_type, this, name, passed));
    }

    /// What enumerations have by themselves.
    fn enumerated(
        &mut self,
        of_type: TypeRef,
        name: &str,
        passed: &Passed<'a>,
        range: &Range,
    ) -> Option<Value> {
        let statics = self.statics(of_type);
        match name {
            "values" if passed.positional.is_empty() => {
                let fields = self.program.declaration(of_type).fields.iter().filter(|field| field.is_static);
                let object = self.state.get(statics)?;
                let values: Vec<_> =
                    fields.filter_map(|field| object.names.get(field.name.as_str()).cloned()).collect();
                Some(self.made(range, Object::list(values)))
            }
            "valueOf" => {
                let wanted = passed.positional.first()?;
                match wanted.as_text() {
                    Some(text) => Some(self.type_member(of_type, &text, range)),
                    None => Some(Value {
                        of_type: Some(TypeName::plain(self.program.declaration(of_type).name.clone()).into()),
                        ..Value::anything()
                    }),
                }
            }
            _ => None,
        }
    }

    /// A function of a library, by its path.
    pub(crate) fn library_target(&self, path: &str, this: Value, passed: &Passed<'a>) -> Target<'a> {
        let models = self.models();
        let count = passed.positional.len();
        if let Some(effect) = models.and_then(|models| models.function(path, count)) {
            return Target::Effect(effect, this, Vec::new());
        }
        let name = path.rsplit('.').next().unwrap_or(path);
        if let Some(effect) = models.and_then(|models| models.constructor(name)) {
            return Target::Made(effect, name.to_owned());
        }
        Target::Unknown { this: Value::default(), name: name.to_owned() }
    }

    /// Who is called where a value is.
    pub(crate) fn value_targets(
        &mut self,
        callee: &Value,
        this: &Value,
        passed: &Passed<'a>,
        depth: usize,
    ) -> Vec<Target<'a>> {
        let callee = self.followed(callee);
        let mut targets = Vec::new();
        for reference in &callee.references {
            match reference {
                Reference::Function(function) => {
                    let owned = self.program.function(*function).owner.is_some();
                    let this = if owned { this.clone() } else { Value::default() };
                    targets.push(Target::Code { function: *function, scope: None, this, before: Vec::new() });
                }
                Reference::Type(of_type) => targets.push(Target::Type(*of_type)),
                Reference::Library(path) => targets.push(self.library_target(path, this.clone(), passed)),
                Reference::Object(id) => self.object_called(*id, this, passed, depth, &mut targets),
                Reference::Module(module) => {
                    let scope = self.load(*module);
                    if let Some(exports) = self.exports(scope).filter(|_| depth < 4) {
                        targets.extend(self.value_targets(&exports, this, passed, depth + 1));
                    }
                }
                Reference::Place(..) => {}
            }
        }
        if callee.open || targets.is_empty() {
            let this = Value { references: Vec::new(), ..callee };
            targets.push(Target::Unknown { this, name: String::new() });
        }
        targets
    }

    fn object_called(
        &mut self,
        id: ObjectId,
        this: &Value,
        passed: &Passed<'a>,
        depth: usize,
        targets: &mut Vec<Target<'a>>,
    ) {
        let Some(object) = self.state.get(id) else { return };
        match &object.class {
            Class::Closure(function, scope) => {
                let own = object.names.get("this").cloned();
                let keeps = self.program.function(*function).flags.keeps_this;
                let this = own.filter(|_| keeps).unwrap_or_else(|| this.clone());
                targets.push(Target::Code { function: *function, scope: *scope, this, before: Vec::new() });
            }
            Class::Bound(inner) if depth < 8 => {
                let inner = (**inner).clone();
                let method = object.names.get("<method>").and_then(Value::as_text);
                let this = object.names.get("this").cloned().unwrap_or_default();
                let before: Vec<Value> = object.items.values().cloned().collect();
                if let Some(method) = method {
                    targets.extend(self.referenced(&inner, &method, passed));
                } else {
                    let inner = self.value_targets(&inner, &this, passed, depth + 1);
                    targets.extend(inner.into_iter().map(|target| with_before(target, &before)));
                }
            }
            Class::Instance(of_type) => {
                let of_type = *of_type;
                let this = Value::object(id);
                for name in ["__call__", "invoke", "Invoke"] {
                    let found = self.methods_of(of_type, name);
                    if let Some(&function) = found.first() {
                        targets.push(Target::Code { function, scope: None, this, before: Vec::new() });
                        return;
                    }
                }
                // An object of a type with one method stands for that method where a function is asked for.
                let methods = self.program.declaration(of_type).methods.clone();
                let functions = methods.iter().map(|id| FunctionRef { unit: of_type.unit, function: *id });
                let mut plain = functions.filter(|at| !self.program.function(*at).flags.is_constructor);
                if let (Some(function), None) = (plain.next(), plain.next()) {
                    targets.push(Target::Code { function, scope: None, this, before: Vec::new() });
                }
            }
            Class::Map if depth < 4 => {
                if let Some(inner) = object.names.get("default").cloned() {
                    targets.extend(self.value_targets(&inner, this, passed, depth + 1));
                }
            }
            _ => {}
        }
    }

    /// `T::name` called: a method of `T` by itself, of an object of it with the rest, or a constructor.
    fn referenced(&mut self, base: &Value, name: &str, passed: &Passed<'a>) -> Vec<Target<'a>> {
        let range = 0..0;
        if let Some(Reference::Type(of_type)) = base.references.first().filter(|_| base.references.len() == 1)
        {
            if name == "new" {
                return vec![Target::Type(*of_type)];
            }
            let found = self.methods_of(*of_type, name);
            let statics: Vec<_> =
                found.iter().copied().filter(|at| self.program.function(*at).flags.is_static).collect();
            if let [function, ..] = self.chosen(statics, passed).as_slice() {
                return vec![Target::Code {
                    function: *function,
                    scope: None,
                    this: base.clone(),
                    before: Vec::new(),
                }];
            }
        }
        let is_type = matches!(base.references.first(), Some(Reference::Type(_) | Reference::Library(_)));
        if is_type && let Some((first, rest)) = passed.positional.split_first() {
            if let Some(Reference::Library(path)) = base.references.first() {
                let target = self.library_target(&format!("{path}.{name}"), Value::default(), passed);
                if matches!(target, Target::Effect(..)) || name == "new" {
                    return vec![target];
                }
            }
            let rest = Passed::of(rest.to_vec());
            let first = first.clone();
            let value = self.call_method(&first, name, rest, &range);
            return vec![Target::Known(value)];
        }
        let value = self.call_method(base, name, passed.clone(), &range);
        vec![Target::Known(value)]
    }

    /// A method of a function: what functions have, or the one method of the interface that it stands for.
    fn function_method(&mut self, this: &Value, name: &str, passed: &Passed<'a>) -> Vec<Target<'a>> {
        let effect =
            self.models().and_then(|models| models.method("Function", name, passed.positional.len()));
        match effect {
            Some(effect) => vec![Target::Effect(effect, this.clone(), Vec::new())],
            None => self.value_targets(this, &Value::default(), passed, 0),
        }
    }

    pub(crate) fn may_be_called(&self, value: &Value) -> bool {
        self.followed(value).references.iter().any(|reference| match reference {
            Reference::Function(_) | Reference::Type(_) | Reference::Library(_) => true,
            Reference::Object(id) => match self.state.get(*id).map(|object| &object.class) {
                Some(Class::Closure(..) | Class::Bound(_)) => true,
                Some(Class::Instance(of_type)) => !self.declared_methods(*of_type, "__call__").is_empty(),
                _ => false,
            },
            _ => false,
        })
    }

    /// A call of something that is not known: what goes in may come out; functions that go in may be called.
    pub(crate) fn unknown_call(
        &mut self,
        this: &Value,
        name: &str,
        passed: Passed<'a>,
        range: &Range,
    ) -> Value {
        self.may_throw();
        let mut taint = self.deep_taint(this);
        let mut callbacks = Vec::new();
        let mut argument_taint = Taint::default();
        for (index, value) in passed.positional.iter().enumerate() {
            if self.is_callback(value) {
                callbacks.push(value.clone());
            } else {
                argument_taint.join(&self.deep_taint(value));
            }
            let is_out = passed
                .places
                .get(index)
                .copied()
                .flatten()
                .is_some_and(|place| matches!(place.kind, ExpressionKind::AddressOf(_)));
            if is_out {
                let others = passed.positional.iter().enumerate().filter(|(other, _)| *other != index);
                let mut given = Taint::default();
                others.for_each(|(_, other)| drop(given.join(&self.deep_taint(other))));
                given.join(&taint);
                let value = value.clone();
                self.filled(&value, &given);
            }
        }
        for (_, value) in &passed.named {
            if self.is_callback(value) {
                callbacks.push(value.clone());
            } else {
                argument_taint.join(&self.deep_taint(value));
            }
        }
        if let Some(more) = &passed.more {
            argument_taint.join(&self.deep_taint(more));
        }
        if changes_receiver(name) {
            for id in this.objects() {
                if let Some(object) = self.state.get_mut(id).filter(|object| {
                    matches!(
                        object.class,
                        Class::Library(_) | Class::Instance(_) | Class::List | Class::Map | Class::Set
                    )
                }) {
                    object.taint.join(&argument_taint);
                }
            }
        }
        taint.join(&argument_taint);
        let mut result = Value::tainted(taint.clone());
        for callback in callbacks {
            let before = self.state.clone();
            let given = Value::tainted(taint.clone());
            let value = self.call_with(&callback, vec![given.clone(), given.clone(), given], range);
            result.taint.join(&self.deep_taint(&value));
            self.join_state(Some(before));
        }
        self.stepped(result, range)
    }

    /// What an address points at may be anything that these sources reach.
    pub(crate) fn filled(&mut self, address: &Value, taint: &Taint) {
        for reference in address.references.clone() {
            let Reference::Place(object, name) = reference else { continue };
            let known = self.place_value(object, &name);
            match known.only_object() {
                Some(id) => {
                    if let Some(object) = self.state.get_mut(id) {
                        object.taint.join(taint);
                        object.open = true;
                    }
                }
                None => {
                    let value = Value { of_type: known.of_type, ..Value::tainted(taint.clone()) };
                    self.set_place_value(object, &name, value, true);
                }
            }
        }
    }

    fn is_callback(&self, value: &Value) -> bool {
        value.references.iter().any(|reference| match reference {
            Reference::Function(_) => true,
            Reference::Object(id) => {
                matches!(
                    self.state.get(*id).map(|object| &object.class),
                    Some(Class::Closure(..) | Class::Bound(_))
                )
            }
            _ => false,
        })
    }

    pub(crate) fn new_object(
        &mut self,
        of_type: &'a TypeName,
        callee: Option<&'a Expression>,
        arguments: &'a [Argument],
        body: Option<TypeId>,
        range: &Range,
    ) -> Value {
        let passed = self.pass(arguments);
        if !self.live {
            return Value::default();
        }
        if let Some(id) = body {
            return self.construct(TypeRef { unit: self.unit(), of_type: id }, passed, range);
        }
        let value = match callee {
            Some(callee) => self.eval(callee),
            None => match self.resolve(&of_type.name) {
                Some(found) => Value::reference(Reference::Type(found)),
                None => Value::default(),
            },
        };
        let known = Value { of_type: Some(of_type.clone().into()), ..Value::default() };
        self.with_queries("new", Some(&known), passed, range, |engine, passed| {
            if value.references.iter().any(|reference| !matches!(reference, Reference::Library(_))) {
                return engine.new_of(&value, passed, range);
            }
            engine.new_library(of_type, passed, range)
        })
    }

    fn new_of(&mut self, value: &Value, passed: Passed<'a>, range: &Range) -> Value {
        let value = self.followed(value);
        if let Some(Reference::Type(of_type)) =
            value.references.first().filter(|_| value.references.len() == 1)
        {
            return self.construct(*of_type, passed, range);
        }
        // A function called with `new` makes a plain object, which is its `this`.
        let is_function = value.references.iter().any(|reference| match reference {
            Reference::Function(_) => true,
            Reference::Object(id) => {
                matches!(self.state.get(*id).map(|object| &object.class), Some(Class::Closure(..)))
            }
            _ => false,
        });
        if !is_function {
            return self.call_value(&value, &Value::default(), passed, range);
        }
        let mut object = Object::new(Class::Map);
        let prototype =
            value.only_object().and_then(|id| self.state.get(id)?.names.get("prototype")?.only_object());
        if let Some(prototype) = prototype.and_then(|id| self.state.get(id)) {
            object.names.clone_from(&prototype.names);
        }
        let this = self.made(range, object);
        let result = self.call_value(&value, &this, passed, range);
        if result.objects().next().is_some() { result } else { this }
    }

    /// An object of a library type.
    pub(crate) fn new_library(&mut self, of_type: &TypeName, passed: Passed<'a>, range: &Range) -> Value {
        self.may_throw();
        let simple = of_type.simple();
        let arguments = self.flattened(passed);
        if let Some(effect) = self.models().and_then(|models| models.constructor(simple)) {
            let value = self.apply(effect, &Value::default(), &arguments, range);
            if let Some(object) = value.only_object().and_then(|id| self.state.get_mut(id))
                && object.made_as.is_none()
            {
                object.made_as = Some(simple.into());
            }
            return value;
        }
        let mut object = Object::new(Class::Library(simple.into()));
        if matches!(of_type.name.as_str(), "[]") {
            return self.array(&arguments, range);
        }
        for value in &arguments {
            object.taint.join(&self.deep_taint(value));
            object.rest.join(value);
        }
        if let Some(text) = arguments.first().filter(|_| arguments.len() == 1) {
            object.names.insert("<held>".into(), text.clone());
        }
        let value = self.made(range, object);
        self.stepped(value, range)
    }

    /// An array of these lengths; distinct arrays inside for further lengths.
    fn array(&mut self, lengths: &[Value], range: &Range) -> Value {
        let mut list = Object::new(Class::List);
        let length = lengths.first().and_then(Value::as_integer).filter(|length| (0..=256).contains(length));
        let more = lengths.get(1..).unwrap_or_default();
        list.length = length;
        for index in 0..length.unwrap_or(1) {
            let place = range.start..range.end.saturating_add(16 + index as u32);
            let element = if more.is_empty() { Value::null() } else { self.array(more, &place) };
            match length {
                Some(_) => drop(list.items.insert(index, element)),
                None => list.rest = element,
            }
        }
        self.made(range, list)
    }
}

fn with_before<'a>(target: Target<'a>, before: &[Value]) -> Target<'a> {
    match target {
        Target::Code { function, scope, this, before: inner } => {
            Target::Code { function, scope, this, before: before.iter().cloned().chain(inner).collect() }
        }
        Target::Effect(effect, this, inner) => {
            Target::Effect(effect, this, before.iter().cloned().chain(inner).collect())
        }
        other => other,
    }
}

/// Whether a method of an unknown type, by its name, changes the object.
pub(crate) fn changes_receiver(name: &str) -> bool {
    const VERBS: [&str; 22] = [
        "set", "add", "put", "append", "push", "insert", "write", "offer", "enqueue", "store", "register",
        "with", "update", "send", "Add", "Set", "Put", "Append", "Push", "Write", "Store", "unshift",
    ];
    VERBS.iter().any(|verb| {
        name.strip_prefix(verb)
            .is_some_and(|rest| rest.chars().next().is_none_or(|next| next.is_uppercase() || next == '_'))
    }) || name == "<send>"
}
