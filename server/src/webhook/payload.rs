//! What the forges' bodies have in common, and what of them may go further into the service.
//!
//! A body says whatever its sender likes, verified or not: names become parts of addresses and folders only
//! after they were looked at here.

use axum::http::HeaderMap;
use serde::de::DeserializeOwned;

use super::verify;
use crate::event::{Comment, Event};
use crate::merge_request::{ForgeKind, MergeRequestKey};

/// The longest comment in which a call is looked for, in bytes. GitHub's own limit.
const LONGEST_COMMENT: usize = 65_536;

/// The longest full path of a repository.
const LONGEST_REPOSITORY: usize = 512;

/// The longest name of a branch.
const LONGEST_BRANCH: usize = 1_024;

/// The longest name of an event or a user.
const LONGEST_NAME: usize = 256;

/// Why a verified delivery could not be read. Says where, never what stood there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(super) String);

/// Whether a text calls the service.
pub(crate) type IsCall<'a> = &'a dyn Fn(&str) -> bool;

/// Reads what is needed of a body.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unreadable> {
    serde_json::from_slice(body).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "a field that is needed is missing or of another type",
            serde_json::error::Category::Syntax => "the body is not JSON",
            serde_json::error::Category::Eof => "the body ends too early",
            serde_json::error::Category::Io => "the body cannot be read",
        };
        Unreadable(format!("{what} (line {}, column {})", error.line(), error.column()))
    })
}

/// The event's name in a header.
pub(super) fn event_name<'a>(headers: &'a HeaderMap, names: &[&'static str]) -> Result<&'a str, Unreadable> {
    let given = names.iter().find_map(|name| verify::optional(headers, name).ok().flatten());
    given.ok_or_else(|| Unreadable("no header names the event".to_owned()))
}

/// An event that the service has nothing to do with.
pub(super) fn ignored(event: &str, action: Option<&str>) -> Event {
    let is_plain = |name: &str| {
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        (1..=64).contains(&name.len()) && name.bytes().all(is_word)
    };
    let plain = |name: &'_ str| if is_plain(name) { name.to_owned() } else { "unknown".to_owned() };
    let what = match action {
        Some(action) => format!("{}.{}", plain(event), plain(action)),
        None => plain(event),
    };
    Event::Ignored { what }
}

/// A merge request, if its repository has a name that one can have.
pub(super) fn merge_request(
    forge: ForgeKind,
    repository: &str,
    number: u64,
) -> Result<MergeRequestKey, Unreadable> {
    if number == 0 || i64::try_from(number).is_err() {
        return Err(Unreadable("a merge request has an impossible number".to_owned()));
    }
    Ok(MergeRequestKey { forge, repository: checked_repository(repository)?, number })
}

fn checked_repository(path: &str) -> Result<String, Unreadable> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_name = |name: &str| !["", ".", ".."].contains(&name) && name.bytes().all(is_letter);
    let is_path = path.len() <= LONGEST_REPOSITORY && path.contains('/') && path.split('/').all(is_name);
    if is_path {
        Ok(path.to_owned())
    } else {
        Err(Unreadable("a repository has an impossible path".to_owned()))
    }
}

/// A push, as far as it moves a branch. `after` is the branch's new tip, all zeros when it was deleted.
pub(super) fn push(repository: &str, reference: &str, after: Option<&str>) -> Result<Event, Unreadable> {
    let Some(branch) = reference.strip_prefix("refs/heads/") else {
        return Ok(ignored("push", Some("tag")));
    };
    if after.is_some_and(|after| !after.is_empty() && after.bytes().all(|byte| byte == b'0')) {
        return Ok(ignored("push", Some("deleted")));
    }
    let is_branch = (1..=LONGEST_BRANCH).contains(&branch.len()) && !branch.contains(char::is_control);
    if !is_branch {
        return Err(Unreadable("a branch has an impossible name".to_owned()));
    }
    Ok(Event::Pushed { repository: checked_repository(repository)?, branch: branch.to_owned() })
}

/// A comment, if it calls the service: what people say to each other is not kept.
pub(super) fn comment(comment: Comment, event: &str, is_call: IsCall<'_>) -> Event {
    let is_short = comment.text.len() <= LONGEST_COMMENT && comment.author_name.len() <= LONGEST_NAME;
    if is_short && is_call(&comment.text) {
        Event::Commented(comment)
    } else {
        ignored(event, Some("no_call"))
    }
}
