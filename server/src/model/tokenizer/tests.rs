//! Real vocabularies against the vectors of llama.cpp, hostile text, and files that are not what they seem.

use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::proptest;
use serde_json::{Value, json};

use super::testing::{parts, small, small_json};
use super::{Normalization, Parts, Splitting, Tokenizer, from_gguf};

const QWEN2: &str = include_str!("tests/qwen2.txt");
const LLAMA_BPE: &str = include_str!("tests/llama-bpe.txt");

type Vectors = Vec<(String, Vec<u32>)>;

fn real(data: &str, splitting: Splitting) -> (Tokenizer, Vectors) {
    let mut lines = data.lines();
    let mut line = || lines.next().unwrap();
    let vocabulary: HashMap<String, u32> = serde_json::from_str(line()).unwrap();
    let merges: Vec<String> = serde_json::from_str(line()).unwrap();
    let pair = |merge: &String| {
        let (left, right) = merge.split_once(' ').unwrap();
        (left.to_owned(), right.to_owned())
    };
    let parts = Parts {
        splitting,
        takes_whole_words: splitting.takes_whole_words(),
        vocabulary,
        merges: merges.iter().map(pair).collect(),
        ..super::testing::parts_without_tokens()
    };
    let tokenizer = Tokenizer::assemble(parts, Path::new("tokenizer.json")).unwrap();
    (tokenizer, serde_json::from_str(line()).unwrap())
}

#[test]
fn the_real_vocabularies_give_the_published_tokens() {
    for (data, splitting) in [(QWEN2, Splitting::Qwen2), (LLAMA_BPE, Splitting::Llama3)] {
        let (tokenizer, vectors) = real(data, splitting);
        assert!(vectors.len() > 40);
        for (text, tokens) in vectors {
            assert_eq!(tokenizer.encode_text(&text), tokens, "{splitting:?} {text:?}");
            assert_eq!(tokenizer.decode(&tokens), text);
        }
    }
}

#[test]
#[ignore = "needs llama.cpp's whole vocabularies in the folder that COUNTERSIGN_VOCABULARIES names"]
fn the_whole_vocabularies_give_the_published_tokens() {
    let folder = std::env::var("COUNTERSIGN_VOCABULARIES").unwrap();
    for (name, data) in [("qwen2", QWEN2), ("llama-bpe", LLAMA_BPE)] {
        let file = Path::new(&folder).join(format!("ggml-vocab-{name}.gguf"));
        let tokenizer = Tokenizer::open(&file).unwrap();
        let vectors: Vectors = serde_json::from_str(data.lines().nth(2).unwrap()).unwrap();
        for (text, tokens) in &vectors {
            assert_eq!(&tokenizer.encode_text(text), tokens, "{name} {text:?}");
        }
        println!("{name}: {} vectors, {} tokens", vectors.len(), tokenizer.vocabulary());
    }
}

#[test]
fn each_family_splits_in_its_own_way() {
    let words = |splitting: Splitting, text| splitting.words(text).collect::<Vec<_>>();
    assert_eq!(words(Splitting::Qwen2, "12345"), ["1", "2", "3", "4", "5"]);
    assert_eq!(words(Splitting::Llama3, "12345"), ["123", "45"]);
    for splitting in [Splitting::Qwen2, Splitting::Llama3] {
        assert_eq!(words(splitting, "a   b"), ["a", "  ", " b"]);
        assert_eq!(words(splitting, "a   "), ["a", "   "]);
        assert_eq!(words(splitting, "  \n\n  x"), ["  \n\n", " ", " x"]);
        assert_eq!(words(splitting, "\t\tif (x)\n"), ["\t", "\tif", " (", "x", ")\n"]);
        assert_eq!(words(splitting, "a\u{3000}\u{3000}。"), ["a", "\u{3000}", "\u{3000}", "。"]);
    }
}

#[test]
fn a_name_of_an_unknown_splitting_is_taken_for_none() {
    assert_eq!(Splitting::of_pre("deepseek-r1-qwen"), Some(Splitting::Qwen2));
    assert_eq!(Splitting::of_pre("llama-bpe"), Some(Splitting::Llama3));
    for name in ["", "default", "gpt-2", "deepseek-llm", "qwen35", "Qwen2"] {
        assert_eq!(Splitting::of_pre(name), None, "{name}");
    }
}

