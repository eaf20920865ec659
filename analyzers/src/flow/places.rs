//! Members and elements read and set, and values bound to patterns.

use std::rc::Rc;

use grammars::Language;
use grammars::flow::{Expression, ExpressionKind, Item, Pattern, Range, RecordPattern, TypeName};

use crate::flow::engine::{Engine, Purpose};
use crate::flow::names::is_script;
use crate::flow::state::{Class, Key, Object};
use crate::flow::value::{Constant, ObjectId, Reference, TypeRef, Value};

/// Words that mean how many elements there are.
const LENGTHS: [&str; 5] = ["length", "Length", "size", "Count", "count"];

impl<'a> Engine<'a> {
    /// A member of a value.
    pub(crate) fn read_member(&mut self, of: &Value, name: &str, range: &Range) -> Value {
        let of = self.followed(of);
        let mut all = Value::default();
        let mut none = true;
        for reference in &of.references {
            let value = self.member_of(reference, name, range);
            all.join(&value);
            none = false;
        }
        let texts = of.constants.iter().filter(|constant| **constant != Constant::Null);
        for constant in texts {
            none = false;
            all.join(&match constant {
                Constant::Text(text) if LENGTHS.contains(&name) => {
                    Value::integer(text.chars().count() as i64)
                }
                _ => Value::anything(),
            });
        }
        if of.open || none && of.constants.is_empty() {
            let mut value = Value::anything();
            if let Some(of_type) = &of.of_type {
                value.of_type = self.declared_member(of_type, name);
            }
            all.join(&value);
        }
        all.taint.join(&of.taint);
        if all.is_nothing() {
            all = Value::null();
        }
        all
    }

    /// The declared type of a field of a declared type.
    fn declared_member(&self, of_type: &TypeName, name: &str) -> Option<Rc<TypeName>> {
        let at = self.resolve(&of_type.name)?;
        self.field_type(at, name)
    }

    pub(crate) fn field_type(&self, at: TypeRef, name: &str) -> Option<Rc<TypeName>> {
        let (declared, _) = self.program.field(at, name, 0)?;
        let field = self.program.declaration(declared).fields.iter().find(|field| field.name == name)?;
        field.of_type.clone().map(Rc::new)
    }

    fn member_of(&mut self, reference: &Reference, name: &str, range: &Range) -> Value {
        match reference {
            Reference::Object(id) => self.object_member(*id, name, range),
            Reference::Type(of_type) => self.type_member(*of_type, name, range),
            Reference::Module(module) => self.module_member(*module, name),
            Reference::Library(path) if name == "default" => {
                Value::reference(Reference::Library(path.clone()))
            }
            Reference::Library(path) => {
                let path = self.name(&format!("{path}.{name}"));
                Value::reference(Reference::Library(path))
            }
            Reference::Function(_) => Value::anything(),
            Reference::Place(object, place) => {
                let inner = self.place_value(*object, place);
                self.read_member(&inner, name, range)
            }
        }
    }

    fn module_member(&mut self, module: u32, name: &str) -> Value {
        let scope = self.load(module);
        let known = self.state.get(scope).and_then(|object| object.names.get(name)).cloned();
        if let Some(value) = known {
            return value;
        }
        if let Some(exports) = self.exports(scope) {
            let value = self.read_member(&exports, name, &(0..0));
            if value != Value::null() || name != "default" {
                return value;
            }
            return exports;
        }
        if let Some(function) = self.program.module_function(module, name) {
            return Value::reference(Reference::Function(function));
        }
        if let Some(of_type) = self.program.module_type(module, name) {
            return Value::reference(Reference::Type(of_type));
        }
        if let Some(inner) = self.submodule(module, name) {
            return Value::reference(Reference::Module(inner));
        }
        if name == "default" { Value::reference(Reference::Module(module)) } else { Value::anything() }
    }

    /// What a file sets `module.exports` to.
    pub(crate) fn exports(&self, scope: ObjectId) -> Option<Value> {
        let module = self.state.get(scope)?.names.get("module")?.only_object()?;
        self.state.get(module)?.names.get("exports").cloned()
    }

