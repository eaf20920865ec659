//! A bare repository: commits are made from edits of files, branches are moved, diffs are read.

use std::path::Path;

use git2::build::TreeUpdateBuilder;
use git2::{FileMode, Oid, RepositoryInitOptions, Signature, Time};
use tempfile::TempDir;

use crate::harness::diff::{CONTEXT_LINES, Change, Diff};
use crate::harness::files::{Edit, Files};

/// The time of the first commit; each further one is a minute later.
const FIRST_COMMIT: i64 = 1_767_225_600;

/// A bare repository in a folder that goes with it.
#[derive(Debug)]
pub(crate) struct Store {
    folder: TempDir,
}

impl Store {
    /// A new, empty one.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut options = RepositoryInitOptions::new();
        options.bare(true).initial_head("main");
        git2::Repository::init_opts(folder.path(), &options).expect("a new repository");
        Self { folder }
    }

    /// Where it lies.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn git(&self) -> git2::Repository {
        git2::Repository::open_bare(self.folder.path()).expect("the repository is there")
    }

    /// The tip of a branch.
    pub(crate) fn branch(&self, name: &str) -> Option<String> {
        let git = self.git();
        let reference = git.find_reference(&format!("refs/heads/{name}")).ok()?;
        Some(reference.target()?.to_string())
    }

    /// Points a reference such as `refs/heads/main` at a commit.
    pub(crate) fn point(&self, reference: &str, commit: &str) {
        let commit = Oid::from_str(commit).expect("a commit's id");
        self.git().reference(reference, commit, true, "moved").expect("the reference moves");
    }

    /// Whether there is such a commit.
    pub(crate) fn has_commit(&self, id: &str) -> bool {
        let git = self.git();
        id.len() == 40 && Oid::from_str(id).is_ok_and(|id| git.find_commit(id).is_ok())
    }

    /// A new commit on top of another; no branch moves.
    pub(crate) fn commit(&self, parent: Option<&str>, files: &Files, message: &str) -> String {
        let git = self.git();
        let parent = parent.map(|parent| git.find_commit(Oid::from_str(parent).expect("an id")));
        let parent = parent.transpose().expect("the parent is there");
        let tree = match &parent {
            Some(parent) => parent.tree().expect("a tree"),
            None => {
                let empty = git.treebuilder(None).and_then(|builder| builder.write()).expect("a tree");
                git.find_tree(empty).expect("a tree")
            }
        };
        let mut builder = TreeUpdateBuilder::new();
        for edit in &files.edits {
            apply(&git, &tree, &mut builder, edit);
        }
        let tree = builder.create_updated(&git, &tree).and_then(|id| git.find_tree(id)).expect("a tree");
        let when = parent.as_ref().map_or(FIRST_COMMIT, |parent| parent.time().seconds() + 60);
        let nobody = Signature::new("Nobody", "nobody@bank.example", &Time::new(when, 0)).expect("a name");
        let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
        git.commit(None, &nobody, &nobody, message, &tree, &parents).expect("a commit").to_string()
    }

    /// The commit that two commits have in common.
    pub(crate) fn merge_base(&self, one: &str, other: &str) -> String {
        let id = |text: &str| Oid::from_str(text).expect("a commit's id");
        self.git().merge_base(id(one), id(other)).expect("a common commit").to_string()
    }

    /// The change from one commit to another, with context.
    pub(crate) fn diff(&self, base: &str, head: &str) -> Diff {
        Diff::between(&self.git(), base, head, CONTEXT_LINES)
    }

    /// The edits that lead from one commit to another.
    pub(crate) fn edits(&self, base: &str, head: &str) -> Files {
        let git = self.git();
        let mut files = Files::new();
        for file in self.diff(base, head).files {
            if matches!(file.change, Change::Deleted | Change::Renamed) {
                files = files.remove(&file.old_path);
            }
            if file.change != Change::Deleted {
                let path = format!("{head}:{}", file.new_path);
                let blob = git.revparse_single(&path).and_then(|blob| blob.peel_to_blob());
                files = files.write(&file.new_path, blob.expect("a file").content());
            }
        }
        files
    }

    /// Where a line of one commit is in another; `None` where it was touched.
    pub(crate) fn follow(&self, from: &str, to: &str, path: &str, line: u32) -> Option<(String, u32)> {
        let diff = Diff::between(&self.git(), from, to, 0);
        let moved = diff.files.iter().find(|file| file.old_path == path && file.change != Change::Added);
        let Some(file) = moved else {
            return Some((path.to_owned(), line));
        };
        if file.change == Change::Deleted {
            return None;
        }
        let mut number = line;
        for hunk in &file.hunks {
            // Without context, a hunk that only adds names the line before it.
            let first = hunk.old_start + u32::from(hunk.old_lines == 0);
            if line >= first + hunk.old_lines {
                number = number + hunk.new_lines - hunk.old_lines;
            } else if line >= first {
                return None;
            }
        }
        Some((file.new_path.clone(), number))
    }

    /// The commit that a line of a file comes from.
    pub(crate) fn blame(&self, commit: &str, path: &str, line: u32) -> Option<String> {
        let git = self.git();
        let mut options = git2::BlameOptions::new();
        options.newest_commit(Oid::from_str(commit).ok()?);
        let blame = git.blame_file(Path::new(path), Some(&mut options)).ok()?;
        Some(blame.get_line(line as usize)?.final_commit_id().to_string())
    }

    /// The first line of a commit's message, and its parent.
    pub(crate) fn about(&self, commit: &str) -> (String, Option<String>) {
        let git = self.git();
        let commit = git.find_commit(Oid::from_str(commit).expect("an id")).expect("a commit");
        let message = String::from_utf8_lossy(commit.message_bytes()).trim_end().to_owned();
        (message, commit.parent_id(0).ok().map(|parent| parent.to_string()))
    }
}

fn apply(git: &git2::Repository, tree: &git2::Tree<'_>, builder: &mut TreeUpdateBuilder, edit: &Edit) {
    match edit {
        Edit::Write(path, content) => {
            let blob = git.blob(content).expect("a blob");
            builder.upsert(path.as_str(), blob, FileMode::Blob);
        }
        Edit::Remove(path) => {
            builder.remove(path.as_str());
        }
        Edit::Rename(from, to) => {
            let entry = tree.get_path(Path::new(from)).expect("a file to rename");
            builder.remove(from.as_str());
            builder.upsert(to.as_str(), entry.id(), FileMode::Blob);
        }
    }
}
