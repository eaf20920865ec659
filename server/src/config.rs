//! The operator's configuration: `countersign.toml` as one typed value, with its defaults.
//!
//! A file in; the configuration or an error that names the key, the line and what to write instead out.
//! Unknown keys are refused. Secrets are read from files, never from the file itself or the environment.

pub(crate) mod model;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use analyzers::policy::Severity;
use analyzers::text::Locale;
use anyhow::{Context, bail, ensure};
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use crate::merge_request::ForgeKind;

/// Everything that an operator may set.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Where the service listens.
    pub(crate) listen: SocketAddr,
    /// The address at which people reach it: for links in comments and statuses.
    pub(crate) public_url: Option<Url>,
    /// The folder for the store and mirrors; on SQLite one service has it for itself.
    pub(crate) data: PathBuf,
    /// The language of comments and of the dashboard.
    pub(crate) language: Locale,
    /// The name by which comments call the service: `@countersign review`, `/countersign review`.
    pub(crate) handle: String,
    /// Where state is kept.
    pub(crate) database: Database,
    /// Which policies are in force.
    pub(crate) policies: Policies,
    /// How reviews run.
    pub(crate) review: Reviews,
    /// The model that answers questions; without it they are not asked.
    pub(crate) model: Option<model::Model>,
    /// How many and how large things may be.
    pub(crate) limits: Limits,
    /// How other machines are reached.
    pub(crate) network: Network,
    /// The forges that send merge requests.
    pub(crate) forge: Forges,
    /// The HTTP interface.
    pub(crate) api: Api,
    /// The log.
    pub(crate) log: Log,
}

/// Where state is kept.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Database {
    /// A file that holds the address of a PostgreSQL database (`postgres://user:password@host/name`). Without
    /// it state is kept in SQLite, in the data folder.
    pub(crate) url_file: Option<PathBuf>,
}

/// Which policies are in force.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Policies {
    /// Whether the built-in pack is.
    pub(crate) builtin: bool,
    /// Folders of further policies.
    pub(crate) folders: Vec<PathBuf>,
}

/// How reviews run.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Reviews {
    /// The lowest severity at which an enforced finding blocks.
    pub(crate) fail_on: Severity,
    /// Whether a question for the model that was not asked leaves a review partial.
    pub(crate) require_model: bool,
    /// Reviews at a time. 0: one for each processor.
    pub(crate) workers: usize,
    /// Seconds that fetching, and then reviewing, may each take.
    pub(crate) timeout_seconds: u64,
    /// Attempts before a job is a dead letter and its gate red.
    pub(crate) attempts: u32,
    /// Inline comments on one merge request; further findings are in its summary.
    pub(crate) max_comments: usize,
    /// Whether drafts are reviewed; a repository may say otherwise for itself.
    pub(crate) drafts: bool,
    /// Whether files that a repository's configuration leaves out are out of scope. Otherwise they leave its
    /// reviews partial, and so the gate red.
    pub(crate) path_filters: bool,
    /// Seconds between two looks for merge requests whose webhook was missed.
    pub(crate) reconcile_seconds: u64,
    /// Seconds from a push to a branch until the open merge requests into it are reviewed again. Pushes until then
    /// count as one.
    pub(crate) settle_seconds: u64,
    /// Seconds after which another replica takes the jobs of one that died.
    pub(crate) lease_seconds: u64,
}

/// How many and how large things may be.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    /// Bytes of a webhook.
    pub(crate) webhook_bytes: usize,
    /// Bytes of a request to `/v1`.
    pub(crate) request_bytes: usize,
    /// Bytes that one fetch may bring.
    pub(crate) fetch_bytes: u64,
    /// Objects that one fetch may bring.
    pub(crate) fetch_objects: usize,
    /// Files that one change may touch.
    pub(crate) files: usize,
    /// Bytes of memory that one review may take.
    pub(crate) review_memory_bytes: u64,
    /// Requests that one caller of `/v1` may make in a minute.
    pub(crate) requests_per_minute: u32,
}

/// How other machines are reached. Nothing is taken from the environment.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Network {
    /// Certificates (PEM) of the bank's own authorities, beside those of the system.
    pub(crate) ca_file: Option<PathBuf>,
    /// A proxy, such as `http://proxy.bank.example:3128`.
    pub(crate) proxy: Option<Url>,
    /// Certificate and key (PEM, in one file) by which this service shows who it is.
    pub(crate) client_certificate_file: Option<PathBuf>,
    /// Seconds that one call may take.
    pub(crate) timeout_seconds: Option<u64>,
}