    fn submodule(&self, module: u32, name: &str) -> Option<u32> {
        let unit = *self.program.modules[module as usize].units.first()?;
        (self.language() == Language::Python).then(|| self.program.module(unit, name, 1)).flatten()
    }

    fn object_member(&mut self, id: ObjectId, name: &str, range: &Range) -> Value {
        let Some(object) = self.state.get(id) else { return Value::anything() };
        let taint = object.taint.clone();
        if let Some(value) = object.names.get(name) {
            let mut value = value.clone().with_taint(&taint);
            if object.class == Class::Map && is_script(self.language()) {
                value.join(&object.rest.clone());
            }
            return self.got(value, id, range);
        }
        let of_type = match object.class {
            Class::Instance(of_type) => of_type,
            Class::List | Class::Set | Class::Map if LENGTHS.contains(&name) && !is_plain_map(object) => {
                return object.length.map_or_else(Value::anything, Value::integer);
            }
            Class::Map if is_script(self.language()) => {
                let value = object.get(&Key::Name(name.into()));
                // What a file exports as a whole is its default.
                let is_whole = name == "default" && value == Value::null();
                return if is_whole { Value::object(id) } else { value };
            }
            Class::Closure(..) | Class::Bound(_) if name != "prototype" => return Value::anything(),
            _ if object.open => return Value::tainted(taint),
            _ => {
                let mut value = object.rest.clone().joined(&Value::anything());
                value.taint.join(&self.deep_taint(&Value::object(id)));
                return value;
            }
        };
        let (is_open, rest) = (object.open, object.rest.clone());
        if let Some(value) = self.inherited_member(of_type, id, name, range) {
            return value;
        }
        let mut value = if is_open { Value::tainted(taint) } else { Value::null() };
        if is_open {
            value.of_type = self.field_type(of_type, name);
            if let Some(of_type) = value.of_type.clone() {
                value = self.typed(value, &of_type, range);
                if !value.references.is_empty() {
                    let value = value.clone();
                    let name = self.name(name);
                    if let Some(object) = self.state.get_mut(id) {
                        object.names.insert(name, value);
                    }
                }
            }
        } else if !self.program.library_supers(of_type, 0).is_empty() {
            value = Value::tainted(self.deep_taint(&Value::object(id)));
        }
        value.joined(&rest)
    }

    /// A property's getter, a method as a value, a member of an embedded value, or what the type has.
    fn inherited_member(
        &mut self,
        of_type: TypeRef,
        id: ObjectId,
        name: &str,
        range: &Range,
    ) -> Option<Value> {
        let this = Value::object(id);
        let methods = self.declared_methods(of_type, name);
        if let Some(&method) = methods.first() {
            let function = self.program.function(method);
            if function.flags.is_getter {
                let getter = methods.iter().find(|at| self.program.function(**at).flags.is_getter);
                return getter.map(|getter| self.invoke_simple(*getter, this, Vec::new(), range));
            }
            let inner = Value::reference(Reference::Function(method));
            return Some(self.bound(inner, this, range));
        }
        let declaration = self.program.declaration(of_type);
        for field in declaration.fields.iter().filter(|field| field.is_embedded) {
            let key: Rc<str> = field.name.as_str().into();
            let inner = self.state.get(id).and_then(|object| object.names.get(&key).cloned());
            let Some(inner) = inner else { continue };
            if self.has_member(&inner, name) {
                return Some(self.read_member(&inner, name, range));
            }
        }
        let statics = self.statics_with(of_type, name, 0)?;
        let value = self.state.get(statics)?.names.get(name).cloned()?;
        Some(self.got(value, id, range))
    }

    /// A function of a type, read through an object of it, is bound to the object (Python).
    fn got(&mut self, value: Value, id: ObjectId, range: &Range) -> Value {
        let is_instance = matches!(self.state.get(id).map(|object| &object.class), Some(Class::Instance(_)));
        if !is_instance
            || self.language() != Language::Python
            || self.state.get(id).is_some_and(|object| object.names.values().any(|own| own == &value))
        {
            return value;
        }
        match value.only_object().and_then(|inner| self.state.get(inner)).map(|object| &object.class) {
            Some(Class::Closure(..)) => self.bound(value, Value::object(id), range),
            _ => value,
        }
    }

