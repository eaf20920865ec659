//! The gate: findings and coverage in, one of the states out. It says no when nobody can tell.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{Decider, Finding, Origin};
use crate::policy::Severity;
use crate::review::Coverage;

/// The state of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Everything in scope was reviewed and nothing blocks.
    Passed,
    /// A finding blocks.
    Failed,
    /// Nothing could be reviewed.
    NotReviewed,
    /// Part of what is in scope could not be reviewed, and nothing in the rest blocks.
    Partial,
}

/// Whether a finding blocks a merge: introduced, enforced, at least as bad as `fail_on`, and proved; or told by the
/// model, where the policy has earned that.
pub fn blocks(finding: &Finding, fail_on: Severity) -> bool {
    let is_enforced = match finding.decided_by {
        Decider::Proof => finding.policy.blocks_by_proof(),
        Decider::Model => finding.policy.has_earned_block,
    };
    is_enforced && finding.origin == Origin::Introduced && finding.policy.severity <= fail_on
}

/// Decides the state of a review.
pub fn decide(findings: &[Finding], coverage: &Coverage, fail_on: Severity) -> State {
    if findings.iter().any(|finding| blocks(finding, fail_on)) {
        return State::Failed;
    }
    match (coverage.has_gap(), coverage.files_reviewed) {
        (true, 0) => State::NotReviewed,
        (true, _) => State::Partial,
        (false, _) => State::Passed,
    }
}
