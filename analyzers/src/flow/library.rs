//! Computes the effects of library functions on values and objects.

use grammars::flow::{BinaryOperator, Expression, Range, Yields};

use crate::flow::effect::{Effect, Operation};
use crate::flow::engine::{Engine, Task};
use crate::flow::state::{Class, Key, Object};
use crate::flow::value::{Constant, ObjectId, Reference, Value};

/// What a builder, reference or promise holds.
const HELD: &str = "<held>";

/// What broke a promise.
pub(crate) const ERROR: &str = "<error>";

/// Text that a builder holds.
const TEXT: &str = "<text>";

impl<'a> Engine<'a> {
    /// The value of an effect.
    #[allow(clippy::too_many_lines, reason = "one arm a kind")]
    pub(crate) fn apply(
        &mut self,
        effect: &Effect,
        this: &Value,
        arguments: &[Value],
        range: &Range,
    ) -> Value {
        self.spend();
        match effect {
            _ if !self.live => Value::default(),
            Effect::This => this.clone(),
            Effect::Argument(index) => arguments.get(*index).cloned().unwrap_or_default(),
            Effect::Keyword(name) => {
                let named = self.named.iter().find(|(known, _)| **known == **name);
                named.map(|(_, value)| value.clone()).unwrap_or_default()
            }
            Effect::Rest(from) => {
                let rest = arguments.get(*from..).unwrap_or_default().to_vec();
                let place = range.start..range.end.saturating_add(3);
                self.made(&place, Object::list(rest))
            }
            Effect::Text(text) => Value::text(text),
            Effect::Number(number) => Value::integer(*number),
            Effect::Apply(Operation::Either, operands) => {
                let mut all = Value::default();
                for operand in operands {
                    let value = self.apply(operand, this, arguments, range);
                    all.join(&value);
                }
                all
            }
            Effect::Apply(Operation::Do, operands) => {
                let mut last = Value::null();
                for operand in operands {
                    last = self.apply(operand, this, arguments, range);
                }
                last
            }
            Effect::Apply(operation, operands) => {
                let mut values: Vec<Value> = operands
                    .iter()
                    .enumerate()
                    .map(|(index, operand)| {
                        let place = if matches!(operand, Effect::Apply(..)) {
                            range.start..range.end.saturating_add(index as u32 + 1)
                        } else {
                            range.clone()
                        };
                        self.apply(operand, this, arguments, &place)
                    })
                    .collect();
                if !self.live {
                    return Value::default();
                }
                while values.last().is_some_and(Value::is_nothing) {
                    values.pop();
                }
                self.operate(*operation, &values, range)
            }
        }
    }

