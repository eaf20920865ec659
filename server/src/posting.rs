//! What a merge request is told: a review in; comments, one summary and a commit status that say it, out.
//!
//! Texts and plans are pure; `deliver` is the one module that writes to a forge, and it asks the fence first.
//! Nothing from code, policies or people is read as markup, mention or command by a forge.

pub(crate) mod anchor;
pub(crate) mod comment;
pub(crate) mod deliver;
pub(crate) mod escape;
pub(crate) mod marker;
mod questions;
pub(crate) mod reconcile;
pub(crate) mod reply;
pub(crate) mod status;
pub(crate) mod suggestion;
pub(crate) mod summary;
pub(crate) mod wanted;
pub(crate) mod words;

#[cfg(test)]
mod testing;

use analyzers::policy::Severity;
use analyzers::text::Locale;
use url::Url;

/// How a merge request is told of a review.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The language of comments.
    pub(crate) locale: Locale,
    /// The name by which comments call the service, without `@`.
    pub(crate) handle: String,
    /// Inline comments on one merge request; further findings are in its summary.
    pub(crate) max_comments: usize,
    /// The lowest severity that is commented on; what blocks always is.
    pub(crate) severity_threshold: Option<Severity>,
    /// The address at which people reach the service.
    pub(crate) public_url: Option<Url>,
}

/// The page of a review, under the address at which people reach the service.
pub(crate) fn review_page(public_url: &Url, review: &str) -> Url {
    let mut page = public_url.clone();
    if let Ok(mut segments) = page.path_segments_mut() {
        segments.pop_if_empty().extend(["reviews", review]);
    }
    page
}
