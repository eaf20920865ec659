//! What the next step computes: one token of everyone who writes, then pieces of prompts, up to the step's budget.
//!
//! A prompt's block that another sequence has or is computing is taken from it, not computed again. Where no block
//! is free, the least urgent sequence is put back for a more urgent one.

use super::queue::order;
use super::scheduler::Scheduler;
use crate::model::decoder::BLOCK_TOKENS;

/// Tokens of one running sequence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// The sequence.
    pub(super) id: u64,
    /// Tokens from its first pending one.
    pub(super) count: usize,
    /// Whether these are all that are pending.
    pub(super) is_last: bool,
}

impl Scheduler {
    /// The pieces of the next step. Their blocks are there.
    pub(super) fn plan(&mut self) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut budget = self.limits.tokens_per_step;
        for is_prompt in [false, true] {
            let ids: Vec<u64> = self.running.iter().map(|sequence| sequence.id).collect();
            for id in ids {
                let Some(piece) = self.piece_for(id, is_prompt, budget, &pieces) else { continue };
                budget -= piece.count;
                pieces.push(piece);
            }
        }
        pieces.retain(|piece| self.index(piece.id).is_some());
        pieces
    }

    /// Where a sequence runs.
    pub(super) fn index(&self, id: u64) -> Option<usize> {
        self.running.iter().position(|sequence| sequence.id == id)
    }

    /// A piece of a sequence, or of the one that it waits for.
    fn piece_for(&mut self, id: u64, is_prompt: bool, budget: usize, pieces: &[Piece]) -> Option<Piece> {
        let for_whom = self.index(id)?;
        let urgency = order(&self.running[for_whom]);
        if (self.running[for_whom].pending() > 1) != is_prompt {
            return None;
        }
        let id = if is_prompt { self.leader(id)? } else { id };
        let sequence = &self.running[self.index(id)?];
        let is_busy = sequence.logits.is_some() || pieces.iter().any(|piece| piece.id == id);
        if is_busy || budget == 0 {
            return None;
        }
        let count = whole_blocks(sequence.computed, sequence.pending(), budget);
        let is_last = count == sequence.pending();
        self.take_blocks(id, count, urgency)?;
        Some(Piece { id, count, is_last })
    }

    /// Who must be computed for a sequence to get on: itself, or whoever computes what it shares with it.
    fn leader(&mut self, id: u64) -> Option<u64> {
        let mut leader = id;
        for _ in 0..=self.running.len() {
            match self.waits_for(leader)? {
                Some(other) => leader = other,
                None => return Some(leader),
            }
        }
        None
    }

    /// Takes what the cache has for a sequence; then who computes its next block, where that is another one.
    fn waits_for(&mut self, id: u64) -> Option<Option<u64>> {
        let index = self.index(id)?;
        let sequence = &mut self.running[index];
        while sequence.can_share() {
            let key = &sequence.keys[sequence.computed / BLOCK_TOKENS];
            let Some(block) = self.blocks.share(key) else { break };
            sequence.share(block);
        }
        if !sequence.can_share() {
            return Some(None);
        }
        let next = sequence.computed / BLOCK_TOKENS;
        match self.claims.get(&sequence.keys[next]) {
            Some(owner) if *owner != id => Some(Some(*owner)),
            Some(_) => Some(None),
            None => {
                for key in &sequence.keys[next..] {
                    self.claims.entry(*key).or_insert(id);
                }
                Some(None)
            }
        }
    }

    /// Takes the blocks for so many tokens more. Where none is left, the least urgent goes back, but only one less
    /// urgent than `urgency`; else the sequence waits.
    fn take_blocks(&mut self, id: u64, count: usize, urgency: (i64, u64)) -> Option<()> {
        loop {
            let index = self.index(id)?;
            let sequence = &mut self.running[index];
            let need = (sequence.computed + count).div_ceil(BLOCK_TOKENS);
            if sequence.blocks.len() >= need {
                return Some(());
            }
            match self.blocks.take() {
                Some(block) => sequence.blocks.push(block),
                None => {
                    let yields = |other: &super::sequence::Sequence| {
                        other.id != id && order(other) > urgency && !other.blocks.is_empty()
                    };
                    let Some(last) = self.running.iter().rposition(yields) else {
                        self.give_spare(index);
                        return None;
                    };
                    self.put_back(last);
                }
            }
        }
    }

    /// Gives back blocks beyond what is computed.
    fn give_spare(&mut self, index: usize) {
        let sequence = &mut self.running[index];
        let spare = sequence.blocks.split_off(sequence.computed.div_ceil(BLOCK_TOKENS));
        self.blocks.release(&spare);
    }
}

/// As many of the pending tokens as the budget allows, up to the end of a block where they are not all.
fn whole_blocks(start: usize, pending: usize, budget: usize) -> usize {
    if pending <= budget {
        return pending;
    }
    let end = (start + budget) / BLOCK_TOKENS * BLOCK_TOKENS;
    if end > start { end - start } else { budget }
}

#[cfg(test)]
mod tests {
    use super::whole_blocks;

    #[test]
    fn pieces_end_with_blocks_where_they_can() {
        assert_eq!(whole_blocks(0, 100, 200), 100);
        assert_eq!(whole_blocks(0, 100, 80), 64);
        assert_eq!(whole_blocks(40, 100, 30), 24);
        assert_eq!(whole_blocks(40, 100, 10), 10);
    }
}
