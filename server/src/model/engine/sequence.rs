//! A request on its way: its tokens, the blocks that hold what is computed of them, and what is written so far.

use std::time::Instant;

use super::prefix::{self, Key};
use super::stream::Teller;
use super::ticket::Ticket;
use super::writer::{Writer, Written};
use crate::model::decoder::{BLOCK_TOKENS, BlockId};
use crate::model::generate::{Event, Failure, Finish, Request, Summary, Timing, Usage};

/// A request on its way.
pub(super) struct Sequence {
    /// Its number, by arrival.
    pub(super) id: u64,
    /// Its place in the turns of its group.
    pub(super) turn: u64,
    /// Who goes first: the smallest. It does not change, so whoever waits long enough is the smallest one day.
    pub(super) urgency: i64,
    /// What was asked; the prompt went into `tokens`.
    pub(super) request: Request,
    /// Prompt and completion.
    pub(super) tokens: Vec<u32>,
    /// Names of its full blocks.
    pub(super) keys: Vec<Key>,
    /// Its blocks: as many as `computed` positions need.
    pub(super) blocks: Vec<BlockId>,
    /// Positions that are in its blocks.
    pub(super) computed: usize,
    /// Its first blocks that are known by their names.
    pub(super) published: usize,
    /// Logits after its last token, until a token is drawn from them.
    pub(super) logits: Option<Vec<f32>>,
    /// The meaning of its tokens.
    pub(super) writer: Writer,
    teller: Teller,
    ticket: Option<Ticket>,
    prompt_tokens: usize,
    cached_tokens: usize,
    preemptions: u32,
    clock: Clock,
}

struct Clock {
    submitted: Instant,
    scheduled: Option<Instant>,
    first_token: Option<Instant>,
}

impl Sequence {
    /// A request that arrives.
    pub(super) fn new(mut request: Request, writer: Writer, teller: Teller, ticket: Ticket) -> Self {
        let tokens = std::mem::take(&mut request.prompt);
        let mut sequence = Self {
            id: 0,
            turn: 0,
            urgency: 0,
            request,
            prompt_tokens: tokens.len(),
            tokens,
            keys: Vec::new(),
            blocks: Vec::new(),
            computed: 0,
            published: 0,
            logits: None,
            writer,
            teller,
            ticket: Some(ticket),
            cached_tokens: 0,
            preemptions: 0,
            clock: Clock { submitted: Instant::now(), scheduled: None, first_token: None },
        };
        prefix::extend(&mut sequence.keys, &sequence.tokens);
        sequence
    }

    /// Tokens that are not computed.
    pub(super) fn pending(&self) -> usize {
        self.tokens.len() - self.computed
    }

    /// Whether a whole block is missing that somebody else may have or be computing. The last token is never taken
    /// from others: its logits are needed.
    pub(super) fn can_share(&self) -> bool {
        let sharable = (self.tokens.len() - 1) / BLOCK_TOKENS;
        self.computed.is_multiple_of(BLOCK_TOKENS) && self.computed / BLOCK_TOKENS < sharable
    }

    /// Has its next block from the cache.
    pub(super) fn share(&mut self, block: BlockId) {
        self.blocks.push(block);
        self.computed += BLOCK_TOKENS;
        self.published = self.published.max(self.blocks.len());
        if self.preemptions == 0 {
            self.cached_tokens += BLOCK_TOKENS;
        }
    }

    /// Who waits for it, if anybody does; and why they will get nothing.
    pub(super) fn end_by(&self, now: Instant) -> Option<Failure> {
        if self.teller.is_alone() {
            return Some(Failure::Cancelled);
        }
        let is_late = self.request.deadline.is_some_and(|deadline| deadline <= now);
        is_late.then_some(Failure::DeadlineExceeded)
    }

    /// Leaves the queue.
    pub(super) fn schedule(&mut self) {
        self.ticket = None;
        self.clock.scheduled.get_or_insert_with(Instant::now);
    }

    /// Goes back to the queue; returns the blocks that it held.
    pub(super) fn put_back(&mut self) -> Vec<BlockId> {
        self.preemptions += 1;
        self.computed = 0;
        self.published = 0;
        self.logits = None;
        std::mem::take(&mut self.blocks)
    }

    /// Whether it waits for the second time or more.
    pub(super) fn was_put_back(&self) -> bool {
        self.preemptions > 0
    }

    /// Which draw comes next.
    pub(super) fn position(&self) -> u64 {
        (self.tokens.len() - self.prompt_tokens) as u64
    }

    /// Goes on by what was written.
    pub(super) fn apply(&mut self, written: Written) -> Option<Finish> {
        if !written.tokens.is_empty() && self.clock.scheduled.is_some() {
            self.clock.first_token.get_or_insert_with(Instant::now);
        }
        self.tokens.extend(written.tokens);
        prefix::extend(&mut self.keys, &self.tokens);
        for event in written.events {
            self.teller.tell(event);
        }
        written.finish
    }

    /// Tells that it is whole.
    pub(super) fn finish(&self, finish: Finish, is_reproducible: bool) {
        let (thinking, answer) = self.writer.counts();
        let count = |tokens: usize| u32::try_from(tokens).unwrap_or(u32::MAX);
        let usage = Usage {
            prompt: count(self.prompt_tokens),
            cached: count(self.cached_tokens.min(self.prompt_tokens)),
            thinking,
            answer,
        };
        let is_thinking_cut = self.writer.is_thinking_cut();
        let timing = self.clock.timing(Instant::now());
        self.teller.tell(Event::Done(Summary { finish, usage, timing, is_thinking_cut, is_reproducible }));
    }

    /// Tells that there will be nothing.
    pub(super) fn fail(&self, failure: Failure) {
        self.teller.tell(Event::Failed(failure));
    }
}

impl Clock {
    fn timing(&self, now: Instant) -> Timing {
        let scheduled = self.scheduled.unwrap_or(now);
        let first_token = self.first_token.unwrap_or(now);
        Timing {
            queued: scheduled.saturating_duration_since(self.submitted),
            prefill: first_token.saturating_duration_since(scheduled),
            decode: now.saturating_duration_since(first_token),
        }
    }
}
