//! A small tokenizer for tests of what is built on one: bytes, a few merges, and the R1 family's special tokens.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use candle_core::quantized::gguf_file::Value;

use super::{Normalization, Parts, Splitting, Tokenizer, alphabet};

const SPECIALS: [&str; 7] = [
    "<｜begin▁of▁sentence｜>",
    "<｜end▁of▁sentence｜>",
    "<｜User｜>",
    "<｜Assistant｜>",
    "<think>",
    "</think>",
    "<|EOT|>",
];

impl Tokenizer {
    /// The text of tokens, specials left out.
    pub(crate) fn decode(&self, tokens: &[u32]) -> String {
        let bytes: Vec<u8> =
            tokens.iter().flat_map(|token| self.token_bytes(*token).unwrap_or_default()).copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Whether a token is special or added.
    pub(crate) fn is_special(&self, token: u32) -> bool {
        self.specials().values().any(|special| *special == token)
    }
}

/// A tokenizer of 256 bytes, four merges and seven special tokens.
pub(crate) fn small() -> Tokenizer {
    Tokenizer::assemble(parts(), Path::new("tokenizer.json")).unwrap()
}

/// What it is made of.
pub(super) fn parts() -> Parts {
    let mut vocabulary: HashMap<String, u32> = alphabet::all().zip(0..).collect();
    let merges = [("t", "h"), ("th", "e"), ("Ġ", "the"), ("o", "d")];
    for (id, (left, right)) in (256..).zip(merges) {
        vocabulary.insert(format!("{left}{right}"), id);
    }
    let specials: BTreeMap<String, u32> = SPECIALS.iter().map(|name| (*name).to_owned()).zip(260..).collect();
    Parts {
        splitting: Splitting::Qwen2,
        normalization: Normalization::Nfc,
        takes_whole_words: false,
        vocabulary,
        merges: merges.iter().map(|(left, right)| ((*left).to_owned(), (*right).to_owned())).collect(),
        specials,
        ends: BTreeSet::from([261]),
    }
}

/// The same as a `tokenizer.json`.
pub(crate) fn small_json() -> serde_json::Value {
    let parts = parts();
    let added: Vec<_> = parts.specials.iter().map(|(content, id)| {
        serde_json::json!({"id": id, "content": content, "special": content.starts_with("<｜"), "normalized": false})
    }).collect();
    serde_json::json!({
        "version": "1.0",
        "added_tokens": added,
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": super::splitting::QWEN2}, "behavior": "Isolated", "invert": false},
            {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false},
        ]},
        "post_processor": null,
        "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false},
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
            "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false,
            "vocab": parts.vocabulary,
            "merges": parts.merges.iter().map(|(left, right)| format!("{left} {right}")).collect::<Vec<_>>(),
        },
    })
}

/// No tokens yet, no special ones, no normalization.
pub(super) fn parts_without_tokens() -> Parts {
    Parts {
        splitting: Splitting::Qwen2,
        normalization: Normalization::None,
        takes_whole_words: false,
        vocabulary: HashMap::new(),
        merges: Vec::new(),
        specials: BTreeMap::new(),
        ends: BTreeSet::new(),
    }
}

/// The same as the metadata of a GGUF, whose text is split by `pre`.
pub(crate) fn small_metadata(pre: &str) -> Vec<(&'static str, Value)> {
    let parts = parts();
    let mut tokens = vec![(String::new(), 5); 267];
    for (text, id) in &parts.vocabulary {
        tokens[*id as usize] = (text.clone(), 1);
    }
    for (text, id) in &parts.specials {
        tokens[*id as usize] = (text.clone(), if text.starts_with("<｜") { 3 } else { 4 });
    }
    let texts = |texts: Vec<String>| Value::Array(texts.into_iter().map(Value::String).collect());
    let merges = parts.merges.iter().map(|(left, right)| format!("{left} {right}")).collect();
    vec![
        ("tokenizer.ggml.model", Value::String("gpt2".to_owned())),
        ("tokenizer.ggml.pre", Value::String(pre.to_owned())),
        (
            "tokenizer.ggml.token_type",
            Value::Array(tokens.iter().map(|(_, kind)| Value::I32(*kind)).collect()),
        ),
        ("tokenizer.ggml.tokens", texts(tokens.into_iter().map(|(text, _)| text).collect())),
        ("tokenizer.ggml.merges", texts(merges)),
        ("tokenizer.ggml.eos_token_id", Value::U32(261)),
    ]
}

/// A GGUF file of it, without tensors.
pub(super) fn small_gguf(pre: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".gguf").tempfile().unwrap();
    let metadata = small_metadata(pre);
    let metadata: Vec<_> = metadata.iter().map(|(key, value)| (*key, value)).collect();
    candle_core::quantized::gguf_file::write(file.as_file_mut(), &metadata, &[]).unwrap();
    file
}
