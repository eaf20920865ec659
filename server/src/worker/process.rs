//! Runs one child: starts it with nothing, speaks with it, and sees to it that it is gone afterwards.
//!
//! In: an order and who answers the child. Out: what the child ended with, or why it did not. Whoever drops the
//! run ends the child and all that it started.

mod ending;

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::desk::{Desk, Reply};
use super::frame;
use super::message::{Answered, Failure, FetchReport, FromChild, Order, ReviewReport};
use super::{WorkerError, WorkerEvent};
use crate::config::model::MOST_CONCURRENT;
use crate::telemetry::meters;

/// Questions of one child that are answered at once; a child has fewer threads that ask.
const QUESTIONS_AT_ONCE: usize = 16 + MOST_CONCURRENT;

/// Bytes beside a question: the request for a pack.
const MAX_QUESTION_BYTES: usize = 1 << 20;

/// What the tests' runner may say before the child does.
const PREAMBLE_BYTES: usize = if cfg!(test) { 256 } else { 0 };

/// What is started.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    pub(super) arguments: Vec<String>,
}

impl Program {
    /// This binary, even where its file has been replaced since it was started.
    pub(super) fn own() -> io::Result<Self> {
        let running = Path::new("/proc/self/exe");
        let path = if running.exists() { running.to_owned() } else { std::env::current_exe()? };
        #[cfg(not(test))]
        let arguments = vec!["worker".to_owned()];
        #[cfg(test)]
        let arguments = super::tests::child_arguments();
        Ok(Self { path, arguments })
    }
}

/// What a child is run with.
pub(super) struct Run {
    pub(super) order: Order,
    pub(super) desk: Arc<dyn Desk>,
    pub(super) events: Option<mpsc::Sender<WorkerEvent>>,
    pub(super) timeout: Duration,
}

/// What a child ended with.
pub(super) enum Ended {
    Fetched(FetchReport),
    Reviewed(Box<ReviewReport>, Vec<u8>),
    #[cfg(test)]
    Probed(String),
}

/// Why a child ended with nothing.
#[derive(Debug)]
pub(super) enum Fault {
    /// The mirror is damaged.
    Mirror(String),
    /// Anything else.
    Error(WorkerError),
}

impl From<WorkerError> for Fault {
    fn from(error: WorkerError) -> Self {
        Self::Error(error)
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(why) => Self::Error(WorkerError::Refused(why)),
            Failure::Skipped(why) => Self::Error(WorkerError::Skipped(why)),
            Failure::Git(why) => Self::Error(WorkerError::Git(why)),
            Failure::Mirror(why) => Self::Mirror(why),
            Failure::Broken(why) => Self::Error(WorkerError::Broken(why)),
        }
    }
}

impl Fault {
    /// The child said something that its order does not call for.
    pub(super) fn out_of_turn() -> Self {
        Self::Error(WorkerError::Broken("it answered something else than was asked".to_owned()))
    }

    /// The error, where a fresh mirror is no way out.
    pub(super) fn into_error(self) -> WorkerError {
        match self {
            Self::Mirror(why) => WorkerError::Git(format!("the mirror is damaged: {why}")),
            Self::Error(error) => error,
        }
    }
}

/// Runs a child to its end, and says what the system could not do to confine it.
pub(super) async fn run(
    program: &Program,
    data: &Path,
    run: Run,
    cancellation: &CancellationToken,
) -> Result<(Ended, Vec<String>), Fault> {
    let mut running = Running::start(program, data).map_err(|error| broken(&error))?;
    let timeout = tokio::time::sleep(run.timeout);
    let ended = tokio::select! {
        biased;
        () = cancellation.cancelled() => Err(WorkerError::Cancelled.into()),
        () = timeout => {
            meters::worker_killed("time");
            Err(WorkerError::TimedOut.into())
        }
        ended = running.converse(run) => ended,
    };
    running.end(ended).await
}

fn broken(error: &io::Error) -> Fault {
    Fault::Error(WorkerError::Broken(error.to_string()))
}

