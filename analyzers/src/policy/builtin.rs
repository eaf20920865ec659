//! The built-in pack: every file of `policies/`, carried inside the binary.

use crate::policy::PolicyFile;

include!(concat!(env!("OUT_DIR"), "/pack.rs"));

/// The files of the built-in pack, sorted by path.
pub fn files() -> impl Iterator<Item = PolicyFile> {
    PACK.iter().map(|&(path, text, json)| PolicyFile {
        json,
        ..PolicyFile::new(path.to_owned(), format!("built-in/{path}"), text.to_owned())
    })
}
