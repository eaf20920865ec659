//! The evaluation of a model by the real binary: exact figures for models of known quality, and what they are worth.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tests::harness::{Client, FakeModel, Saying};
use tests::{Outcome, Service, Site, countersign_server};

/// The policy of the other proofs, which blocks once it has earned it.
fn policy() -> String {
    crate::model::POLICY.replace("enforcement: warn", "enforcement: earned\nconfidence: likely")
}

/// Labelled places of the set.
const BREACHES: usize = 40;
const NEAR_MISSES: usize = 10;

/// A function for each place, so that each is asked about by itself; numbers count on over both kinds.
fn examples() -> String {
    let place = |number: usize| {
        let (label, call) = match number <= BREACHES {
            true => ("breach: trust/retry", format!("client.retry(call{number})")),
            false => ("near-miss: canaryOfLabels", format!("client.retry(key, call{number})")),
        };
        format!("    void book{number}(Client client) {{\n        // {label}\n        {call};\n    }}\n")
    };
    format!("class Booking {{\n{}}}\n", (1..=BREACHES + NEAR_MISSES).map(place).collect::<String>())
}

/// The number and the call of the place that a prompt asks about.
fn place(prompt: &str) -> (usize, String) {
    let line = prompt.lines().find(|line| line.starts_with('+') && line.contains("client.retry("));
    let call = line.expect("a prompt shows the call")[1..].trim().trim_end_matches(';').to_owned();
    let number = call.split("call").nth(1).and_then(|rest| rest.trim_end_matches(')').parse().ok());
    (number.expect("a call has a number"), call)
}

fn verdict(verdict: &str, quote: &str) -> Saying {
    let claim = json!({"kind": "other", "subject": "", "value": ""});
    let entry =
        json!({"policy": "trust/retry", "quote": quote, "claim": claim, "reason": "r", "verdict": verdict});
    Saying::Answer("hm".to_owned(), json!({"answers": [entry]}).to_string())
}

fn perfect(prompt: &str) -> Saying {
    let (number, call) = place(prompt);
    if number <= BREACHES { verdict("breach", &call) } else { verdict("clean", "") }
}

/// What answers the question by which a service learns who answers, and else as `answer` does.
fn known(answer: fn(&str) -> Saying) -> impl Fn(&str) -> Saying + Send + 'static {
    move |prompt| match prompt.contains("client.retry(") {
        true => answer(prompt),
        false => Saying::Answer(String::new(), "{\"ready\": true}".to_owned()),
    }
}

/// A site with the policy, its examples and a configuration that names a model's server.
fn site(url: &str) -> Site {
    let site = Site::new();
    site.write("policies/trust/retry.yaml", &policy());
    site.write("policies/trust/retry.java", &examples());
    site.write("eval.toml", &configuration(url, ""));
    site
}

fn configuration(url: &str, model: &str) -> String {
    format!(
        "[policies]\nbuiltin = false\nfolders = [\"policies\"]\n[model]\n{model}timeout_seconds = 5\n\
         [[model.remote.endpoints]]\nurl = \"{url}\"\nmodel = \"{}\"\ndialect = \"vllm\"\n",
        FakeModel::NAME
    )
}

/// `countersign-server model eval` with these arguments.
fn eval(site: &Site, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(countersign_server());
    command.args(["model", "eval"]).args(arguments).current_dir(site.path()).env_clear();
    let ended = command.output().expect("the binary runs");
    Outcome {
        code: ended.status.code(),
        stdout: String::from_utf8(ended.stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(ended.stderr).expect("stderr is UTF-8"),
    }
}

/// The report of an evaluation that ends well.
fn report(site: &Site, arguments: &[&str]) -> Value {
    let arguments: Vec<&str> =
        ["--config", "eval.toml", "--report", "report.json"].iter().chain(arguments).copied().collect();
    eval(site, &arguments).ends(0);
    read(&site.path().join("report.json"))
}

fn read(file: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file).expect("a report")).expect("JSON")
}

/// tp, fp, fn, tn, misplaced.
fn counts(figures: &Value) -> [u64; 5] {
    ["tp", "fp", "fn", "tn", "misplaced"].map(|key| figures[key].as_u64().expect("a count"))
}

