//! Random loads: whatever comes and goes and fails, nothing is lost, doubled, starved or leaked.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

use super::fake::{Bench, Mishap, Outcome, alone, prompt, request};
use crate::model::engine::Limits;
use crate::model::generate::{Failure, Priority, Request, Thinking};

/// What happens between two steps.
#[derive(Clone, Debug)]
enum Act {
    Submit(Box<Ask>),
    Drop(usize),
    Fail(Mishap),
    Steps(usize),
}

#[derive(Clone, Debug)]
struct Ask {
    family: u64,
    shared: usize,
    own: usize,
    thinking: Option<u32>,
    answer: u32,
    priority: Priority,
    group: u8,
    deadline: Option<u64>,
    is_bound: bool,
}

fn ask() -> impl Strategy<Value = Ask> {
    let lengths = (0..3_u64, 0..150_usize, 1..60_usize);
    let budgets = (prop::option::of(0..30_u32), 1..30_u32);
    let priority = select(vec![Priority::Background, Priority::Interactive, Priority::Gate]);
    let rest = (priority, 0..3_u8, prop::option::weighted(0.15, 1..60_u64), prop::bool::weighted(0.2));
    (lengths, budgets, rest).prop_map(|((family, shared, own), (thinking, answer), rest)| {
        let (priority, group, deadline, is_bound) = rest;
        Ask { family, shared, own, thinking, answer, priority, group, deadline, is_bound }
    })
}

fn act() -> impl Strategy<Value = Act> {
    let mishap = select(vec![Mishap::OutOfMemory, Mishap::Device, Mishap::NotANumber]);
    prop_oneof![
        6 => ask().prop_map(|ask| Act::Submit(Box::new(ask))),
        1 => (0..40_usize).prop_map(Act::Drop),
        1 => mishap.prop_map(Act::Fail),
        5 => (1..20_usize).prop_map(Act::Steps),
    ]
}

impl Ask {
    fn request(&self, number: u64, bench: &Bench) -> Request {
        let mut tokens = prompt(self.family, self.shared);
        tokens.extend(prompt(1000 + number, self.own));
        let mut request = request(tokens);
        request.sampling.seed = number;
        request.thinking = self.thinking.map(|max_tokens| Thinking { max_tokens });
        request.max_answer_tokens = self.answer;
        (request.priority, request.group) = (self.priority, self.group.to_string());
        request.deadline = self.deadline.map(|millis| bench.now + Duration::from_millis(millis));
        request.schema = self.is_bound.then(|| serde_json::json!({"enum": ["breach", "clean", "unclear"]}));
        request
    }
}

struct Load {
    bench: Bench,
    requests: Vec<Request>,
    is_dropped: Vec<bool>,
    mishaps: usize,
}

impl Load {
    fn act(&mut self, act: &Act) {
        match act {
            Act::Submit(ask) => {
                let request = ask.request(self.requests.len() as u64, &self.bench);
                match self.bench.submit(request.clone()) {
                    Ok(number) => assert_eq!(number, self.requests.len()),
                    Err(Failure::Busy(_) | Failure::Refused(_) | Failure::Broken(_)) => return,
                    Err(other) => panic!("{other:?}"),
                }
                self.requests.push(request);
                self.is_dropped.push(false);
            }
            Act::Drop(number) if *number >= self.requests.len() => {}
            Act::Drop(number) => {
                self.is_dropped[*number] = true;
                self.bench.drop_stream(*number);
            }
            Act::Fail(mishap) => {
                self.mishaps += 1;
                self.bench.notes.lock().unwrap().mishaps.push(*mishap);
            }
            Act::Steps(count) => (0..*count).for_each(|_| self.bench.step()),
        }
    }

    fn check(&self, number: usize, outcome: &Outcome) {
        if self.is_dropped[number] {
            return;
        }
        assert_eq!(outcome.last.len(), 1, "request {number} has no last event");
        match &outcome.last[0] {
            Ok(_) => {
                let mut request = self.requests[number].clone();
                request.deadline = None;
                assert_eq!(outcome.bytes(), alone(request).bytes(), "request {number}");
            }
            Err(Failure::DeadlineExceeded) => assert!(self.requests[number].deadline.is_some()),
            Err(Failure::Broken(_)) => assert!(self.mishaps > 0),
            Err(other) => panic!("{other:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn every_load_ends_with_every_request_answered_once_and_every_block_free(
        acts in prop::collection::vec(act(), 1..50),
        blocks in 8..40_usize,
        sequences in 1..10_usize,
        tokens_per_step in 1..200_usize,
        head_start in 0..50_u64,
    ) {
        let head_start = Duration::from_millis(head_start);
        let limits = Limits { sequences, tokens_per_step, head_start, queue: 30 };
        let bench = Bench::new(blocks, limits);
        let mut load = Load { bench, requests: Vec::new(), is_dropped: Vec::new(), mishaps: 0 };
        acts.iter().for_each(|act| load.act(act));
        let outcomes = load.bench.finish();
        for (number, outcome) in outcomes.iter().enumerate() {
            load.check(number, outcome);
        }
    }
}
