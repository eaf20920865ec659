//! Examples: code beside a policy that it must report (`breach:`) and must not (`near-miss:`).
//!
//! A marker is a comment that names the policy on the line above the code. Outcomes are reported, missing,
//! noisy. A policy that only asks a model is proved by what it asks about: both a breach and a near miss stand in
//! a stretch that is asked about, and code that is marked `not-asked:` does not.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use grammars::{Language, ParseBudget};

use crate::candidate::{Candidate, DecidedBy, Elsewhere, Scope, detect};
use crate::policy::{CheckKind, PolicyError, PolicyFile, PolicySet};
use crate::region::SourceFile;

/// What stands before the path that an example stands for.
pub(crate) const STANDS_FOR: &str = "stands-for: ";

/// What became of one marker, or of a finding without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleOutcome {
    /// The policy.
    pub policy: String,
    /// The example file, as shown to people.
    pub file: String,
    /// The line of the code.
    pub line: u32,
    /// What happened.
    pub result: ExampleResult,
}

/// What became of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleResult {
    /// A breach that was reported.
    Reported,
    /// A near miss that was rightly let pass.
    Quiet,
    /// A breach that was not reported.
    Missing,
    /// Something reported that is no breach.
    Noisy,
}

impl ExampleResult {
    /// Whether the example proves the policy.
    pub fn is_right(self) -> bool {
        matches!(self, Self::Reported | Self::Quiet)
    }
}

/// Whether a file beside policies is an example that happens to be YAML: `name.example.yaml`.
pub(crate) fn is_example(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    file.split('.').count() > 2
}

/// Runs the policies over their examples. A file belongs to the policy of its folder and name.
pub fn run<'a>(set: &PolicySet, files: impl Iterator<Item = &'a PolicyFile>) -> Vec<ExampleOutcome> {
    let mut outcomes = Vec::new();
    for file in files {
        let id = id_of(&file.path);
        let own_file = file.path.ends_with(".yaml") && !is_example(&file.path);
        if let Some(policy) = set.find(&id).filter(|_| !own_file) {
            outcomes.extend(run_one(set, &policy.id, file));
        }
    }
    outcomes
}

/// Policies of `files` whose examples fail, or that have none.
pub(crate) fn mistakes(set: &PolicySet, files: &[PolicyFile]) -> Vec<PolicyError> {
    let mut errors: Vec<PolicyError> = Vec::new();
    for policy in set.in_force().filter(|policy| files.iter().any(|file| file.shown_as == policy.file)) {
        for language in &policy.languages {
            let own = set.matchers(*language).errors().into_iter().filter(|error| error.file == policy.file);
            errors.extend(own);
        }
    }
    if errors.is_empty() {
        let wrong = run(set, files.iter()).into_iter().filter(|outcome| !outcome.result.is_right());
        errors.extend(wrong.map(|outcome| failed(&outcome)));
    }
    errors
}

fn failed(outcome: &ExampleOutcome) -> PolicyError {
    let (problem, remedy) = match outcome.result {
        ExampleResult::Missing => {
            ("a breach that the policy does not report", "Widen the check, or remove the marker.")
        }
        ExampleResult::Noisy => {
            ("reported, but not marked as a breach", "Narrow the check, or mark the line above `breach:`.")
        }
        ExampleResult::Reported | ExampleResult::Quiet => ("as expected", ""),
    };
    PolicyError {
        file: outcome.file.clone(),
        line: Some(outcome.line.into()),
        field: outcome.policy.clone(),
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
    }
}

/// `money/binary-floating-point.java` and `money/binary-floating-point.example.yaml` belong to
/// `money/binary-floating-point`.
pub(crate) fn id_of(path: &str) -> String {
    let mut parts: Vec<&str> = path.rsplit('/').take(2).collect();
    parts.reverse();
    let joined = parts.join("/");
    let (folder, file) = joined.rsplit_once('/').unwrap_or(("", &joined));
    format!("{folder}/{}", file.split('.').next().unwrap_or_default())
}

fn run_one(set: &PolicySet, policy: &str, file: &PolicyFile) -> Vec<ExampleOutcome> {
    let markers = markers(&file.text, policy);
    let outcome = |line, result| ExampleOutcome {
        policy: policy.to_owned(),
        file: file.shown_as.clone(),
        line,
        result,
    };
    let Some(language) = Language::detect(&file.path, file.text.as_bytes()) else {
        return Vec::new();
    };
    let Ok(source) =
        SourceFile::read(path_of(file), language, file.text.clone().into_bytes(), ParseBudget::default())
    else {
        return markers.keys().map(|&line| outcome(line, ExampleResult::Missing)).collect();
    };
    let only = [policy.to_owned()].into();
    let scope = Scope { policies: set, only: Some(&only), elsewhere: &Nowhere };
    let mut candidates = detect(&source, &scope).candidates;
    let files = [source];
    let flowing = crate::flow::analysis::flows(&files, set, Some(&only), &Nowhere);
    candidates.extend(flowing.candidates.into_iter().map(|(_, candidate)| candidate));
    let [source] = files;
    let lines = |decided_by| lines(&candidates, decided_by, &source);
    let (results, unmarked) = if only_asks(set, policy) {
        by_questions(&markers, &lines(DecidedBy::Question))
    } else {
        let found: Vec<u32> = lines(DecidedBy::Proof).iter().map(place).collect();
        by_proof(&markers, &found)
    };
    let noisy = unmarked.into_iter().map(|line| (line, ExampleResult::Noisy));
    let mut outcomes: Vec<_> =
        results.into_iter().chain(noisy).map(|(line, result)| outcome(line, result)).collect();
    outcomes.sort_by_key(|outcome| outcome.line);
    outcomes.dedup();
    outcomes
}

