//! Does what reconciling says, through a forge, as far as the fence lets it.
//!
//! Actions in; what was done, and whether to come back, out. Before each write the fence is asked; a write of
//! which nobody knows is looked for before it is made again; one comment's failure is that comment's alone.

pub(crate) mod report;

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::Options;
use super::marker::{Mark, MarkKind, Signer};
use super::reconcile::{Action, Post, reconcile};
use super::wanted::wanted;
use crate::forge::{Forge, ForgeError, NewComment, PostOutcome, PostedComment};
use crate::merge_request::MergeRequest;
use crate::record::ReviewRecord;
use report::{Delivery, Ended, Failure, Report, about};

/// Says whether this sender may still write. Owned by the job.
#[async_trait]
pub(crate) trait Fence: Send + Sync {
    /// Asked right before each write, with the name of its effect, such as `post finding:0123…`.
    async fn may_send(&self, key: &str) -> Result<(), Lost>;

    /// Told right after a write that has happened, with the forge's id of the comment.
    async fn sent(&self, key: &str, forge_id: &str);
}

/// The job is somebody else's now; this sender must not write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the job was taken over by another sender")]
pub(crate) struct Lost;

/// What a delivery works with.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'d> {
    /// The forge.
    pub(crate) forge: &'d dyn Forge,
    /// Says whether this sender may still write.
    pub(crate) fence: &'d dyn Fence,
    /// Knows the service's own comments.
    pub(crate) signer: &'d Signer,
    /// The service's user on the forge.
    pub(crate) own_user: &'d str,
}

/// Tells a merge request of a review: looks at what stands, and writes what is missing.
pub(crate) async fn tell(
    desk: Desk<'_>,
    record: &ReviewRecord,
    merge_request: &MergeRequest,
    options: &Options,
) -> Delivery {
    let mut sending = Sending::new(desk, merge_request);
    let first = sending.round(record, options).await;
    // What the forge had no place for is told by the summary, which waited for it.
    let ended = match first {
        Ok(()) if !sending.report.fallen.is_empty() => {
            sending.round(record, &Options { max_comments: 0, ..options.clone() }).await
        }
        ended => ended,
    };
    Delivery { report: sending.report, ended: ended.err().unwrap_or(Ended::Done) }
}

/// `Err` ends the delivery.
type Step = Result<(), Ended>;

struct Sending<'d> {
    desk: Desk<'d>,
    merge_request: &'d MergeRequest,
    report: Report,
    /// Ids of comments whose thread could not be resolved: their text follows the next time.
    held: BTreeSet<String>,
}

impl<'d> Sending<'d> {
    fn new(desk: Desk<'d>, merge_request: &'d MergeRequest) -> Self {
        Self { desk, merge_request, report: Report::default(), held: BTreeSet::new() }
    }

    async fn round(&mut self, record: &ReviewRecord, options: &Options) -> Step {
        let posted = self.desk.forge.posted(self.merge_request).await.map_err(ended_by)?;
        let wanted = wanted(record, self.merge_request, options);
        let actions = reconcile(&wanted, &posted, self.desk.own_user, self.desk.signer);
        self.act(actions).await
    }

    async fn act(&mut self, actions: Vec<Action>) -> Step {
        let (summaries, actions): (Vec<_>, Vec<_>) = actions.into_iter().partition(is_summary);
        let mut posts = Vec::new();
        for action in actions {
            match action {
                Action::Post(post) => posts.push(post),
                change => self.change(change).await?,
            }
        }
        let fallen = self.report.fallen.len();
        self.post(posts).await?;
        if self.report.fallen.len() > fallen {
            return Ok(());
        }
        for action in summaries {
            match action {
                Action::Post(post) => self.post(vec![post]).await?,
                change => self.change(change).await?,
            }
        }
        Ok(())
    }

