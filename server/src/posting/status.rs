//! The commit status of a review: its light, one line, and for check runs every finding beside its lines.
//!
//! A record in, a value for the forge out. Green is for `passed` alone; texts are plain and cut to size.

use analyzers::finding::Decider;
use analyzers::policy::Severity;
use analyzers::report::document::{Document, FindingRecord};

use super::escape::{clip, plain_line, plain_lines};
use super::words::Words;
use super::{Options, comment, review_page, summary};
use crate::forge::{Annotation, AnnotationLevel, CheckDetail, CommitStatus, Light};
use crate::record::{Outcome, ReviewRecord, ReviewState};

/// Characters that every forge takes in a description.
const DESCRIPTION: usize = 140;

/// Characters of an annotation's title and message.
const TITLE: usize = 200;
const MESSAGE: usize = 4_000;

/// The status of `head` that a review gives.
pub(crate) fn commit_status(record: &ReviewRecord, head: &str, options: &Options) -> CommitStatus {
    let words = Words::of(options.locale);
    CommitStatus {
        commit: head.to_owned(),
        light: light(record.outcome.state()),
        description: description(record, options),
        url: options.public_url.as_ref().map(|url| review_page(url, &record.id).to_string()),
        check: CheckDetail {
            title: format!(
                "{}{}{}",
                words.state(record.outcome.state()),
                words.colon,
                summary::meaning(record, words)
            ),
            summary: check_summary(record, head, options),
            annotations: annotations(record, options),
        },
    }
}

/// The status of a head whose review has not ended.
pub(crate) fn pending(head: &str, options: &Options) -> CommitStatus {
    without_verdict(head, Words::of(options.locale).summary.at_work)
}

/// The status of a head that nobody wants to have reviewed yet.
pub(crate) fn without_verdict(head: &str, why: &str) -> CommitStatus {
    CommitStatus {
        commit: head.to_owned(),
        light: Light::Pending,
        description: why.to_owned(),
        url: None,
        check: CheckDetail { title: why.to_owned(), ..CheckDetail::default() },
    }
}

/// The state, the reason and the counts in one line.
pub(crate) fn description(record: &ReviewRecord, options: &Options) -> String {
    let words = Words::of(options.locale);
    let state = words.state(record.outcome.state());
    let reason = match &record.outcome {
        Outcome::Reviewed(reviewed) => reviewed_line(record, &reviewed.document, words),
        Outcome::NotReviewed { reason } => reason.clone(),
        Outcome::Running | Outcome::Stale => summary::meaning(record, words),
    };
    plain_line(&format!("{state}{}{reason}", words.colon), DESCRIPTION)
}

fn reviewed_line(record: &ReviewRecord, document: &Document, words: &Words) -> String {
    let labels = &words.summary;
    let counts = |findings: &[&FindingRecord]| {
        let severities: Vec<_> = findings.iter().map(|finding| finding.policy.severity).collect();
        words.counts(&severities)
    };
    let all: Vec<_> = document.findings.iter().collect();
    let blocking: Vec<_> = all.iter().copied().filter(|finding| finding.blocks).collect();
    let coverage = &document.coverage;
    let read = || {
        let gap = coverage.unread.iter().find(|unread| unread.leaves_gap);
        let reason = gap.map(|gap| format!("; {}: {}", gap.path, gap.reason)).unwrap_or_default();
        format!("{}{reason}", (labels.files)(coverage.files_reviewed, coverage.files_in_scope))
    };
    match record.outcome.state() {
        ReviewState::Failed => format!("{} ({})", (labels.blocking)(document.blocking), counts(&blocking)),
        ReviewState::Passed if document.findings.is_empty() => labels.nothing_found.to_owned(),
        ReviewState::Passed => {
            let count = (labels.count)(document.findings.len());
            format!("{count} ({}){}{}", counts(&all), words.comma, labels.nothing_blocks)
        }
        ReviewState::Partial if coverage.lacks_only_answers() => {
            (words.model.answers_missing)(coverage.open())
        }
        ReviewState::Partial | ReviewState::NotReviewed => read(),
        ReviewState::Running | ReviewState::Stale => summary::meaning(record, words),
    }
}

fn light(state: ReviewState) -> Light {
    match state {
        ReviewState::Running => Light::Pending,
        ReviewState::Passed => Light::Green,
        ReviewState::Failed | ReviewState::NotReviewed | ReviewState::Partial | ReviewState::Stale => {
            Light::Red
        }
    }
}

/// What the summary says, with a row for every finding.
fn check_summary(record: &ReviewRecord, head: &str, options: &Options) -> String {
    let rows: Vec<_> = findings(record).map(|finding| comment::row(finding, options)).collect();
    let rows: Vec<_> = rows.iter().map(String::as_str).collect();
    summary::of(record, head, options).text(&rows, options)
}

fn annotations(record: &ReviewRecord, options: &Options) -> Vec<Annotation> {
    findings(record).map(|finding| annotation(finding, options)).collect()
}

fn findings(record: &ReviewRecord) -> impl Iterator<Item = &FindingRecord> {
    match &record.outcome {
        Outcome::Reviewed(reviewed) => reviewed.document.findings.as_slice(),
        Outcome::Running | Outcome::NotReviewed { .. } | Outcome::Stale => &[],
    }
    .iter()
}

fn annotation(finding: &FindingRecord, options: &Options) -> Annotation {
    let policy = &finding.policy;
    let locale = options.locale;
    let (start_line, end_line) = super::anchor::lines_of(&finding.location);
    let (message, judgement) = (finding.message.get(locale), judgement(finding, options));
    let texts = [message, &judgement, policy.rationale.get(locale), policy.remedy.get(locale)];
    let texts: Vec<_> = texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).collect();
    Annotation {
        path: finding.location.path.clone(),
        start_line: start_line.max(1),
        end_line: end_line.max(1),
        level: level(finding),
        title: plain_line(&format!("{} {}", policy.code, policy.title.get(locale)), TITLE),
        message: plain_lines(&clip(&texts.join("\n\n"), MESSAGE), MESSAGE),
    }
}

/// That the model decided, and why; nothing where proof did.
fn judgement(finding: &FindingRecord, options: &Options) -> String {
    let words = Words::of(options.locale);
    match (finding.decided_by, &finding.why) {
        (Decider::Proof, _) => String::new(),
        (Decider::Model, None) => words.model.judged.to_owned(),
        (Decider::Model, Some(why)) => {
            format!("{}{}{}", words.model.judged, words.colon, clip(why, comment::WHY))
        }
    }
}

fn level(finding: &FindingRecord) -> AnnotationLevel {
    match (finding.blocks, finding.policy.severity) {
        (true, _) => AnnotationLevel::Failure,
        (false, Severity::Blocker | Severity::Major | Severity::Minor) => AnnotationLevel::Warning,
        (false, Severity::Info) => AnnotationLevel::Notice,
    }
}

#[cfg(test)]
mod tests;
