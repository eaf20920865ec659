//! How fast the engine is: tokens of the last seconds, the older the lighter.

use std::time::{Duration, Instant};

/// What is older than this counts for little.
const WINDOW: Duration = Duration::from_secs(10);

/// Counts tokens.
#[derive(Clone, Debug)]
pub(super) struct Meter {
    written: Rate,
    computed: Rate,
}

#[derive(Clone, Debug)]
struct Rate {
    total: u64,
    recent: f64,
    at: Instant,
}

impl Meter {
    /// At zero.
    pub(super) fn new() -> Self {
        let rate = Rate { total: 0, recent: 0.0, at: Instant::now() };
        Self { written: rate.clone(), computed: rate }
    }

    /// So many tokens of completions were written.
    pub(super) fn written(&mut self, tokens: usize) {
        self.written.add(tokens, Instant::now());
    }

    /// So many tokens of prompts and completions went through the network.
    pub(super) fn computed(&mut self, tokens: usize) {
        self.computed.add(tokens, Instant::now());
    }

    /// Tokens of completions: a second, and since the start.
    pub(super) fn writing(&self) -> (f64, u64) {
        (self.written.per_second(Instant::now()), self.written.total)
    }

    /// Tokens through the network: a second, and since the start.
    pub(super) fn computing(&self) -> (f64, u64) {
        (self.computed.per_second(Instant::now()), self.computed.total)
    }
}

impl Rate {
    fn add(&mut self, tokens: usize, now: Instant) {
        self.recent = self.decayed(now) + tokens as f64;
        self.at = now;
        self.total += tokens as u64;
    }

    fn per_second(&self, now: Instant) -> f64 {
        self.decayed(now) / WINDOW.as_secs_f64()
    }

    fn decayed(&self, now: Instant) -> f64 {
        let age = now.saturating_duration_since(self.at).as_secs_f64();
        self.recent * (-age / WINDOW.as_secs_f64()).exp()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Rate;

    #[test]
    fn an_even_pace_is_measured_and_fades() {
        let start = Instant::now();
        let mut rate = Rate { total: 0, recent: 0.0, at: start };
        let at = |millis| start + Duration::from_millis(millis);
        (1..1000).for_each(|step| rate.add(5, at(100 * step)));
        assert!((rate.per_second(at(100_000)) - 50.0).abs() < 2.0);
        assert!(rate.per_second(at(200_000)) < 0.1);
        assert_eq!(rate.total, 4995);
    }
}
