//! The report that every CI server shows as tests: JUnit XML.
//!
//! A review in; one suite a file with findings and one for the review itself out. What blocks is a failure,
//! what does not block is skipped, what could not be reviewed is an error.

use std::io;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite, XmlString};

use super::shown::{FileFindings, Shown, ShownFinding};
use super::words::Words;
use super::{Options, summary, visible};
use crate::gate::State;
use crate::text::Locale;

/// Writes the report.
pub(super) fn render(shown: &Shown<'_>, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let words = Words::of(options.locale);
    let mut report = Report::new("countersign");
    report.add_test_suite(review_suite(shown, options.locale));
    report.add_test_suites(shown.by_file().iter().map(|file| file_suite(file, words, options.locale)));
    let mut xml = Vec::new();
    report.serialize(&mut xml).map_err(io::Error::other)?;
    out.write_all(&xml)
}

/// The gate, and each file that was not read.
fn review_suite(shown: &Shown<'_>, locale: Locale) -> TestSuite {
    let words = Words::of(locale);
    let mut suite = TestSuite::new("countersign");
    let outcome = words.outcome(shown);
    let facts: Vec<_> = summary::facts(shown, locale)
        .into_iter()
        .flat_map(|fact| {
            fact.lines.into_iter().map(move |line| format!("{}{}{line}", fact.label, words.colon))
        })
        .collect();
    let mut gate = TestCase::new(xml(words.gate), gate_status(shown.state, &outcome));
    gate.set_classname("countersign").set_system_out(xml(&facts.join("\n")));
    suite.add_test_case(gate);
    for unread in &shown.coverage.unread {
        let line = summary::unread_line(unread, words);
        let status = match unread.leaves_gap {
            true => non_success(NonSuccessKind::Error, &line),
            false => skipped(&line),
        };
        let mut case = TestCase::new(xml(&format!("{} {}", words.coverage, unread.path)), status);
        case.set_classname(xml(&unread.path));
        suite.add_test_case(case);
    }
    suite
}

fn gate_status(state: State, outcome: &str) -> TestCaseStatus {
    match state {
        State::Passed => TestCaseStatus::success(),
        State::Failed => non_success(NonSuccessKind::Failure, outcome),
        State::NotReviewed | State::Partial => non_success(NonSuccessKind::Error, outcome),
    }
}

fn file_suite(file: &FileFindings<'_, '_>, words: &Words, locale: Locale) -> TestSuite {
    let mut suite = TestSuite::new(xml(file.path));
    suite.add_test_cases(file.findings.iter().map(|finding| case(finding, words, locale)));
    suite
}

fn case(finding: &ShownFinding<'_>, words: &Words, locale: Locale) -> TestCase {
    let policy = finding.policy;
    let start = finding.location.start;
    let message = finding.message.get(locale);
    let mut status = match finding.blocks {
        true => non_success(NonSuccessKind::Failure, message),
        false => skipped(&format!("{message} ({})", words.does_not_block)),
    };
    status
        .set_type(xml(&format!("{} {}", policy.severity, policy.id)))
        .set_description(xml(&description(finding, words, locale)));
    let name = format!("{} {} ({}:{})", policy.code, policy.title.get(locale), start.line, start.column);
    let mut case = TestCase::new(xml(&name), status);
    case.set_classname(xml(&finding.location.path));
    case.extra.insert("file".into(), xml(&finding.location.path));
    case.extra.insert("line".into(), start.line.to_string().into());
    case
}

/// What a person reads who opens the test.
fn description(finding: &ShownFinding<'_>, words: &Words, locale: Locale) -> String {
    let (policy, start) = (finding.policy, finding.location.start);
    let mut text = format!("{}:{}:{}\n", finding.location.path, start.line, start.column);
    for (number, line) in finding.excerpt.iter().flat_map(super::excerpt::Excerpt::numbered) {
        text.push_str(&format!("{number:>5} | {line}\n"));
    }
    let judgement = summary::judgement(finding, words);
    let notes = [(words.why, &policy.rationale), (words.remedy, &policy.remedy)];
    let notes = notes.map(|(label, body)| (label, body.get(locale).trim()));
    let judgement = judgement.as_deref().map(|judgement| (words.decided_by, judgement));
    for (label, body) in judgement.into_iter().chain(notes) {
        text.push_str(&format!("{label}{}{body}\n", words.colon));
    }
    text
}

fn non_success(kind: NonSuccessKind, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(xml(message));
    status
}

fn skipped(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(xml(message));
    status
}

/// Text without characters that XML forbids.
fn xml(text: &str) -> XmlString {
    XmlString::new(visible::lines(text))
}
