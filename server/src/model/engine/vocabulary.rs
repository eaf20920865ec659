//! What the engine must know of a tokenizer, as plain data: the bytes of every token and the tokens with a meaning.
//!
//! In: `Parts` that a tokenizer fills. Out: a `Vocabulary`, which also holds the trie that schemas are compiled
//! against. No token with a meaning can be drawn as text.

use std::fmt;
use std::sync::Arc;

use llguidance::ParserFactory;
use llguidance::earley::SlicedBiasComputer;
use toktrie::{InferenceCapabilities, SimpleVob, TokEnv, TokRxInfo, TokTrie, TokenizerEnv};

/// Tokens of more bytes are not offered under a schema: the trie has no room for them.
const MAX_TOKEN_BYTES: usize = 1000;

/// Ids above do not fit the trie's nodes.
const MAX_TOKENS: usize = 1 << 22;

/// The tokens that the tokenizer itself makes of bytes.
pub(crate) type Encode = Arc<dyn Fn(&[u8]) -> Vec<u32> + Send + Sync>;

/// What a tokenizer says of itself.
#[derive(Clone, Default)]
pub(crate) struct Parts {
    /// The bytes of each token, by id; empty where an id has none.
    pub(crate) tokens: Vec<Vec<u8>>,
    /// Tokens that end a completion; the first is the usual one.
    pub(crate) ends: Vec<u32>,
    /// Tokens that are never drawn as text, beside `ends` and the two thinking tags.
    pub(crate) specials: Vec<u32>,
    /// The tag that opens the thinking.
    pub(crate) think_open: Option<u32>,
    /// The tag that closes it.
    pub(crate) think_close: Option<u32>,
    /// What stands between the closing tag and the answer: R1's `\n\n`.
    pub(crate) after_thinking: Vec<u32>,
    /// How text is encoded; where present, what a schema leaves no choice about is written without the model.
    pub(crate) encode: Option<Encode>,
}

/// A tokenizer's tokens, ready for the engine.
pub(crate) struct Vocabulary {
    parts: Parts,
    while_thinking: SimpleVob,
    while_answering: SimpleVob,
    factory: ParserFactory,
}

/// Why there is no vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum VocabularyError {
    /// There are no tokens, or too many.
    #[error("a vocabulary has between 1 and {MAX_TOKENS} tokens, this one has {0}")]
    Size(usize),
    /// No token ends a completion.
    #[error("no token of the vocabulary ends a completion")]
    NoEnd,
    /// A token with a meaning is not among the tokens.
    #[error("the {role} is token {id}, but there are only {count}")]
    OutOfRange {
        /// Which one.
        role: &'static str,
        /// Its id.
        id: u32,
        /// Tokens there are.
        count: usize,
    },
    /// The schema compiler does not take it.
    #[error("the schema compiler does not take the vocabulary: {0}")]
    Compiler(String),
}

impl Vocabulary {
    /// A vocabulary of a tokenizer's parts. Takes a moment: it sorts every token into a trie.
    ///
    /// # Errors
    /// Says what does not fit together.
    pub(crate) fn new(parts: Parts) -> Result<Self, VocabularyError> {
        parts.check()?;
        let answer = parts.drawable(&parts.ends);
        let mut thinking = answer.clone();
        if let Some(close) = parts.think_close {
            thinking.allow_token(close);
        }
        let factory = parts.factory()?;
        Ok(Self { parts, while_thinking: thinking, while_answering: answer, factory })
    }

    /// The bytes of a token.
    pub(crate) fn bytes(&self, token: u32) -> &[u8] {
        self.parts.tokens.get(token as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether a token ends a completion.
    pub(crate) fn is_end(&self, token: u32) -> bool {
        self.parts.ends.contains(&token)
    }

    /// The tag that closes the thinking.
    pub(crate) fn think_close(&self) -> Option<u32> {
        self.parts.think_close
    }

    /// What stands between the closing tag and the answer.
    pub(crate) fn after_thinking(&self) -> &[u32] {
        &self.parts.after_thinking
    }

    /// Tokens that may be drawn while the model thinks.
    pub(crate) fn while_thinking(&self) -> &SimpleVob {
        &self.while_thinking
    }

    /// Tokens that may be drawn while it answers.
    pub(crate) fn while_answering(&self) -> &SimpleVob {
        &self.while_answering
    }

    /// What compiles schemas.
    pub(super) fn factory(&self) -> &ParserFactory {
        &self.factory
    }
}

impl fmt::Debug for Vocabulary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Vocabulary({} tokens)", self.parts.tokens.len())
    }
}

