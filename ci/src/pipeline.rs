//! What well-known pipelines say of themselves in the environment: the base of a change, the repository.
//!
//! One table; a pipeline more is a row more.

use std::env;

/// A pipeline and where it says what.
struct Pipeline {
    name: &'static str,
    /// Set where this pipeline runs.
    mark: &'static str,
    /// Variables that name the base, best first, with what goes before their value.
    bases: &'static [(&'static str, &'static str)],
    /// Variables that make up the repository's address, joined by `/`.
    repository: &'static [&'static str],
}

/// A pipeline of merged results tests the merge with the target as it was: that commit is the base, not the
/// one where the branch left it.
const PIPELINES: &[Pipeline] = &[
    Pipeline {
        name: "GitLab",
        mark: "GITLAB_CI",
        bases: &[
            ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", ""),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", ""),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "origin/"),
        ],
        repository: &["CI_PROJECT_URL"],
    },
    Pipeline {
        name: "GitHub",
        mark: "GITHUB_ACTIONS",
        bases: &[("GITHUB_BASE_REF", "origin/")],
        repository: &["GITHUB_SERVER_URL", "GITHUB_REPOSITORY"],
    },
    Pipeline {
        name: "Jenkins",
        mark: "JENKINS_URL",
        bases: &[("CHANGE_TARGET", "origin/")],
        repository: &[],
    },
];

/// A base that the pipeline names.
pub(crate) struct PipelineBase {
    /// The revision.
    pub(crate) revision: String,
    /// Who says so.
    pub(crate) source: String,
}

/// The base of the merge request that this pipeline is for.
pub(crate) fn base() -> Option<PipelineBase> {
    let pipeline = current()?;
    pipeline.bases.iter().find_map(|(variable, prefix)| {
        let source = format!("{} ({variable})", pipeline.name);
        Some(PipelineBase { revision: format!("{prefix}{}", value(variable)?), source })
    })
}

/// The address of the repository that this pipeline is for.
pub(crate) fn repository() -> Option<String> {
    let parts: Option<Vec<_>> = current()?.repository.iter().map(|variable| value(variable)).collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join("/"))
}

fn current() -> Option<&'static Pipeline> {
    PIPELINES.iter().find(|pipeline| value(pipeline.mark).is_some())
}

fn value(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|value| !value.is_empty())
}
