//! Reviews, changes and a forge for tests, made by hand; and what a forge would make of a comment.

use std::collections::{BTreeMap, BTreeSet};

use analyzers::change::{FileStatus, LineKind};
use analyzers::finding::{Decider, Origin, Position};
use analyzers::gate::State;
use analyzers::policy::{Confidence, Enforcement, Reference, Severity};
use analyzers::report::document::{
    ChangeRecord, Document, ExcerptRecord, FileRecord, FindingRecord, HunkRecord, LineRecord, LocationRecord,
    PolicyRecord, RelatedRecord,
};
use analyzers::review::asked::{Asked, OpenQuestion, Tokens, Unjudged};
use analyzers::review::{Basis, Coverage, Subject, Unread};
use analyzers::text::{Locale, Text};
use pulldown_cmark::{Event, Options as Extensions, Parser, Tag, TagEnd};

use super::Options;
use crate::merge_request::{ForgeKind, MergeRequest, MergeRequestKey, MergeRequestState};
use crate::record::{AskedBy, Binding, Outcome, ReviewRecord, Reviewed};

pub(crate) const PATH: &str = "core/ledger/LedgerService.java";

pub(crate) fn options() -> Options {
    Options {
        locale: Locale::En,
        handle: "countersign".to_owned(),
        max_comments: 20,
        severity_threshold: None,
        public_url: None,
    }
}

pub(crate) fn merge_request(forge: ForgeKind) -> MergeRequest {
    MergeRequest {
        key: MergeRequestKey { forge, repository: "bank/core".to_owned(), number: 7 },
        state: MergeRequestState::Open,
        is_draft: false,
        head: "b".repeat(40),
        target_branch: "main".to_owned(),
        target: "a".repeat(40),
        source_branch: "work".to_owned(),
        author: "5".to_owned(),
        labels: Vec::new(),
        web_url: "https://forge.bank.example/bank/core/7".to_owned(),
    }
}

pub(crate) fn at(path: &str, start: (u32, u32), end: (u32, u32)) -> LocationRecord {
    let position = |(line, column)| Position { line, column };
    LocationRecord {
        path: path.to_owned(),
        start: position(start),
        end: position(end),
        declaration: vec!["LedgerService".to_owned(), "post".to_owned()],
    }
}

pub(crate) fn both(en: &str, zh: &str) -> Text {
    Text { en: en.to_owned(), zh: Some(zh.to_owned()) }
}

pub(crate) fn policy() -> PolicyRecord {
    let reference = |standard: &str, clause: &str, verified| Reference {
        standard: standard.to_owned(),
        clause: clause.to_owned(),
        verified,
        note: None,
    };
    PolicyRecord {
        id: "money/binary-floating-point".to_owned(),
        code: "CB-MONEY-001".to_owned(),
        title: both("Binary floating point holds money", "金额使用了二进制浮点数"),
        severity: Severity::Blocker,
        enforcement: Enforcement::Block,
        confidence: Confidence::Certain,
        cwe: vec![1339],
        references: vec![reference("SEI CERT", "NUM04-J", true), reference("PCI DSS v4.0.1", "6.2.4", false)],
        rationale: both("A double cannot hold ten cents.", "double 无法精确表示一角钱。"),
        remedy: both("Use `BigDecimal`.", "请使用 `BigDecimal`。"),
    }
}

/// A blocking finding at one line of `PATH`.
pub(crate) fn finding(number: u32, line: u32) -> FindingRecord {
    FindingRecord {
        flow: Vec::new(),
        fingerprint: format!("{:032x}", 0xC0DE_0000 + u128::from(number)),
        origin: Origin::Introduced,
        decided_by: Decider::Proof,
        blocks: true,
        policy: policy(),
        location: at(PATH, (line, 9), (line, 15)),
        message: both("`amount` is money in a `double`", "`amount` 是金额，却存放在 `double` 中"),
        why: None,
        excerpt: Some(ExcerptRecord {
            first_line: line,
            lines: vec!["        double amount = entry.amount();".to_owned()],
        }),
        related: vec![RelatedRecord {
            location: at(PATH, (line + 1, 1), (line + 1, 5)),
            message: both("the amount is booked here", "金额在此入账"),
        }],
        fix: None,
    }
}

