//! Reads one file of a diff: its header, in git's form or plain, then its hunks.
//!
//! A header that promises content without showing it is an error: what a cut diff leaves out is not unchanged.

use super::cursor::Cursor;
use super::error::{DiffError, DiffProblem};
use super::hunk::{self, LineEnds};
use super::names::{self, Name};
use crate::change::{ContentChange, FileChange, FileStatus, path};

/// The ids of the empty blob, in SHA-1 and SHA-256, as far as both are told in the shortest form.
const EMPTY_BLOBS: [&str; 2] = [
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
];

/// What the header lines after `diff --git` say.
#[derive(Default)]
struct GitHeader {
    status: Option<FileStatus>,
    base_path: Option<Vec<u8>>,
    head_path: Option<Vec<u8>>,
    base_mode: Option<u32>,
    head_mode: Option<u32>,
    base_blob: Option<String>,
    head_blob: Option<String>,
}

/// Reads a file whose `diff --git` line is at hand.
pub(super) fn git_file(cursor: &mut Cursor<'_>) -> Result<FileChange, DiffError> {
    let start = cursor.number();
    let line = cursor.line().unwrap_or_default();
    let line_ends = LineEnds::of(line);
    let names = line_ends.trim(line).strip_prefix(b"diff --git ").unwrap_or_default();
    cursor.advance();
    let mut header = extended(cursor, line_ends)?;
    if header.base_path.is_none() && header.head_path.is_none() {
        let common = names::common(names);
        (header.base_path, header.head_path) = (common.clone(), common);
    }
    let content = content(cursor, line_ends, &mut header)?;
    finish(header, content).map_err(|problem| DiffError { line: start, problem })
}

/// Reads the header lines up to the content.
fn extended(cursor: &mut Cursor<'_>, line_ends: LineEnds) -> Result<GitHeader, DiffError> {
    let mut header = GitHeader::default();
    while let Some(line) = cursor.line() {
        let line = line_ends.trim(line);
        match field(&mut header, line) {
            Field::Read => cursor.advance(),
            Field::Other => break,
            Field::Wrong(problem) => return Err(DiffError { line: cursor.number(), problem }),
        }
    }
    Ok(header)
}

/// What became of a header line.
enum Field {
    Read,
    Other,
    Wrong(DiffProblem),
}

fn field(header: &mut GitHeader, line: &[u8]) -> Field {
    let after = |key: &str| line.strip_prefix(key.as_bytes());
    let is_wrong = if let Some(value) = after("old mode ") {
        set(&mut header.base_mode, mode(value))
    } else if let Some(value) = after("new mode ") {
        set(&mut header.head_mode, mode(value))
    } else if let Some(value) = after("deleted file mode ") {
        header.status = Some(FileStatus::Deleted);
        set(&mut header.base_mode, mode(value))
    } else if let Some(value) = after("new file mode ") {
        header.status = Some(FileStatus::Added);
        set(&mut header.head_mode, mode(value))
    } else if let Some(value) = after("rename from ").or(after("rename old ")) {
        header.status = Some(FileStatus::Renamed);
        set(&mut header.base_path, names::whole(value))
    } else if let Some(value) = after("rename to ").or(after("rename new ")) {
        set(&mut header.head_path, names::whole(value))
    } else if let Some(value) = after("copy from ") {
        header.status = Some(FileStatus::Copied);
        set(&mut header.base_path, names::whole(value))
    } else if let Some(value) = after("copy to ") {
        set(&mut header.head_path, names::whole(value))
    } else if let Some(value) = after("index ") {
        index(header, value).is_none()
    } else if after("similarity index ").is_some() || after("dissimilarity index ").is_some() {
        false
    } else {
        return Field::Other;
    };
    if is_wrong {
        return Field::Wrong(DiffProblem::Header("a mode, a path or blob ids after this word of the header"));
    }
    Field::Read
}

/// Stores a value; true where there is none.
fn set<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    *place = value;
    place.is_none()
}

