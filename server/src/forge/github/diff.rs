//! Which lines of a pull request GitHub shows, and so takes comments on: those of its own patches.
//!
//! Read only after GitHub has refused a place. A file without a patch (binary, too large) is unknown, not wrong.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde::Deserialize;

use crate::forge::github::Github;
use crate::forge::github::session::Session;
use crate::forge::http::call;
use crate::forge::{AnchorKind, ForgeError, LineAnchor, NewComment, Placement};
use crate::merge_request::MergeRequestKey;

#[derive(Deserialize)]
struct File {
    filename: String,
    patch: Option<String>,
}

/// The lines of one hunk on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    base: Range<u32>,
    head: Range<u32>,
}

/// The hunks of the files that comments stand in; `None` where GitHub shows no patch.
pub(super) struct ShownLines {
    files: HashMap<String, Option<Vec<Shown>>>,
}

impl ShownLines {
    /// Asks for the patches of the files that are commented on.
    pub(super) async fn read(
        session: &Session,
        key: &MergeRequestKey,
        batch: &[(usize, &NewComment)],
    ) -> Result<Self, ForgeError> {
        let paths: HashSet<&str> = batch.iter().filter_map(|(_, comment)| path(comment)).collect();
        let route = Github::pull(key).then("files").with("per_page", 100);
        let files = call::list(session, route, |file: File| {
            paths
                .contains(file.filename.as_str())
                .then(|| (file.filename, file.patch.map(|patch| hunks(&patch))))
        });
        Ok(Self { files: files.await?.into_iter().collect() })
    }

    /// Whether GitHub may take a comment: its lines are shown in one hunk, or nobody can tell.
    pub(super) fn may_take(&self, comment: &NewComment) -> bool {
        let Placement::Lines { file, start, end } = &comment.placement else { return true };
        match self.files.get(&file.head) {
            None => false,
            Some(None) => true,
            Some(Some(hunks)) => hunks.iter().any(|hunk| hunk.shows(*start) && hunk.shows(*end)),
        }
    }
}

impl Shown {
    fn shows(&self, line: LineAnchor) -> bool {
        match line.kind {
            AnchorKind::Removed => self.base.contains(&line.base),
            AnchorKind::Added | AnchorKind::Context => self.head.contains(&line.head),
        }
    }
}

fn path(comment: &NewComment) -> Option<&str> {
    match &comment.placement {
        Placement::Lines { file, .. } | Placement::File(file) => Some(&file.head),
        Placement::MergeRequest => None,
    }
}

fn hunks(patch: &str) -> Vec<Shown> {
    patch.lines().filter_map(hunk).collect()
}

/// Reads `@@ -9,3 +9,2 @@`.
fn hunk(line: &str) -> Option<Shown> {
    let (ranges, _) = line.strip_prefix("@@ -")?.split_once(" @@")?;
    let (base, head) = ranges.split_once(" +")?;
    Some(Shown { base: range(base)?, head: range(head)? })
}

fn range(text: &str) -> Option<Range<u32>> {
    let (start, count) = text.split_once(',').unwrap_or((text, "1"));
    let start: u32 = start.parse().ok()?;
    Some(start..start.saturating_add(count.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_are_read_from_their_headers_only() {
        let patch = "@@ -9,3 +9,2 @@ fn book() {\n line 9\n-@@ -1,1 +1,1 @@\n+line ten\n@@ -0,0 +1 @@\n+x";
        assert_eq!(hunks(patch), [Shown { base: 9..12, head: 9..11 }, Shown { base: 0..0, head: 1..2 }]);
        assert_eq!(hunks("@@ -x +y @@\n@@ -4294967295,9 +1,1 @@").len(), 1);
    }
}
