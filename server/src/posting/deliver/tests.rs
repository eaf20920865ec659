//! Deliveries to a forge in memory that answers as the test says.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use super::*;
use crate::forge::{CommitStatus, GitEndpoint, OpenMergeRequest, Permission, Placement};
use crate::merge_request::{ForgeKind, MergeRequestKey};
use crate::posting::testing::{added, finding, merge_request, options, reviewed};

const OWN: &str = "42";

/// What becomes of one new comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Posted,
    Misplaced,
    /// It stands, and nobody says so.
    LostAnswer,
    /// It does not stand, and nobody says so.
    LostRequest,
    Rejected,
    RateLimited,
}

#[derive(Default)]
struct State {
    comments: Vec<PostedComment>,
    /// Fates of comments in the order they are posted; then all are posted.
    fates: VecDeque<Fate>,
    /// Errors of changes in the order they are made; then all are made.
    errors: VecDeque<Option<ForgeError>>,
    /// What was done, in short.
    log: Vec<String>,
    /// How many writes the fence still lets through.
    writes_left: Option<usize>,
}

struct Scripted {
    state: Mutex<State>,
}

impl Scripted {
    fn with(fates: &[Fate]) -> Self {
        let state = State { fates: fates.iter().copied().collect(), ..State::default() };
        Self { state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.state().log)
    }

    fn change(&self, what: String) -> Result<(), ForgeError> {
        let mut state = self.state();
        state.log.push(what);
        state.errors.pop_front().flatten().map_or(Ok(()), Err)
    }
}

fn place(placement: &Placement) -> String {
    match placement {
        Placement::Lines { start, end, .. } => format!("{}-{}", start.head, end.head),
        Placement::File(_) => "file".to_owned(),
        Placement::MergeRequest => "merge request".to_owned(),
    }
}

fn unavailable() -> ForgeError {
    ForgeError::Unavailable("502".to_owned())
}

#[async_trait]
impl Forge for Scripted {
    fn kind(&self) -> ForgeKind {
        ForgeKind::Gitlab
    }

    async fn own_user(&self) -> Result<String, ForgeError> {
        Ok(OWN.to_owned())
    }

    async fn posted(&self, _: &MergeRequest) -> Result<Vec<PostedComment>, ForgeError> {
        let mut state = self.state();
        state.log.push("list".to_owned());
        Ok(state.comments.clone())
    }

    async fn post(&self, _: &MergeRequest, comments: &[NewComment]) -> Vec<PostOutcome> {
        let mut state = self.state();
        let places: Vec<_> = comments.iter().map(|comment| place(&comment.placement)).collect();
        state.log.push(format!("post {}", places.join(", ")));
        let mut outcomes = Vec::new();
        for comment in comments {
            let fate = state.fates.pop_front().unwrap_or(Fate::Posted);
            let id = (state.comments.len() + 1).to_string();
            if fate == Fate::Posted || fate == Fate::LostAnswer {
                state.comments.push(PostedComment {
                    id: id.clone(),
                    thread: Some(format!("t{id}")),
                    author: OWN.to_owned(),
                    body: comment.body.clone(),
                    is_inline: comment.placement != Placement::MergeRequest,
                    is_resolved: Some(false),
                });
            }
            outcomes.push(match fate {
                Fate::Posted => PostOutcome::Posted(id),
                Fate::Misplaced => PostOutcome::Misplaced("not in the diff".to_owned()),
                Fate::LostAnswer | Fate::LostRequest => PostOutcome::InDoubt(unavailable()),
                Fate::Rejected => PostOutcome::Refused(ForgeError::Rejected("spam".to_owned())),
                Fate::RateLimited => PostOutcome::Refused(ForgeError::RateLimited(Duration::from_secs(60))),
            });
        }
        outcomes
    }

