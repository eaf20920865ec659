//! What a child is told to try in tests: everything that it must not be able to do, and every way to die.

use std::fs::{self, File};
use std::io;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::process::{self, Command};

use nix::sys::prctl;
use nix::sys::signal::{Signal, kill, raise};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

/// What to try.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(in crate::worker) enum Probe {
    /// Everything that is forbidden; the answer names what worked.
    Forbidden,
    /// What the environment, arguments and folders tell.
    Surroundings,
    /// Take memory until there is none.
    Memory,
    /// Abort.
    Abort,
    /// Be killed.
    Kill,
    /// Call itself until the stack ends.
    Stack,
    /// Use processor time until there is none.
    Processor,
    /// Wait for ever.
    Hang,
    /// Hang up, and wait for ever.
    Leave,
}

/// Tries it.
pub(in crate::worker) fn run(probe: Probe) -> String {
    match probe {
        Probe::Forbidden => forbidden().join(", "),
        Probe::Surroundings => surroundings(),
        Probe::Memory => {
            let mut taken = Vec::new();
            loop {
                taken.push(vec![1_u8; 64 << 20]);
            }
        }
        Probe::Abort => process::abort(),
        Probe::Kill => raised(Signal::SIGKILL),
        Probe::Stack => deeper(1).to_string(),
        Probe::Processor => loop {
            std::hint::black_box(());
        },
        Probe::Hang => loop {
            std::thread::park();
        },
        Probe::Leave => process::exit(7),
    }
}

fn raised(signal: Signal) -> String {
    // `kill` is refused to it, `tgkill` to itself is not: aborts need it.
    raise(signal).map_or_else(|error| error.to_string(), |()| "lives".to_owned())
}

#[expect(unconditional_recursion, reason = "that is the point")]
fn deeper(depth: u64) -> u64 {
    std::hint::black_box(depth) + deeper(std::hint::black_box(depth + 1))
}

fn forbidden() -> Vec<&'static str> {
    let tried: [(&str, io::Result<()>); 14] = [
        ("tcp socket", TcpStream::connect("127.0.0.1:22").map(drop).or_else(refused_by_nobody)),
        ("listening socket", TcpListener::bind("127.0.0.1:0").map(drop)),
        ("udp socket", UdpSocket::bind("127.0.0.1:0").map(drop)),
        ("unix socket", UnixDatagram::unbound().map(drop)),
        ("read /etc/passwd", fs::read("/etc/passwd").map(drop)),
        ("read /proc/self/environ", fs::read("/proc/self/environ").map(drop)),
        ("list /", fs::read_dir("/").map(drop)),
        ("write its own folder", File::create("file").map(drop)),
        ("write /tmp", File::create("/tmp/countersign-probe").map(drop)),
        ("run a program", Command::new("/bin/true").status().map(drop)),
        ("signal its parent", kill(Pid::parent(), None).map_err(io::Error::from)),
        ("change its dumpability", prctl::set_dumpable(true).map_err(io::Error::from)),
        ("make a thread that is a process", nix_fork()),
        ("read a device", fs::read("/dev/mem").map(drop)),
    ];
    tried.into_iter().filter(|(_, done)| done.is_ok()).map(|(what, _)| what).collect()
}

/// A connection that is refused by the other side has left this one.
fn refused_by_nobody(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::ConnectionRefused { Ok(()) } else { Err(error) }
}

/// What a new session would need: a call that is not on the list stands for all of them.
fn nix_fork() -> io::Result<()> {
    nix::unistd::setsid().map(drop).map_err(io::Error::from)
}

fn surroundings() -> String {
    let variables: Vec<_> =
        std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned()).collect();
    let threads = std::thread::Builder::new().spawn(|| ()).map(std::thread::JoinHandle::join);
    format!("{} variables, thread {}", variables.len(), threads.is_ok())
}
