//! The walk of one file: bytes, tree, regions, candidates, verdicts, drafts of findings.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use grammars::Language;

use crate::candidate::{Candidate, DecidedBy, Scope, detect, find};
use crate::change::diff_sources::fragment;
use crate::change::{self, ContentChange, FileChange, FileStatus};
use crate::finding::collect::{self, Draft};
use crate::region::{self, ChangedRegion, SourceFile};
use crate::review::{Coverage, Observer, Request, Unread};
use crate::sources::{Side, SourceError};
use crate::verdict::{self, Inquiry};

/// What the walk of one file found out.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) drafts: Vec<Draft>,
    in_scope: bool,
    reviewed: bool,
    regions: usize,
    regions_reviewed: usize,
    lines: usize,
    unread: Vec<Unread>,
    /// What is left to ask a model.
    pub(super) open: Open,
}

/// What proof alone does not decide of a file, and what the answers need beside it.
#[derive(Default)]
pub(super) struct Open {
    pub(super) inquiries: Vec<Inquiry>,
    /// Every changed stretch.
    pub(super) changed: Vec<Range<usize>>,
    /// What was proved.
    pub(super) proved: Vec<Candidate>,
}

impl Outcome {
    pub(crate) fn add_to(&self, coverage: &mut Coverage) {
        coverage.files += 1;
        coverage.files_in_scope += usize::from(self.in_scope);
        coverage.files_reviewed += usize::from(self.reviewed);
        coverage.regions += self.regions;
        coverage.regions_reviewed += self.regions_reviewed;
        coverage.lines += self.lines;
        coverage.unread.extend(self.unread.iter().cloned());
    }
}

/// Walks the head version of a changed file.
pub(crate) fn changed_file(change: &FileChange, request: &Request<'_>) -> Outcome {
    let outcome = match (&change.head_path, &change.content) {
        (None, _) => Outcome::default(),
        (Some(_), _) if is_link(change.head_mode) => Outcome::default(),
        (Some(path), ContentChange::Text(_)) => head_file(path, Some(change), request),
        // Git calls UTF-16 binary. What bears the name of code is read whole, or named as unread.
        (Some(path), ContentChange::Binary) => match language(path, b"") {
            Some(_) => head_file(path, None, request),
            None => Outcome::default(),
        },
    };
    request.observer.file_done(change.path());
    outcome
}

/// Walks a file that is scanned whole.
pub(crate) fn whole_file(path: &str, request: &Request<'_>) -> Outcome {
    let outcome = head_file(path, None, request);
    request.observer.file_done(path);
    outcome
}

fn head_file(path: &str, change: Option<&FileChange>, request: &Request<'_>) -> Outcome {
    let (file, fragment) = match read(path, change, Side::Head, request) {
        Ok(read) => read,
        Err(Unreadable::OutOfScope) => return Outcome::default(),
        Err(Unreadable::InScope(reason)) => return unread(path, reason),
    };
    let regions = change.map_or_else(|| vec![region::whole(&file)], |change| region::changed(change, &file));
    let detected = detect(&file, &scope(request, Side::Head, None));
    report(request.observer, &file, &regions, &detected.candidates);
    let open = open(&detected.candidates, &file, &regions, request);
    let proved = proved(detected.candidates);
    let mut outcome = Outcome {
        in_scope: true,
        reviewed: true,
        lines: file.line_count(),
        drafts: collect::drafts(&proved, &[], &file),
        ..Outcome::default()
    };
    if !open.is_empty() {
        let changed = regions.iter().flat_map(|region| region.ranges.iter().cloned()).collect();
        outcome.open = Open { inquiries: open, changed, proved };
    }
    count_regions(&mut outcome, &file, &regions);
    if let Some(fault) = file.fault() {
        outcome.reviewed = false;
        outcome.regions_reviewed = 0;
        outcome.unread.push(gap(path, fault));
    }
    for error in &detected.faults {
        outcome.unread.push(gap(path, format!("a policy's check does not compile: {error}")));
    }
    if fragment {
        outcome.unread.push(gap(path, "only the lines of the diff are known, not the whole file".to_owned()));
    }
    outcome
}

/// What is left to ask; without a model, findings in doubt stay what they are.
fn open(
    candidates: &[Candidate],
    file: &SourceFile,
    regions: &[ChangedRegion],
    request: &Request<'_>,
) -> Vec<Inquiry> {
    match request.model {
        Some(_) => verdict::inquiries(candidates, file, regions),
        None => verdict::questions(candidates, file, regions),
    }
}

/// A file as it was walked, to be asked about.
pub(super) fn again(path: &str, change: Option<&FileChange>, request: &Request<'_>) -> Option<SourceFile> {
    read(path, change, Side::Head, request).ok().map(|(file, _)| file)
}

/// A file of one version, to be looked at together with others.
pub(super) fn read_side(
    path: &str,
    change: Option<&FileChange>,
    side: Side,
    request: &Request<'_>,
) -> Option<SourceFile> {
    read(path, change, side, request).ok().map(|(file, _)| file)
}

