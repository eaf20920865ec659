//! Wanted against posted: what should stand and what stands in, the actions that make them one out.
//!
//! Every prefix of the actions leaves a state from which the rest follows again: nothing is posted twice, and
//! when all are done there are none. Comments of others, and those whose marker does not verify, stay as they are.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::comment;
use super::marker::{self, Mark, MarkKind, Signer, Trusted};
use super::wanted::{Presence, Wanted, WantedComment};
use crate::forge::{NewComment, Placement, PostedComment};

/// One write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Delete a comment that was posted twice.
    Delete(PostedComment),
    /// Resolve a thread or open it again.
    SetResolved {
        /// The comment that opens the thread.
        comment: PostedComment,
        /// What it becomes.
        resolved: bool,
        /// What the comment is.
        mark: Mark,
    },
    /// Replace the text of a comment.
    Edit {
        /// The comment.
        comment: PostedComment,
        /// The new text, with its marker.
        body: String,
        /// What the comment is from now on.
        mark: Mark,
        /// Why.
        reason: EditReason,
    },
    /// Post a new comment.
    Post(Post),
}

/// Why a text is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EditReason {
    /// It says something else now.
    Updated,
    /// Its finding is gone.
    Fixed,
    /// Its finding is there again.
    Regressed,
}

/// A new comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Post {
    /// What it is.
    pub(crate) mark: Mark,
    /// The comment at each place where it may stand, best first; never empty.
    pub(crate) rungs: Vec<NewComment>,
}

/// A comment of the service.
struct Known<'p> {
    posted: &'p PostedComment,
    trusted: Trusted,
}

/// The actions that bring a merge request from what stands to what should, in the order to do them.
pub(crate) fn reconcile(
    wanted: &Wanted,
    posted: &[PostedComment],
    own_user: &str,
    signer: &Signer,
) -> Vec<Action> {
    let mut actions = Vec::new();
    let known = known(wanted, posted, own_user, signer, &mut actions);
    if wanted.presence == Presence::Untouched {
        return actions;
    }
    let desk = Desk { wanted, signer };
    let of_finding = |fingerprint: &str| known.get(&(MarkKind::Finding, fingerprint.to_owned()));
    if wanted.knows_what_is_gone {
        let is_there = |key: &str| {
            wanted.dismissed.contains(key) || wanted.comments.iter().any(|comment| comment.fingerprint == key)
        };
        // What the model found is not gone because nobody has asked it again.
        let is_open =
            |comment: &Known<'_>| comment.trusted.mark.kind == MarkKind::Asked && wanted.has_open_questions;
        let gone = known.iter().filter(|((kind, key), comment)| {
            *kind == MarkKind::Finding && !is_there(key) && !is_open(comment)
        });
        actions.extend(gone.flat_map(|(_, comment)| desk.gone(comment)));
    }
    let (standing, others): (Vec<_>, Vec<_>) =
        wanted.comments.iter().partition(|comment| of_finding(&comment.fingerprint).is_some());
    for comment in &standing {
        let known = of_finding(&comment.fingerprint);
        actions.extend(known.into_iter().flat_map(|known| desk.still(comment, known)));
    }
    let mut free = wanted.options.max_comments.saturating_sub(standing.len());
    let mut rows = Vec::new();
    for comment in others {
        if free > 0 && !comment.places.is_empty() {
            free -= 1;
            actions.push(desk.post(comment));
        } else {
            rows.push(comment.row.as_str());
        }
    }
    actions.extend(desk.summary(&rows, known.get(&(MarkKind::Summary, "summary".to_owned()))));
    actions
}

/// The service's comments by what they are about; each one's twins are to be deleted, the oldest stays.
fn known<'p>(
    wanted: &Wanted,
    posted: &'p [PostedComment],
    own_user: &str,
    signer: &Signer,
    actions: &mut Vec<Action>,
) -> BTreeMap<(MarkKind, String), Known<'p>> {
    let mut known = BTreeMap::new();
    for comment in posted {
        let Some(trusted) = signer.trusted(&wanted.merge_request, comment, own_user) else { continue };
        let about = (subject(trusted.mark.kind), trusted.mark.key.clone());
        match known.entry(about) {
            Entry::Occupied(_) => actions.push(Action::Delete(comment.clone())),
            Entry::Vacant(place) => {
                place.insert(Known { posted: comment, trusted });
            }
        }
    }
    known
}

