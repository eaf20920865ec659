//! A real browser without a window: what a page is to it, as text and as a picture.
//!
//! An address in; the page's DOM or a PNG out. Each visit has a profile of its own, so that nothing of an earlier
//! visit or of the machine's user shines in.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The names by which Chromium goes.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A page that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a visit is looked after.
const LOOK: Duration = Duration::from_millis(20);

/// Chromium.
#[derive(Debug)]
pub struct Browser {
    program: PathBuf,
}

/// The size of a window, in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

impl Browser {
    /// The Chromium of this machine.
    ///
    /// # Panics
    /// Where there is none, with the command that installs one.
    pub fn find() -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = env::split_paths(&path);
        let found =
            folders.flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|file| file.is_file());
        let program = found.unwrap_or_else(|| {
            panic!(
                "no browser: none of {} is in PATH; `ci/check` installs one where there is apt-get, or run \
                 `apt-get install --no-install-recommends chromium fonts-noto-cjk`",
                NAMES.join(", ")
            )
        });
        Self { program }
    }

    /// The page at `url` as the browser understands it: its DOM, after everything has loaded.
    ///
    /// # Panics
    /// Where the browser does not end well.
    pub fn dom(&self, url: &str) -> String {
        self.visit(&["--dump-dom", url])
    }

    /// Writes a picture of the page at `url` into `file`, as PNG.
    ///
    /// # Panics
    /// Where the browser does not end well, or leaves no picture.
    pub fn screenshot(&self, url: &str, window: Window, file: &Path) {
        let size = format!("--window-size={},{}", window.width, window.height);
        self.visit(&["--hide-scrollbars", &size, &format!("--screenshot={}", file.display()), url]);
        assert!(file.is_file(), "the browser left no picture at {}", file.display());
    }

    fn visit(&self, arguments: &[&str]) -> String {
        let profile = TempDir::new().expect("a temporary folder");
        let output = profile.path().join("output");
        let file = std::fs::File::create(&output).expect("a file in the temporary folder");
        let mut command = Command::new(&self.program);
        command
            // Chromium's own sandbox does not start as root, as which containers run; pages here are our own.
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
            ])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(arguments)
            .env("HOME", profile.path())
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("the browser starts");
        let started = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("the browser is a child") {
                break status;
            }
            if started.elapsed() > PATIENCE {
                // It may have ended in this moment.
                let _ = child.kill();
                let _ = child.wait();
                panic!("the browser hangs at {arguments:?}");
            }
            thread::sleep(LOOK);
        };
        assert!(status.success(), "the browser ends with {status} at {arguments:?}");
        let text = std::fs::read(&output).expect("the browser's output");
        String::from_utf8_lossy(&text).into_owned()
    }
}
