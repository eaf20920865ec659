//! Runs loops: round by round while constants decide how many there are, else until nothing new comes of a round.

use grammars::Language;
use grammars::flow::{Block, Expression, Loop, Pattern, Statement, Yields};

use crate::flow::engine::{Engine, JumpKind, joined};
use crate::flow::state::{Class, Key, Object, State};
use crate::flow::value::{Constant, Value};

/// Rounds that are run one by one.
const MAX_ROUNDS: usize = 64;

/// Rounds of loops inside loops that are run one by one.
const MAX_ROUNDS_WITHIN: usize = 512;

/// Rounds after which what still changes is anything.
const ROUNDS_BEFORE_WIDENING: usize = 3;

/// Rounds after which a loop is given up.
const MAX_FIXPOINT: usize = 24;

/// A loop over what something holds.
pub(crate) struct Each<'a> {
    pub(crate) label: Option<&'a String>,
    pub(crate) pattern: &'a Pattern,
    pub(crate) declares: bool,
    pub(crate) over: &'a Expression,
    pub(crate) yields: Yields,
    pub(crate) body: &'a Block,
    pub(crate) otherwise: Option<&'a Block>,
}

/// How a round ended.
struct Round {
    broken: Option<State>,
    may_go_on: bool,
}

impl<'a> Engine<'a> {
    pub(crate) fn run_loop(&mut self, of: &'a Loop, statement: &'a Statement) {
        let around = self.frame().scope;
        self.open_scope(&statement.range, around);
        self.run_all(&of.before);
        let context = self.frame().context;
        let outer = std::mem::take(&mut self.frame_mut().jumps);
        let (ended, broken) = self.rounds_of(of, statement, context);
        self.frame_mut().context = context;
        self.enter(ended);
        if let Some(otherwise) = of.otherwise.as_ref().filter(|_| self.live) {
            self.run_block(otherwise);
        }
        self.join_state(broken);
        self.close_loop(around, outer);
    }

    fn close_loop(&mut self, around: crate::flow::value::ObjectId, outer: Vec<crate::flow::engine::Jump>) {
        let frame = self.frame_mut();
        frame.scope = around;
        let inner = std::mem::replace(&mut frame.jumps, outer);
        frame.jumps.extend(inner);
    }

    /// The states after the condition ended it, and after breaks.
    fn rounds_of(
        &mut self,
        of: &'a Loop,
        statement: &'a Statement,
        context: u32,
    ) -> (Option<State>, Option<State>) {
        let (mut ended, mut broken) = (None, None);
        let limit = MAX_ROUNDS.min(MAX_ROUNDS_WITHIN / self.rounds.max(1));
        for round in 0..limit {
            if !self.live {
                return (ended, broken);
            }
            let asks = round > 0 || !of.runs_first;
            if let Some(test) = of.test.as_ref().filter(|_| asks) {
                let before = self.state.clone();
                let (holds, fails) = self.split(test);
                if holds.is_some() && fails.is_some() {
                    self.enter(Some(before));
                    break;
                }
                ended = joined(ended, fails);
                self.enter(holds);
                if !self.live {
                    return (ended, broken);
                }
            }
            self.frame_mut().context = context;
            let inner = self.context(statement.range.start, round as u32 + 1);
            self.frame_mut().context = inner;
            self.rounds *= round + 1;
            let done = self.round(of, of.label.as_ref());
            self.rounds /= round + 1;
            let undecided = done.broken.is_some() && done.may_go_on;
            broken = joined(broken, done.broken);
            if undecided && round >= 2 {
                break;
            }
        }
        self.frame_mut().context = context;
        let (more, breaks) = self.settle(of, !of.runs_first);
        (joined(ended, more), joined(broken, breaks))
    }

    /// Runs rounds until they bring nothing new.
    fn settle(&mut self, of: &'a Loop, mut asks: bool) -> (Option<State>, Option<State>) {
        let (mut ended, mut broken) = (None, None);
        for round in 0..MAX_FIXPOINT {
            if !self.live {
                break;
            }
            let before = self.state.clone();
            if let Some(test) = of.test.as_ref().filter(|_| asks) {
                let (holds, fails) = self.split(test);
                ended = joined(ended, fails);
                self.enter(holds);
            }
            asks = true;
            if !self.live {
                break;
            }
            let done = self.round(of, of.label.as_ref());
            broken = joined(broken, done.broken);
            if !self.again(before, round) {
                break;
            }
        }
        if self.live && of.test.is_none() && self.work > 0 {
            self.live = false;
        }
        self.live = false;
        (ended, broken)
    }

