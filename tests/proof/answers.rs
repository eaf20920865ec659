//! Answers that are kept: a push pays for what it changed, a review is made again without its model, and what nobody
//! waits for any more is not computed.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::harness::{FakeForge, FakeModel, Kind, Saying};
use tests::{Service, Site, countersign_server, eventually};

use crate::model::{POLICY, configuration, get, verdict};
use crate::{RATIO, RETRY, posting};

const SECRET: &str = "a secret of a proof";

/// A bank whose merge requests are reviewed with a model.
struct Bank {
    forge: FakeForge,
    site: Site,
    service: Service,
    number: u64,
}

/// A merge request with a question, on a forge whose service asks a model that says these.
fn open(sayings: impl IntoIterator<Item = Saying>, model: &str, main: &[(&str, &str)]) -> (FakeModel, Bank) {
    let server = FakeModel::start(sayings);
    let (site, forge) = (Site::new(), FakeForge::start(Kind::Gitea));
    forge.commit("main", [("Posting.java", posting(RATIO))]);
    for (path, text) in main {
        forge.commit("main", [(*path, *text)]);
    }
    forge.commit("feature", [("Posting.java", posting(RETRY))]);
    site.write("token", &forge.token());
    site.write("secret", SECRET);
    let gitea = format!(
        "[forge.gitea]\nurl = \"{}\"\ntoken_file = \"token\"\nwebhook_secret_files = [\"secret\"]\n",
        forge.url()
    );
    let service = site.start(&configuration(&site, &server.url(), &gitea, model));
    forge.subscribe(&format!("{}/webhooks/gitea", service.url()), SECRET);
    let number = forge.open_merge_request("feature", "main", "developer");
    (server, Bank { forge, site, service, number })
}

impl Bank {
    /// Waits for the verdict on the newest head.
    fn rests(&self) -> String {
        eventually("a verdict", || {
            let status = self.forge.status(&self.forge.head(self.number)).map(|status| status.state);
            status.filter(|state| state != "pending")
        })
    }

    /// The newest review.
    fn review(&self) -> Value {
        let listed = get(&self.service, "/v1/reviews").json();
        let id = listed["reviews"][0]["id"].as_str().expect("a review").to_owned();
        get(&self.service, &format!("/v1/reviews/{id}")).json()
    }

    /// Makes a review again; the exit code, and what is said.
    fn replay(&self, id: &str) -> (Option<i32>, String) {
        let mut command = Command::new(countersign_server());
        command
            .args(["replay", id, "--config", "countersign.toml"])
            .current_dir(self.site.path())
            .env_clear();
        let ended = command.output().expect("it starts");
        let said = [ended.stdout, ended.stderr].concat();
        (ended.status.code(), String::from_utf8(said).expect("it is text"))
    }
}

#[test]
fn a_push_asks_only_for_what_it_changed() {
    let found = verdict("breach", "client.retry(call)");
    let (model, bank) = open([found, verdict("clean", "")], "", &[]);
    assert_eq!(bank.rests(), "success");
    assert_eq!(model.asked().len(), 1);
    let first = bank.review();
    bank.forge.push("feature", [("notes.txt", "Nothing of the code changes.\n")]);
    assert_eq!(bank.rests(), "success");
    let second = bank.review();
    assert_ne!(first["id"], second["id"]);
    assert_eq!(second["review"]["findings"], first["review"]["findings"]);
    assert_eq!(second["review"]["coverage"]["asked"], first["review"]["coverage"]["asked"]);
    assert_eq!(second["bound_to"]["models"], json!(["fake-1+sha256:77 Vllm DeepSeek-R1-Fake"]));
    assert_eq!(model.asked().len(), 1, "what did not change is not asked again");
    bank.forge.push("feature", [("Other.java", posting(&RETRY.replace("call", "other")))]);
    assert_eq!(bank.rests(), "success");
    assert_eq!(bank.review()["review"]["coverage"]["asked"]["prompts"], 2);
    assert_eq!(model.asked().len(), 2, "what is new is asked");
    let metrics = get(&bank.service, "/metrics").text();
    for meter in [
        r#"countersign_model_questions_total{outcome="kept"} 2"#,
        r#"countersign_model_questions_total{outcome="answered"} 2"#,
        r#"countersign_model_tokens_total{kind="thinking"} 50"#,
    ] {
        assert!(metrics.contains(meter), "{meter} is not in\n{metrics}");
    }
}

