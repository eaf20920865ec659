//! Findings over time, and feedback on them.

use analyzers::policy::Severity;
use jiff::Timestamp;

use super::on_every_database;
use super::reviews::with_findings;
use crate::record::FeedbackVerdict;
use crate::record::{AskedBy, Outcome, ReviewRecord};
use crate::store::Store;
use crate::store::findings::Feedback;

on_every_database!(
    findings_are_counted_by_day_and_once_for_each_merge_request,
    the_latest_finding_of_a_name_is_found,
    feedback_is_kept_in_order
);

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

async fn reviews(store: &Store) {
    let (float, tls) = (("f1", "money/float"), ("f2", "trust/tls"));
    // Merge request, name, end, findings.
    let reviews = [
        (6, "r1", "2026-11-22T23:59:59.999Z", &[float][..]),
        (7, "r2", "2026-11-22T12:00:00Z", &[float, tls]),
        (7, "r3", "2026-11-23T00:00:00Z", &[float, tls]),
        (8, "r4", "2026-11-23T12:00:00Z", &[float]),
    ];
    for (number, id, ended_at, findings) in reviews {
        let review = with_findings(id, number, findings);
        store.save_review(&ReviewRecord { ended_at: Some(at(ended_at)), ..review }).await.unwrap();
    }
    let asked_by = AskedBy::Caller { token: None };
    let of_an_ide = ReviewRecord { asked_by, ..with_findings("r5", 9, &[float]) };
    store.save_review(&of_an_ide).await.unwrap();
    let outcome = Outcome::NotReviewed { reason: "the forge is down".to_owned() };
    store.save_review(&ReviewRecord { outcome, ..with_findings("r6", 8, &[]) }).await.unwrap();
}

async fn findings_are_counted_by_day_and_once_for_each_merge_request(store: Store) {
    reviews(&store).await;
    let counted = async |since: &str| -> Vec<String> {
        let counts = store.finding_counts(at(since)).await.unwrap();
        counts.iter().map(|count| format!("{} {} {}", count.day, count.policy, count.findings)).collect()
    };
    let today = ["2026-11-23 money/float 2", "2026-11-23 trust/tls 1"];
    assert_eq!(counted("2026-11-23T00:00:00Z").await, today);
    assert_eq!(counted("2026-11-01T00:00:00Z").await, ["2026-11-22 money/float 1", today[0], today[1]]);
    let count = store.finding_counts(at("2026-11-23T00:00:00Z")).await.unwrap().remove(0);
    assert_eq!((count.blocking, count.repository.as_deref()), (2, Some("gitlab:bank/core")));
}

async fn the_latest_finding_of_a_name_is_found(store: Store) {
    reviews(&store).await;
    let finding = store.finding("f1").await.unwrap().unwrap();
    assert_eq!((finding.review.as_str(), finding.line, finding.blocks), ("r4", 3, true));
    assert_eq!((finding.severity, finding.path.as_str()), (Severity::Blocker, "ledger/Post\u{FFFD}ing.java"));
    assert_eq!(store.finding("f3").await.unwrap(), None);
}

async fn feedback_is_kept_in_order(store: Store) {
    let say = |verdict, reason: Option<&str>, second: i64| Feedback {
        fingerprint: "f1".to_owned(),
        verdict,
        reason: reason.map(str::to_owned),
        by: Some("ide".to_owned()),
        at: Timestamp::from_second(second).unwrap(),
    };
    let later = say(FeedbackVerdict::Right, None, 2);
    let sooner = say(FeedbackVerdict::Wrong, Some("a test double"), 1);
    store.add_feedback(&later).await.unwrap();
    store.add_feedback(&sooner).await.unwrap();
    let about = async |fingerprints: &[&str]| {
        let fingerprints: Vec<String> = fingerprints.iter().map(ToString::to_string).collect();
        store.feedback(&fingerprints).await.unwrap()
    };
    assert_eq!(about(&["f0", "f1", "\0'\""]).await, [sooner, later]);
    assert_eq!(about(&["f2"]).await, []);
    assert_eq!(about(&[]).await, []);
}
