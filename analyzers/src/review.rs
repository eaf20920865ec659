//! The review: a change set, the policies and the sources in; everything found out, as a value, out.
//!
//! `walk` is the walk of one file on one screen. Files are walked in parallel; a tree lives no longer than
//! its file's turn. The same input gives the same review, whatever the number of threads.

mod ask;
pub mod asked;
mod elsewhere;
mod flows;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{self, AssertUnwindSafe};

use grammars::ParseBudget;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::change::{ChangeSet, FileChange, FileStatus};
use crate::finding::collect::{self, BaseKeys};
use crate::finding::{Decider, Finding, Origin};
use crate::gate::{self, State};
use crate::model::{Model, ModelBudget};
use crate::policy::{PolicySet, Severity};
use crate::review::ask::Walked;
use crate::review::asked::Asked;
use crate::review::elsewhere::Repository;
use crate::review::walk::Outcome;
use crate::sources::{Side, Sources};
use crate::text::Locale;

/// What a review is made with.
pub struct Request<'a> {
    /// The policies.
    pub policies: &'a PolicySet,
    /// The files of both versions.
    pub sources: &'a dyn Sources,
    /// How much work one file may take.
    pub budget: ParseBudget,
    /// The lowest severity at which an enforced finding blocks.
    pub fail_on: Severity,
    /// Who answers questions; without a model they are not asked.
    pub model: Option<&'a dyn Model>,
    /// How much the model may be asked.
    pub model_budget: ModelBudget,
    /// The language in which the model says why.
    pub locale: Locale,
    /// Who is told how far the review is.
    pub observer: &'a dyn Observer,
    /// Files of the change that the repository's configuration leaves out.
    pub excluded: Vec<Excluded>,
    head: Repository<'a>,
    base: Repository<'a>,
}

impl<'a> Request<'a> {
    /// A request with the default budget that nobody watches.
    pub fn new(policies: &'a PolicySet, sources: &'a dyn Sources) -> Self {
        Self {
            policies,
            sources,
            budget: ParseBudget::default(),
            fail_on: Severity::Major,
            model: None,
            model_budget: ModelBudget::default(),
            locale: Locale::default(),
            observer: &Unobserved,
            excluded: Vec::new(),
            head: Repository::new(sources, Side::Head),
            base: Repository::new(sources, Side::Base),
        }
    }
}

/// Is told how far a review is, by several threads at once and in no order of files.
pub trait Observer: Sync {
    /// A file is done.
    fn file_done(&self, path: &str);

    /// A region is under review. Lines count from 1, the last one included.
    fn region(&self, path: &str, start_line: u32, end_line: u32) {
        let _ = (path, start_line, end_line);
    }

    /// A check points at a place of a region.
    fn candidate(&self, policy: &str, path: &str, line: u32) {
        let _ = (policy, path, line);
    }

    /// A finding of the change is certain to be in the review. Findings come in the review's order.
    fn finding(&self, finding: &Finding) {
        let _ = finding;
    }
}

/// Nobody watches.
pub struct Unobserved;

impl Observer for Unobserved {
    fn file_done(&self, _path: &str) {}
}

/// Reviews one change. `revisions` are the base and head as far as they are known.
pub fn review(
    change_set: &ChangeSet,
    revisions: (Option<String>, Option<String>),
    request: &Request<'_>,
) -> Review {
    let files = &change_set.files;
    let mut outcomes: Vec<Outcome> = files
        .par_iter()
        .map(|change| guarded(change.path(), || walk::changed_file(change, request)))
        .collect();
    let walked: Vec<_> =
        files.iter().map(|change| Walked { path: change.path(), change: Some(change) }).collect();
    let mut coverage = Coverage::default();
    ask::ask(&walked, &mut outcomes, request, &mut coverage);
    let mut drafts: Vec<_> = outcomes.iter_mut().flat_map(|outcome| outcome.drafts.drain(..)).collect();
    let flowing = flows::of_head(files, request);
    drafts.extend(flowing.drafts);
    coverage.unread.extend(flowing.unread);
    let proved = drafts.iter().filter(|draft| draft.finding.decided_by == Decider::Proof);
    let wanted: BTreeSet<String> = proved.map(|draft| draft.finding.policy.id.clone()).collect();
    let mut base = if wanted.is_empty() { BaseKeys::new() } else { base_keys(files, &wanted, request) };
    flows::add_base(files, &wanted, request, &mut base);
    let base_path_of =
        files.iter().filter_map(|change| Some((change.head_path.clone()?, change.base_path.clone()?)));
    let mut findings = collect::collect(drafts, base, &base_path_of.collect());
    flows::on_changed_lines(&mut findings, files, request);
    outcomes.iter().for_each(|outcome| outcome.add_to(&mut coverage));
    conclude(Subject::Change { base: revisions.0, head: revisions.1 }, findings, coverage, request)
}