    /// Changes a comment that stands. Doing it twice does no harm.
    async fn change(&mut self, action: Action) -> Step {
        let (Some(comment), key) = (standing(&action), effect(&action)) else { return Ok(()) };
        let is_edit = matches!(action, Action::Edit { .. });
        if is_edit && self.held.contains(&comment.id) {
            return Ok(());
        }
        self.may_send(&key).await?;
        let (forge, merge_request) = (self.desk.forge, self.merge_request);
        let done = match &action {
            Action::Delete(comment) => match forge.delete(merge_request, comment).await {
                Err(ForgeError::NotFound(_)) => Ok(()),
                done => done,
            },
            Action::SetResolved { comment, resolved, .. } => {
                forge.set_resolved(merge_request, comment, *resolved).await.map(drop)
            }
            Action::Edit { comment, body, .. } => forge.edit(merge_request, comment, body).await,
            Action::Post(_) => Ok(()),
        };
        match done {
            Ok(()) => {
                self.desk.fence.sent(&key, &comment.id).await;
                self.report.note(&action);
                Ok(())
            }
            Err(error) => {
                let may_pass = matches!(error, ForgeError::Unavailable(_) | ForgeError::Unreadable(_));
                if may_pass && !is_edit {
                    self.held.insert(comment.id.clone());
                }
                self.fail(key, error)
            }
        }
    }

    /// Posts new comments, each as far up its ladder as the forge lets it.
    async fn post(&mut self, posts: Vec<Post>) -> Step {
        let mut pending: Vec<_> =
            posts.into_iter().map(|post| Pending { post, rung: 0, was_in_doubt: false }).collect();
        while !pending.is_empty() {
            for comment in &pending {
                self.may_send(&comment.key()).await?;
            }
            let comments: Vec<_> = pending.iter().filter_map(Pending::comment).collect();
            let mut outcomes = self.desk.forge.post(self.merge_request, &comments).await;
            let unanswered = || PostOutcome::InDoubt(ForgeError::Unreadable("no outcome".to_owned()));
            outcomes.resize_with(pending.len(), unanswered);
            pending = self.sort(pending, outcomes).await?;
        }
        Ok(())
    }

    /// Writes down what became of comments; those to be tried again come back.
    async fn sort(
        &mut self,
        pending: Vec<Pending>,
        outcomes: Vec<PostOutcome>,
    ) -> Result<Vec<Pending>, Ended> {
        let (mut again, mut in_doubt, mut ended) = (Vec::new(), Vec::new(), Ok(()));
        for (comment, outcome) in pending.into_iter().zip(outcomes) {
            match outcome {
                PostOutcome::Posted(id) => self.stands(&comment, &id).await,
                PostOutcome::Misplaced(reason) => match comment.is_on_last_rung() {
                    false => again.push(Pending { rung: comment.rung + 1, ..comment }),
                    true => self.fall(&comment, reason),
                },
                PostOutcome::InDoubt(error) => in_doubt.push((comment, error)),
                PostOutcome::Refused(error) => {
                    self.fall_if_never_taken(&comment, &error);
                    ended = ended.and(self.fail(comment.key(), error));
                }
            }
        }
        if !in_doubt.is_empty() {
            again.extend(self.look_for(in_doubt).await?);
        }
        ended.map(|()| again)
    }

    /// Looks for comments of which nobody knows whether they were posted. Each is posted again once at most.
    async fn look_for(&mut self, in_doubt: Vec<(Pending, ForgeError)>) -> Result<Vec<Pending>, Ended> {
        let posted = self.desk.forge.posted(self.merge_request).await.map_err(ended_by)?;
        let mut again = Vec::new();
        for (comment, error) in in_doubt {
            match self.find(&posted, &comment.post.mark) {
                Some(id) => self.stands(&comment, &id).await,
                None if comment.was_in_doubt => self.fail(comment.key(), error)?,
                None => again.push(Pending { was_in_doubt: true, ..comment }),
            }
        }
        Ok(again)
    }

