//! Evaluates expressions.

use std::rc::Rc;

use grammars::Language;
use grammars::flow::{
    Assignment, AssignmentOperator, BinaryOperator, Expression, ExpressionKind, Item, Logic, Range, TypeName,
    UnaryOperator,
};

use crate::flow::engine::{Engine, Purpose};
use crate::flow::names::is_script;
use crate::flow::operators;
use crate::flow::state::{Class, Key, Object};
use crate::flow::value::{Constant, FunctionRef, Reference, TypeRef, Value};

impl<'a> Engine<'a> {
    /// Evaluates; where no code runs any more, the value is nothing.
    pub(crate) fn eval(&mut self, expression: &'a Expression) -> Value {
        self.spend();
        if !self.live {
            return Value::default();
        }
        let value = self.evaluated(expression);
        if self.live { self.marked(value, &expression.range) } else { value }
    }

    /// What the queries say of the value at a place.
    pub(crate) fn marked(&mut self, mut value: Value, range: &Range) -> Value {
        let Some(marks) = self.marks(range) else { return value };
        if marks.clean != 0 {
            value = self.cleaned(value, marks.clean);
        }
        if marks.source != 0 {
            let taint = self.source(range, marks.source);
            value.taint.join(&taint);
        }
        if marks.sink != 0 {
            self.sink(range, marks.sink, &value);
        }
        value
    }

    /// The value without what made it unsafe for these queries.
    pub(crate) fn cleaned(&mut self, mut value: Value, queries: u64) -> Value {
        let inside = self.deep_taint(&value);
        if !value.references.is_empty() && inside.marks().iter().any(|mark| mark.queries & queries != 0) {
            value.references.clear();
            value.open = true;
            value.taint = inside;
        }
        value.taint = value.taint.without(queries);
        value
    }

    #[allow(clippy::too_many_lines, reason = "one arm a kind")]
    fn evaluated(&mut self, expression: &'a Expression) -> Value {
        let range = &expression.range;
        match &expression.kind {
            ExpressionKind::Constant(constant) => Value::constant(constant.into()),
            ExpressionKind::Name(name) => self.read_name(name, range),
            ExpressionKind::This => self.frame().this.clone(),
            ExpressionKind::Super => self.frame().this.clone(),
            ExpressionKind::Member { of, name, optional } => self.member(of, name, *optional, range),
            ExpressionKind::Element { of, index } => {
                let of = self.eval(of);
                let index = self.eval(index);
                if !self.live {
                    return Value::default();
                }
                self.check_null(&of);
                self.read_element(&of, &index, range)
            }
            ExpressionKind::Slice { of, bounds } => self.slice(of, bounds, range),
            ExpressionKind::Call { callee, arguments } => self.call(callee, arguments, range),
            ExpressionKind::New { of_type, callee, arguments, body } => {
                self.new_object(of_type, callee.as_deref(), arguments, *body, range)
            }
            ExpressionKind::Record { of_type, entries } => self.record(of_type.as_ref(), entries, range),
            ExpressionKind::List(items) => self.list(items, range),
            ExpressionKind::Set(items) => self.set(items, range),
            ExpressionKind::Map(entries) => self.record(None, entries, range),
            ExpressionKind::Unary(operator, operand) => self.unary(*operator, operand),
            ExpressionKind::Binary(operator, left, right) => {
                let left = self.eval(left);
                let right = self.eval(right);
                self.binary(*operator, left, right, range)
            }
            ExpressionKind::Logical(logic, left, right) => self.logical(*logic, left, right),
            ExpressionKind::Conditional(test, first, second) => {
                let (holds, fails) = self.split(test);
                self.either_value(holds, fails, |engine| engine.eval(first), |engine| engine.eval(second))
            }
            ExpressionKind::Assign(assignment) => self.assign(assignment, range),
            ExpressionKind::Step(operand, by, is_after) => {
                let before = self.eval(operand);
                let after =
                    self.binary(BinaryOperator::Add, before.clone(), Value::integer(i64::from(*by)), range);
                self.set_place(operand, after.clone());
                if *is_after { before } else { after }
            }
            ExpressionKind::Template(parts) => {
                let values: Vec<_> = parts.iter().map(|part| self.eval(part)).collect();
                self.text_of(&values, range)
            }
            ExpressionKind::Function(id) => {
                self.closure(FunctionRef { unit: self.unit(), function: *id }, range)
            }
            ExpressionKind::Type(id) => self.type_value(TypeRef { unit: self.unit(), of_type: *id }),
            ExpressionKind::Reference(of, name) => self.method_value(of, name, range),
            ExpressionKind::Module { path, level } => self.module_value(path, *level),
            ExpressionKind::Cast(of_type, inner) => {
                let value = self.eval(inner);
                self.cast(value, of_type, range)
            }
            ExpressionKind::IsType(..) => {
                let (holds, fails) = self.split(expression);
                self.either_value(holds, fails, |_| Value::boolean(true), |_| Value::boolean(false))
            }
            ExpressionKind::Await(inner) => {
                let value = self.eval(inner);
                self.awaited(value)
            }
            ExpressionKind::Yield(value, all) => self.yielded(value.as_deref(), *all, range),
            ExpressionKind::Throw(value) => {
                let value = self.eval(value);
                self.throw(value);
                Value::default()
            }
            ExpressionKind::Receive(channel) => {
                let channel = self.eval(channel);
                self.receive(&channel)
            }
            ExpressionKind::AddressOf(of) => self.address(of),
            ExpressionKind::Dereference(inner) => {
                let value = self.eval(inner);
                self.followed(&value)
            }
            ExpressionKind::Block(block, value) => {
                let around = self.frame().scope;
                self.open_scope(range, around);
                self.run_all(&block.statements);
                let value = if self.live { self.eval(value) } else { Value::default() };
                self.frame_mut().scope = around;
                value
            }
            ExpressionKind::Unknown(parts) => {
                let mut all = Value::anything();
                for part in parts {
                    let value = self.eval(part);
                    all.taint.join(&self.deep_taint(&value));
                }
                all
            }
        }
    }

