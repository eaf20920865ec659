//! Sessions of the dashboard: a signed, expiring value in a cookie that names a token by its digest.
//!
//! The token itself is not in it. The value is no right of its own: the token is looked up for each request.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::token::TokenHash;

/// How long a session lasts: a working day.
const LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// What the key signs nothing else with.
const PURPOSE: &[u8] = b"countersign-session-1\0";

/// The key that sessions are signed with.
pub(crate) struct SessionKey(SecretBox<[u8; 32]>);

impl SessionKey {
    /// The key of these bytes. Kept in the store, so that sessions outlive a restart and hold at every replica.
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// The value of a new session.
    pub(super) fn open(&self, hash: &TokenHash, now: Timestamp) -> String {
        let end = now.as_second().saturating_add(LIFETIME.as_secs());
        let claim = format!("{}.{end}", hash.to_hex());
        format!("{claim}.{}", hex::encode(self.sign(&claim)))
    }

    /// The token that a session was made from, while it lasts.
    pub(super) fn read(&self, value: &str, now: Timestamp) -> Option<TokenHash> {
        let (claim, signature) = value.rsplit_once('.')?;
        let mut given = [0; 32];
        hex::decode_to_slice(signature, &mut given).ok()?;
        if !bool::from(self.sign(claim).ct_eq(&given)) {
            return None;
        }
        let (hash, end) = claim.split_once('.')?;
        let lasts = now.as_second() < end.parse().ok()?;
        lasts.then(|| TokenHash::from_hex(hash)).flatten()
    }

    fn sign(&self, claim: &str) -> [u8; 32] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.0.expose_secret()).expect("HMAC takes keys of every length");
        mac.update(PURPOSE);
        mac.update(claim.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// The name of the cookie. Over TLS browsers let nobody else set one with this prefix.
fn cookie_name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-countersign" } else { "countersign" }
}

/// The header that gives a browser a session.
pub(super) fn set_cookie(value: &str, is_secure: bool) -> String {
    let attributes = attributes(is_secure);
    format!("{}={value}; Max-Age={}; {attributes}", cookie_name(is_secure), LIFETIME.as_secs())
}

/// The header that takes it away.
pub(super) fn unset_cookie(is_secure: bool) -> String {
    format!("{}=; Max-Age=0; {}", cookie_name(is_secure), attributes(is_secure))
}

fn attributes(is_secure: bool) -> &'static str {
    if is_secure { "Path=/; HttpOnly; SameSite=Strict; Secure" } else { "Path=/; HttpOnly; SameSite=Strict" }
}

/// The session that a browser sent.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| [cookie_name(true), cookie_name(false)].contains(name)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SessionKey {
        SessionKey::new([7; 32])
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn a_session_lasts_for_its_time_and_under_its_key() {
        let hash = TokenHash([5; 32]);
        let value = key().open(&hash, at(1000));
        let end = 1000 + LIFETIME.as_secs();
        assert_eq!(key().read(&value, at(end - 1)), Some(hash));
        assert_eq!(key().read(&value, at(end)), None);
        assert_eq!(SessionKey::new([8; 32]).read(&value, at(1000)), None);
    }

    #[test]
    fn a_session_changed_in_any_character_is_none() {
        let value = key().open(&TokenHash([5; 32]), at(1000));
        for at_character in 0..value.len() {
            let mut changed = value.clone().into_bytes();
            changed[at_character] = if changed[at_character] == b'1' { b'2' } else { b'1' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(key().read(&changed, at(1000)), None, "{changed}");
        }
        for odd in ["", ".", "..", "a.b.c", &value[1..]] {
            assert_eq!(key().read(odd, at(1000)), None, "{odd}");
        }
    }

    #[test]
    fn the_cookie_is_strict_and_secure_over_tls() {
        let expected = "__Host-countersign=v; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict; Secure";
        assert_eq!(set_cookie("v", true), expected);
        assert!(!set_cookie("v", false).contains("Secure") && unset_cookie(false).contains("Max-Age=0"));
    }
}
