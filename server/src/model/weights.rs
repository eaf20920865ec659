//! The weights of a model as tensors, by the names of the Hugging Face checkpoints, whatever the file that holds them.
//!
//! In: a folder of safetensors with `config.json`, or one `.gguf`. Out: the shape, and tensors on a device. Every length
//! that a file states is compared with the file before memory is asked for.

pub(crate) mod config;
mod error;
pub(crate) mod gguf;
mod lora;
mod safetensors;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use candle_core::quantized::QTensor;
use candle_core::{DType, Device, Tensor};

use crate::model::shape::Shape;

pub(crate) use error::WeightsError;
use gguf::Gguf;
use lora::{ADAPTER_CONFIG, Adapter};
use safetensors::Checkpoint;

/// The weights of one model, open for reading.
#[derive(Debug)]
pub(crate) struct Weights {
    shape: Shape,
    source: Source,
}

/// Where the tensors are.
#[derive(Debug)]
enum Source {
    Checkpoint { base: Checkpoint, adapter: Option<Adapter> },
    Gguf(Gguf),
}

/// A weight matrix.
#[derive(Clone, Debug)]
pub(crate) enum Matrix {
    /// In the type of the file: bf16, f16 or f32.
    Plain(Tensor),
    /// In blocks.
    Quantised(Arc<QTensor>),
}

impl Weights {
    /// Opens a model folder or a `.gguf` file.
    ///
    /// # Errors
    /// Says which file is missing, damaged or of a kind that cannot be computed.
    pub(crate) fn open(path: &Path) -> Result<Self, WeightsError> {
        if let Some(file) = gguf_of(path)? {
            let gguf = Gguf::open(&file)?;
            return Ok(Self { shape: gguf.shape()?, source: Source::Gguf(gguf) });
        }
        if !path.is_dir() {
            return Err(WeightsError::missing(path, "model: name its folder, or a .gguf file"));
        }
        let shape = config::read(&path.join("config.json"))?;
        let base = Checkpoint::open(path)?;
        let adapter = Adapter::beside(&base, path)?;
        Ok(Self { shape, source: Source::Checkpoint { base, adapter } })
    }

    /// The shape of the network.
    pub(crate) fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Bytes of all its tensors: the least memory that serving it takes.
    pub(crate) fn bytes(&self) -> u64 {
        match &self.source {
            Source::Checkpoint { base, .. } => base.bytes(),
            Source::Gguf(gguf) => gguf.bytes(),
        }
    }

    /// A matrix of `rows` × `columns`; its name without `.weight`.
    ///
    /// # Errors
    /// Where there is none, or one of another shape.
    pub(crate) fn matrix(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
        device: &Device,
    ) -> Result<Matrix, WeightsError> {
        let full_name = format!("{name}.weight");
        match &self.source {
            Source::Checkpoint { base, adapter } => {
                let matrix = base.tensor(&full_name, &[rows, columns], device)?;
                let merged = adapter.as_ref().map(|adapter| adapter.merged(name, matrix.clone()));
                Ok(Matrix::Plain(merged.unwrap_or(Ok(matrix))?))
            }
            Source::Gguf(gguf) => gguf.matrix(&full_name, [rows, columns], &self.shape, device),
        }
    }

    /// A vector in f32, by its full name.
    ///
    /// # Errors
    /// Where there is none, or one of another length.
    pub(crate) fn vector(&self, name: &str, length: usize, device: &Device) -> Result<Tensor, WeightsError> {
        match &self.source {
            Source::Checkpoint { base, .. } => base
                .tensor(name, &[length], device)?
                .to_dtype(DType::F32)
                .map_err(|error| WeightsError::Device { name: name.to_owned(), error }),
            Source::Gguf(gguf) => gguf.vector(name, length, device),
        }
    }

    /// Whether there is a tensor of this full name.
    #[cfg(test)]
    pub(crate) fn has(&self, name: &str) -> bool {
        match &self.source {
            Source::Checkpoint { base, .. } => base.has(name),
            Source::Gguf(gguf) => gguf.has(name),
        }
    }
}

/// The `.gguf` file at a path: itself, or the only one in a folder that has no safetensors.
pub(crate) fn gguf_of(path: &Path) -> Result<Option<PathBuf>, WeightsError> {
    let is_gguf = |path: &Path| path.extension().is_some_and(|extension| extension == "gguf");
    if !path.is_dir() {
        return Ok(is_gguf(path).then(|| path.to_owned()));
    }
    if Checkpoint::is_in(path) {
        return Ok(None);
    }
    let entries = std::fs::read_dir(path).map_err(WeightsError::unreadable(path))?;
    let mut files = Vec::new();
    for entry in entries {
        let file = entry.map_err(WeightsError::unreadable(path))?.path();
        if is_gguf(&file) {
            files.push(file);
        }
    }
    if files.len() > 1 {
        let reason = "it holds several .gguf files; a model is one: name the file, or merge its splits";
        return Err(WeightsError::unsupported(path, reason));
    }
    if !files.is_empty() && path.join(ADAPTER_CONFIG).exists() {
        let reason = "a LoRA adapter lies beside a GGUF, and quantised weights cannot be merged; \
                      take the bf16 checkpoint of its base, or merge it before it is quantised";
        return Err(WeightsError::unsupported(path, reason));
    }
    Ok(files.pop())
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