    /// The value of either of two expressions, each evaluated in a state of its own.
    pub(crate) fn either_value(
        &mut self,
        holds: Option<crate::flow::state::State>,
        fails: Option<crate::flow::state::State>,
        first: impl FnOnce(&mut Self) -> Value,
        second: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let mut value = Value::default();
        self.enter(holds);
        if self.live {
            value = first(self);
        }
        let after = self.leave();
        self.enter(fails);
        if self.live {
            let other = second(self);
            if self.live {
                match after.is_some() {
                    true => drop(value.join(&other)),
                    false => value = other,
                }
            }
        }
        self.join_state(after);
        value
    }

    fn member(&mut self, of: &'a Expression, name: &'a str, optional: bool, range: &Range) -> Value {
        if let ExpressionKind::Super = of.kind {
            let this = self.frame().this.clone();
            return self.super_member(&this, name, range);
        }
        let base = self.eval(of);
        if !self.live {
            return Value::default();
        }
        if optional && base.only_constant() == Some(&Constant::Null) {
            return Value::null();
        }
        if !optional {
            self.check_null(&base);
        }
        let base =
            if base.open && base.references.is_empty() && base.taint.is_none() && base.of_type.is_none() {
                base
            } else {
                self.without_null(base)
            };
        let mut value = self.read_member(&base, name, range);
        if optional {
            value.open |= base.open;
        }
        value
    }

    /// Code that reads a member of nothing does not go on.
    pub(crate) fn check_null(&mut self, of: &Value) {
        let is_null =
            of.only_constant() == Some(&Constant::Null) && of.of_type.is_none() && of.taint.is_none();
        if is_null && matches!(self.language(), Language::Java | Language::Kotlin | Language::CSharp) {
            let thrown = self.library_error("NullPointerException");
            self.throw(thrown);
        }
    }

    /// An error that the language itself throws.
    pub(crate) fn library_error(&mut self, name: &str) -> Value {
        let range = 0..name.len() as u32;
        self.made(&range, Object::new(Class::Library(name.into())))
    }

