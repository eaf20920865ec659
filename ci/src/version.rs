//! `countersign --version`: what decides, so that two machines can be compared.

use analyzers::policy::PolicySet;

use crate::exit::{Exit, Failure};
use crate::output;

/// Prints the version with the digest of the built-in policies.
pub(crate) fn run() -> Result<Exit, Failure> {
    let set = PolicySet::builtin()?;
    let text = format!(
        "countersign {}\nbuilt-in policies {} ({} in force)\n",
        env!("CARGO_PKG_VERSION"),
        set.digest(),
        set.in_force().count()
    );
    output::print(text.as_bytes())?;
    Ok(Exit::Passed)
}
