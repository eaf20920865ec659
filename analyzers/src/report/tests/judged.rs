//! What the model did, in every report: what it decided and why, what it dismissed, what it left open.

use serde_json::{Value, json};

use super::check;
use crate::gate::State;
use crate::report::testing::{judged, passed, report};
use crate::report::{Format, Options};
use crate::review::Review;
use crate::text::Locale;

const JUDGED: &str = "the model, quote verified: the call is sent again without a key";
const JUDGED_ZH: &str = "由模型判断，引文已核实：the call is sent again without a key";

fn options(locale: Locale) -> Options {
    Options { locale, ..Options::default() }
}

fn sarif(review: &Review) -> Value {
    serde_json::from_str(&report(review, Format::Sarif, &Options::default())).unwrap()
}

/// A review that passed but for its open questions, where all must be answered.
fn required() -> Review {
    let mut review = Review { findings: Vec::new(), dismissed: Vec::new(), ..judged() };
    review.require_answers();
    assert_eq!(review.state, State::Partial);
    review
}

#[test]
fn a_developer_reads_who_decided_and_what_is_open() {
    check(
        &judged(),
        Format::Text,
        Locale::En,
        "
major[CB-TRUST-003]: A retry without a key
 --> core/Pay.java:7:1
  |
7 | client.retry(call);
  | ^^^^^^^^^^^^^^^^^^ the call may be booked twice
  |
  = decided by: the model, quote verified: the call is sent again without a key
  = why: A double cannot hold ten cents, so sums drift and ledgers stop agreeing.
  = fix: Use `BigDecimal` with an explicit scale.
  = authority: SEI CERT NUM04-J
  = policy: trust/retry

passed: nothing here blocks the merge
  findings   1 major
  read       1 of 1 region, 1 of 1 file, 20 lines
  the model  4 questions asked, 2 answered, 3 open
             5 prompts, 12000 tokens, 2 statements thrown away
  dismissed  trust/retry core/Pay.java:30: a probe books nothing
  unsettled  1 × the code does not decide it
             1 × the answer was cut off
  not asked  1 × not asked, the review may ask no more
  basis      Countersign 0.1.0, 41 policies, 1a2b3c4d5e6f
",
    );
}

#[test]
fn it_is_said_in_chinese() {
    let text = report(&judged(), Format::Text, &options(Locale::Zh));
    for said in [
        "= 判定：由模型判断，引文已核实：the call is sent again without a key",
        "提问 4 项，已回答 2 项，未决 3 项\n",
        "5 次请求，12000 个 token，2 条说法不成立，已弃用\n",
        "仅凭代码无法判断",
        "回答被截断",
        "提问额度已用完",
    ] {
        assert!(text.contains(said), "no `{said}` in\n{text}");
    }
}

#[test]
fn every_report_for_people_says_who_decided() {
    for format in [Format::Text, Format::Markdown, Format::Junit, Format::CodeQuality, Format::Sarif] {
        for (locale, said) in [(Locale::En, JUDGED), (Locale::Zh, JUDGED_ZH)] {
            let text = report(&judged(), format, &Options { width: 120, ..options(locale) });
            let text = text.replace("\n    ", " ").replace("&#58;", ":");
            assert!(text.contains(said), "{format} does not say `{said}`:\n{text}");
        }
    }
}

#[test]
fn what_proof_found_is_not_said_to_be_the_models() {
    let mut proved = judged();
    proved.findings[0].decided_by = crate::finding::Decider::Proof;
    for format in Format::all() {
        let text = report(&proved, format, &Options::default());
        assert!(!text.contains("quote verified"), "{format}: {text}");
    }
}

#[test]
fn a_review_that_lacks_only_answers_says_so() {
    for (locale, said) in [
        (Locale::En, "3 questions have no answer, and all must be answered here"),
        (Locale::Zh, "3 项提问没有得到回答，而此处要求全部回答"),
    ] {
        for format in [Format::Text, Format::Markdown, Format::Junit] {
            let text = report(&required(), format, &options(locale));
            assert!(text.contains(said), "{format}: {text}");
        }
    }
    let mut gap = required();
    gap.coverage.unread.push(crate::report::testing::unread("A.java", None, "too long", true));
    let text = report(&gap, Format::Text, &Options::default());
    assert!(text.contains("part of this could not be reviewed"), "{text}");
}

#[test]
fn sarif_shows_an_auditor_what_was_dismissed_and_counts_it_nowhere() {
    let log = sarif(&judged());
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    assert_eq!(results[0]["properties"]["countersign/decidedBy"], "model");
    assert_eq!(results[0]["suppressions"], Value::Null);
    let suppression =
        json!([{"kind": "external", "status": "accepted", "justification": "a probe books nothing"}]);
    assert_eq!(results[1]["suppressions"], suppression);
    let junit = report(&judged(), Format::Junit, &Options::default());
    assert!(junit.contains("tests=\"2\"") && !junit.contains("line=\"30\""), "{junit}");
    let quality: Value =
        serde_json::from_str(&report(&judged(), Format::CodeQuality, &Options::default())).unwrap();
    assert_eq!(quality.as_array().unwrap().len(), 1);
}

#[test]
fn sarif_names_open_questions_and_is_no_success_where_they_are_required() {
    for (review, level, success) in [(judged(), "note", true), (required(), "error", false)] {
        let log = sarif(&review);
        let invocation = &log["runs"][0]["invocations"][0];
        let told = invocation["toolExecutionNotifications"].as_array().unwrap();
        assert_eq!((told.len(), &invocation["executionSuccessful"]), (3, &json!(success)));
        assert_eq!(
            (&told[0]["level"], &told[0]["message"]["text"]),
            (&json!(level), &json!("trust/retry: the code does not decide it"))
        );
        assert_eq!(log["runs"][0]["properties"]["countersign/asked"]["answered"], 2);
        assert_eq!(log["runs"][0]["properties"]["countersign/asked"]["open"], json!([]));
    }
    assert_eq!(sarif(&passed())["runs"][0]["properties"]["countersign/asked"], Value::Null);
}
