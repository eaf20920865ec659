//! What a merge request changes: `ChangeSet`, made from unified diff text or from a git repository.
//!
//! Both roads give the same value for the same change. Line numbers count from 1. A path that is not UTF-8
//! is kept in git's quoted form, so that it can be turned back into its bytes. `.gitattributes` decide
//! nothing here: they are in the hands of whoever wrote the change.

pub mod apply;
mod compose;
pub mod diff_sources;
pub mod diff_text;
pub mod git;
pub mod hunks;
pub mod lines;
pub mod path;

use serde::{Deserialize, Serialize};

use crate::sources::Side;

/// The part of a file mode that tells files, links and submodules apart.
const FILE_TYPE: u32 = 0o170_000;

/// Every file that one change touches, sorted by head path (base path for deleted files).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChangeSet {
    /// The files.
    pub files: Vec<FileChange>,
}

/// What happened to one file. A file that turned into another type (a symbolic link, a submodule) is two:
/// deleted and added, as git writes it.
///
/// Two changes are equal when they do the same; the blob ids say where contents lie and do not count.
#[derive(Clone, Debug, Serialize)]
pub struct FileChange {
    /// The kind of change.
    pub status: FileStatus,
    /// The path before; `None` for an added file.
    pub base_path: Option<String>,
    /// The path after; `None` for a deleted file.
    pub head_path: Option<String>,
    /// The file mode before, as git writes it (`0o100644`); `None` where a diff does not tell it, which is
    /// also so for a file that was only moved or copied.
    pub base_mode: Option<u32>,
    /// The file mode after.
    pub head_mode: Option<u32>,
    /// The id of the blob before, in hexadecimal, perhaps shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_blob: Option<String>,
    /// The id of the blob after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_blob: Option<String>,
    /// What changed inside.
    pub content: ContentChange,
}

/// The kind of change a file saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileStatus {
    /// New at head.
    Added,
    /// Gone at head.
    Deleted,
    /// Same path, other content or mode.
    Modified,
    /// Other path, content perhaps changed.
    Renamed,
    /// New path beside an old one that stays.
    Copied,
}

/// What changed inside a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ContentChange {
    /// Text, by hunks in rising order; none where only path or mode changed.
    Text(Vec<Hunk>),
    /// Not text: git shows no lines of it.
    Binary,
}

/// A run of changed lines with the context around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hunk {
    /// First line at base; 0 where the hunk has no base lines and stands at the file's start.
    pub base_start: u32,
    /// Number of lines at base.
    pub base_count: u32,
    /// First line at head; 0 where the hunk has no head lines and stands at the file's start.
    pub head_start: u32,
    /// Number of lines at head.
    pub head_count: u32,
    /// The lines in the order of the diff.
    pub lines: Vec<HunkLine>,
}

/// One line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HunkLine {
    /// Where the line stands.
    pub kind: LineKind,
    /// Its bytes without the line feed (a carriage return stays).
    pub bytes: Vec<u8>,
    /// Whether the file ends here without a line feed.
    pub ends_without_newline: bool,
}

/// On which side of the change a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    /// On both sides.
    Context,
    /// At base only.
    Removed,
    /// At head only.
    Added,
}

impl ChangeSet {
    /// A change set of these files, in its order.
    pub fn new(mut files: Vec<FileChange>) -> Self {
        files.sort_by(|a, b| a.order().cmp(&b.order()));
        Self { files }
    }
}

impl FileChange {
    /// The path by which people know the file: at head, or at base where it was deleted.
    pub fn path(&self) -> &str {
        self.head_path.as_deref().or(self.base_path.as_deref()).unwrap_or_default()
    }

    /// The hunks; none where the file is binary.
    pub fn hunks(&self) -> &[Hunk] {
        match &self.content {
            ContentChange::Text(hunks) => hunks,
            ContentChange::Binary => &[],
        }
    }

    /// By path; where a path is deleted and added again, deleted first.
    fn order(&self) -> (&str, bool, Option<&str>) {
        (self.path(), self.status != FileStatus::Deleted, self.base_path.as_deref())
    }
}

impl PartialEq for FileChange {
    fn eq(&self, other: &Self) -> bool {
        let Self { status, base_path, head_path, base_mode, head_mode, content, base_blob: _, head_blob: _ } =
            self;
        (status, base_path, head_path) == (&other.status, &other.base_path, &other.head_path)
            && (base_mode, head_mode) == (&other.base_mode, &other.head_mode)
            && content == &other.content
    }
}

impl Eq for FileChange {}

impl Hunk {
    /// The number of the first base line from here on, also where the hunk has no base lines.
    pub fn base_position(&self) -> u32 {
        self.base_start + u32::from(self.base_count == 0)
    }

    /// The number of the first head line from here on, also where the hunk has no head lines.
    pub fn head_position(&self) -> u32 {
        self.head_start + u32::from(self.head_count == 0)
    }

    /// A hunk of these lines that begins at these positions; counts and starts follow from them.
    fn at(base_position: u32, head_position: u32, lines: Vec<HunkLine>) -> Self {
        let count = |other: LineKind| {
            let lines = lines.iter().filter(|line| line.kind != other).count();
            u32::try_from(lines).expect("a hunk has fewer lines than its text has bytes, which fit 32 bits")
        };
        let (base_count, head_count) = (count(LineKind::Added), count(LineKind::Removed));
        Self {
            base_start: base_position - u32::from(base_count == 0),
            base_count,
            head_start: head_position - u32::from(head_count == 0),
            head_count,
            lines,
        }
    }
}

impl LineKind {
    /// Whether a line of this kind is in the version of `side`.
    pub fn is_on(self, side: Side) -> bool {
        match side {
            Side::Base => self != Self::Added,
            Side::Head => self != Self::Removed,
        }
    }
}
