//! How fast a model computes on this machine, and how much memory it takes.
//!
//! In: a model's file or folder. Out: tokens a second of one sequence, as llama.cpp's `llama-bench` measures them.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use candle_core::Device;

use super::arch::{self, LoadError, Settings};
use super::decoder::{BLOCK_TOKENS, BlockId, Decoder, DecoderError, Run};
use super::weights::{Weights, WeightsError};

/// Tokens of the prompt that is measured.
const PROMPT: usize = 512;
/// Tokens of a step while a depth is reached.
const CHUNK: usize = 512;
/// The depth at which decoding is measured a second time.
const DEPTH: usize = 2_048;
/// Tokens decoded at depth 0, and at `DEPTH`.
const DECODED: (usize, usize) = (64, 32);

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// Until the model was ready.
    pub(crate) load: Duration,
    /// Tokens a second of a prompt of 512.
    pub(crate) prefill: f64,
    /// Tokens a second of 64 tokens from nothing.
    pub(crate) decode: f64,
    /// Tokens a second of 32 tokens after 2,048.
    pub(crate) decode_deep: f64,
    /// The most memory that the process ever had, in bytes.
    pub(crate) peak_bytes: u64,
    /// Threads that multiply.
    pub(crate) threads: usize,
}

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchError {
    /// The files.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The model.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A step.
    #[error(transparent)]
    Decoder(#[from] DecoderError),
}

/// Loads a model and measures it; takes a minute or two for a small one.
///
/// # Errors
/// Where it cannot be loaded or computed.
pub(crate) fn measure(path: &Path) -> Result<Figures, BenchError> {
    let started = Instant::now();
    let weights = Weights::open(path)?;
    let longest = DEPTH + DECODED.1;
    let memory_bytes = longest.next_multiple_of(BLOCK_TOKENS) * arch::bytes_per_token(weights.shape());
    let mut decoder = arch::load(&weights, &Settings { device: Device::Cpu, memory_bytes })?;
    drop(weights);
    let load = started.elapsed();
    let mut sequence = Sequence::new(&mut *decoder);
    // Kernels pack their matrices on first use, which is no part of either speed.
    sequence.advance(2, 0)?;
    sequence.advance(1, 0)?;
    let prefill = sequence.advance(PROMPT, 0)?;
    let decode = sequence.decode(DECODED.0, 0)?;
    for start in (0..DEPTH).step_by(CHUNK) {
        sequence.advance(CHUNK, start)?;
    }
    let decode_deep = sequence.decode(DECODED.1, DEPTH)?;
    Ok(Figures {
        load,
        prefill: PROMPT as f64 / prefill.as_secs_f64(),
        decode: DECODED.0 as f64 / decode.as_secs_f64(),
        decode_deep: DECODED.1 as f64 / decode_deep.as_secs_f64(),
        peak_bytes: peak_bytes(),
        threads: arch::threads(),
    })
}

/// One sequence over all blocks.
struct Sequence<'a> {
    decoder: &'a mut dyn Decoder,
    blocks: Vec<BlockId>,
    tokens: Vec<u32>,
}

impl<'a> Sequence<'a> {
    fn new(decoder: &'a mut dyn Decoder) -> Self {
        let facts = decoder.facts();
        let vocabulary = facts.vocabulary as u32;
        let blocks = (0..facts.blocks as BlockId).collect();
        let tokens = (0..CHUNK as u32).map(|i| i.wrapping_mul(2_654_435_761) % vocabulary).collect();
        Self { decoder, blocks, tokens }
    }

    /// One step of `count` tokens.
    fn advance(&mut self, count: usize, start: usize) -> Result<Duration, DecoderError> {
        let started = Instant::now();
        let tokens = &self.tokens[..count];
        self.decoder.step(&[Run { tokens, start, blocks: &self.blocks, wants_logits: true }])?;
        Ok(started.elapsed())
    }

    /// `count` steps of one token.
    fn decode(&mut self, count: usize, start: usize) -> Result<Duration, DecoderError> {
        (start..start + count).map(|start| self.advance(1, start)).sum()
    }
}

/// The high-water mark of this process, where the system tells it.
fn peak_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|n| n.trim().parse().ok());
    kilobytes.map_or(0, |kilobytes: u64| kilobytes * 1_024)
}
