//! Compares two evaluations on the same pairs: what is worse by more than chance.
//!
//! The earlier and the later report in; alarms out, overall first and then by policy. A share is worse where its
//! interval lies wholly below the earlier one; failures of form are too many where they have doubled.

use crate::evaluation::report::{EvaluationReport, Figures};
use crate::evaluation::tally::Share;

/// Failures of form that an evaluation may always have had: twice none would be none.
const FEWEST_FAILURES: usize = 1;

/// How many times as many failures of form are an alarm.
const TOO_MANY_TIMES: usize = 2;

/// Something that has become worse.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// The policy; nothing where it is so overall.
    pub policy: Option<String>,
    /// What has become worse.
    pub figure: Figure,
}

/// A figure before and now.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    /// Of the findings, those that are breaches.
    Precision(Share, Share),
    /// Of the breaches, those that are found.
    Recall(Share, Share),
    /// Questions whose answers had not the form.
    FormatFailures(usize, usize),
}

/// What has become worse between two evaluations.
pub fn alarms(before: &EvaluationReport, now: &EvaluationReport) -> Vec<Alarm> {
    let mut alarms = shares(None, &before.overall, &now.overall);
    let (was, is) = (before.overall.tally.format_failures(), now.overall.tally.format_failures());
    if is >= TOO_MANY_TIMES * was.max(FEWEST_FAILURES) {
        alarms.push(Alarm { policy: None, figure: Figure::FormatFailures(was, is) });
    }
    for (id, figures) in &now.policies {
        if let Some(earlier) = before.policies.get(id) {
            alarms.extend(shares(Some(id), earlier, figures));
        }
    }
    alarms
}

fn shares(policy: Option<&String>, before: &Figures, now: &Figures) -> Vec<Alarm> {
    let shares = [
        (before.precision, now.precision, Figure::Precision as fn(Share, Share) -> Figure),
        (before.recall, now.recall, Figure::Recall),
    ];
    let worse = shares.into_iter().filter(|(before, now, _)| now.is_certainly_below(before));
    worse
        .map(|(before, now, figure)| Alarm { policy: policy.cloned(), figure: figure(before, now) })
        .collect()
}
