//! Repositories on disk in, change sets, contents and clear errors out.

use std::fs;
use std::path::Path;
use std::process::Command;

use analyzers::change::diff_sources::{Content, DiffSources};
use analyzers::change::git::{Base, BaseChoice, GitError, Repository, Target, Untracked, WorkTree};
use analyzers::change::{ChangeSet, diff_text};
use analyzers::sources::{Side, SourceError, Sources};
use tempfile::TempDir;

const MAX_BYTES: u64 = 1 << 20;

/// A work tree whose steps are those of a developer.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(TempDir::new().expect("a temporary folder"));
        desk.git(&["init", "-q", "-b", "main", "."]);
        desk
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn git(&self, arguments: &[&str]) -> Vec<u8> {
        let who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"];
        let output = Command::new("git")
            .args(who)
            .args(arguments)
            .current_dir(self.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .expect("git runs");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn write(&self, path: &str, content: &str) -> &Self {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
        self
    }

    fn commit(&self) -> &Self {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "Step"]);
        self
    }

    fn open(&self) -> Repository {
        Repository::open(self.path()).expect("a repository")
    }

    fn diff(&self, arguments: &[&str]) -> ChangeSet {
        let text = self.git(&[&["diff", "-M", "-C"], arguments].concat());
        diff_text::parse(&text).expect("a diff")
    }
}

fn base(revision: &str) -> Base {
    Base::Revision(revision.to_owned())
}

fn revision(revision: &str) -> Target {
    Target::Revision(revision.to_owned())
}

fn paths(change_set: &ChangeSet) -> Vec<&str> {
    change_set.files.iter().map(analyzers::change::FileChange::path).collect()
}

fn error(repository: &Repository, from: &str, to: &str) -> GitError {
    repository.change_set(&base(from), &revision(to)).expect_err("no error")
}

/// Main went on after a branch left it.
fn forked() -> Desk {
    let desk = Desk::new();
    desk.write("a.java", "one\n").commit().git(&["checkout", "-q", "-b", "feature"]);
    desk.write("b.java", "two\n").commit().git(&["checkout", "-q", "main"]);
    desk.write("c.java", "three\n").commit().git(&["checkout", "-q", "feature"]);
    desk
}

#[test]
fn a_change_goes_out_from_where_the_head_left_the_base() {
    let desk = forked();
    let comparison = desk.open().change_set(&base("main"), &revision("feature")).expect("a change set");
    assert_eq!(paths(&comparison.change_set), ["b.java"]);
    let id = |name: &str| String::from_utf8(desk.git(&["rev-parse", name])).expect("an id").trim().to_owned();
    assert_eq!(comparison.merge_base, id("main~1"));
    assert_eq!(comparison.head, Some(id("feature")));
    let first = desk.open().change_set(&Base::EmptyTree, &revision("main")).expect("a change set");
    assert_eq!(paths(&first.change_set), ["a.java", "c.java"]);
    let tree = desk.open().change_set(&base("main^{tree}"), &revision("feature")).expect("a change set");
    assert_eq!(paths(&tree.change_set), ["b.java", "c.java"]);
}

#[test]
fn an_unknown_revision_is_named_with_names_that_are_there() {
    let desk = forked();
    let text = error(&desk.open(), "mian", "feature").to_string();
    assert!(text.contains("`mian`") && text.contains("did you mean `main`"), "{text}");
    let text = error(&desk.open(), "main", "qqqqqq").to_string();
    assert!(text.contains("`qqqqqq`") && !text.contains("did you mean"), "{text}");
    assert!(matches!(error(&desk.open(), "main", "main:a.java"), GitError::NotACommit(_)));
}

#[test]
fn histories_that_never_met_and_shallow_clones_are_told_apart() {
    let desk = forked();
    desk.git(&["checkout", "-q", "--orphan", "other"]);
    desk.write("z", "z\n").commit();
    assert!(matches!(error(&desk.open(), "main", "other"), GitError::Unrelated { .. }));
    let clone = Desk(TempDir::new().expect("a temporary folder"));
    let url = format!("file://{}", desk.path().display());
    clone.git(&["clone", "-q", "--depth", "1", "--no-single-branch", &url, "."]);
    let text = error(&clone.open(), "origin/main", "origin/feature").to_string();
    assert!(text.contains("git fetch --unshallow"), "{text}");
    let text = error(&clone.open(), "feature", "HEAD").to_string();
    assert!(text.contains("`origin/feature`") && text.contains("shallow"), "{text}");
    clone.git(&["fetch", "-q", "--unshallow"]);
    let whole = clone.open().change_set(&base("origin/main"), &revision("origin/feature"));
    assert_eq!(paths(&whole.expect("a change set").change_set), ["b.java"]);
}

