//! Values as far as they can be known: constants and references that one may be, and the sources that reach it.
//!
//! A value is one of its constants, one of its references, or, where it is `open`, anything. Joining two says that it is
//! one of either. Sets are bounded: what has too many members is open.

use std::collections::BTreeSet;
use std::rc::Rc;

use grammars::flow::{FunctionId, TypeId, TypeName};

/// More constants than this are "anything".
const MAX_CONSTANTS: usize = 8;

/// More references than this are cut off.
const MAX_REFERENCES: usize = 24;

/// Longer texts are not kept as constants.
const MAX_TEXT_BYTES: usize = 4096;

/// What a variable, field or element may hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Value {
    /// The sources that reach it.
    pub(crate) taint: Taint,
    /// Constants that it may be.
    pub(crate) constants: BTreeSet<Constant>,
    /// Things that it may refer to, in rising order.
    pub(crate) references: Vec<Reference>,
    /// Whether it may be anything else.
    pub(crate) open: bool,
    /// The type that it has, where that is known and nothing else tells.
    pub(crate) of_type: Option<Rc<TypeName>>,
}

/// A constant, with an order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Constant {
    Null,
    Boolean(bool),
    Integer(i64),
    /// The bits of a float.
    Float(u64),
    Character(char),
    Text(Rc<str>),
}

/// A function of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FunctionRef {
    pub(crate) unit: u32,
    pub(crate) function: FunctionId,
}

/// A type of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TypeRef {
    pub(crate) unit: u32,
    pub(crate) of_type: TypeId,
}

/// An object of the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ObjectId(pub(crate) u32);

/// What a value may refer to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reference {
    /// An object.
    Object(ObjectId),
    /// A function without variables around it.
    Function(FunctionRef),
    /// A type as a value.
    Type(TypeRef),
    /// A module of the program.
    Module(u32),
    /// Something outside the program, by its dotted path.
    Library(Rc<str>),
    /// A variable or field, as an address.
    Place(ObjectId, Rc<str>),
}

/// The sources that reach a value, by rising number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taint(Option<Rc<Vec<Mark>>>);

/// That a source reaches a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The source.
    pub(crate) source: u32,
    /// The queries, a bit each, for which it is one and has not been made safe.
    pub(crate) queries: u64,
    /// The last step on its way.
    pub(crate) step: u32,
}

impl Taint {
    pub(crate) fn of(mark: Mark) -> Self {
        Self(Some(Rc::new(vec![mark])))
    }

    pub(crate) fn is_none(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn marks(&self) -> &[Mark] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    /// Adds the other's; whether anything was new.
    pub(crate) fn join(&mut self, other: &Self) -> bool {
        let Some(others) = &other.0 else { return false };
        let Some(own) = &mut self.0 else {
            self.0 = Some(others.clone());
            return true;
        };
        if Rc::ptr_eq(own, others) {
            return false;
        }
        let mut changed = false;
        for mark in others.iter() {
            match own.binary_search_by_key(&mark.source, |known| known.source) {
                Ok(at) if own[at].queries | mark.queries == own[at].queries => {}
                Ok(at) => {
                    Rc::make_mut(own)[at].queries |= mark.queries;
                    changed = true;
                }
                Err(at) => {
                    Rc::make_mut(own).insert(at, *mark);
                    changed = true;
                }
            }
        }
        changed
    }

    /// The taint after a step; `None` where there is none.
    pub(crate) fn stepped(&self, mut step: impl FnMut(u32) -> u32) -> Self {
        let moved = |mark: &Mark| Mark { step: step(mark.step), ..*mark };
        Self(self.0.as_ref().map(|marks| Rc::new(marks.iter().map(moved).collect())))
    }

    /// Without the queries for which it was made safe.
    pub(crate) fn without(&self, queries: u64) -> Self {
        let kept = self.marks().iter().map(|mark| Mark { queries: mark.queries & !queries, ..*mark });
        let kept: Vec<_> = kept.filter(|mark| mark.queries != 0).collect();
        Self((!kept.is_empty()).then(|| Rc::new(kept)))
    }
}

impl Value {
    /// Anything at all, untainted.
    pub(crate) fn anything() -> Self {
        Self { open: true, ..Self::default() }
    }

    /// Anything, reached by these sources.
    pub(crate) fn tainted(taint: Taint) -> Self {
        Self { taint, ..Self::anything() }
    }

    pub(crate) fn constant(constant: Constant) -> Self {
        if matches!(&constant, Constant::Text(text) if text.len() > MAX_TEXT_BYTES) {
            return Self::anything();
        }
        Self { constants: BTreeSet::from([constant]), ..Self::default() }
    }

    pub(crate) fn null() -> Self {
        Self::constant(Constant::Null)
    }