    #[allow(clippy::too_many_lines, reason = "one arm a kind")]
    fn operate(&mut self, operation: Operation, values: &[Value], range: &Range) -> Value {
        use Operation as O;
        let first = values.first().map_or_else(Value::null, |value| self.followed(value));
        let second = values.get(1).cloned().unwrap_or_else(Value::null);
        match operation {
            O::Taint => self.mixed(values),
            O::Clean => Value::anything(),
            O::Null => Value::null(),
            O::Do | O::Either => values.last().cloned().unwrap_or_default(),
            O::Typed => {
                let name = first.as_text().unwrap_or_default();
                let of_type = grammars::flow::TypeName::plain(&*name);
                Value { of_type: Some(of_type.into()), ..self.mixed(&values[1..]) }
            }
            O::New => self.library_object(&first, &values[1..], range),
            O::List | O::Set | O::Map | O::EntriesOf => self.container(operation, values, range),
            O::Keywords => {
                let mut map = Object::new(Class::Map);
                for (name, value) in self.named.clone() {
                    map.set(&Key::Name(name), value, true);
                }
                self.made(range, map)
            }
            O::From => {
                let list = self.list_from(&first);
                self.made(range, list)
            }
            O::SetFrom => {
                let list = self.list_from(&first);
                let mut set = Object::new(Class::Set);
                extend(&mut set, &list);
                self.made(range, set)
            }
            O::Element => self.some_element(&first),
            O::Range => self.whole_numbers(values, range),
            O::Indexed | O::Zipped => self.zipped(operation, values, range),
            O::Tasks => {
                self.run_tasks();
                Value::null()
            }
            O::Recover => match self.panics.last_mut() {
                Some(thrown) => std::mem::replace(thrown, Value::null()),
                None => Value::null(),
            },
            O::SpoilKeys => {
                for id in first.objects() {
                    if let Some(object) = self.state.get_mut(id) {
                        object.keys.join(&second);
                    }
                }
                Value::null()
            }
            O::FillFrom => {
                let taint = self.deep_taint(&second);
                let address = values.first().cloned().unwrap_or_default();
                self.filled(&address, &taint);
                Value::anything()
            }
            O::Promise => self.promised(&first, range),
            O::Settled => {
                let known = self.known_rounds(&first, Yields::Elements);
                let list = match known {
                    Some(elements) => {
                        let elements: Vec<_> =
                            elements.into_iter().map(|element| self.awaited(element)).collect();
                        Object::list(elements)
                    }
                    None => {
                        let mut list = Object::new(Class::List);
                        let some = self.some_element(&first);
                        list.rest = self.awaited(some);
                        list
                    }
                };
                self.made(range, list)
            }
            O::CallOn => {
                let list = values.get(2).cloned().unwrap_or_else(Value::null);
                let arguments = match self.known_rounds(&list, Yields::Elements) {
                    Some(arguments) => crate::flow::calls::Passed::of(arguments),
                    None if list.references.is_empty() && !list.open => crate::flow::calls::Passed::default(),
                    None => crate::flow::calls::Passed {
                        more: Some(self.some_element(&list)),
                        ..Default::default()
                    },
                };
                self.call_value(&first, &second, arguments, range)
            }
            O::Splice => self.splice(&first, values, range),
            O::IsInstance => self.is_instance(&first, &second),
            O::Item => self.item(&first, &second, range),
            O::First => self.item(&first, &Value::integer(0), range),
            O::Last => self.last(&first),
            O::Keys | O::Values | O::Entries => self.listed(operation, &first, range),
            O::Size | O::Length => self.size(&first),
            O::Append
            | O::Prepend
            | O::Insert
            | O::Extend
            | O::Put
            | O::Remove
            | O::Discard
            | O::PopFirst
            | O::PopLast
            | O::Clear
            | O::Reverse
            | O::Fill
            | O::ReplaceAll => self.change(operation, &first, values),
            O::Copy | O::Slice | O::Reversed | O::Concat => self.copy(operation, &first, values, range),
            O::Call => {
                let arguments = values.get(1..).unwrap_or_default().to_vec();
                self.call_with(&first, arguments, range)
            }
            O::MapEach | O::FlatMap | O::Filter | O::Each | O::Reduce => {
                self.each_called(operation, &first, values, range)
            }
            O::Later => {
                let told = values.get(1).and_then(|told| told.objects().next());
                let arguments = values.get(2..).unwrap_or_default().to_vec();
                self.tasks.push(Task { callee: first, arguments, told, site: range.clone() });
                second
            }
            O::Text => self.text_of(values, range),
            O::Join => self.join_text(&first, &second, range),
            O::Upper
            | O::Lower
            | O::Trim
            | O::Substring
            | O::Replace
            | O::CharAt
            | O::Split
            | O::Chars
            | O::Equals
            | O::EqualsIgnoringCase
            | O::Contains
            | O::StartsWith
            | O::EndsWith
            | O::IndexOf
            | O::IsEmpty
            | O::ParseNumber => self.on_text(operation, &first, values, range),
            O::Write | O::AddText => self.write(operation, &first, values, range),
            O::Held => self.held(&first),
            O::Spoil => {
                let taint = self.deep_taint(&second);
                for id in first.objects() {
                    if let Some(object) = self.state.get_mut(id) {
                        object.taint.join(&taint);
                    }
                }
                for reference in values.first().map(|value| value.references.clone()).unwrap_or_default() {
                    if let Reference::Place(object, name) = reference {
                        let known = self.place_value(object, &name).with_taint(&taint);
                        self.set_place_value(object, &name, known, true);
                    }
                }
                first
            }
            O::Field => {
                let name = second.as_text().unwrap_or_default();
                self.read_member(&first, &name, range)
            }
            O::SetField => {
                let value = values.get(2).cloned().unwrap_or_else(Value::null);
                match second.as_text() {
                    Some(name) => self.set_member(&first, &name, value, range),
                    None => self.set_element(&first, &second, value, range),
                }
                Value::null()
            }
            O::Invoke => self.invoke_named(&first, &second, values.get(2), range),
            O::Bind => self.bind_arguments(&first, values, range),
            O::Assign => self.assign_into(&first, &values[1..]),
            O::Configured => self.mixed(values),
        }
    }

    /// Anything, reached by what reaches these.
    fn mixed(&self, values: &[Value]) -> Value {
        let mut result = Value::anything();
        values.iter().for_each(|value| {
            result.taint.join(&self.deep_taint(value));
        });
        result
    }

    fn library_object(&mut self, name: &Value, held: &[Value], range: &Range) -> Value {
        let mut object = Object::new(Class::Library(name.as_text().unwrap_or_default()));
        if let Some(first) = held.first() {
            object.names.insert(HELD.into(), first.clone());
        }
        for value in held.iter().skip(1) {
            object.rest.join(value);
        }
        self.made(range, object)
    }

    fn container(&mut self, operation: Operation, values: &[Value], range: &Range) -> Value {
        let object = match operation {
            Operation::List => match values {
                [only] if self.is_spread(only) => self.list_of(only),
                _ => Object::list(values.to_vec()),
            },
            Operation::Set => {
                let mut set = Object::new(Class::Set);
                let spread = match values {
                    [only] if self.is_spread(only) => Some(only.clone()),
                    _ => None,
                };
                match spread.map(|only| (self.known_rounds(&only, Yields::Elements), only)) {
                    Some((Some(elements), _)) => elements.into_iter().for_each(|element| set.add(element)),
                    Some((None, only)) => drop(set.keys.join(&self.some_element(&only))),
                    None => values.iter().for_each(|value| set.add(value.clone())),
                }
                set
            }
            Operation::EntriesOf => {
                let mut map = Object::new(Class::Map);
                let flat = match values {
                    [only] if self.is_spread(only) => {
                        self.known_rounds(only, Yields::Elements).unwrap_or_else(|| vec![only.clone()])
                    }
                    _ => values.to_vec(),
                };
                for pair in flat.chunks(2) {
                    if let [key, value] = pair {
                        let key_of = Key::of(key);
                        if key_of == Key::Unknown {
                            map.keys.join(key);
                        }
                        map.set(&key_of, value.clone(), true);
                    } else if let [entries] = pair {
                        self.add_entries(&mut map, entries);
                    }
                }
                map
            }
            _ => {
                let mut map = Object::new(Class::Map);
                for value in values {
                    self.add_entries(&mut map, value);
                }
                map
            }
        };
        self.made(range, object)
    }

