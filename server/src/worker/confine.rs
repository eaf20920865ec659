//! Takes from the child everything that it does not need, before it reads the first byte that an attacker wrote.
//!
//! In: bounds and the folders it may use. Out: what the system could not do, for the operator's eyes. Limits of
//! memory, time and files always hold, or the child does not work at all.

mod calls;

use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _,
    RulesetCreated, RulesetCreatedAttr as _, RulesetStatus, Scope, path_beneath_rules,
};
use nix::sys::prctl;
use nix::sys::resource::{Resource, getrlimit, rlim_t, setrlimit};
use nix::sys::signal::Signal;

use super::message::Bounds;

/// Files that a child may hold open: a mirror has two for each pack.
const OPEN_FILES: u64 = 4096;

/// What libgit2 reads besides repositories, where it is there: it takes a file that it may not read for an error.
const SYSTEM_SETTINGS: &str = "/etc/gitconfig";

/// What the child may do with the disk.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// Files and folders to read.
    pub(super) readable: Vec<PathBuf>,
    /// A folder to read and write.
    pub(super) writable: Option<PathBuf>,
}

/// Confines this thread and all that it starts. What the system lacks comes back in words.
///
/// # Errors
/// Where a limit cannot be set.
pub(super) fn confine(bounds: Bounds, reach: &Reach) -> nix::Result<Vec<String>> {
    limit(bounds)?;
    let mut missing = Vec::new();
    let mut note = |what: &str, done: Result<(), String>| {
        if let Err(reason) = done {
            missing.push(format!("{what}: {reason}"));
        }
    };
    let plain = |done: nix::Result<()>| done.map_err(|error| error.desc().to_owned());
    note("end with the service", plain(prctl::set_pdeathsig(Signal::SIGKILL)));
    note("no memory dumps", plain(prctl::set_dumpable(false)));
    note("no new privileges", plain(prctl::set_no_new_privs()));
    note("landlock", fence_in(reach));
    note("seccomp", calls::allow_only_needed());
    Ok(missing)
}

fn limit(bounds: Bounds) -> nix::Result<()> {
    at_most(Resource::RLIMIT_CORE, 0)?;
    at_most(Resource::RLIMIT_AS, bounds.memory_bytes)?;
    at_most(Resource::RLIMIT_CPU, bounds.cpu_seconds)?;
    at_most(Resource::RLIMIT_FSIZE, bounds.file_bytes)?;
    at_most(Resource::RLIMIT_NOFILE, OPEN_FILES)
}

/// Lowers a limit for good; one that is lower already stays.
fn at_most(resource: Resource, most: rlim_t) -> nix::Result<()> {
    let (_, hard) = getrlimit(resource)?;
    let limit = most.min(hard);
    setrlimit(resource, limit, limit)
}

/// Leaves of the disk the reach, and of the network and of other processes nothing.
fn fence_in(reach: &Reach) -> Result<(), String> {
    let abi = ABI::V6;
    let (read, write) =
        (AccessFs::from_read(abi) & !AccessFs::Execute, AccessFs::from_all(abi) & !AccessFs::Execute);
    let readable = reach.readable.iter().map(PathBuf::as_path).chain([Path::new(SYSTEM_SETTINGS)]);
    let fenced = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(abi)))
        .and_then(|rules| rules.scope(Scope::from_all(abi)))
        .and_then(Ruleset::create)
        .and_then(|rules| rules.add_rules(path_beneath_rules(readable, read)))
        .and_then(|rules| rules.add_rules(path_beneath_rules(&reach.writable, write)))
        .and_then(RulesetCreated::restrict_self);
    match fenced.map_err(|error| error.to_string())?.ruleset {
        RulesetStatus::FullyEnforced => Ok(()),
        RulesetStatus::PartiallyEnforced => Err("this kernel enforces only a part of it".to_owned()),
        RulesetStatus::NotEnforced => Err("this kernel does not have it".to_owned()),
    }
}
