//! Who goes first, who waits, who is put back, who is turned away.

use std::time::Duration;

use super::fake::{Bench, CLOSE, TOKENS, prompt, request};
use crate::model::engine::Limits;
use crate::model::generate::{Failure, Priority, Request, Thinking};

fn ask(seed: u64, priority: Priority, group: &str) -> Request {
    let mut request = request(prompt(seed, 40));
    (request.thinking, request.max_answer_tokens) = (None, 4);
    (request.priority, request.group) = (priority, group.to_owned());
    request
}

/// The order in which requests end that are served one at a time.
fn order(bench: &mut Bench, requests: Vec<Request>) -> Vec<usize> {
    let count = requests.len();
    requests.into_iter().for_each(|request| drop(bench.submit(request)));
    let mut order = Vec::new();
    while order.len() < count {
        bench.step();
        let done = |number: &usize| !bench.outcome(*number).last.is_empty() && !order.contains(number);
        let new: Vec<usize> = (0..count).filter(done).collect();
        order.extend(new);
    }
    order
}

fn one_at_a_time() -> Limits {
    Limits { sequences: 1, ..Limits::default() }
}

#[test]
fn the_urgent_go_first() {
    let mut bench = Bench::new(64, one_at_a_time());
    let requests = vec![
        ask(0, Priority::Background, "a"),
        ask(1, Priority::Interactive, "a"),
        ask(2, Priority::Gate, "a"),
    ];
    assert_eq!(order(&mut bench, requests), [2, 1, 0]);
}

#[test]
fn groups_take_turns() {
    let mut bench = Bench::new(64, one_at_a_time());
    let flood = (0..4).map(|seed| ask(seed, Priority::Gate, "big"));
    let few = (4..6).map(|seed| ask(seed, Priority::Gate, "small"));
    assert_eq!(order(&mut bench, flood.chain(few).collect()), [0, 4, 1, 5, 2, 3]);
}

#[test]
fn whoever_waits_long_enough_goes_before_the_urgent() {
    let limits = Limits { head_start: Duration::from_millis(20), ..one_at_a_time() };
    let mut bench = Bench::new(64, limits);
    let patient = bench.submit(ask(0, Priority::Background, "a")).unwrap();
    for seed in 1..40 {
        bench.submit(ask(seed, Priority::Gate, &format!("{seed}"))).unwrap();
        (0..4).for_each(|_| bench.step());
    }
    assert!(!bench.outcome(patient).last.is_empty());
    bench.finish();
}

#[test]
fn the_urgent_take_the_place_of_the_patient_who_ends_the_same() {
    let mut bench = Bench::new(64, one_at_a_time());
    let patient = bench.submit(ask(0, Priority::Background, "a")).unwrap();
    (0..2).for_each(|_| bench.step());
    let urgent = bench.submit(ask(1, Priority::Gate, "a")).unwrap();
    while bench.outcome(urgent).last.is_empty() {
        bench.step();
    }
    assert!(bench.outcome(patient).last.is_empty());
    let outcomes = bench.finish();
    assert_eq!(bench.scheduler.preemptions, 1);
    assert_eq!(outcomes[patient].summary().usage.cached, 0, "its own work is no gain");
    assert_eq!(outcomes[patient].bytes(), super::fake::alone(ask(0, Priority::Background, "a")).bytes());
}

#[test]
fn short_memory_is_taken_from_the_patient_only() {
    let mut bench = Bench::new(7, Limits::default());
    let long = |seed, priority| {
        let mut request = ask(seed, priority, "a");
        (request.max_answer_tokens, request.sampling.temperature) = (110, 0.0);
        request
    };
    let patient = bench.submit(long(0, Priority::Background)).unwrap();
    bench.step();
    let urgent = bench.submit(long(1, Priority::Gate)).unwrap();
    (0..110).for_each(|_| bench.step());
    assert!(bench.outcome(patient).last.is_empty());
    assert_eq!(bench.outcome(urgent).summary().usage.answer, 110);
    assert!(bench.scheduler.preemptions > 0);
    bench.finish();
}

#[test]
fn equals_do_not_put_each_other_back_while_there_is_memory() {
    let mut bench = Bench::new(64, one_at_a_time());
    (0..3).for_each(|seed| drop(bench.submit(ask(seed, Priority::Gate, "a"))));
    bench.finish();
    assert_eq!(bench.scheduler.preemptions, 0);
}

#[test]
fn whoever_does_not_fit_beside_those_who_run_waits() {
    let mut bench = Bench::new(5, Limits::default());
    (0..4).for_each(|seed| assert!(bench.submit(ask(seed, Priority::Gate, "a")).is_ok()));
    bench.step();
    assert_eq!(bench.scheduler.running.len(), 2);
    bench.finish();
    assert_eq!(bench.scheduler.preemptions, 0);
}

#[test]
fn a_full_queue_turns_away_and_takes_again() {
    let mut bench = Bench::new(64, Limits { queue: 2, ..one_at_a_time() });
    (0..2).for_each(|seed| assert!(bench.submit(ask(seed, Priority::Gate, "a")).is_ok()));
    assert_eq!(
        bench.submit(ask(2, Priority::Gate, "a")),
        Err(Failure::Busy("2 requests wait already".to_owned()))
    );
    bench.step();
    bench.submit(ask(3, Priority::Gate, "a")).unwrap();
    bench.finish();
}

fn refusal(blocks: usize, change: impl Fn(&mut Request)) -> String {
    let mut request = ask(0, Priority::Gate, "a");
    change(&mut request);
    match Bench::new(blocks, Limits::default()).submit(request) {
        Err(Failure::Refused(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_can_never_be_done_is_refused_with_the_figures() {
    let long = refusal(1000, |request| request.max_answer_tokens = 4090);
    assert_eq!(
        long,
        "the model takes 4096 tokens, this needs 4130: 40 of the prompt, 0 to think and 4090 to answer"
    );
    let large = refusal(2, |request| request.thinking = Some(Thinking { max_tokens: 20 }));
    assert!(large.starts_with("the KV memory holds 64 tokens, this needs 70: 40 of the prompt, 26 to think"));
    assert!(refusal(64, |request| request.prompt.clear()).contains("empty"));
    assert!(refusal(64, |request| request.prompt.push(TOKENS as u32)).contains("token 272"));
    assert!(refusal(64, |request| request.sampling.temperature = f32::NAN).contains("NaN"));
    assert!(refusal(64, |request| request.sampling.top_p = 0.0).contains("top_p"));
    assert!(refusal(64, |request| request.max_answer_tokens = 0).contains("at least one"));
    let schema = refusal(64, |request| request.schema = Some(serde_json::json!({"type": "banknote"})));
    assert!(schema.contains("cannot be held to the schema") && schema.contains("banknote"), "{schema}");
    assert!(Bench::new(64, Limits::default()).submit(request([CLOSE])).is_ok());
}