    fn is_spread(&self, value: &Value) -> bool {
        value.objects().any(|id| {
            matches!(
                self.state.get(id).map(|object| &object.class),
                Some(Class::List | Class::Set | Class::Map)
            )
        })
    }

    /// A list of the elements of a container; empty where nothing, or only a capacity, is given.
    fn list_from(&mut self, value: &Value) -> Object {
        let is_capacity = value.references.is_empty()
            && !value.open
            && !value.constants.iter().any(|constant| matches!(constant, Constant::Text(_)));
        if is_capacity {
            return Object::list([]);
        }
        self.list_of(value)
    }

    /// A list of the elements of a value.
    fn list_of(&mut self, value: &Value) -> Object {
        let mut list = Object::list([]);
        self.extend(&mut list, value);
        list.taint.join(&value.taint);
        list
    }

    /// Adds the entries of a map, or of a list of pairs, to a map.
    fn add_entries(&mut self, map: &mut Object, value: &Value) {
        let pairs = value.only_object().and_then(|id| {
            let object = self.state.get(id)?;
            if object.class == Class::List { object.elements() } else { None }
        });
        let Some(pairs) = pairs else { return self.spread_into(map, value) };
        for pair in pairs {
            let key = self.read_element(&pair, &Value::integer(0), &(0..0));
            let held = self.read_element(&pair, &Value::integer(1), &(0..0));
            let key_of = Key::of(&key);
            if key_of == Key::Unknown {
                map.keys.join(&key);
            }
            map.set(&key_of, held, true);
        }
    }

    fn item(&mut self, of: &Value, key: &Value, range: &Range) -> Value {
        let is_set = |id: ObjectId, engine: &Self| {
            matches!(engine.state.get(id).map(|object| &object.class), Some(Class::Set))
        };
        if of.objects().any(|id| is_set(id, self)) {
            return self.some_element(of);
        }
        let library = of
            .objects()
            .any(|id| matches!(self.state.get(id).map(|object| &object.class), Some(Class::Library(_))));
        if library {
            return Value::tainted(self.deep_taint(of)).joined(&self.read_element(of, key, range));
        }
        self.read_element(of, key, range)
    }

    /// A promise: the function is called with what keeps and what breaks it.
    fn promised(&mut self, make: &Value, range: &Range) -> Value {
        let promise = self.made(range, Object::new(Class::Library("Promise".into())));
        let mut ends = Vec::new();
        for (index, end) in (0..).zip(["<resolve>", "<reject>"]) {
            let place = range.start..range.end.saturating_add(5 + index);
            ends.push(self.bound(Value::library(end), promise.clone(), &place));
        }
        self.call_with(make, ends, range);
        promise
    }

    fn splice(&mut self, of: &Value, values: &[Value], range: &Range) -> Value {
        let elements = of.only_object().and_then(|id| self.state.get(id)?.elements());
        let added = values.get(3).and_then(|added| self.known_rounds(added, Yields::Elements));
        let from = values.get(1).and_then(Value::as_integer);
        let (Some(elements), Some(from), Some(id)) = (elements, from, of.only_object()) else {
            let all = self.any_item(of);
            for id in of.objects() {
                if let Some(object) = self.state.get_mut(id) {
                    object.scatter();
                    values.get(3).into_iter().for_each(|added| {
                        object.rest.taint.join(&added.taint);
                    });
                }
            }
            let mut list = Object::new(Class::List);
            list.rest = all;
            return self.made(range, list);
        };
        let length = elements.len() as i64;
        let from = if from < 0 { (length + from).max(0) } else { from.min(length) };
        let count = values.get(2).and_then(Value::as_integer).unwrap_or(length).clamp(0, length - from);
        let (from, to) = (usize::try_from(from).unwrap_or(0), usize::try_from(from + count).unwrap_or(0));
        let mut kept = elements.clone();
        let removed: Vec<Value> = kept.splice(from..to, added.unwrap_or_default()).collect();
        if let Some(object) = self.state.get_mut(id) {
            let list = Object::list(kept);
            object.items = list.items;
            object.length = list.length;
        }
        self.made(range, Object::list(removed))
    }

    fn whole_numbers(&mut self, values: &[Value], range: &Range) -> Value {
        const MOST: i64 = 65;
        let bounds: Option<Vec<i64>> = values.iter().map(Value::as_integer).collect();
        let (from, to, by) = match bounds.as_deref() {
            Some([to]) => (0, *to, 1),
            Some([from, to]) => (*from, *to, 1),
            Some([from, to, by]) if *by != 0 => (*from, *to, *by),
            _ => (0, i64::MAX, 1),
        };
        let mut list = Object::list([]);
        let mut at = from;
        while (by > 0 && at < to || by < 0 && at > to) && list.length.is_some_and(|length| length <= MOST) {
            list.append(Value::integer(at));
            at += by;
        }
        if list.length.is_some_and(|length| length > MOST) || bounds.is_none() {
            list = Object::new(Class::List);
            list.rest = Value::anything();
            values.iter().for_each(|value| {
                list.rest.taint.join(&value.taint);
            });
        }
        self.made(range, list)
    }

