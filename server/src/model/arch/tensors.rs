//! A network on devices that are not the CPU: everything in candle's tensors, KV memory too. Rows move to the next
//! device where its first layer begins.
//!
//! Numbers are in the type of the matrices, or f32 where these are quantised; norms and softmax sum in f32. The CPU can
//! compute it too, which is how its tests compare it with PyTorch.

use candle_core::{D, DType, Device, Result, Tensor};
use candle_nn::ops::{rms_norm, softmax_last_dim};
use candle_nn::rotary_emb::rope;

use super::devices::Devices;
use super::linear::Linear;
use super::memory::block_bytes;
use super::network::{Layer, Network};
use super::norm::Norm;
use super::plan::Plan;
use super::rope::Frequencies;
use super::{LoadError, device_error};
use crate::model::decoder::{BLOCK_TOKENS, Decoder, DecoderError, Facts, Run};

/// A network and its KV memory on devices.
#[derive(Debug)]
pub(super) struct TensorDecoder {
    network: Network,
    frequencies: Frequencies,
    /// For each layer keys and values: blocks · `BLOCK_TOKENS` × KV heads · width.
    memory: Vec<(Tensor, Tensor)>,
    dtype: DType,
    devices: Devices,
    facts: Facts,
}

/// What every layer of a step needs of its plan, on its device.
struct Inputs {
    /// Cosines and sines, rows × half a head.
    turns: (Tensor, Tensor),
    /// The place of each row, repeated over a position's width.
    places: Tensor,
    /// For each run the places of all its positions, and what hides later ones from earlier rows.
    runs: Vec<(Tensor, Option<Tensor>)>,
}

impl TensorDecoder {
    /// Gives a network a KV memory of at most `memory_bytes` on all devices together.
    ///
    /// # Errors
    /// Where there is no room for one block, or the network is not one that can be computed.
    pub(super) fn new(
        network: Network,
        devices: Devices,
        memory_bytes: usize,
    ) -> std::result::Result<Self, LoadError> {
        let shape = &network.shape;
        let frequencies = Frequencies::new(&shape.rope, shape.head_width).map_err(LoadError::Shape)?;
        let of_matrices = network.layers.first().and_then(|layer| layer.down.plain_type());
        let dtype = of_matrices.filter(|_| !devices.first().is_cpu()).unwrap_or(DType::F32);
        let blocks = super::blocks_in(memory_bytes, block_bytes(shape, dtype.size_in_bytes()))?;
        let size = (blocks * BLOCK_TOKENS, shape.kv_heads * shape.head_width);
        let zeros = |layer| Tensor::zeros(size, dtype, devices.of(layer, shape.layers));
        let memory = (0..shape.layers).map(|layer| Ok((zeros(layer)?, zeros(layer)?)));
        let memory = memory.collect::<Result<_>>().map_err(LoadError::Device)?;
        // The libraries that multiply choose their kernels by the number of rows.
        let is_batch_invariant = false;
        let facts =
            Facts { vocabulary: shape.vocabulary, context: shape.context, blocks, is_batch_invariant };
        Ok(Self { network, frequencies, memory, dtype, devices, facts })
    }

    fn compute(&self, plan: &Plan<'_>) -> Result<Vec<Vec<f32>>> {
        let network = &self.network;
        let inputs: Vec<Inputs> =
            self.devices.iter().map(|device| self.inputs(plan, device)).collect::<Result<_>>()?;
        let first = self.devices.first();
        let mut rows = network.embedding.embed(&plan.tokens, first)?.to_dtype(self.dtype)?;
        for (number, (layer, memory)) in network.layers.iter().zip(&self.memory).enumerate() {
            rows = rows.to_device(self.devices.of(number, network.layers.len()))?;
            let inputs = &inputs[self.devices.place_of(number, network.layers.len())];
            let input = self.normed(&layer.attention_norm, &rows)?;
            let attended = self.attend(layer, &input, memory, plan, inputs)?;
            rows = (rows + layer.output.forward(&attended)?)?;
            let input = self.normed(&layer.mlp_norm, &rows)?;
            let [gate, up] = Linear::together([&layer.gate, &layer.up], &input)?;
            rows = (rows + layer.down.forward(&(gate.silu()? * up)?)?)?;
        }
        if plan.wanted.is_empty() {
            return Ok(Vec::new());
        }
        let wanted: Vec<u32> = plan.wanted.iter().map(|&row| row as u32).collect();
        let wanted = rows.index_select(&Tensor::new(wanted, rows.device())?, 0)?;
        let logits = network.head.forward(&self.normed(&network.norm, &wanted)?)?;
        logits.to_dtype(DType::F32)?.to_vec2()
    }

    fn inputs(&self, plan: &Plan<'_>, device: &Device) -> Result<Inputs> {
        let turns = self.frequencies.turns(&plan.positions);
        let table = |values: Vec<f32>| {
            let rows = plan.positions.len();
            Tensor::from_vec(values, (rows, turns.half), device)?.to_dtype(self.dtype)
        };
        let cosines = table(turns.cosines.clone())?;
        let sines = table(turns.sines.clone())?;
        let width = self.network.shape.kv_heads * self.network.shape.head_width;
        let places: Vec<u32> = plan.places.iter().map(|&place| place as u32).collect();
        let places = Tensor::new(places, device)?.unsqueeze(1)?.repeat((1, width))?;
        let runs = plan.runs.iter().map(|run| run_inputs(run, device)).collect::<Result<_>>()?;
        Ok(Inputs { turns: (cosines, sines), places, runs })
    }

