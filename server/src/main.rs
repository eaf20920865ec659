//! `countersign-server`: the service that a bank installs.
//!
//! Merge requests come in, reviews come out. The modules stand in the order in which an event walks through them.
#![allow(dead_code)]

mod config;
mod event;
mod forge;
mod merge_request;
mod record;
mod worker;

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("worker") => worker::child::run(),
        _ => ExitCode::SUCCESS,
    }
}
