//! Walks through a GGUF header before it is believed: every count and length against the bytes that are there.
//!
//! In: the file. Out: nothing, or what is wrong. It asks for no memory that the file names, so a header of absurd numbers
//! costs nothing.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use crate::model::weights::WeightsError;

/// Far above the two lists of a vocabulary and its merges.
const MAX_ELEMENTS: u64 = 1 << 24;
/// Far above the 80 layers of the largest network.
const MAX_TENSORS: u64 = 1 << 16;
/// Far above the few dozens that converters write.
const MAX_ENTRIES: u64 = 1 << 16;
/// Far above a chat template, the longest text.
const MAX_TEXT_BYTES: u64 = 1 << 24;
/// Of the kinds of values: text, and list.
const TEXT: u32 = 8;
const LIST: u32 = 9;

/// Checks the header of a GGUF file of `length` bytes.
///
/// # Errors
/// Says which number is absurd, or which version, value or tensor is of a kind that is not read.
pub(super) fn check(path: &Path, file: &File, length: u64) -> Result<(), WeightsError> {
    let mut walk = Walk { path, reader: BufReader::new(file), left: length, elements: 0 };
    let magic = walk.take::<4>()?;
    if &magic != b"GGUF" {
        return Err(walk.damaged("it does not begin as a GGUF file"));
    }
    let version = walk.u32()?;
    if version != 2 && version != 3 {
        let reason = format!("it is GGUF version {version}; versions 2 and 3 are read: convert it again");
        return Err(WeightsError::unsupported(path, reason));
    }
    let (tensors, entries) = (walk.u64()?, walk.u64()?);
    if tensors > MAX_TENSORS || entries > MAX_ENTRIES {
        return Err(walk.damaged(format!("its header announces {tensors} tensors and {entries} entries")));
    }
    for _ in 0..entries {
        walk.entry()?;
    }
    for _ in 0..tensors {
        walk.tensor()?;
    }
    Ok(())
}

struct Walk<'a> {
    path: &'a Path,
    reader: BufReader<&'a File>,
    left: u64,
    elements: u64,
}

impl Walk<'_> {
    fn entry(&mut self) -> Result<(), WeightsError> {
        let key = self.text()?;
        let kind = self.u32()?;
        if key == "general.alignment" && kind == 4 {
            let alignment = self.u32()?;
            return if alignment.is_power_of_two() && alignment <= 1 << 20 {
                Ok(())
            } else {
                Err(self.damaged(format!("its alignment is {alignment}")))
            };
        }
        if key == "general.alignment" {
            return Err(self.damaged("its alignment is not a 32-bit number"));
        }
        self.value(&key, kind)
    }

    fn value(&mut self, key: &str, kind: u32) -> Result<(), WeightsError> {
        match kind {
            TEXT => self.skip_text(),
            LIST => self.list(key),
            _ => {
                let width = self.width(key, kind)?;
                self.skip(width)
            }
        }
    }

    fn list(&mut self, key: &str) -> Result<(), WeightsError> {
        let kind = self.u32()?;
        let count = self.u64()?;
        self.elements = self.elements.saturating_add(count);
        if self.elements > MAX_ELEMENTS {
            return Err(self.damaged(format!("its entry {key:?} announces {count} elements")));
        }
        match kind {
            TEXT => (0..count).try_for_each(|_| self.skip_text()),
            LIST => Err(self.damaged(format!("its entry {key:?} is a list of lists"))),
            _ => {
                let width = self.width(key, kind)?;
                self.skip(count * width)
            }
        }
    }

    fn width(&self, key: &str, kind: u32) -> Result<u64, WeightsError> {
        match kind {
            0 | 1 | 7 => Ok(1),
            2 | 3 => Ok(2),
            4..=6 => Ok(4),
            10..=12 => Ok(8),
            other => Err(self.damaged(format!("its entry {key:?} is of the unknown kind {other}"))),
        }
    }

    fn tensor(&mut self) -> Result<(), WeightsError> {
        let name = self.text()?;
        let dimensions = self.u32()?;
        if dimensions == 0 || dimensions > 4 {
            return Err(self.damaged(format!("the tensor {name} has {dimensions} dimensions")));
        }
        self.skip(u64::from(dimensions) * 8)?;
        let kind = self.u32()?;
        // F32, F16, Q8_0, Q4_K, Q5_K, Q6_K, BF16 by ggml's numbers.
        if !matches!(kind, 0 | 1 | 8 | 12 | 13 | 14 | 30) {
            let reason = format!(
                "the tensor {name} is of GGUF type {kind}; Q4_K, Q5_K, Q6_K, Q8_0, F16, BF16 and F32 are computed: \
                 take a Q4_K_M, Q5_K_M, Q6_K or Q8_0 file"
            );
            return Err(WeightsError::unsupported(self.path, reason));
        }
        self.skip(8)
    }

    fn text(&mut self) -> Result<String, WeightsError> {
        let length = self.text_length()?;
        let mut text = vec![0; usize::try_from(length).unwrap_or_default()];
        self.reader.read_exact(&mut text).map_err(WeightsError::unreadable(self.path))?;
        self.left -= length;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn skip_text(&mut self) -> Result<(), WeightsError> {
        let length = self.text_length()?;
        self.skip(length)
    }

    fn text_length(&mut self) -> Result<u64, WeightsError> {
        let length = self.u64()?;
        if length > MAX_TEXT_BYTES || length > self.left {
            let left = self.left;
            return Err(self.damaged(format!("it announces a text of {length} bytes where {left} are left")));
        }
        Ok(length)
    }

    fn u32(&mut self) -> Result<u32, WeightsError> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, WeightsError> {
        self.take().map(u64::from_le_bytes)
    }

    fn take<const COUNT: usize>(&mut self) -> Result<[u8; COUNT], WeightsError> {
        if self.left < COUNT as u64 {
            return Err(self.damaged("it ends in the middle of its header"));
        }
        let mut bytes = [0; COUNT];
        self.reader.read_exact(&mut bytes).map_err(WeightsError::unreadable(self.path))?;
        self.left -= COUNT as u64;
        Ok(bytes)
    }

    fn skip(&mut self, count: u64) -> Result<(), WeightsError> {
        let step = i64::try_from(count).ok().filter(|_| count <= self.left);
        let Some(step) = step else { return Err(self.damaged("it ends in the middle of its header")) };
        self.left -= count;
        self.reader.seek_relative(step).map_err(WeightsError::unreadable(self.path))
    }

    fn damaged(&self, reason: impl Into<String>) -> WeightsError {
        WeightsError::damaged(self.path, reason)
    }
}
