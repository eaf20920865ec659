//! Proves figures, labels and what they earn, on the built-in pack and on counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use serde_json::{Value, json};

use super::*;
use crate::model::{Completion, Finish, Model, ModelError, Prompt, Usage};
use crate::policy::{PolicyFile, PolicySet, builtin_files};
use crate::review::asked::Unjudged;

/// Knows where the breaches of one file are, and tells no more than a model can: what stands in the prompt.
struct Knowing<'a> {
    file: &'a LabelledFile,
    prompts: Mutex<Vec<String>>,
}

impl Model for Knowing<'_> {
    fn complete(&self, prompt: &Prompt) -> Result<Completion, ModelError> {
        self.prompts.lock().unwrap().push(format!("{}\n{}\n{}", prompt.prefix, prompt.body, prompt.schema));
        let asked = prompt.body.split("Policies to answer for: ").nth(1).unwrap_or_default();
        let asked = asked.lines().next().unwrap_or_default().split(", ").filter(|id| !id.is_empty());
        let answers: Vec<Value> = asked.map(|id| answer(id, self.quote(id, &prompt.body))).collect();
        let text = json!({"answers": answers}).to_string();
        Ok(Completion { thinking: None, text, finish: Finish::Stop, usage: Usage::default() })
    }
}

fn answer(id: &str, quote: Option<String>) -> Value {
    let verdict = if quote.is_some() { "breach" } else { "clean" };
    json!({
        "policy": id, "quote": quote.unwrap_or_default(), "reason": "r", "verdict": verdict,
        "claim": {"kind": "other", "subject": "", "value": ""},
    })
}

impl Knowing<'_> {
    /// The breach in the code of a prompt, as few lines of it as stand there once.
    fn quote(&self, id: &str, body: &str) -> Option<String> {
        if id != self.file.policy {
            return None;
        }
        let lines = |text: &str| -> Vec<(usize, String)> {
            let lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty());
            lines.map(|(number, line)| (number, line.to_owned())).collect()
        };
        let written = lines(&self.file.text);
        let shown: Vec<&str> = body.lines().filter_map(|line| line.strip_prefix('+')).collect();
        let shown: Vec<String> = lines(&shown.join("\n")).into_iter().map(|(_, line)| line).collect();
        // Where the shown lines are from: there most of them are as written.
        let alike = |from: &usize| {
            let pairs = written[*from..].iter().zip(&shown);
            pairs.filter(|((_, written), shown)| written == *shown).count()
        };
        let from = (0..written.len()).max_by_key(|from| (alike(from), std::cmp::Reverse(*from)))?;
        let is_breach = |at: &usize| {
            let line = written.get(from + at).map(|(number, _)| *number as u32);
            self.file.places.iter().any(|place| place.is_breach && Some(place.line) == line)
        };
        let at = (0..shown.len()).find(is_breach)?;
        let whole = shown.join("\n");
        let quotes = (at..shown.len()).map(|last| shown[at..=last].join("\n"));
        quotes.into_iter().find(|quote| whole.matches(quote.as_str()).count() == 1)
    }
}

fn pack() -> (PolicySet, Labels) {
    let policies = PolicySet::builtin().unwrap();
    let files: Vec<PolicyFile> = builtin_files().collect();
    let labels = labelled(&policies, &files, &BTreeSet::new()).unwrap();
    (policies, labels)
}

