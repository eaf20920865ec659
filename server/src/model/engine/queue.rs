//! Who is next: by priority, within it by turns of the groups, and whoever waits long enough goes before everybody.
//!
//! Priorities are a head start in time. A turn is a place that a group has once; newcomers come after the turn that
//! is being served, so no turn is put off for ever.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::sequence::Sequence;
use crate::model::generate::Priority;

/// Requests that wait.
pub(super) struct Queue {
    classes: [Class; 3],
    /// Head start of a priority over the one below, in microseconds.
    head_start: i64,
    arrivals: u64,
}

#[derive(Default)]
struct Class {
    waiting: BTreeMap<(u64, u64), Sequence>,
    /// The turn that is being served.
    turn: u64,
    /// The last turn of each group that waits.
    last: HashMap<String, u64>,
}

impl Queue {
    /// Empty; a request goes before one of the next higher priority that came `head_start` later.
    pub(super) fn new(head_start: Duration) -> Self {
        let head_start = i64::try_from(head_start.as_micros()).unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
        Self { classes: Default::default(), head_start, arrivals: 0 }
    }

    /// A request arrives, so long after the engine started.
    pub(super) fn arrive(&mut self, mut sequence: Sequence, at: Duration) {
        self.arrivals += 1;
        sequence.id = self.arrivals;
        let level = level(sequence.request.priority);
        let at = i64::try_from(at.as_micros()).unwrap_or(i64::MAX / 2);
        sequence.urgency = at - self.head_start.saturating_mul(level as i64);
        let class = &mut self.classes[level];
        let group = sequence.request.group.clone();
        let own = class.last.get(&group).map_or(0, |last| last + 1);
        sequence.turn = own.max(class.turn + 1);
        class.last.insert(group, sequence.turn);
        self.put(sequence);
    }

    /// A request comes back to its place.
    pub(super) fn put(&mut self, sequence: Sequence) {
        let class = &mut self.classes[level(sequence.request.priority)];
        class.waiting.insert((sequence.turn, sequence.id), sequence);
    }

    /// Who is next.
    pub(super) fn head(&self) -> Option<&Sequence> {
        let heads = self.classes.iter().filter_map(|class| class.waiting.first_key_value());
        heads.map(|(_, sequence)| sequence).min_by_key(|head| order(head))
    }

    /// Takes out who is next.
    pub(super) fn pop(&mut self) -> Option<Sequence> {
        let class = level(self.head()?.request.priority);
        let class = &mut self.classes[class];
        let (_, sequence) = class.waiting.pop_first()?;
        class.turn = class.turn.max(sequence.turn);
        let turn = class.turn;
        class.last.retain(|_, last| *last > turn);
        Some(sequence)
    }

    /// Takes out those whom `is_over` says so of.
    pub(super) fn take_out(&mut self, is_over: impl Fn(&Sequence) -> bool) -> Vec<Sequence> {
        let mut out = Vec::new();
        for class in &mut self.classes {
            out.extend(class.waiting.extract_if(.., |_, sequence| is_over(sequence)).map(|(_, gone)| gone));
        }
        out
    }

    /// Whether nobody waits.
    pub(super) fn is_empty(&self) -> bool {
        self.classes.iter().all(|class| class.waiting.is_empty())
    }

    /// Everyone who waits, for proofs.
    #[cfg(test)]
    pub(super) fn orders(&self) -> Vec<(i64, u64)> {
        self.classes.iter().flat_map(|class| class.waiting.values()).map(order).collect()
    }

    /// Those that wait again.
    pub(super) fn put_back(&self) -> usize {
        let waiting = self.classes.iter().flat_map(|class| class.waiting.values());
        waiting.filter(|sequence| sequence.was_put_back()).count()
    }
}

/// The smallest goes first.
pub(super) fn order(sequence: &Sequence) -> (i64, u64) {
    (sequence.urgency, sequence.id)
}

fn level(priority: Priority) -> usize {
    match priority {
        Priority::Background => 0,
        Priority::Interactive => 1,
        Priority::Gate => 2,
    }
}
