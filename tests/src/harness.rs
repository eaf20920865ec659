//! Forges made for a proof: stateful fakes of GitHub, GitLab and Gitea, each with a real git repository.
//!
//! A fake listens on loopback, refuses what its forge refuses, forgets nothing and can fail on demand. Its
//! people open, push and comment; its webhooks are signed like the forge's. All calls are synchronous.

mod anchor;
mod client;
mod delivery;
mod diff;
mod exchange;
mod fault;
mod files;
mod forge;
mod git;
mod gitea;
mod github;
mod gitlab;
mod model;
mod page;
mod people;
mod seen;
mod serve;
mod signature;
mod small_model;
mod smart_http;
mod template;
mod world;

pub use client::{Client, Received};
pub use delivery::{Delivery, Happening};
pub use exchange::Exchange;
pub use fault::Fault;
pub use files::Files;
pub use forge::{FakeForge, Kind, Plan};
pub use github::github_misfit;
pub use model::{FakeModel, Saying};
pub use seen::{SeenCheckRun, SeenComment, SeenPlace, SeenStatus};
pub use small_model::write_small_model;
pub use world::{Access, Side};
