//! The engine under load: several sequences at once, and several questions over one text.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::{BenchError, tokens};
use crate::model::arch::{self, Devices, Settings};
use crate::model::decoder::BLOCK_TOKENS;
use crate::model::engine::vocabulary::{Parts, Vocabulary};
use crate::model::engine::{Engine, Limits, Stream};
use crate::model::generate::{Event, Failure, Priority, Request, Sampling, Summary};
use crate::model::weights::Weights;

/// Sequences at once.
const BATCHES: [usize; 5] = [1, 2, 4, 8, 16];
/// Tokens of a prompt in a batch, and of its answer.
const TURN: (usize, u32) = (32, 32);

/// Questions over one text.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Questions {
    /// How many.
    pub(crate) count: usize,
    /// Tokens that they share.
    pub(crate) shared: usize,
    /// Tokens of each.
    pub(crate) own: usize,
    /// Tokens that each is thought about and answered with.
    pub(crate) written: u32,
}

/// What so many sequences at once take.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Batch {
    /// How many.
    pub(crate) sequences: usize,
    /// Tokens of answers a second, of all together.
    pub(crate) decode: f64,
    /// Seconds until the last of them had its first token.
    pub(crate) first_token_seconds: f64,
}

/// What the prefix cache gains.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Prefix {
    /// What was asked.
    pub(crate) questions: Questions,
    /// Seconds that as many prompts take that share nothing.
    pub(crate) apart_seconds: f64,
    /// Seconds until each of the questions has its first token.
    pub(crate) shared_seconds: f64,
    /// Tokens of the questions that went through the network.
    pub(crate) computed_tokens: u64,
    /// How many times fewer tokens there are to compute.
    pub(crate) possible: f64,
}

impl Prefix {
    /// How many times sooner the questions were answered.
    pub(crate) fn gain(&self) -> f64 {
        self.apart_seconds / self.shared_seconds
    }
}

/// The questions from their arrival to the last answer.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Review {
    /// Seconds where one is asked after the other, and they share nothing.
    pub(crate) alone_seconds: f64,
    /// Seconds where all are asked at once, and share their prefix.
    pub(crate) together_seconds: f64,
}

impl Review {
    /// How many times sooner the last answer came.
    pub(crate) fn gain(&self) -> f64 {
        self.alone_seconds / self.together_seconds
    }
}

/// Batches, then the questions.
pub(super) fn measure(
    path: &Path,
    devices: &Devices,
    questions: Questions,
) -> Result<(Vec<Batch>, Prefix, Review), BenchError> {
    let bench = Bench::open(path, devices, questions)?;
    let batches = BATCHES.iter().map(|sequences| bench.batch(*sequences)).collect::<Result<_, _>>()?;
    let (prefix, review) = bench.questions(questions)?;
    Ok((batches, prefix, review))
}

struct Bench {
    engine: Engine,
    vocabulary: usize,
}

impl Bench {
    /// With memory for all that is asked, so that nothing waits for it.
    fn open(path: &Path, devices: &Devices, questions: Questions) -> Result<Self, BenchError> {
        let weights = Weights::open(path)?;
        let of_questions =
            questions.count * (questions.shared + questions.own + questions.written as usize + BLOCK_TOKENS);
        let of_batches = BATCHES.iter().sum::<usize>() * (TURN.0 + TURN.1 as usize + BLOCK_TOKENS);
        let memory_bytes = (2 * of_questions + of_batches) * arch::bytes_per_token(weights.shape());
        let decoder = arch::load(&weights, &Settings { devices: devices.clone(), memory_bytes })?;
        let rows = decoder.facts().vocabulary;
        // Nothing is written for people: every token is a letter, and the one that ends is never likely enough.
        let ends = vec![u32::try_from(rows).unwrap_or(u32::MAX) - 1];
        let parts = Parts { tokens: vec![b"a".to_vec(); rows], ends, ..Parts::default() };
        let vocabulary = Vocabulary::new(parts).map_err(|error| Failure::Broken(error.to_string()))?;
        let engine = Engine::start(decoder, Arc::new(vocabulary), Limits::on(devices.first()));
        Ok(Self { engine, vocabulary: rows })
    }

