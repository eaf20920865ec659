//! The same request gives the same bytes, whatever else is served, however it is cut up, whatever is cached.

use serde_json::json;

use super::fake::{Bench, Outcome, alone, prompt, request};
use crate::model::engine::Limits;
use crate::model::generate::{Priority, Request, Thinking};

/// Requests of all kinds, several of them with common beginnings.
fn load() -> Vec<Request> {
    let schema = json!({"type": "object", "properties": {"verdict": {"enum": ["breach", "clean"]},
        "quote": {"type": "string", "maxLength": 12}}, "required": ["verdict", "quote"], "additionalProperties": false});
    (0..12)
        .map(|number: usize| {
            let mut tokens = prompt(number as u64 % 3, 40 + 37 * (number % 3));
            tokens.extend(prompt(100 + number as u64, 5 + 13 * (number % 5)));
            let mut request = request(tokens);
            request.sampling.seed = number as u64;
            request.priority = [Priority::Background, Priority::Interactive, Priority::Gate][number % 3];
            request.group = format!("bank/{}", number % 4);
            request.thinking = (number % 4 != 3).then_some(Thinking { max_tokens: 10 * number as u32 });
            request.schema = (number.is_multiple_of(2)).then(|| schema.clone());
            request
        })
        .collect()
}

fn together(blocks: usize, limits: Limits, steps_between: usize) -> (Vec<Outcome>, u64) {
    let mut bench = Bench::new(blocks, limits);
    for request in load() {
        bench.submit(request).unwrap();
        (0..steps_between).for_each(|_| bench.step());
    }
    let outcomes = bench.finish();
    (outcomes, bench.scheduler.preemptions)
}

fn assert_same(outcomes: &[Outcome]) {
    for (number, (outcome, request)) in outcomes.iter().zip(load()).enumerate() {
        assert_eq!(outcome.bytes(), alone(request).bytes(), "request {number}");
        assert!(outcome.summary().is_reproducible);
    }
}

#[test]
fn company_changes_nothing() {
    let (outcomes, preemptions) = together(256, Limits::default(), 0);
    assert_eq!(preemptions, 0);
    assert_same(&outcomes);
    let distinct: std::collections::BTreeSet<&str> = outcomes.iter().map(|one| &*one.answer).collect();
    assert!(distinct.len() > 8, "the requests must differ for this to prove anything");
}

#[test]
fn pieces_of_any_size_change_nothing() {
    let limits = Limits { sequences: 3, tokens_per_step: 0, ..Limits::default() };
    assert_same(&together(256, limits, 2).0);
}

#[test]
fn short_memory_and_recomputing_change_nothing() {
    let mut seen = 0;
    for (blocks, steps_between) in [(12, 0), (10, 3), (9, 7)] {
        let (outcomes, preemptions) = together(blocks, Limits::default(), steps_between);
        seen += preemptions;
        assert_same(&outcomes);
    }
    assert!(seen > 3, "memory was not short: {seen}");
}

#[test]
fn what_is_cached_changes_nothing() {
    let mut bench = Bench::new(256, Limits::default());
    for request in load().into_iter().chain(load()) {
        bench.submit(request).unwrap();
        (0..400).for_each(|_| bench.step());
    }
    let outcomes = bench.finish();
    assert_same(&outcomes[..12]);
    assert_same(&outcomes[12..]);
    assert!(outcomes[12..].iter().all(|outcome| outcome.summary().usage.cached > 0));
}

#[test]
fn another_seed_is_another_draw() {
    let mut other = load().remove(1);
    other.sampling.seed = 99;
    assert_ne!(alone(other).thinking, alone(load().remove(1)).thinking);
}

#[test]
fn every_position_is_another_draw() {
    let mut flat = request(prompt(1, 10));
    (flat.thinking, flat.sampling.temperature, flat.sampling.top_p) = (None, 1e6, 1.0);
    let answer = alone(flat).answer;
    let distinct: std::collections::BTreeSet<char> = answer.chars().collect();
    assert!(distinct.len() > 10, "{answer:?}");
}
