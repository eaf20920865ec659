//! The comment beside code: one finding in, its Markdown out, with and without a one-click suggestion.
//!
//! What is wrong comes first, then why, how to mend it, and the proof, folded. Texts are escaped and cut;
//! the whole stays within what every forge takes.

use analyzers::finding::Decider;
use analyzers::policy::Reference;
use analyzers::report::document::{ChangeRecord, FindingRecord, LocationRecord, PolicyRecord};
use analyzers::report::visible;

use super::Options;
use super::escape::{Composer, clip, code, fenced, html_code, prose};
use super::suggestion::{self, OneClick};
use super::words::{Words, severity_sign};
use crate::merge_request::ForgeKind;

/// Bytes of a comment. With its marker and a line above it stays within the 65,000 that every forge takes.
pub(crate) const MOST_BYTES: usize = 63_000;

/// Bytes that are kept free for the line about parts that are left out.
const LEFT_OUT_LINE: usize = 500;

/// Digits of a fingerprint that people copy.
pub(crate) const FINGERPRINT_SHOWN: usize = 12;

/// Characters of one text, before it is escaped.
const MESSAGE: usize = 900;
const NOTE: usize = 900;
const TITLE: usize = 150;
pub(super) const WHY: usize = 400;
const PATH: usize = 300;

/// Standards, places and lines that a comment names.
const MOST_STANDARDS: usize = 6;
const MOST_RELATED: usize = 12;
const MOST_LINES: usize = 40;
const LINE: usize = 240;

/// A finding as a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The text for any place.
    pub(crate) text: String,
    /// The text with a suggestion, for that suggestion's lines only.
    pub(crate) with_suggestion: Option<(OneClick, String)>,
}

/// The comment that tells a finding.
pub(crate) fn tell(
    finding: &FindingRecord,
    change: &ChangeRecord,
    forge: ForgeKind,
    options: &Options,
) -> Told {
    let words = Words::of(options.locale);
    let replacement = finding.fix.as_ref().and_then(|fix| suggestion::replacement(fix, change));
    let diff = finding.fix.as_ref().and_then(|fix| suggestion::diff(fix, replacement.as_ref()));
    let titled =
        |block: String| format!("**{}{}**\n\n{block}\n", words.comment.suggestion, words.colon.trim_end());
    let one_click = replacement.and_then(|found| suggestion::one_click(&found, &finding.location, forge));
    let with_suggestion = one_click.map(|one_click| {
        let text = compose(finding, &titled(one_click.block.clone()), options);
        (one_click, text)
    });
    Told { text: compose(finding, &diff.map(titled).unwrap_or_default(), options), with_suggestion }
}

/// The text of a comment whose finding is gone. `old` is its text, where the service itself wrote it.
pub(crate) fn fixed(old: Option<&str>, head: &str, options: &Options) -> String {
    let words = &Words::of(options.locale).comment;
    let line = (words.fixed_in)(&code(&short(head, FINGERPRINT_SHOWN)));
    match old.filter(|old| old.len() <= MOST_BYTES) {
        Some(old) => format!("{line}\n\n{old}"),
        None => format!("{line}\n\n{}", words.text_left_out),
    }
}

/// A finding in one row of a table: severity, what is wrong, where.
pub(crate) fn row(finding: &FindingRecord, options: &Options) -> String {
    let policy = &finding.policy;
    let words = Words::of(options.locale);
    let severity = words.severity(policy.severity);
    let judged = match finding.decided_by {
        Decider::Proof => String::new(),
        Decider::Model => format!(" — {}", words.model.judged_in_short),
    };
    let severity = if finding.blocks { format!("**{severity}**") } else { severity.to_owned() };
    format!(
        "| {} {severity} | {} {}{judged} | {} |\n",
        severity_sign(policy.severity),
        code(&clip(&policy.code, TITLE)),
        prose(&clip(finding.message.get(options.locale), MESSAGE)),
        code(&place(&finding.location)),
    )
}

/// That the model decided, and why in its own words; nothing where proof did.
pub(crate) fn judgement(finding: &FindingRecord, options: &Options) -> String {
    let words = Words::of(options.locale);
    let why = prose(&clip(finding.why.as_deref().unwrap_or_default(), WHY));
    match finding.decided_by {
        Decider::Proof => String::new(),
        Decider::Model if why.is_empty() => format!("**{}**\n\n", words.model.judged),
        Decider::Model => format!("**{}**{}{why}\n\n", words.model.judged, words.colon),
    }
}

/// What a policy says of itself: why it matters, how to mend a breach, and by which clauses.
pub(crate) fn notes(policy: &PolicyRecord, options: &Options) -> Vec<String> {
    let words = Words::of(options.locale);
    let notes = [
        (words.comment.why, policy.rationale.get(options.locale).to_owned()),
        (words.comment.remedy, policy.remedy.get(options.locale).to_owned()),
        (words.comment.clauses, clauses(&policy.references, &policy.cwe)),
    ];
    let notes = notes.iter().filter(|(_, text)| !text.trim().is_empty());
    notes.map(|(label, text)| format!("**{label}**{}{}\n\n", words.colon, prose(&clip(text, NOTE)))).collect()
}

