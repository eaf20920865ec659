//! Runs statements: blocks and their scopes, branches, choices, jumps, handlers.

use grammars::Language;
use grammars::flow::{
    Block, Case, Catch, Expression, ExpressionKind, Pattern, ScopeKind, Statement, StatementKind, Switch,
    Try, TypeName,
};

use crate::flow::engine::{Engine, Jump, JumpKind, Purpose, Task, joined};
use crate::flow::state::{Class, Object, State};
use crate::flow::value::{Constant, ObjectId, Reference, Value};

/// Thrown states beyond this are put together.
const MAX_THROWS: usize = 8;

impl<'a> Engine<'a> {
    pub(crate) fn run_block(&mut self, block: &'a Block) {
        let around = self.frame().scope;
        let own = block.scope == ScopeKind::Own && block.statements.iter().any(declares);
        if own {
            let range = block_range(block);
            self.open_scope(&range, around);
        }
        self.run_all(&block.statements);
        self.frame_mut().scope = around;
    }

    /// A fresh scope inside another.
    pub(crate) fn open_scope(&mut self, range: &grammars::flow::Range, around: ObjectId) {
        let mut range = range.clone();
        let mut id = self.object_at(&range, Purpose::Scope);
        while id == around {
            range.end = range.end.saturating_add(1);
            id = self.object_at(&range, Purpose::Scope);
        }
        self.state.put(id, Object::new(Class::Scope(Some(around))));
        self.frame_mut().scope = id;
    }

    pub(crate) fn run_all(&mut self, statements: &'a [Statement]) {
        for statement in statements {
            if let StatementKind::Label(label) = &statement.kind {
                self.land(JumpKind::Goto, Some(label));
            }
            if self.live {
                self.run(statement);
            }
        }
    }

    #[allow(clippy::too_many_lines, reason = "one arm a kind")]
    fn run(&mut self, statement: &'a Statement) {
        self.spend();
        match &statement.kind {
            StatementKind::Expression(expression) => {
                self.eval(expression);
            }
            StatementKind::Declare { pattern, of_type, value } => {
                self.declare(pattern, of_type.as_ref(), value.as_ref());
            }
            StatementKind::Outer(names, is_global) => self.outer_names(names, *is_global),
            StatementKind::If { test, then, otherwise } => self.branch(test, then, otherwise.as_ref()),
            StatementKind::Loop(inner) => self.run_loop(inner, statement),
            StatementKind::ForEach { label, pattern, declares, over, yields, body, otherwise } => {
                let each = crate::flow::loops::Each {
                    label: label.as_ref(),
                    pattern,
                    declares: *declares,
                    over,
                    yields: *yields,
                    body,
                    otherwise: otherwise.as_ref(),
                };
                self.run_each(&each, statement);
            }
            StatementKind::Switch(switch) => self.choose(switch, statement),
            StatementKind::Break(label) => self.jump(JumpKind::Break, label.clone()),
            StatementKind::Continue(label) => self.jump(JumpKind::Continue, label.clone()),
            StatementKind::Goto(label) => self.jump(JumpKind::Goto, Some(label.clone())),
            StatementKind::Label(_) => {}
            StatementKind::Return(value) => self.give_back(value.as_ref()),
            StatementKind::Throw(value) => {
                let value = match value {
                    Some(value) => self.eval(value),
                    None => self.frame().thrown.clone(),
                };
                let value = self.stepped(value, &statement.range);
                self.throw(value);
            }
            StatementKind::Try(attempt) => self.attempt(attempt, statement),
            StatementKind::Block(label, block) => {
                self.run_block(block);
                if label.is_some() {
                    self.land(JumpKind::Break, label.as_ref());
                }
            }
            StatementKind::Defer(call) => self.put_off(call),
            StatementKind::Spawn(call) => {
                if let Some(task) = self.task(call) {
                    self.tasks.push(task);
                }
            }
            StatementKind::Assert { test, message } => {
                let (holds, fails) = self.split(test);
                if let (Some(message), Some(fails)) = (message, fails) {
                    self.enter(Some(fails));
                    self.eval(message);
                }
                self.enter(holds);
            }
            StatementKind::Locked(lock, block) => {
                self.eval(lock);
                self.run_block(block);
            }
            StatementKind::Delete(place) => self.delete(place),
            StatementKind::Include(module) => {
                let module = self.eval(module);
                self.include(&module);
            }
            StatementKind::Unknown(parts) => {
                for part in parts {
                    self.eval(part);
                }
            }
        }
    }