    async fn edit(&self, _: &MergeRequest, comment: &PostedComment, body: &str) -> Result<(), ForgeError> {
        self.change(format!("edit {}", comment.id))?;
        let mut state = self.state();
        let standing = state.comments.iter_mut().find(|other| other.id == comment.id).unwrap();
        standing.body = body.to_owned();
        Ok(())
    }

    async fn delete(&self, _: &MergeRequest, comment: &PostedComment) -> Result<(), ForgeError> {
        self.change(format!("delete {}", comment.id))?;
        self.state().comments.retain(|other| other.id != comment.id);
        Ok(())
    }

    async fn set_resolved(
        &self,
        _: &MergeRequest,
        comment: &PostedComment,
        resolved: bool,
    ) -> Result<bool, ForgeError> {
        self.change(format!("resolve {} {resolved}", comment.id))?;
        let mut state = self.state();
        let standing = state.comments.iter_mut().find(|other| other.id == comment.id).unwrap();
        standing.is_resolved = Some(resolved);
        Ok(true)
    }

    async fn merge_request(&self, _: &MergeRequestKey) -> Result<MergeRequest, ForgeError> {
        unreachable!()
    }

    async fn open_merge_requests(&self) -> Result<Vec<OpenMergeRequest>, ForgeError> {
        unreachable!()
    }

    async fn open_into(&self, _: &str, _: &str) -> Result<Vec<OpenMergeRequest>, ForgeError> {
        unreachable!()
    }

    async fn reply(&self, _: &MergeRequest, _: Option<&str>, _: &str) -> Result<(), ForgeError> {
        unreachable!()
    }

    async fn set_status(&self, _: &MergeRequest, _: &CommitStatus) -> Result<(), ForgeError> {
        unreachable!()
    }

    async fn permission(&self, _: &MergeRequestKey, _: &str, _: &str) -> Result<Permission, ForgeError> {
        unreachable!()
    }

    async fn git(&self, _: &str) -> Result<GitEndpoint, ForgeError> {
        unreachable!()
    }
}

#[async_trait]
impl Fence for Scripted {
    async fn may_send(&self, key: &str) -> Result<(), Lost> {
        let mut state = self.state();
        match &mut state.writes_left {
            Some(0) => return Err(Lost),
            Some(left) => *left -= 1,
            None => {}
        }
        state.log.push(format!("may {}", short(key)));
        Ok(())
    }

    async fn sent(&self, key: &str, forge_id: &str) {
        self.state().log.push(format!("sent {} {forge_id}", short(key)));
    }
}

/// Names of effects with the last digit of a fingerprint alone.
fn short(key: &str) -> String {
    key.replace("000000000000000000000000c0de000", "").replace(":summary", "")
}

fn review(findings: &[u32]) -> ReviewRecord {
    reviewed(findings.iter().map(|number| finding(*number, *number)).collect(), added(9))
}

async fn told(forge: &Scripted, record: &ReviewRecord) -> Delivery {
    let signer = Signer::with_key([7; 32]);
    let desk = Desk { forge, fence: forge, signer: &signer, own_user: OWN };
    tell(desk, record, &merge_request(ForgeKind::Gitlab), &options()).await
}

/// Telling again finds nothing to do.
#[track_caller]
fn assert_settled(forge: &Scripted, delivery: &Delivery) {
    assert!(delivery.is_complete(), "{delivery:?}");
    assert_eq!(forge.log(), ["list"]);
}

#[tokio::test]
async fn comments_go_together_and_the_summary_last_each_through_the_fence() {
    let forge = Scripted::with(&[]);
    let delivery = told(&forge, &review(&[1, 2])).await;
    assert!(delivery.is_complete());
    let expected = [
        "list",
        "may post finding:1",
        "may post finding:2",
        "post 1-1, 2-2",
        "sent post finding:1 1",
        "sent post finding:2 2",
        "may post summary",
        "post merge request",
        "sent post summary 3",
    ];
    assert_eq!(forge.log(), expected);
    assert_eq!(delivery.report.posted.len(), 3);
    let again = told(&forge, &review(&[1, 2])).await;
    assert_settled(&forge, &again);
}

