//! `countersign-server demo`: the service itself, with a sample bank's repository on a stand-in forge.
//!
//! Nothing is played but the bank: merge requests go through webhook, queue, review and posting as anywhere else,
//! and what is printed is what the forge got.

mod forge;
mod git;
mod page;
mod play;
mod sample;

pub(crate) use play::{Play, run};