#[test]
fn a_megabyte_of_spaces_is_encoded() {
    let text = format!("a{}b", " ".repeat(1 << 20));
    assert_eq!(small().encode_text(&text).len(), text.len());
}

#[test]
fn text_never_becomes_a_special_token() {
    let tokenizer = small();
    for name in tokenizer.specials().keys() {
        let text = format!("the {name}{name} od");
        let tokens = tokenizer.encode_text(&text);
        assert!(tokens.iter().all(|token| !tokenizer.is_special(*token)), "{name}");
        assert_eq!(tokenizer.decode(&tokens), text);
    }
    assert_eq!(tokenizer.special("</think>"), Some(265));
    assert_eq!(tokenizer.special("the"), None, "a token of text is no special one");
}

#[test]
fn a_special_token_that_is_in_the_vocabulary_too_is_not_reached_by_text() {
    let mut parts = parts();
    parts.takes_whole_words = true;
    parts.vocabulary.insert("think".to_owned(), 267);
    parts.specials.insert("think".to_owned(), 267);
    let tokenizer = Tokenizer::assemble(parts, Path::new("tokenizer.json")).unwrap();
    assert!(!tokenizer.encode_text("think").contains(&267));
    assert_eq!(tokenizer.special("think"), Some(267));
}

proptest! {
    #[test]
    fn words_are_the_text_and_tokens_give_it_back(text in "(\\PC|[ \\t\\r\\n0-9]|<think>|</think>){0,60}") {
        let tokenizer = small();
        for splitting in [Splitting::Qwen2, Splitting::Llama3] {
            assert_eq!(splitting.words(&text).collect::<String>(), text);
        }
        let tokens = tokenizer.encode_text(&text);
        assert!(tokens.iter().all(|token| !tokenizer.is_special(*token)));
        assert_eq!(tokenizer.decode(&tokens), super::nfc(&text));
    }

    #[test]
    fn the_splitting_is_that_of_the_published_expression(text in "(\\PC|[ \\t\\r\\n0-9'sS]){0,60}") {
        for splitting in [Splitting::Qwen2, Splitting::Llama3] {
            let words: Vec<_> = splitting.words(&text).collect();
            assert_eq!(words, looking_ahead(splitting, &text), "{splitting:?}");
        }
    }
}

/// The published expression in an engine that looks ahead.
fn looking_ahead(splitting: Splitting, text: &str) -> Vec<String> {
    use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
    use tokenizers::{
        OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer, SplitDelimiterBehavior,
    };
    static BOTH: LazyLock<[Split; 2]> = LazyLock::new(|| {
        [super::splitting::QWEN2, super::splitting::LLAMA3].map(|published| {
            let pattern = SplitPattern::Regex(published.to_owned());
            Split::new(pattern, SplitDelimiterBehavior::Isolated, false).unwrap()
        })
    });
    let mut pieces = PreTokenizedString::from(text);
    BOTH[splitting as usize].pre_tokenize(&mut pieces).unwrap();
    let splits = pieces.get_splits(OffsetReferential::Original, OffsetType::Byte);
    splits.into_iter().map(|(word, _, _)| word.to_owned()).filter(|word| !word.is_empty()).collect()
}

#[test]
fn composed_and_decomposed_letters_are_the_same_tokens() {
    let tokenizer = small();
    assert_eq!(tokenizer.encode_text("A\u{308}pfel"), tokenizer.encode_text("Äpfel"));
    let mut parts = parts();
    parts.normalization = Normalization::None;
    let as_it_is = Tokenizer::assemble(parts, Path::new("tokenizer.json")).unwrap();
    assert_ne!(as_it_is.encode_text("A\u{308}pfel"), as_it_is.encode_text("Äpfel"));
}

#[test]
fn tokens_have_the_bytes_that_they_stand_for() {
    let tokenizer = small();
    let the = tokenizer.encode_text(" the");
    assert_eq!(the.len(), 1);
    assert_eq!(tokenizer.token_bytes(the[0]), Some(&b" the"[..]));
    assert_eq!(tokenizer.token_bytes(262), None, "a special token stands for no text");
    assert_eq!(tokenizer.token_bytes(9999), None);
    assert_eq!(tokenizer.vocabulary(), 267);
    let all = (0..=255).map(|byte| tokenizer.encode_text(&char::from(byte).to_string()));
    assert!(all.flatten().all(|token| tokenizer.token_bytes(token).is_some()));
}

