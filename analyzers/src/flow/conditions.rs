//! Conditions: in which states they hold and fail, and what is known of variables where they do.

use grammars::Language;
use grammars::flow::{
    BinaryOperator, Expression, ExpressionKind, Item, Logic, Pattern, TypeName, UnaryOperator,
};

use crate::flow::engine::{Engine, joined};
use crate::flow::names::{Found, is_script};
use crate::flow::state::{Class, Object, State};
use crate::flow::value::{Constant, ObjectId, Reference, Value};

/// Methods that ask whether a container holds something.
const HOLDS: [&str; 7] = ["contains", "includes", "has", "containsKey", "Contains", "ContainsKey", "get"];

impl<'a> Engine<'a> {
    /// What a condition of this value decides.
    pub(crate) fn truth(&self, value: &Value) -> Option<bool> {
        if value.references.is_empty() {
            return value.truth();
        }
        if value.open {
            return None;
        }
        let mut truths: Vec<Option<bool>> =
            value.references.iter().map(|reference| self.truth_of(reference)).collect();
        truths.extend(value.constants.iter().map(|constant| Some(constant.is_true())));
        let first = truths.first().copied().flatten();
        if truths.iter().all(|truth| *truth == first) { first } else { None }
    }

    fn truth_of(&self, reference: &Reference) -> Option<bool> {
        let Reference::Object(id) = reference else { return Some(true) };
        let object = self.state.get(*id)?;
        match object.class {
            Class::List | Class::Map | Class::Set if self.language() == Language::Python => {
                match object.length {
                    Some(length) => Some(length != 0),
                    None => Some(!object.known_keys()?.is_empty()),
                }
            }
            Class::Library(_) => None,
            _ => Some(true),
        }
    }

    /// The states in which a condition holds and in which it fails. After it no code runs until one is entered.
    pub(crate) fn split(&mut self, test: &'a Expression) -> (Option<State>, Option<State>) {
        match &test.kind {
            ExpressionKind::Unary(UnaryOperator::Not, inner) => {
                let (holds, fails) = self.split(inner);
                (fails, holds)
            }
            ExpressionKind::Logical(logic @ (Logic::And | Logic::Or), left, right) => {
                let (holds, fails) = self.split(left);
                let is_and = *logic == Logic::And;
                let (goes_on, decided) = if is_and { (holds, fails) } else { (fails, holds) };
                self.enter(goes_on);
                let (holds, fails) = if self.live { self.split(right) } else { (None, None) };
                if is_and { (holds, joined(decided, fails)) } else { (joined(decided, holds), fails) }
            }
            ExpressionKind::IsType(inner, of_type, pattern) => {
                let value = self.eval(inner);
                if !self.live {
                    return (None, None);
                }
                let known = self.has_type(&value, of_type);
                let before = self.leave();
                let mut holds = before.clone().filter(|_| known != Some(false));
                if let (Some(pattern), Some(_)) = (pattern, &holds) {
                    self.enter(holds);
                    let narrowed = self.narrowed(&value, of_type);
                    self.bind(pattern, narrowed, true);
                    holds = self.leave();
                }
                (holds, before.filter(|_| known != Some(true)))
            }
            _ => {
                let value = self.eval(test);
                if !self.live {
                    return (None, None);
                }
                match self.truth(&value) {
                    Some(true) => (self.leave(), None),
                    Some(false) => (None, self.leave()),
                    None => self.split_quietly(test, &value),
                }
            }
        }
    }

    /// The same for a condition that was evaluated.
    pub(crate) fn split_quietly(
        &mut self,
        test: &'a Expression,
        value: &Value,
    ) -> (Option<State>, Option<State>) {
        if !self.live {
            return (None, None);
        }
        let truth = self.truth(value);
        self.spend_on_copy();
        let before = self.state.clone();
        self.refine(test, true);
        let holds = std::mem::replace(&mut self.state, before);
        let mut fails = self.state.clone();
        std::mem::swap(&mut fails, &mut self.state);
        self.refine(test, false);
        std::mem::swap(&mut fails, &mut self.state);
        self.live = false;
        (Some(holds).filter(|_| truth != Some(false)), Some(fails).filter(|_| truth != Some(true)))
    }

