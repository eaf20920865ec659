//! What can be wrong with the text of a diff: where, what was expected, what to do.

use thiserror::Error;

/// Why a text could not be read as a diff.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line} of the diff: {problem}")]
pub struct DiffError {
    /// The line of the diff, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: DiffProblem,
}

/// What is wrong with a diff.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DiffProblem {
    /// The text has no file of a diff in it.
    #[error("this is not a unified diff{}; make one with `git diff base...head` or `diff -ruN`", .0.hint())]
    NotADiff(Resemblance),
    /// A diff of a merge against several parents.
    #[error(
        "this is a combined diff of a merge, which leaves changes out; make one against a single base with \
         `git diff base...head`"
    )]
    Combined,
    /// A path that a merge left unresolved.
    #[error("`{0}` has an unresolved merge conflict; resolve it and make the diff again")]
    Unmerged(String),
    /// A submodule written as a list of commits.
    #[error("a submodule is written as a log; make the diff again with `--submodule=short`")]
    SubmoduleLog,
    /// `diff -r` named a file without showing it.
    #[error("a file that is on one side only is named and not shown; make the diff again with `diff -ruN`")]
    OneSided,
    /// A file header from which no path can be read.
    #[error(
        "expected a file header with two paths, such as `diff --git a/x b/x`; the diff was perhaps edited"
    )]
    Paths,
    /// A header line with a value that it cannot have.
    #[error("expected {0}; the diff was perhaps edited or cut")]
    Header(&'static str),
    /// A hunk that no file header goes before.
    #[error("expected `---` and `+++` lines before this hunk; give the whole diff")]
    HunkWithoutFile,
    /// A hunk with fewer lines than its header says.
    #[error(
        "expected {base} more base and {head} more head lines of the hunk at line {hunk}; the diff was cut or \
         edited, make it again"
    )]
    HunkShort {
        /// The line of the hunk header.
        hunk: usize,
        /// How many base lines are missing.
        base: u32,
        /// How many head lines are missing.
        head: u32,
    },
    /// A hunk with more lines than its header says.
    #[error(
        "expected the end of the hunk at line {hunk}, whose header counts fewer lines; the diff was edited, \
         make it again"
    )]
    HunkLong {
        /// The line of the hunk header.
        hunk: usize,
    },
    /// A hunk that stands before the end of the one before it, or at a head line that does not follow.
    #[error(
        "expected a hunk header whose lines follow from the hunks before it (base line {base} is head line \
         {head}); the diff was edited, make it again"
    )]
    HunkPlace {
        /// The base line at which the hunk stands.
        base: u32,
        /// The head line that this is, by the hunks before it.
        head: i64,
    },
    /// Lines after the one that is said to end the file.
    #[error(
        "expected no further line of this side after `\\ No newline at end of file`; make the diff again"
    )]
    AfterTheEnd,
    /// Several commits that cannot be put together.
    #[error(
        "the commits in this text change `{path}` in ways that do not follow one another ({reason}); give one \
         diff of the whole with `git diff base...head`"
    )]
    Composition {
        /// The path.
        path: String,
        /// What does not fit.
        reason: &'static str,
    },
    /// More commits over the same lines than are worth putting together.
    #[error("this text has too many commits over the same files; give one diff with `git diff base...head`")]
    CompositionTooLong,
}

/// What a text that is not a unified diff looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resemblance {
    /// Nothing known.
    None,
    /// UTF-16, as PowerShell's `>` writes.
    Utf16,
    /// A diff with terminal colours.
    Coloured,
    /// A context diff.
    ContextDiff,
}

impl Resemblance {
    fn hint(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Utf16 => " but UTF-16 text, as PowerShell's `>` writes it (use `git diff --output=FILE`)",
            Self::Coloured => " but one with terminal colours (use `--no-color`)",
            Self::ContextDiff => " but a context diff (use `-u` instead of `-c`)",
        }
    }

    pub(super) fn of(text: &[u8]) -> Self {
        let has = |needle: &[u8]| memchr::memmem::find(text, needle).is_some();
        if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
            Self::Utf16
        } else if has(b"\x1b[") {
            Self::Coloured
        } else if has(b"***************") {
            Self::ContextDiff
        } else {
            Self::None
        }
    }
}
