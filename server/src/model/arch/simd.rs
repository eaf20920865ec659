//! Loops over plain slices, compiled for several processors and chosen at run time, and spread over the threads.
//!
//! What is computed for one row never depends on its neighbours: the same row has the same bits in any batch.

use std::sync::Mutex;

use pulp::{Arch, Simd, WithSimd};

/// Runs a loop with the widest vectors of this machine. Its `with_simd` must be `#[inline(always)]`.
pub(super) fn widest<Op: WithSimd>(op: Op) -> Op::Output {
    Arch::new().dispatch(op)
}

/// Does every unit of work once, on the threads on which candle's matrices are multiplied.
pub(super) fn spread<T: Send>(units: Vec<T>, work: impl Fn(&mut T) + Sync) {
    let units: Vec<Mutex<T>> = units.into_iter().map(Mutex::new).collect();
    candle_core::utils::barrier_pool().execute_chunked(units.len(), |range| {
        for unit in &units[range] {
            work(&mut unit.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        }
    });
}

/// e to the power of `x`, to about one unit in the last place of what a softmax needs; nothing below e⁻⁸⁷.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    // Adding and subtracting 1.5 · 2²³ rounds to a whole number, which is then in the low bits.
    const ROUNDER: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let rounded = x.mul_add(std::f32::consts::LOG2_E, ROUNDER);
    let whole = rounded - ROUNDER;
    let rest = whole.mul_add(2.121_944_4e-4, whole.mul_add(-0.693_359_4, x));
    let mut series = 1.987_569_1e-4_f32;
    for coefficient in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5, 1.0, 1.0] {
        series = series.mul_add(rest, coefficient);
    }
    series * f32::from_bits((rounded.to_bits() << 23).wrapping_add(1.0_f32.to_bits()))
}

/// The half of an MLP between its matrices: `silu(gate) · up`.
pub(super) struct Swiglu<'a> {
    /// Gate values.
    pub(super) gate: &'a [f32],
    /// Up values, as many.
    pub(super) up: &'a [f32],
    /// Where the products go, as many.
    pub(super) out: &'a mut [f32],
}

impl WithSimd for Swiglu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for ((out, &gate), &up) in self.out.iter_mut().zip(self.gate).zip(self.up) {
            *out = gate / (1.0 + exp(-gate)) * up;
        }
    }
}

/// The sum of products of two slices of one length.
pub(super) struct Dot<'a>(pub(super) &'a [f32], pub(super) &'a [f32]);

impl WithSimd for Dot<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let (a, a_rest) = S::as_simd_f32s(self.0);
        let (b, b_rest) = S::as_simd_f32s(self.1);
        let mut sum = simd.splat_f32s(0.0);
        for (&a, &b) in a.iter().zip(b) {
            sum = simd.mul_add_f32s(a, b, sum);
        }
        let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
        simd.reduce_sum_f32s(sum) + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_that_of_the_standard_library() {
        for step in -8_000..=8_000 {
            let x = step as f32 * 0.01;
            let (ours, theirs) = (f64::from(exp(x)), f64::from(x).exp());
            assert!(((ours - theirs) / theirs).abs() < 3e-7, "e^{x}: {ours} for {theirs}");
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-37);
    }

    #[test]
    fn every_unit_is_done_once() {
        let mut cells = vec![0_u32; 1_000];
        spread(cells.iter_mut().enumerate().collect(), |(index, cell)| **cell += *index as u32);
        assert!(cells.iter().enumerate().all(|(index, &cell)| cell == index as u32));
    }
}
