//! RMS norm: a row over the root of its mean square, times a weight.

use candle_core::{Device, Tensor};

use super::simd::{Dot, widest};
use crate::model::weights::{Weights, WeightsError};

/// An RMS norm.
#[derive(Debug)]
pub(super) struct Norm {
    /// On the device of the network.
    pub(super) weight: Tensor,
    values: Vec<f32>,
    epsilon: f64,
}

impl Norm {
    /// Reads the norm `name` over rows of `width`.
    pub(super) fn load(
        weights: &Weights,
        name: &str,
        width: usize,
        device: &Device,
    ) -> Result<Self, WeightsError> {
        let name = format!("{name}.weight");
        let weight = weights.vector(&name, width, device)?;
        let values = weight.to_vec1().map_err(|error| WeightsError::Device { name, error })?;
        Ok(Self { weight, values, epsilon: weights.shape().norm_epsilon })
    }

    /// Its epsilon.
    pub(super) fn epsilon(&self) -> f32 {
        self.epsilon as f32
    }

    /// The norm of every row of `rows`, in place.
    pub(super) fn apply(&self, rows: &mut [f32]) {
        for row in rows.chunks_exact_mut(self.values.len()) {
            let square = widest(Dot(row, row));
            let scale = 1.0 / (square / self.values.len() as f32 + self.epsilon()).sqrt();
            for (value, weight) in row.iter_mut().zip(&self.values) {
                *value = *value * scale * weight;
            }
        }
    }
}