    fn normed(&self, norm: &Norm, rows: &Tensor) -> Result<Tensor> {
        rms_norm(&rows.contiguous()?, &norm.weight.to_dtype(self.dtype)?, norm.epsilon())
    }

    /// Attention of all rows: rows × query heads · width.
    fn attend(
        &self,
        layer: &Layer,
        input: &Tensor,
        (keys, values): &(Tensor, Tensor),
        plan: &Plan<'_>,
        inputs: &Inputs,
    ) -> Result<Tensor> {
        let projections = &layer.projections;
        let linears = [&projections.query, &projections.key, &projections.value];
        let products = Linear::together(linears, input)?;
        let shape = &self.network.shape;
        let mut rows = Vec::with_capacity(3);
        for (product, linear) in products.into_iter().zip(linears) {
            rows.push(match linear.bias() {
                Some(bias) => product.broadcast_add(&bias.to_dtype(self.dtype)?)?,
                None => product,
            });
        }
        let queries = self.turned(&rows[0], shape.heads, projections.query_norm.as_ref(), inputs)?;
        let new_keys = self.turned(&rows[1], shape.kv_heads, projections.key_norm.as_ref(), inputs)?;
        let new_keys = new_keys.transpose(0, 1)?.flatten_from(1)?.contiguous()?;
        keys.scatter_set(&inputs.places, &new_keys, 0)?;
        values.scatter_set(&inputs.places, &rows[2].contiguous()?, 0)?;
        let mut attended = Vec::with_capacity(plan.runs.len());
        for (span, (places, hidden)) in plan.spans.iter().zip(&inputs.runs) {
            let queries = queries.narrow(1, span.start, span.len())?;
            attended.push(self.attend_run(&queries, (keys, values), places, hidden.as_ref())?);
        }
        Tensor::cat(&attended, 0)
    }

    /// Rows × heads · width to heads × rows × width, normed and turned.
    fn turned(&self, rows: &Tensor, heads: usize, norm: Option<&Norm>, inputs: &Inputs) -> Result<Tensor> {
        let count = rows.dim(0)?;
        let mut rows = rows.reshape((count, heads, self.network.shape.head_width))?;
        if let Some(norm) = norm {
            rows = self.normed(norm, &rows)?;
        }
        let rows = rows.transpose(0, 1)?.contiguous()?.unsqueeze(0)?;
        rope(&rows, &inputs.turns.0, &inputs.turns.1)?.squeeze(0)
    }

    /// One run: queries (query heads × rows × width) over the places of its positions.
    fn attend_run(
        &self,
        queries: &Tensor,
        (keys, values): (&Tensor, &Tensor),
        places: &Tensor,
        hidden: Option<&Tensor>,
    ) -> Result<Tensor> {
        let shape = &self.network.shape;
        let (kv_heads, width) = (shape.kv_heads, shape.head_width);
        let (group, rows, positions) = (shape.heads / kv_heads, queries.dim(1)?, places.dim(0)?);
        let gathered = |memory: &Tensor| -> Result<Tensor> {
            memory
                .index_select(places, 0)?
                .reshape((positions, kv_heads, width))?
                .transpose(0, 1)?
                .contiguous()
        };
        let scale = 1.0 / (width as f64).sqrt();
        let queries = (queries.contiguous()?.reshape((kv_heads, group * rows, width))? * scale)?;
        let scores = queries.matmul(&gathered(keys)?.transpose(1, 2)?)?.to_dtype(DType::F32)?;
        let mut scores = scores.reshape((kv_heads, group, rows, positions))?;
        if let Some(hidden) = hidden {
            scores = scores.broadcast_add(hidden)?;
        }
        let weights = softmax_last_dim(&scores)?.to_dtype(self.dtype)?;
        let sums = weights.reshape((kv_heads, group * rows, positions))?.matmul(&gathered(values)?)?;
        let sums = sums.reshape((kv_heads * group, rows, width))?.transpose(0, 1)?;
        sums.flatten_from(D::Minus2)?.contiguous()
    }
}

impl Decoder for TensorDecoder {
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

/// The places of a run's positions, and what hides later ones from earlier rows.
fn run_inputs(run: &Run<'_>, device: &Device) -> Result<(Tensor, Option<Tensor>)> {
    let end = run.start + run.tokens.len();
    let place = |position: usize| {
        run.blocks[position / BLOCK_TOKENS] * BLOCK_TOKENS as u32 + (position % BLOCK_TOKENS) as u32
    };
    let places = Tensor::new((0..end).map(place).collect::<Vec<u32>>(), device)?;
    if run.tokens.len() == 1 {
        return Ok((places, None));
    }
    let hide =
        |row: usize| (0..end).map(move |position| if position > row { f32::NEG_INFINITY } else { 0.0 });
    let hidden: Vec<f32> = (run.start..end).flat_map(hide).collect();
    let hidden = Tensor::from_vec(hidden, (1, 1, run.tokens.len(), end), device)?;
    Ok((places, Some(hidden)))
}
