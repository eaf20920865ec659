//! Decides which matchers can match a text at all, and where, in one pass over it.
//!
//! Every literal that some matcher needs is searched for at once; only matchers whose needs are met are
//! compiled and run, and only on nodes that hold them. Cost does not grow with rules that cannot match.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::OnceLock;

use daachorse::DoubleArrayAhoCorasick;
use grammars::one_inside;

use crate::candidate::literal::Literal;
use crate::candidate::needs::{Clause, Context, Needs};

/// Number of a matcher in its list.
pub(crate) type MatcherId = usize;

/// What one matcher needs.
#[derive(Default)]
pub(crate) struct MatcherNeeds {
    /// Of the file.
    pub(crate) file: Needs,
    /// Of the matching node.
    pub(crate) node: Needs,
    /// Of the matching node's child in a field.
    pub(crate) fields: Vec<(u16, Needs)>,
    /// Of what encloses the matching node: one of these.
    pub(crate) contexts: Vec<Context>,
}

/// The literals that the matchers of one language need.
pub(crate) struct Index {
    literals: Vec<Literal>,
    /// The texts of the literals, each once, with the numbers of the literals that have it.
    texts: Vec<(String, Vec<usize>)>,
    /// Finds the texts in text in lower case; built when the first text comes, none where that is not possible.
    automaton: OnceLock<Option<DoubleArrayAhoCorasick<usize>>>,
    matchers: Vec<Numbered>,
}

/// What one matcher needs, by the numbers of literals: of each clause one.
struct Numbered {
    file: Vec<Vec<usize>>,
    node: Vec<Vec<usize>>,
    fields: Vec<(u16, Vec<Vec<usize>>)>,
    contexts: Vec<(Vec<u16>, Vec<Vec<usize>>)>,
}

/// Where each literal begins in a file's texts.
pub(crate) struct Hits {
    /// None where the literals could not be searched for: then everything may be anywhere.
    positions: Option<Vec<Vec<usize>>>,
}

/// Where in one text the literals of each clause begin, in rising order; the rarest clause first.
pub(crate) struct Places(Vec<Vec<usize>>);

/// Where in one text a matcher can match.
pub(crate) struct MatchPlaces {
    /// What the matching node holds.
    pub(crate) node: Places,
    /// What its children hold, by field.
    pub(crate) fields: Vec<(u16, Places)>,
    /// Kinds of nodes of which one encloses the matching node, and what that one holds; anything where empty.
    pub(crate) contexts: Vec<(Vec<u16>, Places)>,
}

impl Places {
    /// Whether a stretch of the text holds a literal of each clause.
    pub(crate) fn are_in(&self, range: &Range<usize>) -> bool {
        self.0.iter().all(|clause| one_inside(clause, range))
    }

    fn rarest(&self) -> Option<&[usize]> {
        self.0.first().map(Vec::as_slice)
    }
}

impl MatchPlaces {
    /// Places of which a node or what encloses it holds one; none where it may be anywhere.
    fn places(&self) -> Option<Vec<usize>> {
        match (self.node.rarest(), self.contexts.as_slice()) {
            (Some(places), _) => Some(places.to_vec()),
            (None, []) => None,
            (None, contexts) => {
                let places = contexts.iter().map(|(_, places)| places.rarest()).collect::<Option<Vec<_>>>();
                places.map(|places| places.concat())
            }
        }
    }
}

/// Places of which the matching node of some matcher, or what encloses it, holds one, in rising order; none
/// where some matcher may match anywhere.
pub(crate) fn places<'a>(reaches: impl Iterator<Item = &'a MatchPlaces>) -> Option<Vec<usize>> {
    let mut all = reaches.map(MatchPlaces::places).collect::<Option<Vec<_>>>()?.concat();
    all.sort_unstable();
    all.dedup();
    Some(all)
}