    pub(crate) fn without_null(&self, mut value: Value) -> Value {
        if value.constants.len() > 1 || !value.references.is_empty() {
            value.constants.remove(&Constant::Null);
        }
        value
    }

    fn slice(
        &mut self,
        of: &'a Expression,
        bounds: &'a [Option<Box<Expression>>; 3],
        range: &Range,
    ) -> Value {
        let of = self.eval(of);
        let bounds: Vec<Option<Value>> =
            bounds.iter().map(|bound| bound.as_ref().map(|bound| self.eval(bound))).collect();
        let of = self.followed(&of);
        self.sliced(
            &of,
            bounds.first().cloned().flatten().as_ref(),
            bounds[1].as_ref(),
            bounds[2].as_ref(),
            range,
        )
    }

    /// A stretch of a list or text.
    pub(crate) fn sliced(
        &mut self,
        of: &Value,
        from: Option<&Value>,
        to: Option<&Value>,
        step: Option<&Value>,
        range: &Range,
    ) -> Value {
        let bound = |value: Option<&Value>, default: i64, length: i64| match value {
            None => Some(default),
            Some(value) if value.only_constant() == Some(&Constant::Null) => Some(default),
            Some(value) => {
                value.as_integer().map(|at| (if at < 0 { length + at } else { at }).clamp(0, length))
            }
        };
        let step_by = step.map_or(Some(1), |step| match step.only_constant() {
            Some(Constant::Null) => Some(1),
            _ => step.as_integer(),
        });
        let stretch = |length: usize| -> Option<Vec<usize>> {
            let length = length as i64;
            let step = step_by.filter(|step| *step != 0)?;
            if step < 0 {
                let all = from.is_none_or(|from| from.only_constant() == Some(&Constant::Null));
                let positions = (0..length).rev().step_by(usize::try_from(-step).ok()?);
                return all.then(|| positions.filter_map(|at| usize::try_from(at).ok()).collect());
            }
            let (from, to) = (bound(from, 0, length)?, bound(to, length, length)?);
            let positions = (from..to).step_by(usize::try_from(step).ok()?);
            Some(positions.filter_map(|at| usize::try_from(at).ok()).collect())
        };
        if let Some(text) = of.as_text() {
            let letters: Vec<char> = text.chars().collect();
            return match stretch(letters.len()) {
                Some(at) => {
                    let text: String = at.into_iter().filter_map(|at| letters.get(at)).collect();
                    Value::text(&text).with_taint(&of.taint)
                }
                None => Value::tainted(of.taint.clone()),
            };
        }
        if of.objects().next().is_none() {
            return Value { of_type: of.of_type.clone(), ..Value::tainted(of.taint.clone()) };
        }
        let known = of.only_object().and_then(|id| self.state.get(id)?.elements());
        let mut list = match known.and_then(|elements| {
            Some(stretch(elements.len())?.into_iter().map(|at| elements[at].clone()).collect::<Vec<_>>())
        }) {
            Some(elements) => Object::list(elements),
            None => {
                let mut list = Object::new(Class::List);
                list.rest = self.any_item(of);
                list
            }
        };
        list.taint.join(&of.taint);
        self.made(range, list)
    }

    fn list(&mut self, items: &'a [Item<Expression>], range: &Range) -> Value {
        let mut list = Object::list([]);
        for item in items {
            let value = self.eval(item.inner());
            match item {
                Item::One(inner) => {
                    let value = self.copied(value, &inner.range);
                    list.append(value);
                }
                Item::Spread(inner) => {
                    let value = self.iterated(value, inner);
                    self.extend(&mut list, &value);
                }
            }
        }
        self.made(range, list)
    }

    /// Adds every element of a value to a list.
    pub(crate) fn extend(&mut self, list: &mut Object, value: &Value) {
        match self.known_rounds(value, grammars::flow::Yields::Elements) {
            Some(elements) => elements.into_iter().for_each(|element| list.append(element)),
            None => {
                let some = self.some_element(value);
                list.length = None;
                list.rest.join(&some);
            }
        }
    }

