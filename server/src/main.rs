//! `countersign-server`: the service that a bank installs.
//!
//! Merge requests come in, reviews come out. The modules stand in the order in which an event walks through them.
#![allow(dead_code)]

mod access;
mod config;
mod dashboard;
mod event;
mod forge;
mod merge_request;
mod problem;
mod record;
mod telemetry;
mod webhook;

fn main() {}
