//! Reports: renderings of a review, one file per format.
//!
//! A review in, bytes out. Formats see a review only as `Shown`: secrets and personal data in messages and
//! source lines have stand-ins. What comes out depends on the review and the options alone.

mod codequality;
mod diff;
pub mod document;
pub mod escape;
mod excerpt;
mod json;
mod junit;
mod markdown;
pub mod reasons;
mod sarif;
mod shown;
mod summary;
mod text;
pub mod visible;
mod words;
mod wrap;

use std::fmt;
use std::io;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::review::Review;
use crate::text::Locale;
use shown::Shown;

pub use document::schema;

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For a developer at a terminal.
    Text,
    /// Countersign's own JSON; its schema is `schemas/review.schema.json`.
    Json,
    /// SARIF 2.1.0, which forges and editors read.
    Sarif,
    /// GitLab Code Quality.
    CodeQuality,
    /// JUnit XML, which every CI server reads.
    Junit,
    /// A merge request comment or a CI summary.
    Markdown,
}

/// How much a text report tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Detail {
    /// Every finding with its lines, why it matters and how to mend it.
    #[default]
    Full,
    /// One line for each finding that blocks.
    Brief,
}

/// How a report should look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The reader's language.
    pub locale: Locale,
    /// Columns of the terminal; only the text report has use for it.
    pub width: usize,
    /// Whether the text report may use colours.
    pub colour: bool,
    /// The repository's absolute URI where it is known: SARIF names revisions only beside it.
    pub repository: Option<String>,
    /// How much the text report tells.
    pub detail: Detail,
}

impl Default for Options {
    fn default() -> Self {
        Self { locale: Locale::default(), width: 100, colour: false, repository: None, detail: Detail::Full }
    }
}

/// Renders one format.
type Render = fn(&Shown<'_>, &Options, &mut dyn io::Write) -> io::Result<()>;

const TABLE: [(Format, &str, Render); 6] = [
    (Format::Text, "text", text::render),
    (Format::Json, "json", json::render),
    (Format::Sarif, "sarif", sarif::render),
    (Format::CodeQuality, "codequality", codequality::render),
    (Format::Junit, "junit", junit::render),
    (Format::Markdown, "markdown", markdown::render),
];

/// Writes `review` to `out` in `format`.
///
/// # Errors
/// Only those of `out`.
pub fn render(review: &Review, format: Format, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let (_, _, render) = format.row();
    render(&Shown::of(review), options, out)
}

impl Format {
    /// Every format.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(format, ..)| *format)
    }

    fn row(self) -> &'static (Self, &'static str, Render) {
        TABLE.iter().find(|(format, ..)| *format == self).expect("every format has a row")
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.row().1)
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        TABLE.iter().find(|(_, known, _)| *known == name).map(|(format, ..)| *format).ok_or_else(|| {
            let known: Vec<_> = TABLE.iter().map(|(_, known, _)| *known).collect();
            format!("unknown report format `{name}`; use one of {}", known.join(", "))
        })
    }
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
