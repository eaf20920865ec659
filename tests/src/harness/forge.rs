//! A fake forge: planned, started, asked, and gone when it is dropped.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::harness::client::{Client, Received};
use crate::harness::exchange::Exchange;
use crate::harness::fault::{Fault, Faults};
use crate::harness::git::Store;
use crate::harness::people::Subscription;
use crate::harness::serve::{Shared, lock, serve};
use crate::harness::signature::AppKey;
use crate::harness::world::{Access, App, Budget, Person, World};

/// The kind of forge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// GitHub Enterprise Server: `/api/v3` and `/api/graphql`.
    Github,
    /// GitLab: `/api/v4`.
    Gitlab,
    /// Gitea: `/api/v1`.
    Gitea,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Github, Self::Gitlab, Self::Gitea];
}

/// What a forge is to be like.
#[derive(Clone, Debug)]
pub struct Plan {
    kind: Kind,
    repository: String,
    under: String,
    is_app: bool,
    is_old: bool,
    page_size: usize,
}

/// A forge that listens on loopback, with one repository, its people and the service's user.
#[derive(Debug)]
pub struct FakeForge {
    pub(crate) shared: Arc<Shared>,
    pub(crate) client: Client,
    pub(crate) subscription: Mutex<Option<Subscription>>,
    runtime: Option<Runtime>,
}

/// The id of the service's user, unlike any other number.
const SERVICE: u64 = 9001;

impl Plan {
    /// The plain forge of this kind, with the repository `bank/core` and pages of three.
    pub fn new(kind: Kind) -> Self {
        let repository = "bank/core".to_owned();
        Self { kind, repository, under: String::new(), is_app: false, is_old: false, page_size: 3 }
    }

    /// With another repository; on GitLab it may stand in several groups.
    #[must_use]
    pub fn repository(mut self, path: &str) -> Self {
        path.clone_into(&mut self.repository);
        self
    }

    /// Served under a path, such as `/gitlab`.
    #[must_use]
    pub fn under(mut self, path: &str) -> Self {
        path.clone_into(&mut self.under);
        self
    }

    /// On GitHub: the service is an app, not a user with a token.
    #[must_use]
    pub fn as_app(mut self) -> Self {
        assert_eq!(self.kind, Kind::Github, "only GitHub has apps");
        self.is_app = true;
        self
    }

    /// Some years old: payloads lack newer fields, requests lack newer rights.
    #[must_use]
    pub fn old(mut self) -> Self {
        self.is_old = true;
        self
    }

    /// With lists in pages of at most this many.
    #[must_use]
    pub fn page_size(mut self, size: usize) -> Self {
        self.page_size = size;
        self
    }

    /// Starts to listen.
    pub fn start(self) -> FakeForge {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port on loopback");
        listener.set_nonblocking(true).expect("a listener of the runtime");
        let address = listener.local_addr().expect("an address");
        let world = Mutex::new(self.world(format!("http://{address}")));
        let shared = Shared { world, faults: Mutex::new(Faults::default()), log: Mutex::new(Vec::new()) };
        let shared = Arc::new(shared);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        runtime.spawn(serve(listener, Arc::clone(&shared)));
        FakeForge {
            shared,
            client: Client::default(),
            subscription: Mutex::new(None),
            runtime: Some(runtime),
        }
    }

    fn world(self, address: String) -> World {
        let login = if self.is_app { "countersign[bot]" } else { "countersign-bot" };
        let service = Person {
            id: SERVICE,
            login: login.to_owned(),
            access: Access::Write,
            is_bot: self.is_app,
            token: format!("{}-service", token_prefix(self.kind)),
        };
        World {
            kind: self.kind,
            root: address + &self.under,
            repository: self.repository,
            store: Store::new(),
            people: vec![service],
            service: SERVICE,
            app: self.is_app.then(new_app),
            merge_requests: BTreeMap::new(),
            remarks: Vec::new(),
            reviews: Vec::new(),
            statuses: Vec::new(),
            check_runs: Vec::new(),
            page_size: self.page_size,
            budget: None,
            is_old: self.is_old,
            unready_reads: 0,
            last_id: 100,
            ticks: 0,
        }
    }
}

fn new_app() -> App {
    App {
        key: AppKey::new(),
        id: 4242,
        installation: 77,
        slug: "countersign".to_owned(),
        bot: SERVICE,
        tokens: Vec::new(),
        token_time: Duration::from_secs(3600),
    }
}

