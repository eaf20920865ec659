//! Countersign's own JSON report: everything that a review says, in a published form.
//!
//! A review in; one document of `schemas/review.schema.json` out.

use std::io;

use super::shown::Shown;
use super::{Options, document, visible};

/// Writes the document.
pub(super) fn render(shown: &Shown<'_>, _options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    visible::write_json(&document::document(shown), out)
}
