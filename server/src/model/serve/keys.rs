//! The API keys that open `model serve`: read from a file, kept as digests, compared in constant time.

use std::path::Path;

use anyhow::{Context, ensure};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use super::error::ApiError;

/// Characters that a key must have: a shorter one can be guessed.
const LEAST: usize = 20;

/// Who may ask.
#[derive(Clone)]
pub(crate) enum Keys {
    /// Everybody who can reach the server.
    Nobody,
    /// Who has one of these; their SHA-256.
    These(Vec<[u8; 32]>),
}

impl Keys {
    /// Reads a file with one key on each line; empty lines and lines with `#` are left out.
    pub(crate) fn read(file: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("{}: the API keys cannot be read", file.display()))?;
        let mut keys = Vec::new();
        for (line, number) in text.lines().zip(1..) {
            let key = line.trim();
            if key.is_empty() || key.starts_with('#') {
                continue;
            }
            ensure!(
                key.len() >= LEAST && !key.contains(char::is_whitespace),
                "{}: line {number}: a key has at least {LEAST} characters and no space; `openssl rand -hex 32` makes one",
                file.display()
            );
            keys.push(Sha256::digest(key).into());
        }
        ensure!(!keys.is_empty(), "{}: the file holds no key", file.display());
        Ok(Self::These(keys))
    }

    /// The number of the key that a request shows; 0 where none is needed.
    pub(super) fn admit(&self, headers: &HeaderMap) -> Result<u32, ApiError> {
        let Self::These(known) = self else { return Ok(0) };
        let shown = headers.get(AUTHORIZATION).ok_or_else(|| {
            ApiError::unauthenticated("An API key is needed, as `Authorization: Bearer …`.")
        })?;
        let shown = shown.to_str().ok().and_then(|value| value.split_once(' '));
        let key =
            shown.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, key)| key.trim());
        let digest: [u8; 32] = Sha256::digest(key.unwrap_or_default()).into();
        let mut number = 0_u32;
        for (known, place) in known.iter().zip(1..) {
            // Every key is compared: how long it takes tells nothing.
            let is_it: Choice = known.ct_eq(&digest);
            number.conditional_assign(&place, is_it);
        }
        match number {
            0 => Err(ApiError::unauthenticated("The API key is not known here.")),
            number => Ok(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const ONE: &str = "sk-first-key-of-twenty-and-more";
    const OTHER: &str = "sk-second-key-of-twenty-and-more";

    fn read(text: &str) -> Result<Keys, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        std::fs::write(&file, text).unwrap();
        Keys::read(&file).map_err(|error| format!("{error:#}"))
    }

    fn admit(keys: &Keys, value: &str) -> Option<u32> {
        let headers = [(AUTHORIZATION, HeaderValue::from_str(value).unwrap())].into_iter().collect();
        keys.admit(&headers).ok()
    }

    #[test]
    fn a_known_key_opens_and_nothing_else_does() {
        let keys = read(&format!("# the service\n{ONE}\n\n  {OTHER}\r\n")).unwrap();
        assert_eq!(admit(&keys, &format!("Bearer {ONE}")), Some(1));
        assert_eq!(admit(&keys, &format!("bearer  {OTHER}")), Some(2));
        for value in
            ["", "Bearer ", "Bearer # the service", ONE, &format!("Basic {ONE}"), &format!("Bearer {ONE}x")]
        {
            assert_eq!(admit(&keys, value), None, "{value}");
        }
        assert!(keys.admit(&HeaderMap::new()).is_err());
        assert_eq!(Keys::Nobody.admit(&HeaderMap::new()), Ok(0));
    }

    #[test]
    fn a_file_without_a_good_key_is_refused() {
        for (text, words) in [
            ("# none\n", "holds no key"),
            ("short\n", "line 1"),
            (&format!("{ONE}\n{ONE} {ONE}\n"), "line 2"),
        ] {
            let error = read(text).err().unwrap();
            assert!(error.contains(words) && !error.contains(ONE), "{error}");
        }
    }
}