/// Reads `1234abc..5678def 100644`. A zero id is of a file that is not there, or not in the repository.
fn index(header: &mut GitHeader, value: &[u8]) -> Option<()> {
    let value = std::str::from_utf8(value).ok()?;
    let (ids, file_mode) = value.split_once(' ').map_or((value, None), |(ids, mode)| (ids, Some(mode)));
    let (base, head) = ids.split_once("..")?;
    let is_id =
        |id: &str| !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_id(base) || !is_id(head) {
        return None;
    }
    let known = |id: &str| (!id.bytes().all(|byte| byte == b'0')).then(|| id.to_ascii_lowercase());
    (header.base_blob, header.head_blob) = (known(base), known(head));
    if let Some(file_mode) = file_mode {
        let file_mode = mode(file_mode.as_bytes())?;
        (header.base_mode, header.head_mode) = (Some(file_mode), Some(file_mode));
    }
    Some(())
}

fn mode(text: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(text).ok()?;
    u32::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o777_777)
}

/// Reads what follows the header: a binary patch, a note that the file is binary, or `---`, `+++` and hunks.
fn content(
    cursor: &mut Cursor<'_>,
    line_ends: LineEnds,
    header: &mut GitHeader,
) -> Result<ContentChange, DiffError> {
    let line = cursor.line().map(|line| line_ends.trim(line)).unwrap_or_default();
    if line == b"GIT binary patch" {
        cursor.advance();
        skip_binary_patch(cursor, line_ends);
        return Ok(ContentChange::Binary);
    }
    if line.starts_with(b"Binary files ") && line.ends_with(b" differ") {
        cursor.advance();
        return Ok(ContentChange::Binary);
    }
    if !line.starts_with(b"--- ") || !cursor.next_line().is_some_and(|next| next.starts_with(b"+++ ")) {
        return Ok(ContentChange::Text(Vec::new()));
    }
    let sides = Sides::read(cursor, line_ends)?;
    let number = cursor.number();
    let hunks = hunk::hunks(cursor, line_ends)?;
    header.status = header.status.or(sides.status());
    // libgit2 writes both lines for empty files too.
    let is_empty_file = match header.status {
        Some(FileStatus::Added) => is_empty_blob(header.head_blob.as_deref()),
        Some(FileStatus::Deleted) => is_empty_blob(header.base_blob.as_deref()),
        _ => false,
    };
    if hunks.is_empty() && !is_empty_file {
        return Err(DiffError { line: number, problem: DiffProblem::Header("a hunk after `---` and `+++`") });
    }
    if header.base_path.is_none() && header.head_path.is_none() {
        (header.base_path, header.head_path) = sides.paths();
    }
    Ok(ContentChange::Text(hunks))
}

/// Skips the blocks of a binary patch: each a line that says how it is packed, its data, and an empty line.
fn skip_binary_patch(cursor: &mut Cursor<'_>, line_ends: LineEnds) {
    let is_block = |line: &[u8]| line.starts_with(b"literal ") || line.starts_with(b"delta ");
    while cursor.line().is_some_and(is_block) {
        while cursor.line().is_some_and(|line| !line_ends.trim(line).is_empty()) {
            cursor.advance();
        }
        cursor.advance();
    }
}

/// The file of a finished header.
fn finish(header: GitHeader, content: ContentChange) -> Result<FileChange, DiffProblem> {
    let GitHeader { status, base_path, head_path, mut base_mode, mut head_mode, base_blob, head_blob } =
        header;
    let (Some(base_path), Some(head_path)) = (&base_path, &head_path) else {
        return Err(DiffProblem::Paths);
    };
    let status =
        status.unwrap_or(if base_path == head_path { FileStatus::Modified } else { FileStatus::Renamed });
    let differs = match status {
        FileStatus::Deleted => false,
        FileStatus::Modified => base_blob != head_blob || base_mode == head_mode,
        FileStatus::Added | FileStatus::Renamed | FileStatus::Copied => base_blob != head_blob,
    };
    if differs && !is_empty_blob(head_blob.as_deref()) && content == ContentChange::Text(Vec::new()) {
        return Err(DiffProblem::Header("hunks after this header, which says that the content differs"));
    }
    let text = |path: &[u8]| Some(path::to_text(path));
    let (base_path, head_path) = match status {
        FileStatus::Added => {
            base_mode = None;
            (None, text(head_path))
        }
        FileStatus::Deleted => {
            head_mode = None;
            (text(base_path), None)
        }
        FileStatus::Modified | FileStatus::Renamed | FileStatus::Copied => (text(base_path), text(head_path)),
    };
    Ok(FileChange { status, base_path, head_path, base_mode, head_mode, base_blob, head_blob, content })
}

