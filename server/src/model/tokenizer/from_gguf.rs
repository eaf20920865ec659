//! The tokenizer in the metadata of a GGUF file.
//!
//! An unknown splitting is refused: read by another one, most text still looks right.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::{MAX_TOKENS, Normalization, Parts, Splitting, TokenizerError};
use crate::model::weights::WeightsError;
use crate::model::weights::gguf::Gguf;

/// Kinds of tokens, by llama.cpp's numbers: those with a meaning of their own, and fillers.
const CONTROL: i64 = 3;
const USER_DEFINED: i64 = 4;
const UNUSED: i64 = 5;

/// Reads a file's tokenizer.
///
/// # Errors
/// Where there is none, or it is damaged, or none of the R1 family.
pub(super) fn read(path: &Path) -> Result<Parts, TokenizerError> {
    let gguf = Gguf::open(path)?;
    let splitting = splitting(&gguf, path)?;
    let missing = |what: &str| WeightsError::missing(path, what);
    let tokens = gguf.texts("tokenizer.ggml.tokens").ok_or_else(|| missing("list of tokens"))?;
    let kinds = gguf.wholes("tokenizer.ggml.token_type").ok_or_else(|| missing("kinds of tokens"))?;
    let merges = gguf.texts("tokenizer.ggml.merges").ok_or_else(|| missing("list of merges"))?;
    if tokens.len() != kinds.len() || tokens.len() > MAX_TOKENS {
        let reason = format!("it has {} tokens and {} kinds of them", tokens.len(), kinds.len());
        return Err(WeightsError::damaged(path, reason).into());
    }
    let merges: Option<Vec<_>> = merges.into_iter().map(pair).collect();
    let merges = merges.ok_or_else(|| WeightsError::damaged(path, "one of its merges is no pair"))?;
    let mut vocabulary = HashMap::with_capacity(tokens.len());
    let mut specials = BTreeMap::new();
    for (id, (text, kind)) in (0_u32..).zip(tokens.into_iter().zip(kinds)) {
        let previous = match kind {
            CONTROL | USER_DEFINED => specials.insert(text.to_owned(), id),
            UNUSED => None,
            _ => vocabulary.insert(text.to_owned(), id),
        };
        if let Some(other) = previous {
            let reason = format!("its tokens {other} and {id} are both {text:?}");
            return Err(WeightsError::damaged(path, reason).into());
        }
    }
    let normalization = match splitting {
        Splitting::Qwen2 => Normalization::Nfc,
        Splitting::Llama3 => Normalization::None,
    };
    let takes_whole_words = splitting.takes_whole_words();
    Ok(Parts { splitting, normalization, takes_whole_words, vocabulary, merges, specials, ends: ends(&gguf) })
}

fn splitting(gguf: &Gguf, path: &Path) -> Result<Splitting, TokenizerError> {
    let foreign = |reason: String| TokenizerError::Foreign { path: path.to_owned(), reason };
    match gguf.text("tokenizer.ggml.model") {
        Some("gpt2") => {}
        Some(other) => return Err(foreign(format!("it is of the kind {other:?}, not byte-level BPE"))),
        None => return Err(foreign("the file holds none".to_owned())),
    }
    let name = gguf.text("tokenizer.ggml.pre");
    let name =
        name.ok_or_else(|| foreign("it does not say how text is split; convert it again".to_owned()))?;
    Splitting::of_pre(name)
        .ok_or_else(|| foreign(format!("it splits text by {name:?}, which is neither Qwen2's nor Llama 3's")))
}

fn pair(merge: &str) -> Option<(String, String)> {
    merge.split_once(' ').map(|(left, right)| (left.to_owned(), right.to_owned()))
}

fn ends(gguf: &Gguf) -> BTreeSet<u32> {
    let keys = ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id"];
    keys.iter().filter_map(|key| gguf.whole(key)).filter_map(|end| u32::try_from(end).ok()).collect()
}
