//! Finds renames and copies among paired files, by the rules of `git diff -M -C`.
//!
//! Copies come from files that the change touches. First equal contents, then the most alike, from 50 % on.
//! Source: git, `diffcore-rename.c`.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;

use git2::Oid;

use super::pairs::{Entry, Pair};
use super::similarity::{self, MIN_SCORE, Spans};
use super::{GitError, Pairs};
use crate::change::{FileStatus, hunks};

/// Above this many pairs of files (squared), only equal contents are looked for: `diff.renameLimit`.
const RENAME_LIMIT: usize = 1000;

/// How many candidates are kept for each new file.
const CANDIDATES: usize = 4;

/// How many sources of equal content are looked at for each new file.
const EQUAL_SOURCES: usize = 100;

/// What became of one file.
pub(super) struct Change {
    pub(super) status: FileStatus,
    pub(super) base: Option<Entry>,
    pub(super) head: Option<Entry>,
}

/// A file that others may come from.
struct Source<'a> {
    entry: &'a Entry,
    /// How many files come from it, itself included where it stays.
    uses: usize,
}

/// A new file, and the number of the source that it comes from.
struct Destination<'a> {
    entry: &'a Entry,
    source: Option<usize>,
}

/// The changes that the pairs are, with renames and copies put together.
pub(super) fn detect(git: &git2::Repository, pairs: Pairs) -> Result<Vec<Change>, GitError> {
    let mut sources = Vec::new();
    let mut destinations = Vec::new();
    for pair in &pairs {
        match (&pair.base, &pair.head) {
            (None, Some(entry)) => destinations.push(Destination { entry, source: None }),
            (Some(entry), head) => sources.push(Source { entry, uses: usize::from(head.is_some()) }),
            (None, None) => {}
        }
    }
    match_equal(&mut sources, &mut destinations);
    match_alike(git, &mut sources, &mut destinations)?;
    let uses = sources.iter().map(|source| source.uses).collect();
    let origins = destinations.iter().map(|destination| destination.source).collect();
    Ok(resolve(pairs, uses, origins))
}

/// Matches files of equal content, unused sources and equal names first.
fn match_equal(sources: &mut [Source<'_>], destinations: &mut [Destination<'_>]) {
    let mut by_id: HashMap<Oid, Vec<usize>> = HashMap::new();
    for (at, source) in sources.iter().enumerate().filter(|(_, source)| !source.entry.id.is_zero()) {
        by_id.entry(source.entry.id).or_default().push(at);
    }
    for destination in destinations {
        let head = destination.entry;
        let mut best: Option<(usize, usize)> = None;
        for &at in by_id.get(&head.id).into_iter().flatten().take(EQUAL_SOURCES) {
            let Source { entry: base, uses } = &sources[at];
            if !(base.is_regular() && head.is_regular()) && base.mode != head.mode {
                continue;
            }
            let score = usize::from(*uses == 0) + usize::from(has_same_name(base, head));
            if best.is_none_or(|(best, _)| score > best) {
                best = Some((score, at));
            }
        }
        if let Some((_, at)) = best {
            destination.source = Some(at);
            sources[at].uses += 1;
        }
    }
}

/// A source that a destination may come from.
struct Candidate {
    score: u64,
    has_same_name: bool,
    source: usize,
    destination: usize,
}

impl Candidate {
    /// The better one first.
    fn order(&self, other: &Self) -> Ordering {
        (other.score, other.has_same_name).cmp(&(self.score, self.has_same_name))
    }
}