    /// Goes on with what is known where a condition holds, or fails.
    fn refine(&mut self, test: &'a Expression, holds: bool) {
        match &test.kind {
            ExpressionKind::Unary(UnaryOperator::Not, inner) => self.refine(inner, !holds),
            ExpressionKind::Logical(Logic::And, left, right) if holds => {
                self.refine(left, true);
                self.refine(right, true);
            }
            ExpressionKind::Logical(Logic::Or, left, right) if !holds => {
                self.refine(left, false);
                self.refine(right, false);
            }
            ExpressionKind::Binary(operator, left, right) => {
                self.refine_comparison(*operator, left, right, holds);
            }
            ExpressionKind::Call { callee, arguments } => {
                if holds {
                    self.guard(callee, arguments);
                }
                let (ExpressionKind::Member { of, name, .. }, [argument]) =
                    (&callee.kind, arguments.as_slice())
                else {
                    return;
                };
                if matches!(name.as_str(), "equals" | "Equals" | "equalsIgnoreCase") {
                    self.refine_comparison(BinaryOperator::Equal, of, &argument.value, holds);
                } else if HOLDS[..6].contains(&name.as_str()) && holds {
                    self.refine_member(&argument.value, of);
                }
            }
            ExpressionKind::Name(_) | ExpressionKind::Member { .. } => {
                let Some(mut value) = self.peek(test) else { return };
                let kept = |constant: &Constant| constant.is_true() == holds;
                if value.constants.iter().any(|constant| !kept(constant))
                    && (value.constants.len() > 1 || !value.references.is_empty())
                {
                    value.constants.retain(kept);
                    if !holds && !value.open {
                        value.references.clear();
                    }
                    self.put_back(test, value);
                }
            }
            _ => {}
        }
    }

    /// What a condition that holds makes safe, as policies say.
    fn guard(&mut self, callee: &'a Expression, arguments: &'a [grammars::flow::Argument]) {
        let receiver = match &callee.kind {
            ExpressionKind::Member { of, .. } => Some(&**of),
            _ => None,
        };
        for place in receiver.into_iter().chain(arguments.iter().map(|argument| &argument.value)) {
            let bits = self.marks(&place.range).map_or(0, |marks| marks.guard);
            if bits != 0
                && let Some(value) = self.peek(place)
            {
                let value = self.cleaned(value, bits);
                self.put_back(place, value);
            }
        }
    }

    fn refine_comparison(
        &mut self,
        operator: BinaryOperator,
        left: &'a Expression,
        right: &'a Expression,
        holds: bool,
    ) {
        use BinaryOperator as B;
        let same = match operator {
            B::Equal | B::Identical => holds,
            B::NotEqual | B::NotIdentical => !holds,
            B::In if holds => return self.refine_member(left, right),
            B::NotIn if !holds => return self.refine_member(left, right),
            _ => return,
        };
        for (place, other) in [(left, right), (right, left)] {
            let Some(constant) = self.peek(other).and_then(|value| value.only_constant().cloned()) else {
                continue;
            };
            let Some(mut value) = self.peek(place) else { continue };
            if value.only_constant().is_some() {
                continue;
            }
            if same {
                if constant == Constant::Null && !value.open && !value.constants.contains(&Constant::Null) {
                    continue;
                }
                self.put_back(place, Value::constant(constant));
            } else if value.constants.len() > 1 || !value.references.is_empty() || value.open {
                value.constants.remove(&constant);
                self.put_back(place, value);
            }
        }
    }

    /// Where a container of constants holds it, it is one of them.
    fn refine_member(&mut self, place: &'a Expression, container: &'a Expression) {
        let written = match &container.kind {
            ExpressionKind::List(items) | ExpressionKind::Set(items) => {
                items.iter().map(|item| self.peek(item.inner())).collect::<Option<Vec<_>>>()
            }
            _ => None,
        };
        let Some(known) = written.or_else(|| {
            self.peek(container).and_then(|value| {
                let object = self.state.get(value.only_object()?)?;
                match object.class {
                    Class::List => object.elements(),
                    _ => object.known_keys(),
                }
            })
        }) else {
            return;
        };
        let mut one_of = Value::default();
        for value in &known {
            if value.only_constant().is_none() || !value.taint.is_none() {
                return;
            }
            one_of.join(value);
        }
        if !one_of.is_nothing() && self.peek(place).is_some_and(|value| value.only_constant().is_none()) {
            self.put_back(place, one_of);
        }
    }

