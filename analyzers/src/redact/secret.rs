//! Tells private keys, access tokens and passwords in URLs from what merely looks like them.
//!
//! The beginning of one in; a hit out. Every look ahead or back is bounded by a marker, a length or the next shape.

use std::ops::Range;

use super::{Hit, Kind, stands_alone};
use crate::candidate::secret::is_secret;

/// Tokens of services, as each service documents its format.
pub(super) const TOKENS: &str = concat!(
    r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}", // Amazon Web Services
    r"|LTAI[A-Za-z0-9]{12,26}",             // Alibaba Cloud
    r"|AKID[A-Za-z0-9]{32}",                // Tencent Cloud
    r"|AIza[A-Za-z0-9_-]{35}",              // Google
    r"|gh[oprsu]_[A-Za-z0-9]{36,255}",      // GitHub
    r"|github_pat_[A-Za-z0-9_]{22,255}",    // GitHub
    r"|gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|oas)-[A-Za-z0-9_.-]{20,255}", // GitLab
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,255}",  // Slack
    r"|[rs]k_live_[A-Za-z0-9]{16,255}",     // Stripe
    r"|npm_[A-Za-z0-9]{36}",                // npm
    r"|pypi-AgEI[A-Za-z0-9_-]{50,255}",     // PyPI
    r"|hf_[A-Za-z0-9]{34}",                 // Hugging Face
    r"|sk-(?:[A-Za-z0-9]{32,64}|(?:proj|ant)-[A-Za-z0-9_-]{32,255})", // DeepSeek, OpenAI, Anthropic
);

/// A name that says what is in it, and the quote after which its value begins.
pub(super) const ASSIGNMENTS: &str = concat!(
    r"(?i:password|passwd|passphrase|pwd|secret|credential|api[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token)",
    r#"[A-Za-z0-9_]{0,32}["']?[ \t]{0,8}(?::=|=>|=|:)[ \t]{0,8}["']"#,
);

/// The same name and no quote, as in properties, YAML and environment files.
pub(super) const BARE_ASSIGNMENTS: &str = concat!(
    r"(?i:password|passwd|passphrase|pwd|secret|credential|api[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token)",
    r"[A-Za-z0-9_.-]{0,32}[ \t]{0,8}[=:][ \t]{0,8}",
);

/// The fewest characters of a value that is taken for a secret, so that words such as `none` stay readable.
const SHORTEST_SECRET: usize = 6;

/// Base64 digits in one piece below which a PEM marker is only a marker, as in code that looks for one.
const KEY_DIGITS: usize = 40;

/// The longest user name or password in a URL that is followed.
const URL_PART: usize = 256;

/// A whole private key, or its beginning.
pub(super) fn key(text: &str, marker: Range<usize>, hits: &mut Vec<Hit>) -> usize {
    let body = &text[marker.end..];
    let body = body.find("-----BEGIN").map_or(body, |next| &body[..next]);
    let stop = body.find(|character| !is_key_body(character)).unwrap_or(body.len());
    let (body, end) = match body[..stop].find("-----END") {
        Some(end) => (&body[..end], end + closing(&body[end..])),
        None => (&body[..stop], stop),
    };
    if !holds_key(body) {
        return marker.end;
    }
    let end = marker.end + end;
    hits.push(Hit { kind: Kind::PrivateKey, range: marker.start..end });
    end
}

/// The end of a private key whose beginning the text does not show.
pub(super) fn key_tail(text: &str, marker: Range<usize>, hits: &mut Vec<Hit>) -> usize {
    let from = hits.last().map_or(0, |hit| hit.range.end);
    let before = &text[from..marker.start];
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, character)| is_key_body(*character) && *character != '-')
        .last()
        .map_or(marker.start, |(start, _)| from + start);
    if holds_key(&text[start..marker.start]) {
        hits.push(Hit { kind: Kind::PrivateKey, range: start..marker.end });
    }
    marker.end
}

/// Base64, the headers of a PEM block, and what string literals put around its lines.
fn is_key_body(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+/=-_:;,.\\\"'`>|#* \t\r\n".contains(character)
}

fn holds_key(body: &str) -> bool {
    body.split(['\\', '"', '\'', '`', ' ', '\t', '\r', '\n']).any(|piece| {
        piece.len() >= KEY_DIGITS
            && piece.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
    })
}

/// The length of an END marker, or of what there is of it.
fn closing(text: &str) -> usize {
    const DASHES: &str = "-----";
    let rest = &text[DASHES.len()..];
    let line = rest.find('\n').unwrap_or(rest.len());
    rest[..line].find(DASHES).map_or(DASHES.len() + line, |end| end + 2 * DASHES.len())
}