    fn batch(&self, sequences: usize) -> Result<Batch, BenchError> {
        let prompts = (0..sequences).map(|number| tokens(sequences * 100 + number, TURN.0, self.vocabulary));
        let done = self.answers(prompts.collect(), TURN.1)?;
        let written: u32 = done.iter().map(|done| done.usage.answer).sum();
        let first = |done: &Summary| done.timing.queued + done.timing.prefill;
        let decode = done.iter().map(|done| done.timing.decode).max().unwrap_or_default();
        Ok(Batch {
            sequences,
            decode: f64::from(written) / decode.as_secs_f64(),
            first_token_seconds: done.iter().map(first).max().unwrap_or_default().as_secs_f64(),
        })
    }

    fn questions(&self, questions: Questions) -> Result<(Prefix, Review), BenchError> {
        let Questions { count, shared, own, written } = questions;
        let started = Instant::now();
        let mut apart = Duration::ZERO;
        for number in 0..count {
            let prompt = tokens(10_000 + number, shared + own, self.vocabulary);
            let done = self.answers(vec![prompt], written)?;
            apart += done.iter().map(|done| done.timing.prefill).sum::<Duration>();
        }
        let alone_seconds = started.elapsed().as_secs_f64();
        let over = |text: usize| -> Vec<Vec<u32>> {
            let of = |number| tokens(text + 1 + number, own, self.vocabulary);
            let text = tokens(text, shared, self.vocabulary);
            (0..count).map(|number| [text.clone(), of(number)].concat()).collect()
        };
        let (prefixed, cached) = self.timed(over(20_000), 1)?;
        let (together, _) = self.timed(over(30_000), written)?;
        let whole = (count * (shared + own)) as u64;
        let prefix = Prefix {
            questions,
            apart_seconds: apart.as_secs_f64(),
            shared_seconds: prefixed.as_secs_f64(),
            computed_tokens: whole - cached,
            possible: whole as f64 / (shared + count * own) as f64,
        };
        Ok((prefix, Review { alone_seconds, together_seconds: together.as_secs_f64() }))
    }

    /// How long prompts take until each has its answer, and how many of their tokens were found in the cache.
    fn timed(&self, prompts: Vec<Vec<u32>>, written: u32) -> Result<(Duration, u64), BenchError> {
        let started = Instant::now();
        let done = self.answers(prompts, written)?;
        Ok((started.elapsed(), done.iter().map(|done| u64::from(done.usage.cached)).sum()))
    }

    fn answers(&self, prompts: Vec<Vec<u32>>, tokens: u32) -> Result<Vec<Summary>, BenchError> {
        let submit = |prompt| self.engine.submit(request(prompt, tokens));
        let streams = prompts.into_iter().map(submit).collect::<Result<Vec<_>, _>>()?;
        Ok(streams.into_iter().map(summary).collect::<Result<_, _>>()?)
    }
}

fn summary(stream: Stream) -> Result<Summary, Failure> {
    for event in stream {
        match event {
            Event::Done(summary) => return Ok(summary),
            Event::Failed(failure) => return Err(failure),
            Event::Thinking(_) | Event::Answer(_) => {}
        }
    }
    Err(Failure::Broken("it ended without a word".to_owned()))
}

fn request(prompt: Vec<u32>, max_answer_tokens: u32) -> Request {
    Request {
        prompt,
        sampling: Sampling { temperature: 0.6, top_p: 0.95, seed: 1 },
        thinking: None,
        schema: None,
        max_answer_tokens,
        stop: Vec::new(),
        priority: Priority::Background,
        group: String::new(),
        deadline: None,
    }
}
