//! One `.gguf` file: its metadata, and its tensors by the names of the Hugging Face checkpoints.
//!
//! Every count and length of the header is compared with the file before candle reads it, and every tensor's place
//! before a byte of it is. The rows of queries and keys come out as the checkpoint had them.

mod header;
mod names;
mod shape;

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use candle_core::quantized::GgmlDType;
use candle_core::quantized::ggml_file::qtensor_from_ggml;
use candle_core::quantized::gguf_file::{Content, TensorInfo, Value};
use candle_core::{DType, Device, Tensor};

use super::{Matrix, WeightsError};
use crate::model::shape::{Architecture, Shape};

/// A GGUF file, open for reading.
pub(crate) struct Gguf {
    path: PathBuf,
    content: Content,
}

impl std::fmt::Debug for Gguf {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Gguf").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Gguf {
    /// Reads and checks the header.
    ///
    /// # Errors
    /// Says what in it is damaged or of a kind that is not computed.
    pub(crate) fn open(path: &Path) -> Result<Self, WeightsError> {
        let mut file = File::open(path).map_err(WeightsError::unreadable(path))?;
        let length = file.metadata().map_err(WeightsError::unreadable(path))?.len();
        header::check(path, &file, length)?;
        file.rewind().map_err(WeightsError::unreadable(path))?;
        let content = Content::read(&mut BufReader::new(&file))
            .map_err(|error| WeightsError::damaged(path, error.to_string()))?;
        let gguf = Self { path: path.to_owned(), content };
        for (name, tensor) in &gguf.content.tensor_infos {
            gguf.check_place(name, tensor, length)?;
        }
        Ok(gguf)
    }

    /// The shape of its network.
    ///
    /// # Errors
    /// Names the metadata that is missing, senseless or not computed here.
    pub(crate) fn shape(&self) -> Result<Shape, WeightsError> {
        shape::read(self)
    }

