//! Runs the checks over one file: one traversal of its tree for all of them.

use std::collections::BTreeSet;
use std::ops::Range;

use ast_grep_core::matcher::MatcherExt as _;
use grammars::{Language, SyntaxTree};

use crate::candidate::compile::{CompiledRule, Matcher, Matchers};
use crate::candidate::index::Enabled;
use crate::candidate::place::{Captures, Elsewhere, Place};
use crate::candidate::{Candidate, SyntaxNode, fixes};
use crate::policy::{Check, PolicySet};
use crate::region::SourceFile;

/// Which checks run, and what they may look at beside the file.
pub(crate) struct Scope<'a> {
    /// The policies in force.
    pub(crate) policies: &'a PolicySet,
    /// Only policies of these ids, where given.
    pub(crate) only: Option<&'a BTreeSet<String>>,
    /// The rest of the repository.
    pub(crate) elsewhere: &'a dyn Elsewhere,
}

/// Every candidate of the file, one for each cause, by rising position.
pub(crate) fn detect(file: &SourceFile, scope: &Scope<'_>) -> Vec<Candidate> {
    let mut candidates = find(file, scope);
    fixes::keep_proved(&mut candidates, file, |changed| find(changed, scope));
    candidates
}

/// The candidates of the file, with fixes not yet proved.
fn find(file: &SourceFile, scope: &Scope<'_>) -> Vec<Candidate> {
    let mut run = Run { file, scope, candidates: Vec::new() };
    run.own_language();
    run.embedded_languages();
    one_for_each_place(run.candidates)
}

/// Languages that stand inside others, with policies of their own.
const EMBEDDED: [Language; 1] = [Language::Sql];

struct Run<'a> {
    file: &'a SourceFile,
    scope: &'a Scope<'a>,
    candidates: Vec<Candidate>,
}

impl<'a> Run<'a> {
    fn own_language(&mut self) {
        let matchers = self.scope.policies.matchers(self.file.language);
        let enabled = matchers.index.enabled(self.file.text(), |id| self.wanted(&matchers.list[id]));
        if enabled.is_empty() {
            return;
        }
        self.texts(matchers, &enabled);
        if let Some(tree) = self.file.tree() {
            self.nodes(tree, matchers, &enabled);
        }
    }

    /// Checks of a guest language run where the policy reads the host language too.
    fn embedded_languages(&mut self) {
        let Some(tree) = self.file.tree() else { return };
        for language in EMBEDDED {
            let matchers = self.scope.policies.matchers(language);
            let host = self.file.language;
            let wanted = |matcher: &Matcher| self.wanted(matcher) && matcher.policy.languages.contains(&host);
            let enabled = matchers.index.enabled(self.file.text(), |id| wanted(&matchers.list[id]));
            if host == language || enabled.is_empty() {
                continue;
            }
            for guest in self.file.embedded(tree).iter().filter(|guest| guest.complete) {
                if guest.tree.language() == language {
                    self.nodes(&guest.tree, matchers, &enabled);
                }
            }
        }
    }

    fn wanted(&self, matcher: &Matcher) -> bool {
        self.scope.only.is_none_or(|only| only.contains(&matcher.policy.id))
            && matcher.policy.paths.holds(&self.file.path)
    }

    fn nodes(&mut self, tree: &'a SyntaxTree, matchers: &'a Matchers, enabled: &Enabled<'_>) {
        let Some(by_kind) = enabled.by_node() else { return };
        let root = tree.root();
        let mut cursor = root.get_inner_node().walk();
        loop {
            let kind = usize::from(cursor.node().kind_id());
            for &id in by_kind.get(kind).into_iter().flatten() {
                let node = root.root().adopt(cursor.node());
                self.try_node(&matchers.list[id], node);
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    fn try_node(&mut self, matcher: &Matcher, node: SyntaxNode<'a>) {
        let CompiledRule::Ast(rule) = &matcher.rule else { return };
        let Some(found) = rule.match_node(node) else { return };
        let place = Place {
            file: self.file,
            range: found.range(),
            node: Some(found.get_node().clone()),
            captures: Captures::Nodes(found.get_env().clone()),
            elsewhere: self.scope.elsewhere,
        };
        let fix = || fixes::propose(&check_of(matcher).fix, &found, self.file.language);
        self.accept(matcher, &place, fix);
    }

    fn texts(&mut self, matchers: &Matchers, enabled: &Enabled<'_>) {
        for id in enabled.by_text() {
            let matcher = &matchers.list[id];
            let CompiledRule::Text(rule) = &matcher.rule else { continue };
            let text = if rule.comments { self.file.text() } else { self.file.uncommented() };
            for span in rule.find(text) {
                let place = Place {
                    file: self.file,
                    range: span.range.clone(),
                    node: self.file.tree().and_then(|tree| smallest_node(tree, &span.range)),
                    captures: Captures::Ranges(span.groups),
                    elsewhere: self.scope.elsewhere,
                };
                self.accept(matcher, &place, || None);
            }
        }
    }

    fn accept(
        &mut self,
        matcher: &Matcher,
        place: &Place<'_>,
        fix: impl FnOnce() -> Option<super::Replacement>,
    ) {
        if !matcher.conditions.iter().all(|condition| condition.holds(place)) {
            return;
        }
        let check = check_of(matcher);
        let message = check.message.as_ref().unwrap_or(&matcher.policy.title);
        self.candidates.push(Candidate {
            policy: matcher.policy.clone(),
            check: matcher.check,
            decided_by: matcher.decided_by,
            range: check
                .report
                .as_deref()
                .and_then(|name| place.range_of(name))
                .unwrap_or(place.range.clone()),
            message: message.map(|template| place.fill(template)),
            cause: check.cause.as_deref().and_then(|name| place.text(name)).map(std::borrow::Cow::into_owned),
            fix: fix(),
        });
    }
}

fn check_of(matcher: &Matcher) -> &Check {
    &matcher.policy.checks[matcher.check]
}

fn smallest_node<'a>(tree: &'a SyntaxTree, range: &Range<usize>) -> Option<SyntaxNode<'a>> {
    let root = tree.root();
    let inner = root.get_inner_node().descendant_for_byte_range(range.start, range.end)?;
    Some(root.root().adopt(inner))
}

/// Keeps, of a policy's candidates that overlap, the narrowest; sorts by position.
fn one_for_each_place(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| {
        (a.range.start, a.range.end, &a.policy.id, a.check).cmp(&(
            b.range.start,
            b.range.end,
            &b.policy.id,
            b.check,
        ))
    });
    let mut kept: Vec<Candidate> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let rival = kept.iter().rposition(|other| {
            other.policy.id == candidate.policy.id
                && other.decided_by == candidate.decided_by
                && overlap(&other.range, &candidate.range)
        });
        match rival {
            Some(index) if kept[index].range.len() > candidate.range.len() => kept[index] = candidate,
            Some(_) => {}
            None => kept.push(candidate),
        }
    }
    kept
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end || a == b
}
