//! Progress of long work: a bar on a terminal that appears when work takes noticeably long.

use std::thread;
use std::time::Duration;

use analyzers::review::Observer;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::desk::Desk;

/// Shorter work needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the bar is drawn while nothing is done.
const TICK: Duration = Duration::from_millis(100);

/// The progress of a review.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Progress over so many files; shown only where a person watches.
    pub(crate) fn over(files: usize, desk: &Desk) -> Self {
        let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("{spinner} {wide_bar} {pos} of {len} files");
        bar.set_style(style.expect("the template is well formed"));
        if desk.watched {
            let waiting = bar.clone();
            thread::spawn(move || {
                thread::sleep(PATIENCE);
                if !waiting.is_finished() {
                    waiting.set_draw_target(ProgressDrawTarget::stderr());
                    waiting.enable_steady_tick(TICK);
                }
            });
        }
        Self { bar }
    }

    /// So many files of so many are done.
    pub(crate) fn at(&self, done: u64, of: u64) {
        self.bar.set_length(of);
        self.bar.set_position(done);
    }
}

impl Observer for Progress {
    fn file_done(&self, _path: &str) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
