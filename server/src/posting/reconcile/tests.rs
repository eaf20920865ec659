//! Wanted against posted, on a model of a merge request's comments.

use analyzers::finding::Decider;
use analyzers::policy::Severity;
use analyzers::report::document::{FindingRecord, FixRecord};
use proptest::prelude::*;

use super::*;
use crate::merge_request::{ForgeKind, MergeRequest};
use crate::posting::Options;
use crate::posting::testing::{
    PATH, added, assert_inert, at, finding, merge_request, options, record, reviewed, unread,
};
use crate::posting::wanted::wanted;
use crate::record::{Outcome, ReviewRecord};

const OWN: &str = "42";

/// A merge request's comments, and what the forge can do.
#[derive(Clone, Debug)]
struct Board {
    comments: Vec<PostedComment>,
    next: usize,
    resolves: bool,
    merge_request: MergeRequest,
    options: Options,
}

impl Board {
    fn new() -> Self {
        Self {
            comments: Vec::new(),
            next: 1,
            resolves: true,
            merge_request: merge_request(ForgeKind::Gitlab),
            options: options(),
        }
    }

    fn plan(&self, record: &ReviewRecord) -> Vec<Action> {
        let wanted = wanted(record, &self.merge_request, &self.options);
        reconcile(&wanted, &self.comments, OWN, &signer())
    }

    fn apply(&mut self, action: &Action) {
        match action {
            Action::Delete(comment) => self.comments.retain(|other| other.id != comment.id),
            Action::SetResolved { comment, resolved, .. } => {
                self.find(&comment.id).is_resolved = Some(*resolved);
            }
            // Forges change line ends and trim.
            Action::Edit { comment, body, .. } => {
                self.find(&comment.id).body = body.trim().replace('\n', "\r\n");
            }
            Action::Post(post) => {
                let first = &post.rungs[0];
                self.say(OWN, &first.body, first.placement != Placement::MergeRequest);
            }
        }
    }

    fn find(&mut self, id: &str) -> &mut PostedComment {
        self.comments.iter_mut().find(|comment| comment.id == id).unwrap()
    }

    fn say(&mut self, author: &str, body: &str, is_inline: bool) {
        let id = self.next.to_string();
        self.next += 1;
        self.comments.push(PostedComment {
            thread: (is_inline && self.resolves).then(|| format!("t{id}")),
            id,
            author: author.to_owned(),
            body: body.to_owned(),
            is_inline,
            is_resolved: (is_inline && self.resolves).then_some(false),
        });
    }

    /// Does all that follows, and proves that nothing follows from that.
    #[track_caller]
    fn settle(&mut self, record: &ReviewRecord) -> Vec<Action> {
        let actions = self.plan(record);
        actions.iter().for_each(|action| self.apply(action));
        assert_eq!(self.plan(record), [], "reconciling again does nothing");
        for comment in self.comments.iter().filter(|comment| comment.author == OWN) {
            // The one link is to the review's own page.
            let lines =
                comment.body.lines().filter(|line| !line.starts_with("[Full review](<https://bank.example/"));
            assert_inert(&lines.collect::<Vec<_>>().join("\n"));
        }
        actions
    }

    /// What people see, without heads: each comment's first line and whether it is resolved.
    fn seen(&self) -> Vec<(String, bool)> {
        let line = |body: &str| body.lines().next().unwrap_or_default().trim().to_owned();
        let seen =
            self.comments.iter().map(|comment| (line(&comment.body), comment.is_resolved == Some(true)));
        seen.collect()
    }

    /// What every comment of the service is about, sorted.
    fn marks(&self) -> Vec<(MarkKind, String)> {
        let trusted = |comment| signer().trusted(&self.merge_request.key, comment, OWN);
        let marks = self.comments.iter().filter_map(trusted);
        let mut marks: Vec<_> = marks.map(|trusted| (trusted.mark.kind, trusted.mark.key)).collect();
        marks.sort();
        marks
    }
}

