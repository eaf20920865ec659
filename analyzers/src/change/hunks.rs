//! The hunks between two contents, as `git diff` shows them: context of three lines, indent heuristic.
//!
//! Whether a content is text is decided by git's rule for contents alone: a zero byte near its start.

use git2::{DiffOptions, Patch};

use super::{ContentChange, Hunk, HunkLine, LineKind};

/// How many unchanged lines stand around a change.
pub const CONTEXT_LINES: usize = 3;

/// How far git looks for a zero byte.
const BINARY_CHECK_BYTES: usize = 8000;

/// Contents larger than this are not compared line by line, as in git (`core.bigFileThreshold`).
pub const MAX_TEXT_BYTES: usize = 512 * 1024 * 1024;

/// Whether git takes these bytes for something else than text.
pub fn is_binary(bytes: &[u8]) -> bool {
    bytes.len() > MAX_TEXT_BYTES || memchr::memchr(0, &bytes[..bytes.len().min(BINARY_CHECK_BYTES)]).is_some()
}

/// What changed between two contents; an absent file is empty.
pub fn between(base: &[u8], head: &[u8]) -> ContentChange {
    if base == head {
        return ContentChange::Text(Vec::new());
    }
    if is_binary(base) || is_binary(head) {
        return ContentChange::Binary;
    }
    // libgit2 fails only where memory or a size does; the change is then one that cannot be shown.
    hunks(base, head).map_or(ContentChange::Binary, ContentChange::Text)
}

fn hunks(base: &[u8], head: &[u8]) -> Result<Vec<Hunk>, git2::Error> {
    let mut options = DiffOptions::new();
    let context = u32::try_from(CONTEXT_LINES).expect("a small constant");
    options.context_lines(context).indent_heuristic(true).force_text(true);
    let patch = Patch::from_buffers(base, None, head, None, Some(&mut options))?;
    (0..patch.num_hunks()).map(|at| hunk(&patch, at)).collect()
}

fn hunk(patch: &Patch<'_>, at: usize) -> Result<Hunk, git2::Error> {
    let (header, count) = patch.hunk(at)?;
    let mut lines = Vec::with_capacity(count);
    for number in 0..count {
        let line = patch.line_in_hunk(at, number)?;
        let kind = match line.origin() {
            ' ' => LineKind::Context,
            '-' => LineKind::Removed,
            '+' => LineKind::Added,
            _ => continue,
        };
        let content = line.content();
        let bytes = content.strip_suffix(b"\n");
        let ends_without_newline = bytes.is_none();
        lines.push(HunkLine { kind, bytes: bytes.unwrap_or(content).to_vec(), ends_without_newline });
    }
    lines.shrink_to_fit();
    Ok(Hunk {
        base_start: header.old_start(),
        base_count: header.old_lines(),
        head_start: header.new_start(),
        head_count: header.new_lines(),
        lines,
    })
}
