//! `[model]`: which model answers questions, here or on another machine, and how it is asked.
//!
//! Absent, there is none. What cannot be meant together is refused by name. API keys are read from files.

use std::path::{Path, PathBuf};
use std::time::Duration;

use analyzers::model::ModelBudget;
use anyhow::{bail, ensure};
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::{Config, is_loopback};

/// Prompts of one review under way at once, at most: each has a thread of its process.
pub(crate) const MOST_CONCURRENT: usize = 64;

/// The model that answers questions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Model {
    /// How far draws may leave the likeliest token; its makers advise 0.5 to 0.7.
    pub(crate) temperature: f64,
    /// Mass of the likeliest tokens that are drawn from.
    pub(crate) top_p: f64,
    /// Seconds that one question may take, waiting included.
    pub(crate) timeout_seconds: u64,
    /// Tokens that the model may think about one question; a question may ask for fewer.
    pub(crate) max_thinking_tokens: u32,
    /// Prompts of one review, second tries included.
    pub(crate) max_prompts: usize,
    /// Tokens that the prompts of one review may take, with thinking and answers, as estimated beforehand.
    pub(crate) max_tokens: u64,
    /// Prompts of one review that are under way at once.
    pub(crate) max_concurrent: usize,
    /// Days that an answer is kept after it was last used, and what a review was answered after it was. 0: not at all.
    pub(crate) keep_answers_days: u16,
    /// Answers that are kept; of more those go that were not used for longest.
    pub(crate) max_answers: u32,
    /// Days that what the model thought is kept with its answer, for whoever reads the database. 0: not at all.
    pub(crate) keep_thinking_days: u16,
    /// The report of an evaluation, by which policies with `enforcement: earned` block.
    pub(crate) evaluation: Option<PathBuf>,
    /// A model on other machines.
    pub(crate) remote: Option<RemoteModel>,
    /// A model on this machine.
    pub(crate) local: Option<LocalModel>,
}

/// How long what the model said is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Retention {
    /// Answers, after they were last used.
    pub(crate) answers: Duration,
    /// What the model thought.
    pub(crate) thinking: Duration,
    /// Answers at most.
    pub(crate) max_answers: u32,
}

/// A model on other machines, behind OpenAI-compatible servers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RemoteModel {
    /// Servers, the one to ask first first.
    pub(crate) endpoints: Vec<Endpoint>,
    /// Seconds until the first byte of an answer: the server's queue and the reading of the prompt.
    pub(crate) first_byte_seconds: u64,
    /// Seconds between two bytes of an answer.
    pub(crate) idle_seconds: u64,
}

/// An OpenAI-compatible server.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Endpoint {
    /// Its address, as OpenAI's clients have it: `https://gpu.bank.example/v1`.
    pub(crate) url: Url,
    /// The name under which it serves the model.
    pub(crate) model: String,
    /// A file with the API key.
    pub(crate) api_key_file: Option<PathBuf>,
    /// What kind of server it is.
    #[serde(default)]
    pub(crate) dialect: Dialect,
    /// Whether code may be sent to it without encryption.
    #[serde(default)]
    pub(crate) allow_http: bool,
}

/// What kind of server an endpoint is: how it is told the schema of an answer and the limits of thinking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Dialect {
    /// OpenAI's own, and whatever is like it.
    #[default]
    Openai,
    /// `countersign-server model serve`.
    Countersign,
    /// vLLM.
    Vllm,
    /// SGLang.
    Sglang,
    /// The server of llama.cpp.
    LlamaCpp,
    /// DeepSeek's own API.
    Deepseek,
}

/// A model on this machine.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LocalModel {
    /// The folder with weights and tokenizer; or the name, below.
    pub(crate) folder: Option<PathBuf>,
    /// The name of a model that `countersign-server model pull` brought.
    pub(crate) name: Option<String>,
    /// Threads that compute. 0: one for each core.
    pub(crate) threads: usize,
    /// Bytes of memory for what running questions have read.
    pub(crate) kv_bytes: u64,
    /// Tokens that one question may have, with its answer. 0: as many as the model was made for.
    pub(crate) context: usize,
    /// What computes.
    pub(crate) device: Device,
}

/// What computes: `auto`, `cpu`, `cuda`, or some of several GPUs as `cuda:0,1`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub(crate) enum Device {
    /// A GPU where there is one.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// GPUs by their numbers.
    Cuda(Vec<usize>),
}

impl TryFrom<String> for Device {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no device: write `auto`, `cpu`, `cuda` or `cuda:0,1`");
        match text.split_once(':') {
            None if text == "auto" => Ok(Self::Auto),
            None if text == "cpu" => Ok(Self::Cpu),
            None if text == "cuda" => Ok(Self::Cuda(vec![0])),
            Some(("cuda", numbers)) => {
                let numbers: Result<Vec<usize>, _> = numbers.split(',').map(str::parse).collect();
                numbers.map(Self::Cuda).map_err(|_| wrong())
            }
            _ => Err(wrong()),
        }
    }
}

