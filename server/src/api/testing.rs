//! A service in memory for tests: reviews that were really made, of a change that is really bad.

pub(crate) mod judged;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, Mutex};

use analyzers::change::diff_text;
use analyzers::change::{ChangeSet, FileChange};
use analyzers::policy::{PolicySet, builtin_files};
use analyzers::report::document;
use analyzers::review::{Request, Review};
use analyzers::sources::{Side, SourceError, Sources};
use analyzers::text::Locale;
use async_trait::async_trait;
use axum::body::Body;
use axum::http::{Request as HttpRequest, Response, StatusCode};
use axum::{Extension, Router};
use http_body_util::BodyExt;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;
use tokio::sync::mpsc;
use tower::ServiceExt;

use crate::access::{Caller, Scope};
use crate::api::Service;
use crate::api::desk::{
    ActError, CandidateEvent, Desk, Ended, NewFeedback, OrderSubject, Refusal, RegionEvent, ReviewEvent,
    ReviewOrder, Running,
};
use crate::api::policies::PolicyShelf;
use crate::api::shelf::{
    DeadLetter, Feedback, FindingCount, QueueCounts, ReviewFilter, ReviewSummary, Shelf,
};
use crate::config::Limits;
use crate::merge_request::{ForgeKind, MergeRequestKey};
use crate::record::FeedbackVerdict;
use crate::record::{AskedBy, Binding, Outcome, ReviewRecord, Reviewed};

/// The change of most reviews here.
pub(crate) const PAYMENTS: &str = include_str!("../../../tests/fixtures/payments.diff");

/// The moment at which the tests happen.
pub(crate) fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

/// The name of a review by its number.
pub(crate) fn id(number: u64) -> String {
    format!("{number:032x}")
}

pub(crate) fn policies() -> Arc<PolicySet> {
    static POLICIES: LazyLock<Arc<PolicySet>> = LazyLock::new(|| Arc::new(PolicySet::builtin().unwrap()));
    POLICIES.clone()
}

/// The review of a diff.
pub(crate) fn reviewed(diff: &str) -> Reviewed {
    let (change_set, review) = review(diff);
    let (document, change) = document::with_change(&review, &change_set);
    Reviewed { document, change }
}

/// Files that are all in the hunks of a change.
struct Hunks(ChangeSet);

impl Sources for Hunks {
    fn read(&self, side: Side, path: &str) -> Result<Vec<u8>, SourceError> {
        let path_of = |file: &FileChange| match side {
            Side::Base => file.base_path.clone(),
            Side::Head => file.head_path.clone(),
        };
        let file = self.0.files.iter().find(|file| path_of(file).as_deref() == Some(path));
        let hunks = file.ok_or(SourceError::Missing)?.hunks();
        let lines = hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.kind.is_on(side));
        Ok(lines.flat_map(|line| [line.bytes.as_slice(), b"\n"].concat()).collect())
    }

    fn list(&self, _side: Side) -> Result<Vec<String>, SourceError> {
        Ok(Vec::new())
    }
}

fn review(diff: &str) -> (ChangeSet, Review) {
    let change_set = diff_text::parse(diff.as_bytes()).unwrap();
    let sources = Hunks(change_set.clone());
    let policies = policies();
    let review = analyzers::review::review(&change_set, (None, None), &Request::new(&policies, &sources));
    (change_set, review)
}

/// A review of a merge request, asked for `minutes` ago.
pub(crate) fn record(number: u64, minutes: i64, outcome: Outcome) -> ReviewRecord {
    let asked_at = now() - minutes.minutes();
    ReviewRecord {
        id: id(number),
        asked_by: AskedBy::MergeRequest {
            merge_request: MergeRequestKey {
                forge: ForgeKind::Gitlab,
                repository: "bank/core".to_owned(),
                number: 40 + number,
            },
            url: format!("https://gitlab.bank.example/bank/core/-/merge_requests/{}", 40 + number),
        },
        repository: Some("gitlab:bank/core".to_owned()),
        bound_to: Binding {
            head: Some(format!("{number:x}f31c0de{number:032x}")),
            target: Some(format!("51ab{:036x}", 7)),
            merge_base: Some(format!("51ab{:036x}", 7)),
            configuration: None,
            policies: None,
            earned: BTreeSet::new(),
            models: Vec::new(),
        },
        asked_at,
        settings: crate::record::Settings::default(),
        ended_at: (!matches!(outcome, Outcome::Running)).then(|| asked_at + 7.seconds()),
        outcome,
    }
}

