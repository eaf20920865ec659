//! Load: webhooks a second that are durable when they are answered, the service and its callers in one run.
//!
//! `cargo bench -p tests --bench load [-- SECONDS]`. Signed bodies of 25 kB over kept connections, each a delivery
//! of its own, spread over merge requests. Beside it the same load on a route that stores nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use sha2::Sha256;
use tests::{Service, Site};

/// Bytes of a body.
const BODY_BYTES: usize = 25_000;

/// Merge requests that the deliveries are spread over.
const MERGE_REQUESTS: usize = 200;

const SECRET: &str = "the secret of a bench";

fn main() {
    let seconds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(10);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (site, service) = start();
    let bodies: Arc<Vec<Signed>> = Arc::new((0..MERGE_REQUESTS).map(signed).collect());
    println!("SQLite, synchronous=FULL; {BODY_BYTES} byte bodies; {seconds} s each");
    for connections in [32, 128] {
        let nothing = runtime.block_on(load(&service, "github", connections, seconds, &bodies));
        let durable = runtime.block_on(load(&service, "gitea", connections, seconds, &bodies));
        println!("{connections:4} connections, durable   {durable}");
        println!("{connections:4} connections, refused   {nothing}");
        println!(
            "{connections:4} connections, ratio     {:.2} x the rate of a route that stores nothing",
            durable.rate / nothing.rate
        );
        assert_eq!(durable.others, 0, "every webhook is answered with 202");
    }
    service.stop();
    drop(site);
}

/// A service whose forge cannot be reached: what is measured is taking webhooks in.
fn start() -> (Site, Service) {
    let site = Site::new();
    site.write("token", "a token");
    site.write("secret", SECRET);
    let service = site.start(
        "[review]\nworkers = 1\nreconcile_seconds = 3600\n[forge.gitea]\nurl = \"http://127.0.0.1:9\"\ntoken_file = \"token\"\nwebhook_secret_files = [\"secret\"]\n",
    );
    (site, service)
}

/// A body and its signature.
struct Signed {
    body: String,
    signature: String,
}

fn signed(number: usize) -> Signed {
    let head = format!(
        "{{\"action\":\"synchronized\",\"number\":{number},\"pull_request\":{{\"number\":{number},\"state\":\"open\"}},\
         \"repository\":{{\"full_name\":\"bank/core\",\"name\":\"core\",\"owner\":{{\"login\":\"bank\"}}}},\"text\":\""
    );
    let body = format!("{head}{}\"}}", "x".repeat(BODY_BYTES - head.len() - 2));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key of any length");
    mac.update(body.as_bytes());
    Signed { signature: hex::encode(mac.finalize().into_bytes()), body }
}

/// What a load came to.
struct Measured {
    rate: f64,
    p50: Duration,
    p99: Duration,
    p999: Duration,
    others: u64,
}

impl std::fmt::Display for Measured {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        write!(
            formatter,
            "{:7.0}/s  p50 {:6.1} ms  p99 {:6.1} ms  p99.9 {:6.1} ms  not 202: {}",
            self.rate,
            milliseconds(self.p50),
            milliseconds(self.p99),
            milliseconds(self.p999),
            self.others
        )
    }
}

async fn load(
    service: &Service,
    forge: &str,
    connections: usize,
    seconds: u64,
    bodies: &Arc<Vec<Signed>>,
) -> Measured {
    static DELIVERY: AtomicU64 = AtomicU64::new(0);
    let client = Client::builder().no_proxy().pool_max_idle_per_host(connections).build().expect("a client");
    let url = format!("{}/webhooks/{forge}", service.url());
    let begun = Instant::now();
    let deadline = begun + Duration::from_secs(seconds);
    let callers = (0..connections).map(|_| {
        let (client, url, bodies) = (client.clone(), url.clone(), Arc::clone(bodies));
        tokio::spawn(async move {
            let (mut times, mut others) = (Vec::new(), 0);
            while Instant::now() < deadline {
                let delivery = DELIVERY.fetch_add(1, Ordering::Relaxed);
                let Signed { body, signature } = &bodies[delivery as usize % bodies.len()];
                let sent = Instant::now();
                let answer = client
                    .post(&url)
                    .header("x-gitea-event", "pull_request")
                    .header("x-gitea-event-type", "pull_request_sync")
                    .header("x-gitea-delivery", format!("{}-{delivery}", std::process::id()))
                    .header("x-gitea-signature", signature)
                    .header("content-type", "application/json")
                    .body(body.clone())
                    .send()
                    .await;
                times.push(sent.elapsed());
                others += u64::from(answer.map_or(true, |answer| answer.status() != 202));
            }
            (times, others)
        })
    });
    let (mut times, mut others) = (Vec::new(), 0);
    for caller in callers.collect::<Vec<_>>() {
        let (more, not_accepted) = caller.await.expect("a caller");
        times.extend(more);
        others += not_accepted;
    }
    let took = begun.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    Measured { rate: times.len() as f64 / took, p50: at(0.5), p99: at(0.99), p999: at(0.999), others }
}
