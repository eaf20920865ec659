//! Llama 3: DeepSeek-R1-Distill-Llama-8B and 70B.
//!
//! Grouped-query attention without biases; SwiGLU; RMS norm before each half of a layer; half-split rope with Llama 3's
//! stretch, which GGUF files hold as divisors. Heads are 128 wide. The 8B is made from Llama-3.1-8B, the 70B from
//! Llama-3.3-70B-Instruct.
//! Source: <https://huggingface.co/deepseek-ai/DeepSeek-R1-Distill-Llama-8B> and transformers' `modeling_llama`.

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
        query_norm: None,
        key_norm: None,
    })
}