/// The forges that send merge requests.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Forges {
    /// GitHub, or GitHub Enterprise Server.
    pub(crate) github: Option<Github>,
    /// GitLab.
    pub(crate) gitlab: Option<TokenForge>,
    /// Gitea or Forgejo.
    pub(crate) gitea: Option<TokenForge>,
}

/// GitHub.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Github {
    /// Its address: `https://github.com`, or that of GitHub Enterprise Server.
    #[serde(default = "github_com")]
    pub(crate) url: Url,
    /// A file with a personal access token; or an app, below. With a token there are no check runs.
    pub(crate) token_file: Option<PathBuf>,
    /// The id of the GitHub App.
    pub(crate) app_id: Option<u64>,
    /// The app's private key (PEM).
    pub(crate) private_key_file: Option<PathBuf>,
    /// Files with the webhook's secret; two while it is being changed.
    pub(crate) webhook_secret_files: Vec<PathBuf>,
    /// Repositories to watch for missed webhooks, `owner/name`. An app watches all that it is installed in.
    #[serde(default)]
    pub(crate) repositories: Vec<String>,
}

/// GitLab, Gitea or Forgejo.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenForge {
    /// Its address, with the path it is served under.
    pub(crate) url: Url,
    /// A file with the access token of the service's own user.
    pub(crate) token_file: PathBuf,
    /// Files with the webhook's secret (on GitLab a token or a signing token `whsec_…`); two while it is being
    /// changed.
    pub(crate) webhook_secret_files: Vec<PathBuf>,
    /// Repositories to watch for missed webhooks, by full path.
    #[serde(default)]
    pub(crate) repositories: Vec<String>,
}

/// The HTTP interface.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Api {
    /// Whether `/v1` and the dashboard ask for a token. Left out: unless the service listens on loopback.
    pub(crate) require_token: Option<bool>,
}

/// The log.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    /// `text` for people, `json` for machines.
    pub(crate) format: LogFormat,
    /// The least important level that is written, or a filter such as `info,countersign_server::queue=debug`.
    pub(crate) level: String,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object on a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8787),
            public_url: None,
            data: PathBuf::from("data"),
            language: Locale::En,
            handle: "countersign".to_owned(),
            database: Database::default(),
            policies: Policies::default(),
            review: Reviews::default(),
            model: None,
            limits: Limits::default(),
            network: Network::default(),
            forge: Forges::default(),
            api: Api::default(),
            log: Log::default(),
        }
    }
}

impl Default for Policies {
    fn default() -> Self {
        Self { builtin: true, folders: Vec::new() }
    }
}

impl Default for Reviews {
    fn default() -> Self {
        Self {
            fail_on: Severity::Major,
            require_model: false,
            workers: 0,
            timeout_seconds: 600,
            attempts: 5,
            max_comments: 20,
            drafts: false,
            path_filters: true,
            reconcile_seconds: 300,
            settle_seconds: 3,
            lease_seconds: 120,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            webhook_bytes: 25 << 20,
            request_bytes: 64 << 20,
            fetch_bytes: 2 << 30,
            fetch_objects: 5_000_000,
            files: 20_000,
            review_memory_bytes: 4 << 30,
            requests_per_minute: 120,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned() }
    }
}

impl Network {
    /// How long one call may take.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.unwrap_or(30))
    }
}

impl Reviews {
    /// How long a job is a worker's own without a heartbeat.
    pub(crate) fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_seconds)
    }

    /// How long a branch is left to settle after a push.
    pub(crate) fn settle(&self) -> Duration {
        Duration::from_secs(self.settle_seconds)
    }
}

fn github_com() -> Url {
    Url::parse("https://github.com").expect("a well-formed address")
}

impl Config {
    /// Reads a file. Paths in it are relative to its folder.
    pub(crate) fn read(file: &Path) -> anyhow::Result<Self> {
        let named = || format!("{}: the configuration cannot be read", file.display());
        let text = std::fs::read_to_string(file).with_context(named)?;
        let mut config: Self = toml::from_str(&text)
            .map_err(|error| anyhow::anyhow!("{}", error.to_string().trim_end()))
            .with_context(named)?;
        config.resolve(file.parent().unwrap_or(Path::new("")));
        config.check().with_context(named)?;
        Ok(config)
    }

