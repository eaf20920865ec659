//! Proves both roads alike: histories are generated, and the text of `git diff` and of libgit2 must give the
//! change set that the repository gives; the commits of `git log -p` must lead from base to head.

mod edits;

use std::path::Path;
use std::process::Command;

use git2::{DiffFormat, IndexEntry, IndexTime, Oid};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::pairs::Pair;
use super::rename::Change;
use super::{Base, Comparison, Repository, Target, Version, pairs};
use crate::change::diff_sources::{Content, DiffSources};
use crate::change::{ChangeSet, ContentChange, FileStatus, apply, diff_text, path};
use crate::sources::{Side, Sources};
use edits::{Edit, Files, apply_edit, commits};

const MAX_BYTES: u64 = 1 << 20;

/// A repository on disk, whose commits are written without a work tree.
struct History {
    folder: tempfile::TempDir,
    git: git2::Repository,
}

impl History {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let git = git2::Repository::init_bare(folder.path()).expect("a new repository");
        Self { folder, git }
    }

    fn commit(&self, files: &Files, parents: &[Oid]) -> Oid {
        let mut index = git2::Index::new().expect("an index");
        for (path, (mode, content)) in files {
            let id = match mode {
                0o160_000 => Oid::from_bytes(content),
                _ => self.git.blob(content),
            };
            let zero = IndexTime::new(0, 0);
            let entry = IndexEntry {
                ctime: zero,
                mtime: zero,
                dev: 0,
                ino: 0,
                mode: *mode,
                uid: 0,
                gid: 0,
                file_size: 0,
                id: id.expect("an id"),
                flags: 0,
                flags_extended: 0,
                path: path.clone(),
            };
            index.add(&entry).expect("an entry");
        }
        let tree = index.write_tree_to(&self.git).and_then(|tree| self.git.find_tree(tree)).expect("a tree");
        let time = git2::Time::new(1_700_000_000 + i64::try_from(parents.len()).expect("few"), 0);
        let author = git2::Signature::new("A", "a@example.com", &time).expect("a signature");
        let parents: Vec<git2::Commit<'_>> =
            parents.iter().map(|id| self.git.find_commit(*id).expect("a commit")).collect();
        let parents: Vec<&git2::Commit<'_>> = parents.iter().collect();
        let message = "diff --git a/x b/x in prose\n\n--- not a file\n";
        self.git.commit(None, &author, &author, message, &tree, &parents).expect("a commit")
    }

    /// Commits the steps one after the other.
    fn commits(&self, files: &mut Files, mut parent: Oid, steps: &[Vec<Edit>]) -> Oid {
        for edits in steps {
            edits.iter().for_each(|edit| apply_edit(files, edit));
            parent = self.commit(files, &[parent]);
        }
        parent
    }

    fn git(&self, arguments: &[&str]) -> Vec<u8> {
        git(self.folder.path(), arguments)
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git runs");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn parse(text: &[u8]) -> Result<ChangeSet, TestCaseError> {
    diff_text::parse(text)
        .map_err(|error| TestCaseError::fail(format!("{error}\n{}", String::from_utf8_lossy(text))))
}

/// Runs `test` over generated values, the same at every run; `PROPTEST_CASES` sets how many.
fn over<S: Strategy>(values: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { failure_persistence: None, ..Config::default() };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { config.cases } else { 40 };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config { cases, ..config }, random);
    runner.run(&values, test).unwrap_or_else(|error| panic!("{error}"));
}

/// The text of git's own diff in several forms, and of libgit2's printer.
fn check_texts(history: &History, base: &str, head: &str, form: usize) -> Result<(), TestCaseError> {
    let range = format!("{base}...{head}");
    let form = [
        ["-c", "core.quotePath=true", "diff"],
        ["-c", "core.quotePath=false", "diff"],
        ["-c", "diff.noprefix=true", "diff"],
        ["-c", "diff.mnemonicPrefix=true", "diff"],
        ["-c", "diff.algorithm=default", "diff"],
    ][form % 5];
    let binary = if form[1].ends_with("default") { "--binary" } else { "--full-index" };
    let text = history.git(&[&form[..], &["--full-index", binary, "-M", "-C", &range]].concat());
    let repository = Repository::open(history.folder.path()).expect("a repository");
    let target = Target::Revision(head.to_owned());
    let comparison = repository.change_set(&Base::Revision(base.to_owned()), &target).expect("a change set");
    prop_assert_eq!(&parse(&text)?, &comparison.change_set, "{}", String::from_utf8_lossy(&text));

    let pairs = pairs::between(&repository.git, comparison.base_tree, comparison.version).expect("pairs");
    let plain = |Pair { base, head }| {
        let status = match (&base, &head) {
            (Some(_), Some(_)) => FileStatus::Modified,
            (Some(_), None) => FileStatus::Deleted,
            (None, _) => FileStatus::Added,
        };
        Change { status, base, head }
    };
    let plain = repository.changes(pairs.into_iter().map(plain).collect()).expect("a change set");
    prop_assert_eq!(parse(&printed(&repository.git, &comparison))?, plain);
    check_sources(&repository, &comparison, &text)
}

