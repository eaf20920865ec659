//! The shape of a network: what `config.json` or GGUF metadata says, checked, as one typed value.
//!
//! Everything that changes a number that the network computes is here; nothing that does not.

/// The shape of a decoder-only network of the R1 family.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    /// Which network it is.
    pub(crate) architecture: Architecture,
    /// Tokens that it knows; rows of the embedding.
    pub(crate) vocabulary: usize,
    /// Width of the residual stream.
    pub(crate) hidden: usize,
    /// Width between the two halves of an MLP.
    pub(crate) intermediate: usize,
    /// Blocks, one after the other.
    pub(crate) layers: usize,
    /// Query heads.
    pub(crate) heads: usize,
    /// Key and value heads; each serves `heads / kv_heads` query heads.
    pub(crate) kv_heads: usize,
    /// Width of one head.
    pub(crate) head_width: usize,
    /// Epsilon of every RMS norm.
    pub(crate) norm_epsilon: f64,
    /// How positions turn queries and keys.
    pub(crate) rope: Rope,
    /// Whether the output head is the embedding.
    pub(crate) is_tied: bool,
    /// Positions for which the network was made.
    pub(crate) context: usize,
}

/// The networks that can be computed. One file in `arch/` each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Architecture {
    /// R1-Distill-Qwen 1.5B, 7B, 14B, 32B: biases on queries, keys and values.
    Qwen2,
    /// R1-0528-Qwen3-8B: norms on queries and keys, YaRN.
    Qwen3,
    /// R1-Distill-Llama 8B, 70B.
    Llama,
}

/// Rotary position embedding over half-split heads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rope {
    /// Base of the frequencies.
    pub(crate) theta: f64,
    /// How they are stretched beyond the trained context.
    pub(crate) scaling: Scaling,
}

/// How rotary frequencies are stretched.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scaling {
    /// Not at all.
    None,
    /// Every frequency by the same factor.
    Linear {
        /// The factor.
        factor: f64,
    },
    /// Llama 3: low frequencies by `factor`, high ones not, smoothly between.
    Llama3 {
        /// The factor for low frequencies.
        factor: f64,
        /// Wavelengths longer than `original_context / low_frequency_factor` are stretched.
        low_frequency_factor: f64,
        /// Wavelengths shorter than `original_context / high_frequency_factor` are left alone.
        high_frequency_factor: f64,
        /// Positions of the training before the stretch.
        original_context: usize,
    },
    /// YaRN: by parts, with attention scaled.
    Yarn {
        /// The factor.
        factor: f64,
        /// Positions of the training before the stretch.
        original_context: usize,
        /// Scale of cosines and sines; where absent `0.1 ln(factor) + 1`.
        attention_factor: Option<f64>,
        /// Rotations above which a dimension is not interpolated.
        beta_fast: f64,
        /// Rotations below which a dimension is wholly interpolated.
        beta_slow: f64,
    },
    /// Divisors of the frequencies as a file gives them (`rope_freqs.weight` of GGUF).
    Factors(Vec<f32>),
}