    fn zipped(&mut self, operation: Operation, values: &[Value], range: &Range) -> Value {
        let mut columns: Vec<Option<Vec<Value>>> =
            values.iter().map(|value| self.known_rounds(value, Yields::Elements)).collect();
        if operation == Operation::Indexed {
            columns.truncate(1);
            let from = values.get(1).and_then(Value::as_integer).unwrap_or(0);
            let count = columns[0].as_ref().map(Vec::len);
            columns.insert(0, count.map(|count| (from..).take(count).map(Value::integer).collect()));
        }
        let known: Option<Vec<Vec<Value>>> = columns.into_iter().collect();
        let mut list = Object::list([]);
        match known {
            Some(columns) => {
                let count = columns.iter().map(Vec::len).min().unwrap_or(0);
                for row in 0..count {
                    let cells: Vec<Value> = columns.iter().map(|column| column[row].clone()).collect();
                    let place = range.start..range.end.saturating_add(9 + row as u32);
                    let row = self.made(&place, Object::list(cells));
                    list.append(row);
                }
            }
            None => {
                let mut cells: Vec<Value> = values.iter().map(|value| self.some_element(value)).collect();
                if operation == Operation::Indexed {
                    cells.truncate(1);
                    cells.insert(0, Value::anything());
                }
                let place = range.start..range.end.saturating_add(9);
                list = Object::new(Class::List);
                list.rest = self.made(&place, Object::list(cells));
            }
        }
        self.made(range, list)
    }

    fn is_instance(&mut self, value: &Value, types: &Value) -> Value {
        let listed = types.only_object().and_then(|id| self.state.get(id)?.elements());
        let names: Option<Vec<grammars::flow::TypeName>> = listed
            .unwrap_or_else(|| vec![types.clone()])
            .iter()
            .map(|of_type| match of_type.references.as_slice() {
                [Reference::Type(of_type)] => {
                    Some(grammars::flow::TypeName::plain(self.program.declaration(*of_type).name.clone()))
                }
                [Reference::Library(path)] => Some(grammars::flow::TypeName::plain(&**path)),
                _ => None,
            })
            .collect();
        let answers: Vec<Option<bool>> =
            names.unwrap_or_default().iter().map(|name| self.has_type(value, name)).collect();
        if answers.contains(&Some(true)) {
            Value::boolean(true)
        } else if !answers.is_empty() && answers.iter().all(|answer| *answer == Some(false)) {
            Value::boolean(false)
        } else {
            crate::flow::operators::either()
        }
    }

    fn last(&mut self, of: &Value) -> Value {
        let length = of.only_object().and_then(|id| self.state.get(id)?.length);
        match length {
            Some(length) if length > 0 => self.read_element(of, &Value::integer(length - 1), &(0..0)),
            _ => self.some_element(of),
        }
    }

    fn size(&self, of: &Value) -> Value {
        if let Some(text) = of.as_text() {
            return Value::integer(text.chars().count() as i64).with_taint(&of.taint);
        }
        let known = of.only_object().and_then(|id| {
            let object = self.state.get(id)?;
            match object.class {
                Class::List => object.length,
                Class::Map | Class::Set => object.known_keys().map(|keys| keys.len() as i64),
                _ => None,
            }
        });
        known.map_or_else(|| Value::tainted(of.taint.clone()), Value::integer)
    }

    /// Keys, values or entries as a list.
    fn listed(&mut self, operation: Operation, of: &Value, range: &Range) -> Value {
        let object = of.only_object().and_then(|id| self.state.get(id)).cloned();
        let keys = object.as_ref().and_then(|object| match object.class {
            Class::List => object.length.map(|length| (0..length).map(Value::integer).collect()),
            _ => object.known_keys(),
        });
        let (Some(object), Some(keys)) = (object, keys) else {
            let mut list = Object::new(Class::List);
            list.rest = match operation {
                Operation::Keys => self.some_key(of),
                Operation::Values => self.any_item(of),
                _ => {
                    let pair = [self.some_key(of), self.any_item(of)];
                    let place = range.start..range.end.saturating_add(7);
                    self.made(&place, Object::list(pair))
                }
            };
            list.taint.join(&of.taint);
            return self.made(range, list);
        };
        let mut list = Object::list([]);
        for (index, key) in keys.into_iter().enumerate() {
            let held = object.get(&Key::of(&key));
            list.append(match operation {
                Operation::Keys => key.with_taint(&object.keys.taint),
                Operation::Values => held,
                _ => {
                    let place = range.start..range.end.saturating_add(8 + index as u32);
                    let mut pair = Object::list([key, held]);
                    pair.made_as = Some("Entry".into());
                    self.made(&place, pair)
                }
            });
        }
        self.made(range, list)
    }

