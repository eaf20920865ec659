//! The real binary, built once a run, with the profile of the tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The path of `countersign`, built where it is not fresh.
///
/// # Panics
/// Where it cannot be built.
pub fn countersign() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| build("countersign")).clone()
}

/// The path of `countersign-server`, built where it is not fresh.
///
/// # Panics
/// Where it cannot be built.
pub fn countersign_server() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| build("countersign-server")).clone()
}

/// Builds all binaries at once, beside the tests: with the same features dependencies are not built once more.
fn build(binary: &str) -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--workspace", "--bins", "--message-format", "json"]);
    cargo.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    cargo.args(if cfg!(debug_assertions) { &["--tests"][..] } else { &["--release", "--bench", "load"] });
    let built = cargo.stderr(Stdio::inherit()).output().expect("cargo starts");
    assert!(built.status.success(), "`{binary}` does not build");
    let messages = String::from_utf8(built.stdout).expect("cargo writes JSON");
    let executable = |line: &str| {
        let message: Value = serde_json::from_str(line).ok()?;
        let is_wanted = message["target"]["name"] == binary && message["profile"]["test"] == false;
        message["executable"].as_str().filter(|_| is_wanted).map(PathBuf::from)
    };
    messages.lines().find_map(executable).expect("cargo names the binary")
}
