//! The engine: a thread that owns a decoder and serves requests, many at once, each with a stream of events.
//!
//! In: `Request`s from any thread. Out: what is written, as it is written. Every stream has exactly one last event;
//! no request's bytes depend on who else is served; memory is the decoder's blocks and never more.

mod admit;
mod blocks;
mod check;
mod grammar;
mod meter;
mod plan;
mod prefix;
mod queue;
mod sample;
mod scheduler;
mod sequence;
mod settle;
mod stream;
mod text;
mod thinking;
mod ticket;
pub(crate) mod vocabulary;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use candle_core::Device;

use self::blocks::Counts;
use self::grammar::Grammars;
use self::scheduler::Scheduler;
use self::sequence::Sequence;
pub(crate) use self::stream::Stream;
use self::ticket::Tickets;
use self::vocabulary::Vocabulary;
use self::writer::Writer;
use super::decoder::{BLOCK_TOKENS, Decoder, Facts};
use super::generate::{Failure, Request};
use crate::telemetry::meters;

/// A handle on an engine. The engine ends when no handle is left and what it was asked is done.
#[derive(Clone)]
pub(crate) struct Engine {
    inbox: Sender<Sequence>,
    shared: Arc<Shared>,
}

/// How much an engine takes on at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Requests that run at the same time.
    pub(crate) sequences: usize,
    /// Requests that may wait.
    pub(crate) queue: usize,
    /// Tokens of one step: more reads prompts faster, fewer answers others sooner.
    pub(crate) tokens_per_step: usize,
    /// How much later a request of the next higher priority may come and still go first.
    pub(crate) head_start: Duration,
}

/// What an engine is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct State {
    /// Requests that run.
    pub(crate) running: usize,
    /// Requests that wait.
    pub(crate) waiting: usize,
    /// Blocks of KV memory.
    pub(crate) blocks: Counts,
    /// Tokens of completions a second, over the last ten seconds.
    pub(crate) tokens_per_second: f64,
    /// Tokens through the network a second, prompts too.
    pub(crate) computed_per_second: f64,
    /// Tokens of completions since the start.
    pub(crate) tokens: u64,
    /// Tokens through the network since the start.
    pub(crate) computed: u64,
    /// Times that a running request was put back because memory was short.
    pub(crate) preemptions: u64,
    /// Why nothing works any more.
    pub(crate) broken: Option<String>,
}

struct Shared {
    vocabulary: Arc<Vocabulary>,
    facts: Facts,
    limits: Limits,
    tickets: Tickets,
    grammars: Grammars,
    state: Mutex<State>,
}

impl Engine {
    /// Starts an engine on a thread of its own.
    pub(crate) fn start(decoder: Box<dyn Decoder>, vocabulary: Arc<Vocabulary>, limits: Limits) -> Self {
        let shared = Arc::new(Shared::new(decoder.facts(), vocabulary, limits));
        let (inbox, requests) = channel();
        let engine = Self { inbox, shared: Arc::clone(&shared) };
        let serve = move || serve(Scheduler::new(decoder, limits), &requests, &shared);
        if let Err(error) = std::thread::Builder::new().name("model-engine".to_owned()).spawn(serve) {
            engine.shared.state().broken = Some(format!("its thread cannot be started: {error}"));
        }
        engine
    }

    /// Asks for a completion. Compiles the schema, so it may take some milliseconds.
    ///
    /// # Errors
    /// `Busy` where the queue is full, `Refused` where it can never be done, `Broken` where nothing works any more.
    pub(crate) fn submit(&self, request: Request) -> Result<Stream, Failure> {
        let shared = &self.shared;
        if let Some(reason) = &shared.state().broken {
            return Err(Failure::Broken(reason.clone()));
        }
        let (sequence, stream) = shared.prepare(request)?;
        let ended = |_| Failure::Broken("the engine has ended".to_owned());
        self.inbox.send(sequence).map_err(ended)?;
        Ok(stream)
    }

    /// What it is doing, as of its last step.
    #[cfg(test)]
    pub(crate) fn state(&self) -> State {
        self.shared.state().clone()
    }
}

impl Default for Limits {
    /// For one machine that serves reviews: a batch that fills a GPU, steps that a person does not notice.
    fn default() -> Self {
        Self { sequences: 64, queue: 1024, tokens_per_step: 1024, head_start: Duration::from_secs(60) }
    }
}

impl Limits {
    /// For a device: a processor computes a step of a GPU's size for many seconds, in which nobody could cancel.
    pub(crate) fn on(device: &Device) -> Self {
        match device.is_cpu() {
            true => Self { sequences: 32, tokens_per_step: 128, ..Self::default() },
            false => Self::default(),
        }
    }

    /// With room for at least one sequence, and for a piece of a prompt beside a token of every sequence.
    fn sound(mut self) -> Self {
        self.sequences = self.sequences.max(1);
        self.tokens_per_step = self.tokens_per_step.max(self.sequences + BLOCK_TOKENS);
        self
    }
}

impl Shared {
    fn new(facts: Facts, vocabulary: Arc<Vocabulary>, limits: Limits) -> Self {
        let (limits, tickets) = (limits.sound(), Tickets::default());
        Self { vocabulary, facts, limits, tickets, grammars: Grammars::default(), state: Mutex::default() }
    }

    /// A request that can be done, and who listens to it.
    fn prepare(&self, request: Request) -> Result<(Sequence, Stream), Failure> {
        check::check(&request, &self.facts, &self.vocabulary)?;
        let full = || Failure::Busy(format!("{} requests wait already", self.limits.queue));
        let ticket = self.tickets.take(self.limits.queue).ok_or_else(full)?;
        let schema = request.schema.as_ref();
        let grammar = schema.map(|schema| self.grammars.open(&self.vocabulary, schema)).transpose();
        let grammar = grammar
            .map_err(|error| Failure::Refused(format!("the answer cannot be held to the schema: {error}")))?;
        let writer = Writer::new(Arc::clone(&self.vocabulary), &request, grammar);
        let (teller, stream) = stream::stream();
        Ok((Sequence::new(request, writer, teller, ticket), stream))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves until nobody can ask any more.
fn serve(mut scheduler: Scheduler, requests: &Receiver<Sequence>, shared: &Shared) {
    loop {
        if scheduler.is_idle() {
            match requests.recv() {
                Ok(sequence) => scheduler.arrive(sequence, Instant::now()),
                Err(_) => return,
            }
        }
        while let Ok(sequence) = requests.try_recv() {
            scheduler.arrive(sequence, Instant::now());
        }
        let step = catch_unwind(AssertUnwindSafe(|| scheduler.step(Instant::now())));
        if let Err(panic) = step {
            let reason = format!("a fault of the engine itself: {}", scheduler::message(&*panic));
            tracing::error!("the model's engine gives up: {reason}");
            scheduler.give_up(reason);
        }
        let mut state = state(&scheduler);
        state.waiting += shared.tickets.taken();
        meters::engine(&state);
        *shared.state() = state;
    }
}

fn state(scheduler: &Scheduler) -> State {
    let (tokens_per_second, tokens) = scheduler.meter.writing();
    let (computed_per_second, computed) = scheduler.meter.computing();
    State {
        running: scheduler.running.len(),
        waiting: scheduler.queue.put_back(),
        blocks: scheduler.counts(),
        tokens_per_second,
        computed_per_second,
        tokens,
        computed,
        preemptions: scheduler.preemptions,
        broken: scheduler.broken().map(str::to_owned),
    }
}

#[cfg(test)]
pub(super) mod tests;
