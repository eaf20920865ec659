//! Fetches from a real git, and from forges that misbehave.

use std::fs;

use tempfile::TempDir;
use tests::git_http::{GitServer, Manner};
use tokio_util::sync::CancellationToken;

use super::repository::Origin;
use super::{config, host};
use crate::config::Config;
use crate::forge::GitEndpoint;
use crate::merge_request::ForgeKind;
use crate::worker::host::Host;
use crate::worker::{FetchTask, Fetched, WorkerError};

const TOKEN: &str = "Basic canary-4711";

/// A merge request's repository, and a service to fetch it with.
struct Scene {
    origin: Origin,
    data: TempDir,
    target: String,
    head: String,
}

impl Scene {
    fn new() -> Self {
        let origin = Origin::new();
        let first = origin.commit("main", None, &[("a.txt", "one\n"), ("deep/b.txt", "two\n")]);
        let target = origin.commit("main", Some(&first), &[("c.txt", "three\n")]);
        let head = origin.commit("feature", Some(&first), &[("a.txt", "uno\n")]);
        Self { origin, data: TempDir::new().unwrap(), target, head }
    }

    fn config(&self) -> Config {
        config(self.data.path())
    }

    fn host(&self) -> Host {
        host(&self.config())
    }

    fn serve(&self, manner: Manner) -> GitServer {
        GitServer::start(self.origin.path(), manner)
    }

    fn task(&self) -> FetchTask {
        FetchTask {
            forge: ForgeKind::Gitlab,
            repository: "bank/core".to_owned(),
            head: self.head.clone(),
            target: self.target.clone(),
        }
    }

    fn has_both(&self, fetched: &Fetched) {
        let mirror = git2::Repository::open_bare(&fetched.mirror).unwrap();
        for id in [&self.head, &self.target] {
            let commit = mirror.find_commit(git2::Oid::from_str(id).unwrap()).unwrap();
            assert!(commit.tree().unwrap().get_name("a.txt").is_some());
        }
        let references: Vec<_> =
            mirror.references().unwrap().names().map(|name| name.unwrap().to_owned()).collect();
        assert!(references.iter().all(|name| name.starts_with("refs/countersign/")), "{references:?}");
    }
}

async fn fetch(host: &Host, task: &FetchTask, server: &GitServer) -> Result<Fetched, WorkerError> {
    let endpoint =
        GitEndpoint { url: server.url().parse().unwrap(), authorization: Some(TOKEN.to_owned().into()) };
    host.fetch(task, &endpoint, &CancellationToken::new()).await
}

fn says(result: &Result<Fetched, WorkerError>, words: &str) {
    let error = result.as_ref().unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
    assert!(!error.contains("canary"), "{error}");
}

#[tokio::test]
async fn head_and_target_come_by_their_ids_with_two_requests_and_the_token() {
    for manner in [Manner::Honest, Manner::Old] {
        let scene = Scene::new();
        let server = scene.serve(manner);
        let fetched = fetch(&scene.host(), &scene.task(), &server).await.unwrap();
        scene.has_both(&fetched);
        assert!(fetched.objects > 5 && fetched.bytes > 100, "{fetched:?}");
        let requests = server.requests();
        let paths: Vec<_> = requests.iter().map(|request| request.what.as_str()).collect();
        let expected =
            ["GET /bank/core.git/info/refs?service=git-upload-pack", "POST /bank/core.git/git-upload-pack"];
        assert_eq!(paths, expected);
        assert!(requests.iter().all(|request| request.authorization.as_deref() == Some(TOKEN)));
    }
}

#[tokio::test]
async fn what_is_there_is_not_asked_for_again_and_what_is_new_comes_alone() {
    let mut scene = Scene::new();
    let (host, server) = (scene.host(), scene.serve(Manner::Honest));
    fetch(&host, &scene.task(), &server).await.unwrap();
    let again = fetch(&host, &scene.task(), &server).await.unwrap();
    assert_eq!((again.objects, server.requests().len()), (0, 2));
    scene.head = scene.origin.commit("feature", Some(&scene.head), &[("a.txt", "ein\n")]);
    let more = fetch(&host, &scene.task(), &server).await.unwrap();
    scene.has_both(&more);
    assert_eq!((more.objects, server.requests().len()), (3, 4));
}

#[tokio::test]
async fn a_commit_that_no_branch_has_any_more_still_comes_by_its_id() {
    let scene = Scene::new();
    scene.origin.forget("feature");
    let fetched = fetch(&scene.host(), &scene.task(), &scene.serve(Manner::Honest)).await.unwrap();
    scene.has_both(&fetched);
}

#[tokio::test]
async fn a_commit_that_the_forge_does_not_have_is_said_so() {
    for manner in [Manner::Honest, Manner::Old] {
        let scene = Scene::new();
        let task = FetchTask { head: "1".repeat(40), ..scene.task() };
        let fetched = fetch(&scene.host(), &task, &scene.serve(manner)).await;
        says(&fetched, "not our ref");
        says(&fetched, "allowReachableSHA1InWant");
    }
}

