//! Whether a webhook comes from who shares the secret: decided over the raw bytes, before anything is parsed.
//!
//! Headers and body in; the id of the delivery or a refusal out. Secrets are compared in constant time, and all
//! of them are always compared, so that two are good while one takes the other's place.

use std::path::PathBuf;

use anyhow::Context;
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use crate::config;
use crate::merge_request::ForgeKind;

/// What the content of a secret file starts with that holds a signing key of GitLab.
const SIGNING_KEY_PREFIX: &str = "whsec_";

/// How far the clock of a signed delivery may be off: as Standard Webhooks says.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// Signatures that one delivery may carry, so that nobody buys work with a long header.
const MOST_SIGNATURES: usize = 8;

/// The longest id of a delivery that is kept.
const LONGEST_ID: usize = 200;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The secrets that one forge's webhooks may be proved with.
#[derive(Debug)]
pub(crate) struct Secrets {
    /// Shared texts: keys of signatures, on GitLab the token itself.
    shared: Vec<SecretString>,
    /// Signing keys of GitLab.
    signing_keys: Vec<SecretSlice<u8>>,
}

/// Why a delivery is not believed. The caller hears none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// A header that must be there is not.
    #[error("the header {0} is missing")]
    Missing(&'static str),
    /// A header is there twice, and nobody knows which one counts.
    #[error("the header {0} is there more than once")]
    Duplicate(&'static str),
    /// A header is not what it should be.
    #[error("the header {0} is malformed")]
    Malformed(&'static str),
    /// The only signature is one of SHA-1.
    #[error("the delivery is signed with SHA-1 only")]
    WeakSignature,
    /// The signature or token is not that of a known secret.
    #[error("the signature or token is not that of a known secret")]
    WrongSecret,
    /// The delivery was signed too long ago, or in the future.
    #[error("the delivery's time is more than five minutes off")]
    Stale,
}

impl Secrets {
    /// Reads the secrets of a forge from their files.
    pub(crate) fn read(kind: ForgeKind, files: &[PathBuf]) -> anyhow::Result<Self> {
        let mut secrets = Self { shared: Vec::new(), signing_keys: Vec::new() };
        for file in files {
            let added = secrets.add(kind, config::secret(file)?);
            added.with_context(|| format!("{}: the webhook's secret cannot be used", file.display()))?;
        }
        Ok(secrets)
    }

    fn add(&mut self, kind: ForgeKind, secret: SecretString) -> anyhow::Result<()> {
        match secret.expose_secret().strip_prefix(SIGNING_KEY_PREFIX) {
            Some(key) if kind == ForgeKind::Gitlab => {
                let key = BASE64.decode(key).ok().context("what follows `whsec_` is not Base64")?;
                anyhow::ensure!(!key.is_empty(), "nothing follows `whsec_`");
                self.signing_keys.push(SecretSlice::from(key));
            }
            _ => self.shared.push(secret),
        }
        Ok(())
    }

    /// Whether a signature is that of a body under one of the shared texts.
    fn sign(&self, body: &[u8], signature: &[u8; 32]) -> bool {
        let keys = self.shared.iter().map(|secret| secret.expose_secret().as_bytes());
        any(keys.map(|key| mac(key, &[body]).ct_eq(signature)))
    }
}

/// Whether the header that proves a delivery is there at all: asked before its body is read.
pub(super) fn carries_proof(kind: ForgeKind, headers: &HeaderMap) -> bool {
    let names: &[&str] = match kind {
        ForgeKind::Github => &["x-hub-signature-256"],
        ForgeKind::Gitlab => &["webhook-signature", "x-gitlab-token"],
        ForgeKind::Gitea => &["x-gitea-signature", "x-forgejo-signature"],
    };
    names.iter().any(|name| headers.contains_key(*name))
}

/// The id of a delivery that is proved.
pub(super) fn verify(
    kind: ForgeKind,
    headers: &HeaderMap,
    body: &[u8],
    secrets: &Secrets,
    now: Timestamp,
) -> Result<String, Refusal> {
    match kind {
        ForgeKind::Github => github(headers, body, secrets),
        ForgeKind::Gitlab => gitlab(headers, body, secrets, now),
        ForgeKind::Gitea => gitea(headers, body, secrets),
    }
}

/// A header that may be left out but not doubled.
pub(super) fn optional<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, Refusal> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Refusal::Duplicate(name));
    }
    value.to_str().map(Some).map_err(|_| Refusal::Malformed(name))
}

fn required<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, Refusal> {
    optional(headers, name)?.ok_or(Refusal::Missing(name))
}

