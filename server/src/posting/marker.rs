//! The hidden last line by which the service knows its own comments again.
//!
//! A mark and the service's key in, one HTML comment out, and back. Only a comment of the service's own user
//! whose line verifies for this very merge request is trusted; the line stands last, where nothing quoted is.

use std::fmt;

use analyzers::finding::Decider;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::forge::PostedComment;
use crate::merge_request::MergeRequestKey;

const PREFIX: &str = "<!-- countersign:v1:";
const SUFFIX: &str = " -->";

/// Bytes of each of a marker's two codes: over what the comment is, and over its text too.
const CODE_BYTES: usize = 16;

/// Digits of a commit in a marker: enough for a person to find it.
const HEAD_DIGITS: usize = 12;

/// Longest key that is written out; a longer one is written as its digest.
const LONGEST_KEY: usize = 64;

/// What a comment of the service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum MarkKind {
    /// It tells a finding that is there.
    Finding,
    /// It tells a finding of the model that is there.
    Asked,
    /// It told a finding that is gone.
    Fixed,
    /// It sums the review up.
    Summary,
    /// It answers a comment.
    Reply,
}

impl MarkKind {
    const ALL: [Self; 5] = [Self::Finding, Self::Asked, Self::Fixed, Self::Summary, Self::Reply];

    /// The word in markers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Finding => "finding",
            Self::Asked => "asked",
            Self::Fixed => "fixed",
            Self::Summary => "summary",
            Self::Reply => "reply",
        }
    }

    /// Whether it is about a finding, there or gone.
    pub(crate) fn is_of_finding(self) -> bool {
        matches!(self, Self::Finding | Self::Asked | Self::Fixed)
    }
}

/// What a marker says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Mark {
    /// What the comment is.
    pub(crate) kind: MarkKind,
    /// What it is about: a fingerprint, `summary`, or the id of the comment that it answers.
    pub(crate) key: String,
    /// The head for which it was last written: its first digits.
    pub(crate) head: String,
}

impl Mark {
    /// A mark; a key that could not stand in a marker is replaced by its digest.
    pub(crate) fn new(kind: MarkKind, key: &str, head: &str) -> Self {
        let is_plain = !key.is_empty() && key.len() <= LONGEST_KEY && key.chars().all(is_plain);
        let key = if is_plain { key.to_owned() } else { hex::encode(Sha256::digest(key)) };
        let head: String = head.chars().filter(|digit| is_plain_digit(*digit)).take(HEAD_DIGITS).collect();
        let head = if head.is_empty() { "none".to_owned() } else { head };
        Self { kind, key, head }
    }

    /// The mark of a finding that is there.
    pub(crate) fn finding(fingerprint: &str, decider: Decider, head: &str) -> Self {
        let kind = match decider {
            Decider::Proof => MarkKind::Finding,
            Decider::Model => MarkKind::Asked,
        };
        Self::new(kind, fingerprint, head)
    }

    /// The mark of the summary.
    pub(crate) fn summary(head: &str) -> Self {
        Self::new(MarkKind::Summary, "summary", head)
    }

    /// The mark of the answer to a comment.
    pub(crate) fn reply(comment: &str, head: &str) -> Self {
        Self::new(MarkKind::Reply, comment, head)
    }
}

/// A comment that the service wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trusted {
    /// What it is.
    pub(crate) mark: Mark,
    /// Whether its text is still what the service wrote.
    pub(crate) is_untouched: bool,
}

/// Signs markers and knows them again.
pub(crate) struct Signer {
    key: SecretBox<[u8; 32]>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Signer")
    }
}

impl Signer {
    /// A signer with this key, which all replicas share: without it they would not know each other's comments.
    pub(crate) fn with_key(key: [u8; 32]) -> Self {
        Self { key: SecretBox::new(Box::new(key)) }
    }

    /// A text with its marker below.
    pub(crate) fn sign(&self, merge_request: &MergeRequestKey, mark: &Mark, text: &str) -> String {
        let (kind, key, head) = (mark.kind.name(), &mark.key, &mark.head);
        let identity = self.code(merge_request, mark, None);
        let content = self.code(merge_request, mark, Some(text));
        let code = hex::encode([&identity[..CODE_BYTES], &content[..CODE_BYTES]].concat());
        format!("{}\n\n{PREFIX}{kind}:{key}:{head}:{code}{SUFFIX}", text.trim_end())
    }

    /// What a comment is, if the service wrote it on this merge request.
    pub(crate) fn trusted(
        &self,
        merge_request: &MergeRequestKey,
        posted: &PostedComment,
        own_user: &str,
    ) -> Option<Trusted> {
        if own_user.is_empty() || posted.author != own_user {
            return None;
        }
        let (text, line) = split(&posted.body);
        let (mark, code) = parse(line?)?;
        let code = hex::decode(code).ok().filter(|code| code.len() == 2 * CODE_BYTES)?;
        let is_same = |code: &[u8], text: Option<&str>| -> bool {
            self.code(merge_request, &mark, text)[..CODE_BYTES].ct_eq(code).into()
        };
        let (identity, content) = code.split_at(CODE_BYTES);
        if !is_same(identity, None) {
            return None;
        }
        let is_untouched = is_same(content, Some(text));
        Some(Trusted { mark, is_untouched })
    }

    fn code(&self, merge_request: &MergeRequestKey, mark: &Mark, text: Option<&str>) -> [u8; 32] {
        let mut code =
            Hmac::<Sha256>::new_from_slice(self.key.expose_secret()).expect("HMAC takes a key of any length");
        let merge_request = merge_request.to_string();
        let text = text.map(normalised);
        let parts = ["countersign:v1", &merge_request, mark.kind.name(), &mark.key, &mark.head];
        for part in parts.into_iter().chain(text.as_deref()) {
            // With its length before it no part can pass for the end of the one before.
            code.update(&(part.len() as u64).to_be_bytes());
            code.update(part.as_bytes());
        }
        code.finalize().into_bytes().into()
    }
}

/// A text as it is compared: forges change line ends and the white space before them.
pub(crate) fn normalised(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// A body without its marker, and the marker's line. Only the last line counts.
pub(crate) fn split(body: &str) -> (&str, Option<&str>) {
    let body = body.trim_end();
    let start = body.rfind('\n').map_or(0, |index| index + 1);
    match body[start..].starts_with(PREFIX) {
        true => (body[..start].trim_end(), Some(&body[start..])),
        false => (body, None),
    }
}

fn parse(line: &str) -> Option<(Mark, &str)> {
    let inside = line.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    let parts: Vec<_> = inside.split(':').collect();
    let [kind, key, head, code] = parts.as_slice() else { return None };
    let kind = MarkKind::ALL.into_iter().find(|known| known.name() == *kind)?;
    Some((Mark { kind, key: (*key).to_owned(), head: (*head).to_owned() }, code))
}

fn is_plain(character: char) -> bool {
    is_plain_digit(character) || character == '_'
}

fn is_plain_digit(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests;
