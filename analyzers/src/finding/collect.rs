//! Makes findings of judged candidates: one for each cause, introduced or there before.

use std::collections::BTreeMap;

use crate::candidate::Candidate;
use crate::finding::{Finding, Fix, Origin, Related, fingerprint};
use crate::region::SourceFile;

/// A finding of one file that is not yet compared with the base version.
pub(crate) struct Draft {
    pub(crate) finding: Finding,
    pub(crate) key: String,
}

/// How often each key stands in the base version of each file.
pub(crate) type BaseKeys = BTreeMap<String, BTreeMap<String, usize>>;

/// The drafts of one file, one for each cause.
pub(crate) fn drafts(candidates: &[Candidate], file: &SourceFile) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut causes: BTreeMap<(String, Option<String>, String), usize> = BTreeMap::new();
    for candidate in candidates {
        let draft = draft(candidate, file);
        let cause = candidate.cause.as_ref().map(|cause| {
            (candidate.policy.id.clone(), draft.finding.location.declaration.first().cloned(), cause.clone())
        });
        match cause.as_ref().and_then(|cause| causes.get(cause)) {
            Some(&first) => {
                let Finding { location, message, .. } = draft.finding;
                drafts[first].finding.related.push(Related { location, message });
            }
            None => {
                causes.extend(cause.map(|cause| (cause, drafts.len())));
                drafts.push(draft);
            }
        }
    }
    drafts
}

fn draft(candidate: &Candidate, file: &SourceFile) -> Draft {
    let fix = candidate
        .fix
        .as_ref()
        .map(|fix| Fix { location: file.location(&fix.range), replacement: fix.text.clone() });
    let finding = Finding {
        policy: candidate.policy.clone(),
        fingerprint: String::new(),
        origin: Origin::Introduced,
        location: file.location(&candidate.range),
        frame: file.frame(&candidate.range),
        message: candidate.message.clone(),
        related: Vec::new(),
        fix,
    };
    Draft { finding, key: fingerprint::key(candidate, file) }
}

/// Keys of the base version's findings, counted as at head: one for each cause.
pub(crate) fn keys(candidates: &[Candidate], file: &SourceFile) -> BTreeMap<String, usize> {
    let mut keys = BTreeMap::new();
    for draft in drafts(candidates, file) {
        *keys.entry(draft.key).or_default() += 1;
    }
    keys
}

/// Names every draft and says which were there before.
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
    let name = |mut draft: Draft| {
        let occurrence = seen.entry(draft.key.clone()).or_default();
        draft.finding.fingerprint = fingerprint::fingerprint(&draft.key, *occurrence);
        *occurrence += 1;
        draft.finding
    };
    drafts.into_iter().map(name).collect()
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
