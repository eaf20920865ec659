//! The ways that sources took: steps that know the step before, so that ways share what they have in common.

use std::collections::HashMap;

use grammars::flow::Range;

/// Steps beyond this are not told.
const MAX_STEPS: usize = 64;

/// Bytes of a file of the program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) unit: u32,
    pub(crate) range: Range,
}

impl Place {
    fn key(&self) -> (u32, u32, u32) {
        (self.unit, self.range.start, self.range.end)
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

/// All steps.
#[derive(Default)]
pub(crate) struct Trail {
    steps: Vec<(Place, Option<u32>, u32)>,
    known: HashMap<(Place, Option<u32>), u32>,
}

impl Trail {
    /// A way that begins at a place.
    pub(crate) fn begin(&mut self, place: Place) -> u32 {
        self.add(place, None, 0)
    }

    /// The way, gone on to a place; the same where it was there already.
    pub(crate) fn step(&mut self, from: u32, place: &Place) -> u32 {
        let (last, _, length) = &self.steps[from as usize];
        if last == place || *length as usize >= MAX_STEPS {
            return from;
        }
        let length = length + 1;
        self.add(place.clone(), Some(from), length)
    }

    fn add(&mut self, place: Place, from: Option<u32>, length: u32) -> u32 {
        let fresh = self.steps.len() as u32;
        let key = (place, from);
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        self.steps.push((key.0.clone(), from, length));
        self.known.insert(key, fresh);
        fresh
    }

    /// The places of a way, the source first.
    pub(crate) fn path(&self, step: u32) -> Vec<Place> {
        let mut path = Vec::new();
        let mut at = Some(step);
        while let Some(step) = at {
            let (place, from, _) = &self.steps[step as usize];
            path.push(place.clone());
            at = *from;
        }
        path.reverse();
        path
    }
}
