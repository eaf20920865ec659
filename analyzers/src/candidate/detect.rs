//! Runs the checks over one file: one traversal of its tree for all of them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use ast_grep_core::matcher::MatcherExt as _;
use grammars::{Language, SyntaxTree, Walk, one_inside, walk};

use crate::candidate::compile::{CompiledRule, Matcher, Matchers};
use crate::candidate::index::{MatchPlaces, MatcherId, Places, places};
use crate::candidate::place::{Captures, Elsewhere, Place};
use crate::candidate::{Candidate, SyntaxNode, fixes, scope};
use crate::policy::{Check, EndpointRole, PathAnswers, Policy, PolicyError, PolicySet};
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

/// What the checks found in a file.
#[derive(Default)]
pub(crate) struct Detected {
    /// The candidates, one for each place, by rising position.
    pub(crate) candidates: Vec<Candidate>,
    /// Where values come from and go to.
    pub(crate) marks: Vec<FlowMark>,
    /// Checks that could not run, because they do not compile.
    pub(crate) faults: Vec<PolicyError>,
}

/// A place of a check of data flow that a pattern points at.
#[derive(Clone, Debug)]
pub(crate) struct FlowMark {
    /// The policy.
    pub(crate) policy: Arc<Policy>,
    /// Which of its checks.
    pub(crate) check: usize,
    /// What the place is.
    pub(crate) role: EndpointRole,
    /// Whether the whole match is meant, not a captured part of it.
    pub(crate) is_whole: bool,
    /// The places.
    pub(crate) ranges: Vec<Range<usize>>,
}

/// Runs every check that can match over the file.
pub(crate) fn detect(file: &SourceFile, scope: &Scope<'_>) -> Detected {
    let mut detected = find(file, scope);
    fixes::keep_proved(&mut detected.candidates, file, |changed| find(changed, scope).candidates);
    detected
}

/// The candidates of the file, with fixes not yet proved.
pub(crate) fn find(file: &SourceFile, scope: &Scope<'_>) -> Detected {
    let mut run = Run { file, scope, flow: false, found: Detected::default() };
    run.own_language();
    run.embedded_languages();
    Detected { candidates: one_for_each_place(run.found.candidates), ..run.found }
}

/// Where the file's values come from and go to, as patterns of data flow say.
pub(crate) fn marks(file: &SourceFile, scope: &Scope<'_>) -> Detected {
    let mut run = Run { file, scope, flow: true, found: Detected::default() };
    run.own_language();
    run.found
}

/// Languages that stand inside others, with policies of their own.
const EMBEDDED: [Language; 1] = [Language::Sql];

struct Run<'a> {
    file: &'a SourceFile,
    scope: &'a Scope<'a>,
    /// Whether patterns of data flow run, and not checks.
    flow: bool,
    found: Detected,
}

/// A check that can match the file.
struct Ready<'a> {
    matchers: &'a Matchers,
    id: MatcherId,
    kinds: &'a [u16],
    reach: MatchPlaces,
}

impl<'a> Ready<'a> {
    fn matcher(&self) -> &'a Matcher {
        &self.matchers.list[self.id]
    }
}

impl<'a> Run<'a> {
    fn own_language(&mut self) {
        let matchers = self.scope.policies.matchers(self.file.language);
        let file = self.file;
        // Rules match what the grammar read, which may not be what the file says.
        let stand_in = if file.language.may_be_prepared(file.text()) {
            file.tree().and_then(SyntaxTree::stand_in)
        } else {
            None
        };
        let texts: Vec<&str> = std::iter::once(file.text()).chain(stand_in).collect();
        let ready = self.ready(matchers, &texts, |_| true);
        self.texts(&ready);
        self.nodes(&ready, || file.tree().into_iter().collect());
    }

    /// Checks of a guest language run where the policy reads the host language too.
    fn embedded_languages(&mut self) {
        let host = self.file.language;
        if !host.may_embed(self.file.text()) {
            return;
        }
        for language in EMBEDDED.into_iter().filter(|language| *language != host) {
            let matchers = self.scope.policies.matchers(language);
            let all = self.file.embedded().iter();
            let guests: Vec<_> = all.filter(|guest| guest.tree.language() == language).collect();
            let texts: Vec<&str> =
                guests.iter().map(|guest| guest.tree.read()).chain([self.file.text()]).collect();
            let ready = self.ready(matchers, &texts, |matcher| matcher.policy.languages.contains(&host));
            let whole = guests.into_iter().filter(|guest| guest.complete);
            self.nodes(&ready, || whole.map(|guest| &guest.tree).collect());
        }
    }

