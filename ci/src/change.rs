//! The change to review: from two versions of a repository, or from the text of a diff.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use analyzers::change::diff_sources::DiffSources;
use analyzers::change::git::{
    Base, BaseChoice, Comparison, DefaultBase, GitError, GitSources, Repository, Target, Untracked, WorkTree,
};
use analyzers::change::{ChangeSet, diff_text};
use analyzers::sources::Sources;
use anyhow::{Context, ensure};
use clap::Args;

use crate::desk::Desk;
use crate::exit::Failure;
use crate::pipeline;

/// A longer diff is not read: line numbers and memory would not suffice.
const MAX_DIFF_BYTES: u64 = 1 << 30;

/// What to review.
#[derive(Args)]
#[command(next_help_heading = "Change")]
pub(crate) struct ChangeOptions {
    /// Repository, or with --diff any folder that holds the files [default: that of the current folder]
    #[arg(long, value_name = "DIR")]
    repo: Option<PathBuf>,
    /// Revision to compare with, from where the head left it [default: what the pipeline says, the upstream,
    /// the remote's default branch, main or master, the commit before]
    #[arg(long, value_name = "REV", conflicts_with = "diff")]
    base: Option<String>,
    /// Revision to review [default: what is checked out; see below]
    #[arg(long, value_name = "REV", conflicts_with_all = ["diff", "staged", "work_tree"])]
    head: Option<String>,
    /// Review what is staged for the next commit [default base: HEAD]
    #[arg(long, conflicts_with_all = ["diff", "work_tree"])]
    staged: bool,
    /// Review uncommitted work, with files that git does not know yet [default base: HEAD]
    #[arg(long, conflicts_with = "diff")]
    work_tree: bool,
    /// Review a unified diff, from FILE or from stdin with `-`
    #[arg(long, value_name = "FILE")]
    diff: Option<PathBuf>,
}

/// What a change is reviewed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// A developer's desk: the head is the commit checked out, with uncommitted work on top of it.
    Desk,
    /// A gate: the head is the commit checked out and nothing else, as the outcome is for that commit.
    Gate,
}

/// A change with the contents of both versions.
pub(crate) enum Change {
    /// Between two versions of a repository.
    Versions(Box<Comparison>, GitSources),
    /// Told by a diff.
    Diff(DiffSources),
}

impl Change {
    /// What changed.
    pub(crate) fn change_set(&self) -> &ChangeSet {
        match self {
            Self::Versions(comparison, _) => &comparison.change_set,
            Self::Diff(sources) => sources.change_set(),
        }
    }

    /// The contents.
    pub(crate) fn sources(&self) -> &dyn Sources {
        match self {
            Self::Versions(_, sources) => sources,
            Self::Diff(sources) => sources,
        }
    }

    /// The base and the head, as far as they have ids.
    pub(crate) fn revisions(&self) -> (Option<String>, Option<String>) {
        match self {
            Self::Versions(comparison, _) => (Some(comparison.merge_base.clone()), comparison.head.clone()),
            Self::Diff(_) => (None, None),
        }
    }
}

impl ChangeOptions {
    /// Finds the change; files of more than `max_file_bytes` are not read.
    pub(crate) fn open(
        &self,
        occasion: Occasion,
        max_file_bytes: u64,
        desk: &Desk,
    ) -> Result<Change, Failure> {
        if let Some(file) = &self.diff {
            return self.open_diff(file, occasion, max_file_bytes, desk);
        }
        let repository = Repository::open(self.repo.as_deref().unwrap_or(Path::new(".")))?;
        let head = self.head(&repository, occasion)?;
        let base = self.base(&repository, &head, desk)?;
        let comparison = repository.change_set(&base, &head)?;
        if comparison.change_set.files.is_empty() {
            desk.note(&format!(
                "nothing changed since {}: there is nothing to review",
                comparison.merge_base
            ));
        }
        let sources = repository.sources(&comparison, max_file_bytes)?;
        Ok(Change::Versions(Box::new(comparison), sources))
    }

