//! Attention on the CPU: each query head over the KV blocks of its run, in plain slices.
//!
//! A block's keys and values are widened to f32 once for up to `ROWS` rows and all query heads of their KV head; the
//! softmax is taken online, block by block in order, so a row has the same bits alone and in any batch.

use pulp::{Simd, WithSimd};

use super::memory::LayerMemory;
use super::plan::Plan;
use super::simd::{exp, spread, widest};
use crate::model::decoder::{BLOCK_TOKENS, BlockId};

/// Rows of one run that share widened blocks.
const ROWS: usize = 8;

/// Query vectors whose sums are in registers together.
const TILE: usize = 4;

/// How attention is divided into heads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heads {
    /// KV heads.
    pub(super) kv_heads: usize,
    /// Query heads for each of them.
    pub(super) group: usize,
    /// Width of one head.
    pub(super) width: usize,
}

/// Some rows of one run under one KV head.
struct Unit<'a> {
    blocks: &'a [BlockId],
    kv_head: usize,
    /// The positions of the rows.
    first_position: usize,
    /// For each row, its query vectors under this KV head and where their sums go.
    rows: Vec<(&'a [f32], &'a mut [f32])>,
}

/// Attention of all rows of a step: `queries` and the result are rows × query heads × width.
pub(super) fn attend(memory: &LayerMemory, plan: &Plan<'_>, heads: Heads, queries: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; queries.len()];
    let units = units(plan, heads, queries, &mut out);
    spread(units, |unit| unit.compute(memory, heads));
    out
}

fn units<'a>(plan: &'a Plan<'_>, heads: Heads, queries: &'a [f32], out: &'a mut [f32]) -> Vec<Unit<'a>> {
    let piece = heads.group * heads.width;
    let mut pieces = queries.chunks_exact(piece).zip(out.chunks_exact_mut(piece));
    let mut units = Vec::new();
    for (run, span) in plan.runs.iter().zip(&plan.spans) {
        for first in (0..span.len()).step_by(ROWS) {
            let count = ROWS.min(span.len() - first);
            let at = units.len();
            units.extend((0..heads.kv_heads).map(|kv_head| Unit {
                blocks: run.blocks,
                kv_head,
                first_position: run.start + first,
                rows: Vec::with_capacity(count),
            }));
            for piece in pieces.by_ref().take(count * heads.kv_heads).enumerate() {
                units[at + piece.0 % heads.kv_heads].rows.push(piece.1);
            }
        }
    }
    units
}

impl Unit<'_> {
    fn compute(&mut self, memory: &LayerMemory, heads: Heads) {
        let (width, group) = (heads.width, heads.group);
        let count = self.rows.len() * group;
        let mut softmax = Softmax::new(&self.rows, width);
        let mut keys = vec![0.0; width * BLOCK_TOKENS];
        let mut values = vec![0.0; width * BLOCK_TOKENS];
        let last = self.first_position + self.rows.len() - 1;
        for (index, &block) in self.blocks[..=last / BLOCK_TOKENS].iter().enumerate() {
            memory.keys(block, self.kv_head, &mut keys);
            memory.values(block, self.kv_head, &mut values);
            for first in (0..count).step_by(TILE) {
                let tile = first..count.min(first + TILE);
                let mut limits = [0; TILE];
                for (limit, vector) in limits.iter_mut().zip(tile.clone()) {
                    let position = self.first_position + vector / group;
                    *limit = (position + 1).saturating_sub(index * BLOCK_TOKENS).min(BLOCK_TOKENS);
                }
                widest(Block { softmax: &mut softmax, tile, limits, keys: &keys, values: &values });
            }
        }
        for (vector, (sums, total)) in softmax.sums.chunks_exact(width).zip(&softmax.totals).enumerate() {
            let out = &mut self.rows[vector / group].1[vector % group * width..][..width];
            for (out, sum) in out.iter_mut().zip(sums) {
                *out = sum / total;
            }
        }
    }
}

/// The softmax of every query vector of a unit, as far as it has come.
struct Softmax {
    /// Query vectors over the root of the width, tile by tile, within a tile `width` × vectors.
    queries: Vec<f32>,
    /// The greatest score of each.
    greatest: Vec<f32>,
    /// The sum of its weights.
    totals: Vec<f32>,
    /// The weighted sum of values.
    sums: Vec<f32>,
    width: usize,
}

impl Softmax {
    fn new(rows: &[(&[f32], &mut [f32])], width: usize) -> Self {
        let scale = 1.0 / (width as f32).sqrt();
        let vectors: Vec<&[f32]> = rows.iter().flat_map(|(queries, _)| queries.chunks_exact(width)).collect();
        let count = vectors.len();
        let mut queries = Vec::with_capacity(count * width);
        for tile in vectors.chunks(TILE) {
            queries.extend((0..width).flat_map(|at| tile.iter().map(move |vector| vector[at] * scale)));
        }
        Self {
            queries,
            greatest: vec![f32::NEG_INFINITY; count],
            totals: vec![0.0; count],
            sums: vec![0.0; count * width],
            width,
        }
    }
}

/// One tile of query vectors and one block.
struct Block<'a> {
    softmax: &'a mut Softmax,
    tile: std::ops::Range<usize>,
    /// Positions of the block that each vector sees.
    limits: [usize; TILE],
    keys: &'a [f32],
    values: &'a [f32],
}

