//! Asks a model what the files of a change leave open, the worst first, within a budget.
//!
//! Inquiries by file in; what the model told with proof, what it dismissed and what it mended, out, and a record
//! in which everything that was to be asked is counted. One second try; what has no answer then stays open.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use crate::candidate::{Candidate, Elsewhere, Replacement};
use crate::change::FileChange;
use crate::model::{Completion, Model, ModelBudget, ModelError, Prompt};
use crate::region::SourceFile;
use crate::review::asked::{Asked, OpenQuestion, Unjudged};
use crate::text::Locale;
use crate::verdict::allowance::Allowance;
use crate::verdict::excerpt::Removed;
use crate::verdict::prompt::{self, Material};
use crate::verdict::recheck;
use crate::verdict::site::{Inquiry, Matter};
use crate::verdict::together;
use crate::verdict::trial::{Bench, Case, Settled, Trial};
use crate::verdict::veil::Veil;

/// Open questions that a record names.
const MOST_NAMED: usize = 200;

/// A file with something open.
pub(crate) struct Docket<'a> {
    pub(crate) path: &'a str,
    /// None for a file that is scanned whole.
    pub(crate) change: Option<&'a FileChange>,
    /// Every changed stretch.
    pub(crate) changed: &'a [Range<usize>],
    pub(crate) inquiries: &'a [Inquiry],
}

/// Who is asked, and what the answers are held against.
pub(crate) struct Court<'a> {
    pub(crate) model: &'a dyn Model,
    pub(crate) budget: ModelBudget,
    pub(crate) locale: Locale,
    pub(crate) elsewhere: &'a dyn Elsewhere,
    /// Reads a file again.
    pub(crate) read: &'a (dyn Fn(&Docket<'_>) -> Option<SourceFile> + Sync),
    /// Runs the checks over a file.
    pub(crate) find: &'a (dyn Fn(&SourceFile) -> Vec<Candidate> + Sync),
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Inquest {
    /// For each file with something open, in their order.
    pub(crate) findings: Vec<Findings>,
    pub(crate) asked: Asked,
    /// Questions that nobody asked, by policy id.
    pub(crate) unasked: BTreeMap<String, usize>,
    /// Questions without an answer that counts, by policy id.
    pub(crate) unjudged: BTreeMap<String, usize>,
}

/// What the model found out about one file.
#[derive(Default)]
pub(crate) struct Findings {
    /// The file as it was asked about.
    pub(crate) file: Option<SourceFile>,
    /// Breaches, each at its quote.
    pub(crate) told: Vec<Candidate>,
    /// Candidates that are none, and why.
    pub(crate) dismissed: Vec<(Candidate, String)>,
    /// Candidates with a proved replacement.
    pub(crate) mended: Vec<(Candidate, Replacement)>,
}

/// Where an inquiry stands: the file's number and its own.
type Place = (usize, usize);

/// An inquiry on trial, and where it stands.
struct Hearing {
    place: Place,
    trial: Trial,
}

