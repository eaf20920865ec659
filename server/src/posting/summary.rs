//! The one note that sums a review up and is edited in place.
//!
//! A review in; its state, what it found, what it did and did not read, and what it is bound to, out. The
//! rows of findings that are not beside the code come last, since only the plan knows which they are.

use analyzers::report::document::Document;
use analyzers::review::{Basis, Coverage, Excluded, Unread};

use super::escape::{Composer, clip, code, prose};
use super::marker::normalised;
use super::words::{Words, state_sign};
use super::{Options, comment, questions, review_page};
use crate::record::{Binding, Outcome, ReviewRecord, ReviewState};

/// Unread files that a summary names: enough to act on, few enough to read.
const MOST_UNREAD: usize = 10;

/// Characters of a path, and of a reason.
const PATH: usize = 200;
const REASON: usize = 300;

/// Digits of a commit or a digest that people compare by eye.
const DIGITS: usize = 12;

/// Bytes of the facts and of the rows. Together, and with what is folded, they stay within what every forge takes.
const FACTS_BYTES: usize = 22_000;
const ROWS_BYTES: usize = 22_000;

/// A summary that still wants its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Summary {
    facts: String,
    folds: String,
    page: String,
}

/// The summary of a review.
pub(crate) fn of(record: &ReviewRecord, head: &str, options: &Options) -> Summary {
    let words = Words::of(options.locale);
    let mut facts = Composer::within(FACTS_BYTES);
    for fact in heading(record, words).into_iter().chain(facts_of(record, head, options)) {
        facts.push(&fact);
    }
    let page = options.public_url.as_ref().map(|url| {
        // The address is the operator's own; in angle brackets none of its characters ends the link.
        format!("\n[{}](<{}>)\n", words.summary.page, review_page(url, &record.id))
    });
    let folds = match &record.outcome {
        Outcome::Reviewed(reviewed) => questions::folds(&reviewed.document, options),
        Outcome::Running | Outcome::NotReviewed { .. } | Outcome::Stale => String::new(),
    };
    Summary { facts: facts.finish(words.summary.and_more), folds, page: page.unwrap_or_default() }
}

impl Summary {
    /// The text, with these rows of findings that are not beside the code.
    pub(crate) fn text(&self, rows: &[&str], options: &Options) -> String {
        format!("{}{}", self.told(rows, options), self.page)
    }

    /// Whether a comment says this already. It may link to the page of another review that said the same.
    pub(crate) fn is_said_by(&self, standing: &str, rows: &[&str], options: &Options) -> bool {
        let (standing, told) = (normalised(standing), normalised(&self.told(rows, options)));
        let page = standing.strip_prefix(&told).map(str::trim);
        page.is_some_and(|page| is_same_but_for_the_review(page, self.page.trim()))
    }

    fn told(&self, rows: &[&str], options: &Options) -> String {
        format!("{}{}{}", self.facts, self.folds, table(rows, options))
    }
}

/// Names of reviews are equally long, and stand at the end.
fn is_same_but_for_the_review(page: &str, other: &str) -> bool {
    let address = |page: &'_ str| page.rfind('/').map_or(page.len(), |end| end + 1);
    page.len() == other.len() && page[..address(page)] == other[..address(other)]
}

/// What a state means, in a few words.
pub(crate) fn meaning(record: &ReviewRecord, words: &Words) -> String {
    let (findings, blocking, answers) = match &record.outcome {
        Outcome::Reviewed(reviewed) => {
            let Document { findings, blocking, coverage, .. } = &reviewed.document;
            (findings.len(), *blocking, coverage.lacks_only_answers().then(|| coverage.open()))
        }
        Outcome::Running | Outcome::NotReviewed { .. } | Outcome::Stale => (0, 0, None),
    };
    let Words { summary: words, model, .. } = words;
    match record.outcome.state() {
        ReviewState::Running => words.at_work.to_owned(),
        ReviewState::Passed if findings == 0 => words.nothing_found.to_owned(),
        ReviewState::Passed => words.nothing_blocks.to_owned(),
        ReviewState::Failed => (words.blocking)(blocking),
        ReviewState::NotReviewed => words.nothing_read.to_owned(),
        ReviewState::Partial => answers.map_or_else(|| words.part_unread.to_owned(), model.answers_missing),
        ReviewState::Stale => words.head_moved.to_owned(),
    }
}

fn heading(record: &ReviewRecord, words: &Words) -> [String; 2] {
    let state = record.outcome.state();
    [
        format!("### {} Countersign{}{}\n\n", state_sign(state), words.colon, words.state(state)),
        format!("{}\n\n", meaning(record, words)),
    ]
}

