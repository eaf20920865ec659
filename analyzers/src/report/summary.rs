//! The facts at the end of a report: findings counted, what was read and what not, what decided.
//!
//! A review as it may be shown in; labelled lines in the reader's language out.

use super::shown::{Shown, ShownFinding};
use super::words::Words;
use super::{reasons, visible};
use crate::configuration;
use crate::finding::Decider;
use crate::review::{Excluded, Unread};
use crate::text::Locale;

/// How many unread files a summary names: enough to act on, few enough to read.
const UNREAD_SHOWN: usize = 5;

/// Digits of a digest that people compare by eye.
const DIGEST_SHOWN: usize = 12;

/// A label and what is to be said under it, line by line.
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) lines: Vec<String>,
}

/// Every fact that a reader should know, in reading order.
pub(super) fn facts(shown: &Shown<'_>, locale: Locale) -> Vec<Fact> {
    let words = Words::of(locale);
    [
        (words.findings, findings(shown, words)),
        (words.read, read(shown, words)),
        (words.not_read, unread(shown, words)),
        (words.left_out, excluded(shown, words)),
        (words.model, asked(shown, words)),
        (words.dismissed, dismissed(shown, words)),
        (words.unsettled, unsettled(shown, locale)),
        (words.not_asked, unasked(shown, words, locale)),
        (words.basis, basis(shown, words)),
    ]
    .into_iter()
    .filter(|(_, lines)| !lines.is_empty())
    .map(|(label, lines)| Fact { label, lines })
    .collect()
}

fn findings(shown: &Shown<'_>, words: &Words) -> Vec<String> {
    let mut parts: Vec<_> = shown
        .counts()
        .into_iter()
        .map(|(severity, count)| format!("{count} {}", words.name(severity)))
        .collect();
    if shown.before() > 0 {
        parts.push((words.before)(shown.before()));
    }
    in_one_line(&parts, words)
}

fn read(shown: &Shown<'_>, words: &Words) -> Vec<String> {
    let coverage = &shown.coverage;
    let parts = [
        (words.regions)(coverage.regions_reviewed, coverage.regions),
        (words.files)(coverage.files_reviewed, coverage.files_in_scope),
        (words.lines)(coverage.lines),
    ];
    in_one_line(&parts, words)
}

fn unread(shown: &Shown<'_>, words: &Words) -> Vec<String> {
    let mut unread: Vec<_> = shown.coverage.unread.iter().collect();
    unread.sort_by_key(|file| !file.leaves_gap);
    let mut lines: Vec<_> = unread.iter().take(UNREAD_SHOWN).map(|file| unread_line(file, words)).collect();
    if unread.len() > UNREAD_SHOWN {
        lines.push((words.and_more)(unread.len() - UNREAD_SHOWN));
    }
    lines
}

/// One file that was not read, and why.
pub(super) fn unread_line(unread: &Unread, words: &Words) -> String {
    let part = unread
        .lines
        .map(|(first, last)| format!("{}{}", words.comma, (words.source_lines)(first, last)))
        .unwrap_or_default();
    format!("{}{part}{}{}", visible::line(&unread.path), words.colon, visible::line(&unread.reason))
}

/// Who decided that it is a finding, where that was not proof: the model, and why in its own words.
pub(super) fn judgement(finding: &ShownFinding<'_>, words: &Words) -> Option<String> {
    let says = |why: &String| format!("{}{}{}", words.judged, words.colon, visible::line(why));
    match finding.decided_by {
        Decider::Proof => None,
        Decider::Model => Some(finding.why.as_ref().map_or_else(|| words.judged.to_owned(), says)),
    }
}

/// What the model was asked, where there was one and something to ask.
fn asked(shown: &Shown<'_>, words: &Words) -> Vec<String> {
    let Some(asked) = shown.coverage.asked.as_ref().filter(|asked| asked.prompts > 0) else {
        return Vec::new();
    };
    let rejected = asked.rejected.values().sum();
    let took = [
        (words.prompts)(asked.prompts),
        (words.tokens)(asked.tokens.all()),
        if rejected > 0 { (words.rejections)(rejected) } else { String::new() },
    ];
    let mut lines = vec![(words.answers)(asked.questions, asked.answered, shown.coverage.open())];
    lines.extend(in_one_line(&took, words));
    lines
}

/// What the model dismissed, where, and why.
fn dismissed(shown: &Shown<'_>, words: &Words) -> Vec<String> {
    let line = |finding: &ShownFinding<'_>| {
        let place = format!("{}:{}", finding.location.path, finding.location.start.line);
        let why = finding.why.as_deref().unwrap_or_default();
        format!("{} {}{}{}", finding.policy.id, visible::line(&place), words.colon, visible::line(why))
    };
    let mut lines: Vec<_> = shown.dismissed.iter().take(UNREAD_SHOWN).map(line).collect();
    if shown.dismissed.len() > UNREAD_SHOWN {
        lines.push((words.and_more)(shown.dismissed.len() - UNREAD_SHOWN));
    }
    lines
}

/// Questions that were asked and are open, by reason.
fn unsettled(shown: &Shown<'_>, locale: Locale) -> Vec<String> {
    let asked = shown.coverage.asked.as_ref();
    asked.map_or_else(Vec::new, |asked| reasons::counted(&asked.unjudged, locale))
}

/// Questions that nobody asked: for want of a model, or because the review might ask no more.
fn unasked(shown: &Shown<'_>, words: &Words, locale: Locale) -> Vec<String> {
    match (shown.coverage.questions(), &shown.coverage.asked) {
        (0, _) => Vec::new(),
        (count, None) => vec![(words.questions)(count)],
        (count, Some(_)) => vec![format!("{count} × {}", reasons::reason(None, locale))],
    }
}

fn excluded(shown: &Shown<'_>, words: &Words) -> Vec<String> {
    let excluded = &shown.coverage.excluded;
    let mut lines: Vec<_> =
        excluded.iter().take(UNREAD_SHOWN).map(|file| excluded_line(file, words)).collect();
    if excluded.len() > UNREAD_SHOWN {
        lines.push((words.and_more)(excluded.len() - UNREAD_SHOWN));
    }
    lines
}

fn excluded_line(excluded: &Excluded, words: &Words) -> String {
    let (path, filter) = (visible::line(&excluded.path), visible::line(&excluded.filter));
    format!("{path}{}{} {filter}", words.colon, configuration::PATH)
}

fn basis(shown: &Shown<'_>, words: &Words) -> Vec<String> {
    let basis = shown.basis;
    let digest: String = basis.policies_digest.chars().take(DIGEST_SHOWN).collect();
    let parts = [format!("Countersign {}", basis.engine), (words.policies)(basis.policies), digest];
    in_one_line(&parts, words)
}

fn in_one_line(parts: &[String], words: &Words) -> Vec<String> {
    let parts: Vec<_> = parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
    if parts.is_empty() { Vec::new() } else { vec![parts.join(words.comma)] }
}
