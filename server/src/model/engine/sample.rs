//! Draws a token from a row of logits. The draw depends on the row, the seed and the position, and on nothing else.

use sha2::{Digest, Sha256};
use toktrie::SimpleVob;

use crate::model::generate::Sampling;

/// Relative weights below which a token is looked at only where the likelier ones do not fill `top_p`.
const LIKELY: f32 = 1e-5;

/// Why no token could be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SampleError {
    /// A logit is not a number.
    #[error("the model computed numbers that are none (token {0})")]
    NotFinite(usize),
    /// No token may stand here.
    #[error("no token may stand here")]
    NothingAllowed,
}

/// A token among those that are allowed.
pub(super) fn draw(
    logits: &[f32],
    allowed: &SimpleVob,
    sampling: Sampling,
    position: u64,
) -> Result<u32, SampleError> {
    if let Some(token) = logits.iter().position(|logit| !logit.is_finite()) {
        return Err(SampleError::NotFinite(token));
    }
    let (token, highest) = likeliest(logits, allowed).ok_or(SampleError::NothingAllowed)?;
    if sampling.temperature <= 0.0 {
        return Ok(token);
    }
    let weigh = |logit: f32| ((logit - highest) / sampling.temperature).exp();
    let uniform = uniform(sampling.seed, position);
    if sampling.top_p >= 1.0 {
        let mut weights = Vec::new();
        each(logits, allowed, |token, logit| weights.push((weigh(logit), token)));
        return Ok(pick(&weights, uniform).unwrap_or(token));
    }
    let nucleus = nucleus(logits, allowed, f64::from(sampling.top_p), weigh);
    Ok(pick(&nucleus, uniform).unwrap_or(token))
}

/// The likeliest token; of several the one with the lowest id.
fn likeliest(logits: &[f32], allowed: &SimpleVob) -> Option<(u32, f32)> {
    let mut best: Option<(u32, f32)> = None;
    each(logits, allowed, |token, logit| {
        if best.is_none_or(|(_, highest)| logit > highest) {
            best = Some((token, logit));
        }
    });
    best
}

/// The fewest of the likeliest tokens that have `top_p` of the mass.
fn nucleus(logits: &[f32], allowed: &SimpleVob, top_p: f64, weigh: impl Fn(f32) -> f32) -> Vec<(f32, u32)> {
    let (mut likely, mut mass, mut total) = (Vec::new(), 0.0, 0.0);
    each(logits, allowed, |token, logit| {
        let weight = weigh(logit);
        total += f64::from(weight);
        if weight >= LIKELY {
            mass += f64::from(weight);
            likely.push((weight, token));
        }
    });
    if mass < top_p * total {
        likely.clear();
        each(logits, allowed, |token, logit| likely.push((weigh(logit), token)));
    }
    likely.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let mut reached = 0.0;
    let within = likely.iter().take_while(|(weight, _)| {
        let is_within = reached < top_p * total;
        reached += f64::from(*weight);
        is_within
    });
    let count = within.count().max(1);
    likely.truncate(count);
    likely
}

fn pick(weights: &[(f32, u32)], uniform: f64) -> Option<u32> {
    let total: f64 = weights.iter().map(|(weight, _)| f64::from(*weight)).sum();
    let mut left = uniform * total;
    for (weight, token) in weights {
        left -= f64::from(*weight);
        if left < 0.0 {
            return Some(*token);
        }
    }
    weights.iter().rev().find(|(weight, _)| *weight > 0.0).map(|(_, token)| *token)
}

fn each(logits: &[f32], allowed: &SimpleVob, mut visit: impl FnMut(u32, f32)) {
    allowed.iter_set_entries(|token| {
        if let (Some(logit), Ok(token)) = (logits.get(token), u32::try_from(token)) {
            visit(token, *logit);
        }
    });
}

