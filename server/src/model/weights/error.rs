//! What is wrong with a model's files, in words for the person who put them there.

use std::io;
use std::path::{Path, PathBuf};

/// Why weights cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WeightsError {
    /// The file system.
    #[error("{path} cannot be read: {error}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the file system says.
        error: io::Error,
    },
    /// A file that must be there is not.
    #[error("{path} holds no {what}; `countersign-server model pull` fetches whole models")]
    Missing {
        /// The folder or file.
        path: PathBuf,
        /// What is not there.
        what: String,
    },
    /// The file contradicts itself or its length.
    #[error(
        "{path} is damaged: {reason}; fetch it again and compare it with `countersign-server model verify`"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// How.
        reason: String,
    },
    /// The file is sound, and of a kind that cannot be computed.
    #[error("{path} cannot be served: {reason}")]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What cannot be, and what can.
        reason: String,
    },
    /// A tensor has another shape than the configuration says.
    #[error(
        "the tensor {name} in {path} is {found:?} where its configuration says {wanted:?}; \
         configuration and weights are not of one model"
    )]
    Mismatch {
        /// The tensor.
        name: String,
        /// The file.
        path: PathBuf,
        /// The shape in the file.
        found: Vec<usize>,
        /// The shape that the network needs.
        wanted: Vec<usize>,
    },
    /// The device does not take the tensor.
    #[error("the device does not take the tensor {name}: {error}")]
    Device {
        /// The tensor.
        name: String,
        /// What the device says.
        error: candle_core::Error,
    },
}

impl WeightsError {
    /// A failure of the file system at `path`.
    pub(crate) fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |error| Self::Unreadable { path, error }
    }

    /// `path` lacks `what`.
    pub(crate) fn missing(path: &Path, what: impl Into<String>) -> Self {
        Self::Missing { path: path.to_owned(), what: what.into() }
    }

    /// `path` contradicts itself.
    pub(crate) fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), reason: reason.into() }
    }

    /// `path` is of a kind that cannot be computed.
    pub(crate) fn unsupported(path: &Path, reason: impl Into<String>) -> Self {
        Self::Unsupported { path: path.to_owned(), reason: reason.into() }
    }
}
