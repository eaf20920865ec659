//! Reviews through a child: the same as without one, with files at the other end of the pipe.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use analyzers::change::git::{Base, Repository, Target};
use analyzers::finding::Decider;
use analyzers::gate::State;
use analyzers::policy::{PolicySet, Selection, Severity};
use analyzers::report::{self, Format, Options, document};
use analyzers::review::{Request, review};
use analyzers::sources::{Side, SourceError};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::repository::Origin;
use super::{config, host};
use crate::worker::{Answer, Change, FileHost, Rendering, ReviewTask, Seam, WorkerError, WorkerEvent};

const BEFORE: &str = "class Teller {\n    void book(Client client) {\n    }\n}\n";
const AFTER: &str = "class Teller {\n    void book(Client client) {\n        double amount = 1;\n        client.retry(amount);\n    }\n}\n";

fn policies() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/policies"))
}

/// A repository with one change in it.
pub(super) struct Scene {
    pub(super) origin: Origin,
    pub(super) data: TempDir,
    pub(super) target: String,
    head: String,
}

impl Scene {
    pub(super) fn new() -> Self {
        let origin = Origin::new();
        let base = origin.commit("main", None, &[("Teller.java", BEFORE)]);
        let target = origin.commit("main", Some(&base), &[(".countersign.yaml", "language: zh\n")]);
        let head = origin.commit("feature", Some(&base), &[("Teller.java", AFTER), ("note.txt", "x\n")]);
        Self { origin, data: TempDir::new().unwrap(), target, head }
    }

    pub(super) fn task(&self, change: Change) -> ReviewTask {
        let mut config = config(self.data.path());
        config.policies.builtin = false;
        config.policies.folders = vec![policies()];
        ReviewTask::new(&config, change)
    }

    pub(super) fn versions(&self) -> ReviewTask {
        let (mirror, head, target) = (self.origin.path().to_owned(), self.head.clone(), self.target.clone());
        self.task(Change::Versions { mirror, head, target })
    }

    pub(super) fn diff(&self) -> ReviewTask {
        let base = git2::Oid::from_str(&self.target).unwrap();
        let git = git2::Repository::open_bare(self.origin.path()).unwrap();
        let base = git.find_commit(base).unwrap().parent_id(0).unwrap().to_string();
        let text = self.origin.diff(&base, &self.head).into();
        self.task(Change::Diff { text, base: None, head: None })
    }

    pub(super) async fn review(&self, task: ReviewTask, seam: Seam) -> Result<Answer, WorkerError> {
        host(&config(self.data.path())).review(task, seam, None, &CancellationToken::new()).await
    }
}

pub(super) fn found(answer: &Answer) -> Vec<(&str, u32, Decider)> {
    let findings = answer.document.findings.iter();
    findings.map(|found| (found.policy.id.as_str(), found.location.start.line, found.decided_by)).collect()
}

