//! Makes a review again from what is kept of it, and says whether it comes out the same, byte for byte.
//!
//! The review's record, its commits in the mirror, the policies in force and the kept answers in; what differs out. The
//! model is never asked: an answer that is not kept any more counts as none, and is counted.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use analyzers::model::{Completion, ModelError, Prompt};
use analyzers::policy::{PolicySet, Selection};
use anyhow::{Context, bail};
use async_trait::async_trait;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::forge::http;
use crate::model::answers::{Question, digest};
use crate::record::{AskedBy, Outcome, ReviewRecord, Reviewed};
use crate::store::Store;
use crate::worker::host::Host;
use crate::worker::{Change, ModelHost, ReviewTask, Seam, WorkerError};

/// Places that are named where reviews differ.
const MOST_PLACES: usize = 20;

/// What came of making a review again.
#[derive(Debug)]
pub(crate) struct Replayed {
    /// SHA-256 over the review as it is kept.
    pub(crate) kept: String,
    /// SHA-256 over the review that was made now; `None` where it could not be made.
    pub(crate) made: Option<String>,
    /// What differs; nothing where the two are the same bytes.
    pub(crate) differences: Vec<Difference>,
}

/// A difference, or what one comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// Other policies are in force.
    Policies {
        /// SHA-256 over those of the review.
        kept: String,
        /// SHA-256 over those in force.
        made: String,
    },
    /// Questions whose answers are not kept, or that the review did not ask.
    Answers(usize),
    /// Commits or files of them are not in the mirror.
    Objects(String),
    /// A value differs.
    Value {
        /// Where it stands.
        path: String,
        /// The value that is kept; `None` where there is none.
        kept: Option<Value>,
        /// The value that was made.
        made: Option<Value>,
    },
    /// So many more values differ.
    More(usize),
}

/// Makes a review again.
///
/// # Errors
/// Says why it cannot be: there is none of this name, it did not end, or what it was made of is not kept.
pub(crate) async fn replay(config: &Config, id: &str) -> anyhow::Result<Replayed> {
    let store = Store::open(&config.database, &config.data).await?;
    let replayed = make(config, &store, id).await;
    store.close().await;
    replayed
}

async fn make(config: &Config, store: &Store, id: &str) -> anyhow::Result<Replayed> {
    let record = store.review(id).await?;
    let record = record
        .with_context(|| format!("there is no review `{id}`; its page and `GET /v1/reviews` name it"))?;
    let Outcome::Reviewed(kept) = &record.outcome else {
        bail!("the review `{id}` ended as `{}`: there is nothing to compare", record.outcome.state().name());
    };
    let host = Host::new(config, http::client(&config.network)?)?;
    let mut differences = policies(config, &record)?;
    let change = match change(&record, &host)? {
        Ok(change) => change,
        Err(objects) => {
            differences.push(objects);
            return Ok(Replayed { kept: bytes(kept)?.0, made: None, differences });
        }
    };
    let answers = Arc::new(KeptAnswers {
        store: store.clone(),
        review: record.id.clone(),
        missing: AtomicUsize::new(0),
    });
    let had_model = kept.document.coverage.asked.is_some();
    let seam = Seam { files: None, model: had_model.then(|| answers.clone() as Arc<dyn ModelHost>) };
    let earned = record.bound_to.earned.clone();
    let task = ReviewTask { earned, ..ReviewTask::new(config, change) };
    let made = host.review(task, seam, None, &CancellationToken::new()).await;
    let made = match made {
        Ok(answer) => Reviewed { document: answer.document, change: answer.change },
        Err(WorkerError::Git(why)) => {
            differences.push(Difference::Objects(why));
            return Ok(Replayed { kept: bytes(kept)?.0, made: None, differences });
        }
        Err(error) => return Err(error).context("making the review again"),
    };
    compare(kept, &made, differences, answers.missing.load(Ordering::Relaxed))
}