#[test]
fn a_perfect_model_has_perfect_figures_and_saw_no_label() {
    let model = FakeModel::answering(perfect);
    let site = site(&model.url());
    let ended = eval(&site, &["--config", "eval.toml"]);
    ended.ends(0).reports("40/40 = 1.00 (0.91–1.00)").reports("PRECISION").reports("trust/retry");
    ended.reports("at least 20 places): trust/retry");
    let kept: Vec<PathBuf> = std::fs::read_dir(site.path().join("data/evaluations"))
        .expect("the folder of reports")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    assert_eq!(kept.len(), 1);
    let name = kept[0].file_name().and_then(|name| name.to_str()).expect("a name");
    assert!(name.ends_with("Z-fake-1-sha256-77.json"), "{name}");
    let report = read(&kept[0]);
    let figures = &report["policies"]["trust/retry"];
    assert_eq!(counts(figures), [40, 0, 0, 10, 0], "{report}");
    assert_eq!((&figures["unjudged"], &figures["places"]), (&json!({}), &json!(50)));
    assert_eq!((&figures["prompts"], &figures["repairs"]), (&json!(50), &json!(0)));
    assert_eq!(
        figures["tokens"],
        json!({"prompt": 300 * 50, "cached": 0, "thinking": 25 * 50, "answer": 15 * 50})
    );
    assert_eq!(report["model"]["fingerprint"], "fake-1+sha256:77");
    assert_eq!((&report["schema_version"], &report["set"]["files"]), (&json!(1), &json!(1)));
    for question in model.asked() {
        let asked = question.to_string();
        for label in ["near-miss", "canaryOfLabels", "breach: trust/retry", "retry.java"] {
            assert!(!asked.contains(label), "`{label}` in {asked}");
        }
    }
    assert_eq!(model.asked().len(), 50);
}

#[test]
fn a_model_that_always_says_breach_is_told_by_its_precision() {
    let model = FakeModel::answering(|prompt| verdict("breach", &place(prompt).1));
    let site = site(&model.url());
    let report = report(&site, &[]);
    let figures = &report["overall"];
    assert_eq!(counts(figures), [40, 10, 0, 0, 0], "{report}");
    assert_eq!((&figures["precision"]["hits"], &figures["precision"]["of"]), (&json!(40), &json!(50)));
    assert_eq!(figures["precision"]["value"], 0.8);
    let (low, high) = (figures["precision"]["low"].as_f64(), figures["precision"]["high"].as_f64());
    assert!((low.expect("a bound") - 0.6696).abs() < 5e-5 && (high.expect("a bound") - 0.8876).abs() < 5e-5);
    assert_eq!(figures["right_place"]["value"], 1.0);
    let chinese = eval(&site, &["--config", "eval.toml", "--lang", "zh"]);
    chinese.ends(0).reports("精确率").reports("40/50 = 0.80 (0.67–0.89)").reports("不少于 20 处）：无");
}

#[test]
fn a_model_that_is_broken_half_of_the_time_is_counted_by_what_it_failed_at() {
    let model = FakeModel::answering(|prompt| match place(prompt).0 % 2 {
        0 => perfect(prompt),
        _ => Saying::Answer("hm".to_owned(), "I would rather not say.".to_owned()),
    });
    let site = site(&model.url());
    let ended = eval(&site, &["--config", "eval.toml", "--report", "report.json"]);
    ended.ends(0).reports("25: malformed 25").reports("no answer that counts: malformed 25");
    let figures = &read(&site.path().join("report.json"))["overall"];
    assert_eq!(counts(figures), [20, 0, 20, 10, 0], "{figures}");
    assert_eq!(figures["unjudged"], json!({"malformed": 25}));
    assert_eq!((&figures["prompts"], &figures["repairs"]), (&json!(75), &json!(25)));
    assert_eq!(figures["recall"]["value"], 0.5);
}

#[test]
fn a_finding_at_another_line_is_no_breach_found() {
    let model = FakeModel::answering(|prompt| match place(prompt).0 {
        number @ 1..=30 => verdict("breach", &format!("void book{number}(Client client)")),
        _ => perfect(prompt),
    });
    let site = site(&model.url());
    let figures = &report(&site, &["--policy", "TEST-1"])["policies"]["trust/retry"];
    assert_eq!(counts(figures), [10, 0, 30, 10, 30], "{figures}");
    assert_eq!(
        (&figures["precision"]["value"], &figures["right_place"]["value"]),
        (&json!(0.25), &json!(0.25))
    );
}

#[test]
fn a_folder_of_the_banks_own_is_measured_under_the_policies_in_force() {
    let model = FakeModel::answering(perfect);
    let site = site(&model.url());
    let own = "class Own {\n    void a(Client client) {\n        // breach: trust/retry\n        client.retry(call7);\n    }\n}\n";
    site.write("labelled/trust/retry.java", own);
    let own = report(&site, &["--set", "labelled"]);
    assert_eq!(counts(&own["overall"]), [1, 0, 0, 0, 0], "{own}");
    let all = report(&site, &[]);
    assert_eq!(own["policies_digest"], all["policies_digest"]);
    assert_ne!(own["set"]["digest"], all["set"]["digest"]);
}

