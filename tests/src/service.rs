//! The real service, started on a port of its own with a configuration made for the proof.
//!
//! A folder holds its configuration, secrets and state, so that it can be killed and started again. Its log is
//! kept for assertions.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

/// Longest time to wait for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// A place for a service: its configuration, secrets and state.
pub struct Site {
    folder: Arc<TempDir>,
}

/// A running service. Killed when dropped.
pub struct Service {
    child: Child,
    address: String,
    log: Arc<Mutex<Vec<String>>>,
    /// Outlives the service, whoever else lets go of it.
    _folder: Arc<TempDir>,
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}

impl Site {
    /// An empty place.
    ///
    /// # Panics
    /// Where no folder can be made.
    pub fn new() -> Self {
        Self { folder: Arc::new(TempDir::new().expect("a temporary folder")) }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, such as a secret; its path.
    ///
    /// # Panics
    /// Where it cannot be written.
    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        let file = self.folder.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(&file, content).expect("a file");
        file
    }

    /// Starts the service with this configuration; address and log are set by the harness.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn start(&self, configuration: &str) -> Service {
        self.start_as("countersign.toml", configuration)
    }

    /// Starts the service with the most talkative log.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn start_telling_all(&self, configuration: &str) -> Service {
        self.launch("countersign.toml", configuration, "trace")
    }

    /// Starts the service with a configuration file of this name: for a second replica at the same place.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn start_as(&self, name: &str, configuration: &str) -> Service {
        self.launch(name, configuration, "info")
    }

    /// Starts the service with a file that holds exactly this, and waits for the end that it comes to at once; its
    /// exit code and what it said.
    ///
    /// # Panics
    /// Where it goes on.
    pub fn refuse(&self, configuration: &str) -> (Option<i32>, String) {
        let file = self.write("refused.toml", configuration);
        let mut child = self.command(&file).stderr(Stdio::piped()).spawn().expect("the service starts");
        let deadline = Instant::now() + PATIENCE;
        while child.try_wait().expect("the service can be asked").is_none() {
            if Instant::now() > deadline {
                child.kill().expect("the service is killed");
                panic!("the service goes on");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let ended = child.wait_with_output().expect("the service has ended");
        (ended.status.code(), String::from_utf8_lossy(&ended.stderr).into_owned())
    }

    /// Starts `model serve` with this configuration and these further arguments.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn serve_model(&self, configuration: &str, arguments: &[&str]) -> Service {
        let text = format!("{configuration}\n[log]\nformat = \"json\"\n");
        let file = self.write("model.toml", &text);
        let mut command = self.program();
        command.args(["model", "serve", "--listen", "127.0.0.1:0", "--config"]).arg(file).args(arguments);
        Service::spawn(&mut command, Arc::clone(&self.folder))
    }

    /// Runs the program to its end; its exit code and what it said on both streams.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let ended = self.program().args(arguments).output().expect("the program starts");
        let said = [ended.stdout, ended.stderr].concat();
        (ended.status.code(), String::from_utf8_lossy(&said).into_owned())
    }

    fn program(&self) -> Command {
        let mut command = Command::new(crate::countersign_server());
        command.current_dir(self.path()).env_clear();
        command
    }

    fn command(&self, file: &Path) -> Command {
        let mut command = self.program();
        command.arg("serve").arg("--config").arg(file);
        command
    }

    fn launch(&self, name: &str, configuration: &str, level: &str) -> Service {
        let text = format!(
            "listen = \"127.0.0.1:0\"\n{configuration}\n[log]\nformat = \"json\"\nlevel = \"{level}\"\n"
        );
        let file = self.write(name, &text);
        Service::spawn(&mut self.command(&file), Arc::clone(&self.folder))
    }
}

impl Service {
    fn spawn(command: &mut Command, folder: Arc<TempDir>) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the service starts");
        let log = Arc::new(Mutex::new(Vec::new()));
        let (pipe, kept) = (child.stderr.take().expect("stderr is a pipe"), Arc::clone(&log));
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        let mut service = Self { child, address: String::new(), log, _folder: folder };
        service.address = service.await_address();
        service
    }

    fn await_address(&mut self) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(address) = self.log().iter().find_map(|line| address(line)) {
                return address;
            }
            let has_ended = self.child.try_wait().expect("the service can be asked").is_some();
            assert!(
                !has_ended && Instant::now() < deadline,
                "the service does not start:\n{}",
                self.log().join("\n")
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Its address with a scheme: `http://127.0.0.1:1234`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The lines of its log so far.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    ///
    /// # Panics
    /// Where it cannot be sent.
    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("a process id");
        kill(Pid::from_raw(id), signal).expect("the signal is sent");
    }

    /// Ends it at once, as a power cut would end the process.
    ///
    /// # Panics
    /// Where it cannot be ended.
    pub fn kill(mut self) {
        self.child.kill().expect("the service is killed");
        self.child.wait().expect("the service has ended");
    }

    /// Asks it to stop, and waits until it has; its exit code.
    ///
    /// # Panics
    /// Where it does not stop.
    pub fn stop(self) -> Option<i32> {
        self.signal(Signal::SIGTERM);
        self.ended()
    }

    /// Waits until it has ended; its exit code.
    ///
    /// # Panics
    /// Where nobody can tell.
    pub fn ended(mut self) -> Option<i32> {
        self.child.wait().expect("the service has ended").code()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // One that has ended already needs neither.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something is there.
///
/// # Panics
/// Where it does not come, with what was waited for.
#[track_caller]
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}: it does not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The address that a line of the log names.
fn address(line: &str) -> Option<String> {
    let entry: Value = serde_json::from_str(line).ok()?;
    let listens = entry["message"].as_str()?.contains("listens");
    entry["address"].as_str().filter(|_| listens).map(str::to_owned)
}
