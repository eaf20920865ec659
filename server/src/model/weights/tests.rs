//! What is read out of files is what was written into them, and files that lie are refused in words.

mod damaged;
mod shapes;

use candle_core::quantized::GgmlDType;
use candle_core::{DType, Device, Tensor};
use serde_json::json;

use super::testing::{
    HEAD_WIDTH, HEADS, HIDDEN, KV_HEADS, VOCABULARY, tensors, write_checkpoint, write_gguf,
};
use super::{Matrix, Weights, WeightsError};
use crate::model::shape::Architecture;

const ARCHITECTURES: [Architecture; 3] = [Architecture::Qwen2, Architecture::Qwen3, Architecture::Llama];

/// A tensor's numbers, read through the door.
fn numbers(weights: &Weights, name: &str, shape: &[usize]) -> Vec<f32> {
    let tensor = match shape {
        [length] => weights.vector(name, *length, &Device::Cpu).unwrap(),
        [rows, columns] => {
            let stem = name.strip_suffix(".weight").unwrap();
            match weights.matrix(stem, *rows, *columns, &Device::Cpu).unwrap() {
                Matrix::Plain(tensor) => tensor.to_dtype(DType::F32).unwrap(),
                Matrix::Quantised(tensor) => tensor.dequantize(&Device::Cpu).unwrap(),
            }
        }
        _ => unreachable!("a model has vectors and matrices"),
    };
    assert_eq!(tensor.dims(), shape);
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

fn expected(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_dtype(DType::F32).unwrap().to_vec1().unwrap()
}

#[test]
fn a_checkpoint_gives_its_tensors_back_in_their_type() {
    for kind in [DType::F32, DType::F16, DType::BF16] {
        let folder = tempfile::tempdir().unwrap();
        write_checkpoint(folder.path(), Architecture::Qwen3, kind);
        let weights = Weights::open(folder.path()).unwrap();
        for (name, tensor) in tensors(Architecture::Qwen3) {
            let stored = tensor.to_dtype(kind).unwrap();
            assert_eq!(numbers(&weights, &name, tensor.dims()), expected(&stored), "{name} {kind:?}");
            assert!(weights.has(&name));
        }
        let matrix = weights.matrix("lm_head", VOCABULARY, HIDDEN, &Device::Cpu).unwrap();
        assert!(matches!(matrix, Matrix::Plain(tensor) if tensor.dtype() == kind));
        assert_eq!(weights.vector("model.norm.weight", HIDDEN, &Device::Cpu).unwrap().dtype(), DType::F32);
        assert!(!weights.has("model.layers.0.self_attn.q_proj.bias"));
        let numbers: usize = tensors(Architecture::Qwen3).values().map(Tensor::elem_count).sum();
        assert_eq!(weights.bytes(), (numbers * kind.size_in_bytes()) as u64);
    }
}

#[test]
fn shards_are_one_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    write_checkpoint(folder.path(), Architecture::Llama, DType::F32);
    std::fs::remove_file(folder.path().join("model.safetensors")).unwrap();
    let (mut first, mut second) = (std::collections::HashMap::new(), std::collections::HashMap::new());
    let mut map = serde_json::Map::new();
    for (name, tensor) in tensors(Architecture::Llama) {
        let (shard, file) = if name.contains("layers.0") {
            (&mut first, "model-00001-of-00002.safetensors")
        } else {
            (&mut second, "model-00002-of-00002.safetensors")
        };
        map.insert(name.clone(), json!(file));
        shard.insert(name, tensor);
    }
    for (shard, file) in
        [(first, "model-00001-of-00002.safetensors"), (second, "model-00002-of-00002.safetensors")]
    {
        candle_core::safetensors::save(&shard, folder.path().join(file)).unwrap();
    }
    let index = folder.path().join("model.safetensors.index.json");
    std::fs::write(&index, json!({"metadata": {}, "weight_map": map}).to_string()).unwrap();
    let weights = Weights::open(folder.path()).unwrap();
    for (name, tensor) in tensors(Architecture::Llama) {
        assert_eq!(numbers(&weights, &name, tensor.dims()), expected(&tensor), "{name}");
    }
    std::fs::remove_file(folder.path().join("model-00002-of-00002.safetensors")).unwrap();
    let error = Weights::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("model-00002-of-00002.safetensors") && error.contains("model pull"), "{error}");
    std::fs::write(&index, json!({"weight_map": {"a": "../../etc/passwd"}}).to_string()).unwrap();
    assert!(matches!(Weights::open(folder.path()), Err(WeightsError::Damaged { .. })));
}

#[test]
fn a_gguf_gives_the_tensors_of_its_checkpoint_with_its_rows_in_their_places() {
    let exact = [(GgmlDType::F32, DType::F32), (GgmlDType::F16, DType::F16), (GgmlDType::BF16, DType::BF16)];
    for architecture in ARCHITECTURES {
        for (kind, plain) in exact {
            let folder = tempfile::tempdir().unwrap();
            write_gguf(&folder.path().join("model.gguf"), architecture, kind, &[], None);
            let weights = Weights::open(folder.path()).unwrap();
            for (name, tensor) in tensors(architecture) {
                let kind = if tensor.rank() == 1 { DType::F32 } else { plain };
                let stored = tensor.to_dtype(kind).unwrap();
                assert_eq!(
                    numbers(&weights, &name, tensor.dims()),
                    expected(&stored),
                    "{architecture:?} {name}"
                );
                assert!(weights.has(&name));
            }
            assert!(!weights.has("model.layers.9.mlp.up_proj.weight"));
        }
    }
}

