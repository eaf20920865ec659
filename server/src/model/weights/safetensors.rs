//! A checkpoint in safetensors, whole or in shards: names to places in files, and tensors read from them.
//!
//! Headers are read at opening and checked against the length of their file; a tensor's bytes are read when it is asked
//! for, so that no more than one is in memory twice.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use safetensors::tensor::{Dtype, Metadata};
use serde::Deserialize;

use super::WeightsError;

/// A longer header than any checkpoint has; the format's own bound.
const MAX_HEADER_BYTES: u64 = 100_000_000;
/// Bytes of the header's length at the beginning of a file.
const LENGTH_BYTES: u64 = 8;

const WHOLE: &str = "model.safetensors";
const INDEX: &str = "model.safetensors.index.json";

/// The tensors of one checkpoint, by name.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    folder: PathBuf,
    places: HashMap<String, Place>,
}

/// Where a tensor is.
#[derive(Debug)]
struct Place {
    file: PathBuf,
    kind: DType,
    shape: Vec<usize>,
    start: u64,
    length: usize,
}

/// `model.safetensors.index.json`.
#[derive(Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
}

impl Checkpoint {
    /// Whether a folder holds one.
    pub(crate) fn is_in(folder: &Path) -> bool {
        [WHOLE, INDEX].iter().any(|name| folder.join(name).exists())
    }

    /// Reads the headers of the checkpoint in a folder.
    ///
    /// # Errors
    /// Names the file that is missing or damaged.
    pub(crate) fn open(folder: &Path) -> Result<Self, WeightsError> {
        let whole = folder.join(WHOLE);
        let index = folder.join(INDEX);
        if index.exists() {
            return Self::open_shards(folder, &index);
        }
        if !whole.exists() {
            return Err(WeightsError::missing(
                folder,
                "weights: neither model.safetensors nor model.safetensors.index.json nor a .gguf file",
            ));
        }
        Ok(Self { folder: folder.to_owned(), places: read_header(&whole)? })
    }

    /// Reads the header of one file.
    ///
    /// # Errors
    /// Where it is missing or damaged.
    pub(crate) fn open_file(path: &Path) -> Result<Self, WeightsError> {
        let folder = path.parent().unwrap_or(path).to_owned();
        Ok(Self { folder, places: read_header(path)? })
    }

    fn open_shards(folder: &Path, path: &Path) -> Result<Self, WeightsError> {
        let text = std::fs::read(path).map_err(WeightsError::unreadable(path))?;
        let index: Index =
            serde_json::from_slice(&text).map_err(|error| WeightsError::damaged(path, error.to_string()))?;
        let mut shards: BTreeMap<&str, HashMap<String, Place>> = BTreeMap::new();
        let mut places = HashMap::new();
        for (name, shard) in &index.weight_map {
            if !shards.contains_key(shard.as_str()) {
                shards.insert(shard, read_header(&shard_path(folder, path, shard)?)?);
            }
            let place = shards.get_mut(shard.as_str()).and_then(|held| held.remove(name));
            let place = place.ok_or_else(|| {
                WeightsError::damaged(
                    path,
                    format!("it says that {name} is in {shard}, which does not hold it"),
                )
            })?;
            places.insert(name.clone(), place);
        }
        Ok(Self { folder: folder.to_owned(), places })
    }

    /// Whether there is a tensor of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// The names of all tensors.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// Bytes of all tensors.
    pub(crate) fn bytes(&self) -> u64 {
        self.places.values().map(|place| place.length as u64).sum()
    }

    /// The shape of a tensor, where there is one.
    pub(crate) fn shape(&self, name: &str) -> Option<&[usize]> {
        self.places.get(name).map(|place| place.shape.as_slice())
    }

