//! What an answer must look like, the one second try, what is counted, and the budget.

use serde_json::json;

use super::{Scripted, World, answer, asked, breach, proved, teller, told};
use crate::gate::{State, blocks};
use crate::model::{Finish, ModelBudget, ModelError};
use crate::review::asked::{Rejection, Unjudged};

/// The model's answer is worth nothing, and the record says why.
fn is_unjudged(model: &Scripted<'_>, reason: Unjudged) {
    let review = teller().reviewed(Some(model));
    assert_eq!(told(&review), []);
    assert_eq!(review.coverage.unjudged(), 2, "{:?}", review.coverage);
    assert_eq!(review.coverage.questions(), 0);
    let asked = review.coverage.asked.unwrap();
    assert_eq!(asked.unjudged.into_iter().collect::<Vec<_>>(), [(reason, 2)]);
    assert_eq!((asked.questions, asked.answered, asked.open.len()), (2, 0, 2));
}

#[test]
fn a_breach_with_a_good_quote_is_a_finding_that_never_blocks() {
    let model = Scripted::entering(|policy| breach(policy, "double amount = 1;"));
    let review = teller().reviewed(Some(&model));
    assert_eq!(told(&review), [("trust/lock", 3), ("trust/retry", 3)]);
    let found = review.findings.iter().find(|finding| finding.policy.id == "trust/lock").unwrap();
    assert!(!blocks(found, review.fail_on));
    assert_eq!(found.why.as_deref(), Some("so it is"));
    let asked = review.coverage.asked.unwrap();
    assert_eq!((asked.prompts, asked.repairs, asked.questions, asked.answered), (1, 0, 2, 2));
    assert_eq!(
        (asked.tokens.prompt, asked.tokens.cached, asked.tokens.thinking, asked.tokens.answer),
        (100, 60, 10, 5)
    );
}

#[test]
fn what_is_not_the_form_is_no_answer() {
    let form = |entries: serde_json::Value| json!({ "answers": entries }).to_string();
    let good = answer("trust/retry", "clean", "");
    let mut extra = answer("trust/lock", "clean", "");
    extra["confidence"] = json!(1);
    for text in [
        "no".to_owned(),
        String::new(),
        format!("<think>{}</think>", form(json!([good, answer("trust/lock", "clean", "")]))),
        format!("{} {{}}", form(json!([]))),
        form(json!([])),
        form(json!([good, extra])),
        form(json!([good, good, good]).clone()).replace("trust/retry", "trust/other"),
        form(json!([answer("trust/retry", "fine", ""), answer("trust/lock", "fine", "")])),
        "x".repeat(100_000),
        "[".repeat(60_000),
    ] {
        is_unjudged(&Scripted::saying(&text), Unjudged::Malformed);
    }
    is_unjudged(&Scripted::entering(|policy| answer(policy, "unclear", "")), Unjudged::Unclear);
    is_unjudged(&Scripted::new(|_| Ok((String::new(), Finish::Length))), Unjudged::Truncated);
}

#[test]
fn a_cut_off_answer_is_none_even_if_it_reads_well() {
    let model = Scripted::new(|prompt| {
        let entries: Vec<_> = asked(prompt).iter().map(|policy| answer(policy, "clean", "")).collect();
        Ok((json!({ "answers": entries }).to_string(), Finish::Length))
    });
    is_unjudged(&model, Unjudged::Truncated);
}

#[test]
fn an_entry_given_twice_or_for_something_else_counts_for_nothing() {
    let model = Scripted::new(|_| {
        let entries = [
            answer("trust/lock", "clean", ""),
            breach("trust/lock", "double amount = 1;"),
            breach("money/retry", "double amount = 1;"),
            answer("trust/retry", "clean", ""),
        ];
        Ok((json!({ "answers": entries }).to_string(), Finish::Stop))
    });
    let review = teller().reviewed(Some(&model));
    assert_eq!(told(&review), []);
    let asked = review.coverage.asked.unwrap();
    assert_eq!((asked.answered, asked.unjudged[&Unjudged::Malformed]), (1, 1));
    // In both rounds one entry for money/retry, in the second one for trust/retry too, which was settled.
    assert_eq!(asked.rejected[&Rejection::NotAsked], 3);
}

