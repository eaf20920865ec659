//! Proves what counts as an answer, and that a model can add to a review but take nothing from it.

use std::sync::Mutex;

use crate::change::{ChangeSet, diff_text};
use crate::finding::Decider;
use crate::gate::State;
use crate::model::{Completion, Finish, Model, ModelError, Prompt, Usage};
use crate::policy::{PolicyFile, PolicySet};
use crate::review::{Request, Review, review};
use crate::sources::{Side, SourceError, Sources};

const FILE: &str = "class Teller {\n    void book(Client client) {\n        double amount = 1;\n        client.retry(amount, key(\"4111111111111111\"));\n    }\n}\n";

/// Says the same to everybody, and remembers what it was asked.
struct Scripted {
    answer: Result<(String, Finish), ModelError>,
    asked: Mutex<Vec<Prompt>>,
}

impl Scripted {
    fn saying(text: &str) -> Self {
        Self { answer: Ok((text.to_owned(), Finish::Stop)), asked: Mutex::default() }
    }

    fn finding(verdict: &str, quote: &str) -> Self {
        Self::saying(&serde_json::json!({"verdict": verdict, "quote": quote, "reason": "so"}).to_string())
    }
}

impl Model for Scripted {
    fn complete(&self, prompt: &Prompt) -> Result<Completion, ModelError> {
        self.asked.lock().unwrap().push(prompt.clone());
        let (text, finish) = self.answer.clone()?;
        Ok(Completion { thinking: None, text, finish, usage: Usage::default() })
    }
}

struct OneFile;

impl Sources for OneFile {
    fn read(&self, side: Side, _path: &str) -> Result<Vec<u8>, SourceError> {
        match side {
            Side::Head => Ok(FILE.as_bytes().to_vec()),
            Side::Base => Err(SourceError::Missing),
        }
    }

    fn list(&self, _side: Side) -> Result<Vec<String>, SourceError> {
        Ok(Vec::new())
    }
}

fn policies() -> PolicySet {
    let policy = |path: &str, enforcement: &str, checks: &str| PolicyFile {
        path: format!("{path}.yaml"),
        shown_as: path.to_owned(),
        json: None,
        text: format!(
            "id: {path}\ncode: TEST-{}\ntitle: A title\nseverity: major\nenforcement: {enforcement}\nlanguages: [java]\n\
             supersedes: [{}]\nobjective: An objective.\nrationale: A rationale.\nsuccess_criteria: Good.\n\
             failure_criteria: Bad.\nremedy: Mend it.\nchecks:\n{checks}",
            path.len(),
            if path == "trust/retry" { "money/retry" } else { "" },
        ),
    };
    let question = "  - question:\n      when:\n        java: {pattern: \"$CLIENT.retry($$$)\"}\n      ask: Is it safe?\n      evidence: the call\n";
    let pattern = "  - pattern:\n      java: {pattern: \"$CLIENT.retry($$$)\"}\n";
    let both = format!("{pattern}{question}");
    let files = [
        policy("trust/retry", "block", question),
        policy("money/retry", "block", pattern),
        policy("both/retries", "block", &both),
    ];
    PolicySet::from_files(files.iter()).unwrap()
}

fn change_set() -> ChangeSet {
    let added: String = FILE.lines().map(|line| format!("+{line}\n")).collect();
    let lines = FILE.lines().count();
    let diff = format!(
        "diff --git a/Teller.java b/Teller.java\nnew file mode 100644\n--- /dev/null\n+++ b/Teller.java\n@@ -0,0 +1,{lines} @@\n{added}"
    );
    diff_text::parse(diff.as_bytes()).unwrap()
}

fn reviewed(model: Option<&dyn Model>) -> Review {
    let policies = policies();
    let mut request = Request::new(&policies, &OneFile);
    request.model = model;
    review(&change_set(), (None, None), &request)
}

fn told(review: &Review) -> Vec<(&str, u32)> {
    let told = review.findings.iter().filter(|finding| finding.decided_by == Decider::Model);
    told.map(|finding| (finding.policy.id.as_str(), finding.location.start.line)).collect()
}

fn proved(review: &Review) -> Vec<String> {
    let proved = review.findings.iter().filter(|finding| finding.decided_by == Decider::Proof);
    proved.map(|finding| format!("{} {}", finding.policy.id, finding.fingerprint)).collect()
}

