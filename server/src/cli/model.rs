//! `countersign-server model`: the model that answers questions, brought here, checked, served.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use analyzers::text::Locale;
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use secrecy::SecretString;
use serde::Serialize;
use url::Url;

use super::Configuration;
use crate::config::Config;
use crate::config::model::{Device, Model};
use crate::forge::http;
use crate::model::bench::{self, Figures, Questions, Single};
use crate::model::eval::{self, Ended, Evaluation};
use crate::model::folder::{self, list_models};
use crate::model::local;
use crate::model::manifest::{Manifest, Reading};
use crate::model::pull::{self, Fetcher, HUB, Wanted};
use crate::model::serve::keys::Keys;
use crate::model::serve::{self, Defaults, Settings};
use crate::model::threads;
use crate::telemetry;

/// What `--help` says of evaluations.
const EVALUATIONS: &str = "\
Each example is reviewed as a new file, without its labels. Precision counts findings at a breach among all findings, \
recall the breaches that are found, right place the findings at the breach's own line among those that are not at a \
near miss. `[model] evaluation` of the configuration names the report by which policies with `enforcement: earned` block.

Exit codes: 0 it was measured, 1 `--watch` found it worse than before, 2 it could not be measured.

Each night, by cron:
  30 2 * * * countersign-server model eval --watch --config /etc/countersign.toml";

/// What ends in exit code 1.
const WORSE: u8 = 1;

/// The first wait before a broken fetch goes on.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Args)]
pub(super) struct ModelCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Bring a model onto this machine, from a server or a folder
    Pull(PullCommand),
    /// List the models of this machine
    List(ListCommand),
    /// Compare every byte of a model with what came in
    Verify(VerifyCommand),
    /// Measure how fast a model computes on this machine's processor
    Bench(BenchCommand),
    /// Serve the model of `[model.local]` to OpenAI-compatible clients
    Serve(ServeCommand),
    /// Measure how good the configured model is at the questions of policies
    Eval(EvalCommand),
}

#[derive(Args)]
#[command(after_help = "Environment: HF_ENDPOINT is the mirror to fetch from, HF_TOKEN what it asks for.")]
struct PullCommand {
    /// OWNER/NAME, such as deepseek-ai/DeepSeek-R1-Distill-Qwen-7B
    #[arg(value_name = "OWNER/NAME", required_unless_present = "from", conflicts_with = "from")]
    repository: Option<String>,
    /// Copy it from a folder or a .gguf file instead; nothing is sent anywhere
    #[arg(long, value_name = "PATH")]
    from: Option<PathBuf>,
    /// The branch, tag or commit to fetch
    #[arg(long, value_name = "REVISION", default_value = "main")]
    revision: String,
    /// Which GGUF file, where there are several
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    file: Option<String>,
    /// What to call it here [default: its own name]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    configuration: Configuration,
}

#[derive(Args)]
struct ListCommand {
    #[command(flatten)]
    configuration: Configuration,
}

#[derive(Args)]
struct VerifyCommand {
    /// Name of the model [default: all]
    name: Option<String>,
    #[command(flatten)]
    configuration: Configuration,
}

#[derive(Args)]
struct BenchCommand {
    /// Name of the model, or the path of a folder or a .gguf file
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Threads that compute [default: one for each core]
    #[arg(long, value_name = "NUMBER", default_value_t = 0, hide_default_value = true)]
    threads: usize,
    /// One sequence only, without batches and prefixes
    #[arg(long)]
    single: bool,
    /// Questions over one text, to measure what a shared prefix gains
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000))]
    questions: u32,
    /// Tokens that the questions share
    #[arg(long, value_name = "NUMBER", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    shared: u32,
    /// Tokens of each question
    #[arg(long, value_name = "NUMBER", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    own: u32,
    /// Tokens that each question is thought about and answered with
    #[arg(long, value_name = "NUMBER", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    written: u32,
    /// What computes: cpu, cuda, or some of several GPUs as cuda:0,1
    #[arg(long, value_name = "DEVICE", default_value = "cpu", value_parser = device)]
    device: Device,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    configuration: Configuration,
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

