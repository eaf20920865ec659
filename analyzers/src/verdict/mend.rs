//! Proves a replacement that a model proposes: it changes what is wrong, parses, and brings no finding of its own.
//!
//! Proposed code in; the smallest replacement that does it, or nothing, out.

use std::ops::Range;

use crate::candidate::{Candidate, Replacement, finds_less};
use crate::redact;
use crate::region::SourceFile;
use crate::verdict::veil::is_veiled;

/// Bytes and lines of a replacement: a larger one is a rewrite, not a fix.
const MAX_BYTES: usize = 2000;
const MAX_LINES: usize = 20;

/// What a fix is for.
pub(super) enum Mends<'a> {
    /// The breach that the model says is here.
    Place(&'a Range<usize>),
    /// The finding of a check, which must not find it again.
    Finding(&'a Candidate),
}

/// The replacement of `old` by `with`, if it is proved. `find` runs the checks over a file.
pub(super) fn prove(
    old: Range<usize>,
    with: &str,
    mends: &Mends<'_>,
    file: &SourceFile,
    find: &dyn Fn(&SourceFile) -> Vec<Candidate>,
) -> Option<Replacement> {
    if with.len() > MAX_BYTES
        || with.lines().count() > MAX_LINES
        || redact::holds_stand_in(with)
        || is_veiled(with)
    {
        return None;
    }
    let fix = smallest(old, with, file.text())?;
    let place = match mends {
        Mends::Place(place) => (*place).clone(),
        Mends::Finding(finding) => finding.range.clone(),
    };
    let own = match mends {
        Mends::Place(_) => None,
        Mends::Finding(finding) => Some(finding.policy.id.as_str()),
    };
    let touches = fix.range.start < place.end.max(place.start + 1)
        && place.start < fix.range.end.max(fix.range.start + 1);
    (touches && finds_less(&fix, own, file, find)).then_some(fix)
}

/// The replacement without the whole lines that it leaves as they are; none where it leaves all.
fn smallest(old: Range<usize>, with: &str, text: &str) -> Option<Replacement> {
    let before = &text[old.clone()];
    if before.split_whitespace().eq(with.split_whitespace()) {
        return None;
    }
    let equal = |(own, new): &(&str, &str)| own == new;
    let lines = |text| str::split_inclusive(text, '\n');
    let head: usize = lines(before).zip(lines(with)).take_while(equal).map(|(line, _)| line.len()).sum();
    let (before, with) = (&before[head..], &with[head..]);
    let ends = lines(before).rev().zip(lines(with).rev());
    let tail: usize = ends.take_while(equal).map(|(line, _)| line.len()).sum();
    let start = old.start + head;
    Some(Replacement {
        range: start..start + before.len() - tail,
        text: with[..with.len() - tail].to_owned(),
    })
}
