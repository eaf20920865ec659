//! `config.json` of a Hugging Face checkpoint as a shape.
//!
//! What it says and the computation does not know is refused, never ignored: a number that is wrong by a little is
//! worse than none. Read and compared with `modeling_rope_utils` of transformers.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::WeightsError;
use crate::model::shape::{Architecture, Rope, Scaling, Shape};

/// The part of `config.json` that changes numbers.
#[derive(Deserialize)]
struct Config {
    vocab_size: usize,
    hidden_size: usize,
    intermediate_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    num_key_value_heads: Option<usize>,
    head_dim: Option<usize>,
    rms_norm_eps: f64,
    rope_theta: Option<f64>,
    rope_scaling: Option<RopeScaling>,
    /// Newer transformers put both rope entries in here.
    rope_parameters: Option<RopeScaling>,
    #[serde(default)]
    tie_word_embeddings: bool,
    max_position_embeddings: usize,
    hidden_act: Option<String>,
    attention_bias: Option<bool>,
    #[serde(default)]
    mlp_bias: bool,
    #[serde(default)]
    use_sliding_window: bool,
    quantization_config: Option<Value>,
}

/// `rope_scaling`, or `rope_parameters`.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct RopeScaling {
    rope_type: Option<String>,
    #[serde(rename = "type")]
    legacy_type: Option<String>,
    rope_theta: Option<f64>,
    factor: Option<f64>,
    original_max_position_embeddings: Option<usize>,
    low_freq_factor: Option<f64>,
    high_freq_factor: Option<f64>,
    attention_factor: Option<f64>,
    attn_factor: Option<f64>,
    mscale: Option<f64>,
    mscale_all_dim: Option<f64>,
    beta_fast: Option<f64>,
    beta_slow: Option<f64>,
    truncate: Option<bool>,
}

/// The shape that a `config.json` describes.
///
/// # Errors
/// Names the entry that is missing, senseless or not computed here.
pub(crate) fn read(path: &Path) -> Result<Shape, WeightsError> {
    if !path.exists() {
        return Err(WeightsError::missing(path.parent().unwrap_or(path), "config.json"));
    }
    let text = std::fs::read(path).map_err(WeightsError::unreadable(path))?;
    let model_type: ModelType = parse(path, &text)?;
    let architecture = architecture(&model_type.model_type)
        .ok_or_else(|| WeightsError::unsupported(path, unknown_architecture(&model_type.model_type)))?;
    let config: Config = parse(path, &text)?;
    let refused = |reason: String| WeightsError::unsupported(path, reason);
    if let Some(reason) = foreign_part(&config, architecture) {
        return Err(refused(reason));
    }
    let shape = shape(&config, architecture).map_err(refused)?;
    check(&shape).map_err(|reason| WeightsError::damaged(path, reason))?;
    Ok(shape)
}

/// The architecture alone, so that a foreign one is named before its other entries are missed.
#[derive(Deserialize)]
struct ModelType {
    model_type: String,
}

fn parse<T: for<'de> Deserialize<'de>>(path: &Path, text: &[u8]) -> Result<T, WeightsError> {
    serde_json::from_slice(text).map_err(|error| WeightsError::damaged(path, error.to_string()))
}

/// The architecture of a name in `config.json` or GGUF metadata.
pub(crate) fn architecture(name: &str) -> Option<Architecture> {
    match name {
        "qwen2" => Some(Architecture::Qwen2),
        "qwen3" => Some(Architecture::Qwen3),
        "llama" => Some(Architecture::Llama),
        _ => None,
    }
}

/// What to say of an architecture that is not among them.
pub(crate) fn unknown_architecture(name: &str) -> String {
    format!(
        "its architecture is {name:?}; qwen2, qwen3 and llama are computed here (R1-Distill-Qwen, R1-0528-Qwen3, \
         R1-Distill-Llama). Serve any other by a remote engine"
    )
}

fn foreign_part(config: &Config, architecture: Architecture) -> Option<String> {
    if let Some(quantised) = &config.quantization_config {
        let method = quantised.get("quant_method").and_then(Value::as_str).unwrap_or("an unnamed method");
        return Some(format!("its weights are quantised by {method}; take the bf16 checkpoint or a GGUF"));
    }
    if let Some(activation) = config.hidden_act.as_deref().filter(|name| *name != "silu") {
        return Some(format!("its activation is {activation:?}; silu is computed"));
    }
    if config.attention_bias == Some(true) && architecture != Architecture::Qwen2 {
        return Some("its attention has biases, which this architecture has nowhere else".to_owned());
    }
    if config.mlp_bias {
        return Some("its MLPs have biases, which are not computed".to_owned());
    }
    config.use_sliding_window.then(|| "its attention slides over a window, which is not computed".to_owned())
}

fn shape(config: &Config, architecture: Architecture) -> Result<Shape, String> {
    let rope = config.rope_parameters.clone().or_else(|| config.rope_scaling.clone()).unwrap_or_default();
    let derived_width = config.hidden_size.checked_div(config.num_attention_heads).unwrap_or_default();
    let default_width = match architecture {
        Architecture::Qwen3 => 128,
        Architecture::Qwen2 | Architecture::Llama => derived_width,
    };
    Ok(Shape {
        architecture,
        vocabulary: config.vocab_size,
        hidden: config.hidden_size,
        intermediate: config.intermediate_size,
        layers: config.num_hidden_layers,
        heads: config.num_attention_heads,
        kv_heads: config.num_key_value_heads.unwrap_or(config.num_attention_heads),
        head_width: config.head_dim.unwrap_or(default_width),
        norm_epsilon: config.rms_norm_eps,
        rope: Rope {
            theta: rope.rope_theta.or(config.rope_theta).unwrap_or(10_000.0),
            scaling: scaling(&rope, config.max_position_embeddings)?,
        },
        is_tied: config.tie_word_embeddings,
        context: config.max_position_embeddings,
    })
}

