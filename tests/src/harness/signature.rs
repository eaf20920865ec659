//! Keys and signatures: webhooks are signed as forges sign them, an app's tokens are verified.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use sha2::Sha256;

/// The key of a GitHub App.
#[derive(Debug)]
pub(crate) struct AppKey {
    pair: KeyPair,
}

impl AppKey {
    /// A new one.
    pub(crate) fn new() -> Self {
        Self { pair: KeyPair::generate(KeySize::Rsa2048).expect("a key") }
    }

    /// The private key, as the operator gets it.
    pub(crate) fn pem(&self) -> String {
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&self.pair).expect("a key is written");
        let text = STANDARD.encode(der.as_ref());
        let lines = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line) + "\n");
        format!("-----BEGIN PRIVATE KEY-----\n{}-----END PRIVATE KEY-----\n", lines.collect::<String>())
    }

    /// A token that says this, signed.
    pub(crate) fn token(&self, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&json!({ "alg": "RS256", "typ": "JWT" })), encode(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .expect("a token is signed");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// What a token says, if this key signed it.
    pub(crate) fn claims(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (_, claims) = signed.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key().as_ref());
        key.verify(signed.as_bytes(), &signature).ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }
}

/// HMAC-SHA256 in hexadecimal digits.
pub(crate) fn hmac_sha256(secret: &str, body: &[u8]) -> String {
    hex::encode(hmac_sha256_bytes(secret.as_bytes(), body))
}

/// HMAC-SHA1 in hexadecimal digits: a header of old times that forges still send.
pub(crate) fn hmac_sha1(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

/// A signature of Standard Webhooks, `v1,…`, for a secret such as `whsec_…`.
pub(crate) fn standard_webhook(secret: &str, id: &str, timestamp: u64, body: &[u8]) -> String {
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("a secret in base64");
    let signed = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
    format!("v1,{}", STANDARD.encode(hmac_sha256_bytes(&key, &signed)))
}

/// SHA-1 in hexadecimal digits.
pub(crate) fn sha1(text: &str) -> String {
    hex::encode(Sha1::digest(text.as_bytes()))
}

fn hmac_sha256_bytes(key: &[u8], body: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}