    pub(crate) fn bound(&mut self, inner: Value, this: Value, range: &Range) -> Value {
        let mut object = Object::new(Class::Bound(Box::new(inner)));
        object.names.insert("this".into(), this);
        let range = range.start..range.end.saturating_add(2);
        let id = self.object_at(&range, Purpose::Held);
        self.state.put(id, object);
        Value::object(id)
    }

    fn has_member(&self, value: &Value, name: &str) -> bool {
        let value = self.followed(value);
        value.objects().any(|id| {
            let Some(object) = self.state.get(id) else { return false };
            object.names.contains_key(name)
                || matches!(object.class, Class::Instance(of_type)
                    if !self.declared_methods(of_type, name).is_empty()
                        || self.program.field(of_type, name, 0).is_some()
                        || self.program.declaration(of_type).fields.iter().filter(|field| field.is_embedded).any(|field| {
                            object.names.get(field.name.as_str()).is_some_and(|inner| self.has_member(inner, name))
                        }))
        })
    }

    /// The type, or one above it, whose own fields have a name.
    fn statics_with(&mut self, of_type: TypeRef, name: &str, depth: usize) -> Option<ObjectId> {
        let own = self.statics(of_type);
        if self.state.get(own).is_some_and(|object| object.names.contains_key(name)) {
            return Some(own);
        }
        let supers = if depth < 12 { self.supers(of_type) } else { Vec::new() };
        supers.into_iter().find_map(|above| self.statics_with(above, name, depth + 1))
    }

    pub(crate) fn type_member(&mut self, of_type: TypeRef, name: &str, range: &Range) -> Value {
        if let Some(statics) = self.statics_with(of_type, name, 0)
            && let Some(value) = self.state.get(statics).and_then(|object| object.names.get(name))
        {
            return value.clone();
        }
        let methods = self.methods_of(of_type, name);
        if let Some(&method) = methods.first() {
            let function = self.program.function(method);
            let inner = Value::reference(Reference::Function(method));
            let this = Value::reference(Reference::Type(of_type));
            if function.flags.is_getter && function.flags.is_static {
                return self.invoke_simple(method, this, Vec::new(), range);
            }
            let takes_type = function.flags.is_static
                || function.annotations.iter().any(|known| known.name == "classmethod");
            return if takes_type { self.bound(inner, this, range) } else { inner };
        }
        if let Some(inner) = self.program.resolve_inside(of_type, name) {
            return Value::reference(Reference::Type(inner));
        }
        if name == "class" || name == "__class__" {
            return Value::reference(Reference::Type(of_type));
        }
        match name {
            "__name__" | "name" => Value::text(&self.program.declaration(of_type).name),
            _ if self.program.library_supers(of_type, 0).is_empty() => Value::null(),
            _ => Value::anything(),
        }
    }

    /// Sets a member of every object that a value may be.
    pub(crate) fn set_member(&mut self, of: &Value, name: &str, value: Value, range: &Range) {
        let of = self.followed(of);
        let strong = of.references.len() == 1;
        for reference in of.references.clone() {
            match reference {
                Reference::Object(id) => {
                    let class = self.state.get(id).map(|object| object.class.clone());
                    if let Some(Class::Instance(of_type)) = class
                        && self.set_by_method(of_type, id, name, &value, range)
                    {
                        continue;
                    }
                    let key = Key::Name(self.name(name));
                    let value = self.copied(value.clone(), range);
                    if let Some(object) = self.state.get_mut(id) {
                        object.set(&key, value, strong);
                    }
                }
                Reference::Type(of_type) => {
                    let declared =
                        self.program.field(of_type, name, 0).map_or(of_type, |(declared, _)| declared);
                    let statics = self.statics(declared);
                    let key = Key::Name(self.name(name));
                    if let Some(object) = self.state.get_mut(statics) {
                        object.set(&key, value.clone(), strong);
                    }
                }
                Reference::Module(module) => {
                    let scope = self.load(module);
                    self.set_variable(scope, name, value.clone());
                }
                _ => {}
            }
        }
    }