    /// Whether the state after a round says something that the state before it did not; then both are gone on with.
    fn again(&mut self, before: State, round: usize) -> bool {
        if !self.live {
            return false;
        }
        let mut both = before.clone();
        let changed = both.join(&self.state);
        if changed && round >= ROUNDS_BEFORE_WIDENING {
            both.widen(&before);
        }
        self.state = both;
        changed
    }

    fn round(&mut self, of: &'a Loop, label: Option<&String>) -> Round {
        self.spend();
        self.run_block(&of.body);
        let broken = self.take_jumps(JumpKind::Break, label, true);
        let continued = self.take_jumps(JumpKind::Continue, label, true);
        self.join_state(continued);
        if self.live {
            self.run_all(&of.update);
        }
        Round { broken, may_go_on: self.live }
    }

    pub(crate) fn run_each(&mut self, of: &Each<'a>, statement: &'a Statement) {
        let over = self.eval(of.over);
        if !self.live {
            return;
        }
        let around = self.frame().scope;
        if of.declares {
            self.open_scope(&statement.range, around);
        }
        let context = self.frame().context;
        let outer = std::mem::take(&mut self.frame_mut().jumps);
        let over = self.iterated(over, of.over);
        let elements = Each { yields: Yields::Elements, ..*of };
        let of = if self.is_channel(&over) { &elements } else { of };
        let rounds = self.rounds_over(&over, of.yields);
        let (ended, broken) = match rounds {
            Some(rounds) if rounds.len() <= MAX_ROUNDS.min(MAX_ROUNDS_WITHIN / self.rounds.max(1)) => {
                self.each_known(of, rounds, statement, context)
            }
            _ => self.each_unknown(of, &over),
        };
        self.frame_mut().context = context;
        self.enter(ended);
        if let Some(otherwise) = of.otherwise.filter(|_| self.live) {
            self.run_block(otherwise);
        }
        self.join_state(broken);
        self.close_loop(around, outer);
    }

    fn each_known(
        &mut self,
        of: &Each<'a>,
        rounds: Vec<Vec<Value>>,
        statement: &'a Statement,
        context: u32,
    ) -> (Option<State>, Option<State>) {
        let mut broken = None;
        for (round, mut values) in rounds.into_iter().enumerate() {
            if !self.live {
                break;
            }
            self.frame_mut().context = context;
            let inner = self.context(statement.range.start, round as u32 + 1);
            self.frame_mut().context = inner;
            let value = match values.len() {
                1 => values.remove(0),
                _ => self.made(&behind(&of.over.range), Object::list(values)),
            };
            self.rounds *= round + 1;
            broken = joined(broken, self.each_round(of, value));
            self.rounds /= round + 1;
        }
        (self.leave(), broken)
    }

    fn each_unknown(&mut self, of: &Each<'a>, over: &Value) -> (Option<State>, Option<State>) {
        let (mut ended, mut broken) = (None, None);
        for round in 0..MAX_FIXPOINT {
            let before = self.state.clone();
            ended = joined(ended, Some(before.clone()));
            let value = self.some_round(over, of.yields, &of.over.range);
            broken = joined(broken, self.each_round(of, value));
            if !self.again(before, round) {
                break;
            }
        }
        self.live = false;
        (ended, broken)
    }

    fn each_round(&mut self, of: &Each<'a>, value: Value) -> Option<State> {
        self.spend();
        let value = self.stepped(value, &of.over.range);
        self.bind(of.pattern, value, of.declares);
        self.run_block(of.body);
        let broken = self.take_jumps(JumpKind::Break, of.label, true);
        let continued = self.take_jumps(JumpKind::Continue, of.label, true);
        self.join_state(continued);
        broken
    }

    /// What every round gets, one value or a pair, where that is known.
    fn rounds_over(&self, over: &Value, yields: Yields) -> Option<Vec<Vec<Value>>> {
        if yields != Yields::Pairs {
            return Some(self.known_rounds(over, yields)?.into_iter().map(|value| vec![value]).collect());
        }
        let keys = self.known_rounds(over, Yields::Keys)?;
        let object = over.only_object().and_then(|id| self.state.get(id));
        let paired = keys.into_iter().map(|key| {
            let element = match object {
                Some(object) => object.get(&Key::of(&key)).with_taint(&over.taint),
                None => Value::tainted(over.taint.clone()),
            };
            vec![key, element]
        });
        Some(paired.collect())
    }

