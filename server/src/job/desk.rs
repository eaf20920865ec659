//! Reviews for callers of `/v1`: begun at once, told as they run, kept when they end, cancelled when nobody listens.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use analyzers::sources::{Side, SourceError};
use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_util::sync::CancellationToken;

use crate::access::Caller;
use crate::api::desk::{
    ActError, CandidateEvent, Desk, Ended, NewFeedback, OrderFile, OrderSubject, Refusal, RegionEvent,
    ReviewEvent, ReviewOrder, Running, Version,
};
use crate::model::generate::Priority;
use crate::record::{AskedBy, Binding, Outcome, ReviewRecord, Reviewed, Settings, new_id};
use crate::service::Service;
use crate::store::findings::Feedback;
use crate::worker::{
    Answer, Change, FileHost, ModelHost, Rendering, ReviewTask, Seam, WorkerError, WorkerEvent,
};

/// When a caller may come again where too many reviews run.
const BUSY: Duration = Duration::from_secs(5);

/// Events that wait for a slow listener.
const WAITING_EVENTS: usize = 256;

/// What callers can have done, by the running service.
#[derive(Clone)]
pub(crate) struct ServiceDesk {
    service: Arc<Service>,
}

impl ServiceDesk {
    /// The desk of a service.
    pub(crate) fn new(service: Arc<Service>) -> Self {
        Self { service }
    }
}

#[async_trait]
impl Desk for ServiceDesk {
    async fn review(&self, caller: &Caller, order: ReviewOrder) -> Result<Running, Refusal> {
        let permit =
            Arc::clone(&self.service.callers).try_acquire_owned().map_err(|_| Refusal::Busy(BUSY))?;
        let record = begin(caller, &order);
        let id = record.id.clone();
        self.service.store.save_review(&record).await.map_err(anyhow::Error::from)?;
        let (tell, events) = mpsc::channel(WAITING_EVENTS);
        let service = Arc::clone(&self.service);
        tokio::spawn(async move { conduct(&service, record, order, tell, permit).await });
        Ok(Running { id, events })
    }

    async fn add_feedback(&self, caller: &Caller, feedback: NewFeedback) -> Result<(), ActError> {
        let known = self.service.store.finding(&feedback.fingerprint).await.map_err(anyhow::Error::from)?;
        if known.is_none() {
            return Err(ActError::NotFound);
        }
        let feedback = Feedback {
            fingerprint: feedback.fingerprint,
            verdict: feedback.verdict,
            reason: Some(feedback.reason).filter(|reason| !reason.is_empty()),
            by: caller.token.clone(),
            at: Timestamp::now(),
        };
        Ok(self.service.store.add_feedback(&feedback).await.map_err(anyhow::Error::from)?)
    }

    async fn retry(&self, _caller: &Caller, id: &str) -> Result<(), ActError> {
        match self.service.store.retry_dead(id).await.map_err(anyhow::Error::from)? {
            true => Ok(()),
            false => Err(ActError::NotFound),
        }
    }
}

fn begin(caller: &Caller, order: &ReviewOrder) -> ReviewRecord {
    let (base, head) = match &order.subject {
        OrderSubject::Change { base, head, .. } => (base.clone(), head.clone()),
        OrderSubject::Tree { .. } => (None, None),
    };
    ReviewRecord {
        id: new_id(),
        asked_by: AskedBy::Caller { token: caller.token.clone() },
        repository: order.repository.clone(),
        bound_to: Binding { head, merge_base: base, ..Binding::default() },
        asked_at: Timestamp::now(),
        ended_at: None,
        settings: Settings::default(),
        outcome: Outcome::Running,
    }
}