    fn set(&mut self, items: &'a [Item<Expression>], range: &Range) -> Value {
        let mut set = Object::new(Class::Set);
        for item in items {
            let value = self.eval(item.inner());
            match item {
                Item::One(_) => set.add(value),
                Item::Spread(_) => match self.known_rounds(&value, grammars::flow::Yields::Elements) {
                    Some(elements) => elements.into_iter().for_each(|element| set.add(element)),
                    None => {
                        let some = self.some_element(&value);
                        set.keys.join(&some);
                    }
                },
            }
        }
        self.made(range, set)
    }

    fn record(
        &mut self,
        of_type: Option<&'a TypeName>,
        entries: &'a [Item<(Expression, Expression)>],
        range: &Range,
    ) -> Value {
        let resolved = of_type.and_then(|name| self.resolve(&name.name));
        let mut object = match resolved {
            Some(of_type) => self.zeroed(of_type, range),
            None => {
                let mut map = Object::new(Class::Map);
                map.made_as = of_type.filter(|name| name.name != "map").map(|name| name.simple().into());
                map
            }
        };
        for item in entries {
            match item {
                Item::One((key, value)) => {
                    let key_value = self.eval(key);
                    let held = self.eval(value);
                    let held = self.copied(held, &value.range);
                    let held = self.stepped(held, &value.range);
                    self.add_entry(&mut object, resolved, &key_value, held);
                }
                Item::Spread((_, value)) => {
                    let value = self.eval(value);
                    self.spread_into(&mut object, &value);
                }
            }
        }
        self.made(range, object)
    }

    fn add_entry(&mut self, object: &mut Object, of_type: Option<TypeRef>, key: &Value, held: Value) {
        let mut key_of = Key::of(key);
        if let (Some(of_type), Key::Index(index)) = (of_type, &key_of) {
            let field = usize::try_from(*index).ok().and_then(|index| {
                self.program
                    .parts(of_type)
                    .iter()
                    .find_map(|part| self.program.declaration(*part).fields.get(index))
            });
            if let Some(field) = field {
                key_of = Key::Name(field.name.as_str().into());
            }
        }
        if key_of == Key::Unknown {
            object.keys.join(key);
        } else {
            object.keys.taint.join(&key.taint);
        }
        object.set(&key_of, held, true);
    }

    /// Copies entries, as spread and `Object.assign` do.
    pub(crate) fn spread_into(&mut self, object: &mut Object, value: &Value) {
        for id in value.objects() {
            let Some(other) = self.state.get(id) else { continue };
            let is_one = value.references.len() == 1;
            for (name, held) in &other.names {
                object.set(&Key::Name(name.clone()), held.clone(), is_one);
            }
            for (index, held) in &other.items {
                object.set(&Key::Index(*index), held.clone(), is_one);
            }
            object.rest.join(&other.rest);
            object.keys.join(&other.keys);
            object.taint.join(&other.taint);
            object.open |= other.open;
        }
        if value.open {
            object.open = true;
        }
        object.taint.join(&value.taint);
    }

    /// The value as another type.
    fn cast(&mut self, value: Value, of_type: &TypeName, range: &Range) -> Value {
        let whole =
            ["int", "long", "short", "byte", "Integer", "Long", "int64", "int32", "rune", "uint8", "Int"];
        let constants = |value: Value, change: &dyn Fn(&Constant) -> Constant| Value {
            constants: value.constants.iter().map(change).collect(),
            ..value
        };
        match of_type.simple() {
            "char" | "Character" => constants(value, &|constant| match constant {
                Constant::Integer(code) => u32::try_from(*code)
                    .ok()
                    .and_then(char::from_u32)
                    .map_or_else(|| constant.clone(), Constant::Character),
                _ => constant.clone(),
            }),
            name if whole.contains(&name) => constants(value, &|constant| match constant {
                Constant::Float(bits) => Constant::Integer(f64::from_bits(*bits) as i64),
                Constant::Character(letter) => Constant::Integer(i64::from(u32::from(*letter))),
                _ => constant.clone(),
            }),
            "double" | "float" | "float64" | "float32" => constants(value, &|constant| match constant {
                Constant::Integer(whole) => Constant::Float((*whole as f64).to_bits()),
                _ => constant.clone(),
            }),
            "string" | "String" => constants(value, &|constant| match constant {
                Constant::Integer(code) if self.language() == Language::Go => {
                    let letter = u32::try_from(*code).ok().and_then(char::from_u32);
                    letter
                        .map_or_else(|| constant.clone(), |letter| Constant::Text(letter.to_string().into()))
                }
                Constant::Character(letter) => Constant::Text(letter.to_string().into()),
                _ => constant.clone(),
            }),
            _ => {
                if value.open && value.references.is_empty() && value.of_type.is_none() {
                    return self.typed(value, of_type, range);
                }
                value
            }
        }
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &'a Expression) -> Value {
        let value = self.eval(operand);
        let truth = self.truth(&value);
        operators::unary(operator, &value, truth)
    }

