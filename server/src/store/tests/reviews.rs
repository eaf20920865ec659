//! Reviews: kept whole, found again, listed by page; and fenced together with what they found.

use std::collections::BTreeMap;

use analyzers::policy::Severity;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::outbox::effect;
use super::{claim, claimed, merge_request, on_every_database, rows, slow_worker};
use crate::merge_request::MergeRequestKey;
use crate::record::{AskedBy, Binding, Outcome, ReviewRecord, ReviewState, Reviewed};
use crate::store::reviews::ReviewFilter;
use crate::store::{Store, StoreError};

on_every_database!(
    a_review_is_kept_whole,
    a_review_replaces_what_was_kept_while_it_ran,
    a_review_is_finished_with_its_findings_and_posts,
    a_review_that_cannot_be_finished_leaves_nothing,
    a_review_of_the_same_versions_is_found_and_no_other,
    the_latest_review_of_a_merge_request_is_found,
    reviews_are_listed_by_page,
);

/// A review of `bank/core!number` that passed.
pub(super) fn passed(id: &str, number: u64) -> ReviewRecord {
    with_findings(id, number, &[])
}

/// A review of `bank/core!number` that failed over these findings: fingerprint, policy.
pub(super) fn with_findings(id: &str, number: u64, findings: &[(&str, &str)]) -> ReviewRecord {
    let findings: Vec<Value> = findings.iter().map(finding).collect();
    let document = json!({
        "schema_version": 1,
        "subject": {"kind": "tree"},
        "state": if findings.is_empty() { "passed" } else { "failed" },
        "fail_on": "major",
        "blocking": findings.len(),
        "basis": {"engine": "0.1.0", "policies_digest": "aa", "policies": 1},
        "coverage": {
            "files": 1, "files_in_scope": 1, "files_reviewed": 1, "regions": 1, "regions_reviewed": 1, "lines": 1,
            "unread": [], "questions_unasked": {},
        },
        "findings": findings,
        "pre_existing": {},
    });
    let reviewed = Reviewed {
        document: serde_json::from_value(document).unwrap(),
        change: serde_json::from_value(json!({"files": []})).unwrap(),
    };
    ReviewRecord {
        id: id.to_owned(),
        asked_by: AskedBy::MergeRequest {
            merge_request: merge_request("bank/core", number),
            url: "https://gitlab.bank.example/bank/core/-/merge_requests/7".to_owned(),
        },
        repository: Some("gitlab:bank/core".to_owned()),
        bound_to: bound_to(),
        settings: crate::record::Settings::default(),
        asked_at: "2026-11-23T10:00:00Z".parse().unwrap(),
        ended_at: Some("2026-11-23T10:00:05Z".parse().unwrap()),
        outcome: Outcome::Reviewed(Box::new(reviewed)),
    }
}

fn finding(&(fingerprint, policy): &(&str, &str)) -> Value {
    json!({
        "fingerprint": fingerprint,
        "origin": "introduced",
        "blocks": true,
        "policy": {
            "id": policy, "code": "CB-1", "title": "Title", "severity": "blocker", "enforcement": "block",
            "confidence": "certain", "cwe": [], "references": [], "rationale": "Why", "remedy": "How",
        },
        "location": {
            "path": "ledger/Post\0ing.java", "start": {"line": 3, "column": 1}, "end": {"line": 3, "column": 9},
            "declaration": [],
        },
        "message": "wrong",
        "related": [],
    })
}

fn bound_to() -> Binding {
    let id = |digit: &str| Some(digit.repeat(40));
    Binding {
        head: id("a"),
        target: id("b"),
        merge_base: id("c"),
        configuration: None,
        policies: Some("aa".to_owned()),
        earned: ["trust/retry".to_owned()].into(),
        models: vec!["countersign-1+sha256:aa".to_owned()],
    }
}

fn json_of(review: &ReviewRecord) -> Value {
    serde_json::to_value(review).unwrap()
}

async fn a_review_is_kept_whole(store: Store) {
    let review = with_findings("r1", 7, &[("f1", "money/float")]);
    store.save_review(&review).await.unwrap();
    let kept = store.review("r1").await.unwrap().unwrap();
    assert_eq!(json_of(&kept), json_of(&review));
    assert!(store.review("r2").await.unwrap().is_none());
}

async fn a_review_replaces_what_was_kept_while_it_ran(store: Store) {
    let ended = with_findings("r1", 7, &[("f1", "money/float")]);
    let running = ReviewRecord { ended_at: None, outcome: Outcome::Running, ..ended.clone() };
    store.save_review(&running).await.unwrap();
    assert_eq!(store.review("r1").await.unwrap().unwrap().outcome.state(), ReviewState::Running);
    for _ in 0..2 {
        store.save_review(&ended).await.unwrap();
        assert_eq!(store.review("r1").await.unwrap().unwrap().outcome.state(), ReviewState::Failed);
        assert_eq!(rows(&store, "SELECT COUNT(*) FROM finding").await, 1);
    }
}

async fn a_review_is_finished_with_its_findings_and_posts(store: Store) {
    let claim = claimed(&store).await;
    let review = with_findings("r1", 7, &[("f1", "money/float"), ("f2", "money/float")]);
    let before = store.finish_review(&claim, &review, &[effect("x")]).await.unwrap();
    assert_eq!(before, [None]);
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM finding").await, 2);
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM outbox").await, 1);
}

