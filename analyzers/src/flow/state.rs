//! The heap at a point of the program: every object that may be there. Cheap to copy, and to join with another.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::flow::value::{Constant, FunctionRef, ObjectId, Taint, TypeRef, Value};

/// Objects of one page, which states share until one of them writes to it.
const PAGE: usize = 32;

/// Elements beyond this index are not told apart.
const MAX_INDEX: i64 = 256;

/// What an object is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Class {
    /// The variables of a scope; the scope around it.
    Scope(Option<ObjectId>),
    /// An object of a type of the program.
    Instance(TypeRef),
    /// A type's own fields.
    Statics(TypeRef),
    /// An object of a type outside the program, by its simple name.
    Library(Rc<str>),
    /// Elements in order.
    List,
    /// Elements by key; a plain object of JavaScript; a set holds its elements as keys of themselves.
    Map,
    /// Elements without order.
    Set,
    /// A function with the variables around it.
    Closure(FunctionRef, Option<ObjectId>),
    /// A method or function with what is bound to it: `this`, and arguments in order.
    Bound(Box<Value>),
}

/// An object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Object {
    pub(crate) class: Class,
    /// Fields, and elements by text key.
    pub(crate) names: BTreeMap<Rc<str>, Value>,
    /// Elements by whole number.
    pub(crate) items: BTreeMap<i64, Value>,
    /// Elements whose key is not known.
    pub(crate) rest: Value,
    /// Keys that are not known, and what taints keys.
    pub(crate) keys: Value,
    /// The sources that reach all of it.
    pub(crate) taint: Taint,
    /// How many elements a list has, where that is known.
    pub(crate) length: Option<i64>,
    /// Whether it may have fields that nothing here set.
    pub(crate) open: bool,
    /// Whether it stands for several objects, so that a write does not replace.
    pub(crate) several: bool,
    /// The library type that it was made as, by its simple name, where its class does not say it.
    pub(crate) made_as: Option<Rc<str>>,
}

/// A key of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Name(Rc<str>),
    Index(i64),
    Unknown,
}

impl Key {
    /// The key that a value is.
    pub(crate) fn of(value: &Value) -> Self {
        match value.only_constant() {
            Some(Constant::Text(text)) => Self::Name(text.clone()),
            Some(Constant::Integer(index)) if index.abs() < MAX_INDEX => Self::Index(*index),
            Some(Constant::Integer(_) | Constant::Null) | None => Self::Unknown,
            Some(other) => Self::Name(format!("<{}>", other.written()).into()),
        }
    }
}

impl Object {
    pub(crate) fn new(class: Class) -> Self {
        Self {
            class,
            names: BTreeMap::new(),
            items: BTreeMap::new(),
            rest: Value::default(),
            keys: Value::default(),
            taint: Taint::default(),
            length: None,
            open: false,
            several: false,
            made_as: None,
        }
    }

    /// A list of known elements.
    pub(crate) fn list(elements: impl IntoIterator<Item = Value>) -> Self {
        let mut list = Self::new(Class::List);
        list.items = (0..).zip(elements).collect();
        list.length = i64::try_from(list.items.len()).ok();
        list
    }

    /// The element at a key, as far as one is known to be there.
    pub(crate) fn get(&self, key: &Key) -> Value {
        let found = match key {
            Key::Name(name) => self.names.get(name).cloned(),
            Key::Index(index) if *index < 0 && self.class == Class::List => {
                self.length.and_then(|length| self.items.get(&(length + index)).cloned())
            }
            Key::Index(index) => self.items.get(index).cloned(),
            Key::Unknown => Some(self.any()),
        };
        let mut value = match found {
            Some(value) if key == &Key::Unknown => value,
            Some(value) => value.joined(&self.rest),
            None if self.open => Value::anything().joined(&self.rest),
            None if self.rest.is_nothing() => Value::null(),
            None => self.rest.clone(),
        };
        value.taint.join(&self.taint);
        value
    }

    /// All elements as one value.
    pub(crate) fn any(&self) -> Value {
        let mut all = self.rest.clone();
        self.items.values().chain(self.names.values()).for_each(|value| {
            all.join(value);
        });
        if self.open {
            all.open = true;
        }
        all.taint.join(&self.taint);
        all
    }

    /// Sets the element at a key: replaces where that is certain (`strong`), adds otherwise.
    pub(crate) fn set(&mut self, key: &Key, value: Value, strong: bool) {
        let strong = strong && !self.several;
        match key {
            Key::Unknown => {
                self.rest.join(&value);
            }
            Key::Name(name) => put(&mut self.names, name.clone(), value, strong),
            Key::Index(index) => {
                let index = match self.length {
                    Some(length) if *index < 0 => length + index,
                    _ => *index,
                };
                put(&mut self.items, index, value, strong);
                if self.class == Class::List && self.length.is_some_and(|length| index >= length) {
                    self.length = Some(index + 1);
                }
            }
        }
    }