impl Index {
    pub(crate) fn new(matchers: &[MatcherNeeds], kind_id: impl Fn(&str) -> u16) -> Self {
        let every = matchers.iter().flat_map(|needs| {
            let around = needs.contexts.iter().flat_map(|context| &context.needs);
            let inside = needs.fields.iter().flat_map(|(_, needs)| needs);
            needs.file.iter().chain(&needs.node).chain(around).chain(inside)
        });
        let literals: Vec<Literal> = every.flatten().collect::<BTreeSet<_>>().into_iter().cloned().collect();
        let numbers: BTreeMap<&Literal, usize> = literals.iter().zip(0..).collect();
        let mut texts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (literal, number) in &numbers {
            texts.entry(&literal.text).or_default().push(*number);
        }
        let number = |clause: &Clause| clause.iter().map(|literal| numbers[literal]).collect();
        let numbered = |needs: &Needs| needs.iter().map(number).collect();
        let matchers = matchers.iter().map(|needs| Numbered {
            file: numbered(&needs.file),
            node: numbered(&needs.node),
            fields: needs.fields.iter().map(|(field, needs)| (*field, numbered(needs))).collect(),
            contexts: needs
                .contexts
                .iter()
                .map(|context| {
                    (context.kinds.iter().map(|kind| kind_id(kind)).collect(), numbered(&context.needs))
                })
                .collect(),
        });
        Self {
            automaton: OnceLock::new(),
            matchers: matchers.collect(),
            texts: texts.into_iter().map(|(text, numbers)| (text.to_owned(), numbers)).collect(),
            literals,
        }
    }

    /// The matchers that `wanted` admits and whose needs the texts of one length meet together, and where the
    /// literals stand.
    pub(crate) fn enabled(
        &self,
        texts: &[&str],
        wanted: impl Fn(MatcherId) -> bool,
    ) -> (Vec<MatcherId>, Hits) {
        let hits = self.hits(texts);
        let enabled = (0..self.matchers.len()).filter(|&id| hits.meet(&self.matchers[id].file) && wanted(id));
        (enabled.collect(), hits)
    }

    /// Where the matcher can match.
    pub(crate) fn reach(&self, id: MatcherId, hits: &Hits) -> MatchPlaces {
        let numbered = &self.matchers[id];
        MatchPlaces {
            node: hits.places(&numbered.node),
            fields: numbered.fields.iter().map(|(field, clauses)| (*field, hits.places(clauses))).collect(),
            contexts: numbered
                .contexts
                .iter()
                .map(|(kinds, clauses)| (kinds.clone(), hits.places(clauses)))
                .collect(),
        }
    }

    fn hits(&self, texts: &[&str]) -> Hits {
        let build = || DoubleArrayAhoCorasick::new(self.texts.iter().map(|(text, _)| text)).ok();
        let Some(automaton) = self.automaton.get_or_init(build) else { return Hits { positions: None } };
        let mut positions = vec![Vec::new(); self.literals.len()];
        for text in texts {
            for hit in automaton.find_overlapping_iter(text.to_ascii_lowercase().as_bytes()) {
                for &literal in &self.texts[hit.value()].1 {
                    if self.literals[literal].stands(text.as_bytes(), hit.start()) {
                        positions[literal].push(hit.start());
                    }
                }
            }
        }
        Hits { positions: Some(positions) }
    }
}

impl Hits {
    /// Whether the text holds a literal of each clause.
    fn meet(&self, clauses: &[Vec<usize>]) -> bool {
        self.positions.as_ref().is_none_or(|positions| {
            clauses.iter().all(|clause| clause.iter().any(|&literal| !positions[literal].is_empty()))
        })
    }

    fn places(&self, clauses: &[Vec<usize>]) -> Places {
        let Some(positions) = &self.positions else { return Places(Vec::new()) };
        let merged = |clause: &Vec<usize>| {
            let mut places: Vec<usize> =
                clause.iter().flat_map(|&literal| positions[literal].iter().copied()).collect();
            places.sort_unstable();
            places
        };
        let mut places: Vec<Vec<usize>> = clauses.iter().map(merged).collect();
        places.sort_by_key(Vec::len);
        Places(places)
    }
}