/// A JSON web token: three base64url parts, of which the first two are JSON objects. The shape is the
/// beginning of the second, so that no part is looked at for more than one shape.
pub(super) fn json_web_token(text: &str, shape: Range<usize>, hits: &mut Vec<Hit>) -> usize {
    let from = hits.last().map_or(0, |hit| hit.range.end);
    let Some(start) = header(&text[from..shape.start]).map(|start| from + start) else { return shape.end };
    let claims_end = shape.start + 1 + part(&text[shape.start + 1..]);
    let Some(signature) = text[claims_end..].strip_prefix('.') else { return shape.end };
    let range = start..claims_end + 1 + part(signature);
    if !stands_alone(text, &range) {
        return shape.end;
    }
    let end = range.end;
    hits.push(Hit { kind: Kind::Token, range });
    end
}

/// Where the header begins that ends `text`.
fn header(text: &str) -> Option<usize> {
    let length = text.bytes().rev().take_while(|byte| is_part(*byte)).count();
    let run = text.len() - length;
    text[run..]
        .match_indices("eyJ")
        .map(|(start, _)| run + start)
        .find(|start| !text[..*start].ends_with(|before: char| before.is_ascii_alphanumeric()))
}

/// The length of the base64url part that `text` begins with.
fn part(text: &str) -> usize {
    text.bytes().take_while(|byte| is_part(*byte)).count()
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// A token of a service; a part of a longer word is none.
pub(super) fn token(text: &str, range: Range<usize>, hits: &mut Vec<Hit>) -> usize {
    let end = range.end;
    if stands_alone(text, &range) {
        hits.push(Hit { kind: Kind::Token, range });
    }
    end
}

/// The password of `scheme://user:password@host`.
pub(super) fn url_password(text: &str, slashes: Range<usize>, hits: &mut Vec<Hit>) -> usize {
    let Some(user) = url_part(text, slashes.end).filter(|user| text[user.end..].starts_with(':')) else {
        return slashes.end;
    };
    let Some(password) = url_part(text, user.end + 1).filter(|part| text[part.end..].starts_with('@')) else {
        return slashes.end;
    };
    if is_placeholder(&text[password.clone()]) {
        return slashes.end;
    }
    let end = password.end;
    hits.push(Hit { kind: Kind::Password, range: password });
    end
}

/// The value in `password = "value"`: one word between quotes.
pub(super) fn assigned(text: &str, shape: Range<usize>, hits: &mut Vec<Hit>) -> usize {
    let quote = text[..shape.end].chars().next_back().unwrap_or('"');
    let mut value = text[shape.end..].char_indices().take(URL_PART);
    let end = value.find(|(_, character)| *character == quote || character.is_whitespace());
    let Some((length, _)) = end.filter(|(_, last)| *last == quote) else { return shape.end };
    let range = shape.end..shape.end + length;
    if length < SHORTEST_SECRET || is_placeholder(&text[range.clone()]) {
        return shape.end;
    }
    let end = range.end;
    hits.push(Hit { kind: Kind::Password, range });
    end
}

/// A value without quotes that is all of the line after its key, and is no code, name or reference.
pub(super) fn assigned_bare(text: &str, shape: Range<usize>, hits: &mut Vec<Hit>) -> usize {
    let before = &text[..shape.start];
    let key = before.bytes().rev().take(URL_PART).take_while(|&byte| byte != b'\n').count();
    let key = &before[before.len() - key..];
    let is_key = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.- \t".contains(&byte));
    let rest = &text[shape.end..];
    let line = rest.find('\n').unwrap_or(rest.len());
    let value = rest[..line].trim_end();
    let is_code = |character: char| character.is_control() || "()[]{}<>;,\"'`\\".contains(character);
    if !is_key
        || key.len() >= URL_PART
        || value.len() > URL_PART
        || value.contains(is_code)
        || !is_secret(value)
    {
        return shape.end;
    }
    let range = shape.end..shape.end + value.len();
    let end = range.end;
    hits.push(Hit { kind: Kind::Password, range });
    end
}

fn url_part(text: &str, start: usize) -> Option<Range<usize>> {
    text[start..]
        .char_indices()
        .take(URL_PART)
        .find(|(_, character)| character.is_whitespace() || "/:@\"'<>`".contains(*character))
        .map(|(length, _)| start..start + length)
}

/// Whether a password is left open for a variable, or hidden already.
fn is_placeholder(password: &str) -> bool {
    password.is_empty()
        || password.starts_with(['$', '{', '%', '[', '#'])
        || password.chars().all(|character| matches!(character, '*' | '.' | 'x' | 'X'))
}