    fn declare(
        &mut self,
        pattern: &'a Pattern,
        of_type: Option<&'a TypeName>,
        value: Option<&'a Expression>,
    ) {
        let mut given = match value {
            Some(value) => self.eval(value),
            None => self.unset(of_type),
        };
        if !self.live {
            return;
        }
        if let (Some(of_type), Pattern::Name(_, range)) = (of_type, pattern) {
            given = self.typed(given, of_type, range);
        }
        if let Some(value) = value {
            given = self.copied(given, &value.range);
        }
        self.bind(pattern, given, true);
    }

    /// What a variable is that was not set.
    fn unset(&mut self, of_type: Option<&'a TypeName>) -> Value {
        match self.language() {
            Language::Go | Language::C | Language::Cpp | Language::CSharp => {
                of_type.map_or_else(Value::null, |of_type| self.zero(of_type))
            }
            _ => Value::null(),
        }
    }

    fn outer_names(&mut self, names: &[String], is_global: bool) {
        let scope = self.frame().body;
        for written in names {
            let mark = self.name(if is_global { "<global>" } else { "<nonlocal>" });
            let key = self.name(&format!("<outer {written}>"));
            if let Some(object) = self.state.get_mut(scope) {
                object.names.insert(key, Value::constant(Constant::Text(mark)));
            }
        }
    }

    fn branch(&mut self, test: &'a Expression, then: &'a Block, otherwise: Option<&'a Block>) {
        let (holds, fails) = self.split(test);
        self.enter(holds);
        if self.live {
            self.run_block(then);
        }
        let after = self.leave();
        self.enter(fails);
        if let Some(otherwise) = otherwise.filter(|_| self.live) {
            self.run_block(otherwise);
        }
        self.join_state(after);
    }

    pub(crate) fn jump(&mut self, kind: JumpKind, label: Option<String>) {
        if let Some(state) = self.leave() {
            self.frame_mut().jumps.push(Jump { kind, label, state });
        }
    }

    /// Goes on where jumps of a kind and label lead; whether there were any. A loop or switch takes those without label too.
    pub(crate) fn land(&mut self, kind: JumpKind, label: Option<&String>) -> bool {
        let landed = self.take_jumps(kind, label, false);
        let any = landed.is_some();
        self.join_state(landed);
        any
    }

    pub(crate) fn take_jumps(
        &mut self,
        kind: JumpKind,
        label: Option<&String>,
        plain: bool,
    ) -> Option<State> {
        let mut landed = None;
        let jumps = std::mem::take(&mut self.frame_mut().jumps);
        for jump in jumps {
            let fits = jump.kind == kind
                && (jump.label.as_ref() == label && label.is_some() || plain && jump.label.is_none());
            if fits {
                landed = joined(landed, Some(jump.state));
            } else {
                self.frame_mut().jumps.push(jump);
            }
        }
        landed
    }

    fn give_back(&mut self, value: Option<&'a Expression>) {
        let value = match value {
            Some(value) => {
                let given = self.eval(value);
                let given = self.copied(given, &value.range);
                self.stepped(given, &value.range)
            }
            None => self.results(),
        };
        self.returned(value);
    }

    /// What a bare return yields.
    pub(crate) fn results(&mut self) -> Value {
        let function = self.frame().function;
        match function.results.as_slice() {
            [] => Value::null(),
            [one] => self.read_name(one, &function.name_range),
            several => {
                let values: Vec<_> =
                    several.iter().map(|name| self.read_name(name, &function.name_range)).collect();
                self.made(&function.name_range, Object::list(values))
            }
        }
    }

    pub(crate) fn returned(&mut self, value: Value) {
        let Some(state) = self.leave() else { return };
        let frame = self.frame_mut();
        match &mut frame.returns {
            Some((known, joined)) => {
                known.join(&value);
                joined.join(&state);
            }
            None => frame.returns = Some((value, state)),
        }
    }

    pub(crate) fn throw(&mut self, value: Value) {
        if let Some(state) = self.leave() {
            self.note_throw(value, state);
        }
    }

    /// Code that may throw, but goes on where it does not.
    pub(crate) fn may_throw(&mut self) {
        if self.live && self.frames.iter().any(|frame| frame.attempts > 0) {
            self.spend_on_copy();
            let state = self.state.clone();
            self.note_throw(Value::anything(), state);
        }
    }

    pub(crate) fn note_throw(&mut self, value: Value, state: State) {
        let throws = &mut self.frame_mut().throws;
        if let Some((known, joined)) =
            throws.iter_mut().find(|(known, _)| known.references == value.references)
        {
            known.join(&value);
            joined.join(&state);
        } else if throws.len() < MAX_THROWS {
            throws.push((value, state));
        } else if let Some((known, joined)) = throws.last_mut() {
            known.join(&value);
            joined.join(&state);
        }
    }

