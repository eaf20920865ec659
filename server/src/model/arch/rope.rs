//! Rotary position embedding over half-split heads: the angles that a position turns a head by.
//!
//! In: the shape's rope. Out: frequencies and tables of cosines and sines as PyTorch transformers computes them,
//! checked against it by the golden models.

use std::f64::consts::PI;
use std::f64::consts::TAU;

use crate::model::shape::{Rope, Scaling};

/// The frequencies of one network.
#[derive(Clone, Debug)]
pub(super) struct Frequencies {
    inverse: Vec<f32>,
    attention_factor: f64,
}

/// Cosines and sines of some positions, `half` of each a row.
#[derive(Debug)]
pub(super) struct Turns {
    /// Half of a head's width.
    pub(super) half: usize,
    /// Cosines.
    pub(super) cosines: Vec<f32>,
    /// Sines.
    pub(super) sines: Vec<f32>,
}

impl Frequencies {
    /// The frequencies for heads of `width`.
    ///
    /// # Errors
    /// Where a file gives another number of divisors than a head has pairs.
    pub(super) fn new(rope: &Rope, width: usize) -> Result<Self, String> {
        let half = width / 2;
        let plain: Vec<f64> = (0..half).map(|i| rope.theta.powf(-((2 * i) as f64) / width as f64)).collect();
        let inverse: Vec<f64> = match &rope.scaling {
            Scaling::None => plain,
            Scaling::Linear { factor } => plain.iter().map(|f| f / factor).collect(),
            Scaling::Llama3 { factor, low_frequency_factor, high_frequency_factor, original_context } => {
                let smooth = Smooth {
                    factor: *factor,
                    low: *low_frequency_factor,
                    high: *high_frequency_factor,
                    context: *original_context as f64,
                };
                plain.iter().map(|&f| smooth.stretch(f)).collect()
            }
            Scaling::Yarn { factor, original_context, beta_fast, beta_slow, .. } => {
                let dimension = |turns: f64| {
                    width as f64 * (*original_context as f64 / (turns * TAU)).ln() / (2.0 * rope.theta.ln())
                };
                let low = dimension(*beta_fast).floor().max(0.0);
                let high = dimension(*beta_slow).ceil().min((width - 1) as f64);
                by_parts(&plain, *factor, low, high)
            }
            Scaling::Factors(divisors) if divisors.len() == half => {
                plain.iter().zip(divisors).map(|(f, &d)| f / f64::from(d)).collect()
            }
            Scaling::Factors(divisors) => {
                let found = divisors.len();
                return Err(format!(
                    "the file has {found} rope divisors where a head of {width} has {half} pairs"
                ));
            }
        };
        Ok(Self {
            inverse: inverse.iter().map(|&f| f as f32).collect(),
            attention_factor: attention_factor(&rope.scaling),
        })
    }

    /// The turns of `positions`, a row each.
    pub(super) fn turns(&self, positions: &[usize]) -> Turns {
        let half = self.inverse.len();
        let mut turns = Turns {
            half,
            cosines: Vec::with_capacity(positions.len() * half),
            sines: Vec::with_capacity(positions.len() * half),
        };
        for &position in positions {
            for &frequency in &self.inverse {
                // The product is rounded as the reference rounds it; far positions depend on that.
                let (sine, cosine) = f64::from(position as f32 * frequency).sin_cos();
                turns.cosines.push((cosine * self.attention_factor) as f32);
                turns.sines.push((sine * self.attention_factor) as f32);
            }
        }
        turns
    }
}

impl Turns {
    /// Turns the head `head` of row `row`, in place.
    pub(super) fn apply(&self, row: usize, head: &mut [f32]) {
        let at = row * self.half..(row + 1) * self.half;
        let (first, second) = head.split_at_mut(self.half);
        let turns = self.cosines[at.clone()].iter().zip(&self.sines[at]);
        for ((a, b), (cosine, sine)) in first.iter_mut().zip(second).zip(turns) {
            (*a, *b) = (*a * cosine - *b * sine, *b * cosine + *a * sine);
        }
    }
}

/// Llama 3's stretch.
struct Smooth {
    factor: f64,
    low: f64,
    high: f64,
    context: f64,
}

impl Smooth {
    fn stretch(&self, frequency: f64) -> f64 {
        let wavelength = 2.0 * PI / frequency;
        if wavelength < self.context / self.high {
            return frequency;
        }
        if wavelength > self.context / self.low {
            return frequency / self.factor;
        }
        let smooth = (self.context / wavelength - self.low) / (self.high - self.low);
        (1.0 - smooth) * frequency / self.factor + smooth * frequency
    }
}

/// YaRN: dimensions below `low` as they are, above `high` stretched, a ramp between.
fn by_parts(plain: &[f64], factor: f64, low: f64, high: f64) -> Vec<f64> {
    let width = if low == high { 0.001 } else { high - low };
    let parts = plain.iter().enumerate().map(|(i, f)| {
        let ramp = ((i as f64 - low) / width).clamp(0.0, 1.0);
        f / factor * ramp + f * (1.0 - ramp)
    });
    parts.collect()
}

fn attention_factor(scaling: &Scaling) -> f64 {
    match scaling {
        Scaling::Yarn { attention_factor: Some(factor), .. } => *factor,
        Scaling::Yarn { factor, attention_factor: None, .. } if *factor > 1.0 => 0.1 * factor.ln() + 1.0,
        Scaling::Yarn { .. }
        | Scaling::None
        | Scaling::Linear { .. }
        | Scaling::Llama3 { .. }
        | Scaling::Factors(_) => 1.0,
    }
}
