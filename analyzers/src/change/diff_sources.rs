//! Contents of both versions for a change that came as diff text: from the diff itself, from blobs that its
//! index lines name, or from a work tree at one of the two versions.
//!
//! A content is whole only if the hunks fit it line by line; otherwise it is a fragment, and says so.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use git2::{ObjectType, Oid};

use super::git::{Repository, WorkTree};
use super::{ChangeSet, ContentChange, FileChange, FileStatus, Hunk, apply};
use crate::sources::{Side, SourceError, Sources};

/// The part of a file mode that says that the file is regular.
const REGULAR: u32 = 0o100_000;

/// What is known of a file of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// All of it.
    Whole(Vec<u8>),
    /// The lines that the diff shows.
    Fragment(Fragment),
}

/// The lines of a file that a diff shows, each at its own number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The text; lines that are not known are empty.
    pub text: Vec<u8>,
    /// First and last line of each known stretch, rising.
    pub known: Vec<(u32, u32)>,
}

/// Both versions of a change that is known from its diff.
pub struct DiffSources {
    change_set: ChangeSet,
    /// By path, the files of the change; of several that come from one base file, its copies last.
    by_base: HashMap<String, Vec<usize>>,
    by_head: HashMap<String, Vec<usize>>,
    repository: Option<Mutex<Repository>>,
    work_tree: Option<WorkTree>,
    contents: Option<Box<dyn Sources + Send>>,
    max_file_bytes: u64,
}

impl DiffSources {
    /// For a change, with what there is beside it: the repository that has its blobs, and files at its base
    /// or head.
    pub fn new(
        change_set: ChangeSet,
        repository: Option<Repository>,
        work_tree: Option<WorkTree>,
        max_file_bytes: u64,
    ) -> Self {
        let (mut by_base, mut by_head) = (HashMap::new(), HashMap::new());
        let mut enter = |at: usize, file: &FileChange| {
            for (by_path, path) in [(&mut by_base, &file.base_path), (&mut by_head, &file.head_path)] {
                if let Some(path) = path {
                    by_path.entry(path.clone()).or_insert_with(Vec::new).push(at);
                }
            }
        };
        let is_copy = |file: &FileChange| file.status == FileStatus::Copied;
        let files = || change_set.files.iter().enumerate();
        files().filter(|(_, file)| !is_copy(file)).for_each(|(at, file)| enter(at, file));
        files().filter(|(_, file)| is_copy(file)).for_each(|(at, file)| enter(at, file));
        Self {
            change_set,
            by_base,
            by_head,
            repository: repository.map(Mutex::new),
            work_tree,
            contents: None,
            max_file_bytes,
        }
    }

    /// For a change whose contents somebody has, of one version or of both.
    pub fn with_contents(
        change_set: ChangeSet,
        contents: Box<dyn Sources + Send>,
        max_file_bytes: u64,
    ) -> Self {
        Self { contents: Some(contents), ..Self::new(change_set, None, None, max_file_bytes) }
    }

    /// The change.
    pub fn change_set(&self) -> &ChangeSet {
        &self.change_set
    }

    /// What is known of a file: all of it, or the lines of the diff.
    ///
    /// # Errors
    /// Where the version has no such file, or nothing of it can be read.
    pub fn content(&self, side: Side, path: &str) -> Result<Content, SourceError> {
        let changes = self.changes(side, path);
        let Some(change) = changes.first() else { return self.unchanged(side, path) };
        if change.base_mode.or(change.head_mode).is_some_and(|mode| mode & 0o170_000 != REGULAR) {
            let reason = "it is a symbolic link or a submodule, which is not followed";
            return Err(SourceError::Unreadable(reason.to_owned()));
        }
        match changes.iter().find_map(|change| self.whole(change, side)) {
            Some(content) if content.len() as u64 > self.max_file_bytes => {
                Err(SourceError::TooLarge(content.len() as u64))
            }
            Some(content) => Ok(Content::Whole(content)),
            None => match &change.content {
                ContentChange::Binary => Err(SourceError::Unreadable("it is not text".to_owned())),
                ContentChange::Text(hunks) => {
                    fragment(hunks, side, self.max_file_bytes).map(Content::Fragment)
                }
            },
        }
    }

    fn changes(&self, side: Side, path: &str) -> Vec<&FileChange> {
        let by_path = match side {
            Side::Base => &self.by_base,
            Side::Head => &self.by_head,
        };
        by_path.get(path).into_iter().flatten().map(|at| &self.change_set.files[*at]).collect()
    }

    /// A file that the diff does not touch is the same in the work tree; a path that only the other version
    /// has is missing.
    fn unchanged(&self, side: Side, path: &str) -> Result<Content, SourceError> {
        let other = match side {
            Side::Base => Side::Head,
            Side::Head => Side::Base,
        };
        let leaves = |change: &&FileChange| {
            side == Side::Base || matches!(change.status, FileStatus::Deleted | FileStatus::Renamed)
        };
        if self.changes(other, path).iter().any(leaves) {
            return Err(SourceError::Missing);
        }
        if let Some(contents) = &self.contents {
            return match contents.read(side, path) {
                Err(SourceError::Missing) => contents.read(other, path),
                read => read,
            }
            .map(Content::Whole);
        }
        let Some(work_tree) = &self.work_tree else {
            let reason = "the diff does not show it, and there is no work tree to read it from";
            return Err(SourceError::Unreadable(reason.to_owned()));
        };
        work_tree.read(path, self.max_file_bytes).map(Content::Whole)
    }

    /// The whole content, from the first place that fits the diff.
    fn whole(&self, change: &FileChange, side: Side) -> Option<Vec<u8>> {
        apply::whole_file(change, side)
            .or_else(|| self.read_blobs(change, side))
            .or_else(|| self.read_work_tree(change, side))
            .or_else(|| self.read_contents(change, side))
    }