/// The lines of what was decided so.
pub(crate) fn lines(
    candidates: &[Candidate],
    decided_by: DecidedBy,
    source: &SourceFile,
) -> Vec<RangeInclusive<u32>> {
    let decided = candidates.iter().filter(|candidate| candidate.decided_by == decided_by);
    let lines = decided.map(|candidate| {
        let last = candidate.range.end.saturating_sub(1).max(candidate.range.start);
        source.line_at(candidate.range.start)..=source.line_at(last)
    });
    lines.collect()
}

/// The line on which what covers these lines stands: its first.
pub(crate) fn place(lines: &RangeInclusive<u32>) -> u32 {
    *lines.start()
}

fn only_asks(set: &PolicySet, policy: &str) -> bool {
    let checks = set.find(policy).map(|policy| policy.checks.as_slice()).unwrap_or_default();
    checks.iter().all(|check| matches!(check.kind, CheckKind::Question(_)))
}

/// What became of markers, by line, and lines that nobody marked.
type Results = (Vec<(u32, ExampleResult)>, Vec<u32>);

/// A finding stands on the marked line.
fn by_proof(markers: &BTreeMap<u32, Marker>, found: &[u32]) -> Results {
    let result = |(&line, marker): (&u32, &Marker)| {
        let result = match (marker, found.contains(&line)) {
            (Marker::Breach, true) => ExampleResult::Reported,
            (Marker::Breach, false) => ExampleResult::Missing,
            (Marker::NearMiss | Marker::NotAsked, true) => ExampleResult::Noisy,
            (Marker::NearMiss | Marker::NotAsked, false) => ExampleResult::Quiet,
        };
        (line, result)
    };
    let unmarked = found.iter().copied().filter(|line| !markers.contains_key(line)).collect();
    (markers.iter().map(result).collect(), unmarked)
}

/// The marked line stands in a stretch that is asked about.
fn by_questions(markers: &BTreeMap<u32, Marker>, asked: &[RangeInclusive<u32>]) -> Results {
    let result = |(&line, marker): (&u32, &Marker)| {
        let result = match (marker, asked.iter().any(|lines| lines.contains(&line))) {
            (Marker::Breach, true) => ExampleResult::Reported,
            (Marker::NearMiss, true) | (Marker::NotAsked, false) => ExampleResult::Quiet,
            (Marker::Breach | Marker::NearMiss, false) => ExampleResult::Missing,
            (Marker::NotAsked, true) => ExampleResult::Noisy,
        };
        (line, result)
    };
    let is_meant = |lines: &&RangeInclusive<u32>| {
        markers.iter().any(|(line, marker)| lines.contains(line) && !matches!(marker, Marker::NotAsked))
    };
    let unmarked = asked.iter().filter(|lines| !is_meant(lines)).map(|lines| *lines.start()).collect();
    (markers.iter().map(result).collect(), unmarked)
}

/// The path that an example stands for: named on its first line, for policies that go by paths; else its own.
fn path_of(file: &PolicyFile) -> &str {
    stands_for(&file.text).unwrap_or(&file.path)
}

/// The path that the first line of an example names.
pub(crate) fn stands_for(text: &str) -> Option<&str> {
    text.lines().next()?.split_once(STANDS_FOR).map(|(_, path)| path.trim())
}

/// What a mark says of the line below.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    Breach,
    NearMiss,
    NotAsked,
}

/// Marked lines: the first line after a marker that is no marker itself.
pub(crate) fn markers(text: &str, policy: &str) -> BTreeMap<u32, Marker> {
    let mut markers = BTreeMap::new();
    let mut pending = None;
    for (number, line) in (1..).zip(text.lines()) {
        if line.contains(&format!("breach: {policy}")) {
            pending = Some(Marker::Breach);
        } else if line.contains("near-miss:") {
            pending = Some(Marker::NearMiss);
        } else if line.contains("not-asked:") {
            pending = Some(Marker::NotAsked);
        } else if let Some(marker) = pending.take_if(|_| !line.trim().is_empty()) {
            markers.insert(number, marker);
        }
    }
    markers
}

/// An example stands alone.
pub(crate) struct Nowhere;

impl Elsewhere for Nowhere {
    fn file_named(&self, _name: &str, _language: Language) -> Option<String> {
        None
    }
}
