//! One step after the other: who waits no more is let go, who fits is let in, the network computes, tokens are drawn.
//!
//! Everything that runs is here and in `admit`, `plan` and `settle`; the clock comes in from outside, so that a step
//! is a function of what was before it.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::Limits;
use super::blocks::{Blocks, Counts};
use super::meter::Meter;
use super::plan::Piece;
use super::prefix::Key;
use super::queue::Queue;
use super::sequence::Sequence;
use crate::model::decoder::{Decoder, DecoderError, Facts, Run};
use crate::model::generate::Failure;

/// Failed steps in a row after which the device is given up.
const MAX_FAILURES: u32 = 3;

/// How long a step that has nothing to compute waits for a mask before it looks around again.
const MASK_WAIT: Duration = Duration::from_millis(2);

/// All requests of one decoder.
pub(super) struct Scheduler {
    pub(super) decoder: Box<dyn Decoder>,
    pub(super) facts: Facts,
    pub(super) limits: Limits,
    pub(super) queue: Queue,
    /// The most urgent first.
    pub(super) running: Vec<Sequence>,
    pub(super) blocks: Blocks,
    /// Who computes a block that is not there yet.
    pub(super) claims: HashMap<Key, u64>,
    pub(super) preemptions: u64,
    pub(super) meter: Meter,
    started: Instant,
    failures: u32,
    broken: Option<String>,
}

impl Scheduler {
    /// Nothing runs and nothing waits.
    pub(super) fn new(decoder: Box<dyn Decoder>, limits: Limits) -> Self {
        let facts = decoder.facts();
        let limits = limits.sound();
        Self {
            decoder,
            facts,
            queue: Queue::new(limits.head_start),
            limits,
            running: Vec::new(),
            blocks: Blocks::new(facts.blocks),
            claims: HashMap::new(),
            preemptions: 0,
            meter: Meter::new(),
            started: Instant::now(),
            failures: 0,
            broken: None,
        }
    }

    /// A request arrives.
    pub(super) fn arrive(&mut self, mut sequence: Sequence, now: Instant) {
        if let Some(reason) = &self.broken {
            return sequence.fail(Failure::Broken(reason.clone()));
        }
        match sequence.writer.open() {
            Err(error) => sequence.fail(Failure::Broken(error)),
            Ok(written) => match sequence.apply(written) {
                Some(finish) => sequence.finish(finish, self.facts.is_batch_invariant),
                None => self.queue.arrive(sequence, now.saturating_duration_since(self.started)),
            },
        }
    }

    /// Whether there is nothing to do.
    pub(super) fn is_idle(&self) -> bool {
        self.running.is_empty() && self.queue.is_empty()
    }

    /// One step.
    pub(super) fn step(&mut self, now: Instant) {
        self.dismiss(now);
        self.admit();
        let pieces = self.plan();
        if pieces.is_empty() {
            self.wait();
        } else {
            match self.compute(&pieces) {
                Ok(rows) => self.settle(&pieces, rows),
                Err(error) => self.fail_step(&pieces, &error),
            }
        }
        self.write();
    }

    /// Lets go of those for whom nobody waits.
    fn dismiss(&mut self, now: Instant) {
        for sequence in self.queue.take_out(|sequence| sequence.end_by(now).is_some()) {
            sequence.end_by(now).into_iter().for_each(|failure| sequence.fail(failure));
        }
        for id in self.running.iter().map(|sequence| sequence.id).collect::<Vec<_>>() {
            let index = self.index(id);
            if let Some(failure) = index.and_then(|index| self.running[index].end_by(now)) {
                self.fail(id, failure);
            }
        }
    }

