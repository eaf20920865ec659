//! A bank's days: enough of everything for pages to show, and the pages as files for people to look at.

use jiff::{Timestamp, ToSpan};

use super::desk;
use crate::api::shelf::FindingCount;
use crate::api::testing::judged::{judged, unanswered};
use crate::api::testing::{Memory, PAYMENTS, get, id, opinion, record, reviewed};
use crate::record::FeedbackVerdict;
use crate::record::{AskedBy, Outcome};

/// A change with a hunk in the midst of a file, a finding with a fix, and a character that nobody sees.
pub(super) const LIMITS: &str = include_str!("../../../../tests/fixtures/limits.diff");

/// A memory in which the pages have something to show.
pub(super) fn bank() -> Memory {
    let mut memory = Memory::default();
    let now = Timestamp::now();
    let payments = || Outcome::Reviewed(Box::new(reviewed(PAYMENTS)));
    let limits = || Outcome::Reviewed(Box::new(reviewed(LIMITS)));
    let clean = || Outcome::Reviewed(Box::new(reviewed(CLEAN)));
    let outcomes = [
        Outcome::Running,
        payments(),
        limits(),
        clean(),
        partial(),
        Outcome::Stale,
        clean(),
        Outcome::NotReviewed { reason: "gitlab.bank.example could not be reached for 5 attempts".to_owned() },
        clean(),
        clean(),
        Outcome::Reviewed(Box::new(judged("the call is sent again without a key, as `client.retry` shows"))),
        Outcome::Reviewed(Box::new(unanswered())),
    ];
    memory.reviews = (1..).zip(outcomes).map(|(number, outcome)| record(number, 0, outcome)).collect();
    for (at, review) in (0_i64..).zip(&mut memory.reviews) {
        review.asked_at = now - (at * at * 23 + 1).minutes();
        review.ended_at = review.ended_at.map(|_| review.asked_at + (at * 13 % 90).seconds());
    }
    memory.reviews[6].asked_by = AskedBy::Caller { token: Some("li-wei-ide".to_owned()) };
    memory.reviews[9].repository = Some("gitlab:bank/channels/mobile-app".to_owned());
    memory.counts = counts(now);
    memory.queue.oldest_waiting_since = Some(now - 4.minutes());
    memory.dead[0].died_at = now - 1.hour();
    memory
}

fn partial() -> Outcome {
    let mut partial = reviewed(CLEAN);
    partial.document.state = analyzers::gate::State::Partial;
    partial.document.coverage.regions += 2;
    partial.document.coverage.files_in_scope += 1;
    partial.document.coverage.unread.push(analyzers::review::Unread {
        path: "core/generated/Rates.java".to_owned(),
        lines: None,
        reason: "7340032 bytes is more than a review reads".to_owned(),
        leaves_gap: true,
    });
    Outcome::Reviewed(Box::new(partial))
}

pub(super) fn counts(now: Timestamp) -> Vec<FindingCount> {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let policies =
        ["money/binary-floating-point", "injection/sql-text", "audit/console-output", "crypto/weak-random"];
    let repositories = ["gitlab:bank/core", "gitlab:bank/channels/mobile-app", "github:bank/risk"];
    let mut counts = Vec::new();
    for day in 0..30_usize {
        for (at, policy) in policies.iter().enumerate() {
            let count = (day * 7 + at * 5) % (9 - at * 2).max(2);
            counts.push(FindingCount {
                day: today - (day as i64).days(),
                policy: (*policy).to_owned(),
                repository: Some(repositories[(day + at) % 3].to_owned()),
                count,
            });
        }
    }
    counts.retain(|count| count.count > 0);
    counts
}

const CLEAN: &str =
    "diff --git a/core/src/main/java/bank/ledger/Rates.java b/core/src/main/java/bank/ledger/Rates.java
index 1e9890f..2e9890f 100644
--- a/core/src/main/java/bank/ledger/Rates.java
+++ b/core/src/main/java/bank/ledger/Rates.java
@@ -1,4 +1,4 @@
 class Rates {
-    int days = 365;
+    int days = 360;
     int months = 12;
 }
";

/// Writes the pages where a person can look at them: `cargo test -p server pages_to_look_at -- --ignored`.
#[tokio::test]
#[ignore = "writes files for people to look at"]
async fn pages_to_look_at() {
    let memory = bank();
    let first = reviewed(PAYMENTS).document.findings[0].fingerprint.clone();
    memory.feedback.lock().unwrap().push(opinion(
        &first,
        FeedbackVerdict::Wrong,
        "A fee rate, not an amount.",
    ));
    let (_, router) = desk(memory);
    let folder = std::env::temp_dir().join("countersign-pages");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("style.css"), crate::dashboard::page::STYLE).unwrap();
    let pages = [
        ("reviews", "/".to_owned()),
        ("payments", format!("/reviews/{}", id(2))),
        ("limits", format!("/reviews/{}", id(3))),
        ("partial", format!("/reviews/{}", id(5))),
        ("judged", format!("/reviews/{}", id(11))),
        ("unanswered", format!("/reviews/{}", id(12))),
        ("findings", "/findings".to_owned()),
        ("queue", "/queue".to_owned()),
        ("policies", "/policies".to_owned()),
        ("policy", "/policies/money/binary-floating-point".to_owned()),
        ("trouble", "/reviews/none".to_owned()),
    ];
    for (name, path) in pages {
        for language in ["en", "zh"] {
            let html = get(&router, &format!("{path}?lang={language}")).await.text;
            let html = html
                .replace(crate::dashboard::page::style_path(), "style.css")
                .replace("http-equiv=\"refresh\"", "");
            std::fs::write(folder.join(format!("{name}-{language}.html")), html).unwrap();
        }
    }
    println!("{}", folder.display());
}
