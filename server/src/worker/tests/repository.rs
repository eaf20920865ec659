//! Repositories made for a proof, as a forge has them.

use std::path::Path;

use git2::{Oid, Signature, Time};
use tempfile::TempDir;

/// A bare repository in a folder of its own.
pub(super) struct Origin {
    folder: TempDir,
    git: git2::Repository,
}

impl Origin {
    pub(super) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let git = git2::Repository::init_bare(folder.path()).unwrap();
        Self { folder, git }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Commits files on top of a parent, on a branch.
    pub(super) fn commit(&self, branch: &str, parent: Option<&str>, files: &[(&str, &str)]) -> String {
        let parent = parent.map(|id| self.git.find_commit(Oid::from_str(id).unwrap()).unwrap());
        let mut index = git2::Index::new().unwrap();
        self.git.set_index(&mut index).unwrap();
        if let Some(parent) = &parent {
            index.read_tree(&parent.tree().unwrap()).unwrap();
        }
        for (path, content) in files {
            let id = self.git.blob(content.as_bytes()).unwrap();
            let zero = git2::IndexTime::new(0, 0);
            index
                .add(&git2::IndexEntry {
                    ctime: zero,
                    mtime: zero,
                    dev: 0,
                    ino: 0,
                    mode: 0o100_644,
                    uid: 0,
                    gid: 0,
                    file_size: 0,
                    id,
                    flags: 0,
                    flags_extended: 0,
                    path: path.as_bytes().to_vec(),
                })
                .unwrap();
        }
        let tree = self.git.find_tree(index.write_tree_to(&self.git).unwrap()).unwrap();
        let seconds = parent.as_ref().map_or(1_700_000_000, |parent| parent.time().seconds() + 60);
        let nobody = Signature::new("Nobody", "nobody@bank.example", &Time::new(seconds, 0)).unwrap();
        let parents: Vec<_> = parent.iter().collect();
        let id = self.git.commit(None, &nobody, &nobody, "a commit", &tree, &parents).unwrap();
        self.git.reference(&format!("refs/heads/{branch}"), id, true, "").unwrap();
        id.to_string()
    }

    /// Takes a branch away; its commits stay.
    pub(super) fn forget(&self, branch: &str) {
        self.git.find_reference(&format!("refs/heads/{branch}")).unwrap().delete().unwrap();
    }

    /// The diff between two commits.
    pub(super) fn diff(&self, base: &str, head: &str) -> Vec<u8> {
        let tree = |id: &str| self.git.find_commit(Oid::from_str(id).unwrap()).unwrap().tree().unwrap();
        let diff = self.git.diff_tree_to_tree(Some(&tree(base)), Some(&tree(head)), None).unwrap();
        let mut text = Vec::new();
        diff.print(git2::DiffFormat::Patch, |_, _, line| {
            if matches!(line.origin(), '+' | '-' | ' ') {
                text.push(line.origin() as u8);
            }
            text.extend_from_slice(line.content());
            true
        })
        .unwrap();
        text
    }
}
