//! GitHub Apps: their tokens, and the check runs that nobody else may write.

use serde_json::{Value, json};
use tests::harness::{FakeForge, Happening, Kind, Plan, Received, github_misfit};

use super::{ask, bank};

fn app() -> FakeForge {
    bank(Plan::new(Kind::Github).as_app())
}

fn as_app(forge: &FakeForge, method: &str, path: &str) -> Received {
    forge.ask(&format!("Bearer {}", forge.app_token()), method, &format!("/api/v3{path}"), &Value::Null)
}

/// The header of a new installation token.
fn installation(forge: &FakeForge) -> String {
    let answer = as_app(forge, "POST", "/app/installations/77/access_tokens");
    assert_eq!(answer.status, 201, "{}", answer.text());
    format!("token {}", answer.json()["token"].as_str().expect("a token"))
}

fn check(forge: &FakeForge, token: &str, method: &str, path: &str, body: &Value) -> Received {
    forge.ask(token, method, &format!("/api/v3/repos/bank/core/check-runs{path}"), body)
}

#[test]
fn an_app_finds_its_installation_and_acts_as_its_bot() {
    let forge = app();
    let found = as_app(&forge, "GET", "/repos/bank/core/installation").json();
    assert_eq!((&found["id"], &found["app_slug"]), (&json!(77), &json!("countersign")));
    assert_eq!(github_misfit("GET /app", &as_app(&forge, "GET", "/app").json()), None);
    let token = installation(&forge);
    let repositories = forge.ask(&token, "GET", "/api/v3/installation/repositories", &Value::Null).json();
    assert_eq!(repositories["repositories"][0]["full_name"], "bank/core");
    assert_eq!(forge.ask(&token, "GET", "/api/v3/user", &Value::Null).status, 403);
    let comment = json!({ "body": "look" });
    forge.ask(&token, "POST", "/api/v3/repos/bank/core/issues/1/comments", &comment);
    assert_eq!(forge.comments(1)[0].author, "countersign[bot]");
}

#[test]
fn tokens_of_apps_are_verified_and_end() {
    let forge = app();
    let good = forge.app_token();
    let forged = good.rsplit_once('.').unwrap().0.to_owned() + ".AAAA";
    for wrong in [forged, app().app_token(), format!("x{good}")] {
        let answer = forge.ask(&format!("Bearer {wrong}"), "GET", "/api/v3/app", &Value::Null);
        assert_eq!(answer.status, 401);
    }
    let of_app = as_app(&forge, "GET", "/repos/bank/core/pulls/1");
    assert_eq!(of_app.status, 401, "the app itself reads no code");
    let token = installation(&forge);
    let read = || forge.ask(&token, "GET", "/api/v3/repos/bank/core/pulls/1", &Value::Null).status;
    assert_eq!(read(), 200);
    forge.end_installation_tokens();
    assert_eq!(read(), 401);
}

#[test]
fn check_runs_are_for_apps_only() {
    let forge = bank(Plan::new(Kind::Github));
    let body = json!({ "name": "countersign", "head_sha": forge.head(1) });
    let refused = ask(&forge, "POST", "/repos/bank/core/check-runs", &body);
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["message"], "You must authenticate via a GitHub App.");
    let forge = app();
    let body = json!({ "name": "countersign", "head_sha": forge.head(1) });
    assert_eq!(check(&forge, &installation(&forge), "POST", "", &body).status, 201);
    let run = &forge.check_runs(&forge.head(1))[0];
    assert_eq!((run.name.as_str(), run.status.as_str()), ("countersign", "queued"));
}

fn annotations(count: usize) -> Value {
    let one = |line: usize| {
        json!({ "path": "ledger.rs", "start_line": line + 1, "end_line": line + 1, "annotation_level": "failure",
                "message": "look" })
    };
    (0..count).map(one).collect()
}

#[test]
fn fifty_annotations_at_a_time_add_up() {
    let forge = app();
    let token = installation(&forge);
    let head = forge.head(1);
    let created = check(&forge, &token, "POST", "", &json!({ "name": "countersign", "head_sha": head }));
    let path = format!("/{}", created.json()["id"]);
    let update = |count: usize| {
        let output = json!({ "title": "t", "summary": "s", "annotations": annotations(count) });
        check(&forge, &token, "PATCH", &path, &json!({ "output": output })).status
    };
    assert_eq!([update(50), update(51), update(10)], [200, 422, 200]);
    assert_eq!(forge.check_runs(&head)[0].annotations.len(), 60);
    let list =
        forge.ask(&token, "GET", &format!("/api/v3/repos/bank/core/commits/{head}/check-runs"), &Value::Null);
    assert_eq!(github_misfit("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", &list.json()), None);
}

#[test]
fn a_completed_check_run_has_a_conclusion() {
    let forge = app();
    let token = installation(&forge);
    let create = |besides: &Value| {
        let mut body = json!({ "name": "countersign", "head_sha": forge.head(1) });
        for (name, value) in besides.as_object().unwrap() {
            body[name] = value.clone();
        }
        check(&forge, &token, "POST", "", &body)
    };
    assert_eq!(create(&json!({ "status": "completed" })).status, 422);
    let done = create(&json!({ "conclusion": "failure", "output": { "title": "t", "summary": "s" } }));
    assert_eq!((done.status, &done.json()["status"]), (201, &json!("completed")));
    assert_eq!(create(&json!({ "output": { "title": "t" } })).status, 422, "a summary is wanted");
    let long = json!({ "output": { "title": "t", "summary": "x".repeat(65_536) } });
    assert_eq!(create(&long).status, 422);
    let mut spanning = annotations(1);
    spanning[0]["start_column"] = json!(1);
    let output = |annotations: &Value| json!({ "output": { "title": "t", "summary": "s", "annotations": annotations } });
    assert_eq!(create(&output(&spanning)).status, 201);
    spanning[0]["end_line"] = json!(2);
    assert_eq!(create(&output(&spanning)).status, 422);
}

#[test]
fn a_check_run_can_be_asked_for_again() {
    let forge = app();
    let body = json!({ "name": "countersign", "head_sha": forge.head(1) });
    let run = check(&forge, &installation(&forge), "POST", "", &body).json()["id"].as_u64().unwrap();
    let told = forge.delivery(&Happening::CheckRerequested(run), "secret").json();
    assert_eq!((&told["action"], &told["check_run"]["id"]), (&json!("rerequested"), &json!(run)));
    assert_eq!(told["check_run"]["pull_requests"][0]["number"], 1);
    assert_eq!(told["installation"]["id"], 77);
    let told = forge.delivery(&Happening::SuiteRerequested(forge.head(1)), "secret").json();
    assert_eq!(told["check_suite"]["pull_requests"][0]["number"], 1);
}
