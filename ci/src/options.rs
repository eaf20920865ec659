//! Flags that several commands share: which policies, which report, what ends in which exit code.

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

use analyzers::policy::{PolicySet, Selection, Severity};
use analyzers::report::Format;
use analyzers::review::Review;
use anyhow::anyhow;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::exit::Failure;

/// A parser of a value that is one of these names.
pub(crate) fn one_of<T>(names: impl IntoIterator<Item = impl Display>) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = String> + Clone + Send + Sync + 'static,
{
    let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    PossibleValuesParser::new(names).try_map(|name| name.parse::<T>())
}

/// Which policies are used.
#[derive(Args)]
#[command(next_help_heading = "Policies")]
pub(crate) struct PolicyOptions {
    /// Folder of further policies; one of the same id replaces the built-in one (repeatable)
    #[arg(long = "policies", value_name = "DIR")]
    pub(crate) folders: Vec<PathBuf>,
    /// Leave the built-in policies out
    #[arg(long)]
    pub(crate) no_builtin: bool,
}

impl PolicyOptions {
    /// The policies, at least one of them in force. They live as long as the program: to free them takes time
    /// and is of no use.
    pub(crate) fn read(&self) -> Result<&'static PolicySet, Failure> {
        let set = PolicySet::read(Selection { builtin: !self.no_builtin, folders: &self.folders })?;
        if set.in_force().next().is_none() {
            return Err(anyhow!(
                "there is no policy in force; name a folder that has some with `--policies DIR`, or drop `--no-builtin`"
            )
            .into());
        }
        Ok(Box::leak(Box::new(set)))
    }
}

/// What the report looks like, and what fails.
#[derive(Args)]
#[command(next_help_heading = "Report and outcome")]
pub(crate) struct ReportOptions {
    /// Form of the report
    #[arg(short, long, value_name = "FORMAT", default_value_t = Format::Text, value_parser = one_of::<Format>(Format::all()))]
    pub(crate) format: Format,
    /// Write the report to FILE, whole or not at all, instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Lowest severity that ends in exit code 1, of policies that block
    #[arg(long, value_name = "SEVERITY", default_value_t = Severity::Major, value_parser = one_of::<Severity>(Severity::ALL))]
    pub(crate) fail_on: Severity,
    /// End in exit code 3 where a question for the model was not asked
    #[arg(long)]
    pub(crate) require_model: bool,
}

impl ReportOptions {
    /// Where the model is required, a review with unasked questions is a partial one.
    pub(crate) fn judge(&self, review: &mut Review) {
        if self.require_model {
            review.require_answers();
        }
    }
}