    /// The rows of logits of the last pieces, in their order.
    fn compute(&mut self, pieces: &[Piece]) -> Result<Vec<Vec<f32>>, DecoderError> {
        let running = &self.running;
        let find = |piece: &Piece| running.iter().find(|sequence| sequence.id == piece.id);
        let runs: Vec<Run<'_>> = pieces
            .iter()
            .filter_map(|piece| Some((piece, find(piece)?)))
            .map(|(piece, sequence)| Run {
                tokens: &sequence.tokens[sequence.computed..sequence.computed + piece.count],
                start: sequence.computed,
                blocks: &sequence.blocks,
                wants_logits: piece.is_last,
            })
            .collect();
        let wanted = runs.iter().filter(|run| run.wants_logits).count();
        let decoder = &mut self.decoder;
        let rows = catch_unwind(AssertUnwindSafe(|| decoder.step(&runs)))
            .unwrap_or_else(|panic| Err(DecoderError::Device(message(&*panic))))?;
        let width = self.facts.vocabulary;
        if rows.len() != wanted || rows.iter().any(|row| row.len() != width) {
            let lengths: Vec<usize> = rows.iter().map(Vec::len).collect();
            let reason = format!("it gave rows of {lengths:?} logits where {wanted} of {width} were wanted");
            return Err(DecoderError::Device(reason));
        }
        Ok(rows)
    }

    /// Nothing can be computed: somebody's mask is waited for. Where nobody waits for one, memory is stuck between
    /// sequences, and the least urgent goes back.
    fn wait(&mut self) {
        let Some(sequence) = self.running.iter_mut().find(|sequence| sequence.logits.is_some()) else {
            match self.running.len() {
                0 => {}
                1 => self.fail(self.running[0].id, Failure::Broken("it cannot get on".to_owned())),
                count => self.put_back(count - 1),
            }
            return;
        };
        if let Err(error) = sequence.writer.wait(MASK_WAIT) {
            let id = sequence.id;
            self.fail(id, Failure::Broken(error));
        }
    }

    /// The requests of a failed step fail; what is cached is no longer relied on.
    fn fail_step(&mut self, pieces: &[Piece], error: &DecoderError) {
        self.failures += 1;
        tracing::error!(model.failures = self.failures, "a step of the model failed: {error}");
        for piece in pieces {
            self.fail(piece.id, Failure::Broken(error.to_string()));
        }
        self.blocks.forget();
        if self.failures >= MAX_FAILURES {
            self.give_up(format!(
                "{error} ({MAX_FAILURES} times in a row; the service must be started anew)"
            ));
        }
    }

    /// Nothing works any more.
    pub(super) fn give_up(&mut self, reason: String) {
        for mut sequence in std::mem::take(&mut self.running) {
            self.let_go(&mut sequence);
            sequence.fail(Failure::Broken(reason.clone()));
        }
        for sequence in self.queue.take_out(|_| true) {
            sequence.fail(Failure::Broken(reason.clone()));
        }
        self.broken = Some(reason);
    }

    /// A step went well.
    pub(super) fn recover(&mut self) {
        self.failures = 0;
    }

    /// A running sequence fails.
    pub(super) fn fail(&mut self, id: u64, failure: Failure) {
        if let Some(sequence) = self.remove(id) {
            sequence.fail(failure);
        }
    }

    /// Takes out a running sequence; its blocks are let go.
    pub(super) fn remove(&mut self, id: u64) -> Option<Sequence> {
        let index = self.index(id)?;
        let mut sequence = self.running.remove(index);
        self.let_go(&mut sequence);
        Some(sequence)
    }

    /// Why nothing works any more.
    pub(super) fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    /// States of the blocks.
    pub(super) fn counts(&self) -> Counts {
        self.blocks.counts()
    }

    /// Panics where a block is not where it must be.
    #[cfg(test)]
    pub(super) fn verify(&self) {
        self.blocks.verify();
        let mut held = vec![0; self.facts.blocks];
        for sequence in &self.running {
            let needed = sequence.computed.div_ceil(crate::model::decoder::BLOCK_TOKENS);
            assert_eq!(sequence.blocks.len(), needed, "idle blocks");
            sequence.blocks.iter().for_each(|id| held[*id as usize] += 1);
        }
        assert_eq!(held, self.blocks.holders(), "holders are miscounted");
    }
}

/// What a panic said.
pub(super) fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned()
}
