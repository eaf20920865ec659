//! What a prompt holds, and what it never holds.

use super::{Scripted, World, answer, asked, teller};
use crate::model::Prompt;

fn clean() -> Scripted<'static> {
    Scripted::entering(|policy| answer(policy, "clean", ""))
}

fn prompts(world: &World) -> Vec<Prompt> {
    let model = clean();
    world.reviewed(Some(&model));
    model.prompts()
}

const BEFORE: &str = "package bank;

class Teller {
    private static final int LIMIT = 3;
    private final Ledger ledger;
    private final String unused = \"x\";

    void book(Client client, int amount) {
        check(amount);
        ledger.post(amount);
        client.retry(amount);
    }

    void other(Client client) {
        client.retry(7);
    }

    private void check(int amount) {
        if (amount > LIMIT) { throw new TooMuch(); }
    }
}
";

const LEDGER: &str = "interface Ledger {
    int MAX = 9;
    void post(int amount);
    void erase();
}
";

const MAPPER: &str = "<mapper namespace=\"bank.Ledger\">
  <update id=\"post\">update account set sum = #{amount}</update>
  <delete id=\"erase\">delete from account</delete>
</mapper>
";

#[test]
fn the_change_stands_last_in_a_diff_without_numbers_behind_what_it_uses() {
    let after = BEFORE.replace("        check(amount);\n", "        // checked before\n");
    let after = after.replace("client.retry(amount)", "client.retry(check(amount))");
    let files = [("Ledger.java", LEDGER), ("Ledger.xml", MAPPER)];
    let world = World::between(
        &[&files[..], &[("bank/Teller.java", BEFORE)]].concat(),
        &[&files[..], &[("bank/Teller.java", &after)]].concat(),
    );
    let prompts = prompts(&world);
    assert_eq!(prompts.len(), 1);
    assert_eq!(
        prompts[0].body,
        "Language: java
File: bank/Teller.java
Inside: class Teller

What the code uses
In the same file:
  private final Ledger ledger;
  private void check(int amount) {
          if (amount > LIMIT) { throw new TooMuch(); }
      }
Statements of Ledger:
  <update id=\"post\">update account set sum = #{amount}</update>
In Ledger:
  void post(int amount);
  int MAX = 9;

The change
      void book(Client client, int amount) {
-         check(amount);
+         // checked before
          ledger.post(amount);
-         client.retry(amount);
+         client.retry(check(amount));
      }

Policies to answer for: trust/lock, trust/retry
"
    );
}

#[test]
fn names_that_the_repository_does_not_have_take_no_room() {
    let unknown: String = (0..40).map(|number| format!("        Known{number} k{number};\n")).collect();
    let code = format!(
        "class A {{\n    void a(C c) {{\n{unknown}        Ledger.post(1);\n        c.retry(1);\n    }}\n}}\n"
    );
    let world = World::between(&[("Ledger.java", LEDGER)], &[("Ledger.java", LEDGER), ("A.java", &code)]);
    assert!(prompts(&world)[0].body.contains("In Ledger:\n  void post(int amount);"));
}

#[test]
fn the_prefix_is_the_same_for_every_region_and_review() {
    let code = "class A {\n    void a(C c) {\n        c.retry(1);\n    }\n    void b(C c) {\n        c.retry(2);\n    }\n}\n";
    let two = prompts(&World::of(&[("A.java", code)]));
    assert_eq!(two.len(), 2);
    assert_ne!(two[0].body, two[1].body);
    let other = prompts(&teller());
    assert!(two.iter().chain(&other).all(|prompt| prompt.prefix == two[0].prefix));
    let (lock, retry) = (two[0].prefix.find("Policy trust/lock"), two[0].prefix.find("Policy trust/retry"));
    assert!(lock.is_some() && lock < retry);
    assert!(two[0].prefix.contains("Question: Is it safe?"));
}

#[test]
fn functions_that_the_change_does_not_touch_are_not_asked_about() {
    let after = BEFORE.replace("LIMIT = 3", "LIMIT = 4");
    assert!(prompts(&World::between(&[("A.java", BEFORE)], &[("A.java", &after)])).is_empty());
    let after = BEFORE.replace("client.retry(7)", "client.retry(8)");
    let prompts = prompts(&World::between(&[("A.java", BEFORE)], &[("A.java", &after)]));
    assert_eq!(prompts.len(), 1);
    assert!(prompts[0].body.contains("+         client.retry(8);"));
}

#[test]
fn every_changed_line_of_a_long_function_is_in_some_prompt_and_none_in_two() {
    let lines: Vec<String> =
        (0..900).map(|number| format!("        client.retry(\"line {number} of many\");")).collect();
    let code = format!("class A {{\n    void a(Client client) {{\n{}\n    }}\n}}\n", lines.join("\n"));
    let prompts = prompts(&World::of(&[("A.java", &code)]));
    assert!(prompts.len() > 1);
    for line in &lines {
        let holders = prompts.iter().filter(|prompt| prompt.body.contains(&format!("+ {line}\n"))).count();
        assert_eq!(holders, 1, "{line}");
    }
    assert!(prompts.iter().all(|prompt| prompt.body.len() < 40_000));
}

