//! Statuses in every state and both languages.

use analyzers::gate::State;
use analyzers::text::Locale;

use super::*;
use crate::posting::testing::{HOSTILE, added, document, finding, options, record, reviewed, unread};
use crate::record::Reviewed;

fn described(outcome: Outcome, locale: Locale) -> (Light, String) {
    let status = commit_status(&record(outcome), "abc", &Options { locale, ..options() });
    assert_eq!((status.commit.as_str(), status.url), ("abc", None));
    (status.light, status.description)
}

fn outcome(state: State, findings: Vec<FindingRecord>) -> Outcome {
    let mut document = document(state, findings);
    if state == State::Partial || state == State::NotReviewed {
        document.coverage.files_reviewed = 8;
        document.coverage.unread = vec![unread("core/Huge.java", "12 MB is more than a review reads")];
    }
    Outcome::Reviewed(Box::new(Reviewed { document, change: added(9) }))
}

fn findings() -> Vec<FindingRecord> {
    let mut findings = vec![finding(1, 1), finding(2, 2), finding(3, 3)];
    findings[1].policy.severity = Severity::Major;
    findings[2].policy.severity = Severity::Info;
    findings[2].blocks = false;
    findings
}

#[test]
fn every_state_says_what_it_is_and_why() {
    let harmless = || findings().split_off(2);
    for (outcome, light, en, zh) in [
        (
            outcome(State::Failed, findings()),
            Light::Red,
            "failed: 2 findings block the merge (1 blocker, 1 major)",
            "未通过：2 个问题阻止合并 (1 阻断，1 严重)",
        ),
        (outcome(State::Passed, Vec::new()), Light::Green, "passed: nothing found", "通过：没有发现问题"),
        (
            outcome(State::Passed, harmless()),
            Light::Green,
            "passed: 1 finding (1 info), nothing here blocks the merge",
            "通过：1 个问题 (1 提示)，没有阻止合并的问题",
        ),
        (
            outcome(State::Partial, Vec::new()),
            Light::Red,
            "partial: 8 of 13 files; core/Huge.java: 12 MB is more than a review reads",
            "部分审查：8/13 个文件; core/Huge.java: 12 MB is more than a review reads",
        ),
        (
            Outcome::NotReviewed { reason: "the fetch brought too much".to_owned() },
            Light::Red,
            "not reviewed: the fetch brought too much",
            "未审查：the fetch brought too much",
        ),
        (
            Outcome::Stale,
            Light::Red,
            "stale: a newer commit took this one's place; its review is on the way",
            "已过期：已有更新的提交，正在审查新的提交",
        ),
        (Outcome::Running, Light::Pending, "running: the review is on the way", "审查中：正在审查"),
    ] {
        assert_eq!(described(outcome.clone(), Locale::En), (light, en.to_owned()));
        assert_eq!(described(outcome, Locale::Zh), (light, zh.to_owned()));
    }
    assert_eq!(pending("abc", &options()).light, Light::Pending);
}

#[test]
fn a_description_is_one_short_visible_line() {
    for text in HOSTILE {
        let (_, description) = described(Outcome::NotReviewed { reason: text.repeat(50) }, Locale::En);
        assert!(description.chars().count() <= 140, "{description}");
        assert!(!description.contains(analyzers::report::visible::is_hidden), "{description:?}");
    }
}

#[test]
fn every_finding_is_an_annotation_beside_its_lines() {
    let mut findings = findings();
    findings[0].message = "two\nlines \u{202e} <b>".into();
    let check = commit_status(&reviewed(findings, added(1)), "abc", &options()).check;
    let levels: Vec<_> = check.annotations.iter().map(|annotation| annotation.level).collect();
    assert_eq!(levels, [AnnotationLevel::Failure, AnnotationLevel::Failure, AnnotationLevel::Notice]);
    let first = &check.annotations[0];
    assert_eq!((first.start_line, first.end_line), (1, 1));
    assert_eq!(first.title, "CB-MONEY-001 Binary floating point holds money");
    assert_eq!(
        first.message,
        "two\nlines <U+202E> <b>\n\nA double cannot hold ten cents.\n\nUse `BigDecimal`."
    );
    let mut judged = finding(4, 4);
    (judged.decided_by, judged.why) = (Decider::Model, Some("sent \u{202e} twice".to_owned()));
    let told =
        &commit_status(&reviewed(vec![judged], added(1)), "abc", &options()).check.annotations[0].message;
    assert!(told.contains("\n\nJudged by the model, quote verified: sent <U+202E> twice\n\n"), "{told}");
    assert!(check.summary.contains("3 findings that are not beside the code"), "{}", check.summary);
    assert_eq!(check.title, "failed: 2 findings block the merge");
}
