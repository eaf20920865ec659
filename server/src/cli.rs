//! The command line `countersign-server`: flags in, the right command started, an exit code out.
//!
//! Codes: 0 it did what was asked, 1 a review made again differs or an evaluation raised an alarm, 2 it could not. What
//! went wrong is said on stderr for a person.

mod model;
mod replay;
mod token;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use analyzers::text::Locale;
use clap::{Args, Parser, Subcommand};

use crate::config::Config;
use crate::model::threads;
use crate::{demo, serve, telemetry, worker};

/// The second signature under every merge request
#[derive(Parser)]
#[command(name = "countersign-server", version, max_term_width = 100)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service
    Serve(ServeCommand),
    /// Watch the service at work: a sample bank's merge requests on a stand-in forge of this machine
    Demo(DemoCommand),
    /// The model that answers questions: bring it here, verify it, serve it
    Model(model::ModelCommand),
    /// Make a review again from what is kept of it, and compare
    Replay(replay::ReplayCommand),
    /// Make, list and revoke the tokens of callers
    Token(token::TokenCommand),
    /// Read untrusted code for a service; started by it
    #[command(hide = true)]
    Worker,
}

#[derive(Args)]
struct ServeCommand {
    #[command(flatten)]
    configuration: Configuration,
}

/// Where the configuration is.
#[derive(Args)]
struct Configuration {
    /// The configuration [default: every key's default; see countersign.example.toml]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Configuration {
    fn read(&self) -> anyhow::Result<Config> {
        self.config.as_deref().map_or_else(|| Ok(Config::default()), Config::read)
    }
}

#[derive(Args)]
struct DemoCommand {
    /// Where the service listens
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// Language of the comments: en or zh
    #[arg(long, value_name = "LANGUAGE", default_value_t = Locale::En)]
    lang: Locale,
    /// End after the last merge request instead of staying to be looked at
    #[arg(long)]
    once: bool,
}

/// Runs what the arguments ask for.
pub(crate) fn run() -> ExitCode {
    let command = CommandLine::parse().command;
    let done = match command {
        Command::Worker => return worker::child::run(),
        Command::Serve(serve) => serve_forever(&serve).map(|()| ExitCode::SUCCESS),
        Command::Demo(demo) => play(&demo).map(|()| ExitCode::SUCCESS),
        Command::Token(token) => token::run(&token).map(|()| ExitCode::SUCCESS),
        Command::Model(model) => model::run(&model),
        Command::Replay(replay) => replay::run(&replay),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn serve_forever(command: &ServeCommand) -> anyhow::Result<()> {
    let config = command.configuration.read()?;
    if let Some(local) = config.model.as_ref().and_then(|model| model.local.as_ref()) {
        threads::bound(local.threads)?;
    }
    telemetry::start_log(&config.log)?;
    runtime()?.block_on(serve::serve(config))
}

fn play(command: &DemoCommand) -> anyhow::Result<()> {
    let play = demo::Play { listen: command.listen, language: command.lang, ends: command.once };
    runtime()?.block_on(demo::run(play))
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
