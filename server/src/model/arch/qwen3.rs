//! Qwen3: DeepSeek-R1-0528-Qwen3-8B.
//!
//! Grouped-query attention without biases, each query and key head normed before it is turned; heads may be wider than
//! hidden / heads. SwiGLU, RMS norm before each half of a layer, half-split rope stretched by YaRN.
//! Source: <https://huggingface.co/deepseek-ai/DeepSeek-R1-0528-Qwen3-8B> and transformers' `modeling_qwen3`.

use super::network::{Loader, Projections};
use crate::model::shape::Shape;
use crate::model::weights::WeightsError;

/// Queries, keys and values of the attention `name`.
pub(super) fn projections(
    loader: &Loader<'_>,
    shape: &Shape,
    name: &str,
) -> Result<Projections, WeightsError> {
    let (queries, keys) = (shape.heads * shape.head_width, shape.kv_heads * shape.head_width);
    Ok(Projections {
        query: loader.linear(&format!("{name}.q_proj"), queries, shape.hidden)?,
        key: loader.linear(&format!("{name}.k_proj"), keys, shape.hidden)?,
        value: loader.linear(&format!("{name}.v_proj"), keys, shape.hidden)?,
        query_norm: Some(loader.norm(&format!("{name}.q_norm"), shape.head_width)?),
        key_norm: Some(loader.norm(&format!("{name}.k_norm"), shape.head_width)?),
    })
}
