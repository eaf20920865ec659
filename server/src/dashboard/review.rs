//! `/reviews/{id}`: what the gate says and why, what was read, and every finding inside the change.

use analyzers::change::FileStatus;
use analyzers::policy::Severity;
use analyzers::report::document::Document;
use analyzers::report::visible;
use analyzers::review::Unread;
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::card::{Card, cards};
use super::change::{self, FileView, Lines, Part};
use super::page::{self, Page, Reader, Section};
use super::questions::{Questions, questions};
use super::reviews::{REFRESH_SECONDS, SHORT_ID, is_web, name};
use super::when::{When, lasted};
use super::words::Words;
use crate::api::Service;
use crate::api::desk::ActError;
use crate::api::findings::{FeedbackForm, feedback};
use crate::api::shelf::{Feedback, ReviewSummary};
use crate::record::FeedbackVerdict;
use crate::record::{Outcome, ReviewRecord, ReviewState};

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    page: Page,
    id: String,
    name: String,
    url: Option<String>,
    state: ReviewState,
    why: Vec<String>,
    asked: When,
    asked_by: String,
    took: Option<String>,
    versions: Vec<Version>,
    basis: Option<Basis>,
    coverage: Option<Coverage>,
    questions: Option<Questions>,
    counts: Vec<(Severity, usize)>,
    before: Vec<(String, usize)>,
    cards: Vec<Card>,
    /// The cards' positions, what blocks first.
    index: Vec<usize>,
    files: Vec<FileView>,
}

/// A version that the review is bound to.
struct Version {
    label: &'static str,
    short: String,
    full: String,
}

struct Basis {
    engine: String,
    policies: String,
    digest: String,
    short: String,
    fail_on: Severity,
}

struct Coverage {
    regions: (usize, usize),
    files: (usize, usize),
    lines: usize,
    unread: Vec<Gap>,
}

struct Gap {
    path: String,
    lines: Option<(u32, u32)>,
    reason: String,
    leaves_gap: bool,
}

/// `GET /reviews/{id}`
pub(super) async fn show(State(service): State<Service>, reader: Reader, Path(id): Path<String>) -> Response {
    let record = match service.shelf.review(&reader.caller, &id).await {
        Ok(Some(record)) => record,
        Ok(None) => return page::not_found(&reader),
        Err(error) => return page::failed(&reader, "reading the review", &error),
    };
    let fingerprints: Vec<String> = match &record.outcome {
        Outcome::Reviewed(reviewed) => {
            reviewed.document.findings.iter().map(|finding| finding.fingerprint.clone()).collect()
        }
        Outcome::Running | Outcome::NotReviewed { .. } | Outcome::Stale => Vec::new(),
    };
    match service.shelf.feedback(&reader.caller, &fingerprints).await {
        Ok(feedback) => page::shown(&review_page(&record, feedback, &reader, Timestamp::now())),
        Err(error) => page::failed(&reader, "reading the feedback", &error),
    }
}

/// The form under a finding.
#[derive(Deserialize)]
pub(super) struct OpinionForm {
    review: String,
    verdict: FeedbackVerdict,
    #[serde(default)]
    reason: String,
}

/// `POST /findings/{fingerprint}/feedback`
pub(super) async fn give_feedback(
    State(service): State<Service>,
    reader: Reader,
    Path(fingerprint): Path<String>,
    Form(form): Form<OpinionForm>,
) -> Response {
    let is_id = form.review.len() == 32 && form.review.bytes().all(|byte| byte.is_ascii_hexdigit());
    let opinion = FeedbackForm { verdict: form.verdict, reason: form.reason };
    let Ok(feedback) = feedback(fingerprint.clone(), opinion) else {
        return page::reason_missing(&reader);
    };
    match service.desk.add_feedback(&reader.caller, feedback).await {
        Ok(()) if is_id => {
            Redirect::to(&format!("/reviews/{}#finding-{fingerprint}", form.review)).into_response()
        }
        Ok(()) => Redirect::to("/").into_response(),
        Err(ActError::NotFound) => page::not_found(&reader),
        Err(ActError::Failed(error)) => page::failed(&reader, "keeping the feedback", &error),
    }
}

