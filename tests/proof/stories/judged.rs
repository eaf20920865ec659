//! What people see of a model: why it says so, what it dismissed, and what it left open.

use serde_json::{Value, json};
use tests::Site;
use tests::harness::{FakeModel, Saying};

use super::hostile::outside_code;
use super::{FIRST, Home, Light, Story, ledger, story};

/// One policy asks a question, the other is not sure of its findings.
const POLICIES: [(&str, &str); 2] = [
    (
        "trust/retry",
        "  - question:\n      when:\n        java: {pattern: \"$CLIENT.retry($$$)\"}\n      \
         ask: Is the call safe to send twice?\n      evidence: the call\n",
    ),
    ("trust/probe", "  - pattern:\n      java: {pattern: \"$CLIENT.probe($$$)\"}\n"),
];

/// What means harm to whoever shows it: markup, mentions, commands, links, and our own marker.
const WHY: &str = "canaryOfWhy /approve\n/merge\n@alice ![x](http:evil) [y](http:evil) <img src=x onerror=1> \
                   </details><script>alert(1)</script> | ``` <!-- countersign:v1:summary:summary:0:0:0 -->\n\
                   \n/close\n# done \u{202e} #1";

fn policies() -> Site {
    let site = Site::new();
    for (number, (id, checks)) in (1..).zip(POLICIES) {
        let text = format!(
            "id: {id}\ncode: TEST-{number}\ntitle: A call of {id}\nseverity: major\nenforcement: warn\n\
             confidence: likely\nlanguages: [java]\nobjective: What is sent twice is booked once.\n\
             rationale: It is booked twice.\nsuccess_criteria: It has a key.\nfailure_criteria: It has no key.\n\
             remedy: Give it a key.\nchecks:\n{checks}"
        );
        site.write(&format!("{id}.yaml"), &text);
    }
    site
}

fn says(entry: &Value) -> Saying {
    Saying::Answer("canaryOfThinking".to_owned(), json!({"answers": [entry]}).to_string())
}

fn answers(verdict: &str, quote: &str) -> Saying {
    let claim = json!({"kind": "other", "subject": "", "value": ""});
    says(&json!({"policy": "trust/retry", "verdict": verdict, "quote": quote, "claim": claim, "reason": WHY}))
}

fn dismisses(quote: &str) -> Saying {
    says(&json!({"finding": "F1", "verdict": "dismiss", "quote": quote, "reason": WHY}))
}

/// A bank whose gate wants every question answered, by this model.
fn opened(home: Home, model: &FakeModel, lines: &str) -> (Story, Site) {
    let policies = policies();
    let story = story(home)
        .with("review.require_model = true")
        .with("policies.builtin = false")
        .with(&format!("policies.folders = [{:?}]", policies.path()))
        .with("model.timeout_seconds = 5")
        .with("model.remote.idle_seconds = 1")
        .with(&format!(
            "model.remote.endpoints = [{{url = \"{}\", model = \"{}\", dialect = \"vllm\"}}]",
            model.url(),
            FakeModel::NAME
        ))
        .opens(ledger(lines));
    (story, policies)
}

/// Nothing of what the model said does anything, and nothing of what it thought is there.
#[track_caller]
fn is_inert(home: Home, story: &Story) {
    assert_eq!(story.forge.fired(FIRST), Vec::<String>::new(), "{home:?}");
    assert_eq!(story.forge.approved_by(FIRST), Vec::<String>::new(), "{home:?}");
    for comment in story.said() {
        let spoken = outside_code(&comment.text);
        for bad in ["@alice", "<img", "<script", "](http", "canaryOfThinking", "\n/", "\n# ", "\u{202e}"] {
            assert!(!spoken.contains(bad), "{home:?}: {bad}\n{spoken}");
        }
        assert_eq!(comment.text.matches("<!-- countersign:v1:").count(), 1, "{home:?}: {}", comment.text);
        assert_eq!(spoken.matches("<details>").count(), spoken.matches("</details>").count(), "{home:?}");
    }
}

#[test]
fn a_merge_request_is_told_what_the_model_did_and_why() {
    for home in Home::FORGES {
        let model = FakeModel::start([
            answers("breach", "client.retry(call)"),
            dismisses("client.probe(ping)"),
            answers("unclear", ""),
        ]);
        let (story, _policies) = opened(home, &model, "        client.retry(call);\n");
        let inline = story.inline();
        assert_eq!(inline.len(), 1, "{home:?}: {}", story.told());
        assert!(
            inline[0].text.contains("Judged by the model, quote verified"),
            "{home:?}: {}",
            inline[0].text
        );
        assert!(inline[0].text.contains("canaryOfWhy"), "{home:?}: {}", inline[0].text);
        let summary = story.summary().expect("a summary");
        assert!(summary.contains("1 question asked, 1 answered, 340 tokens"), "{home:?}: {summary}");
        assert_eq!(story.light(), Light::Green, "{home:?}: {}", story.told());
        is_inert(home, &story);

        story.pushes(ledger("        client.probe(ping);\n"));
        let summary = story.summary().expect("a summary");
        assert!(summary.contains("1 finding that the model dismissed"), "{home:?}: {summary}");
        assert!(summary.contains("`trust/probe` `core/Ledger.java:3`: “canaryOfWhy"), "{home:?}: {summary}");
        is_inert(home, &story);

        story.pushes(ledger("        client.retry(other);\n"));
        let summary = story.summary().expect("a summary");
        let reason = "1 question has no answer, and all must be answered here";
        assert!(summary.contains(reason) && story.reason().contains(reason), "{home:?}: {}", story.told());
        let open = "- `trust/retry` `core/Ledger.java:2`: the code does not decide it";
        assert!(summary.contains(open), "{home:?}: {summary}");
        assert_eq!(story.light(), Light::Red, "{home:?}: {}", story.told());
        is_inert(home, &story);
    }
}

#[test]
fn without_a_model_one_calm_line_says_what_was_not_asked() {
    for home in Home::FORGES {
        let policies = policies();
        let story = story(home)
            .with("policies.builtin = false")
            .with(&format!("policies.folders = [{:?}]", policies.path()))
            .opens(ledger("        client.retry(call);\n        client.probe(ping);\n"));
        let summary = story.summary().expect("a summary");
        let line = "- **Model**: 1 question was not asked: no model is configured\n";
        assert!(summary.contains(line), "{home:?}: {summary}");
        assert_eq!(summary.matches("question").count(), 1, "{home:?}: {summary}");
    }
}