impl Parts {
    fn check(&self) -> Result<(), VocabularyError> {
        let count = self.tokens.len();
        if count == 0 || count > MAX_TOKENS {
            return Err(VocabularyError::Size(count));
        }
        if self.ends.is_empty() {
            return Err(VocabularyError::NoEnd);
        }
        let roles = [
            ("end", &self.ends[..]),
            ("special", &self.specials),
            ("opening tag", self.think_open.as_slice()),
            ("closing tag", self.think_close.as_slice()),
            ("token after the thinking", &self.after_thinking),
        ];
        for (role, ids) in roles {
            if let Some(&id) = ids.iter().find(|id| **id as usize >= count) {
                return Err(VocabularyError::OutOfRange { role, id, count });
            }
        }
        Ok(())
    }

    /// Every token with bytes and without a meaning, and `also`.
    fn drawable(&self, also: &[u32]) -> SimpleVob {
        let mut set = SimpleVob::alloc_with_capacity(self.tokens.len(), self.tokens.len() + 1);
        for (id, _) in self.tokens.iter().enumerate().filter(|(_, bytes)| !bytes.is_empty()) {
            set.set(id, true);
        }
        for id in self.meaningful() {
            set.disallow_token(id);
        }
        for id in also {
            set.allow_token(*id);
        }
        set
    }

    fn meaningful(&self) -> impl Iterator<Item = u32> + '_ {
        let tags = self.think_open.iter().chain(&self.think_close);
        self.ends.iter().chain(&self.specials).chain(tags).copied()
    }

    fn factory(&self) -> Result<ParserFactory, VocabularyError> {
        let env: TokEnv = Arc::new(Environment { trie: self.trie(), encode: self.encode.clone() });
        let capabilities = InferenceCapabilities { ff_tokens: self.encode.is_some(), ..Default::default() };
        let mut factory = ParserFactory::new(&env, capabilities, &SlicedBiasComputer::json_slices())
            .map_err(|error| VocabularyError::Compiler(error.to_string()))?;
        factory.quiet();
        factory.limits_mut().verbose_errors = false;
        Ok(factory)
    }

    /// Tokens with a meaning stand in it behind the marker that no text has.
    fn trie(&self) -> TokTrie {
        let mut words = self.tokens.clone();
        for word in words.iter_mut().filter(|word| word.len() > MAX_TOKEN_BYTES) {
            word.clear();
        }
        for id in self.meaningful() {
            words[id as usize] = [&[TokTrie::SPECIAL_TOKEN_MARKER], format!("<{id}>").as_bytes()].concat();
        }
        let size = u32::try_from(words.len()).unwrap_or(u32::MAX);
        TokTrie::from(&TokRxInfo::new(size, self.ends[0]), &words).with_eos_tokens(&self.ends)
    }
}

/// What the schema compiler asks of a tokenizer.
struct Environment {
    trie: TokTrie,
    encode: Option<Encode>,
}

impl TokenizerEnv for Environment {
    fn tok_trie(&self) -> &TokTrie {
        &self.trie
    }

    fn tokenize_bytes(&self, bytes: &[u8]) -> Vec<u32> {
        match &self.encode {
            Some(encode) => encode(bytes),
            None => self.trie.greedy_tokenize(bytes),
        }
    }

    fn tokenize_is_canonical(&self) -> bool {
        self.encode.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{Parts, Vocabulary, VocabularyError};

    fn bytes() -> Parts {
        let tokens = (0..=255_u8).map(|byte| vec![byte]).chain([b"<end>".to_vec(), b"</think>".to_vec()]);
        Parts { tokens: tokens.collect(), ends: vec![256], think_close: Some(257), ..Parts::default() }
    }

    #[test]
    fn tokens_with_a_meaning_are_drawn_only_in_their_place() {
        let vocabulary = Vocabulary::new(bytes()).unwrap();
        assert!(vocabulary.while_answering().is_allowed(256));
        assert!(!vocabulary.while_answering().is_allowed(257));
        assert!(vocabulary.while_thinking().is_allowed(257));
        assert_eq!(vocabulary.while_answering().num_set(), 257);
    }

    #[test]
    fn parts_that_do_not_fit_together_are_named() {
        let error = |parts| Vocabulary::new(parts).map(|_| ()).unwrap_err();
        assert_eq!(error(Parts::default()), VocabularyError::Size(0));
        assert_eq!(error(Parts { ends: vec![], ..bytes() }), VocabularyError::NoEnd);
        let out = VocabularyError::OutOfRange { role: "special", id: 900, count: 258 };
        assert_eq!(error(Parts { specials: vec![900], ..bytes() }), out);
    }
}