/// A number from 0 to below 1 that only the seed and the position decide.
fn uniform(seed: u64, position: u64) -> f64 {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(position.to_le_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let bits = digest[..8].iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    // 53 bits are what a double holds exactly.
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use toktrie::SimpleVob;

    use super::{SampleError, draw};
    use crate::model::generate::Sampling;

    fn sampling(temperature: f32, top_p: f32) -> Sampling {
        Sampling { temperature, top_p, seed: 9 }
    }

    fn shares(logits: &[f32], allowed: &SimpleVob, sampling: Sampling) -> Vec<f64> {
        let mut counts = vec![0.0; logits.len()];
        for position in 0..20_000 {
            counts[draw(logits, allowed, sampling, position).unwrap() as usize] += 1.0 / 20_000.0;
        }
        counts
    }

    #[test]
    fn cold_takes_the_likeliest_and_of_equals_the_lowest_id() {
        let all = SimpleVob::alloc_ones(4);
        assert_eq!(draw(&[1.0, 3.0, 3.0, 2.0], &all, sampling(0.0, 0.5), 0), Ok(1));
        let mut rest = all.clone();
        rest.disallow_token(1);
        assert_eq!(draw(&[1.0, 3.0, 3.0, 2.0], &rest, sampling(0.0, 0.5), 0), Ok(2));
    }

    #[test]
    fn warm_draws_follow_the_softmax() {
        let logits = [0.0, 1.0, 2.0, -30.0];
        let all = SimpleVob::alloc_ones(4);
        let shares = shares(&logits, &all, sampling(0.7, 1.0));
        let weights = logits.map(|logit| (f64::from(logit) / 0.7).exp());
        let total: f64 = weights.iter().sum();
        for (share, weight) in shares.iter().zip(weights) {
            assert!((share - weight / total).abs() < 0.015, "{shares:?}");
        }
    }

    fn logits() -> [f32; 4] {
        // Shares of 0.5, 0.3, 0.15, 0.05 at temperature 1.
        [0.15_f32.ln(), 0.5_f32.ln(), 0.05_f32.ln(), 0.3_f32.ln()]
    }

    #[test]
    fn the_nucleus_is_the_fewest_that_fill_top_p() {
        let all = SimpleVob::alloc_ones(4);
        let two = shares(&logits(), &all, sampling(1.0, 0.75));
        assert!(two[0] == 0.0 && two[2] == 0.0 && (two[1] - 0.625).abs() < 0.015, "{two:?}");
        let three = shares(&logits(), &all, sampling(1.0, 0.85));
        assert!(three[2] == 0.0 && three[0] > 0.1, "{three:?}");
        let one = shares(&logits(), &all, sampling(1.0, 0.0001));
        assert!((one[1] - 1.0).abs() < 1e-9);
    }

    #[test]
    fn of_equals_the_lowest_ids_are_in_the_nucleus() {
        let all = SimpleVob::alloc_ones(64);
        let drawn = (0..500).map(|position| draw(&[0.5; 64], &all, sampling(1.0, 0.5), position).unwrap());
        assert_eq!(drawn.max(), Some(31));
    }

    #[test]
    fn a_flat_tail_of_unlikely_tokens_fills_the_nucleus_where_it_must() {
        let mut logits = vec![-12.0_f32; 400_000];
        logits[7] = 0.0;
        let all = SimpleVob::alloc_ones(logits.len());
        let others = (0..50).filter(|at| draw(&logits, &all, sampling(1.0, 0.95), *at) != Ok(7)).count();
        assert!(others > 10, "{others}");
    }

    #[test]
    fn a_draw_depends_on_seed_and_position_only() {
        let all = SimpleVob::alloc_ones(64);
        let logits = [0.0; 64];
        let at = |seed, position| {
            draw(&logits, &all, Sampling { temperature: 1.0, top_p: 1.0, seed }, position).unwrap()
        };
        let line = |seed| (0..32).map(|position| at(seed, position)).collect::<Vec<_>>();
        assert_eq!(line(1), line(1));
        assert_ne!(line(1), line(2));
        assert_eq!(at(1, 31), line(1)[31]);
    }

    #[test]
    fn numbers_that_are_none_and_empty_masks_are_told() {
        let all = SimpleVob::alloc_ones(2);
        let warm = sampling(1.0, 0.9);
        assert_eq!(draw(&[0.0, f32::NAN], &all, warm, 0), Err(SampleError::NotFinite(1)));
        assert_eq!(draw(&[f32::INFINITY, 0.0], &all, warm, 0), Err(SampleError::NotFinite(0)));
        assert_eq!(draw(&[0.0, 0.0], &SimpleVob::alloc(2), warm, 0), Err(SampleError::NothingAllowed));
    }
}