    fn find(&self, posted: &[PostedComment], mark: &Mark) -> Option<String> {
        let is_it = |comment: &&PostedComment| {
            let trusted = self.desk.signer.trusted(&self.merge_request.key, comment, self.desk.own_user);
            trusted.is_some_and(|trusted| trusted.mark.kind == mark.kind && trusted.mark.key == mark.key)
        };
        posted.iter().find(is_it).map(|comment| comment.id.clone())
    }

    async fn stands(&mut self, comment: &Pending, id: &str) {
        self.desk.fence.sent(&comment.key(), id).await;
        self.report.posted.push(about(&comment.post.mark));
    }

    fn fall(&mut self, comment: &Pending, reason: String) {
        match comment.post.mark.kind {
            MarkKind::Finding | MarkKind::Asked | MarkKind::Fixed => {
                self.report.fallen.push(about(&comment.post.mark));
            }
            MarkKind::Summary | MarkKind::Reply => {
                self.report
                    .failures
                    .push(Failure { key: comment.key(), error: ForgeError::Rejected(reason) });
            }
        }
    }

    /// A finding that the forge would refuse again is told by the summary.
    fn fall_if_never_taken(&mut self, comment: &Pending, error: &ForgeError) {
        if comment.post.mark.kind.is_of_finding() && matches!(error, ForgeError::Rejected(_)) {
            self.report.fallen.push(about(&comment.post.mark));
        }
    }

    async fn may_send(&self, key: &str) -> Step {
        self.desk.fence.may_send(key).await.map_err(|Lost| Ended::Lost)
    }

    /// A failure that is not only this comment's ends the delivery.
    fn fail(&mut self, key: String, error: ForgeError) -> Step {
        match error {
            ForgeError::RateLimited(_) | ForgeError::Unauthenticated(_) => Err(ended_by(error)),
            ForgeError::NotFound(_)
            | ForgeError::Forbidden(_)
            | ForgeError::Rejected(_)
            | ForgeError::Unavailable(_)
            | ForgeError::Unreadable(_) => {
                self.report.failures.push(Failure { key, error });
                Ok(())
            }
        }
    }
}

/// A new comment on its way down the ladder.
struct Pending {
    post: Post,
    rung: usize,
    was_in_doubt: bool,
}

impl Pending {
    fn key(&self) -> String {
        format!("post {}", about(&self.post.mark))
    }

    fn comment(&self) -> Option<NewComment> {
        self.post.rungs.get(self.rung).cloned()
    }

    fn is_on_last_rung(&self) -> bool {
        self.rung + 1 >= self.post.rungs.len()
    }
}

fn ended_by(error: ForgeError) -> Ended {
    match error {
        ForgeError::RateLimited(wait) => Ended::RetryAfter(wait),
        error => Ended::Failed(error),
    }
}

fn is_summary(action: &Action) -> bool {
    match action {
        Action::Post(Post { mark, .. }) | Action::Edit { mark, .. } => mark.kind == MarkKind::Summary,
        Action::Delete(_) | Action::SetResolved { .. } => false,
    }
}

fn standing(action: &Action) -> Option<PostedComment> {
    match action {
        Action::Delete(comment) | Action::SetResolved { comment, .. } | Action::Edit { comment, .. } => {
            Some(comment.clone())
        }
        Action::Post(_) => None,
    }
}

/// The name of an effect: what is done, and to what.
fn effect(action: &Action) -> String {
    match action {
        Action::Delete(comment) => format!("delete {}", comment.id),
        Action::SetResolved { resolved: true, mark, .. } => format!("resolve {}", about(mark)),
        Action::SetResolved { resolved: false, mark, .. } => format!("reopen {}", about(mark)),
        Action::Edit { mark, .. } => format!("edit {}", about(mark)),
        Action::Post(post) => format!("post {}", about(&post.mark)),
    }
}

#[cfg(test)]
mod tests;
