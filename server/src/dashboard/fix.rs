//! A suggested change as the lines that go and the lines that come.
//!
//! A fix and the lines of the change in; the two sets of lines, or the replacement alone, out.

use analyzers::change::LineKind;
use analyzers::report::document::{ChangeRecord, FixRecord};

use super::change::{code, has_stand_in};

/// A suggestion.
pub(super) struct FixView {
    /// First and last line that it replaces.
    pub(super) lines: (u32, u32),
    /// The lines that go; none where they are not known exactly.
    pub(super) gone: Vec<String>,
    /// The lines that come.
    pub(super) new: Vec<String>,
}

/// The suggestion as lines.
pub(super) fn view(fix: &FixRecord, change: &ChangeRecord) -> FixView {
    let (start, end) = (fix.location.start, fix.location.end);
    let whole = head_lines(fix, change).and_then(|lines| {
        let before = prefix(lines.first()?, start.column)?;
        let after = lines.last()?.strip_prefix(prefix(lines.last()?, end.column)?)?;
        Some((lines.join("\n"), format!("{before}{}{after}", fix.replacement)))
    });
    let split = |text: &str| text.split('\n').map(code).collect::<Vec<_>>();
    let (mut gone, mut new) = match whole {
        Some((old, replaced)) => (split(&old), split(&replaced)),
        None => (Vec::new(), split(&fix.replacement)),
    };
    // Lines that stay the same at either end are not part of the suggestion.
    let mut first = start.line;
    while gone.len() > 1 && new.len() > 1 && gone[0] == new[0] {
        gone.remove(0);
        new.remove(0);
        first += 1;
    }
    while gone.len() > 1 && new.len() > 1 && gone.last() == new.last() {
        gone.pop();
        new.pop();
    }
    let last = if gone.is_empty() { end.line } else { first + gone.len() as u32 - 1 };
    FixView { lines: (first, last), gone, new }
}

/// The lines of the head version that a fix touches, where the change shows them all as they are.
fn head_lines<'c>(fix: &FixRecord, change: &'c ChangeRecord) -> Option<Vec<&'c str>> {
    let is_own = |path: &Option<String>| path.as_ref() == Some(&fix.location.path);
    let file = change.files.iter().find(|file| is_own(&file.head_path))?;
    let wanted = fix.location.start.line..=fix.location.end.line;
    let mut found = Vec::new();
    for hunk in &file.hunks {
        let on_head = hunk.lines.iter().filter(|line| line.kind != LineKind::Removed);
        let numbered = (hunk.head_position..).zip(on_head);
        found.extend(
            numbered.filter(|(number, _)| wanted.contains(number)).map(|(_, line)| line.text.as_str()),
        );
    }
    let is_exact = found.iter().all(|line| !has_stand_in(line));
    (is_exact && found.len() == wanted.count()).then_some(found)
}

/// The text before a column; `None` where the line is shorter.
fn prefix(line: &str, column: u32) -> Option<&str> {
    let at = column.checked_sub(1)? as usize;
    let byte = line.char_indices().map(|(byte, _)| byte).chain([line.len()]).nth(at)?;
    Some(&line[..byte])
}
