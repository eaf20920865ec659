//! Places in the queue: so many there are, and each is given back when its request leaves the queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts places that are taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Tickets {
    taken: Arc<AtomicUsize>,
}

/// A place that is taken, until it is dropped.
#[derive(Debug)]
pub(super) struct Ticket {
    taken: Arc<AtomicUsize>,
}

impl Tickets {
    /// A place, where fewer than `cap` are taken.
    pub(super) fn take(&self, cap: usize) -> Option<Ticket> {
        let one_more = |taken| (taken < cap).then_some(taken + 1);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok()?;
        Some(Ticket { taken: Arc::clone(&self.taken) })
    }

    /// Places that are taken.
    pub(super) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.taken.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Tickets;

    #[test]
    fn a_place_is_given_back() {
        let tickets = Tickets::default();
        let first = tickets.take(1).unwrap();
        assert!(tickets.take(1).is_none());
        drop(first);
        assert_eq!(tickets.taken(), 0);
        assert!(tickets.take(1).is_some());
    }
}