    fn attempt(&mut self, attempt: &'a Try, statement: &'a Statement) {
        let around = self.frame().scope;
        let outer_throws = std::mem::take(&mut self.frame_mut().throws);
        let outer_jumps = std::mem::take(&mut self.frame_mut().jumps);
        let outer_return = self.frame_mut().returns.take();
        self.frame_mut().attempts += 1;
        if !attempt.resources.is_empty() {
            self.open_scope(&statement.range, around);
            self.run_all(&attempt.resources);
        }
        self.run_block(&attempt.body);
        self.frame_mut().attempts -= 1;
        self.frame_mut().scope = around;
        let thrown = std::mem::take(&mut self.frame_mut().throws);
        if let Some(otherwise) = attempt.otherwise.as_ref().filter(|_| self.live) {
            self.run_block(otherwise);
        }
        let mut after = self.leave();
        let mut uncaught = Vec::new();
        for (value, state) in thrown {
            let caught = self.catch(attempt, value, state, &mut uncaught);
            after = joined(after, caught);
        }
        self.frame_mut().throws.append(&mut uncaught);
        self.enter(after);
        if let Some(finally) = &attempt.finally {
            self.finally(finally);
        }
        let frame = self.frame_mut();
        let (throws, jumps) = (std::mem::take(&mut frame.throws), std::mem::take(&mut frame.jumps));
        frame.throws = outer_throws;
        frame.jumps = outer_jumps;
        frame.jumps.extend(jumps);
        let returned = std::mem::replace(&mut frame.returns, outer_return);
        for (value, state) in throws {
            self.note_throw(value, state);
        }
        if let Some((value, state)) = returned {
            let live = self.leave();
            self.enter(Some(state));
            self.returned(value);
            self.enter(live);
        }
    }

    /// Runs the handlers for what was thrown; the state after them.
    fn catch(
        &mut self,
        attempt: &'a Try,
        value: Value,
        state: State,
        uncaught: &mut Vec<(Value, State)>,
    ) -> Option<State> {
        let mut after = None;
        for handler in &attempt.catches {
            let taken = self.takes(handler, &value);
            if taken == Some(false) {
                continue;
            }
            self.enter(Some(state.clone()));
            self.handle(handler, value.clone());
            after = joined(after, self.leave());
            if taken == Some(true) {
                return after;
            }
        }
        uncaught.push((value, state));
        after
    }

    fn handle(&mut self, handler: &'a Catch, value: Value) {
        let around = self.frame().scope;
        let before = std::mem::replace(&mut self.frame_mut().thrown, value.clone());
        if let Some(pattern) = &handler.pattern {
            let range = block_range(&handler.body);
            let range = range.start..range.end.saturating_add(1);
            self.open_scope(&range, around);
            let value = match handler.types.first() {
                Some(of_type) if value.references.is_empty() && value.of_type.is_none() => {
                    Value { of_type: Some(std::rc::Rc::new(of_type.clone())), ..value }
                }
                _ => value,
            };
            let declares = self.language() != Language::Python;
            self.bind(pattern, value, declares);
        }
        self.run_block(&handler.body);
        let frame = self.frame_mut();
        frame.scope = around;
        frame.thrown = before;
    }

    /// Whether a handler takes what was thrown, where that is known.
    fn takes(&mut self, handler: &Catch, value: &Value) -> Option<bool> {
        const ALL: [&str; 4] = ["Throwable", "Exception", "BaseException", "RuntimeException"];
        if handler.types.is_empty() {
            return Some(true);
        }
        if value.references.is_empty() || value.open {
            return handler.types.iter().any(|of_type| ALL[..3].contains(&of_type.simple())).then_some(true);
        }
        let mut answers = Vec::new();
        for reference in value.references.clone() {
            let answer = handler.types.iter().map(|of_type| match self.is_type(&reference, of_type) {
                Some(false) if ALL.contains(&of_type.simple()) && self.is_library_made(&reference) => {
                    (of_type.simple() != "RuntimeException").then_some(true)
                }
                other => other,
            });
            let answers_of: Vec<_> = answer.collect();
            answers.push(if answers_of.contains(&Some(true)) {
                Some(true)
            } else if answers_of.contains(&None) {
                None
            } else {
                Some(false)
            });
        }
        let first = answers.first().copied().flatten();
        if answers.iter().all(|answer| *answer == first) { first } else { None }
    }

    fn is_library_made(&self, reference: &Reference) -> bool {
        match reference {
            Reference::Object(id) => {
                !matches!(self.state.get(*id).map(|object| &object.class), Some(Class::Instance(of_type))
                    if self.program.library_supers(*of_type, 0).is_empty())
            }
            _ => true,
        }
    }

