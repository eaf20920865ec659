//! Plays the sample bank's day: starts the forge and the service, opens merge requests, prints what lands.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use analyzers::text::Locale;
use anyhow::{Context, bail};
use hmac::{Hmac, KeyInit, Mac};
use pulldown_cmark::{Event, Parser, TagEnd};
use serde_json::json;
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::forge::{Landed, REPOSITORY, StandIn};
use super::git::Bank;
use super::sample::{BASE, MERGE_REQUESTS};
use crate::config::{Config, TokenForge};
use crate::{serve, telemetry};

/// The secret that the stand-in forge signs its webhooks with.
const SECRET: &str = "a secret of this demo only";

/// Longest time to wait until a review has landed.
const PATIENCE: Duration = Duration::from_secs(120);

/// How a demo goes.
#[derive(Clone, Debug)]
pub(crate) struct Play {
    /// Where the service listens.
    pub(crate) listen: SocketAddr,
    /// The language of the comments.
    pub(crate) language: Locale,
    /// Whether the demo ends with the last merge request, or stays to be looked at.
    pub(crate) ends: bool,
}

/// Runs the demo until it has ended, or somebody stops it.
pub(crate) async fn run(play: Play) -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("making a folder for the demo")?;
    let (landed, mut lands) = mpsc::unbounded_channel();
    let door = TcpListener::bind("127.0.0.1:0").await.context("opening a port for the stand-in forge")?;
    let url = Url::parse(&format!("http://{}/", door.local_addr()?))?;
    let bank = Bank::found(&folder.path().join("core.git"), BASE)?;
    let forge = StandIn::new(bank, url.clone(), landed);
    let routes = forge.clone().routes();
    let serving = tokio::spawn(async move { axum::serve(door, routes).await });

    let config = config(&play, &url, folder.path())?;
    telemetry::start_log(&config.log)?;
    let stop = CancellationToken::new();
    let started = serve::start(config, stop.clone()).await?;
    let address = started.address;
    println!("The bank's forge:       {url}");
    println!("Countersign:            http://{address}/");
    println!();
    let played = tokio::select! {
        played = day(&forge, address, &mut lands) => played,
        stopped = tokio::signal::ctrl_c() => { stopped?; Ok(()) }
    };
    if played.is_ok() && !play.ends {
        println!("Look at the merge requests and reviews in the browser; Ctrl-C ends the demo.");
        tokio::signal::ctrl_c().await?;
    }
    stop.cancel();
    started.ended.await.context("the service broke")??;
    serving.abort();
    played
}

fn config(play: &Play, url: &Url, folder: &Path) -> anyhow::Result<Config> {
    let write = |name: &str, text: &str| -> anyhow::Result<_> {
        let file = folder.join(name);
        std::fs::write(&file, text).context("writing the demo's secrets")?;
        Ok(file)
    };
    let mut config = Config {
        listen: play.listen,
        data: folder.join("data"),
        language: play.language,
        ..Config::default()
    };
    config.public_url = Some(Url::parse(&format!("http://{}/", play.listen))?);
    "warn".clone_into(&mut config.log.level);
    config.forge.gitea = Some(TokenForge {
        url: url.clone(),
        token_file: write("token", "a token of this demo only")?,
        webhook_secret_files: vec![write("webhook", SECRET)?],
        repositories: vec![format!("{}/{}", REPOSITORY.0, REPOSITORY.1)],
    });
    Ok(config)
}

/// Everything that the developers do.
async fn day(
    forge: &StandIn,
    service: SocketAddr,
    lands: &mut mpsc::UnboundedReceiver<Landed>,
) -> anyhow::Result<()> {
    for sample in MERGE_REQUESTS {
        let mut number = 0;
        for (turn, files) in sample.pushes.iter().enumerate() {
            let head = forge.bank.push(sample.branch, files)?;
            if turn == 0 {
                number = forge.open(sample.title, sample.branch, head);
                println!("!{number} opened: {}\n   {}", sample.title, forge.page_of(number));
            } else {
                forge.pushed(number, head);
                println!("!{number} pushed again");
            }
            let action = if turn == 0 { "opened" } else { "synchronized" };
            send(service, number, action).await?;
            until_judged(lands, number).await?;
            println!();
        }
    }
    Ok(())
}

/// Delivers the webhook that a forge would.
async fn send(service: SocketAddr, number: u64, action: &str) -> anyhow::Result<()> {
    let (owner, name) = REPOSITORY;
    let body = json!({
        "action": action, "number": number,
        "pull_request": {"number": number, "state": "open"},
        "repository": {"full_name": format!("{owner}/{name}"), "name": name, "owner": {"login": owner}},
    });
    let body = body.to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key of any length");
    mac.update(body.as_bytes());
    let answer = reqwest::Client::builder()
        .no_proxy()
        .build()?
        .post(format!("http://{service}/webhooks/gitea"))
        .header("x-gitea-event", "pull_request")
        .header("x-gitea-delivery", crate::record::new_id())
        .header("x-gitea-signature", hex::encode(mac.finalize().into_bytes()))
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .context("delivering a webhook")?;
    if !answer.status().is_success() {
        bail!("the service answered a webhook with {}", answer.status());
    }
    Ok(())
}

/// Prints what lands until the merge request has its light.
async fn until_judged(lands: &mut mpsc::UnboundedReceiver<Landed>, wanted: u64) -> anyhow::Result<()> {
    loop {
        let landed = tokio::time::timeout(PATIENCE, lands.recv());
        let landed =
            landed.await.context("no review has landed; see the log")?.context("the forge is gone")?;
        match landed {
            Landed::Inline { number, path, line, body } => {
                println!("   !{number} {path}:{line}");
                print(&body);
            }
            Landed::Note { number, body } => {
                println!("   !{number} summary");
                print(&body);
            }
            Landed::Edited { number, body } => {
                println!("   !{number} edited");
                print(&body);
            }
            Landed::Status { number, state, description } => {
                println!("   !{number} status {state}: {description}");
                if number == wanted && state != "pending" {
                    return Ok(());
                }
            }
        }
    }
}

/// Paragraphs of a comment that are printed; the browser shows the rest.
const SHOWN_PARAGRAPHS: usize = 3;

/// The first paragraphs of a comment as plain text: Markdown is for forges.
fn print(body: &str) {
    let mut paragraphs = vec![String::new()];
    for event in Parser::new(body) {
        let last = paragraphs.last_mut().expect("there is always one");
        match event {
            Event::Text(text) | Event::Code(text) => last.push_str(&text),
            Event::SoftBreak | Event::HardBreak => last.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => {
                paragraphs.push(String::new());
            }
            Event::Html(_) => break,
            _ => {}
        }
    }
    for paragraph in paragraphs.iter().filter(|paragraph| !paragraph.trim().is_empty()).take(SHOWN_PARAGRAPHS)
    {
        println!("      {}", paragraph.trim());
    }
}
