//! Products with weights in f32, f16 or bf16 on the CPU, without a copy of the weights in f32.
//!
//! A tile of weight rows is widened once and multiplied with all rows of the step; the arithmetic of one product is
//! the same for every tile and batch.

use std::borrow::Cow;
use std::ops::Range;

use candle_core::{CpuStorage, Result, bail};
use half::slice::HalfFloatSliceExt;
use pulp::{Simd, WithSimd};

use super::simd::{spread, widest};

/// Weight rows that are widened together.
const TILE: usize = 4;

/// Weights as the file has them.
#[derive(Clone, Copy)]
pub(super) enum Values<'a> {
    /// As they are.
    F32(&'a [f32]),
    /// Widened tile by tile.
    F16(&'a [half::f16]),
    /// Widened tile by tile.
    Bf16(&'a [half::bf16]),
}

impl<'a> Values<'a> {
    /// The values that a tensor on the CPU stores.
    ///
    /// # Errors
    /// Where they are no floating point numbers of these types.
    pub(super) fn of(storage: &'a CpuStorage) -> Result<Self> {
        match storage {
            CpuStorage::F32(values) => Ok(Self::F32(values)),
            CpuStorage::F16(values) => Ok(Self::F16(values)),
            CpuStorage::BF16(values) => Ok(Self::Bf16(values)),
            _ => bail!("weights are f32, f16, bf16 or quantised"),
        }
    }

    /// The values of a range, widened where they are not.
    fn wide(self, range: Range<usize>) -> Cow<'a, [f32]> {
        match self {
            Self::F32(values) => Cow::Borrowed(&values[range]),
            Self::F16(values) => {
                let mut wide = vec![0.0; range.len()];
                values[range].convert_to_f32_slice(&mut wide);
                Cow::Owned(wide)
            }
            Self::Bf16(values) => {
                let widen = |value: &half::bf16| f32::from_bits(u32::from(value.to_bits()) << 16);
                Cow::Owned(values[range].iter().map(widen).collect())
            }
        }
    }
}

/// `rows` (m × columns) times the transpose of `weights` (n × columns): m × n.
pub(super) fn multiply(weights: Values<'_>, rows: &[f32], columns: usize, n: usize) -> Vec<f32> {
    let m = rows.len() / columns;
    // Tiles are made side by side and then laid into rows.
    let mut tiles = vec![0.0; m * n];
    let units: Vec<(usize, &mut [f32])> = tiles.chunks_mut(m.max(1) * TILE).enumerate().collect();
    spread(units, |(tile, out)| {
        let count = out.len() / m;
        let start = *tile * TILE * columns;
        let wide = weights.wide(start..start + count * columns);
        widest(Tile { weights: &wide, rows, columns, count, out });
    });
    if m == 1 { tiles } else { in_rows(&tiles, m, n) }
}

fn in_rows(tiles: &[f32], m: usize, n: usize) -> Vec<f32> {
    let mut out = vec![0.0; m * n];
    for (tile, values) in tiles.chunks(m * TILE).enumerate() {
        let count = values.len() / m;
        for (row, values) in values.chunks_exact(count).enumerate() {
            let at = row * n + tile * TILE;
            out[at..at + count].copy_from_slice(values);
        }
    }
    out
}

/// All rows times `count` weight rows; `out` has `count` products for each row.
struct Tile<'a> {
    weights: &'a [f32],
    rows: &'a [f32],
    columns: usize,
    count: usize,
    out: &'a mut [f32],
}

impl WithSimd for Tile<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match self.count {
            4 => self.multiply::<S, 4>(simd),
            3 => self.multiply::<S, 3>(simd),
            2 => self.multiply::<S, 2>(simd),
            _ => self.multiply::<S, 1>(simd),
        }
    }
}

impl Tile<'_> {
    #[inline(always)]
    fn multiply<S: Simd, const N: usize>(self, simd: S) {
        let mut out = self.out.chunks_mut(2 * N);
        for rows in self.rows.chunks(2 * self.columns) {
            let Some(out) = out.next() else { return };
            if rows.len() == self.columns {
                products::<S, N, 1>(simd, self.weights, rows, self.columns, out);
            } else {
                products::<S, N, 2>(simd, self.weights, rows, self.columns, out);
            }
        }
    }
}

/// M rows times N weight rows, M · N sums in registers.
#[inline(always)]
fn products<S: Simd, const N: usize, const M: usize>(
    simd: S,
    weights: &[f32],
    rows: &[f32],
    columns: usize,
    out: &mut [f32],
) {
    let weights: [(&[S::f32s], &[f32]); N] =
        std::array::from_fn(|n| S::as_simd_f32s(&weights[n * columns..(n + 1) * columns]));
    let rows: [(&[S::f32s], &[f32]); M] =
        std::array::from_fn(|m| S::as_simd_f32s(&rows[m * columns..(m + 1) * columns]));
    let mut sums = [[simd.splat_f32s(0.0); N]; M];
    for at in 0..rows[0].0.len() {
        for m in 0..M {
            let row = rows[m].0[at];
            for n in 0..N {
                sums[m][n] = simd.mul_add_f32s(row, weights[n].0[at], sums[m][n]);
            }
        }
    }
    for m in 0..M {
        for n in 0..N {
            let rest: f32 = rows[m].1.iter().zip(weights[n].1).map(|(a, b)| a * b).sum();
            out[m * N + n] = simd.reduce_sum_f32s(sums[m][n]) + rest;
        }
    }
}
