//! A PostgreSQL server for tests: one for each test process, made when first asked for, gone when the process is.
//!
//! It lives in a temporary folder and listens on a socket in it, so that it meets nobody else's. A shell watches
//! over it that ends with this process, however that ends. Where PostgreSQL is not installed, the test fails.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Starts the server, waits until its own standard input ends, which is when the test process does, and cleans up.
const WATCH: &str = r#"
trap '' INT TERM HUP
"$0/initdb" --pgdata "$1/data" --username countersign --auth trust --encoding UTF8 --locale C --no-sync \
    >"$1/log" 2>&1 || exit 1
"$0/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c max_connections=1000 -c shared_buffers=32MB \
    >>"$1/log" 2>&1 &
read -r _
kill -QUIT $!
wait $!
rm -rf "$1"
"#;

/// PostgreSQL refuses to run as root; it runs as the first of these users then.
const USERS: [&str; 2] = ["postgres", "nobody"];

const INSTALL: &str = "PostgreSQL is not installed, and the store is tested on it too: `apt-get install postgresql` \
     (Debian, Ubuntu) or `dnf install postgresql-server` (Fedora, Red Hat)";

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    databases: AtomicU32,
    /// Holds the pipe by which the watch knows that this process lives.
    watch: Child,
}

/// The server of this process.
///
/// # Panics
/// Where PostgreSQL is not installed or does not start.
pub fn postgres() -> &'static Postgres {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    SERVER.get_or_init(Postgres::start)
}

impl Postgres {
    /// Makes an empty database and returns its address.
    ///
    /// # Panics
    /// Where the server refuses.
    pub fn new_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let made = self.program("createdb").arg(&name).output().expect("createdb starts");
        assert!(made.status.success(), "createdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut socket = String::new();
        for byte in self.folder.to_str().expect("a path in UTF-8").bytes() {
            write!(socket, "%{byte:02X}").expect("a string takes everything");
        }
        format!("postgres://countersign@localhost/{name}?host={socket}")
    }

    fn start() -> Self {
        let programs = programs().expect(INSTALL);
        let folder = tempfile::Builder::new().prefix("postgres-").tempdir().expect("a folder").keep();
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(WATCH).arg(&programs).arg(&folder).current_dir(&folder).env("LC_ALL", "C");
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        if fs::metadata(&folder).expect("the folder is there").uid() == 0 {
            let (user, group) = other_user().expect("root needs a user `postgres` or `nobody` beside it");
            chown(&folder, Some(user), Some(group)).expect("root may give a folder away");
            shell.uid(user).gid(group);
        }
        let watch = shell.spawn().expect("sh starts");
        let mut server = Self { programs, folder, databases: AtomicU32::new(0), watch };
        server.wait_until_ready();
        server
    }

    fn wait_until_ready(&mut self) {
        for _ in 0..600 {
            let ready = self.program("pg_isready").arg("--quiet").status().expect("pg_isready starts");
            if ready.success() {
                return;
            }
            if self.watch.try_wait().expect("the watch is a child").is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        panic!("PostgreSQL does not start in {}:\n{log}", self.folder.display());
    }

    /// A program of the server, which knows nothing of this machine's own settings.
    fn program(&self, name: &str) -> Command {
        let mut program = Command::new(self.programs.join(name));
        program.env_clear().env("LC_ALL", "C").arg("--host").arg(&self.folder);
        program.args(["--username", "countersign"]);
        program
    }
}

/// The folder with PostgreSQL's programs: that of `initdb` on the path, or the newest where distributions put them.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).filter_map(|folder| folder.join("initdb").canonicalize().ok());
    let mut installed: Vec<PathBuf> = ["/usr/lib/postgresql", "/usr"]
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path().join("bin/initdb")))
        .collect();
    installed.sort_by_key(|path| std::cmp::Reverse(version(path)));
    let folders = on_path.chain(installed).filter_map(|initdb| initdb.parent().map(Path::to_path_buf));
    folders.into_iter().find(|folder| {
        ["initdb", "postgres", "createdb", "pg_isready"].iter().all(|name| folder.join(name).is_file())
    })
}

/// The number in `/usr/lib/postgresql/15/bin/initdb` or `/usr/pgsql-15/bin/initdb`.
fn version(path: &Path) -> u32 {
    let digits: String = path.display().to_string().chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_default()
}

fn other_user() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    USERS.iter().find_map(|name| {
        let mut fields =
            users.lines().map(|line| line.split(':')).find(|line| line.clone().next() == Some(name))?;
        Some((fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}