    /// A binary operation on values of any kind.
    pub(crate) fn binary(
        &mut self,
        operator: BinaryOperator,
        left: Value,
        right: Value,
        range: &Range,
    ) -> Value {
        if !self.live {
            return Value::default();
        }
        use BinaryOperator as B;
        let divides = matches!(operator, B::Divide | B::Remainder | B::FloorDivide);
        if divides && right.as_integer() == Some(0) && left.as_text().is_none() && !is_script(self.language())
        {
            let is_whole = !left.constants.iter().any(|constant| matches!(constant, Constant::Float(_)));
            if is_whole {
                let thrown = self.library_error("ArithmeticException");
                self.throw(thrown);
                return Value::default();
            }
        }
        let (left, right) = (self.followed(&left), self.followed(&right));
        if matches!(operator, B::In | B::NotIn) {
            return self.contained(operator, &left, &right);
        }
        if left.references.is_empty() && right.references.is_empty() {
            if operator == B::Remainder
                && self.language() == Language::Python
                && (left.open || left.as_text().is_some())
            {
                return Value::tainted(left.taint.clone()).with_taint(&self.deep_taint(&right));
            }
            return operators::binary(self.language(), operator, &left, &right);
        }
        self.on_objects(operator, &left, &right, range)
    }

    fn on_objects(&mut self, operator: BinaryOperator, left: &Value, right: &Value, range: &Range) -> Value {
        use BinaryOperator as B;
        if operators::is_comparison(operator) {
            let mut result = operators::binary(self.language(), operator, left, right);
            result.taint.join(&self.deep_taint(left));
            result.taint.join(&self.deep_taint(right));
            return result;
        }
        let is_list = |engine: &Self, value: &Value| {
            value
                .only_object()
                .and_then(|id| engine.state.get(id))
                .is_some_and(|object| object.class == Class::List)
        };
        if operator == B::Add && is_list(self, left) && is_list(self, right) && !is_script(self.language()) {
            let mut list = Object::list([]);
            self.extend(&mut list, left);
            self.extend(&mut list, right);
            return self.made(range, list);
        }
        if operator == B::Multiply && is_list(self, left) {
            return self.repeated(left, right, range);
        }
        let class_of = |engine: &Self, value: &Value| {
            value.only_object().and_then(|id| engine.state.get(id)).map(|object| object.class.clone())
        };
        if let (Some(first @ (Class::Set | Class::Map)), Some(second)) =
            (class_of(self, left), class_of(self, right))
            && first == second
        {
            return self.set_algebra(operator, left, right, range);
        }
        if let Some(method) = operator_method(operator)
            .and_then(|name| left.objects().next().and_then(|id| self.method_of_object(id, name)))
        {
            return self.invoke_simple(method, left.clone(), vec![right.clone()], range);
        }
        if operator == B::Add {
            return self.text_of(&[left.clone(), right.clone()], range);
        }
        Value::tainted(self.deep_taint(left)).with_taint(&self.deep_taint(right))
    }

