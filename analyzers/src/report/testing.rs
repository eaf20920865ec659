//! Reviews for tests, made by hand: the one place that builds the values a report is made from.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::finding::{Decider, Finding, Fix, Frame, Location, Origin, Position, Related};
use crate::gate::State;
use crate::policy::{Confidence, Enforcement, PathScope, Policy, Reference, Severity};
use crate::report::{Format, Options, render};
use crate::review::asked::{Asked, OpenQuestion, Rejection, Tokens, Unjudged};
use crate::review::{Basis, Coverage, Excluded, Review, Subject, Unread};
use crate::text::Text;

/// A policy with texts in both languages.
pub(crate) fn policy() -> Policy {
    let reference = |standard: &str, clause: &str, verified| Reference {
        standard: standard.into(),
        clause: clause.into(),
        verified,
        note: None,
    };
    Policy {
        id: "money/binary-floating-point".into(),
        code: "CB-MONEY-001".into(),
        title: both("Binary floating point holds money", "金额使用了二进制浮点数"),
        severity: Severity::Blocker,
        enforcement: Enforcement::Block,
        has_earned_block: false,
        confidence: Confidence::Certain,
        languages: vec![grammars::Language::Java],
        cwe: vec![1339, 79],
        references: vec![reference("SEI CERT", "NUM04-J", true), reference("PCI DSS v4.0.1", "6.2.4", false)],
        objective: "Money is held in decimal types.".into(),
        rationale: both(
            "A double cannot hold ten cents, so sums drift and ledgers stop agreeing. Auditors find it later.",
            "double 无法精确表示一角钱，累加后账目会不平。审计才会发现。",
        ),
        success_criteria: Text::default(),
        failure_criteria: Text::default(),
        remedy: both("Use `BigDecimal` with an explicit scale.", "请使用指定精度的 `BigDecimal`。"),
        exceptions: None,
        supersedes: Vec::new(),
        paths: PathScope::default(),
        checks: Vec::new(),
        file: "money/binary-floating-point.yaml".into(),
    }
}

pub(crate) fn both(en: &str, zh: &str) -> Text {
    Text { en: en.into(), zh: Some(zh.into()) }
}

pub(crate) fn at(path: &str, start: (u32, u32), end: (u32, u32)) -> Location {
    let position = |(line, column)| Position { line, column };
    Location {
        path: path.into(),
        start: position(start),
        end: position(end),
        declaration: vec!["LedgerService".into(), "post".into()],
    }
}

/// `code` as the frame, with the first `marked` of it found, and no fix.
pub(crate) fn finding(policy: Policy, path: &str, first_line: u32, code: &str, marked: &str) -> Finding {
    let byte = code.find(marked).unwrap();
    let place = |byte: usize| {
        let before = &code[..byte];
        let line = before.matches('\n').count() as u32;
        (first_line + line, before.rsplit('\n').next().unwrap().chars().count() as u32 + 1)
    };
    let location = at(path, place(byte), place(byte + marked.len()));
    Finding {
        policy: Arc::new(policy),
        fingerprint: format!("{:032x}", 0xC0DE + u128::from(location.start.line)),
        origin: Origin::Introduced,
        decided_by: Decider::Proof,
        why: None,
        is_dismissed: false,
        location,
        frame: Frame { first_line, lines: code.split('\n').map(str::to_owned).collect() },
        message: both("`amount` is money in a `double`", "`amount` 是金额，却存放在 `double` 中"),
        flow: Vec::new(),
        related: Vec::new(),
        fix: None,
    }
}

