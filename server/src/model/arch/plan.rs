//! A step laid out: the rows of all runs one after the other, each with its position and its place in KV memory.
//!
//! In: runs as the scheduler states them. What it states is checked here, before any memory is touched.

use std::ops::Range;

use crate::model::decoder::{BLOCK_TOKENS, DecoderError, Facts, Run};

/// The rows of one step.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    /// The runs.
    pub(super) runs: &'a [Run<'a>],
    /// The rows of each run.
    pub(super) spans: Vec<Range<usize>>,
    /// The token of each row.
    pub(super) tokens: Vec<u32>,
    /// The position of each row.
    pub(super) positions: Vec<usize>,
    /// The place of each row in KV memory: block · `BLOCK_TOKENS` + position within it.
    pub(super) places: Vec<usize>,
    /// The rows whose logits are wanted.
    pub(super) wanted: Vec<usize>,
}

impl<'a> Plan<'a> {
    /// Lays out a step of a decoder.
    ///
    /// # Errors
    /// Where a run is not one that the decoder can compute.
    pub(super) fn new(runs: &'a [Run<'a>], facts: &Facts) -> Result<Self, DecoderError> {
        let rows = runs.iter().map(|run| run.tokens.len()).sum();
        let mut plan = Self {
            runs,
            spans: Vec::with_capacity(runs.len()),
            tokens: Vec::with_capacity(rows),
            positions: Vec::with_capacity(rows),
            places: Vec::with_capacity(rows),
            wanted: Vec::new(),
        };
        for (index, run) in runs.iter().enumerate() {
            check(run, facts).map_err(|reason| DecoderError::Device(format!("run {index} {reason}")))?;
            plan.push(run);
        }
        Ok(plan)
    }

    fn push(&mut self, run: &Run<'_>) {
        let first = self.tokens.len();
        self.tokens.extend_from_slice(run.tokens);
        for position in run.start..run.start + run.tokens.len() {
            let block = run.blocks[position / BLOCK_TOKENS] as usize;
            self.positions.push(position);
            self.places.push(block * BLOCK_TOKENS + position % BLOCK_TOKENS);
        }
        self.spans.push(first..self.tokens.len());
        if run.wants_logits {
            self.wanted.push(self.tokens.len() - 1);
        }
    }
}

fn check(run: &Run<'_>, facts: &Facts) -> Result<(), String> {
    let end = run.start + run.tokens.len();
    if run.tokens.is_empty() {
        return Err("has no tokens".to_owned());
    }
    if end > facts.context {
        return Err(format!("ends at position {end} of a context of {}", facts.context));
    }
    if run.blocks.len() * BLOCK_TOKENS < end {
        return Err(format!("ends at position {end} and has {} blocks", run.blocks.len()));
    }
    if let Some(block) = run.blocks.iter().find(|&&block| block as usize >= facts.blocks) {
        return Err(format!("names block {block} of {}", facts.blocks));
    }
    match run.tokens.iter().find(|&&token| token as usize >= facts.vocabulary) {
        Some(token) => Err(format!("holds token {token} of a vocabulary of {}", facts.vocabulary)),
        None => Ok(()),
    }
}