fn facts_of(record: &ReviewRecord, head: &str, options: &Options) -> Vec<String> {
    let words = Words::of(options.locale);
    let labels = &words.summary;
    let mut facts = match &record.outcome {
        Outcome::Reviewed(reviewed) => reviewed_facts(&reviewed.document, &record.bound_to, options),
        Outcome::NotReviewed { reason } => vec![(labels.reason, prose(&clip(reason, REASON)))],
        Outcome::Running | Outcome::Stale => Vec::new(),
    };
    facts.push((labels.commit, code(head)));
    let facts = facts.iter().filter(|(_, text)| !text.is_empty());
    facts.map(|(label, text)| format!("- **{label}**{}{text}\n", words.colon)).collect()
}

fn reviewed_facts(document: &Document, bound_to: &Binding, options: &Options) -> Vec<(&'static str, String)> {
    let words = Words::of(options.locale);
    let labels = &words.summary;
    let mut facts =
        vec![(labels.findings, findings(document, words)), (labels.read, read(&document.coverage, words))];
    facts.extend(unread(&document.coverage, words).into_iter().map(|line| (labels.not_read, line)));
    facts.extend(left_out(&document.coverage, words).into_iter().map(|line| (labels.left_out, line)));
    facts.extend(questions::facts(document, options));
    facts.push((labels.gate, (labels.fails_from)(words.severity(document.fail_on))));
    facts.push((labels.basis, basis(&document.basis, bound_to, words)));
    facts
}

fn findings(document: &Document, words: &Words) -> String {
    let severities: Vec<_> = document.findings.iter().map(|finding| finding.policy.severity).collect();
    let mut parts = vec![words.counts(&severities)];
    let before: usize = document.pre_existing.values().sum();
    if before > 0 {
        parts.push((words.summary.pre_existing)(before));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(words.comma)
}

fn read(coverage: &Coverage, words: &Words) -> String {
    let parts = [
        (words.summary.regions)(coverage.regions_reviewed, coverage.regions),
        (words.summary.files)(coverage.files_reviewed, coverage.files_in_scope),
        (words.summary.lines)(coverage.lines),
    ];
    parts.join(words.comma)
}

fn unread(coverage: &Coverage, words: &Words) -> Vec<String> {
    let mut unread: Vec<_> = coverage.unread.iter().collect();
    unread.sort_by_key(|file| !file.leaves_gap);
    let mut lines: Vec<_> = unread.iter().take(MOST_UNREAD).map(|file| unread_line(file, words)).collect();
    if unread.len() > MOST_UNREAD {
        lines.push((words.summary.and_more)(unread.len() - MOST_UNREAD));
    }
    lines
}

fn left_out(coverage: &Coverage, words: &Words) -> Vec<String> {
    let excluded = &coverage.excluded;
    let line =
        |file: &Excluded| format!("{} {}", code(&clip(&file.path, PATH)), code(&clip(&file.filter, PATH)));
    let mut lines: Vec<_> = excluded.iter().take(MOST_UNREAD).map(line).collect();
    if excluded.len() > MOST_UNREAD {
        lines.push((words.summary.and_more)(excluded.len() - MOST_UNREAD));
    }
    lines
}

fn unread_line(unread: &Unread, words: &Words) -> String {
    let part = unread
        .lines
        .map(|(first, last)| format!("{}{}", words.comma, (words.summary.source_lines)(first, last)))
        .unwrap_or_default();
    let (path, reason) = (code(&clip(&unread.path, PATH)), prose(&clip(&unread.reason, REASON)));
    format!("{path}{part}{}{reason}", words.colon)
}

fn basis(basis: &Basis, bound_to: &Binding, words: &Words) -> String {
    let labels = &words.summary;
    let digits = |digest: &str| code(&comment::short(digest, DIGITS));
    let mut parts = vec![
        format!("Countersign {}", prose(&clip(&basis.engine, PATH))),
        format!("{} {}", (labels.policies)(basis.policies), digits(&basis.policies_digest)),
    ];
    if let Some(merge_base) = &bound_to.merge_base {
        parts.push(format!("{} {}", labels.merge_base, digits(merge_base)));
    }
    parts.push(match &bound_to.configuration {
        Some(configuration) => format!("{} {}", labels.configuration, digits(configuration)),
        None => labels.no_configuration.to_owned(),
    });
    parts.join(words.comma)
}

fn table(rows: &[&str], options: &Options) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let words = &Words::of(options.locale).summary;
    let mut text = format!(
        "\n<details><summary>{}</summary>\n\n| {} | {} | {} |\n|---|---|---|\n",
        (words.elsewhere)(rows.len()),
        words.severity,
        words.finding,
        words.place
    );
    let mut bytes = 0;
    let fitting = rows.iter().take_while(|row| {
        bytes += row.len();
        bytes <= ROWS_BYTES
    });
    let shown = fitting.map(|row| text.push_str(row)).count();
    if shown < rows.len() {
        text.push_str(&format!("| | {} | |\n", (words.and_more)(rows.len() - shown)));
    }
    text.push_str("\n</details>\n");
    text
}

#[cfg(test)]
mod tests;
