//! KV memory on the CPU: for every layer the keys and values of all blocks, in f16.
//!
//! A block holds, for each KV head, keys as `width` × `BLOCK_TOKENS` and values as `BLOCK_TOKENS` × `width`, so that
//! scores of 32 positions and sums over them are both computed without adding across a vector.

use half::f16;
use half::slice::{HalfBitsSliceExt, HalfFloatSliceExt};

use crate::model::decoder::BLOCK_TOKENS;
use crate::model::shape::Shape;

/// The keys and values of one layer.
#[derive(Debug)]
pub(super) struct LayerMemory {
    keys: Vec<u16>,
    values: Vec<u16>,
    kv_heads: usize,
    width: usize,
}

/// Bytes that one block takes in all layers, at `bytes` a number.
pub(super) fn block_bytes(shape: &Shape, bytes: usize) -> usize {
    BLOCK_TOKENS * shape.layers * shape.kv_heads * shape.head_width * 2 * bytes
}

impl LayerMemory {
    /// Memory of `blocks` blocks. The system gives its pages when they are first written.
    ///
    /// # Errors
    /// Says how many bytes there are not.
    pub(super) fn new(shape: &Shape, blocks: usize) -> Result<Self, String> {
        let length = blocks * shape.kv_heads * BLOCK_TOKENS * shape.head_width;
        Ok(Self {
            keys: zeros(length)?,
            values: zeros(length)?,
            kv_heads: shape.kv_heads,
            width: shape.head_width,
        })
    }

    /// Keeps the keys and values of all KV heads of one position at `place`.
    pub(super) fn write(&mut self, place: usize, keys: &[f32], values: &[f32]) {
        let (block, slot) = (place / BLOCK_TOKENS, place % BLOCK_TOKENS);
        for head in 0..self.kv_heads {
            let at = (block * self.kv_heads + head) * BLOCK_TOKENS * self.width;
            let of_head = head * self.width..(head + 1) * self.width;
            let columns = self.keys[at + slot..].iter_mut().step_by(BLOCK_TOKENS);
            for (kept, &key) in columns.zip(&keys[of_head.clone()]) {
                *kept = f16::from_f32(key).to_bits();
            }
            let row = at + slot * self.width..at + (slot + 1) * self.width;
            self.values[row].reinterpret_cast_mut::<f16>().convert_from_f32_slice(&values[of_head]);
        }
    }

    /// Widens the keys of one KV head in a block: `width` × `BLOCK_TOKENS`.
    pub(super) fn keys(&self, block: u32, head: usize, out: &mut [f32]) {
        self.widen(&self.keys, block, head, out);
    }

    /// Widens the values of one KV head in a block: `BLOCK_TOKENS` × `width`.
    pub(super) fn values(&self, block: u32, head: usize, out: &mut [f32]) {
        self.widen(&self.values, block, head, out);
    }

    fn widen(&self, kept: &[u16], block: u32, head: usize, out: &mut [f32]) {
        let length = BLOCK_TOKENS * self.width;
        let at = (block as usize * self.kv_heads + head) * length;
        kept[at..at + length].reinterpret_cast::<f16>().convert_to_f32_slice(out);
    }
}

/// Zeros, if there is room for them.
fn zeros(length: usize) -> Result<Vec<u16>, String> {
    let asked = Vec::<u16>::new().try_reserve_exact(length);
    asked.map_err(|error| format!("{} bytes of KV memory: {error}", length * 2))?;
    Ok(vec![0; length])
}
