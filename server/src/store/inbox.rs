//! What the forges sent: a delivery and the jobs that it asks for are kept together or not at all.
//!
//! Deliveries that come while others are being written wait for that commit and then go into one transaction of two
//! statements, so that a flood costs the database little more than one of them.

use std::collections::HashSet;

use serde_json::{Value as Json, json};
use tokio::sync::{mpsc, oneshot};

use crate::event::Delivery;
use crate::store::connection::storable;
use crate::store::queue::{self, NewJob};
use crate::store::{Backend, Store, StoreError};

/// Deliveries that share one transaction at most.
const BATCH: usize = 128;
/// Deliveries that may wait; further ones wait to wait.
const QUEUE: usize = 1024;
/// Longest name that both databases take as a key. Real ones have tens of bytes.
const LONGEST_KEY: usize = 1024;

/// Whether a delivery was news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// It is kept, and its jobs are in the queue.
    New,
    /// It had come before: nothing was changed.
    Duplicate,
}

/// The way of deliveries into the database.
#[derive(Clone, Debug)]
pub(super) struct Deliveries(mpsc::Sender<Waiting>);

/// A delivery that is not kept yet.
#[derive(Debug)]
struct Waiting {
    kept: Kept,
    reply: oneshot::Sender<Result<Received, StoreError>>,
}

/// What of a delivery is kept.
#[derive(Clone, Debug)]
struct Kept {
    forge: &'static str,
    id: String,
    event: String,
    jobs: Vec<NewJob>,
}

impl Store {
    /// Keeps a delivery and puts its jobs into the queue, in one transaction.
    pub(crate) async fn receive(&self, delivery: &Delivery, jobs: &[NewJob]) -> Result<Received, StoreError> {
        let event = serde_json::to_string(&delivery.event).map_err(StoreError::unreadable("webhook"))?;
        let id = storable(&key(&delivery.id));
        let kept = Kept { forge: delivery.forge.name(), id, event, jobs: jobs.to_vec() };
        let (reply, answer) = oneshot::channel();
        let stopped = || StoreError::Unavailable("the store is closed".to_owned());
        self.deliveries.0.send(Waiting { kept, reply }).await.map_err(|_| stopped())?;
        let received = answer.await.map_err(|_| stopped())??;
        self.work.notify_one();
        Ok(received)
    }
}

impl Deliveries {
    /// Opens the way. It ends with the last of these values.
    pub(super) fn open(backend: Backend) -> Self {
        let (sender, mut queue) = mpsc::channel(QUEUE);
        tokio::spawn(async move {
            let mut batch = Vec::with_capacity(BATCH);
            while queue.recv_many(&mut batch, BATCH).await > 0 {
                receive_all(&backend, &mut batch).await;
            }
        });
        Self(sender)
    }
}

/// Keeps the deliveries together, or where that fails each by itself, and answers them.
async fn receive_all(backend: &Backend, batch: &mut Vec<Waiting>) {
    let kept: Vec<Kept> = batch.iter().map(|waiting| waiting.kept.clone()).collect();
    match keep(backend, kept).await {
        Ok(received) => {
            for (waiting, received) in batch.drain(..).zip(received) {
                // Who asked may have gone.
                let _ = waiting.reply.send(Ok(received));
            }
        }
        Err(error) if batch.len() == 1 => {
            batch.drain(..).for_each(|waiting| drop(waiting.reply.send(Err(error.clone()))));
        }
        Err(_) => {
            for Waiting { kept, reply } in batch.drain(..) {
                let received = keep(backend, vec![kept]).await;
                let _ = reply.send(received.map(|received| received[0]));
            }
        }
    }
}

/// Keeps deliveries and their jobs in one transaction: what each was.
async fn keep(backend: &Backend, deliveries: Vec<Kept>) -> Result<Vec<Received>, StoreError> {
    const KEEP: &str = "INSERT INTO inbox (forge, delivery, event, received_at) \
         SELECT value ->> 'forge', value ->> 'delivery', value ->> 'event', {now} FROM {objects_of_1} \
         WHERE true ORDER BY 1, 2 ON CONFLICT (forge, delivery) DO NOTHING RETURNING forge, delivery";
    let row = |kept: &Kept| json!({"forge": kept.forge, "delivery": kept.id, "event": kept.event});
    let rows = Json::from_iter(deliveries.iter().map(row)).to_string();
    backend
        .write(move |mut db| {
            Box::pin(async move {
                let new: Vec<(String, String)> = db.all(KEEP, [rows.into()]).await?;
                let mut new: HashSet<(String, String)> = new.into_iter().collect();
                let (mut received, mut jobs) = (Vec::with_capacity(deliveries.len()), Vec::new());
                for kept in deliveries {
                    // Of two alike in one batch the first is news.
                    let is_new = new.remove(&(kept.forge.to_owned(), kept.id));
                    received.push(if is_new { Received::New } else { Received::Duplicate });
                    if is_new {
                        jobs.extend(kept.jobs);
                    }
                }
                queue::put(&mut db, &jobs).await?;
                Ok(received)
            })
        })
        .await
}

/// The name itself, or for one that no database takes as a key its digest.
pub(super) fn key(name: &str) -> String {
    use sha2::{Digest, Sha256};
    if name.len() <= LONGEST_KEY {
        return name.to_owned();
    }
    format!("sha256:{}", hex::encode(Sha256::digest(name)))
}
