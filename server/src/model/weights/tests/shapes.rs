//! The shape that a configuration gives, of the published models and of each kind of scaling.

use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::Value;
use serde_json::json;

use super::super::config::read;
use super::super::testing::{config, write_gguf};
use super::{Architecture, Weights};
use crate::model::shape::{Scaling, Shape};

fn shape_of(value: &serde_json::Value) -> Result<Shape, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    std::fs::write(&path, value.to_string()).unwrap();
    read(&path).map_err(|error| error.to_string())
}

fn scaled(scaling: &serde_json::Value) -> Result<Scaling, String> {
    let mut value = config(Architecture::Llama);
    value["rope_scaling"] = scaling.clone();
    shape_of(&value).map(|shape| shape.rope.scaling)
}

#[test]
fn the_published_configuration_of_r1_0528_qwen3_8b_is_read_as_its_makers_meant_it() {
    let shape = shape_of(&json!({
        "architectures": ["Qwen3ForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
        "bos_token_id": 151643, "eos_token_id": 151645, "head_dim": 128, "hidden_act": "silu",
        "hidden_size": 4096, "initializer_range": 0.02, "intermediate_size": 12288,
        "max_position_embeddings": 131072, "max_window_layers": 36, "model_type": "qwen3",
        "num_attention_heads": 32, "num_hidden_layers": 36, "num_key_value_heads": 8, "rms_norm_eps": 1e-6,
        "rope_scaling": {
            "rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768,
            "attn_factor": 0.8782488562869419
        },
        "rope_theta": 1_000_000, "sliding_window": null, "tie_word_embeddings": false,
        "torch_dtype": "bfloat16", "use_cache": true, "use_sliding_window": false, "vocab_size": 151936
    }))
    .unwrap();
    assert_eq!((shape.architecture, shape.head_width, shape.kv_heads), (Architecture::Qwen3, 128, 8));
    let Scaling::Yarn { factor, original_context, attention_factor, beta_fast, beta_slow } =
        shape.rope.scaling
    else {
        panic!("{:?}", shape.rope.scaling)
    };
    assert_eq!((factor, original_context, beta_fast, beta_slow), (4.0, 32768, 32.0, 1.0));
    assert!((attention_factor.unwrap() - 1.0).abs() < 1e-12, "0.878… cancels YaRN's own scale");
}

#[test]
fn each_kind_of_scaling_is_read() {
    assert_eq!(scaled(&json!(null)), Ok(Scaling::None));
    assert_eq!(scaled(&json!({"rope_type": "default"})), Ok(Scaling::None));
    assert_eq!(scaled(&json!({"type": "linear", "factor": 2.0})), Ok(Scaling::Linear { factor: 2.0 }));
    let llama3 = json!({
        "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192
    });
    let wanted = Scaling::Llama3 {
        factor: 8.0,
        low_frequency_factor: 1.0,
        high_frequency_factor: 4.0,
        original_context: 8192,
    };
    assert_eq!(scaled(&llama3), Ok(wanted));
    let yarn = |attention_factor| Scaling::Yarn {
        factor: 4.0,
        original_context: 4096,
        attention_factor,
        beta_fast: 32.0,
        beta_slow: 1.0,
    };
    assert_eq!(scaled(&json!({"rope_type": "yarn", "factor": 4})), Ok(yarn(None)));
    let stated = json!({"rope_type": "yarn", "factor": 4, "attention_factor": 1.25});
    assert_eq!(scaled(&stated), Ok(yarn(Some(1.25))));
    let equal_scales = json!({"rope_type": "yarn", "factor": 4, "mscale": 1.0, "mscale_all_dim": 1.0});
    assert_eq!(scaled(&equal_scales), Ok(yarn(Some(1.0))));
}

#[test]
fn newer_configurations_keep_the_rope_in_one_entry() {
    let mut value = config(Architecture::Qwen2);
    value.as_object_mut().unwrap().shift_remove("rope_theta");
    value["rope_parameters"] = json!({"rope_type": "linear", "factor": 3.0, "rope_theta": 500000.0});
    let shape = shape_of(&value).unwrap();
    assert_eq!((shape.rope.theta, shape.rope.scaling), (500_000.0, Scaling::Linear { factor: 3.0 }));
}

#[test]
fn what_is_not_computed_is_refused_and_named() {
    for (key, value, words) in [
        ("model_type", json!("deepseek_v3"), "\"deepseek_v3\""),
        ("model_type", json!("qwen3_moe"), "remote engine"),
        ("hidden_act", json!("gelu"), "\"gelu\""),
        ("attention_bias", json!(true), "biases"),
        ("mlp_bias", json!(true), "biases"),
        ("use_sliding_window", json!(true), "window"),
        ("quantization_config", json!({"quant_method": "fp8"}), "fp8"),
        ("rope_scaling", json!({"rope_type": "longrope", "factor": 2.0}), "\"longrope\""),
        ("rope_scaling", json!({"rope_type": "yarn"}), "no factor"),
        ("rope_scaling", json!({"rope_type": "yarn", "factor": 4, "truncate": false}), "truncate"),
    ] {
        let mut changed = config(Architecture::Llama);
        changed[key] = value;
        let error = shape_of(&changed).unwrap_err();
        assert!(error.contains("cannot be served") && error.contains(words), "{error}");
    }
}

#[test]
fn a_shape_that_no_network_has_is_refused() {
    for (key, value) in [
        ("hidden_size", json!(0)),
        ("num_key_value_heads", json!(0)),
        ("num_key_value_heads", json!(3)),
        ("num_attention_heads", json!(0)),
        ("head_dim", json!(63)),
        ("vocab_size", json!(u64::MAX)),
        ("num_hidden_layers", json!(1_000_000_000_000_u64)),
        ("rms_norm_eps", json!(-1.0)),
        ("rope_theta", json!(0.0)),
        ("rope_scaling", json!({"rope_type": "linear", "factor": 0.0})),
        ("hidden_size", json!("many")),
    ] {
        let mut changed = config(Architecture::Llama);
        changed[key] = value;
        let error = shape_of(&changed).unwrap_err();
        assert!(error.contains("is damaged"), "{key}: {error}");
    }
}

fn gguf_scaling(
    architecture: Architecture,
    more: &[(&str, Value)],
    factors: Option<&[f32]>,
) -> Result<Shape, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.gguf");
    write_gguf(&file, architecture, GgmlDType::F32, more, factors);
    Weights::open(&file).map(|weights| weights.shape().clone()).map_err(|error| error.to_string())
}

