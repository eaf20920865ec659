//! Deadlines, cancels, and a device that fails: each ends its requests at once, and nothing else.

use std::sync::Arc;
use std::time::Duration;

use super::fake::{Bench, Fake, Mishap, VOCABULARY, alone, prompt, request};
use crate::model::engine::{Engine, Limits};
use crate::model::generate::{Event, Failure, Request};

fn ask(seed: u64) -> Request {
    request(prompt(seed, 70))
}

#[test]
fn a_deadline_ends_it_within_one_step_running_or_waiting() {
    let mut bench = Bench::new(64, Limits { sequences: 1, ..Limits::default() });
    let mut late = ask(0);
    late.deadline = Some(bench.now + Duration::from_millis(5));
    let running = bench.submit(late.clone()).unwrap();
    let waiting = bench.submit(late).unwrap();
    (0..4).for_each(|_| bench.step());
    assert!(bench.outcome(running).last.is_empty() && bench.scheduler.counts().in_use > 0);
    bench.step();
    assert_eq!(*bench.outcome(running).failure(), Failure::DeadlineExceeded);
    assert_eq!(*bench.outcome(waiting).failure(), Failure::DeadlineExceeded);
    assert_eq!(bench.scheduler.counts().in_use, 0);
    bench.finish();
}

#[test]
fn letting_go_ends_it_within_one_step() {
    let mut bench = Bench::new(64, Limits::default());
    let both = [bench.submit(ask(0)).unwrap(), bench.submit(ask(1)).unwrap()];
    (0..3).for_each(|_| bench.step());
    both.into_iter().for_each(|number| bench.drop_stream(number));
    bench.step();
    assert!(bench.scheduler.is_idle());
    bench.finish();
}

#[test]
fn a_failed_step_fails_its_requests_and_no_other() {
    for mishap in [Mishap::OutOfMemory, Mishap::Device, Mishap::Panic, Mishap::TooFewRows] {
        let mut bench = Bench::new(64, Limits { sequences: 2, ..Limits::default() });
        let numbers: Vec<usize> = (0..4).map(|seed| bench.submit(ask(seed / 2)).unwrap()).collect();
        (0..6).for_each(|_| bench.step());
        bench.notes.lock().unwrap().mishaps.push(mishap);
        let outcomes = bench.finish();
        let failed = |number: &usize| matches!(outcomes[*number].last[0], Err(Failure::Broken(_)));
        assert_eq!(numbers.iter().filter(|number| failed(number)).count(), 2, "{mishap:?}");
        for number in numbers.iter().filter(|number| !failed(number)) {
            assert_eq!(outcomes[*number].bytes(), alone(ask(*number as u64 / 2)).bytes());
        }
    }
}

#[test]
fn a_failure_says_what_failed() {
    for (mishap, text) in [
        (Mishap::OutOfMemory, "no memory left: none of 80 GB"),
        (Mishap::Device, "Xid 79"),
        (Mishap::Panic, "index out of bounds"),
        (Mishap::NotANumber, "numbers that are none"),
        (Mishap::TooFewRows, "of 272 were wanted"),
    ] {
        let mut bench = Bench::new(64, Limits::default());
        bench.submit(ask(0)).unwrap();
        bench.notes.lock().unwrap().mishaps.push(mishap);
        let outcome = bench.finish().remove(0);
        assert!(outcome.failure().to_string().contains(text), "{:?}", outcome.failure());
    }
}

#[test]
fn what_a_failed_step_may_have_spoilt_is_not_taken_from_the_cache() {
    let mut bench = Bench::new(64, Limits::default());
    bench.submit(ask(0)).unwrap();
    bench.finish();
    bench.notes.lock().unwrap().mishaps.push(Mishap::Device);
    bench.submit(ask(1)).unwrap();
    bench.finish();
    let again = bench.submit(ask(0)).unwrap();
    let outcomes = bench.finish();
    assert_eq!(outcomes[again].summary().usage.cached, 0);
    assert_eq!(outcomes[again].bytes(), outcomes[0].bytes());
}

#[test]
fn a_device_that_fails_thrice_in_a_row_is_given_up_and_a_good_step_forgives() {
    let (decoder, notes) = Fake::new(64);
    let engine = Engine::start(decoder, Arc::clone(&VOCABULARY), Limits::default());
    let last = |engine: &Engine| engine.submit(ask(0)).map(Iterator::last);
    let fail = || notes.lock().unwrap().mishaps.push(Mishap::Device);
    for _ in 0..2 {
        fail();
        assert!(matches!(last(&engine), Ok(Some(Event::Failed(Failure::Broken(_))))));
    }
    assert!(matches!(last(&engine), Ok(Some(Event::Done(_)))));
    for _ in 0..3 {
        fail();
        assert!(matches!(last(&engine), Ok(Some(Event::Failed(Failure::Broken(_))))));
    }
    // The state is told after the streams.
    let refused = (0..1000).find_map(|_| {
        std::thread::sleep(Duration::from_millis(1));
        last(&engine).err()
    });
    let Some(Failure::Broken(reason)) = refused else { panic!("{refused:?}") };
    assert!(reason.contains("3 times in a row") && reason.contains("Xid 79"), "{reason}");
    assert_eq!(engine.state().broken, Some(reason));
}

#[test]
fn a_stream_is_heard_in_asynchronous_code_and_the_engine_ends_its_work_without_handles() {
    let (decoder, _) = Fake::new(64);
    let engine = Engine::start(decoder, Arc::clone(&VOCABULARY), Limits::default());
    let mut stream = engine.submit(ask(0)).unwrap();
    drop(engine);
    let mut outcome = super::fake::Outcome::default();
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        while let Some(event) = stream.recv().await {
            outcome.hear(event);
        }
    });
    assert_eq!(outcome.bytes(), alone(ask(0)).bytes());
}