/// The verified clauses by standard, and the weaknesses, in one line.
pub(crate) fn clauses(references: &[Reference], cwe: &[u32]) -> String {
    let mut standards: Vec<(&str, Vec<&str>)> = Vec::new();
    for reference in references.iter().filter(|reference| reference.is_authority()) {
        match standards.iter_mut().find(|(standard, _)| *standard == reference.standard) {
            Some((_, clauses)) => clauses.push(&reference.clause),
            None => standards.push((&reference.standard, vec![&reference.clause])),
        }
    }
    let more = standards.len().saturating_sub(MOST_STANDARDS);
    let named = standards.iter().take(MOST_STANDARDS);
    let mut parts: Vec<_> =
        named.map(|(standard, clauses)| format!("{standard} {}", clauses.join(", "))).collect();
    if more > 0 {
        parts.push(format!("+{more}"));
    }
    parts.extend(cwe.iter().map(|number| format!("CWE-{number}")));
    parts.join("; ")
}

/// Where a finding is: path and line.
pub(crate) fn place(location: &LocationRecord) -> String {
    format!("{}:{}", clip(&location.path, PATH), location.start.line)
}

/// The first digits of a name that is too long to read.
pub(crate) fn short(name: &str, digits: usize) -> String {
    name.chars().take(digits).collect()
}

fn compose(finding: &FindingRecord, suggestion: &str, options: &Options) -> String {
    let words = Words::of(options.locale);
    let hint = hint(finding, options);
    let mut text = Composer::within(MOST_BYTES - LEFT_OUT_LINE - hint.len());
    text.push(&title(finding, options));
    text.push(&format!("{}\n\n", prose(&clip(finding.message.get(options.locale), MESSAGE))));
    text.push(&judgement(finding, options));
    for note in notes(&finding.policy, options) {
        text.push(&note);
    }
    text.push(suggestion);
    text.push(&proof(finding, options));
    let text = text.finish(words.comment.parts_left_out);
    format!("{text}\n{hint}")
}

fn title(finding: &FindingRecord, options: &Options) -> String {
    let words = Words::of(options.locale);
    let policy = &finding.policy;
    let blocks = if finding.blocks { format!(" — {}", words.comment.blocks) } else { String::new() };
    format!(
        "{} **{} · {} · {}**{blocks}\n\n",
        severity_sign(policy.severity),
        words.severity(policy.severity),
        prose(&clip(&policy.code, TITLE)),
        prose(&clip(policy.title.get(options.locale), TITLE)),
    )
}

fn hint(finding: &FindingRecord, options: &Options) -> String {
    let fingerprint = short(&finding.fingerprint, FINGERPRINT_SHOWN);
    let command = code(&format!("@{} fp {fingerprint} …", clip(&options.handle, TITLE)));
    format!("{}\n", (Words::of(options.locale).comment.hint)(&command))
}

fn proof(finding: &FindingRecord, options: &Options) -> String {
    let words = Words::of(options.locale);
    let mut text = format!(
        "<details><summary>{} {}</summary>\n\n",
        words.comment.proof,
        html_code(&place(&finding.location))
    );
    let declaration = &finding.location.declaration;
    if !declaration.is_empty() {
        let path = clip(&declaration.join(" › "), PATH).into_owned();
        text.push_str(&format!("{} {}\n\n", words.comment.inside, code(&path)));
    }
    if let Some(excerpt) = &finding.excerpt {
        let lines: Vec<_> = (excerpt.first_line..)
            .zip(excerpt.lines.iter().take(MOST_LINES))
            .map(|(number, line)| format!("{number:>5} | {}", visible::line(&clip(line, LINE))))
            .collect();
        text.push_str(&fenced("", &lines.join("\n")));
    }
    text.push_str(&way(finding, words));
    for related in finding.related.iter().take(MOST_RELATED) {
        let message = prose(&clip(related.message.get(options.locale), LINE));
        text.push_str(&format!("- {} {message}\n", code(&place(&related.location))));
    }
    if finding.related.len() > MOST_RELATED {
        let more = finding.related.len() - MOST_RELATED;
        text.push_str(&format!("- {}\n", (words.summary.and_more)(more)));
    }
    text.push_str("\n</details>\n");
    text
}

/// The places that a value comes through, from its source on; the last ones where there are too many.
fn way(finding: &FindingRecord, words: &Words) -> String {
    let mut places: Vec<String> = finding.flow.iter().map(place).collect();
    places.dedup();
    if places.is_empty() {
        return String::new();
    }
    let left_out = places.len().saturating_sub(MOST_STEPS);
    let mut text = format!("{}\n\n", words.comment.way);
    for (number, place) in (1..).zip(&places).filter(|(number, _)| *number == 1 || *number > left_out + 1) {
        text.push_str(&format!("{number}. {}\n", code(place)));
    }
    text.push('\n');
    text
}

/// Steps of a way that a comment shows.
const MOST_STEPS: usize = 16;

#[cfg(test)]
mod tests;
