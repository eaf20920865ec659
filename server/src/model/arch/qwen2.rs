//! Qwen2: DeepSeek-R1-Distill-Qwen-1.5B, 7B, 14B and 32B.
//!
//! Grouped-query attention with biases on queries, keys and values; SwiGLU; RMS norm before each half of a layer;
//! half-split rope. The 1.5B and 7B are made from Qwen2.5-Math, the 14B and 32B from Qwen2.5; heads are 128 wide.
//! Source: <https://huggingface.co/deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B> and transformers' `modeling_qwen2`.

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
        query: loader.linear_with_bias(&format!("{name}.q_proj"), queries, shape.hidden)?,
        key: loader.linear_with_bias(&format!("{name}.k_proj"), keys, shape.hidden)?,
        value: loader.linear_with_bias(&format!("{name}.v_proj"), keys, shape.hidden)?,
        query_norm: None,
        key_norm: None,
    })
}