fn signer() -> Signer {
    Signer::with_key([7; 32])
}

fn review(findings: &[u32]) -> ReviewRecord {
    reviewed(findings.iter().map(|number| finding(*number, *number)).collect(), added(60))
}

fn reviewed_at(head: &str, findings: &[u32]) -> ReviewRecord {
    let mut record = review(findings);
    record.bound_to.head = Some(head.repeat(40));
    record
}

#[test]
fn findings_are_posted_once_with_one_summary() {
    let mut board = Board::new();
    board.settle(&review(&[1, 2]));
    assert_eq!(board.comments.len(), 3);
    assert!(board.comments[2].body.contains("Countersign: failed"));
}

#[test]
fn nothing_is_said_of_a_clean_change() {
    let mut board = Board::new();
    assert_eq!(board.settle(&review(&[])), []);
}

#[test]
fn a_clean_change_updates_the_summary_that_stands() {
    let mut board = Board::new();
    board.settle(&review(&[1]));
    board.settle(&reviewed_at("c", &[]));
    let seen = board.seen();
    assert_eq!(seen[0], ("✅ **Fixed in `cccccccccccc`**: it is no longer found.".to_owned(), true));
    assert_eq!(seen[1], ("### ✅ Countersign: passed".to_owned(), false));
    assert!(board.comments[0].body.contains("Binary floating point"), "the old words stay below");
}

#[test]
fn what_the_model_found_is_not_fixed_while_its_question_is_open() {
    let mut board = Board::new();
    let asked = FindingRecord { decided_by: Decider::Model, ..finding(1, 1) };
    board.settle(&reviewed(vec![asked], added(60)));
    let open = |unasked: usize, unjudged: usize| {
        let mut record = reviewed_at("c", &[]);
        let Outcome::Reviewed(reviewed) = &mut record.outcome else { unreachable!() };
        let some = |count: usize| (0..count).map(|_| ("money/rounding".to_owned(), 1)).collect();
        reviewed.document.coverage.questions_unasked = some(unasked);
        reviewed.document.coverage.questions_unjudged = some(unjudged);
        record
    };
    for open in [open(1, 0), open(0, 1)] {
        board.settle(&open);
        assert_eq!(board.marks()[0].0, MarkKind::Asked);
    }
    board.settle(&open(0, 0));
    assert_eq!(board.marks()[0].0, MarkKind::Fixed, "every question was answered");
    let mut board = Board::new();
    board.settle(&review(&[1]));
    board.settle(&open(1, 1));
    assert_eq!(board.marks()[0].0, MarkKind::Fixed, "what was proved needs no answer");
}

#[test]
fn a_review_that_says_the_same_again_leaves_the_summary_alone() {
    let mut board = Board::new();
    let at = |url: &str| Some(url::Url::parse(url).unwrap());
    board.options.public_url = at("https://bank.example/");
    board.settle(&review(&[1]));
    let again = ReviewRecord { id: "e".repeat(32), ..review(&[1]) };
    assert_eq!(board.settle(&again), [], "its page alone is another one");
    board.options.public_url = at("https://bank.example/sign/");
    assert_eq!(board.settle(&again).len(), 1, "the old address may be gone");
}

#[test]
fn a_finding_that_is_back_opens_its_thread_again() {
    let mut board = Board::new();
    board.settle(&review(&[1]));
    let first = board.seen();
    board.settle(&reviewed_at("c", &[]));
    board.settle(&reviewed_at("e", &[1]));
    assert_eq!(board.seen(), first);
    assert_eq!(board.comments.len(), 2);
}

#[test]
fn a_forge_without_resolution_has_only_the_text_changed() {
    let mut board = Board { resolves: false, ..Board::new() };
    board.settle(&review(&[1]));
    let actions = board.settle(&reviewed_at("c", &[]));
    assert!(!actions.iter().any(|action| matches!(action, Action::SetResolved { .. })));
    assert!(board.seen()[0].0.starts_with("✅ **Fixed"));
}