/// A finding's comment is the same comment before and after the finding is fixed.
fn subject(kind: MarkKind) -> MarkKind {
    if kind.is_of_finding() { MarkKind::Finding } else { kind }
}

/// What every action is made with.
struct Desk<'w> {
    wanted: &'w Wanted,
    signer: &'w Signer,
}

impl Desk<'_> {
    /// Its thread is resolved first: the edit is what says that all is done, whatever people do afterwards.
    fn gone(&self, known: &Known<'_>) -> Vec<Action> {
        let Trusted { mark, is_untouched } = &known.trusted;
        if mark.kind == MarkKind::Fixed {
            return Vec::new();
        }
        let old = is_untouched.then(|| marker::normalised(marker::split(&known.posted.body).0));
        let text = comment::fixed(old.as_deref(), &self.wanted.head, &self.wanted.options);
        let mark = Mark::new(MarkKind::Fixed, &mark.key, &self.wanted.head);
        let mut actions: Vec<_> = set_resolved(known.posted, true, &mark).into_iter().collect();
        actions.push(self.edit(known.posted, mark, &text, EditReason::Fixed));
        actions
    }

    fn still(&self, comment: &WantedComment, known: &Known<'_>) -> Vec<Action> {
        let mark = Mark::finding(&comment.fingerprint, comment.decided_by, &self.wanted.head);
        let text = marker::normalised(marker::split(&known.posted.body).0);
        if known.trusted.mark.kind == MarkKind::Fixed {
            let mut actions: Vec<_> = set_resolved(known.posted, false, &mark).into_iter().collect();
            actions.push(self.edit(known.posted, mark, &comment.told.text, EditReason::Regressed));
            return actions;
        }
        // A suggestion is right only for the lines that it was posted for: it stays, it is never edited in.
        let wanted = match &comment.told.with_suggestion {
            Some((one_click, with)) if text.contains(&marker::normalised(&one_click.block)) => with,
            _ => &comment.told.text,
        };
        match text == marker::normalised(wanted) {
            true => Vec::new(),
            false => vec![self.edit(known.posted, mark, wanted, EditReason::Updated)],
        }
    }

    fn post(&self, comment: &WantedComment) -> Action {
        let mark = Mark::finding(&comment.fingerprint, comment.decided_by, &self.wanted.head);
        let rung = |text: &str, placement: &Placement| NewComment {
            body: self.sign(&mark, text),
            placement: placement.clone(),
        };
        let suggestion = comment.told.with_suggestion.as_ref();
        let suggestion = suggestion.map(|(one_click, text)| rung(text, &one_click.placement));
        let others = comment.places.iter().map(|placement| rung(&comment.told.text, placement));
        Action::Post(Post { rungs: suggestion.into_iter().chain(others).collect(), mark })
    }

    fn summary(&self, rows: &[&str], known: Option<&Known<'_>>) -> Option<Action> {
        let text = self.wanted.summary.text(rows, &self.wanted.options);
        let mark = Mark::summary(&self.wanted.head);
        match (known, self.wanted.presence) {
            (_, Presence::Untouched) | (None, Presence::WhereOneStands) => None,
            (Some(known), _) => {
                let standing = marker::split(&known.posted.body).0;
                let is_said = self.wanted.summary.is_said_by(standing, rows, &self.wanted.options);
                (!is_said).then(|| self.edit(known.posted, mark, &text, EditReason::Updated))
            }
            (None, Presence::Always) => {
                let rung = NewComment { body: self.sign(&mark, &text), placement: Placement::MergeRequest };
                Some(Action::Post(Post { mark, rungs: vec![rung] }))
            }
        }
    }

    fn edit(&self, comment: &PostedComment, mark: Mark, text: &str, reason: EditReason) -> Action {
        Action::Edit { comment: comment.clone(), body: self.sign(&mark, text), mark, reason }
    }

    fn sign(&self, mark: &Mark, text: &str) -> String {
        self.signer.sign(&self.wanted.merge_request, mark, text)
    }
}

/// Nothing where there is no thread, or where it is so already.
fn set_resolved(comment: &PostedComment, resolved: bool, mark: &Mark) -> Option<Action> {
    let is_needed = comment.thread.is_some() && comment.is_resolved != Some(resolved);
    is_needed.then(|| Action::SetResolved { comment: comment.clone(), resolved, mark: mark.clone() })
}

#[cfg(test)]
mod tests;