#[test]
fn a_model_that_is_down_leaves_questions_unjudged_and_no_model_leaves_them_unasked() {
    let down = |error: ModelError| Scripted::new(move |_| Err(error.clone()));
    is_unjudged(&down(ModelError::Unavailable("down".to_owned())), Unjudged::Unavailable);
    is_unjudged(&down(ModelError::DeadlineExceeded), Unjudged::DeadlineExceeded);
    is_unjudged(&down(ModelError::Cancelled), Unjudged::Cancelled);
    is_unjudged(&down(ModelError::Refused("long".to_owned())), Unjudged::Refused);
    is_unjudged(&Scripted::new(|_| std::panic::resume_unwind(Box::new("a fault"))), Unjudged::Unavailable);
    let alone = teller().reviewed(None);
    assert_eq!((alone.coverage.questions(), alone.coverage.unjudged()), (2, 0));
    assert_eq!(alone.coverage.asked, None);
}

#[test]
fn whoever_requires_answers_has_not_passed_without_them() {
    let world = teller();
    let clean = Scripted::entering(|policy| answer(policy, "clean", ""));
    let unclear = Scripted::entering(|policy| answer(policy, "unclear", ""));
    let none = World { budget: ModelBudget { max_prompts: 0, ..ModelBudget::default() }, ..teller() };
    for (world, model, state) in [
        (&world, Some(&clean), State::Passed),
        (&world, Some(&unclear), State::Partial),
        (&world, None, State::Partial),
        (&none, Some(&clean), State::Partial),
    ] {
        let mut review = world.reviewed(model.map(|model| model as _));
        review.state = State::Passed;
        review.require_answers();
        assert_eq!(review.state, state);
    }
}

#[test]
fn what_was_wrong_is_said_once_and_only_what_is_open_is_asked_again() {
    let model = Scripted::new(|prompt| {
        let again = prompt.body.contains("was not accepted");
        let entry = |policy: &String| match (policy.as_str(), again) {
            ("trust/retry", false) => breach(policy, "amount"),
            ("trust/retry", true) => breach(policy, "double amount"),
            _ => answer(policy, "clean", ""),
        };
        let entries: Vec<_> = asked(prompt).iter().map(entry).collect();
        Ok((json!({ "answers": entries }).to_string(), Finish::Stop))
    });
    let review = teller().reviewed(Some(&model));
    assert_eq!(told(&review), [("trust/retry", 3)]);
    let prompts = model.prompts();
    assert_eq!(prompts.len(), 2);
    assert_eq!(prompts[0].prefix, prompts[1].prefix);
    assert!(prompts[1].body.starts_with(&prompts[0].body));
    assert_eq!(asked(&prompts[1]), ["trust/retry"]);
    assert!(prompts[1].body.contains("trust/retry: the quote stands there more than once"));
    let record = review.coverage.asked.unwrap();
    assert_eq!((record.prompts, record.repairs, record.rejected[&Rejection::QuoteAmbiguous]), (2, 1, 1));
}

#[test]
fn a_budget_is_spent_on_the_worst_first_and_what_is_left_is_named() {
    let body = |number: usize| TELLER_OF.replace("Teller", &format!("Teller{number}"));
    let texts: Vec<(String, String)> =
        (1..=3).map(|number| (format!("Teller{number}.java"), body(number))).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let clean = Scripted::entering(|policy| answer(policy, "clean", ""));
    let of = |budget: ModelBudget| World { budget, ..World::of(&files) }.reviewed(Some(&clean));
    let two = of(ModelBudget { max_prompts: 2, ..ModelBudget::default() });
    let record = two.coverage.asked.clone().unwrap();
    assert_eq!((record.prompts, two.coverage.questions(), two.coverage.unjudged()), (2, 2, 0));
    let open: Vec<_> =
        record.open.iter().map(|open| (open.path.as_str(), open.policy.as_str(), open.reason)).collect();
    assert_eq!(open, [("Teller3.java", "trust/lock", None), ("Teller3.java", "trust/retry", None)]);
    let few = of(ModelBudget { max_tokens: 9_000, ..ModelBudget::default() });
    assert_eq!((few.coverage.asked.as_ref().unwrap().prompts, few.coverage.questions()), (1, 4));
    assert_eq!(proved(&two), proved(&of(ModelBudget::default())));
}

const TELLER_OF: &str =
    "class Teller {\n    void book(Client client) {\n        client.retry(1);\n    }\n}\n";
