//! Children that are confined, and children that die: the service lives, and knows why.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::probe::Probe;
use super::{config, host};
use crate::config::Config;
use crate::worker::desk::ReviewDesk;
use crate::worker::message::{Order, Task};
use crate::worker::process::{Ended, Fault};
use crate::worker::{Seam, WorkerError};

async fn probed_by(
    config: &Config,
    probe: Probe,
    token: &CancellationToken,
) -> Result<(String, Vec<String>), WorkerError> {
    let host = host(config);
    let order = Order { task: Task::Probe(probe), bounds: host.bounds };
    let desk = Arc::new(ReviewDesk { diff: Bytes::new(), seam: Seam::default() });
    match host.run(order, desk, None, token).await.map_err(Fault::into_error)? {
        (Ended::Probed(found), missing) => Ok((found, missing)),
        _ => panic!("a probe answers as a probe"),
    }
}

async fn probed(probe: Probe) -> Result<(String, Vec<String>), WorkerError> {
    let data = TempDir::new().unwrap();
    let mut config = config(data.path());
    config.limits.review_memory_bytes = 1 << 30;
    let probed = probed_by(&config, probe, &CancellationToken::new()).await;
    assert_eq!(data.path().join("work").read_dir().unwrap().count(), 0, "a child leaves nothing behind");
    probed
}

async fn is_killed(probe: Probe, why: &str) {
    match probed(probe).await {
        Err(WorkerError::Killed { why: said }) => assert!(said.contains(why), "{said}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_confined_child_has_no_network_no_files_no_programs_and_no_other_process() {
    let (worked, missing) = probed(Probe::Forbidden).await.unwrap();
    let lacks = |what: &str| missing.iter().any(|missing| missing.starts_with(what));
    // Nothing of it fails by itself: unconfined it works.
    assert!(std::fs::read("/etc/passwd").is_ok() && std::net::UdpSocket::bind("127.0.0.1:0").is_ok());
    let worked: Vec<&str> = worked.split(", ").filter(|what| !what.is_empty()).collect();
    // A kernel without one of the two fences says so, and then the other one is what this proves.
    if !lacks("landlock") && !lacks("seccomp") {
        assert_eq!(worked, [""; 0]);
    }
    if !lacks("seccomp") {
        assert!(
            worked
                .iter()
                .all(|what| what.starts_with("read ") || what.starts_with("write ") || *what == "list /"),
            "{worked:?}"
        );
    }
}

#[tokio::test]
async fn a_child_gets_no_environment_and_may_start_threads() {
    assert_eq!(probed(Probe::Surroundings).await.unwrap().0, "0 variables, thread true");
}

#[tokio::test]
async fn a_child_that_dies_is_an_error_and_nothing_else_dies() {
    is_killed(Probe::Memory, "review_memory_bytes").await;
    is_killed(Probe::Abort, "fault").await;
    is_killed(Probe::Kill, "by the system").await;
    is_killed(Probe::Stack, "fault").await;
    is_killed(Probe::Leave, "exit code 7").await;
}

#[tokio::test]
async fn a_child_that_takes_too_long_is_ended() {
    let data = TempDir::new().unwrap();
    let mut config = config(data.path());
    config.review.timeout_seconds = 1;
    for probe in [Probe::Hang, Probe::Processor] {
        let ended = probed_by(&config, probe, &CancellationToken::new()).await;
        assert_eq!(ended.unwrap_err(), WorkerError::TimedOut);
    }
}

#[tokio::test]
async fn a_child_that_nobody_wants_any_more_is_ended() {
    let data = TempDir::new().unwrap();
    let token = CancellationToken::new();
    let cancel = token.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        cancel.cancel();
    });
    let ended = probed_by(&config(data.path()), Probe::Hang, &token).await;
    assert_eq!(ended.unwrap_err(), WorkerError::Cancelled);
}
