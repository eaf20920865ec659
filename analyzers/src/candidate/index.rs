//! Decides which matchers can match a text at all, in one pass over it.
//!
//! Every literal that some matcher needs is searched for at once; then only matchers whose needs are met
//! run, and only on nodes of the kinds they ask for. Cost does not grow with rules that cannot match.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use ast_grep_core::Matcher as _;

use crate::candidate::compile::{CompiledRule, Matcher};
use crate::candidate::literals::Needs;

/// Number of a matcher in its list.
pub(crate) type MatcherId = usize;

/// The literals and node kinds of all matchers of one language.
pub(crate) struct Index {
    literals: Option<AhoCorasick>,
    literal_count: usize,
    /// For each matcher: clauses of literal numbers.
    needs: Vec<Vec<Vec<usize>>>,
    /// For each node kind: the matchers that ask for it.
    by_kind: Vec<Vec<MatcherId>>,
    text_matchers: Vec<MatcherId>,
}

/// The matchers that can match one text.
pub(crate) struct Enabled<'a> {
    index: &'a Index,
    enabled: Vec<bool>,
}

impl Index {
    pub(crate) fn new(matchers: &[Matcher], needs: &[Needs]) -> Self {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        for literal in needs.iter().flatten().flatten() {
            let next = numbers.len();
            numbers.entry(literal).or_insert(next);
        }
        let mut ordered = vec![""; numbers.len()];
        for (literal, &number) in &numbers {
            ordered[number] = literal;
        }
        let literals = AhoCorasick::builder().ascii_case_insensitive(true).build(&ordered).ok();
        let needs = needs
            .iter()
            .map(|needs| {
                needs
                    .iter()
                    .map(|clause| clause.iter().map(|literal| numbers[literal.as_str()]).collect())
                    .collect()
            })
            .collect();
        let mut index = Self {
            literals,
            literal_count: ordered.len(),
            needs,
            by_kind: Vec::new(),
            text_matchers: Vec::new(),
        };
        for (id, matcher) in matchers.iter().enumerate() {
            index.add(id, matcher);
        }
        index
    }

    fn add(&mut self, id: MatcherId, matcher: &Matcher) {
        match &matcher.rule {
            CompiledRule::Text(_) => self.text_matchers.push(id),
            CompiledRule::Ast(rule) => {
                for kind in rule.potential_kinds().iter().flatten() {
                    if self.by_kind.len() <= kind {
                        self.by_kind.resize_with(kind + 1, Vec::new);
                    }
                    self.by_kind[kind].push(id);
                }
            }
        }
    }

    /// The matchers that `wanted` admits and whose needs the text meets.
    pub(crate) fn enabled(&self, text: &str, wanted: impl Fn(MatcherId) -> bool) -> Enabled<'_> {
        let found = self.found(text);
        let meets =
            |id: MatcherId| self.needs[id].iter().all(|clause| clause.iter().any(|&literal| found[literal]));
        let enabled = (0..self.needs.len()).map(|id| wanted(id) && meets(id)).collect();
        Enabled { index: self, enabled }
    }

    fn found(&self, text: &str) -> Vec<bool> {
        let Some(literals) = &self.literals else {
            return vec![true; self.literal_count];
        };
        let mut found = vec![false; self.literal_count];
        let mut missing = self.literal_count;
        for hit in literals.find_overlapping_iter(text) {
            let slot = &mut found[hit.pattern().as_usize()];
            if !*slot {
                *slot = true;
                missing -= 1;
                if missing == 0 {
                    break;
                }
            }
        }
        found
    }
}

impl Enabled<'_> {
    /// Whether any matcher looks at nodes.
    pub(crate) fn by_node(&self) -> Option<Vec<Vec<MatcherId>>> {
        let kinds: Vec<Vec<MatcherId>> = self
            .index
            .by_kind
            .iter()
            .map(|ids| ids.iter().copied().filter(|&id| self.enabled[id]).collect())
            .collect();
        kinds.iter().any(|ids| !ids.is_empty()).then_some(kinds)
    }

    /// The matchers that look at text.
    pub(crate) fn by_text(&self) -> impl Iterator<Item = MatcherId> {
        self.index.text_matchers.iter().copied().filter(|&id| self.enabled[id])
    }

    /// Whether no matcher can match.
    pub(crate) fn is_empty(&self) -> bool {
        !self.enabled.contains(&true)
    }
}
