//! `countersign-server token`: makes, lists and revokes the tokens of callers.

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};

use super::Configuration;
use crate::access::Scope;
use crate::access::token::Token;
use crate::store::Store;
use crate::store::tokens::NewToken;

#[derive(Args)]
pub(super) struct TokenCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a token and print it, this once
    Create(CreateCommand),
    /// List tokens, without their secrets
    List(ListCommand),
    /// Revoke a token, and with it its sessions
    Revoke(RevokeCommand),
}

#[derive(Args)]
struct CreateCommand {
    /// Name of the token: who or what it is for
    name: String,
    /// What it permits (repeatable): review, read, feedback or admin
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    scopes: Vec<Scope>,
    /// Days until it expires
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    days: u32,
    #[command(flatten)]
    configuration: Configuration,
}

#[derive(Args)]
struct ListCommand {
    #[command(flatten)]
    configuration: Configuration,
}

#[derive(Args)]
struct RevokeCommand {
    /// Name of the token
    name: String,
    #[command(flatten)]
    configuration: Configuration,
}

/// Runs one of the actions.
pub(super) fn run(command: &TokenCommand) -> anyhow::Result<()> {
    super::runtime()?.block_on(async {
        match &command.action {
            Action::Create(create) => self::create(create).await,
            Action::List(list) => self::list(list).await,
            Action::Revoke(revoke) => self::revoke(revoke).await,
        }
    })
}

async fn open(configuration: &Configuration) -> anyhow::Result<Store> {
    let config = configuration.read()?;
    std::fs::create_dir_all(&config.data)?;
    Store::open(&config.database, &config.data).await
}

async fn create(command: &CreateCommand) -> anyhow::Result<()> {
    let store = open(&command.configuration).await?;
    let token = Token::generate()?;
    let lifetime = SignedDuration::from_hours(24 * i64::from(command.days));
    let new = NewToken {
        name: command.name.clone(),
        hash: token.hash().0,
        scopes: command.scopes.iter().map(ToString::to_string).collect(),
        expires_at: Some(Timestamp::now().checked_add(lifetime)?),
    };
    store.create_token(&new).await?;
    println!("{}", token.reveal());
    store.close().await;
    Ok(())
}

async fn list(command: &ListCommand) -> anyhow::Result<()> {
    let store = open(&command.configuration).await?;
    for token in store.tokens().await? {
        let date = |time: Option<Timestamp>| {
            time.map_or_else(|| "-".to_owned(), |time| time.strftime("%F").to_string())
        };
        let state = if token.revoked_at.is_some() { "revoked" } else { "live" };
        println!(
            "{}\t{}\t{state}\texpires {}\tlast used {}",
            token.name,
            token.scopes.join(","),
            date(token.expires_at),
            date(token.last_used_at)
        );
    }
    store.close().await;
    Ok(())
}

async fn revoke(command: &RevokeCommand) -> anyhow::Result<()> {
    let store = open(&command.configuration).await?;
    let was_there = store.revoke_token(&command.name).await?;
    store.close().await;
    anyhow::ensure!(was_there, "there is no live token `{}`; `token list` shows them", command.name);
    Ok(())
}