/// Files in memory.
pub(super) struct Files(BTreeMap<(bool, &'static str), &'static str>);

impl Files {
    pub(super) fn at_head() -> Option<Arc<dyn FileHost>> {
        Some(Arc::new(Self(BTreeMap::from([((true, "Teller.java"), AFTER), ((true, "note.txt"), "x\n")]))))
    }
}

impl FileHost for Files {
    fn read(&self, side: Side, path: &str) -> Result<Bytes, SourceError> {
        let found =
            self.0.iter().find(|((is_head, name), _)| *is_head == (side == Side::Head) && *name == path);
        found.map(|(_, text)| Bytes::from_static(text.as_bytes())).ok_or(SourceError::Missing)
    }

    fn list(&self, side: Side) -> Result<Vec<String>, SourceError> {
        let names = self.0.keys().filter(|(is_head, _)| *is_head == (side == Side::Head));
        Ok(names.map(|(_, name)| (*name).to_owned()).collect())
    }
}

#[tokio::test]
async fn a_child_finds_what_the_walk_finds_and_reports_it_in_any_format() {
    let scene = Scene::new();
    let mut task = scene.versions();
    let options = Options::default();
    task.rendering = Some(Rendering { format: Format::Sarif, options: options.clone() });
    let answer = scene.review(task, Seam::default()).await.unwrap();

    let set = PolicySet::read(Selection { builtin: false, folders: &[policies()] }).unwrap();
    let repository = Repository::open(scene.origin.path()).unwrap();
    let (base, head) = (Base::Revision(scene.target.clone()), Target::Revision(scene.head.clone()));
    let comparison = repository.change_set(&base, &head).unwrap();
    let sources = repository.sources(&comparison, 1 << 20).unwrap();
    let mut request = Request::new(&set, &sources);
    request.fail_on = Severity::Major;
    let revisions = (Some(comparison.merge_base.clone()), comparison.head.clone());
    let here = review(&comparison.change_set, revisions, &request);
    let (document, change) = document::with_change(&here, &comparison.change_set);
    let mut rendered = Vec::new();
    report::render(&here, Format::Sarif, &options, &mut rendered).unwrap();

    assert_eq!(serde_json::to_value(&answer.document).unwrap(), serde_json::to_value(&document).unwrap());
    assert_eq!(answer.change, change);
    assert_eq!(answer.rendered, Some(rendered));
    assert_eq!(answer.merge_base, Some(comparison.merge_base));
    assert_eq!(answer.document.state, State::Failed);
    assert_eq!(answer.configuration, Some(hex::encode(Sha256::digest("language: zh\n"))));
}

#[tokio::test]
async fn a_diff_with_the_files_at_head_is_reviewed_wholly_and_without_them_in_part() {
    let scene = Scene::new();
    let whole = Seam { files: Files::at_head(), model: None };
    let answer = scene.review(scene.diff(), whole).await.unwrap();
    assert_eq!(found(&answer), [("money/double-amount", 3, Decider::Proof)]);
    assert_eq!(answer.document.coverage.unread, []);
    assert_eq!(answer.change.files.len(), 2);
    let answer = scene.review(scene.diff(), Seam::default()).await.unwrap();
    assert!(answer.document.coverage.unread[0].leaves_gap);
}

#[tokio::test]
async fn files_that_do_not_fit_their_diff_are_not_taken_for_the_change() {
    let scene = Scene::new();
    let other = Files(BTreeMap::from([((true, "Teller.java"), "class Other {}\n")]));
    let seam = Seam { files: Some(Arc::new(other)), model: None };
    let answer = scene.review(scene.diff(), seam).await.unwrap();
    assert!(answer.document.coverage.unread[0].leaves_gap);
}

#[tokio::test]
async fn whole_files_are_scanned() {
    let scene = Scene::new();
    let seam = Seam { files: Files::at_head(), model: None };
    let answer = scene.review(scene.task(Change::Files), seam).await.unwrap();
    assert_eq!(found(&answer), [("money/double-amount", 3, Decider::Proof)]);
    assert_eq!(answer.document.coverage.files, 2);
}

#[tokio::test]
async fn a_change_of_more_files_than_may_be_is_refused() {
    let scene = Scene::new();
    for change in [scene.versions().change, scene.diff().change, Change::Files] {
        let task = ReviewTask { max_files: 1, ..scene.task(change) };
        let seam = Seam { files: Files::at_head(), model: None };
        let refused = scene.review(task, seam).await.unwrap_err();
        assert!(matches!(&refused, WorkerError::Refused(why) if why.contains("2 files")), "{refused}");
    }
}

#[tokio::test]
async fn what_cannot_be_reviewed_is_said_to_be_so() {
    let scene = Scene::new();
    let bad_diff = {
        let text = Bytes::from_static(b"--- a\n+++ b\n@@ -1 +1,9 @@\n-x\n");
        scene.task(Change::Diff { text, base: None, head: None })
    };
    let gone = Change::Versions {
        mirror: scene.origin.path().to_owned(),
        head: "1".repeat(40),
        target: scene.target.clone(),
    };
    let no_policies = ReviewTask { policies: Vec::new(), ..scene.versions() };
    let branch = Change::Versions {
        mirror: scene.origin.path().to_owned(),
        head: "feature".to_owned(),
        target: scene.target.clone(),
    };
    for (task, words) in [
        (bad_diff, "the diff"),
        (scene.task(gone), "there is no revision"),
        (no_policies, "no policy is in force"),
        (scene.task(branch), "full object id"),
    ] {
        let error = scene.review(task, Seam::default()).await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn events_tell_regions_candidates_findings_and_files_as_they_come() {
    let scene = Scene::new();
    let (sender, mut events) = mpsc::channel(1);
    let host = host(&config(scene.data.path()));
    let token = CancellationToken::new();
    let review = host.review(scene.versions(), Seam::default(), Some(sender), &token);
    let listen = async {
        let mut told = Vec::new();
        while let Some(event) = events.recv().await {
            told.push(match event {
                WorkerEvent::Region { path, start_line, end_line } => {
                    format!("{path} {start_line}-{end_line}")
                }
                WorkerEvent::Candidate { policy, path, line } => format!("{policy}? {path} {line}"),
                WorkerEvent::Finding(found) => format!("{}! {}", found.policy.id, found.fingerprint),
                WorkerEvent::FileDone { total, .. } => format!("a file of {total}"),
            });
        }
        told
    };
    let (answer, mut told) = tokio::join!(review, listen);
    let answer = answer.unwrap();
    let mut expected = vec![
        "Teller.java 3-4".to_owned(),
        "money/double-amount? Teller.java 3".to_owned(),
        "trust/retry? Teller.java 4".to_owned(),
        "a file of 2".to_owned(),
        "a file of 2".to_owned(),
        format!("money/double-amount! {}", answer.document.findings[0].fingerprint),
    ];
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
}

#[tokio::test]
async fn who_stops_listening_to_events_still_gets_the_review() {
    let scene = Scene::new();
    let (sender, events) = mpsc::channel(1);
    drop(events);
    let token = CancellationToken::new();
    let host = host(&config(scene.data.path()));
    let answer = host.review(scene.versions(), Seam::default(), Some(sender), &token);
    assert_eq!(found(&answer.await.unwrap()).len(), 1);
}

#[tokio::test]
async fn the_builtin_pack_needs_little_memory() {
    let scene = Scene::new();
    let mut config = config(scene.data.path());
    config.limits.review_memory_bytes = 1 << 30;
    let change = scene.versions().change;
    let task = ReviewTask::new(&config, change);
    let answer = host(&config).review(task, Seam::default(), None, &CancellationToken::new()).await.unwrap();
    assert_eq!(answer.document.coverage.files_reviewed, 1);
}

#[tokio::test]
async fn code_that_is_made_to_break_parsers_ends_no_more_than_its_own_review() {
    let scene = Scene::new();
    let deep = format!("class T {{ double amount = {}1{}; }}", "(".repeat(200_000), ")".repeat(200_000));
    let head = scene.origin.commit("deep", Some(&scene.target), &[("Teller.java", &deep)]);
    let mirror = scene.origin.path().to_owned();
    let task = scene.task(Change::Versions { mirror, head, target: scene.target.clone() });
    match scene.review(task, Seam::default()).await {
        Ok(answer) => assert_ne!(answer.document.state, State::Passed),
        Err(error) => assert!(matches!(error, WorkerError::Killed { .. }), "{error}"),
    }
}