/// Reviews whole files: everything found counts as introduced.
pub fn scan(paths: &[String], request: &Request<'_>) -> Review {
    let mut outcomes: Vec<Outcome> =
        paths.par_iter().map(|path| guarded(path, || walk::whole_file(path, request))).collect();
    let walked: Vec<_> = paths.iter().map(|path| Walked { path, change: None }).collect();
    let mut coverage = Coverage::default();
    ask::ask(&walked, &mut outcomes, request, &mut coverage);
    let mut drafts: Vec<_> = outcomes.iter_mut().flat_map(|outcome| outcome.drafts.drain(..)).collect();
    let flowing = flows::of_files(paths, request);
    drafts.extend(flowing.drafts);
    coverage.unread.extend(flowing.unread);
    let findings = collect::collect(drafts, BaseKeys::new(), &BTreeMap::new());
    outcomes.iter().for_each(|outcome| outcome.add_to(&mut coverage));
    conclude(Subject::Tree, findings, coverage, request)
}

/// One file's walk. A fault of the engine leaves that file unread and named, and the others reviewed.
fn guarded(path: &str, walk: impl FnOnce() -> Outcome) -> Outcome {
    panic::catch_unwind(AssertUnwindSafe(walk)).unwrap_or_else(|_| {
        walk::unread(path, "Countersign has a fault that this file brings out".to_owned())
    })
}

/// What the base version held of the policies that found something at head.
fn base_keys(files: &[FileChange], wanted: &BTreeSet<String>, request: &Request<'_>) -> BaseKeys {
    files
        .par_iter()
        .filter(|change| change.status != FileStatus::Added && change.status != FileStatus::Copied)
        .filter_map(|change| {
            let path = change.base_path.clone()?;
            let keys = || walk::base_file(change, &path, wanted, request);
            // What a fault hides here counts as not there before: the gate shuts rather than opens.
            let keys = panic::catch_unwind(AssertUnwindSafe(keys)).ok()??;
            Some((path, keys))
        })
        .collect()
}

fn conclude(
    subject: Subject,
    findings: Vec<Finding>,
    mut coverage: Coverage,
    request: &Request<'_>,
) -> Review {
    coverage.unread.sort();
    coverage.files += request.excluded.len();
    coverage.excluded.clone_from(&request.excluded);
    coverage.excluded.sort();
    let mut pre_existing = BTreeMap::new();
    let (before, findings): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|finding| finding.origin == Origin::PreExisting);
    let (dismissed, findings): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_dismissed);
    findings.iter().for_each(|finding| request.observer.finding(finding));
    for finding in before {
        *pre_existing.entry(finding.policy.id.clone()).or_default() += 1;
    }
    Review {
        subject,
        state: gate::decide(&findings, &coverage, request.fail_on),
        fail_on: request.fail_on,
        findings,
        dismissed,
        pre_existing,
        coverage,
        basis: Basis {
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            policies_digest: request.policies.digest().to_owned(),
            policies: request.policies.in_force().count(),
        },
    }
}

/// Whether the model's word takes a finding out of what is counted: never one of a policy that blocks.
fn is_dismissed(finding: &Finding) -> bool {
    finding.is_dismissed && !finding.policy.blocks_by_proof()
}

