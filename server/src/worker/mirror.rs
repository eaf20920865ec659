//! Mirrors: one bare repository for each repository of a forge, in a folder whose name nobody outside chooses.
//!
//! In: the data folder, a forge and a repository's path. Out: the folder, and a lock that one fetch at a time has,
//! over all processes that share the data folder.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use super::WorkerError;
use crate::merge_request::ForgeKind;

/// Between two looks whether a mirror is free.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// The mirror of one repository.
#[derive(Debug)]
pub(super) struct Mirror {
    folder: PathBuf,
}

/// One fetch has it at a time. It ends with the value, or the process.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Mirror {
    /// Where the mirror of a repository is. Names are hashed, so that none leads elsewhere.
    pub(super) fn of(data: &Path, forge: ForgeKind, repository: &str) -> Self {
        let name = Sha256::digest(format!("{forge}:{repository}"));
        Self { folder: data.join("mirrors").join(format!("{}.git", hex::encode(name))) }
    }

    /// The mirror's folder, which is there afterwards.
    pub(super) fn folder(&self) -> Result<PathBuf, WorkerError> {
        fs::create_dir_all(&self.folder).map_err(|error| of_disk(&error))?;
        Ok(self.folder.clone())
    }

    /// The mirror's folder, where it has been made.
    pub(super) fn existing(&self) -> Option<PathBuf> {
        self.folder.is_dir().then(|| self.folder.clone())
    }

    /// Waits for the mirror.
    pub(super) async fn lock(
        &self,
        timeout: Duration,
        cancellation: &CancellationToken,
    ) -> Result<Lock, WorkerError> {
        self.folder()?;
        let file = File::create(self.folder.with_extension("lock")).map_err(|error| of_disk(&error))?;
        let wait = async {
            loop {
                match file.try_lock() {
                    Ok(()) => return Ok(()),
                    Err(TryLockError::WouldBlock) => tokio::time::sleep(LOOK_AGAIN).await,
                    Err(TryLockError::Error(error)) => return Err(of_disk(&error)),
                }
            }
        };
        tokio::select! {
            () = cancellation.cancelled() => Err(WorkerError::Cancelled),
            () = tokio::time::sleep(timeout) => Err(WorkerError::TimedOut),
            locked = wait => locked,
        }?;
        Ok(Lock { _file: file })
    }

    /// Deletes the mirror; the lock stays. Moved aside first, so that half a mirror is never taken for a whole one.
    pub(super) async fn discard(&self) -> Result<(), WorkerError> {
        let (folder, aside) = (self.folder.clone(), self.folder.with_extension("discarded"));
        let gone = |result: io::Result<()>| match result {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        };
        let discard = move || {
            gone(fs::remove_dir_all(&aside))?;
            gone(fs::rename(&folder, &aside))?;
            gone(fs::remove_dir_all(&aside))
        };
        let discarded = tokio::task::spawn_blocking(discard).await;
        discarded.unwrap_or_else(|error| Err(io::Error::other(error))).map_err(|error| of_disk(&error))
    }
}

fn of_disk(error: &io::Error) -> WorkerError {
    WorkerError::Unavailable(format!("the folder of mirrors in the data folder: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_stays_in_the_folder_and_no_two_names_meet() {
        let data = Path::new("/data");
        let folder = |forge, name| Mirror::of(data, forge, name).folder;
        let hostile = folder(ForgeKind::Gitlab, "../../etc/passwd\0/.ssh");
        assert_eq!(hostile.parent(), Some(Path::new("/data/mirrors")));
        assert_ne!(folder(ForgeKind::Gitlab, "a/b"), folder(ForgeKind::Gitea, "a/b"));
        assert_ne!(folder(ForgeKind::Gitlab, "a/b"), folder(ForgeKind::Gitlab, "a/B"));
    }

    #[tokio::test]
    async fn one_at_a_time_has_a_mirror() {
        let data = tempfile::tempdir().unwrap();
        let mirror = Mirror::of(data.path(), ForgeKind::Gitlab, "bank/core");
        let (soon, never) = (Duration::from_millis(1), CancellationToken::new());
        let lock = mirror.lock(soon, &never).await.unwrap();
        assert_eq!(mirror.lock(soon, &never).await.unwrap_err(), WorkerError::TimedOut);
        let other = Mirror::of(data.path(), ForgeKind::Gitlab, "bank/other");
        other.lock(soon, &never).await.unwrap();
        drop(lock);
        mirror.lock(soon, &never).await.unwrap();
    }
}