fn review_page(
    record: &ReviewRecord,
    feedback: Vec<Feedback>,
    reader: &Reader,
    now: Timestamp,
) -> ReviewPage {
    let words = reader.words;
    let summary = ReviewSummary::of(record);
    let title = name(&summary, words);
    let mut frame = reader.page(Section::Reviews, &title);
    frame.refresh_seconds = (summary.state == ReviewState::Running).then_some(REFRESH_SECONDS);
    let reviewed = match &record.outcome {
        Outcome::Reviewed(reviewed) => Some(reviewed),
        Outcome::Running | Outcome::NotReviewed { .. } | Outcome::Stale => None,
    };
    let document = reviewed.map(|reviewed| &reviewed.document);
    let files =
        reviewed.map_or(Vec::new(), |reviewed| change::files(&reviewed.change, &reviewed.document.findings));
    let cards = reviewed.map_or(Vec::new(), |reviewed| {
        cards(&reviewed.document, &reviewed.change, &files, feedback, words, now)
    });
    let mut index: Vec<usize> = (0..cards.len()).collect();
    index.sort_by_key(|at| (!cards[*at].blocks, cards[*at].severity));
    ReviewPage {
        page: frame,
        id: record.id.clone(),
        why: why(record, words),
        asked: When::of(record.asked_at, now, words),
        asked_by: asked_by(&summary),
        took: record.ended_at.map(|ended| lasted(record.asked_at, ended, words)),
        versions: versions(record, words),
        basis: document.map(|document| basis(document, words)),
        coverage: document.map(coverage),
        questions: document.and_then(|document| questions(document, words)),
        counts: summary.findings.iter().map(|(severity, count)| (*severity, *count)).collect(),
        before: document.map_or(Vec::new(), |document| document.pre_existing.clone().into_iter().collect()),
        cards,
        index,
        url: summary.url.filter(|url| is_web(url)),
        name: title,
        state: summary.state,
        files,
    }
}

fn asked_by(summary: &ReviewSummary) -> String {
    let who = summary.caller.as_deref().or(summary.merge_request.as_deref());
    who.map_or_else(|| "/v1/reviews".to_owned(), |who| visible::line(who).into_owned())
}

/// What the gate says, in sentences.
fn why(record: &ReviewRecord, words: &Words) -> Vec<String> {
    let state = record.outcome.state();
    let mut why = Vec::new();
    match &record.outcome {
        Outcome::Reviewed(reviewed) => {
            let document = &reviewed.document;
            let gaps = document.coverage.unread.iter().filter(|unread| unread.leaves_gap).count();
            let rest = document.findings.len().saturating_sub(document.blocking);
            let says = |count: usize, what: fn(usize) -> String| (count > 0).then(|| what(count));
            why.extend(says(document.blocking, words.counts.blocking));
            let (coverage, counts) = (&document.coverage, &words.counts);
            let lacks_answers = state == ReviewState::Partial && coverage.lacks_only_answers();
            why.push(match lacks_answers {
                true => (counts.answers_missing)(coverage.open()),
                false => words.state_means(state).to_owned(),
            });
            why.extend(says(gaps, counts.gaps));
            why.extend(says(rest, counts.not_blocking));
            match coverage.asked {
                None => why.extend(says(coverage.questions(), counts.no_model)),
                Some(_) if lacks_answers => {}
                Some(_) => why.extend(says(coverage.open(), counts.open)),
            }
        }
        Outcome::NotReviewed { reason } => {
            let reason = visible::line(reason);
            let end = if reason.ends_with(['.', '。']) { "" } else { words.locale().pick(".", "。") };
            why.push(words.state_means(state).to_owned());
            why.push(format!("{}{}{reason}{end}", words.reason, words.colon));
        }
        Outcome::Running | Outcome::Stale => why.push(words.state_means(state).to_owned()),
    }
    why
}

fn versions(record: &ReviewRecord, words: &Words) -> Vec<Version> {
    let bound = &record.bound_to;
    let versions = [
        (words.head, &bound.head),
        (words.target, &bound.target),
        (words.merge_base, &bound.merge_base),
        (words.configuration, &bound.configuration),
    ];
    let shown = versions.into_iter().filter_map(|(label, id)| {
        let full = visible::line(id.as_ref()?).into_owned();
        Some(Version { label, short: full.chars().take(SHORT_ID).collect(), full })
    });
    shown.collect()
}

fn basis(document: &Document, words: &Words) -> Basis {
    Basis {
        engine: document.basis.engine.clone(),
        policies: (words.counts.policies)(document.basis.policies),
        short: document.basis.policies_digest.chars().take(SHORT_ID).collect(),
        digest: document.basis.policies_digest.clone(),
        fail_on: document.fail_on,
    }
}

fn coverage(document: &Document) -> Coverage {
    let coverage = &document.coverage;
    let gap = |unread: &Unread| Gap {
        path: visible::line(&unread.path).into_owned(),
        lines: unread.lines,
        reason: visible::line(&unread.reason).into_owned(),
        leaves_gap: unread.leaves_gap,
    };
    let mut unread: Vec<Gap> = coverage.unread.iter().map(gap).collect();
    unread.sort_by_key(|gap| !gap.leaves_gap);
    Coverage {
        regions: (coverage.regions_reviewed, coverage.regions),
        files: (coverage.files_reviewed, coverage.files_in_scope),
        lines: coverage.lines,
        unread,
    }
}