    /// The value of an expression, where that is known without running code.
    fn peek(&self, expression: &'a Expression) -> Option<Value> {
        match &expression.kind {
            ExpressionKind::Constant(constant) => Some(Value::constant(constant.into())),
            ExpressionKind::This => Some(self.frame().this.clone()),
            ExpressionKind::Name(name) => match self.find(name)? {
                Found::Scope(scope) => self.state.get(scope)?.names.get(name.as_str()).cloned(),
                Found::Member(of) => self.peek_member(&of, name),
            },
            ExpressionKind::Member { of, name, .. } => {
                let of = self.peek(of)?;
                self.peek_member(&of, name)
            }
            _ => None,
        }
    }

    fn peek_member(&self, of: &Value, name: &str) -> Option<Value> {
        let id = self.home(of)?;
        self.state.get(id)?.names.get(name).cloned()
    }

    /// The one object that holds the members of a value.
    fn home(&self, of: &Value) -> Option<ObjectId> {
        match of.references.as_slice() {
            [Reference::Object(id)] => Some(*id),
            [Reference::Type(of_type)] => {
                let range = of_type.of_type.0..of_type.of_type.0;
                self.known_object(0, of_type.unit, &range, crate::flow::engine::Purpose::Statics)
            }
            _ => None,
        }
    }

    fn put_back(&mut self, place: &'a Expression, value: Value) {
        let (home, name) = match &place.kind {
            ExpressionKind::Name(name) => match self.find(name) {
                Some(Found::Scope(scope)) => (Some(scope), name),
                Some(Found::Member(of)) => (self.home(&of), name),
                None => return,
            },
            ExpressionKind::Member { of, name, .. } => (self.peek(of).and_then(|of| self.home(&of)), name),
            _ => return,
        };
        let Some(home) = home else { return };
        if self
            .state
            .get(home)
            .is_some_and(|object| !object.several && object.names.contains_key(name.as_str()))
        {
            self.set_variable(home, name, value);
        }
    }

    /// The states in which a case's pattern fits, and not.
    pub(crate) fn matches(
        &mut self,
        pattern: &'a Pattern,
        subject: Option<&'a Expression>,
        value: &Value,
    ) -> (Option<State>, Option<State>) {
        let fits = self.fit(pattern, value);
        if !self.live {
            return (None, None);
        }
        let fails = Some(self.state.clone()).filter(|_| fits != Some(true));
        if fits == Some(false) {
            self.live = false;
            return (None, fails);
        }
        let narrowed = match pattern {
            Pattern::OfType(of_type, _) => self.narrowed(value, of_type),
            _ => value.clone(),
        };
        self.bind(pattern, narrowed, true);
        if let (Pattern::Equals(other), Some(subject)) = (pattern, subject) {
            self.refine_comparison(BinaryOperator::Equal, subject, other, true);
        }
        (self.leave(), fails)
    }

    /// Whether a pattern fits a value, where that is known.
    fn fit(&mut self, pattern: &'a Pattern, value: &Value) -> Option<bool> {
        match pattern {
            Pattern::Equals(other) => {
                let other = match &other.kind {
                    ExpressionKind::Name(name) if self.find(name).is_none() => self.case_name(name, value),
                    _ => self.eval(other),
                };
                let same = self.binary(BinaryOperator::Equal, value.clone(), other, &(0..0));
                self.truth(&same)
            }
            Pattern::OfType(of_type, inner) => match self.has_type(value, of_type) {
                Some(true) => self.fit(inner, value),
                Some(false) => Some(false),
                None => (self.fit(inner, value) == Some(false)).then_some(false),
            },
            Pattern::Either(all) => {
                let fits: Vec<_> = all.iter().map(|inner| self.fit(inner, value)).collect();
                if fits.contains(&Some(true)) {
                    Some(true)
                } else if fits.iter().all(|fit| *fit == Some(false)) {
                    Some(false)
                } else {
                    None
                }
            }
            Pattern::Both(first, second) => self.both(first, second, value),
            Pattern::Sequence(items) => self.fit_sequence(items, value),
            Pattern::Record(record) => {
                let mut all = Some(true);
                for (key, inner) in &record.entries {
                    let key = self.eval(key);
                    let element = self.record_element(record, value, &key, &(0..0));
                    if !record.of_fields && element == Value::null() && value.only_object().is_some() {
                        return Some(false);
                    }
                    match self.fit(inner, &element) {
                        Some(false) => return Some(false),
                        Some(true) => {}
                        None => all = None,
                    }
                }
                if value.references.is_empty() { None } else { all }
            }
            Pattern::Default(inner, _) => self.fit(inner, value).filter(|fits| *fits),
            Pattern::Name(..) | Pattern::Ignored | Pattern::Place(_) => Some(true),
        }
    }

