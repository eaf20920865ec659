//! Who answers a child's questions: for a fetch the forge, for a review the seam. Each knows only its own.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use analyzers::model::ModelError;
use analyzers::sources::SourceError;
use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::mpsc;

use super::git_http::{Body, GitHttp};
use super::message::{Answered, Question};
use super::{Seam, WorkerError};

/// Requests of one fetch: what the forge can, and one pack.
const MAX_REQUESTS: usize = 2;

/// Bytes of a part of a stream.
const PART_BYTES: usize = 256 << 10;

/// Where answers go; it takes no more while the child does not read.
pub(super) struct Reply {
    pub(super) id: u64,
    pub(super) to: mpsc::Sender<(u64, Answered, Bytes)>,
}

impl Reply {
    async fn give(&self, answered: Answered, bytes: Bytes) {
        // A child that has ended needs no answer.
        let _ = self.to.send((self.id, answered, bytes)).await;
    }
}

/// Answers questions. An error ends the child.
#[async_trait]
pub(super) trait Desk: Send + Sync {
    /// Answers one question, which came with bytes.
    async fn answer(&self, question: Question, bytes: Vec<u8>, reply: Reply) -> Result<(), WorkerError>;
}

/// For a fetch.
pub(super) struct FetchDesk {
    git: GitHttp,
    max_bytes: u64,
    bytes: AtomicU64,
    requests: AtomicUsize,
}

impl FetchDesk {
    /// For one forge's git, which may send so many bytes.
    pub(super) fn new(git: GitHttp, max_bytes: u64) -> Self {
        Self { git, max_bytes, bytes: AtomicU64::new(0), requests: AtomicUsize::new(0) }
    }

    async fn pass_on(&self, body: Body, reply: &Reply) -> Result<(), WorkerError> {
        body.each(|part| async move {
            let before = self.bytes.fetch_add(part.len() as u64, Ordering::Relaxed);
            if before.saturating_add(part.len() as u64) > self.max_bytes {
                return Err(WorkerError::Refused(format!(
                    "the forge sends more than the {} bytes that one fetch may bring; raise `limits.fetch_bytes` \
                     if this repository is that large",
                    self.max_bytes
                )));
            }
            reply.give(Answered::Part, part).await;
            Ok(())
        })
        .await?;
        reply.give(Answered::End, Bytes::new()).await;
        Ok(())
    }
}

#[async_trait]
impl Desk for FetchDesk {
    async fn answer(&self, question: Question, bytes: Vec<u8>, reply: Reply) -> Result<(), WorkerError> {
        if self.requests.fetch_add(1, Ordering::Relaxed) >= MAX_REQUESTS {
            return Err(out_of_turn());
        }
        let body = match question {
            Question::InfoRefs => self.git.info_refs().await?,
            Question::UploadPack => self.git.upload_pack(bytes).await?,
            Question::Diff | Question::Read(..) | Question::List(_) | Question::Complete(_) => {
                return Err(out_of_turn());
            }
        };
        self.pass_on(body, &reply).await
    }
}

/// For a review.
pub(super) struct ReviewDesk {
    pub(super) diff: Bytes,
    pub(super) seam: Seam,
}

#[async_trait]
impl Desk for ReviewDesk {
    async fn answer(&self, question: Question, _bytes: Vec<u8>, reply: Reply) -> Result<(), WorkerError> {
        match question {
            Question::Diff => {
                let mut rest = self.diff.clone();
                while !rest.is_empty() {
                    let part = rest.split_to(rest.len().min(PART_BYTES));
                    reply.give(Answered::Part, part).await;
                }
                reply.give(Answered::End, Bytes::new()).await;
            }
            Question::Read(side, path) => {
                let files = self.seam.files.as_ref();
                let read = files.map_or(Err(SourceError::Missing), |files| files.read(side, &path));
                let (result, bytes) = match read {
                    Ok(bytes) if bytes.len() > super::frame::MAX_BODY_BYTES => {
                        (Err(SourceError::TooLarge(bytes.len() as u64)), Bytes::new())
                    }
                    Ok(bytes) => (Ok(()), bytes),
                    Err(error) => (Err(error), Bytes::new()),
                };
                reply.give(Answered::File(result), bytes).await;
            }
            Question::List(side) => {
                let files = self.seam.files.as_ref();
                let paths = files.map_or(Ok(Vec::new()), |files| files.list(side));
                reply.give(Answered::Paths(paths), Bytes::new()).await;
            }
            Question::Complete(prompt) => {
                let completion = match &self.seam.model {
                    Some(model) => model.complete(*prompt).await,
                    None => Err(ModelError::Unavailable("there is none".to_owned())),
                };
                reply.give(Answered::Completed(completion), Bytes::new()).await;
            }
            Question::InfoRefs | Question::UploadPack => return Err(out_of_turn()),
        }
        Ok(())
    }
}

fn out_of_turn() -> WorkerError {
    WorkerError::Broken("it asks what its task does not need".to_owned())
}
