//! What the model was asked in a review, what is open and why, and what it dismissed.
//!
//! A document in; numbers and lists for the review's page, without hidden characters, out.

use analyzers::policy::Severity;
use analyzers::report::document::{Document, FindingRecord};
use analyzers::report::{reasons, visible};
use analyzers::review::asked::{Asked, OpenQuestion};
use analyzers::text::Text;

use super::prose::Prose;
use super::words::Words;

/// The questions of a review.
pub(super) struct Questions {
    /// Said where there was no model.
    pub(super) no_model: Option<String>,
    /// What a model was asked.
    pub(super) asked: Option<AskedView>,
    /// Questions that nobody asked, by policy.
    pub(super) unasked: Vec<(String, usize)>,
    pub(super) open: Vec<Open>,
    /// Open questions that are not listed.
    pub(super) more: usize,
    pub(super) dismissed: Vec<Dismissed>,
}

/// What a model was asked, in numbers.
pub(super) struct AskedView {
    pub(super) questions: usize,
    pub(super) answered: usize,
    /// Counts with their reasons.
    pub(super) unjudged: Vec<String>,
    pub(super) unasked: usize,
    /// Dismissed ones, of all doubtful findings.
    pub(super) doubts: Option<(usize, usize)>,
    pub(super) rejected: usize,
    pub(super) tokens: String,
}

/// A question without an answer that counts.
pub(super) struct Open {
    pub(super) policy: String,
    pub(super) place: String,
    pub(super) why: &'static str,
}

/// A finding that the model dismissed.
pub(super) struct Dismissed {
    pub(super) severity: Severity,
    pub(super) policy: String,
    pub(super) code: String,
    pub(super) place: String,
    pub(super) message: Prose,
    pub(super) why: Prose,
}

/// The questions of a review; nothing where there was nothing to ask.
pub(super) fn questions(document: &Document, words: &Words) -> Option<Questions> {
    let coverage = &document.coverage;
    let asked = coverage.asked.as_ref();
    if coverage.open() == 0 && asked.is_none_or(|asked| asked.prompts == 0) {
        return None;
    }
    let no_model = asked.is_none().then(|| (words.counts.no_model)(coverage.questions()));
    let open: Vec<Open> =
        asked.iter().flat_map(|asked| &asked.open).map(|question| open(question, words)).collect();
    Some(Questions {
        no_model,
        asked: asked.map(|asked| view(asked, coverage.questions(), words)),
        unasked: coverage.questions_unasked.clone().into_iter().collect(),
        more: asked.map_or(0, |_| coverage.open().saturating_sub(open.len())),
        open,
        dismissed: document.dismissed.iter().map(|finding| dismissed(finding, words)).collect(),
    })
}

fn view(asked: &Asked, unasked: usize, words: &Words) -> AskedView {
    AskedView {
        questions: asked.questions,
        answered: asked.answered,
        unjudged: reasons::counted(&asked.unjudged, words.locale()),
        unasked,
        doubts: (asked.doubts > 0).then_some((asked.dismissed, asked.doubts)),
        rejected: asked.rejected.values().sum(),
        tokens: (words.counts.tokens)(&asked.tokens),
    }
}

fn open(question: &OpenQuestion, words: &Words) -> Open {
    Open {
        policy: visible::line(&question.policy).into_owned(),
        place: format!("{}:{}", visible::line(&question.path), question.line),
        why: reasons::reason(question.reason, words.locale()),
    }
}

fn dismissed(finding: &FindingRecord, words: &Words) -> Dismissed {
    Dismissed {
        severity: finding.policy.severity,
        policy: finding.policy.id.clone(),
        code: finding.policy.code.clone(),
        place: format!("{}:{}", visible::line(&finding.location.path), finding.location.start.line),
        message: Prose::of(&finding.message, words),
        why: said(finding, words),
    }
}

/// What the model says of a finding, in its own words.
pub(super) fn said(finding: &FindingRecord, words: &Words) -> Prose {
    Prose::of(&Text::from(finding.why.as_deref().unwrap_or_default()), words)
}
