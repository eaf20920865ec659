//! Under which ids the comments of a batch stand, where a forge answers a batch without saying so.

use std::collections::HashMap;
use std::collections::VecDeque;

use crate::forge::outcome::Outcomes;
use crate::forge::{ForgeError, NewComment, Placement};

/// Posted comments by path and text.
pub(crate) struct Matching {
    ids: HashMap<(String, String), VecDeque<String>>,
}

impl Matching {
    /// Of paths, texts and ids, in the order in which they were posted.
    pub(crate) fn new(posted: impl IntoIterator<Item = (String, String, String)>) -> Self {
        let mut ids: HashMap<_, VecDeque<_>> = HashMap::new();
        for (path, body, id) in posted {
            ids.entry((path, normal(&body))).or_default().push_back(id);
        }
        Self { ids }
    }

    /// Gives each comment of a batch its id. One that is not found is in doubt: the forge said that it stands.
    pub(crate) fn assign(mut self, batch: &[(usize, &NewComment)], outcomes: &mut Outcomes) {
        for (index, comment) in batch {
            let paths: Vec<&str> = match &comment.placement {
                Placement::Lines { file, .. } | Placement::File(file) => vec![&file.head, &file.base],
                Placement::MergeRequest => Vec::new(),
            };
            let body = normal(&comment.body);
            let id = paths.into_iter().find_map(|path| {
                self.ids.get_mut(&(path.to_owned(), body.clone())).and_then(VecDeque::pop_front)
            });
            match id {
                Some(id) => outcomes.set(*index, Ok(id)),
                None => outcomes.in_doubt(
                    *index,
                    ForgeError::Unreadable(
                        "a posted comment is not in the review that it was posted in".to_owned(),
                    ),
                ),
            }
        }
    }
}

/// A text without what forges change: line ends, and space at the ends.
fn normal(body: &str) -> String {
    body.replace("\r\n", "\n").trim().to_owned()
}
