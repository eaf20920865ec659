//! Both versions of a change as `Sources`, read from git objects, the index or the work tree.
//!
//! Lists and reads regular files; a link or a submodule is named as not read.

use std::collections::BTreeMap;

use git2::{ObjectType, Oid};

use super::pool::{Pool, unreadable};
use super::work_tree::{MAX_FILES, WorkTree, disk_name};
use super::{GitError, Version};
use crate::change::path;
use crate::sources::{Side, SourceError, Sources};

/// Reads both versions of a repository, from any number of threads.
pub struct GitSources {
    pool: Pool,
    base: Oid,
    head: Head,
    max_file_bytes: u64,
}

enum Head {
    Tree(Oid),
    /// The index as it was: each path with its mode and blob.
    Index(BTreeMap<String, (u32, Oid)>),
    WorkTree(WorkTree),
}

impl GitSources {
    pub(super) fn new(
        git: &git2::Repository,
        base: Oid,
        version: Version,
        max_file_bytes: u64,
    ) -> Result<Self, GitError> {
        let head = match version {
            Version::Tree(tree) => Head::Tree(tree),
            Version::WorkTree(untracked) => Head::WorkTree(WorkTree::of(git, untracked)?),
            Version::Index => {
                let entry = |entry: git2::IndexEntry| (path::to_text(&entry.path), (entry.mode, entry.id));
                Head::Index(git.index()?.iter().map(entry).collect())
            }
        };
        Ok(Self { pool: Pool::new(git.path()), base, head, max_file_bytes })
    }

    fn read_tree(&self, tree: Oid, file: &str) -> Result<Vec<u8>, SourceError> {
        let name = path::to_bytes(file);
        self.pool.with(|git| {
            let tree = git.find_tree(tree).map_err(|error| unreadable(&error))?;
            let entry = disk_name(&name).and_then(|name| tree.get_path(name).ok());
            let entry = entry.ok_or(SourceError::Missing)?;
            self.read_blob(git, entry.filemode().cast_unsigned(), entry.id())
        })
    }

    fn read_blob(&self, git: &git2::Repository, mode: u32, id: Oid) -> Result<Vec<u8>, SourceError> {
        let refused = |what: &str| Err(SourceError::Unreadable(what.to_owned()));
        match mode & 0o170_000 {
            0o100_000 => {}
            0o120_000 => return refused("it is a symbolic link, which is not followed"),
            0o160_000 => return refused("it is a submodule, whose files are in another repository"),
            _ => return Err(SourceError::Missing),
        }
        let odb = git.odb().map_err(|error| unreadable(&error))?;
        let (bytes, kind) = odb.read_header(id).map_err(|error| unreadable(&error))?;
        if bytes as u64 > self.max_file_bytes {
            return Err(SourceError::TooLarge(bytes as u64));
        }
        if kind != ObjectType::Blob {
            return refused("git stores something else than a file under it");
        }
        let blob = git.find_blob(id).map_err(|error| unreadable(&error))?;
        Ok(blob.content().to_vec())
    }

    fn list_tree(&self, tree: Oid) -> Result<Vec<String>, SourceError> {
        self.pool.with(|git| {
            let mut files = Vec::new();
            let mut folders = vec![(tree, Vec::new())];
            while let Some((folder, prefix)) = folders.pop() {
                for entry in &git.find_tree(folder).map_err(|error| unreadable(&error))? {
                    let name = [&prefix, entry.name_bytes()].concat();
                    match entry.filemode() & 0o170_000 {
                        0o040_000 => folders.push((entry.id(), [&name, &b"/"[..]].concat())),
                        0o100_000 => files.push(path::to_text(&name)),
                        _ => {}
                    }
                }
                if files.len() + folders.len() > MAX_FILES {
                    return Err(SourceError::Unreadable(format!("it has more than {MAX_FILES} files")));
                }
            }
            files.sort_unstable();
            Ok(files)
        })
    }
}

impl Sources for GitSources {
    fn read(&self, side: Side, path: &str) -> Result<Vec<u8>, SourceError> {
        match (side, &self.head) {
            (Side::Base, _) => self.read_tree(self.base, path),
            (Side::Head, Head::Tree(tree)) => self.read_tree(*tree, path),
            (Side::Head, Head::Index(entries)) => {
                let (mode, id) = entries.get(path).ok_or(SourceError::Missing)?;
                self.pool.with(|git| self.read_blob(git, *mode, *id))
            }
            (Side::Head, Head::WorkTree(files)) => files.read(path, self.max_file_bytes),
        }
    }

    fn list(&self, side: Side) -> Result<Vec<String>, SourceError> {
        match (side, &self.head) {
            (Side::Base, _) => self.list_tree(self.base),
            (Side::Head, Head::Tree(tree)) => self.list_tree(*tree),
            (Side::Head, Head::Index(entries)) => {
                let files = entries.iter().filter(|(_, (mode, _))| mode & 0o170_000 == 0o100_000);
                Ok(files.map(|(path, _)| path.clone()).collect())
            }
            (Side::Head, Head::WorkTree(files)) => Ok(files.files().iter().cloned().collect()),
        }
    }
}
