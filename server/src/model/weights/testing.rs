//! Small models on disk for tests: a checkpoint, and the same as llama.cpp's converter would write it.

use std::collections::HashMap;
use std::path::Path;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{DType, Device, Tensor};
use serde_json::json;

use crate::model::shape::Architecture;

/// Widths of the small models: two layers, four heads of 64, two of keys and values, vocabulary 267.
pub(crate) const HIDDEN: usize = 256;
pub(crate) const INTERMEDIATE: usize = 512;
pub(crate) const HEADS: usize = 4;
pub(crate) const KV_HEADS: usize = 2;
pub(crate) const HEAD_WIDTH: usize = 64;
pub(crate) const VOCABULARY: usize = 267;

/// The tensors of a small model by the checkpoint's names, the same each time.
pub(crate) fn tensors(architecture: Architecture) -> HashMap<String, Tensor> {
    let (queries, keys) = (HEADS * HEAD_WIDTH, KV_HEADS * HEAD_WIDTH);
    let mut shapes: Vec<(String, Vec<usize>)> = vec![
        ("model.embed_tokens.weight".to_owned(), vec![VOCABULARY, HIDDEN]),
        ("model.norm.weight".to_owned(), vec![HIDDEN]),
        ("lm_head.weight".to_owned(), vec![VOCABULARY, HIDDEN]),
    ];
    for layer in 0..2 {
        let mut part = |name: &str, shape: &[usize]| {
            shapes.push((format!("model.layers.{layer}.{name}"), shape.to_vec()));
        };
        part("input_layernorm.weight", &[HIDDEN]);
        part("post_attention_layernorm.weight", &[HIDDEN]);
        part("self_attn.q_proj.weight", &[queries, HIDDEN]);
        part("self_attn.k_proj.weight", &[keys, HIDDEN]);
        part("self_attn.v_proj.weight", &[keys, HIDDEN]);
        part("self_attn.o_proj.weight", &[HIDDEN, queries]);
        part("mlp.gate_proj.weight", &[INTERMEDIATE, HIDDEN]);
        part("mlp.up_proj.weight", &[INTERMEDIATE, HIDDEN]);
        part("mlp.down_proj.weight", &[HIDDEN, INTERMEDIATE]);
        match architecture {
            Architecture::Qwen2 => {
                part("self_attn.q_proj.bias", &[queries]);
                part("self_attn.k_proj.bias", &[keys]);
                part("self_attn.v_proj.bias", &[keys]);
            }
            Architecture::Qwen3 => {
                part("self_attn.q_norm.weight", &[HEAD_WIDTH]);
                part("self_attn.k_norm.weight", &[HEAD_WIDTH]);
            }
            Architecture::Llama => {}
        }
    }
    let filled = |(seed, (name, shape)): (u32, (String, Vec<usize>))| (name, waves(seed, &shape));
    (1..).zip(shapes).map(filled).collect()
}

/// Numbers between -1 and 1 that differ by place and seed.
fn waves(seed: u32, shape: &[usize]) -> Tensor {
    let count: usize = shape.iter().product();
    let number = |place: usize| ((place as f32) * 0.37 + seed as f32 * 1.7).sin();
    Tensor::from_vec((0..count).map(number).collect::<Vec<f32>>(), shape, &Device::Cpu).unwrap()
}

/// `config.json` of the small models.
pub(crate) fn config(architecture: Architecture) -> serde_json::Value {
    let name = match architecture {
        Architecture::Qwen2 => "qwen2",
        Architecture::Qwen3 => "qwen3",
        Architecture::Llama => "llama",
    };
    json!({
        "model_type": name,
        "vocab_size": VOCABULARY,
        "hidden_size": HIDDEN,
        "intermediate_size": INTERMEDIATE,
        "num_hidden_layers": 2,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "head_dim": HEAD_WIDTH,
        "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0,
        "max_position_embeddings": 4096,
        "hidden_act": "silu",
        "eos_token_id": 261,
    })
}