#[test]
fn a_folder_without_a_repository_and_one_of_somebody_else_are_errors() {
    let folder = TempDir::new().expect("a temporary folder");
    assert!(matches!(Repository::open(folder.path()), Err(GitError::NotARepository(_))));
    let desk = forked();
    // Only root can give a folder away; elsewhere there is nothing to see.
    if std::os::unix::fs::chown(desk.path(), Some(12345), None).is_ok() {
        std::os::unix::fs::chown(desk.path().join(".git"), Some(12345), None).expect("a changed owner");
        let text = Repository::open(desk.path()).err().expect("an error").to_string();
        assert!(text.contains("safe.directory"), "{text}");
    }
}

#[test]
fn the_index_and_the_work_tree_are_heads_too() {
    let desk = forked();
    desk.write("a.java", "one\nstaged\n").git(&["add", "a.java"]);
    desk.write("a.java", "one\nstaged\nnot staged\n").write("new.java", "new\n").write("账/新 x.java", "n\n");
    desk.git(&["mv", "b.java", "moved.java"]);
    std::os::unix::fs::symlink("/etc/passwd", desk.path().join("link")).expect("a link");
    desk.git(&["add", "link"]);
    let objects = || desk.git(&["count-objects", "-v"]);
    let before = objects();
    let repository = desk.open();
    let index = repository.change_set(&base("HEAD"), &Target::Index).expect("a change set");
    assert_eq!(index.change_set, desk.diff(&["--cached", "HEAD"]));
    assert_eq!(index.head, None);
    let tree =
        repository.change_set(&base("HEAD"), &Target::WorkTree(Untracked::Skip)).expect("a change set");
    assert_eq!(tree.change_set, desk.diff(&["HEAD"]));
    let all =
        repository.change_set(&base("HEAD"), &Target::WorkTree(Untracked::Include)).expect("a change set");
    assert_eq!(paths(&all.change_set), ["a.java", "link", "moved.java", "new.java", "账/新 x.java"]);
    assert_eq!(objects(), before, "nothing is stored on disk");

    let read =
        |comparison, path| repository.sources(comparison, MAX_BYTES).expect("sources").read(Side::Head, path);
    assert_eq!(read(&index, "a.java"), Ok(b"one\nstaged\n".to_vec()));
    assert_eq!(read(&tree, "a.java"), Ok(b"one\nstaged\nnot staged\n".to_vec()));
    assert_eq!(read(&tree, "new.java"), Err(SourceError::Missing));
    assert_eq!(read(&all, "账/新 x.java"), Ok(b"n\n".to_vec()));
    for comparison in [&index, &all] {
        assert!(read(comparison, "link").is_err());
        assert_eq!(read(comparison, ".git/config"), Err(SourceError::Missing));
        assert_eq!(read(comparison, "../x"), Err(SourceError::Missing));
    }
}

#[test]
fn a_folder_that_became_a_link_is_not_followed() {
    let desk = Desk::new();
    desk.write("dir/a.java", "one\n").commit();
    let outside = TempDir::new().expect("a temporary folder");
    fs::write(outside.path().join("a.java"), "secret\n").expect("a file");
    fs::remove_dir_all(desk.path().join("dir")).expect("a removed folder");
    std::os::unix::fs::symlink(outside.path(), desk.path().join("dir")).expect("a link");
    let repository = desk.open();
    let tree =
        repository.change_set(&base("HEAD"), &Target::WorkTree(Untracked::Include)).expect("a change set");
    assert_eq!(paths(&tree.change_set), ["dir", "dir/a.java"]);
    let sources = repository.sources(&tree, MAX_BYTES).expect("sources");
    assert_eq!(sources.read(Side::Head, "dir/a.java"), Err(SourceError::Missing));
    assert_eq!(sources.read(Side::Base, "dir/a.java"), Ok(b"one\n".to_vec()));
    assert!(sources.list(Side::Head).expect("a list").is_empty());
}

