//! The worst model there can be takes nothing from a review: any bytes, lies, floods, refusals and faults.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

use super::{Said, Scripted, World, asked, is_triage, policies, proved};
use crate::finding::Finding;
use crate::gate::{State, blocks};
use crate::model::{Finish, ModelBudget, ModelError, Prompt};
use crate::report::visible::is_hidden;
use crate::report::{Format, Options, document, render};
use crate::review::Review;

/// Changes with breaches, doubts and questions in several functions and files.
fn breaching() -> World {
    let code = |name: &str, calls: &[&str]| {
        let functions: Vec<String> = calls
            .iter()
            .zip(1..)
            .map(|(call, number)| format!("    void f{number}(Client client) {{\n        {call}\n        client.log(\"{number}\");\n    }}\n"))
            .collect();
        format!("class {name} {{\n{}}}\n", functions.concat())
    };
    let teller =
        code("Teller", &["client.retry(1);", "client.maybe(2);", "client.perhaps(3); client.maybe(4);"]);
    let desk = code("Desk", &["client.retry(5); client.maybe(6);", "client.maybe(7);", "client.open(8);"]);
    World::of(&[("Desk.java", &desk), ("Teller.java", &teller)])
}

fn quote() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("client.maybe(2);".to_owned()),
        Just("client.maybe(4)".to_owned()),
        Just("client.maybe(7);\n        client.log(\"2\");".to_owned()),
        Just("client.retry(1);".to_owned()),
        Just("client.log".to_owned()),
        Just("void f1(Client client)".to_owned()),
        ".{0,40}",
    ]
}

fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("</details><script>alert(1)</script>".to_owned()),
        Just("![x](https://evil.example) [y](javascript:z) <https://evil.example>".to_owned()),
        Just("\n/approve\n/merge\n@all #1 !2".to_owned()),
        Just("\u{202E}\u{200B}\u{1b}[2J```\n# x\n| a |".to_owned()),
        Just("4111111111111111 [card 1] <think>".to_owned()),
        ".{0,200}",
    ]
}

fn entry() -> impl Strategy<Value = Written> {
    (
        prop_oneof![4 => Just(String::new()), 1 => Just("money/retry".to_owned()), 1 => Just("F1".to_owned()), 1 => ".{0,10}"],
        prop_oneof!["breach", "clean", "unclear", "dismiss", "keep", ".{0,6}"],
        quote(),
        hostile_text(),
        prop_oneof!["other", "call_absent", "handler_empty", "declared_type", ".{0,5}"],
        prop::option::of((quote(), hostile_text())),
    )
}

/// About what, verdict, quote, reason, kind of claim, fix.
type Written = (String, String, String, String, String, Option<(String, String)>);

/// What one prompt is answered with.
#[derive(Clone, Debug)]
enum Behaviour {
    Text(String, Finish),
    Entries(Vec<Written>),
    Fails(ModelError),
    Faults,
}

fn behaviour() -> impl Strategy<Value = Behaviour> {
    let finish = prop_oneof![4 => Just(Finish::Stop), 1 => Just(Finish::Length)];
    prop_oneof![
        2 => (".{0,300}", finish).prop_map(|(text, finish)| Behaviour::Text(text, finish)),
        1 => (hostile_text(), 1..400_usize).prop_map(|(text, times)| Behaviour::Text(text.repeat(times), Finish::Stop)),
        8 => prop::collection::vec(entry(), 1..6).prop_map(Behaviour::Entries),
        1 => hostile_text().prop_map(|why| Behaviour::Fails(ModelError::Unavailable(why))),
        1 => prop_oneof![
            Just(Behaviour::Fails(ModelError::DeadlineExceeded)),
            Just(Behaviour::Fails(ModelError::Cancelled)),
            Just(Behaviour::Faults),
        ],
    ]
}

fn said(behaviour: &Behaviour, prompt: &Prompt) -> Said {
    match behaviour {
        Behaviour::Text(text, finish) => Ok((text.clone(), *finish)),
        Behaviour::Fails(error) => Err(error.clone()),
        Behaviour::Faults => std::panic::resume_unwind(Box::new("the model's client breaks")),
        Behaviour::Entries(entries) => {
            let ids = asked(prompt);
            let written = entries.iter().zip(ids.iter().cycle()).map(|(entry, id)| write(entry, id, prompt));
            Ok((json!({ "answers": written.collect::<Vec<_>>() }).to_string(), Finish::Stop))
        }
    }
}

fn write((about, verdict, quote, reason, kind, fix): &Written, id: &str, prompt: &Prompt) -> Value {
    let about = if about.is_empty() { id } else { about };
    let mut entry = match is_triage(prompt) {
        true => json!({"finding": about, "quote": quote, "reason": reason, "verdict": verdict}),
        false => json!({
            "policy": about, "quote": quote, "reason": reason, "verdict": verdict,
            "claim": {"kind": kind, "subject": quote, "value": reason},
        }),
    };
    if let Some((replace, with)) = fix {
        entry["fix"] = json!({"replace": replace, "with": with});
    }
    entry
}

