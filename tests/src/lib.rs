//! Proves, from outside: the harness that the proofs and benches use.
//!
//! The real binary, run on repositories made for the purpose, and a database server of the tests' own. Nothing of
//! the machine shines in: no variables of a pipeline, no settings of a user.

mod binary;
mod browser;
pub mod git_http;
pub mod harness;
mod postgres;
mod repository;
mod run;
mod service;

pub use binary::{countersign, countersign_server};
pub use browser::{Browser, Window};
pub use postgres::{Postgres, postgres};
pub use repository::Repository;
pub use run::{Desk, Outcome};
pub use service::{Service, Site, eventually};