#[derive(Args)]
#[command(after_help = EVALUATIONS)]
struct EvalCommand {
    /// A folder of labelled code, as examples stand beside policies [default: those of the policies in force]
    #[arg(long, value_name = "DIR")]
    set: Option<PathBuf>,
    #[command(flatten)]
    configuration: Configuration,
    /// Where the report goes [default: a file of its own under `evaluations` in the data folder]
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Only this policy, by id or code (repeatable)
    #[arg(long = "policy", value_name = "ID")]
    policies: Vec<String>,
    /// Compare with the last report of the same code in the report's folder; end in exit code 1 where it is worse
    #[arg(long)]
    watch: bool,
    /// Language of the table: en or zh
    #[arg(long, value_name = "LANGUAGE", default_value_t = Locale::En)]
    lang: Locale,
}

/// Runs one of the actions.
pub(super) fn run(command: &ModelCommand) -> anyhow::Result<ExitCode> {
    let done = match &command.action {
        Action::Pull(pull) => self::pull(pull),
        Action::List(list) => self::list(list),
        Action::Verify(verify) => self::verify(verify),
        Action::Bench(bench) => self::bench(bench),
        Action::Serve(serve) => self::serve(serve),
        Action::Eval(eval) => return evaluate(eval),
    };
    done.map(|()| ExitCode::SUCCESS)
}

fn models(configuration: &Configuration) -> anyhow::Result<PathBuf> {
    Ok(configuration.read()?.data.join("models"))
}

fn pull(command: &PullCommand) -> anyhow::Result<()> {
    let config = command.configuration.read()?;
    let models = config.data.join("models");
    let name = command.name.as_deref();
    let folder = match (&command.from, &command.repository) {
        (Some(source), _) => pull::import(source, &models, name)?,
        (None, Some(repository)) => {
            let endpoint = std::env::var("HF_ENDPOINT").unwrap_or_else(|_| HUB.to_owned());
            let endpoint = Url::parse(&endpoint).context("HF_ENDPOINT is no address")?;
            let token = std::env::var("HF_TOKEN").ok().map(SecretString::from);
            let fetcher = Fetcher::new(http::client(&config.network)?, endpoint, token, PAUSE);
            let wanted = Wanted {
                repository: repository.clone(),
                revision: command.revision.clone(),
                file: command.file.clone(),
            };
            super::runtime()?.block_on(pull::pull(&fetcher, &wanted, &models, name))?
        }
        (None, None) => bail!("name a model, or a folder by --from"),
    };
    let manifest = Manifest::read(&folder)?;
    println!("{}\t{} files\tsha256:{}", folder.display(), manifest.files.len(), manifest.digest());
    Ok(())
}

fn list(command: &ListCommand) -> anyhow::Result<()> {
    let models = models(&command.configuration)?;
    let listed = list_models(&models)?;
    if listed.is_empty() {
        eprintln!("no models in {}; `countersign-server model pull` brings one in", models.display());
    }
    for model in listed {
        match model.manifest {
            Ok(manifest) => {
                let gigabytes = manifest.files.values().map(|file| file.bytes).sum::<u64>() as f64 / 1e9;
                let (origin, digest) = (&manifest.origin, manifest.digest());
                println!("{}\t{gigabytes:.1} GB\tfrom {origin}\tsha256:{digest}", model.name);
            }
            Err(error) => println!("{}\t{error}", model.name),
        }
    }
    Ok(())
}

fn verify(command: &VerifyCommand) -> anyhow::Result<()> {
    let models = models(&command.configuration)?;
    let names = match &command.name {
        Some(name) => vec![name.clone()],
        None => list_models(&models)?.into_iter().map(|model| model.name).collect(),
    };
    let mut unsound = Vec::new();
    for name in names {
        let path = folder::path_of(&models, &name)?;
        let manifest = Manifest::read(&path)?;
        let differences = manifest.verify(&path, Reading::Whole)?;
        if differences.is_empty() {
            println!("{name}\tas it came in\tsha256:{}", manifest.digest());
            continue;
        }
        for difference in &differences {
            println!("{name}\t{difference}");
        }
        unsound.push(name);
    }
    if unsound.is_empty() {
        return Ok(());
    }
    bail!("{} not as it came in, and refused when it is loaded: pull it again", unsound.join(", "))
}

