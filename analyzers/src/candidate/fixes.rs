//! Fixes: a template filled from a match, and the proof that the result mends the breach.

use std::collections::BTreeMap;

use ast_grep_core::NodeMatch;
use ast_grep_core::replacer::{Replacer as _, TemplateFix};
use ast_grep_core::tree_sitter::StrDoc;
use grammars::Language;

use crate::candidate::{Candidate, DecidedBy, Replacement};
use crate::region::SourceFile;

/// Fixes of one file that are proved at most; each costs a parse.
const MOST_PROOFS: usize = 20;

/// The replacement that a check proposes for a match.
pub(crate) fn propose(
    templates: &BTreeMap<Language, String>,
    found: &NodeMatch<'_, StrDoc<Language>>,
    host: Language,
) -> Option<Replacement> {
    let language = *found.lang();
    let template = templates.get(&language).filter(|_| language == host)?;
    let Ok(template) = TemplateFix::try_new(template, &language);
    let text = String::from_utf8(template.generate_replacement(found)).ok()?;
    Some(Replacement { range: found.range(), text })
}

/// Drops every fix that leaves its finding, adds another one, or no longer parses.
pub(crate) fn keep_proved(
    candidates: &mut [Candidate],
    file: &SourceFile,
    find: impl Fn(&SourceFile) -> Vec<Candidate>,
) {
    let before = counts(candidates);
    let mut proofs = 0;
    for candidate in candidates.iter_mut() {
        let Some(fix) = candidate.fix.take() else { continue };
        proofs += 1;
        if proofs > MOST_PROOFS || fix.text == file.text()[fix.range.clone()] {
            continue;
        }
        if let Some(after) = after(&fix, file, &find)
            && is_proved(&before, &after, Some(&candidate.policy.id))
        {
            candidate.fix = Some(fix);
        }
    }
}

/// Whether a replacement parses, adds no finding, and finds less of a policy where one is named.
pub(crate) fn finds_less(
    fix: &Replacement,
    policy: Option<&str>,
    file: &SourceFile,
    find: &dyn Fn(&SourceFile) -> Vec<Candidate>,
) -> bool {
    let before = counts(&find(file));
    after(fix, file, find).is_some_and(|after| is_proved(&before, &after, policy))
}

fn is_proved(
    before: &BTreeMap<String, usize>,
    after: &BTreeMap<String, usize>,
    policy: Option<&str>,
) -> bool {
    let of = |counts: &BTreeMap<String, usize>, id: &str| counts.get(id).copied().unwrap_or(0);
    policy.is_none_or(|id| of(after, id) < of(before, id))
        && after.iter().all(|(id, count)| *count <= of(before, id))
}

/// What is found of each policy once the replacement is made; nothing where that does not parse.
fn after(
    fix: &Replacement,
    file: &SourceFile,
    find: impl Fn(&SourceFile) -> Vec<Candidate>,
) -> Option<BTreeMap<String, usize>> {
    let mut text = file.text().to_owned();
    text.replace_range(fix.range.clone(), &fix.text);
    let changed = file.with_text(text).filter(|changed| changed.syntax_errors() <= file.syntax_errors())?;
    Some(counts(&find(&changed)))
}

fn counts(candidates: &[Candidate]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.decided_by == DecidedBy::Proof) {
        *counts.entry(candidate.policy.id.clone()).or_default() += 1;
    }
    counts
}