    /// Changes containers in place.
    #[allow(clippy::too_many_lines, reason = "one arm a kind")]
    fn change(&mut self, operation: Operation, of: &Value, values: &[Value]) -> Value {
        use Operation as O;
        let argument = |index: usize| values.get(index).cloned().unwrap_or_else(Value::null);
        let mut result = Value::default();
        let is_one = of.only_object().is_some();
        let extension = match operation {
            O::Extend => Some(self.list_of(&argument(1))),
            _ => None,
        };
        for id in of.objects() {
            let Some(known) = self.state.get(id) else { continue };
            let mut object = known.clone();
            let was_several = object.several;
            object.several |= !is_one;
            let given = match operation {
                O::Append if object.class == Class::Set => {
                    object.add(argument(1));
                    Value::boolean(true)
                }
                O::Append => {
                    object.append(argument(1));
                    Value::boolean(true)
                }
                O::Prepend => insert(&mut object, Some(0), argument(1)),
                O::Insert => insert(&mut object, argument(1).as_integer(), argument(2)),
                O::Extend => {
                    if let Some(list) = &extension {
                        extend(&mut object, list);
                        if object.class == Class::Map {
                            let more = argument(1);
                            self.add_entries(&mut object, &more);
                        }
                    }
                    Value::boolean(true)
                }
                O::Put => put(&mut object, &argument(1), argument(2)),
                O::Remove => remove(&mut object, &argument(1)),
                O::Discard => discard(&mut object, &argument(1)),
                O::PopFirst => pop(&mut object, true),
                O::PopLast => pop(&mut object, false),
                O::Clear => {
                    if !object.several {
                        let mut empty = Object::new(object.class.clone());
                        empty.made_as.clone_from(&object.made_as);
                        empty.length = (object.class == Class::List).then_some(0);
                        object = empty;
                    }
                    Value::null()
                }
                O::ReplaceAll => {
                    let list = self.list_of(&argument(1));
                    match (object.elements(), list.elements()) {
                        (Some(_), Some(elements)) => {
                            let length = object.length.unwrap_or(0);
                            let kept = (0..length).zip(elements);
                            object.items.extend(kept);
                        }
                        _ => drop(object.rest.join(&list.any())),
                    }
                    Value::anything()
                }
                O::Reverse => {
                    match object.elements() {
                        Some(elements) => object.items = (0..).zip(elements.into_iter().rev()).collect(),
                        None => object.scatter(),
                    }
                    of.clone()
                }
                _ => {
                    fill(&mut object, &argument(1), values.len() > 2);
                    of.clone()
                }
            };
            object.several = was_several;
            self.state.put(id, object);
            result.join(&given);
        }
        if of.references.is_empty() {
            result = Value::tainted(of.taint.clone());
        }
        result.taint.join(&of.taint);
        result
    }

    /// A new container made of others.
    fn copy(&mut self, operation: Operation, of: &Value, values: &[Value], range: &Range) -> Value {
        match operation {
            Operation::Copy => {
                let Some(object) = of.only_object().and_then(|id| self.state.get(id)).cloned() else {
                    return Value::tainted(self.deep_taint(of));
                };
                self.made(range, Object { several: false, ..object })
            }
            Operation::Slice => self.sliced(of, values.get(1), values.get(2), None, range),
            Operation::Reversed => {
                let elements = of.only_object().and_then(|id| self.state.get(id)?.elements());
                let list = match elements {
                    Some(elements) => Object::list(elements.into_iter().rev()),
                    None => {
                        let mut list = Object::new(Class::List);
                        list.rest = self.some_element(of);
                        list
                    }
                };
                self.made(range, list)
            }
            _ => {
                let mut list = Object::list([]);
                for value in values {
                    let is_list = value
                        .objects()
                        .any(|id| self.state.get(id).is_some_and(|object| object.class == Class::List));
                    if value.only_constant() == Some(&Constant::Null) {
                        continue;
                    }
                    if is_list || value.open && value.constants.is_empty() {
                        self.extend(&mut list, value);
                    } else {
                        list.append(value.clone());
                    }
                }
                self.made(range, list)
            }
        }
    }

    /// Calls a function for each element.
    fn each_called(&mut self, operation: Operation, of: &Value, values: &[Value], range: &Range) -> Value {
        use Operation as O;
        let function = values.get(1).cloned().unwrap_or_default();
        if operation == O::Reduce {
            return self.reduced(of, &function, values.get(2), range);
        }
        let known = self.known_rounds(of, Yields::Elements).filter(|elements| elements.len() <= 32);
        let is_known = known.is_some();
        let elements = known.unwrap_or_else(|| vec![self.some_element(of)]);
        let mut list = Object::list([]);
        let context = self.frame().context;
        let before = if is_known { None } else { Some(self.state.clone()) };
        for (index, element) in elements.into_iter().enumerate() {
            self.frame_mut().context = context;
            let inner = self.context(range.start, range.end.wrapping_add(1 + index as u32));
            self.frame_mut().context = inner;
            let position = if is_known { Value::integer(index as i64) } else { Value::anything() };
            let result = self.call_with(&function, vec![element.clone(), position, of.clone()], range);
            if !self.live {
                break;
            }
            match operation {
                O::MapEach => list.append(result),
                O::FlatMap => self.extend(&mut list, &result),
                O::Filter => match self.truth(&result) {
                    Some(true) => list.append(element),
                    Some(false) => {}
                    None => {
                        list.length = None;
                        list.rest.join(&element);
                    }
                },
                _ => {}
            }
        }
        self.frame_mut().context = context;
        if let Some(before) = before {
            self.join_state(Some(before));
            list.scatter();
        }
        if list.length.is_none() {
            list.scatter();
        }
        if operation == O::Each { Value::null() } else { self.made(range, list) }
    }

    fn reduced(&mut self, of: &Value, function: &Value, start: Option<&Value>, range: &Range) -> Value {
        let known = self.known_rounds(of, Yields::Elements).filter(|elements| elements.len() <= 32);
        let Some(elements) = known else {
            let element = self.some_element(of);
            let mut all = start.cloned().unwrap_or_else(|| element.clone());
            all.join(&element);
            for _ in 0..2 {
                let value = self.call_with(function, vec![all.clone(), element.clone()], range);
                all.join(&value);
            }
            return all;
        };
        let mut elements = elements.into_iter();
        let mut all = match start {
            Some(start) => start.clone(),
            None => elements.next().unwrap_or_else(Value::null),
        };
        for element in elements {
            all = self.call_with(function, vec![all, element], range);
        }
        all
    }

