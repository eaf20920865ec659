//! What a webhook says, in the service's own words: a closed set of events.
//!
//! An event is a hint that something happened; what is true is asked of the forge before anything is done.

use serde::{Deserialize, Serialize};

use crate::merge_request::{ForgeKind, MergeRequestKey};

/// A verified delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivery {
    /// The forge that it came from.
    pub(crate) forge: ForgeKind,
    /// The forge's id of the delivery: the same when it is delivered again.
    pub(crate) id: String,
    /// What it says.
    pub(crate) event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub(crate) enum Event {
    /// A merge request was opened, reopened, pushed to, retargeted, or made ready.
    Changed {
        /// Which one.
        merge_request: MergeRequestKey,
    },
    /// A merge request was closed or merged.
    Closed {
        /// Which one.
        merge_request: MergeRequestKey,
    },
    /// Somebody wrote a comment that calls the service.
    Commented(Comment),
    /// Somebody asked for a check to run again.
    RecheckRequested {
        /// Which one.
        merge_request: MergeRequestKey,
    },
    /// A branch moved; reviews against it may be out of date.
    Pushed {
        /// The repository.
        repository: String,
        /// The branch, without `refs/heads/`.
        branch: String,
    },
    /// Nothing for the service to do.
    Ignored {
        /// What it was, such as `pull_request.labeled`.
        what: String,
    },
}

/// A comment on a merge request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Comment {
    /// Where it stands.
    pub(crate) merge_request: MergeRequestKey,
    /// Its id on the forge.
    pub(crate) id: String,
    /// The id of its author on the forge.
    pub(crate) author: String,
    /// The name by which the forge is asked for the author's permission.
    pub(crate) author_name: String,
    /// The thread it stands in, where it answers another one.
    pub(crate) thread: Option<String>,
    /// Its text.
    pub(crate) text: String,
}