async fn a_review_that_cannot_be_finished_leaves_nothing(store: Store) {
    let review = with_findings("r1", 7, &[("f1", "money/float")]);
    let claim_in_time = claimed(&store).await;
    store.execute("ALTER TABLE outbox RENAME TO lost", []).await.unwrap();
    let failed = store.finish_review(&claim_in_time, &review, &[effect("x")]).await;
    assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{failed:?}");
    store.execute("ALTER TABLE lost RENAME TO outbox", []).await.unwrap();
    assert!(store.review("r1").await.unwrap().is_none());
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM finding").await, 0);
    store.finish_review(&claim_in_time, &review, &[effect("x")]).await.unwrap();
    store.release(&claim_in_time).await.unwrap();

    let stale = store.claim(&slow_worker()).await.unwrap().unwrap();
    claim(&store).await;
    let late = with_findings("r2", 7, &[("f1", "money/float")]);
    assert_eq!(store.finish_review(&stale, &late, &[effect("y")]).await, Err(StoreError::Lost));
    assert!(store.review("r2").await.unwrap().is_none());
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM outbox").await, 1);
}

async fn a_review_of_the_same_versions_is_found_and_no_other(store: Store) {
    let key = merge_request("bank/core", 7);
    store.save_review(&passed("r1", 7)).await.unwrap();
    let find = async |key: &MergeRequestKey, bound_to: Binding, engine: &str| {
        store.find_review(key, &bound_to, engine).await.unwrap().map(|review| review.id)
    };
    assert_eq!(find(&key, bound_to(), "0.1.0").await.as_deref(), Some("r1"));
    let other = || Some("d".repeat(40));
    let near_misses = [
        (Binding { head: other(), ..bound_to() }, "0.1.0"),
        (Binding { target: other(), ..bound_to() }, "0.1.0"),
        (Binding { policies: other(), ..bound_to() }, "0.1.0"),
        (Binding { head: None, ..bound_to() }, "0.1.0"),
        (bound_to(), "0.2.0"),
    ];
    for (bound_to, engine) in near_misses {
        assert_eq!(find(&key, bound_to.clone(), engine).await, None, "{bound_to:?} {engine}");
    }
    assert_eq!(find(&merge_request("bank/core", 8), bound_to(), "0.1.0").await, None);
    let failed = Outcome::NotReviewed { reason: "the forge was down".to_owned() };
    store.save_review(&ReviewRecord { outcome: failed, ..passed("r1", 7) }).await.unwrap();
    assert_eq!(find(&key, bound_to(), "0.1.0").await, None, "it did not come to an end of its own");
}

async fn the_latest_review_of_a_merge_request_is_found(store: Store) {
    let key = merge_request("bank/core", 7);
    assert!(store.latest_review(&key).await.unwrap().is_none());
    let older = "2026-11-23T09:00:00Z".parse().unwrap();
    store.save_review(&passed("r2", 7)).await.unwrap();
    store.save_review(&ReviewRecord { asked_at: older, ..passed("r1", 7) }).await.unwrap();
    store.save_review(&passed("r3", 8)).await.unwrap();
    assert_eq!(store.latest_review(&key).await.unwrap().unwrap().id, "r2");
}

async fn reviews_are_listed_by_page(store: Store) {
    for number in 0..5 {
        // Two at the same time: then by name.
        let asked_at = Timestamp::from_second(number / 2).unwrap();
        let review = ReviewRecord { asked_at, ..passed(&format!("r{number}"), 7) };
        store.save_review(&review).await.unwrap();
    }
    let asked_by = AskedBy::Caller { token: Some("ide".to_owned()) };
    let elsewhere = ReviewRecord { repository: None, asked_by, ..with_findings("r9", 7, &[("f", "p")]) };
    store.save_review(&elsewhere).await.unwrap();

    let of_core = || ReviewFilter { repository: Some("gitlab:bank/core".to_owned()), ..every(2) };
    let mut pages = Vec::new();
    let mut before = None;
    loop {
        let page = store.reviews(&ReviewFilter { before, ..of_core() }).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id.clone());
        pages.push(page.into_iter().map(|review| review.id).collect::<Vec<_>>().join(" "));
    }
    assert_eq!(pages, ["r4 r3", "r2 r1", "r0"]);

    for (repository, reviews) in [("bank/core", 5), ("core", 0), ("github:bank/core", 0)] {
        let named = ReviewFilter { repository: Some(repository.to_owned()), ..every(10) };
        assert_eq!(store.reviews(&named).await.unwrap().len(), reviews, "{repository}");
    }

    let failed = ReviewFilter { state: Some(ReviewState::Failed), ..every(10) };
    let listed = store.reviews(&failed).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].id.as_str(), listed[0].blocking), ("r9", 1));
    assert_eq!(listed[0].findings, BTreeMap::from([(Severity::Blocker, 1)]));
    assert_eq!(listed[0].asked_by, elsewhere.asked_by);
    assert_eq!((listed[0].asked_at, listed[0].ended_at), (elsewhere.asked_at, elsewhere.ended_at));
}

fn every(limit: u32) -> ReviewFilter {
    ReviewFilter { limit, ..ReviewFilter::default() }
}