#[test]
fn converted_line_ends_are_not_a_change() {
    let desk = Desk::new();
    desk.write("a.txt", "one\ntwo\n").commit();
    desk.git(&["config", "core.autocrlf", "true"]);
    desk.write("a.txt", "one\r\nTWO\r\n");
    let repository = desk.open();
    let tree =
        repository.change_set(&base("HEAD"), &Target::WorkTree(Untracked::Skip)).expect("a change set");
    assert_eq!(tree.change_set, desk.diff(&["HEAD"]));
    let sources = repository.sources(&tree, MAX_BYTES).expect("sources");
    assert_eq!(sources.read(Side::Head, "a.txt"), Ok(b"one\nTWO\n".to_vec()));
}

#[test]
fn attributes_of_a_merge_request_hide_nothing() {
    let desk = Desk::new();
    desk.write("a.java", "one\n").commit();
    desk.write("a.java", "two\n").write(".gitattributes", "*.java binary -diff\n").commit();
    let comparison = desk.open().change_set(&base("HEAD~1"), &revision("HEAD")).expect("a change set");
    assert_eq!(comparison.change_set.files[1].hunks().len(), 1);
}

#[test]
fn conflicts_and_bare_repositories_are_clear_errors() {
    let desk = forked();
    desk.write("c.java", "other\n").commit();
    let merge = Command::new("git").args(["merge", "-q", "main"]).current_dir(desk.path()).output();
    assert!(!merge.expect("git runs").status.success());
    let result = desk.open().change_set(&base("HEAD"), &Target::WorkTree(Untracked::Skip));
    assert!(matches!(result, Err(GitError::Conflicted(path)) if path == "c.java"));
    let bare = Repository::open(&desk.path().join(".git")).expect("a repository");
    assert!(bare.change_set(&base("main"), &revision("feature")).is_ok());
    let clone = Desk(TempDir::new().expect("a temporary folder"));
    clone.git(&["clone", "-q", "--bare", &desk.path().display().to_string(), "."]);
    let result = clone.open().change_set(&base("main"), &Target::WorkTree(Untracked::Skip));
    assert!(matches!(result, Err(GitError::NoWorkTree)), "{result:?}");
    assert!(clone.open().change_set(&base("main"), &revision("feature")).is_ok());
}

#[test]
fn the_default_base_is_the_nearest_that_leaves_something() {
    let desk = Desk::new();
    let choice = |desk: &Desk, head: &Target| desk.open().default_base(head).expect("a base").choice;
    let work_tree = Target::WorkTree(Untracked::Skip);
    assert_eq!(choice(&desk, &work_tree), BaseChoice::Nothing);
    desk.write("a", "a\n").commit();
    assert_eq!(choice(&desk, &revision("HEAD")), BaseChoice::Nothing);
    assert_eq!(choice(&desk, &work_tree), BaseChoice::LastCommit);
    desk.write("a", "b\n").commit();
    assert_eq!(choice(&desk, &revision("HEAD")), BaseChoice::FirstParent);
    desk.git(&["checkout", "-q", "-b", "feature"]);
    desk.write("a", "c\n").commit();
    assert_eq!(choice(&desk, &revision("HEAD")), BaseChoice::UsualBranch("main".to_owned()));
    let clone = Desk(TempDir::new().expect("a temporary folder"));
    clone.git(&["clone", "-q", &desk.path().display().to_string(), "."]);
    assert_eq!(choice(&clone, &revision("HEAD")), BaseChoice::UsualBranch("origin/main".to_owned()));
    clone.write("a", "d\n").commit();
    assert_eq!(choice(&clone, &revision("HEAD")), BaseChoice::Upstream("origin/feature".to_owned()));
    clone.git(&["checkout", "-q", "--detach"]);
    assert_eq!(choice(&clone, &revision("HEAD")), BaseChoice::RemoteHead("origin/feature".to_owned()));
}

#[test]
fn contents_are_read_by_many_threads_and_up_to_a_size() {
    let desk = Desk::new();
    for number in 0..50 {
        desk.write(&format!("d/{number}.java"), &format!("{number}\n"));
    }
    desk.write("large", &"x".repeat(2000)).commit();
    let repository = desk.open();
    let comparison = repository.change_set(&Base::EmptyTree, &revision("HEAD")).expect("a change set");
    let sources = repository.sources(&comparison, 1000).expect("sources");
    std::thread::scope(|scope| {
        for start in 0..8 {
            let sources = &sources;
            scope.spawn(move || {
                for number in start..50 {
                    let content = sources.read(Side::Head, &format!("d/{number}.java"));
                    assert_eq!(content, Ok(format!("{number}\n").into_bytes()));
                }
            });
        }
    });
    assert_eq!(sources.read(Side::Head, "large"), Err(SourceError::TooLarge(2000)));
    assert_eq!(sources.read(Side::Head, "d"), Err(SourceError::Missing));
    assert_eq!(sources.list(Side::Base), Ok(Vec::new()));
    let listed = sources.list(Side::Head).expect("a list");
    assert!(listed.is_sorted() && listed.len() == 51);
}

