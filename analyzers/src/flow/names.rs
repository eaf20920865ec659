//! Variables: what a name means where it stands, and how it is set. Scopes first, then members that need no `this`, then what
//! the file's module, its imports and the language bring.

use std::rc::Rc;

use grammars::Language;
use grammars::flow::{FunctionId, Range, StatementKind};

use crate::flow::engine::{Engine, Purpose};
use crate::flow::program::Program;
use crate::flow::state::{Class, Object};
use crate::flow::value::{Constant, FunctionRef, ObjectId, Reference, TypeRef, Value};

/// Where a name was found.
pub(crate) enum Found {
    /// A variable of a scope.
    Scope(ObjectId),
    /// A member of an object or type whose methods need not say `this`.
    Member(Value),
}

/// Whether members are named without `this`.
pub(crate) fn omits_this(language: Language) -> bool {
    matches!(language, Language::Java | Language::Kotlin | Language::CSharp | Language::Cpp | Language::Scala)
}

pub(crate) fn is_script(language: Language) -> bool {
    matches!(language, Language::JavaScript | Language::TypeScript | Language::Tsx)
}

impl<'a> Engine<'a> {
    /// The variable or member that a name means.
    pub(crate) fn find(&self, name: &str) -> Option<Found> {
        let frame = self.frame();
        let body = frame.body;
        let mut at = Some(frame.scope);
        let mut seen = 0;
        while let Some(id) = at.filter(|_| seen < 256) {
            seen += 1;
            let object = self.state.get(id)?;
            if id == body
                && let Some(outer) = self.outer_name(object, name)
            {
                return outer;
            }
            if object.names.contains_key(name) {
                return Some(Found::Scope(id));
            }
            if id == body
                && !frame.function.flags.keeps_this
                && let Some(member) = self.implicit(name, false)
            {
                return Some(Found::Member(member));
            }
            at = match object.class {
                Class::Scope(around) => around,
                _ => None,
            };
        }
        self.implicit(name, true).map(Found::Member)
    }

    /// Where the function says that a name is of an outer scope, that one.
    fn outer_name(&self, body: &Object, name: &str) -> Option<Option<Found>> {
        let mark = body.names.get(format!("<outer {name}>").as_str())?;
        if mark.as_text().as_deref() == Some("<global>") {
            return Some(Some(Found::Scope(self.module_scope_id(self.program.file(self.unit()).module)?)));
        }
        let Class::Scope(mut at) = body.class else { return None };
        while let Some(id) = at {
            let object = self.state.get(id)?;
            if object.names.contains_key(name) {
                return Some(Some(Found::Scope(id)));
            }
            at = match object.class {
                Class::Scope(around) => around,
                _ => None,
            };
        }
        None
    }

    /// The object or type that has a member of the name, of those that the code stands in.
    fn implicit(&self, name: &str, outer: bool) -> Option<Value> {
        let frame = self.frame();
        let owner = frame.owner.filter(|_| omits_this(frame.language))?;
        let mut this = frame.this.clone();
        let mut of_type = Some(owner);
        let mut steps = 0;
        while let Some(current) = of_type.filter(|_| steps < 8) {
            steps += 1;
            if let Some((declared, is_static)) = self.program.field(current, name, 0) {
                let on_type = is_static || this.references.is_empty();
                return Some(if on_type { Value::reference(Reference::Type(declared)) } else { this });
            }
            if !outer {
                return None;
            }
            let around = this.only_object().and_then(|id| self.state.get(id)?.names.get("<outer>").cloned());
            of_type = match &around {
                Some(around) => around.only_object().and_then(|id| match self.state.get(id)?.class {
                    Class::Instance(of_type) => Some(of_type),
                    _ => None,
                }),
                None => None,
            };
            if of_type.is_none() {
                let declaration = self.program.declaration(current);
                of_type = declaration.outer.map(|outer| TypeRef { unit: current.unit, of_type: outer });
                this = Value::default();
            } else {
                this = around.unwrap_or_default();
            }
        }
        None
    }