#[test]
fn quantised_rows_are_moved_whole() {
    for kind in [GgmlDType::Q4K, GgmlDType::Q5K, GgmlDType::Q6K, GgmlDType::Q8_0] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("model.gguf");
        write_gguf(&file, Architecture::Llama, kind, &[], None);
        let weights = Weights::open(&file).unwrap();
        for (name, tensor) in tensors(Architecture::Llama) {
            if tensor.rank() == 1 {
                continue;
            }
            // A row is quantised by itself, so that its blocks are the same wherever it lies.
            let stored = candle_core::quantized::QTensor::quantize(&tensor, kind).unwrap();
            let stored = expected(&stored.dequantize(&Device::Cpu).unwrap());
            assert_eq!(numbers(&weights, &name, tensor.dims()), stored, "{kind:?} {name}");
        }
        let name = "model.layers.0.self_attn.k_proj";
        let matrix = weights.matrix(name, KV_HEADS * HEAD_WIDTH, HIDDEN, &Device::Cpu).unwrap();
        assert!(matches!(matrix, Matrix::Quantised(tensor) if tensor.dtype() == kind));
    }
}

/// A folder with a small Qwen2 and an adapter of rank 2 on one matrix, its configuration changed first.
fn adapted(change: impl FnOnce(&mut serde_json::Value)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_checkpoint(folder.path(), Architecture::Qwen2, DType::F32);
    let mut config =
        json!({"peft_type": "LORA", "r": 2, "lora_alpha": 8, "bias": "none", "target_modules": ["q_proj"]});
    change(&mut config);
    std::fs::write(folder.path().join("adapter_config.json"), config.to_string()).unwrap();
    let stem = "base_model.model.model.layers.1.self_attn.q_proj";
    let inner = Tensor::from_vec(
        (0..2 * HIDDEN).map(|n| n as f32 / 512.0).collect::<Vec<_>>(),
        (2, HIDDEN),
        &Device::Cpu,
    );
    let outer = Tensor::from_vec(
        (0..2 * HIDDEN).map(|n| 1.0 - n as f32 / 256.0).collect::<Vec<_>>(),
        (HIDDEN, 2),
        &Device::Cpu,
    );
    let factors = std::collections::HashMap::from([
        (format!("{stem}.lora_A.weight"), inner.unwrap()),
        (format!("{stem}.lora_B.weight"), outer.unwrap()),
    ]);
    candle_core::safetensors::save(&factors, folder.path().join("adapter_model.safetensors")).unwrap();
    folder
}

#[test]
fn an_adapter_is_added_to_the_matrix_that_it_changes_and_to_no_other() {
    let base = tensors(Architecture::Qwen2);
    for (rslora, scale) in [(false, 8.0 / 2.0), (true, 8.0 / 2.0_f64.sqrt())] {
        let folder = adapted(|config| config["use_rslora"] = json!(rslora));
        let weights = Weights::open(folder.path()).unwrap();
        let untouched = "model.layers.0.self_attn.q_proj.weight";
        let shape = [HEADS * HEAD_WIDTH, HIDDEN];
        assert_eq!(numbers(&weights, untouched, &shape), expected(&base[untouched]));
        let name = "model.layers.1.self_attn.q_proj.weight";
        let (merged, before) = (numbers(&weights, name, &shape), expected(&base[name]));
        for (row, column) in [(0, 0), (3, 7), (255, 255), (100, 1)] {
            let outer = |rank: usize| 1.0 - (row * 2 + rank) as f64 / 256.0;
            let inner = |rank: usize| (rank * HIDDEN + column) as f64 / 512.0;
            let change = scale * (outer(0) * inner(0) + outer(1) * inner(1));
            let place = row * HIDDEN + column;
            let wanted = f64::from(before[place]) + change;
            assert!(
                (f64::from(merged[place]) - wanted).abs() < 1e-4,
                "{row} {column}: {} {wanted}",
                merged[place]
            );
        }
    }
}

#[test]
fn an_adapter_that_cannot_be_merged_whole_is_refused() {
    for (key, value) in [
        ("use_dora", json!(true)),
        ("bias", json!("all")),
        ("modules_to_save", json!(["lm_head"])),
        ("rank_pattern", json!({"q_proj": 4})),
        ("fan_in_fan_out", json!(true)),
        ("peft_type", json!("IA3")),
        ("r", json!(0)),
    ] {
        let folder = adapted(|config| config[key] = value);
        let error = Weights::open(folder.path()).unwrap_err().to_string();
        assert!(
            error.contains("adapter_config.json") && error.contains("merge_and_unload"),
            "{key}: {error}"
        );
    }
    let wrong_rank = adapted(|config| config["r"] = json!(4));
    let weights = Weights::open(wrong_rank.path()).unwrap();
    let outcome = weights.matrix("model.layers.1.self_attn.q_proj", HIDDEN, HIDDEN, &Device::Cpu);
    assert!(matches!(outcome, Err(WeightsError::Mismatch { .. })));
}

#[test]
fn an_adapter_of_another_base_is_refused() {
    let folder = adapted(|_| ());
    let stranger = std::collections::HashMap::from([(
        "base_model.model.model.layers.7.self_attn.q_proj.lora_A.weight".to_owned(),
        Tensor::zeros((2, HIDDEN), DType::F32, &Device::Cpu).unwrap(),
    )]);
    candle_core::safetensors::save(&stranger, folder.path().join("adapter_model.safetensors")).unwrap();
    let error = Weights::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("model.layers.7.self_attn.q_proj"), "{error}");
}

#[test]
fn an_adapter_beside_a_gguf_is_refused_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    write_gguf(&folder.path().join("model.gguf"), Architecture::Qwen2, GgmlDType::Q8_0, &[], None);
    std::fs::write(folder.path().join("adapter_config.json"), "{}").unwrap();
    let error = Weights::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("quantised weights cannot be merged") && error.contains("bf16"), "{error}");
}
