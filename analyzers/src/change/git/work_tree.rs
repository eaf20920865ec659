//! The files of a work tree, as git would store them (line ends converted), or of a plain folder, as they are.
//!
//! Reads regular files that it lists and nothing else: no links, no folders behind links, no `.git`.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use git2::{Oid, StatusOptions};

use super::pairs::Entry;
use super::pool::{Pool, unreadable};
use super::{GitError, Untracked};
use crate::change::{hunks, path};
use crate::sources::SourceError;

/// More files than this are not listed.
pub(super) const MAX_FILES: usize = 5_000_000;

/// The regular files of a folder.
pub struct WorkTree {
    root: PathBuf,
    files: BTreeSet<String>,
    /// Where the folder is a work tree, the repository that knows how its files are stored.
    repository: Option<Pool>,
}

impl WorkTree {
    /// The tracked files of a repository's work tree, and the untracked ones if they are included.
    pub(super) fn of(git: &git2::Repository, untracked: Untracked) -> Result<Self, GitError> {
        let root = git.workdir().ok_or(GitError::NoWorkTree)?.to_owned();
        let mut names: Vec<Vec<u8>> = git.index()?.iter().map(|entry| entry.path).collect();
        if untracked == Untracked::Include {
            let mut options = StatusOptions::new();
            options.include_untracked(true).recurse_untracked_dirs(true).exclude_submodules(true);
            let statuses = git.statuses(Some(&mut options))?;
            let untracked = statuses.iter().filter(|entry| entry.status().is_wt_new());
            names.extend(untracked.map(|entry| entry.path_bytes().to_vec()));
        }
        let is_file = |name: &Vec<u8>| locate(&root, name).is_ok_and(|(_, metadata)| metadata.is_file());
        let files = names.into_iter().filter(is_file).map(|name| path::to_text(&name)).collect();
        Ok(Self { root, files, repository: Some(Pool::new(git.path())) })
    }

    /// All files of a plain folder.
    ///
    /// # Errors
    /// Where a folder cannot be listed, or has more files than a review can take.
    pub fn folder(root: &Path) -> std::io::Result<Self> {
        let mut files = BTreeSet::new();
        let mut folders = vec![(root.to_owned(), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let name = entry.file_name();
                let name = format!("{prefix}{}", path::to_text(name.as_encoded_bytes()));
                let kind = entry.file_type()?;
                if kind.is_dir() && !entry.file_name().eq_ignore_ascii_case(".git") {
                    folders.push((entry.path(), name + "/"));
                } else if kind.is_file() {
                    files.insert(name);
                }
            }
            if files.len() + folders.len() > MAX_FILES {
                return Err(std::io::Error::other(format!("more than {MAX_FILES} files")));
            }
        }
        Ok(Self { root: root.to_owned(), files, repository: None })
    }

    /// The listed files, sorted.
    pub fn files(&self) -> &BTreeSet<String> {
        &self.files
    }

    /// The content of a listed file.
    ///
    /// # Errors
    /// Where it is not listed, has more than `max_bytes`, or cannot be read.
    pub fn read(&self, file: &str, max_bytes: u64) -> Result<Vec<u8>, SourceError> {
        if !self.files.contains(file) {
            return Err(SourceError::Missing);
        }
        let (location, metadata) = locate(&self.root, &path::to_bytes(file))?;
        if !metadata.is_file() {
            return Err(SourceError::Unreadable("it is no longer a regular file".to_owned()));
        }
        if metadata.len() > max_bytes {
            return Err(SourceError::TooLarge(metadata.len()));
        }
        match &self.repository {
            None => fs::read(location).map_err(|error| SourceError::Unreadable(error.to_string())),
            Some(pool) => pool.with(|git| {
                let blob = git.blob_path(&location).and_then(|id| git.find_blob(id));
                blob.map(|blob| blob.content().to_vec()).map_err(|error| unreadable(&error))
            }),
        }
    }
}

/// The file of a diff's head side, stored in memory as git would store it.
pub(super) fn stored(git: &git2::Repository, entry: Option<Entry>) -> Result<Option<Entry>, GitError> {
    let (Some(mut entry), Some(root)) = (entry, git.workdir()) else { return Ok(None) };
    if entry.is_submodule() || (!entry.id.is_zero() && git.odb()?.exists(entry.id)) {
        return Ok(Some(entry));
    }
    let unreadable = |reason: String| GitError::Unreadable { path: path::to_text(&entry.path), reason };
    let (location, metadata) = locate(root, &entry.path).map_err(|error| unreadable(error.to_string()))?;
    entry.id = if metadata.is_symlink() {
        let target = fs::read_link(&location).map_err(|error| unreadable(error.to_string()))?;
        git.blob(target.as_os_str().as_encoded_bytes())?
    } else if metadata.len() > hunks::MAX_TEXT_BYTES as u64 {
        Oid::ZERO_SHA1
    } else {
        git.blob_path(&location).map_err(|error| unreadable(error.message().to_owned()))?
    };
    Ok(Some(entry))
}

/// Where a path of the repository lies on disk, and what is there; never behind a link.
fn locate(root: &Path, name: &[u8]) -> Result<(PathBuf, Metadata), SourceError> {
    let mut location = root.to_owned();
    let mut parts = name.split(|byte| *byte == b'/').peekable();
    while let Some(part) = parts.next() {
        if matches!(part, b"" | b"." | b"..") || part.eq_ignore_ascii_case(b".git") {
            return Err(SourceError::Missing);
        }
        location.push(disk_name(part).ok_or(SourceError::Missing)?);
        let metadata = fs::symlink_metadata(&location).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => SourceError::Missing,
            _ => SourceError::Unreadable(error.to_string()),
        })?;
        if parts.peek().is_none() {
            return Ok((location, metadata));
        }
        if !metadata.is_dir() {
            return Err(SourceError::Missing);
        }
    }
    Err(SourceError::Missing)
}

/// A path of git as the operating system takes it.
#[cfg(unix)]
pub(super) fn disk_name(name: &[u8]) -> Option<&Path> {
    Some(Path::new(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(name)))
}

/// A path of git as the operating system takes it.
#[cfg(not(unix))]
pub(super) fn disk_name(name: &[u8]) -> Option<&Path> {
    let name = std::str::from_utf8(name).ok()?;
    (!name.contains(['\\', ':'])).then(|| Path::new(name))
}
