//! After a step: what was computed is known by its name, and tokens are drawn from the logits.

use rayon::prelude::*;

use super::plan::Piece;
use super::sample;
use super::scheduler::Scheduler;
use super::sequence::Sequence;
use crate::model::decoder::BLOCK_TOKENS;
use crate::model::generate::Failure;

impl Scheduler {
    /// Takes in what a step computed.
    pub(super) fn settle(&mut self, pieces: &[Piece], rows: Vec<Vec<f32>>) {
        self.recover();
        let mut rows = rows.into_iter();
        for piece in pieces {
            let Some(index) = self.index(piece.id) else { continue };
            let sequence = &mut self.running[index];
            sequence.computed += piece.count;
            if piece.is_last {
                sequence.logits = rows.next();
            }
            self.publish(index);
        }
        self.meter.computed(pieces.iter().map(|piece| piece.count).sum());
    }

    /// Draws for everyone who has logits and knows what may stand.
    pub(super) fn write(&mut self) {
        let waiting = self.running.par_iter_mut().filter(|sequence| sequence.logits.is_some());
        let draws: Vec<_> = waiting.map(|sequence| (sequence.id, draw(sequence))).collect();
        for (id, drawn) in draws {
            match drawn {
                Ok(None) => {}
                Ok(Some(token)) => self.go_on(id, token),
                Err(error) => self.fail(id, Failure::Broken(error)),
            }
        }
    }

    /// Gives full blocks their names.
    fn publish(&mut self, index: usize) {
        let sequence = &mut self.running[index];
        let full = sequence.computed / BLOCK_TOKENS;
        while sequence.published < full {
            let key = sequence.keys[sequence.published];
            self.blocks.publish(sequence.blocks[sequence.published], key);
            if self.claims.get(&key) == Some(&sequence.id) {
                self.claims.remove(&key);
            }
            sequence.published += 1;
        }
    }

    fn go_on(&mut self, id: u64, token: u32) {
        let Some(index) = self.index(id) else { return };
        let sequence = &mut self.running[index];
        sequence.logits = None;
        let written = match sequence.writer.take(token) {
            Ok(written) => written,
            Err(error) => return self.fail(id, Failure::Broken(error)),
        };
        self.meter.written(written.tokens.len());
        if let Some(finish) = sequence.apply(written)
            && let Some(sequence) = self.remove(id)
        {
            sequence.finish(finish, self.facts.is_batch_invariant);
        }
    }
}

/// A token for a sequence with logits; `None` as long as it is not known what may stand.
fn draw(sequence: &mut Sequence) -> Result<Option<u32>, String> {
    let (position, sampling) = (sequence.position(), sequence.request.sampling);
    let Some(logits) = &sequence.logits else { return Ok(None) };
    let Some(allowed) = sequence.writer.allowed()? else { return Ok(None) };
    sample::draw(logits, allowed, sampling, position).map(Some).map_err(|error| error.to_string())
}
