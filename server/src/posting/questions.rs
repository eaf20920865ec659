//! What a summary says of the model: what it was asked and answered, what is open and why, what it dismissed.
//!
//! A document in; a few facts, and lists folded away, out. Paths, policies and the model's words are escaped and cut.

use analyzers::report::document::{Document, FindingRecord};
use analyzers::report::reasons;
use analyzers::review::asked::{Asked, OpenQuestion};

use super::Options;
use super::comment;
use super::escape::{clip, code, prose};
use super::words::Words;

/// Lines of a folded list: enough to see what it is about; the review's page has the rest.
const MOST_NAMED: usize = 20;

/// Bytes of a folded list.
const FOLD_BYTES: usize = 8_000;

/// Characters of a path or a name.
const NAME: usize = 200;

/// The facts: one calm line where there is no model, a few where there is one, none where nothing was to be asked.
pub(super) fn facts(document: &Document, options: &Options) -> Vec<(&'static str, String)> {
    let words = &Words::of(options.locale).model;
    let unasked = document.coverage.questions();
    let Some(asked) = &document.coverage.asked else {
        let count = (unasked > 0).then(|| (words.label, (words.no_model)(unasked)));
        return count.into_iter().collect();
    };
    let unjudged = reasons::counted(&asked.unjudged, options.locale).join(Words::of(options.locale).comma);
    let facts = [
        (words.label, told(asked, options)),
        (words.open, unjudged),
        (words.unasked, if unasked > 0 { (words.no_more)(unasked) } else { String::new() }),
    ];
    facts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// What was asked and answered, and what it took.
fn told(asked: &Asked, options: &Options) -> String {
    let words = Words::of(options.locale);
    if asked.prompts == 0 {
        return String::new();
    }
    let mut parts = Vec::new();
    if asked.questions > 0 {
        parts.push((words.model.asked)(asked.questions));
        parts.push((words.model.answered)(asked.answered));
    }
    if asked.doubts > 0 {
        parts.push((words.model.doubts)(asked.dismissed, asked.doubts));
    }
    parts.push((words.model.tokens)(asked.tokens.all()));
    parts.join(words.comma)
}

/// What the model dismissed, and what is open, each folded away.
pub(super) fn folds(document: &Document, options: &Options) -> String {
    let words = &Words::of(options.locale).model;
    let open = document.coverage.asked.as_ref().map(|asked| asked.open.as_slice()).unwrap_or_default();
    let dismissed = &document.dismissed;
    let titles = ((words.dismissed)(dismissed.len()), (words.open_questions)(document.coverage.open()));
    let dismissals = dismissed.iter().map(|finding| dismissal(finding, options));
    let questions = open.iter().map(|question| open_question(question, options));
    format!(
        "{}{}",
        fold(&titles.0, dismissals, dismissed.len(), options),
        fold(&titles.1, questions, document.coverage.open(), options)
    )
}

/// A folded list; nothing where it is empty.
fn fold(title: &str, mut lines: impl Iterator<Item = String>, all: usize, options: &Options) -> String {
    let Some(first) = lines.next() else { return String::new() };
    let mut text = format!("\n<details><summary>{title}</summary>\n\n");
    let mut bytes = 0;
    let fitting = std::iter::once(first).chain(lines).take(MOST_NAMED).take_while(|line| {
        bytes += line.len();
        bytes <= FOLD_BYTES
    });
    let shown = fitting.map(|line| text.push_str(&line)).count();
    if shown < all {
        let words = &Words::of(options.locale).summary;
        text.push_str(&format!("- {}\n", (words.and_more)(all - shown)));
    }
    text.push_str("\n</details>\n");
    text
}

fn dismissal(finding: &FindingRecord, options: &Options) -> String {
    let words = Words::of(options.locale);
    let why = prose(&clip(finding.why.as_deref().unwrap_or_default(), comment::WHY));
    let place = code(&comment::place(&finding.location));
    format!("- {} {place}{}“{why}”\n", code(&clip(&finding.policy.id, NAME)), words.colon)
}

fn open_question(question: &OpenQuestion, options: &Options) -> String {
    let words = Words::of(options.locale);
    let place = code(&format!("{}:{}", clip(&question.path, NAME), question.line));
    let why = reasons::reason(question.reason, options.locale);
    format!("- {} {place}{}{why}\n", code(&clip(&question.policy, NAME)), words.colon)
}

#[cfg(test)]
mod tests;
