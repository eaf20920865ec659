//! The repository over smart HTTP: `git upload-pack` answers, after the forge has seen who asks.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::harness::exchange::{Answer, Call};
use crate::harness::forge::Kind;
use crate::harness::world::{Access, World};

/// What is asked of git.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Service {
    /// `info/refs?service=git-upload-pack`
    Advertise,
    /// `git-upload-pack`
    UploadPack,
}

/// Whether this is an address of the repository for git, and which.
pub(crate) fn service(world: &World, path: &[&str]) -> Option<Service> {
    let path = path.join("/");
    let rest = path.strip_prefix(&world.repository)?.strip_prefix(".git/")?;
    match rest {
        "info/refs" => Some(Service::Advertise),
        "git-upload-pack" => Some(Service::UploadPack),
        _ => None,
    }
}

/// Answers git.
pub(crate) fn answer(world: &World, call: &Call, service: Service) -> Answer {
    if !is_let_in(world, call) {
        return Answer::text(401, "HTTP Basic: Access denied")
            .with("www-authenticate", "Basic realm=\"git\"");
    }
    match service {
        Service::Advertise if call.query("service") == Some("git-upload-pack") => {
            let mut body = b"001e# service=git-upload-pack\n0000".to_vec();
            body.extend(upload_pack(world, call, &["--advertise-refs"]));
            Answer::bytes(200, "application/x-git-upload-pack-advertisement", body)
        }
        Service::Advertise => Answer::text(403, "only fetching is served"),
        Service::UploadPack if call.header("content-encoding").is_some() => {
            Answer::text(415, "this fake reads no compressed requests")
        }
        Service::UploadPack => {
            Answer::bytes(200, "application/x-git-upload-pack-result", upload_pack(world, call, &[]))
        }
    }
    .with("cache-control", "no-cache")
}

/// Whether the Basic credentials are those of somebody who may read.
fn is_let_in(world: &World, call: &Call) -> bool {
    let credentials = call.header("authorization").and_then(|header| {
        let (scheme, encoded) = header.split_once(' ')?;
        let decoded = STANDARD.decode(encoded).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        let text = String::from_utf8(decoded).ok()?;
        text.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
    });
    let Some((user, password)) = credentials else {
        return false;
    };
    let may_read = |token: &str| {
        let person = world.holder(token).map(|person| person.id).or_else(|| world.bot(token));
        person.is_some_and(|person| world.person(person).access >= Access::Read)
    };
    // Gitea takes a token as the user's name too; GitHub and GitLab want any name and the token as password.
    !user.is_empty() && (may_read(&password) || (world.kind == Kind::Gitea && may_read(&user)))
}

fn upload_pack(world: &World, call: &Call, options: &[&str]) -> Vec<u8> {
    let mut command = Command::new("git");
    command
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("HOME", world.store.folder())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs(call.header("git-protocol").map(|version| ("GIT_PROTOCOL", version)))
        .args(["-c", "safe.directory=*", "-c", "uploadpack.allowAnySHA1InWant=true"])
        .args(["-c", "uploadpack.allowFilter=true", "upload-pack", "--stateless-rpc"])
        .args(options)
        .arg(world.store.folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("git is installed");
    let mut input = child.stdin.take().expect("its input is a pipe");
    thread::scope(|scope| {
        // An input that git does not read to its end is git's matter.
        scope.spawn(move || drop(input.write_all(&call.body)));
        child.wait_with_output().expect("git ends").stdout
    })
}
