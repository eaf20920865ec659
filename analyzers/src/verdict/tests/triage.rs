//! What a model may dismiss, and how that is shown.

use serde_json::{Value, json};

use super::{Scripted, World, is_triage, proved};
use crate::finding::Origin;
use crate::gate::State;
use crate::report::document;
use crate::review::asked::Rejection;

const DOUBTFUL: &str = "class Teller {
    void book(Client client) {
        client.maybe(1);
        client.perhaps(2);
    }
}
";

fn doubtful() -> World {
    World::of(&[("Teller.java", DOUBTFUL)])
}

fn triage(finding: &str, verdict: &str, quote: &str) -> Value {
    json!({"finding": finding, "quote": quote, "reason": "a [b](http://c) @all", "verdict": verdict})
}

#[test]
fn a_finding_in_doubt_is_dismissed_with_a_quote_and_still_shown() {
    let model = Scripted::entering(|finding| triage(finding, "dismiss", "void book(Client client)"));
    let (alone, review) = (doubtful().reviewed(None), doubtful().reviewed(Some(&model)));
    let prompts = model.prompts();
    assert_eq!(prompts.len(), 1);
    assert!(is_triage(&prompts[0]) && prompts[0].body.contains("F1: doubt/warns"), "{}", prompts[0].body);
    assert_eq!(alone.findings.len(), 2);
    assert_eq!((review.findings.len(), review.dismissed.len()), (1, 1));
    let dismissed = &review.dismissed[0];
    assert_eq!((dismissed.policy.id.as_str(), dismissed.origin), ("doubt/warns", Origin::Introduced));
    assert!(alone.findings.iter().any(|finding| finding.fingerprint == dismissed.fingerprint));
    assert_eq!((alone.state, review.state), (State::Failed, State::Failed));
    let document = document::of(&review);
    assert_eq!(document.dismissed[0].why.as_deref(), Some("a [b](http://c) @all"));
    assert_eq!((document.findings.len(), document.blocking), (1, 1));
}

#[test]
fn what_blocks_or_is_certain_is_never_given_to_the_model() {
    let code = "class A {\n    void b(Client client) {\n        client.retry(1);\n        client.perhaps(2);\n    }\n}\n";
    let world = World::of(&[("A.java", code)]);
    let model = Scripted::entering(|about| triage(about, "dismiss", "void b(Client client)"));
    let review = world.reviewed(Some(&model));
    assert!(model.prompts().iter().all(|prompt| !is_triage(prompt)));
    assert_eq!(proved(&review), proved(&world.reviewed(None)));
    assert_eq!(review.dismissed.len(), 0);
}

#[test]
fn a_dismissal_without_a_quote_from_the_function_is_none() {
    for quote in ["", "x", "client.maybe(2)", "class Teller", "client"] {
        let model = Scripted::entering(|finding| triage(finding, "dismiss", quote));
        let review = doubtful().reviewed(Some(&model));
        assert_eq!((review.findings.len(), review.dismissed.len()), (2, 0), "{quote}");
        let rejected = review.coverage.asked.unwrap().rejected;
        assert_eq!(rejected.values().sum::<usize>(), 2, "{quote}");
        assert!(!rejected.contains_key(&Rejection::Malformed));
    }
    for verdict in ["keep", "unclear"] {
        let model = Scripted::entering(|finding| triage(finding, verdict, "client.maybe(1)"));
        assert_eq!(doubtful().reviewed(Some(&model)).findings.len(), 2);
    }
}

#[test]
fn a_finding_that_stands_for_another_is_not_in_doubt() {
    let mut world = World::of(&[("A.java", "class A {\n    void b(C c) {\n        c.maybe(1);\n    }\n}\n")]);
    let rule = |id: &str, confidence: &str, supersedes: &str| {
        let checks = "  - pattern:\n      java: {pattern: \"$A.maybe($$$)\"}\n";
        let mut file = super::policy(id, "warn", confidence, checks);
        file.text = file.text.replace("objective:", &format!("supersedes: [{supersedes}]\nobjective:"));
        file
    };
    let files = [rule("doubt/over", "likely", "doubt/under"), rule("doubt/under", "certain", "")];
    world.policies = super::pack(&files);
    let model = Scripted::entering(|finding| triage(finding, "dismiss", "void b(C c)"));
    let review = world.reviewed(Some(&model));
    assert_eq!((review.findings.len(), review.dismissed.len(), model.prompts().len()), (1, 0, 0));
}
