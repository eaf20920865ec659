//! Proofs of the engine as a whole, on a decoder that reads back what was written to its blocks.

mod answers;
mod failures;
pub(crate) mod fake;
mod property;
mod same_bytes;
mod sharing;
mod turns;
