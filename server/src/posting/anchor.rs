//! Where a comment may stand: a place in the head version and the change in, a ladder of placements out.
//!
//! Lines of one hunk, one line, the file, the merge request; the last rung is always there. Only lines that
//! the diff shows at head carry comments, so that no forge refuses or hides one.

use analyzers::change::{FileStatus, LineKind};
use analyzers::report::document::{ChangeRecord, FileRecord, HunkRecord, LocationRecord};

use crate::forge::{AnchorKind, ChangedPath, LineAnchor, Placement};

/// A line of the head version that a diff shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeadLine<'c> {
    /// Where it stands on both sides.
    pub(crate) anchor: LineAnchor,
    /// Its text, with stand-ins for secrets.
    pub(crate) text: &'c str,
}

/// The places for a comment on `location`, best first.
pub(crate) fn ladder(location: &LocationRecord, change: &ChangeRecord) -> Vec<Placement> {
    let Some(file) = file_of(&location.path, change) else { return vec![Placement::MergeRequest] };
    let (first, last) = lines_of(location);
    let mut rungs = Vec::new();
    rungs.extend(range(file, first, last));
    rungs.extend(single(file, first, last));
    rungs.dedup();
    rungs.push(Placement::File(changed_path(file)));
    rungs.push(Placement::MergeRequest);
    rungs
}

/// Exactly these lines of a file, where one hunk shows them all.
pub(crate) fn range(file: &FileRecord, first: u32, last: u32) -> Option<Placement> {
    let lines = shown(file, first, last)?;
    Some(Placement::Lines {
        file: changed_path(file),
        start: lines.first()?.anchor,
        end: lines.last()?.anchor,
    })
}

/// The lines `first` to `last` of the head version, where one hunk shows them all.
pub(crate) fn shown(file: &FileRecord, first: u32, last: u32) -> Option<Vec<HeadLine<'_>>> {
    let count = (last.checked_sub(first)? as usize).checked_add(1)?;
    file.hunks.iter().find_map(|hunk| {
        let lines = head_lines(file, hunk).filter(|line| (first..=last).contains(&line.anchor.head));
        let lines: Vec<_> = lines.collect();
        (lines.len() == count).then_some(lines)
    })
}

/// The first line of the place; where no hunk shows it, the first of its added lines, then of its lines.
fn single(file: &FileRecord, first: u32, last: u32) -> Option<Placement> {
    let inside: Vec<_> = file
        .hunks
        .iter()
        .flat_map(|hunk| head_lines(file, hunk))
        .map(|line| line.anchor)
        .filter(|anchor| (first..=last).contains(&anchor.head))
        .collect();
    let at_first = inside.iter().find(|anchor| anchor.head == first);
    let added = inside.iter().find(|anchor| anchor.kind == AnchorKind::Added);
    let anchor = *at_first.or(added).or(inside.first())?;
    Some(Placement::Lines { file: changed_path(file), start: anchor, end: anchor })
}

/// The changed file of a path at head; a deleted file by its path at base.
pub(crate) fn file_of<'c>(path: &str, change: &'c ChangeRecord) -> Option<&'c FileRecord> {
    let at_head = change.files.iter().find(|file| file.head_path.as_deref() == Some(path));
    at_head.or_else(|| {
        change.files.iter().find(|file| file.head_path.is_none() && file.base_path.as_deref() == Some(path))
    })
}

/// First and last line of a place; an end before the first character of a line is the line before.
pub(crate) fn lines_of(location: &LocationRecord) -> (u32, u32) {
    let (start, end) = (location.start, location.end);
    let last = if end.column <= 1 { end.line.saturating_sub(1) } else { end.line };
    (start.line, last.max(start.line))
}

fn changed_path(file: &FileRecord) -> ChangedPath {
    let path = file.path();
    let is_new = is_new(file);
    let base = if is_new { path } else { file.base_path.as_deref().unwrap_or(path) };
    ChangedPath { base: base.to_owned(), head: path.to_owned(), is_new }
}

/// Whether the file is new at head. Forges show a copy as a new file.
fn is_new(file: &FileRecord) -> bool {
    match file.status {
        FileStatus::Added | FileStatus::Copied => true,
        FileStatus::Deleted | FileStatus::Modified | FileStatus::Renamed => false,
    }
}

/// The lines of a hunk at head, with both running counters as forges keep them.
fn head_lines<'c>(file: &FileRecord, hunk: &'c HunkRecord) -> impl Iterator<Item = HeadLine<'c>> {
    let is_new = is_new(file);
    let has_base = hunk.lines.iter().any(|line| line.kind != LineKind::Added);
    // A diff counts from the line before where a hunk has no lines of a side: from 0 in a new file.
    let mut base = if has_base { hunk.base_position } else { hunk.base_position.saturating_sub(1) };
    let mut head = hunk.head_position;
    hunk.lines.iter().filter_map(move |line| {
        let (at_base, at_head) = (base, head);
        base = base.saturating_add(u32::from(line.kind != LineKind::Added));
        head = head.saturating_add(u32::from(line.kind != LineKind::Removed));
        let kind = match line.kind {
            LineKind::Removed => return None,
            LineKind::Added => AnchorKind::Added,
            LineKind::Context if is_new => AnchorKind::Added,
            LineKind::Context => AnchorKind::Context,
        };
        let base = if is_new { 0 } else { at_base };
        Some(HeadLine { anchor: LineAnchor { kind, base, head: at_head }, text: &line.text })
    })
}

#[cfg(test)]
mod tests;
