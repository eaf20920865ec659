//! The files under the scanned paths: found once, in sorted order, and read by the path that reports show.
//!
//! No link inside of a folder is followed. What cannot be listed is kept with its reason.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Component, Path, PathBuf};

use analyzers::change::path::to_text;
use analyzers::review::Unread;
use analyzers::sources::{Side, SourceError, Sources};
use anyhow::{Context, bail, ensure};
use ignore::WalkBuilder;

/// Whether files that `.gitignore` and `.ignore` name are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Noise {
    /// They are.
    Read,
    /// They are left out.
    Skip,
}

/// Files by the path that reports show: relative to the current folder where they lie in it, with `/`.
pub(crate) struct Tree {
    files: BTreeMap<String, PathBuf>,
    unread: Vec<Unread>,
    max_file_bytes: u64,
}

impl Tree {
    /// Finds the files.
    ///
    /// # Errors
    /// Names every path that is not there or is neither file nor folder.
    pub(crate) fn walk(paths: &[PathBuf], noise: Noise, max_file_bytes: u64) -> anyhow::Result<Self> {
        check(paths)?;
        let current = env::current_dir().context("finding the current folder")?;
        let mut tree = Self { files: BTreeMap::new(), unread: Vec::new(), max_file_bytes };
        for path in paths {
            for entry in walker(path, noise) {
                match entry {
                    Ok(entry) if is_file(&entry) => {
                        tree.files.insert(shown(entry.path(), &current), entry.into_path());
                    }
                    Ok(_) => {}
                    Err(error) => tree.unread.push(unlisted(path, &error, &current)),
                }
            }
        }
        Ok(tree)
    }

    /// The paths, sorted.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    /// What could not be listed.
    pub(crate) fn into_unread(self) -> Vec<Unread> {
        self.unread
    }
}

impl Sources for Tree {
    fn read(&self, _side: Side, path: &str) -> Result<Vec<u8>, SourceError> {
        let file = self.files.get(path).ok_or(SourceError::Missing)?;
        let unreadable = |error: std::io::Error| SourceError::Unreadable(error.to_string());
        let bytes = fs::metadata(file).map_err(unreadable)?.len();
        if bytes > self.max_file_bytes {
            return Err(SourceError::TooLarge(bytes));
        }
        fs::read(file).map_err(unreadable)
    }

    fn list(&self, _side: Side) -> Result<Vec<String>, SourceError> {
        Ok(self.paths())
    }
}

fn check(paths: &[PathBuf]) -> anyhow::Result<()> {
    let missing: Vec<String> = paths
        .iter()
        .filter_map(|path| Some(format!("{}: {}", path.display(), fs::metadata(path).err()?)))
        .collect();
    ensure!(missing.is_empty(), "cannot be scanned: {}", missing.join("; "));
    for path in paths {
        let metadata = fs::metadata(path).with_context(|| path.display().to_string())?;
        if !metadata.is_file() && !metadata.is_dir() {
            bail!("{}: cannot be scanned: it is neither a file nor a folder", path.display());
        }
    }
    Ok(())
}

/// The same files on every machine: a user's own ignore files play no part.
fn walker(path: &Path, noise: Noise) -> ignore::Walk {
    let skip = noise == Noise::Skip;
    WalkBuilder::new(path)
        .hidden(false)
        .ignore(skip)
        .git_ignore(skip)
        .parents(skip)
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        .follow_links(false)
        .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git")
        .build()
}

/// A path that was named may itself be a link.
fn is_file(entry: &ignore::DirEntry) -> bool {
    match entry.file_type() {
        Some(kind) if kind.is_symlink() && entry.depth() == 0 => entry.path().is_file(),
        kind => kind.is_some_and(|kind| kind.is_file()),
    }
}

fn shown(path: &Path, current: &Path) -> String {
    let below = path.strip_prefix(current).unwrap_or(path);
    let plain: PathBuf = below.components().filter(|part| *part != Component::CurDir).collect();
    let bytes = plain.as_os_str().as_encoded_bytes();
    to_text(&if cfg!(windows) { forward(bytes) } else { bytes.to_vec() })
}

/// A path of Windows with `/` between its parts.
fn forward(path: &[u8]) -> Vec<u8> {
    path.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect()
}

fn unlisted(root: &Path, error: &ignore::Error, current: &Path) -> Unread {
    let (path, reason) = match error {
        ignore::Error::WithDepth { err, .. } => match &**err {
            ignore::Error::WithPath { path, err } => (path.as_path(), err.to_string()),
            other => (root, other.to_string()),
        },
        ignore::Error::WithPath { path, err } => (path.as_path(), err.to_string()),
        other => (root, other.to_string()),
    };
    Unread { path: shown(path, current), lines: None, reason, leaves_gap: true }
}
