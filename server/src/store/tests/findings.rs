//! Findings over time, and feedback on them.

use analyzers::policy::Severity;
use jiff::Timestamp;

use super::on_every_database;
use super::reviews::with_findings;
use crate::record::ReviewRecord;
use crate::store::Store;
use crate::store::findings::{Feedback, FeedbackVerdict, Grouping};

on_every_database!(
    findings_are_counted_by_day,
    the_latest_finding_of_a_name_is_found,
    feedback_is_kept_in_order
);

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

async fn three_reviews(store: &Store) {
    let reviews = [
        ("r1", "2026-11-22T23:59:59.999Z", &[("f1", "money/float")][..]),
        ("r2", "2026-11-23T00:00:00Z", &[("f1", "money/float"), ("f2", "trust/tls")]),
        ("r3", "2026-11-23T12:00:00Z", &[("f1", "money/float")]),
    ];
    for (id, ended_at, findings) in reviews {
        let ended_at = Some(at(ended_at));
        let repository = (id != "r1").then(|| "gitlab:bank/core".to_owned());
        let review = ReviewRecord { ended_at, repository, ..with_findings(id, 7, findings) };
        store.save_review(&review).await.unwrap();
    }
}

async fn findings_are_counted_by_day(store: Store) {
    three_reviews(&store).await;
    let counted = async |since: &str, grouping| -> Vec<String> {
        let counts = store.finding_counts(at(since), grouping).await.unwrap();
        let line = |count: &crate::store::findings::DayCount| {
            format!("{} {} {} {}", count.day, count.name, count.findings, count.blocking)
        };
        counts.iter().map(line).collect()
    };
    let by_policy = counted("2026-11-01T00:00:00Z", Grouping::Policy).await;
    assert_eq!(
        by_policy,
        ["2026-11-22 money/float 1 1", "2026-11-23 money/float 1 1", "2026-11-23 trust/tls 1 1"]
    );
    let by_repository = counted("2026-11-01T00:00:00Z", Grouping::Repository).await;
    assert_eq!(by_repository, ["2026-11-22  1 1", "2026-11-23 gitlab:bank/core 2 2"]);
    assert_eq!(counted("2026-11-23T00:00:00Z", Grouping::Repository).await.len(), 1);
}

async fn the_latest_finding_of_a_name_is_found(store: Store) {
    three_reviews(&store).await;
    let finding = store.finding("f1").await.unwrap().unwrap();
    assert_eq!((finding.review.as_str(), finding.line, finding.blocks), ("r3", 3, true));
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
    assert_eq!(store.feedback("f1").await.unwrap(), [sooner, later]);
    assert_eq!(store.feedback("f2").await.unwrap(), []);
}
