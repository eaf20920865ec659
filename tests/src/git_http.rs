//! A forge's git over HTTP, as good or as bad as a proof needs it: real answers of the `git` that is installed.
//!
//! One repository, every request remembered. Uses nothing but the standard library, as two crates share this file.

use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How the forge behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As git does.
    Honest,
    /// As an old git does, that does not speak protocol version 2.
    Old,
    /// Sends everybody to another address.
    Redirecting(String),
    /// Breaks off in the middle of a pack.
    CuttingOff,
    /// Takes the request for a pack and says nothing.
    Hanging,
    /// Says no to everybody.
    Refusing,
    /// Answers with a page for people.
    Talking,
}

/// A request that came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Method and path.
    pub what: String,
    /// Its `Authorization`.
    pub authorization: Option<String>,
    version: Option<String>,
    body: Vec<u8>,
}

/// The forge. It serves until the process ends.
#[derive(Clone, Debug)]
pub struct GitServer {
    address: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl GitServer {
    /// Serves a repository.
    ///
    /// # Panics
    /// Where no port can be had.
    pub fn start(repository: &Path, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = Self { address, requests: Arc::default() };
        let own = server.clone();
        let repository = repository.to_owned();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (own, repository, manner) = (own.clone(), repository.clone(), manner.clone());
                // Who breaks off has seen enough.
                thread::spawn(move || drop(own.serve(&stream, &repository, &manner)));
            }
        });
        server
    }

    /// The repository's address.
    pub fn url(&self) -> String {
        format!("http://{}/bank/core.git", self.address)
    }

    /// The requests that came so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn serve(&self, mut stream: &TcpStream, repository: &Path, manner: &Manner) -> io::Result<()> {
        let mut from = BufReader::new(stream.try_clone()?);
        let request = read(&mut from)?;
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
        let is_pack = request.what.starts_with("POST ");
        match manner {
            Manner::Redirecting(to) => {
                let rest = request.what.split_once("/bank/core.git").map_or("", |(_, rest)| rest);
                write!(
                    stream,
                    "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: {to}{rest}\r\nContent-Length: 0\r\n\r\n"
                )
            }
            Manner::Refusing => {
                write!(stream, "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            }
            Manner::Talking => {
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"
                )
            }
            Manner::Hanging if is_pack => {
                thread::sleep(Duration::from_secs(600));
                Ok(())
            }
            Manner::Honest | Manner::Old | Manner::CuttingOff | Manner::Hanging => {
                let version = if *manner == Manner::Old { None } else { request.version.as_deref() };
                let (form, answer) = answer(&request, repository, version)?;
                let kept = match manner {
                    Manner::CuttingOff if is_pack => &answer[..answer.len() / 2],
                    _ => answer.as_slice(),
                };
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: {form}\r\nContent-Length: {}\r\n\r\n",
                    kept.len()
                )?;
                stream.write_all(kept)
            }
        }
    }
}

fn read(from: &mut BufReader<TcpStream>) -> io::Result<Request> {
    let mut request = Request::default();
    let mut bytes = 0;
    for (at, line) in from.by_ref().lines().enumerate() {
        let line = line?;
        if at == 0 {
            request.what = line.trim_end_matches(" HTTP/1.1").to_owned();
            continue;
        }
        let Some((name, value)) = line.split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => request.authorization = Some(value.to_owned()),
            "git-protocol" => request.version = Some(value.to_owned()),
            "content-length" => bytes = value.parse().map_err(io::Error::other)?,
            _ => {}
        }
    }
    from.take(bytes).read_to_end(&mut request.body)?;
    Ok(request)
}

/// What git answers, and its form.
fn answer(
    request: &Request,
    repository: &Path,
    version: Option<&str>,
) -> io::Result<(&'static str, Vec<u8>)> {
    let mut git = Command::new("git");
    git.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    git.envs(version.map(|version| ("GIT_PROTOCOL", version)));
    git.args(["-c", "uploadpack.allowReachableSHA1InWant=true", "upload-pack", "--stateless-rpc"]);
    if request.what.starts_with("POST ") {
        git.arg(repository);
        return Ok(("application/x-git-upload-pack-result", run(git, &request.body)?));
    }
    git.arg("--http-backend-info-refs").arg(repository);
    let mut answer = Vec::new();
    if version.is_none() {
        answer.extend_from_slice(b"001e# service=git-upload-pack\n0000");
    }
    answer.append(&mut run(git, b"")?);
    Ok(("application/x-git-upload-pack-advertisement", answer))
}

fn run(mut git: Command, input: &[u8]) -> io::Result<Vec<u8>> {
    let mut child = git.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut stdin = child.stdin.take().ok_or_else(|| io::Error::other("no pipe"))?;
    thread::scope(|scope| {
        // A git that says no does not read it all.
        scope.spawn(move || drop(stdin.write_all(input)));
        Ok(child.wait_with_output()?.stdout)
    })
}
