//! GGUF metadata as a shape. Read and compared with the loader of llama.cpp.

use candle_core::Device;

use super::Gguf;
use crate::model::shape::{Rope, Scaling, Shape};
use crate::model::weights::WeightsError;
use crate::model::weights::config::{architecture, check, unknown_architecture, yarn_scale};

/// Divisors of the rotary frequencies, in files of Llama 3.
const ROPE_FACTORS: &str = "rope_freqs.weight";

/// The shape that a file's metadata describe.
///
/// # Errors
/// Names the entry that is missing, senseless or not computed here.
pub(super) fn read(gguf: &Gguf) -> Result<Shape, WeightsError> {
    let name = gguf
        .text("general.architecture")
        .ok_or_else(|| WeightsError::damaged(gguf.path(), "it names no architecture"))?;
    let architecture = architecture(name)
        .ok_or_else(|| WeightsError::unsupported(gguf.path(), unknown_architecture(name)))?;
    if gguf.whole(&format!("{name}.expert_count")).is_some_and(|experts| experts > 0) {
        return Err(WeightsError::unsupported(gguf.path(), "its network is a mixture of experts"));
    }
    let entries = Entries { gguf, name };
    let (hidden, heads) = (entries.whole("embedding_length")?, entries.whole("attention.head_count")?);
    let derived_width = hidden.checked_div(heads).unwrap_or_default();
    let head_width = entries.optional("attention.key_length").unwrap_or(derived_width);
    let shape = Shape {
        architecture,
        vocabulary: vocabulary(gguf)?,
        hidden,
        intermediate: entries.whole("feed_forward_length")?,
        layers: entries.whole("block_count")?,
        heads,
        kv_heads: entries.optional("attention.head_count_kv").unwrap_or(heads),
        head_width,
        norm_epsilon: entries.number("attention.layer_norm_rms_epsilon")?,
        rope: Rope {
            theta: gguf.number(&entries.key("rope.freq_base")).unwrap_or(10_000.0),
            scaling: scaling(&entries, head_width)?,
        },
        is_tied: !gguf.has("lm_head.weight"),
        context: entries.whole("context_length")?,
    };
    check_widths(&entries, head_width)?;
    check(&shape).map_err(|reason| WeightsError::damaged(gguf.path(), reason))?;
    Ok(shape)
}

/// The entries of one architecture.
struct Entries<'a> {
    gguf: &'a Gguf,
    name: &'a str,
}

impl Entries<'_> {
    fn key(&self, key: &str) -> String {
        format!("{}.{key}", self.name)
    }

    fn optional(&self, key: &str) -> Option<usize> {
        self.gguf.whole(&self.key(key))
    }

    fn whole(&self, key: &str) -> Result<usize, WeightsError> {
        self.optional(key).ok_or_else(|| self.absent(key))
    }

    fn number(&self, key: &str) -> Result<f64, WeightsError> {
        self.gguf.number(&self.key(key)).ok_or_else(|| self.absent(key))
    }

    fn absent(&self, key: &str) -> WeightsError {
        WeightsError::damaged(
            self.gguf.path(),
            format!("its entry {} is missing or no number", self.key(key)),
        )
    }
}

/// The rows of the embedding: some converters write no size, some pad it.
fn vocabulary(gguf: &Gguf) -> Result<usize, WeightsError> {
    let embedding = gguf.content.tensor_infos.get("token_embd.weight");
    embedding
        .and_then(|tensor| tensor.shape.dims().first().copied())
        .ok_or_else(|| WeightsError::missing(gguf.path(), "tensor token_embd.weight"))
}

/// Heads of one width, turned as a whole.
fn check_widths(entries: &Entries<'_>, head_width: usize) -> Result<(), WeightsError> {
    for key in ["attention.value_length", "rope.dimension_count"] {
        if let Some(width) = entries.optional(key).filter(|width| *width != head_width) {
            let reason = format!("its {} is {width} where its heads are {head_width} wide", entries.key(key));
            return Err(WeightsError::unsupported(entries.gguf.path(), reason));
        }
    }
    Ok(())
}

fn scaling(entries: &Entries<'_>, head_width: usize) -> Result<Scaling, WeightsError> {
    let gguf = entries.gguf;
    let factor = gguf.number(&entries.key("rope.scaling.factor"));
    let factor = factor.or_else(|| gguf.number(&entries.key("rope.scale_linear"))).unwrap_or(1.0);
    // A file with a factor and no type is linear; 0 and 1 stretch nothing.
    let kind = gguf.text(&entries.key("rope.scaling.type")).unwrap_or("linear");
    let stretched = match kind {
        "none" | "linear" if kind == "none" || factor == 0.0 || factor == 1.0 => Scaling::None,
        "linear" => Scaling::Linear { factor },
        "yarn" => yarn(entries, factor)?,
        other => {
            let reason = format!("its rope is scaled by {other:?}; linear and yarn are computed");
            return Err(WeightsError::unsupported(gguf.path(), reason));
        }
    };
    if !gguf.content.tensor_infos.contains_key(ROPE_FACTORS) {
        return Ok(stretched);
    }
    if stretched != Scaling::None {
        let reason = format!("its rope has both {ROPE_FACTORS} and a scaling of type {kind:?}");
        return Err(WeightsError::unsupported(gguf.path(), reason));
    }
    let factors = gguf.vector(ROPE_FACTORS, head_width / 2, &Device::Cpu)?;
    let factors = factors
        .to_vec1::<f32>()
        .map_err(|error| WeightsError::Device { name: ROPE_FACTORS.to_owned(), error })?;
    Ok(Scaling::Factors(factors))
}

/// `yarn_attn_factor` multiplies `0.1 ln(factor) + 1`, as in the kernels of ggml.
fn yarn(entries: &Entries<'_>, factor: f64) -> Result<Scaling, WeightsError> {
    let number = |key: &str| entries.gguf.number(&entries.key(key));
    let multiple = number("rope.scaling.yarn_attn_factor").or_else(|| number("rope.scaling.attn_factor"));
    let original_context = entries.optional("rope.scaling.original_context_length");
    let original_context = original_context.or_else(|| entries.optional("context_length"));
    Ok(Scaling::Yarn {
        factor,
        original_context: original_context
            .ok_or_else(|| entries.absent("rope.scaling.original_context_length"))?,
        attention_factor: multiple.map(|multiple| multiple * yarn_scale(factor, 1.0)),
        beta_fast: number("rope.scaling.yarn_beta_fast").unwrap_or(32.0),
        beta_slow: number("rope.scaling.yarn_beta_slow").unwrap_or(1.0),
    })
}