    fn set_by_method(
        &mut self,
        of_type: TypeRef,
        id: ObjectId,
        name: &str,
        value: &Value,
        range: &Range,
    ) -> bool {
        let running = self.frame().at;
        let methods = self.declared_methods(of_type, name);
        let setter =
            methods.iter().copied().find(|at| self.program.function(*at).flags.is_setter && *at != running);
        if let Some(setter) = setter {
            self.invoke_simple(setter, Value::object(id), vec![value.clone()], range);
            return true;
        }
        let declaration = self.program.declaration(of_type);
        for field in declaration.fields.iter().filter(|field| field.is_embedded && field.name != name) {
            let inner = self.state.get(id).and_then(|object| object.names.get(field.name.as_str()).cloned());
            let own = declaration.fields.iter().any(|field| field.name == name);
            if let Some(inner) = inner.filter(|inner| !own && self.has_member(inner, name)) {
                self.set_member(&inner, name, value.clone(), range);
                return true;
            }
        }
        false
    }

    /// An element of a value.
    pub(crate) fn read_element(&mut self, of: &Value, index: &Value, range: &Range) -> Value {
        let of = self.followed(of);
        let mut all = Value::default();
        for reference in of.references.clone() {
            if let Reference::Function(_) = reference {
                all.join(&Value::reference(reference));
                continue;
            }
            let Reference::Object(id) = reference else {
                let name = index.as_text();
                all.join(&name.map_or_else(Value::anything, |name| self.member_of(&reference, &name, range)));
                continue;
            };
            if let Some(method) = self.method_of_object(id, "__getitem__") {
                let value = self.invoke_simple(method, Value::object(id), vec![index.clone()], range);
                all.join(&value);
                continue;
            }
            let keys = if index.constants.len() > 1 && !index.open {
                index.constants.iter().map(|constant| Key::of(&Value::constant(constant.clone()))).collect()
            } else {
                vec![Key::of(index)]
            };
            for key in keys {
                let value = match (&key, self.state.get(id).map(|object| &object.class)) {
                    (Key::Name(name), Some(Class::Instance(_))) => {
                        self.object_member(id, &name.clone(), range)
                    }
                    _ => self.state.get(id).map_or_else(Value::anything, |object| object.get(&key)),
                };
                all.join(&value);
            }
        }
        for constant in &of.constants {
            if let (Constant::Text(text), Some(index)) = (constant, index.as_integer()) {
                let index = if index < 0 { text.chars().count() as i64 + index } else { index };
                let letter = usize::try_from(index).ok().and_then(|index| text.chars().nth(index));
                all.join(&letter.map_or_else(Value::anything, |letter| Value::constant(self.letter(letter))));
            } else if *constant != Constant::Null {
                all.open = true;
            }
        }
        if of.open {
            all.open = true;
            let inner = of.of_type.as_ref().and_then(|of_type| of_type.arguments.last().cloned());
            all.of_type = all.of_type.or(inner.map(Rc::new));
        }
        all.taint.join(&of.taint);
        if all.is_nothing() { Value::null() } else { all }
    }

    /// Sets an element of every container that a value may be.
    pub(crate) fn set_element(&mut self, of: &Value, index: &Value, value: Value, range: &Range) {
        let of = self.followed(of);
        let strong = of.references.len() == 1;
        let key = Key::of(index);
        for reference in of.references.clone() {
            match (&reference, &key) {
                (Reference::Object(id), _) => {
                    if let Some(method) = self.method_of_object(*id, "__setitem__") {
                        self.invoke_simple(
                            method,
                            Value::object(*id),
                            vec![index.clone(), value.clone()],
                            range,
                        );
                        continue;
                    }
                    let value = self.copied(value.clone(), range);
                    if let Some(object) = self.state.get_mut(*id) {
                        object.set(&key, value, strong);
                        if key == Key::Unknown {
                            object.keys.join(index);
                        } else if !index.taint.is_none() {
                            object.keys.taint.join(&index.taint);
                        }
                    }
                }
                (_, Key::Name(name)) => {
                    self.set_member(
                        &Value::reference(reference.clone()),
                        &name.clone(),
                        value.clone(),
                        range,
                    );
                }
                _ => {}
            }
        }
    }

