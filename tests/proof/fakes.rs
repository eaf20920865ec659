//! The forges of the harness keep their forges' rules: for each rule a call that is taken and one that is refused.

mod gitea;
mod github;
mod github_app;
mod gitlab;
mod gitlab_notes;
mod people;
mod webhooks;
mod wire;

use serde_json::Value;
use tests::harness::{FakeForge, Files, Kind, Plan, Received};

/// Lines of a ledger, from 1 to 30.
fn ledger() -> Vec<String> {
    (1..=30).map(|number| format!("line {number}\n")).collect()
}

/// The same, with lines 10 and 11 become one and a line after 20.
fn changed_ledger() -> String {
    let mut lines = ledger();
    lines.insert(20, "inserted\n".to_owned());
    lines.splice(9..11, ["line ten changed\n".to_owned()]);
    lines.concat()
}

/// A forge with an open merge request, number 1, from `feature` to `main`: the ledger changed, a file added,
/// one deleted, one renamed.
fn bank(plan: Plan) -> FakeForge {
    let forge = plan.start();
    let renamed = "kept ".repeat(20);
    let before = [("ledger.rs", ledger().concat()), ("gone.txt", "gone\n".into()), ("ren.txt", renamed)];
    forge.commit("main", before);
    let after = Files::new()
        .write("ledger.rs", changed_ledger())
        .write("added.rs", "one\ntwo\nthree\n")
        .remove("gone.txt")
        .rename("ren.txt", "ren2.txt");
    forge.commit("feature", after);
    forge.open_merge_request("feature", "main", "alice");
    forge
}

/// The header by which a token is shown.
fn bearer(kind: Kind, token: &str) -> String {
    let scheme = if kind == Kind::Gitlab { "Bearer" } else { "token" };
    format!("{scheme} {token}")
}

/// Asks as the service's user.
fn ask(forge: &FakeForge, method: &str, path: &str, body: &Value) -> Received {
    let path = match forge.kind() {
        Kind::Github => format!("/api/v3{path}"),
        Kind::Gitlab => format!("/api/v4{path}"),
        Kind::Gitea => format!("/api/v1{path}"),
    };
    forge.ask(&bearer(forge.kind(), &forge.token()), method, &path, body)
}