pub(crate) fn token_prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Github => "ghp_fake",
        Kind::Gitlab => "glpat-fake",
        Kind::Gitea => "gitea-fake",
    }
}

impl FakeForge {
    /// A plain forge of this kind.
    pub fn start(kind: Kind) -> Self {
        Plan::new(kind).start()
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.world().kind
    }

    /// Its address, with the path that it is served under.
    pub fn url(&self) -> String {
        self.world().root.clone()
    }

    /// The full path of its repository.
    pub fn repository(&self) -> String {
        self.world().repository.clone()
    }

    /// The address of its repository for git.
    pub fn git_url(&self) -> String {
        let world = self.world();
        format!("{}/{}.git", world.root, world.repository)
    }

    /// The access token of the service's user.
    pub fn token(&self) -> String {
        let world = self.world();
        assert!(world.app.is_none(), "an app has a private key, no token");
        world.person(world.service).token.clone()
    }

    /// The name of the service's user.
    pub fn service(&self) -> String {
        let world = self.world();
        world.person(world.service).login.clone()
    }

    /// The id of the app and its private key (PEM).
    pub fn app(&self) -> (u64, String) {
        let world = self.world();
        let app = world.app.as_ref().expect("a forge whose plan has an app");
        (app.id, app.key.pem())
    }

    /// A token of the app itself, good for some minutes.
    pub fn app_token(&self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
        let world = self.world();
        let app = world.app.as_ref().expect("a forge whose plan has an app");
        app.key.token(&json!({ "iat": now - 60, "exp": now + 300, "iss": app.id.to_string() }))
    }

    /// All tokens of the app's installation end now.
    pub fn end_installation_tokens(&self) {
        if let Some(app) = &mut self.world().app {
            app.tokens.iter_mut().for_each(|(_, end)| *end = Instant::now());
        }
    }

    /// Plays faults at the next calls of a route, one at each. A route is a method and the last segments of a
    /// path, such as `POST pulls/*/reviews`.
    pub fn inject(&self, route: &str, faults: &[Fault]) {
        lock(&self.shared.faults).queue(route, faults);
    }

    /// Plays a fault at every call of a route.
    pub fn inject_always(&self, route: &str, fault: Fault) {
        lock(&self.shared.faults).keep(route, fault);
    }

    /// Nothing goes wrong any more.
    pub fn clear_faults(&self) {
        lock(&self.shared.faults).clear();
    }

    /// Whether every fault of [`Self::inject`] was played.
    pub fn faults_are_played(&self) -> bool {
        lock(&self.shared.faults).is_played()
    }

    /// After this many comments the forge asks to wait, as secondary rate limits do; then it takes as many
    /// again. A comment of a review counts like any other.
    pub fn limit_content(&self, allowance: usize, wait: Duration) {
        self.world().budget = Some(Budget { left: allowance, allowance, wait, refused_at: None });
    }

    /// On GitLab: for this many reads a merge request that was opened or pushed has no diff yet.
    pub fn delay_diffs(&self, reads: u32) {
        self.world().unready_reads = reads;
    }

    /// Every call so far, in the order of the answers.
    pub fn log(&self) -> Vec<Exchange> {
        lock(&self.shared.log).clone()
    }

    /// The calls of one method to paths that end so.
    pub fn calls(&self, method: &str, ending: &str) -> Vec<Exchange> {
        let wanted = |call: &Exchange| call.method == method && call.path.ends_with(ending);
        self.log().into_iter().filter(wanted).collect()
    }

    /// Forgets the calls so far.
    pub fn clear_log(&self) {
        lock(&self.shared.log).clear();
    }

    /// Asks the forge as anybody would, with this `Authorization`; the path goes on from the forge's address.
    ///
    /// # Panics
    /// Where no whole answer comes.
    pub fn ask(&self, authorization: &str, method: &str, path: &str, body: &Value) -> Received {
        self.try_ask(authorization, method, path, body).expect("a whole answer")
    }

    /// As [`Self::ask`]; an error where no whole answer comes.
    pub fn try_ask(
        &self,
        authorization: &str,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Result<Received, String> {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut headers = vec![header("user-agent", "proof"), header("content-type", "application/json")];
        if !authorization.is_empty() {
            headers.push(header("authorization", authorization));
        }
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.client.send(method, &(self.url() + path), &headers, body)
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.shared.world)
    }
}

impl Drop for FakeForge {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
