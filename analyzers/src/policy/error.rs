//! What is wrong with a policy file, for the person who wrote it: file, line, field, remedy.

use std::fmt;

/// One mistake in one policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// The file as the user named it, or `built-in/…`.
    pub file: String,
    /// Line in the file, from 1; `None` where the whole file is meant.
    pub line: Option<u64>,
    /// The field, such as `checks[0].pattern.java`.
    pub field: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        if !self.field.is_empty() {
            write!(formatter, ": `{}`", self.field)?;
        }
        write!(formatter, ": {}", self.problem)?;
        if !self.remedy.is_empty() {
            write!(formatter, "\n  {}", self.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for PolicyError {}

/// The chain of an error's causes in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{}: {cause_text}", text.trim_end_matches('.'));
        }
        source = cause.source();
    }
    text
}
