//! Networks that compute: weights in, a `Decoder` with its KV memory out.
//!
//! One file for each architecture, its header is the model's card; what they share stands beside them. The CPU computes
//! in plain slices (`slices`), every other device in tensors (`tensors`); golden models of PyTorch bind both.

mod attention;
mod devices;
mod invariance;
mod linear;
mod llama;
mod memory;
mod network;
mod norm;
mod packed;
mod plain;
mod plan;
mod qwen2;
mod qwen3;
mod rope;
mod simd;
mod slices;
mod strips;
mod tensors;

#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;

use super::decoder::{Decoder, DecoderError};
use super::weights::{Weights, WeightsError};
pub(crate) use devices::Devices;
use linear::Linear;
use network::Network;
use slices::SliceDecoder;
use tensors::TensorDecoder;

/// What a decoder may take of the machine.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where it computes.
    pub(crate) devices: Devices,
    /// Bytes of KV memory.
    pub(crate) memory_bytes: usize,
}

/// Why there is no decoder.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    /// The files.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The shape cannot be computed.
    #[error("the model cannot be computed: {0}")]
    Shape(String),
    /// The budget holds nothing.
    #[error("{budget} bytes of KV memory hold no block, which takes {block}; raise the budget")]
    Budget {
        /// What was given.
        budget: usize,
        /// What one block takes.
        block: usize,
    },
    /// The machine has less than the budget.
    #[error("the machine has no {0}; lower the budget or choose a smaller model")]
    Memory(String),
    /// The device or its driver.
    #[error("the device failed while the model was loaded: {0}")]
    Device(candle_core::Error),
}

/// Reads a network and gives it its memory.
///
/// # Errors
/// Says what is wrong with the files, the shape or the budget.
pub(crate) fn load(weights: &Weights, settings: &Settings) -> Result<Box<dyn Decoder>, LoadError> {
    let devices = &settings.devices;
    let network = Network::load(weights, devices, Linear::ready)?;
    if devices.first().is_cpu() {
        Ok(Box::new(SliceDecoder::new(network, settings.memory_bytes)?))
    } else {
        Ok(Box::new(TensorDecoder::new(network, devices.clone(), settings.memory_bytes)?))
    }
}

/// Bytes of KV memory that one position takes on the CPU.
pub(crate) fn bytes_per_token(shape: &super::shape::Shape) -> usize {
    memory::block_bytes(shape, 2) / super::decoder::BLOCK_TOKENS
}

/// What the environment of a process says for it to compute with this many threads. Candle reads it once, at the first
/// product, and a process cannot safely change its own: a service that bounds its threads starts itself with it.
pub(crate) fn environment(threads: NonZeroUsize) -> [(&'static str, String); 2] {
    ["CANDLE_NUM_THREADS", "RAYON_NUM_THREADS"].map(|name| (name, threads.to_string()))
}

/// Threads that compute on the CPU: what `CANDLE_NUM_THREADS` or `RAYON_NUM_THREADS` said when the process started, or
/// the machine's physical cores. Nothing else computes, so this bounds a decoder.
pub(crate) fn threads() -> usize {
    candle_core::utils::barrier_pool().n_workers() + 1
}

/// Whole blocks of `block` bytes in `budget`.
fn blocks_in(budget: usize, block: usize) -> Result<usize, LoadError> {
    match budget / block {
        0 => Err(LoadError::Budget { budget, block }),
        blocks => Ok(blocks.min(u32::MAX as usize)),
    }
}

/// A device's failure in the middle of a step.
fn device_error(error: &candle_core::Error) -> DecoderError {
    let text = error.to_string();
    let says_memory =
        ["out of memory", "OUT_OF_MEMORY", "ALLOC_FAILED"].iter().any(|sign| text.contains(sign));
    if says_memory { DecoderError::OutOfMemory(text) } else { DecoderError::Device(text) }
}
