//! What a review's page says of the model: with one, without one, and in hostile words.

use std::collections::BTreeMap;

use analyzers::review::Unread;

use super::{desk, shows};
use crate::api::testing::judged::{judged, unanswered};
use crate::api::testing::{Answered, Memory, PAYMENTS, get, id, record, reviewed};
use crate::record::{Outcome, Reviewed};

/// The page of a review in a language.
async fn page(reviewed: Reviewed, language: &str) -> Answered {
    let outcome = Outcome::Reviewed(Box::new(reviewed));
    let memory = Memory { reviews: vec![record(1, 0, outcome)], ..Memory::default() };
    get(&desk(memory).1, &format!("/reviews/{}?lang={language}", id(1))).await
}

#[tokio::test]
async fn a_review_with_a_model_tells_what_it_did() {
    for (language, sayings) in [
        (
            "en",
            [
                "<h2>Questions for the model</h2>",
                "16 of 19",
                "2 × the code does not decide it<br>1 × the model did not answer in time",
                "the review may ask no more",
                "82500 (prompts 61200, 40100 of them cached; thinking 18400; answers 2900)",
                "5 questions for the model have no answer.",
                "Questions without an answer <span class=\"quiet\">5</span>",
                "<code>core/limits/Limits.java:58</code> – the model did not answer in time",
                "<li>and 1 more</li>",
                "Findings that the model dismissed <span class=\"quiet\">1</span>",
                "judged by the model, quote verified</span> sent again, as <code>client.retry</code> shows</p>",
            ],
        ),
        (
            "zh",
            [
                "<h2>对模型的提问</h2>",
                "16 / 19",
                "2 × 仅凭代码无法判断<br>1 × 模型未在时限内回答",
                "提问额度已用完",
                "82500（提示 61200，其中缓存 40100；思考 18400；回答 2900）",
                "有 5 项对模型的提问没有回答。",
                "没有回答的提问 <span class=\"quiet\">5</span>",
                "<code>core/limits/Limits.java:58</code> – 模型未在时限内回答",
                "<li>另有 1 项</li>",
                "模型排除的问题 <span class=\"quiet\">1</span>",
                "由模型判断，引文已核实</span> sent again, as <code>client.retry</code> shows</p>",
            ],
        ),
    ] {
        let answered = page(judged("sent again, as `client.retry` shows"), language).await;
        sayings.iter().for_each(|said| shows(&answered, said));
        assert_eq!(answered.text.matches("tag model").count(), 1, "one finding is the model's");
    }
}

#[tokio::test]
async fn a_review_without_a_model_says_so_in_one_line() {
    for (count, language, said) in [
        (1, "en", "<p>1 question was not asked: no model is configured.</p>"),
        (12, "en", "<p>12 questions were not asked: no model is configured.</p>"),
        (12, "zh", "<p>有 12 项提问未提出：没有配置模型。</p>"),
    ] {
        let mut plain = reviewed(PAYMENTS);
        plain.document.coverage.questions_unasked = BTreeMap::from([("trust/retry".to_owned(), count)]);
        let answered = page(plain, language).await;
        shows(&answered, said);
        shows(&answered, "<a href=\"/policies/trust/retry\">");
    }
    let mut none = reviewed(PAYMENTS);
    none.document.coverage.questions_unasked.clear();
    let answered = page(none, "en").await;
    assert!(!answered.text.contains("question") && !answered.text.contains("tag model"), "{}", answered.text);
}

#[tokio::test]
async fn a_review_that_lacks_only_answers_names_them_as_the_reason() {
    let answered = page(unanswered(), "en").await;
    shows(&answered, "<strong>5 questions have no answer, and all must be answered here");
    shows(&page(unanswered(), "zh").await, "<strong>5 项提问没有得到回答，而此处要求全部回答");
    let mut gap = unanswered();
    let (path, reason) = ("core/Huge.java".to_owned(), "too large".to_owned());
    gap.document.coverage.unread.push(Unread { path, lines: None, reason, leaves_gap: true });
    shows(&page(gap, "en").await, "<strong>Part of this could not be reviewed");
}

#[tokio::test]
async fn the_models_words_do_nothing() {
    let evil = "<script>alert(1)</script>\u{202e}\"'` <img src=x>";
    let mut reviewed = judged(evil);
    for question in &mut reviewed.document.coverage.asked.as_mut().unwrap().open {
        (question.path, question.policy) = (evil.to_owned(), evil.to_owned());
    }
    let answered = page(reviewed, "en").await;
    let text = &answered.text;
    assert!(!text.contains("<script") && !text.contains("<img") && !text.contains('\u{202e}'), "{text}");
    shows(&answered, "&#60;script&#62;alert(1)");
}
