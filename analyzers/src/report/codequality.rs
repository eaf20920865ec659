//! The report that GitLab shows in a merge request: Code Quality JSON.
//!
//! A review in; an array of findings, each under a fingerprint of its own, out.
//! Source: GitLab documentation, "Code Quality report format".

use std::collections::HashMap;
use std::io;

use serde::Serialize;

use super::shown::{Shown, ShownFinding};
use super::words::Words;
use super::{Options, summary, visible};
use crate::policy::Severity;
use crate::text::Locale;

#[derive(Serialize)]
struct Entry<'r> {
    description: String,
    check_name: &'r str,
    fingerprint: String,
    severity: &'static str,
    location: Place<'r>,
}

#[derive(Serialize)]
struct Place<'r> {
    path: &'r str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes the array.
pub(super) fn render(shown: &Shown<'_>, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut seen = HashMap::new();
    let entries: Vec<_> = shown
        .findings
        .iter()
        .map(|finding| {
            let count: &mut usize = seen.entry(finding.fingerprint).or_default();
            *count += 1;
            entry(finding, *count, options.locale)
        })
        .collect();
    visible::write_json(&entries, out)
}

fn entry<'s>(finding: &'s ShownFinding<'_>, count: usize, locale: Locale) -> Entry<'s> {
    let title = finding.policy.title.get(locale);
    let judgement = summary::judgement(finding, Words::of(locale));
    let judgement = judgement.map(|judgement| format!(" ({judgement})")).unwrap_or_default();
    let description = format!("{title}: {}{judgement}", finding.message.get(locale));
    let (start, end) = (finding.location.start, finding.location.end);
    Entry {
        description: visible::line(&description).into_owned(),
        check_name: &finding.policy.id,
        fingerprint: match count {
            1 => finding.fingerprint.to_owned(),
            _ => format!("{}-{count}", finding.fingerprint),
        },
        severity: severity(finding.policy.severity),
        location: Place {
            path: &finding.location.path,
            lines: Lines { begin: start.line, end: end.line.max(start.line) },
        },
    }
}

/// GitLab's word for a severity; its `critical` has no counterpart.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker => "blocker",
        Severity::Major => "major",
        Severity::Minor => "minor",
        Severity::Info => "info",
    }
}
