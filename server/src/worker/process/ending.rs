//! How a child ended: its last words, for the log alone, and what its exit code means, for a person.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

use analyzers::redact::Redactor;
use nix::sys::signal::Signal;
use tokio::io::AsyncReadExt as _;
use tokio::process::ChildStderr;
use tokio::task::JoinHandle;

/// Time for a child that hung up to end, and for its last words.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// Between two looks whether it has.
pub(super) const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Bytes of last words that are kept. More are read, so that the child does not wait, and forgotten.
const KEPT_BYTES: usize = 2 << 10;

/// What a child writes to stderr.
pub(super) struct LastWords(Option<JoinHandle<Vec<u8>>>);

impl LastWords {
    /// Listens until the child has ended.
    pub(super) fn listen(stderr: Option<ChildStderr>) -> Self {
        Self(stderr.map(|stderr| tokio::spawn(read(stderr))))
    }

    /// What was said, fit for a log: in one line, with stand-ins for secrets.
    pub(super) async fn take(&mut self) -> String {
        let Some(words) = self.0.take() else { return String::new() };
        let words = tokio::time::timeout(GRACE, words).await.ok().and_then(Result::ok).unwrap_or_default();
        let words = String::from_utf8_lossy(&words);
        let plain = |character: char| if character.is_control() { ' ' } else { character };
        Redactor::new().redact(words.trim_end()).chars().map(plain).collect()
    }
}

async fn read(mut stderr: ChildStderr) -> Vec<u8> {
    let (mut kept, mut buffer) = (Vec::new(), [0; 1024]);
    while let Ok(read @ 1..) = stderr.read(&mut buffer).await {
        let room = KEPT_BYTES.saturating_sub(kept.len());
        kept.extend_from_slice(&buffer[..read.min(room)]);
    }
    kept
}

/// The same in one word, for the meters.
pub(super) fn word(status: Option<ExitStatus>) -> &'static str {
    let signal = status.and_then(|status| status.signal()).map(Signal::try_from);
    match signal {
        None => "exit",
        Some(Ok(Signal::SIGABRT)) => "abort",
        Some(Ok(Signal::SIGSEGV | Signal::SIGBUS)) => "fault",
        Some(Ok(Signal::SIGKILL)) => "killed",
        Some(Ok(Signal::SIGXCPU)) => "time",
        Some(Ok(Signal::SIGXFSZ)) => "size",
        Some(Ok(_) | Err(_)) => "signal",
    }
}

/// What a person needs to know of an end without an answer.
pub(super) fn why(status: Option<ExitStatus>) -> String {
    let Some(status) = status else { return "nobody knows how".to_owned() };
    let Some(signal) = status.signal() else {
        return format!("it ended by itself with exit code {}", status.code().unwrap_or_default());
    };
    match Signal::try_from(signal) {
        Ok(Signal::SIGABRT) => "a fault, or want of memory (`limits.review_memory_bytes`)".to_owned(),
        Ok(Signal::SIGSEGV | Signal::SIGBUS) => "a fault of a parser, or code nested too deep".to_owned(),
        Ok(Signal::SIGKILL) => "by the system, mostly for want of memory, or by an operator".to_owned(),
        Ok(Signal::SIGXCPU) => "it used more processor time than `review.timeout_seconds` allows".to_owned(),
        Ok(Signal::SIGXFSZ) => "it wrote more than `limits.fetch_bytes` allows".to_owned(),
        _ => format!("signal {signal}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_has_words() {
        for signal in 1..32 {
            assert!(!why(Some(ExitStatus::from_raw(signal))).is_empty());
        }
        assert!(why(Some(ExitStatus::from_raw(3 << 8))).contains("exit code 3"));
        assert!(why(Some(ExitStatus::from_raw(6))).contains("review_memory_bytes"));
    }
}