    /// Bytes of all its tensors.
    pub(crate) fn bytes(&self) -> u64 {
        let tensors = self.content.tensor_infos.values();
        tensors.filter_map(byte_length).map(|length| length as u64).sum()
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A text of its metadata.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.content.metadata.get(key)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number of its metadata.
    pub(crate) fn whole(&self, key: &str) -> Option<usize> {
        match self.content.metadata.get(key)? {
            Value::I32(number) => usize::try_from(*number).ok(),
            Value::I64(number) => usize::try_from(*number).ok(),
            number => usize::try_from(number.to_u64().ok()?).ok(),
        }
    }

    /// A number of its metadata.
    pub(crate) fn number(&self, key: &str) -> Option<f64> {
        match self.content.metadata.get(key)? {
            Value::F32(number) => Some(f64::from(*number)),
            Value::F64(number) => Some(*number),
            _ => self.whole(key).map(|number| number as f64),
        }
    }

    /// A list of texts of its metadata.
    pub(crate) fn texts(&self, key: &str) -> Option<Vec<&str>> {
        let Value::Array(values) = self.content.metadata.get(key)? else { return None };
        values.iter().map(|value| value.to_string().ok().map(String::as_str)).collect()
    }

    /// A list of whole numbers of its metadata.
    pub(crate) fn wholes(&self, key: &str) -> Option<Vec<i64>> {
        let Value::Array(values) = self.content.metadata.get(key)? else { return None };
        let whole = |value: &Value| match value {
            Value::I32(number) => Some(i64::from(*number)),
            Value::U32(number) => Some(i64::from(*number)),
            Value::I64(number) => Some(*number),
            _ => None,
        };
        values.iter().map(whole).collect()
    }

    /// Whether there is a tensor of this name (of the checkpoint).
    pub(crate) fn has(&self, name: &str) -> bool {
        names::of_checkpoint(name).is_some_and(|name| self.content.tensor_infos.contains_key(&name))
    }

    /// A matrix by its full name (of the checkpoint).
    ///
    /// # Errors
    /// Where there is none, or one of another shape, or the file cannot be read any more.
    pub(crate) fn matrix(
        &self,
        name: &str,
        wanted: [usize; 2],
        shape: &Shape,
        device: &Device,
    ) -> Result<Matrix, WeightsError> {
        let tensor = self.info(name, &wanted)?;
        let mut bytes = self.bytes_of(tensor)?;
        if let Some(heads) = turned_heads(name, shape) {
            bytes = unturned(&bytes, heads, wanted[0]);
        }
        let refused = |error| WeightsError::Device { name: name.to_owned(), error };
        match plain_kind(tensor.ggml_dtype) {
            Some(kind) => {
                Tensor::from_raw_buffer(&bytes, kind, &wanted, device).map(Matrix::Plain).map_err(refused)
            }
            None => qtensor_from_ggml(tensor.ggml_dtype, &bytes, wanted.to_vec(), device)
                .map(|tensor| Matrix::Quantised(Arc::new(tensor)))
                .map_err(refused),
        }
    }

    /// A vector in f32 by its full name (of the checkpoint, or of GGUF where a checkpoint has none such).
    ///
    /// # Errors
    /// Where there is none, or one of another length, or the file cannot be read any more.
    pub(crate) fn vector(&self, name: &str, length: usize, device: &Device) -> Result<Tensor, WeightsError> {
        let tensor = self.info(name, &[length])?;
        let kind = plain_kind(tensor.ggml_dtype)
            .ok_or_else(|| WeightsError::damaged(&self.path, format!("the vector {name} is quantised")))?;
        Tensor::from_raw_buffer(&self.bytes_of(tensor)?, kind, &[length], device)
            .and_then(|vector| vector.to_dtype(DType::F32))
            .map_err(|error| WeightsError::Device { name: name.to_owned(), error })
    }

    fn info(&self, name: &str, wanted: &[usize]) -> Result<&TensorInfo, WeightsError> {
        let own_name = names::of_checkpoint(name).unwrap_or_else(|| name.to_owned());
        let tensor = self.content.tensor_infos.get(&own_name);
        let tensor = tensor.ok_or_else(|| WeightsError::missing(&self.path, format!("tensor {own_name}")))?;
        if tensor.shape.dims() == wanted {
            return Ok(tensor);
        }
        Err(WeightsError::Mismatch {
            name: own_name,
            path: self.path.clone(),
            found: tensor.shape.dims().to_vec(),
            wanted: wanted.to_vec(),
        })
    }

    fn check_place(&self, name: &str, tensor: &TensorInfo, file_length: u64) -> Result<(), WeightsError> {
        let end = byte_length(tensor).and_then(|length| {
            self.content.tensor_data_offset.checked_add(tensor.offset)?.checked_add(length as u64)
        });
        if end.is_some_and(|end| end <= file_length) {
            return Ok(());
        }
        let dimensions = tensor.shape.dims();
        let reason = format!(
            "the tensor {name} of {dimensions:?} does not fit into the {file_length} bytes of the file"
        );
        Err(WeightsError::damaged(&self.path, reason))
    }

    fn bytes_of(&self, tensor: &TensorInfo) -> Result<Vec<u8>, WeightsError> {
        let mut file = File::open(&self.path).map_err(WeightsError::unreadable(&self.path))?;
        let start = self.content.tensor_data_offset + tensor.offset;
        file.seek(SeekFrom::Start(start)).map_err(WeightsError::unreadable(&self.path))?;
        let mut bytes = vec![0; byte_length(tensor).unwrap_or_default()];
        file.read_exact(&mut bytes).map_err(WeightsError::unreadable(&self.path))?;
        Ok(bytes)
    }
}

fn plain_kind(kind: GgmlDType) -> Option<DType> {
    match kind {
        GgmlDType::F32 => Some(DType::F32),
        GgmlDType::F16 => Some(DType::F16),
        GgmlDType::BF16 => Some(DType::BF16),
        _ => None,
    }
}

/// `None` where it is no number of whole blocks, or more than a machine can count.
fn byte_length(tensor: &TensorInfo) -> Option<usize> {
    let dimensions = tensor.shape.dims();
    let block = tensor.ggml_dtype.block_size();
    if !dimensions.last()?.is_multiple_of(block) {
        return None;
    }
    let elements = dimensions.iter().try_fold(1_usize, |product, width| product.checked_mul(*width))?;
    (elements / block).checked_mul(tensor.ggml_dtype.type_size())
}

/// The heads whose rows llama.cpp's converter has turned for its interleaved rotation; none in other architectures.
fn turned_heads(name: &str, shape: &Shape) -> Option<usize> {
    match shape.architecture {
        Architecture::Qwen2 | Architecture::Qwen3 => None,
        Architecture::Llama if name.ends_with("self_attn.q_proj.weight") => Some(shape.heads),
        Architecture::Llama if name.ends_with("self_attn.k_proj.weight") => Some(shape.kv_heads),
        Architecture::Llama => None,
    }
}

/// Rows `0 2 4 … 1 3 5 …` of each head: pairs that lie side by side come to lie half a head apart.
fn unturned(bytes: &[u8], heads: usize, rows: usize) -> Vec<u8> {
    let row_bytes = bytes.len() / rows;
    let width = rows / heads;
    let mut turned = Vec::with_capacity(bytes.len());
    for row in 0..rows {
        let (head, place) = (row / width, row % width);
        let (half, pair) = (place / (width / 2), place % (width / 2));
        let from = (head * width + 2 * pair + half) * row_bytes;
        turned.extend_from_slice(&bytes[from..from + row_bytes]);
    }
    turned
}