impl Default for Model {
    fn default() -> Self {
        let budget = ModelBudget::default();
        Self {
            temperature: 0.6,
            top_p: 0.95,
            timeout_seconds: 180,
            max_thinking_tokens: budget.max_thinking_tokens,
            max_prompts: budget.max_prompts,
            max_tokens: budget.max_tokens,
            max_concurrent: budget.max_concurrent,
            keep_answers_days: 30,
            max_answers: 200_000,
            keep_thinking_days: 0,
            evaluation: None,
            remote: None,
            local: None,
        }
    }
}

impl Default for RemoteModel {
    fn default() -> Self {
        Self { endpoints: Vec::new(), first_byte_seconds: 60, idle_seconds: 60 }
    }
}

impl Default for LocalModel {
    fn default() -> Self {
        Self { folder: None, name: None, threads: 0, kv_bytes: 4 << 30, context: 0, device: Device::Auto }
    }
}

impl Model {
    /// How long one question may take.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }

    /// How much one review may ask.
    pub(crate) fn budget(&self) -> ModelBudget {
        ModelBudget {
            max_prompts: self.max_prompts,
            max_tokens: self.max_tokens,
            max_concurrent: self.max_concurrent,
            max_thinking_tokens: self.max_thinking_tokens,
        }
    }

    /// How long what the model said is kept.
    pub(crate) fn retention(&self) -> Retention {
        let days = |days: u16| Duration::from_secs(u64::from(days) * 24 * 3600);
        Retention {
            answers: days(self.keep_answers_days),
            thinking: days(self.keep_thinking_days),
            max_answers: self.max_answers,
        }
    }

    /// Makes paths relative to the configuration's folder.
    pub(super) fn resolve(&mut self, folder: &Path) {
        let keys = self.remote.iter_mut().flat_map(|remote| &mut remote.endpoints);
        let keys = keys.filter_map(|endpoint| endpoint.api_key_file.as_mut());
        let folders = self.local.iter_mut().filter_map(|local| local.folder.as_mut());
        for path in keys.chain(folders).chain(self.evaluation.as_mut()) {
            *path = folder.join(&*path);
        }
    }

    /// Refuses what cannot be meant.
    pub(super) fn check(&self, config: &Config) -> anyhow::Result<()> {
        ensure!(
            (0.0..=2.0).contains(&self.temperature),
            "`model.temperature = {}` must be between 0 and 2",
            self.temperature
        );
        ensure!(
            self.top_p > 0.0 && self.top_p <= 1.0,
            "`model.top_p = {}` must be above 0 and at most 1",
            self.top_p
        );
        ensure!(self.timeout_seconds > 0, "`model.timeout_seconds` must be at least 1");
        ensure!(
            self.timeout_seconds < config.review.timeout_seconds,
            "`model.timeout_seconds = {}` must be less than `review.timeout_seconds` ({}): one question that is not \
             answered must not end the whole review",
            self.timeout_seconds,
            config.review.timeout_seconds
        );
        ensure!(
            self.max_prompts > 0,
            "`model.max_prompts` must be at least 1; remove `[model]` to ask nothing"
        );
        ensure!(
            (1..=MOST_CONCURRENT).contains(&self.max_concurrent),
            "`model.max_concurrent = {}` must be between 1 and {MOST_CONCURRENT}",
            self.max_concurrent
        );
        ensure!(
            self.keep_thinking_days <= self.keep_answers_days,
            "`model.keep_thinking_days = {}` must not be more than `model.keep_answers_days` ({}): thinking is kept \
             with its answer",
            self.keep_thinking_days,
            self.keep_answers_days
        );
        match (&self.remote, &self.local) {
            (Some(remote), None) => remote.check(),
            (None, Some(local)) => local.check(),
            (Some(_), Some(_)) => bail!(
                "`[model.remote]` and `[model.local]` are both there: questions go to one model; remove one of them"
            ),
            (None, None) => bail!(
                "`[model]` names no model: add `[[model.remote.endpoints]]` or `[model.local]`, or remove `[model]`"
            ),
        }
    }
}

impl RemoteModel {
    fn check(&self) -> anyhow::Result<()> {
        ensure!(
            !self.endpoints.is_empty(),
            "`[model.remote]` has no endpoint: add `[[model.remote.endpoints]]` with `url` and `model`"
        );
        ensure!(self.first_byte_seconds > 0, "`model.remote.first_byte_seconds` must be at least 1");
        ensure!(self.idle_seconds > 0, "`model.remote.idle_seconds` must be at least 1");
        for (index, endpoint) in self.endpoints.iter().enumerate() {
            endpoint.check()?;
            ensure!(
                !self.endpoints[..index]
                    .iter()
                    .any(|other| (&other.url, &other.model) == (&endpoint.url, &endpoint.model)),
                "`model.remote.endpoints`: `{}` is there twice",
                endpoint.url
            );
        }
        Ok(())
    }
}