    pub(crate) fn method_of_object(
        &self,
        id: ObjectId,
        name: &str,
    ) -> Option<crate::flow::value::FunctionRef> {
        match self.state.get(id)?.class {
            Class::Instance(of_type) => self.declared_methods(of_type, name).first().copied(),
            _ => None,
        }
    }

    /// Makes an object of a value that may be anything, so that what is written to it is known there.
    pub(crate) fn materialised(&mut self, place: &'a Expression, value: Value) -> Value {
        let settable = matches!(
            place.kind,
            ExpressionKind::Name(_) | ExpressionKind::Member { .. } | ExpressionKind::Element { .. }
        );
        if !value.open || !value.references.is_empty() || !settable || !self.live {
            return value;
        }
        let of_type = value.of_type.clone().unwrap_or_default();
        let mut made = self.typed(value.clone(), &of_type, &place.range);
        if made.references.is_empty() {
            let mut object = Object::new(Class::Library(of_type.simple().into()));
            object.open = true;
            object.taint = value.taint.clone();
            made = Value {
                of_type: value.of_type.clone(),
                taint: value.taint,
                ..self.made(&place.range, object)
            };
        }
        self.set_place(place, made.clone());
        made
    }

    /// Sets what an expression names.
    pub(crate) fn set_place(&mut self, place: &'a Expression, value: Value) {
        if !self.live {
            return;
        }
        let value = self.stepped(value, &place.range);
        match &place.kind {
            ExpressionKind::Name(name) => {
                let value = self.copied(value, &place.range);
                self.assign_name(name, value, &place.range);
            }
            ExpressionKind::Member { of, name, .. } => {
                let base = self.eval(of);
                let base = self.materialised(of, base);
                self.set_member(&base, name, value, &place.range);
            }
            ExpressionKind::Element { of, index } => {
                let base = self.eval(of);
                let base = self.materialised(of, base);
                let index = self.eval(index);
                self.set_element(&base, &index, value, &place.range);
            }
            ExpressionKind::Slice { of, .. } => {
                let base = self.eval(of);
                let held = self.any_item(&value);
                for id in base.objects() {
                    if let Some(object) = self.state.get_mut(id) {
                        object.scatter();
                        object.rest.join(&held);
                    }
                }
            }
            ExpressionKind::Dereference(inner) => {
                let address = self.eval(inner);
                self.set_at(&address, value);
            }
            ExpressionKind::Cast(_, inner) => self.set_place(inner, value),
            ExpressionKind::Conditional(_, first, second) => {
                let before = self.state.clone();
                self.set_place(first, value.clone());
                let after = self.leave();
                self.enter(Some(before));
                self.set_place(second, value);
                self.join_state(after);
            }
            _ => {
                self.eval(place);
            }
        }
    }

    /// Sets what an address points at.
    pub(crate) fn set_at(&mut self, address: &Value, value: Value) {
        let strong = address.references.len() == 1;
        for reference in address.references.clone() {
            match reference {
                Reference::Place(object, name) => self.set_place_value(object, &name, value.clone(), strong),
                Reference::Object(id) => {
                    let other = value.only_object().and_then(|other| self.state.get(other)).cloned();
                    if let (Some(other), Some(object)) = (other, self.state.get_mut(id)) {
                        object.names = other.names;
                        object.items = other.items;
                        object.rest = other.rest;
                        object.length = other.length;
                    } else if let Some(object) = self.state.get_mut(id) {
                        object.taint.join(&value.taint);
                    }
                }
                _ => {}
            }
        }
    }

    /// The address of what an expression names.
    pub(crate) fn address(&mut self, of: &'a Expression) -> Value {
        match &of.kind {
            ExpressionKind::Name(name) => {
                if let Some(crate::flow::names::Found::Scope(scope)) = self.find(name) {
                    let name = self.name(name);
                    return Value::reference(Reference::Place(scope, name));
                }
            }
            ExpressionKind::Member { of: base, name, .. } => {
                let base = self.eval(base);
                let base = self.followed(&base);
                if let Some(id) = base.only_object() {
                    let _ = self.read_member(&base, name, &of.range);
                    let name = self.name(name);
                    return Value::reference(Reference::Place(id, name));
                }
            }
            ExpressionKind::Element { of: base, index } => {
                let base = self.eval(base);
                let index = self.eval(index);
                if let (Some(id), Some(index)) = (base.only_object(), index.as_integer()) {
                    return Value::reference(Reference::Place(id, format!("[{index}]").into()));
                }
            }
            _ => {}
        }
        let value = self.eval(of);
        let mut held = Object::new(Class::Library("<address>".into()));
        held.names.insert("<held>".into(), value);
        let id = self.make(&of.range, Purpose::Held, held);
        Value::reference(Reference::Place(id, "<held>".into()))
    }