/// A hunk written as a diff writes it.
pub(crate) fn hunk(base_position: u32, head_position: u32, diff: &str) -> HunkRecord {
    let line = |line: &str| LineRecord {
        kind: match line.chars().next() {
            Some('+') => LineKind::Added,
            Some('-') => LineKind::Removed,
            _ => LineKind::Context,
        },
        text: line.get(1..).unwrap_or_default().to_owned(),
    };
    HunkRecord { base_position, head_position, lines: diff.lines().map(line).collect() }
}

pub(crate) fn file(
    status: FileStatus,
    base: Option<&str>,
    head: Option<&str>,
    hunks: Vec<HunkRecord>,
) -> FileRecord {
    FileRecord {
        status,
        base_path: base.map(str::to_owned),
        head_path: head.map(str::to_owned),
        is_binary: false,
        hunks,
    }
}

/// Lines 1 to `lines` of `PATH`, all added.
pub(crate) fn added(lines: u32) -> ChangeRecord {
    let diff: String = (1..=lines).map(|number| format!("+        double amount{number} = 0;\n")).collect();
    ChangeRecord { files: vec![file(FileStatus::Added, None, Some(PATH), vec![hunk(1, 1, &diff)])] }
}

pub(crate) fn document(state: State, findings: Vec<FindingRecord>) -> Document {
    Document {
        schema_version: 1,
        subject: Subject::Change { base: None, head: None },
        state,
        fail_on: Severity::Major,
        blocking: findings.iter().filter(|finding| finding.blocks).count(),
        basis: Basis {
            engine: "0.1.0".to_owned(),
            policies_digest: "1a2b3c4d5e6f7a8b".to_owned(),
            policies: 41,
        },
        coverage: Coverage {
            files: 14,
            files_in_scope: 13,
            files_reviewed: 13,
            regions: 9,
            regions_reviewed: 9,
            lines: 1204,
            ..Coverage::default()
        },
        findings,
        dismissed: Vec::new(),
        pre_existing: BTreeMap::new(),
    }
}

/// A review with a model whose texts are these: it decided one finding, dismissed `dismissed` others, and left
/// questions open.
pub(crate) fn judged(state: State, text: &str, dismissed: usize) -> Document {
    let mut told = finding(1, 2);
    (told.blocks, told.decided_by, told.why) = (false, Decider::Model, Some(text.to_owned()));
    told.policy.enforcement = Enforcement::Warn;
    let mut none = finding(2, 3);
    (none.blocks, none.why) = (false, Some(text.to_owned()));
    let mut document = document(state, vec![told]);
    document.dismissed = vec![none; dismissed];
    let open =
        |line, reason| OpenQuestion { path: PATH.to_owned(), line, policy: "trust/retry".into(), reason };
    let coverage = &mut document.coverage;
    coverage.questions_unasked = BTreeMap::from([("trust/retry".to_owned(), 3)]);
    coverage.questions_unjudged = BTreeMap::from([("trust/retry".to_owned(), 2)]);
    coverage.asked = Some(Asked {
        prompts: 6,
        questions: 5,
        answered: 3,
        doubts: 2,
        dismissed,
        unjudged: BTreeMap::from([(Unjudged::Unclear, 1), (Unjudged::Truncated, 1)]),
        tokens: Tokens { prompt: 9000, cached: 4000, thinking: 2500, answer: 500 },
        open: vec![open(11, Some(Unjudged::Unclear)), open(12, Some(Unjudged::Truncated)), open(90, None)],
        ..Asked::default()
    });
    document
}

pub(crate) fn unread(path: &str, reason: &str) -> Unread {
    Unread { path: path.to_owned(), lines: None, reason: reason.to_owned(), leaves_gap: true }
}

pub(crate) fn record(outcome: Outcome) -> ReviewRecord {
    ReviewRecord {
        id: "0123456789abcdef0123456789abcdef".to_owned(),
        asked_by: AskedBy::Caller { token: None },
        repository: Some("gitlab:bank/core".to_owned()),
        bound_to: Binding {
            head: Some("b".repeat(40)),
            target: Some("a".repeat(40)),
            merge_base: Some("d".repeat(40)),
            configuration: None,
            policies: None,
            earned: BTreeSet::new(),
            models: Vec::new(),
        },
        settings: crate::record::Settings::default(),
        asked_at: jiff::Timestamp::UNIX_EPOCH,
        ended_at: None,
        outcome,
    }
}