/// Writes a small model as a checkpoint of one file.
pub(crate) fn write_checkpoint(folder: &Path, architecture: Architecture, kind: DType) {
    std::fs::write(folder.join("config.json"), config(architecture).to_string()).unwrap();
    let tensors: HashMap<_, _> = tensors(architecture)
        .into_iter()
        .map(|(name, tensor)| (name, tensor.to_dtype(kind).unwrap()))
        .collect();
    candle_core::safetensors::save(&tensors, folder.join("model.safetensors")).unwrap();
}

/// Writes a small model as llama.cpp's converter does, matrices in `kind`, with more metadata beside its own.
pub(crate) fn write_gguf(
    path: &Path,
    architecture: Architecture,
    kind: GgmlDType,
    more: &[(&str, Value)],
    factors: Option<&[f32]>,
) {
    let name = config(architecture)["model_type"].as_str().unwrap().to_owned();
    let own = [
        ("embedding_length", Value::U32(HIDDEN as u32)),
        ("feed_forward_length", Value::U32(INTERMEDIATE as u32)),
        ("block_count", Value::U32(2)),
        ("attention.head_count", Value::U32(HEADS as u32)),
        ("attention.head_count_kv", Value::U32(KV_HEADS as u32)),
        ("attention.layer_norm_rms_epsilon", Value::F32(1e-6)),
        ("rope.freq_base", Value::F32(10_000.0)),
        ("context_length", Value::U32(4096)),
    ];
    let own = own.map(|(key, value)| (format!("{name}.{key}"), value));
    let architecture_name = Value::String(name.clone());
    let mut metadata = vec![("general.architecture", &architecture_name)];
    metadata.extend(own.iter().map(|(key, value)| (key.as_str(), value)));
    metadata.extend(more.iter().map(|(key, value)| (*key, value)));
    let mut blocks: Vec<(String, QTensor)> = tensors(architecture)
        .into_iter()
        .map(|(name, tensor)| as_gguf(&name, &tensor, architecture, kind))
        .collect();
    if let Some(factors) = factors {
        let factors = Tensor::new(factors, &Device::Cpu).unwrap();
        blocks.push(("rope_freqs.weight".to_owned(), QTensor::quantize(&factors, GgmlDType::F32).unwrap()));
    }
    let blocks: Vec<_> = blocks.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let mut file = std::fs::File::create(path).unwrap();
    gguf_file::write(&mut file, &metadata, &blocks).unwrap();
}

fn as_gguf(name: &str, tensor: &Tensor, architecture: Architecture, kind: GgmlDType) -> (String, QTensor) {
    let heads = match architecture {
        Architecture::Llama if name.contains("q_proj") => Some(HEADS),
        Architecture::Llama if name.contains("k_proj") => Some(KV_HEADS),
        Architecture::Llama | Architecture::Qwen2 | Architecture::Qwen3 => None,
    };
    let turned = heads.map_or_else(|| tensor.clone(), |heads| permute(tensor, heads));
    let kind = if tensor.rank() == 1 { GgmlDType::F32 } else { kind };
    (renamed(name), QTensor::quantize(&turned, kind).unwrap())
}

/// `LlamaModel.permute` of llama.cpp's converter.
fn permute(weights: &Tensor, heads: usize) -> Tensor {
    let (rows, columns) = weights.dims2().unwrap();
    let split = weights.reshape((heads, 2, rows / heads / 2, columns)).unwrap();
    split.transpose(1, 2).unwrap().contiguous().unwrap().reshape((rows, columns)).unwrap()
}

/// The converter's table of names, from the checkpoint's to GGUF's.
fn renamed(name: &str) -> String {
    let pairs = [
        ("model.layers.", "blk."),
        ("model.embed_tokens", "token_embd"),
        ("model.norm", "output_norm"),
        ("lm_head", "output"),
        ("input_layernorm", "attn_norm"),
        ("post_attention_layernorm", "ffn_norm"),
        ("self_attn.q_proj", "attn_q"),
        ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"),
        ("self_attn.o_proj", "attn_output"),
        ("self_attn.q_norm", "attn_q_norm"),
        ("self_attn.k_norm", "attn_k_norm"),
        ("mlp.gate_proj", "ffn_gate"),
        ("mlp.up_proj", "ffn_up"),
        ("mlp.down_proj", "ffn_down"),
    ];
    pairs.iter().fold(name.to_owned(), |name, (from, to)| name.replace(from, to))
}
