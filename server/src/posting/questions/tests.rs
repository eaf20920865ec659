//! What a summary says of the model, with and without one, in both languages.

use std::collections::BTreeMap;

use analyzers::gate::State;
use analyzers::text::Locale;

use super::*;
use crate::posting::testing::{
    HOSTILE, PATH, added, assert_inert, document, judged, options, record, reviewed, unread,
};
use crate::posting::{status, summary};
use crate::record::{Outcome, ReviewRecord, Reviewed};

fn of(document: Document) -> ReviewRecord {
    record(Outcome::Reviewed(Box::new(Reviewed { document, change: added(1) })))
}

fn text(record: &ReviewRecord, locale: Locale) -> String {
    let options = Options { locale, ..options() };
    let text = summary::of(record, &"b".repeat(40), &options).text(&[], &options);
    assert_inert(&text);
    assert!(text.len() < 63_000, "{}", text.len());
    text
}

#[test]
fn without_a_model_one_line_says_so() {
    for (count, en, zh) in [
        (
            1,
            "- **Model**: 1 question was not asked: no model is configured\n",
            "有 1 项提问未提出：没有配置模型",
        ),
        (12, "- **Model**: 12 questions were not asked: no model is configured\n", "有 12 项提问未提出"),
    ] {
        let mut plain = document(State::Passed, Vec::new());
        plain.coverage.questions_unasked = BTreeMap::from([("trust/retry".to_owned(), count)]);
        let plain = of(plain);
        assert!(text(&plain, Locale::En).contains(en), "{}", text(&plain, Locale::En));
        assert!(text(&plain, Locale::Zh).contains(zh), "{}", text(&plain, Locale::Zh));
        assert!(!text(&plain, Locale::En).contains("<details>"));
    }
    let nothing = text(&reviewed(Vec::new(), added(1)), Locale::En);
    assert!(!nothing.contains("Model") && !nothing.contains("question"), "{nothing}");
}

#[test]
fn with_a_model_the_summary_tells_what_it_did() {
    let shown = text(&of(judged(State::Passed, "a probe books nothing", 1)), Locale::En);
    let facts = "\
- **Model**: 5 questions asked, 3 answered, 1 of 2 doubtful findings dismissed, 12000 tokens
- **Without an answer**: 1 × the code does not decide it, 1 × the answer was cut off
- **Not asked**: 3 questions, since the review may ask no more
";
    assert!(shown.contains(facts), "{shown}");
    let folds = format!(
        "
<details><summary>1 finding that the model dismissed</summary>

- `money/binary-floating-point` `{PATH}:3`: “a probe books nothing”

</details>

<details><summary>5 questions without an answer</summary>

- `trust/retry` `{PATH}:11`: the code does not decide it
- `trust/retry` `{PATH}:12`: the answer was cut off
- `trust/retry` `{PATH}:90`: not asked, the review may ask no more
- and 2 more

</details>
"
    );
    assert!(shown.ends_with(&folds), "{shown}");
}

#[test]
fn it_is_told_in_chinese() {
    let shown = text(&of(judged(State::Passed, "探活请求不入账", 1)), Locale::Zh);
    for said in [
        "- **模型**：提问 5 项，已回答 3 项，2 个存疑问题中排除了 1 个，12000 个 token\n",
        "- **没有回答**：1 × 仅凭代码无法判断，1 × 回答被截断\n",
        "- **未提问**：3 项，本次审查的提问额度已用完\n",
        "<summary>模型排除的问题：1 个</summary>",
        "“探活请求不入账”",
        "<summary>没有回答的提问：5 项</summary>",
    ] {
        assert!(shown.contains(said), "no `{said}` in\n{shown}");
    }
}

#[test]
fn a_review_that_lacks_only_answers_names_them_as_the_reason() {
    for (locale, said) in [
        (Locale::En, "5 questions have no answer, and all must be answered here"),
        (Locale::Zh, "5 项提问没有得到回答，而此处要求全部回答"),
    ] {
        let mut partial = judged(State::Partial, "", 0);
        let shown = text(&of(partial.clone()), locale);
        assert!(shown.contains(&format!("Countersign{}", locale.pick(": partial", "：部分审查"))), "{shown}");
        assert!(shown.contains(said), "{shown}");
        let options = Options { locale, ..options() };
        let status = status::commit_status(&of(partial.clone()), "abc", &options);
        assert!(status.description.contains(said), "{}", status.description);
        assert!(status.check.title.contains(said), "{}", status.check.title);
        partial.coverage.unread = vec![unread("core/Huge.java", "too large")];
        assert!(!text(&of(partial), locale).contains(said), "a gap is reason enough");
    }
}

#[test]
fn hostile_words_of_the_model_are_only_text_and_lists_are_cut() {
    for bad in HOSTILE.iter().copied().chain(["`|\u{e0041}額/merge\n@all".repeat(2_000).as_str()]) {
        for locale in [Locale::En, Locale::Zh] {
            let mut hostile = judged(State::Partial, bad, 300);
            let asked = hostile.coverage.asked.as_mut().unwrap();
            asked.open = vec![asked.open[0].clone(); 200];
            for question in &mut asked.open {
                (question.path, question.policy) = (bad.to_owned(), bad.to_owned());
            }
            hostile.coverage.questions_unjudged.insert("more".to_owned(), 400);
            let shown = text(&of(hostile), locale);
            assert_eq!(shown.matches("<details>").count(), 2, "{shown}");
            assert!(shown.contains(locale.pick("- and ", "- 另有 ")), "{shown}");
        }
    }
}
