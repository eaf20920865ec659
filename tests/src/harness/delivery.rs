//! Webhooks: a payload in the forge's shape, with the headers and signatures that the forge sends.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::harness::client::Received;
use crate::harness::forge::{FakeForge, Kind};
use crate::harness::signature::{hmac_sha1, hmac_sha256, standard_webhook};
use crate::harness::world::World;
use crate::harness::{gitea, github, gitlab};

/// What a webhook tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A merge request was opened.
    Opened(u64),
    /// A merge request has a new head.
    Pushed {
        /// Which one.
        number: u64,
        /// Its head before.
        before: String,
    },
    /// A merge request goes to another branch.
    Retargeted {
        /// Which one.
        number: u64,
        /// The branch before.
        from: String,
    },
    /// A merge request was opened again.
    Reopened(u64),
    /// A merge request was closed.
    Closed(u64),
    /// A merge request was merged.
    Merged(u64),
    /// A merge request is not ready.
    Drafted(u64),
    /// A merge request is ready.
    Ready(u64),
    /// A merge request was labelled.
    Labelled(u64),
    /// Somebody wrote this comment.
    Commented(u64),
    /// Somebody changed this comment.
    CommentEdited(u64),
    /// Somebody asked for this check run to run again. GitHub only.
    CheckRerequested(u64),
    /// Somebody asked for all checks of this commit to run again. GitHub only.
    SuiteRerequested(String),
    /// A branch moved.
    BranchPushed {
        /// Which one.
        branch: String,
        /// Its tip before; zeros for a new branch.
        before: String,
        /// Its tip now.
        after: String,
    },
}

/// A payload and what the forge calls it.
#[derive(Debug)]
pub(crate) struct Payload {
    /// `pull_request`, `Merge Request Hook`.
    pub(crate) event: &'static str,
    /// On Gitea the finer name; elsewhere the same.
    pub(crate) kind: &'static str,
    pub(crate) body: Value,
}

/// A webhook, ready to be sent as often as one likes. Change what is in it before to play an attacker.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Headers, with signatures.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl FakeForge {
    /// A webhook about something, from the forge as it is now. On GitLab a secret that begins with `whsec_`
    /// signs.
    ///
    /// # Panics
    /// Where this forge has no webhook for it.
    pub fn delivery(&self, happening: &Happening, secret: &str) -> Delivery {
        self.try_delivery(happening, secret).expect("a webhook that this forge has")
    }

    /// Sends a webhook.
    ///
    /// # Panics
    /// Where no answer comes.
    pub fn deliver(&self, delivery: &Delivery, url: &str) -> Received {
        self.client
            .send("POST", url, &delivery.headers, delivery.body.clone())
            .unwrap_or_else(|error| panic!("the webhook is not answered: {error}"))
    }

    pub(crate) fn try_delivery(&self, happening: &Happening, secret: &str) -> Option<Delivery> {
        let mut world = self.world();
        let payload = match world.kind {
            Kind::Github => github::payload(&world, happening),
            Kind::Gitlab => gitlab::payload(&world, happening),
            Kind::Gitea => gitea::payload(&world, happening),
        }?;
        let id = format!("0d2a162c-8f23-4e17-ba24-{:012}", world.id());
        let body = payload.body.to_string().into_bytes();
        let headers = match world.kind {
            Kind::Github => github_headers(&payload, &id, secret, &body),
            Kind::Gitlab => gitlab_headers(&world, &payload, &id, secret, &body),
            Kind::Gitea => gitea_headers(&payload, &id, secret, &body),
        };
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Some(Delivery { headers, body })
    }
}

impl Delivery {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// With another header in place of one.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

fn github_headers(payload: &Payload, id: &str, secret: &str, body: &[u8]) -> Vec<(&'static str, String)> {
    vec![
        ("User-Agent", "GitHub-Hookshot/044aadd".to_owned()),
        ("Content-Type", "application/json".to_owned()),
        ("X-GitHub-Delivery", id.to_owned()),
        ("X-GitHub-Event", payload.event.to_owned()),
        ("X-GitHub-Hook-ID", "1".to_owned()),
        ("X-GitHub-Hook-Installation-Target-Type", "repository".to_owned()),
        ("X-Hub-Signature", format!("sha1={}", hmac_sha1(secret, body))),
        ("X-Hub-Signature-256", format!("sha256={}", hmac_sha256(secret, body))),
    ]
}

fn gitlab_headers(
    world: &World,
    payload: &Payload,
    id: &str,
    secret: &str,
    body: &[u8],
) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("User-Agent", "GitLab/18.5.0".to_owned()),
        ("Content-Type", "application/json".to_owned()),
        ("X-Gitlab-Event", payload.event.to_owned()),
        ("X-Gitlab-Instance", world.root.clone()),
        // Neither of these two is the id of the delivery.
        ("X-Gitlab-Webhook-UUID", id.replace("0d2a162c", "aaaaaaaa")),
        ("X-Gitlab-Event-UUID", id.replace("0d2a162c", "bbbbbbbb")),
    ];
    if !world.is_old {
        headers.push(("Idempotency-Key", id.to_owned()));
    }
    if secret.starts_with("whsec_") {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
        headers.push(("webhook-id", id.to_owned()));
        headers.push(("webhook-timestamp", now.to_string()));
        headers.push(("webhook-signature", standard_webhook(secret, id, now, body)));
    } else {
        headers.push(("X-Gitlab-Token", secret.to_owned()));
    }
    headers
}

fn gitea_headers(payload: &Payload, id: &str, secret: &str, body: &[u8]) -> Vec<(&'static str, String)> {
    let signature = hmac_sha256(secret, body);
    let (event, kind) = (payload.event.to_owned(), payload.kind.to_owned());
    vec![
        ("User-Agent", "Go-http-client/1.1".to_owned()),
        ("Content-Type", "application/json".to_owned()),
        ("X-GitHub-Delivery", id.to_owned()),
        ("X-GitHub-Event", event.clone()),
        ("X-GitHub-Event-Type", kind.clone()),
        ("X-Gitea-Delivery", id.to_owned()),
        ("X-Gitea-Event", event.clone()),
        ("X-Gitea-Event-Type", kind.clone()),
        ("X-Gitea-Signature", signature.clone()),
        ("X-Gogs-Delivery", id.to_owned()),
        ("X-Gogs-Event", event),
        ("X-Gogs-Event-Type", kind),
        ("X-Gogs-Signature", signature.clone()),
        ("X-Hub-Signature", format!("sha1={}", hmac_sha1(secret, body))),
        ("X-Hub-Signature-256", format!("sha256={signature}")),
    ]
}
