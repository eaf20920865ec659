//! Gives what proof leaves open to the model and adds what it tells to what is proved.
//!
//! The walked files in; their drafts with breaches added, dismissals marked and fixes attached, and what the
//! coverage says of it, out. Nothing that is proved is taken away.

use crate::change::FileChange;
use crate::finding::collect;
use crate::model::Model;
use crate::region::SourceFile;
use crate::review::walk::{self, Outcome};
use crate::review::{Coverage, Request};
use crate::verdict::{self, Court, Docket, Findings, Inquest, Matter};

/// A file that was walked.
pub(super) struct Walked<'a> {
    pub(super) path: &'a str,
    /// None for a file that is scanned whole.
    pub(super) change: Option<&'a FileChange>,
}

/// Asks what is open, or counts it where there is nobody to ask.
pub(super) fn ask(
    walked: &[Walked<'_>],
    outcomes: &mut [Outcome],
    request: &Request<'_>,
    coverage: &mut Coverage,
) {
    match request.model {
        Some(model) => ask_model(model, walked, outcomes, request, coverage),
        None => outcomes.iter().for_each(|outcome| count(outcome, coverage)),
    }
}

fn count(outcome: &Outcome, coverage: &mut Coverage) {
    for inquiry in &outcome.open.inquiries {
        if let Matter::Questions(candidates) = &inquiry.matter {
            for candidate in candidates {
                *coverage.questions_unasked.entry(candidate.policy.id.clone()).or_default() += 1;
            }
        }
    }
}

fn ask_model(
    model: &dyn Model,
    walked: &[Walked<'_>],
    outcomes: &mut [Outcome],
    request: &Request<'_>,
    coverage: &mut Coverage,
) {
    let numbers: Vec<usize> =
        (0..outcomes.len()).filter(|&number| !outcomes[number].open.inquiries.is_empty()).collect();
    let Inquest { findings, asked, unasked, unjudged } = {
        let docket = |&number: &usize| Docket {
            path: walked[number].path,
            change: walked[number].change,
            changed: &outcomes[number].open.changed,
            inquiries: &outcomes[number].open.inquiries,
        };
        let dockets: Vec<Docket<'_>> = numbers.iter().map(docket).collect();
        let court = Court {
            model,
            budget: request.model_budget,
            locale: request.locale,
            elsewhere: &request.head,
            read: &|docket| walk::again(docket.path, docket.change, request),
            find: &|file: &SourceFile| walk::found(file, request),
        };
        verdict::hold(&dockets, &court)
    };
    for (number, findings) in numbers.into_iter().zip(findings) {
        take(findings, &mut outcomes[number]);
    }
    coverage.questions_unasked = unasked;
    coverage.questions_unjudged = unjudged;
    coverage.asked = Some(asked);
}

/// Adds what the model found out about a file.
fn take(findings: Findings, outcome: &mut Outcome) {
    let Findings { file: Some(file), told, dismissed, mended } = findings else { return };
    for (candidate, why) in dismissed {
        for draft in outcome.drafts.iter_mut().filter(|draft| draft.is_of(&candidate)) {
            draft.finding.is_dismissed = true;
            draft.finding.why = Some(why.clone());
        }
    }
    for (candidate, fix) in mended {
        for draft in outcome.drafts.iter_mut().filter(|draft| draft.is_of(&candidate)) {
            draft.finding.fix.get_or_insert_with(|| collect::fix(&fix, &file));
        }
    }
    outcome.drafts.extend(collect::drafts(&told, &outcome.open.proved, &file));
}