#[test]
fn what_cannot_be_measured_says_why() {
    let model = FakeModel::answering(perfect);
    let site = site(&model.url());
    let refused = |arguments: &[&str], words: &str| {
        let arguments: Vec<&str> = ["--config", "eval.toml"].iter().chain(arguments).copied().collect();
        eval(&site, &arguments).ends(2).says(words);
    };
    refused(&["--set", "nowhere"], "nowhere: the set cannot be read");
    site.write("empty/README.md", "nothing");
    refused(&["--set", "empty"], "empty: there is no labelled example");
    site.write(
        "inline/trust/retry.java",
        "class A {\n    String s = \"near-miss: no comment\";\n    int b;\n}\n",
    );
    refused(&["--set", "inline"], "inline/trust/retry.java:2");
    refused(&["--policy", "trust/unknown"], "there is no policy `trust/unknown`");
    refused(&["--report", "policies"], "policies: the report cannot be a folder");
    assert_eq!(model.asked().len(), 0, "nothing is asked for nothing");
    eval(&site, &[]).ends(2).says("there is no model to evaluate: name one in `[model]`");
    site.write("old/broken.json", "{");
    refused(
        &["--watch", "--report", "old/new.json"],
        "broken.json: the report of an evaluation cannot be read",
    );
    site.write("eval.toml", &configuration(&FakeModel::start([Saying::Status(500)]).url(), ""));
    refused(&["--report", "none.json"], "the model answered no question (unavailable 50)");
    assert!(!site.path().join("none.json").exists());
}

#[test]
fn what_has_become_worse_is_an_alarm() {
    let site = site(&FakeModel::start([]).url());
    let watch = |answer: fn(&str) -> Saying| {
        let model = FakeModel::answering(answer);
        site.write("eval.toml", &configuration(&model.url(), ""));
        eval(&site, &["--config", "eval.toml", "--report", "nightly/last.json", "--watch"])
    };
    watch(perfect).ends(0).reports("no earlier report");
    watch(perfect).ends(0).reports("nothing is worse");
    let worse = watch(|prompt| match place(prompt).0 % 2 {
        0 => perfect(prompt),
        _ => Saying::Answer("hm".to_owned(), "{}".to_owned()),
    });
    worse.ends(1).reports("ALARM all policies: recall fell from 40/40 = 1.00 (0.91–1.00) to 20/40 = 0.50");
    worse.reports("ALARM trust/retry: recall fell").reports("asked form: 0 before, 25 now");
    worse.does_not_report("precision fell");
    watch(perfect).ends(0).reports("nothing is worse");
    let noisy = watch(|prompt| verdict("breach", &place(prompt).1));
    noisy.ends(1).reports("ALARM all policies: precision fell").does_not_report("recall fell");
}

/// Whether a review of one breach blocks, and its state.
fn blocks(service: &Service) -> (Value, Value) {
    let head = "class Posting {\n    void post() {\n        client.retry(call3);\n    }\n}\n";
    let body = json!({"repository": "bank/core", "files": [{"path": "Posting.java", "head": head}]});
    let url = format!("{}/v1/reviews", service.url());
    let json = ("content-type".to_owned(), "application/json".to_owned());
    let answer = Client::default().send("POST", &url, &[json], body.to_string().into_bytes());
    let review = answer.expect("an answer").json()["review"].clone();
    assert_eq!(review["findings"][0]["decided_by"], "model", "{review}");
    (review["findings"][0]["blocks"].clone(), review["state"].clone())
}

#[test]
fn a_policy_blocks_once_the_model_that_answers_has_earned_it() {
    let model = FakeModel::answering(known(perfect));
    let site = site(&model.url());
    let report = report(&site, &[]);
    let named = |name: &str| configuration(&model.url(), &format!("evaluation = \"{name}\"\n"));
    let (warns, earned) = ((json!(false), json!("passed")), (json!(true), json!("failed")));

    let service = site.start(&configuration(&model.url(), ""));
    assert_eq!(blocks(&service), warns, "nothing is named");
    assert!(service.log().join("\n").contains("names no report"));
    drop(service);

    let service = site.start(&named("report.json"));
    assert_eq!((blocks(&service), blocks(&service)), (earned.clone(), earned), "from the first review on");
    assert!(service.log().join("\n").contains("what it finds under these policies blocks"));
    drop(service);

    for (place, value, words) in [
        ("/model/fingerprint", json!("fake-2"), "of another model"),
        ("/model/fingerprint", Value::Null, "not known"),
        ("/policies_digest", json!("00"), "of other policies"),
    ] {
        let mut other = report.clone();
        *other.pointer_mut(place).expect("a part of the report") = value;
        site.write("other.json", &other.to_string());
        let service = site.start(&named("other.json"));
        assert_eq!(blocks(&service), warns, "{place}");
        let log = service.log().join("\n");
        assert!(log.contains("earns nothing") && log.contains(words), "no `{words}` in\n{log}");
    }
    let (code, told) = site.refuse(&format!("listen = \"127.0.0.1:0\"\n{}", named("none.json")));
    assert_eq!(code, Some(2));
    assert!(told.contains("`model.evaluation`") && told.contains("none.json"), "{told}");
}
