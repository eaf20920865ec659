//! A bank at work: people open and push merge requests without end, and each webhook is sent until it is
//! acknowledged.
//!
//! In: a forge and the doors where the service is to be found. Out, once stopped and drained: what must be true
//! of every merge request, whatever happened to the service meanwhile.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tests::harness::{Client, Delivery, FakeForge, Happening, Kind, Plan};
use tests::{Service, Site, eventually};

use crate::{AMOUNT, RATIO, posting};

const SECRET: &str = "the secret of the bustle";

/// People who work at the same time, and merge requests of each.
const PEOPLE: u64 = 3;
const EACH: u64 = 4;

/// A call may take a second and a lease lasts three, so that a proof need not wait for minutes. Each kill is an
/// attempt at the jobs in hand, and here they are killed again and again.
const HASTE: &str = "[network]\ntimeout_seconds = 1\n[limits]\nrequests_per_minute = 1000000\n\
     [review]\nlease_seconds = 3\nattempts = 1000000\nreconcile_seconds = 3600\nworkers = 2\n";

/// A bank at work.
pub(crate) struct Bustle {
    pub(crate) forge: Arc<FakeForge>,
    doors: Arc<Mutex<Vec<String>>>,
    is_over: Arc<AtomicBool>,
    acknowledged: Arc<AtomicUsize>,
    people: Vec<JoinHandle<Vec<MergeRequest>>>,
}

/// A merge request as its author left it.
pub(crate) struct MergeRequest {
    number: u64,
    branch: String,
    breaches: bool,
}

/// Chance, that can be had again by its seed.
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice with a seed of now, or that of `COUNTERSIGN_SEED`.
    pub(crate) fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_nanos() as u64;
        let seed = std::env::var("COUNTERSIGN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(now);
        println!("COUNTERSIGN_SEED={seed}");
        Self(seed | 1)
    }

    /// A number below this one.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    /// A time between two, in milliseconds.
    pub(crate) fn time(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(to - from))
    }
}

impl Bustle {
    /// People begin to work at a forge of this kind; nobody hears of it yet.
    pub(crate) fn begin(kind: Kind, dice: &mut Dice) -> Self {
        let forge = Arc::new(Plan::new(kind).page_size(50).start());
        forge.commit("main", [("Posting.java", posting(RATIO))]);
        let mut bustle = Self {
            forge,
            doors: Arc::default(),
            is_over: Arc::default(),
            acknowledged: Arc::default(),
            people: Vec::new(),
        };
        bustle.people =
            (0..PEOPLE).map(|person| bustle.hire(person, Dice(dice.below(u64::MAX) | 1))).collect();
        bustle
    }

    /// The configuration of a service for this forge, and its secrets.
    pub(crate) fn configuration(&self, site: &Site) -> String {
        site.write("token", &self.forge.token());
        site.write("secret", SECRET);
        let (kind, url) = (name(self.forge.kind()), self.forge.url());
        format!(
            "{HASTE}[forge.{kind}]\nurl = \"{url}\"\ntoken_file = \"token\"\nwebhook_secret_files = [\"secret\"]\n"
        )
    }

    /// Webhooks go to one of these services from now on.
    pub(crate) fn goes_to(&self, services: &[&Service]) {
        let door = |service: &&Service| format!("{}/webhooks/{}", service.url(), name(self.forge.kind()));
        *self.doors.lock().expect("doors") = services.iter().map(door).collect();
    }

    /// How many webhooks were acknowledged so far.
    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// People go home, each after the last webhook was acknowledged, and the service works off what is left.
    pub(crate) fn end(&mut self, service: &Service) -> Vec<MergeRequest> {
        self.is_over.store(true, Ordering::Relaxed);
        let people = self.people.drain(..);
        let merge_requests = people.flat_map(|person| person.join().expect("a person")).collect();
        self.drain(service);
        merge_requests
    }

    /// Waits until nothing waits or runs.
    pub(crate) fn drain(&self, service: &Service) {
        let client = Client::default();
        eventually("the end of the queue", || {
            let queue = client.send("GET", &format!("{}/v1/queue", service.url()), &[], Vec::new()).ok()?;
            let queue: Value = queue.json();
            assert_eq!(queue["dead"], json!([]), "{queue}");
            (queue["waiting"] == 0 && queue["running"] == 0).then_some(())
        });
    }

