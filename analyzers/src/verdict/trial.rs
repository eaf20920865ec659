//! One inquiry on its way: what is still open of it, and what was settled.
//!
//! A completion in; each question and doubt settled, or left open with what is wrong, for a second try. What is
//! settled stays; what is wrong twice is unjudged.

use std::ops::Range;

use crate::candidate::{Candidate, DecidedBy, Replacement};
use crate::model::{Completion, ModelError, Prompt};
use crate::policy::PathAnswers;
use crate::redact::{self, Redactor};
use crate::region::SourceFile;
use crate::review::asked::{Asked, Rejection, Unjudged};
use crate::verdict::answer::{self, Answer, Entries, Entry, Judgement, Malformed, Mending, Triage, Word};
use crate::verdict::claim;
use crate::verdict::mend::{self, Mends};
use crate::verdict::place::{self, NoPlace};
use crate::verdict::prompt;
use crate::verdict::site::{Inquiry, Matter};
use crate::verdict::veil::{Veil, one_line};

/// Characters of the sentence that says why.
const LONGEST_REASON: usize = 400;

/// An inquiry that is asked.
pub(super) struct Trial {
    pub(super) inquiry: Inquiry,
    pub(super) prompt: Prompt,
    redactor: Redactor,
    /// One for each candidate of the inquiry.
    pub(super) cases: Vec<Case>,
}

/// Where one question or doubt stands.
#[derive(Debug)]
pub(super) enum Case {
    Open(Wrong),
    Settled(Settled),
}

/// What is wrong with the last answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    NotYetAsked,
    NoCompletion(Unjudged),
    Malformed(Malformed),
    NoPlace(NoPlace),
    Contradicted,
    DoesNotApply,
}

/// What was settled of a question or a doubt.
#[derive(Debug)]
pub(super) enum Settled {
    Clean,
    /// A breach: the candidate with its place.
    Told(Box<Candidate>),
    /// A finding that stays, perhaps with a fix.
    Kept(Option<Replacement>),
    /// A finding that is none, and why.
    Dismissed(String),
    Unclear,
}

/// What the answers are held against.
pub(super) struct Bench<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) veil: &'a Veil<'a>,
    /// Every changed stretch of the file.
    pub(super) changed: &'a [Range<usize>],
    /// Runs the checks over a file.
    pub(super) find: &'a dyn Fn(&SourceFile) -> Vec<Candidate>,
}

impl Trial {
    pub(super) fn new(inquiry: Inquiry, prompt: Prompt, redactor: Redactor) -> Self {
        let cases = inquiry.matter.candidates().iter().map(|_| Case::Open(Wrong::NotYetAsked)).collect();
        Self { inquiry, prompt, redactor, cases }
    }

    /// Takes in a completion.
    pub(super) fn hear(
        &mut self,
        completion: Result<&Completion, &ModelError>,
        bench: &Bench<'_>,
        record: &mut Asked,
    ) {
        match completion {
            Err(error) => self.leave_open(Wrong::NoCompletion(reason(error))),
            Ok(completion) => match &self.inquiry.matter {
                Matter::Questions(_) => {
                    self.read(completion, record, |trial, index, entry: &Answer, record| {
                        trial.question(index, entry, bench, record)
                    });
                }
                Matter::Doubts(_) => self.read(completion, record, |trial, index, entry: &Triage, record| {
                    trial.doubt(index, entry, bench, record)
                }),
            },
        }
    }

    /// The prompt that asks again for what has no answer that counts, where a second try can help.
    pub(super) fn again(&self) -> Option<Prompt> {
        let open: Vec<(usize, &str)> = self
            .cases
            .iter()
            .enumerate()
            .filter_map(|(index, case)| match case {
                Case::Open(wrong) => Some((index, wrong.for_the_model()?)),
                Case::Settled(_) => None,
            })
            .collect();
        let (open, wrong): (Vec<usize>, Vec<&str>) = open.into_iter().unzip();
        (!open.is_empty()).then(|| prompt::again(&self.prompt, &self.inquiry.matter, &open, &wrong))
    }

    fn leave_open(&mut self, wrong: Wrong) {
        for case in &mut self.cases {
            if let Case::Open(before) = case {
                *before = wrong;
            }
        }
    }

    fn read<T: Entry>(
        &mut self,
        completion: &Completion,
        record: &mut Asked,
        judge: impl Fn(&Self, usize, &T, &mut Asked) -> Case,
    ) {
        let ids = prompt::ids(&self.inquiry.matter);
        let open = |index: usize| matches!(self.cases[index], Case::Open(_));
        let asked: Vec<&str> =
            ids.iter().enumerate().filter(|(index, _)| open(*index)).map(|(_, id)| id.as_str()).collect();
        let Entries { of: entries, unasked } = match answer::read::<T>(completion, &asked) {
            Ok(read) => read,
            Err(malformed) => {
                reject(record, Rejection::Malformed, 1);
                return self.leave_open(Wrong::Malformed(malformed));
            }
        };
        reject(record, Rejection::NotAsked, unasked);
        for (index, id) in ids.iter().enumerate() {
            let case = match entries.get(id) {
                Some(Ok(entry)) => judge(self, index, entry, record),
                Some(Err(malformed)) => Case::Open(Wrong::Malformed(*malformed)),
                None => continue,
            };
            self.cases[index] = case;
        }
    }

