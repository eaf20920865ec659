//! The request for a review: the change as a diff, and both versions of the files it touches.
//!
//! A change in; JSON out. Files in no known language are left to the diff; what cannot be read is not sent, and
//! the server names it.

use std::collections::BTreeMap;

use analyzers::change::{FileStatus, diff_text};
use analyzers::report::{Detail, Options};
use analyzers::sources::{Side, SourceError, Sources};
use analyzers::text::Locale;
use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use grammars::Language;
use serde::Serialize;

use super::Terms;
use crate::change::Change;

const UTF8: &str = "utf-8";
const BASE64: &str = "base64";

#[derive(Serialize)]
struct Request<'a> {
    repository: Option<&'a str>,
    diff: String,
    diff_encoding: &'static str,
    files: Vec<File>,
    base: Option<String>,
    head: Option<String>,
    fail_on: &'a str,
    require_model: bool,
    report: Report<'a>,
}

#[derive(Serialize)]
struct File {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<Option<String>>,
    encoding: &'static str,
}

#[derive(Serialize)]
struct Report<'a> {
    format: String,
    language: Locale,
    width: usize,
    colour: bool,
    detail: &'static str,
    repository: Option<&'a str>,
}

/// What is known of a file at one version; `None` where nothing is.
type Version = Option<Option<Vec<u8>>>;

/// The request as JSON.
pub(super) fn body(change: &Change, terms: &Terms) -> anyhow::Result<Vec<u8>> {
    let (base, head) = change.revisions();
    let (diff, diff_encoding) = match String::from_utf8(diff_text::write(change.change_set())) {
        Ok(text) => (text, UTF8),
        Err(other) => (STANDARD.encode(other.as_bytes()), BASE64),
    };
    let repository = terms.options.repository.as_deref();
    let request = Request {
        repository: repository.map(|address| address.rsplit("://").next().unwrap_or(address)),
        diff,
        diff_encoding,
        files: files(change),
        base,
        head,
        fail_on: terms.fail_on.name(),
        require_model: terms.require_model,
        report: report(&terms.options, terms.format.to_string()),
    };
    serde_json::to_vec(&request).context("writing the request")
}

fn report(options: &Options, format: String) -> Report<'_> {
    Report {
        format,
        language: options.locale,
        // A terminal may have any number of columns; the server takes these.
        width: options.width.clamp(20, 1000),
        colour: options.colour,
        detail: match options.detail {
            Detail::Full => "full",
            Detail::Brief => "brief",
        },
        repository: options.repository.as_deref(),
    }
}

fn files(change: &Change) -> Vec<File> {
    let mut versions: BTreeMap<&str, (Version, Version)> = BTreeMap::new();
    for file in &change.change_set().files {
        if let Some(path) = &file.base_path {
            let (base, head) = versions.entry(path).or_default();
            *base = read(change.sources(), Side::Base, path);
            if matches!(file.status, FileStatus::Deleted | FileStatus::Renamed) {
                head.get_or_insert(None);
            }
        }
        if let Some(path) = &file.head_path {
            let (base, head) = versions.entry(path).or_default();
            *head = read(change.sources(), Side::Head, path);
            if file.status != FileStatus::Modified {
                base.get_or_insert(None);
            }
        }
    }
    let known =
        versions.into_iter().filter(|(path, (base, head))| is_code(path, base) || is_code(path, head));
    known.map(|(path, (base, head))| encoded(path.to_owned(), base, head)).collect()
}

fn read(sources: &dyn Sources, side: Side, path: &str) -> Version {
    match sources.read(side, path) {
        Ok(bytes) => Some(Some(bytes)),
        Err(SourceError::Missing | SourceError::TooLarge(_) | SourceError::Unreadable(_)) => None,
    }
}

fn is_code(path: &str, version: &Version) -> bool {
    let bytes = version.as_ref().and_then(Option::as_deref).unwrap_or_default();
    Language::detect(path, bytes).is_some()
}

fn encoded(path: String, base: Version, head: Version) -> File {
    let is_text = |version: &Version| {
        version.as_ref().and_then(Option::as_deref).is_none_or(|bytes| std::str::from_utf8(bytes).is_ok())
    };
    let is_utf8 = is_text(&base) && is_text(&head);
    let text = |bytes: Vec<u8>| match String::from_utf8(bytes) {
        Ok(text) if is_utf8 => text,
        Ok(text) => STANDARD.encode(text),
        Err(other) => STANDARD.encode(other.as_bytes()),
    };
    let written = |version: Version| version.map(|content| content.map(text));
    let encoding = if is_utf8 { UTF8 } else { BASE64 };
    File { path, base: written(base), head: written(head), encoding }
}