    /// Adds an element at the end of a list.
    pub(crate) fn append(&mut self, value: Value) {
        match self.length {
            Some(length) if !self.several && length < MAX_INDEX => {
                self.items.insert(length, value);
                self.length = Some(length + 1);
            }
            _ => {
                self.length = None;
                self.rest.join(&value);
            }
        }
    }

    /// Adds an element to a set.
    pub(crate) fn add(&mut self, value: Value) {
        match Key::of(&value) {
            Key::Name(name) if value.taint.is_none() => drop(self.names.insert(name, value)),
            Key::Index(index) if value.taint.is_none() => drop(self.items.insert(index, value)),
            _ => drop(self.keys.join(&value)),
        }
    }

    /// Removes the element at a key; later ones of a list move up where asked.
    pub(crate) fn remove(&mut self, key: &Key, shifts: bool) -> Value {
        let held = self.get(key);
        if self.several {
            return held;
        }
        match key {
            Key::Name(name) => {
                self.names.remove(name);
            }
            Key::Index(index) => {
                let known = self.length;
                let index = if *index < 0 { known.unwrap_or(0) + index } else { *index };
                if self.class != Class::List || !shifts {
                    self.items.remove(&index);
                } else if known.is_some() {
                    let later = self.items.split_off(&index);
                    self.items.extend(
                        later.into_iter().filter(|(at, _)| *at > index).map(|(at, value)| (at - 1, value)),
                    );
                    self.length = known.map(|length| (length - 1).max(0));
                } else {
                    self.scatter();
                }
            }
            Key::Unknown if self.class == Class::List => self.scatter(),
            Key::Unknown => {}
        }
        held
    }

    /// Keys in their order, where all are known.
    pub(crate) fn known_keys(&self) -> Option<Vec<Value>> {
        if !self.rest.is_nothing() || !self.keys.is_nothing() || self.open || self.several {
            return None;
        }
        let names = self.names.keys().map(|name| {
            match name.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
                Some("true") => Value::boolean(true),
                Some("false") => Value::boolean(false),
                Some(other) if other.chars().count() == 1 => {
                    Value::constant(Constant::Character(other.chars().next().unwrap_or_default()))
                }
                _ => Value::text(name),
            }
        });
        Some(self.items.keys().map(|index| Value::integer(*index)).chain(names).collect())
    }

    /// Says that order and number of the elements are not known any more.
    pub(crate) fn scatter(&mut self) {
        let items = std::mem::take(&mut self.items);
        items.values().for_each(|value| {
            self.rest.join(value);
        });
        self.length = None;
    }

    /// Elements in order, where they are all known.
    pub(crate) fn elements(&self) -> Option<Vec<Value>> {
        let length = self.length?;
        if !self.rest.is_nothing() || self.open || self.several {
            return None;
        }
        Some((0..length).map(|index| self.get(&Key::Index(index))).collect())
    }

    fn widen(&mut self, earlier: &Self) {
        let wide = |value: &mut Value, known: Option<&Value>| {
            if known.is_some_and(|known| known.constants != value.constants) {
                value.constants.clear();
                value.open = true;
            }
        };
        for (name, value) in &mut self.names {
            wide(value, earlier.names.get(name));
        }
        for (index, value) in &mut self.items {
            wide(value, earlier.items.get(index));
        }
        wide(&mut self.rest, Some(&earlier.rest));
        wide(&mut self.keys, Some(&earlier.keys));
    }

    /// Says that it may be the other too; whether that was new.
    pub(crate) fn join(&mut self, other: &Self) -> bool {
        let mut changed = self.taint.join(&other.taint);
        if self.length != other.length {
            changed |= self.length.is_some();
            self.length = None;
        }
        changed |= join_all(&mut self.items, &other.items, self.open, other.open);
        changed |= self.rest.join(&other.rest);
        let absent_is_null = !matches!(self.class, Class::Scope(_));
        changed |= if absent_is_null {
            join_all(&mut self.names, &other.names, self.open, other.open)
        } else {
            join_scopes(&mut self.names, &other.names)
        };
        changed |= self.keys.join(&other.keys);
        changed |= (other.open && !self.open) || (other.several && !self.several);
        self.open |= other.open;
        self.several |= other.several;
        changed
    }
}

fn put<K: Ord>(map: &mut BTreeMap<K, Value>, key: K, value: Value, strong: bool) {
    match map.get_mut(&key) {
        Some(known) if !strong => {
            known.join(&value);
        }
        _ => {
            map.insert(key, value);
        }
    }
}

