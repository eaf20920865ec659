//! The fence before every write to a forge: whoever has lost the lease, or soon will, writes nothing.

use std::time::Duration;

use async_trait::async_trait;

use super::{JobError, Running};
use crate::posting::deliver::{Fence, Lost};

/// What must be left of the lease before a write: more than twice what one call may take.
const MARGIN: Duration = Duration::from_secs(70);

/// The fence of one claim.
pub(super) struct LeaseFence<'r> {
    running: &'r Running<'r>,
}

impl<'r> LeaseFence<'r> {
    /// The fence of a running job.
    pub(super) fn new(running: &'r Running<'r>) -> Self {
        Self { running }
    }
}