#[test]
fn a_gguf_has_the_shape_of_its_checkpoint() {
    for architecture in super::ARCHITECTURES {
        let found = gguf_scaling(architecture, &[], None).unwrap();
        let mut wanted = shape_of(&config(architecture)).unwrap();
        wanted.norm_epsilon = f64::from(1e-6_f32);
        assert_eq!(found, wanted);
    }
}

#[test]
fn factors_and_scaling_of_a_gguf_are_read() {
    let factors: Vec<f32> = (0..32).map(|place| 1.0 + place as f32).collect();
    let shape = gguf_scaling(Architecture::Llama, &[], Some(&factors)).unwrap();
    assert_eq!(shape.rope.scaling, Scaling::Factors(factors.clone()));
    let yarn = [
        ("qwen3.rope.scaling.type", Value::String("yarn".to_owned())),
        ("qwen3.rope.scaling.factor", Value::F32(4.0)),
        ("qwen3.rope.scaling.original_context_length", Value::U32(32768)),
        ("qwen3.rope.scaling.yarn_attn_factor", Value::F32(0.878_248_9)),
    ];
    let scaling = gguf_scaling(Architecture::Qwen3, &yarn, None).unwrap().rope.scaling;
    let Scaling::Yarn { factor, original_context, attention_factor, .. } = scaling else {
        panic!("{scaling:?}")
    };
    assert_eq!((factor, original_context), (4.0, 32768));
    assert!((attention_factor.unwrap() - 1.0).abs() < 1e-6);
    let linear = [("llama.rope.scaling.factor", Value::F32(2.0))];
    let shape = gguf_scaling(Architecture::Llama, &linear, None).unwrap();
    assert_eq!(shape.rope.scaling, Scaling::Linear { factor: 2.0 });
    let both = gguf_scaling(Architecture::Llama, &linear, Some(&factors)).unwrap_err();
    assert!(both.contains("both"), "{both}");
    let unknown = [("llama.rope.scaling.type", Value::String("longrope".to_owned()))];
    assert!(gguf_scaling(Architecture::Llama, &unknown, None).unwrap_err().contains("\"longrope\""));
    let turned_by_half = [("llama.rope.dimension_count", Value::U32(32))];
    assert!(gguf_scaling(Architecture::Llama, &turned_by_half, None).unwrap_err().contains("64 wide"));
}