    pub(crate) fn boolean(value: bool) -> Self {
        Self::constant(Constant::Boolean(value))
    }

    pub(crate) fn integer(value: i64) -> Self {
        Self::constant(Constant::Integer(value))
    }

    pub(crate) fn text(text: &str) -> Self {
        Self::constant(Constant::Text(text.into()))
    }

    pub(crate) fn reference(reference: Reference) -> Self {
        Self { references: vec![reference], ..Self::default() }
    }

    pub(crate) fn object(object: ObjectId) -> Self {
        Self::reference(Reference::Object(object))
    }

    pub(crate) fn library(path: &str) -> Self {
        Self::reference(Reference::Library(path.into()))
    }

    /// Whether it is nothing: no code that runs makes it.
    pub(crate) fn is_nothing(&self) -> bool {
        !self.open && self.constants.is_empty() && self.references.is_empty() && self.taint.is_none()
    }

    /// The constant that it is, if it is exactly one.
    pub(crate) fn only_constant(&self) -> Option<&Constant> {
        (!self.open && self.references.is_empty() && self.constants.len() == 1)
            .then(|| self.constants.first())
            .flatten()
    }

    pub(crate) fn as_integer(&self) -> Option<i64> {
        match self.only_constant()? {
            Constant::Integer(value) => Some(*value),
            Constant::Character(value) => Some(i64::from(u32::from(*value))),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<Rc<str>> {
        match self.only_constant()? {
            Constant::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// What a condition of this value decides, as languages with truthiness do; none where it may be either.
    pub(crate) fn truth(&self) -> Option<bool> {
        if self.open || !self.references.is_empty() {
            return None;
        }
        let mut truths = self.constants.iter().map(Constant::is_true);
        let first = truths.next()?;
        truths.all(|truth| truth == first).then_some(first)
    }

    pub(crate) fn objects(&self) -> impl Iterator<Item = ObjectId> {
        self.references.iter().filter_map(|reference| match reference {
            Reference::Object(object) => Some(*object),
            _ => None,
        })
    }

    /// The object that it is, if it can be nothing else (but null).
    pub(crate) fn only_object(&self) -> Option<ObjectId> {
        match self.references.as_slice() {
            [Reference::Object(object)] if !self.open => Some(*object),
            _ => None,
        }
    }

    /// Says that it may be the other too; whether that was new.
    pub(crate) fn join(&mut self, other: &Self) -> bool {
        let mut changed = self.taint.join(&other.taint);
        if self.is_nothing() || (self.of_type.is_none() && !self.open) {
            self.of_type.clone_from(&other.of_type);
        }
        if other.open && !self.open {
            self.open = true;
            changed = true;
        }
        for constant in &other.constants {
            if !(self.open && self.constants.len() >= MAX_CONSTANTS) {
                changed |= self.constants.insert(constant.clone());
            }
        }
        for reference in &other.references {
            if let Err(at) = self.references.binary_search(reference)
                && self.references.len() < MAX_REFERENCES
            {
                self.references.insert(at, reference.clone());
                changed = true;
            }
        }
        if self.constants.len() > MAX_CONSTANTS {
            self.constants.clear();
            self.open = true;
        }
        changed
    }

    pub(crate) fn joined(mut self, other: &Self) -> Self {
        self.join(other);
        self
    }

    /// The same with more sources.
    pub(crate) fn with_taint(mut self, taint: &Taint) -> Self {
        self.taint.join(taint);
        self
    }
}

impl Constant {
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Boolean(value) => *value,
            Self::Integer(value) => *value != 0,
            Self::Float(bits) => f64::from_bits(*bits) != 0.0,
            Self::Character(value) => *value != '\0',
            Self::Text(text) => !text.is_empty(),
        }
    }

    /// As text put together with other text has it.
    pub(crate) fn written(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Boolean(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Float(bits) => f64::from_bits(*bits).to_string(),
            Self::Character(value) => value.to_string(),
            Self::Text(text) => text.to_string(),
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Float(bits) => Some(f64::from_bits(*bits)),
            Self::Character(value) => Some(f64::from(u32::from(*value))),
            _ => None,
        }
    }
}

impl From<bool> for Constant {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<&grammars::flow::Constant> for Constant {
    fn from(constant: &grammars::flow::Constant) -> Self {
        use grammars::flow::Constant as Written;
        match constant {
            Written::Null => Self::Null,
            Written::Boolean(value) => Self::Boolean(*value),
            Written::Integer(value) => match i64::try_from(*value) {
                Ok(value) => Self::Integer(value),
                Err(_) => Self::Float((*value as f64).to_bits()),
            },
            Written::Float(value) => Self::Float(value.to_bits()),
            Written::Text(text) => Self::Text(text.as_str().into()),
            Written::Character(value) => Self::Character(*value),
        }
    }
}
