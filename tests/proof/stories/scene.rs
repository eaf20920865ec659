//! What every story begins with: a forge with a repository, the service with a configuration, a merge request.
//!
//! The service's queue tells when it rests, so that no story waits longer than it must or looks too early.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::harness::{Client, FakeForge, Files, Happening, Kind, Plan, SeenComment};
use tests::{Service, Site, eventually};

/// The secret of the webhooks.
pub(super) const SECRET: &str = "a secret of the proofs";

/// Longest time that one step of a story takes, with a pause of a forge in it.
const PATIENCE: Duration = Duration::from_secs(45);

/// The merge request that a story is about: the first one of its forge.
pub(super) const FIRST: u64 = 1;

/// A forge, and as whom the service knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    GithubApp,
    GithubUser,
    Gitlab,
    Gitea,
}

/// What a gate shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Light {
    Pending,
    Green,
    Red,
}

/// A story that has not begun.
pub(super) struct Scene {
    home: Home,
    plan: Plan,
    settings: String,
    main: Files,
}

/// A story: the forge and the service at work.
pub(super) struct Story {
    pub(super) forge: FakeForge,
    pub(super) site: Site,
    configuration: String,
    service: RefCell<Option<Service>>,
    home: Home,
    client: Client,
}

impl Home {
    pub(super) const ALL: [Self; 4] = [Self::GithubApp, Self::GithubUser, Self::Gitlab, Self::Gitea];

    /// One of each forge.
    pub(super) const FORGES: [Self; 3] = [Self::GithubApp, Self::Gitlab, Self::Gitea];

    fn kind(self) -> Kind {
        match self {
            Self::GithubApp | Self::GithubUser => Kind::Github,
            Self::Gitlab => Kind::Gitlab,
            Self::Gitea => Kind::Gitea,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::GithubApp | Self::GithubUser => "github",
            Self::Gitlab => "gitlab",
            Self::Gitea => "gitea",
        }
    }

    /// The route by which a new comment comes beside a line.
    pub(super) fn inline_route(self) -> &'static str {
        match self {
            Self::GithubApp | Self::GithubUser | Self::Gitea => "POST pulls/*/reviews",
            Self::Gitlab => "POST merge_requests/*/discussions",
        }
    }

    /// The route by which a new comment comes into the conversation.
    pub(super) fn note_route(self) -> &'static str {
        match self {
            Self::GithubApp | Self::GithubUser | Self::Gitea => "POST issues/*/comments",
            Self::Gitlab => "POST merge_requests/*/notes",
        }
    }

    /// The route by which a merge request is read.
    pub(super) fn read_route(self) -> &'static str {
        match self {
            Self::GithubApp | Self::GithubUser | Self::Gitea => "GET pulls/*",
            Self::Gitlab => "GET merge_requests/*",
        }
    }
}

/// A story at this forge.
pub(super) fn story(home: Home) -> Scene {
    let plan = Plan::new(home.kind());
    let plan = if home == Home::GithubApp { plan.as_app() } else { plan };
    Scene { home, plan, settings: String::new(), main: Files::new().write("README", "A bank.\n") }
}

impl Scene {
    /// On such a forge.
    pub(super) fn on(mut self, plan: impl FnOnce(Plan) -> Plan) -> Self {
        self.plan = plan(self.plan);
        self
    }

    /// With this line of configuration, such as `review.max_comments = 2`.
    pub(super) fn with(mut self, setting: &str) -> Self {
        self.settings += &format!("{setting}\n");
        self
    }

    /// With these files on `main`.
    pub(super) fn main(mut self, files: impl Into<Files>) -> Self {
        self.main = files.into();
        self
    }

    /// Forge and service are up; nobody has done anything yet.
    pub(super) fn begins(self) -> Story {
        let forge = self.plan.start();
        forge.commit("main", self.main);
        let site = Site::new();
        let configuration = configuration(self.home, &forge, &site, &self.settings);
        let (home, client) = (self.home, Client::default());
        let story = Story { forge, site, configuration, service: RefCell::new(None), home, client };
        story.starts();
        story
    }

