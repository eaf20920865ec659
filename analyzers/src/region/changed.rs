//! The regions of a file that a change touches: runs of changed lines, gathered by enclosing declaration.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::change::{ContentChange, FileChange, LineKind};
use crate::region::SourceFile;

/// A unit of review: the changed lines of one declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChangedRegion {
    /// Enclosing declarations, outermost first.
    pub(crate) declaration: Vec<String>,
    /// The changed stretches, in bytes of the head text.
    pub(crate) ranges: Vec<Range<usize>>,
}

impl ChangedRegion {
    /// Whether a stretch of text touches the region.
    pub(crate) fn touches(&self, range: &Range<usize>) -> bool {
        self.ranges.iter().any(|own| own.start < range.end && range.start < own.end)
    }
}

/// The regions of `file` that `change` touches at head.
pub(crate) fn changed(change: &FileChange, file: &SourceFile) -> Vec<ChangedRegion> {
    let ContentChange::Text(hunks) = &change.content else { return Vec::new() };
    let mut regions: BTreeMap<Vec<String>, Vec<Range<usize>>> = BTreeMap::new();
    for (first, last) in hunks.iter().flat_map(runs) {
        let range = file.lines_range(first, last);
        let declaration = file.tree().map(|tree| tree.declaration(range.clone())).unwrap_or_default();
        regions.entry(declaration).or_default().push(range);
    }
    regions.into_iter().map(|(declaration, ranges)| ChangedRegion { declaration, ranges }).collect()
}

/// The whole file as one region.
pub(crate) fn whole(file: &SourceFile) -> ChangedRegion {
    ChangedRegion { declaration: Vec::new(), ranges: std::iter::once(0..file.text().len()).collect() }
}

/// Runs of added lines at head, as first and last line; where lines were only removed, the line after them.
fn runs(hunk: &crate::change::Hunk) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    let mut line = hunk.head_start.max(1);
    let mut removed_at = None;
    for hunk_line in &hunk.lines {
        match hunk_line.kind {
            LineKind::Removed => removed_at = Some(line),
            LineKind::Added => {
                removed_at = None;
                match runs.last_mut() {
                    Some((_, last)) if *last + 1 == line => *last = line,
                    _ => runs.push((line, line)),
                }
                line += 1;
            }
            LineKind::Context => {
                runs.extend(removed_at.take().map(|at| (at, at)));
                line += 1;
            }
        }
    }
    runs.extend(removed_at.map(|at| (at, at)));
    runs
}
