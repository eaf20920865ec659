//! The manifest of a model folder: every file with its length and SHA-256, written when the model came in.
//!
//! In: a folder. Out: what is changed, missing or extra in it, and one digest over all of it. A file that has not been
//! touched since it was last read whole (length, and both times of the file system) is not read again.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The manifest's own name in the folder.
pub(crate) const MANIFEST: &str = "countersign-manifest.json";
/// What is remembered of the last reading.
const SEEN: &str = ".countersign-verified.json";
/// Bytes that are read at once.
const CHUNK_BYTES: usize = 1 << 20;

/// What a model folder holds, and where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// `owner/name` on the server that it was fetched from, or the folder that it was copied from.
    pub(crate) origin: String,
    /// The commit there, where there is one.
    pub(crate) revision: Option<String>,
    /// The files by name.
    pub(crate) files: BTreeMap<String, Entry>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Its length.
    pub(crate) bytes: u64,
    /// SHA-256 in hexadecimal.
    pub(crate) sha256: String,
}

/// How a folder differs from its manifest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub(crate) enum Difference {
    /// Its bytes are others.
    #[error("{0} is changed")]
    Changed(String),
    /// It is not there.
    #[error("{0} is missing")]
    Missing(String),
    /// The manifest does not know it.
    #[error("{0} is extra: the manifest does not name it")]
    Extra(String),
}

/// Why a manifest cannot be made, read or compared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ManifestError {
    /// The folder has none.
    #[error(
        "{0} has no manifest, so nothing says what it should hold; \
         `countersign-server model pull --from {0}` copies it into the models with one"
    )]
    None(PathBuf),
    /// It cannot be read as one.
    #[error("the manifest {path} cannot be read: {reason}; pull the model again")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// How.
        reason: String,
    },
    /// The file system.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the file system says.
        error: io::Error,
    },
}

/// How much is read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Every byte.
    Whole,
    /// What was touched since it was last read.
    Touched,
}

/// A file as the file system had it when its bytes were last found right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    sha256: String,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Manifest {
    /// Reads a folder's manifest.
    ///
    /// # Errors
    /// Where it has none, or one that is no manifest.
    pub(crate) fn read(folder: &Path) -> Result<Self, ManifestError> {
        let path = folder.join(MANIFEST);
        if !path.exists() {
            return Err(ManifestError::None(folder.to_owned()));
        }
        let text = std::fs::read(&path).map_err(io_error(&path))?;
        serde_json::from_slice(&text)
            .map_err(|error| ManifestError::Damaged { path, reason: error.to_string() })
    }

    /// Writes it into its folder.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), ManifestError> {
        let path = folder.join(MANIFEST);
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| ManifestError::Damaged { path: path.clone(), reason: error.to_string() })?;
        std::fs::write(&path, text).map_err(io_error(&path))
    }

    /// SHA-256 over the names and sums of all files, as `sha256sum` lists them: what a record calls the weights.
    pub(crate) fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        for (name, entry) in &self.files {
            hasher.update(format!("{}  {name}\n", entry.sha256));
        }
        hex::encode(hasher.finalize())
    }

    /// Compares a folder with its manifest; what differs, sorted.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub(crate) fn verify(&self, folder: &Path, reading: Reading) -> Result<Vec<Difference>, ManifestError> {
        let known = match reading {
            Reading::Whole => BTreeMap::new(),
            Reading::Touched => stamps(folder),
        };
        let mut seen = BTreeMap::new();
        let mut differences = Vec::new();
        for (name, entry) in &self.files {
            match compare(&folder.join(name), entry, known.get(name))? {
                Comparison::Same(stamp) => {
                    seen.insert(name.clone(), stamp);
                }
                Comparison::Changed => differences.push(Difference::Changed(name.clone())),
                Comparison::Missing => differences.push(Difference::Missing(name.clone())),
            }
        }
        let names = names(folder)?;
        differences
            .extend(names.into_iter().filter(|name| !self.files.contains_key(name)).map(Difference::Extra));
        remember(folder, &seen);
        differences.sort();
        Ok(differences)
    }
}

/// The names in a model folder, without the manifest and what belongs to it.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, ManifestError> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io_error(folder))? {
        let name = entry.map_err(io_error(folder))?.file_name().to_string_lossy().into_owned();
        if name != MANIFEST && name != SEEN {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// The SHA-256 of a file; `progress` is told of every chunk.
///
/// # Errors
/// Where it cannot be read.
pub(crate) fn sha256(path: &Path, mut progress: impl FnMut(u64)) -> Result<String, ManifestError> {
    let mut file = File::open(path).map_err(io_error(path))?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let count = file.read(&mut chunk).map_err(io_error(path))?;
        if count == 0 {
            return Ok(hex::encode(hasher.finalize()));
        }
        hasher.update(&chunk[..count]);
        progress(count as u64);
    }
}

enum Comparison {
    Same(Stamp),
    Changed,
    Missing,
}

fn compare(path: &Path, entry: &Entry, known: Option<&Stamp>) -> Result<Comparison, ManifestError> {
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Comparison::Missing),
        Err(error) => return Err(io_error(path)(error)),
    };
    if !metadata.is_file() || metadata.len() != entry.bytes {
        return Ok(Comparison::Changed);
    }
    // The stamp is taken before the bytes are read: what is written meanwhile gives another one.
    let stamp = Stamp {
        sha256: entry.sha256.clone(),
        bytes: metadata.len(),
        modified: (metadata.mtime(), metadata.mtime_nsec()),
        changed: (metadata.ctime(), metadata.ctime_nsec()),
    };
    if known == Some(&stamp) || sha256(path, |_| ())? == entry.sha256 {
        return Ok(Comparison::Same(stamp));
    }
    Ok(Comparison::Changed)
}

/// Without them everything is read; they are a convenience and never an error.
fn stamps(folder: &Path) -> BTreeMap<String, Stamp> {
    let text = std::fs::read(folder.join(SEEN)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

fn remember(folder: &Path, seen: &BTreeMap<String, Stamp>) {
    if let Ok(text) = serde_json::to_vec(seen) {
        // A folder that is mounted read-only is read whole each time.
        let _ = std::fs::write(folder.join(SEEN), text);
    }
}

/// A failure of the file system at `path`.
pub(crate) fn io_error(path: &Path) -> impl FnOnce(io::Error) -> ManifestError {
    let path = path.to_owned();
    |error| ManifestError::Io { path, error }
}

#[cfg(test)]
mod tests;
