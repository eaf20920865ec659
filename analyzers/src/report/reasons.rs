//! Why a question for the model is open, in words: the same ones in reports, comments and pages.
//!
//! A reason and a language in, a phrase without a full stop out.

use std::collections::BTreeMap;

use crate::review::asked::Unjudged;
use crate::text::Locale;

/// The reason in words. A question without one was not asked, because the review might ask no more.
pub fn reason(reason: Option<Unjudged>, locale: Locale) -> &'static str {
    let (en, zh) = match reason {
        None => ("not asked, the review may ask no more", "未提问：本次审查的提问额度已用完"),
        Some(Unjudged::Unclear) => ("the code does not decide it", "仅凭代码无法判断"),
        Some(Unjudged::Truncated) => ("the answer was cut off", "回答被截断"),
        Some(Unjudged::Malformed) => ("the answer has not the form that was asked for", "回答不符合规定格式"),
        Some(Unjudged::Unfounded) => ("what the answer says does not hold", "回答的依据不成立"),
        Some(Unjudged::Unavailable) => ("the model could not be reached or failed", "模型无法访问或出错"),
        Some(Unjudged::DeadlineExceeded) => ("the model did not answer in time", "模型未在时限内回答"),
        Some(Unjudged::Cancelled) => ("the question was withdrawn", "提问已撤回"),
        Some(Unjudged::Refused) => ("the model does not take the question", "模型不接受该提问"),
        Some(Unjudged::Unreadable) => ("the file could not be read again", "文件无法再次读取"),
    };
    locale.pick(en, zh)
}

/// How many questions were asked and have no answer that counts, with the reason for each count.
pub fn counted(unjudged: &BTreeMap<Unjudged, usize>, locale: Locale) -> Vec<String> {
    let say = |(why, count): (&Unjudged, &usize)| format!("{count} × {}", reason(Some(*why), locale));
    unjudged.iter().filter(|(_, count)| **count > 0).map(say).collect()
}
