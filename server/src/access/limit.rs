//! How often a caller may ask: so many requests a minute for each token, or each address without one.
//!
//! A principal in; nothing, or a problem that says when to come again out.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::StatusCode;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use super::token::TokenHash;
use crate::problem::Problem;

/// Requests after which principals who have not asked lately are forgotten.
const SWEEP: usize = 10_000;

/// Who is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Principal {
    /// Who holds a token, from wherever.
    Token(TokenHash),
    /// Who calls from an address without a good token; `None` where the address is not known.
    Address(Option<IpAddr>),
}

impl Principal {
    /// Who calls from an address. Of IPv6 the first half counts: one machine has all of the other.
    pub(super) fn at(address: Option<IpAddr>) -> Self {
        const NETWORK: u128 = u128::MAX << 64;
        Self::Address(address.map(|address| match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & NETWORK).into(),
        }))
    }
}

type Keyed<C> =
    RateLimiter<Principal, DefaultKeyedStateStore<Principal>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Counts requests.
pub(crate) struct Limiter<C: Clock = DefaultClock> {
    limiter: Keyed<C>,
    clock: C,
    requests_per_minute: u32,
    counted: AtomicUsize,
}

impl Limiter {
    /// A limiter by the machine's clock.
    pub(crate) fn new(requests_per_minute: u32) -> Self {
        Self::with_clock(requests_per_minute, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Limiter<C> {
    fn with_clock(requests_per_minute: u32, clock: C) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(requests_per_minute).unwrap_or(NonZeroU32::MIN));
        let limiter = RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock.clone());
        Self { limiter, clock, requests_per_minute, counted: AtomicUsize::new(0) }
    }

    /// Counts a request, or says that it is one too many.
    pub(crate) fn check(&self, principal: &Principal) -> Result<(), Problem> {
        if self.counted.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(principal).map_err(|not_until| {
            let detail = format!("This caller may ask {} times a minute.", self.requests_per_minute);
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests", detail);
            problem.retry_after(not_until.wait_time_from(self.clock.now()))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::header::RETRY_AFTER;
    use axum::response::IntoResponse;
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn token(byte: u8) -> Principal {
        Principal::Token(TokenHash([byte; 32]))
    }

    #[test]
    fn one_too_many_waits_while_others_go_on() {
        let clock = FakeRelativeClock::default();
        let limiter = Limiter::with_clock(2, clock.clone());
        assert!(limiter.check(&token(1)).is_ok() && limiter.check(&token(1)).is_ok());
        let response = limiter.check(&token(1)).unwrap_err().into_response();
        assert_eq!(
            (response.status().as_u16(), &response.headers()[RETRY_AFTER]),
            (429, &"30".parse().unwrap())
        );
        assert!(limiter.check(&token(2)).is_ok() && limiter.check(&Principal::Address(None)).is_ok());
        clock.advance(Duration::from_secs(30));
        assert!(limiter.check(&token(1)).is_ok());
        assert!(limiter.check(&token(1)).is_err());
    }

    #[test]
    fn one_machines_addresses_count_as_one() {
        let at = |address: &str| Principal::at(Some(address.parse().unwrap()));
        assert_eq!(at("2001:db8::1"), at("2001:db8::ffff:1"));
        assert_ne!(at("2001:db8::1"), at("2001:db8:0:1::1"));
        assert_ne!(at("10.0.0.1"), at("10.0.0.2"));
    }
}