    /// Somebody opens a merge request with these files, and it is reviewed.
    pub(super) fn opens(self, files: impl Into<Files>) -> Story {
        let story = self.begins();
        story.opens(files);
        story.rests();
        story
    }
}

fn configuration(home: Home, forge: &FakeForge, site: &Site, settings: &str) -> String {
    site.write("webhook", SECRET);
    let name = home.name();
    let known_as = if home == Home::GithubApp {
        let (id, key) = forge.app();
        site.write("key.pem", &key);
        format!("app_id = {id}\nforge.{name}.private_key_file = \"key.pem\"")
    } else {
        site.write("token", &forge.token());
        "token_file = \"token\"".to_owned()
    };
    // No story waits for a branch to settle unless it is about that.
    let settle = if settings.contains("settle_seconds") { "" } else { "review.settle_seconds = 0\n" };
    format!(
        "{settings}{settle}limits.requests_per_minute = 1000000\nforge.{name}.url = \"{}\"\nforge.{name}.{known_as}\n\
         forge.{name}.webhook_secret_files = [\"webhook\"]\nforge.{name}.repositories = [\"{}\"]\n",
        forge.url(),
        forge.repository()
    )
}

impl Story {
    /// The service starts, again if it ran before.
    pub(super) fn starts(&self) {
        let looks = || ["/pulls", "/merge_requests"].map(|list| self.forge.calls("GET", list).len());
        let before = looks();
        let service = self.site.start(&self.configuration);
        self.forge.subscribe(&self.door(&service), SECRET);
        *self.service.borrow_mut() = Some(service);
        // Its first look for missed webhooks is over before anybody does anything.
        eventually("the first look", || (looks() != before).then_some(()));
    }

    /// The service ends, as by a power cut.
    pub(super) fn dies(&self) {
        if let Some(service) = self.service.borrow_mut().take() {
            service.kill();
        }
        self.forge.unsubscribe();
    }

    fn door(&self, service: &Service) -> String {
        format!("{}/webhooks/{}", service.url(), self.home.name())
    }

    /// Where webhooks go.
    pub(super) fn webhooks(&self) -> String {
        self.door(self.service.borrow().as_ref().expect("the service runs"))
    }

    /// Opens a merge request with these files.
    pub(super) fn opens(&self, files: impl Into<Files>) {
        self.forge.commit("feature", files);
        self.forge.open_merge_request("feature", "main", "alice");
    }

    /// Pushes these files, and they are reviewed.
    pub(super) fn pushes(&self, files: impl Into<Files>) {
        self.forge.push("feature", files);
        self.rests();
    }

    /// Delivers a webhook once more or out of order; the status of the answer.
    pub(super) fn hears(&self, happening: &Happening) -> u16 {
        self.forge.deliver(&self.forge.delivery(happening, SECRET), &self.webhooks()).status
    }

    /// What the service answers to a question of `/v1`.
    pub(super) fn asks(&self, path: &str) -> Value {
        let url = self.service.borrow().as_ref().expect("the service runs").url() + path;
        self.client.send("GET", &url, &[], Vec::new()).expect("an answer").json()
    }

    /// Waits until the queue is empty; then nothing was said twice.
    #[track_caller]
    pub(super) fn rests(&self) {
        let began = Instant::now();
        eventually("the service rests", || {
            assert!(
                began.elapsed() < PATIENCE,
                "{:?}: the service does not rest\n{}",
                self.home,
                self.told()
            );
            let queue = self.asks("/v1/queue");
            (queue["waiting"] == 0 && queue["running"] == 0).then_some(())
        });
        let twice = (self.forge.posted_twice(FIRST), self.forge.stands_twice(FIRST));
        assert_eq!(twice, (Vec::new(), Vec::new()), "{:?}: said twice\n{}", self.home, self.told());
    }