fn is_empty_blob(id: Option<&str>) -> bool {
    id.is_some_and(|id| EMPTY_BLOBS.iter().any(|blob| blob.starts_with(id)))
}

/// What the `---` and `+++` lines say.
pub(super) struct Sides {
    base: Name,
    head: Name,
    base_is_epoch: bool,
    head_is_epoch: bool,
}

impl Sides {
    /// Reads both lines.
    pub(super) fn read(cursor: &mut Cursor<'_>, line_ends: LineEnds) -> Result<Self, DiffError> {
        let mut next = || {
            let side = names::side(cursor.line().unwrap_or_default(), line_ends);
            let side = side.ok_or(DiffError { line: cursor.number(), problem: DiffProblem::Paths })?;
            cursor.advance();
            Ok(side)
        };
        let ((base, base_is_epoch), (head, head_is_epoch)) = (next()?, next()?);
        Ok(Self { base, head, base_is_epoch, head_is_epoch })
    }

    fn status(&self) -> Option<FileStatus> {
        match (&self.base, &self.head) {
            (None, _) => Some(FileStatus::Added),
            (_, None) => Some(FileStatus::Deleted),
            (Some(_), Some(_)) => None,
        }
    }

    /// Both paths without prefixes; where one is `/dev/null`, the other stands for both.
    fn paths(&self) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        match (&self.base, &self.head) {
            (Some(base), Some(head)) => {
                let (base, head) = names::without_prefixes(base, head).unwrap_or((base, head));
                (Some(base.to_vec()), Some(head.to_vec()))
            }
            (Some(one), None) | (None, Some(one)) => {
                let one = Some(names::without_prefix(one).to_vec());
                (one.clone(), one)
            }
            (None, None) => (None, None),
        }
    }
}

/// Reads a file whose `---` line is at hand and that has no header of git: `diff -u` writes it so.
pub(super) fn plain_file(cursor: &mut Cursor<'_>) -> Result<FileChange, DiffError> {
    let start = cursor.number();
    let line_ends = LineEnds::of(cursor.line().unwrap_or_default());
    let sides = Sides::read(cursor, line_ends)?;
    let number = cursor.number();
    let hunks = hunk::hunks(cursor, line_ends)?;
    let [first, ..] = hunks.as_slice() else {
        return Err(DiffError { line: number, problem: DiffProblem::Header("a hunk after `---` and `+++`") });
    };
    // `diff -N` gives a file that is not there the first second of the epoch.
    let status = sides.status().or(match first {
        _ if sides.base_is_epoch && first.base_count == 0 && hunks.len() == 1 => Some(FileStatus::Added),
        _ if sides.head_is_epoch && first.head_count == 0 && hunks.len() == 1 => Some(FileStatus::Deleted),
        _ => None,
    });
    let (base_path, head_path) = sides.paths();
    let header = GitHeader { status, base_path, head_path, ..GitHeader::default() };
    finish(header, ContentChange::Text(hunks)).map_err(|problem| DiffError { line: start, problem })
}

/// The file of a line `Binary files X and Y differ` that stands alone, as `diff -r` writes it.
pub(super) fn plain_binary(line: &[u8]) -> Option<FileChange> {
    let names = line.strip_prefix(b"Binary files ")?.strip_suffix(b" differ")?;
    let middle = memchr::memmem::find(names, b" and ")?;
    let name = |text: &[u8]| (text != b"/dev/null").then(|| text.to_vec());
    let (base, head) = (name(&names[..middle]), name(&names[middle + 5..]));
    let sides = Sides { base, head, base_is_epoch: false, head_is_epoch: false };
    let (base_path, head_path) = sides.paths();
    let header = GitHeader { status: sides.status(), base_path, head_path, ..GitHeader::default() };
    finish(header, ContentChange::Binary).ok()
}
