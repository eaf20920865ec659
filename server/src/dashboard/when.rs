//! Moments and durations as people read them.

use jiff::Timestamp;

use super::words::Words;

/// A moment on a page.
#[derive(Clone, Debug)]
pub(super) struct When {
    /// For machines.
    pub(super) machine: String,
    /// Date and time, in UTC.
    pub(super) exact: String,
    /// How long ago.
    pub(super) ago: String,
}

impl When {
    /// The moment as it is seen `now`.
    pub(super) fn of(moment: Timestamp, now: Timestamp, words: &Words) -> Self {
        Self {
            machine: moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            exact: moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            ago: (words.counts.ago)(now.as_second() - moment.as_second()),
        }
    }
}

/// How long something took.
pub(super) fn lasted(from: Timestamp, to: Timestamp, words: &Words) -> String {
    (words.counts.lasted)((to.as_second() - from.as_second()).max(0))
}
