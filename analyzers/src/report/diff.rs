//! A fix as a small diff: the lines that go and the lines that come.
//!
//! A fix as it may be shown in; numbered lines out, only those that differ.

use similar::{ChangeTag, TextDiff};

use super::shown::ShownFix;
use super::visible;

/// One line of a diff.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DiffLine {
    /// `-` for a line that goes, `+` for one that comes.
    pub(super) sign: char,
    /// Its number, before the fix for a line that goes, after it for one that comes.
    pub(super) number: u32,
    /// The line.
    pub(super) text: String,
}

/// The lines that a fix changes; none where its lines are not shown.
pub(super) fn lines(fix: &ShownFix<'_>) -> Vec<DiffLine> {
    let Some(excerpt) = &fix.excerpt else { return Vec::new() };
    let mut fixed = excerpt.text.clone();
    fixed.replace_range(excerpt.mark.clone(), &visible::lines(&fix.text));
    let diff = TextDiff::from_lines(excerpt.text.as_str(), fixed.as_str());
    let number = |index: Option<usize>| excerpt.first_line.saturating_add(index.unwrap_or(0) as u32);
    diff.iter_all_changes()
        .filter_map(|change| {
            let text = change.value().trim_end_matches('\n').to_owned();
            match change.tag() {
                ChangeTag::Equal => None,
                ChangeTag::Delete => Some(DiffLine { sign: '-', number: number(change.old_index()), text }),
                ChangeTag::Insert => Some(DiffLine { sign: '+', number: number(change.new_index()), text }),
            }
        })
        .collect()
}
