//! `countersign completions`: a script that lets a shell complete commands and flags.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::exit::{Exit, Failure};
use crate::output;

const EXAMPLES: &str = "\
Examples:
  countersign completions bash > ~/.local/share/bash-completion/completions/countersign
  countersign completions zsh > ~/.zfunc/_countersign
  countersign completions powershell >> $PROFILE";

/// Print a script that lets a shell complete commands and flags
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CompletionsCommand {
    /// The shell
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(command: &CompletionsCommand, line: &mut Command) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, line, "countersign", &mut script);
    output::print(&script)?;
    Ok(Exit::Passed)
}