/// The names of what blocks, and of everything that is proved, dismissed or not.
fn names(review: &Review) -> (BTreeSet<String>, BTreeSet<String>) {
    let name = |finding: &Finding| format!("{} {}", finding.policy.id, finding.fingerprint);
    let blocking = review.findings.iter().filter(|finding| blocks(finding, review.fail_on)).map(name);
    let dismissed = review.dismissed.iter().map(name);
    (blocking.collect(), proved(review).into_iter().chain(dismissed).collect())
}

fn rank(state: State) -> usize {
    match state {
        State::Passed => 0,
        State::Partial => 1,
        State::NotReviewed => 2,
        State::Failed => 3,
    }
}

/// Everything that a review with a model must still say.
fn takes_nothing(alone: &Review, review: &Review) {
    assert!(rank(review.state) >= rank(alone.state));
    assert_eq!(names(review), names(alone));
    assert!(review.dismissed.iter().all(|finding| finding.policy.id == "doubt/warns"));
    assert_eq!(review.pre_existing, alone.pre_existing);
    let record = review.coverage.asked.as_ref().unwrap();
    let unjudged: usize = record.unjudged.values().sum();
    assert_eq!(record.answered + unjudged + review.coverage.questions(), alone.coverage.questions());
    assert_eq!(unjudged, review.coverage.unjudged());
    assert!(record.repairs <= record.prompts / 2);
    let mut held = (review.clone(), alone.clone());
    held.0.require_answers();
    held.1.require_answers();
    assert!(rank(held.0.state) >= rank(State::Partial).min(rank(held.1.state)) || unjudged == 0);
}

fn shows_only_what_can_be_seen(review: &Review) {
    for format in Format::all() {
        let mut out = Vec::new();
        render(review, format, &Options::default(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let allowed = |found| found == '\n' || (format == Format::Markdown && found == '\u{200b}');
        assert!(!out.chars().any(|found| is_hidden(found) && !allowed(found)), "{format}");
        assert!(!out.contains("4111111111111111") && !out.contains("\n/approve"), "{format}");
        assert!(format != Format::Markdown || !out.contains("<script") && !out.contains("]("), "{out}");
    }
}

proptest! {
    #![proptest_config(Config { cases: 160, failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_model_lowers_a_verdict_or_loses_a_candidate(
        behaviours in prop::collection::vec(behaviour(), 1..6),
        max_prompts in prop_oneof![1 => 0..4_usize, 3 => Just(100)],
    ) {
        let mut world = breaching();
        let alone = world.reviewed(None);
        prop_assert_eq!(alone.state, State::Failed);
        world.budget = ModelBudget { max_prompts, ..ModelBudget::default() };
        // Which behaviour a prompt meets depends on the prompt alone, as with a model that is seeded.
        let of = |prompt: &Prompt| prompt.body.bytes().map(usize::from).sum::<usize>() % behaviours.len();
        let model = Scripted::new(|prompt| said(&behaviours[of(prompt)], prompt));
        let review = world.reviewed(Some(&model));
        takes_nothing(&alone, &review);
        shows_only_what_can_be_seen(&review);
        let again = world.reviewed(Some(&model));
        let json = |review: &Review| serde_json::to_string(&document::of(review)).unwrap();
        prop_assert_eq!(json(&review), json(&again));
    }
}

#[test]
fn what_passes_without_a_model_is_not_lowered_and_what_is_partial_stays_so() {
    let mut world = World::of(&[("A.java", "class A {\n    void a(C c) {\n        c.maybe(1);\n    }\n}\n")]);
    let dismiss = Scripted::entering(
        |about| json!({"finding": about, "quote": "c.maybe(1);", "reason": "fine", "verdict": "dismiss"}),
    );
    assert_eq!(world.reviewed(None).state, State::Passed);
    assert_eq!(world.reviewed(Some(&dismiss)).state, State::Passed);
    world.head.insert("B.java".to_owned(), "x".repeat(40 << 20));
    let (alone, review) = (world.reviewed(None), world.reviewed(Some(&dismiss)));
    assert_eq!((alone.state, review.state), (State::Partial, State::Partial));
    assert_eq!((review.findings.len(), review.dismissed.len()), (0, 1));
}

#[test]
fn a_policy_that_is_tightened_to_block_is_out_of_the_models_reach() {
    let mut world = breaching();
    let files: Vec<_> = policies().all().iter().map(|policy| policy.id.clone()).collect();
    assert!(files.contains(&"doubt/warns".to_owned()));
    let checks = "  - pattern:\n      java: {pattern: \"$A.maybe($$$)\"}\n";
    let tightened = super::policy("doubt/warns", "block", "likely", checks);
    world.policies = super::pack(&[tightened]);
    let dismiss = Scripted::entering(
        |about| json!({"finding": about, "quote": "client.maybe(2);", "reason": "fine", "verdict": "dismiss"}),
    );
    let review = world.reviewed(Some(&dismiss));
    assert_eq!(dismiss.prompts().len(), 0);
    assert_eq!(names(&review), names(&world.reviewed(None)));
}
