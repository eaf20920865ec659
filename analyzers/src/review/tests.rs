//! Proves that what a review could not see is named, and opens no gate.

use super::*;
use crate::sources::SourceError;

/// Holds one good file; brings out a fault with any other.
struct Faulty;

impl Sources for Faulty {
    fn read(&self, _side: Side, path: &str) -> Result<Vec<u8>, SourceError> {
        assert!(path == "Good.java", "a fault");
        Ok(b"class Good {}".to_vec())
    }

    fn list(&self, _side: Side) -> Result<Vec<String>, SourceError> {
        Ok(Vec::new())
    }
}

#[test]
fn a_fault_in_one_file_leaves_that_file_unread_and_the_review_partial() {
    let policies = PolicySet::builtin().unwrap();
    let review = scan(&["Bad.java".to_owned(), "Good.java".to_owned()], &Request::new(&policies, &Faulty));
    assert_eq!(review.state, State::Partial);
    assert_eq!(review.coverage.files_reviewed, 1);
    assert_eq!(review.coverage.unread[0].path, "Bad.java");
}

#[test]
fn what_a_repository_leaves_out_is_named_and_opens_the_gate_only_with_approval() {
    let policies = PolicySet::builtin().unwrap();
    let reviewed = |leaves_gap| {
        let (path, filter) = ("gen/Api.java".to_owned(), "!gen/**".to_owned());
        let excluded = vec![Excluded { path, filter, leaves_gap }];
        let request = Request { excluded, ..Request::new(&policies, &Faulty) };
        scan(&["Good.java".to_owned()], &request)
    };
    assert_eq!((reviewed(false).state, reviewed(true).state), (State::Passed, State::Partial));
    let coverage = reviewed(false).coverage;
    assert_eq!((coverage.files, coverage.files_reviewed, coverage.excluded.len()), (2, 1, 1));
}
