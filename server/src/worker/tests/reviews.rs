//! Reviews through a child: the same as without one, with files and a model at the other end of the pipe.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use analyzers::change::git::{Base, Repository, Target};
use analyzers::finding::Decider;
use analyzers::gate::State;
use analyzers::model::{Completion, Finish, ModelBudget, ModelError, Prompt, Usage};
use analyzers::policy::{PolicySet, Selection, Severity};
use analyzers::report::{self, Format, Options, document};
use analyzers::review::{Request, review};
use analyzers::sources::{Side, SourceError};
use analyzers::text::Locale;
use async_trait::async_trait;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::repository::Origin;
use super::{config, host};
use crate::worker::{
    Answer, Change, FileHost, ModelHost, Rendering, ReviewTask, Seam, WorkerError, WorkerEvent,
};

const BEFORE: &str = "class Teller {\n    void book(Client client) {\n    }\n}\n";
const AFTER: &str = "class Teller {\n    void book(Client client) {\n        double amount = 1;\n        client.retry(amount);\n    }\n}\n";

fn policies() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/policies"))
}

/// A repository with one change in it.
struct Scene {
    origin: Origin,
    data: TempDir,
    target: String,
    head: String,
}

impl Scene {
    fn new() -> Self {
        let origin = Origin::new();
        let base = origin.commit("main", None, &[("Teller.java", BEFORE)]);
        let target = origin.commit("main", Some(&base), &[(".countersign.yaml", "language: zh\n")]);
        let head = origin.commit("feature", Some(&base), &[("Teller.java", AFTER), ("note.txt", "x\n")]);
        Self { origin, data: TempDir::new().unwrap(), target, head }
    }

    fn task(&self, change: Change) -> ReviewTask {
        let mut config = config(self.data.path());
        config.policies.builtin = false;
        config.policies.folders = vec![policies()];
        ReviewTask::new(&config, change)
    }

    fn versions(&self) -> ReviewTask {
        let (mirror, head, target) = (self.origin.path().to_owned(), self.head.clone(), self.target.clone());
        self.task(Change::Versions { mirror, head, target })
    }

    fn diff(&self) -> ReviewTask {
        let base = git2::Oid::from_str(&self.target).unwrap();
        let git = git2::Repository::open_bare(self.origin.path()).unwrap();
        let base = git.find_commit(base).unwrap().parent_id(0).unwrap().to_string();
        let text = self.origin.diff(&base, &self.head).into();
        self.task(Change::Diff { text, base: None, head: None })
    }

    async fn review(&self, task: ReviewTask, seam: Seam) -> Result<Answer, WorkerError> {
        host(&config(self.data.path())).review(task, seam, None, &CancellationToken::new()).await
    }
}

fn found(answer: &Answer) -> Vec<(&str, u32, Decider)> {
    let findings = answer.document.findings.iter();
    findings.map(|found| (found.policy.id.as_str(), found.location.start.line, found.decided_by)).collect()
}