fn github(headers: &HeaderMap, body: &[u8], secrets: &Secrets) -> Result<String, Refusal> {
    const SIGNATURE: &str = "x-hub-signature-256";
    let Some(signature) = optional(headers, SIGNATURE)? else {
        let is_weak = headers.contains_key("x-hub-signature");
        return Err(if is_weak { Refusal::WeakSignature } else { Refusal::Missing(SIGNATURE) });
    };
    let signature = signature.strip_prefix("sha256=").and_then(hexadecimal);
    let signature = signature.ok_or(Refusal::Malformed(SIGNATURE))?;
    if !secrets.sign(body, &signature) {
        return Err(Refusal::WrongSecret);
    }
    required(headers, "x-github-event")?;
    delivery_id(headers, "x-github-delivery")?.ok_or(Refusal::Missing("x-github-delivery"))
}

fn gitea(headers: &HeaderMap, body: &[u8], secrets: &Secrets) -> Result<String, Refusal> {
    let (signature, event, delivery) = if headers.contains_key("x-gitea-signature") {
        ("x-gitea-signature", "x-gitea-event", "x-gitea-delivery")
    } else {
        ("x-forgejo-signature", "x-forgejo-event", "x-forgejo-delivery")
    };
    let given = hexadecimal(required(headers, signature)?).ok_or(Refusal::Malformed(signature))?;
    if !secrets.sign(body, &given) {
        return Err(Refusal::WrongSecret);
    }
    required(headers, event)?;
    delivery_id(headers, delivery)?.ok_or(Refusal::Missing(delivery))
}

fn gitlab(headers: &HeaderMap, body: &[u8], secrets: &Secrets, now: Timestamp) -> Result<String, Refusal> {
    let is_signed = headers.contains_key("webhook-signature") && !secrets.signing_keys.is_empty();
    if is_signed {
        return gitlab_signed(headers, body, secrets, now);
    }
    let token = required(headers, "x-gitlab-token")?;
    let token = Sha256::digest(token);
    let shared = secrets.shared.iter().map(|secret| Sha256::digest(secret.expose_secret()));
    // Digests are compared, so that not even a secret's length shows.
    if !any(shared.map(|known| known.ct_eq(&token))) {
        return Err(Refusal::WrongSecret);
    }
    match (delivery_id(headers, "idempotency-key")?, delivery_id(headers, "webhook-id")?) {
        (Some(id), _) | (None, Some(id)) => Ok(id),
        (None, None) => digest_as_id(headers, body),
    }
}

fn gitlab_signed(
    headers: &HeaderMap,
    body: &[u8],
    secrets: &Secrets,
    now: Timestamp,
) -> Result<String, Refusal> {
    const SIGNATURE: &str = "webhook-signature";
    let id = delivery_id(headers, "webhook-id")?.ok_or(Refusal::Missing("webhook-id"))?;
    let timestamp = required(headers, "webhook-timestamp")?;
    let signatures = signatures(required(headers, SIGNATURE)?).ok_or(Refusal::Malformed(SIGNATURE))?;
    let parts: [&[u8]; 5] = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    let tags: Vec<_> = secrets.signing_keys.iter().map(|key| mac(key.expose_secret(), &parts)).collect();
    let pairs = tags.iter().flat_map(|tag| signatures.iter().map(move |signature| (tag, signature)));
    if !any(pairs.map(|(tag, signature)| tag.ct_eq(signature.as_slice()))) {
        return Err(Refusal::WrongSecret);
    }
    let seconds = timestamp.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let at = seconds.ok_or(Refusal::Malformed("webhook-timestamp"))?;
    if now.duration_since(at).abs() > CLOCK_TOLERANCE {
        return Err(Refusal::Stale);
    }
    Ok(id)
}

/// The signatures of version 1 in a list such as `v1,… v1,…`; those of other versions are not ours.
fn signatures(header: &str) -> Option<Vec<Vec<u8>>> {
    let list: Vec<&str> = header.split_ascii_whitespace().collect();
    if list.len() > MOST_SIGNATURES {
        return None;
    }
    let ours = list.into_iter().filter_map(|signature| signature.strip_prefix("v1,"));
    ours.map(|signature| BASE64.decode(signature).ok()).collect()
}

/// An id made of the delivery itself, for versions of GitLab that give none: the same bytes are the same
/// delivery.
fn digest_as_id(headers: &HeaderMap, body: &[u8]) -> Result<String, Refusal> {
    let chain = optional(headers, "x-gitlab-event-uuid")?.unwrap_or_default();
    let digest = Sha256::new().chain_update(chain).chain_update([0]).chain_update(body).finalize();
    Ok(format!("sha256:{}", hex::encode(digest)))
}

fn delivery_id(headers: &HeaderMap, name: &'static str) -> Result<Option<String>, Refusal> {
    let Some(id) = optional(headers, name)? else { return Ok(None) };
    let is_id = (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    if is_id { Ok(Some(id.to_owned())) } else { Err(Refusal::Malformed(name)) }
}

fn hexadecimal(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Whether one of the comparisons holds; all of them are made.
fn any(comparisons: impl Iterator<Item = Choice>) -> bool {
    comparisons.fold(Choice::from(0), |found, next| found | next).into()
}

#[cfg(test)]
mod tests;
