//! The gate on GitHub: statuses for all, check runs for apps.

use super::*;
use crate::forge::{Annotation, AnnotationLevel, CheckDetail, Light};

fn status(light: Light, annotations: usize) -> CommitStatus {
    let annotation = |number| Annotation {
        path: "a.rs".to_owned(),
        start_line: number,
        end_line: number,
        level: AnnotationLevel::Failure,
        title: "money in a double".to_owned(),
        message: "use a decimal".to_owned(),
    };
    CommitStatus {
        commit: HEAD.to_owned(),
        light,
        description: "2 findings block".to_owned(),
        url: Some("https://countersign.bank.example/r/1".to_owned()),
        check: CheckDetail {
            title: "Failed".to_owned(),
            summary: "2 findings".to_owned(),
            annotations: (1..).take(annotations).map(annotation).collect(),
        },
    }
}

fn list() -> String {
    format!("GET {REPOSITORY}/commits/{HEAD}/check-runs")
}

fn create() -> String {
    format!("POST {REPOSITORY}/check-runs")
}

fn statuses() -> String {
    format!("POST {REPOSITORY}/statuses/{HEAD}")
}

fn update(id: u64) -> String {
    format!("PATCH {REPOSITORY}/check-runs/{id}")
}

fn run(id: u64, app: u64, status: &str, annotations: usize) -> Value {
    json!({"id": id, "name": "countersign", "status": status, "app": {"id": app},
           "conclusion": if status == "completed" { json!("failure") } else { Value::Null },
           "output": {"title": "Failed", "summary": "2 findings", "annotations_count": annotations}})
}

/// An app at a commit that has these check runs.
async fn app_with(runs: Value) -> (Replay, Github) {
    let (replay, github) = app(3600).await;
    replay.on(&list(), reply(200, json!({"total_count": 1, "check_runs": runs})));
    replay.on(&create(), reply(201, json!({"id": 70})));
    replay.on(&statuses(), reply(201, json!({})));
    for id in [60, 70] {
        replay.on(&update(id), reply(200, json!({"id": id})));
    }
    (replay, github)
}

#[tokio::test]
async fn with_a_token_there_is_a_status_and_no_check_run() {
    let (replay, github) = github().await;
    replay.on(&statuses(), reply(201, json!({})));
    github.set_status(&merge_request(), &status(Light::Red, 3)).await.unwrap();
    assert_eq!(replay.calls(), [statuses()]);
    let wanted = json!({"context": "countersign", "state": "failure", "description": "2 findings block",
                        "target_url": "https://countersign.bank.example/r/1"});
    assert_eq!(replay.bodies(&statuses()), [wanted]);
}

#[tokio::test]
async fn a_new_head_has_a_new_check_run_with_at_most_fifty_annotations_a_call() {
    let (replay, github) = app_with(json!([run(60, 98, "in_progress", 0)])).await;
    github.set_status(&merge_request(), &status(Light::Red, 120)).await.unwrap();
    let created = &replay.bodies(&create())[0];
    assert_eq!(
        (&created["name"], &created["head_sha"], &created["status"], &created["conclusion"]),
        (&json!("countersign"), &json!(HEAD), &json!("completed"), &json!("failure"))
    );
    assert_eq!(created["external_id"], json!(merge_request().key.to_string()));
    assert_eq!(
        created["output"]["annotations"][0],
        json!({"path": "a.rs", "start_line": 1, "end_line": 1, "annotation_level": "failure",
               "title": "money in a double", "message": "use a decimal"})
    );
    let more = replay.bodies(&update(70));
    let counts: Vec<_> = [created, &more[0], &more[1]]
        .iter()
        .map(|body| body["output"]["annotations"].as_array().unwrap().len())
        .collect();
    assert_eq!(counts, [50, 50, 20]);
    assert_eq!(more[1]["output"]["annotations"][0]["start_line"], 101);
    assert_eq!(replay.bodies(&statuses()).len(), 1);
}

#[tokio::test]
async fn a_check_run_at_work_is_brought_to_its_end() {
    let (replay, github) =
        app_with(json!([run(60, 99, "in_progress", 0), run(59, 99, "completed", 1)])).await;
    github.set_status(&merge_request(), &status(Light::Green, 0)).await.unwrap();
    let updated = &replay.bodies(&update(60))[0];
    assert_eq!((&updated["status"], &updated["conclusion"]), (&json!("completed"), &json!("success")));
    assert!(replay.bodies(&create()).is_empty());
}

#[tokio::test]
async fn a_check_run_that_says_so_already_is_left_and_one_that_says_otherwise_is_replaced() {
    let (replay, github) = app_with(json!([run(60, 99, "completed", 2)])).await;
    github.set_status(&merge_request(), &status(Light::Red, 2)).await.unwrap();
    assert!(replay.bodies(&create()).is_empty() && replay.bodies(&update(60)).is_empty());
    github.set_status(&merge_request(), &status(Light::Green, 2)).await.unwrap();
    assert_eq!(replay.bodies(&create())[0]["conclusion"], "success");
    github.set_status(&merge_request(), &status(Light::Pending, 0)).await.unwrap();
    let pending = &replay.bodies(&create())[1];
    assert_eq!((&pending["status"], pending.get("conclusion")), (&json!("in_progress"), None));
}