    /// Whether callers need a token: always, unless nobody but this machine can call.
    pub(crate) fn requires_token(&self) -> bool {
        self.api.require_token.unwrap_or(!self.listen.ip().is_loopback())
    }

    /// How long fetching, and then reviewing, may each take.
    pub(crate) fn review_timeout(&self) -> Duration {
        Duration::from_secs(self.review.timeout_seconds)
    }

    fn resolve(&mut self, folder: &Path) {
        let mut paths: Vec<&mut PathBuf> = vec![&mut self.data];
        paths.extend(self.policies.folders.iter_mut());
        paths.extend(self.database.url_file.iter_mut());
        paths.extend(self.network.ca_file.iter_mut());
        paths.extend(self.network.client_certificate_file.iter_mut());
        if let Some(github) = &mut self.forge.github {
            paths.extend(github.token_file.iter_mut());
            paths.extend(github.private_key_file.iter_mut());
            paths.extend(github.webhook_secret_files.iter_mut());
        }
        for forge in [&mut self.forge.gitlab, &mut self.forge.gitea].into_iter().flatten() {
            paths.push(&mut forge.token_file);
            paths.extend(forge.webhook_secret_files.iter_mut());
        }
        for path in paths {
            *path = folder.join(&*path);
        }
        if let Some(model) = &mut self.model {
            model.resolve(folder);
        }
    }

    fn check(&self) -> anyhow::Result<()> {
        let is_name = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
        ensure!(
            !self.handle.is_empty() && self.handle.chars().all(is_name),
            "`handle = \"{}\"`: a handle has letters, digits, `-` and `_`; write it without `@`",
            self.handle
        );
        ensure!(self.review.attempts > 0, "`review.attempts` must be at least 1");
        ensure!(self.review.timeout_seconds > 0, "`review.timeout_seconds` must be at least 1");
        ensure!(self.network.timeout_seconds != Some(0), "`network.timeout_seconds` must be at least 1");
        ensure!(
            self.review.lease() >= self.network.timeout() * 3,
            "`review.lease_seconds = {}` must be at least three times `network.timeout_seconds` ({}): whoever has \
             lost a job must have no call under way for it",
            self.review.lease_seconds,
            self.network.timeout().as_secs()
        );
        if let Some(model) = &self.model {
            model.check(self)?;
        }
        ensure!(self.limits.requests_per_minute > 0, "`limits.requests_per_minute` must be at least 1");
        if let Some(github) = &self.forge.github {
            let app = (github.app_id.is_some(), github.private_key_file.is_some());
            match (github.token_file.is_some(), app) {
                (true, (false, false)) | (false, (true, true)) => {}
                _ => bail!(
                    "`[forge.github]` needs either `token_file`, or `app_id` and `private_key_file` of an app"
                ),
            }
        }
        for (kind, url, secrets) in self.forge_doors() {
            ensure!(
                url.scheme() == "https" || is_loopback(url),
                "`forge.{kind}.url = \"{url}\"`: tokens are sent over `https` only (or to this machine)"
            );
            ensure!(
                url.username().is_empty() && url.password().is_none() && url.query().is_none(),
                "`forge.{kind}.url` must hold no user, password or query"
            );
            ensure!(
                !secrets.is_empty(),
                "`forge.{kind}.webhook_secret_files` is empty: anybody could send webhooks"
            );
        }
        Ok(())
    }

    /// Each configured forge with its address and its webhook's secrets.
    pub(crate) fn forge_doors(&self) -> Vec<(ForgeKind, &Url, &[PathBuf])> {
        let mut doors = Vec::new();
        if let Some(github) = &self.forge.github {
            doors.push((ForgeKind::Github, &github.url, github.webhook_secret_files.as_slice()));
        }
        let others = [(ForgeKind::Gitlab, &self.forge.gitlab), (ForgeKind::Gitea, &self.forge.gitea)];
        for (kind, forge) in others {
            if let Some(forge) = forge {
                doors.push((kind, &forge.url, forge.webhook_secret_files.as_slice()));
            }
        }
        doors
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Reads a secret: the content of a file without the line end.
pub(crate) fn secret(file: &Path) -> anyhow::Result<SecretString> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{}: the secret cannot be read", file.display()))?;
    let text = text.trim_end_matches(['\r', '\n']);
    ensure!(!text.is_empty(), "{}: the file is empty where a secret is wanted", file.display());
    Ok(SecretString::from(text.to_owned()))
}

impl fmt::Display for LogFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

#[cfg(test)]
mod tests;
