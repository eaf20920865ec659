//! Has every labelled pair reviewed by the model, several at a time; what became of each policy's out.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use analyzers::evaluation::{LabelledFile, Tally, measure};
use analyzers::model::{Completion, Model, ModelError, Prompt};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::{Handle, Runtime};

use super::GROUP;
use super::pairs::Pairs;
use crate::model::generate::Priority;
use crate::model::host::{Installed, Purpose};
use crate::worker::ModelHost;

/// Reviews under way at once. Most have one prompt; a model is best used by several.
const AT_ONCE: usize = 8;

/// Stack of a thread that reviews.
const STACK_BYTES: usize = 8 << 20;

/// A model that is asked from threads of reviews.
struct Asked {
    host: Arc<dyn ModelHost>,
    runtime: Handle,
}

impl Model for Asked {
    fn complete(&self, prompt: &Prompt) -> Result<Completion, ModelError> {
        self.runtime.block_on(self.host.complete(prompt.clone()))
    }
}

/// What became of the pairs, by policy id.
pub(super) fn ask_all(pairs: &Pairs, model: &Arc<Installed>, runtime: &Runtime) -> BTreeMap<String, Tally> {
    let files = &pairs.labels.files;
    let host = model.asked_for(Purpose { priority: Priority::Background, group: GROUP.to_owned() }, None);
    let model = Asked { host, runtime: runtime.handle().clone() };
    let (next, bar) = (AtomicUsize::new(0), bar(files.len()));
    let tallies: Mutex<BTreeMap<String, Tally>> = Mutex::default();
    let work = || {
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let tally = timed(file, pairs, &model);
            let mut tallies = tallies.lock().unwrap_or_else(PoisonError::into_inner);
            tallies.entry(file.policy.clone()).or_default().add(&tally);
            bar.inc(1);
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(files.len()) {
            // Where there can be no further thread, the others do its work.
            let _ = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        }
    });
    // All of it, where there could be no thread at all.
    work();
    bar.finish_and_clear();
    tallies.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn timed(file: &LabelledFile, pairs: &Pairs, model: &Asked) -> Tally {
    let started = Instant::now();
    let tally = measure(file, &pairs.policies, model);
    Tally { milliseconds: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX), ..tally }
}

/// How far it is, where a person watches.
fn bar(files: usize) -> ProgressBar {
    let bar = ProgressBar::new(files as u64);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_bar} {pos} of {len} files, {eta} left") {
        bar.set_style(style);
    }
    bar
}
