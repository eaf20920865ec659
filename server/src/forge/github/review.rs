//! Comments beside lines, posted as reviews.
//!
//! GitHub takes a review whole or not at all, and does not say which comment is at fault. What its own patches do not
//! show is then left out, and the rest is posted as one review; if that does not help, halves are tried until the
//! offenders stand alone. No comment is posted twice.

use reqwest::Method;
use serde_json::{Value, json};

use crate::forge::github::Github;
use crate::forge::github::diff::ShownLines;
use crate::forge::github::session::Session;
use crate::forge::github::wire::{CommentId, Created, WireComment};
use crate::forge::http::call;
use crate::forge::matching::Matching;
use crate::forge::outcome::Outcomes;
use crate::forge::{AnchorKind, ForgeError, LineAnchor, NewComment, Placement};
use crate::merge_request::MergeRequest;

/// What GitHub calls a place that it does not know, in the words of several of its versions.
const PLACE_WORDS: [&str; 8] = [
    "part of the diff",
    "diff hunk",
    "diff_hunk",
    "same hunk",
    "could not be resolved",
    "review thread",
    "review_thread",
    "must precede the end line",
];

/// Whether a refusal is about the place of a comment.
pub(super) fn is_about_a_place(why: &str) -> bool {
    let why = why.to_ascii_lowercase();
    PLACE_WORDS.iter().any(|words| why.contains(words))
}

/// Posts a batch of comments beside lines.
pub(super) async fn post(
    session: &Session,
    merge_request: &MergeRequest,
    batch: &[(usize, &NewComment)],
    outcomes: &mut Outcomes,
) {
    let Some(why) = post_as_one(session, merge_request, batch, outcomes).await else { return };
    let shown = ShownLines::read(session, &merge_request.key, batch).await;
    let (takes, leaves): (Vec<_>, Vec<_>) = match shown {
        Ok(shown) => batch.iter().copied().partition(|(_, comment)| shown.may_take(comment)),
        Err(error) => {
            tracing::warn!(forge.kind = "github", error = %error, "GitHub's patches cannot be read");
            (batch.to_vec(), Vec::new())
        }
    };
    for (index, _) in &leaves {
        outcomes.misplaced(*index, why.clone());
    }
    if takes.is_empty() {
        return;
    }
    if leaves.is_empty() {
        return halve(session, merge_request, &takes, why, outcomes).await;
    }
    if let Some(why) = post_as_one(session, merge_request, &takes, outcomes).await {
        halve(session, merge_request, &takes, why, outcomes).await;
    }
}

/// Tries the halves of what was refused as a whole, down to single comments.
async fn halve(
    session: &Session,
    merge_request: &MergeRequest,
    refused: &[(usize, &NewComment)],
    why: String,
    outcomes: &mut Outcomes,
) {
    let mut refused_parts = vec![(refused, why)];
    while let Some((part, why)) = refused_parts.pop() {
        if let [(index, _)] = part {
            outcomes.misplaced(*index, why);
            continue;
        }
        let (first, second) = part.split_at(part.len() / 2);
        for half in [first, second] {
            if outcomes.is_halted() {
                return;
            }
            if let Some(why) = post_as_one(session, merge_request, half, outcomes).await {
                refused_parts.push((half, why));
            }
        }
    }
}

/// Posts comments as one review. Says why if a place in it is unknown to GitHub, and then nothing was posted.
async fn post_as_one(
    session: &Session,
    merge_request: &MergeRequest,
    batch: &[(usize, &NewComment)],
    outcomes: &mut Outcomes,
) -> Option<String> {
    let comments: Vec<Value> = batch.iter().filter_map(|(_, comment)| inline(comment)).collect();
    let body = json!({"commit_id": merge_request.head, "event": "COMMENT", "body": "", "comments": comments});
    let reviews = Github::pull(&merge_request.key).then("reviews");
    let review: Created = match call::write(session, Method::POST, &reviews, &body).await {
        Ok(review) => review,
        Err(ForgeError::Rejected(why)) if is_about_a_place(&why) => return Some(why),
        Err(error) => {
            batch.iter().for_each(|(index, _)| outcomes.set(*index, Err(error.clone())));
            return None;
        }
    };
    let identified = |comment: WireComment| {
        let id = CommentId::Review(comment.id).to_string();
        Some((comment.path.unwrap_or_default(), comment.body.unwrap_or_default(), id))
    };
    let route = reviews.then(review.id).then("comments").with("per_page", 100);
    match call::list(session, route, identified).await {
        Ok(posted) => Matching::new(posted).assign(batch, outcomes),
        Err(error) => batch.iter().for_each(|(index, _)| outcomes.in_doubt(*index, error.clone())),
    }
    None
}

/// A comment as GitHub takes it. A range of one line is refused, so it is sent as a line.
fn inline(comment: &NewComment) -> Option<Value> {
    let Placement::Lines { file, start, end } = &comment.placement else { return None };
    let (line, side) = place(*end);
    let mut inline = json!({"path": file.head, "body": comment.body, "line": line, "side": side});
    let (start_line, start_side) = place(*start);
    // Across sides numbers may be equal or fall; on one side they must rise.
    if (start_line, start_side) != (line, side) {
        inline["start_line"] = json!(start_line);
        inline["start_side"] = json!(start_side);
    }
    Some(inline)
}

fn place(line: LineAnchor) -> (u32, &'static str) {
    match line.kind {
        AnchorKind::Removed => (line.base, "LEFT"),
        AnchorKind::Added | AnchorKind::Context => (line.head, "RIGHT"),
    }
}
