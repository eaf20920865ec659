//! Who may run: as many as fit the memory, in the order of the queue; for whom others are put back.
//!
//! The head of the queue is never overtaken. A sequence is put back only for one of a higher priority that is also
//! more urgent, or while it runs for a more urgent one that needs a block: the most urgent always gets on.

use super::blocks::Place;
use super::queue::order;
use super::scheduler::Scheduler;
use super::sequence::Sequence;
use crate::model::decoder::BLOCK_TOKENS;

impl Scheduler {
    /// Lets in whoever is next, as long as there is room.
    pub(super) fn admit(&mut self) {
        while let Some(need) = self.queue.head().map(|head| self.missing(head)) {
            if !self.has_room(need) && !self.make_room(need) {
                return;
            }
            if !self.has_room(need) {
                continue;
            }
            let Some(mut sequence) = self.queue.pop() else { return };
            sequence.schedule();
            let at = self.running.partition_point(|other| order(other) < order(&sequence));
            self.running.insert(at, sequence);
        }
    }

    /// Puts a running sequence back: its blocks go, its tokens stay.
    pub(super) fn put_back(&mut self, index: usize) {
        let mut sequence = self.running.remove(index);
        self.let_go(&mut sequence);
        self.preemptions += 1;
        self.queue.put(sequence);
    }

    /// Takes a sequence's blocks and claims from it.
    pub(super) fn let_go(&mut self, sequence: &mut Sequence) {
        self.claims.retain(|_, owner| *owner != sequence.id);
        let blocks = sequence.put_back();
        self.blocks.release(&blocks);
    }

    fn has_room(&self, need: usize) -> bool {
        if self.running.is_empty() {
            return true;
        }
        let promised: usize = self.running.iter().map(|sequence| self.missing(sequence)).sum();
        // Every running sequence soon needs one block more.
        let wanted = need + promised + self.running.len();
        self.running.len() < self.limits.sequences && wanted <= self.blocks.available()
    }

    /// Blocks that must be taken before all present tokens of a sequence are computed.
    fn missing(&self, sequence: &Sequence) -> usize {
        let count = sequence.tokens.len().div_ceil(BLOCK_TOKENS);
        let is_taken = |index: &usize| match sequence.keys.get(*index) {
            None => true,
            Some(key) => match self.blocks.place(key) {
                Place::Held => false,
                Place::Kept => true,
                Place::Absent => self.claims.get(key).is_none_or(|owner| *owner == sequence.id),
            },
        };
        (sequence.blocks.len()..count).filter(is_taken).count()
    }

    /// Puts back one sequence for the head of the queue, where that can help; whether it did.
    fn make_room(&mut self, need: usize) -> bool {
        let Some(head) = self.queue.head() else { return false };
        let yields =
            |other: &Sequence| other.request.priority < head.request.priority && order(other) > order(head);
        let yielding = self.running.iter().filter(|sequence| yields(sequence));
        let freed: usize = yielding.map(|sequence| sequence.blocks.len()).sum();
        let Some(last) = self.running.iter().rposition(yields) else { return false };
        if need > freed + self.blocks.available() {
            return false;
        }
        self.put_back(last);
        true
    }
}