fn scaling(rope: &RopeScaling, context: usize) -> Result<Scaling, String> {
    let kind = rope.rope_type.as_deref().or(rope.legacy_type.as_deref()).unwrap_or("default");
    let factor = || rope.factor.ok_or_else(|| format!("its rope_scaling {kind:?} has no factor"));
    let original_context = rope.original_max_position_embeddings.unwrap_or(context);
    match kind {
        "default" => Ok(Scaling::None),
        "linear" => Ok(Scaling::Linear { factor: factor()? }),
        "llama3" => Ok(Scaling::Llama3 {
            factor: factor()?,
            low_frequency_factor: rope.low_freq_factor.unwrap_or(1.0),
            high_frequency_factor: rope.high_freq_factor.unwrap_or(4.0),
            original_context,
        }),
        "yarn" if rope.truncate == Some(false) => {
            Err("its YaRN does not truncate, which is not computed".to_owned())
        }
        "yarn" => Ok(Scaling::Yarn {
            factor: factor()?,
            original_context,
            attention_factor: attention_factor(rope, factor()?),
            beta_fast: rope.beta_fast.unwrap_or(32.0),
            beta_slow: rope.beta_slow.unwrap_or(1.0),
        }),
        other => Err(format!("its rope_scaling is {other:?}; default, linear, llama3 and yarn are computed")),
    }
}

/// The scale of cosines and sines that YaRN's entries state.
///
/// `attention_factor` is the scale itself (transformers). `attn_factor` multiplies `0.1 ln(factor) + 1` (the serving
/// engines that R1-0528-Qwen3-8B was published for: its 0.878… cancels that scale to 1; transformers does not read it).
fn attention_factor(rope: &RopeScaling, factor: f64) -> Option<f64> {
    let by_scales = match (rope.mscale, rope.mscale_all_dim) {
        (Some(scale), Some(all)) if scale != 0.0 && all != 0.0 => {
            Some(yarn_scale(factor, scale) / yarn_scale(factor, all))
        }
        _ => None,
    };
    let by_multiple = rope.attn_factor.map(|multiple| multiple * yarn_scale(factor, 1.0));
    rope.attention_factor.or(by_scales).or(by_multiple)
}

/// YaRN's scale of attention for a stretch by `factor`.
pub(crate) fn yarn_scale(factor: f64, multiple: f64) -> f64 {
    if factor <= 1.0 { 1.0 } else { 0.1 * multiple * factor.ln() + 1.0 }
}

/// Refuses a shape that no network has, so that nothing after it divides by zero or asks for the memory of a planet.
pub(crate) fn check(shape: &Shape) -> Result<(), String> {
    let bounded = [
        ("the vocabulary", shape.vocabulary, 1 << 21),
        ("the hidden width", shape.hidden, 1 << 17),
        ("the intermediate width", shape.intermediate, 1 << 19),
        ("the number of layers", shape.layers, 1 << 10),
        ("the number of heads", shape.heads, 1 << 12),
        ("the number of key and value heads", shape.kv_heads, 1 << 12),
        ("the width of a head", shape.head_width, 1 << 10),
        ("the context", shape.context, 1 << 27),
    ];
    if let Some((what, value, _)) = bounded.iter().find(|(_, value, bound)| *value == 0 || value > bound) {
        return Err(format!("{what} is {value}"));
    }
    if !shape.heads.is_multiple_of(shape.kv_heads) {
        return Err(format!("{} heads cannot share {} key and value heads", shape.heads, shape.kv_heads));
    }
    if !shape.head_width.is_multiple_of(2) {
        return Err(format!("a head of width {} has no halves to turn", shape.head_width));
    }
    let is_positive = |value: f64| value.is_finite() && value > 0.0;
    if !is_positive(shape.norm_epsilon) || !is_positive(shape.rope.theta) {
        return Err("the norms' epsilon and the rope's base must be above zero".to_owned());
    }
    check_scaling(&shape.rope.scaling, shape.head_width)
}

fn check_scaling(scaling: &Scaling, head_width: usize) -> Result<(), String> {
    let numbers: &[f64] = match scaling {
        Scaling::None => &[],
        Scaling::Linear { factor } => &[*factor],
        Scaling::Llama3 { factor, low_frequency_factor, high_frequency_factor, original_context } => {
            if high_frequency_factor <= low_frequency_factor {
                return Err("the rope's high_freq_factor is not above its low_freq_factor".to_owned());
            }
            &[*factor, *low_frequency_factor, *high_frequency_factor, *original_context as f64]
        }
        Scaling::Yarn { factor, original_context, attention_factor, beta_fast, beta_slow } => {
            &[*factor, *original_context as f64, attention_factor.unwrap_or(1.0), *beta_fast, *beta_slow]
        }
        Scaling::Factors(factors) if factors.len() != head_width / 2 => {
            return Err(format!("{} rope factors for heads of width {head_width}", factors.len()));
        }
        Scaling::Factors(factors) => {
            let is_sound = factors.iter().all(|factor| factor.is_finite() && *factor > 0.0);
            return is_sound.then_some(()).ok_or_else(|| "a rope factor is not above zero".to_owned());
        }
    };
    let is_sound = numbers.iter().all(|number| number.is_finite() && *number > 0.0);
    is_sound.then_some(()).ok_or_else(|| "a number of the rope's scaling is not above zero".to_owned())
}