    fn repeated(&mut self, left: &Value, right: &Value, range: &Range) -> Value {
        let elements = left.only_object().and_then(|id| self.state.get(id)?.elements());
        let times = right.as_integer().and_then(|times| usize::try_from(times).ok());
        let list = match (elements, times) {
            (Some(elements), Some(times)) if elements.len() * times <= 128 => {
                let count = elements.len() * times;
                Object::list(elements.into_iter().cycle().take(count))
            }
            _ => {
                let mut list = Object::new(Class::List);
                list.rest = self.any_item(left);
                list
            }
        };
        self.made(range, list)
    }

    fn set_algebra(&mut self, operator: BinaryOperator, left: &Value, right: &Value, range: &Range) -> Value {
        let first = left.only_object().and_then(|id| self.state.get(id)).cloned();
        let second = right.only_object().and_then(|id| self.state.get(id)).cloned();
        let (Some(mut first), Some(second)) = (first, second) else { return Value::anything() };
        match operator {
            BinaryOperator::BitOr | BinaryOperator::Add => self.spread_into(&mut first, right),
            BinaryOperator::BitAnd if second.known_keys().is_some() => {
                first.names.retain(|name, _| second.names.contains_key(name));
                first.items.retain(|index, _| second.items.contains_key(index));
            }
            BinaryOperator::Subtract => {
                first.names.retain(|name, _| !second.names.contains_key(name));
                first.items.retain(|index, _| !second.items.contains_key(index));
                if !second.keys.taint.is_none()
                    && first.keys.taint == second.keys.taint
                    && first.keys.references.is_empty()
                {
                    first.keys = Value::default();
                }
            }
            BinaryOperator::BitXor => {
                let both: Vec<_> =
                    first.names.keys().filter(|name| second.names.contains_key(*name)).cloned().collect();
                self.spread_into(&mut first, right);
                for name in both {
                    first.names.remove(&name);
                }
            }
            _ => {}
        }
        self.made(range, first)
    }

    /// Whether something is an element or key of something.
    fn contained(&mut self, operator: BinaryOperator, left: &Value, right: &Value) -> Value {
        let wants = operator == BinaryOperator::In;
        let known = right.only_object().and_then(|id| {
            let object = self.state.get(id)?;
            let key = Key::of(left);
            match (&object.class, &key) {
                (_, Key::Unknown) => None,
                (Class::Map | Class::Set, Key::Name(name)) => {
                    object.known_keys().map(|_| object.names.contains_key(name))
                }
                (Class::Map | Class::Set, Key::Index(index)) => {
                    object.known_keys().map(|_| object.items.contains_key(index))
                }
                (Class::List, _) => {
                    let elements = object.elements()?;
                    let constants: Option<Vec<_>> = elements.iter().map(Value::only_constant).collect();
                    Some(constants?.contains(&left.only_constant()?))
                }
                _ => None,
            }
        });
        let mut result = match known {
            Some(known) => Value::boolean(known == wants),
            None if right.references.is_empty() => operators::binary(self.language(), operator, left, right),
            None => operators::either(),
        };
        result.taint.join(&self.deep_taint(left));
        result.taint.join(&self.deep_taint(right));
        result
    }

    fn logical(&mut self, logic: Logic, left: &'a Expression, right: &'a Expression) -> Value {
        let first = self.eval(left);
        if !self.live {
            return Value::default();
        }
        let truth = match logic {
            Logic::Coalesce => match (first.only_constant(), first.open) {
                (Some(Constant::Null), _) => Some(false),
                (_, false) if !first.constants.contains(&Constant::Null) && !first.is_nothing() => Some(true),
                _ => None,
            },
            _ => self.truth(&first),
        };
        let takes_first = match logic {
            Logic::And => truth.map(|truth| !truth),
            Logic::Or | Logic::Coalesce => truth,
        };
        match takes_first {
            Some(true) => first,
            Some(false) => self.eval(right).with_taint(&if logic == Logic::Coalesce {
                Default::default()
            } else {
                self.boolean_taint(&first)
            }),
            None => {
                let before = self.state.clone();
                let (holds, fails) = self.split_quietly(left, &first);
                let goes_on = if logic == Logic::And { holds } else { fails };
                self.enter(goes_on.or(Some(before.clone())));
                let second = self.eval(right);
                let mut kept = first;
                if logic != Logic::And && kept.constants.len() > 1 {
                    kept.constants.retain(Constant::is_true);
                }
                if logic == Logic::Coalesce {
                    kept.constants.remove(&Constant::Null);
                }
                self.join_state(Some(before));
                kept.joined(&second)
            }
        }
    }