/// What libgit2 prints, without renames.
fn printed(git: &git2::Repository, comparison: &Comparison) -> Vec<u8> {
    let Version::Tree(head) = comparison.version else { panic!("a revision has a tree") };
    let tree = |id| git.find_tree(id).expect("a tree");
    let mut options = git2::DiffOptions::new();
    options.indent_heuristic(true).id_abbrev(40);
    let (base, head) = (tree(comparison.base_tree), tree(head));
    let diff = git.diff_tree_to_tree(Some(&base), Some(&head), Some(&mut options)).expect("a diff");
    let mut text = Vec::new();
    diff.print(DiffFormat::Patch, |delta, _, line| {
        // libgit2 says of a binary file whose mode alone changed that its content differs.
        if line.origin() == 'B' && delta.old_file().id() == delta.new_file().id() {
            return true;
        }
        text.extend(
            (matches!(line.origin(), ' ' | '+' | '-')).then(|| u8::try_from(line.origin()).expect("ASCII")),
        );
        text.extend_from_slice(line.content());
        true
    })
    .expect("a patch");
    text
}

/// Contents by way of the diff are those of the repository, and the hunks lead from one to the other.
fn check_sources(repository: &Repository, comparison: &Comparison, text: &[u8]) -> Result<(), TestCaseError> {
    let sources = repository.sources(comparison, MAX_BYTES).expect("sources");
    let second = Repository::open(repository.git.path()).expect("a repository");
    let by_diff = DiffSources::new(parse(text)?, Some(second), None, MAX_BYTES);
    for file in &comparison.change_set.files {
        let sides = [(Side::Base, &file.base_path), (Side::Head, &file.head_path)];
        for (side, path) in sides {
            let Some(path) = path else { continue };
            let Ok(content) = sources.read(side, path) else { continue };
            prop_assert!(sources.list(side).expect("a list").contains(path));
            match by_diff.content(side, path) {
                Ok(Content::Whole(whole)) => prop_assert_eq!(whole, content),
                other => {
                    let is_told = file.head_blob.is_some() && file.base_blob != file.head_blob;
                    let is_text = matches!(file.content, ContentChange::Text(_));
                    prop_assert!(!is_told || !is_text, "{:?} of {}", other, path);
                }
            }
        }
    }
    Ok(())
}

/// Applied to the base, the change must give the head.
fn check_leads(change_set: &ChangeSet, base: &Files, head: &Files) -> Result<(), TestCaseError> {
    let mut files = base.clone();
    let bytes = |path: &Option<String>| path.as_deref().map(path::to_bytes);
    for file in change_set.files.iter().filter(|file| file.status != FileStatus::Copied) {
        bytes(&file.base_path).and_then(|path| files.remove(&path));
    }
    for file in &change_set.files {
        let Some(path) = bytes(&file.head_path) else { continue };
        let before = bytes(&file.base_path).and_then(|path| base.get(&path));
        let (mode, content) = before.cloned().unwrap_or_default();
        let content = match &file.content {
            ContentChange::Text(_) if head.get(&path).is_some_and(|file| file.0 == 0o160_000) => {
                head[&path].1.clone()
            }
            ContentChange::Text(hunks) => {
                let applied = apply::across(&content, Side::Base, hunks);
                applied.ok_or(TestCaseError::fail(format!("{file:#?} does not apply")))?
            }
            ContentChange::Binary => head.get(&path).cloned().unwrap_or_default().1,
        };
        let taken = files.insert(path, (file.head_mode.unwrap_or(mode), content));
        prop_assert!(taken.is_none(), "two files at {:?}", file.head_path);
    }
    prop_assert_eq!(&files, head, "{:#?}", change_set);
    Ok(())
}

#[test]
fn the_text_of_a_diff_and_the_repository_give_the_same_change() {
    over(
        (commits(2), commits(3), commits(2), any::<bool>(), 0..5_usize),
        |(root, ours, theirs, merges, form)| {
            let history = History::new();
            let mut files = Files::new();
            let root = history.commits(&mut files, history.commit(&Files::new(), &[]), &root);
            let mut their_files = files.clone();
            let base = history.commits(&mut their_files, root, &theirs);
            let mut head = history.commits(&mut files, root, &ours);
            if merges {
                files.extend(their_files);
                head = history.commit(&files, &[head, base]);
                head = history.commits(&mut files, head, &ours);
            }
            check_texts(&history, &base.to_string(), &head.to_string(), form)
        },
    );
}

#[test]
fn the_commits_of_a_log_lead_from_base_to_head() {
    over((commits(2), commits(5), 0..4_usize), |(root, steps, form)| {
        let history = History::new();
        let mut base = Files::new();
        let root = history.commits(&mut base, history.commit(&Files::new(), &[]), &root);
        let mut head = base.clone();
        let tip = history.commits(&mut head, root, &steps);
        let range = format!("{root}..{tip}");
        let text = history.git(
            match form {
                0 => ["log", "-p", "--reverse", "--no-renames", "--full-index", &range],
                1 => ["log", "-p", "-M", "--date=iso", "--stat", &range],
                2 => ["log", "-p", "--no-renames", "--full-index", "--raw", &range],
                _ => ["format-patch", "--stdout", "--binary", "-M", "-C", &range],
            }
            .as_slice(),
        );
        if has_files(&text) {
            check_leads(&parse(&text)?, &base, &head)?;
        }
        Ok(())
    });
}

/// Whether the text shows a file at all: commits may change nothing.
fn has_files(text: &[u8]) -> bool {
    [&b"\ndiff --git a/"[..], b"\ndiff --git \"a/"].iter().any(|mark| {
        memchr::memmem::find_iter(text, mark)
            .any(|at| !text[at..].starts_with(b"\ndiff --git a/x b/x in prose"))
    })
}
