//! Proves, from outside: the harness that the proofs and benches use.
//!
//! The real binary, run on repositories made for the purpose. Nothing of the machine shines in: no variables
//! of a pipeline, no settings of a user.

mod binary;
mod browser;
mod repository;
mod run;

pub use binary::countersign;
pub use browser::{Browser, Window};
pub use repository::Repository;
pub use run::{Desk, Outcome};
