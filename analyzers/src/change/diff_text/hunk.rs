//! Reads the hunks of one file and verifies them: counts, order, place, and the ends of both versions.
//!
//! A line costs one copy of its bytes. Header numbers never size an allocation.

use super::cursor::Cursor;
use super::error::{DiffError, DiffProblem};
use crate::change::{Hunk, HunkLine, LineKind};

/// Whether the diff's own lines end with carriage return and line feed, so that one return is not content.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnds {
    LineFeed,
    CarriageReturn,
}

impl LineEnds {
    /// As the first header line of a file shows it: git quotes a name that itself ends with a return.
    pub(super) fn of(header: &[u8]) -> Self {
        if header.ends_with(b"\r") { Self::CarriageReturn } else { Self::LineFeed }
    }

    /// The line without what belongs to the diff.
    pub(super) fn trim(self, line: &[u8]) -> &[u8] {
        match self {
            Self::LineFeed => line,
            Self::CarriageReturn => line.strip_suffix(b"\r").unwrap_or(line),
        }
    }
}

/// The hunks from the cursor on, up to the first line that is not of a hunk.
pub(super) fn hunks(cursor: &mut Cursor<'_>, line_ends: LineEnds) -> Result<Vec<Hunk>, DiffError> {
    let mut hunks = Vec::new();
    let mut place = Place { base: 1, head: 1, base_ended: false, head_ended: false };
    while let Some(line) = cursor.line()
        && line.starts_with(b"@@ -")
    {
        let number = cursor.number();
        let mut hunk = header(line).ok_or(DiffError {
            line: number,
            problem: DiffProblem::Header("a hunk header such as `@@ -1,2 +1,3 @@`"),
        })?;
        place.enter(&hunk).map_err(|problem| DiffError { line: number, problem })?;
        cursor.advance();
        lines(cursor, line_ends, number, &mut place, &mut hunk)?;
        place.leave(&hunk);
        hunks.push(hunk);
    }
    Ok(hunks)
}

/// Where the hunks read so far end, and whether a version ended with them.
struct Place {
    base: u32,
    head: u32,
    base_ended: bool,
    head_ended: bool,
}

impl Place {
    fn enter(&self, hunk: &Hunk) -> Result<(), DiffProblem> {
        let (base, head) = (hunk.base_position(), hunk.head_position());
        let expected = i64::from(self.head) + i64::from(base) - i64::from(self.base);
        if base < self.base || i64::from(head) != expected {
            return Err(DiffProblem::HunkPlace { base: base.max(self.base), head: expected });
        }
        Ok(())
    }

    fn leave(&mut self, hunk: &Hunk) {
        self.base = hunk.base_position() + hunk.base_count;
        self.head = hunk.head_position() + hunk.head_count;
    }

    /// Notes a line of this kind; false where its version had ended.
    fn admits(&self, kind: LineKind) -> bool {
        match kind {
            LineKind::Context => !self.base_ended && !self.head_ended,
            LineKind::Removed => !self.base_ended,
            LineKind::Added => !self.head_ended,
        }
    }

    fn end(&mut self, kind: LineKind) {
        self.base_ended |= kind != LineKind::Added;
        self.head_ended |= kind != LineKind::Removed;
    }
}

/// Reads the lines that the header of `hunk` counts, and the mark of a missing line feed after each.
fn lines(
    cursor: &mut Cursor<'_>,
    line_ends: LineEnds,
    header: usize,
    place: &mut Place,
    hunk: &mut Hunk,
) -> Result<(), DiffError> {
    let (mut base, mut head) = (hunk.base_count, hunk.head_count);
    let error = |line, problem| Err(DiffError { line, problem });
    hunk.lines.reserve((base as usize).saturating_add(head as usize).min(cursor.bytes_left() / 32));
    loop {
        let number = cursor.number();
        let line = cursor.line().unwrap_or(b"\x1a");
        if line.starts_with(b"\\")
            && let Some(last) = hunk.lines.last_mut()
        {
            last.ends_without_newline = true;
            place.end(last.kind);
            cursor.advance();
            continue;
        }
        if base == 0 && head == 0 {
            return if is_surplus(*cursor) {
                error(number, DiffProblem::HunkLong { hunk: header })
            } else {
                hunk.lines.shrink_to_fit();
                Ok(())
            };
        }
        let kind = match line.first() {
            Some(b'-') if base > 0 => LineKind::Removed,
            Some(b'+') if head > 0 => LineKind::Added,
            // A mailer or an editor cut the space off an empty line.
            Some(b' ' | b'\r') | None if base > 0 && head > 0 => LineKind::Context,
            Some(b'-' | b'+' | b' ') => return error(number, DiffProblem::HunkLong { hunk: header }),
            _ => return error(number, DiffProblem::HunkShort { hunk: header, base, head }),
        };
        if !place.admits(kind) {
            return error(number, DiffProblem::AfterTheEnd);
        }
        base -= u32::from(kind != LineKind::Added);
        head -= u32::from(kind != LineKind::Removed);
        let content = line.strip_prefix(b"\r").map_or(line.get(1..).unwrap_or_default(), |_| line);
        let bytes = line_ends.trim(content).to_vec();
        hunk.lines.push(HunkLine { kind, bytes, ends_without_newline: false });
        cursor.advance();
    }
}

/// Whether the line after a full hunk looks like one more of its lines: not the end of a mail, not the
/// header of the next file.
fn is_surplus(cursor: Cursor<'_>) -> bool {
    let line = cursor.line().unwrap_or_default();
    let signature = matches!(line, b"-- " | b"--" | b"-- \r" | b"--\r");
    let next_file =
        line.starts_with(b"--- ") && cursor.next_line().is_some_and(|next| next.starts_with(b"+++ "));
    matches!(line.first(), Some(b'-' | b'+' | b' ')) && !signature && !next_file
}

/// Reads `@@ -1,2 +3,4 @@ …`; a missing count is 1.
fn header(line: &[u8]) -> Option<Hunk> {
    let (base_start, base_count, rest) = range(line.strip_prefix(b"@@ -")?)?;
    let (head_start, head_count, rest) = range(rest.strip_prefix(b" +")?)?;
    rest.strip_prefix(b" @@")?;
    Some(Hunk { base_start, base_count, head_start, head_count, lines: Vec::new() })
}

/// Reads `1,2` or `1`. A range with lines starts at 1 or later, and its end can be counted.
fn range(text: &[u8]) -> Option<(u32, u32, &[u8])> {
    let (start, rest) = number(text)?;
    let (count, rest) = match rest.strip_prefix(b",") {
        Some(rest) => number(rest)?,
        None => (1, rest),
    };
    let fits = start.checked_add(count)?.checked_add(1)? <= i32::MAX.unsigned_abs();
    (fits && (start > 0 || count == 0)).then_some((start, count, rest))
}

fn number(text: &[u8]) -> Option<(u32, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let number = std::str::from_utf8(&text[..end]).ok()?.parse().ok()?;
    Some((number, &text[end..]))
}