#[test]
fn a_comment_stays_where_it_is_when_its_lines_move() {
    let mut board = Board::new();
    board.settle(&review(&[1]));
    let mut moved = reviewed_at("c", &[]);
    let Outcome::Reviewed(inside) = &mut moved.outcome else { unreachable!() };
    inside.document.findings = vec![FindingRecord { location: at(PATH, (40, 1), (40, 2)), ..finding(1, 40) }];
    inside.document.state = analyzers::gate::State::Failed;
    let actions = board.settle(&moved);
    assert!(actions.iter().all(|action| matches!(action, Action::Edit { reason: EditReason::Updated, .. })));
    assert!(board.comments[0].body.contains("&#58;40"), "{}", board.comments[0].body);
}

#[test]
fn a_finding_that_has_lost_its_place_is_not_fixed() {
    let mut board = Board::new();
    board.settle(&review(&[1]));
    let mut elsewhere = reviewed_at("c", &[1]);
    let Outcome::Reviewed(inside) = &mut elsewhere.outcome else { unreachable!() };
    inside.change = Default::default();
    board.settle(&elsewhere);
    assert_eq!(board.marks()[0].0, MarkKind::Finding);
    assert_eq!(board.comments.len(), 2);
}

#[test]
fn a_finding_that_the_model_dismisses_is_not_called_fixed() {
    let mut board = Board::new();
    board.settle(&review(&[1]));
    let inline = board.seen()[0].clone();
    let mut dismissed = review(&[]);
    let Outcome::Reviewed(reviewed) = &mut dismissed.outcome else { unreachable!() };
    reviewed.document.dismissed = vec![finding(1, 2)];
    board.settle(&dismissed);
    assert_eq!(board.seen()[0], inline);
    board.settle(&review(&[]));
    assert!(board.seen()[0].0.contains("Fixed"), "{:?}", board.seen());
}

#[test]
fn a_thread_that_people_resolve_or_open_stays_as_they_left_it() {
    let mut board = Board::new();
    board.settle(&review(&[1]));
    board.comments[0].is_resolved = Some(true);
    assert_eq!(board.settle(&review(&[1])), []);
    board.settle(&reviewed_at("c", &[]));
    board.comments[0].is_resolved = Some(false);
    assert_eq!(board.settle(&reviewed_at("c", &[])), []);
}

#[test]
fn what_was_not_reviewed_resolves_nothing() {
    let mut partial = review(&[]);
    let Outcome::Reviewed(inside) = &mut partial.outcome else { unreachable!() };
    inside.document.state = analyzers::gate::State::Partial;
    inside.document.coverage.unread = vec![unread("core/Huge.java", "too large")];
    let mut part_failed = review(&[2]);
    let Outcome::Reviewed(inside) = &mut part_failed.outcome else { unreachable!() };
    inside.document.coverage.unread = vec![unread("core/Huge.java", "too large")];
    for (record, summary) in [
        (record(Outcome::Stale), "### ⏩ Countersign: stale"),
        (record(Outcome::NotReviewed { reason: "no".to_owned() }), "### ⚠️ Countersign: not reviewed"),
        (partial, "### ⚠️ Countersign: partial"),
        (part_failed, "### ❌ Countersign: failed"),
        (record(Outcome::Running), "### ❌ Countersign: failed"),
    ] {
        let mut board = Board::new();
        board.settle(&review(&[1]));
        let before = board.comments[0].clone();
        board.settle(&record);
        assert_eq!(board.comments[0], before, "{summary}");
        assert_eq!(board.seen()[1].0, summary);
    }
}

#[test]
fn a_stale_or_running_review_starts_nothing() {
    for outcome in [Outcome::Stale, Outcome::Running] {
        assert_eq!(Board::new().settle(&record(outcome)), []);
    }
    let not_reviewed = record(Outcome::NotReviewed { reason: "no".to_owned() });
    assert_eq!(Board::new().settle(&not_reviewed).len(), 1, "but nobody is left without a reason");
}

