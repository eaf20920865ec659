//! How a run ends: the exit codes that scripts rely on, and the failures that lead to them.
//!
//! Codes: 0 passed, 1 findings, 2 wrong use or unreadable input, 3 not reviewed. Nothing else ends in 0.

use std::io;
use std::panic;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use analyzers::change::diff_text::DiffError;
use analyzers::change::git::GitError;
use analyzers::gate::State;
use analyzers::policy::PolicyError;
use anstream::eprintln;
use anstyle::{AnsiColor, Style};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

const ERROR: Style = AnsiColor::Red.on_default().bold();

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing stands in the way.
    Passed,
    /// Findings at or above the threshold, or examples that fail.
    Findings,
    /// Wrong use, or input that cannot be read.
    Unusable,
    /// Something could not be reviewed, so that nobody can tell.
    NotReviewed,
}

impl From<State> for Exit {
    fn from(state: State) -> Self {
        match state {
            State::Passed => Self::Passed,
            State::Failed => Self::Findings,
            State::NotReviewed | State::Partial => Self::NotReviewed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Passed => 0,
            Exit::Findings => 1,
            Exit::Unusable => 2,
            Exit::NotReviewed => 3,
        })
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Policies with mistakes, every one of them.
    Policies(Vec<PolicyError>),
    /// A diff that is none.
    Diff(DiffError),
    /// A repository that does not give what was asked.
    Repository(GitError),
    /// Wrong use, or a file that cannot be read or written.
    Other(anyhow::Error),
    /// There was nothing to be sure of.
    NothingToTell(String),
}

impl Failure {
    /// The exit code that it ends in.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Policies(_) | Self::Diff(_) | Self::Repository(_) | Self::Other(_) => Exit::Unusable,
            Self::NothingToTell(_) => Exit::NotReviewed,
        }
    }

    /// Says on stderr what is wrong and what to do.
    pub(crate) fn tell(&self) {
        match self {
            Self::Policies(errors) => errors.iter().for_each(|error| tell(&error.to_string())),
            Self::Diff(error) => tell(&error.to_string()),
            Self::Repository(error) => tell(&error.to_string()),
            Self::Other(error) => tell(&format!("{error:#}")),
            Self::NothingToTell(reason) => tell(reason),
        }
    }
}

fn tell(what: &str) {
    eprintln!("{ERROR}error:{ERROR:#} {}", harmless(what));
}

/// The text with control characters written out: names of files may hold commands for a terminal.
pub(crate) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => shown.push('\n'),
            _ if character.is_control() => shown.push_str(&format!("<U+{:04X}>", u32::from(character))),
            _ => shown.push(character),
        }
    }
    shown
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        Self::Repository(error)
    }
}

impl From<DiffError> for Failure {
    fn from(error: DiffError) -> Self {
        Self::Diff(error)
    }
}

impl From<Vec<PolicyError>> for Failure {
    fn from(errors: Vec<PolicyError>) -> Self {
        Self::Policies(errors)
    }
}

/// Ends the run at once on Ctrl-C and on a request to stop, also as the first process of a container, where
/// nothing else would.
pub(crate) fn on_signals() {
    for signal in [SIGINT, SIGTERM] {
        let always = Arc::new(AtomicBool::new(true));
        // Without the handler the signal still ends the run, by the system's own means.
        let _: io::Result<_> = flag::register_conditional_shutdown(signal, 128 + signal, always);
    }
}

/// Says of a panic where in Countersign it happened, and nothing of the code under review.
pub(crate) fn on_panics() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line()));
        tell(&format!(
            "Countersign {} has a fault{}; please report this line",
            env!("CARGO_PKG_VERSION"),
            place.unwrap_or_default()
        ));
    }));
}