/// The commits of a review, where the mirror is there.
fn change(record: &ReviewRecord, host: &Host) -> anyhow::Result<Result<Change, Difference>> {
    let AskedBy::MergeRequest { merge_request, .. } = &record.asked_by else {
        bail!("the review was asked for by a caller of `/v1`, whose files are not kept");
    };
    let (Some(head), Some(target)) = (record.bound_to.head.clone(), record.bound_to.target.clone()) else {
        bail!("the review's record does not say which commits it is bound to");
    };
    let mirror: Option<PathBuf> = host.mirror(merge_request.forge, &merge_request.repository);
    let missing = || Difference::Objects(format!("there is no mirror of {}", merge_request.repository));
    Ok(mirror.map(|mirror| Change::Versions { mirror, head, target }).ok_or_else(missing))
}

/// Whether other policies are in force than those of the review.
fn policies(config: &Config, record: &ReviewRecord) -> anyhow::Result<Vec<Difference>> {
    let selection = Selection { builtin: config.policies.builtin, folders: &config.policies.folders };
    let policies = PolicySet::read(selection).map_err(|mistakes| {
        let mistakes: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("the policies cannot be used: {}", mistakes.join("; "))
    })?;
    let made = policies.digest_earning(&record.bound_to.earned);
    let kept = record.bound_to.policies.clone().unwrap_or_default();
    let is_same = kept == made;
    Ok(if is_same { Vec::new() } else { vec![Difference::Policies { kept, made }] })
}

fn compare(
    kept: &Reviewed,
    made: &Reviewed,
    mut differences: Vec<Difference>,
    missing: usize,
) -> anyhow::Result<Replayed> {
    let ((kept_digest, kept), (made_digest, made)) = (bytes(kept)?, bytes(made)?);
    if kept == made {
        return Ok(Replayed { kept: kept_digest, made: Some(made_digest), differences: Vec::new() });
    }
    if missing > 0 {
        differences.push(Difference::Answers(missing));
    }
    let mut places = Vec::new();
    let (kept, made) = (serde_json::from_slice(&kept)?, serde_json::from_slice(&made)?);
    differ("", Some(&kept), Some(&made), &mut places);
    let more = places.len().saturating_sub(MOST_PLACES);
    places.truncate(MOST_PLACES);
    differences.extend(places);
    differences.extend((more > 0).then_some(Difference::More(more)));
    Ok(Replayed { kept: kept_digest, made: Some(made_digest), differences })
}

/// A review as bytes, and their digest.
fn bytes(review: &Reviewed) -> anyhow::Result<(String, Vec<u8>)> {
    let bytes = serde_json::to_vec(review)?;
    Ok((hex::encode(Sha256::digest(&bytes)), bytes))
}

/// The places at which two values differ, in order.
fn differ(path: &str, kept: Option<&Value>, made: Option<&Value>, places: &mut Vec<Difference>) {
    match (kept, made) {
        (Some(Value::Object(kept)), Some(Value::Object(made))) => {
            let added = made.keys().filter(|key| !kept.contains_key(*key));
            for key in kept.keys().chain(added) {
                differ(&format!("{path}/{key}"), kept.get(key), made.get(key), places);
            }
        }
        (Some(Value::Array(kept)), Some(Value::Array(made))) => {
            for index in 0..kept.len().max(made.len()) {
                differ(&format!("{path}/{index}"), kept.get(index), made.get(index), places);
            }
        }
        _ if kept == made => {}
        _ => {
            places.push(Difference::Value {
                path: path.to_owned(),
                kept: kept.cloned(),
                made: made.cloned(),
            });
        }
    }
}

/// The answers that a review had.
struct KeptAnswers {
    store: Store,
    review: String,
    missing: AtomicUsize,
}

#[async_trait]
impl ModelHost for KeptAnswers {
    async fn complete(&self, prompt: Prompt) -> Result<Completion, ModelError> {
        let question = Question { review: self.review.clone(), prompt: digest(&prompt) };
        match self.store.outcome(&question).await {
            Ok(Some(outcome)) => outcome,
            Ok(None) | Err(_) => {
                self.missing.fetch_add(1, Ordering::Relaxed);
                Err(ModelError::Unavailable("its answer is not kept".to_owned()))
            }
        }
    }
}
