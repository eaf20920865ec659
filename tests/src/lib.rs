//! Proves, from outside: the harness that the proofs and benches use.
//!
//! The real binary, run on repositories made for the purpose, and a database server of the tests' own. Nothing of
//! the machine shines in: no variables of a pipeline, no settings of a user.

mod binary;
pub mod git_http;
mod postgres;
pub mod harness;
mod repository;
mod run;
mod service;

pub use binary::{countersign, countersign_server};
pub use postgres::{Postgres, postgres};
pub use repository::Repository;
pub use run::{Desk, Outcome};
pub use service::{Service, Site, eventually};
