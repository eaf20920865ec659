//! The events of a running review: as server-sent events while they happen, or waited for until the end.
//!
//! A running review in; `region`, `candidate`, `finding` and at last `outcome` out. Whoever goes away early drops
//! the review, which cancels it.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive, KeepAliveStream};
use futures::stream::{self, Stream, StreamExt};
use serde::Serialize;

use crate::api::answer::ReviewAnswer;
use crate::api::desk::{Ended, ReviewEvent, Running};
use crate::record::Outcome;

/// How often a silent stream shows that it lives: often enough for the proxies on the way.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(10);

/// The name of the last event.
const OUTCOME: &str = "outcome";

/// The review's events as they happen; a silent stream shows every `heartbeat` that it lives.
pub(super) fn events(
    running: Running,
    heartbeat: Duration,
) -> Sse<KeepAliveStream<impl Stream<Item = Result<Event, Infallible>> + Send>> {
    let events = stream::unfold(Some(running), |running| async move {
        let mut running = running?;
        match next(&mut running).await {
            Next::Happened(event) => Some((event, Some(running))),
            Next::Ended(ended) => {
                let answer = ReviewAnswer::of(running.id, *ended);
                Some((written(OUTCOME, &answer), None))
            }
        }
    });
    Sse::new(events.map(Ok)).keep_alive(KeepAlive::new().interval(heartbeat))
}

/// The review's end.
pub(super) async fn end(mut running: Running) -> ReviewAnswer {
    loop {
        if let Next::Ended(ended) = next(&mut running).await {
            return ReviewAnswer::of(running.id, *ended);
        }
    }
}

enum Next {
    Happened(Event),
    Ended(Box<Ended>),
}

async fn next(running: &mut Running) -> Next {
    match running.events.recv().await {
        Some(ReviewEvent::Region(region)) => Next::Happened(written("region", &region)),
        Some(ReviewEvent::Candidate(candidate)) => Next::Happened(written("candidate", &candidate)),
        Some(ReviewEvent::Finding(finding)) => Next::Happened(written("finding", &finding)),
        Some(ReviewEvent::Ended(ended)) => Next::Ended(ended),
        None => Next::Ended(Box::new(given_up())),
    }
}

fn given_up() -> Ended {
    let reason = "the service gave the review up before its end; ask for it again";
    Ended { outcome: Outcome::NotReviewed { reason: reason.to_owned() }, report: None }
}

fn written(name: &str, value: &impl Serialize) -> Event {
    Event::default().event(name).json_data(value).expect("answers are maps with text as keys")
}