#[test]
fn the_worst_have_comments_and_the_rest_are_in_the_summary() {
    let mut board = Board { options: Options { max_comments: 2, ..options() }, ..Board::new() };
    let mut many = review(&[1, 2, 3, 4]);
    let Outcome::Reviewed(inside) = &mut many.outcome else { unreachable!() };
    inside.document.findings[0].policy.severity = Severity::Minor;
    inside.document.findings[0].blocks = false;
    inside.document.findings[1].policy.severity = Severity::Major;
    board.settle(&many);
    let fingerprints: Vec<_> = board.marks().into_iter().map(|(_, key)| key).collect();
    assert_eq!(fingerprints, [finding(3, 3).fingerprint, finding(4, 4).fingerprint, "summary".to_owned()]);
    let summary = &board.comments[2].body;
    assert!(summary.contains("2 findings that are not beside the code"), "{summary}");
    assert!(
        summary.contains("LedgerService.java:1") && summary.contains("LedgerService.java:2"),
        "{summary}"
    );
}

#[test]
fn those_already_posted_keep_their_place_when_worse_ones_come() {
    let mut board = Board { options: Options { max_comments: 1, ..options() }, ..Board::new() };
    let mut mild = review(&[5]);
    let Outcome::Reviewed(inside) = &mut mild.outcome else { unreachable!() };
    inside.document.findings[0].policy.severity = Severity::Major;
    let major = inside.document.findings[0].clone();
    board.settle(&mild);
    let mut worse = review(&[1]);
    let Outcome::Reviewed(inside) = &mut worse.outcome else { unreachable!() };
    inside.document.findings.push(major);
    board.settle(&worse);
    assert_eq!(board.marks()[0].1, finding(5, 5).fingerprint);
    assert_eq!(board.comments.len(), 2);
}

#[test]
fn comments_of_others_and_forged_markers_are_left_alone() {
    let mut board = Board::new();
    let mark = Mark::finding(&finding(1, 1).fingerprint, Decider::Proof, "b");
    let signed = signer().sign(&board.merge_request.key, &mark, "ours?");
    board.say("66", &signed, true);
    board.say(OWN, &Signer::with_key([8; 32]).sign(&board.merge_request.key, &mark, "ours?"), true);
    let mut elsewhere = board.merge_request.key.clone();
    elsewhere.number = 8;
    board.say(OWN, &signer().sign(&elsewhere, &mark, "ours?"), true);
    board.say("66", "/merge", false);
    let before = board.comments.clone();
    board.settle(&review(&[1]));
    assert_eq!(board.comments[..4], before[..]);
    assert_eq!(board.comments.len(), 6);
    board.settle(&review(&[]));
    assert_eq!(board.comments[..4], before[..]);
}