/// The whole of one review; keeps how it ended, and tells it.
async fn conduct(
    service: &Service,
    mut record: ReviewRecord,
    order: ReviewOrder,
    tell: mpsc::Sender<ReviewEvent>,
    _permit: OwnedSemaphorePermit,
) {
    let earned = service.earned().await;
    let (task, files) = task(service, order, earned);
    let asker = service.answerer(Priority::Interactive, &record);
    let model = asker.clone().map(|asker| asker as Arc<dyn ModelHost>);
    let seam = Seam { files: Some(files), model };
    let cancel = CancellationToken::new();
    let (events, worker_events) = mpsc::channel(WAITING_EVENTS);
    let review = service.host.review(task, seam, Some(events), &cancel);
    let passing_on = pass_on(worker_events, &tell);
    let gone = async {
        tokio::select! {
            () = tell.closed() => {}
            () = service.grace_is_over() => {}
        }
        cancel.cancel();
        std::future::pending::<()>().await;
    };
    let (answer, ()) = tokio::select! {
        both = futures::future::join(review, passing_on) => both,
        () = gone => return,
    };
    let (outcome, report) = outcome(answer);
    record.outcome = outcome.clone();
    record.bound_to.models = asker.map(|asker| asker.answered_by()).unwrap_or_default();
    record.ended_at = Some(Timestamp::now());
    if let Err(error) = service.store.save_review(&record).await {
        tracing::error!(review.id = record.id, error = %error, "how a review ended was not kept");
    }
    // Nobody listens any more where this fails, and nobody needs to.
    let _ = tell.send(ReviewEvent::Ended(Box::new(Ended { outcome, report }))).await;
}

fn outcome(answer: Result<Answer, WorkerError>) -> (Outcome, Option<String>) {
    match answer {
        Ok(answer) => {
            let report = answer.rendered.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            let reviewed = Reviewed { document: answer.document, change: answer.change };
            (Outcome::Reviewed(Box::new(reviewed)), report)
        }
        Err(error) => (Outcome::NotReviewed { reason: error.to_string() }, None),
    }
}

async fn pass_on(mut events: mpsc::Receiver<WorkerEvent>, tell: &mpsc::Sender<ReviewEvent>) {
    while let Some(event) = events.recv().await {
        let event = match event {
            WorkerEvent::Region { .. } => continue,
            WorkerEvent::FileDone { path, done, total } => {
                ReviewEvent::Region(RegionEvent { path, done, of: total })
            }
            WorkerEvent::Candidate { policy, path, line } => {
                ReviewEvent::Candidate(CandidateEvent { policy, path, line })
            }
            WorkerEvent::Finding(finding) => ReviewEvent::Finding(finding),
        };
        if tell.send(event).await.is_err() {
            return;
        }
    }
}

fn task(service: &Service, order: ReviewOrder, earned: BTreeSet<String>) -> (ReviewTask, Arc<dyn FileHost>) {
    let (change, files) = match order.subject {
        OrderSubject::Change { diff, files, base, head } => {
            (Change::Diff { text: Bytes::from(diff), base, head }, Given::versions(files))
        }
        OrderSubject::Tree { files } => (Change::Files, Given::whole(files)),
    };
    let operator = ReviewTask::new(&service.config, change);
    let report = order.report;
    let task = ReviewTask {
        // Who orders a report reads what the model says in the report's language.
        language: report.as_ref().map_or(operator.language, |report| report.options.locale),
        fail_on: order.fail_on.unwrap_or(operator.fail_on),
        require_model: order.require_model.unwrap_or(operator.require_model),
        earned,
        rendering: report.map(|report| Rendering { format: report.format, options: report.options }),
        ..operator
    };
    (task, Arc::new(files))
}

/// The files that a caller sent, in memory.
struct Given {
    base: BTreeMap<String, Bytes>,
    head: BTreeMap<String, Bytes>,
}

impl Given {
    fn whole(files: Vec<(String, Vec<u8>)>) -> Self {
        let head = files.into_iter().map(|(path, content)| (path, Bytes::from(content))).collect();
        Self { base: BTreeMap::new(), head }
    }

    fn versions(files: Vec<OrderFile>) -> Self {
        let (mut base, mut head) = (BTreeMap::new(), BTreeMap::new());
        for file in files {
            for (version, side) in [(file.base, &mut base), (file.head, &mut head)] {
                match version {
                    Version::Content(content) => drop(side.insert(file.path.clone(), Bytes::from(content))),
                    Version::Missing | Version::Untold => {}
                }
            }
        }
        Self { base, head }
    }

    fn side(&self, side: Side) -> &BTreeMap<String, Bytes> {
        match side {
            Side::Base => &self.base,
            Side::Head => &self.head,
        }
    }
}

impl FileHost for Given {
    fn read(&self, side: Side, path: &str) -> Result<Bytes, SourceError> {
        self.side(side).get(path).cloned().ok_or(SourceError::Missing)
    }

    fn list(&self, side: Side) -> Result<Vec<String>, SourceError> {
        Ok(self.side(side).keys().cloned().collect())
    }
}
