//! A model of R1's real architecture with tiny widths and random numbers, as a publisher's folder has it.
//!
//! What it says makes no sense, but it thinks, answers within a schema, and is the same each time.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

const HIDDEN: usize = 32;
const WIDE: usize = 64;
const HEADS: usize = 2;
const HEAD_WIDTH: usize = 16;
const CONTEXT: usize = 65_536;

const SPECIALS: [&str; 7] = [
    "<｜begin▁of▁sentence｜>",
    "<｜end▁of▁sentence｜>",
    "<｜User｜>",
    "<｜Assistant｜>",
    "<think>",
    "</think>",
    "<|EOT|>",
];

/// How Qwen2 splits text into words, of its published `tokenizer.json`.
const WORDS: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// Writes the folder: configuration, weights in bf16 and a tokenizer of bytes and pairs of letters.
///
/// # Panics
/// Where it cannot be written.
pub fn write_small_model(folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    let (tokens, merges) = pairs();
    let vocabulary = tokens.len() + SPECIALS.len();
    let config = json!({
        "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_act": "silu",
        "hidden_size": HIDDEN, "intermediate_size": WIDE, "num_hidden_layers": 1,
        "num_attention_heads": HEADS, "num_key_value_heads": 1, "head_dim": HEAD_WIDTH,
        "max_position_embeddings": CONTEXT, "rms_norm_eps": 1e-6, "rope_theta": 10000.0,
        "tie_word_embeddings": false, "torch_dtype": "bfloat16", "vocab_size": vocabulary,
        "bos_token_id": tokens.len(), "eos_token_id": tokens.len() + 1,
    });
    let write = |name: &str, content: &[u8]| fs::write(folder.join(name), content).expect("a file");
    write("config.json", config.to_string().as_bytes());
    write("tokenizer.json", tokenizer(&tokens, &merges).to_string().as_bytes());
    write("model.safetensors", &weights(vocabulary));
}

/// The letters that stand for bytes, then all pairs of small letters.
fn pairs() -> (Vec<String>, Vec<String>) {
    let is_plain = |byte: &u32| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    let mut others = 256..;
    let letter = |byte: u32| if is_plain(&byte) { byte } else { others.next().unwrap_or(byte) };
    let letters: Vec<String> = (0..256).map(letter).filter_map(char::from_u32).map(String::from).collect();
    let small = || letters[usize::from(b'a')..=usize::from(b'z')].iter();
    let merges: Vec<String> =
        small().flat_map(|left| small().map(move |right| format!("{left} {right}"))).collect();
    let tokens = letters.iter().cloned().chain(merges.iter().map(|pair| pair.replace(' ', ""))).collect();
    (tokens, merges)
}

fn tokenizer(tokens: &[String], merges: &[String]) -> Value {
    let special = |(id, content): (usize, &&str)| {
        json!({
            "id": id, "content": content, "special": content.starts_with("<｜"), "normalized": false,
            "single_word": false, "lstrip": false, "rstrip": false,
        })
    };
    let bytes =
        json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false});
    let vocabulary: Map<String, Value> =
        tokens.iter().enumerate().map(|(id, token)| (token.clone(), json!(id))).collect();
    json!({
        "version": "1.0",
        "added_tokens": (tokens.len()..).zip(&SPECIALS).map(special).collect::<Vec<_>>(),
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": WORDS}, "behavior": "Isolated", "invert": false},
            bytes,
        ]},
        "post_processor": null,
        "decoder": bytes,
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
            "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false,
            "vocab": vocabulary, "merges": merges,
        },
    })
}

/// A safetensors file: the length of its header, the header, the numbers.
fn weights(vocabulary: usize) -> Vec<u8> {
    let inner = HEADS * HEAD_WIDTH;
    let layer = |name: &str| format!("model.layers.0.{name}");
    let tensors = [
        ("model.embed_tokens.weight".to_owned(), vec![vocabulary, HIDDEN]),
        ("lm_head.weight".to_owned(), vec![vocabulary, HIDDEN]),
        ("model.norm.weight".to_owned(), vec![HIDDEN]),
        (layer("input_layernorm.weight"), vec![HIDDEN]),
        (layer("post_attention_layernorm.weight"), vec![HIDDEN]),
        (layer("self_attn.q_proj.weight"), vec![inner, HIDDEN]),
        (layer("self_attn.q_proj.bias"), vec![inner]),
        (layer("self_attn.k_proj.weight"), vec![HEAD_WIDTH, HIDDEN]),
        (layer("self_attn.k_proj.bias"), vec![HEAD_WIDTH]),
        (layer("self_attn.v_proj.weight"), vec![HEAD_WIDTH, HIDDEN]),
        (layer("self_attn.v_proj.bias"), vec![HEAD_WIDTH]),
        (layer("self_attn.o_proj.weight"), vec![HIDDEN, inner]),
        (layer("mlp.gate_proj.weight"), vec![WIDE, HIDDEN]),
        (layer("mlp.up_proj.weight"), vec![WIDE, HIDDEN]),
        (layer("mlp.down_proj.weight"), vec![HIDDEN, WIDE]),
    ];
    let (mut header, mut numbers, mut state) = (Map::new(), Vec::new(), 1_u64);
    for (name, shape) in tensors {
        let start = numbers.len();
        for _ in 0..shape.iter().product::<usize>() {
            // Knuth's generator; its upper bits as a number between -0.5 and 0.5, cut to bf16.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let number = (state >> 40) as f32 / (1 << 24) as f32 - 0.5;
            numbers.extend(((number.to_bits() >> 16) as u16).to_le_bytes());
        }
        header.insert(name, json!({"dtype": "BF16", "shape": shape, "data_offsets": [start, numbers.len()]}));
    }
    let mut header = Value::Object(header).to_string().into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    [(header.len() as u64).to_le_bytes().as_slice(), &header, &numbers].concat()
}
