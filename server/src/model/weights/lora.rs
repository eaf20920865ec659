//! A LoRA adapter in PEFT's form, merged into the matrices of its base as they are read.
//!
//! What the adapter holds and the merge does not know (DoRA, trained biases, whole modules, embeddings) is refused when
//! it is opened: a fine-tune that is merged by half answers wrongly and looks right.

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::{DType, Device, Tensor};
use serde::Deserialize;
use serde_json::Value;

use super::WeightsError;
use super::safetensors::Checkpoint;

/// The file whose presence says that there is an adapter.
pub(crate) const ADAPTER_CONFIG: &str = "adapter_config.json";
const ADAPTER_WEIGHTS: &str = "adapter_model.safetensors";

/// An adapter, open for reading.
#[derive(Debug)]
pub(crate) struct Adapter {
    weights: Checkpoint,
    /// By the name of the base's matrix, without `.weight`.
    pairs: BTreeMap<String, Pair>,
}

/// The two factors of one matrix's change.
#[derive(Debug)]
struct Pair {
    stem: String,
    rank: usize,
    scale: f64,
}

/// `adapter_config.json`.
#[derive(Deserialize)]
struct Config {
    peft_type: String,
    r: usize,
    lora_alpha: f64,
    #[serde(default)]
    use_rslora: bool,
    #[serde(default)]
    use_dora: bool,
    #[serde(default)]
    fan_in_fan_out: bool,
    bias: Option<String>,
    modules_to_save: Option<Vec<Value>>,
    #[serde(default)]
    rank_pattern: BTreeMap<String, Value>,
    #[serde(default)]
    alpha_pattern: BTreeMap<String, Value>,
}

impl Adapter {
    /// Opens the adapter that lies beside a base checkpoint, where there is one.
    ///
    /// # Errors
    /// Says what it holds that cannot be merged.
    pub(crate) fn beside(base: &Checkpoint, folder: &Path) -> Result<Option<Self>, WeightsError> {
        let path = folder.join(ADAPTER_CONFIG);
        if !path.exists() {
            return Ok(None);
        }
        let config = read_config(&path)?;
        let weights_path = folder.join(ADAPTER_WEIGHTS);
        if !weights_path.exists() {
            return Err(WeightsError::missing(folder, ADAPTER_WEIGHTS));
        }
        let weights = Checkpoint::open_file(&weights_path)?;
        let pairs = pairs(&weights, &config, base, &weights_path)?;
        Ok(Some(Self { weights, pairs }))
    }

    /// A matrix of the base with the adapter's change added, in the type of the base.
    ///
    /// # Errors
    /// Where the adapter's factors do not fit the matrix, or cannot be read any more.
    pub(crate) fn merged(&self, name: &str, matrix: Tensor) -> Result<Tensor, WeightsError> {
        let Some(pair) = self.pairs.get(name) else { return Ok(matrix) };
        let refused = |error| WeightsError::Device { name: name.to_owned(), error };
        let (rows, columns) = matrix.dims2().map_err(refused)?;
        let factor = |kind: &str, shape: [usize; 2]| -> Result<Tensor, WeightsError> {
            let factor =
                self.weights.tensor(&format!("{}.{kind}.weight", pair.stem), &shape, &Device::Cpu)?;
            factor.to_dtype(DType::F32).map_err(refused)
        };
        let inner = factor("lora_A", [pair.rank, columns])?;
        let outer = factor("lora_B", [rows, pair.rank])?;
        let sum = || {
            let change = (outer.matmul(&inner)? * pair.scale)?.to_device(matrix.device())?;
            (matrix.to_dtype(DType::F32)? + change)?.to_dtype(matrix.dtype())
        };
        sum().map_err(refused)
    }
}

fn read_config(path: &Path) -> Result<Config, WeightsError> {
    let text = std::fs::read(path).map_err(WeightsError::unreadable(path))?;
    let config: Config =
        serde_json::from_slice(&text).map_err(|error| WeightsError::damaged(path, error.to_string()))?;
    let foreign = [
        (config.peft_type != "LORA", "it is not a LoRA"),
        (config.use_dora, "it is a DoRA"),
        (config.fan_in_fan_out, "its matrices are transposed (fan_in_fan_out)"),
        (config.bias.as_deref().is_some_and(|bias| bias != "none"), "it has trained biases"),
        (
            config.modules_to_save.as_ref().is_some_and(|list| !list.is_empty()),
            "it has whole trained modules",
        ),
        (!config.rank_pattern.is_empty(), "its rank differs by module (rank_pattern)"),
        (!config.alpha_pattern.is_empty(), "its alpha differs by module (alpha_pattern)"),
        (config.r == 0 || !config.lora_alpha.is_finite(), "its rank or alpha is no number to compute with"),
    ];
    match foreign.iter().find(|(is_so, _)| *is_so) {
        Some((_, what)) => {
            let reason = format!("{what}; merge it into its base with PEFT's `merge_and_unload` first");
            Err(WeightsError::unsupported(path, reason))
        }
        None => Ok(config),
    }
}

fn pairs(
    weights: &Checkpoint,
    config: &Config,
    base: &Checkpoint,
    path: &Path,
) -> Result<BTreeMap<String, Pair>, WeightsError> {
    let rank_root = if config.use_rslora { (config.r as f64).sqrt() } else { config.r as f64 };
    let mut pairs = BTreeMap::new();
    for name in weights.names() {
        let stem = name.strip_suffix(".lora_A.weight").or_else(|| name.strip_suffix(".lora_B.weight"));
        let target = stem.and_then(|stem| stem.strip_prefix("base_model.model."));
        let (Some(stem), Some(target)) = (stem, target) else {
            let reason = format!("it holds {name}, which is no factor of a LoRA matrix");
            return Err(WeightsError::unsupported(path, reason));
        };
        if base.shape(&format!("{target}.weight")).is_none_or(|shape| shape.len() != 2) {
            let reason = format!("it changes {target}, which its base does not have as a matrix of its own");
            return Err(WeightsError::unsupported(path, reason));
        }
        for factor in ["lora_A", "lora_B"] {
            if !weights.has(&format!("{stem}.{factor}.weight")) {
                return Err(WeightsError::damaged(path, format!("it holds {name} without its other factor")));
            }
        }
        let pair = Pair { stem: stem.to_owned(), rank: config.r, scale: config.lora_alpha / rank_root };
        pairs.insert(target.to_owned(), pair);
    }
    Ok(pairs)
}
