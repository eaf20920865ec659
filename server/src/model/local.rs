//! The engine on this machine, made of `[model.local]`.

use std::sync::Arc;

use anyhow::bail;

use super::generator::Generator;
use crate::config::model::LocalModel;

/// The engine with its model in memory.
///
/// # Errors
/// Says what of the model cannot be had.
pub(crate) fn open(_local: &LocalModel) -> anyhow::Result<Arc<dyn Generator>> {
    bail!(
        "`[model.local]`: this build computes no model itself; name a server in `[[model.remote.endpoints]]`"
    )
}