/// What a diff's sources know of `a.java`, with the given things beside the diff.
fn known(diff: &ChangeSet, repository: Option<Repository>, work_tree: Option<WorkTree>) -> [Content; 2] {
    let sources = DiffSources::new(diff.clone(), repository, work_tree, MAX_BYTES);
    [Side::Base, Side::Head].map(|side| sources.content(side, "a.java").expect("a content"))
}

#[test]
fn the_contents_of_a_diff_are_whole_where_a_blob_or_a_file_fits_it() {
    let desk = Desk::new();
    let old: String = (0..30).map(|line| format!("{line}\n")).collect();
    let new = old.replace("17\n", "seventeen\n");
    desk.write("a.java", &old).write("same.java", "same\n").commit().write("a.java", &new).commit();
    let diff = desk.diff(&["HEAD~1"]);
    let mut bare = diff.clone();
    (bare.files[0].base_blob, bare.files[0].head_blob) = (None, None);
    let folder = || Some(WorkTree::folder(desk.path()).expect("a folder"));
    let whole = [old.clone(), new.clone()].map(|text| Content::Whole(text.into_bytes()));

    assert_eq!(known(&diff, Some(desk.open()), None), whole);
    assert_eq!(known(&diff, None, folder()), whole);
    assert_eq!(known(&bare, None, folder()), whole, "hunks alone decide");
    desk.write("a.java", &old);
    assert_eq!(known(&diff, None, folder()), whole, "a file still at base");
    assert_eq!(known(&bare, None, folder()), whole);
    desk.write("a.java", &new.replace('\n', "\r\n"));
    assert_eq!(known(&diff, None, folder()), whole, "a file with converted line ends");
    desk.write("a.java", &new.replace("18\n", "other\n"));
    let [base, head] = known(&bare, None, folder());
    assert_ne!([base, head.clone()], whole);
    let Content::Fragment(fragment) = head else { panic!("only the hunks fit") };
    assert_eq!(fragment.known, [(15, 21)]);
    let text = String::from_utf8(fragment.text).expect("text");
    assert_eq!(text.lines().nth(17), Some("seventeen"));
    assert_eq!(text.lines().nth(3), Some(""));
}

#[test]
fn a_diff_alone_knows_added_and_deleted_files_whole() {
    let text = "diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n\
                diff --git a/o b/o\ndeleted file mode 100644\n--- a/o\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n";
    let change_set = diff_text::parse(text.as_bytes()).expect("a diff");
    let sources = DiffSources::new(change_set.clone(), None, None, MAX_BYTES);
    assert_eq!(sources.read(Side::Head, "n"), Ok(b"a\nb".to_vec()));
    assert_eq!(sources.read(Side::Base, "o"), Ok(b"a\n".to_vec()));
    assert_eq!(sources.read(Side::Base, "n"), Err(SourceError::Missing));
    assert_eq!(sources.read(Side::Head, "o"), Err(SourceError::Missing));
    assert!(matches!(sources.read(Side::Head, "other"), Err(SourceError::Unreadable(_))));
    let desk = Desk::new();
    desk.write("n", "a\nb").write("other", "x\n");
    let work_tree = WorkTree::folder(desk.path()).expect("a folder");
    let sources = DiffSources::new(change_set, None, Some(work_tree), MAX_BYTES);
    assert_eq!(sources.read(Side::Base, "other"), Ok(b"x\n".to_vec()));
    assert_eq!(sources.list(Side::Base), Ok(vec!["o".to_owned(), "other".to_owned()]));
    assert_eq!(sources.list(Side::Head), Ok(vec!["n".to_owned(), "other".to_owned()]));
}

#[test]
fn a_fragment_far_down_a_file_is_refused_rather_than_padded() {
    let text = "--- a/x\n+++ b/x\n@@ -2000000000 +2000000000 @@\n-a\n+b\n";
    let sources = DiffSources::new(diff_text::parse(text.as_bytes()).expect("a diff"), None, None, MAX_BYTES);
    assert!(matches!(sources.content(Side::Head, "x"), Err(SourceError::TooLarge(_))));
}