#[test]
fn a_model_that_knows_is_right_about_the_whole_pack_and_no_prompt_holds_a_label() {
    let (policies, labels) = pack();
    assert!(labels.files.len() > 200, "{}", labels.files.len());
    let (mut wrong, mut overall) = (Vec::new(), Tally::default());
    for file in &labels.files {
        let model = Knowing { file, prompts: Mutex::default() };
        let tally = measure(file, &policies, &model);
        let labels = [tally.false_positives, tally.misplaced, tally.unjudged.values().sum()];
        if tally.false_negatives > 0 || labels != [0; 3] {
            wrong.push(format!("{}: {tally:?}", file.shown_as));
        }
        overall.add(&tally);
        for prompt in model.prompts.into_inner().unwrap() {
            for label in ["near-miss:", "not-asked:", "stands-for:", &format!("breach: {}", file.policy)] {
                assert!(!prompt.contains(label), "`{label}` in a prompt about {}:\n{prompt}", file.shown_as);
            }
            let shown = prompt.lines().find(|line| line.starts_with("File: ")).unwrap_or_default().to_owned();
            assert!(!shown.contains("near") && !shown.contains(&file.policy), "{shown}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(overall.precision().value, Some(1.0));
    assert!(overall.places() > 600 && overall.over_budget == 0, "{overall:?}");
}

#[test]
fn labels_are_blanked_where_they_stand_and_nothing_else_is() {
    let (_, labels) = pack();
    let written: BTreeMap<String, String> =
        builtin_files().map(|file| (file.shown_as.clone(), file.text)).collect();
    for file in &labels.files {
        let before = &written[&file.shown_as];
        assert_eq!(before.lines().count(), file.text.lines().count(), "{}", file.shown_as);
        for (written, shown) in before.lines().zip(file.text.lines()) {
            let is_label = ["breach: ", "near-miss: ", "not-asked: ", "stands-for: "]
                .iter()
                .any(|label| written.contains(label));
            let is_same = written == shown;
            assert!(is_same != is_label, "{}: `{written}` became `{shown}`", file.shown_as);
            assert!(is_same || shown.trim().is_empty(), "{}: `{shown}`", file.shown_as);
        }
    }
}

#[test]
fn a_label_that_is_part_of_code_is_named_and_not_guessed_at() {
    let text = "class A {\n    String s = \"breach: trust/retry\";\n    void a(Client client) { client.retry(a); }\n}\n";
    let set = PolicySet::builtin().unwrap();
    let policy = set.in_force().find(|policy| policy.asks()).unwrap();
    let text = text.replace("trust/retry", &policy.id);
    let file = PolicyFile::new(format!("{}.java", policy.id), "own.java".to_owned(), text);
    let errors = labelled(&set, &[file], &BTreeSet::new()).unwrap_err();
    assert_eq!(
        (errors.len(), errors[0].line, errors[0].file.as_str()),
        (1, Some(2), "own.java"),
        "{errors:?}"
    );
}

#[test]
fn shares_have_wilsons_interval() {
    let near = |share: Share, low: f64, high: f64| {
        assert!((share.low - low).abs() < 5e-5 && (share.high - high).abs() < 5e-5, "{share:?}");
    };
    near(Share::new(9, 10), 0.5958, 0.9821);
    near(Share::new(10, 10), 0.7225, 1.0);
    near(Share::new(0, 10), 0.0, 0.2775);
    near(Share::new(50, 100), 0.4038, 0.5962);
    assert_eq!((Share::new(0, 0).value, Share::new(0, 0).low, Share::new(0, 0).high), (None, 0.0, 1.0));
    assert!(Share::new(34, 34).low < LEAST_PRECISION && Share::new(35, 35).low >= LEAST_PRECISION);
}

fn tally(counts: [usize; 4], misplaced: usize, malformed: usize) -> Tally {
    let [true_positives, false_positives, false_negatives, true_negatives] = counts;
    let unjudged = BTreeMap::from([(Unjudged::Malformed, malformed)]);
    Tally {
        true_positives,
        false_positives,
        false_negatives,
        true_negatives,
        misplaced,
        unjudged,
        ..Tally::default()
    }
}

fn report(policies: &[(&str, Tally)]) -> EvaluationReport {
    EvaluationReport::new(
        "2026-01-31T02:00:00Z".to_owned(),
        ModelRecord { name: "r1".into(), place: "remote".into(), fingerprint: Some("sha256:77".into()) },
        "policies".to_owned(),
        SetRecord { digest: "set".into(), source: "here".into(), files: 1 },
        1,
        policies.iter().map(|(id, tally)| ((*id).to_owned(), tally.clone())).collect(),
    )
}

#[test]
fn a_policy_earns_its_block_by_precision_and_number_alone() {
    let report = report(&[
        ("a/right", tally([35, 0, 20, 0], 0, 0)),
        ("a/few", tally([34, 0, 20, 0], 0, 0)),
        ("a/noisy", tally([40, 5, 0, 0], 0, 0)),
        ("a/misplaced", tally([40, 0, 0, 0], 5, 0)),
    ]);
    let worthy = BTreeSet::from(["a/right".to_owned()]);
    assert_eq!(report.earned("policies", Some("sha256:77")), Ok(worthy));
    assert_eq!(report.earned("policies", Some("sha256:78")), Err(NothingEarned::OtherModel));
    assert_eq!(report.earned("policies", None), Err(NothingEarned::UnknownModel));
    assert_eq!(report.earned("others", Some("sha256:77")), Err(NothingEarned::OtherPolicies));
}

#[test]
fn a_report_is_read_as_it_was_written_and_believed_by_its_counts_only() {
    let report = report(&[("a/b", tally([10, 2, 3, 4], 1, 5))]);
    assert_eq!(EvaluationReport::read(&report.text()), Ok(report.clone()));
    let mut forged: Value = serde_json::from_str(&report.text()).unwrap();
    assert_eq!(forged["policies"]["a/b"]["precision"]["of"], 13);
    forged["policies"]["a/b"]["precision"] =
        json!({"hits": 99, "of": 99, "value": 1.0, "low": 1.0, "high": 1.0});
    assert_eq!(EvaluationReport::read(&forged.to_string()), Ok(report.clone()));
    for (key, value, words) in [("kind", json!("other"), "kind"), ("schema_version", json!(9), "version 9")] {
        let mut other: Value = serde_json::from_str(&report.text()).unwrap();
        other[key] = value;
        assert!(EvaluationReport::read(&other.to_string()).unwrap_err().contains(words));
    }
    assert!(EvaluationReport::read("{").is_err());
}

#[test]
fn what_chance_explains_is_no_alarm() {
    let before = report(&[("a/b", tally([90, 5, 10, 95], 0, 2))]);
    let alarms = |now: Tally| alarms(&before, &report(&[("a/b", now)]));
    assert_eq!(alarms(tally([85, 8, 15, 92], 0, 3)), []);
    let whose = |alarms: Vec<Alarm>| alarms.into_iter().map(|alarm| alarm.policy).collect::<Vec<_>>();
    let both = vec![None, Some("a/b".to_owned())];
    assert_eq!(whose(alarms(tally([60, 0, 40, 100], 0, 0))), both, "recall");
    assert_eq!(whose(alarms(tally([90, 40, 10, 60], 0, 0))), both, "precision");
    let now = alarms(tally([90, 5, 10, 95], 0, 4));
    assert_eq!(now, [Alarm { policy: None, figure: Figure::FormatFailures(2, 4) }]);
}