#[test]
fn a_line_without_an_end_and_a_file_without_functions_are_asked_about_in_parts() {
    let long = format!("class A {{ int x = c.retry(\"{}\"); }}", "é".repeat(20_000));
    let prompts = prompts(&World::of(&[("A.java", &long)]));
    assert!(prompts.len() > 1);
    assert!(prompts.iter().all(|prompt| prompt.body.len() < 20_000));
    let shown: usize = prompts.iter().map(|prompt| prompt.body.matches('é').count()).sum();
    assert!(shown >= 20_000, "{shown}");
}

/// Values that no prompt may hold, with the code around them.
fn canaries() -> Vec<(&'static str, String)> {
    let key = "MIIEpAIBAAKCAQEA7bq2Zk0mJ8c9vYx1u3w5r7t9p1n3l5j7h9f1d3s5a7q9w1e3";
    vec![
        ("4111111111111111", "pay(\"4111111111111111\");".to_owned()),
        ("5500 0055 5555 5559", "pay(\"5500 0055 5555 5559\");".to_owned()),
        ("6222021234567890128", "pay(\"6222021234567890128\");".to_owned()),
        ("11010519491231002X", "id(\"11010519491231002X\");".to_owned()),
        ("DE89370400440532013000", "iban(\"DE89370400440532013000\");".to_owned()),
        ("GB29 NWBK 6016 1331 9268 19", "iban(\"GB29 NWBK 6016 1331 9268 19\");".to_owned()),
        ("AKIAIOSFODNN7EXAMPL2", "aws(\"AKIAIOSFODNN7EXAMPL2\");".to_owned()),
        ("kV9rT2mQx7Lw4ZpB", "String password = \"kV9rT2mQx7Lw4ZpB\";".to_owned()),
        ("hunter2secret", "open(\"jdbc:postgres://bank:hunter2secret@db/core\");".to_owned()),
        (key, format!("String pem = \"-----BEGIN PRIVATE KEY-----{key}-----END PRIVATE KEY-----\";")),
    ]
}

#[test]
fn no_secret_is_in_any_prompt_wherever_it_stands() {
    for (canary, code) in canaries() {
        let used = format!(
            "class Used {{\n    String held() {{\n        {code}\n        return \"\";\n    }}\n}}\n"
        );
        let function = |line: &str, kept: &str| {
            format!(
                "class A {{\n    Used used;\n    String field() {{ {code} return null; }}\n    void a(C c) {{\n        {kept}\n        {line}\n        c.retry(used.held() + field());\n    }}\n}}\n"
            )
        };
        let path = "Used.java";
        for (before, after) in [
            (None, function(&code, "")),
            (Some(function("", &code)), function("x();", &code)),
            (Some(function(&code, "")), function("x();", "")),
            (Some(function("", "")), function(&format!("// {code} {code}"), "")),
        ] {
            let base: Vec<(&str, &str)> = before.iter().map(|text| ("A.java", text.as_str())).collect();
            let world = World::between(
                &[&base[..], &[(path, &used)]].concat(),
                &[("A.java", after.as_str()), (path, &used)],
            );
            let prompts = prompts(&world);
            assert!(!prompts.is_empty());
            for prompt in prompts {
                assert!(
                    !format!("{}{}{}", prompt.prefix, prompt.body, prompt.schema).contains(canary),
                    "{}",
                    prompt.body
                );
            }
        }
    }
}

#[test]
fn a_value_has_one_stand_in_and_a_quote_with_it_finds_its_way_back() {
    let model = Scripted::entering(|policy| super::breach(policy, "key(\"[card 1]\")"));
    let review = teller().reviewed(Some(&model));
    assert!(model.prompts()[0].body.contains("client.retry(amount, key(\"[card 1]\"))"));
    assert_eq!(super::told(&review), [("trust/lock", 4), ("trust/retry", 4)]);
    let found = review.findings.iter().find(|finding| finding.policy.id == "trust/lock").unwrap();
    assert_eq!((found.location.start.column, found.location.end.column), (30, 53));
}

#[test]
fn a_program_in_cobol_comes_with_its_data_paragraphs_and_copybooks() {
    let program = "       IDENTIFICATION DIVISION.
       PROGRAM-ID. BOOK.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  WS-AMOUNT  PIC 9(9)V99.
       01  WS-OTHER   PIC X.
       COPY LEDGREC.
       PROCEDURE DIVISION.
       MAIN-PARA.
           PERFORM POST-PARA.
           STOP RUN.
       POST-PARA.
           ADD 1 TO WS-AMOUNT.
";
    let copybook = "       01  LEDGER-RECORD.\n           05  LEDGER-SUM PIC 9(9).\n";
    let mut world = World::of(&[("BOOK.cbl", program), ("LEDGREC.cpy", copybook)]);
    let when = "cobol: {kind: perform_statement_call_proc}";
    let checks =
        format!("  - question:\n      when:\n        {when}\n      ask: Is it?\n      evidence: it\n");
    let mut file = super::policy("batch/restart", "block", "certain", &checks);
    file.text = file.text.replace("[java]", "[cobol]");
    world.policies = super::pack(&[file]);
    let prompts = prompts(&world);
    assert_eq!(prompts.len(), 1);
    assert_eq!(asked(&prompts[0]), ["batch/restart"]);
    let body = &prompts[0].body;
    for part in
        ["Copybook LEDGREC:\n         01  LEDGER-RECORD.", "POST-PARA.\n             ADD 1 TO WS-AMOUNT."]
    {
        assert!(body.contains(part), "{body}");
    }
}
