//! Where a call goes below a forge's address: path segments and a query, encoded as they are put together.
//!
//! Names out of webhooks go in; what comes out has exactly the segments that were put in, or is refused.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::form_urlencoded;

use crate::forge::ForgeError;

/// What may stand in a path segment as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path and a query below a forge's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    path: String,
    query: Vec<(String, String)>,
    subject: String,
    is_sound: bool,
}

impl Route {
    /// A route that begins with a fixed path, such as `/api/v4/projects`.
    pub(crate) fn new(path: &'static str) -> Self {
        Self {
            path: path.to_owned(),
            query: Vec::new(),
            subject: "what was asked for".to_owned(),
            is_sound: true,
        }
    }

    /// One segment more, whatever characters it has.
    pub(crate) fn then(mut self, segment: impl Display) -> Self {
        let segment = segment.to_string();
        self.is_sound &= !matches!(segment.as_str(), "" | "." | "..");
        self.path.push('/');
        self.path.extend(utf8_percent_encode(&segment, UNRESERVED));
        self
    }

    /// Two segments more: the owner and the name of a repository.
    pub(crate) fn repository(mut self, path: &str) -> Self {
        match path.split_once('/') {
            Some((owner, name)) if !name.contains('/') => self.then(owner).then(name),
            _ => {
                self.is_sound = false;
                self
            }
        }
    }

    /// A parameter more.
    pub(crate) fn with(mut self, name: &str, value: impl Display) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    /// The same path with other parameters.
    pub(crate) fn with_query(mut self, query: Vec<(String, String)>) -> Self {
        self.query = query;
        self
    }

    /// What stands there, for errors: `the merge request`.
    pub(crate) fn named(mut self, subject: impl Display) -> Self {
        self.subject = subject.to_string();
        self
    }

    /// The parameters.
    pub(crate) fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// What stands there.
    pub(crate) fn subject(&self) -> &str {
        &self.subject
    }

    /// The text to put behind a forge's address.
    pub(crate) fn render(&self) -> Result<String, ForgeError> {
        if !self.is_sound {
            return Err(ForgeError::NotFound(format!(
                "{} (its name is none that a forge gives)",
                self.subject
            )));
        }
        if self.query.is_empty() {
            return Ok(self.path.clone());
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.query).finish();
        Ok(format!("{}?{query}", self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_path_is_one_segment_and_an_owner_with_a_name_are_two() {
        let gitlab =
            Route::new("/api/v4/projects").then("bank/core systems/ledger").then("merge_requests").then(7);
        assert_eq!(
            gitlab.render().unwrap(),
            "/api/v4/projects/bank%2Fcore%20systems%2Fledger/merge_requests/7"
        );
        let github = Route::new("/repos").repository("bank/core").with("q", "a b&c");
        assert_eq!(github.render().unwrap(), "/repos/bank/core?q=a+b%26c");
    }

    #[test]
    fn a_name_cannot_climb_out_of_its_place() {
        for path in ["../admin", "bank/..", "bank", "", "a/b/c", "/core"] {
            assert!(Route::new("/repos").repository(path).render().is_err(), "{path}");
        }
        assert!(Route::new("/users").then("..").render().is_err());
        let near = Route::new("/users").then("..a?b#c/../d").render().unwrap();
        assert_eq!(near, "/users/..a%3Fb%23c%2F..%2Fd");
    }
}