    /// What a name stands for.
    pub(crate) fn read_name(&mut self, name: &str, range: &Range) -> Value {
        match self.find(name) {
            Some(Found::Scope(scope)) => {
                self.state.get(scope).and_then(|object| object.names.get(name)).cloned().unwrap_or_default()
            }
            Some(Found::Member(of)) => self.read_member(&of, name, range),
            None => self.global(name),
        }
    }

    /// What a name means that is no variable here.
    pub(crate) fn global(&mut self, name: &str) -> Value {
        let (unit, owner, language) = (self.unit(), self.frame().owner, self.language());
        let module = self.program.file(unit).module;
        let scope = self.load(module);
        if let Some(known) = self.state.get(scope).and_then(|object| object.names.get(name)) {
            return known.clone();
        }
        if let Some(function) = self.program.module_function(module, name).filter(|_| !is_script(language)) {
            return Value::reference(Reference::Function(function));
        }
        if let Some(of_type) = self.program.resolve_type(unit, owner, name) {
            return Value::reference(Reference::Type(of_type));
        }
        if let Some(imported) = self.imported(unit, name) {
            return imported;
        }
        if omits_this(language) && !name.starts_with(char::is_uppercase) && language != Language::Cpp {
            return Value::anything();
        }
        if matches!(name, "undefined" | "NaN") {
            return Value::null();
        }
        let path = self.name(name);
        Value::reference(Reference::Library(path))
    }

    fn imported(&mut self, unit: u32, name: &str) -> Option<Value> {
        let program: &'a Program = self.program;
        let imports = &program.file(unit).unit.imports;
        let import = imports.iter().find(|import| import.name == name)?;
        if import.is_static {
            let (of_type, member) = import.path.rsplit_once('.')?;
            if let Some(of_type) = program.type_named(of_type) {
                let member = member.to_owned();
                return Some(self.read_member(&Value::reference(Reference::Type(of_type)), &member, &(0..0)));
            }
        } else if let Some(module) = program.module(unit, &import.path, 0) {
            return Some(Value::reference(Reference::Module(module)));
        }
        let path = self.name(&import.path);
        Some(Value::reference(Reference::Library(path)))
    }

    /// Sets a variable that is there, or makes one where the language does so.
    pub(crate) fn assign_name(&mut self, name: &str, value: Value, range: &Range) {
        match self.find(name) {
            Some(Found::Scope(scope)) => self.set_variable(scope, name, value),
            Some(Found::Member(of)) => self.set_member(&of, name, value, range),
            None => {
                let module = self.program.file(self.unit()).module;
                let scope = match self.language() {
                    Language::Python => self.frame().body,
                    _ => self.load(module),
                };
                self.set_variable(scope, name, value);
            }
        }
    }

    /// Sets a variable of a scope.
    pub(crate) fn set_variable(&mut self, scope: ObjectId, name: &str, value: Value) {
        let name = self.name(name);
        if let Some(object) = self.state.get_mut(scope) {
            object.names.insert(name, value);
        }
    }

    fn module_scope_id(&self, module: u32) -> Option<ObjectId> {
        self.known_object(0, module, &(0..0), Purpose::Module)
    }

    /// The scope of a module, whose code has run.
    pub(crate) fn load(&mut self, module: u32) -> ObjectId {
        let id = self.object_of(0, module, &(0..0), Purpose::Module);
        if self.state.get(id).is_some() {
            return id;
        }
        self.state.put(id, Object::new(Class::Scope(None)));
        let program: &'a Program = self.program;
        for &unit in &program.modules[module as usize].units {
            let at = FunctionRef { unit, function: FunctionId(0) };
            let has_code = program.function(at).body.as_ref().is_some_and(|body| {
                body.statements.iter().any(|statement| !matches!(statement.kind, StatementKind::Label(_)))
            });
            if has_code && self.frames.len() < 100 {
                self.run_module(at, id);
            }
            if program.file(unit).language == Language::Go {
                self.run_init(unit, id);
            }
        }
        id
    }