    fn head(&self, repository: &Repository, occasion: Occasion) -> Result<Target, GitError> {
        let head = Target::Revision("HEAD".to_owned());
        let work_tree = Target::WorkTree(Untracked::Include);
        Ok(match (&self.head, occasion) {
            (Some(revision), _) => Target::Revision(revision.clone()),
            (None, _) if self.staged => Target::Index,
            (None, _) if self.work_tree => work_tree,
            (None, Occasion::Gate) => head,
            (None, Occasion::Desk) => {
                match repository.change_set(&Base::Revision("HEAD".to_owned()), &work_tree) {
                    Ok(uncommitted) if uncommitted.change_set.files.is_empty() => head,
                    // Before the first commit there is no `HEAD` yet.
                    Ok(_) | Err(GitError::UnknownRevision { .. }) => work_tree,
                    Err(GitError::NoWorkTree) => head,
                    Err(error) => return Err(error),
                }
            }
        })
    }

    fn base(&self, repository: &Repository, head: &Target, desk: &Desk) -> Result<Base, Failure> {
        if let Some(revision) = &self.base {
            return Ok(Base::Revision(revision.clone()));
        }
        if self.staged || self.work_tree {
            let DefaultBase { base, choice } = repository.default_base(head)?;
            let is_first = choice == BaseChoice::Nothing;
            return Ok(if is_first { base } else { Base::Revision("HEAD".to_owned()) });
        }
        let reviewed = match head {
            Target::Revision(revision) => format!("`{revision}`"),
            Target::Index => "what is staged".to_owned(),
            Target::WorkTree(_) => "the work tree".to_owned(),
        };
        if let Some(named) = pipeline::base() {
            desk.note(&format!(
                "reviewing {reviewed} against `{}`, the base named by {}",
                named.revision, named.source
            ));
            return Ok(Base::Revision(named.revision));
        }
        let DefaultBase { base, choice } = repository.default_base(head)?;
        desk.note(&format!("reviewing {reviewed} against {choice}"));
        Ok(base)
    }

    fn open_diff(
        &self,
        file: &Path,
        occasion: Occasion,
        max_file_bytes: u64,
        desk: &Desk,
    ) -> Result<Change, Failure> {
        let text = read_diff(file, desk)?;
        let change_set = diff_text::parse(&text)?;
        drop(text);
        if change_set.files.is_empty() {
            let reason = "the diff is empty: there is nothing to review";
            match occasion {
                Occasion::Desk => desk.note(reason),
                Occasion::Gate => {
                    let remedy = "a command that failed to make one looks the same, so the gate stays shut; \
                                  compare revisions with `--base`, or do not call the gate where nothing changed";
                    return Err(Failure::NothingToTell(format!("{reason}; {remedy}")));
                }
            }
        }
        let (repository, work_tree) = self.beside_diff()?;
        Ok(Change::Diff(DiffSources::new(change_set, repository, work_tree, max_file_bytes)))
    }

    /// The repository and the files that a diff is for, where there are any.
    fn beside_diff(&self) -> Result<(Option<Repository>, Option<WorkTree>), Failure> {
        let folder = self.repo.as_deref().unwrap_or(Path::new("."));
        match (Repository::open(folder), &self.repo) {
            (Ok(repository), _) => {
                let work_tree = match repository.work_tree(Untracked::Skip) {
                    Ok(work_tree) => Some(work_tree),
                    Err(GitError::NoWorkTree) => None,
                    Err(error) => return Err(error.into()),
                };
                Ok((Some(repository), work_tree))
            }
            (Err(GitError::NotARepository(_)), None) => Ok((None, None)),
            (Err(GitError::NotARepository(_)), Some(folder)) => {
                let files = WorkTree::folder(folder)
                    .with_context(|| format!("{}: cannot be read", folder.display()))?;
                Ok((None, Some(files)))
            }
            (Err(error), _) => Err(error.into()),
        }
    }
}

fn read_diff(file: &Path, desk: &Desk) -> anyhow::Result<Vec<u8>> {
    let is_stdin = file == Path::new("-");
    let name = if is_stdin { "stdin".to_owned() } else { file.display().to_string() };
    let source: Box<dyn Read> = if is_stdin {
        if io::stdin().is_terminal() {
            desk.note("reading a diff from the terminal; end it with Ctrl-D");
        }
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(file).with_context(|| format!("{name}: the diff cannot be read"))?)
    };
    let mut text = Vec::new();
    let read = source.take(MAX_DIFF_BYTES + 1).read_to_end(&mut text);
    read.with_context(|| format!("{name}: the diff cannot be read"))?;
    ensure!(
        text.len() as u64 <= MAX_DIFF_BYTES,
        "{name}: the diff has more than {MAX_DIFF_BYTES} bytes; review it in parts"
    );
    Ok(text)
}