/// Joins elements; one that only one side has may be missing.
fn join_all<K: Ord + Clone>(
    own: &mut BTreeMap<K, Value>,
    other: &BTreeMap<K, Value>,
    own_is_open: bool,
    other_is_open: bool,
) -> bool {
    let missing = |open: bool| if open { Value::anything() } else { Value::null() };
    let mut changed = false;
    for (key, value) in other {
        match own.get_mut(key) {
            Some(known) => changed |= known.join(value),
            None => {
                own.insert(key.clone(), value.clone().joined(&missing(own_is_open)));
                changed = true;
            }
        }
    }
    for (key, value) in own.iter_mut() {
        if !other.contains_key(key) {
            changed |= value.join(&missing(other_is_open));
        }
    }
    changed
}

/// Joins variables; one that only one side has is what it is there.
fn join_scopes(own: &mut BTreeMap<Rc<str>, Value>, other: &BTreeMap<Rc<str>, Value>) -> bool {
    let mut changed = false;
    for (name, value) in other {
        match own.get_mut(name) {
            Some(known) => changed |= known.join(value),
            None => {
                own.insert(name.clone(), value.clone());
                changed = true;
            }
        }
    }
    changed
}

type Page = [Option<Rc<Object>>; PAGE];

/// Every object that may be there.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pages: Vec<Option<Rc<Page>>>,
}

impl State {
    pub(crate) fn get(&self, id: ObjectId) -> Option<&Object> {
        let page = self.pages.get(id.0 as usize / PAGE)?.as_ref()?;
        page[id.0 as usize % PAGE].as_deref()
    }

    pub(crate) fn get_mut(&mut self, id: ObjectId) -> Option<&mut Object> {
        let page = self.pages.get_mut(id.0 as usize / PAGE)?.as_mut()?;
        Rc::make_mut(page)[id.0 as usize % PAGE].as_mut().map(Rc::make_mut)
    }

    pub(crate) fn objects(&self) -> impl Iterator<Item = &Object> {
        self.pages.iter().flatten().flat_map(|page| page.iter().flatten()).map(|object| &**object)
    }

    pub(crate) fn put(&mut self, id: ObjectId, object: Object) {
        let at = id.0 as usize / PAGE;
        if self.pages.len() <= at {
            self.pages.resize(at + 1, None);
        }
        let page = self.pages[at].get_or_insert_with(|| Rc::new(std::array::from_fn(|_| None)));
        Rc::make_mut(page)[id.0 as usize % PAGE] = Some(Rc::new(object));
    }

    /// Makes what differs from an earlier state of the same place "anything", so that loops come to an end.
    pub(crate) fn widen(&mut self, earlier: &Self) {
        for (at, page) in self.pages.iter_mut().enumerate() {
            let Some(page) = page else { continue };
            let before = earlier.pages.get(at).and_then(Option::as_ref);
            if before.is_some_and(|before| Rc::ptr_eq(before, page)) {
                continue;
            }
            for slot in 0..PAGE {
                let known = before.and_then(|before| before[slot].as_ref());
                let (Some(known), Some(own)) = (known, page[slot].as_ref()) else { continue };
                if !Rc::ptr_eq(known, own) && known != own {
                    let mut wide = Object::clone(own);
                    wide.widen(known);
                    Rc::make_mut(page)[slot] = Some(Rc::new(wide));
                }
            }
        }
    }

    /// Says that the program may be in the other state too; whether that was new.
    pub(crate) fn join(&mut self, other: &Self) -> bool {
        if self.pages.len() < other.pages.len() {
            self.pages.resize(other.pages.len(), None);
        }
        let mut changed = false;
        for (own, theirs) in self.pages.iter_mut().zip(&other.pages) {
            let Some(theirs) = theirs else { continue };
            match own {
                None => {
                    *own = Some(theirs.clone());
                    changed = true;
                }
                Some(own) if Rc::ptr_eq(own, theirs) => {}
                Some(own) => changed |= join_pages(own, theirs),
            }
        }
        changed
    }
}

fn join_pages(own: &mut Rc<Page>, theirs: &Rc<Page>) -> bool {
    let mut changed = false;
    for (at, other) in theirs.iter().enumerate() {
        let Some(other) = other else { continue };
        match &own[at] {
            Some(known) if Rc::ptr_eq(known, other) => {}
            Some(known) => {
                let mut joined = Object::clone(known);
                if joined.join(other) {
                    Rc::make_mut(own)[at] = Some(Rc::new(joined));
                    changed = true;
                }
            }
            None => {
                Rc::make_mut(own)[at] = Some(other.clone());
                changed = true;
            }
        }
    }
    changed
}
