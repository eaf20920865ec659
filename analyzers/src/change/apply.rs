//! Applies hunks to a content, forward or in reverse, and only where every line fits.
//!
//! Contents of added and deleted files come from their hunks alone.

use super::{FileChange, FileStatus, Hunk, LineKind};
use crate::sources::Side;

/// The content of the other side, from the content of `side` and the hunks; `None` where they do not fit.
pub fn across(content: &[u8], side: Side, hunks: &[Hunk]) -> Option<Vec<u8>> {
    let mut result = Vec::with_capacity(content.len());
    let mut rest = content;
    let mut at = 1;
    for hunk in hunks {
        let position = match side {
            Side::Base => hunk.base_position(),
            Side::Head => hunk.head_position(),
        };
        let kept = rest.len() - after_lines(rest, position.checked_sub(at)?)?.len();
        result.extend_from_slice(&rest[..kept]);
        rest = &rest[kept..];
        at = position;
        for line in &hunk.lines {
            if line.kind.is_on(side) {
                rest = rest.strip_prefix(line.bytes.as_slice())?;
                rest = if line.ends_without_newline { rest } else { rest.strip_prefix(b"\n")? };
                if line.ends_without_newline && !rest.is_empty() {
                    return None;
                }
                at += 1;
            }
            if line.kind == LineKind::Context || !line.kind.is_on(side) {
                result.extend_from_slice(&line.bytes);
                result.extend((!line.ends_without_newline).then_some(b'\n'));
            }
        }
    }
    result.extend_from_slice(rest);
    Some(result)
}

/// What follows the first `lines` lines; `None` where there are fewer.
fn after_lines(text: &[u8], lines: u32) -> Option<&[u8]> {
    let Some(nth) = (lines as usize).checked_sub(1) else { return Some(text) };
    memchr::memchr_iter(b'\n', text).nth(nth).map(|end| &text[end + 1..])
}

/// The content of `side` where the hunks alone tell it: the other side has no line.
pub fn whole(hunks: &[Hunk], side: Side) -> Option<Vec<u8>> {
    let other = match side {
        Side::Base => Side::Head,
        Side::Head => Side::Base,
    };
    across(b"", other, hunks)
}

/// The content of `side` of a file that is on that side only and shown whole.
pub fn whole_file(change: &FileChange, side: Side) -> Option<Vec<u8>> {
    let is_alone = match side {
        Side::Base => change.status == FileStatus::Deleted,
        Side::Head => change.status == FileStatus::Added,
    };
    let super::ContentChange::Text(hunks) = &change.content else { return None };
    is_alone.then(|| whole(hunks, side)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{ContentChange, hunks};

    fn check(base: &str, head: &str) {
        let ContentChange::Text(hunks) = hunks::between(base.as_bytes(), head.as_bytes()) else {
            panic!("both are text")
        };
        assert_eq!(across(base.as_bytes(), Side::Base, &hunks).as_deref(), Some(head.as_bytes()));
        assert_eq!(across(head.as_bytes(), Side::Head, &hunks).as_deref(), Some(base.as_bytes()));
    }

    #[test]
    fn hunks_lead_from_each_side_to_the_other() {
        check("a\nb\nc\n", "a\nB\nc\n");
        check("", "a\n");
        check("a\nb", "a\nb\n");
        check("a\r\nb\r\n", "a\r\nb\r\nc");
        let many: String = (0..100).map(|line| format!("{line}\n")).collect();
        check(&many, &many.replace("17\n", "").replace("80\n", "80\n80\n"));
    }

    #[test]
    fn hunks_that_do_not_fit_give_nothing() {
        let ContentChange::Text(hunks) = hunks::between(b"a\nb\nc\n", b"a\nB\nc\n") else {
            panic!("both are text")
        };
        assert_eq!(across(b"a\nx\nc\n", Side::Base, &hunks), None);
        assert_eq!(across(b"a\n", Side::Base, &hunks), None);
        assert_eq!(across(b"", Side::Base, &hunks), None);
    }
}
