//! A merge request as every room of the service knows it: where it is, and what it is about to merge.
//!
//! Its title, description and author's words are not here: nothing that decides may see them.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kind of forge. There is at most one forge of each kind; a webhook's route names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ForgeKind {
    /// github.com or GitHub Enterprise Server.
    Github,
    /// gitlab.com or a self-managed GitLab.
    Gitlab,
    /// Gitea or Forgejo.
    Gitea,
}

impl ForgeKind {
    /// Every kind.
    pub(crate) const ALL: [Self; 3] = [Self::Github, Self::Gitlab, Self::Gitea];

    /// The name in routes, configuration and records.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Gitea => "gitea",
        }
    }
}

impl fmt::Display for ForgeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for ForgeKind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| format!("unknown forge `{name}`; use github, gitlab or gitea"))
    }
}

/// Which merge request: written `gitlab:bank/core!7`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct MergeRequestKey {
    /// The forge.
    pub(crate) forge: ForgeKind,
    /// The full path of the repository that it merges into: `owner/name`, on GitLab with all its groups.
    pub(crate) repository: String,
    /// Its number in that repository (GitLab's `iid`).
    pub(crate) number: u64,
}

impl fmt::Display for MergeRequestKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}!{}", self.forge, self.repository, self.number)
    }
}

/// Whether a merge request can still merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MergeRequestState {
    /// It waits for its merge.
    Open,
    /// It was closed without one.
    Closed,
    /// It was merged.
    Merged,
}

/// A merge request as its forge tells it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MergeRequest {
    /// Which one.
    pub(crate) key: MergeRequestKey,
    /// Whether it can still merge.
    pub(crate) state: MergeRequestState,
    /// Whether its author says that it is not ready.
    pub(crate) is_draft: bool,
    /// The full object id of its newest commit.
    pub(crate) head: String,
    /// The branch it merges into.
    pub(crate) target_branch: String,
    /// The full object id of that branch's tip.
    pub(crate) target: String,
    /// The branch it comes from; on GitLab a commit status wants it.
    pub(crate) source_branch: String,
    /// The id of its author on the forge.
    pub(crate) author: String,
    /// Its labels.
    pub(crate) labels: Vec<String>,
    /// The address at which people see it.
    pub(crate) web_url: String,
}
