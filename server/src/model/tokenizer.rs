//! Text to tokens and back, as the R1 models were trained on it.
//!
//! In: `tokenizer.json`, or the metadata of a GGUF. Text never becomes a special or added token, whatever it holds:
//! those are not in the merges' vocabulary at all and are had by name only. Encoding takes time linear in the text.

mod alphabet;
mod from_gguf;
mod from_json;
mod splitting;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::normalizers::unicode::NFC;
use tokenizers::{Model, NormalizedString, Normalizer};

use crate::model::weights::{WeightsError, gguf_of};

pub(crate) use splitting::Splitting;

/// Far above any vocabulary: a file that names a higher id is not believed.
const MAX_TOKENS: usize = 1 << 21;

/// The tokenizer of one model.
pub(crate) struct Tokenizer {
    merges: BPE,
    splitting: Splitting,
    normalization: Normalization,
    specials: BTreeMap<String, u32>,
    ends: BTreeSet<u32>,
    bytes: Vec<Option<Box<[u8]>>>,
}

impl std::fmt::Debug for Tokenizer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Tokenizer").field("splitting", &self.splitting).finish_non_exhaustive()
    }
}

/// What happens to text before it is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Normalization {
    /// Nothing.
    None,
    /// Canonical composition.
    Nfc,
}

/// Why there is no tokenizer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenizerError {
    /// A file is missing, unreadable or damaged.
    #[error(transparent)]
    File(#[from] WeightsError),
    /// It is sound, and not one that the R1 models were trained on.
    #[error(
        "the tokenizer in {path} is not one of the R1 family: {reason}. A wrong tokenizer gives wrong answers that \
         look right; take the one that was published with the model"
    )]
    Foreign {
        /// The file.
        path: std::path::PathBuf,
        /// In what it differs.
        reason: String,
    },
}

/// What both kinds of files say.
struct Parts {
    splitting: Splitting,
    normalization: Normalization,
    takes_whole_words: bool,
    vocabulary: HashMap<String, u32>,
    merges: Vec<(String, String)>,
    specials: BTreeMap<String, u32>,
    ends: BTreeSet<u32>,
}

impl Tokenizer {
    /// The tokenizer of a model folder, or of a `.gguf` file.
    ///
    /// # Errors
    /// Where it is missing, damaged, or none of the R1 family.
    pub(crate) fn open(path: &Path) -> Result<Self, TokenizerError> {
        match gguf_of(path)? {
            Some(file) => Self::assemble(from_gguf::read(&file)?, &file),
            None => Self::assemble(from_json::read(path)?, &path.join("tokenizer.json")),
        }
    }

    fn assemble(mut parts: Parts, path: &Path) -> Result<Self, TokenizerError> {
        parts.vocabulary.retain(|text, _| !parts.specials.contains_key(text));
        check(&parts, path)?;
        let bytes = bytes_of_tokens(&parts, path)?;
        let merges = BPE::builder()
            .vocab_and_merges(parts.vocabulary.into_iter().collect::<Vocab>(), parts.merges)
            .ignore_merges(parts.takes_whole_words)
            .build()
            .map_err(|error| WeightsError::damaged(path, error.to_string()))?;
        Ok(Self {
            merges,
            splitting: parts.splitting,
            normalization: parts.normalization,
            specials: parts.specials,
            ends: parts.ends,
            bytes,
        })
    }

    /// The tokens of a text. None of them is special.
    pub(crate) fn encode_text(&self, text: &str) -> Vec<u32> {
        let normalized;
        let text = match self.normalization {
            Normalization::Nfc if !text.is_ascii() => {
                normalized = nfc(text);
                &normalized
            }
            Normalization::Nfc | Normalization::None => text,
        };
        let mut tokens = Vec::with_capacity(text.len() / 3);
        for word in self.splitting.words(text) {
            let letters = alphabet::letters(word.as_bytes());
            // Every byte has a token, so that there is nothing that the merges could refuse.
            let pieces = self.merges.tokenize(&letters).unwrap_or_default();
            tokens.extend(pieces.iter().map(|piece| piece.id));
        }
        tokens
    }

    /// The special or added token of this name.
    pub(crate) fn special(&self, name: &str) -> Option<u32> {
        self.specials.get(name).copied()
    }

    /// The special and added tokens by name.
    pub(crate) fn specials(&self) -> &BTreeMap<String, u32> {
        &self.specials
    }

    /// The bytes of a token; none where it is special, or no token at all.
    pub(crate) fn token_bytes(&self, token: u32) -> Option<&[u8]> {
        self.bytes.get(token as usize)?.as_deref()
    }

    /// One more than the highest token. The network may have more rows, which mean nothing.
    pub(crate) fn vocabulary(&self) -> usize {
        self.bytes.len()
    }

    /// Tokens that end what the model says.
    pub(crate) fn ends(&self) -> &BTreeSet<u32> {
        &self.ends
    }

    /// How it splits text.
    pub(crate) fn splitting(&self) -> Splitting {
        self.splitting
    }
}

fn nfc(text: &str) -> String {
    let mut normalized = NormalizedString::from(text);
    match NFC.normalize(&mut normalized) {
        Ok(()) => normalized.get().to_owned(),
        Err(_) => text.to_owned(),
    }
}

/// Checks all that the building of the merges takes for granted.
fn check(parts: &Parts, path: &Path) -> Result<(), TokenizerError> {
    let damaged = |reason: String| TokenizerError::File(WeightsError::damaged(path, reason));
    if let Some(letter) = alphabet::all().find(|letter| !parts.vocabulary.contains_key(letter.as_str())) {
        let reason = format!("its vocabulary has no token for the byte that is written {letter:?}");
        return Err(TokenizerError::Foreign { path: path.to_owned(), reason });
    }
    let mut ids = BTreeSet::new();
    for (text, id) in parts.vocabulary.iter().chain(&parts.specials) {
        if *id as usize >= MAX_TOKENS {
            return Err(damaged(format!("it numbers the token {text:?} {id}")));
        }
        if !ids.insert(*id) {
            return Err(damaged(format!("two tokens have the number {id}, one of them {text:?}")));
        }
    }
    for (left, right) in &parts.merges {
        let whole = format!("{left}{right}");
        let missing = [left, right, &whole].into_iter().find(|part| !parts.vocabulary.contains_key(*part));
        if let Some(part) = missing {
            let reason = format!("it merges {left:?} and {right:?}, and {part:?} is not in its vocabulary");
            return Err(damaged(reason));
        }
    }
    Ok(())
}

fn bytes_of_tokens(parts: &Parts, path: &Path) -> Result<Vec<Option<Box<[u8]>>>, TokenizerError> {
    let highest = parts.vocabulary.values().chain(parts.specials.values()).max().copied().unwrap_or_default();
    let mut bytes = vec![None; highest as usize + 1];
    for (text, id) in &parts.vocabulary {
        let spelled = alphabet::bytes(text).ok_or_else(|| TokenizerError::Foreign {
            path: path.to_owned(),
            reason: format!("its token {text:?} is not written in byte letters"),
        })?;
        bytes[*id as usize] = Some(spelled.into_boxed_slice());
    }
    Ok(bytes)
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
