//! A decoder whose logits are a hash of everything that stands in a sequence's blocks, a vocabulary of bytes, and a
//! scheduler that is stepped by hand.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use futures::FutureExt;

use crate::model::decoder::{BLOCK_TOKENS, Decoder, DecoderError, Facts, Run};
use crate::model::engine::queue::order;
use crate::model::engine::scheduler::Scheduler;
use crate::model::engine::vocabulary::{Parts, Vocabulary};
use crate::model::engine::{Limits, Shared, Stream};
use crate::model::generate::{Event, Failure, Finish, Priority, Request, Sampling, Summary, Thinking};

pub(super) const END: u32 = 256;
pub(super) const OPEN: u32 = 257;
pub(super) const CLOSE: u32 = 258;
pub(super) const USER: u32 = 259;
pub(super) const NEWLINES: u32 = 260;
pub(super) const TOKENS: usize = 272;

/// Bytes, five tokens with a meaning, and some longer tokens.
pub(crate) static VOCABULARY: LazyLock<Arc<Vocabulary>> = LazyLock::new(|| {
    let mut tokens: Vec<Vec<u8>> = (0..=255_u8).map(|byte| vec![byte]).collect();
    let longer =
        ["<end>", "<think>", "</think>", "<user>", "\n\n", "{\"", "\": ", "true", "verdict", "quote", "\", "];
    tokens.extend(longer.iter().map(|text| text.as_bytes().to_vec()));
    let words: Vec<(u32, Vec<u8>)> =
        (0..).zip(tokens.clone()).filter(|(id, _)| !(END..NEWLINES).contains(id)).collect();
    let encode = move |bytes: &[u8]| {
        let (mut ids, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            let fits = words.iter().filter(|(_, word)| bytes[at..].starts_with(word));
            let (id, word) = fits.max_by_key(|(_, word)| word.len()).unwrap();
            ids.push(*id);
            at += word.len();
        }
        ids
    };
    let parts = Parts {
        tokens,
        ends: vec![END],
        specials: vec![USER],
        think_open: Some(OPEN),
        think_close: Some(CLOSE),
        after_thinking: vec![NEWLINES],
        encode: Some(Arc::new(encode)),
    };
    Arc::new(Vocabulary::new(parts).unwrap())
});

/// What a fake decoder saw and what it is to do.
#[derive(Default)]
pub(crate) struct Notes {
    /// Tokens that were computed.
    pub(super) computed: usize,
    /// Start and length of the runs of each step.
    pub(super) steps: Vec<Vec<(usize, usize)>>,
    /// What must not be.
    pub(super) wrongs: Vec<String>,
    /// What the next steps do, the last first.
    pub(super) mishaps: Vec<Mishap>,
}

/// What a step does instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mishap {
    None,
    OutOfMemory,
    Device,
    Panic,
    NotANumber,
    TooFewRows,
}

/// The decoder.
pub(crate) struct Fake {
    facts: Facts,
    memory: Vec<[Option<u32>; BLOCK_TOKENS]>,
    script: Option<(usize, Vec<u32>)>,
    notes: Arc<Mutex<Notes>>,
}

impl Fake {
    pub(crate) fn new(blocks: usize) -> (Box<Self>, Arc<Mutex<Notes>>) {
        Self::build(blocks, None)
    }

    /// One that says `script` after a prompt of so many tokens.
    pub(super) fn scripted(prompt: usize, script: Vec<u32>) -> Box<Self> {
        Self::build(64, Some((prompt, script))).0
    }

    fn build(blocks: usize, script: Option<(usize, Vec<u32>)>) -> (Box<Self>, Arc<Mutex<Notes>>) {
        let notes = Arc::new(Mutex::new(Notes::default()));
        let facts = Facts { vocabulary: TOKENS, context: 4096, blocks, is_batch_invariant: true };
        let memory = vec![[None; BLOCK_TOKENS]; blocks];
        (Box::new(Self { facts, memory, script, notes: Arc::clone(&notes) }), notes)
    }

    fn write(&mut self, run: &Run<'_>) {
        for (token, position) in run.tokens.iter().zip(run.start..) {
            let block = run.blocks[position / BLOCK_TOKENS] as usize;
            self.memory[block][position % BLOCK_TOKENS] = Some(*token);
        }
    }

