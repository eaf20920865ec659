//! Fixes: a template filled from a match, and the proof that the result mends the breach.

use std::collections::BTreeMap;

use ast_grep_core::NodeMatch;
use ast_grep_core::replacer::{Replacer as _, TemplateFix};
use ast_grep_core::tree_sitter::StrDoc;
use grammars::Language;

use crate::candidate::{Candidate, Replacement};
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
        let mut text = file.text().to_owned();
        text.replace_range(fix.range.clone(), &fix.text);
        let Some(changed) =
            file.with_text(text).filter(|changed| changed.syntax_errors() <= file.syntax_errors())
        else {
            continue;
        };
        let after = counts(&find(&changed));
        let own = candidate.policy.id.as_str();
        let mends = after.get(own).copied().unwrap_or(0) < before.get(own).copied().unwrap_or(0);
        let adds = after.iter().any(|(id, count)| count > before.get(id).unwrap_or(&0));
        if mends && !adds {
            candidate.fix = Some(fix);
        }
    }
}

fn counts(candidates: &[Candidate]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for candidate in candidates {
        *counts.entry(candidate.policy.id.clone()).or_default() += 1;
    }
    counts
}
