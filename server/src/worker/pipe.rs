//! The child's end of the pipes: questions of any number of threads, each with its own answers.
//!
//! One thread reads; where the pipe ends, the service is gone and so is the child.

use std::collections::HashMap;
use std::io::{self, Read, Stdin, Stdout, Write as _};
use std::process;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use analyzers::finding::Finding;
use analyzers::model::{Completion, Model, ModelError, Prompt};
use analyzers::policy::Severity;
use analyzers::redact::Redactor;
use analyzers::report::document;
use analyzers::review::Observer;
use analyzers::sources::{Side, SourceError, Sources};

use super::WorkerEvent;
use super::frame::{self, Frame};
use super::message::{Answered, FromChild, Question};

/// Parts of an answer that may wait to be read; more would only be memory.
const WAITING_PARTS: usize = 4;

/// The exit code where the service is gone.
const SERVICE_GONE: i32 = 3;

/// The pipes, shared by the child's threads.
pub(super) struct Pipe {
    out: Mutex<Stdout>,
    next: AtomicU64,
    waiting: Mutex<HashMap<u64, SyncSender<Frame<Answered>>>>,
}

impl Pipe {
    /// Takes over stdin and stdout.
    pub(super) fn open(from: Stdin) -> io::Result<Arc<Self>> {
        let pipe = Arc::new(Self {
            out: Mutex::new(io::stdout()),
            next: AtomicU64::new(0),
            waiting: Mutex::default(),
        });
        let own = pipe.clone();
        std::thread::Builder::new().name("pipe".to_owned()).spawn(move || own.listen(&from))?;
        Ok(pipe)
    }

    fn listen(&self, from: &Stdin) {
        let mut from = from.lock();
        while let Ok(Some(((id, answered), bytes))) = frame::read::<(u64, Answered)>(&mut from) {
            let is_last = !matches!(answered, Answered::Part);
            let sender = if is_last { self.waiting().remove(&id) } else { self.waiting().get(&id).cloned() };
            if let Some(sender) = sender {
                // Who no longer waits for an answer does not get it.
                let _ = sender.send((answered, bytes));
            }
        }
        process::exit(SERVICE_GONE);
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, SyncSender<Frame<Answered>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says something to the service.
    pub(super) fn say(&self, message: &FromChild, bytes: &[u8]) -> io::Result<()> {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        frame::write(&mut *out, message, bytes)
    }

    /// Asks the service; the answer comes in one or many frames.
    pub(super) fn ask(&self, question: Question, bytes: &[u8]) -> io::Result<Receiver<Frame<Answered>>> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = sync_channel(WAITING_PARTS);
        self.waiting().insert(id, sender);
        self.say(&FromChild::Ask(id, question), bytes)?;
        Ok(receiver)
    }

    /// Asks for what is answered in one frame.
    fn ask_once(&self, question: Question) -> io::Result<Frame<Answered>> {
        self.ask(question, &[])?.recv().map_err(|_| out_of_turn())
    }

    /// Asks for bytes that come in parts.
    pub(super) fn ask_stream(&self, question: Question, bytes: &[u8]) -> io::Result<Stream> {
        Ok(Stream { parts: self.ask(question, bytes)?, current: io::Cursor::default(), has_ended: false })
    }
}

fn out_of_turn() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the service answered something else than was asked")
}

/// Bytes that come in parts.
pub(super) struct Stream {
    parts: Receiver<Frame<Answered>>,
    current: io::Cursor<Vec<u8>>,
    has_ended: bool,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.current.read(buffer)?;
            if read > 0 || buffer.is_empty() || self.has_ended {
                return Ok(read);
            }
            let (answered, bytes) = self.parts.recv().map_err(|_| out_of_turn())?;
            self.has_ended = match answered {
                Answered::Part => false,
                Answered::End => true,
                Answered::File(_) | Answered::Paths(_) | Answered::Completed(_) => return Err(out_of_turn()),
            };
            self.current = io::Cursor::new(bytes);
        }
    }
}

/// Files that the service has.
pub(super) struct PipeSources(pub(super) Arc<Pipe>);

impl Sources for PipeSources {
    fn read(&self, side: Side, path: &str) -> Result<Vec<u8>, SourceError> {
        match self.0.ask_once(Question::Read(side, path.to_owned())).map_err(unreadable)? {
            (Answered::File(result), bytes) => result.map(|()| bytes),
            _ => Err(unreadable(out_of_turn())),
        }
    }

    fn list(&self, side: Side) -> Result<Vec<String>, SourceError> {
        match self.0.ask_once(Question::List(side)).map_err(unreadable)? {
            (Answered::Paths(result), _) => result,
            _ => Err(unreadable(out_of_turn())),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn unreadable(error: io::Error) -> SourceError {
    SourceError::Unreadable(error.to_string())
}

/// The model that the service has.
pub(super) struct PipeModel(pub(super) Arc<Pipe>);

impl Model for PipeModel {
    fn complete(&self, prompt: &Prompt) -> Result<Completion, ModelError> {
        let unavailable = |error: io::Error| ModelError::Unavailable(error.to_string());
        match self.0.ask_once(Question::Complete(Box::new(prompt.clone()))).map_err(unavailable)? {
            (Answered::Completed(result), _) => result,
            _ => Err(unavailable(out_of_turn())),
        }
    }
}

/// Tells the service how far the review is.
pub(super) struct PipeObserver {
    pipe: Arc<Pipe>,
    done: AtomicUsize,
    total: usize,
    fail_on: Severity,
    redactor: Mutex<Redactor>,
}

impl PipeObserver {
    /// For a review of so many files.
    pub(super) fn new(pipe: Arc<Pipe>, total: usize, fail_on: Severity) -> Self {
        Self { pipe, done: AtomicUsize::new(0), total, fail_on, redactor: Mutex::default() }
    }

    fn tell(&self, event: WorkerEvent) {
        // An event that gets lost is in the review all the same.
        let _ = self.pipe.say(&FromChild::Event(event), &[]);
    }
}

impl Observer for PipeObserver {
    fn file_done(&self, path: &str) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.tell(WorkerEvent::FileDone { path: path.to_owned(), done, total: self.total });
    }

    fn region(&self, path: &str, start_line: u32, end_line: u32) {
        self.tell(WorkerEvent::Region { path: path.to_owned(), start_line, end_line });
    }

    fn candidate(&self, policy: &str, path: &str, line: u32) {
        self.tell(WorkerEvent::Candidate { policy: policy.to_owned(), path: path.to_owned(), line });
    }

    fn finding(&self, finding: &Finding) {
        let mut redactor = self.redactor.lock().unwrap_or_else(PoisonError::into_inner);
        let record = document::of_finding(finding, self.fail_on, &mut redactor);
        self.tell(WorkerEvent::Finding(Box::new(record)));
    }
}

/// Greets the service and reads what it orders.
pub(super) fn order<T: serde::de::DeserializeOwned>(from: &Stdin) -> io::Result<T> {
    let mut out = io::stdout().lock();
    out.write_all(frame::GREETING)?;
    out.flush()?;
    drop(out);
    let order = frame::read::<T>(&mut from.lock())?;
    order.map(|(order, _)| order).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}
