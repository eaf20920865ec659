//! `countersign-server`: the service that a bank installs.
//!
//! Merge requests come in, reviews come out. The modules stand in the order in which an event walks through them.

mod cli;
mod config;
mod event;
mod merge_request;
mod record;

mod access;
mod doors;
mod problem;
mod telemetry;
mod webhook;

mod store;

mod command;
mod forge;
mod job;
mod model;
mod posting;
mod worker;

mod api;
mod dashboard;

mod demo;
mod replay;
mod serve;
mod service;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
