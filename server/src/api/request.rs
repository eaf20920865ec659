//! A review as a caller writes it: the body of `POST /v1/reviews`.
//!
//! Only the form; `check` makes an order of it or says which field is wrong.

use analyzers::policy::Severity;
use analyzers::report::{Detail, Format};
use analyzers::text::Locale;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

/// A change (a diff, best with the contents of its files), or files alone to have them scanned whole.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewRequest {
    /// What the caller calls the repository, such as `bank/core`.
    pub(crate) repository: Option<String>,
    /// The change as unified diff text, of git or of `diff -u`.
    pub(crate) diff: Option<String>,
    /// How the diff is written.
    #[serde(default)]
    pub(crate) diff_encoding: Encoding,
    /// Contents of files: beside a diff both versions of what it touches, without one the files to scan.
    #[serde(default)]
    pub(crate) files: Vec<FileForm>,
    /// The full object id of the base, where there is one.
    pub(crate) base: Option<String>,
    /// The full object id of the head, where there is one.
    pub(crate) head: Option<String>,
    /// The lowest severity at which an enforced finding blocks. Left out: what the operator set.
    pub(crate) fail_on: Option<Severity>,
    /// Whether questions for the model that nobody asked leave the review `partial`. Left out: what the operator
    /// set.
    pub(crate) require_model: Option<bool>,
    /// A report to send along.
    pub(crate) report: Option<ReportForm>,
}

/// A file. A version that is left out is not known; one that is `null` has no such file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileForm {
    /// Its path in the repository, with `/` between its parts.
    pub(crate) path: String,
    /// Its content at base.
    #[serde(default, deserialize_with = "told")]
    pub(crate) base: Option<Option<String>>,
    /// Its content at head.
    #[serde(default, deserialize_with = "told")]
    pub(crate) head: Option<Option<String>>,
    /// How both contents are written.
    #[serde(default)]
    pub(crate) encoding: Encoding,
}

/// Tells `null` from nothing.
fn told<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// How bytes are written in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub(crate) enum Encoding {
    /// As it is.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// In base64 (RFC 4648, with padding): for bytes that are not UTF-8.
    #[serde(rename = "base64")]
    Base64,
}

/// A report to make of the review.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportForm {
    /// Its form.
    pub(crate) format: Format,
    /// The reader's language.
    #[serde(default)]
    pub(crate) language: Locale,
    /// Columns of the terminal, 20 to 1000; only the text report has use for it.
    pub(crate) width: Option<usize>,
    /// Whether the text report may use colours.
    #[serde(default)]
    pub(crate) colour: bool,
    /// How much the text report tells.
    #[serde(default)]
    pub(crate) detail: Detail,
    /// The repository's address, where it is known: SARIF names revisions only beside it.
    pub(crate) repository: Option<String>,
}
