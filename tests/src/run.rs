//! Runs of the command line: arguments in, exit code and both outputs out.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::Repository;

/// A folder to work in, with the policies of the proofs.
pub struct Desk {
    folder: TempDir,
    variables: Vec<(String, String)>,
    policies: bool,
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// What stdout got.
    pub stdout: String,
    /// What stderr got.
    pub stderr: String,
}

/// The policies that proofs go by: few, and the same whatever becomes of the built-in pack.
const POLICIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/policies");

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

impl Desk {
    /// An empty folder; reviews go by the policies of the proofs.
    ///
    /// # Panics
    /// Where no folder can be made.
    pub fn new() -> Self {
        Self { folder: TempDir::new().expect("a temporary folder"), variables: Vec::new(), policies: true }
    }

    /// The same desk, with the built-in policies instead.
    pub fn with_builtin_policies(mut self) -> Self {
        self.policies = false;
        self
    }

    /// The same desk, with a variable set.
    pub fn with(mut self, variable: &str, value: &str) -> Self {
        self.variables.push((variable.to_owned(), value.to_owned()));
        self
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A path in the folder.
    pub fn file(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// A repository in the folder.
    pub fn repository(&self) -> Repository {
        Repository::at(self.folder.path())
    }

    /// Writes a file in the folder.
    ///
    /// # Panics
    /// Where it cannot be written.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let file = self.file(path);
        fs::create_dir_all(file.parent().expect("a file has a folder")).expect("a folder");
        fs::write(file, content).expect("a file");
    }

    /// Runs a command line.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with(arguments, b"")
    }

    /// Runs a command line with something on stdin.
    ///
    /// # Panics
    /// Where the binary does not start.
    pub fn run_with(&self, arguments: &[&str], stdin: &[u8]) -> Outcome {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let mut pipe = child.stdin.take().expect("stdin is a pipe");
        let ended = std::thread::scope(|scope| {
            scope.spawn(move || {
                // A run that ends early does not read it all.
                let _ = pipe.write_all(stdin);
            });
            child.wait_with_output().expect("the run ends")
        });
        Outcome {
            code: ended.status.code(),
            stdout: String::from_utf8(ended.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(ended.stderr).expect("stderr is UTF-8"),
        }
    }

    /// The command of a run, for proofs that watch it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(crate::countersign());
        command.args(arguments).current_dir(self.path()).env_clear().env("HOME", self.path());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        let reviews = ["review", "scan", "gate"];
        if self.policies && arguments.first().is_some_and(|first| reviews.contains(first)) {
            command.args(["--no-builtin", "--policies", POLICIES]);
        }
        command
    }
}

impl Outcome {
    /// Asserts the exit code.
    #[track_caller]
    pub fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that stdout has these words.
    #[track_caller]
    pub fn reports(&self, words: &str) -> &Self {
        assert!(
            self.stdout.contains(words),
            "no `{words}` in stdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// Asserts that stdout lacks these words.
    #[track_caller]
    pub fn does_not_report(&self, words: &str) -> &Self {
        assert!(!self.stdout.contains(words), "`{words}` in stdout:\n{}", self.stdout);
        self
    }

    /// Asserts that stderr has these words.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(
            self.stderr.contains(words),
            "no `{words}` in stderr:\n{}\nstdout:\n{}",
            self.stderr,
            self.stdout
        );
        self
    }

    /// Asserts that stderr is empty.
    #[track_caller]
    pub fn says_nothing(&self) -> &Self {
        assert!(self.stderr.is_empty(), "stderr:\n{}", self.stderr);
        self
    }

    /// The report as JSON.
    ///
    /// # Panics
    /// Where it is none.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in:\n{}", self.stdout))
    }
}