    /// What every round gets, where that is known.
    pub(crate) fn known_rounds(&self, over: &Value, yields: Yields) -> Option<Vec<Value>> {
        if yields == Yields::Pairs {
            return None;
        }
        if let Some(Constant::Integer(count)) = over.only_constant() {
            let count = usize::try_from(*count).ok().filter(|count| *count <= MAX_ROUNDS)?;
            return Some((0..count).map(|index| Value::integer(index as i64)).collect());
        }
        if let Some(text) = over.as_text() {
            let letters = text.chars().enumerate();
            return (text.len() <= MAX_ROUNDS).then(|| {
                letters
                    .map(|(index, letter)| match yields {
                        Yields::Keys => Value::integer(index as i64),
                        _ => Value::constant(self.letter(letter)).with_taint(&over.taint),
                    })
                    .collect()
            });
        }
        let object = self.state.get(over.only_object()?)?;
        if object.several || object.open || !object.taint.is_none() || over.constants.len() > 1 {
            return None;
        }
        let tainted = |value: Value| value.with_taint(&over.taint);
        match (&object.class, yields) {
            (Class::List, Yields::Elements) => Some(object.elements()?.into_iter().map(tainted).collect()),
            (Class::List, Yields::Keys) => Some((0..object.length?).map(Value::integer).collect()),
            (Class::Map | Class::Set, Yields::Keys) => object.known_keys(),
            (Class::Map, Yields::Elements) if self.iterates_keys() => object.known_keys(),
            (Class::Set, Yields::Elements) => object.known_keys(),
            _ => None,
        }
    }

    pub(crate) fn letter(&self, letter: char) -> Constant {
        match self.language() {
            Language::Python | Language::JavaScript | Language::TypeScript | Language::Tsx => {
                Constant::Text(letter.to_string().into())
            }
            _ => Constant::Character(letter),
        }
    }

    fn iterates_keys(&self) -> bool {
        self.language() == Language::Python
    }

    /// What some round gets.
    fn some_round(&mut self, over: &Value, yields: Yields, range: &grammars::flow::Range) -> Value {
        match yields {
            Yields::Keys => self.some_key(over),
            Yields::Elements => self.some_element(over),
            Yields::Pairs => {
                let pair = [self.some_key(over), self.any_item(over)];
                self.made(&behind(range), Object::list(pair))
            }
        }
    }

    /// Some key or index.
    pub(crate) fn some_key(&self, over: &Value) -> Value {
        let mut keys = Value::tainted(over.taint.clone());
        keys.taint = crate::flow::value::Taint::default();
        for id in over.objects() {
            let Some(object) = self.state.get(id) else { continue };
            if object.class == Class::List {
                continue;
            }
            keys.join(&object.keys);
            for key in object.known_keys().unwrap_or_default() {
                keys.taint.join(&key.taint);
            }
            keys.taint.join(&object.taint);
        }
        if over.references.is_empty() {
            keys.taint.join(&over.taint);
        }
        keys
    }

    /// Some element, or key where the language iterates keys of maps.
    pub(crate) fn some_element(&self, over: &Value) -> Value {
        let mut all = Value::default();
        for id in over.objects() {
            let Some(object) = self.state.get(id) else { continue };
            match object.class {
                Class::Map if self.iterates_keys() => {
                    all.join(&self.some_key(&Value::object(id)));
                }
                Class::Set => {
                    let known = object.known_keys().unwrap_or_default();
                    known.iter().chain([&object.keys, &object.rest]).for_each(|key| {
                        all.join(key);
                    });
                    all.taint.join(&object.taint);
                }
                _ => {
                    all.join(&object.get(&Key::Unknown));
                }
            }
        }
        all.taint.join(&over.taint);
        if over.references.is_empty() || all.is_nothing() {
            all.open = true;
            all.of_type = over
                .of_type
                .as_ref()
                .and_then(|of_type| of_type.arguments.last())
                .map(|inner| inner.clone().into());
        }
        all
    }

    /// Some element by whatever key.
    pub(crate) fn any_item(&self, over: &Value) -> Value {
        let mut all = Value::default();
        for id in over.objects() {
            if let Some(object) = self.state.get(id) {
                all.join(&object.get(&Key::Unknown));
            }
        }
        all.taint.join(&over.taint);
        if over.references.is_empty() || all.is_nothing() {
            all.open = true;
        }
        all
    }
}

/// A place that no expression has, for what is made beside the one at a place.
fn behind(range: &grammars::flow::Range) -> grammars::flow::Range {
    range.start..range.end.saturating_add(1)
}
