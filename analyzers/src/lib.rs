//! Decides what a change breaks: a change set and the policies in, findings and a gate outcome out.
//!
//! Pure and synchronous: no clock, no environment, no network; disk only in `policy/load.rs` and
//! `change/git.rs`. The modules stand in the order in which a review walks through them.

mod candidate;
pub mod change;
pub mod configuration;
pub mod evaluation;
pub mod finding;
mod flow;
pub mod gate;
pub mod model;
pub mod policy;
pub mod redact;
mod region;
pub mod report;
pub mod review;
pub mod sources;
pub mod text;
mod verdict;
