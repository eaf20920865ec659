//! A network on the CPU: matrices by candle's kernels, everything between them in plain slices.

use candle_core::{Device, Result, Tensor};

use super::attention::{Heads, attend};
use super::linear::{Linear, read};
use super::memory::{LayerMemory, block_bytes};
use super::network::{Layer, Network, Projections};
use super::plan::Plan;
use super::rope::{Frequencies, Turns};
use super::simd::{Swiglu, spread, widest};
use super::{LoadError, device_error};
use crate::model::decoder::{Decoder, DecoderError, Facts, Run};

/// A network and its KV memory on the CPU.
#[derive(Debug)]
pub(super) struct SliceDecoder {
    network: Network,
    frequencies: Frequencies,
    memory: Vec<LayerMemory>,
    facts: Facts,
}

impl SliceDecoder {
    /// Gives a network a KV memory of at most `memory_bytes`.
    ///
    /// # Errors
    /// Where there is no room for one block, or the network is not one that can be computed.
    pub(super) fn new(network: Network, memory_bytes: usize) -> std::result::Result<Self, LoadError> {
        let shape = &network.shape;
        if !shape.head_width.is_multiple_of(16) {
            return Err(LoadError::Shape(format!(
                "heads are {} wide; widths are multiples of 16",
                shape.head_width
            )));
        }
        let frequencies = Frequencies::new(&shape.rope, shape.head_width).map_err(LoadError::Shape)?;
        let blocks = super::blocks_in(memory_bytes, block_bytes(shape, 2))?;
        let memory = (0..shape.layers).map(|_| LayerMemory::new(shape, blocks));
        let memory = memory.collect::<std::result::Result<_, _>>().map_err(LoadError::Memory)?;
        let facts = Facts {
            vocabulary: shape.vocabulary,
            context: shape.context,
            blocks,
            is_batch_invariant: super::invariance::holds(&network).map_err(LoadError::Device)?,
        };
        Ok(Self { network, frequencies, memory, facts })
    }

    fn compute(&mut self, plan: &Plan<'_>) -> Result<Vec<Vec<f32>>> {
        let network = &self.network;
        let shape = &network.shape;
        let turns = self.frequencies.turns(&plan.positions);
        let heads =
            Heads { kv_heads: shape.kv_heads, group: shape.heads / shape.kv_heads, width: shape.head_width };
        let mut rows =
            network.embedding.embed(&plan.tokens, &Device::Cpu)?.flatten_all()?.to_vec1::<f32>()?;
        for (index, (layer, memory)) in network.layers.iter().zip(&mut self.memory).enumerate() {
            let input = tensor(normed(&layer.attention_norm, &rows), shape.hidden)?;
            let queries = project(&layer.projections, &input, memory, &turns, plan)?;
            let mut attended = attend(memory, plan, heads, &queries);
            if index + 1 == shape.layers {
                // Nothing reads what the last layer makes of other rows.
                attended = wanted(&attended, plan);
                rows = wanted(&rows, plan);
                if rows.is_empty() {
                    return Ok(Vec::new());
                }
            }
            let attended = layer.output.forward(&tensor(attended, shape.heads * shape.head_width)?)?;
            read(&attended, |values| add(&mut rows, values))?;
            let input = tensor(normed(&layer.mlp_norm, &rows), shape.hidden)?;
            read(&mlp(layer, &input)?, |values| add(&mut rows, values))?;
        }
        network.norm.apply(&mut rows);
        let logits = network.head.forward(&tensor(rows, shape.hidden)?)?;
        read(&logits, |logits| logits.chunks_exact(shape.vocabulary).map(<[f32]>::to_vec).collect())
    }
}

impl Decoder for SliceDecoder {
    fn facts(&self) -> Facts {
        self.facts
    }

    fn step(&mut self, runs: &[Run<'_>]) -> std::result::Result<Vec<Vec<f32>>, DecoderError> {
        if runs.is_empty() {
            return Ok(Vec::new());
        }
        let plan = Plan::new(runs, &self.facts)?;
        self.compute(&plan).map_err(|error| device_error(&error))
    }
}

fn tensor(rows: Vec<f32>, width: usize) -> Result<Tensor> {
    let count = rows.len() / width;
    Tensor::from_vec(rows, (count, width), &Device::Cpu)
}

/// The rows whose logits are wanted.
fn wanted(rows: &[f32], plan: &Plan<'_>) -> Vec<f32> {
    let width = rows.len() / plan.tokens.len();
    plan.wanted.iter().flat_map(|&row| &rows[row * width..(row + 1) * width]).copied().collect()
}

fn normed(norm: &super::norm::Norm, rows: &[f32]) -> Vec<f32> {
    let mut rows = rows.to_vec();
    norm.apply(&mut rows);
    rows
}

fn add(rows: &mut [f32], more: &[f32]) {
    rows.iter_mut().zip(more).for_each(|(row, more)| *row += more);
}

/// Puts keys and values into memory; gives the queries.
fn project(
    projections: &Projections,
    input: &Tensor,
    memory: &mut LayerMemory,
    turns: &Turns,
    plan: &Plan<'_>,
) -> Result<Vec<f32>> {
    let Projections { query, key, value, query_norm, key_norm } = projections;
    let [queries, keys, values] = Linear::together([query, key, value], input)?;
    let finish = |linear: &Linear, rows: &Tensor| -> Result<Vec<f32>> {
        let mut rows = rows.flatten_all()?.to_vec1::<f32>()?;
        linear.add_bias(&mut rows);
        Ok(rows)
    };
    let (mut queries, mut keys, values) =
        (finish(query, &queries)?, finish(key, &keys)?, finish(value, &values)?);
    for (norm, rows) in [(query_norm, &mut queries), (key_norm, &mut keys)] {
        if let Some(norm) = norm {
            norm.apply(rows);
        }
    }
    let width = 2 * turns.half;
    for rows in [&mut queries, &mut keys] {
        let row_width = rows.len() / plan.tokens.len();
        for (row, heads) in rows.chunks_exact_mut(row_width).enumerate() {
            heads.chunks_exact_mut(width).for_each(|head| turns.apply(row, head));
        }
    }
    let kv_width = keys.len() / plan.tokens.len();
    let kept = keys.chunks_exact(kv_width).zip(values.chunks_exact(kv_width));
    for (&place, (keys, values)) in plan.places.iter().zip(kept) {
        memory.write(place, keys, values);
    }
    Ok(queries)
}

fn mlp(layer: &Layer, input: &Tensor) -> Result<Tensor> {
    let [gate, up] = Linear::together([&layer.gate, &layer.up], input)?;
    let wide = layer.down.columns();
    let mut opened = vec![0.0; input.dim(0)? * wide];
    read(&gate, |gate| {
        read(&up, |up| {
            let rows = opened.chunks_mut(wide).zip(gate.chunks(wide).zip(up.chunks(wide)));
            spread(rows.collect(), |(out, (gate, up))| widest(Swiglu { gate, up, out }));
        })
    })??;
    layer.down.forward(&tensor(opened, wide)?)
}
