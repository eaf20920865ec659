//! The system calls that fetching into a mirror, parsing and reviewing need; all others fail as if the kernel
//! lacked them.
//!
//! A list of what is allowed, not of what is denied: what a kernel learns tomorrow is denied already.

use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::process;

use nix::libc;
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

/// Calls that need no look at their arguments.
const ANY: &[libc::c_long] = &[
    // Pipes and files.
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_openat,
    libc::SYS_fcntl,
    libc::SYS_flock,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_readlinkat,
    libc::SYS_ftruncate,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_mkdirat,
    libc::SYS_unlinkat,
    libc::SYS_linkat,
    libc::SYS_renameat2,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_umask,
    libc::SYS_utimensat,
    // Memory.
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_msync,
    // Threads.
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_set_tid_address,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_membarrier,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // Signals to itself.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    // Time, chance, and who it is.
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_getppid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_ppoll,
];

/// The older names of calls above, which only this architecture has.
#[cfg(target_arch = "x86_64")]
const OLDER: &[libc::c_long] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_unlink,
    libc::SYS_link,
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_mkdir,
    libc::SYS_rmdir,
    libc::SYS_chmod,
    libc::SYS_poll,
    libc::SYS_time,
    libc::SYS_arch_prctl,
];
#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[libc::c_long] = &[];

/// Puts the list in force for this thread and all that it starts.
///
/// # Errors
/// Says in words why the kernel did not take it.
pub(super) fn allow_only_needed() -> Result<(), String> {
    let words = |error: BackendError| error.to_string();
    let arch: TargetArch = ARCH.try_into().map_err(words)?;
    // `ENOSYS` lets the C library fall back to an older call, where it has one that is allowed.
    let refusal = SeccompAction::Errno(libc::ENOSYS.cast_unsigned());
    let rules = rules().map_err(words)?;
    let filter = SeccompFilter::new(rules, refusal, SeccompAction::Allow, arch).map_err(words)?;
    let program: BpfProgram = filter.try_into().map_err(words)?;
    seccompiler::apply_filter(&program).map_err(|error| error.to_string())
}

fn rules() -> Result<BTreeMap<i64, Vec<SeccompRule>>, BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        ANY.iter().chain(OLDER).map(|call| (*call, Vec::new())).collect();
    let is = |argument, value: u64| {
        SeccompCondition::new(argument, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, value)
    };
    let has = |argument, mask: libc::c_int, value: libc::c_int| {
        let (mask, value) = (u64::from(mask.cast_unsigned()), u64::from(value.cast_unsigned()));
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(mask), value)
    };
    let conditional = [
        // Threads, and no processes.
        (libc::SYS_clone, vec![has(0, libc::CLONE_THREAD, libc::CLONE_THREAD)?]),
        // Memory, and no new code.
        (libc::SYS_mmap, vec![has(2, libc::PROT_EXEC, 0)?]),
        (libc::SYS_mprotect, vec![has(2, libc::PROT_EXEC, 0)?]),
        // Its own limits, and only to read them.
        (libc::SYS_prlimit64, vec![is(0, 0)?, is(2, 0)?]),
        (libc::SYS_prctl, vec![is(0, u64::from(libc::PR_SET_NAME.cast_unsigned()))?]),
        // An abort of its own.
        (libc::SYS_tgkill, vec![is(0, u64::from(process::id()))?]),
    ];
    for (call, conditions) in conditional {
        rules.insert(call, vec![SeccompRule::new(conditions)?]);
    }
    Ok(rules)
}
