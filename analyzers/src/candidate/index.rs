//! Decides which matchers can match a text at all, in one pass over it.
//!
//! Every literal that some matcher needs is searched for at once; only matchers whose needs are met are
//! compiled and run. Cost does not grow with rules that cannot match.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;

use crate::candidate::literals::Needs;

/// Number of a matcher in its list.
pub(crate) type MatcherId = usize;

/// The literals that the matchers of one language need.
pub(crate) struct Index {
    literals: Option<AhoCorasick>,
    literal_count: usize,
    /// For each matcher: clauses of literal numbers.
    needs: Vec<Vec<Vec<usize>>>,
}

impl Index {
    pub(crate) fn new(needs: &[Needs]) -> Self {
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
        let number = |clause: &Vec<String>| clause.iter().map(|literal| numbers[literal.as_str()]).collect();
        let needs = needs.iter().map(|needs| needs.iter().map(number).collect()).collect();
        Self { literals, literal_count: ordered.len(), needs }
    }

    /// The matchers that `wanted` admits and whose needs the text meets.
    pub(crate) fn enabled(&self, text: &str, wanted: impl Fn(MatcherId) -> bool) -> Vec<MatcherId> {
        let found = self.found(text);
        let meets =
            |id: MatcherId| self.needs[id].iter().all(|clause| clause.iter().any(|&literal| found[literal]));
        (0..self.needs.len()).filter(|&id| meets(id) && wanted(id)).collect()
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