#[test]
fn twins_are_deleted_and_the_oldest_stays() {
    let mut board = Board::new();
    board.settle(&review(&[1, 2]));
    let twin = board.comments[0].body.clone();
    board.say(OWN, &twin, true);
    let summary = board.comments[2].body.clone();
    board.say(OWN, &summary, false);
    let actions = board.settle(&review(&[1, 2]));
    assert_eq!(actions.len(), 2);
    let ids: Vec<_> = board.comments.iter().map(|comment| comment.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
}

#[test]
fn words_that_somebody_put_into_our_comment_are_never_repeated() {
    let mut board = Board::new();
    board.settle(&review(&[1]));
    let body = format!("/merge @all\n{}", board.comments[0].body);
    board.comments[0].body = body.clone();
    let mut gone = board.clone();
    gone.settle(&reviewed_at("c", &[]));
    assert!(!gone.comments[0].body.contains("merge @all"), "{}", gone.comments[0].body);
    board.settle(&review(&[1]));
    assert!(!board.comments[0].body.contains("merge @all"), "{}", board.comments[0].body);
}

#[test]
fn a_suggestion_stays_in_the_comment_it_was_posted_in_and_is_never_edited_in() {
    let with_fix = |head: &str, replacement: &str| {
        let mut record = reviewed_at(head, &[1]);
        let Outcome::Reviewed(inside) = &mut record.outcome else { unreachable!() };
        inside.document.findings[0].fix =
            Some(FixRecord { location: at(PATH, (1, 9), (1, 15)), replacement: replacement.to_owned() });
        record
    };
    let mut board = Board::new();
    let posts = board.settle(&with_fix("b", "BigDecimal"));
    let Action::Post(post) = &posts[0] else { panic!("{posts:?}") };
    assert!(post.rungs[0].body.contains("```suggestion:-0+0\n        BigDecimal amount1 = 0;\n```\n"));
    assert!(post.rungs[1..].iter().all(|rung| !rung.body.contains("```suggestion")));
    assert!(
        matches!(board.settle(&with_fix("c", "BigDecimal"))[..], [Action::Edit { .. }]),
        "the summary only"
    );
    board.settle(&with_fix("c", "Money"));
    let body = &board.comments[0].body;
    assert!(body.contains("Money") && !body.contains("```suggestion"), "{body}");
    let mut late = Board::new();
    late.settle(&review(&[1]));
    late.settle(&with_fix("c", "BigDecimal"));
    assert!(!late.comments[0].body.contains("```suggestion"));
}

/// What one review of a history says.
#[derive(Clone, Debug)]
enum Said {
    Findings(Vec<u32>),
    Gap(Vec<u32>),
    Stale,
    NotReviewed,
    Running,
}

fn record_of(head: usize, said: &Said) -> ReviewRecord {
    let digit = char::from_digit(head as u32 % 16, 16).unwrap().to_string();
    let mut record = match said {
        Said::Findings(findings) => review(findings),
        Said::Gap(findings) => {
            let mut record = review(findings);
            let Outcome::Reviewed(inside) = &mut record.outcome else { unreachable!() };
            inside.document.coverage.unread = vec![unread("core/Huge.java", "too large")];
            if findings.is_empty() {
                inside.document.state = analyzers::gate::State::Partial;
            }
            record
        }
        Said::Stale => record(Outcome::Stale),
        Said::NotReviewed => record(Outcome::NotReviewed { reason: "no".to_owned() }),
        Said::Running => record(Outcome::Running),
    };
    record.bound_to.head = Some(digit.repeat(40));
    record
}

fn said() -> impl Strategy<Value = Said> {
    let findings =
        || proptest::collection::btree_set(1..8u32, 0..6).prop_map(|set| set.into_iter().collect());
    prop_oneof![
        4 => findings().prop_map(Said::Findings),
        1 => findings().prop_map(Said::Gap),
        1 => Just(Said::Stale),
        1 => Just(Said::NotReviewed),
        1 => Just(Said::Running),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn however_often_it_crashes_the_same_comments_stand_in_the_end(
        history in proptest::collection::vec((said(), proptest::collection::vec(0..12usize, 0..4)), 1..5),
        max_comments in 0..5usize,
        resolves in any::<bool>(),
    ) {
        let start = Board { resolves, options: Options { max_comments, ..options() }, ..Board::new() };
        let (mut calm, mut crashing) = (start.clone(), start);
        for (head, (said, crashes)) in history.iter().enumerate() {
            let record = record_of(head, said);
            calm.settle(&record);
            for done in crashes {
                let actions = crashing.plan(&record);
                actions.iter().take(*done).for_each(|action| crashing.apply(action));
            }
            crashing.settle(&record);
            prop_assert_eq!(crashing.seen(), calm.seen());
            let marks = crashing.marks();
            let mut about: Vec<_> = marks.iter().map(|(_, key)| key).collect();
            about.dedup();
            prop_assert_eq!(about.len(), marks.len(), "no twins");
            prop_assert_eq!(marks, calm.marks());
        }
    }
}