/// Everything that one review found out. Reports are renderings of it.
#[derive(Clone, Debug)]
pub struct Review {
    /// What was reviewed.
    pub subject: Subject,
    /// What the gate says.
    pub state: State,
    /// The lowest severity at which an enforced finding blocks.
    pub fail_on: Severity,
    /// Introduced findings, by path and position.
    pub findings: Vec<Finding>,
    /// Findings that the model dismissed, by path and position. None of them could have blocked.
    pub dismissed: Vec<Finding>,
    /// How many findings of the changed files were there before, by policy id.
    pub pre_existing: BTreeMap<String, usize>,
    /// What was and was not read.
    pub coverage: Coverage,
    /// What decided: engine and policies.
    pub basis: Basis,
}

impl Review {
    /// Adds what was found unreadable outside the files of the change; a gap leaves the review partial.
    pub fn leave_unread(&mut self, unread: Vec<Unread>) {
        self.coverage.unread.extend(unread);
        self.coverage.unread.sort();
        if self.state == State::Passed {
            self.state = gate::decide(&self.findings, &self.coverage, self.fail_on);
        }
    }

    /// Holds the review to the model's answers: where one is missing it has not passed.
    pub fn require_answers(&mut self) {
        if self.coverage.open() > 0 && self.state == State::Passed {
            self.state = State::Partial;
        }
    }
}

/// What a review looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Subject {
    /// A change between two versions; revisions are full object ids where git named them.
    Change {
        /// The base revision.
        base: Option<String>,
        /// The head revision.
        head: Option<String>,
    },
    /// Whole files.
    Tree,
}

/// What decided: enough to say later why a change passed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Basis {
    /// Version of the engine.
    pub engine: String,
    /// SHA-256 over the policies in force.
    pub policies_digest: String,
    /// Number of policies in force.
    pub policies: usize,
}

/// How much of what is in scope was reviewed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Files in the change or under the scanned paths.
    pub files: usize,
    /// Files in a language that some policy reads.
    pub files_in_scope: usize,
    /// Of those, the files that were read.
    pub files_reviewed: usize,
    /// Changed regions in scope (a scanned file is one region).
    pub regions: usize,
    /// Of those, the regions reviewed.
    pub regions_reviewed: usize,
    /// Lines of source that were read at head.
    pub lines: usize,
    /// Files or parts of files in scope that were not read.
    pub unread: Vec<Unread>,
    /// Files that the repository's configuration leaves out. They were not looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<Excluded>,
    /// Questions for the model, by policy id, that nobody asked.
    pub questions_unasked: BTreeMap<String, usize>,
    /// Questions, by policy id, that were asked and had no answer that counts.
    #[serde(default)]
    pub questions_unjudged: BTreeMap<String, usize>,
    /// What the model was asked and what became of its answers; nothing where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
}

/// Something in scope that was not read wholly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    /// The file.
    pub path: String,
    /// First and last line that was not understood; `None` for the whole file.
    pub lines: Option<(u32, u32)>,
    /// Why, for a person.
    pub reason: String,
    /// Whether this leaves the review partial. A syntax error that the parser recovered from does not.
    pub leaves_gap: bool,
}

/// A file of the change that the repository's configuration leaves out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Excluded {
    /// The file.
    pub path: String,
    /// The filter that leaves it out, or those that do not name it.
    pub filter: String,
    /// Whether this leaves the review partial: where the operator does not approve of it.
    pub leaves_gap: bool,
}

impl Coverage {
    /// Number of questions that nobody asked.
    pub fn questions(&self) -> usize {
        self.questions_unasked.values().sum()
    }

    /// Number of questions that were asked and had no answer that counts.
    pub fn unjudged(&self) -> usize {
        self.questions_unjudged.values().sum()
    }

    /// Number of questions without an answer that counts, asked or not.
    pub fn open(&self) -> usize {
        self.questions() + self.unjudged()
    }

    /// Whether something in scope was not read, so that nobody can say what it holds.
    pub fn has_gap(&self) -> bool {
        self.unread.iter().any(|unread| unread.leaves_gap)
            || self.excluded.iter().any(|excluded| excluded.leaves_gap)
    }

    /// Whether open questions are all that a review lacks: why it is partial, if it is.
    pub fn lacks_only_answers(&self) -> bool {
        !self.has_gap() && self.open() > 0
    }
}

#[cfg(test)]
mod tests;
