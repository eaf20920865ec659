//! The tokenizer of `tokenizer.json`, and what `generation_config.json` and `config.json` say of ends.
//!
//! Only the published forms are taken: byte-level BPE behind one of the known splittings.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::{Normalization, Parts, Splitting, TokenizerError};
use crate::model::weights::WeightsError;

/// `tokenizer.json`.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    added_tokens: Vec<AddedToken>,
    #[serde(default)]
    normalizer: Value,
    #[serde(default)]
    pre_tokenizer: Value,
    model: Model,
}

#[derive(Deserialize)]
struct AddedToken {
    id: u32,
    content: String,
}

#[derive(Deserialize)]
struct Model {
    #[serde(rename = "type")]
    kind: Option<String>,
    dropout: Option<f64>,
    continuing_subword_prefix: Option<String>,
    end_of_word_suffix: Option<String>,
    #[serde(default)]
    byte_fallback: bool,
    #[serde(default)]
    ignore_merges: bool,
    #[serde(default)]
    vocab: Value,
    #[serde(default)]
    merges: Vec<Merge>,
}

/// A merge as older and newer files write it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Merge {
    Pair(String, String),
    Line(String),
}

/// What a folder says of ends besides the tokenizer.
#[derive(Deserialize)]
struct Ends {
    eos_token_id: Option<OneOrMore>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(u32),
    More(Vec<u32>),
}

/// Reads a folder's tokenizer.
///
/// # Errors
/// Where it is missing, damaged, or not of a published form.
pub(super) fn read(folder: &Path) -> Result<Parts, TokenizerError> {
    let path = folder.join("tokenizer.json");
    if !path.exists() {
        return Err(WeightsError::missing(folder, "tokenizer.json").into());
    }
    let file: File = parse(&path)?;
    let foreign = |reason: String| TokenizerError::Foreign { path: path.clone(), reason };
    let splitting = splitting(&file.pre_tokenizer).map_err(foreign)?;
    check_model(&file.model, splitting).map_err(foreign)?;
    let vocabulary: HashMap<String, u32> = serde_json::from_value(file.model.vocab)
        .map_err(|error| WeightsError::damaged(&path, format!("its vocabulary: {error}")))?;
    let merges: Option<Vec<_>> = file.model.merges.into_iter().map(Merge::pair).collect();
    let merges = merges.ok_or_else(|| WeightsError::damaged(&path, "one of its merges is no pair"))?;
    Ok(Parts {
        splitting,
        takes_whole_words: file.model.ignore_merges,
        normalization: normalization(&file.normalizer).map_err(foreign)?,
        vocabulary,
        merges,
        specials: specials(file.added_tokens, &path)?,
        ends: ends(folder)?,
    })
}

fn parse<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, WeightsError> {
    let text = std::fs::read(path).map_err(WeightsError::unreadable(path))?;
    serde_json::from_slice(&text).map_err(|error| WeightsError::damaged(path, error.to_string()))
}

fn specials(added: Vec<AddedToken>, path: &Path) -> Result<BTreeMap<String, u32>, WeightsError> {
    let mut specials = BTreeMap::new();
    for token in added {
        if let Some(other) = specials.insert(token.content.clone(), token.id).filter(|id| *id != token.id) {
            let reason =
                format!("its added token {:?} has the numbers {other} and {}", token.content, token.id);
            return Err(WeightsError::damaged(path, reason));
        }
    }
    Ok(specials)
}

fn ends(folder: &Path) -> Result<BTreeSet<u32>, WeightsError> {
    let mut all = BTreeSet::new();
    for name in ["generation_config.json", "config.json"] {
        let path = folder.join(name);
        if !path.exists() {
            continue;
        }
        match parse::<Ends>(&path)?.eos_token_id {
            Some(OneOrMore::One(end)) => all.extend([end]),
            Some(OneOrMore::More(ends)) => all.extend(ends),
            None => {}
        }
    }
    Ok(all)
}

impl Merge {
    fn pair(self) -> Option<(String, String)> {
        match self {
            Self::Pair(left, right) => Some((left, right)),
            Self::Line(line) => line.split_once(' ').map(|(left, right)| (left.to_owned(), right.to_owned())),
        }
    }
}

fn check_model(model: &Model, splitting: Splitting) -> Result<(), String> {
    let is_some_text = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    let foreign = [
        (model.kind.as_deref().is_some_and(|kind| kind != "BPE"), "it is not a BPE"),
        (model.dropout.is_some_and(|dropout| dropout != 0.0), "it drops merges by chance"),
        (model.byte_fallback, "it falls back to bytes"),
        (is_some_text(&model.continuing_subword_prefix), "it marks the insides of words"),
        (is_some_text(&model.end_of_word_suffix), "it marks the ends of words"),
        (model.ignore_merges && !splitting.takes_whole_words(), "it treats whole words differently"),
    ];
    foreign.iter().find(|(is_so, _)| *is_so).map_or(Ok(()), |(_, reason)| Err((*reason).to_owned()))
}

fn normalization(normalizer: &Value) -> Result<Normalization, String> {
    let steps: Vec<&Value> = match normalizer {
        Value::Null => Vec::new(),
        Value::Object(entries) if entries.get("type").is_some_and(|kind| kind == "Sequence") => {
            entries.get("normalizers").and_then(Value::as_array).into_iter().flatten().collect()
        }
        step => vec![step],
    };
    let kinds: Vec<_> = steps.iter().map(|step| step["type"].as_str().unwrap_or("unnamed")).collect();
    match kinds.as_slice() {
        [] => Ok(Normalization::None),
        ["NFC"] => Ok(Normalization::Nfc),
        other => Err(format!("it normalizes text by {}", other.join(", "))),
    }
}

/// A published expression, isolating, then bytes as letters without a space put before them.
fn splitting(pre_tokenizer: &Value) -> Result<Splitting, String> {
    let steps = pre_tokenizer["pretokenizers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let [split, byte_level] = steps else {
        return Err("it does not split text by one expression and then into bytes".to_owned());
    };
    let is_plain = split["type"] == "Split"
        && split["behavior"] == "Isolated"
        && split["invert"] != true
        && byte_level["type"] == "ByteLevel"
        && byte_level["add_prefix_space"] == false
        && byte_level["use_regex"] == false;
    let expression = split["pattern"]["Regex"].as_str().filter(|_| is_plain);
    let expression = expression
        .ok_or_else(|| "it does not split text by one expression and then into bytes".to_owned())?;
    Splitting::of_expression(expression)
        .ok_or_else(|| format!("it splits text by {expression:?}, which is neither Qwen2's nor Llama 3's"))
}
