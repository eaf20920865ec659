//! `countersign policy`: lists, shows, proves and checks policies, and prints their schema.

mod check;
mod list;
mod pack;
mod show;
mod test;

use clap::Subcommand;

use analyzers::policy::schema::policy_schema;

use crate::desk::Desk;
use crate::exit::{Exit, Failure};
use crate::output;

/// Work on policies: list, show, prove and check them
#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    List(list::ListCommand),
    Show(show::ShowCommand),
    Test(test::TestCommand),
    Check(check::CheckCommand),
    /// Print the JSON Schema of a policy file
    Schema,
}

/// Does one of them.
pub(crate) fn run(command: &PolicyCommand, desk: &Desk) -> Result<Exit, Failure> {
    match command {
        PolicyCommand::List(command) => list::run(command, desk),
        PolicyCommand::Show(command) => show::run(command, desk),
        PolicyCommand::Test(command) => test::run(command, desk),
        PolicyCommand::Check(command) => check::run(command, desk),
        PolicyCommand::Schema => {
            output::print(policy_schema().as_bytes())?;
            Ok(Exit::Passed)
        }
    }
}
