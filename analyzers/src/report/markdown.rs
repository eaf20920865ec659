//! The report for a merge request comment or a CI summary: Markdown as GitLab, GitHub and Gitea read it.
//!
//! A review in; the state, a table, folded details and what was read, out. It stays within the length that
//! every forge takes, and nothing from code or policies is read as markup.

use std::io;

use super::escape::{code, fenced, html_code, html_prose, prose};
use super::shown::{Shown, ShownFinding, authorities};
use super::words::Words;
use super::{Options, diff, summary};
use crate::finding::Location;
use crate::gate::State;
use crate::text::Locale;

/// Bytes of the table and of the details. Together with the rest they stay within GitHub's 65,536.
const TABLE_BYTES: usize = 16_000;
const DETAILS_BYTES: usize = 44_000;

/// Writes the report.
pub(super) fn render(shown: &Shown<'_>, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let (locale, words) = (options.locale, Words::of(options.locale));
    let outcome = words.outcome(shown);
    writeln!(
        out,
        "### {} Countersign{}{}\n\n{outcome}\n",
        sign(shown.state),
        words.colon,
        words.state(shown.state)
    )?;
    let files = shown.by_file();
    let findings: Vec<_> = files.iter().flat_map(|file| file.findings.iter().copied()).collect();
    if !findings.is_empty() {
        writeln!(out, "| {} | {} | {} |\n|---|---|---|", words.severity, words.finding, words.place)?;
        let rows = findings.iter().map(|finding| row(finding, words, locale));
        out.write_all(
            within(TABLE_BYTES, rows, |left| format!("| | {} | |\n", (words.and_more)(left))).as_bytes(),
        )?;
        out.write_all(b"\n")?;
        let details = findings.iter().map(|finding| detail(finding, words, locale));
        out.write_all(
            within(DETAILS_BYTES, details, |left| format!("{}\n\n", (words.and_more)(left))).as_bytes(),
        )?;
    }
    out.write_all(facts(shown, locale).as_bytes())
}

/// As many parts as fit, and a line about those that do not.
fn within(bytes: usize, parts: impl Iterator<Item = String>, rest: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    let mut left = 0;
    for part in parts {
        match left == 0 && text.len() + part.len() <= bytes {
            true => text.push_str(&part),
            false => left += 1,
        }
    }
    if left > 0 {
        text.push_str(&rest(left));
    }
    text
}

fn sign(state: State) -> &'static str {
    match state {
        State::Passed => "✅",
        State::Failed => "❌",
        State::NotReviewed | State::Partial => "⚠️",
    }
}

fn row(finding: &ShownFinding<'_>, words: &Words, locale: Locale) -> String {
    let severity = words.name(finding.policy.severity);
    let severity = if finding.blocks { format!("**{severity}**") } else { severity.to_owned() };
    format!("| {severity} | {} | {} |\n", prose(finding.message.get(locale)), code(&place(finding.location)))
}

fn detail(finding: &ShownFinding<'_>, words: &Words, locale: Locale) -> String {
    let policy = finding.policy;
    let mut text = format!(
        "<details><summary><b>{}</b> {} {} {}</summary>\n\n{}\n\n",
        words.name(policy.severity),
        html_prose(&policy.code),
        html_prose(policy.title.get(locale)),
        html_code(&place(finding.location)),
        prose(finding.message.get(locale)),
    );
    if let Some(excerpt) = &finding.excerpt {
        let lines: Vec<_> =
            excerpt.numbered().map(|(number, line)| format!("{number:>5} | {line}")).collect();
        text.push_str(&fenced("", &lines.join("\n")));
    }
    if let Some(way) = way(finding.flow) {
        text.push_str(&format!("- **{}**{}{}\n", words.way, words.colon, code(&way)));
    }
    for related in &finding.related {
        let (place, message) = (code(&place(&related.location)), prose(related.message.get(locale)));
        text.push_str(&format!("- **{}**{}{place} {message}\n", words.related, words.colon));
    }
    let judgement = summary::judgement(finding, words).unwrap_or_default();
    let notes = [
        (words.decided_by, judgement.as_str()),
        (words.why, policy.rationale.get(locale)),
        (words.remedy, policy.remedy.get(locale)),
        (words.authority, &authorities(policy)),
        (words.policy, &policy.id),
    ];
    for (label, body) in notes.into_iter().filter(|(_, body)| !body.trim().is_empty()) {
        text.push_str(&format!("- **{label}**{}{}\n", words.colon, prose(body.trim())));
    }
    text.push_str(&suggestion(finding, words));
    text.push_str("\n</details>\n\n");
    text
}

fn suggestion(finding: &ShownFinding<'_>, words: &Words) -> String {
    let lines = finding.fix.as_ref().map(diff::lines).unwrap_or_default();
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<_> = lines.iter().map(|line| format!("{} {}", line.sign, line.text)).collect();
    format!("\n{}{}\n\n{}", words.suggestion, words.colon.trim_end(), fenced("diff", &lines.join("\n")))
}

fn facts(shown: &Shown<'_>, locale: Locale) -> String {
    let (facts, words) = (summary::facts(shown, locale), Words::of(locale));
    let lines = facts.iter().flat_map(|fact| fact.lines.iter().map(move |line| (fact.label, line)));
    lines.map(|(label, line)| format!("- **{label}**{}{}\n", words.colon, prose(line))).collect()
}

/// The lines on the way of a value, one after the other.
pub(super) fn way(flow: &[Location]) -> Option<String> {
    let mut places: Vec<String> = flow.iter().map(place).collect();
    places.dedup();
    if places.len() > MOST_STEPS {
        let left_out = places.len() - MOST_STEPS;
        places.splice(MOST_STEPS / 2..MOST_STEPS / 2 + left_out, [format!("… ({left_out})")]);
    }
    (!places.is_empty()).then(|| places.join(" → "))
}

/// Steps of a way that are shown.
const MOST_STEPS: usize = 12;

fn place(location: &Location) -> String {
    format!("{}:{}", location.path, location.start.line)
}