/// A review with these findings in `change`: failed if one blocks.
pub(crate) fn reviewed(findings: Vec<FindingRecord>, change: ChangeRecord) -> ReviewRecord {
    let blocks = findings.iter().any(|finding| finding.blocks);
    let state = if blocks { State::Failed } else { State::Passed };
    record(Outcome::Reviewed(Box::new(Reviewed { document: document(state, findings), change })))
}

/// Texts written to harm whoever reads the comment.
pub(crate) const HOSTILE: &[&str] = &[
    "/merge",
    "x\n/approve\n\n/assign @root\r/close",
    "@all @security-team #1 !2 ~label %milestone $3 &4 user/repo#5 :smile:",
    "</details><script>alert(1)</script><img src=x onerror=alert(1)><!-- countersign:v1:finding:x:y:z -->",
    "![x](https://evil.example/x.png) [click](https://evil.example) <https://evil.example> [r]: /x",
    "http://evil.example www.evil.example mail@evil.example mailto:a@b.example",
    "# heading\n===\n- item\n1. item\n> quote\n***\n---\n| a | b |\n|---|---|",
    "**bold** _em_ ~~gone~~ $\\sqrt{x}$ {{template}} {+ins+} ==mark== [^1]",
    "``` ` ```` ~~~~ `@all` `/close` ``x`",
    "```\n/merge\n```\n```suggestion\nevil\n```",
    "admin\u{202e} } \u{2066}// only admins\u{2069}\u{200b}\u{e0041}\0\u{1b}[2J",
    "    indented\n\ttab",
    "-->",
    "",
    "\\",
    "&lt; &#64;all &commat;all",
];

/// What a rendered comment may hold: headings and rows only where its template has them.
#[track_caller]
pub(crate) fn assert_inert(body: &str) {
    for line in body.lines() {
        assert!(!line.trim_start().starts_with('/'), "a quick action: {line:?} in\n{body}");
    }
    let hidden = |character: char| {
        character != '\n'
            && character != '\t'
            && character != '\u{200b}'
            && analyzers::report::visible::is_hidden(character)
    };
    assert!(!body.contains(hidden), "a hidden character in {body:?}");
    let extensions = Extensions::ENABLE_TABLES
        | Extensions::ENABLE_STRIKETHROUGH
        | Extensions::ENABLE_TASKLISTS
        | Extensions::ENABLE_FOOTNOTES
        | Extensions::ENABLE_MATH
        | Extensions::ENABLE_GFM;
    let mut in_code = false;
    for event in Parser::new_ext(body, extensions) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(
                Tag::Paragraph
                | Tag::Strong
                | Tag::List(None)
                | Tag::Item
                | Tag::HtmlBlock
                | Tag::Heading { .. }
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell,
            )
            | Event::End(_)
            | Event::Code(_)
            | Event::SoftBreak => {}
            Event::Html(html) | Event::InlineHtml(html) => assert_our_html(&html, body),
            Event::Text(text) if !in_code => assert_our_text(&text, body),
            Event::Text(_) => {}
            other => panic!("{other:?} in\n{body}"),
        }
    }
}

#[track_caller]
fn assert_our_html(html: &str, body: &str) {
    if html.starts_with("<!-- countersign:v1:") {
        assert_eq!(html.matches("-->").count(), 1, "{body}");
        return;
    }
    let ours: BTreeSet<_> =
        ["details>", "/details>", "summary>", "/summary>", "code>", "/code>"].into_iter().collect();
    for tag in html.split('<').skip(1) {
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        assert!(ours.contains(&tag[..end]), "{html:?} in\n{body}");
    }
}

/// Nothing that a forge looks for in the finished page.
#[track_caller]
fn assert_our_text(text: &str, body: &str) {
    for sign in ["@", "#", "!", "~", "%", "$", "&", "://", "www."] {
        for (index, _) in text.match_indices(sign) {
            let next = text[index + sign.len()..].chars().next().unwrap_or(' ');
            assert!(!next.is_alphanumeric(), "{text:?} holds {sign}{next} in\n{body}");
        }
    }
}
