//! A model on other machines: one client for OpenAI-compatible servers, several of them in order.
//!
//! A prompt in, one completion out. Nothing is paid twice: a question goes to the next server, or to the same one
//! again, only where it certainly did not reach generation. A server that fails is left alone for a while.

mod answer;
mod body;
mod breaker;
mod chunk;
mod server;
mod sse;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use analyzers::model::{Completion, ModelError, Prompt};
use reqwest::Client;

use self::answer::NoCompletion;
use self::body::{Draw, body};
use self::breaker::{Pass, Standing};
use self::server::{Answered, Fault, Listed, Patience, Server};
use super::host::{Given, Purpose};
use crate::config::model::{Model, RemoteModel};
use crate::forge::http::answer::shortened;
use crate::telemetry::meters;

/// Pauses before servers that could not be reached are tried again.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];

/// How often busy servers are asked again.
const MAX_ROUNDS: usize = 6;

/// Characters of a fingerprint that are kept.
const MAX_FINGERPRINT: usize = 200;

/// A model on other machines.
pub(crate) struct Remote {
    servers: Vec<Server>,
    draw: Draw,
    timeout: Duration,
    first_byte: Duration,
    idle: Duration,
    /// The place of the server that answered last.
    last: AtomicUsize,
}

impl Remote {
    /// The model of a configuration, reached through this client.
    pub(crate) fn new(settings: &Model, remote: &RemoteModel, client: &Client) -> anyhow::Result<Self> {
        let servers = remote.endpoints.iter().zip(1..);
        let servers = servers.map(|(endpoint, number)| Server::new(number, client.clone(), endpoint));
        Ok(Self {
            servers: servers.collect::<anyhow::Result<_>>()?,
            draw: Draw {
                temperature: settings.temperature,
                top_p: settings.top_p,
                max_thinking_tokens: settings.max_thinking_tokens,
            },
            timeout: settings.timeout(),
            first_byte: Duration::from_secs(remote.first_byte_seconds),
            idle: Duration::from_secs(remote.idle_seconds),
            last: AtomicUsize::new(0),
        })
    }

    /// The name of the model, as the first server calls it.
    pub(crate) fn name(&self) -> &str {
        self.servers.first().map_or("none", |server| &server.model)
    }

    /// What the server that answered last says of its weights and engine.
    pub(crate) fn fingerprint(&self) -> Option<String> {
        self.known(Server::fingerprint)
    }

    /// Who would answer now: weights and engine, and how they are asked.
    pub(crate) fn identity(&self) -> Option<String> {
        self.known(Server::identity)
    }

    /// What is known of the server that answered last, or else of the first of which it is.
    fn known(&self, what: impl Fn(&Server) -> Option<String>) -> Option<String> {
        let last = self.servers.get(self.last.load(Ordering::Relaxed));
        last.into_iter().chain(&self.servers).find_map(what)
    }

    /// Whether a question has a server to go to, as far as is known.
    pub(crate) fn is_up(&self) -> bool {
        self.servers.iter().any(|server| server.breaker.standing() == Standing::Closed)
    }

    /// The completion of one prompt, within the configured time.
    pub(crate) async fn complete(&self, prompt: &Prompt, purpose: &Purpose) -> Result<Given, ModelError> {
        let Taker { answered, by } = self.find_taker(prompt, purpose).await?;
        let completion = answer::read(&answered.heard).map_err(|error| {
            ModelError::Unavailable(match error {
                NoCompletion::BrokenOff => "the answer broke off".to_owned(),
                NoCompletion::EndedAs(how) => format!("the server ended the answer with `{how}`"),
            })
        })?;
        let completion = Completion { text: unfenced(&completion.text).to_owned(), ..completion };
        Ok(Given { completion, by })
    }

    /// Asks each server once what it has, and tells the log.
    pub(crate) async fn introduce(&self) {
        for server in &self.servers {
            match server.list().await {
                Ok(models) => self.introduced(server, &models),
                Err(fault) => tracing::warn!(
                    model.endpoint = server.number,
                    reason = words(&fault),
                    "a model's server does not say what it serves; questions are sent all the same"
                ),
            }
        }
    }

    fn introduced(&self, server: &Server, models: &[Listed]) {
        let Some(listed) = models.iter().find(|listed| listed.id == server.model) else {
            tracing::warn!(
                model.endpoint = server.number,
                model.name = server.model,
                models = models.len(),
                "a model's server does not list the model that `model.remote.endpoints` names"
            );
            return;
        };
        if let Some(fingerprint) = listed.system_fingerprint.as_ref().or(listed.weights_digest.as_ref()) {
            identify(server, fingerprint);
        }
        tracing::info!(
            model.endpoint = server.number,
            model.name = server.model,
            model.context = listed.max_model_len,
            "a model's server is ready"
        );
    }