    fn join_text(&mut self, between: &Value, of: &Value, range: &Range) -> Value {
        match self.known_rounds(of, Yields::Elements) {
            Some(elements) => {
                let mut parts = Vec::new();
                for (index, element) in elements.into_iter().enumerate() {
                    if index > 0 {
                        parts.push(between.clone());
                    }
                    parts.push(element);
                }
                self.text_of(&parts, range)
            }
            None => self.mixed(&[between.clone(), of.clone()]),
        }
    }

    fn on_text(&mut self, operation: Operation, of: &Value, values: &[Value], range: &Range) -> Value {
        use Operation as O;
        if operation == O::Contains && self.is_spread(of) {
            let item = values.get(1).cloned().unwrap_or_else(Value::null);
            return self.binary(BinaryOperator::In, item, of.clone(), range);
        }
        if operation == O::IsEmpty && self.is_spread(of) {
            let size = self.size(of);
            return self.binary(BinaryOperator::Equal, size, Value::integer(0), range);
        }
        if operation == O::Equals {
            let other = values.get(1).cloned().unwrap_or_else(Value::null);
            return self.binary(BinaryOperator::Equal, of.clone(), other, range);
        }
        let is_empty = operation == O::Substring
            && values.get(1).zip(values.get(2)).is_some_and(|(from, to)| {
                from.as_integer().is_some() && from.as_integer() == to.as_integer()
            });
        if is_empty {
            return Value::text("");
        }
        let mut result = Value::default();
        for constant in &of.constants {
            let Constant::Text(text) = constant else {
                result.open = true;
                continue;
            };
            let arguments: Option<Vec<Constant>> =
                values.iter().skip(1).map(|value| value.only_constant().cloned()).collect();
            match arguments.and_then(|arguments| computed(operation, text, &arguments)) {
                Some(Computed::One(constant)) => drop(result.join(&Value::constant(constant))),
                Some(Computed::Many(parts)) => {
                    let parts = parts.into_iter().map(|part| Value::text(&part).with_taint(&of.taint));
                    let list = self.made(range, Object::list(parts));
                    result.join(&list);
                }
                None => result.open = true,
            }
        }
        result.open |= of.open || !of.references.is_empty();
        if result.open && matches!(operation, O::Split | O::Chars) {
            let mut list = Object::new(Class::List);
            list.rest = self.mixed(values);
            return self.made(range, list);
        }
        let reaches = !matches!(operation, O::IsEmpty);
        if reaches {
            values.iter().for_each(|value| {
                result.taint.join(&self.deep_taint(value));
            });
        }
        result
    }

    /// Replaces or adds to the text that an object holds.
    fn write(&mut self, operation: Operation, of: &Value, values: &[Value], range: &Range) -> Value {
        let added = self.text_of(values.get(1..).unwrap_or_default(), range);
        let is_one = of.only_object().is_some();
        for id in of.objects() {
            let before = self.state.get(id).and_then(|object| object.names.get(TEXT).cloned());
            let text = match (operation, before) {
                (Operation::AddText, Some(before)) => self.text_of(&[before, added.clone()], range),
                _ => added.clone(),
            };
            if let Some(object) = self.state.get_mut(id) {
                object.set(&Key::Name(TEXT.into()), text, is_one);
            }
        }
        if of.references.is_empty() {
            Value { taint: of.taint.clone(), ..of.clone() }.with_taint(&added.taint)
        } else {
            of.clone()
        }
    }

    /// What something holds: text, or a value.
    pub(crate) fn held(&mut self, of: &Value) -> Value {
        let mut all = Value::default();
        for id in of.objects() {
            let Some(object) = self.state.get(id) else { continue };
            let held = object.names.get(HELD).or_else(|| object.names.get(TEXT));
            match held {
                Some(held) => drop(all.join(&held.clone().with_taint(&object.taint))),
                None => drop(all.join(&Value::tainted(self.deep_taint(&Value::object(id))))),
            }
        }
        if of.references.is_empty() {
            all = of.clone();
        }
        all.taint.join(&of.taint);
        all
    }

    fn invoke_named(&mut self, of: &Value, name: &Value, arguments: Option<&Value>, range: &Range) -> Value {
        let list = arguments.cloned().unwrap_or_else(Value::null);
        let arguments = self.known_rounds(&list, Yields::Elements).unwrap_or_else(|| {
            if list == Value::null() { Vec::new() } else { vec![self.some_element(&list)] }
        });
        match name.as_text() {
            Some(name) => self.call_method(of, &name, crate::flow::calls::Passed::of(arguments), range),
            None => self.mixed(&[of.clone(), list]),
        }
    }

    fn bind_arguments(&mut self, function: &Value, values: &[Value], range: &Range) -> Value {
        let bound = values.get(1).cloned().unwrap_or_default();
        let mut object = Object::new(Class::Bound(Box::new(function.clone())));
        if !bound.is_nothing() && bound != Value::null() {
            object.names.insert("this".into(), bound);
        }
        let rest =
            values.get(2).and_then(|rest| self.known_rounds(rest, Yields::Elements)).unwrap_or_default();
        object.items = (0..).zip(rest).collect();
        self.made(range, object)
    }

