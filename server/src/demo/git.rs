//! The stand-in forge's repository: branches and commits, and git's smart HTTP protocol for those who fetch.
//!
//! Serves whole packs and ignores what the client has: a sample is small.

use std::path::{Path, PathBuf};

use anyhow::Context;
use git2::{IndexEntry, IndexTime, Oid, Repository, Signature, Time};

use super::sample::Files;

/// What the server offers: fetching any object by its id.
const CAPABILITIES: &str =
    "allow-tip-sha1-in-want allow-reachable-sha1-in-want no-progress agent=countersign-demo";

/// The branch that everything merges into.
pub(super) const MAIN: &str = "main";

/// Seconds at which the sample's history begins.
const EPOCH_SECONDS: i64 = 1_780_000_000;

/// A bare repository on disk.
#[derive(Clone)]
pub(super) struct Bank {
    folder: PathBuf,
}

impl Bank {
    /// A repository whose main branch holds these files.
    pub(super) fn found(folder: &Path, files: Files) -> anyhow::Result<Self> {
        Repository::init_bare(folder).context("making the sample repository")?;
        let bank = Self { folder: folder.to_owned() };
        bank.commit(MAIN, None, files)?;
        Ok(bank)
    }

    /// Commits files on a branch that goes out from main where it is new; the commit's id.
    pub(super) fn push(&self, branch: &str, files: Files) -> anyhow::Result<String> {
        let parent = self.tip(branch).or_else(|_| self.tip(MAIN))?;
        self.commit(branch, Some(&parent), files)
    }

    /// The id of a branch's newest commit.
    pub(super) fn tip(&self, branch: &str) -> anyhow::Result<String> {
        let git = Repository::open(&self.folder)?;
        Ok(git.refname_to_id(&format!("refs/heads/{branch}"))?.to_string())
    }

    fn commit(&self, branch: &str, parent: Option<&str>, files: Files) -> anyhow::Result<String> {
        let git = Repository::open(&self.folder)?;
        let parent = parent.map(|id| git.find_commit(Oid::from_str(id)?)).transpose()?;
        let mut index = git2::Index::new()?;
        if let Some(parent) = &parent {
            index.read_tree(&parent.tree()?)?;
        }
        for (path, content) in files {
            index.add(&entry(git.blob(content.as_bytes())?, path))?;
        }
        let tree = git.find_tree(index.write_tree_to(&git)?)?;
        let seconds = parent.as_ref().map_or(EPOCH_SECONDS, |parent| parent.time().seconds() + 3600);
        let developer = Signature::new("A developer", "developer@bank.example", &Time::new(seconds, 0))?;
        let parents: Vec<_> = parent.iter().collect();
        let id = git.commit(None, &developer, &developer, "Sample", &tree, &parents)?;
        git.reference(&format!("refs/heads/{branch}"), id, true, "pushed")?;
        Ok(id.to_string())
    }

    /// The diff of a branch against where it left main, as text.
    pub(super) fn diff(&self, head: &str) -> anyhow::Result<String> {
        let git = Repository::open(&self.folder)?;
        let (main, head) = (Oid::from_str(&self.tip(MAIN)?)?, Oid::from_str(head)?);
        let base = git.find_commit(git.merge_base(main, head)?)?.tree()?;
        let head = git.find_commit(head)?.tree()?;
        let mut text = String::new();
        git.diff_tree_to_tree(Some(&base), Some(&head), None)?.print(
            git2::DiffFormat::Patch,
            |_, _, line| {
                if matches!(line.origin(), '+' | '-' | ' ') {
                    text.push(line.origin());
                }
                text.push_str(&String::from_utf8_lossy(line.content()));
                true
            },
        )?;
        Ok(text)
    }

    /// The answer to `GET info/refs?service=git-upload-pack`.
    pub(super) fn advertise(&self) -> anyhow::Result<Vec<u8>> {
        let git = Repository::open(&self.folder)?;
        let mut answer = packet("# service=git-upload-pack\n");
        answer.extend(b"0000");
        let mut capabilities = format!("\0{CAPABILITIES}");
        for reference in git.references()? {
            let reference = reference?;
            let (Some(id), Ok(name)) = (reference.target(), reference.name()) else { continue };
            answer.extend(packet(&format!("{id} {name}{capabilities}\n")));
            capabilities.clear();
        }
        answer.extend(b"0000");
        Ok(answer)
    }

    /// The answer to `POST git-upload-pack`.
    pub(super) fn upload(&self, request: &[u8]) -> anyhow::Result<Vec<u8>> {
        let lines = lines(request).context("a fetch is not in git's protocol")?;
        let mut answer = packet("NAK\n");
        if !lines.iter().any(|line| line == "done") {
            return Ok(answer);
        }
        let git = Repository::open(&self.folder)?;
        let mut walk = git.revwalk()?;
        for id in lines.iter().filter_map(|line| line.strip_prefix("want ")) {
            walk.push(Oid::from_str(id.get(..40).unwrap_or(id))?)?;
        }
        let mut pack = git.packbuilder()?;
        for id in walk {
            pack.insert_commit(id?)?;
        }
        let mut bytes = git2::Buf::new();
        pack.write_buf(&mut bytes)?;
        answer.extend_from_slice(&bytes);
        Ok(answer)
    }
}

fn entry(id: Oid, path: &str) -> IndexEntry {
    let now = IndexTime::new(0, 0);
    IndexEntry {
        ctime: now,
        mtime: now,
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
    }
}

/// One line of git's protocol.
fn packet(text: &str) -> Vec<u8> {
    format!("{:04x}{text}", text.len() + 4).into_bytes()
}

/// The lines of a request.
fn lines(mut request: &[u8]) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    while !request.is_empty() {
        let length = usize::from_str_radix(std::str::from_utf8(request.get(..4)?).ok()?, 16).ok()?;
        let taken = length.max(4);
        let line = String::from_utf8_lossy(request.get(4..taken)?).trim_end().to_owned();
        lines.push(line);
        request = request.get(taken..)?;
    }
    Some(lines)
}