    /// What taints a value that is nothing but true or false.
    fn boolean_taint(&self, value: &Value) -> crate::flow::value::Taint {
        let is_boolean = !value.open
            && value.references.is_empty()
            && value.constants.iter().all(|constant| matches!(constant, Constant::Boolean(_)));
        if is_boolean { value.taint.clone() } else { Default::default() }
    }

    fn assign(&mut self, assignment: &'a Assignment, range: &Range) -> Value {
        let Some(operator) = assignment.operator else {
            let value = self.eval(&assignment.value);
            self.bind(&assignment.target, value.clone(), false);
            return value;
        };
        let place = match &assignment.target {
            grammars::flow::Pattern::Place(place) => Some(&**place),
            _ => None,
        };
        let before = match (&assignment.target, place) {
            (_, Some(place)) => self.eval(place),
            (grammars::flow::Pattern::Name(name, place), _) => self.read_name(name, place),
            _ => Value::anything(),
        };
        let value = match operator {
            AssignmentOperator::Binary(operator) => {
                let right = self.eval(&assignment.value);
                self.add_in_place(operator, &before, &right)
                    .unwrap_or_else(|| self.binary(operator, before, right, range))
            }
            AssignmentOperator::Logical(logic) => {
                let truth = match logic {
                    Logic::Coalesce => (before.only_constant() == Some(&Constant::Null)).then_some(false),
                    _ => self.truth(&before),
                };
                let keeps = match logic {
                    Logic::And => truth.map(|truth| !truth),
                    _ => truth,
                };
                match keeps {
                    Some(true) => return before,
                    Some(false) => self.eval(&assignment.value),
                    None => self.eval(&assignment.value).joined(&before),
                }
            }
        };
        self.bind(&assignment.target, value.clone(), false);
        value
    }

    /// `+=` on a list of Python changes the list itself.
    fn add_in_place(&mut self, operator: BinaryOperator, before: &Value, right: &Value) -> Option<Value> {
        if operator != BinaryOperator::Add || self.language() != Language::Python {
            return None;
        }
        let id = before.only_object()?;
        let mut object = self.state.get(id)?.clone();
        if object.class != Class::List {
            return None;
        }
        self.extend(&mut object, right);
        self.state.put(id, object);
        Some(before.clone())
    }

    /// Text put together of values.
    pub(crate) fn text_of(&mut self, values: &[Value], range: &Range) -> Value {
        let mut texts = vec![String::new()];
        let mut taint = crate::flow::value::Taint::default();
        let mut is_known = true;
        for value in values {
            let value = self.written(value, range);
            taint.join(&value.taint);
            let closed = !value.open && value.references.is_empty() && !value.constants.is_empty();
            is_known &= closed && texts.len() * value.constants.len() <= 8;
            if is_known {
                texts = texts
                    .iter()
                    .flat_map(|text| {
                        value.constants.iter().map(move |constant| format!("{text}{}", constant.written()))
                    })
                    .collect();
            }
        }
        let mut result = Value::default();
        if is_known {
            texts.iter().for_each(|text| drop(result.join(&Value::text(text))));
        } else {
            result.open = true;
        }
        result.taint = taint;
        result
    }

    /// A value as text: what objects write of themselves.
    pub(crate) fn written(&mut self, value: &Value, range: &Range) -> Value {
        if value.references.is_empty() {
            return value.clone();
        }
        let mut text = Value { references: Vec::new(), ..value.clone() };
        for reference in value.references.clone() {
            let method = match &reference {
                Reference::Object(id) => ["toString", "__str__", "__repr__", "ToString", "String", "Error"]
                    .into_iter()
                    .find_map(|name| self.method_of_object(*id, name)),
                _ => None,
            };
            match method {
                Some(method) => {
                    let written = self.invoke_simple(method, Value::reference(reference), Vec::new(), range);
                    text.join(&written);
                }
                None => {
                    let held = match &reference {
                        Reference::Object(id) => {
                            self.state.get(*id).and_then(|object| object.names.get("<text>")).cloned()
                        }
                        _ => None,
                    };
                    match held {
                        Some(held) => drop(text.join(&held)),
                        None => {
                            text.open = true;
                            text.taint.join(&self.deep_taint(&Value::reference(reference)));
                        }
                    }
                }
            }
        }
        text
    }