/// A child and its folder. Dropped, it is killed, and the runtime takes its exit code.
struct Running {
    child: Child,
    group: Option<Pid>,
    pipes: Option<(ChildStdin, ChildStdout)>,
    words: ending::LastWords,
    _folder: TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Running {
    fn start(program: &Program, data: &Path) -> io::Result<Self> {
        let parent = data.join("work");
        std::fs::create_dir_all(&parent)?;
        let folder = TempDir::new_in(parent)?;
        let mut command = Command::new(&program.path);
        command.args(&program.arguments).env_clear().current_dir(folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.process_group(0).kill_on_drop(true).spawn()?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw);
        let pipes = child.stdin.take().zip(child.stdout.take());
        let words = ending::LastWords::listen(child.stderr.take());
        Ok(Self { child, group, pipes, words, _folder: folder })
    }

    /// Kills the child and all of its group.
    fn kill(&mut self) {
        if let Some(group) = self.group.take() {
            // It may be gone already.
            let _ = killpg(group, Signal::SIGKILL);
        }
    }

    /// Gives what hung up the time to end by itself, so that its own exit code tells why.
    async fn let_end(&self) {
        let Some(group) = self.group else { return };
        let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT | WaitPidFlag::WNOHANG;
        let patience = tokio::time::Instant::now() + ending::GRACE;
        while waitid(Id::Pid(group), look) == Ok(WaitStatus::StillAlive)
            && tokio::time::Instant::now() < patience
        {
            tokio::time::sleep(ending::LOOK_AGAIN).await;
        }
    }

    /// Speaks with the child until it has answered, or ended.
    async fn converse(&mut self, run: Run) -> Result<(Ended, Vec<String>), Fault> {
        let Some((stdin, mut stdout)) = self.pipes.take() else {
            return Err(broken(&io::Error::other("it has no pipes")));
        };
        greeting(&mut stdout).await?;
        let (answers, to_write) = mpsc::channel(QUESTIONS_AT_ONCE);
        let (faults, mut fault) = mpsc::channel(1);
        let talk = Talk { run, answers, faults };
        let order = serde_json::to_value(&talk.run.order).map_err(|error| broken(&error.into()))?;
        tokio::select! {
            heard = talk.listen(stdout) => heard,
            Some(error) = fault.recv() => Err(Fault::Error(error)),
            // Where writing fails the child has ended, which listening tells.
            () = write(stdin, order, to_write) => Err(hung_up()),
        }
    }

    /// Sees the child to its end and finds words for an end that it gave itself no answer to.
    async fn end(
        mut self,
        ended: Result<(Ended, Vec<String>), Fault>,
    ) -> Result<(Ended, Vec<String>), Fault> {
        if matches!(&ended, Err(Fault::Error(WorkerError::Killed { .. }))) {
            self.let_end().await;
        }
        // Before its exit code is taken: until then nobody else has its number.
        self.kill();
        let status = self.child.wait().await.ok();
        let words = self.words.take().await;
        if !words.is_empty() {
            tracing::warn!(worker.words = words, "a worker complained");
        }
        match ended {
            Err(Fault::Error(WorkerError::Killed { .. })) => {
                let why = ending::why(status);
                meters::worker_killed(ending::word(status));
                tracing::warn!(worker.end = why, "a worker ended without an answer");
                Err(WorkerError::Killed { why }.into())
            }
            ended => ended,
        }
    }
}

/// The child is silent; why, its exit code tells.
fn hung_up() -> Fault {
    Fault::Error(WorkerError::Killed { why: String::new() })
}

async fn greeting(stdout: &mut ChildStdout) -> Result<(), Fault> {
    let mut heard = Vec::new();
    while !heard.ends_with(frame::GREETING) {
        if heard.len() >= frame::GREETING.len() + PREAMBLE_BYTES {
            let why = "it does not speak this service's protocol";
            return Err(WorkerError::Broken(why.to_owned()).into());
        }
        heard.push(stdout.read_u8().await.map_err(|_| hung_up())?);
    }
    Ok(())
}

/// Sends the order, and then answers as they come.
async fn write(
    mut stdin: ChildStdin,
    order: serde_json::Value,
    mut answers: mpsc::Receiver<(u64, Answered, Bytes)>,
) {
    if frame::send(&mut stdin, &order, &[]).await.is_err() {
        std::future::pending::<()>().await;
    }
    while let Some((id, answered, bytes)) = answers.recv().await {
        if frame::send(&mut stdin, &(id, answered), &bytes).await.is_err() {
            break;
        }
    }
    std::future::pending::<()>().await;
}

/// The listening half of a conversation.
struct Talk {
    run: Run,
    answers: mpsc::Sender<(u64, Answered, Bytes)>,
    faults: mpsc::Sender<WorkerError>,
}

impl Talk {
    async fn listen(&self, mut stdout: ChildStdout) -> Result<(Ended, Vec<String>), Fault> {
        let free = Arc::new(Semaphore::new(QUESTIONS_AT_ONCE));
        let mut answering = JoinSet::new();
        let mut missing = Vec::new();
        loop {
            let heard =
                frame::receive::<FromChild>(&mut stdout).await.map_err(|error| heard_wrong(&error))?;
            let Some((message, bytes)) = heard else { return Err(hung_up()) };
            while answering.try_join_next().is_some() {}
            match message {
                FromChild::Confined(lacks) => missing = lacks,
                FromChild::Event(event) => self.tell(event).await,
                FromChild::Ask(..) if bytes.len() > MAX_QUESTION_BYTES => return Err(Fault::out_of_turn()),
                FromChild::Ask(id, question) => {
                    let Ok(permit) = free.clone().acquire_owned().await else { return Err(hung_up()) };
                    let reply = Reply { id, to: self.answers.clone() };
                    let (desk, faults) = (self.run.desk.clone(), self.faults.clone());
                    answering.spawn(async move {
                        if let Err(error) = desk.answer(question, bytes, reply).await {
                            // One fault ends the child; a second one says no more.
                            let _ = faults.try_send(error);
                        }
                        drop(permit);
                    });
                }
                FromChild::Fetched(report) => return Ok((Ended::Fetched(report), missing)),
                FromChild::Reviewed(report_bytes) => return Ok((reviewed(report_bytes, bytes)?, missing)),
                #[cfg(test)]
                FromChild::Probed(found) => return Ok((Ended::Probed(found), missing)),
                FromChild::Failed(failure) => return Err(failure.into()),
            }
        }
    }

    async fn tell(&self, event: WorkerEvent) {
        if let Some(events) = &self.run.events {
            // Who has stopped listening is told nothing.
            let _ = events.send(event).await;
        }
    }
}

fn reviewed(report_bytes: usize, mut bytes: Vec<u8>) -> Result<Ended, Fault> {
    if report_bytes > bytes.len() {
        return Err(Fault::out_of_turn());
    }
    let rendered = bytes.split_off(report_bytes);
    let report = serde_json::from_slice(&bytes).map_err(|_| Fault::out_of_turn())?;
    Ok(Ended::Reviewed(Box::new(report), rendered))
}

/// A frame that breaks off is an end; one that is none is a fault.
fn heard_wrong(error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => hung_up(),
        _ => Fault::Error(WorkerError::Broken(format!("what it says cannot be read: {error}"))),
    }
}
