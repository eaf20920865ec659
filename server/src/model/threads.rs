//! How many threads compute: said to a process before it starts, because candle reads it once.

use std::num::NonZeroUsize;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::Context;

use super::arch;

/// Sees to it that this process computes with so many threads; 0 leaves it to the machine. Where it was started with
/// another number, it starts itself anew in its own place, with the same arguments; so this comes before all else.
///
/// # Errors
/// Where it cannot start itself.
pub(crate) fn bound(threads: usize) -> anyhow::Result<()> {
    let Some(threads) = NonZeroUsize::new(threads) else { return Ok(()) };
    let wanted = arch::environment(threads);
    if wanted.iter().all(|(name, value)| std::env::var(name).is_ok_and(|now| now == *value)) {
        return Ok(());
    }
    let program = std::env::current_exe().context("the program's own file")?;
    let error = Command::new(program).args(std::env::args_os().skip(1)).envs(wanted).exec();
    Err(error).context("starting anew with another number of threads")
}