    /// A tensor in the type of the file.
    ///
    /// # Errors
    /// Where there is none, or one of another shape, or its file cannot be read any more.
    pub(crate) fn tensor(
        &self,
        name: &str,
        shape: &[usize],
        device: &Device,
    ) -> Result<Tensor, WeightsError> {
        let place = self
            .places
            .get(name)
            .ok_or_else(|| WeightsError::missing(&self.folder, format!("tensor {name}")))?;
        if place.shape != shape {
            return Err(WeightsError::Mismatch {
                name: name.to_owned(),
                path: place.file.clone(),
                found: place.shape.clone(),
                wanted: shape.to_vec(),
            });
        }
        let bytes = read_bytes(place)?;
        Tensor::from_raw_buffer(&bytes, place.kind, shape, device)
            .map_err(|error| WeightsError::Device { name: name.to_owned(), error })
    }
}

/// A shard's name is one file name in the folder, never a path out of it.
fn shard_path(folder: &Path, index: &Path, shard: &str) -> Result<PathBuf, WeightsError> {
    let is_plain = !shard.contains(['/', '\\']) && shard != ".." && shard.ends_with(".safetensors");
    if !is_plain {
        return Err(WeightsError::damaged(index, format!("{shard:?} is not the name of a safetensors file")));
    }
    let path = folder.join(shard);
    if !path.exists() {
        return Err(WeightsError::missing(folder, format!("shard {shard}, which its index names")));
    }
    Ok(path)
}

fn read_header(path: &Path) -> Result<HashMap<String, Place>, WeightsError> {
    let mut file = File::open(path).map_err(WeightsError::unreadable(path))?;
    let file_length = file.metadata().map_err(WeightsError::unreadable(path))?.len();
    let mut length = [0; LENGTH_BYTES as usize];
    file.read_exact(&mut length)
        .map_err(|_| WeightsError::damaged(path, format!("it has {file_length} bytes and no header")))?;
    let header_length = u64::from_le_bytes(length);
    if header_length > MAX_HEADER_BYTES || header_length > file_length - LENGTH_BYTES {
        let reason = format!("its header claims {header_length} bytes in a file of {file_length}");
        return Err(WeightsError::damaged(path, reason));
    }
    let mut header = vec![0; usize::try_from(header_length).unwrap_or_default()];
    file.read_exact(&mut header).map_err(WeightsError::unreadable(path))?;
    let metadata: Metadata = serde_json::from_slice(&header)
        .map_err(|error| WeightsError::damaged(path, format!("its header cannot be read: {error}")))?;
    let wanted_length = LENGTH_BYTES + header_length + metadata.data_len() as u64;
    if wanted_length != file_length {
        let reason = format!("it should have {wanted_length} bytes and has {file_length}");
        return Err(WeightsError::damaged(path, reason));
    }
    metadata
        .tensors()
        .into_iter()
        .map(|(name, info)| {
            let (start, end) = info.data_offsets;
            let place = Place {
                file: path.to_owned(),
                kind: kind(path, &name, info.dtype)?,
                shape: info.shape.clone(),
                start: LENGTH_BYTES + header_length + start as u64,
                length: end - start,
            };
            Ok((name, place))
        })
        .collect()
}

fn kind(path: &Path, name: &str, dtype: Dtype) -> Result<DType, WeightsError> {
    match dtype {
        Dtype::BF16 => Ok(DType::BF16),
        Dtype::F16 => Ok(DType::F16),
        Dtype::F32 => Ok(DType::F32),
        other => {
            let reason = format!("the tensor {name} is {other:?}; bf16, f16 and f32 are computed, and GGUF");
            Err(WeightsError::unsupported(path, reason))
        }
    }
}

fn read_bytes(place: &Place) -> Result<Vec<u8>, WeightsError> {
    let mut file = File::open(&place.file).map_err(WeightsError::unreadable(&place.file))?;
    file.seek(SeekFrom::Start(place.start)).map_err(WeightsError::unreadable(&place.file))?;
    let mut bytes = vec![0; place.length];
    file.read_exact(&mut bytes).map_err(WeightsError::unreadable(&place.file))?;
    Ok(bytes)
}
