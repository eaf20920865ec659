//! The gate: findings and coverage in, one of the states out. It says no when nobody can tell.

use schemars::JsonSchema;
use serde::Serialize;

/// The state of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
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
