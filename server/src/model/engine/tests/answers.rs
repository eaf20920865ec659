//! From thinking to a bound answer: what the model says, and what is told of it.

use serde_json::json;

use super::fake::{CLOSE, END, OPEN, USER, alone, prompt, request, scripted, spell};
use crate::model::generate::{Finish, Request, Thinking};

fn ask() -> Request {
    request(prompt(1, 10))
}

fn say(parts: &[&[u32]]) -> Vec<u32> {
    parts.concat()
}

#[test]
fn thinking_and_answer_are_told_apart_by_the_tag() {
    let script = say(&[&spell("hm"), &[CLOSE], &spell("x"), &spell("yes"), &[END]]);
    let (_, outcome) = scripted(ask(), script);
    // The newlines behind the tag are forced, so the script's next word is not heard.
    assert_eq!((&*outcome.thinking, &*outcome.answer), ("hm", "yes"));
    let summary = outcome.summary();
    assert_eq!((summary.usage.thinking, summary.usage.answer), (4, 3));
    assert_eq!((summary.finish, summary.is_thinking_cut), (Finish::Stop, false));
}

#[test]
fn the_text_of_the_tag_is_not_the_tag() {
    let script = say(&[&spell("a</think>b"), &[CLOSE, 0], &spell("c"), &[END]]);
    let (_, outcome) = scripted(ask(), script);
    assert_eq!((&*outcome.thinking, &*outcome.answer), ("a</think>b", "c"));
}

#[test]
fn an_end_within_the_thinking_still_leads_to_an_answer() {
    let script = say(&[&spell("hm"), &[END, 0], &spell("so"), &[END]]);
    let (_, outcome) = scripted(ask(), script);
    assert_eq!((&*outcome.thinking, &*outcome.answer), ("hm", "so"));
    assert!(!outcome.summary().is_thinking_cut);
}

#[test]
fn a_used_up_budget_and_circles_force_the_tag() {
    let mut short = ask();
    short.thinking = Some(Thinking { max_tokens: 3 });
    let (_, outcome) = scripted(short, say(&[&spell("abcd"), &[0], &spell("no"), &[END]]));
    assert_eq!((&*outcome.thinking, &*outcome.answer), ("abc", "no"));
    assert!(outcome.summary().is_thinking_cut);
    let mut endless = ask();
    endless.thinking = Some(Thinking { max_tokens: 1500 });
    let (_, outcome) = scripted(endless, spell(&"wait, ".repeat(300)));
    assert!(outcome.summary().is_thinking_cut && outcome.thinking.len() < 100);
}

#[test]
fn a_budget_does_not_cut_a_character() {
    let mut short = ask();
    short.thinking = Some(Thinking { max_tokens: 2 });
    let (_, outcome) = scripted(short, say(&[&spell("a€"), &[0, 0], &spell("b"), &[END]]));
    assert_eq!((&*outcome.thinking, &*outcome.answer), ("a€", "b"));
}

#[test]
fn half_a_character_of_the_thinking_does_not_reach_the_answer() {
    let (_, outcome) = scripted(ask(), say(&[&spell("a€")[..2], &[CLOSE, 0], &spell("b"), &[END]]));
    assert_eq!((&*outcome.thinking, &*outcome.answer), ("a", "b"));
}

#[test]
fn tokens_with_a_meaning_are_never_said() {
    let mut direct = ask();
    direct.thinking = None;
    direct.sampling.temperature = 0.0;
    let (_, outcome) = scripted(direct, [OPEN, USER, CLOSE, 97, END]);
    assert_eq!(outcome.answer.chars().last(), Some('a'));
    assert_eq!(outcome.summary().usage.answer, 4);
}

#[test]
fn the_schema_binds_every_token_from_the_first() {
    let schema = json!({"type": "object", "properties": {"verdict": {"enum": ["breach", "clean"]},
        "lines": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 99}, "maxItems": 3},
        "quote": {"type": "string", "maxLength": 20}},
        "required": ["verdict", "lines", "quote"], "additionalProperties": false});
    let validator = jsonschema::validator_for(&schema).unwrap();
    for seed in 0..20 {
        let mut bound = ask();
        bound.sampling.seed = seed;
        bound.thinking = Some(Thinking { max_tokens: seed as u32 });
        bound.schema = Some(schema.clone());
        bound.max_answer_tokens = 200;
        let outcome = alone(bound);
        let answer = serde_json::from_str(&outcome.answer).unwrap_or_else(|_| panic!("{}", outcome.answer));
        assert!(validator.is_valid(&answer), "{answer}");
        assert_eq!(outcome.summary().finish, Finish::Stop);
    }
}

#[test]
fn what_the_schema_leaves_no_choice_about_is_not_computed_step_by_step() {
    let mut bound = ask();
    bound.thinking = None;
    bound.schema = Some(json!({"const": {"verdict": "the only one that there is"}}));
    let outcome = alone(bound.clone());
    assert_eq!(outcome.answer, r#"{"verdict": "the only one that there is"}"#);
    bound.max_answer_tokens = 5;
    let outcome = alone(bound);
    assert_eq!((outcome.summary().finish, outcome.summary().usage.answer), (Finish::Length, 5));
}

#[test]
fn stop_texts_end_an_answer_across_tokens_and_are_held_back() {
    let mut direct = ask();
    direct.thinking = None;
    direct.stop = vec!["END".to_owned(), "\n\n".to_owned()];
    let (pieces, outcome) = scripted(direct.clone(), spell("aENbEND tail"));
    assert_eq!((&*outcome.answer, outcome.summary().finish), ("aENb", Finish::Stop));
    assert_eq!(pieces, ["a", "ENb"]);
    let (_, outcome) = scripted(direct, say(&[&spell("aEN"), &[END]]));
    assert_eq!(outcome.answer, "aEN");
}

#[test]
fn characters_are_told_whole() {
    let mut direct = ask();
    direct.thinking = None;
    direct.max_answer_tokens = 9;
    let (pieces, outcome) = scripted(direct, spell("ß€😀€"));
    assert_eq!(pieces, ["ß", "€", "😀"]);
    assert_eq!(outcome.summary().finish, Finish::Length);
}