#[test]
fn the_model_says_why_in_the_language_of_the_comments() {
    let main = [(".countersign.yaml", "language: zh\n")];
    let (model, bank) = open([verdict("clean", "")], "max_prompts = 7\nmax_thinking_tokens = 99\n", &main);
    assert_eq!(bank.rests(), "success");
    let asked = model.asked();
    let message = asked[0]["messages"][0]["content"].as_str().expect("a message");
    assert!(message.contains("Write `reason` in Chinese"), "{message}");
    assert!(
        asked[0]["max_tokens"].as_u64().is_some_and(|tokens| tokens < 4096),
        "{}",
        asked[0]["max_tokens"]
    );
}

#[test]
fn a_review_is_made_again_byte_for_byte_without_its_model() {
    let sayings = [verdict("breach", "client.retry(call)"), verdict("clean", ""), Saying::Status(502)];
    let (model, bank) = open(sayings, "", &[]);
    bank.rests();
    let whole = bank.review()["id"].as_str().expect("an id").to_owned();
    // The next review has an answer of its own, an old one, and a question that had none.
    for name in ["One", "Two"] {
        let path = format!("{name}.java");
        bank.forge.push("feature", [(path, posting(&RETRY.replace("call", name)))]);
        bank.rests();
    }
    let part = bank.review();
    assert_eq!(part["review"]["coverage"]["asked"]["unjudged"], json!({"unavailable": 1}), "{part}");
    let part = part["id"].as_str().expect("an id").to_owned();
    let asked = model.asked().len();
    drop(model);
    for id in [&whole, &part] {
        let (code, said) = bank.replay(id);
        assert_eq!(code, Some(0), "{said}");
        let lines: Vec<_> = said.lines().collect();
        assert_eq!((lines.len(), lines[0]), (3, "identical"), "{said}");
        let digests: Vec<_> = lines[1..].iter().filter_map(|line| line.split('\t').nth(1)).collect();
        assert!(digests[0] == digests[1] && digests[0].len() == "sha256:".len() + 64, "{said}");
    }
    assert_eq!(asked, 3);
    let (code, said) = bank.replay("0123456789abcdef0123456789abcdef");
    assert_eq!((code, said.contains("there is no review")), (Some(2), true), "{said}");

    bank.site.write("policies/trust/retry.yaml", &POLICY.replace("safe to send twice", "safe"));
    let (code, said) = bank.replay(&whole);
    assert_eq!(code, Some(1), "{said}");
    for word in
        ["different", "policies: the review was made under sha256:", "answers: ", "/document/findings/0"]
    {
        assert!(said.contains(word), "no `{word}` in\n{said}");
    }
    bank.site.write("policies/trust/retry.yaml", POLICY);
    assert_eq!(bank.replay(&whole).0, Some(0));
    std::fs::remove_dir_all(bank.site.path().join("data/mirrors")).expect("the mirrors go");
    let (code, said) = bank.replay(&whole);
    assert_eq!(
        (code, said.contains("commits: not all of them are in the mirror")),
        (Some(1), true),
        "{said}"
    );
}

#[test]
fn a_head_that_moves_takes_back_what_was_asked_for_the_old_one() {
    let (model, bank) = open([Saying::Silence, verdict("clean", "")], "", &[]);
    let old = bank.forge.head(bank.number);
    eventually("a question", || (model.asked().len() == 1).then_some(()));
    let moved = Instant::now();
    bank.forge.push("feature", [("Posting.java", posting(&RETRY.replace("call", "other")))]);
    assert_eq!(bank.rests(), "success");
    // Far sooner than any limit of the model's would have ended it.
    assert!(moved.elapsed() < Duration::from_secs(30), "{:?}", moved.elapsed());
    assert_eq!(model.asked().len(), 2);
    eventually("the end of the silence", || (model.left() == 1).then_some(()));
    assert!(bank.forge.statuses(&old).iter().all(|status| status.state != "success"));
}

#[test]
fn thinking_is_kept_in_the_database_alone_and_only_where_it_is_wanted() {
    for (setting, is_kept) in [("", false), ("keep_thinking_days = 1\n", true)] {
        let (_model, bank) = open([verdict("breach", "client.retry(call)")], setting, &[]);
        bank.rests();
        let shown = format!("{} {:?}", bank.review(), bank.forge.comments(bank.number));
        assert!(shown.contains("TEST-1") && !shown.contains("canaryOfThinking"), "{shown}");
        assert_eq!(bank.service.stop(), Some(0));
        let database = std::fs::read(bank.site.path().join("data/countersign.db")).expect("the database");
        let is_there = |word: &[u8]| database.windows(word.len()).any(|part| part == word);
        assert!(is_there(b"canaryOfReason"));
        assert_eq!(is_there(b"canaryOfThinking"), is_kept, "{setting}");
    }
}