    /// Jobs that were given up.
    pub(super) fn dead_letters(&self) -> Vec<Value> {
        self.asks("/v1/queue")["dead"].as_array().expect("a list").clone()
    }

    /// The light of a commit.
    pub(super) fn light_of(&self, commit: &str) -> Option<Light> {
        self.forge.status(commit).map(|status| light(&status.state))
    }

    /// The light of the merge request's head.
    #[track_caller]
    pub(super) fn light(&self) -> Light {
        let light = self.light_of(&self.forge.head(FIRST));
        light.unwrap_or_else(|| panic!("{:?}: the head has no status\n{}", self.home, self.told()))
    }

    /// Whether a commit was ever green.
    pub(super) fn was_green(&self, commit: &str) -> bool {
        self.forge.statuses(commit).iter().any(|status| light(&status.state) == Light::Green)
    }

    /// The line that says why the light is as it is.
    pub(super) fn reason(&self) -> String {
        let status = self.forge.status(&self.forge.head(FIRST)).expect("a status");
        status.description.unwrap_or_default()
    }

    /// Where comments stand that say what is wrong: path and line, in order.
    pub(super) fn points_at(&self) -> Vec<String> {
        let open = self.inline().into_iter().filter(|comment| !is_fixed(comment));
        let places = open.filter_map(|comment| comment.place);
        let mut places: Vec<_> = places.map(|place| format!("{}:{}", place.path, place.end)).collect();
        places.sort();
        places
    }

    /// Every comment of the service beside code.
    pub(super) fn inline(&self) -> Vec<SeenComment> {
        self.forge.inline_comments(FIRST)
    }

    /// Every comment of the service.
    pub(super) fn said(&self) -> Vec<SeenComment> {
        let service = self.forge.service();
        self.forge.comments(FIRST).into_iter().filter(|comment| comment.author == service).collect()
    }

    /// The summary, if there is one.
    pub(super) fn summary(&self) -> Option<String> {
        let is_summary = |comment: &SeenComment| comment.text.contains("<!-- countersign:v1:summary:");
        self.said().into_iter().find(is_summary).map(|comment| comment.text)
    }

    /// The answers to comments.
    pub(super) fn answers(&self) -> Vec<String> {
        let is_answer = |comment: &SeenComment| comment.text.contains("<!-- countersign:v1:reply:");
        self.said().into_iter().filter(is_answer).map(|comment| comment.text).collect()
    }

    /// Somebody comments, and is answered once: with what?
    #[track_caller]
    pub(super) fn answer_to(&self, author: &str, text: &str) -> String {
        let before = self.answers();
        self.forge.comment(FIRST, author, text);
        self.rests();
        let mut answers = self.answers();
        assert_eq!(answers.len(), before.len() + 1, "{:?}: `{text}`\n{}", self.home, self.told());
        answers.pop().expect("an answer")
    }

    /// The service's log as text.
    pub(super) fn log(&self) -> String {
        self.service.borrow().as_ref().expect("the service runs").log().join("\n")
    }

    /// Everything that was said and logged, for whoever reads why a proof failed.
    pub(super) fn told(&self) -> String {
        let said: Vec<_> = self.said().into_iter().map(|comment| comment.text).collect();
        let log = self.log();
        let log: Vec<_> = log.lines().filter(|line| !line.contains("A request was answered")).collect();
        let log = &log[log.len().saturating_sub(30)..];
        format!("--- said\n{}\n--- log\n{}", said.join("\n"), log.join("\n"))
    }
}

/// Whether a comment says that its finding is gone.
pub(super) fn is_fixed(comment: &SeenComment) -> bool {
    comment.text.contains("<!-- countersign:v1:fixed:")
}

fn light(state: &str) -> Light {
    match state {
        "success" => Light::Green,
        "pending" | "running" => Light::Pending,
        "failure" | "failed" | "error" => Light::Red,
        other => panic!("no forge of the bank has the state `{other}`"),
    }
}