impl Endpoint {
    fn check(&self) -> anyhow::Result<()> {
        let Self { url, model, allow_http, .. } = self;
        ensure!(
            url.username().is_empty() && url.password().is_none() && url.query().is_none(),
            "`model.remote.endpoints`: an `url` must hold no user, password or query; an API key goes into \
             `api_key_file`"
        );
        let is_safe = match url.scheme() {
            "https" => true,
            "http" => *allow_http || is_loopback(url),
            _ => bail!("`model.remote.endpoints`: `{url}` must begin with `https://` or `http://`"),
        };
        ensure!(
            is_safe,
            "`model.remote.endpoints`: code would go to `{url}` without encryption; use `https`, or say \
             `allow_http = true` where the network between is your own"
        );
        ensure!(
            !model.trim().is_empty(),
            "`model.remote.endpoints`: `model` of `{url}` is empty; `GET {url}/models` lists what it serves"
        );
        Ok(())
    }
}

impl LocalModel {
    fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.folder.is_some() != self.name.is_some(),
            "`[model.local]` needs either `folder` or `name`, and not both"
        );
        ensure!(self.kv_bytes > 0, "`model.local.kv_bytes` must be above 0");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    const ENDPOINT: &str =
        "[[model.remote.endpoints]]\nurl = \"https://gpu.bank.example/v1\"\nmodel = \"deepseek-r1\"\n";

    #[test]
    fn the_least_that_names_a_model_has_the_makers_sampling() {
        let config = read(ENDPOINT).unwrap();
        let model = config.model.unwrap();
        assert_eq!((model.temperature, model.top_p), (0.6, 0.95));
        assert_eq!(model.remote.unwrap().endpoints[0].dialect, Dialect::Openai);
        assert!(read("").unwrap().model.is_none());
        let local = read("[model.local]\nfolder = \"r1\"\ndevice = \"cuda:0,1\"\n").unwrap().model.unwrap();
        let local = local.local.unwrap();
        assert_eq!(local.device, Device::Cuda(vec![0, 1]));
        assert!(local.folder.unwrap().is_absolute());
    }

    #[test]
    fn what_cannot_be_meant_is_refused_and_named() {
        let local = "[model.local]\nfolder = \"r1\"\n";
        let remote = |keys: &str| {
            format!("[[model.remote.endpoints]]\nurl = \"https://gpu/v1\"\nmodel = \"r1\"\n{keys}")
        };
        let at = |url: &str| format!("[[model.remote.endpoints]]\nurl = \"{url}\"\nmodel = \"r1\"\n");
        for (text, words) in [
            ("[model]\n".to_owned(), "names no model"),
            (format!("{ENDPOINT}{local}"), "both there"),
            ("[model.remote]\nendpoints = []\n".to_owned(), "has no endpoint"),
            (format!("{ENDPOINT}{ENDPOINT}"), "twice"),
            (remote("dialect = \"tgi\"\n"), "tgi"),
            (remote("api_key = \"sk-1\"\n"), "api_key"),
            (at("http://gpu.bank.example/v1"), "without encryption"),
            (at("ftp://gpu.bank.example/v1"), "must begin with"),
            (at("https://me:x@gpu.bank.example/v1"), "api_key_file"),
            (format!("[model]\ntemperature = 3\n{ENDPOINT}"), "between 0 and 2"),
            (format!("[model]\ntop_p = 0.0\n{ENDPOINT}"), "above 0"),
            (format!("[model]\ntimeout_seconds = 600\n{ENDPOINT}"), "less than `review.timeout_seconds`"),
            (format!("[model]\ntimeout_seconds = 0\n{ENDPOINT}"), "at least 1"),
            (format!("[model]\nmax_prompts = 0\n{ENDPOINT}"), "at least 1"),
            (format!("[model]\nmax_concurrent = 65\n{ENDPOINT}"), "between 1 and 64"),
            (format!("[model]\nkeep_thinking_days = 31\n{ENDPOINT}"), "not be more than"),
            (format!("{local}name = \"r1\"\n"), "not both"),
            ("[model.local]\nthreads = 2\n".to_owned(), "needs either"),
            (format!("{local}device = \"gpu\"\n"), "is no device"),
            (format!("{local}device = \"cuda:one\"\n"), "is no device"),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.contains(words), "no `{words}` in `{error}`");
        }
        read(&at("http://127.0.0.1:8000")).unwrap();
        read(&format!("{}allow_http = true\n", at("http://gpu.bank.example/v1"))).unwrap();
    }
}
