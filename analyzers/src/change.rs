//! What a merge request changes: `ChangeSet`, made from unified diff text or from a git repository.
//!
//! Both roads give the same value for the same change. Line numbers count from 1.

use serde::Serialize;

/// Every file that one change touches, sorted by head path (base path for deleted files).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChangeSet {
    /// The files.
    pub files: Vec<FileChange>,
}

/// What happened to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileChange {
    /// The kind of change.
    pub status: FileStatus,
    /// The path before; `None` for an added file.
    pub base_path: Option<String>,
    /// The path after; `None` for a deleted file.
    pub head_path: Option<String>,
    /// The file mode before, as git writes it (`0o100644`), where it is known.
    pub base_mode: Option<u32>,
    /// The file mode after.
    pub head_mode: Option<u32>,
    /// What changed inside.
    pub content: ContentChange,
}

/// The kind of change a file saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    /// On both sides.
    Context,
    /// At base only.
    Removed,
    /// At head only.
    Added,
}

impl FileChange {
    /// The path by which people know the file: at head, or at base where it was deleted.
    pub fn path(&self) -> &str {
        self.head_path.as_deref().or(self.base_path.as_deref()).unwrap_or_default()
    }
}