    /// A copy, where the language copies such values when they are assigned.
    pub(crate) fn copied(&mut self, value: Value, range: &Range) -> Value {
        if !matches!(self.language(), Language::Go | Language::C | Language::Cpp | Language::CSharp) {
            return value;
        }
        let Some(id) = value.only_object() else { return value };
        let Some(object) = self.state.get(id) else { return value };
        let Class::Instance(of_type) = object.class else { return value };
        if !self.program.declaration(of_type).is_value {
            return value;
        }
        let object = object.clone();
        let target = range.start..range.end.saturating_add(1);
        if self.object_at(&target, Purpose::Held) == id {
            return value;
        }
        let mut names = object.names.clone();
        for (name, inner) in &mut names {
            let place = range.start..range.end.saturating_add(2 + name.len() as u32);
            *inner = self.copied(std::mem::take(inner), &place);
        }
        let copy = self.make(&target, Purpose::Held, Object { names, several: false, ..object });
        Value { references: vec![Reference::Object(copy)], ..value }
    }

    /// Binds a value to a pattern: makes variables, or sets them.
    pub(crate) fn bind(&mut self, pattern: &'a Pattern, value: Value, declares: bool) {
        if !self.live {
            return;
        }
        match pattern {
            Pattern::Name(name, range) => {
                let value = self.stepped(value, range);
                let value = self.copied(value, range);
                let value = self.marked(value, range);
                if declares {
                    let scope = self.frame().scope;
                    self.set_variable(scope, name, value);
                } else {
                    self.assign_name(name, value, range);
                }
            }
            Pattern::Place(place) => self.set_place(place, value),
            Pattern::Sequence(items) => self.bind_sequence(items, value, declares),
            Pattern::Record(record) => self.bind_record(record, &value, declares),
            Pattern::Default(inner, default) => {
                let may_miss = value.open || value.constants.contains(&Constant::Null) || value.is_nothing();
                let mut value = value;
                if may_miss {
                    let other = self.eval(default);
                    value.constants.remove(&Constant::Null);
                    value.join(&other);
                }
                self.bind(inner, value, declares);
            }
            Pattern::Both(first, second) => {
                self.bind(first, value.clone(), declares);
                self.bind(second, value, declares);
            }
            Pattern::OfType(_, inner) => self.bind(inner, value, declares),
            Pattern::Either(all) => {
                for inner in all {
                    self.bind(inner, value.clone(), declares);
                }
            }
            Pattern::Equals(_) | Pattern::Ignored => {}
        }
    }

    fn bind_sequence(&mut self, items: &'a [Item<Pattern>], value: Value, declares: bool) {
        let value = self.followed(&value);
        let place = items.first().map_or(0..0, |item| pattern_range(item.inner()));
        let known = self.known_rounds(&value, grammars::flow::Yields::Elements);
        for (index, item) in items.iter().enumerate() {
            let behind = items.len() - index - 1;
            match (item, &known) {
                (Item::One(pattern), Some(known)) => {
                    let from_end = items[..index].iter().any(|item| matches!(item, Item::Spread(_)));
                    let at = if from_end { known.len().checked_sub(behind + 1) } else { Some(index) };
                    let element = at.and_then(|at| known.get(at)).cloned().unwrap_or_else(Value::null);
                    self.bind(pattern, element, declares);
                }
                (Item::Spread(pattern), Some(known)) => {
                    let to = known.len().saturating_sub(behind).max(index.min(known.len()));
                    let rest = known.get(index.min(to)..to).unwrap_or_default().to_vec();
                    let range = place.start..place.end.saturating_add(index as u32);
                    let rest = self.made(&range, Object::list(rest));
                    self.bind(pattern, rest, declares);
                }
                (Item::One(pattern), None) => {
                    let at = Value::integer(index as i64);
                    let is_list = value.objects().next().is_some();
                    let element = if is_list {
                        self.read_element(&value, &at, &place)
                    } else {
                        self.some_element(&value)
                    };
                    self.bind(pattern, element, declares);
                }
                (Item::Spread(pattern), None) => {
                    let mut rest = Object::new(Class::List);
                    rest.rest = self.some_element(&value);
                    let range = place.start..place.end.saturating_add(index as u32);
                    let rest = self.made(&range, rest);
                    self.bind(pattern, rest, declares);
                }
            }
        }
    }

