//! Whole small models on disk, for tests of what opens them.

use std::path::Path;

use candle_core::DType;
use candle_core::quantized::GgmlDType;

use crate::model::shape::Architecture;
use crate::model::tokenizer::testing::{small_json, small_metadata};
use crate::model::weights::testing::{write_checkpoint, write_gguf};

const TEMPLATE: &str = include_str!("../template/tests/deepseek-ai-DeepSeek-R1-Distill-Qwen-32B.jinja");

/// Writes a whole small Qwen2: weights, tokenizer, template.
pub(crate) fn write_model(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    write_checkpoint(folder, Architecture::Qwen2, DType::BF16);
    std::fs::write(folder.join("tokenizer.json"), small_json().to_string()).unwrap();
    let config = serde_json::json!({"chat_template": TEMPLATE});
    std::fs::write(folder.join("tokenizer_config.json"), config.to_string()).unwrap();
}

/// Writes the same as one GGUF.
pub(crate) fn write_gguf_model(file: &Path) {
    write_gguf(file, Architecture::Qwen2, GgmlDType::Q8_0, &small_metadata("deepseek-r1-qwen"), None);
}
