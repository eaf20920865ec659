//! Reviews in which a model had its say: real ones, with what a model did put in.

use std::collections::BTreeMap;

use analyzers::finding::Decider;
use analyzers::report::document::FindingRecord;
use analyzers::review::asked::{Asked, OpenQuestion, Rejection, Tokens, Unjudged};

use super::reviewed;
use crate::record::Reviewed;

/// A change with a finding that does not block.
const LIMITS: &str = include_str!("../../../../tests/fixtures/limits.diff");

/// A review with a model: it decided a finding and dismissed one, both in these words, and left questions open.
pub(crate) fn judged(why: &str) -> Reviewed {
    let mut reviewed = reviewed(LIMITS);
    let document = &mut reviewed.document;
    let told = document.findings.iter_mut().find(|finding| !finding.blocks).unwrap();
    (told.decided_by, told.why) = (Decider::Model, Some(why.to_owned()));
    let dismissed = FindingRecord { decided_by: Decider::Proof, ..told.clone() };
    document.dismissed = vec![dismissed];
    let open = |line, reason| OpenQuestion {
        path: "core/limits/Limits.java".to_owned(),
        line,
        policy: "trust/retry-without-key".to_owned(),
        reason,
    };
    let coverage = &mut document.coverage;
    let policy = "trust/retry-without-key".to_owned();
    coverage.questions_unjudged = BTreeMap::from([(policy.clone(), 3)]);
    coverage.questions_unasked = BTreeMap::from([(policy, 2)]);
    coverage.asked = Some(Asked {
        prompts: 21,
        repairs: 2,
        questions: 19,
        answered: 16,
        doubts: 2,
        dismissed: 1,
        unjudged: BTreeMap::from([(Unjudged::Unclear, 2), (Unjudged::DeadlineExceeded, 1)]),
        rejected: BTreeMap::from([(Rejection::QuoteNotFound, 2)]),
        tokens: Tokens { prompt: 61_200, cached: 40_100, thinking: 18_400, answer: 2_900 },
        open: vec![
            open(31, Some(Unjudged::Unclear)),
            open(44, Some(Unjudged::Unclear)),
            open(58, Some(Unjudged::DeadlineExceeded)),
            open(90, None),
        ],
    });
    reviewed
}

/// A review in which nothing is wrong but that questions are open, where all must be answered.
pub(crate) fn unanswered() -> Reviewed {
    let mut reviewed = judged("");
    let document = &mut reviewed.document;
    (document.findings, document.dismissed, document.blocking) = (Vec::new(), Vec::new(), 0);
    document.state = analyzers::gate::State::Partial;
    reviewed
}
