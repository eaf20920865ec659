//! Which replacements of a model become suggestions.

use serde_json::{Value, json};

use super::{Scripted, World, answer, asked, breach, told};
use crate::model::{Finish, ModelBudget};
use crate::review::asked::Rejection;

const CODE: &str = "class A {
    void b(Client client) {
        client.retry(1);
        client.maybe(2);
    }
}
";

fn mending(policy: &str, replace: &str, with: &str) -> Value {
    let mut entry = breach(policy, "client.retry(1)");
    entry["fix"] = json!({"replace": replace, "with": with});
    entry
}

/// A model that answers with entries where it sees `code`, and calls everything else clean.
fn seeing<'a>(code: &'a str, entry: impl Fn(&str) -> Value + Sync + 'a) -> Scripted<'a> {
    Scripted::new(move |prompt| {
        let sees = prompt.body.contains(code);
        let entries = asked(prompt);
        let entries =
            entries.iter().map(|about| if sees { entry(about) } else { answer(about, "clean", "") });
        Ok((json!({ "answers": entries.collect::<Vec<_>>() }).to_string(), Finish::Stop))
    })
}

/// The replacement offered, and how many were thrown away.
fn offered(replace: &str, with: &str) -> (Option<String>, usize) {
    let world = World::of(&[("A.java", CODE)]);
    let model = seeing("client.retry(1)", move |about: &str| match about {
        "F1" => json!({"finding": "F1", "quote": "", "reason": "", "verdict": "keep"}),
        policy => mending(policy, replace, with),
    });
    let review = world.reviewed(Some(&model));
    assert_eq!(told(&review).len(), 2);
    let fix = review.findings.iter().find(|finding| finding.policy.id == "trust/lock").unwrap().fix.clone();
    let rejected = review.coverage.asked.unwrap().rejected.get(&Rejection::FixUnproved).copied();
    (fix.map(|fix| fix.replacement), rejected.unwrap_or(0))
}

#[test]
fn a_small_replacement_that_parses_and_brings_nothing_is_offered() {
    assert_eq!(offered("client.retry(1)", "client.once(1)"), (Some("client.once(1)".to_owned()), 0));
    let (replace, with) =
        ("client.retry(1);\n        client.maybe(2);", "client.once(1);\n        client.maybe(2);");
    assert_eq!(offered(replace, with), (Some("client.once(1);\n".to_owned()), 0));
}

#[test]
fn any_other_replacement_is_thrown_away() {
    for (replace, with) in [
        ("client.retry(1)", "client.once(1"),
        ("client.retry(1)", "client.retry(1)"),
        ("client.retry(1)", "client.perhaps(1)"),
        ("client.maybe(2)", "client.never(2)"),
        ("client.other(1)", "client.once(1)"),
        ("client", "other"),
        ("client.retry(1)", "client.once(\"[card 1]\")"),
        ("client.retry(1)", "client.once(\"\u{202E}\")"),
        ("client.retry(1)", "client.once(\"<think>\")"),
    ] {
        assert_eq!(offered(replace, with), (None, 2), "{with}");
    }
    assert_eq!(offered("client.retry(1)", &"x();\n".repeat(30)), (None, 2));
}

#[test]
fn a_replacement_in_which_the_model_still_sees_a_breach_or_may_not_be_asked_is_none() {
    let once = |about: &str| match about {
        "F1" => json!({"finding": "F1", "quote": "", "reason": "", "verdict": "keep"}),
        policy => mending(policy, "client.retry(1)", "client.once(1)"),
    };
    for (sees, max_prompts) in [("client", 100), ("client.retry(1)", 3)] {
        let budget = ModelBudget { max_prompts, ..ModelBudget::default() };
        let world = World { budget, ..World::of(&[("A.java", CODE)]) };
        let review = world.reviewed(Some(&seeing(sees, once)));
        assert_eq!(told(&review).len(), 2);
        let fixes = review.findings.iter().filter(|finding| finding.fix.is_some()).count();
        // With three prompts two are spent on questions and doubts, and one is left for one of two fixes.
        assert_eq!(fixes, usize::from(max_prompts == 3), "{sees}");
    }
}

#[test]
fn a_finding_that_is_kept_has_a_fix_only_if_the_check_finds_it_no_more() {
    for (with, is_offered) in
        [("client.surely(2)", true), ("client.maybe(3)", false), ("client.perhaps(2)", false)]
    {
        let world = World::of(&[("A.java", CODE)]);
        let model = Scripted::entering(|about| match about {
            "F1" => json!({
                "finding": "F1", "quote": "", "reason": "", "verdict": "keep",
                "fix": {"replace": "client.maybe(2)", "with": with},
            }),
            policy => answer(policy, "clean", ""),
        });
        let review = world.reviewed(Some(&model));
        let found = review.findings.iter().find(|finding| finding.policy.id == "doubt/warns").unwrap();
        assert_eq!(found.fix.is_some(), is_offered, "{with}");
    }
}
