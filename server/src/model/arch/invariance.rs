//! Whether a row's numbers are the same bits alone and in company, found out on this machine by computing both.
//!
//! Attention, norms and plain matrices are so by construction; what decides is candle's kernels, which differ with the
//! format, the processor and the number of rows.

use std::collections::HashSet;

use candle_core::{Device, Result, Tensor};

use super::linear::{Linear, read};
use super::network::Network;

/// Numbers of rows at which kernels change: one, some, and enough for the widest tiles.
const COMPANIES: [usize; 3] = [2, 7, 40];

/// Whether every format of the network is computed in the same way in every batch.
pub(super) fn holds(network: &Network) -> Result<bool> {
    let mut seen = HashSet::new();
    for linear in network.linears() {
        if seen.insert(linear.format()) && !is_the_same_in_company(linear)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether this matrix gives a row the same bits alone and in company.
pub(super) fn is_the_same_in_company(linear: &Linear) -> Result<bool> {
    let columns = linear.columns();
    // Any numbers do that are not alike; these are below one in size.
    let wave =
        |count: usize| (0..count * columns).map(|i| ((i * 37 + 11) % 101) as f32 / 50.5 - 1.0).collect();
    let multiply = |count: usize| -> Result<Vec<f32>> {
        let rows: Vec<f32> = wave(count);
        let product = linear.forward(&Tensor::from_vec(rows, (count, columns), &Device::Cpu)?)?;
        read(&product, <[f32]>::to_vec)
    };
    let alone = multiply(1)?;
    for count in COMPANIES {
        if multiply(count)?[..alone.len()] != alone {
            return Ok(false);
        }
    }
    Ok(true)
}
