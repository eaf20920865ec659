//! The blocks of KV memory: who holds them, which full ones are kept for whoever shares their prefix, which are free.
//!
//! A block is held by at least one sequence, or kept under its name, or free. Of those kept, the one that was let go
//! first is taken when no block is free.

use std::collections::{BTreeMap, HashMap};

use super::prefix::Key;
use crate::model::decoder::BlockId;

/// All blocks of a decoder.
#[derive(Debug)]
pub(super) struct Blocks {
    blocks: Vec<Block>,
    by_key: HashMap<Key, BlockId>,
    free: Vec<BlockId>,
    /// Blocks with a name and no holder, by when they were let go.
    kept: BTreeMap<u64, BlockId>,
    clock: u64,
}

#[derive(Clone, Debug, Default)]
struct Block {
    holders: u32,
    key: Option<Key>,
    kept_since: u64,
}

/// How many blocks are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Held by a sequence.
    pub(crate) in_use: usize,
    /// Kept for whoever shares their prefix.
    pub(crate) cached: usize,
    /// Free.
    pub(crate) free: usize,
}

/// Where a named block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Held by a sequence.
    Held,
    /// Kept, and could be taken for something else.
    Kept,
    /// Nowhere.
    Absent,
}

impl Blocks {
    /// So many free blocks.
    pub(super) fn new(count: usize) -> Self {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        Self {
            blocks: vec![Block::default(); count as usize],
            by_key: HashMap::new(),
            free: (0..count).rev().collect(),
            kept: BTreeMap::new(),
            clock: 0,
        }
    }

    /// A block for one holder, its content undefined; `None` where every block is held.
    pub(super) fn take(&mut self) -> Option<BlockId> {
        let id = match self.free.pop() {
            Some(id) => id,
            None => self.evict()?,
        };
        self.blocks[id as usize].holders = 1;
        Some(id)
    }

    /// The block of a name, for one more holder.
    pub(super) fn share(&mut self, key: &Key) -> Option<BlockId> {
        let id = *self.by_key.get(key)?;
        let block = &mut self.blocks[id as usize];
        if block.holders == 0 {
            self.kept.remove(&block.kept_since);
        }
        block.holders += 1;
        Some(id)
    }

    /// Where the block of a name is.
    pub(super) fn place(&self, key: &Key) -> Place {
        match self.by_key.get(key) {
            Some(id) if self.blocks[*id as usize].holders > 0 => Place::Held,
            Some(_) => Place::Kept,
            None => Place::Absent,
        }
    }

    /// Names a held block that is full; where another block has the name already, this one stays without.
    pub(super) fn publish(&mut self, id: BlockId, key: Key) {
        if let std::collections::hash_map::Entry::Vacant(entry) = self.by_key.entry(key) {
            entry.insert(id);
            self.blocks[id as usize].key = Some(key);
        }
    }

    /// One holder lets a sequence's blocks go. The last of them are taken first, for without those before they are
    /// worth nothing.
    pub(super) fn release(&mut self, ids: &[BlockId]) {
        for id in ids.iter().rev() {
            let block = &mut self.blocks[*id as usize];
            block.holders = block.holders.saturating_sub(1);
            if block.holders > 0 {
                continue;
            }
            if block.key.is_some() {
                self.clock += 1;
                block.kept_since = self.clock;
                self.kept.insert(self.clock, *id);
            } else {
                self.free.push(*id);
            }
        }
    }

    /// Forgets every name: what the blocks hold can no longer be relied on.
    pub(super) fn forget(&mut self) {
        for id in std::mem::take(&mut self.kept).into_values() {
            self.free.push(id);
        }
        for id in std::mem::take(&mut self.by_key).into_values() {
            self.blocks[id as usize].key = None;
        }
    }

    /// Blocks that could be taken now.
    pub(super) fn available(&self) -> usize {
        self.free.len() + self.kept.len()
    }