/// The model's answer is worth nothing, and says so in the coverage.
fn is_unjudged(model: &Scripted) {
    let review = reviewed(Some(model));
    assert_eq!(told(&review), []);
    assert_eq!(review.coverage.unjudged(), 2, "{:?}", review.coverage);
    assert_eq!(review.coverage.questions(), 0);
}

#[test]
fn a_breach_with_a_good_quote_is_a_finding_that_never_blocks() {
    let model = Scripted::finding("breach", "double amount = 1;");
    let review = reviewed(Some(&model));
    assert_eq!(told(&review), [("both/retries", 3), ("trust/retry", 3)]);
    let told = review.findings.iter().find(|finding| finding.decided_by == Decider::Model).unwrap();
    assert!(!crate::gate::blocks(told, review.fail_on));
    assert_eq!(review.coverage.unjudged(), 0);
}

#[test]
fn a_quote_that_stands_nowhere_or_twice_or_is_empty_is_no_evidence() {
    is_unjudged(&Scripted::finding("breach", "float amount = 1;"));
    is_unjudged(&Scripted::finding("breach", "amount"));
    is_unjudged(&Scripted::finding("breach", " "));
}

#[test]
fn what_is_not_the_form_is_no_answer() {
    for text in [
        "no",
        "",
        "{\"verdict\": \"breach\", \"quote\": \"double amount = 1;\"}",
        "<think>{\"verdict\": \"clean\", \"quote\": \"\", \"reason\": \"\"}</think>",
        "{\"verdict\": \"clean\", \"verdict\": \"clean\", \"quote\": \"\", \"reason\": \"\"}",
        "{\"verdict\": \"clean\", \"quote\": \"\", \"reason\": \"\"} {}",
        "{\"verdict\": \"fine\", \"quote\": \"\", \"reason\": \"\"}",
    ] {
        is_unjudged(&Scripted::saying(text));
    }
    is_unjudged(&Scripted::finding("unclear", ""));
    let cut = Scripted { answer: Scripted::finding("clean", "").answer, asked: Mutex::default() };
    let cut = Scripted { answer: cut.answer.map(|(text, _)| (text, Finish::Length)), ..cut };
    is_unjudged(&cut);
}

#[test]
fn a_model_that_is_down_leaves_questions_unjudged_and_no_model_leaves_them_unasked() {
    let down = Scripted { answer: Err(ModelError::Unavailable("down".to_owned())), asked: Mutex::default() };
    is_unjudged(&down);
    let alone = reviewed(None);
    assert_eq!((alone.coverage.questions(), alone.coverage.unjudged()), (2, 0));
    let mut held = reviewed(Some(&Scripted::finding("clean", "")));
    assert_eq!(held.coverage.unjudged(), 0);
    held.state = State::Passed;
    held.require_answers();
    assert_eq!(held.state, State::Passed);
    let mut held = reviewed(Some(&down));
    held.state = State::Passed;
    held.require_answers();
    assert_eq!(held.state, State::Partial);
}

#[test]
fn no_answer_removes_renames_or_hides_what_is_proved() {
    let alone = reviewed(None);
    assert_eq!(proved(&alone).len(), 2);
    let quotes = ["client.retry(amount, key(\"4111111111111111\"))", "double amount = 1;", "x", ""];
    for verdict in ["breach", "clean", "unclear"] {
        for quote in quotes {
            let review = reviewed(Some(&Scripted::finding(verdict, quote)));
            assert_eq!(proved(&review), proved(&alone), "{verdict} {quote}");
            assert_eq!(review.state, State::Failed);
        }
    }
}

#[test]
fn a_prompt_holds_the_policy_and_the_code_but_no_secret() {
    let model = Scripted::finding("clean", "");
    reviewed(Some(&model));
    let asked = model.asked.lock().unwrap();
    assert_eq!(asked.len(), 2);
    assert!(asked[0].prefix.contains("Is it safe?") && asked[0].prefix.contains("An objective."));
    assert!(asked[0].body.contains("client.retry(amount, key(\"[card 1]\"))"), "{}", asked[0].body);
    assert!(!asked[0].body.contains("4111111111111111"));
}
