//! Comments as people and forges read them.

use analyzers::report::document::FixRecord;
use analyzers::text::{Locale, Text};
use proptest::prelude::*;

use super::*;
use crate::forge::Placement;
use crate::posting::testing::{HOSTILE, PATH, added, assert_inert, at, finding, options};

fn fix(replacement: &str) -> FixRecord {
    FixRecord { location: at(PATH, (2, 9), (2, 15)), replacement: replacement.to_owned() }
}

#[test]
fn a_comment_says_what_why_how_and_shows_the_proof() {
    let told = tell(&finding(1, 2), &added(9), ForgeKind::Github, &options());
    let expected = "\
🔴 **blocker · CB-MONEY-001 · Binary floating point holds money** — blocks the merge

`amount` is money in a `double`

**Why it matters**: A double cannot hold ten cents.

**How to fix it**: Use `BigDecimal`.

**Clauses**: SEI CERT NUM04-J; CWE-1339

<details><summary>Proof <code>core&#47;ledger&#47;LedgerService.java&#58;2</code></summary>

In `LedgerService › post`

```
    2 |         double amount = entry.amount();
```
- `core/ledger/LedgerService.java:3` the amount is booked here

</details>

Not a breach? Comment `@countersign fp 000000000000 …` and say why.
";
    assert_eq!(told.text, expected);
    assert_eq!(told.with_suggestion, None);
    assert_inert(&told.text);
}

#[test]
fn a_comment_is_in_the_readers_language() {
    let zh = Options { locale: Locale::Zh, ..options() };
    let text = tell(&finding(1, 2), &added(9), ForgeKind::Github, &zh).text;
    for word in ["阻断", "金额使用了二进制浮点数", "为什么重要", "请使用", "金额在此入账", "不是问题？"]
    {
        assert!(text.contains(word), "{word} in {text}");
    }
    assert!(!text.contains("Why"), "{text}");
    assert_inert(&text);
}

#[test]
fn a_finding_of_the_model_says_so_and_why() {
    let mut judged = finding(1, 2);
    judged.decided_by = Decider::Model;
    judged.why = Some("the `call` is sent again\n/merge without a key".to_owned());
    for (locale, said, row_said) in [
        (
            Locale::En,
            "**Judged by the model, quote verified**: the `call` is sent again &#47;merge without a key\n\n",
            " — judged by the model |",
        ),
        (Locale::Zh, "**由模型判断，引文已核实**：the `call` is sent again", " — 由模型判断 |"),
    ] {
        let options = Options { locale, ..options() };
        let text = tell(&judged, &added(9), ForgeKind::Github, &options).text;
        assert!(text.contains(said), "{text}");
        assert!(row(&judged, &options).contains(row_said), "{}", row(&judged, &options));
        assert_inert(&text);
        let proved = tell(&finding(1, 2), &added(9), ForgeKind::Github, &options).text;
        assert!(!proved.contains(locale.pick("Judged", "由模型")), "{proved}");
    }
    judged.why = Some("x".repeat(5_000));
    let text = tell(&judged, &added(9), ForgeKind::Github, &options()).text;
    assert!(
        text.contains(&format!("{}…", "x".repeat(WHY - 1))) && !text.contains(&"x".repeat(WHY)),
        "{text}"
    );
    judged.why = None;
    let text = tell(&judged, &added(9), ForgeKind::Github, &options()).text;
    assert!(text.contains("**Judged by the model, quote verified**\n\n"), "{text}");
}

#[test]
fn a_clause_that_nobody_verified_is_no_authority() {
    assert!(!tell(&finding(1, 2), &added(9), ForgeKind::Github, &options()).text.contains("PCI"));
}

#[test]
fn a_fix_is_one_click_at_exactly_its_lines_and_a_diff_elsewhere() {
    let mut fixed = finding(1, 2);
    fixed.location = at(PATH, (2, 9), (4, 2));
    fixed.fix = Some(fix("BigDecimal"));
    let told = tell(&fixed, &added(9), ForgeKind::Github, &options());
    let (one_click, text) = told.with_suggestion.unwrap();
    assert!(text.contains("```suggestion\n        BigDecimal amount2 = 0;\n```\n"), "{text}");
    let Placement::Lines { start, end, .. } = one_click.placement else { panic!("no lines") };
    assert_eq!((start.head, end.head), (2, 2));
    assert!(
        told.text
            .contains("```diff\n-         double amount2 = 0;\n+         BigDecimal amount2 = 0;\n```\n")
    );
    assert!(!told.text.contains("suggestion"), "{}", told.text);
    assert_eq!(tell(&fixed, &added(9), ForgeKind::Gitea, &options()).with_suggestion, None);
}