/// Files in memory.
struct Files(BTreeMap<(bool, &'static str), &'static str>);

impl Files {
    fn at_head() -> Option<Arc<dyn FileHost>> {
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

/// Hears prompts, and answers none.
#[derive(Default)]
struct Silent(Mutex<Vec<Prompt>>);

#[async_trait]
impl ModelHost for Silent {
    async fn complete(&self, prompt: Prompt) -> Result<Completion, ModelError> {
        self.0.lock().unwrap().push(prompt);
        Err(ModelError::DeadlineExceeded)
    }
}

/// Never answers; says when it is asked, and when nobody waits any more.
#[derive(Default)]
struct Hanging {
    asked: Notify,
    left: Arc<Notify>,
}

/// A question under way.
struct UnderWay(Arc<Notify>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[async_trait]
impl ModelHost for Hanging {
    async fn complete(&self, _prompt: Prompt) -> Result<Completion, ModelError> {
        let _under_way = UnderWay(Arc::clone(&self.left));
        self.asked.notify_one();
        std::future::pending().await
    }
}

/// Says the same to everybody.
struct Scripted(Result<String, ModelError>);

#[async_trait]
impl ModelHost for Scripted {
    async fn complete(&self, _prompt: Prompt) -> Result<Completion, ModelError> {
        let text = self.0.clone()?;
        Ok(Completion { thinking: None, text, finish: Finish::Stop, usage: Usage::default() })
    }
}

fn model(answer: Result<&str, ModelError>) -> Seam {
    Seam { files: None, model: Some(Arc::new(Scripted(answer.map(str::to_owned)))) }
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
async fn a_model_at_the_other_end_adds_findings_and_takes_none_away() {
    let scene = Scene::new();
    let says = |verdict: &str, quote: &str| {
        let claim = serde_json::json!({"kind": "other", "subject": "", "value": ""});
        let entry = serde_json::json!({
            "policy": "trust/retry", "quote": quote, "claim": claim, "reason": "no key", "verdict": verdict,
        });
        serde_json::json!({ "answers": [entry] }).to_string()
    };
    let breach = says("breach", "client.retry(amount);");
    let proved = ("money/double-amount", 3, Decider::Proof);
    let answer = scene.review(scene.versions(), model(Ok(&breach))).await.unwrap();
    assert_eq!(found(&answer), [proved, ("trust/retry", 4, Decider::Model)]);
    assert_eq!(answer.document.blocking, 1);
    let (clean, elsewhere) = (says("clean", ""), says("breach", "client.retry(sum);"));
    let unjudged = BTreeMap::from([("trust/retry".to_owned(), 1)]);
    for (said, unjudged) in [
        (Ok(clean.as_str()), BTreeMap::new()),
        (Ok(elsewhere.as_str()), unjudged.clone()),
        (Ok("nothing of the kind"), unjudged.clone()),
        (Err(ModelError::DeadlineExceeded), unjudged),
    ] {
        let answer = scene.review(scene.versions(), model(said.clone())).await.unwrap();
        assert_eq!(found(&answer), [proved], "{said:?}");
        assert_eq!(answer.document.coverage.questions_unjudged, unjudged, "{said:?}");
        assert_eq!(answer.document.coverage.questions_unasked, BTreeMap::new());
    }
}

#[tokio::test]
async fn the_model_is_asked_in_the_readers_language_and_within_the_operators_budget() {
    let scene = Scene::new();
    let (chinese, english) = ("Write `reason` in Chinese", "Write `reason` in English");
    for (task, language) in [
        // The target branch says `language: zh`.
        (scene.versions(), chinese),
        (scene.diff(), english),
        (ReviewTask { language: Locale::Zh, ..scene.diff() }, chinese),
    ] {
        let heard = Arc::new(Silent::default());
        let model_budget = ModelBudget { max_thinking_tokens: 77, ..ModelBudget::default() };
        let seam = Seam { files: Files::at_head(), model: Some(heard.clone()) };
        scene.review(ReviewTask { model_budget, ..task }, seam).await.unwrap();
        let heard = heard.0.lock().unwrap();
        assert_eq!((heard.len(), heard[0].max_thinking_tokens), (1, 77));
        assert!(heard[0].prefix.contains(language), "{}", heard[0].prefix);
    }
    let heard = Arc::new(Silent::default());
    let model_budget = ModelBudget { max_tokens: 10, ..ModelBudget::default() };
    let seam = Seam { files: None, model: Some(heard.clone()) };
    let answer = scene.review(ReviewTask { model_budget, ..scene.versions() }, seam).await.unwrap();
    assert_eq!(heard.0.lock().unwrap().len(), 0);
    assert_eq!(answer.document.coverage.questions_unasked, BTreeMap::from([("trust/retry".to_owned(), 1)]));
}

#[tokio::test]
async fn a_review_that_nobody_wants_any_more_takes_its_questions_back() {
    let scene = Scene::new();
    let host = host(&config(scene.data.path()));
    for is_dropped in [false, true] {
        let (model, token) = (Arc::new(Hanging::default()), CancellationToken::new());
        let seam = Seam { files: None, model: Some(model.clone()) };
        let mut review = Box::pin(host.review(scene.versions(), seam, None, &token));
        tokio::select! {
            ended = &mut review => panic!("{ended:?}"),
            () = model.asked.notified() => {}
        }
        if is_dropped {
            drop(review);
        } else {
            token.cancel();
            assert_eq!(review.await.unwrap_err(), WorkerError::Cancelled);
        }
        let left = tokio::time::timeout(Duration::from_secs(10), model.left.notified()).await;
        assert!(left.is_ok(), "the question is still under way");
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
async fn a_required_model_that_does_not_answer_leaves_a_review_partial() {
    let scene = Scene::new();
    let harmless = scene.origin.commit(
        "harmless",
        Some(&scene.target),
        &[("T.java", "class T { void b(C c) { c.retry(1); } }\n")],
    );
    let change = Change::Versions {
        mirror: scene.origin.path().to_owned(),
        head: harmless,
        target: scene.target.clone(),
    };
    for (require_model, state) in [(true, State::Partial), (false, State::Passed)] {
        let task = ReviewTask { require_model, ..scene.task(change.clone()) };
        let answer = scene.review(task, Seam::default()).await.unwrap();
        assert_eq!(answer.document.state, state);
    }
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
