//! Work on policies: they are listed, shown, proved and checked.

use tests::Desk;

const POLICIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/policies");

/// A policy that misses its breach and reports its near miss.
const WRONG: &str = "id: money/own\ncode: OWN-1\ntitle: T\nseverity: major\nlanguages: [java]\nobjective: O\n\
                     rationale: R\nsuccess_criteria: S\nfailure_criteria: F\nremedy: M\nchecks:\n  - pattern:\n      \
                     java: {pattern: \"int $A = $B;\"}\n";
const WRONG_EXAMPLES: &str =
    "class A { void a() {\n// breach: money/own\nlong a = 1;\n// near-miss: no\nint b = 1;\n} }\n";

#[test]
fn policies_are_listed_for_people_and_machines() {
    let desk = Desk::new();
    let list = |more: &[&str]| {
        desk.run(&[&["policy", "list", "--no-builtin", "--policies", POLICIES], more].concat())
    };
    list(&[]).ends(0).reports("TEST-MONEY-1").reports("blocker, warns").reports("An amount is a double");
    list(&["--language", "cobol"]).ends(0).reports("TEST-MONEY-1").does_not_report("TEST-STYLE-1");
    list(&["--severity", "minor"]).ends(0).reports("TEST-STYLE-1").does_not_report("TEST-MONEY-1");
    list(&["--lang", "zh"]).ends(0).reports("金额是双精度数");
    let codes = list(&["--format", "json"]).json();
    assert_eq!(codes.as_array().map(Vec::len), Some(4));
    assert_eq!(codes[0]["code"], "TEST-MONEY-1");
    list(&["--language", "latin"]).ends(2).says("possible values: ");
}

#[test]
fn a_policy_is_shown_with_its_examples() {
    let desk = Desk::new();
    let show = |name: &str| desk.run(&["policy", "show", name, "--no-builtin", "--policies", POLICIES]);
    let shown = show("money/double-amount");
    shown.ends(0).reports("No amount is a binary").reports("Sums of such numbers drift").reports("NUM04-J");
    shown.reports("double amount = 1.5;").reports("double ratio = 1.5;").reports("cobol: 1 text rule");
    show("test-trust-1").ends(0).reports("Is the retried call safe");
    show("money/nonesuch").ends(2).says("no policy `money/nonesuch`").says("policy list");
    desk.run(&["policy", "show", "TEST-MONEY-1", "--lang", "zh", "--no-builtin", "--policies", POLICIES])
        .ends(0)
        .reports("使用 BigDecimal");
}

#[test]
fn the_built_in_policies_are_in_order() {
    let desk = Desk::new();
    desk.run(&["policy", "test"]).ends(0).reports(" 0 missing, 0 noisy");
    desk.run(&["policy", "check"]).ends(0).reports("in order: ");
}

#[test]
fn examples_prove_policies() {
    let desk = Desk::new();
    desk.run(&["policy", "test", POLICIES])
        .ends(0)
        .reports("4 policies: 4 reported, 4 quiet, 0 missing, 0 noisy");
    let one = format!("{POLICIES}/style/print.yaml");
    desk.run(&["policy", "test", &one])
        .ends(0)
        .reports("1 policy: 1 reported, 1 quiet")
        .does_not_report("sleep");
}

#[test]
fn examples_that_fail_are_named_with_their_lines() {
    let desk = Desk::new();
    desk.write("bank/money/own.yaml", WRONG);
    desk.write("bank/money/own.java", WRONG_EXAMPLES);
    let outcome = desk.run(&["policy", "test", "bank"]);
    outcome.ends(1).reports("bank/money/own.java:3: missing").reports("bank/money/own.java:5: noisy");
    let check = desk.run(&["policy", "check", "bank"]);
    check.ends(2).says("bank/money/own.java:3").says("Widen the check").says("bank/money/own.java:5");
    desk.run(&["policy", "test", "bank", "--format", "json"]).ends(1).reports("\"missing\": 1");
}

#[test]
fn every_mistake_of_every_policy_is_named() {
    let desk = Desk::new();
    desk.write("bank/money/one.yaml", "id: money/one\nseverty: major\n");
    desk.write("bank/money/two.yaml", WRONG.replace("money/own", "money/two").replace("[java]", "[latin]"));
    let check = desk.run(&["policy", "check", "bank"]);
    check.ends(2).says("one.yaml:2").says("severty").says("two.yaml:5").says("latin");
    desk.run(&["policy", "check", "nowhere"]).ends(2).says("nowhere").says("cannot be read");
    desk.write("empty/README", "");
    desk.run(&["policy", "check", "empty"]).ends(2).says("there is no policy");
}

#[test]
fn the_schema_accepts_the_policies_it_describes() {
    let schema = Desk::new().run(&["policy", "schema"]).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(!validator.is_valid(&serde_json::json!({"id": "money/own"})));
    assert_eq!(schema["additionalProperties"], false);
}