#[tokio::test]
async fn what_is_no_object_id_goes_nowhere() {
    let scene = Scene::new();
    let server = scene.serve(Manner::Honest);
    for head in ["main", "--upload-pack=evil", &"A".repeat(40), &"a".repeat(64)] {
        let task = FetchTask { head: head.to_owned(), ..scene.task() };
        assert!(matches!(fetch(&scene.host(), &task, &server).await, Err(WorkerError::Refused(_))));
    }
    assert_eq!(server.requests(), []);
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_token_goes_nowhere() {
    let scene = Scene::new();
    let evil = scene.serve(Manner::Honest);
    let server = scene.serve(Manner::Redirecting(evil.url()));
    says(&fetch(&scene.host(), &scene.task(), &server).await, "redirects");
    assert_eq!(evil.requests(), []);
}

#[tokio::test]
async fn an_answer_that_is_cut_off_leaves_a_mirror_that_the_next_fetch_mends() {
    let scene = Scene::new();
    let host = scene.host();
    says(&fetch(&host, &scene.task(), &scene.serve(Manner::CuttingOff)).await, "cut off");
    scene.has_both(&fetch(&host, &scene.task(), &scene.serve(Manner::Honest)).await.unwrap());
}

#[tokio::test]
async fn more_bytes_or_objects_than_a_fetch_may_bring_are_refused() {
    let scene = Scene::new();
    let server = scene.serve(Manner::Honest);
    let mut small = scene.config();
    small.limits.fetch_bytes = 300;
    let fetched = fetch(&host(&small), &scene.task(), &server).await;
    says(&fetched, "limits.fetch_bytes");
    let mut few = scene.config();
    few.limits.fetch_objects = 3;
    let fetched = fetch(&host(&few), &scene.task(), &server).await;
    says(&fetched, "limits.fetch_objects");
    assert!(matches!(fetched, Err(WorkerError::Refused(_))));
}

#[tokio::test]
async fn a_forge_that_says_nothing_is_waited_for_so_long_and_no_longer() {
    let scene = Scene::new();
    let mut config = scene.config();
    config.review.timeout_seconds = 1;
    let fetched = fetch(&host(&config), &scene.task(), &scene.serve(Manner::Hanging)).await;
    assert_eq!(fetched.unwrap_err(), WorkerError::TimedOut);
}

#[tokio::test]
async fn a_forge_that_says_no_or_is_none_or_is_away_is_told_apart() {
    let scene = Scene::new();
    let host = scene.host();
    says(&fetch(&host, &scene.task(), &scene.serve(Manner::Refusing)).await, "credentials");
    says(&fetch(&host, &scene.task(), &scene.serve(Manner::Talking)).await, "address of a repository");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{closed}/bank/core.git").parse().unwrap();
    let endpoint = GitEndpoint { url, authorization: None };
    let fetched = host.fetch(&scene.task(), &endpoint, &CancellationToken::new()).await;
    assert!(matches!(fetched, Err(WorkerError::Unavailable(_))), "{fetched:?}");
}

#[tokio::test]
async fn a_mirror_that_is_damaged_is_made_afresh() {
    let scene = Scene::new();
    let (host, server) = (scene.host(), scene.serve(Manner::Honest));
    let mirror = fetch(&host, &scene.task(), &server).await.unwrap().mirror;
    let packs = mirror.join("objects/pack");
    fs::remove_dir_all(&packs).unwrap();
    fs::create_dir(&packs).unwrap();
    scene.has_both(&fetch(&host, &scene.task(), &server).await.unwrap());
    fs::write(mirror.join("HEAD"), "nothing").unwrap();
    scene.has_both(&fetch(&host, &scene.task(), &server).await.unwrap());
}

#[tokio::test]
async fn what_a_killed_fetch_left_behind_is_swept_away() {
    let mut scene = Scene::new();
    let (host, server) = (scene.host(), scene.serve(Manner::Honest));
    let mirror = fetch(&host, &scene.task(), &server).await.unwrap().mirror;
    scene.head = scene.origin.commit("feature", Some(&scene.head), &[("a.txt", "ein\n")]);
    let lock = format!("refs/countersign/{}.lock", scene.head);
    let left = ["packed-refs.lock", "objects/pack/pack_git2_4711", &lock].map(|path| mirror.join(path));
    left.iter().for_each(|path| fs::write(path, "").unwrap());
    scene.has_both(&fetch(&host, &scene.task(), &server).await.unwrap());
    assert!(left.iter().all(|path| !path.exists()));
}

#[tokio::test]
async fn two_fetches_of_one_mirror_at_a_time_both_end_well() {
    let scene = Scene::new();
    let (host, server) = (scene.host(), scene.serve(Manner::Honest));
    let task = scene.task();
    let (one, other) = tokio::join!(fetch(&host, &task, &server), fetch(&host, &task, &server));
    scene.has_both(&one.unwrap());
    scene.has_both(&other.unwrap());
    assert_eq!(server.requests().len(), 2, "the second one finds everything there");
}
