//! Asks about the code as a proposed replacement would make it: a breach that is still seen there is not mended.
//!
//! Trials with proposed replacements in; the same trials, with those alone that the model finds clean, out.

use std::ops::Range;

use crate::candidate::{Candidate, Replacement};
use crate::model::Prompt;
use crate::region::SourceFile;
use crate::review::asked::{Asked, Rejection};
use crate::verdict::allowance::Allowance;
use crate::verdict::excerpt::Removed;
use crate::verdict::inquest::Court;
use crate::verdict::prompt::{self, Material};
use crate::verdict::site::{Inquiry, Matter, Site};
use crate::verdict::together;
use crate::verdict::trial::{Bench, Case, Settled, Trial};
use crate::verdict::veil::Veil;

/// A replacement on trial.
struct Proposal<'t> {
    /// The breach that it is to mend.
    told: &'t mut Candidate,
    /// The file with it.
    file: SourceFile,
    trial: Trial,
}

/// Drops the replacements after which the model does not call the code clean, or can be asked no more.
pub(super) fn confirm<'t>(
    trials: impl Iterator<Item = (&'t mut Trial, Option<&'t SourceFile>)>,
    court: &Court<'_>,
    allowance: &mut Allowance,
    record: &mut Asked,
) {
    let mut proposals: Vec<Proposal<'t>> = Vec::new();
    for (trial, file) in trials {
        let Trial { inquiry, cases, .. } = trial;
        for case in cases {
            let Case::Settled(Settled::Told(told)) = case else { continue };
            let Some(fix) = told.fix.clone() else { continue };
            let changed = file.and_then(|file| apply(&fix, file));
            let posed = changed.map(|file| (pose(told, &fix, inquiry, &file, court), file));
            match posed.filter(|(trial, _)| allowance.takes(&trial.prompt)) {
                Some((trial, file)) => proposals.push(Proposal { told, file, trial }),
                None => drop_fix(told, record),
            }
        }
    }
    let prompts: Vec<&Prompt> = proposals.iter().map(|proposal| &proposal.trial.prompt).collect();
    let completions = together::complete(court.model, court.budget.max_concurrent, &prompts);
    record.prompts += prompts.len();
    for (Proposal { told, file, mut trial }, completion) in proposals.into_iter().zip(completions) {
        let (veil, changed) = (Veil::over(file.text()), trial.inquiry.site.changed.clone());
        let bench = Bench { file: &file, veil: &veil, changed: &changed, find: court.find };
        if let Ok(completion) = &completion {
            record.tokens.add(completion.usage);
        }
        trial.hear(completion.as_ref(), &bench, record);
        if !matches!(trial.cases.as_slice(), [Case::Settled(Settled::Clean)]) {
            drop_fix(told, record);
        }
    }
}

fn drop_fix(told: &mut Candidate, record: &mut Asked) {
    told.fix = None;
    *record.rejected.entry(Rejection::FixUnproved).or_default() += 1;
}

fn apply(fix: &Replacement, file: &SourceFile) -> Option<SourceFile> {
    let mut text = file.text().to_owned();
    text.replace_range(fix.range.clone(), &fix.text);
    file.with_text(text)
}

/// The question of the breach, about the file with the replacement.
fn pose(told: &Candidate, fix: &Replacement, asked: &Inquiry, file: &SourceFile, court: &Court<'_>) -> Trial {
    let (veil, removed) = (Veil::over(file.text()), Removed::by(None));
    let material = Material {
        file,
        veil: &veil,
        removed: &removed,
        elsewhere: court.elsewhere,
        locale: court.locale,
        max_thinking_tokens: court.budget.max_thinking_tokens,
    };
    let site = Site {
        home: moved(&asked.site.home, fix),
        changed: asked.site.changed.iter().map(|range| moved(range, fix)).collect(),
    };
    let inquiry = Inquiry { site, matter: Matter::Questions(vec![told.clone()]), line: asked.line };
    let (prompt, redactor) = prompt::pose(&inquiry, &material);
    Trial::new(inquiry, prompt, redactor)
}

/// Where a stretch is once the replacement is made.
fn moved(range: &Range<usize>, fix: &Replacement) -> Range<usize> {
    let (old, new_end) = (&fix.range, fix.range.start + fix.text.len());
    let start =
        if range.start >= old.end { range.start - old.end + new_end } else { range.start.min(old.start) };
    let end = if range.end >= old.end { range.end - old.end + new_end } else { range.end.min(new_end) };
    start..end.max(start)
}