impl WithSimd for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match self.tile.len() {
            4 => self.advance::<S, 4>(simd),
            3 => self.advance::<S, 3>(simd),
            2 => self.advance::<S, 2>(simd),
            _ => self.advance::<S, 1>(simd),
        }
    }
}

impl Block<'_> {
    #[inline(always)]
    fn advance<S: Simd, const N: usize>(self, simd: S) {
        let width = self.softmax.width;
        let tile = self.tile.clone();
        let (queries, _) = self.softmax.queries[tile.start * width..tile.end * width].as_chunks::<N>();
        let mut weights = [[0.0; BLOCK_TOKENS]; N];
        scores(simd, queries, self.keys, &mut weights);
        let sums = &mut self.softmax.sums[tile.start * width..tile.end * width];
        for (n, weights) in weights.iter_mut().enumerate() {
            let (greatest, total) =
                (&mut self.softmax.greatest[tile.start + n], &mut self.softmax.totals[tile.start + n]);
            let limit = self.limits[n];
            weights[limit..].fill(f32::NEG_INFINITY);
            let peak = greatest_of(simd, weights, *greatest);
            if peak > *greatest {
                // Before the first block the sums are zeros, and e to the power of -∞ is nearly nothing.
                let fade = exp(*greatest - peak);
                *greatest = peak;
                *total *= fade;
                sums[n * width..(n + 1) * width].iter_mut().for_each(|sum| *sum *= fade);
            }
            weights.iter_mut().for_each(|weight| *weight = exp(*weight - peak));
            weights[limit..].fill(0.0);
            *total += total_of(simd, weights);
        }
        let limit = self.limits[..N].iter().copied().max().unwrap_or(0);
        weighted(simd, &weights, &self.values[..limit * width], sums, width);
    }
}

/// The scores of N query vectors (`width` × N) for the positions of a block.
#[inline(always)]
fn scores<S: Simd, const N: usize>(
    simd: S,
    queries: &[[f32; N]],
    keys: &[f32],
    out: &mut [[f32; BLOCK_TOKENS]; N],
) {
    let steps = BLOCK_TOKENS / S::F32_LANES;
    // Two vectors at a time: with N = 4 that is eight sums, enough to hide the latency of a product.
    for first in (0..steps).step_by(2) {
        let mut sums = [[simd.splat_f32s(0.0); 2]; N];
        for (queries, keys) in queries.iter().zip(keys.chunks_exact(BLOCK_TOKENS)) {
            let keys = &S::as_simd_f32s(keys).0[first..first + 2];
            for n in 0..N {
                let query = simd.splat_f32s(queries[n]);
                sums[n][0] = simd.mul_add_f32s(query, keys[0], sums[n][0]);
                sums[n][1] = simd.mul_add_f32s(query, keys[1], sums[n][1]);
            }
        }
        for n in 0..N {
            S::as_mut_simd_f32s(&mut out[n]).0[first..first + 2].copy_from_slice(&sums[n]);
        }
    }
}

/// Adds to the sums of N vectors (N × `width`) the values of a block, weighted.
#[inline(always)]
fn weighted<S: Simd, const N: usize>(
    simd: S,
    weights: &[[f32; BLOCK_TOKENS]; N],
    values: &[f32],
    out: &mut [f32],
    width: usize,
) {
    let steps = width / S::F32_LANES;
    let mut first = 0;
    while first + 2 <= steps {
        weighted_columns::<S, N, 2>(simd, weights, values, out, (width, first));
        first += 2;
    }
    if first < steps {
        weighted_columns::<S, N, 1>(simd, weights, values, out, (width, first));
    }
}

/// `weighted` for the C vectors from vector `first` of each row.
#[inline(always)]
fn weighted_columns<S: Simd, const N: usize, const C: usize>(
    simd: S,
    weights: &[[f32; BLOCK_TOKENS]; N],
    values: &[f32],
    out: &mut [f32],
    (width, first): (usize, usize),
) {
    let mut sums = [[simd.splat_f32s(0.0); C]; N];
    for n in 0..N {
        sums[n].copy_from_slice(&S::as_simd_f32s(&out[n * width..(n + 1) * width]).0[first..first + C]);
    }
    for (position, values) in values.chunks_exact(width).enumerate() {
        let values = &S::as_simd_f32s(values).0[first..first + C];
        for n in 0..N {
            let weight = simd.splat_f32s(weights[n][position]);
            for c in 0..C {
                sums[n][c] = simd.mul_add_f32s(weight, values[c], sums[n][c]);
            }
        }
    }
    for n in 0..N {
        let row = S::as_mut_simd_f32s(&mut out[n * width..(n + 1) * width]).0;
        row[first..first + C].copy_from_slice(&sums[n]);
    }
}

/// The greatest weight, or `least`.
#[inline(always)]
fn greatest_of<S: Simd>(simd: S, weights: &[f32; BLOCK_TOKENS], least: f32) -> f32 {
    let vectors = S::as_simd_f32s(weights).0;
    let peak = vectors.iter().fold(simd.splat_f32s(least), |peak, &vector| simd.max_f32s(peak, vector));
    simd.reduce_max_f32s(peak)
}

/// The sum of the weights.
#[inline(always)]
fn total_of<S: Simd>(simd: S, weights: &[f32; BLOCK_TOKENS]) -> f32 {
    let vectors = S::as_simd_f32s(weights).0;
    simd.reduce_sum_f32s(vectors.iter().fold(simd.splat_f32s(0.0), |sum, &vector| simd.add_f32s(sum, vector)))
}
