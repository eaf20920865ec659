//! How fast a model computes on this machine, and how much memory it takes.
//!
//! In: a model's file or folder. Out: tokens a second of one sequence, as llama.cpp's `llama-bench` measures them, held
//! against the bandwidth of the machine's memory; and the engine's gains from batches and from shared prefixes.

mod engine;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

pub(crate) use self::engine::{Batch, Prefix, Questions, Review};
use super::arch::{self, Devices, LoadError, Settings};
use super::decoder::{BLOCK_TOKENS, BlockId, Decoder, DecoderError, Run};
use super::generate::Failure;
use super::weights::{Weights, WeightsError};

/// Tokens of the prompt that is measured.
const PROMPT: usize = 512;
/// Tokens of a step while a depth is reached.
const CHUNK: usize = 512;
/// The depth at which decoding is measured a second time.
const DEPTH: usize = 2_048;
/// Tokens decoded at depth 0, and at `DEPTH`.
const DECODED: (usize, usize) = (64, 32);
/// Bytes that are read to measure the bandwidth: more than any cache holds.
const READ_BYTES: usize = 512 << 20;

/// What one sequence takes.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Single {
    /// Seconds until the model was ready.
    pub(crate) load_seconds: f64,
    /// Tokens a second of a prompt of 512: the time to its first token is 512 over this.
    pub(crate) prefill: f64,
    /// Tokens a second of 64 tokens from nothing.
    pub(crate) decode: f64,
    /// Tokens a second of 32 tokens after 2,048.
    pub(crate) decode_deep: f64,
    /// The most memory that the process ever had, in bytes.
    pub(crate) peak_bytes: u64,
    /// Bytes of the weights.
    pub(crate) weight_bytes: u64,
    /// Threads that multiply.
    pub(crate) threads: usize,
}

/// What was measured.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figures {
    /// One sequence.
    #[serde(flatten)]
    pub(crate) single: Single,
    /// Bytes a second that the machine reads with as many threads.
    pub(crate) bandwidth: f64,
    /// Several sequences at once.
    pub(crate) batches: Vec<Batch>,
    /// Several questions over one text.
    pub(crate) prefix: Prefix,
    /// A whole review of these questions.
    pub(crate) review: Review,
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
    /// The engine.
    #[error("the engine: {0}")]
    Engine(#[from] Failure),
}

/// Loads a model and measures one sequence; takes a minute or two for a small one.
///
/// # Errors
/// Where it cannot be loaded or computed.
pub(crate) fn single(path: &Path, devices: &Devices) -> Result<Single, BenchError> {
    let started = Instant::now();
    let weights = Weights::open(path)?;
    let longest = DEPTH + DECODED.1;
    let memory_bytes = longest.next_multiple_of(BLOCK_TOKENS) * arch::bytes_per_token(weights.shape());
    let mut decoder = arch::load(&weights, &Settings { devices: devices.clone(), memory_bytes })?;
    let weight_bytes = weights.bytes();
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
    Ok(Single {
        load_seconds: load.as_secs_f64(),
        prefill: PROMPT as f64 / prefill.as_secs_f64(),
        decode: DECODED.0 as f64 / decode.as_secs_f64(),
        decode_deep: DECODED.1 as f64 / decode_deep.as_secs_f64(),
        peak_bytes: peak_bytes(),
        weight_bytes,
        threads: arch::threads(),
    })
}

/// Measures all there is: one sequence, the memory, batches, and these questions over one text.
///
/// # Errors
/// Where the model cannot be loaded or computed.
pub(crate) fn measure(path: &Path, devices: &Devices, questions: Questions) -> Result<Figures, BenchError> {
    let single = single(path, devices)?;
    let bandwidth = bandwidth(single.threads);
    let (batches, prefix, review) = engine::measure(path, devices, questions)?;
    Ok(Figures { single, bandwidth, batches, prefix, review })
}

impl Figures {
    /// How much of the machine's bandwidth one sequence makes use of: every token reads all weights once.
    pub(crate) fn share_of_bandwidth(&self) -> f64 {
        self.single.decode * self.single.weight_bytes as f64 / self.bandwidth
    }
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
        let blocks = (0..facts.blocks as BlockId).collect();
        Self { decoder, blocks, tokens: tokens(0, CHUNK, facts.vocabulary) }
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

/// Tokens without a meaning, others for every seed.
fn tokens(seed: usize, count: usize, vocabulary: usize) -> Vec<u32> {
    let first = seed.wrapping_mul(0x9E37_79B9);
    (first..first + count).map(|i| ((i as u32).wrapping_mul(2_654_435_761)) % vocabulary as u32).collect()
}

/// Bytes a second that so many threads read together: the best of five rounds.
fn bandwidth(threads: usize) -> f64 {
    let words = vec![1_u64; READ_BYTES / 8];
    let round = |_| {
        let started = Instant::now();
        let sum = std::thread::scope(|scope| {
            let parts = words.chunks(words.len().div_ceil(threads));
            let readers: Vec<_> = parts.map(|part| scope.spawn(move || part.iter().sum::<u64>())).collect();
            readers.into_iter().filter_map(|reader| reader.join().ok()).sum::<u64>()
        });
        std::hint::black_box(sum);
        READ_BYTES as f64 / started.elapsed().as_secs_f64()
    };
    (0..5).map(round).fold(0.0, f64::max)
}

/// The high-water mark of this process, where the system tells it.
fn peak_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|n| n.trim().parse().ok());
    kilobytes.map_or(0, |kilobytes: u64| kilobytes * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::folder::testing::write_model;

    #[test]
    fn a_model_is_measured_in_every_way() {
        let folder = tempfile::tempdir().unwrap();
        write_model(folder.path());
        let figures =
            measure(folder.path(), &Devices::cpu(), Questions { count: 3, shared: 64, own: 32, written: 4 })
                .unwrap();
        let single = figures.single;
        for speed in [single.prefill, single.decode, single.decode_deep, figures.share_of_bandwidth()] {
            assert!(speed.is_finite() && speed > 0.0, "{figures:?}");
        }
        assert!(single.peak_bytes > single.weight_bytes && single.weight_bytes > 1_000_000, "{figures:?}");
        assert_eq!(figures.batches.iter().map(|batch| batch.sequences).collect::<Vec<_>>(), [1, 2, 4, 8, 16]);
        let prefix = figures.prefix;
        assert!((prefix.possible - 3.0 * 96.0 / 160.0).abs() < 1e-9, "{prefix:?}");
        assert_eq!(prefix.computed_tokens, 64 + 3 * 32, "what is shared is computed once");
        assert!(figures.review.gain() > 0.0, "{figures:?}");
    }
}