fn bench(command: &BenchCommand) -> anyhow::Result<()> {
    threads::bound(command.threads)?;
    let path = match command.model.exists() {
        true => command.model.clone(),
        false => {
            let name = command.model.to_str().context("the model's name is not UTF-8")?;
            folder::path_of(&models(&command.configuration)?, name)?
        }
    };
    let devices = local::devices(&command.device).context("`--device`")?;
    if command.single {
        let single = bench::single(&path, &devices)?;
        return print_figures(command, &single, || say_single(&single));
    }
    let [count, shared, own] = [command.questions, command.shared, command.own].map(|number| number as usize);
    let figures =
        bench::measure(&path, &devices, Questions { count, shared, own, written: command.written })?;
    print_figures(command, &figures, || say(&figures))
}

fn device(text: &str) -> Result<Device, String> {
    Device::try_from(text.to_owned())
}

fn print_figures(
    command: &BenchCommand,
    figures: &impl Serialize,
    say: impl FnOnce() -> String,
) -> anyhow::Result<()> {
    match command.json {
        true => println!("{}", serde_json::to_string(figures)?),
        false => print!("{}", say()),
    }
    Ok(())
}

fn say_single(single: &Single) -> String {
    let Single { load_seconds, prefill, decode, decode_deep, peak_bytes, weight_bytes, threads } = single;
    format!(
        "threads                {threads}\n\
         load                   {load_seconds:.1} s\n\
         prompt of 512          {prefill:.1} tokens/s, first token after {:.2} s\n\
         answer                 {decode:.1} tokens/s\n\
         answer after 2,048     {decode_deep:.1} tokens/s\n\
         memory at most         {:.2} GB, weights {:.2} GB\n",
        512.0 / prefill,
        *peak_bytes as f64 / 1e9,
        *weight_bytes as f64 / 1e9,
    )
}

fn say(figures: &Figures) -> String {
    let mut text = say_single(&figures.single);
    let share = 100.0 * figures.share_of_bandwidth();
    text += &format!("memory bandwidth       {:.1} GB/s, {share:.0} % used\n", figures.bandwidth / 1e9);
    for batch in &figures.batches {
        text += &format!(
            "{:>2} at once             {:.1} tokens/s, first token after {:.2} s\n",
            batch.sequences, batch.decode, batch.first_token_seconds
        );
    }
    let prefix = &figures.prefix;
    let Questions { count, shared, own, written } = prefix.questions;
    text += &format!(
        "shared prefix          {:.2} times sooner of {:.2} possible ({count} questions of {own} tokens over {shared})\n",
        prefix.gain(),
        prefix.possible
    );
    text += &format!(
        "a whole review         {:.2} times sooner than one after the other ({written} tokens an answer)\n",
        figures.review.gain()
    );
    text
}

fn serve(command: &ServeCommand) -> anyhow::Result<()> {
    let config = command.configuration.read()?;
    if let Some(local) = config.model.as_ref().and_then(|model| model.local.as_ref()) {
        threads::bound(local.threads)?;
    }
    telemetry::start_log(&config.log)?;
    let model = config.model.clone().unwrap_or_default();
    let local = model.local.as_ref().context(
        "there is no model to serve: name one in `[model.local]` of the configuration, and the file by `--config`",
    )?;
    let settings = settings(&config, &model, command)?;
    let generator = local::open(local, &config.data)?;
    super::runtime()?.block_on(serve::serve(generator, command.listen, settings))
}

fn evaluate(command: &EvalCommand) -> anyhow::Result<ExitCode> {
    let config = command.configuration.read()?;
    telemetry::start_log(&config.log)?;
    let evaluation = Evaluation {
        set: command.set.clone(),
        report: command.report.clone(),
        policies: command.policies.clone(),
        watch: command.watch,
        language: command.lang,
    };
    Ok(match eval::run(&config, &evaluation, &super::runtime()?)? {
        Ended::Quiet => ExitCode::SUCCESS,
        Ended::Alarm => ExitCode::from(WORSE),
    })
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