/// Asks what is open.
pub(crate) fn hold(dockets: &[Docket<'_>], court: &Court<'_>) -> Inquest {
    let mut inquest =
        Inquest { findings: dockets.iter().map(|_| Findings::default()).collect(), ..Inquest::default() };
    let mut allowance = Allowance::new(&court.budget);
    let queue = queue(dockets);
    let (chosen, left) = queue.split_at(queue.len().min(court.budget.max_prompts));
    let mut hearings = Vec::new();
    let mut unasked: Vec<Place> = left.to_vec();
    for (place, posed) in pose(chosen, dockets, court, &mut inquest) {
        match posed {
            None => inquest.leave(dockets, place, Some(Unjudged::Unreadable)),
            Some(trial) if allowance.takes(&trial.prompt) => hearings.push(Hearing { place, trial }),
            Some(_) => unasked.push(place),
        }
    }
    unasked.into_iter().for_each(|place| inquest.leave(dockets, place, None));
    let first: Vec<_> = hearings.iter().map(|hearing| hearing.trial.prompt.clone()).enumerate().collect();
    inquest.round(&first, &mut hearings, dockets, court);
    let second = again(&hearings, &mut allowance);
    inquest.asked.repairs = second.len();
    inquest.round(&second, &mut hearings, dockets, court);
    let Inquest { findings, asked, .. } = &mut inquest;
    let trials = hearings.iter_mut().map(|Hearing { place, trial }| (trial, findings[place.0].file.as_ref()));
    recheck::confirm(trials, court, &mut allowance, asked);
    hearings.into_iter().for_each(|hearing| inquest.settle(hearing, dockets));
    inquest.asked.open.sort();
    inquest.asked.open.truncate(MOST_NAMED);
    inquest
}

/// Every inquiry, what matters most first, and of that what shares a prefix together.
fn queue(dockets: &[Docket<'_>]) -> Vec<Place> {
    let mut queue: Vec<Place> = dockets
        .iter()
        .enumerate()
        .flat_map(|(file, docket)| (0..docket.inquiries.len()).map(move |inquiry| (file, inquiry)))
        .collect();
    queue.sort_by_cached_key(|&(file, inquiry)| {
        let matter = &dockets[file].inquiries[inquiry].matter;
        let policies = matter.candidates().iter().map(|candidate| candidate.policy.id.clone());
        (matter.rank(), policies.collect::<Vec<_>>(), file, inquiry)
    });
    queue
}

/// The trials of what is chosen, in its order; none where a file cannot be read again.
fn pose(
    chosen: &[Place],
    dockets: &[Docket<'_>],
    court: &Court<'_>,
    inquest: &mut Inquest,
) -> Vec<(Place, Option<Trial>)> {
    let mut by_file: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    chosen.iter().for_each(|&(file, inquiry)| by_file.entry(file).or_default().push(inquiry));
    let posed: Vec<_> = by_file
        .into_par_iter()
        .map(|(number, inquiries)| {
            let docket = &dockets[number];
            let file = (court.read)(docket);
            let trials = file.as_ref().map(|file| trials(file, docket, &inquiries, court));
            let trials = match trials {
                Some(trials) => trials.into_iter().map(Some).collect(),
                None => inquiries.iter().map(|_| None).collect::<Vec<_>>(),
            };
            let places = inquiries.into_iter().map(move |inquiry| (number, inquiry));
            (number, file, places.zip(trials).collect::<Vec<_>>())
        })
        .collect();
    let mut trials: BTreeMap<Place, Option<Trial>> = BTreeMap::new();
    for (number, file, posed) in posed {
        inquest.findings[number].file = file;
        trials.extend(posed);
    }
    chosen.iter().map(|place| (*place, trials.remove(place).flatten())).collect()
}

fn trials(file: &SourceFile, docket: &Docket<'_>, inquiries: &[usize], court: &Court<'_>) -> Vec<Trial> {
    let veil = Veil::over(file.text());
    let removed = Removed::by(docket.change);
    let material = Material {
        file,
        veil: &veil,
        removed: &removed,
        elsewhere: court.elsewhere,
        locale: court.locale,
        max_thinking_tokens: court.budget.max_thinking_tokens,
    };
    let trial = |&inquiry: &usize| {
        let inquiry = &docket.inquiries[inquiry];
        let (prompt, redactor) = prompt::pose(inquiry, &material);
        Trial::new(inquiry.clone(), prompt, redactor)
    };
    inquiries.iter().map(trial).collect()
}

/// What a second try may help, as far as the allowance goes.
fn again(hearings: &[Hearing], allowance: &mut Allowance) -> Vec<(usize, Prompt)> {
    let prompts = hearings.iter().map(|hearing| hearing.trial.again()).enumerate();
    let prompts = prompts.filter_map(|(number, prompt)| Some((number, prompt?)));
    prompts.filter(|(_, prompt)| allowance.takes(prompt)).collect()
}

impl Inquest {
    /// Asks, each prompt for the hearing of its number, and takes in the completions.
    fn round(
        &mut self,
        prompts: &[(usize, Prompt)],
        hearings: &mut [Hearing],
        dockets: &[Docket<'_>],
        court: &Court<'_>,
    ) {
        let asked: Vec<&Prompt> = prompts.iter().map(|(_, prompt)| prompt).collect();
        let completions = together::complete(court.model, court.budget.max_concurrent, &asked);
        self.asked.prompts += prompts.len();
        self.hear(hearings, prompts, &completions, dockets, court);
    }

    fn hear(
        &mut self,
        hearings: &mut [Hearing],
        prompts: &[(usize, Prompt)],
        completions: &[Result<Completion, ModelError>],
        dockets: &[Docket<'_>],
        court: &Court<'_>,
    ) {
        let mut by_file: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, (number, _)) in prompts.iter().enumerate() {
            by_file.entry(hearings[*number].place.0).or_default().push(at);
        }
        for (number, heard) in by_file {
            let Some(file) = &self.findings[number].file else { continue };
            let veil = Veil::over(file.text());
            let bench = Bench { file, veil: &veil, changed: dockets[number].changed, find: court.find };
            for at in heard {
                let completion = completions[at].as_ref();
                if let Ok(completion) = completion {
                    self.asked.tokens.add(completion.usage);
                }
                hearings[prompts[at].0].trial.hear(completion, &bench, &mut self.asked);
            }
        }
    }

    /// Takes in what came of an inquiry.
    fn settle(&mut self, hearing: Hearing, dockets: &[Docket<'_>]) {
        let Hearing { place: (number, _), trial } = hearing;
        let is_question = matches!(trial.inquiry.matter, Matter::Questions(_));
        match is_question {
            true => self.asked.questions += trial.cases.len(),
            false => self.asked.doubts += trial.cases.len(),
        }
        for (candidate, case) in trial.inquiry.matter.candidates().iter().zip(trial.cases) {
            let findings = &mut self.findings[number];
            let unjudged = match case {
                Case::Settled(Settled::Told(told)) => {
                    findings.told.push(*told);
                    None
                }
                Case::Settled(Settled::Dismissed(why)) => {
                    findings.dismissed.push((candidate.clone(), why));
                    self.asked.dismissed += 1;
                    None
                }
                Case::Settled(Settled::Kept(fix)) => {
                    findings.mended.extend(fix.map(|fix| (candidate.clone(), fix)));
                    None
                }
                Case::Settled(Settled::Clean) => None,
                Case::Settled(Settled::Unclear) => Some(Unjudged::Unclear),
                Case::Open(wrong) => Some(wrong.unjudged()),
            };
            match unjudged {
                Some(reason) if is_question => {
                    self.open(&dockets[number], candidate, Some(reason), &trial.inquiry);
                }
                None if is_question => self.asked.answered += 1,
                _ => {}
            }
        }
    }

    /// Counts an inquiry that is not asked, or not answered for want of its file. Doubts stay findings.
    fn leave(&mut self, dockets: &[Docket<'_>], (file, number): Place, reason: Option<Unjudged>) {
        let docket = &dockets[file];
        let inquiry = &docket.inquiries[number];
        if let Matter::Questions(candidates) = &inquiry.matter {
            self.asked.questions += if reason.is_some() { candidates.len() } else { 0 };
            candidates.iter().for_each(|candidate| self.open(docket, candidate, reason, inquiry));
        }
    }

    fn open(
        &mut self,
        docket: &Docket<'_>,
        candidate: &Candidate,
        reason: Option<Unjudged>,
        inquiry: &Inquiry,
    ) {
        let policy = candidate.policy.id.clone();
        let counted = if reason.is_some() { &mut self.unjudged } else { &mut self.unasked };
        *counted.entry(policy.clone()).or_default() += 1;
        if let Some(reason) = reason {
            *self.asked.unjudged.entry(reason).or_default() += 1;
        }
        self.asked.open.push(OpenQuestion {
            path: docket.path.to_owned(),
            line: inquiry.line,
            policy,
            reason,
        });
    }
}