/// Opens a folder whose `tokenizer.json` is changed first.
fn opened(change: impl FnOnce(&mut Value)) -> Result<Tokenizer, String> {
    let folder = tempfile::tempdir().unwrap();
    let mut value = small_json();
    change(&mut value);
    std::fs::write(folder.path().join("tokenizer.json"), value.to_string()).unwrap();
    std::fs::write(folder.path().join("generation_config.json"), r#"{"eos_token_id": [261, 266]}"#).unwrap();
    Tokenizer::open(folder.path()).map_err(|error| error.to_string())
}

#[test]
fn a_file_gives_the_same_tokenizer_as_its_parts() {
    let pairs = |value: &mut Value| {
        value["model"]["merges"] = json!([["t", "h"], ["th", "e"], ["Ġ", "the"], ["o", "d"]]);
    };
    for tokenizer in [opened(|_| ()).unwrap(), opened(pairs).unwrap()] {
        let text = "the method </think>\n\n  Äpfel 42";
        assert_eq!(tokenizer.encode_text(text), small().encode_text(text));
        assert_eq!(tokenizer.specials(), small().specials());
        assert!(tokenizer.ends().iter().eq(&[261, 266]));
    }
}

#[test]
fn a_file_of_another_family_is_refused_and_says_in_what_it_differs() {
    let changes: [(&str, Value, &str); 9] = [
        ("/model/type", json!("Unigram"), "not a BPE"),
        ("/model/byte_fallback", json!(true), "falls back"),
        ("/model/ignore_merges", json!(true), "whole words"),
        ("/model/dropout", json!(0.1), "by chance"),
        ("/normalizer/type", json!("Lowercase"), "Lowercase"),
        ("/pre_tokenizer/pretokenizers/0/pattern/Regex", json!("\\s+"), "neither Qwen2's nor Llama 3's"),
        ("/pre_tokenizer/pretokenizers/0/behavior", json!("Removed"), "one expression"),
        ("/pre_tokenizer/pretokenizers/1/add_prefix_space", json!(true), "one expression"),
        ("/pre_tokenizer/type", json!("Sequence"), ""),
    ];
    for (pointer, value, reason) in changes {
        let outcome = opened(|file| match file.pointer_mut(pointer) {
            Some(place) => *place = value,
            None => file["model"][pointer.rsplit('/').next().unwrap()] = value,
        });
        match outcome {
            Err(error) => {
                assert!(error.contains(reason) && error.contains("R1 family"), "{pointer}: {error}");
            }
            Ok(_) => assert_eq!(reason, "", "{pointer} was taken"),
        }
    }
}

#[test]
fn a_damaged_file_says_how() {
    let error = opened(|file| file["model"]["merges"] = json!(["t h", "th zz"])).unwrap_err();
    assert!(error.contains("is damaged") && error.contains("\"zz\""), "{error}");
    let error = opened(|file| file["model"]["merges"] = json!(["th"])).unwrap_err();
    assert!(error.contains("no pair"), "{error}");
    let error = opened(|file| file["model"]["vocab"]["od"] = json!(4_000_000_000_u32)).unwrap_err();
    assert!(error.contains("4000000000"), "{error}");
    let error = opened(|file| file["model"]["vocab"]["od"] = json!(0)).unwrap_err();
    assert!(error.contains("two tokens"), "{error}");
    let error = opened(|file| {
        file["model"]["vocab"].as_object_mut().unwrap().shift_remove("Ā");
    });
    assert!(error.unwrap_err().contains("no token for the byte"));
    let empty = tempfile::tempdir().unwrap();
    assert!(Tokenizer::open(empty.path()).unwrap_err().to_string().contains("tokenizer.json"));
}

#[test]
fn a_gguf_gives_the_same_tokenizer_as_its_parts() {
    let file = super::testing::small_gguf("deepseek-r1-qwen");
    let tokenizer = Tokenizer::open(file.path()).unwrap();
    let text = "the method <think>\n\n  Äpfel 42";
    assert_eq!(tokenizer.encode_text(text), small().encode_text(text));
    assert_eq!(tokenizer.specials(), small().specials());
    assert!(tokenizer.ends().contains(&261));
    let foreign = super::testing::small_gguf("gpt-2");
    let error = from_gguf::read(foreign.path()).err().unwrap().to_string();
    assert!(error.contains("\"gpt-2\"") && error.contains("R1 family"), "{error}");
}
