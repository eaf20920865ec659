//! The child: the same binary, started to read what strangers wrote, with no token, no network and little else.
//!
//! One order in; its answer out; and out goes the child. A crash in here ends a review, never the service.

use std::io;
use std::panic;
use std::process::ExitCode;
use std::sync::Arc;

use super::confine::{Reach, confine};
use super::message::{ChangeOrder, Failure, FromChild, Order, Task};
use super::pipe::{self, Pipe};
use super::{fetch, review};

/// The last fixes of what hostile packs can do to libgit2 are in this version.
const LEAST_LIBGIT2: (u32, u32, u32) = (1, 9, 7);

/// Reads one order from stdin, does it, answers on stdout.
pub(crate) fn run() -> ExitCode {
    // What a panic says may hold code; where it happened does not.
    panic::set_hook(Box::new(|fault| {
        let place = fault.location().map(ToString::to_string).unwrap_or_default();
        eprintln!("a fault at {place}");
    }));
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the pipe to the service: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let from = io::stdin();
    let order: Order = pipe::order(&from)?;
    let confined = confine(order.bounds, &reach(&order.task));
    let pipe = Pipe::open(from)?;
    let failed = |failure| (FromChild::Failed(failure), Vec::new());
    let (answer, bytes) = match confined {
        Ok(missing) => {
            pipe.say(&FromChild::Confined(missing), &[])?;
            work(order.task, &pipe).unwrap_or_else(failed)
        }
        Err(error) => failed(Failure::Broken(format!("limits cannot be set: {error}"))),
    };
    match pipe.say(&answer, &bytes) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            let reason = "the review is larger than a service takes; split the change".to_owned();
            pipe.say(&FromChild::Failed(Failure::Refused(reason)), &[])
        }
        said => said,
    }
}

/// What of the disk a task needs.
fn reach(task: &Task) -> Reach {
    match task {
        Task::Fetch(order) => Reach { writable: Some(order.mirror.clone()), ..Reach::default() },
        Task::Review(order) => {
            let mut readable = order.policies.clone();
            match &order.change {
                ChangeOrder::Versions { mirror, .. } => readable.push(mirror.clone()),
                ChangeOrder::Diff { .. } | ChangeOrder::Files => {}
            }
            Reach { readable, writable: None }
        }
        #[cfg(test)]
        Task::Probe(_) => Reach::default(),
    }
}

fn work(task: Task, pipe: &Arc<Pipe>) -> Result<(FromChild, Vec<u8>), Failure> {
    prepare_git()?;
    match task {
        Task::Fetch(order) => Ok((FromChild::Fetched(fetch::fetch(&order, pipe)?), Vec::new())),
        Task::Review(order) => {
            let (report, mut rendered) = review::review(&order, pipe)?;
            let mut bytes =
                serde_json::to_vec(&report).map_err(|error| Failure::Broken(error.to_string()))?;
            let report_bytes = bytes.len();
            bytes.append(&mut rendered);
            Ok((FromChild::Reviewed(report_bytes), bytes))
        }
        #[cfg(test)]
        Task::Probe(probe) => Ok((FromChild::Probed(super::tests::probe::run(probe)), Vec::new())),
    }
}

fn prepare_git() -> Result<(), Failure> {
    let version = git2::Version::get().libgit2_version();
    if version < LEAST_LIBGIT2 {
        return Err(Failure::Broken(format!(
            "libgit2 {}.{}.{} is too old to read what strangers send; build with {}.{}.{} or newer",
            version.0, version.1, version.2, LEAST_LIBGIT2.0, LEAST_LIBGIT2.1, LEAST_LIBGIT2.2
        )));
    }
    git2::opts::strict_hash_verification(true);
    git2::opts::strict_object_creation(true);
    Ok(())
}
