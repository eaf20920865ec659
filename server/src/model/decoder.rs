//! A network with its KV memory, as the scheduler sees it: runs of tokens in, rows of logits out.
//!
//! The memory is blocks of `BLOCK_TOKENS` positions. Who owns which block is the scheduler's business alone; a decoder
//! writes where it is told and reads what it is told.

/// Positions of one block of KV memory.
pub(crate) const BLOCK_TOKENS: usize = 32;

/// A block of KV memory, by number from 0.
pub(crate) type BlockId = u32;

/// Computes steps.
pub(crate) trait Decoder: Send {
    /// What it is.
    fn facts(&self) -> Facts;

    /// Computes one step over several sequences; rows of logits for the runs that want them, in their order.
    ///
    /// # Errors
    /// Says what failed; the memory of the runs in it is then undefined.
    fn step(&mut self, runs: &[Run<'_>]) -> Result<Vec<Vec<f32>>, DecoderError>;
}

/// What a scheduler must know of a decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Length of a row of logits.
    pub(crate) vocabulary: usize,
    /// Positions that a sequence may have.
    pub(crate) context: usize,
    /// Blocks of memory there are.
    pub(crate) blocks: usize,
    /// Whether a run's logits are the same bits whatever else is in the step, and however the tokens before were cut
    /// into runs: token by token, or in pieces of any length.
    pub(crate) is_batch_invariant: bool,
}

/// Tokens of one sequence that are computed in one step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'a> {
    /// The tokens; never empty.
    pub(crate) tokens: &'a [u32],
    /// The position of the first of them. Everything before it is in `blocks` already.
    pub(crate) start: usize,
    /// The sequence's blocks in order, enough for `start + tokens.len()` positions. Blocks before the one of `start`
    /// may be shared with other sequences and are only read.
    pub(crate) blocks: &'a [BlockId],
    /// Whether the logits after its last token are wanted.
    pub(crate) wants_logits: bool,
}

/// Why a step failed.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum DecoderError {
    /// There is no memory for the step.
    #[error("the device has no memory left: {0}")]
    OutOfMemory(String),
    /// The device or its driver.
    #[error("the device failed: {0}")]
    Device(String),
}
