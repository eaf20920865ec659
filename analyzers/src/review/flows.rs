//! The part of a review that data flow is: which files are looked at together, and what becomes of the flows.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{self, AssertUnwindSafe};

use rayon::prelude::*;

use crate::change::FileChange;
use crate::finding::collect::{self, BaseKeys, Draft};
use crate::finding::{Finding, Location, Origin};
use crate::flow::analysis::{Flows, flows};
use crate::flow::model_language;
use crate::policy::CheckKind;
use crate::region::{self, SourceFile};
use crate::review::{Request, Unread, walk};
use crate::sources::Side;

/// Files of a repository that are looked at together with those of a change.
const MOST_FILES: usize = 1500;

/// What data flow found in one version.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) drafts: Vec<Draft>,
    pub(crate) unread: Vec<Unread>,
}

/// The flows of whole files.
pub(crate) fn of_files(paths: &[String], request: &Request<'_>) -> Found {
    guarded(|| find_in_files(paths, request))
}

/// The flows of the head version that a change has to do with.
pub(crate) fn of_head(changes: &[FileChange], request: &Request<'_>) -> Found {
    guarded(|| find_at_head(changes, request))
}

/// A fault of the engine leaves flows undecided, and the rest of the review done.
fn guarded(find: impl FnOnce() -> Found) -> Found {
    panic::catch_unwind(AssertUnwindSafe(find)).unwrap_or_else(|_| {
        let reason = "Countersign has a fault in data flow that these files bring out".to_owned();
        let gap = Unread { path: String::new(), lines: None, reason, leaves_gap: true };
        Found { unread: vec![gap], ..Found::default() }
    })
}

fn find_in_files(paths: &[String], request: &Request<'_>) -> Found {
    if !is_asked(request) {
        return Found::default();
    }
    let files: Vec<SourceFile> = paths
        .par_iter()
        .filter_map(|path| unless_faulty(|| walk::again(path, None, request)))
        .filter(is_wanted(request))
        .collect();
    let found = flows(&files, request.policies, None, &request.head);
    drafts(found, &files, |_| true)
}

fn find_at_head(changes: &[FileChange], request: &Request<'_>) -> Found {
    if !is_asked(request) {
        return Found::default();
    }
    let files = files(changes, Side::Head, request);
    let found = flows(&files, request.policies, None, &request.head);
    let changed: BTreeSet<&str> = changes.iter().map(FileChange::path).collect();
    drafts(found, &files, |steps| steps.iter().any(|step| changed.contains(step.path.as_str())))
}

/// Adds what the base version holds of the policies that found something at head.
pub(crate) fn add_base(
    changes: &[FileChange],
    wanted: &BTreeSet<String>,
    request: &Request<'_>,
    keys: &mut BaseKeys,
) {
    let flows_wanted = request.policies.in_force().any(|policy| {
        wanted.contains(&policy.id)
            && policy.checks.iter().any(|check| matches!(check.kind, CheckKind::Flow(_)))
    });
    if !flows_wanted {
        return;
    }
    let files = files(changes, Side::Base, request);
    let find = || flows(&files, request.policies, Some(wanted), &request.base);
    // What a fault hides here counts as not there before: the gate shuts rather than opens.
    let Ok(found) = panic::catch_unwind(AssertUnwindSafe(find)) else { return };
    for (path, candidate) in found.candidates {
        let Some(file) = files.iter().find(|file| file.path == path) else { continue };
        for (key, count) in collect::keys(std::slice::from_ref(&candidate), file) {
            *keys.entry(path.clone()).or_default().entry(key).or_default() += count;
        }
    }
}

/// The place of an introduced flow is where the change made it: its sink, or else the last step on a changed line.
pub(crate) fn on_changed_lines(findings: &mut [Finding], changes: &[FileChange], request: &Request<'_>) {
    let mut regions: BTreeMap<&str, Option<ChangedLines>> = BTreeMap::new();
    for finding in
        findings.iter_mut().filter(|finding| !finding.flow.is_empty() && finding.origin == Origin::Introduced)
    {
        let mut is_changed = |step: &Location| {
            let change = changes.iter().find(|change| change.path() == step.path)?;
            let known = regions.entry(change.path()).or_insert_with(|| changed_lines(change, request));
            let (_, lines) = known.as_ref()?;
            lines.iter().any(|(first, last)| (*first..=*last).contains(&step.start.line)).then_some(())
        };
        if is_changed(&finding.location).is_some() {
            continue;
        }
        let step = finding.flow.iter().rev().find(|step| is_changed(step).is_some()).cloned();
        if let Some(step) = step
            && let Some(Some((file, _))) = regions.get(step.path.as_str())
        {
            finding.frame = file.frame(&file.lines_range(step.start.line, step.start.line));
            finding.location = step;
        }
    }
}

/// A file, and first and last line of each changed stretch.
type ChangedLines = (SourceFile, Vec<(u32, u32)>);

