//! Reports as people and tools get them.

mod hostile;
mod judged;
mod machines;

use super::testing::{both, failed, finding, passed, policy, report, unread};
use super::*;
use crate::gate::State;
use crate::text::Text;

/// Renders at 100 columns without colours and compares.
#[track_caller]
fn check(review: &Review, format: Format, locale: Locale, expected: &str) {
    let options = Options { locale, ..Options::default() };
    let report = report(review, format, &options);
    assert!(report.trim_end() == expected.trim(), "got:\n{report}\nexpected:\n{expected}");
}

#[test]
fn a_developer_reads_what_is_wrong_and_what_to_do() {
    check(
        &failed(),
        Format::Text,
        Locale::En,
        r#"
blocker[CB-MONEY-001]: Binary floating point holds money
  --> core/ledger/LedgerService.java:42:9
   |
41 |     void post(Entry entry) {
42 |         double amount = entry.amount();
   |         ^^^^^^ `amount` is money in a `double`
43 |         ledger.add(amount);
   |
   = see also: core/ledger/LedgerService.java:43:20 the amount is booked here
   = why: A double cannot hold ten cents, so sums drift and ledgers stop agreeing.
   = fix: Use `BigDecimal` with an explicit scale.
   = authority: SEI CERT NUM04-J
   = policy: money/binary-floating-point
   |
42 -         double amount = entry.amount();
42 +         BigDecimal amount = entry.amount();

minor[CB-LOG-002]: A log line holds a secret
 --> core/app.py:7:16
  |
7 | log.info("card [card 1]", user)
  |                ^^^^^^^^ card [card 1] is logged
  |
  = why: A double cannot hold ten cents, so sums drift and ledgers stop agreeing.
  = fix: Use `BigDecimal` with an explicit scale.
  = policy: logging/secret-in-log

failed: 1 finding blocks the merge
  findings   1 blocker, 1 minor, 4 before this change
  read       8 of 9 regions, 12 of 13 files, 1204 lines
  not read   core/Huge.java: 12000000 bytes is more than a review reads
             core/Old.java, lines 3 to 9: the code does not parse here
  left out   gen/Api.java: .countersign.yaml src/**
  not asked  12 questions that need a model
  basis      Countersign 0.1.0, 41 policies, 1a2b3c4d5e6f
"#,
    );
}

#[test]
fn a_developer_reads_it_in_chinese() {
    check(
        &failed(),
        Format::Text,
        Locale::Zh,
        r#"
阻断[CB-MONEY-001]: 金额使用了二进制浮点数
  --> core/ledger/LedgerService.java:42:9
   |
41 |     void post(Entry entry) {
42 |         double amount = entry.amount();
   |         ^^^^^^ `amount` 是金额，却存放在 `double` 中
43 |         ledger.add(amount);
   |
   = 另见：core/ledger/LedgerService.java:43:20 金额在此入账
   = 原因：double 无法精确表示一角钱，累加后账目会不平。
   = 改法：请使用指定精度的 `BigDecimal`。
   = 依据：SEI CERT NUM04-J
   = 规范：money/binary-floating-point
   |
42 -         double amount = entry.amount();
42 +         BigDecimal amount = entry.amount();

一般[CB-LOG-002]: 日志中包含敏感信息
 --> core/app.py:7:16
  |
7 | log.info("card [card 1]", user)
  |                ^^^^^^^^ 日志写入了卡号 [card 1]
  |
  = 原因：double 无法精确表示一角钱，累加后账目会不平。
  = 改法：请使用指定精度的 `BigDecimal`。
  = 规范：logging/secret-in-log

未通过：1 个问题阻止合并
  问题      1 阻断，1 一般，变更之前已有 4 个
  已审查    8/9 个变更区域，12/13 个文件，1204 行
  未读取    core/Huge.java：12000000 bytes is more than a review reads
            core/Old.java，第 3 至 9 行：the code does not parse here
  已排除    gen/Api.java：.countersign.yaml src/**
  未提问    12 项需要模型回答的提问
  依据版本  Countersign 0.1.0，41 条规范，1a2b3c4d5e6f
"#,
    );
}

#[test]
fn a_gate_names_what_blocks_in_one_line_each() {
    let options = Options { detail: Detail::Brief, ..Options::default() };
    let report = report(&failed(), Format::Text, &options);
    let first =
        "core/ledger/LedgerService.java:42:9: blocker[CB-MONEY-001] `amount` is money in a `double`\nfailed:";
    assert!(report.starts_with(first), "{report}");
}

#[test]
fn nothing_found_takes_three_lines() {
    check(
        &passed(),
        Format::Text,
        Locale::En,
        "
passed: nothing found
  read   1 of 1 region, 1 of 1 file, 20 lines
  basis  Countersign 0.1.0, 41 policies, 1a2b3c4d5e6f
",
    );
}

#[test]
fn a_merge_request_shows_a_table_and_folded_details() {
    let mut review = failed();
    review.findings.remove(0);
    check(
        &review,
        Format::Markdown,
        Locale::En,
        "
### ❌ Countersign: failed

1 finding blocks the merge

| Severity | Finding | Place |
|---|---|---|
| **blocker** | `amount` is money in a `double` | `core/ledger/LedgerService.java:42` |

<details><summary><b>blocker</b> CB-MONEY-001 Binary floating point holds money <code>core&#47;ledger&#47;LedgerService.java&#58;42</code></summary>

`amount` is money in a `double`

```
   41 |     void post(Entry entry) {
   42 |         double amount = entry.amount();
   43 |         ledger.add(amount);
```
- **see also**: `core/ledger/LedgerService.java:43` the amount is booked here
- **why**: A double cannot hold ten cents, so sums drift and ledgers stop agreeing. Auditors find it later.
- **fix**: Use `BigDecimal` with an explicit scale.
- **authority**: SEI CERT NUM04-J
- **policy**: money&#47;binary-floating-point

suggested change:

```diff
-         double amount = entry.amount();
+         BigDecimal amount = entry.amount();
```

</details>

- **findings**: 1 blocker, 4 before this change
- **read**: 8 of 9 regions, 12 of 13 files, 1204 lines
- **not read**: core&#47;Huge.java&#58; 12000000 bytes is more than a review reads
- **not read**: core&#47;Old.java, lines 3 to 9&#58; the code does not parse here
- **left out**: gen&#47;Api.java&#58; .countersign.yaml src&#47;&#42;&#42;
- **not asked**: 12 questions that need a model
- **basis**: Countersign 0.1.0, 41 policies, 1a2b3c4d5e6f
",
    );
}

#[test]
fn colours_come_only_when_asked_for() {
    let plain = report(&failed(), Format::Text, &Options::default());
    assert!(!plain.contains('\u{1b}'));
    let coloured = report(&failed(), Format::Text, &Options { colour: true, ..Options::default() });
    assert!(coloured.contains('\u{1b}'));
}

#[test]
fn every_state_says_what_it_means() {
    for state in [State::Passed, State::Failed, State::NotReviewed, State::Partial] {
        let report = report(&Review { state, ..passed() }, Format::Text, &Options::default());
        let green = report.starts_with("passed");
        assert_eq!(green, state == State::Passed, "{report}");
    }
}

#[test]
fn a_long_message_stands_below_the_frame_and_is_wrapped() {
    let mut long = finding(policy(), "A.java", 1, "double x;", "double");
    long.message = Text::from("this message is longer than what is left of a narrow terminal");
    let review = Review { findings: vec![long], ..failed() };
    let report = report(&review, Format::Text, &Options { width: 40, ..Options::default() });
    assert!(
        report.contains("\n  = this message is longer than what is\n    left of a narrow terminal\n"),
        "{report}"
    );
    assert!(report.lines().all(|line| line.chars().count() <= 60), "{report}");
}

#[test]
fn why_is_said_once_a_policy() {
    let again = |line| finding(policy(), "A.java", line, "double x;", "double");
    let review = Review { findings: vec![again(1), again(9)], ..failed() };
    let report = report(&review, Format::Text, &Options::default());
    assert_eq!(report.matches("= why: ").count(), 1, "{report}");
    assert_eq!(report.matches("^^^^^^").count(), 2, "{report}");
}

#[test]
fn a_fix_that_would_carry_a_secret_is_told_and_not_handed_out() {
    let mut review = failed();
    let fix = review.findings[1].fix.as_mut().unwrap();
    fix.replacement = "\"4111 1111 1111 1111\"".to_owned();
    let text = report(&review, Format::Text, &Options::default());
    assert!(text.contains("+         \"[card 1]\" amount"), "{text}");
    for format in [Format::Json, Format::Sarif] {
        let report = report(&review, format, &Options::default());
        assert!(!report.contains("insertedContent") && !report.contains("\"replacement\""), "{report}");
    }
}

#[test]
fn chinese_wraps_without_a_space_and_keeps_its_punctuation() {
    let mut long = finding(policy(), "A.java", 1, "double x;", "double");
    long.message = both("", "金额字段使用了二进制浮点数类型，累加之后账目会出现偏差，审计时才会被发现。");
    let review = Review { findings: vec![long], ..failed() };
    let options = Options { locale: Locale::Zh, width: 41, ..Options::default() };
    let report = report(&review, Format::Text, &options);
    let expected = "
  = 金额字段使用了二进制浮点数类型，累加
    之后账目会出现偏差，审计时才会被发
    现。
";
    assert!(report.contains(expected), "{report}");
}

#[test]
fn why_is_the_first_sentence() {
    for (rationale, why) in [
        ("Rates, e.g. 0.1 per cent, drift. More of it.", "Rates, e.g. 0.1 per cent, drift."),
        ("No full stop", "No full stop"),
        ("第一句。第二句。", "第一句。"),
    ] {
        let policy = crate::policy::Policy { rationale: rationale.into(), ..policy() };
        let review = Review { findings: vec![finding(policy, "A.java", 1, "x", "x")], ..failed() };
        let report = report(&review, Format::Text, &Options::default());
        assert!(report.contains(&format!("= why: {why}\n")), "{report}");
    }
}

#[test]
fn gaps_come_first_and_a_few_unread_files_are_named() {
    let mut review = passed();
    review.coverage.unread =
        (0..9).map(|number| unread(&format!("{number}.java"), None, "no", number == 8)).collect();
    let report = report(&review, Format::Text, &Options::default());
    assert!(report.contains("not read  8.java: no\n            0.java: no\n"), "{report}");
    assert!(report.contains("            and 4 more\n") && !report.contains("5.java"), "{report}");
}

#[test]
fn formats_have_names() {
    for format in Format::all() {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    assert_eq!(
        "html".parse::<Format>(),
        Err("unknown report format `html`; use one of text, json, sarif, codequality, junit, markdown"
            .to_owned())
    );
}
