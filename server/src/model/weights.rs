//! The weights of a model as tensors, by the names of the Hugging Face checkpoints, whatever the file that holds them.
//!
//! In: a folder of safetensors with `config.json`, or one `.gguf`. Out: the shape, and tensors on a device. Every length
//! that a file states is compared with the file before memory is asked for.

pub(crate) mod config;
mod error;
mod safetensors;

use std::path::Path;
use std::sync::Arc;

use candle_core::quantized::QTensor;
use candle_core::{DType, Device, Tensor};

use crate::model::shape::Shape;

pub(crate) use error::WeightsError;

/// The weights of one model, open for reading.
#[derive(Debug)]
pub(crate) struct Weights {
    shape: Shape,
    source: Source,
}

/// Where the tensors are.
#[derive(Debug)]
enum Source {
    Safetensors(safetensors::Checkpoint),
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
        let shape = config::read(&path.join("config.json"))?;
        let checkpoint = safetensors::Checkpoint::open(path)?;
        Ok(Self { shape, source: Source::Safetensors(checkpoint) })
    }

    /// The shape of the network.
    pub(crate) fn shape(&self) -> &Shape {
        &self.shape
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
        let name = format!("{name}.weight");
        match &self.source {
            Source::Safetensors(checkpoint) => {
                Ok(Matrix::Plain(checkpoint.tensor(&name, &[rows, columns], device)?))
            }
        }
    }

    /// A vector in f32, by its full name.
    ///
    /// # Errors
    /// Where there is none, or one of another length.
    pub(crate) fn vector(&self, name: &str, length: usize, device: &Device) -> Result<Tensor, WeightsError> {
        let tensor = match &self.source {
            Source::Safetensors(checkpoint) => checkpoint.tensor(name, &[length], device)?,
        };
        tensor.to_dtype(DType::F32).map_err(|error| WeightsError::Device { name: name.to_owned(), error })
    }

    /// Whether there is a tensor of this full name.
    pub(crate) fn has(&self, name: &str) -> bool {
        match &self.source {
            Source::Safetensors(checkpoint) => checkpoint.has(name),
        }
    }
}
