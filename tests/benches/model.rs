//! A model under the load of reviews, for as long as wanted: 32 questions over one text, again and again.
//!
//! In: a model's folder or `.gguf` file, and seconds. Out: questions and tokens a second, and the memory of the server
//! by the minute. `tests/models/random_gguf.py` makes a file in the shape of DeepSeek-R1-Distill-Qwen-1.5B.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::harness::Client;
use tests::{Service, Site};

/// Questions that are under way at once.
const QUESTIONS: usize = 32;

/// Tokens that each question may think, and answer.
const TOKENS: (u64, u64) = (24, 24);

const CONFIGURATION: &str = "[model]\ntimeout_seconds = 550\n[review]\ntimeout_seconds = 600\n\
     [model.local]\nname = \"load\"\ndevice = \"cpu\"\nkv_bytes = 500000000\n";

#[derive(Default)]
struct Tally {
    answered: AtomicU64,
    failed: AtomicU64,
    written: AtomicU64,
    read: AtomicU64,
    cached: AtomicU64,
    is_over: AtomicBool,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let Some(model) = arguments.first() else {
        eprintln!("which model? cargo bench -p tests --bench model -- MODEL [SECONDS]");
        return;
    };
    let seconds: u64 = arguments.get(1).and_then(|text| text.parse().ok()).unwrap_or(600);
    let site = Site::new();
    let model = std::path::absolute(model).expect("a path");
    let (code, said) = site.run(&["model", "pull", "--from", &model.to_string_lossy(), "--name", "load"]);
    assert_eq!(code, Some(0), "{said}");
    let service = site.serve_model(CONFIGURATION, &[]);
    println!("{said}memory when it listens: {:.0} MB", memory(&service));
    let (tally, started) = (Tally::default(), Instant::now());
    std::thread::scope(|scope| {
        (0..QUESTIONS).for_each(|number| {
            let (tally, service) = (&tally, &service);
            scope.spawn(move || {
                while !tally.is_over.load(Ordering::Relaxed) {
                    ask(service, number, tally);
                }
            });
        });
        for minute in 1..=seconds.div_ceil(60) {
            let until = Duration::from_secs((minute * 60).min(seconds));
            std::thread::sleep(until.saturating_sub(started.elapsed()));
            tell(&tally, started.elapsed(), memory(&service));
        }
        tally.is_over.store(true, Ordering::Relaxed);
    });
    println!("after the last answer:");
    tell(&tally, started.elapsed(), memory(&service));
}

fn ask(service: &Service, number: usize, tally: &Tally) {
    let rules =
        "A breach is told only with a quote from the change. What the change does not show is unclear. "
            .repeat(8);
    let round = tally.answered.load(Ordering::Relaxed);
    let schema = json!({"type": "object", "additionalProperties": false, "required": ["verdict"],
        "properties": {"verdict": {"enum": ["breach", "clean", "unclear"]}}});
    let body = json!({
        "model": "load", "seed": number, "max_completion_tokens": TOKENS.0 + TOKENS.1, "thinking_budget": TOKENS.0,
        "messages": [{"role": "user", "content": format!("{rules}Question {number} of round {round}: is it sent twice?")}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}},
    });
    let json = ("content-type".to_owned(), "application/json".to_owned());
    let url = format!("{}/v1/chat/completions", service.url());
    let answer = Client::default().send("POST", &url, &[json], body.to_string().into_bytes());
    let Some(answer) = answer.ok().filter(|answer| answer.status == 200) else {
        tally.failed.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(Duration::from_secs(1));
        return;
    };
    let usage = answer.json()["usage"].clone();
    let tokens = |value: &Value| value.as_u64().unwrap_or(0);
    tally.answered.fetch_add(1, Ordering::Relaxed);
    tally.written.fetch_add(tokens(&usage["completion_tokens"]), Ordering::Relaxed);
    tally.read.fetch_add(tokens(&usage["prompt_tokens"]), Ordering::Relaxed);
    tally.cached.fetch_add(tokens(&usage["prompt_tokens_details"]["cached_tokens"]), Ordering::Relaxed);
}

fn tell(tally: &Tally, elapsed: Duration, memory: f64) {
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let written = count(&tally.written) as f64 / elapsed.as_secs_f64();
    let cached = 100.0 * count(&tally.cached) as f64 / (count(&tally.read).max(1)) as f64;
    println!(
        "{:5.0} s: {} answered, {} failed, {written:.1} tokens/s written, {cached:.0} % of prompts from the cache, {memory:.0} MB",
        elapsed.as_secs_f64(),
        count(&tally.answered),
        count(&tally.failed),
    );
}

/// Megabytes that the server holds.
fn memory(service: &Service) -> f64 {
    let status = std::fs::read_to_string(Path::new("/proc").join(service.id().to_string()).join("status"));
    let status = status.unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes: f64 = line
        .and_then(|line| line.trim().strip_suffix(" kB"))
        .and_then(|n| n.trim().parse().ok())
        .unwrap_or(0.0);
    kilobytes / 1000.0
}