    fn assign_into(&mut self, target: &Value, others: &[Value]) -> Value {
        let list = match others {
            [only] if self.is_list(only) => {
                self.known_rounds(only, Yields::Elements).unwrap_or_else(|| vec![only.clone()])
            }
            _ => others.to_vec(),
        };
        for id in target.objects() {
            let Some(mut object) = self.state.get(id).cloned() else { continue };
            for other in &list {
                self.spread_into(&mut object, other);
            }
            self.state.put(id, object);
        }
        target.clone()
    }

    fn is_list(&self, value: &Value) -> bool {
        value.objects().any(|id| self.state.get(id).is_some_and(|object| object.class == Class::List))
    }

    /// What a promise, future or task comes to, after what was put off ran.
    pub(crate) fn awaited(&mut self, value: Value) -> Value {
        self.run_tasks();
        let mut all = Value { references: Vec::new(), ..value.clone() };
        let mut broken = false;
        for reference in &value.references {
            let promise = match reference {
                Reference::Object(id) => {
                    self.state.get(*id).filter(|object| matches!(object.class, Class::Library(_)))
                }
                _ => None,
            };
            let Some(promise) = promise else {
                all.join(&Value::reference(reference.clone()));
                continue;
            };
            let held = promise.names.get(HELD).map(|held| held.clone().with_taint(&promise.taint));
            if let Some(error) = promise.names.get(ERROR).cloned() {
                broken |= held.is_none();
                let state = self.state.clone();
                self.note_throw(error, state);
            }
            match held {
                Some(held) => drop(all.join(&held)),
                None => drop(all.join(&Value::reference(reference.clone()))),
            }
        }
        if broken && value.references.len() == 1 {
            self.live = false;
        }
        if all.is_nothing() { Value::null() } else { all }
    }

    /// Whether a value is a promise that was not kept or broken yet.
    pub(crate) fn is_pending(&self, value: &Value) -> bool {
        let object = value.only_object().and_then(|id| self.state.get(id));
        object.is_some_and(|object| {
            matches!(&object.class, Class::Library(name) if &**name == "Promise")
                && !object.names.contains_key(HELD)
                && !object.names.contains_key(ERROR)
        })
    }

    pub(crate) fn yielded(&mut self, value: Option<&'a Expression>, all: bool, range: &Range) -> Value {
        let value = value.map_or_else(Value::null, |value| self.eval(value));
        let value = self.stepped(value, range);
        if let Some(list) = self.frame().yields {
            let Some(mut object) = self.state.get(list).cloned() else { return Value::anything() };
            if all {
                let value = self.awaited(value);
                self.extend(&mut object, &value);
            } else {
                object.append(value);
            }
            self.state.put(list, object);
        }
        Value::anything()
    }

    /// Receives from a channel.
    pub(crate) fn receive(&mut self, channel: &Value) -> Value {
        let channel = self.followed(channel);
        let is_empty = |engine: &Self| {
            channel
                .only_object()
                .and_then(|id| engine.state.get(id))
                .is_some_and(|object| object.length == Some(0))
        };
        if is_empty(self) {
            self.run_tasks();
        }
        if is_empty(self) {
            let sent =
                channel.only_object().and_then(|id| self.state.get(id)).map(|object| object.keys.clone());
            return sent.filter(|sent| !sent.is_nothing()).unwrap_or_else(Value::anything);
        }
        let values = [channel.clone()];
        self.change(Operation::PopFirst, &channel, &values)
    }

    pub(crate) fn is_channel(&self, value: &Value) -> bool {
        let object = value.only_object().and_then(|id| self.state.get(id));
        object.is_some_and(|object| object.made_as.as_deref() == Some("chan"))
    }

    /// What a loop runs over: lists that generators and iterators stand for.
    pub(crate) fn iterated(&mut self, value: Value, of: &'a Expression) -> Value {
        let value = self.followed(&value);
        if self.is_channel(&value) {
            self.run_tasks();
        }
        let value = match value.only_object().and_then(|id| self.state.get(id)).map(|object| &object.class) {
            Some(Class::Library(_)) => self.awaited(value),
            _ => value,
        };
        let Some(id) = value.only_object() else { return value };
        let is_map = self
            .state
            .get(id)
            .is_some_and(|object| object.class == Class::Map && object.made_as.as_deref() == Some("Map"));
        if is_map && self.is_script_unit() {
            return self.listed(Operation::Entries, &value, &of.range);
        }
        for name in ["__iter__", "iterator", "[Symbol.iterator]", "__next__", "next", "GetEnumerator"] {
            if let Some(method) = self.method_of_object(id, name) {
                let result = self.invoke_simple(method, value.clone(), Vec::new(), &of.range);
                if result == value {
                    continue;
                }
                if matches!(name, "__next__" | "next") {
                    let mut list = Object::new(Class::List);
                    list.rest = result;
                    return self.made(&of.range, list);
                }
                return result;
            }
        }
        value
    }
}

enum Computed {
    One(Constant),
    Many(Vec<String>),
}

