//! `/`: reviews as they run, the newest first, with filters.

use analyzers::policy::Severity;
use analyzers::report::visible;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use url::form_urlencoded;

use super::page::{self, Page, Reader, Section};
use super::when::{When, lasted};
use super::words::Words;
use crate::api::Service;
use crate::api::shelf::{ReviewFilter, ReviewSummary};
use crate::record::ReviewState;

/// Reviews on a page.
const PAGE: usize = 50;

/// Seconds between two looks while something runs.
pub(super) const REFRESH_SECONDS: u32 = 5;

/// Digits of an object id that people compare by eye.
pub(super) const SHORT_ID: usize = 12;

/// What a reader wants to see. Unknown values are no wish.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    repository: String,
    state: String,
    before: String,
}

#[derive(Template)]
#[template(path = "reviews.html")]
struct ReviewsPage {
    page: Page,
    wish: Wish,
    states: Vec<StateChoice>,
    reviews: Vec<Row>,
    older: Option<String>,
}

struct StateChoice {
    state: ReviewState,
    is_chosen: bool,
}

struct Row {
    id: String,
    state: ReviewState,
    name: String,
    url: Option<String>,
    head: Option<String>,
    who: Option<String>,
    findings: Vec<(Severity, usize)>,
    asked: When,
    took: Option<String>,
}

/// `GET /`
pub(super) async fn show(
    State(service): State<Service>,
    reader: Reader,
    Query(wish): Query<Wish>,
) -> Response {
    let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let state = STATES.into_iter().find(|state| state.name() == wish.state);
    let filter = ReviewFilter {
        repository: some(&wish.repository),
        state,
        before: some(&wish.before),
        limit: PAGE + 1,
    };
    let mut reviews = match service.shelf.reviews(&reader.caller, &filter).await {
        Ok(reviews) => reviews,
        Err(error) => return page::failed(&reader, "listing the reviews", &error),
    };
    let has_more = reviews.len() > PAGE;
    reviews.truncate(PAGE);
    let older = reviews.last().filter(|_| has_more).map(|last| older(&wish, &last.id));
    let mut frame = reader.page(Section::Reviews, reader.words.reviews);
    let runs = reviews.iter().any(|review| review.state == ReviewState::Running);
    frame.refresh_seconds = (runs && wish.before.is_empty()).then_some(REFRESH_SECONDS);
    let now = Timestamp::now();
    page::shown(&ReviewsPage {
        page: frame,
        states: STATES.map(|choice| StateChoice { state: choice, is_chosen: state == Some(choice) }).into(),
        reviews: reviews.into_iter().map(|review| row(review, now, reader.words)).collect(),
        older,
        wish,
    })
}

const STATES: [ReviewState; 6] = [
    ReviewState::Running,
    ReviewState::Passed,
    ReviewState::Failed,
    ReviewState::Partial,
    ReviewState::NotReviewed,
    ReviewState::Stale,
];

fn older(wish: &Wish, last: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("repository", wish.repository.as_str()), ("state", &wish.state), ("before", last)]
    {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    format!("/?{}", query.finish())
}

fn row(review: ReviewSummary, now: Timestamp, words: &Words) -> Row {
    let seen = |text: &String| visible::line(text).into_owned();
    Row {
        name: name(&review, words),
        url: review.url.filter(|url| is_web(url)),
        head: review.head.as_ref().map(|head| visible::line(head).chars().take(SHORT_ID).collect()),
        who: review.caller.as_ref().map(seen),
        findings: review.findings.into_iter().collect(),
        asked: When::of(review.asked_at, now, words),
        took: review.ended_at.map(|ended| lasted(review.asked_at, ended, words)),
        id: review.id,
        state: review.state,
    }
}

/// What people call a review: its merge request, else its repository.
pub(super) fn name(review: &ReviewSummary, words: &Words) -> String {
    let named = review.merge_request.as_ref().or(review.repository.as_ref());
    named.map_or_else(|| words.no_repository.to_owned(), |name| visible::line(name).into_owned())
}

/// Whether an address leads to a page, and nowhere else.
pub(super) fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
