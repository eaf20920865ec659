//! Files that are cut off, lie about their lengths, or are of another model.

use std::path::PathBuf;

use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::Value;
use candle_core::{DType, Device};
use proptest::prelude::{any, proptest};
use proptest::test_runner::Config;

use super::super::gguf::Gguf;
use super::super::testing::{HIDDEN, write_checkpoint, write_gguf};
use super::{Architecture, Weights, WeightsError};

fn checkpoint() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    write_checkpoint(folder.path(), Architecture::Qwen2, DType::BF16);
    let file = folder.path().join("model.safetensors");
    (folder, file)
}

fn gguf() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.gguf");
    write_gguf(&file, Architecture::Qwen2, GgmlDType::Q8_0, &[("general.alignment", Value::U32(32))], None);
    (folder, file)
}

fn message(path: &std::path::Path) -> String {
    let error = Weights::open(path).unwrap_err();
    assert!(matches!(error, WeightsError::Damaged { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("model verify"), "{text}");
    text
}

#[test]
fn a_truncated_checkpoint_says_how_long_it_should_be() {
    let (folder, file) = checkpoint();
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
    let text = message(folder.path());
    assert!(
        text.contains(&bytes.len().to_string()) && text.contains(&(bytes.len() - 1).to_string()),
        "{text}"
    );
    std::fs::write(&file, [&bytes[..], &[0]].concat()).unwrap();
    message(folder.path());
    for length in [0, 7, 8, 100] {
        std::fs::write(&file, &bytes[..length]).unwrap();
        message(folder.path());
    }
}

#[test]
fn a_header_that_claims_an_absurd_length_is_not_believed() {
    let (folder, file) = checkpoint();
    let bytes = std::fs::read(&file).unwrap();
    for length in [u64::MAX, 1 << 40, 99_000_000, bytes.len() as u64 - 7] {
        let lying = [&length.to_le_bytes()[..], &bytes[8..]].concat();
        std::fs::write(&file, lying).unwrap();
        assert!(message(folder.path()).contains(&length.to_string()));
    }
}

#[test]
fn a_header_whose_offsets_lie_is_not_believed() {
    let (folder, file) = checkpoint();
    for header in [
        r#"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,4]}}"#,
        r#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,16]}}"#,
        r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}"#,
        r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
        "[]",
        "not json",
    ] {
        let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 16]].concat();
        std::fs::write(&file, bytes).unwrap();
        message(folder.path());
    }
}

#[test]
fn a_type_that_is_not_computed_is_named() {
    let (folder, file) = checkpoint();
    let header = r#"{"model.norm.weight":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#;
    let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 8]].concat();
    std::fs::write(&file, bytes).unwrap();
    let error = Weights::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("model.norm.weight is I64") && error.contains("bf16"), "{error}");
}

