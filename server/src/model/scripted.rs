//! An engine for tests that plays a script: one character is one token, and budgets hold as in the real one.
//!
//! It remembers what it was asked, and how many completions are under way.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures::{StreamExt, stream};

use super::generate::{Event, Failure, Finish, Request, Summary, Timing, Usage};
use super::generator::{EventStream, Generator, Message, ModelCard, Role};

/// What a completion is like.
#[derive(Clone, Debug)]
pub(crate) enum Play {
    /// It thinks, and answers.
    Says(&'static str, &'static str),
    /// It cannot begin.
    Fails(Failure),
    /// It fails in the middle.
    Breaks(Failure),
    /// It thinks, and never ends.
    Hangs,
    /// It stops without a word.
    Vanishes,
}

/// An engine that plays a script: each play once, the last again and again.
pub(crate) struct Scripted {
    plays: Mutex<Vec<Play>>,
    seen: Mutex<Vec<Request>>,
    under_way: Arc<AtomicUsize>,
}

/// Counts a completion for as long as somebody listens.
struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Scripted {
    /// Plays these.
    pub(crate) fn playing(plays: &[Play]) -> Arc<Self> {
        let mut plays = plays.to_vec();
        plays.reverse();
        Arc::new(Self { plays: Mutex::new(plays), seen: Mutex::default(), under_way: Arc::default() })
    }

    /// What it was asked.
    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// The prompt of a request, as text.
    pub(crate) fn prompt(request: &Request) -> String {
        request.prompt.iter().filter_map(|token| char::from_u32(*token)).collect()
    }

    /// How many completions are under way.
    pub(crate) fn under_way(&self) -> usize {
        self.under_way.load(Ordering::SeqCst)
    }

    /// Waits until none is under way.
    pub(crate) async fn is_free(&self) {
        for _ in 0..500 {
            if self.under_way() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("a completion goes on that nobody waits for");
    }
}

#[async_trait]
impl Generator for Scripted {
    fn card(&self) -> ModelCard {
        ModelCard {
            name: "deepseek-ai/DeepSeek-R1-Scripted".to_owned(),
            created: 1_790_000_000,
            context: 2000,
            weights_digest: "sha256:5c21".to_owned(),
            is_reproducible: true,
        }
    }

    fn prompt_of_chat(&self, messages: &[Message]) -> Result<Vec<u32>, String> {
        if messages
            .iter()
            .rev()
            .skip(1)
            .any(|message| message.role == Role::System && messages[0] != *message)
        {
            return Err("a system message must be the first".to_owned());
        }
        let text: Vec<_> = messages.iter().map(|message| message.content.as_str()).collect();
        Ok(self.prompt_of_text(&text.join("\n")))
    }

    fn prompt_of_text(&self, text: &str) -> Vec<u32> {
        text.chars().map(u32::from).collect()
    }

    async fn generate(&self, request: Request) -> Result<EventStream, Failure> {
        self.seen.lock().unwrap().push(request.clone());
        let play = {
            let mut plays = self.plays.lock().unwrap();
            if plays.len() > 1 { plays.pop().unwrap() } else { plays[0].clone() }
        };
        self.under_way.fetch_add(1, Ordering::SeqCst);
        let guard = UnderWay(Arc::clone(&self.under_way));
        let thinks = Event::Thinking("hm, ".to_owned());
        let events = match play {
            Play::Fails(failure) => return Err(failure),
            Play::Says(thinking, answer) => stream::iter(said(&request, thinking, answer)).boxed(),
            Play::Breaks(failure) => stream::iter([thinks, Event::Failed(failure)]).boxed(),
            Play::Vanishes => stream::iter([thinks]).boxed(),
            Play::Hangs => stream::iter([thinks]).chain(stream::pending()).boxed(),
        };
        Ok(events
            .map(move |event| {
                let _ = &guard;
                event
            })
            .boxed())
    }
}

fn said(request: &Request, thinking: &str, answer: &str) -> Vec<Event> {
    let budget = request.thinking.map_or(0, |thinking| thinking.max_tokens as usize);
    let thought: Vec<char> = thinking.chars().take(budget).collect();
    let mut answered: Vec<char> = answer.chars().take(request.max_answer_tokens as usize).collect();
    let is_cut = answered.len() < answer.chars().count();
    let text: String = answered.iter().collect();
    let stop = request.stop.iter().filter_map(|stop| text.find(stop.as_str())).min();
    if let Some(stop) = stop {
        answered = text[..stop].chars().collect();
    }
    let pieces = |text: &[char]| text.chunks(3).map(|piece| piece.iter().collect()).collect::<Vec<String>>();
    let mut events: Vec<_> = pieces(&thought).into_iter().map(Event::Thinking).collect();
    events.extend(pieces(&answered).into_iter().map(Event::Answer));
    events.push(Event::Done(Summary {
        finish: if is_cut && stop.is_none() { Finish::Length } else { Finish::Stop },
        usage: Usage {
            prompt: u32::try_from(request.prompt.len()).unwrap(),
            cached: u32::try_from(request.prompt.len() / 2).unwrap(),
            thinking: u32::try_from(thought.len()).unwrap(),
            answer: u32::try_from(answered.len()).unwrap(),
        },
        timing: Timing { prefill: Duration::from_millis(7), ..Timing::default() },
        is_thinking_cut: thought.len() < thinking.chars().count(),
        is_reproducible: true,
    }));
    events
}
