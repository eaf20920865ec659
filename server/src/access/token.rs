//! API tokens: `cs_`, 256 random bits, and check digits that tell a mistyped token from an unknown one.
//!
//! Only the SHA-256 of a token is kept. That is enough for 256 random bits: there is nothing to guess, so no
//! slow hash is needed.

use std::fmt;

use rand::TryRngCore;
use rand::rngs::OsRng;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What every token starts with, so that scanners for secrets know one.
pub(crate) const PREFIX: &str = "cs_";

/// Characters of the random part, in hexadecimal.
const RANDOM: usize = 64;

/// Characters of the check digits.
const CHECK: usize = 8;

/// A token: shown once, to who asked for it.
#[derive(Clone, Debug)]
pub(crate) struct Token(SecretString);

/// The SHA-256 of a token: what is kept of it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct TokenHash(pub(crate) [u8; 32]);

/// Why a text is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAToken {
    /// It does not look like one.
    #[error("A token looks like `cs_` and 72 hexadecimal digits.")]
    Shape,
    /// It looks like one, but a character is wrong.
    #[error("The token is mistyped: its check digits do not fit.")]
    Mistyped,
}

impl Token {
    /// A new token.
    pub(crate) fn generate() -> anyhow::Result<Self> {
        let mut random = [0; RANDOM / 2];
        OsRng.try_fill_bytes(&mut random)?;
        let body = format!("{PREFIX}{}", hex::encode(random));
        let check = check_digits(&body);
        Ok(Self(SecretString::from(body + &check)))
    }

    /// Reads what a caller sent.
    pub(crate) fn parse(text: &str) -> Result<Self, NotAToken> {
        let digits = text.strip_prefix(PREFIX).ok_or(NotAToken::Shape)?;
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if digits.len() != RANDOM + CHECK || !digits.bytes().all(is_digit) {
            return Err(NotAToken::Shape);
        }
        let (body, check) = text.split_at(PREFIX.len() + RANDOM);
        if !bool::from(check_digits(body).as_bytes().ct_eq(check.as_bytes())) {
            return Err(NotAToken::Mistyped);
        }
        Ok(Self(SecretString::from(text.to_owned())))
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.expose_secret()).into())
    }

    /// The text, to be shown once.
    pub(crate) fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

impl TokenHash {
    /// Reads the hexadecimal form.
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The hexadecimal form, for the store.
    pub(crate) fn to_hex(&self) -> String {
        hex::encode(self.0)
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenHash(…)")
    }
}

fn check_digits(body: &str) -> String {
    let mut digits =
        hex::encode(Sha256::new().chain_update("countersign-token-check").chain_update(body).finalize());
    digits.truncate(CHECK);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_token_can_be_read_back_and_is_unlike_any_other() {
        let (one, other) = (Token::generate().unwrap(), Token::generate().unwrap());
        let read = Token::parse(one.reveal()).unwrap();
        assert_eq!(read.hash(), one.hash());
        assert_ne!(one.hash(), other.hash());
    }

    #[test]
    fn one_wrong_character_anywhere_is_told_apart_from_another_shape() {
        let token = Token::generate().unwrap().reveal().to_owned();
        for at in PREFIX.len()..token.len() {
            let mut wrong = token.clone().into_bytes();
            wrong[at] = if wrong[at] == b'0' { b'1' } else { b'0' };
            let wrong = String::from_utf8(wrong).unwrap();
            assert_eq!(Token::parse(&wrong).unwrap_err(), NotAToken::Mistyped, "at {at}");
        }
        for shape in ["", "cs_", &token[1..], &token[..token.len() - 1], &token.to_uppercase(), "cs_é"] {
            assert_eq!(Token::parse(shape).unwrap_err(), NotAToken::Shape);
        }
    }

    #[test]
    fn a_token_and_its_digest_are_not_shown() {
        let token = Token::generate().unwrap();
        let shown = format!("{token:?} {:?}", token.hash());
        assert!(!shown.contains(&token.reveal()[3..20]) && !shown.contains(&token.hash().to_hex()[..8]));
    }
}
