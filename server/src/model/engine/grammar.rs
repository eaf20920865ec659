//! Binds an answer to a JSON schema, token by token.
//!
//! The mask of allowed tokens is computed on other threads while the network computes; whoever waits for one waits
//! alone. Where the schema leaves no choice, its tokens are written without asking the network.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, sync_channel};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use llguidance::Matcher;
use llguidance::api::TopLevelGrammar;
use rayon::{ThreadPool, ThreadPoolBuilder};
use serde_json::{Value, json};
use toktrie::SimpleVob;

use super::vocabulary::Vocabulary;

/// Masks have threads of their own: on those that the network computes with they would make it wait.
static THREADS: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let builder = ThreadPoolBuilder::new().num_threads((cores / 4).clamp(1, 8));
    builder.thread_name(|number| format!("model-mask-{number}")).build().ok()
});

/// Schemas that are kept compiled: those of a review's questions.
const KNOWN_SCHEMAS: usize = 16;

/// Schemas that were asked for lately, compiled.
#[derive(Default)]
pub(super) struct Grammars {
    known: Mutex<VecDeque<(Value, Matcher)>>,
}

/// A schema and how far an answer to it is.
pub(super) struct Grammar {
    work: Work,
}

enum Work {
    /// Nothing is known of the next token.
    Ready(Box<Matcher>),
    /// Another thread finds out.
    Computing(Receiver<Computed>),
    /// These may stand.
    Known(Box<Matcher>, SimpleVob),
    /// It went wrong.
    Lost(String),
}

type Computed = (Box<Matcher>, Result<SimpleVob, String>);

impl Grammars {
    /// A schema before the first token of its answer.
    ///
    /// # Errors
    /// The schema cannot be held to, with the reason.
    pub(super) fn open(&self, vocabulary: &Vocabulary, schema: &Value) -> Result<Grammar, String> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().position(|(other, _)| other == schema).and_then(|at| known.remove(at));
        let (schema, matcher) = match found {
            Some(found) => found,
            None => {
                // Others may compile theirs meanwhile.
                drop(known);
                let compiled = (schema.clone(), compile(vocabulary, schema)?);
                known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                compiled
            }
        };
        let work = Work::Ready(Box::new(matcher.deep_clone()));
        known.push_front((schema, matcher));
        known.truncate(KNOWN_SCHEMAS);
        Ok(Grammar { work })
    }
}

impl Grammar {
    /// Goes on by a token that was drawn or forced.
    pub(super) fn take(&mut self, token: u32) -> Result<(), String> {
        let mut matcher = self.matcher()?;
        let taken = matcher.consume_token(token).map_err(|error| first_line(&error.to_string()));
        self.work = match &taken {
            Ok(()) => Work::Ready(matcher),
            Err(error) => Work::Lost(error.clone()),
        };
        taken
    }

    /// Tokens that the schema leaves no choice about; not yet taken.
    pub(super) fn forced(&mut self) -> Result<Vec<u32>, String> {
        let mut matcher = self.matcher()?;
        let tokens = if matcher.is_stopped() { Vec::new() } else { matcher.compute_ff_tokens() };
        if let Some(error) = matcher.get_error() {
            return Err(first_line(&error));
        }
        self.work = Work::Ready(matcher);
        Ok(tokens)
    }

    /// Whether the answer is whole and nothing can follow.
    pub(super) fn is_over(&self) -> bool {
        matches!(&self.work, Work::Ready(matcher) | Work::Known(matcher, _) if matcher.is_stopped())
    }

    /// Has the next mask computed elsewhere.
    pub(super) fn compute(&mut self) {
        match std::mem::replace(&mut self.work, Work::Lost("its mask is being computed".to_owned())) {
            Work::Ready(mut matcher) => {
                let (sender, receiver) = sync_channel(1);
                let work = move || {
                    let mask = matcher.compute_mask().map_err(|error| first_line(&error.to_string()));
                    // Nobody listens where the request is gone.
                    let _ = sender.send((matcher, mask));
                };
                match &*THREADS {
                    Some(threads) => threads.spawn(work),
                    None => rayon::spawn(work),
                }
                self.work = Work::Computing(receiver);
            }
            other => self.work = other,
        }
    }

    /// The tokens that may stand next; `None` as long as they are being found out.
    pub(super) fn mask(&mut self) -> Result<Option<&SimpleVob>, String> {
        if let Work::Computing(receiver) = &self.work {
            match receiver.try_recv() {
                Ok(computed) => self.learn(computed)?,
                Err(TryRecvError::Empty) => return Ok(None),
                Err(TryRecvError::Disconnected) => return Err(GONE.to_owned()),
            }
        }
        match &self.work {
            Work::Known(_, mask) => Ok(Some(mask)),
            Work::Lost(error) => Err(error.clone()),
            Work::Ready(_) | Work::Computing(_) => Err("its mask was never computed".to_owned()),
        }
    }

    /// Waits for the mask, where nothing else is to be done.
    pub(super) fn wait(&mut self, at_most: Duration) -> Result<(), String> {
        let Work::Computing(receiver) = &self.work else { return Ok(()) };
        match receiver.recv_timeout(at_most) {
            Ok(computed) => self.learn(computed),
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Err(RecvTimeoutError::Disconnected) => Err(GONE.to_owned()),
        }
    }

    fn learn(&mut self, (matcher, mask): Computed) -> Result<(), String> {
        self.work = match mask {
            Ok(mask) => Work::Known(matcher, mask),
            Err(error) => Work::Lost(error),
        };
        match &self.work {
            Work::Lost(error) => Err(error.clone()),
            _ => Ok(()),
        }
    }

    fn matcher(&mut self) -> Result<Box<Matcher>, String> {
        match std::mem::replace(&mut self.work, Work::Lost(GONE.to_owned())) {
            Work::Ready(matcher) | Work::Known(matcher, _) => Ok(matcher),
            Work::Computing(_) => Err("a token was drawn before its mask was known".to_owned()),
            Work::Lost(error) => {
                self.work = Work::Lost(error.clone());
                Err(error)
            }
        }
    }
}

const GONE: &str = "the schema's state was lost";

fn compile(vocabulary: &Vocabulary, schema: &Value) -> Result<Matcher, String> {
    let grammar = TopLevelGrammar::from_json_schema(with_narrow_whitespace(schema));
    let mut matcher = Matcher::new(vocabulary.factory().create_parser(grammar));
    let first = matcher.compute_mask();
    match matcher.get_error() {
        Some(error) => Err(first_line(&error)),
        None => first.map(|_| matcher).map_err(|error| first_line(&error.to_string())),
    }
}

/// JSON allows any amount of blanks, in which a model can lose itself: allowed is what people write on one line.
fn with_narrow_whitespace(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Value::Object(fields) = &mut schema {
        let narrow = json!({ "whitespace_flexible": false, "item_separator": ", ", "key_separator": ": " });
        fields.entry("x-guidance").or_insert(narrow);
    }
    schema
}

/// Errors of the compiler end in dumps of its state.
fn first_line(error: &str) -> String {
    error.lines().next().unwrap_or("unknown").to_owned()
}