    fn logits(&self, run: &Run<'_>) -> Vec<f32> {
        let count = run.start + run.tokens.len();
        let mut state = 0;
        for position in 0..count {
            let token = self.memory[run.blocks[position / BLOCK_TOKENS] as usize][position % BLOCK_TOKENS];
            if token.is_none() {
                self.notes.lock().unwrap().wrongs.push(format!("position {position} was never written"));
            }
            state = mix(state ^ u64::from(token.unwrap_or(u32::MAX)));
        }
        let said = self.script.as_ref().map(|(prompt, script)| {
            (count + 1).checked_sub(*prompt + 1).and_then(|at| script.get(at)).copied().unwrap_or(END)
        });
        let logit = |id: u32| {
            let random = mix(state ^ (u64::from(id) << 32)) >> 40;
            let is_text = (32..127).contains(&id);
            random as f32 / (1 << 22) as f32
                + if is_text { 3.0 } else { 0.0 }
                + if said == Some(id) { 50.0 } else { 0.0 }
        };
        (0..TOKENS as u32).map(logit).collect()
    }

    fn check(&self, runs: &[Run<'_>]) {
        let mut notes = self.notes.lock().unwrap();
        let mut written = Vec::new();
        for run in runs {
            let end = run.start + run.tokens.len();
            let first = run.start / BLOCK_TOKENS;
            if run.tokens.is_empty() || run.blocks.len() * BLOCK_TOKENS < end {
                notes.wrongs.push(format!("{} blocks for {end} positions", run.blocks.len()));
            }
            written.extend(run.blocks[first..].iter().copied());
        }
        for id in &written {
            let users = runs.iter().flat_map(|run| run.blocks).filter(|used| *used == id).count();
            if users != 1 {
                notes.wrongs.push(format!("block {id} is written while {users} use it"));
            }
        }
        notes.computed += runs.iter().map(|run| run.tokens.len()).sum::<usize>();
        notes.steps.push(runs.iter().map(|run| (run.start, run.tokens.len())).collect());
    }
}

fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

impl Decoder for Fake {
    fn facts(&self) -> Facts {
        self.facts
    }

    fn step(&mut self, runs: &[Run<'_>]) -> Result<Vec<Vec<f32>>, DecoderError> {
        self.check(runs);
        let mishap = self.notes.lock().unwrap().mishaps.pop().unwrap_or(Mishap::None);
        if matches!(mishap, Mishap::OutOfMemory | Mishap::Device | Mishap::Panic) {
            // What a failed step leaves behind is rubbish.
            for (run, block) in runs
                .iter()
                .flat_map(|run| run.blocks[run.start / BLOCK_TOKENS..].iter().map(move |block| (run, block)))
            {
                self.memory[*block as usize] = [Some(run.tokens[0] ^ 1); BLOCK_TOKENS];
            }
        }
        match mishap {
            Mishap::OutOfMemory => return Err(DecoderError::OutOfMemory("none of 80 GB".to_owned())),
            Mishap::Device => return Err(DecoderError::Device("Xid 79".to_owned())),
            Mishap::Panic => panic!("index out of bounds"),
            Mishap::None | Mishap::NotANumber | Mishap::TooFewRows => {}
        }
        runs.iter().for_each(|run| self.write(run));
        let wanting = runs.iter().filter(|run| run.wants_logits);
        let mut rows: Vec<Vec<f32>> = wanting.map(|run| self.logits(run)).collect();
        if mishap == Mishap::NotANumber {
            rows.iter_mut().for_each(|row| row[3] = f32::NAN);
        }
        if mishap == Mishap::TooFewRows {
            rows.push(vec![0.0]);
        }
        Ok(rows)
    }
}

/// A request with nothing special.
pub(super) fn request(prompt: impl IntoIterator<Item = u32>) -> Request {
    Request {
        prompt: prompt.into_iter().collect(),
        sampling: Sampling { temperature: 0.8, top_p: 0.95, seed: 1 },
        thinking: Some(Thinking { max_tokens: 40 }),
        schema: None,
        max_answer_tokens: 40,
        stop: Vec::new(),
        priority: Priority::Interactive,
        group: "bank/core".to_owned(),
        deadline: None,
    }
}

/// A prompt of so many tokens, another for another seed.
pub(super) fn prompt(seed: u64, length: usize) -> Vec<u32> {
    (0..length as u64).map(|at| (mix(seed << 32 ^ at) % 256) as u32).collect()
}

/// What came of a request.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    pub(super) thinking: String,
    pub(super) answer: String,
    pub(super) last: Vec<Result<Summary, Failure>>,
}

impl Outcome {
    pub(super) fn hear(&mut self, event: Event) {
        assert!(self.last.is_empty(), "an event after the last: {event:?}");
        match event {
            Event::Thinking(text) => self.thinking += &text,
            Event::Answer(text) => self.answer += &text,
            Event::Done(summary) => self.last.push(Ok(summary)),
            Event::Failed(failure) => self.last.push(Err(failure)),
        }
    }

