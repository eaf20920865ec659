//! Summaries in the five states.

use std::collections::BTreeMap;

use analyzers::change::FileStatus;
use analyzers::gate::State;
use analyzers::text::Locale;
use url::Url;

use super::*;
use crate::posting::testing::added;
use crate::posting::testing::{
    HOSTILE, PATH, assert_inert, document, file, finding, options, record, reviewed, unread,
};
use crate::record::Reviewed;

fn text(record: &ReviewRecord, rows: &[&str], options: &Options) -> String {
    let text = of(record, &"b".repeat(40), options).text(rows, options);
    assert_inert(&text);
    text
}

#[test]
fn a_failed_review_is_summed_up() {
    let mut failed = reviewed(vec![finding(1, 2), finding(2, 3)], added(9));
    let Outcome::Reviewed(inside) = &mut failed.outcome else { unreachable!() };
    inside.document.pre_existing = BTreeMap::from([("money/rounding".to_owned(), 4)]);
    inside.document.coverage.questions_unasked = BTreeMap::from([("money/rounding".to_owned(), 12)]);
    let row = comment::row(&finding(2, 3), &options());
    let expected = "\
### ❌ Countersign: failed

2 findings block the merge

- **Findings**: 2 blocker, 4 more from before this change, not gated
- **Read**: 9 of 9 regions, 13 of 13 files, 1204 lines
- **Model**: 12 questions were not asked: no model is configured
- **Gate**: an enforced finding blocks from major on
- **Basis**: Countersign 0.1.0, 41 policies `1a2b3c4d5e6f`, merge base `dddddddddddd`, no configuration of its own
- **Reviewed commit**: `bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb`

<details><summary>1 finding that is not beside the code</summary>

| Severity | Finding | Place |
|---|---|---|
| 🔴 **blocker** | `CB-MONEY-001` `amount` is money in a `double` | `core/ledger/LedgerService.java:3` |

</details>
";
    assert_eq!(text(&failed, &[&row], &options()), expected);
}

#[test]
fn what_was_not_read_is_named_with_its_reason_gaps_first() {
    let mut partial = document(State::Partial, Vec::new());
    partial.coverage.files_reviewed = 1;
    partial.coverage.unread =
        (0..30).map(|number| unread(&format!("core/{number:02}.java"), "too large")).collect();
    partial.coverage.unread[0].leaves_gap = false;
    partial.coverage.unread[3].lines = Some((4, 9));
    let outcome = Outcome::Reviewed(Box::new(Reviewed { document: partial, change: added(1) }));
    let text = text(&record(outcome), &[], &options());
    assert!(text.contains("### ⚠️ Countersign: partial\n\npart of this could not be reviewed"), "{text}");
    assert!(text.contains("1 of 13 files"), "{text}");
    assert!(text.contains("- **Not read**: `core/01.java`: too large\n"), "{text}");
    assert!(text.contains("`core/03.java`, lines 4 to 9: too large"), "{text}");
    assert!(text.contains("and 20 more") && !text.contains("core/00.java"), "{text}");
}

#[test]
fn a_review_that_was_not_made_says_why_and_a_stale_one_what_comes() {
    let not_reviewed = record(Outcome::NotReviewed { reason: "the change has 30000 files".to_owned() });
    let shown = text(&not_reviewed, &[], &options());
    assert!(shown.starts_with("### ⚠️ Countersign: not reviewed\n\nnothing could be reviewed"), "{shown}");
    assert!(shown.contains("- **Reason**: the change has 30000 files\n"), "{shown}");
    let shown = text(&record(Outcome::Stale), &[], &options());
    assert!(shown.starts_with("### ⏩ Countersign: stale\n\na newer commit"), "{shown}");
}

#[test]
fn only_a_passed_review_is_green() {
    for (outcome, is_green) in [
        (reviewed(Vec::new(), added(1)).outcome, true),
        (reviewed(vec![finding(1, 1)], added(1)).outcome, false),
        (Outcome::Stale, false),
        (Outcome::Running, false),
        (Outcome::NotReviewed { reason: String::new() }, false),
    ] {
        assert_eq!(text(&record(outcome), &[], &options()).contains('✅'), is_green);
    }
}

#[test]
fn the_only_link_is_to_our_own_page() {
    let passed = reviewed(Vec::new(), added(1));
    for (url, page) in [
        ("https://countersign.bank.example", "https://countersign.bank.example/reviews/"),
        ("https://bank.example/countersign/", "https://bank.example/countersign/reviews/"),
        ("https://bank.example/(a)/x", "https://bank.example/(a)/x/reviews/"),
    ] {
        let options = Options { public_url: Some(Url::parse(url).unwrap()), ..options() };
        let text = of(&passed, "b", &options).text(&[], &options);
        assert!(
            text.ends_with(&format!("\n[Full review](<{page}0123456789abcdef0123456789abcdef>)\n")),
            "{text}"
        );
    }
    assert!(!text(&passed, &[], &options()).contains("]("));
}

#[test]
fn hostile_texts_are_only_text_and_many_rows_are_cut() {
    for bad in HOSTILE {
        for locale in [Locale::En, Locale::Zh] {
            let mut partial = document(State::Partial, vec![finding(1, 2)]);
            partial.coverage.unread = vec![unread(bad, bad); 40];
            partial.basis.engine = (*bad).to_owned();
            partial.basis.policies_digest = (*bad).to_owned();
            let change = analyzers::report::document::ChangeRecord {
                files: vec![file(FileStatus::Added, None, Some(PATH), Vec::new())],
            };
            let mut record = record(Outcome::Reviewed(Box::new(Reviewed { document: partial, change })));
            record.bound_to.merge_base = Some((*bad).to_owned());
            record.bound_to.configuration = Some((*bad).to_owned());
            let row = format!("| {} |", prose(bad));
            let rows = vec![comment::row(&finding(1, 2), &options()); 2_000];
            let rows: Vec<_> = rows.iter().map(String::as_str).collect();
            let options = Options { locale, ..options() };
            let shown = text(&record, &rows, &options);
            assert!(shown.len() < 65_000, "{} {row}", shown.len());
            assert!(shown.contains(locale.pick("| and ", "| 另有 ")), "{shown}");
            let reason = Outcome::NotReviewed { reason: (*bad).to_owned() };
            text(&super::super::testing::record(reason), &[], &options);
        }
    }
}