#[tokio::test]
async fn a_comment_without_a_place_falls_to_the_file_and_then_to_the_summary() {
    use Fate::{Misplaced, Posted};
    let forge = Scripted::with(&[Misplaced, Posted, Misplaced, Posted]);
    let delivery = told(&forge, &review(&[1, 2, 3])).await;
    assert!(delivery.is_complete());
    let posts: Vec<_> = forge.log().into_iter().filter(|line| line.starts_with("post")).collect();
    assert_eq!(posts, ["post 1-1, 2-2, 3-3", "post file, file", "post merge request"]);
    assert_eq!(delivery.report.fallen, Vec::<String>::new());

    let forge = Scripted::with(&[Misplaced, Posted, Misplaced]);
    let delivery = told(&forge, &review(&[1, 2])).await;
    let fallen: Vec<_> = delivery.report.fallen.iter().map(|about| short(about)).collect();
    assert_eq!(fallen, ["finding:1"]);
    let summary = &forge.state().comments[1].body;
    assert!(summary.contains("1 finding that is not beside the code"), "{summary}");
}

#[tokio::test]
async fn what_has_fallen_is_tried_again_without_stirring_the_summary() {
    use Fate::{Misplaced, Posted};
    let forge = Scripted::with(&[Misplaced, Misplaced, Posted, Misplaced, Misplaced]);
    told(&forge, &review(&[1])).await;
    forge.log();
    let again = told(&forge, &review(&[1])).await;
    assert!(again.is_complete());
    assert!(!forge.log().iter().any(|line| line.starts_with("edit")), "the summary says it already");
}

#[tokio::test]
async fn a_comment_in_doubt_is_looked_for_before_it_is_written_again() {
    let forge = Scripted::with(&[Fate::LostAnswer, Fate::LostRequest]);
    let delivery = told(&forge, &review(&[1, 2])).await;
    assert!(delivery.is_complete());
    let log = forge.log();
    let steps: Vec<_> = log.iter().filter(|line| !line.starts_with("may")).map(String::as_str).collect();
    let expected = [
        "list",
        "post 1-1, 2-2",
        "list",
        "sent post finding:1 1",
        "post 2-2",
        "sent post finding:2 2",
        "post merge request",
        "sent post summary 3",
    ];
    assert_eq!(steps, expected);
    let again = told(&forge, &review(&[1, 2])).await;
    assert_settled(&forge, &again);
}

#[tokio::test]
async fn a_comment_twice_in_doubt_is_left_for_the_next_time() {
    let forge = Scripted::with(&[Fate::LostRequest, Fate::LostRequest]);
    let delivery = told(&forge, &review(&[1])).await;
    assert!(!delivery.is_complete());
    assert_eq!(short(&delivery.report.failures[0].key), "post finding:1");
    assert_eq!(delivery.report.posted, ["summary:summary"], "the summary is not lost with it");
    forge.log();
    assert!(told(&forge, &review(&[1])).await.is_complete());
    assert_eq!(forge.state().comments.len(), 2);
}

#[tokio::test]
async fn one_bad_comment_never_loses_the_others() {
    let forge = Scripted::with(&[Fate::Posted, Fate::Rejected, Fate::Posted]);
    let delivery = told(&forge, &review(&[1, 2, 3])).await;
    assert_eq!((delivery.report.posted.len(), delivery.report.failures.len()), (3, 1));
    assert!(matches!(delivery.ended, Ended::Done));
}

