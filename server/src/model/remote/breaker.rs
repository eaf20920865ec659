//! Spares a server that fails, and those who would wait for it: closed, open after failures, then one probe.
//!
//! Time comes in from outside. A pass that is dropped without a word says nothing about the server.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Failures in a row after which a server is left alone.
const FAILURES: u32 = 3;

/// How long it is left alone first; every failed probe doubles it.
const REST: Duration = Duration::from_secs(15);

/// The longest rest.
const LONGEST_REST: Duration = Duration::from_secs(240);

/// The breaker of one server.
#[derive(Clone, Debug, Default)]
pub(super) struct Breaker {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
enum State {
    /// Everybody may ask.
    Closed { failures: u32 },
    /// Nobody may ask until then.
    Open { until: Instant, rest: Duration },
    /// One asks, to see whether it works again.
    HalfOpen { rest: Duration },
}

impl Default for State {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

/// How a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The server is asked.
    Closed,
    /// One probe is under way.
    HalfOpen,
    /// The server is left alone.
    Open,
}

/// The permission to ask once. What came of it is told by `worked` or `failed`.
#[derive(Debug)]
pub(super) struct Pass {
    breaker: Breaker,
    is_probe: bool,
}

impl Breaker {
    /// A pass, or how long until there may be one.
    pub(super) fn enter(&self, now: Instant) -> Result<Pass, Duration> {
        let mut state = self.state();
        let is_probe = match *state {
            State::Closed { .. } => false,
            State::Open { until, rest } if now >= until => {
                *state = State::HalfOpen { rest };
                true
            }
            State::Open { until, .. } => return Err(until - now),
            State::HalfOpen { rest } => return Err(rest),
        };
        Ok(Pass { breaker: self.clone(), is_probe })
    }

    /// How it stands.
    pub(super) fn standing(&self) -> Standing {
        match *self.state() {
            State::Closed { .. } => Standing::Closed,
            State::Open { .. } => Standing::Open,
            State::HalfOpen { .. } => Standing::HalfOpen,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass {
    /// The server lives.
    pub(super) fn worked(mut self) {
        *self.breaker.state() = State::Closed { failures: 0 };
        self.is_probe = false;
    }

    /// The server failed.
    pub(super) fn failed(mut self, now: Instant) {
        let mut state = self.breaker.state();
        let next = match *state {
            State::Closed { failures } if failures + 1 < FAILURES => {
                Some(State::Closed { failures: failures + 1 })
            }
            State::Closed { .. } => Some(open(now, REST)),
            State::HalfOpen { rest } if self.is_probe => Some(open(now, (rest * 2).min(LONGEST_REST))),
            // One that was asked before the others failed adds nothing.
            State::HalfOpen { .. } | State::Open { .. } => None,
        };
        if let Some(next) = next {
            *state = next;
        }
        drop(state);
        self.is_probe = false;
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if !self.is_probe {
            return;
        }
        let mut state = self.breaker.state();
        if let State::HalfOpen { rest } = *state {
            // A probe that was withdrawn has found nothing out: the next one may ask at once.
            *state = State::Open { until: Instant::now(), rest };
        }
    }
}

fn open(now: Instant, rest: Duration) -> State {
    State::Open { until: now + rest, rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(breaker: &Breaker, now: Instant) {
        breaker.enter(now).unwrap().failed(now);
    }

    #[test]
    fn failures_in_a_row_open_it_and_others_do_not() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..10 {
            fail(&breaker, now);
            fail(&breaker, now);
            breaker.enter(now).unwrap().worked();
        }
        assert_eq!(breaker.standing(), Standing::Closed);
        for _ in 0..3 {
            fail(&breaker, now);
        }
        assert_eq!(breaker.standing(), Standing::Open);
        assert_eq!(breaker.enter(now + Duration::from_secs(5)).unwrap_err(), Duration::from_secs(10));
    }

    #[test]
    fn one_probe_closes_it_or_doubles_the_rest() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..3 {
            fail(&breaker, now);
        }
        let mut later = now + REST;
        for rest in [30, 60, 120, 240, 240] {
            let probe = breaker.enter(later).unwrap();
            assert_eq!(breaker.standing(), Standing::HalfOpen);
            assert!(breaker.enter(later).is_err(), "a second probe");
            probe.failed(later);
            assert_eq!(breaker.enter(later).unwrap_err(), Duration::from_secs(rest));
            later += Duration::from_secs(rest);
        }
        breaker.enter(later).unwrap().worked();
        assert_eq!(breaker.standing(), Standing::Closed);
        fail(&breaker, later);
        assert_eq!(breaker.standing(), Standing::Closed);
    }

    #[test]
    fn a_probe_that_is_withdrawn_lets_the_next_one_ask() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..3 {
            fail(&breaker, now);
        }
        let later = now + REST;
        drop(breaker.enter(later).unwrap());
        assert!(breaker.enter(later).is_ok());
    }

    #[test]
    fn who_asked_before_the_others_failed_does_not_open_it_again() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        let slow = breaker.enter(now).unwrap();
        for _ in 0..3 {
            fail(&breaker, now);
        }
        let probe = breaker.enter(now + REST).unwrap();
        slow.failed(now + REST);
        assert_eq!(breaker.standing(), Standing::HalfOpen);
        probe.worked();
        assert_eq!(breaker.standing(), Standing::Closed);
    }
}
