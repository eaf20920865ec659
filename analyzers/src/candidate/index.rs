//! Decides which matchers can match a text at all, in one pass over it.
//!
//! Every literal that some matcher needs is searched for at once; only matchers whose needs are met are
//! compiled and run. Cost does not grow with rules that cannot match.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::AhoCorasick;

use crate::candidate::literals::Needs;

/// Number of a matcher in its list.
pub(crate) type MatcherId = usize;

/// The literals that the matchers of one language need.
pub(crate) struct Index {
    literals: Option<AhoCorasick>,
    literal_count: usize,
    /// For each matcher: what the file must hold, and what the matching node must.
    needs: Vec<Clauses>,
    node_needs: Vec<Clauses>,
}

/// Clauses of literal numbers: of each clause one literal must occur.
pub(crate) type Clauses = Vec<Vec<usize>>;

/// Where each literal begins in one text, in rising order.
pub(crate) struct Hits {
    /// None where the literals could not be searched for: then everything may be anywhere.
    positions: Option<Vec<Vec<usize>>>,
}

impl Hits {
    /// Whether a stretch of the text holds one literal of each clause.
    pub(crate) fn within(&self, clauses: &Clauses, range: &Range<usize>) -> bool {
        let Some(positions) = &self.positions else { return true };
        let holds = |literal: &usize| {
            let starts = &positions[*literal];
            starts
                .get(starts.partition_point(|start| *start < range.start))
                .is_some_and(|start| *start < range.end)
        };
        clauses.iter().all(|clause| clause.iter().any(holds))
    }
}

impl Index {
    pub(crate) fn new(needs: &[Needs], node_needs: &[Needs]) -> Self {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        for literal in needs.iter().chain(node_needs).flatten().flatten() {
            let next = numbers.len();
            numbers.entry(literal).or_insert(next);
        }
        let mut ordered = vec![""; numbers.len()];
        for (literal, &number) in &numbers {
            ordered[number] = literal;
        }
        let literals = AhoCorasick::builder().ascii_case_insensitive(true).build(&ordered).ok();
        let number = |clause: &Vec<String>| clause.iter().map(|literal| numbers[literal.as_str()]).collect();
        let numbered = |all: &[Needs]| all.iter().map(|needs| needs.iter().map(number).collect()).collect();
        Self {
            literals,
            literal_count: ordered.len(),
            needs: numbered(needs),
            node_needs: numbered(node_needs),
        }
    }

    /// The matchers that `wanted` admits and whose needs the text meets, and where the literals stand.
    pub(crate) fn enabled(&self, text: &str, wanted: impl Fn(MatcherId) -> bool) -> (Vec<MatcherId>, Hits) {
        let hits = self.hits(text);
        let meets = |id: MatcherId| hits.within(&self.needs[id], &(0..text.len()));
        let enabled = (0..self.needs.len()).filter(|&id| meets(id) && wanted(id)).collect();
        (enabled, hits)
    }

    /// What the text of a node must hold for the matcher to match it.
    pub(crate) fn node_needs(&self, id: MatcherId) -> &Clauses {
        &self.node_needs[id]
    }

    fn hits(&self, text: &str) -> Hits {
        let Some(literals) = &self.literals else { return Hits { positions: None } };
        let mut positions = vec![Vec::new(); self.literal_count];
        for hit in literals.find_overlapping_iter(text) {
            positions[hit.pattern().as_usize()].push(hit.start());
        }
        Hits { positions: Some(positions) }
    }
}
