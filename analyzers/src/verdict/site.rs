//! Sites: the places of a file that a model is asked about, each the changed part of one function.
//!
//! The changed regions and the candidates of a file in; inquiries, each one prompt about one site, out. What a
//! change does not touch is not asked about, and policies about one site share a prompt.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::candidate::{Candidate, DecidedBy, function, smallest_node};
use crate::policy::{Confidence, Severity};
use crate::region::{ChangedRegion, SourceFile};

/// Policies that share a prompt at most: more of them drown each other.
const MOST_POLICIES: usize = 6;

/// Candidates that are triaged in one prompt at most.
const MOST_DOUBTS: usize = 8;

/// Changed code in one prompt at most, in bytes; more of it is asked about in parts.
const MAX_CHANGED_BYTES: usize = 12 << 10;

/// The changed part of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    /// The function, or what else holds the candidate, as whole lines.
    pub(crate) home: Range<usize>,
    /// The changed stretches in it, rising.
    pub(crate) changed: Vec<Range<usize>>,
}

/// One prompt about one site.
#[derive(Clone, Debug)]
pub(crate) struct Inquiry {
    pub(crate) site: Site,
    pub(crate) matter: Matter,
    /// The first changed line of the site.
    pub(crate) line: u32,
}

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) enum Matter {
    /// The questions of policies: one candidate for each policy, by rising id.
    Questions(Vec<Candidate>),
    /// Whether what policies found that are not sure of themselves is a breach.
    Doubts(Vec<Candidate>),
}

impl Matter {
    /// What is asked about.
    pub(crate) fn candidates(&self) -> &[Candidate] {
        match self {
            Self::Questions(candidates) | Self::Doubts(candidates) => candidates,
        }
    }

    /// What comes first where not everything can be asked: questions before doubts, the worst policy first.
    pub(crate) fn rank(&self) -> (bool, Option<Severity>) {
        let worst = self.candidates().iter().map(|candidate| candidate.policy.severity).min();
        (matches!(self, Self::Doubts(_)), worst)
    }
}

/// What is to be asked about a file: questions, and findings that may be dismissed.
pub(crate) fn inquiries(
    candidates: &[Candidate],
    file: &SourceFile,
    regions: &[ChangedRegion],
) -> Vec<Inquiry> {
    about(candidates, file, regions, |candidate| {
        candidate.decided_by == DecidedBy::Question || may_be_dismissed(candidate, candidates)
    })
}

/// The questions about a file.
pub(crate) fn questions(
    candidates: &[Candidate],
    file: &SourceFile,
    regions: &[ChangedRegion],
) -> Vec<Inquiry> {
    about(candidates, file, regions, |candidate| candidate.decided_by == DecidedBy::Question)
}

fn about(
    candidates: &[Candidate],
    file: &SourceFile,
    regions: &[ChangedRegion],
    is_open: impl Fn(&Candidate) -> bool,
) -> Vec<Inquiry> {
    let mut sites: BTreeMap<(usize, usize), Vec<&Candidate>> = BTreeMap::new();
    for candidate in candidates.iter().filter(|candidate| is_open(candidate)) {
        let home = home(candidate, file);
        // A question is about what a change did to a function; a finding in doubt is about its own place.
        let place = match candidate.decided_by {
            DecidedBy::Question => &home,
            DecidedBy::Proof => &candidate.range,
        };
        if regions.iter().any(|region| region.touches(place)) {
            sites.entry((home.start, home.end)).or_default().push(candidate);
        }
    }
    let asked = |((start, end), candidates): ((usize, usize), Vec<&Candidate>)| {
        let changed = changed_in(start..end, regions);
        let about: Vec<Matter> = matters(&candidates);
        parts(changed, file.text()).into_iter().flat_map(move |changed| {
            let line = file.line_at(changed.first().map_or(start, |first| first.start));
            let site = Site { home: start..end, changed };
            about.clone().into_iter().map(move |matter| Inquiry { site: site.clone(), matter, line })
        })
    };
    sites.into_iter().flat_map(asked).collect()
}

/// Whether a model may dismiss a candidate: what blocks, what is certain, and what stands for another are out of
/// its reach.
pub(crate) fn may_be_dismissed(candidate: &Candidate, all: &[Candidate]) -> bool {
    candidate.decided_by == DecidedBy::Proof
        && candidate.policy.confidence == Confidence::Likely
        && !candidate.policy.blocks_by_proof()
        && !all.iter().any(|other| {
            candidate.policy.supersedes.contains(&other.policy.id) && overlap(&candidate.range, &other.range)
        })
}

/// The whole lines of the function around a candidate, or of the candidate where there is none.
fn home(candidate: &Candidate, file: &SourceFile) -> Range<usize> {
    let node = file.tree().and_then(|tree| smallest_node(tree, &candidate.range));
    let range = node.as_ref().and_then(function).map_or(candidate.range.clone(), |function| function.range());
    file.lines_range(file.line_at(range.start), file.line_at(range.end.saturating_sub(1).max(range.start)))
}

fn changed_in(home: Range<usize>, regions: &[ChangedRegion]) -> Vec<Range<usize>> {
    let all = regions.iter().flat_map(|region| &region.ranges).filter(|range| overlap(range, &home));
    let mut changed: Vec<Range<usize>> =
        all.map(|range| range.start.max(home.start)..range.end.min(home.end)).collect();
    changed.sort_by_key(|range| (range.start, range.end));
    changed
}

/// Questions with each policy once, and doubts, as many as one prompt takes.
fn matters(candidates: &[&Candidate]) -> Vec<Matter> {
    let mut by_policy: BTreeMap<&str, &Candidate> = BTreeMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.decided_by == DecidedBy::Question) {
        by_policy.entry(&candidate.policy.id).or_insert(candidate);
    }
    let questions: Vec<Candidate> = by_policy.into_values().cloned().collect();
    let doubts: Vec<Candidate> = candidates
        .iter()
        .filter(|candidate| candidate.decided_by == DecidedBy::Proof)
        .map(|candidate| (*candidate).clone())
        .collect();
    let questions = questions.chunks(MOST_POLICIES).map(|some| Matter::Questions(some.to_vec()));
    questions.chain(doubts.chunks(MOST_DOUBTS).map(|some| Matter::Doubts(some.to_vec()))).collect()
}

/// The stretches in parts that each fit a prompt, cut between lines where there are any.
fn parts(changed: Vec<Range<usize>>, text: &str) -> Vec<Vec<Range<usize>>> {
    let mut parts: Vec<Vec<Range<usize>>> = vec![Vec::new()];
    let mut left = MAX_CHANGED_BYTES;
    for mut range in changed {
        while !range.is_empty() {
            if left < range.len() && left < MAX_CHANGED_BYTES {
                parts.push(Vec::new());
                left = MAX_CHANGED_BYTES;
            }
            let end = cut(text, &range, left);
            left = left.saturating_sub(end - range.start);
            parts.last_mut().expect("there is a first part").push(range.start..end);
            range.start = end;
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Where a stretch is cut so that at most `most` bytes are before: after a line, else after a character.
fn cut(text: &str, range: &Range<usize>, most: usize) -> usize {
    if range.len() <= most {
        return range.end;
    }
    let mut end = range.start + most.max(char::MAX.len_utf8());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[range.start..end].rfind('\n').map_or(end, |at| range.start + at + 1)
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}