#[test]
fn a_tensor_of_another_shape_names_both() {
    let checkpoint = checkpoint();
    let gguf = gguf();
    for folder in [&checkpoint.0, &gguf.0] {
        let weights = Weights::open(folder.path()).unwrap();
        let error = weights.matrix("model.layers.0.mlp.up_proj", 999, HIDDEN, &Device::Cpu).unwrap_err();
        assert!(matches!(error, WeightsError::Mismatch { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains("[512, 256]") && text.contains("[999, 256]"), "{text}");
        assert!(weights.vector("model.norm.weight", HIDDEN + 1, &Device::Cpu).is_err());
        let missing =
            weights.vector("model.layers.5.input_layernorm.weight", HIDDEN, &Device::Cpu).unwrap_err();
        assert!(matches!(missing, WeightsError::Missing { .. }), "{missing}");
    }
}

#[test]
fn a_truncated_gguf_is_refused_wherever_it_ends() {
    let (folder, file) = gguf();
    let bytes = std::fs::read(&file).unwrap();
    for length in [0, 3, 4, 8, 23, 24, 60, 200, 700, 1500, 4000, bytes.len() / 2, bytes.len() - 40] {
        std::fs::write(&file, &bytes[..length]).unwrap();
        message(folder.path());
    }
}

#[test]
fn a_gguf_with_absurd_counts_is_not_believed() {
    let (folder, file) = gguf();
    let bytes = std::fs::read(&file).unwrap();
    // After magic and version: the counts of tensors and of entries; then the length of the first key.
    for place in [8, 16, 24] {
        for number in [u64::MAX, 1 << 62, 1 << 33, 100_000_000] {
            let mut lying = bytes.clone();
            lying[place..place + 8].copy_from_slice(&number.to_le_bytes());
            std::fs::write(&file, lying).unwrap();
            message(folder.path());
        }
    }
    for (place, byte) in [(0, b'X'), (4, 9)] {
        let mut lying = bytes.clone();
        lying[place] = byte;
        std::fs::write(&file, lying).unwrap();
        assert!(Weights::open(folder.path()).is_err());
    }
}

/// A GGUF by hand: entries and tensors as raw bytes behind their counts.
fn raw(entries: &[Vec<u8>], tensors: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"GGUF\x03\0\0\0".to_vec();
    bytes.extend((tensors.len() as u64).to_le_bytes());
    bytes.extend((entries.len() as u64).to_le_bytes());
    bytes.extend(entries.concat());
    bytes.extend(tensors.concat());
    bytes.resize(bytes.len() + 64, 0);
    bytes
}

fn text(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat()
}

fn tensor(dimensions: &[u64], kind: u32, offset: u64) -> Vec<u8> {
    let mut bytes = text("token_embd.weight");
    bytes.extend((dimensions.len() as u32).to_le_bytes());
    bytes.extend(dimensions.iter().flat_map(|width| width.to_le_bytes()));
    bytes.extend(kind.to_le_bytes());
    bytes.extend(offset.to_le_bytes());
    bytes
}

#[test]
fn a_gguf_whose_parts_lie_is_refused_for_each_lie() {
    let alignment = |value: u32| {
        [text("general.alignment"), 4_u32.to_le_bytes().to_vec(), value.to_le_bytes().to_vec()].concat()
    };
    let list = |kind: u32, count: u64| {
        [text("a"), 9_u32.to_le_bytes().to_vec(), kind.to_le_bytes().to_vec(), count.to_le_bytes().to_vec()]
            .concat()
    };
    let lies = [
        (raw(&[alignment(0)], &[]), "alignment is 0"),
        (raw(&[alignment(24)], &[]), "alignment is 24"),
        (raw(&[list(4, u64::MAX)], &[]), "announces 18446744073709551615 elements"),
        (raw(&[list(10, 1 << 23)], &[]), "ends in the middle"),
        (raw(&[list(8, 1 << 20)], &[]), "ends in the middle"),
        (raw(&[list(9, 1)], &[]), "list of lists"),
        (raw(&[list(77, 1)], &[]), "unknown kind 77"),
        (raw(&[], &[tensor(&[], 0, 0)]), "0 dimensions"),
        (raw(&[], &[tensor(&[1; 9], 0, 0)]), "9 dimensions"),
        (raw(&[], &[tensor(&[1 << 40, 1 << 40], 0, 0)]), "does not fit"),
        (raw(&[], &[tensor(&[100], 8, 0)]), "does not fit"),
        (raw(&[], &[tensor(&[4], 0, u64::MAX - 8)]), "does not fit"),
        (raw(&[], &[tensor(&[256], 23, 0)]), "GGUF type 23"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.gguf");
    for (bytes, words) in lies {
        std::fs::write(&file, bytes).unwrap();
        let error = Gguf::open(&file).unwrap_err().to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
}

#[test]
fn a_gguf_of_another_architecture_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.gguf");
    let name = [text("general.architecture"), 8_u32.to_le_bytes().to_vec(), text("deepseek2")].concat();
    std::fs::write(&file, raw(&[name], &[])).unwrap();
    let error = Weights::open(&file).unwrap_err().to_string();
    assert!(error.contains("\"deepseek2\"") && error.contains("remote engine"), "{error}");
    std::fs::write(&file, raw(&[], &[])).unwrap();
    assert!(Weights::open(&file).unwrap_err().to_string().contains("names no architecture"));
}

#[test]
fn a_path_without_a_model_says_what_is_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Weights::open(folder.path()).unwrap_err().to_string().contains("config.json"));
    assert!(Weights::open(&folder.path().join("none")).unwrap_err().to_string().contains("name its folder"));
    std::fs::write(
        folder.path().join("config.json"),
        super::super::testing::config(Architecture::Qwen2).to_string(),
    )
    .unwrap();
    assert!(Weights::open(folder.path()).unwrap_err().to_string().contains("neither model.safetensors"));
    for name in ["a.gguf", "b.gguf"] {
        std::fs::write(folder.path().join(name), "").unwrap();
    }
    assert!(Weights::open(folder.path()).unwrap_err().to_string().contains("several .gguf files"));
}

proptest! {
    #![proptest_config(Config::with_cases(400))]

    #[test]
    fn no_change_of_a_header_breaks_more_than_the_model(place in 0_usize..3000, byte in any::<u8>()) {
        use std::sync::LazyLock;
        static BOTH: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
            let (checkpoint, gguf) = (checkpoint(), gguf());
            [std::fs::read(checkpoint.1).unwrap(), std::fs::read(gguf.1).unwrap()]
        });
        for (bytes, ending) in BOTH.iter().zip(["safetensors", "gguf"]) {
            let folder = tempfile::tempdir().unwrap();
            let mut changed = bytes[..bytes.len().min(12_000)].to_vec();
            changed[place] = byte;
            changed.extend_from_slice(&bytes[changed.len()..]);
            let config = super::super::testing::config(Architecture::Qwen2).to_string();
            std::fs::write(folder.path().join("config.json"), config).unwrap();
            std::fs::write(folder.path().join(format!("model.{ending}")), changed).unwrap();
            if let Ok(weights) = Weights::open(folder.path()) {
                let _ = weights.vector("model.norm.weight", HIDDEN, &Device::Cpu);
                let _ = weights.matrix("lm_head", 267, HIDDEN, &Device::Cpu);
            }
        }
    }
}
