//! Bounds on the work of a parse, and what is said of code that is not understood.

use std::cell::Cell;

use grammars::Language::*;
use grammars::{ParseBudget, ParseError, SyntaxTree};

use crate::{clean, parse, place};

#[test]
fn each_bound_is_named_when_hit() {
    let text = format!("class A {{ int a = {}1; }}", "1+".repeat(20_000));
    let with = |budget| SyntaxTree::parse(text.clone(), Java, budget).err();
    let budget = ParseBudget::default();
    assert_eq!(
        with(ParseBudget { max_bytes: 10, ..budget }),
        Some(ParseError::TooLarge { bytes: text.len(), limit: 10 })
    );
    assert!(matches!(with(ParseBudget { max_steps: 5, ..budget }), Some(ParseError::TooMuchWork { .. })));
    assert_eq!(with(budget), Some(ParseError::TooDeep { limit: budget.max_depth }));
    assert_eq!(with(ParseBudget { max_depth: 50_000, ..budget }), None);
    assert_eq!(SyntaxTree::parse(String::new(), Jcl, budget).err(), Some(ParseError::NoGrammar(Jcl)));
}

#[test]
fn a_caller_can_cancel_and_parse_meanwhile() {
    let text = "class A { int a = 1; }\n".repeat(5_000);
    let asked = Cell::new(0);
    let cancelled = || {
        asked.set(asked.get() + 1);
        parse(Java, "class B {}");
        asked.get() > 3
    };
    let result = SyntaxTree::parse_unless(text, Java, ParseBudget::default(), &cancelled);
    assert!(matches!(result, Err(ParseError::TooMuchWork { .. })));
    assert_eq!(asked.get(), 4);
    clean(Java, "class A {}");
}

#[test]
fn what_is_not_understood_is_told_by_range() {
    let text = "class A {\n  void f() { a(); }\n  ??? !!\n  void g() { b(); }\n}\n";
    let tree = parse(Java, text);
    assert_eq!(tree.errors().into_iter().map(|range| &text[range]).collect::<Vec<_>>(), ["??? !!"]);
    assert_eq!(tree.error_share(place(text, "??? !!")), 1.0);
    assert_eq!(tree.error_share(place(text, "b();")), 0.0);
    assert_eq!(tree.error_share(place(text, "a(); }\n  ??? ")), 3.0 / 8.0);
}

#[test]
fn what_is_missing_is_the_byte_before() {
    let text = "class A { int a = 1 }\n";
    let errors = parse(Java, text).errors();
    assert_eq!(errors.into_iter().map(|range| &text[range]).collect::<Vec<_>>(), ["1"]);
}

#[test]
fn trees_go_from_thread_to_thread() {
    fn check<T: Send + Sync>(_: &T) {}
    check(&parse(Java, "class A {}"));
}