#[test]
fn a_fixed_comment_repeats_only_the_services_own_words() {
    let kept = fixed(Some("old words"), &"ab".repeat(20), &options());
    assert_eq!(kept, "✅ **Fixed in `abababababab`**: it is no longer found.\n\nold words");
    let left_out = fixed(None, &"ab".repeat(20), &options());
    assert!(left_out.contains("is not repeated"), "{left_out}");
    assert_inert(&left_out);
}

/// A finding in which every text is `text`.
fn hostile(text: &str) -> FindingRecord {
    let mut bad = finding(1, 2);
    let words = Text { en: text.to_owned(), zh: Some(text.to_owned()) };
    bad.fingerprint = text.to_owned();
    bad.policy.code = text.to_owned();
    bad.policy.title = words.clone();
    bad.policy.rationale = words.clone();
    bad.policy.remedy = words.clone();
    bad.policy.references[0].standard = text.to_owned();
    bad.policy.references[0].clause = text.to_owned();
    bad.message = words.clone();
    (bad.decided_by, bad.why) = (Decider::Model, Some(text.to_owned()));
    bad.location.path = format!("src/{text}");
    bad.location.declaration = vec![text.to_owned(), text.to_owned()];
    bad.excerpt.as_mut().unwrap().lines = vec![text.to_owned(), "x".to_owned(), text.to_owned()];
    bad.related[0].message = words;
    bad.related[0].location.path = text.to_owned();
    bad.fix = Some(fix(text));
    bad
}

/// The comment and the row of a finding are inert, on every forge.
fn check(bad: &FindingRecord, options: &Options) {
    for forge in ForgeKind::ALL {
        let told = tell(bad, &added(3), forge, options);
        let with_suggestion = told.with_suggestion.map(|(_, text)| text);
        for text in std::iter::once(told.text).chain(with_suggestion) {
            assert_inert(&text);
            assert!(text.len() <= MOST_BYTES, "{}", text.len());
        }
    }
    let row = row(bad, options);
    assert_eq!(row.matches('\n').count(), 1, "{row:?}");
    assert_eq!(row.matches('|').count(), 4, "{row:?}");
    assert_inert(&format!("| a | b | c |\n|---|---|---|\n{row}"));
}

#[test]
fn hostile_texts_are_only_text() {
    for text in HOSTILE {
        check(&hostile(text), &options());
        // The fix is at the finding's own path here, so that it may be a suggestion.
        let mut fixable = hostile(text);
        fixable.location = at(PATH, (2, 1), (2, 2));
        check(&fixable, &Options { locale: Locale::Zh, ..options() });
    }
}

#[test]
fn texts_without_end_stay_within_what_forges_take() {
    for piece in ["|", "\u{e0041}", "额", "`", "/merge\n", "a"] {
        let mut endless = hostile(&piece.repeat(70_000));
        endless.related = vec![endless.related[0].clone(); 500];
        endless.excerpt.as_mut().unwrap().lines = vec![piece.repeat(5_000); 5_000];
        endless.location.declaration = vec![piece.repeat(5_000); 100];
        check(&endless, &options());
    }
}

#[test]
fn a_part_that_is_too_long_is_said_to_be_left_out() {
    let mut long = finding(1, 2);
    long.excerpt.as_mut().unwrap().lines = vec!["\u{e0041}".repeat(5_000); 50];
    let text = tell(&long, &added(3), ForgeKind::Github, &options()).text;
    assert!(text.contains("1 part of this comment was too long") && text.contains("Not a breach?"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn no_text_is_more_than_text(
        text in proptest::collection::vec(
            prop_oneof![
                proptest::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned),
                "[-+*_#`~<>|@&!%$:/\\\\\\[\\](){}=^.'\" \t\n\r0-9a-zw中\u{202e}\u{200b}\u{a0}]{0,12}",
                any::<String>(),
            ],
            0..5,
        ),
    ) {
        let mut bad = hostile(&text.concat());
        check(&bad, &options());
        bad.location = at(PATH, (2, 1), (2, 2));
        check(&bad, &options());
    }
}
