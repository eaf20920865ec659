//! `countersign-server model`: the model that answers questions, brought here, checked, measured, served.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};

use super::Configuration;
use crate::config::Config;
use crate::config::model::Model;
use crate::model::local;
use crate::model::serve::keys::Keys;
use crate::model::serve::{self, Defaults, Settings};
use crate::telemetry;

#[derive(Args)]
pub(super) struct ModelCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Serve the model of `[model.local]` to OpenAI-compatible clients
    Serve(ServeCommand),
}

#[derive(Args)]
struct ServeCommand {
    #[command(flatten)]
    configuration: Configuration,
    /// Where it listens
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,
    /// A file with one API key on each line; without it only this machine may ask
    #[arg(long, value_name = "FILE")]
    api_keys: Option<PathBuf>,
}

/// Runs one of the actions.
pub(super) fn run(command: &ModelCommand) -> anyhow::Result<()> {
    match &command.action {
        Action::Serve(serve) => self::serve(serve),
    }
}

fn serve(command: &ServeCommand) -> anyhow::Result<()> {
    let config = command.configuration.read()?;
    telemetry::start_log(&config.log)?;
    let model = config.model.clone().unwrap_or_default();
    let local = model.local.as_ref().context(
        "there is no model to serve: name one in `[model.local]` of the configuration, and the file by `--config`",
    )?;
    let settings = settings(&config, &model, command)?;
    let generator = local::open(local)?;
    super::runtime()?.block_on(serve::serve(generator, command.listen, settings))
}

fn settings(config: &Config, model: &Model, command: &ServeCommand) -> anyhow::Result<Settings> {
    Ok(Settings {
        keys: command.api_keys.as_deref().map_or(Ok(Keys::Nobody), Keys::read)?,
        defaults: Defaults {
            temperature: model.temperature,
            top_p: model.top_p,
            thinking_tokens: model.max_thinking_tokens,
        },
        timeout: model.timeout(),
        request_bytes: config.limits.request_bytes,
    })
}