    /// The checks that can match the file.
    fn ready(
        &mut self,
        matchers: &'a Matchers,
        texts: &[&str],
        wanted: impl Fn(&Matcher) -> bool,
    ) -> Vec<Ready<'a>> {
        let path = PathAnswers::new(&self.file.path);
        let in_scope = |matcher: &Matcher| {
            self.scope.only.is_none_or(|only| only.contains(&matcher.policy.id))
                && wanted(matcher)
                && self.flow == matcher.endpoint.is_some()
                && (matcher.endpoint.is_some() || matcher.policy.paths.holds(&path))
        };
        let (enabled, hits) = matchers.index.enabled(texts, |id| in_scope(&matchers.list[id]));
        let mut ready = Vec::with_capacity(enabled.len());
        for id in enabled {
            match matchers.kinds(id) {
                Ok(kinds) => {
                    ready.push(Ready { matchers, id, kinds, reach: matchers.index.reach(id, &hits) });
                }
                Err(fault) => self.fault(fault),
            }
        }
        ready
    }

    /// Runs the checks of nodes over trees of the file, which are made only where there are such checks.
    fn nodes(&mut self, ready: &[Ready<'a>], trees: impl FnOnce() -> Vec<&'a SyntaxTree>) {
        let ready: Vec<&Ready<'a>> = ready.iter().filter(|check| !check.kinds.is_empty()).collect();
        if !ready.is_empty() {
            trees().into_iter().for_each(|tree| self.traverse(tree, &ready));
        }
    }

    /// One traversal for all checks, of what of the tree can match.
    fn traverse(&mut self, tree: &'a SyntaxTree, ready: &[&Ready<'a>]) {
        let (mut checks, mut contexts) = (ByKind::default(), ByKind::default());
        for (number, check) in ready.iter().enumerate() {
            check.kinds.iter().for_each(|&kind| checks.add(kind, number));
            for (kinds, places) in &check.reach.contexts {
                kinds.iter().for_each(|&kind| contexts.add(kind, (number, places)));
            }
        }
        let places = places(ready.iter().map(|check| &check.reach));
        // Where the contexts end in which each check can match, and the last of those that hold no place.
        let mut open = vec![0; ready.len()];
        let mut open_to_all = 0;
        let root = tree.root();
        walk(root.get_inner_node(), |node| {
            let range = node.byte_range();
            let is_open = range.start < open_to_all;
            if !is_open && places.as_ref().is_some_and(|places| !one_inside(places, &range)) {
                return Walk::Past;
            }
            let kind = node.kind_id();
            for &number in checks.of(kind) {
                let check = ready[number];
                let in_context = check.reach.contexts.is_empty() || range.start < open[number];
                let holds = |(field, places): &(u16, Places)| {
                    node.child_by_field_id(*field).is_some_and(|child| places.are_in(&child.byte_range()))
                };
                if in_context && check.reach.node.are_in(&range) && check.reach.fields.iter().all(holds) {
                    self.try_node(check, root.root().adopt(node));
                }
            }
            for &(number, places) in contexts.of(kind) {
                if places.are_in(&range) {
                    open[number] = open[number].max(range.end + 1);
                    open_to_all = open_to_all.max(range.end + 1);
                }
            }
            Walk::Into
        });
    }

    fn try_node(&mut self, check: &Ready<'a>, node: SyntaxNode<'a>) {
        let rule = match check.matchers.rule(check.id) {
            Ok(CompiledRule::Ast(rule)) => rule,
            Ok(CompiledRule::Text(_)) => return,
            Err(fault) => return self.fault(fault),
        };
        let Some(found) = rule.core.match_node(node) else { return };
        let place = Place {
            file: self.file,
            range: found.range(),
            node: Some(found.get_node().clone()),
            captures: Captures::Nodes(found.get_env().clone()),
            elsewhere: self.scope.elsewhere,
        };
        let fix = || fixes::propose(&check_of(check.matcher()).fix, &found, self.file.language);
        self.accept(check, &place, fix);
    }

    fn texts(&mut self, ready: &[Ready<'a>]) {
        for check in ready.iter().filter(|check| check.matcher().is_of_text()) {
            let rule = match check.matchers.rule(check.id) {
                Ok(CompiledRule::Text(rule)) => rule,
                Ok(CompiledRule::Ast(_)) => continue,
                Err(fault) => {
                    self.fault(fault);
                    continue;
                }
            };
            let text = if rule.comments { self.file.text() } else { self.file.uncommented() };
            for span in rule.find(text) {
                let place = Place {
                    file: self.file,
                    range: span.range.clone(),
                    node: self.file.tree().and_then(|tree| scope::smallest_node(tree, &span.range)),
                    captures: Captures::Ranges(span.groups),
                    elsewhere: self.scope.elsewhere,
                };
                self.accept(check, &place, || None);
            }
        }
    }

    fn fault(&mut self, fault: &PolicyError) {
        if !self.found.faults.contains(fault) {
            self.found.faults.push(fault.clone());
        }
    }

    fn accept(
        &mut self,
        ready: &Ready<'_>,
        place: &Place<'_>,
        fix: impl FnOnce() -> Option<super::Replacement>,
    ) {
        for condition in ready.matchers.conditions(ready.id) {
            match condition {
                Ok(condition) if condition.holds(place) => {}
                Ok(_) => return,
                Err(fault) => return self.fault(fault),
            }
        }
        let matcher = ready.matcher();
        if let Some((role, argument)) = &matcher.endpoint {
            let ranges = match argument {
                Some(name) => place.ranges_of(name),
                None => vec![place.range.clone()],
            };
            self.found.marks.push(FlowMark {
                policy: matcher.policy.clone(),
                check: matcher.check,
                role: *role,
                is_whole: argument.is_none(),
                ranges,
            });
            return;
        }
        let check = check_of(matcher);
        let message = check.message.as_ref().unwrap_or(&matcher.policy.title);
        self.found.candidates.push(Candidate {
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
            why: None,
            flow: Vec::new(),
        });
    }
}

/// What stands under the numbers of node kinds.
struct ByKind<T>(Vec<Vec<T>>);

impl<T> Default for ByKind<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByKind<T> {
    fn add(&mut self, kind: u16, item: T) {
        let kind = usize::from(kind);
        if self.0.len() <= kind {
            self.0.resize_with(kind + 1, Vec::new);
        }
        self.0[kind].push(item);
    }

    fn of(&self, kind: u16) -> &[T] {
        self.0.get(usize::from(kind)).map(Vec::as_slice).unwrap_or_default()
    }
}

fn check_of(matcher: &Matcher) -> &Check {
    &matcher.policy.checks[matcher.check]
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