/// An operation on a known text.
fn computed(operation: Operation, text: &str, arguments: &[Constant]) -> Option<Computed> {
    use Operation as O;
    let one = |text: String| Some(Computed::One(Constant::Text(text.into())));
    let truth = |value: bool| Some(Computed::One(Constant::Boolean(value)));
    let written = |index: usize| arguments.get(index).map(Constant::written);
    let position = |index: usize| {
        arguments.get(index).and_then(Constant::number).filter(|at| *at >= 0.0).map(|at| at as usize)
    };
    match operation {
        O::Upper => one(text.to_uppercase()),
        O::Lower => one(text.to_lowercase()),
        O::Trim => one(text.trim().to_owned()),
        O::Substring => {
            let letters: Vec<char> = text.chars().collect();
            let from = position(0).unwrap_or(0).min(letters.len());
            let to = position(1).unwrap_or(letters.len()).clamp(from, letters.len());
            one(letters[from..to].iter().collect())
        }
        O::Replace => one(text.replace(&written(0)?, &written(1)?)),
        O::CharAt => text.chars().nth(position(0)?).map(|letter| Computed::One(Constant::Character(letter))),
        O::Split => {
            let by = written(0)?;
            if by.is_empty() || by.contains(['[', '\\', '(', '+', '*', '|', '^', '$', '?', '.']) {
                return None;
            }
            Some(Computed::Many(text.split(by.as_str()).map(str::to_owned).collect()))
        }
        O::Chars => Some(Computed::Many(text.chars().map(String::from).collect())),
        O::EqualsIgnoringCase => truth(text.to_lowercase() == written(0)?.to_lowercase()),
        O::Contains => truth(text.contains(&written(0)?)),
        O::StartsWith => truth(text.starts_with(&written(0)?)),
        O::EndsWith => truth(text.ends_with(&written(0)?)),
        O::IndexOf => {
            let at = text.find(&written(0)?).map(|at| text[..at].chars().count() as i64);
            Some(Computed::One(Constant::Integer(at.unwrap_or(-1))))
        }
        O::IsEmpty => truth(text.is_empty()),
        O::ParseNumber => match text.trim().parse::<i64>() {
            Ok(value) => Some(Computed::One(Constant::Integer(value))),
            Err(_) => {
                text.trim().parse::<f64>().ok().map(|value| Computed::One(Constant::Float(value.to_bits())))
            }
        },
        _ => None,
    }
}

fn insert(object: &mut Object, at: Option<i64>, value: Value) -> Value {
    match (object.elements(), at) {
        (Some(mut elements), Some(at)) => {
            let length = elements.len() as i64;
            let at = if at < 0 { (length + at).max(0) } else { at.min(length) };
            elements.insert(usize::try_from(at).unwrap_or(0), value);
            object.length = Some(length + 1);
            object.items = (0..).zip(elements).collect();
        }
        _ => {
            object.scatter();
            object.rest.join(&value);
        }
    }
    Value::null()
}

fn extend(object: &mut Object, list: &Object) {
    match (list.elements(), &object.class) {
        (Some(elements), Class::Set) => elements.into_iter().for_each(|element| object.add(element)),
        (Some(elements), Class::List) => elements.into_iter().for_each(|element| object.append(element)),
        (_, Class::Map) => {}
        (None, Class::Set) => drop(object.keys.join(&list.any())),
        _ => {
            object.length = None;
            object.rest.join(&list.any());
        }
    }
    object.taint.join(&list.taint);
}

fn put(object: &mut Object, key: &Value, value: Value) -> Value {
    let key_of = Key::of(key);
    let before = object.get(&key_of);
    if key_of == Key::Unknown {
        object.keys.join(key);
    } else {
        object.keys.taint.join(&key.taint);
    }
    object.set(&key_of, value, true);
    before
}

fn remove(object: &mut Object, key: &Value) -> Value {
    object.remove(&Key::of(key), true)
}

/// Removes an element by its value.
fn discard(object: &mut Object, value: &Value) -> Value {
    if object.several {
        return Value::anything();
    }
    if object.class == Class::Set {
        match Key::of(value) {
            Key::Name(name) => drop(object.names.remove(&name)),
            Key::Index(index) => drop(object.items.remove(&index)),
            Key::Unknown if object.keys.taint == value.taint => object.keys = Value::default(),
            Key::Unknown => {}
        }
        return Value::boolean(true);
    }
    let Some(elements) = object.elements() else {
        object.scatter();
        return Value::anything();
    };
    let at = elements.iter().position(|element| same(element, value));
    let unclear = elements.iter().any(|element| element.open && element.taint != value.taint && value.open);
    match at {
        Some(at) if !unclear => drop(object.remove(&Key::Index(at as i64), true)),
        None if elements.iter().all(|element| element.only_constant().is_some())
            && value.only_constant().is_some() =>
        {
            return Value::boolean(false);
        }
        _ => object.scatter(),
    }
    Value::boolean(true)
}

/// Whether two values are the same one, as far as can be told.
fn same(first: &Value, second: &Value) -> bool {
    match (first.only_constant(), second.only_constant()) {
        (Some(first), Some(second)) => first == second,
        _ => {
            first.references == second.references
                && first.taint == second.taint
                && first.open == second.open
                && first.constants == second.constants
        }
    }
}

fn pop(object: &mut Object, first: bool) -> Value {
    match object.length {
        Some(0) => Value::null(),
        _ if object.class == Class::Set => {
            let mut value = object.any();
            value.join(&object.keys);
            value
        }
        Some(length) if !object.several && object.rest.is_nothing() => {
            object.remove(&Key::Index(if first { 0 } else { length - 1 }), true)
        }
        _ => {
            let value = object.any();
            object.scatter();
            value
        }
    }
}

fn fill(object: &mut Object, value: &Value, partly: bool) {
    let strong = !object.several && !partly;
    for held in object.items.values_mut() {
        match strong {
            true => held.clone_from(value),
            false => drop(held.join(value)),
        }
    }
    if !object.rest.is_nothing() || object.length.is_none() {
        match strong {
            true => object.rest.clone_from(value),
            false => drop(object.rest.join(value)),
        }
    }
    if strong {
        object.taint = value.taint.clone();
    }
}