    fn question(&self, index: usize, entry: &Answer, bench: &Bench<'_>, record: &mut Asked) -> Case {
        match entry.verdict {
            Word::Clean => return Case::Settled(Settled::Clean),
            Word::Unclear => return Case::Settled(Settled::Unclear),
            Word::Breach => {}
        }
        let asked = &self.inquiry.matter.candidates()[index];
        let wrong = match self.ground(entry, asked, bench) {
            Ok(place) => {
                let fix = self.fix(entry.fix.as_ref(), &Mends::Place(&place), bench, record);
                let why = Some(sentence(&entry.reason));
                return Case::Settled(Settled::Told(Box::new(Candidate {
                    flow: Vec::new(),
                    decided_by: DecidedBy::Question,
                    range: place,
                    cause: None,
                    fix,
                    why,
                    ..asked.clone()
                })));
            }
            Err(wrong) => wrong,
        };
        reject(record, wrong.rejection(), 1);
        Case::Open(wrong)
    }

    /// The place of a breach, or what does not hold.
    fn ground(&self, entry: &Answer, asked: &Candidate, bench: &Bench<'_>) -> Result<Range<usize>, Wrong> {
        let Bench { file, veil, changed, .. } = bench;
        if !asked.policy.paths.holds(&PathAnswers::new(&file.path)) {
            return Err(Wrong::DoesNotApply);
        }
        let place = place::find(&entry.quote, veil, &self.redactor, changed, &self.inquiry.site.changed)
            .map_err(Wrong::NoPlace)?;
        match claim::is_contradicted(&entry.claim, &place, file) {
            true => Err(Wrong::Contradicted),
            false => Ok(place),
        }
    }

    fn doubt(&self, index: usize, entry: &Triage, bench: &Bench<'_>, record: &mut Asked) -> Case {
        let doubt = &self.inquiry.matter.candidates()[index];
        match entry.verdict {
            Judgement::Unclear => Case::Settled(Settled::Unclear),
            Judgement::Keep => {
                let fix = self.fix(entry.fix.as_ref(), &Mends::Finding(doubt), bench, record);
                Case::Settled(Settled::Kept(fix))
            }
            Judgement::Dismiss => {
                let home = std::slice::from_ref(&self.inquiry.site.home);
                match place::find(&entry.quote, bench.veil, &self.redactor, home, home) {
                    Ok(_) => Case::Settled(Settled::Dismissed(sentence(&entry.reason))),
                    Err(no_place) => {
                        let wrong = Wrong::NoPlace(no_place);
                        reject(record, wrong.rejection(), 1);
                        Case::Open(wrong)
                    }
                }
            }
        }
    }

    fn fix(
        &self,
        mending: Option<&Mending>,
        mends: &Mends<'_>,
        bench: &Bench<'_>,
        record: &mut Asked,
    ) -> Option<Replacement> {
        let mending = mending?;
        let Bench { file, veil, changed, find } = bench;
        let old =
            place::find(&mending.replace, veil, &self.redactor, changed, &self.inquiry.site.changed).ok();
        let fix = old.and_then(|old| mend::prove(old, &mending.with, mends, file, find));
        if fix.is_none() {
            reject(record, Rejection::FixUnproved, 1);
        }
        fix
    }
}

impl Wrong {
    /// What to say to the model for another try; nothing where that cannot help.
    fn for_the_model(self) -> Option<&'static str> {
        match self {
            Self::NotYetAsked | Self::NoCompletion(_) | Self::DoesNotApply => None,
            Self::Malformed(Malformed::Truncated) => {
                Some("it was cut off; think less and answer in few words")
            }
            Self::Malformed(Malformed::NotTheForm) => {
                Some("it is not the JSON that was asked for, and nothing else")
            }
            Self::Malformed(Malformed::NotOnce) => Some("exactly one entry is wanted"),
            Self::NoPlace(NoPlace::TooShort) => Some("the quote is too short to be evidence"),
            Self::NoPlace(NoPlace::Nowhere) => {
                Some("the quote does not stand in the changed lines, character by character")
            }
            Self::NoPlace(NoPlace::Ambiguous) => {
                Some("the quote stands there more than once; quote more around it")
            }
            Self::Contradicted => Some("the claim is not true of the code"),
        }
    }

    fn rejection(self) -> Rejection {
        match self {
            Self::NoPlace(NoPlace::TooShort) => Rejection::QuoteTooShort,
            Self::NoPlace(NoPlace::Nowhere) => Rejection::QuoteNotFound,
            Self::NoPlace(NoPlace::Ambiguous) => Rejection::QuoteAmbiguous,
            Self::Contradicted => Rejection::ClaimContradicted,
            Self::DoesNotApply => Rejection::PolicyDoesNotApply,
            Self::NotYetAsked | Self::NoCompletion(_) | Self::Malformed(_) => Rejection::Malformed,
        }
    }

    /// Why a question that stays open has no answer that counts.
    pub(super) fn unjudged(self) -> Unjudged {
        match self {
            Self::NoCompletion(reason) => reason,
            Self::Malformed(Malformed::Truncated) => Unjudged::Truncated,
            Self::NotYetAsked | Self::Malformed(_) => Unjudged::Malformed,
            Self::NoPlace(_) | Self::Contradicted | Self::DoesNotApply => Unjudged::Unfounded,
        }
    }
}

fn reason(error: &ModelError) -> Unjudged {
    match error {
        ModelError::Unavailable(_) => Unjudged::Unavailable,
        ModelError::DeadlineExceeded => Unjudged::DeadlineExceeded,
        ModelError::Cancelled => Unjudged::Cancelled,
        ModelError::Refused(_) => Unjudged::Refused,
    }
}

fn reject(record: &mut Asked, reason: Rejection, count: usize) {
    if count > 0 {
        *record.rejected.entry(reason).or_default() += count;
    }
}

/// What the model says in one line that people can read, without numbers of stand-ins that mean nothing to them.
fn sentence(reason: &str) -> String {
    let line = one_line(reason, &mut Redactor::new());
    let line = redact::without_numbers(&line);
    line.chars().take(LONGEST_REASON).collect()
}