/// What is kept, and what was asked to be done.
pub(crate) struct Memory {
    pub(crate) reviews: Vec<ReviewRecord>,
    pub(crate) counts: Vec<FindingCount>,
    pub(crate) feedback: Mutex<Vec<Feedback>>,
    pub(crate) queue: QueueCounts,
    pub(crate) dead: Vec<DeadLetter>,
    pub(crate) orders: Mutex<Vec<ReviewOrder>>,
    pub(crate) retried: Mutex<Vec<String>>,
    /// The token that alone may see anything; `None` for everybody.
    pub(crate) only_for: Option<String>,
    /// Told when the receiver of a review that never ends goes away.
    pub(crate) cancelled: Arc<tokio::sync::Notify>,
}

impl Default for Memory {
    fn default() -> Self {
        let outcomes = [
            Outcome::Running,
            Outcome::Reviewed(Box::new(reviewed(PAYMENTS))),
            Outcome::NotReviewed { reason: "the forge could not be reached".to_owned() },
            Outcome::Stale,
        ];
        let reviews = (1..).zip(outcomes);
        Self {
            reviews: reviews.map(|(number, outcome)| record(number, number as i64 * 3, outcome)).collect(),
            counts: Vec::new(),
            feedback: Mutex::default(),
            queue: QueueCounts {
                waiting: 3,
                running: 1,
                retrying: 1,
                oldest_waiting_since: Some(now() - 4.minutes()),
            },
            dead: vec![DeadLetter {
                id: "17".to_owned(),
                kind: "post".to_owned(),
                merge_request: Some("gitlab:bank/core!42".to_owned()),
                review: Some(id(2)),
                attempts: 5,
                reason: "the forge does not permit it: 403 from gitlab.bank.example".to_owned(),
                died_at: now() - 1.hour(),
            }],
            orders: Mutex::default(),
            retried: Mutex::default(),
            only_for: None,
            cancelled: Arc::default(),
        }
    }
}

impl Memory {
    fn sees(&self, caller: &Caller) -> bool {
        self.only_for.is_none() || self.only_for == caller.token
    }
}

#[async_trait]
impl Shelf for Memory {
    async fn review(&self, caller: &Caller, id: &str) -> anyhow::Result<Option<ReviewRecord>> {
        Ok(self.reviews.iter().find(|review| review.id == id && self.sees(caller)).cloned())
    }

    async fn reviews(&self, caller: &Caller, filter: &ReviewFilter) -> anyhow::Result<Vec<ReviewSummary>> {
        let ReviewFilter { repository, state, before, limit } = filter;
        let fits = |review: &&ReviewRecord| {
            let named = review.repository.as_deref().unwrap_or_default();
            self.sees(caller)
                && repository.as_ref().is_none_or(|wanted| named.ends_with(wanted.as_str()))
                && state.is_none_or(|wanted| wanted == review.outcome.state())
        };
        let mut reviews: Vec<_> = self.reviews.iter().filter(fits).map(ReviewSummary::of).collect();
        reviews.sort_by_key(|review| std::cmp::Reverse(review.asked_at));
        if let Some(before) = before {
            let at = reviews.iter().position(|review| review.id == *before);
            reviews = at.map_or(Vec::new(), |at| reviews.split_off(at + 1));
        }
        reviews.truncate(*limit);
        Ok(reviews)
    }

    async fn finding_counts(&self, caller: &Caller, since: Date) -> anyhow::Result<Vec<FindingCount>> {
        let fits = |count: &&FindingCount| count.day >= since && self.sees(caller);
        Ok(self.counts.iter().filter(fits).cloned().collect())
    }

    async fn feedback(&self, _caller: &Caller, fingerprints: &[String]) -> anyhow::Result<Vec<Feedback>> {
        let kept = self.feedback.lock().unwrap();
        Ok(kept.iter().filter(|feedback| fingerprints.contains(&feedback.fingerprint)).cloned().collect())
    }

    async fn queue(&self, _caller: &Caller) -> anyhow::Result<QueueCounts> {
        Ok(self.queue.clone())
    }

    async fn dead_letters(&self, _caller: &Caller) -> anyhow::Result<Vec<DeadLetter>> {
        Ok(self.dead.clone())
    }
}