    /// Every merge request has a final light that is right for its newest head, and one comment where it breaches.
    pub(crate) fn assert_right(&self, merge_requests: &[MergeRequest]) {
        assert!(!merge_requests.is_empty());
        for MergeRequest { number, breaches, .. } in merge_requests {
            let light = self.forge.status(&self.forge.head(*number)).map(|status| status.state);
            let wanted = match (self.forge.kind(), breaches) {
                (_, false) => "success",
                (Kind::Gitlab, true) => "failed",
                (Kind::Gitea | Kind::Github, true) => "failure",
            };
            assert_eq!(light.as_deref(), Some(wanted), "merge request {number}");
            assert_eq!(self.forge.stands_twice(*number), [""; 0], "merge request {number}");
            let beside = self.forge.inline_comments(*number).len();
            assert!(
                beside >= usize::from(*breaches),
                "merge request {number} has {beside} comments beside code"
            );
        }
    }

    /// What was ever posted twice, be it deleted since: the service deletes nothing but what it finds twice.
    pub(crate) fn duplicates(&self, merge_requests: &[MergeRequest]) -> usize {
        let twice = |known: &MergeRequest| {
            self.forge.posted_twice(known.number).len() + self.forge.stands_twice(known.number).len()
        };
        let deleted = self.forge.log().iter().filter(|call| call.method == "DELETE").count();
        merge_requests.iter().map(twice).sum::<usize>() + deleted
    }

    fn hire(&self, person: u64, dice: Dice) -> JoinHandle<Vec<MergeRequest>> {
        let (forge, doors) = (Arc::clone(&self.forge), Arc::clone(&self.doors));
        let (is_over, acknowledged) = (Arc::clone(&self.is_over), Arc::clone(&self.acknowledged));
        let mut desk = Desk { forge, doors, acknowledged, client: Client::default(), dice };
        thread::spawn(move || {
            let mut own = Vec::new();
            while !is_over.load(Ordering::Relaxed) {
                desk.act(person, &mut own);
                thread::sleep(desk.dice.time(10, 300));
            }
            own
        })
    }
}

/// What one person works with.
struct Desk {
    forge: Arc<FakeForge>,
    doors: Arc<Mutex<Vec<String>>>,
    acknowledged: Arc<AtomicUsize>,
    client: Client,
    dice: Dice,
}

impl Desk {
    /// Opens a merge request or pushes to one, and sees to it that the service knows.
    fn act(&mut self, person: u64, own: &mut Vec<MergeRequest>) {
        let breaches = self.dice.below(2) == 0;
        let note = format!("        // {}\n", self.dice.below(u64::MAX));
        let lines = if breaches { format!("{note}{RATIO}{AMOUNT}") } else { format!("{note}{RATIO}") };
        let place = self.dice.below(EACH);
        let branch = format!("work-{person}-{place}");
        let files = [(format!("Posting{person}{place}.java"), posting(&lines))];
        let known = own.iter().position(|known: &MergeRequest| known.branch == branch);
        let happening = match known {
            Some(known) => {
                let number = own[known].number;
                let before = self.forge.head(number);
                self.forge.push(&branch, files);
                own[known].breaches = breaches;
                Happening::Pushed { number, before }
            }
            None => {
                self.forge.commit(&branch, files);
                let number = self.forge.open_merge_request(&branch, "main", "alice");
                own.push(MergeRequest { number, branch, breaches });
                Happening::Opened(number)
            }
        };
        let delivery = self.forge.delivery(&happening, SECRET);
        self.deliver(&delivery);
    }

    /// As forges do: again and again until it is acknowledged.
    fn deliver(&mut self, delivery: &Delivery) {
        loop {
            let doors = self.doors.lock().expect("doors").clone();
            if !doors.is_empty() {
                let door = &doors[self.dice.below(doors.len() as u64) as usize];
                let answer = self.client.send("POST", door, &delivery.headers, delivery.body.clone());
                if answer.is_ok_and(|answer| answer.status == 202) {
                    self.acknowledged.fetch_add(1, Ordering::Relaxed);
                    return;
                }
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The name of a kind in configurations.
fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Github => "github",
        Kind::Gitlab => "gitlab",
        Kind::Gitea => "gitea",
    }
}
