//! Makes findings of judged candidates: introduced or there before, and one for each cause.
//!
//! Origins come first and causes after, so that a new breach never hides behind an old one of the same cause.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::candidate::{Candidate, DecidedBy, Replacement};
use crate::finding::{Decider, Finding, Fix, Origin, Related, fingerprint};
use crate::region::SourceFile;

/// A candidate of one file on its way to being a finding.
pub(crate) struct Draft {
    pub(crate) finding: Finding,
    /// Where the candidate is, in bytes of the file's text.
    range: Range<usize>,
    key: String,
    cause: Option<String>,
}

impl Draft {
    /// Whether the draft is of this candidate.
    pub(crate) fn is_of(&self, candidate: &Candidate) -> bool {
        self.finding.policy.id == candidate.policy.id && self.range == candidate.range
    }
}

/// How often each key stands in the base version of each file.
pub(crate) type BaseKeys = BTreeMap<String, BTreeMap<String, usize>>;

/// The drafts of candidates of one file; `others` are further ones, which may stand for them.
pub(crate) fn drafts(candidates: &[Candidate], others: &[Candidate], file: &SourceFile) -> Vec<Draft> {
    let is_kept =
        |candidate: &&Candidate| !is_superseded(candidate, candidates) && !is_superseded(candidate, others);
    let kept = candidates.iter().filter(is_kept);
    kept.map(|candidate| draft(candidate, file)).collect()
}

/// Whether another candidate at the same place says the same and more. What the model says stands for nothing else.
fn is_superseded(candidate: &Candidate, all: &[Candidate]) -> bool {
    all.iter().filter(|other| other.decided_by == DecidedBy::Proof).any(|other| {
        other.policy.supersedes.contains(&candidate.policy.id)
            && other.range.start < candidate.range.end
            && candidate.range.start < other.range.end
    })
}

fn draft(candidate: &Candidate, file: &SourceFile) -> Draft {
    let fix = candidate.fix.as_ref().map(|replacement| fix(replacement, file));
    let finding = Finding {
        policy: candidate.policy.clone(),
        fingerprint: String::new(),
        origin: Origin::Introduced,
        decided_by: match candidate.decided_by {
            DecidedBy::Proof => Decider::Proof,
            DecidedBy::Question => Decider::Model,
        },
        location: file.location(&candidate.range),
        frame: file.frame(&candidate.range),
        message: candidate.message.clone(),
        why: candidate.why.clone(),
        is_dismissed: false,
        flow: candidate.flow.clone(),
        related: Vec::new(),
        fix,
    };
    let (key, cause) = (fingerprint::key(candidate, file), candidate.cause.clone());
    Draft { finding, range: candidate.range.clone(), key, cause }
}

/// A replacement of a file as a finding has it.
pub(crate) fn fix(replacement: &Replacement, file: &SourceFile) -> Fix {
    Fix { location: file.location(&replacement.range), replacement: replacement.text.clone() }
}

/// How often each key stands in a file.
pub(crate) fn keys(candidates: &[Candidate], file: &SourceFile) -> BTreeMap<String, usize> {
    let mut keys = BTreeMap::new();
    for draft in drafts(candidates, &[], file) {
        *keys.entry(draft.key).or_default() += 1;
    }
    keys
}

/// Names every draft, says which were there before, and makes one finding of each cause.
///
/// A breach of the base version excuses one of its kind: first in the same file (`base_path_of` leads from
/// head to base path), then in another, where the code was moved.
pub(crate) fn collect(
    mut drafts: Vec<Draft>,
    mut base: BaseKeys,
    base_path_of: &BTreeMap<String, String>,
) -> Vec<Finding> {
    drafts.sort_by(|a, b| {
        (&a.finding.location, &a.finding.policy.id).cmp(&(&b.finding.location, &b.finding.policy.id))
    });
    for draft in &mut drafts {
        let base_path = base_path_of.get(&draft.finding.location.path);
        if base_path.is_some_and(|path| take(base.get_mut(path), &draft.key)) {
            draft.finding.origin = Origin::PreExisting;
        }
    }
    for draft in drafts.iter_mut().filter(|draft| draft.finding.origin == Origin::Introduced) {
        if base.values_mut().any(|keys| take(Some(keys), &draft.key)) {
            draft.finding.origin = Origin::PreExisting;
        }
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for draft in &mut drafts {
        let occurrence = seen.entry(draft.key.clone()).or_default();
        draft.finding.fingerprint = fingerprint::fingerprint(&draft.key, *occurrence);
        *occurrence += 1;
    }
    one_for_each_cause(drafts)
}

fn take(keys: Option<&mut BTreeMap<String, usize>>, key: &str) -> bool {
    match keys.and_then(|keys| keys.get_mut(key)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

/// What drafts of one cause share: policy, file, origin, who decided and how, and the named cause within one
/// outermost declaration, or else the line.
type CauseKey = (String, String, bool, (Decider, bool), Option<String>, String);

fn one_for_each_cause(drafts: Vec<Draft>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::with_capacity(drafts.len());
    let mut causes: BTreeMap<CauseKey, usize> = BTreeMap::new();
    for Draft { finding, cause, .. } in drafts {
        let keys = cause_keys(&finding, cause);
        match keys.iter().find_map(|key| causes.get(key)) {
            Some(&first) => {
                let Finding { location, message, mut related, .. } = finding;
                findings[first].related.push(Related { location, message });
                findings[first].related.append(&mut related);
                let first = first.to_owned();
                causes.extend(keys.into_iter().map(|key| (key, first)));
            }
            None => {
                causes.extend(keys.into_iter().map(|key| (key, findings.len())));
                findings.push(finding);
            }
        }
    }
    findings
}

fn cause_keys(finding: &Finding, cause: Option<String>) -> Vec<CauseKey> {
    let location = &finding.location;
    let key = |scope: Option<String>, what: String| {
        let introduced = finding.origin == Origin::Introduced;
        let decided = (finding.decided_by, finding.is_dismissed);
        (finding.policy.id.clone(), location.path.clone(), introduced, decided, scope, what)
    };
    let line = key(None, format!("line {}", location.start.line));
    let named =
        cause.map(|cause| key(Some(location.declaration.first().cloned().unwrap_or_default()), cause));
    named.into_iter().chain([line]).collect()
}