    /// Runs the `init` functions of a file.
    fn run_init(&mut self, unit: u32, scope: ObjectId) {
        let functions = self.program.file(unit).unit.functions.iter().enumerate();
        let named = functions.filter(|(_, function)| function.name == "init" && function.owner.is_none());
        let named: Vec<_> =
            named.map(|(index, function)| (FunctionId(index as u32), function.name_range.clone())).collect();
        for (function, range) in named {
            let top = FunctionRef { unit, function: FunctionId(0) };
            self.push_module(top, scope);
            self.invoke_simple(FunctionRef { unit, function }, Value::default(), Vec::new(), &range);
            self.frames.pop();
        }
    }

    /// Everything that a module has becomes a name of the running scope.
    pub(crate) fn include(&mut self, module: &Value) {
        let into = self.frame().scope;
        for reference in module.references.clone() {
            let Reference::Module(module) = reference else { continue };
            let from = self.load(module);
            let names = self.state.get(from).map(|object| object.names.clone()).unwrap_or_default();
            for (name, value) in names.into_iter().filter(|(name, _)| !name.starts_with('_')) {
                self.set_variable(into, &name, value);
            }
        }
    }

    /// A type's own fields; its initialiser runs on first use.
    pub(crate) fn statics(&mut self, of_type: TypeRef) -> ObjectId {
        let declaration = self.program.declaration(of_type);
        let range = of_type.of_type.0..of_type.of_type.0;
        let id = self.object_of(0, of_type.unit, &range, Purpose::Statics);
        if self.state.get(id).is_some() {
            return id;
        }
        self.state.put(id, Object::new(Class::Statics(of_type)));
        if let Some(function) = declaration.static_initializer.filter(|_| self.live) {
            let at = FunctionRef { unit: of_type.unit, function };
            self.run_initializer(at, of_type, Value::reference(Reference::Type(of_type)), &range);
        }
        id
    }

    /// The value of a variable or field by its address.
    pub(crate) fn place_value(&self, object: ObjectId, name: &Rc<str>) -> Value {
        let Some(object) = self.state.get(object) else { return Value::anything() };
        match element_index(name) {
            Some(index) => object.get(&crate::flow::state::Key::Index(index)),
            None => match object.names.get(name) {
                Some(value) => value.clone().with_taint(&object.taint),
                None => Value::tainted(object.taint.clone()),
            },
        }
    }

    /// Sets a variable or field by its address.
    pub(crate) fn set_place_value(&mut self, object: ObjectId, name: &Rc<str>, value: Value, strong: bool) {
        let Some(object) = self.state.get_mut(object) else { return };
        let key = match element_index(name) {
            Some(index) => crate::flow::state::Key::Index(index),
            None => crate::flow::state::Key::Name(name.clone()),
        };
        object.set(&key, value, strong);
    }

    /// The values that references lead to, addresses followed.
    pub(crate) fn followed(&self, value: &Value) -> Value {
        if !value.references.iter().any(|reference| matches!(reference, Reference::Place(..))) {
            return value.clone();
        }
        let mut all = Value { references: Vec::new(), ..value.clone() };
        for reference in &value.references {
            match reference {
                Reference::Place(object, name) => {
                    let mut inner = self.place_value(*object, name);
                    if inner.references.iter().any(|reference| matches!(reference, Reference::Place(..))) {
                        inner.references.retain(|reference| !matches!(reference, Reference::Place(..)));
                    }
                    all.join(&inner);
                }
                other => {
                    all.join(&Value::reference(other.clone()));
                }
            }
        }
        if all.constants.len() > 1 {
            all.constants.remove(&Constant::Null);
        }
        all
    }
}

fn element_index(name: &str) -> Option<i64> {
    name.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}