fn changed_lines(change: &FileChange, request: &Request<'_>) -> Option<ChangedLines> {
    let file = walk::again(change.path(), Some(change), request)?;
    let regions = region::changed(change, &file);
    let lines = regions
        .iter()
        .flat_map(|region| &region.ranges)
        .map(|range| (file.line_at(range.start), file.line_at(range.end.saturating_sub(1).max(range.start))));
    let lines = lines.collect();
    Some((file, lines))
}

fn is_asked(request: &Request<'_>) -> bool {
    request
        .policies
        .in_force()
        .any(|policy| policy.checks.iter().any(|check| matches!(check.kind, CheckKind::Flow(_))))
}

/// A file whose reading brings out a fault is named by its own walk.
fn unless_faulty(read: impl FnOnce() -> Option<SourceFile>) -> Option<SourceFile> {
    panic::catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

/// Files in a language that some check of data flow reads.
fn is_wanted<'a>(request: &'a Request<'_>) -> impl Fn(&SourceFile) -> bool + Sync + 'a {
    |file| {
        file.language.has_flow()
            && request.policies.in_force().any(|policy| {
                policy.checks.iter().any(|check| {
                    matches!(&check.kind, CheckKind::Flow(rules)
                        if rules.keys().any(|known| model_language(*known) == model_language(file.language)))
                })
            })
    }
}

/// The changed files of one version, and those of the repository that may have to do with them.
fn files(changes: &[FileChange], side: Side, request: &Request<'_>) -> Vec<SourceFile> {
    let path_of = |change: &FileChange| match side {
        Side::Head => change.head_path.clone(),
        Side::Base => change.base_path.clone(),
    };
    let read = |path: &str| {
        let change = changes.iter().find(|change| path_of(change).as_deref() == Some(path));
        unless_faulty(|| walk::read_side(path, change, side, request))
    };
    let changed: Vec<String> = changes.iter().filter_map(path_of).collect();
    let mut files: Vec<SourceFile> =
        changed.par_iter().filter_map(|path| read(path)).filter(is_wanted(request)).collect();
    if files.is_empty() {
        return files;
    }
    let known: BTreeSet<String> = changed.into_iter().collect();
    let listed = request.sources.list(side).unwrap_or_default();
    let is_kin = |path: &String| {
        grammars::Language::detect(path, b"").is_some_and(|language| {
            files.iter().any(|file| model_language(file.language) == model_language(language))
        })
    };
    let mut others: Vec<String> =
        listed.into_iter().filter(|path| !known.contains(path) && is_kin(path)).collect();
    if others.len() + files.len() > MOST_FILES {
        others = nearest(others, &files);
    }
    files.par_extend(others.par_iter().filter_map(|path| read(path)).filter(is_wanted(request)));
    files
}

/// Of too many files, those whose names the changed ones mention, and then those that stand nearest to them.
fn nearest(others: Vec<String>, files: &[SourceFile]) -> Vec<String> {
    let mut words: BTreeSet<&str> = BTreeSet::new();
    for file in files {
        words.extend(file.text().split(|sign: char| !sign.is_alphanumeric() && sign != '_'));
    }
    let shared = |path: &str| {
        let common =
            |file: &SourceFile| path.split('/').zip(file.path.split('/')).take_while(|(a, b)| a == b).count();
        files.iter().map(common).max().unwrap_or(0)
    };
    let mut ranked: Vec<(bool, usize, String)> = others
        .into_iter()
        .map(|path| {
            let name =
                path.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default().to_owned();
            (!words.contains(name.as_str()), usize::MAX - shared(&path), path)
        })
        .collect();
    ranked.sort();
    ranked.into_iter().take(MOST_FILES.saturating_sub(files.len())).map(|(_, _, path)| path).collect()
}

fn drafts(found: Flows, files: &[SourceFile], is_kept: impl Fn(&[Location]) -> bool) -> Found {
    let mut all = Found::default();
    for (path, candidate) in &found.candidates {
        let file = files.iter().find(|file| file.path == *path);
        if let Some(file) = file.filter(|_| is_kept(&candidate.flow)) {
            all.drafts.extend(collect::drafts(std::slice::from_ref(candidate), &[], file));
        }
    }
    for (path, range, name) in found.undecided {
        let Some(file) = files.iter().find(|file| file.path == path) else { continue };
        let line = file.line_at(range.start);
        let reason =
            format!("where values of `{name}` go was not decided: it takes more work than a review allows");
        all.unread.push(Unread { path, lines: Some((line, line)), reason, leaves_gap: false });
    }
    if found.left_out > 0 {
        let reason = format!(
            "where values of {} functions go was not decided: all files together take more work than a review allows",
            found.left_out
        );
        let path = files.first().map(|file| file.path.clone()).unwrap_or_default();
        all.unread.push(Unread { path, lines: None, reason, leaves_gap: false });
    }
    for fault in found.faults {
        let reason = format!("a policy's check does not compile: {fault}");
        all.unread.push(Unread { path: fault.file.clone(), lines: None, reason, leaves_gap: true });
    }
    all
}