#[async_trait]
impl Desk for Memory {
    async fn review(&self, _caller: &Caller, order: ReviewOrder) -> Result<Running, Refusal> {
        let (send, events) = mpsc::channel(64);
        let diff = match &order.subject {
            OrderSubject::Change { diff, .. } => String::from_utf8(diff.clone()).unwrap(),
            OrderSubject::Tree { .. } => PAYMENTS.to_owned(),
        };
        let report = order.report.clone();
        self.orders.lock().unwrap().push(order);
        match diff.as_str() {
            "busy" => return Err(Refusal::Busy(std::time::Duration::from_secs(30))),
            "crash" => return Ok(Running { id: id(99), events }),
            "for ever" => {
                let cancelled = self.cancelled.clone();
                tokio::spawn(async move {
                    send.closed().await;
                    cancelled.notify_one();
                });
                return Ok(Running { id: id(98), events });
            }
            _ => {}
        }
        let (change_set, review) = review(&diff);
        let mut text = Vec::new();
        if let Some(report) = &report {
            analyzers::report::render(&review, report.format, &report.options, &mut text).unwrap();
        }
        let (document, change) = document::with_change(&review, &change_set);
        let mut happened = vec![
            ReviewEvent::Region(RegionEvent { path: "db/V42__fees.sql".to_owned(), done: 1, of: 3 }),
            ReviewEvent::Candidate(CandidateEvent {
                policy: "money/binary-floating-point".to_owned(),
                path: "db/V42__fees.sql".to_owned(),
                line: 3,
            }),
        ];
        happened
            .extend(document.findings.iter().map(|finding| ReviewEvent::Finding(Box::new(finding.clone()))));
        happened.push(ReviewEvent::Ended(Box::new(Ended {
            outcome: Outcome::Reviewed(Box::new(Reviewed { document, change })),
            report: report.map(|_| String::from_utf8(text).unwrap()),
        })));
        for event in happened {
            send.send(event).await.unwrap();
        }
        Ok(Running { id: id(97), events })
    }

    async fn add_feedback(&self, caller: &Caller, feedback: NewFeedback) -> Result<(), ActError> {
        let names = |review: &ReviewRecord| match &review.outcome {
            Outcome::Reviewed(reviewed) => reviewed.document.findings.clone(),
            _ => Vec::new(),
        };
        let known: BTreeSet<_> =
            self.reviews.iter().flat_map(names).map(|finding| finding.fingerprint).collect();
        if !known.contains(&feedback.fingerprint) || !self.sees(caller) {
            return Err(ActError::NotFound);
        }
        let NewFeedback { fingerprint, verdict, reason } = feedback;
        let kept = Feedback { fingerprint, verdict, reason, caller: caller.token.clone(), at: now() };
        self.feedback.lock().unwrap().push(kept);
        Ok(())
    }

    async fn retry(&self, _caller: &Caller, id: &str) -> Result<(), ActError> {
        if !self.dead.iter().any(|letter| letter.id == id) {
            return Err(ActError::NotFound);
        }
        self.retried.lock().unwrap().push(id.to_owned());
        Ok(())
    }
}

/// A service over this memory.
pub(crate) fn service(memory: &Arc<Memory>) -> Service {
    Service {
        shelf: memory.clone(),
        desk: memory.clone(),
        policies: Arc::new(PolicyShelf::new(policies(), builtin_files())),
        limits: Limits { request_bytes: 1 << 20, files: 10, ..Limits::default() },
        language: Locale::En,
        public_url: None,
    }
}

/// What an answer says.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

impl Answered {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Asserts a problem document of this status whose detail has these words.
    #[track_caller]
    pub(crate) fn refuses(&self, status: u16, words: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let detail = self.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(words), "no `{words}` in `{detail}`");
    }

    /// Asserts success.
    #[track_caller]
    pub(crate) fn succeeds(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }
}

/// Lets a caller of this token in, whatever is needed.
pub(crate) fn admit(token: Option<&str>) -> impl Fn(Router<Service>, Scope) -> Router<Service> {
    let caller = Caller { token: token.map(str::to_owned), scopes: Scope::ALL.into() };
    move |router, _need| router.layer(Extension(caller.clone()))
}

/// Sends a request.
pub(crate) async fn send(router: &Router, request: HttpRequest<Body>) -> Answered {
    let response: Response<Body> = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answered {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

/// Sends a `GET`.
pub(crate) async fn get(router: &Router, path: &str) -> Answered {
    send(router, HttpRequest::get(path).body(Body::empty()).unwrap()).await
}

/// Sends JSON.
pub(crate) async fn post(router: &Router, path: &str, body: &Value) -> Answered {
    let request = HttpRequest::post(path).header("content-type", "application/json");
    send(router, request.body(Body::from(body.to_string())).unwrap()).await
}

/// Feedback for the pages.
pub(crate) fn opinion(fingerprint: &str, verdict: FeedbackVerdict, reason: &str) -> Feedback {
    Feedback {
        fingerprint: fingerprint.to_owned(),
        verdict,
        reason: reason.to_owned(),
        caller: Some("li-wei-ide".to_owned()),
        at: now() - 20.minutes(),
    }
}
