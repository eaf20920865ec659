//! What requests share at their beginning is computed once.

use super::fake::{Bench, alone, prompt, request};
use crate::model::decoder::BLOCK_TOKENS;
use crate::model::engine::Limits;
use crate::model::generate::{Priority, Request};

const PREFIX: usize = 10 * BLOCK_TOKENS;

fn question(number: u64) -> Request {
    let mut tokens = prompt(7, PREFIX);
    tokens.extend(prompt(100 + number, 20));
    let mut request = request(tokens);
    request.thinking = None;
    request.max_answer_tokens = 1;
    request
}

fn computed(bench: &Bench) -> usize {
    bench.notes.lock().unwrap().computed
}

#[test]
fn requests_that_come_together_compute_their_prefix_once() {
    let mut bench = Bench::new(256, Limits::default());
    (0..8).for_each(|number| drop(bench.submit(question(number))));
    let outcomes = bench.finish();
    assert_eq!(computed(&bench), PREFIX + 8 * 20);
    let cached: u32 = outcomes.iter().map(|outcome| outcome.summary().usage.cached).sum();
    assert_eq!(cached as usize, 7 * PREFIX);
}

#[test]
fn whoever_computed_the_prefix_may_go() {
    let limits = Limits { sequences: 8, tokens_per_step: 64, ..Limits::default() };
    let mut bench = Bench::new(256, limits);
    let first = bench.submit(question(0)).unwrap();
    let others: Vec<usize> = (1..4).map(|number| bench.submit(question(number)).unwrap()).collect();
    (0..2).for_each(|_| bench.step());
    bench.drop_stream(first);
    let outcomes = bench.finish();
    for (number, other) in (1..).zip(others) {
        assert_eq!(outcomes[other].bytes(), alone(question(number)).bytes());
    }
    assert!(computed(&bench) <= PREFIX + 4 * 20);
}

#[test]
fn the_urgent_do_not_wait_for_the_prefix_of_the_patient() {
    let limits = Limits { sequences: 8, tokens_per_step: 64, ..Limits::default() };
    let mut bench = Bench::new(256, limits);
    let mut patient = question(0);
    patient.priority = Priority::Background;
    bench.submit(patient).unwrap();
    bench.step();
    let between = bench.submit(request(prompt(9, 600))).unwrap();
    let mut urgent = question(1);
    urgent.priority = Priority::Gate;
    let urgent = bench.submit(urgent).unwrap();
    while bench.outcome(urgent).last.is_empty() {
        bench.step();
    }
    assert!(bench.outcome(between).thinking.is_empty());
    assert!(bench.notes.lock().unwrap().steps.len() < 10);
    bench.finish();
}

#[test]
fn at_least_the_last_token_is_computed() {
    let mut whole = question(0);
    whole.prompt.truncate(PREFIX);
    let mut bench = Bench::new(256, Limits::default());
    bench.submit(whole.clone()).unwrap();
    bench.finish();
    let again = bench.submit(whole.clone()).unwrap();
    let outcomes = bench.finish();
    assert_eq!(outcomes[again].summary().usage.cached as usize, PREFIX - BLOCK_TOKENS);
    assert_eq!(computed(&bench), PREFIX + BLOCK_TOKENS);
    assert_eq!(outcomes[again].bytes(), alone(whole).bytes());
}

#[test]
fn the_oldest_prefix_makes_room_for_a_new_one() {
    let mut bench = Bench::new(16, Limits::default());
    for seed in [1, 2, 1] {
        let mut request = request(prompt(seed, 10 * BLOCK_TOKENS));
        (request.thinking, request.max_answer_tokens) = (None, 1);
        bench.submit(request).unwrap();
        let last = bench.finish().pop().unwrap();
        let cached = last.summary().usage.cached as usize / BLOCK_TOKENS;
        assert_eq!(cached, if computed(&bench) > 700 { 6 } else { 0 });
    }
}