/// One finding with everything that a finding can have, and files that were not read.
pub(crate) fn failed() -> Review {
    let code =
        "    void post(Entry entry) {\n        double amount = entry.amount();\n        ledger.add(amount);";
    let mut worst = finding(policy(), "core/ledger/LedgerService.java", 41, code, "double");
    worst.related = vec![Related {
        location: at("core/ledger/LedgerService.java", (43, 20), (43, 26)),
        message: both("the amount is booked here", "金额在此入账"),
    }];
    worst.fix = Some(Fix { location: worst.location.clone(), replacement: "BigDecimal".into() });
    let advice = Policy {
        id: "logging/secret-in-log".into(),
        code: "CB-LOG-002".into(),
        title: both("A log line holds a secret", "日志中包含敏感信息"),
        severity: Severity::Minor,
        enforcement: Enforcement::Warn,
        confidence: Confidence::Likely,
        cwe: Vec::new(),
        references: Vec::new(),
        ..policy()
    };
    let mut second = finding(
        advice,
        "core/app.py",
        7,
        "log.info(\"card 4111 1111 1111 1111\", user)",
        "4111 1111 1111 1111",
    );
    second.message = both("card 4111111111111111 is logged", "日志写入了卡号 4111111111111111");
    Review {
        subject: Subject::Change { base: Some("a".repeat(40)), head: Some("b".repeat(40)) },
        state: State::Failed,
        fail_on: Severity::Major,
        findings: vec![second, worst],
        dismissed: Vec::new(),
        pre_existing: BTreeMap::from([("money/rounding".into(), 4)]),
        coverage: Coverage {
            files: 14,
            files_in_scope: 13,
            files_reviewed: 12,
            regions: 9,
            regions_reviewed: 8,
            lines: 1204,
            unread: vec![
                unread("core/Old.java", Some((3, 9)), "the code does not parse here", false),
                unread("core/Huge.java", None, "12000000 bytes is more than a review reads", true),
            ],
            excluded: vec![Excluded {
                path: "gen/Api.java".into(),
                filter: "src/**".into(),
                leaves_gap: false,
            }],
            questions_unasked: BTreeMap::from([("money/rounding".into(), 12)]),
            questions_unjudged: BTreeMap::new(),
            asked: None,
        },
        basis: basis(),
    }
}

/// A review with a model: it decided one finding, dismissed another, and left questions open.
pub(crate) fn judged() -> Review {
    let retry = Policy {
        id: "trust/retry".into(),
        code: "CB-TRUST-003".into(),
        title: both("A retry without a key", "重试没有幂等键"),
        severity: Severity::Major,
        enforcement: Enforcement::Warn,
        ..policy()
    };
    let mut told = finding(retry.clone(), "core/Pay.java", 7, "client.retry(call);", "client.retry(call)");
    told.decided_by = Decider::Model;
    told.message = both("the call may be booked twice", "该调用可能重复入账");
    told.why = Some("the call is sent again without a key".into());
    let mut dismissed = finding(retry, "core/Pay.java", 30, "probe.retry(ping);", "probe.retry(ping)");
    dismissed.why = Some("a probe books nothing".into());
    dismissed.is_dismissed = true;
    let open = |line, reason| OpenQuestion {
        path: "core/Pay.java".into(),
        line,
        policy: "trust/retry".into(),
        reason,
    };
    let asked = Asked {
        prompts: 5,
        questions: 4,
        answered: 2,
        doubts: 1,
        dismissed: 1,
        unjudged: BTreeMap::from([(Unjudged::Unclear, 1), (Unjudged::Truncated, 1)]),
        rejected: BTreeMap::from([(Rejection::QuoteNotFound, 2)]),
        tokens: Tokens { prompt: 9000, cached: 4000, thinking: 2500, answer: 500 },
        open: vec![open(11, Some(Unjudged::Unclear)), open(12, Some(Unjudged::Truncated)), open(90, None)],
        ..Asked::default()
    };
    let mut review =
        Review { subject: failed().subject, findings: vec![told], dismissed: vec![dismissed], ..passed() };
    review.coverage.questions_unasked = BTreeMap::from([("trust/retry".into(), 1)]);
    review.coverage.questions_unjudged = BTreeMap::from([("trust/retry".into(), 2)]);
    review.coverage.asked = Some(asked);
    review
}

pub(crate) fn unread(path: &str, lines: Option<(u32, u32)>, reason: &str, leaves_gap: bool) -> Unread {
    Unread { path: path.into(), lines, reason: reason.into(), leaves_gap }
}

fn basis() -> Basis {
    Basis { engine: "0.1.0".into(), policies_digest: "1a2b3c4d5e6f7a8b9c0d".into(), policies: 41 }
}

/// A review that found nothing.
pub(crate) fn passed() -> Review {
    Review {
        subject: Subject::Tree,
        state: State::Passed,
        fail_on: Severity::Major,
        findings: Vec::new(),
        dismissed: Vec::new(),
        pre_existing: BTreeMap::new(),
        coverage: Coverage {
            files: 2,
            files_in_scope: 1,
            files_reviewed: 1,
            regions: 1,
            regions_reviewed: 1,
            lines: 20,
            ..Coverage::default()
        },
        basis: basis(),
    }
}

/// The report as text.
pub(crate) fn report(review: &Review, format: Format, options: &Options) -> String {
    let mut out = Vec::new();
    render(review, format, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
