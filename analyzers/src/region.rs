//! Files as parsed, and the regions of them that a change touches.
//!
//! In: bytes of one version of a file. Out: text, tree and lines of it, or why it cannot be read.

mod changed;
mod source_file;

pub(crate) use crate::region::changed::{ChangedRegion, changed, whole};
pub(crate) use crate::region::source_file::SourceFile;
