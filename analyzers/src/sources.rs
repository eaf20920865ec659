//! The two versions of a repository as a review reads them: a trait that the doors implement.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which version of the repository is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Before the change.
    Base,
    /// After the change.
    Head,
}

/// Why a file of one version could not be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceError {
    /// The version has no file of this path.
    Missing,
    /// The file is larger than the reader takes; its size in bytes.
    TooLarge(u64),
    /// Reading failed, for this reason.
    Unreadable(String),
}

impl fmt::Display for SourceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => formatter.write_str("the file is not there"),
            Self::TooLarge(bytes) => write!(formatter, "{bytes} bytes is more than a review reads"),
            Self::Unreadable(reason) => formatter.write_str(reason),
        }
    }
}

/// Reads files of both versions of a repository.
///
/// Paths are relative to the repository's root, with `/` between their parts.
pub trait Sources: Sync {
    /// The raw bytes of one file.
    ///
    /// # Errors
    /// Says why the file cannot be had; the review then names the file as not read.
    fn read(&self, side: Side, path: &str) -> Result<Vec<u8>, SourceError>;

    /// Every path of one version, sorted.
    ///
    /// # Errors
    /// Says why the version cannot be listed.
    fn list(&self, side: Side) -> Result<Vec<String>, SourceError>;
}