    fn both(&mut self, first: &'a Pattern, second: &'a Pattern, value: &Value) -> Option<bool> {
        match (self.fit(first, value), self.fit(second, value)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    /// A case's name that is no variable: a constant of the subject's enumeration.
    fn case_name(&mut self, name: &str, value: &Value) -> Value {
        let of_type = value.objects().find_map(|id| match self.state.get(id)?.class {
            Class::Instance(of_type) => Some(of_type),
            _ => None,
        });
        match of_type {
            Some(of_type) => self.type_member(of_type, name, &(0..0)),
            None => self.global(name),
        }
    }

    fn fit_sequence(&mut self, items: &'a [Item<Pattern>], value: &Value) -> Option<bool> {
        let elements = value.only_object().and_then(|id| self.state.get(id)).and_then(Object::elements);
        let Some(elements) = elements else {
            let is_other = !value.open && value.objects().next().is_none();
            return is_other.then_some(false);
        };
        let spread = items.iter().position(|item| matches!(item, Item::Spread(_)));
        let fits = match spread {
            Some(_) => elements.len() + 1 >= items.len(),
            None => elements.len() == items.len(),
        };
        if !fits {
            return Some(false);
        }
        let mut all = Some(true);
        for (index, item) in items.iter().enumerate() {
            let at = match spread {
                Some(spread) if index == spread => continue,
                Some(spread) if index > spread => elements.len() - (items.len() - index),
                _ => index,
            };
            match self.fit(item.inner(), &elements[at]) {
                Some(false) => return Some(false),
                Some(true) => {}
                None => all = None,
            }
        }
        all
    }

    /// Whether a value is of a type, where that is known.
    pub(crate) fn has_type(&self, value: &Value, of_type: &TypeName) -> Option<bool> {
        if of_type.name == "|" {
            let answers: Vec<_> = of_type.arguments.iter().map(|inner| self.has_type(value, inner)).collect();
            return if answers.contains(&Some(true)) {
                Some(true)
            } else if answers.iter().all(|answer| *answer == Some(false)) {
                Some(false)
            } else {
                None
            };
        }
        if let Some(own) = value.of_type.as_ref().filter(|_| value.open && value.references.is_empty()) {
            let is_plain =
                |name: &TypeName| name.arguments.is_empty() && PLAIN_TYPES.contains(&name.name.as_str());
            return (is_plain(own) && is_plain(of_type)).then(|| own.name == of_type.name);
        }
        if of_type.name.is_empty() || value.open {
            return None;
        }
        let mut answers: Vec<Option<bool>> =
            value.references.iter().map(|reference| self.is_type(reference, of_type)).collect();
        answers.extend(value.constants.iter().map(|constant| constant_is(constant, of_type.simple())));
        let first = answers.first().copied().flatten();
        if answers.iter().all(|answer| *answer == first) { first } else { None }
    }

    /// The value, of which only what is of the type is left.
    fn narrowed(&self, value: &Value, of_type: &TypeName) -> Value {
        let mut narrowed = value.clone();
        narrowed.references.retain(|reference| self.is_type(reference, of_type) != Some(false));
        narrowed.constants.retain(|constant| constant_is(constant, of_type.simple()) != Some(false));
        if narrowed.open && narrowed.references.is_empty() {
            narrowed.of_type = Some(of_type.clone().into());
        }
        narrowed
    }

    /// Whether what is referred to is of a type.
    #[allow(clippy::too_many_lines, reason = "one arm a kind of object")]
    pub(crate) fn is_type(&self, reference: &Reference, of_type: &TypeName) -> Option<bool> {
        let wanted = self.resolve(&of_type.name);
        let simple = of_type.simple();
        let of_pointer = of_type.name == "*";
        match reference {
            Reference::Place(object, name) if of_pointer => {
                let inner = self.place_value(*object, name);
                of_type.arguments.first().and_then(|pointed| self.has_type(&inner, pointed))
            }
            Reference::Object(id) => {
                let object = self.state.get(*id)?;
                match &object.class {
                    Class::Instance(own) => match wanted {
                        Some(wanted) => Some(self.program.implements(*own, wanted)),
                        None => {
                            let above = self.program.library_supers(*own, 0);
                            let is_known =
                                |name: &str| self.models().is_some_and(|models| models.knows(name));
                            if above.iter().any(|name| {
                                name.simple() == simple
                                    || self.models().is_some_and(|models| models.is_a(name.simple(), simple))
                            }) {
                                Some(true)
                            } else if !above.is_empty()
                                && is_known(simple)
                                && above.iter().all(|name| is_known(name.simple()))
                            {
                                Some(false)
                            } else if matches!(simple, "Object" | "object" | "any" | "interface{}" | "Any") {
                                Some(true)
                            } else if above.is_empty() {
                                Some(false)
                            } else {
                                None
                            }
                        }
                    },
                    Class::List => library_class(
                        simple,
                        &["List", "list", "ArrayList", "Collection", "Array", "[]", "tuple", "Iterable"],
                    ),
                    Class::Map => {
                        library_class(simple, &["Map", "dict", "HashMap", "map", "Object", "object"])
                    }
                    Class::Set => library_class(simple, &["Set", "set", "HashSet", "Collection"]),
                    Class::Library(own) if own.is_empty() => None,
                    Class::Library(own) => {
                        if &**own == simple || self.models().is_some_and(|models| models.is_a(own, simple)) {
                            Some(true)
                        } else if wanted.is_some()
                            || self.models().is_some_and(|models| models.knows(own) && models.knows(simple))
                        {
                            Some(false)
                        } else {
                            None
                        }
                    }
                    _ => None,
                }
            }
            Reference::Type(_) | Reference::Function(_) | Reference::Module(_) | Reference::Library(_) => {
                None
            }
            Reference::Place(..) => {
                (wanted.is_some() || constant_is(&Constant::Null, simple).is_some()).then_some(false)
            }
        }
    }

    pub(crate) fn is_script_unit(&self) -> bool {
        is_script(self.language())
    }
}

/// Types of which a value has exactly one.
const PLAIN_TYPES: [&str; 14] = [
    "string", "int", "int32", "int64", "float64", "bool", "byte", "rune", "String", "Integer", "Long",
    "Double", "Boolean", "str",
];

fn library_class(simple: &str, own: &[&str]) -> Option<bool> {
    const OTHERS: [&str; 14] = [
        "String", "str", "string", "Integer", "int", "Long", "Double", "float", "bool", "Boolean", "List",
        "Map", "dict", "Set",
    ];
    if own.contains(&simple) {
        Some(true)
    } else if OTHERS.contains(&simple) {
        Some(false)
    } else {
        None
    }
}

fn constant_is(constant: &Constant, simple: &str) -> Option<bool> {
    let named: &[&str] = match constant {
        Constant::Null => return Some(matches!(simple, "nil" | "None" | "NoneType" | "null")),
        Constant::Boolean(_) => &["Boolean", "bool", "boolean", "Bool"],
        Constant::Integer(_) => &[
            "Integer", "int", "Long", "long", "Number", "number", "int64", "int32", "Short", "Byte", "short",
            "byte", "Int",
        ],
        Constant::Float(_) => &["Double", "double", "Float", "float", "float64", "Number", "number"],
        Constant::Character(_) => &["Character", "char", "rune", "Char"],
        Constant::Text(_) => &["String", "str", "string", "CharSequence", "Text"],
    };
    if named.contains(&simple)
        || matches!(
            simple,
            "Object" | "object" | "any" | "Any" | "interface{}" | "Comparable" | "Serializable"
        )
    {
        return Some(true);
    }
    const KNOWN: [&str; 24] = [
        "Boolean",
        "bool",
        "boolean",
        "Integer",
        "int",
        "Long",
        "long",
        "Double",
        "double",
        "Float",
        "float",
        "float64",
        "Character",
        "char",
        "String",
        "str",
        "string",
        "list",
        "dict",
        "List",
        "Map",
        "tuple",
        "set",
        "bytes",
    ];
    KNOWN.contains(&simple).then_some(false)
}