#[tokio::test]
async fn a_rate_limit_ends_the_delivery_and_the_rest_follows_later() {
    let forge = Scripted::with(&[Fate::Posted, Fate::RateLimited, Fate::Posted]);
    let delivery = told(&forge, &review(&[1, 2, 3])).await;
    let Ended::RetryAfter(wait) = delivery.ended else { panic!("{:?}", delivery.ended) };
    assert_eq!((wait, delivery.report.posted.len()), (Duration::from_secs(60), 2));
    forge.log();
    assert!(told(&forge, &review(&[1, 2, 3])).await.is_complete());
    assert_eq!(forge.log()[..2], ["list", "may post finding:2"]);
    let again = told(&forge, &review(&[1, 2, 3])).await;
    assert_settled(&forge, &again);
}

#[tokio::test]
async fn a_lost_fence_stops_before_the_next_write() {
    for writes in 0..4 {
        let forge = Scripted::with(&[]);
        forge.state().writes_left = Some(writes);
        let delivery = told(&forge, &review(&[1, 2])).await;
        assert_eq!(matches!(delivery.ended, Ended::Lost), writes < 3, "{writes}");
        let posted = forge.state().comments.len();
        assert_eq!(posted, [0, 0, 2, 3][writes], "a batch goes only when all of it may");
    }
}

#[tokio::test]
async fn a_gone_finding_is_resolved_and_a_regressed_one_opened_again() {
    let forge = Scripted::with(&[]);
    told(&forge, &review(&[1])).await;
    let gone = told(&forge, &review(&[])).await;
    assert_eq!(gone.report.resolved.len(), 1);
    assert_eq!(forge.state().comments[0].is_resolved, Some(true));
    forge.log();
    let back = told(&forge, &review(&[1])).await;
    assert_eq!(back.report.reopened.len(), 1);
    let steps: Vec<_> = forge.log().into_iter().filter(|line| !line.starts_with("sent")).collect();
    let expected = [
        "list",
        "may reopen finding:1",
        "resolve 1 false",
        "may edit finding:1",
        "edit 1",
        "may edit summary",
        "edit 2",
    ];
    assert_eq!(steps, expected);
}

#[tokio::test]
async fn a_thread_that_could_not_be_resolved_is_tried_again() {
    let forge = Scripted::with(&[]);
    told(&forge, &review(&[1])).await;
    forge.state().errors = VecDeque::from([Some(unavailable())]);
    let failed = told(&forge, &review(&[])).await;
    assert!(!failed.is_complete() && failed.report.resolved.is_empty());
    assert_eq!(told(&forge, &review(&[])).await.report.resolved.len(), 1);
    assert_eq!(forge.state().comments[0].is_resolved, Some(true));
}

#[tokio::test]
async fn where_resolving_is_forbidden_the_text_says_it() {
    let forge = Scripted::with(&[]);
    told(&forge, &review(&[1])).await;
    forge.state().errors = VecDeque::from([Some(ForgeError::Forbidden("no".to_owned()))]);
    let delivery = told(&forge, &review(&[])).await;
    assert_eq!((delivery.report.resolved.len(), delivery.report.failures.len()), (1, 1));
}

#[tokio::test]
async fn a_twin_that_is_gone_already_is_no_failure() {
    let forge = Scripted::with(&[]);
    told(&forge, &review(&[1])).await;
    let twin = PostedComment { id: "9".to_owned(), ..forge.state().comments[0].clone() };
    forge.state().comments.push(twin);
    forge.state().errors = VecDeque::from([Some(ForgeError::NotFound("note 9".to_owned()))]);
    let delivery = told(&forge, &review(&[1])).await;
    assert!(delivery.is_complete());
    assert_eq!(delivery.report.deleted, ["9"]);
}

#[tokio::test]
async fn refused_credentials_end_the_delivery() {
    let forge = Scripted::with(&[]);
    told(&forge, &review(&[1])).await;
    forge.state().errors = VecDeque::from([Some(ForgeError::Unauthenticated("401".to_owned()))]);
    let delivery = told(&forge, &review(&[])).await;
    assert!(matches!(delivery.ended, Ended::Failed(ForgeError::Unauthenticated(_))));
}