/// What the checks find in a file that could stand at head.
pub(super) fn found(file: &SourceFile, request: &Request<'_>) -> Vec<Candidate> {
    find(file, &scope(request, Side::Head, None)).candidates
}

fn proved(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.retain(|candidate| candidate.decided_by == DecidedBy::Proof);
    candidates
}

/// Tells the observer the regions, and the candidates that touch them.
fn report(observer: &dyn Observer, file: &SourceFile, regions: &[ChangedRegion], candidates: &[Candidate]) {
    for region in regions {
        for range in &region.ranges {
            let last = file.line_at(range.end.saturating_sub(1).max(range.start));
            observer.region(&file.path, file.line_at(range.start), last);
        }
    }
    let touches = |candidate: &&Candidate| regions.iter().any(|region| region.touches(&candidate.range));
    for candidate in candidates.iter().filter(touches) {
        observer.candidate(&candidate.policy.id, &file.path, file.line_at(candidate.range.start));
    }
}

/// The keys of what the wanted policies find in the base version; none where it cannot be read.
pub(crate) fn base_file(
    change: &FileChange,
    path: &str,
    wanted: &BTreeSet<String>,
    request: &Request<'_>,
) -> Option<BTreeMap<String, usize>> {
    let (file, _) = read(path, Some(change), Side::Base, request).ok()?;
    let candidates = detect(&file, &scope(request, Side::Base, Some(wanted))).candidates;
    let proved = proved(candidates);
    Some(collect::keys(&proved, &file))
}

/// Why a file is not reviewed.
enum Unreadable {
    /// No policy reads its language.
    OutOfScope,
    /// It should have been read.
    InScope(String),
}

/// The file, and whether only a fragment of it is known.
fn read(
    path: &str,
    change: Option<&FileChange>,
    side: Side,
    request: &Request<'_>,
) -> Result<(SourceFile, bool), Unreadable> {
    let read = match (request.sources.read(side, path), change) {
        (Err(SourceError::Missing), Some(change)) => {
            fragment(change.hunks(), side, request.budget.max_bytes as u64)
                .map(|fragment| (fragment.text, !is_whole(change, side)))
        }
        (read, _) => read.map(|bytes| (bytes, false)),
    };
    let (bytes, is_fragment) = match read {
        Ok(read) => read,
        Err(error) => {
            let in_scope = language(path, b"").is_some_and(|language| is_in_scope(language, request));
            return Err(if in_scope {
                Unreadable::InScope(error.to_string())
            } else {
                Unreadable::OutOfScope
            });
        }
    };
    let language = language(path, &bytes)
        .filter(|language| is_in_scope(*language, request))
        .ok_or(Unreadable::OutOfScope)?;
    let file = SourceFile::read(path, language, bytes, request.budget).map_err(Unreadable::InScope)?;
    Ok((file, is_fragment))
}

/// The language of a file; a name that is not UTF-8 stands in quotes and ends as the one inside them.
fn language(path: &str, text: &[u8]) -> Option<Language> {
    Language::detect(&String::from_utf8_lossy(&change::path::to_bytes(path)), text)
}

fn is_in_scope(language: Language, request: &Request<'_>) -> bool {
    request.policies.in_force().any(|policy| policy.languages.contains(&language))
}

/// Whether the diff shows the whole file of that side.
fn is_whole(change: &FileChange, side: Side) -> bool {
    match side {
        Side::Head => change.status == FileStatus::Added,
        Side::Base => change.status == FileStatus::Deleted,
    }
}

/// A symbolic link or a submodule: its content is not code.
fn is_link(mode: Option<u32>) -> bool {
    mode.is_some_and(|mode| matches!(mode & 0o170_000, 0o120_000 | 0o160_000))
}

fn scope<'a>(request: &'a Request<'_>, side: Side, only: Option<&'a BTreeSet<String>>) -> Scope<'a> {
    let elsewhere = match side {
        Side::Head => &request.head,
        Side::Base => &request.base,
    };
    Scope { policies: request.policies, only, elsewhere }
}

/// A file in scope that could not be read.
pub(crate) fn unread(path: &str, reason: String) -> Outcome {
    Outcome { in_scope: true, regions: 1, unread: vec![gap(path, reason)], ..Outcome::default() }
}

fn gap(path: &str, reason: String) -> Unread {
    Unread { path: path.to_owned(), lines: None, reason, leaves_gap: true }
}

/// A region most of whose text the grammar does not understand was not reviewed.
const MOST_ERRORS: f32 = 0.5;

fn count_regions(outcome: &mut Outcome, file: &SourceFile, regions: &[ChangedRegion]) {
    outcome.regions = regions.len();
    for region in regions {
        let errors = region.ranges.iter().map(|range| file.error_share(range)).fold(0.0, f32::max);
        let reviewed = errors <= MOST_ERRORS;
        outcome.regions_reviewed += usize::from(reviewed);
        if errors > 0.0 {
            let lines = file.error_lines(&region.ranges);
            outcome.unread.push(Unread {
                path: file.path.clone(),
                lines,
                reason: format!("the {} parser does not understand all of it", file.language),
                leaves_gap: !reviewed,
            });
        }
    }
}
