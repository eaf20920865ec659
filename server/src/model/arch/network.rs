//! A dense decoder-only network: its matrices and norms in the order in which a row passes them.
//!
//! What differs between networks, the projections of attention, comes from the file of each; the rest is one.

use candle_core::Device;

use super::devices::Devices;
use super::linear::Linear;
use super::norm::Norm;
use super::{llama, qwen2, qwen3};
use crate::model::shape::{Architecture, Shape};
use crate::model::weights::{Weights, WeightsError};

/// What the embedding is called.
const EMBEDDING: &str = "model.embed_tokens";

/// A network with its weights.
#[derive(Debug)]
pub(super) struct Network {
    /// What it is.
    pub(super) shape: Shape,
    /// A row for each token.
    pub(super) embedding: Linear,
    /// Its layers, first to last.
    pub(super) layers: Vec<Layer>,
    /// Before the head.
    pub(super) norm: Norm,
    /// From a row to logits.
    pub(super) head: Linear,
}

/// One layer.
#[derive(Debug)]
pub(super) struct Layer {
    /// Before attention.
    pub(super) attention_norm: Norm,
    /// Into attention.
    pub(super) projections: Projections,
    /// Out of attention.
    pub(super) output: Linear,
    /// Before the MLP.
    pub(super) mlp_norm: Norm,
    /// The gate of the MLP.
    pub(super) gate: Linear,
    /// What the gate opens to.
    pub(super) up: Linear,
    /// Out of the MLP.
    pub(super) down: Linear,
}

/// From a row to its queries, keys and values.
#[derive(Debug)]
pub(super) struct Projections {
    /// Queries, `heads` of them.
    pub(super) query: Linear,
    /// Keys, `kv_heads` of them.
    pub(super) key: Linear,
    /// Values, as many.
    pub(super) value: Linear,
    /// Over each query head, before it is turned.
    pub(super) query_norm: Option<Norm>,
    /// Over each key head, before it is turned.
    pub(super) key_norm: Option<Norm>,
}

/// Where weights are read from and put to.
pub(super) struct Loader<'a> {
    /// The files.
    pub(super) weights: &'a Weights,
    /// The device.
    pub(super) device: &'a Device,
    /// What is made of a matrix before rows are multiplied with it: `Linear::ready`.
    pub(super) prepare: fn(Linear, &str) -> Result<Linear, WeightsError>,
}

impl Network {
    /// Reads a network.
    ///
    /// # Errors
    /// Says which weight is missing, damaged or of another shape.
    pub(super) fn load(
        weights: &Weights,
        devices: &Devices,
        prepare: fn(Linear, &str) -> Result<Linear, WeightsError>,
    ) -> Result<Self, WeightsError> {
        let on = |device| Loader { weights, device, prepare };
        let shape = weights.shape().clone();
        let (first, last) = (on(devices.first()), on(devices.last()));
        let embedding_on = |loader: &Loader<'_>| loader.table(EMBEDDING, shape.vocabulary, shape.hidden);
        let embedding = embedding_on(&first)?;
        let head = if !shape.is_tied {
            last.head("lm_head", shape.vocabulary, shape.hidden)?
        } else if devices.first().same_device(devices.last()) {
            embedding.shared()
        } else {
            embedding_on(&last)?
        };
        let layer = |layer| Layer::load(&on(devices.of(layer, shape.layers)), &shape, layer);
        let layers = (0..shape.layers).map(layer).collect::<Result<Vec<_>, _>>()?;
        let norm = last.norm("model.norm", shape.hidden)?;
        Ok(Self { shape, embedding, layers, norm, head })
    }

    /// Every matrix that rows are multiplied with, the small ones of attention first.
    pub(super) fn linears(&self) -> impl Iterator<Item = &Linear> {
        let attention = self.layers.iter().flat_map(|layer| {
            let Projections { query, key, value, .. } = &layer.projections;
            [key, value, query, &layer.output]
        });
        let mlp = self.layers.iter().flat_map(|layer| [&layer.gate, &layer.up, &layer.down]);
        attention.chain(mlp).chain([&self.head])
    }
}

impl Layer {
    fn load(loader: &Loader<'_>, shape: &Shape, layer: usize) -> Result<Self, WeightsError> {
        let name = |part: &str| format!("model.layers.{layer}.{part}");
        let (hidden, wide) = (shape.hidden, shape.intermediate);
        let projections = match shape.architecture {
            Architecture::Qwen2 => qwen2::projections,
            Architecture::Qwen3 => qwen3::projections,
            Architecture::Llama => llama::projections,
        };
        Ok(Self {
            attention_norm: loader.norm(&name("input_layernorm"), hidden)?,
            projections: projections(loader, shape, &name("self_attn"))?,
            output: loader.linear(&name("self_attn.o_proj"), hidden, shape.heads * shape.head_width)?,
            mlp_norm: loader.norm(&name("post_attention_layernorm"), hidden)?,
            gate: loader.linear(&name("mlp.gate_proj"), wide, hidden)?,
            up: loader.linear(&name("mlp.up_proj"), wide, hidden)?,
            down: loader.linear(&name("mlp.down_proj"), hidden, wide)?,
        })
    }
}

impl Loader<'_> {
    /// A matrix without a bias.
    pub(super) fn linear(&self, name: &str, rows: usize, columns: usize) -> Result<Linear, WeightsError> {
        (self.prepare)(self.table(name, rows, columns)?, name)
    }

    /// A matrix of which only the rows that answers are drawn from are multiplied.
    fn head(&self, name: &str, rows: usize, columns: usize) -> Result<Linear, WeightsError> {
        (self.prepare)(self.table(name, rows, columns)?.for_few(), name)
    }

    /// A matrix whose rows are looked up.
    fn table(&self, name: &str, rows: usize, columns: usize) -> Result<Linear, WeightsError> {
        Linear::load(self.weights, name, (rows, columns), self.device)
    }

    /// A matrix with its bias.
    pub(super) fn linear_with_bias(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Linear, WeightsError> {
        (self.prepare)(Linear::load_with_bias(self.weights, name, (rows, columns), self.device)?, name)
    }

    /// A norm.
    pub(super) fn norm(&self, name: &str, width: usize) -> Result<Norm, WeightsError> {
        Norm::load(self.weights, name, width, self.device)
    }
}