    pub(super) fn summary(&self) -> &Summary {
        self.last[0].as_ref().unwrap()
    }

    pub(super) fn failure(&self) -> &Failure {
        self.last[0].as_ref().unwrap_err()
    }

    /// What must be the same in any company.
    pub(super) fn bytes(&self) -> (&str, &str, Finish, (u32, u32, bool)) {
        let summary = self.summary();
        let usage = summary.usage;
        let counts = (usage.thinking, usage.answer, summary.is_thinking_cut);
        (&self.thinking, &self.answer, summary.finish, counts)
    }
}

/// A scheduler that is stepped by hand.
pub(super) struct Bench {
    pub(super) scheduler: Scheduler,
    pub(super) notes: Arc<Mutex<Notes>>,
    pub(super) now: Instant,
    shared: Shared,
    heard: Vec<(Option<Stream>, Outcome)>,
}

impl Bench {
    pub(super) fn new(blocks: usize, limits: Limits) -> Self {
        let (decoder, notes) = Fake::new(blocks);
        let shared = Shared::new(decoder.facts(), Arc::clone(&VOCABULARY), limits);
        let scheduler = Scheduler::new(decoder, limits);
        Self { scheduler, notes, now: Instant::now(), shared, heard: Vec::new() }
    }

    /// Submits; the number of the request.
    pub(super) fn submit(&mut self, request: Request) -> Result<usize, Failure> {
        let (sequence, stream) = self.shared.prepare(request)?;
        self.heard.push((Some(stream), Outcome::default()));
        self.scheduler.arrive(sequence, self.now);
        self.listen();
        Ok(self.heard.len() - 1)
    }

    /// One step, a millisecond later.
    pub(super) fn step(&mut self) {
        self.now += Duration::from_millis(1);
        let first = self.scheduler.running.first().map(order);
        let first = first.filter(|first| self.scheduler.queue.orders().iter().all(|other| first < other));
        self.scheduler.step(self.now);
        let is_back = first.is_some_and(|first| self.scheduler.queue.orders().contains(&first));
        assert!(!is_back, "the most urgent was put back");
        self.scheduler.verify();
        self.listen();
    }

    /// Steps until nothing is left to do; the outcomes.
    pub(super) fn finish(&mut self) -> Vec<Outcome> {
        for _ in 0..100_000 {
            if self.scheduler.is_idle() {
                break;
            }
            self.step();
        }
        assert!(self.scheduler.is_idle(), "it never ends");
        assert_eq!(self.scheduler.counts().in_use, 0, "blocks are lost");
        assert!(self.scheduler.claims.is_empty(), "claims are left");
        assert_eq!(self.shared.tickets.taken(), 0, "places are lost");
        assert_eq!(self.notes.lock().unwrap().wrongs, Vec::<String>::new());
        self.heard.iter().map(|(_, outcome)| outcome.clone()).collect()
    }

    pub(super) fn drop_stream(&mut self, number: usize) {
        self.heard[number].0 = None;
    }

    pub(super) fn outcome(&self, number: usize) -> &Outcome {
        &self.heard[number].1
    }

    fn listen(&mut self) {
        for (stream, outcome) in &mut self.heard {
            let Some(stream) = stream else { continue };
            while outcome.last.is_empty() {
                let Some(Some(event)) = stream.recv().now_or_never() else { break };
                outcome.hear(event);
            }
        }
    }
}

/// What comes of a request that is served alone, with memory for anything.
pub(super) fn alone(request: Request) -> Outcome {
    let mut bench = Bench::new(256, Limits::default());
    bench.submit(request).unwrap();
    bench.finish().remove(0)
}

/// What comes of a request where the model would say `script`.
pub(super) fn scripted(request: Request, script: impl Into<Vec<u32>>) -> (Vec<String>, Outcome) {
    let decoder = Fake::scripted(request.prompt.len(), script.into());
    let engine = crate::model::engine::Engine::start(decoder, Arc::clone(&VOCABULARY), Limits::default());
    let mut outcome = Outcome::default();
    let mut pieces = Vec::new();
    for event in engine.submit(request).unwrap() {
        if let Event::Answer(text) = &event {
            pieces.push(text.clone());
        }
        outcome.hear(event);
    }
    (pieces, outcome)
}

/// The tokens of a text, byte by byte.
pub(crate) fn spell(text: &str) -> Vec<u32> {
    text.bytes().map(u32::from).collect()
}