    /// Asks the servers in turn until one takes the question.
    async fn find_taker(&self, prompt: &Prompt, purpose: &Purpose) -> Result<Taker, ModelError> {
        let until = tokio::time::Instant::now() + self.timeout;
        let mut pauses = PAUSES.into_iter();
        for _ in 0..MAX_ROUNDS {
            let (mut why, mut wait) = (None, None::<Duration>);
            for (place, server) in self.servers.iter().enumerate() {
                let patience = Patience { first_byte: self.first_byte, idle: self.idle, until };
                match self.ask(server, (prompt, purpose), patience).await? {
                    Taken::Answered(answered) => {
                        self.last.store(place, Ordering::Relaxed);
                        return Ok(Taker { answered, by: server.identity() });
                    }
                    Taken::Busy(busy) => wait = Some(wait.map_or(busy, |wait| wait.min(busy))),
                    Taken::Unreached(words) => why = Some(words),
                    Taken::Resting(words) => why = why.or(Some(words)),
                }
            }
            let is_reachable = |server: &Server| server.breaker.standing() == Standing::Closed;
            let pause = match wait {
                Some(wait) => Some(wait),
                None if self.servers.iter().any(is_reachable) => pauses.next(),
                None => None,
            };
            match pause {
                Some(pause) if tokio::time::Instant::now() + pause < until => tokio::time::sleep(pause).await,
                Some(_) | None => {
                    let busy = || "it is busy and asks to come again later".to_owned();
                    return Err(ModelError::Unavailable(why.unwrap_or_else(busy)));
                }
            }
        }
        Err(ModelError::Unavailable("it was busy each time it was asked".to_owned()))
    }

    /// Asks one server, unless it is left alone. An error is final: asking elsewhere could be paid twice, or is vain.
    async fn ask(
        &self,
        server: &Server,
        (prompt, purpose): (&Prompt, &Purpose),
        patience: Patience,
    ) -> Result<Taken, ModelError> {
        let pass = match server.breaker.enter(Instant::now()) {
            Ok(pass) => pass,
            Err(rest) => return Ok(Taken::Resting(resting(server, rest))),
        };
        let body = body(prompt, purpose, (&server.model, server.dialect), self.draw);
        let asked = server.ask(&body, patience).await;
        meters::model_attempt(server.number, asked.as_ref().map_or_else(kind, |_| "answered"));
        let answered = match asked {
            Ok(answered) => answered,
            Err(fault) => return self.failed(server, pass, fault),
        };
        self.tell(server, pass, Pass::worked);
        if let Some(fingerprint) = &answered.fingerprint {
            identify(server, fingerprint);
        }
        Ok(Taken::Answered(answered))
    }

    fn failed(&self, server: &Server, pass: Pass, fault: Fault) -> Result<Taken, ModelError> {
        let is_alive = matches!(fault, Fault::Busy(_) | Fault::Refused(_));
        if is_alive {
            self.tell(server, pass, Pass::worked);
        } else {
            tracing::warn!(model.endpoint = server.number, reason = words(&fault), "a model's server failed");
            self.tell(server, pass, |pass| pass.failed(Instant::now()));
        }
        match fault {
            Fault::Unreached(why) | Fault::TurnedAway(why) => Ok(Taken::Unreached(named(server, &why))),
            Fault::Busy(wait) => Ok(Taken::Busy(wait)),
            Fault::Refused(why) => Err(ModelError::Refused(why)),
            Fault::Unknown(why) => Err(ModelError::Unavailable(named(server, &why))),
            Fault::TimedOut(_) => Err(ModelError::DeadlineExceeded),
        }
    }

    /// Tells the breaker what came of an attempt, and everybody else where that changes how it stands.
    fn tell(&self, server: &Server, pass: Pass, outcome: impl FnOnce(Pass)) {
        let before = server.breaker.standing();
        outcome(pass);
        let after = server.breaker.standing();
        meters::model_breaker(server.number, after == Standing::Closed);
        match (before, after) {
            (Standing::Closed, Standing::Open) => {
                tracing::error!(model.endpoint = server.number, "a model's server is left alone for a while");
            }
            (Standing::HalfOpen, Standing::Closed) => {
                tracing::info!(model.endpoint = server.number, "a model's server works again");
            }
            _ => {}
        }
    }
}

/// What was answered, and by whom.
struct Taker {
    answered: Answered,
    by: Option<String>,
}

/// Keeps what a server says it is, and tells the log where it is news.
fn identify(server: &Server, fingerprint: &str) {
    let printable = fingerprint.chars().filter(char::is_ascii_graphic).collect::<String>();
    let fingerprint = shortened(&printable, MAX_FINGERPRINT);
    if server.is_news(&fingerprint) {
        tracing::info!(
            model.endpoint = server.number,
            model.name = server.model,
            model.fingerprint = fingerprint,
            "a model's server says what answers"
        );
    }
}

/// What came of asking one server.
enum Taken {
    Answered(Answered),
    Busy(Duration),
    Unreached(String),
    Resting(String),
}

/// JSON without the fence that models like to put around it.
fn unfenced(text: &str) -> &str {
    let inside = text.trim().strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    inside.map_or(text, |inside| inside.strip_prefix("json").unwrap_or(inside).trim())
}

fn named(server: &Server, why: &str) -> String {
    format!("endpoint {} ({}): {why}", server.number, server.model)
}

fn resting(server: &Server, rest: Duration) -> String {
    named(server, &format!("it has failed and is asked again in {} s", rest.as_secs().max(1)))
}

/// What kind a fault is, for the meters.
fn kind(fault: &Fault) -> &'static str {
    match fault {
        Fault::Unreached(_) => "unreached",
        Fault::Busy(_) => "busy",
        Fault::TurnedAway(_) => "turned_away",
        Fault::Refused(_) => "refused",
        Fault::Unknown(_) => "broken",
        Fault::TimedOut(_) => "timed_out",
    }
}

fn words(fault: &Fault) -> String {
    match fault {
        Fault::Busy(wait) => format!("it is busy for {} s", wait.as_secs()),
        Fault::Unreached(why) | Fault::TurnedAway(why) | Fault::Refused(why) | Fault::Unknown(why) => {
            why.clone()
        }
        Fault::TimedOut(why) => (*why).to_owned(),
    }
}