/// Matches the files that are alike, best pairs first: each source once, then as often as it is copied.
fn match_alike(
    git: &git2::Repository,
    sources: &mut [Source<'_>],
    destinations: &mut [Destination<'_>],
) -> Result<(), GitError> {
    let open = destinations.iter().filter(|destination| destination.source.is_none()).count();
    if open * sources.len() > RENAME_LIMIT * RENAME_LIMIT {
        return Ok(());
    }
    let mut measure = Measure { git, sizes: HashMap::new(), spans: HashMap::new() };
    let mut candidates = Vec::new();
    for (at, destination) in destinations.iter().enumerate().filter(|(_, found)| found.source.is_none()) {
        candidates.extend(best_candidates(&mut measure, sources, destination.entry, at)?);
    }
    candidates.sort_by(Candidate::order);
    candidates.retain(|candidate| candidate.score >= MIN_SCORE);
    for may_be_used in [false, true] {
        for candidate in &candidates {
            let (source, destination) =
                (&mut sources[candidate.source], &mut destinations[candidate.destination]);
            if destination.source.is_none() && (may_be_used || source.uses == 0) {
                destination.source = Some(candidate.source);
                source.uses += 1;
            }
        }
    }
    Ok(())
}

/// The few best sources for one destination, in the order in which git happens to hold them.
fn best_candidates(
    measure: &mut Measure<'_>,
    sources: &[Source<'_>],
    head: &Entry,
    destination: usize,
) -> Result<Vec<Candidate>, GitError> {
    let mut best: Vec<Candidate> = Vec::with_capacity(CANDIDATES);
    for (source, Source { entry: base, .. }) in sources.iter().enumerate() {
        let score = measure.score(base, head)?;
        let candidate = Candidate { score, has_same_name: has_same_name(base, head), source, destination };
        if best.len() < CANDIDATES {
            best.push(candidate);
            continue;
        }
        let mut worst = 0;
        for at in 1..best.len() {
            if best[at].order(&best[worst]) == Ordering::Greater {
                worst = at;
            }
        }
        if best[worst].order(&candidate) == Ordering::Greater {
            best[worst] = candidate;
        }
    }
    Ok(best)
}

fn has_same_name(one: &Entry, other: &Entry) -> bool {
    fn name(entry: &Entry) -> Option<&[u8]> {
        entry.path.rsplit(|byte| *byte == b'/').next()
    }
    name(one) == name(other)
}

/// Measures contents, each read once.
struct Measure<'a> {
    git: &'a git2::Repository,
    sizes: HashMap<Oid, u64>,
    spans: HashMap<Oid, Rc<Spans>>,
}

impl Measure<'_> {
    fn score(&mut self, base: &Entry, head: &Entry) -> Result<u64, GitError> {
        if !base.is_regular() || !head.is_regular() {
            return Ok(0);
        }
        let (base_bytes, head_bytes) = (self.bytes(base)?, self.bytes(head)?);
        let limit = hunks::MAX_TEXT_BYTES as u64;
        if base_bytes.max(head_bytes) > limit || similarity::sizes_rule_out(base_bytes, head_bytes) {
            return Ok(0);
        }
        let (base, head) = (self.spans(base)?, self.spans(head)?);
        Ok(similarity::score(&base, &head, base_bytes, head_bytes))
    }

    fn bytes(&mut self, entry: &Entry) -> Result<u64, GitError> {
        if let Some(bytes) = self.sizes.get(&entry.id) {
            return Ok(*bytes);
        }
        let bytes = entry.bytes(self.git)? as u64;
        self.sizes.insert(entry.id, bytes);
        Ok(bytes)
    }

    fn spans(&mut self, entry: &Entry) -> Result<Rc<Spans>, GitError> {
        if let Some(spans) = self.spans.get(&entry.id) {
            return Ok(Rc::clone(spans));
        }
        let spans = Rc::new(Spans::of(&entry.content(self.git)?.unwrap_or_default()));
        self.spans.insert(entry.id, Rc::clone(&spans));
        Ok(spans)
    }
}

/// Names what became of every file: of several files that come from a deleted one, the last is its rename.
fn resolve(pairs: Vec<Pair>, mut uses: Vec<usize>, origins: Vec<Option<usize>>) -> Vec<Change> {
    let was_used: Vec<bool> = uses.iter().map(|uses| *uses > 0).collect();
    let bases: Vec<Entry> = pairs.iter().filter_map(|pair| pair.base.clone()).collect();
    let mut origins = origins.into_iter();
    let mut next_source = 0;
    let mut changes = Vec::with_capacity(pairs.len());
    for Pair { base, head } in pairs {
        let source = next_source;
        next_source += usize::from(base.is_some());
        let (status, base) = match (base, &head) {
            (base @ Some(_), Some(_)) => (FileStatus::Modified, base),
            (Some(_), None) if was_used[source] => continue,
            (base @ Some(_), None) => (FileStatus::Deleted, base),
            (None, _) => match origins.next().flatten() {
                None => (FileStatus::Added, None),
                Some(origin) => {
                    uses[origin] -= 1;
                    let status = if uses[origin] > 0 { FileStatus::Copied } else { FileStatus::Renamed };
                    (status, Some(bases[origin].clone()))
                }
            },
        };
        changes.push(Change { status, base, head });
    }
    changes
}
