//! Who is believed and who is not: every proof beside the one that almost is it.

use axum::http::{HeaderName, HeaderValue};
use proptest::prelude::{any, prop};
use proptest::{prop_assert_ne, proptest};

use super::*;

const BODY: &[u8] = br#"{"action":"opened"}"#;
const NOW: &str = "2026-03-01T12:00:00Z";

fn secrets(kind: ForgeKind, texts: &[&str]) -> Secrets {
    let mut secrets = Secrets { shared: Vec::new(), signing_keys: Vec::new() };
    for text in texts {
        secrets.add(kind, SecretString::from((*text).to_owned())).unwrap();
    }
    secrets
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pairs = pairs
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()));
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(name, value);
    }
    headers
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn check(kind: ForgeKind, pairs: &[(&'static str, &str)], known: &[&str]) -> Result<String, Refusal> {
    verify(kind, &headers(pairs), BODY, &secrets(kind, known), now())
}

fn signature(secret: &str) -> String {
    hex::encode(mac(secret.as_bytes(), &[BODY]))
}

fn github(signature: &str) -> [(&'static str, &str); 3] {
    [("x-hub-signature-256", signature), ("x-github-event", "push"), ("x-github-delivery", "d-1")]
}

const GITHUB: ForgeKind = ForgeKind::Github;
const GITLAB: ForgeKind = ForgeKind::Gitlab;
const GITEA: ForgeKind = ForgeKind::Gitea;

#[test]
fn githubs_signature_is_believed_and_another_secrets_is_not() {
    let good = format!("sha256={}", signature("s3cret"));
    assert_eq!(check(GITHUB, &github(&good), &["s3cret"]), Ok("d-1".to_owned()));
    assert_eq!(check(GITHUB, &github(&good), &["other"]), Err(Refusal::WrongSecret));
}

#[test]
fn two_secrets_are_good_while_one_takes_the_others_place() {
    let old = format!("sha256={}", signature("old"));
    let new = format!("sha256={}", signature("new"));
    for good in [old, new] {
        assert!(check(GITHUB, &github(&good), &["old", "new"]).is_ok());
    }
    let oldest = format!("sha256={}", signature("oldest"));
    assert_eq!(check(GITHUB, &github(&oldest), &["old", "new"]), Err(Refusal::WrongSecret));
}

#[test]
fn sha_1_alone_is_refused() {
    let weak =
        [("x-hub-signature", "sha1=bba7186786f0707cd28990a992bde501d94256b4"), ("x-github-event", "push")];
    assert_eq!(check(GITHUB, &weak, &["s3cret"]), Err(Refusal::WeakSignature));
}

#[test]
fn every_header_is_needed_once() {
    let good = format!("sha256={}", signature("s3cret"));
    for at in 0..3 {
        let mut without = github(&good).to_vec();
        let (name, _) = without.remove(at);
        assert_eq!(check(GITHUB, &without, &["s3cret"]), Err(Refusal::Missing(name)));
    }
    for name in ["x-hub-signature-256", "x-github-delivery"] {
        let mut twice = github(&good).to_vec();
        twice.extend(github(&good).into_iter().filter(|(other, _)| *other == name));
        assert_eq!(check(GITHUB, &twice, &["s3cret"]), Err(Refusal::Duplicate(name)));
    }
}

#[test]
fn what_is_no_signature_is_refused() {
    let good = signature("s3cret");
    let cases =
        [good.clone(), "sha256=".to_owned(), format!("sha256={good}00"), format!("sha1={good}"), "é".into()];
    for bad in cases {
        let mut given = headers(&github("x"));
        given.insert("x-hub-signature-256", HeaderValue::from_bytes(bad.as_bytes()).unwrap());
        let verified = verify(GITHUB, &given, BODY, &secrets(GITHUB, &["s3cret"]), now());
        assert_eq!(verified, Err(Refusal::Malformed("x-hub-signature-256")), "{bad}");
    }
}

#[test]
fn one_flipped_bit_of_body_or_signature_is_refused() {
    let tag = mac(b"s3cret", &[BODY]);
    let known = secrets(GITHUB, &["s3cret"]);
    let verified = |body: &[u8], tag: &[u8]| {
        let given = headers(&github(&format!("sha256={}", hex::encode(tag))));
        verify(GITHUB, &given, body, &known, now())
    };
    assert!(verified(BODY, &tag).is_ok());
    for bit in 0..BODY.len() * 8 {
        let mut body = BODY.to_vec();
        body[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(verified(&body, &tag), Err(Refusal::WrongSecret));
    }
    for bit in 0..tag.len() * 8 {
        let mut tag = tag;
        tag[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(verified(BODY, &tag), Err(Refusal::WrongSecret));
    }
}

#[test]
fn gitea_and_forgejo_sign_under_their_own_names() {
    let good = signature("s3cret");
    let gitea = [("x-gitea-signature", &*good), ("x-gitea-event", "push"), ("x-gitea-delivery", "d")];
    let forgejo = [("x-forgejo-signature", &*good), ("x-forgejo-event", "push"), ("x-forgejo-delivery", "d")];
    for given in [gitea, forgejo] {
        assert_eq!(check(GITEA, &given, &["s3cret"]), Ok("d".to_owned()));
        assert_eq!(check(GITEA, &given, &["other"]), Err(Refusal::WrongSecret));
    }
    let as_github = format!("sha256={good}");
    assert!(matches!(check(GITEA, &github(&as_github), &["s3cret"]), Err(Refusal::Missing(_))));
}

#[test]
fn gitlabs_token_is_compared_whole() {
    for (token, known, expected) in [
        ("s3cret", "s3cret", Ok("k".to_owned())),
        ("s3cre", "s3cret", Err(Refusal::WrongSecret)),
        ("s3crett", "s3cret", Err(Refusal::WrongSecret)),
        ("", "s3cret", Err(Refusal::WrongSecret)),
    ] {
        let given = [("x-gitlab-token", token), ("idempotency-key", "k")];
        assert_eq!(check(GITLAB, &given, &[known]), expected, "{token}");
    }
    assert_eq!(check(GITLAB, &[], &["s3cret"]), Err(Refusal::Missing("x-gitlab-token")));
    let twice = [("x-gitlab-token", "s3cret"), ("x-gitlab-token", "s3cret")];
    assert_eq!(check(GITLAB, &twice, &["s3cret"]), Err(Refusal::Duplicate("x-gitlab-token")));
}

#[test]
fn an_old_gitlab_without_ids_gets_one_of_the_delivery_itself() {
    let id = |body: &[u8], pairs: &[(&'static str, &str)]| {
        let mut pairs = pairs.to_vec();
        pairs.push(("x-gitlab-token", "t"));
        verify(GITLAB, &headers(&pairs), body, &secrets(GITLAB, &["t"]), now()).unwrap()
    };
    assert_eq!(id(b"{}", &[]), id(b"{}", &[]));
    assert_ne!(id(b"{}", &[]), id(b"{ }", &[]));
    assert_ne!(id(b"{}", &[]), id(b"{}", &[("x-gitlab-event-uuid", "u")]));
    assert_eq!(id(b"{}", &[("webhook-id", "w")]), "w");
    assert_eq!(id(b"{}", &[("webhook-id", "w"), ("idempotency-key", "k")]), "k");
}

/// `whsec_` and the Base64 of 32 bytes of the letter K.
const SIGNING_KEY: &str = "whsec_S0tLS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0s=";

fn signed(key: &[u8], id: &str, timestamp: &str) -> String {
    let parts: [&[u8]; 5] = [id.as_bytes(), b".", timestamp.as_bytes(), b".", BODY];
    format!("v1,{}", BASE64.encode(mac(key, &parts)))
}

fn check_signed(timestamp: &str, signature: &str, known: &[&str]) -> Result<String, Refusal> {
    let given = [("webhook-id", "w-1"), ("webhook-timestamp", timestamp), ("webhook-signature", signature)];
    check(GITLAB, &given, known)
}

#[test]
fn gitlabs_signature_is_believed_among_others_for_five_minutes() {
    let at = |seconds: i64| (now().as_second() + seconds).to_string();
    let good = |seconds| signed(&[b'K'; 32], "w-1", &at(seconds));
    assert_eq!(check_signed(&at(0), &good(0), &[SIGNING_KEY]), Ok("w-1".to_owned()));
    let among_others = format!("v1,AAAA v2,?? {}", good(0));
    assert!(check_signed(&at(0), &among_others, &["plain", SIGNING_KEY]).is_ok());
    for (seconds, expected) in [(300, true), (-300, true), (301, false), (-301, false), (-86_400, false)] {
        let verified = check_signed(&at(seconds), &good(seconds), &[SIGNING_KEY]);
        assert_eq!(verified == Err(Refusal::Stale), !expected, "{seconds}");
    }
}

#[test]
fn gitlabs_signature_covers_id_time_and_body() {
    let at = now().as_second().to_string();
    let wrong = [
        signed(&[b'L'; 32], "w-1", &at),
        signed(&[b'K'; 32], "w-2", &at),
        signed(&[b'K'; 32], "w-1", "1"),
        "v2,AAAA".to_owned(),
        String::new(),
    ];
    for wrong in wrong {
        assert_eq!(check_signed(&at, &wrong, &[SIGNING_KEY]), Err(Refusal::WrongSecret), "{wrong}");
    }
    let many = vec![signed(&[b'K'; 32], "w-1", &at); MOST_SIGNATURES + 1].join(" ");
    assert_eq!(check_signed(&at, &many, &[SIGNING_KEY]), Err(Refusal::Malformed("webhook-signature")));
}

#[test]
fn who_has_only_a_signing_key_believes_no_token() {
    let given = [("x-gitlab-token", SIGNING_KEY), ("idempotency-key", "k")];
    assert_eq!(check(GITLAB, &given, &[SIGNING_KEY]), Err(Refusal::WrongSecret));
}

#[test]
fn a_signing_key_that_is_none_is_named() {
    let mut secrets = secrets(GITLAB, &[]);
    for bad in ["whsec_", "whsec_!"] {
        assert!(secrets.add(GITLAB, SecretString::from(bad.to_owned())).is_err(), "{bad}");
    }
    assert!(secrets.add(GITHUB, SecretString::from("whsec_!".to_owned())).is_ok(), "just a text elsewhere");
}

#[test]
fn an_id_is_short_and_printable() {
    let good = format!("sha256={}", signature("s3cret"));
    for bad in ["", "a b", "a\tb", &"x".repeat(LONGEST_ID + 1)] {
        let mut given = github(&good);
        given[2].1 = bad;
        assert_eq!(check(GITHUB, &given, &["s3cret"]), Err(Refusal::Malformed("x-github-delivery")), "{bad}");
    }
}

#[test]
fn secrets_are_not_shown() {
    let shown = format!("{:?}", secrets(GITLAB, &["s3cret", SIGNING_KEY]));
    assert!(!shown.contains("s3cret") && !shown.contains("75"), "{shown}");
}

proptest! {
    #[test]
    fn whatever_comes_is_refused_without_a_panic(
        body in prop::collection::vec(any::<u8>(), 0..200),
        values in prop::collection::vec((0..12_usize, prop::collection::vec(b' '..=0xff, 0..90)), 0..12),
    ) {
        const NAMES: [&str; 12] = [
            "x-hub-signature-256", "x-hub-signature", "x-github-event", "x-github-delivery", "x-gitlab-token",
            "idempotency-key", "webhook-id", "webhook-timestamp", "webhook-signature", "x-gitea-signature",
            "x-forgejo-signature", "x-gitea-event",
        ];
        let mut given = HeaderMap::new();
        for (name, value) in values {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                given.append(NAMES[name], value);
            }
        }
        for kind in ForgeKind::ALL {
            let verified = verify(kind, &given, &body, &secrets(kind, &["s3cret", SIGNING_KEY]), now());
            prop_assert_ne!(verified.is_ok(), true);
        }
    }
}