    fn read_blobs(&self, change: &FileChange, side: Side) -> Option<Vec<u8>> {
        let repository = self.repository.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        [Side::Head, Side::Base].into_iter().find_map(|from| {
            let content = repository.blob(blob(change, from)?, self.max_file_bytes)?;
            side_of(change, &content, from, side)
        })
    }

    fn read_contents(&self, change: &FileChange, side: Side) -> Option<Vec<u8>> {
        let contents = self.contents.as_ref()?;
        let content = |at| {
            let path = match at {
                Side::Base => change.base_path.as_ref(),
                Side::Head => change.head_path.as_ref(),
            };
            side_of(change, &contents.read(at, path?).ok()?, at, side)
        };
        [Side::Head, Side::Base].into_iter().find_map(content)
    }

    /// A work tree is usually at head, sometimes still at base. Line ends may have been converted on checkout.
    fn read_work_tree(&self, change: &FileChange, side: Side) -> Option<Vec<u8>> {
        let work_tree = self.work_tree.as_ref()?;
        [Side::Head, Side::Base].into_iter().find_map(|at| {
            let path = match at {
                Side::Base => change.base_path.as_ref()?,
                Side::Head => change.head_path.as_ref()?,
            };
            let content = work_tree.read(path, self.max_file_bytes).ok()?;
            side_of(change, &content, at, side).or_else(|| {
                let converted = without_carriage_returns(&content)?;
                side_of(change, &converted, at, side)
            })
        })
    }
}

impl Sources for DiffSources {
    fn read(&self, side: Side, path: &str) -> Result<Vec<u8>, SourceError> {
        match self.content(side, path)? {
            Content::Whole(content) => Ok(content),
            // Where only the lines of the diff are known, the review takes these from the change itself.
            Content::Fragment(_) => Err(SourceError::Missing),
        }
    }

    fn list(&self, side: Side) -> Result<Vec<String>, SourceError> {
        let listed = self.work_tree.as_ref().map(WorkTree::files).cloned();
        let mut files: BTreeSet<String> = listed.unwrap_or_default();
        if let Some(contents) = &self.contents {
            files.extend(contents.list(side)?);
        }
        let (paths, others) = match side {
            Side::Base => (&self.by_base, &self.by_head),
            Side::Head => (&self.by_head, &self.by_base),
        };
        files.retain(|path| !others.contains_key(path) || !self.is_missing(side, path));
        files.extend(paths.keys().cloned());
        Ok(files.into_iter().collect())
    }
}

impl DiffSources {
    fn is_missing(&self, side: Side, path: &str) -> bool {
        self.changes(side, path).is_empty() && matches!(self.unchanged(side, path), Err(SourceError::Missing))
    }
}

fn blob(change: &FileChange, side: Side) -> Option<&str> {
    match side {
        Side::Base => change.base_blob.as_deref(),
        Side::Head => change.head_blob.as_deref(),
    }
}

/// The content of `wanted`, from a content that may be the one of `from`: where its id is known, that decides,
/// and the hunks must fit in any case.
fn side_of(change: &FileChange, content: &[u8], from: Side, wanted: Side) -> Option<Vec<u8>> {
    if let Some(id) = blob(change, from) {
        let actual = Oid::hash_object(ObjectType::Blob, content).ok()?.to_string();
        // An id of another length is of another hash, which the hunks alone must answer for.
        if id.len() <= actual.len() && !actual.starts_with(id) {
            return None;
        }
    }
    let ContentChange::Text(hunks) = &change.content else {
        return (from == wanted && blob(change, from).is_some()).then(|| content.to_vec());
    };
    let other = apply::across(content, from, hunks)?;
    Some(if from == wanted { content.to_vec() } else { other })
}

/// The text with line feeds alone, where it has carriage returns before them.
fn without_carriage_returns(content: &[u8]) -> Option<Vec<u8>> {
    memchr::memmem::find(content, b"\r\n")?;
    let mut converted = Vec::with_capacity(content.len());
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => converted.extend_from_slice(&[line, b"\n"].concat()),
            None => converted.extend_from_slice(line),
        }
    }
    Some(converted)
}

/// The lines of one side that hunks show, at their numbers.
///
/// # Errors
/// Where the text with its empty lines would have more than `max_bytes`.
pub fn fragment(hunks: &[Hunk], side: Side, max_bytes: u64) -> Result<Fragment, SourceError> {
    let place = |hunk: &Hunk| match side {
        Side::Base => (hunk.base_position(), hunk.base_count),
        Side::Head => (hunk.head_position(), hunk.head_count),
    };
    let lines = hunks.last().map(place).map_or(0, |(position, count)| u64::from(position) + u64::from(count));
    let shown = |hunk: &Hunk| hunk.lines.iter().map(|line| line.bytes.len() as u64).sum::<u64>();
    let bytes = lines + hunks.iter().map(shown).sum::<u64>();
    if bytes > max_bytes {
        return Err(SourceError::TooLarge(bytes));
    }
    let mut fragment = Fragment { text: Vec::new(), known: Vec::new() };
    let mut at = 1;
    for hunk in hunks {
        let (position, count) = place(hunk);
        if count == 0 {
            continue;
        }
        fragment.text.extend((at..position).map(|_| b'\n'));
        fragment.known.push((position, position + count - 1));
        at = position + count;
        for line in hunk.lines.iter().filter(|line| line.kind.is_on(side)) {
            fragment.text.extend_from_slice(&line.bytes);
            fragment.text.extend((!line.ends_without_newline).then_some(b'\n'));
        }
    }
    Ok(fragment)
}