    /// Runs for every way out of the code before.
    fn finally(&mut self, block: &'a Block) {
        let live = self.leave();
        let frame = self.frame_mut();
        let jumps = std::mem::take(&mut frame.jumps);
        let throws = std::mem::take(&mut frame.throws);
        let returns = frame.returns.take();
        for Jump { kind, label, state } in jumps {
            self.enter(Some(state));
            self.run_block(block);
            self.jump(kind, label);
        }
        for (value, state) in throws {
            self.enter(Some(state));
            self.run_block(block);
            self.throw(value);
        }
        if let Some((value, state)) = returns {
            self.enter(Some(state));
            self.run_block(block);
            self.returned(value);
        }
        self.enter(live);
        if self.live {
            self.run_block(block);
        }
    }

    fn choose(&mut self, switch: &'a Switch, statement: &'a Statement) {
        let around = self.frame().scope;
        let subject = switch.subject.as_ref().map(|subject| self.eval(subject));
        if !self.live {
            return;
        }
        self.open_scope(&statement.range, around);
        let outer = std::mem::take(&mut self.frame_mut().jumps);
        let default = switch.cases.iter().position(|case| case.tests.is_empty() && case.guard.is_none());
        let mut entries: Vec<Option<State>> = switch.cases.iter().map(|_| None).collect();
        let mut rest = self.leave();
        for (index, case) in switch.cases.iter().enumerate() {
            if Some(index) == default || rest.is_none() {
                continue;
            }
            if switch.is_select {
                entries[index].clone_from(&rest);
                continue;
            }
            self.enter(rest.take());
            let (holds, fails) = self.fits(case, switch.subject.as_ref(), subject.as_ref());
            entries[index] = holds;
            rest = fails;
        }
        if let Some(default) = default {
            entries[default] = rest.take();
        } else if switch.is_select {
            rest = None;
        }
        let mut through = None;
        let mut after = None;
        for (case, entry) in switch.cases.iter().zip(entries) {
            self.enter(joined(entry, through.take()));
            if self.live {
                self.run_block(&case.body);
            }
            match case.falls_through {
                true => through = self.leave(),
                false => after = joined(after, self.leave()),
            }
        }
        self.enter(joined(joined(after, through), rest));
        let broken = if self.language() == Language::Python {
            None
        } else {
            self.take_jumps(JumpKind::Break, None, true)
        };
        self.join_state(broken);
        let frame = self.frame_mut();
        frame.scope = around;
        let inner = std::mem::replace(&mut frame.jumps, outer);
        frame.jumps.extend(inner);
    }

    /// The states in which a case is taken, and not.
    fn fits(
        &mut self,
        case: &'a Case,
        subject: Option<&'a Expression>,
        value: Option<&Value>,
    ) -> (Option<State>, Option<State>) {
        let mut taken = None;
        for test in &case.tests {
            if !self.live {
                break;
            }
            let (holds, fails) = match value {
                Some(value) => self.matches(test, subject, value),
                None => match test {
                    Pattern::Equals(test) => self.split(test),
                    _ => (self.leave(), None),
                },
            };
            taken = joined(taken, holds);
            self.enter(fails);
        }
        if case.tests.is_empty() {
            taken = self.leave();
        }
        let fails = self.leave();
        match &case.guard {
            Some(guard) if taken.is_some() => {
                self.enter(taken);
                let (holds, not) = self.split(guard);
                (holds, joined(fails, not))
            }
            _ => (taken, fails),
        }
    }

    fn put_off(&mut self, call: &'a Expression) {
        let scope = self.frame().scope;
        if let Some(task) = self.task(call) {
            self.frame_mut().deferred.push((task, scope));
        }
    }

    /// A call with its arguments evaluated, to be run later.
    pub(crate) fn task(&mut self, call: &'a Expression) -> Option<Task> {
        let ExpressionKind::Call { callee, arguments } = &call.kind else {
            self.eval(call);
            return None;
        };
        let callee = self.eval(callee);
        let arguments = arguments.iter().map(|argument| self.eval(&argument.value)).collect();
        self.live.then(|| Task { callee, arguments, told: None, site: call.range.clone() })
    }
}

fn declares(statement: &Statement) -> bool {
    matches!(
        statement.kind,
        StatementKind::Declare { .. }
            | StatementKind::If { .. }
            | StatementKind::Expression(_)
            | StatementKind::Include(_)
    )
}

pub(crate) fn block_range(block: &Block) -> grammars::flow::Range {
    let first = block.statements.first().map_or(0, |statement| statement.range.start);
    let last = block.statements.last().map_or(0, |statement| statement.range.end);
    first..last
}