    /// How many blocks are in which state.
    pub(super) fn counts(&self) -> Counts {
        let (cached, free) = (self.kept.len(), self.free.len());
        Counts { in_use: self.blocks.len() - cached - free, cached, free }
    }

    fn evict(&mut self) -> Option<BlockId> {
        let (_, id) = self.kept.pop_first()?;
        if let Some(key) = self.blocks[id as usize].key.take() {
            self.by_key.remove(&key);
        }
        Some(id)
    }

    /// Holders of each block, for proofs.
    #[cfg(test)]
    pub(super) fn holders(&self) -> Vec<u32> {
        self.blocks.iter().map(|block| block.holders).collect()
    }

    /// Panics where a block is in two states or in none.
    #[cfg(test)]
    pub(super) fn verify(&self) {
        let mut seen = vec![0; self.blocks.len()];
        for id in self.free.iter().chain(self.kept.values()) {
            seen[*id as usize] += 1;
            assert_eq!(self.blocks[*id as usize].holders, 0, "block {id} is held and not");
        }
        for (id, block) in self.blocks.iter().enumerate() {
            assert_eq!(seen[id], usize::from(block.holders == 0), "block {id} is lost or doubled");
            let named = block.key.is_some_and(|key| self.by_key.get(&key) == Some(&(id as BlockId)));
            assert_eq!(named, block.key.is_some(), "the name of block {id} leads elsewhere");
        }
        assert!(self.free.iter().all(|id| self.blocks[*id as usize].key.is_none()));
    }
}

#[cfg(test)]
mod tests {
    use super::{Blocks, Counts, Place};

    const A: [u8; 32] = [1; 32];
    const B: [u8; 32] = [2; 32];

    #[test]
    fn a_named_block_is_kept_and_shared_and_counted() {
        let mut blocks = Blocks::new(3);
        let first = blocks.take().unwrap();
        blocks.publish(first, A);
        assert_eq!(blocks.share(&A), Some(first));
        blocks.release(&[first]);
        assert_eq!(blocks.place(&A), Place::Held);
        blocks.release(&[first]);
        assert_eq!(blocks.place(&A), Place::Kept);
        assert_eq!(blocks.counts(), Counts { in_use: 0, cached: 1, free: 2 });
        assert_eq!(blocks.share(&A), Some(first));
        assert_eq!(blocks.share(&B), None);
        blocks.verify();
    }

    #[test]
    fn the_end_of_the_sequence_that_was_let_go_first_makes_room() {
        let mut blocks = Blocks::new(2);
        let (first, second) = (blocks.take().unwrap(), blocks.take().unwrap());
        blocks.publish(first, A);
        blocks.publish(second, B);
        assert_eq!(blocks.take(), None);
        blocks.release(&[first, second]);
        assert_eq!(blocks.take(), Some(second));
        assert_eq!((blocks.place(&A), blocks.place(&B)), (Place::Kept, Place::Absent));
        blocks.verify();
    }

    #[test]
    fn a_second_block_of_a_name_stays_private() {
        let mut blocks = Blocks::new(2);
        let (first, second) = (blocks.take().unwrap(), blocks.take().unwrap());
        blocks.publish(first, A);
        blocks.publish(second, A);
        blocks.release(&[second, first]);
        assert_eq!(blocks.counts(), Counts { in_use: 0, cached: 1, free: 1 });
        blocks.verify();
    }

    #[test]
    fn what_is_forgotten_is_free_as_soon_as_nobody_holds_it() {
        let mut blocks = Blocks::new(2);
        let (first, second) = (blocks.take().unwrap(), blocks.take().unwrap());
        blocks.publish(first, A);
        blocks.publish(second, B);
        blocks.release(&[first]);
        blocks.forget();
        assert_eq!(blocks.counts(), Counts { in_use: 1, cached: 0, free: 1 });
        blocks.release(&[second]);
        assert_eq!(blocks.counts(), Counts { in_use: 0, cached: 0, free: 2 });
        blocks.verify();
    }
}
