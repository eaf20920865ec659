//! Opens one repository as often as threads read it at once: libgit2's objects are not shared between threads.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::store_in_memory;
use crate::sources::SourceError;

/// A repository keeps in memory what was stored through it; after so many uses it is opened anew.
const MAX_USES: usize = 256;

/// Open repositories that no thread uses now, with the number of their uses.
pub(super) struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<(git2::Repository, usize)>>,
}

impl Pool {
    /// For the repository whose git folder is `path`.
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), idle: Mutex::new(Vec::new()) }
    }

    /// Does `read` with an open repository.
    pub(super) fn with<T>(
        &self,
        read: impl FnOnce(&git2::Repository) -> Result<T, SourceError>,
    ) -> Result<T, SourceError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let (git, uses) = match idle {
            Some(idle) => idle,
            None => (self.open().map_err(|error| unreadable(&error))?, 0),
        };
        let result = read(&git);
        if uses < MAX_USES {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((git, uses + 1));
        }
        result
    }

    fn open(&self) -> Result<git2::Repository, git2::Error> {
        let git = git2::Repository::open(&self.path)?;
        store_in_memory(&git)?;
        Ok(git)
    }
}

/// What libgit2 reports, as the reason why a file was not read.
pub(super) fn unreadable(error: &git2::Error) -> SourceError {
    SourceError::Unreadable(format!("git: {}", error.message()))
}
