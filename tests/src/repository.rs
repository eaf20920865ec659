//! Repositories made for a proof.

use std::fs;
use std::path::{Path, PathBuf};

use git2::{IndexAddOption, RepositoryInitOptions, Signature, Time};

/// A repository with a branch `main`, committed to by nobody in particular.
pub struct Repository {
    folder: PathBuf,
    git: git2::Repository,
}

impl Repository {
    /// A new repository in a folder.
    ///
    /// # Panics
    /// Where it cannot be made.
    pub fn at(folder: &Path) -> Self {
        let mut options = RepositoryInitOptions::new();
        let git =
            git2::Repository::init_opts(folder, options.initial_head("main")).expect("a new repository");
        Self { folder: folder.to_owned(), git }
    }

    /// Writes a file of the work tree.
    ///
    /// # Panics
    /// Where it cannot be written.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let file = self.folder.join(path);
        fs::create_dir_all(file.parent().expect("a file has a folder")).expect("a folder in the work tree");
        fs::write(file, content).expect("a file in the work tree");
    }

    /// Removes a file of the work tree.
    ///
    /// # Panics
    /// Where it is not there.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.folder.join(path)).expect("a file in the work tree");
    }

    /// Stages everything in the work tree.
    ///
    /// # Panics
    /// Where it cannot be staged.
    pub fn stage(&self) {
        let mut index = self.git.index().expect("an index");
        index.add_all(["*"], IndexAddOption::FORCE, None).expect("files are staged");
        index.update_all(["*"], None).expect("removals are staged");
        index.write().expect("the index is written");
    }

    /// Commits everything in the work tree; the commit's id.
    ///
    /// # Panics
    /// Where it cannot be committed.
    pub fn commit(&self, message: &str) -> String {
        self.stage();
        let tree = self.git.index().and_then(|mut index| index.write_tree()).expect("a tree");
        let tree = self.git.find_tree(tree).expect("a tree");
        let parent = self.git.head().ok().and_then(|head| head.peel_to_commit().ok());
        let when = parent.as_ref().map_or(1_700_000_000, |parent| parent.time().seconds() + 60);
        let nobody = Signature::new("Nobody", "nobody@bank.example", &Time::new(when, 0)).expect("a name");
        let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
        let id = self.git.commit(Some("HEAD"), &nobody, &nobody, message, &tree, &parents).expect("a commit");
        id.to_string()
    }

    /// Goes on on a new branch.
    ///
    /// # Panics
    /// Before the first commit.
    pub fn branch(&self, name: &str) {
        let head = self.git.head().and_then(|head| head.peel_to_commit()).expect("a commit");
        self.git.branch(name, &head, false).expect("a new branch");
        self.git.set_head(&format!("refs/heads/{name}")).expect("the branch is there");
    }

    /// The diff between two revisions, as git writes it.
    ///
    /// # Panics
    /// For unknown revisions.
    pub fn diff(&self, base: &str, head: &str) -> Vec<u8> {
        let tree = |revision: &str| {
            self.git.revparse_single(revision).and_then(|object| object.peel_to_tree()).expect("a revision")
        };
        let diff = self.git.diff_tree_to_tree(Some(&tree(base)), Some(&tree(head)), None).expect("a diff");
        let mut text = Vec::new();
        diff.print(git2::DiffFormat::Patch, |_, _, line| {
            if matches!(line.origin(), '+' | '-' | ' ') {
                text.push(line.origin() as u8);
            }
            text.extend_from_slice(line.content());
            true
        })
        .expect("the diff is written");
        text
    }
}