    fn bind_record(&mut self, record: &'a RecordPattern, value: &Value, declares: bool) {
        let mut taken = Vec::new();
        for (key, pattern) in &record.entries {
            let key_value = self.eval(key);
            let element = self.record_element(record, value, &key_value, &key.range);
            taken.push(Key::of(&key_value));
            self.bind(pattern, element, declares);
        }
        let Some(rest) = &record.rest else { return };
        let mut object = match value.only_object().and_then(|id| self.state.get(id)) {
            Some(object) => object.clone(),
            None => Object { open: true, taint: value.taint.clone(), ..Object::new(Class::Map) },
        };
        for key in taken {
            match key {
                Key::Name(name) => drop(object.names.remove(&name)),
                Key::Index(index) => drop(object.items.remove(&index)),
                Key::Unknown => {}
            }
        }
        object.class = Class::Map;
        let range = pattern_range(rest);
        let rest_value = self.made(&range, object);
        self.bind(rest, rest_value, declares);
    }

    /// The element or field that a record pattern's key means.
    pub(crate) fn record_element(
        &mut self,
        record: &RecordPattern,
        value: &Value,
        key: &Value,
        range: &Range,
    ) -> Value {
        if record.of_fields
            && let Some(index) = key.as_integer()
        {
            let component = value.objects().find_map(|id| match self.state.get(id)?.class {
                Class::Instance(of_type) => {
                    self.program.declaration(of_type).components.get(usize::try_from(index).ok()?).cloned()
                }
                _ => None,
            });
            return match component {
                Some(name) => self.read_member(value, &name, range),
                None => Value::tainted(self.deep_taint(value)),
            };
        }
        match key.as_text() {
            Some(name) if record.of_fields || is_script(self.language()) => {
                self.read_member(value, &name, range)
            }
            _ => self.read_element(value, key, range),
        }
    }

    /// Deletes what an expression names.
    pub(crate) fn delete(&mut self, place: &'a Expression) {
        let (of, key) = match &place.kind {
            ExpressionKind::Name(name) => return self.assign_name(name, Value::null(), &place.range),
            ExpressionKind::Member { of, name, .. } => (self.eval(of), Key::Name(name.as_str().into())),
            ExpressionKind::Element { of, index } => {
                let of = self.eval(of);
                let index = self.eval(index);
                (of, Key::of(&index))
            }
            _ => {
                self.eval(place);
                return;
            }
        };
        let is_one = of.only_object().is_some();
        for id in of.objects() {
            let shifts = self.language() == Language::Python;
            if let Some(object) = self.state.get_mut(id).filter(|_| is_one) {
                object.remove(&key, shifts);
            }
        }
    }
}

fn is_plain_map(object: &Object) -> bool {
    object.class == Class::Map && object.made_as.is_none()
}

fn pattern_range(pattern: &Pattern) -> Range {
    match pattern {
        Pattern::Name(_, range) => range.clone(),
        Pattern::Place(place) => place.range.clone(),
        Pattern::Sequence(items) => items.first().map_or(0..0, |item| pattern_range(item.inner())),
        Pattern::Default(inner, _) | Pattern::OfType(_, inner) => pattern_range(inner),
        Pattern::Both(first, _) => pattern_range(first),
        Pattern::Record(record) => record.entries.first().map_or(0..0, |(key, _)| key.range.clone()),
        Pattern::Equals(inner) => inner.range.clone(),
        Pattern::Either(all) => all.first().map_or(0..0, pattern_range),
        Pattern::Ignored => 0..0,
    }
}