    pub(crate) fn closure(&mut self, at: FunctionRef, range: &Range) -> Value {
        let scope = self.frame().scope;
        let mut object = Object::new(Class::Closure(at, Some(scope)));
        if self.program.function(at).flags.keeps_this {
            let this = self.frame().this.clone();
            object.names.insert("this".into(), this);
        }
        let id = self.object_at(range, Purpose::Value);
        if let Some(known) = self.state.get(id)
            && matches!(known.class, Class::Closure(known, _) if known == at)
        {
            let own: Vec<_> = known
                .names
                .iter()
                .filter(|(name, _)| &***name != "this")
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            object.names.extend(own);
        }
        self.state.put(id, object);
        let closure = Value::object(id);
        self.decorated(at, closure, range)
    }

    fn type_value(&mut self, of_type: TypeRef) -> Value {
        let declaration = self.program.declaration(of_type);
        let scope = Value::object(self.frame().scope);
        let range = of_type.of_type.0..of_type.of_type.0;
        let id = self.object_of(0, of_type.unit, &range, Purpose::Statics);
        let fresh = self.state.get(id).is_none();
        if fresh {
            self.state.put(id, Object::new(Class::Statics(of_type)));
        }
        let supers: Vec<Value> = declaration.super_expressions.iter().map(|above| self.eval(above)).collect();
        if let Some(object) = self.state.get_mut(id) {
            object.names.insert("<scope>".into(), scope);
            for (index, above) in supers.into_iter().enumerate() {
                object.names.insert(format!("<super {index}>").into(), above);
            }
        }
        if fresh && let Some(function) = declaration.static_initializer {
            let at = FunctionRef { unit: of_type.unit, function };
            self.run_initializer(at, of_type, Value::reference(Reference::Type(of_type)), &range);
        }
        self.decorated_type(of_type, Value::reference(Reference::Type(of_type)))
    }

    fn method_value(&mut self, of: &'a Expression, name: &'a str, range: &Range) -> Value {
        let base = match of.kind {
            ExpressionKind::Super => self.frame().this.clone(),
            _ => self.eval(of),
        };
        let mut object = Object::new(Class::Bound(Box::new(base)));
        let key: Rc<str> = name.into();
        object.names.insert("<method>".into(), Value::constant(Constant::Text(key)));
        let id = self.object_at(range, Purpose::Value);
        self.state.put(id, object);
        Value::object(id)
    }

    fn module_value(&mut self, path: &'a str, level: u32) -> Value {
        match self.program.module(self.unit(), path, level) {
            Some(module) => {
                let scope = self.load(module);
                match self.exports(scope).filter(|_| is_script(self.language())) {
                    Some(exports) if self.sets_exports(&exports) => exports,
                    _ => Value::reference(Reference::Module(module)),
                }
            }
            None => {
                let path = self.name(path.trim_start_matches("node:"));
                Value::reference(Reference::Library(path))
            }
        }
    }

    /// Whether a file put something into what it exports.
    fn sets_exports(&self, exports: &Value) -> bool {
        match exports.only_object().and_then(|id| self.state.get(id)) {
            Some(object) => object.class != Class::Map || !object.names.is_empty() || object.open,
            None => true,
        }
    }
}

fn operator_method(operator: BinaryOperator) -> Option<&'static str> {
    use BinaryOperator as B;
    Some(match operator {
        B::Add => "__add__",
        B::Subtract => "__sub__",
        B::Multiply => "__mul__",
        B::Divide => "__truediv__",
        B::Remainder => "__mod__",
        B::BitOr => "__or__",
        B::BitAnd => "__and__",
        _ => return None,
    })
}
