//! Data flow: what reaches a sink is found, and nothing else, in every case of `tests/flow`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tests::Desk;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/flow");
const MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/models");

/// A parameter named `tainted` is the source, a call of `sink` is the sink.
const POLICY: &str = "id: own/flow\ncode: OWN-1\ntitle: T\nseverity: blocker\nlanguages: [java, python, go, javascript, typescript]\n\
                      objective: O\nrationale: R\nsuccess_criteria: S\nfailure_criteria: F\nremedy: M\nchecks:\n  - flow:\n      \
                      java, python, go, javascript, typescript:\n        sources: [{parameter: {named: tainted}}]\n        \
                      sinks: [{call: [sink, Sink]}]\n    message: \"$SOURCE reaches $SINK\"\n";

/// Files below a folder, or the file itself.
fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        return found.push(path.to_path_buf());
    }
    let mut inner: Vec<_> =
        fs::read_dir(path).expect("a folder").flatten().map(|entry| entry.path()).collect();
    inner.sort();
    inner.iter().for_each(|inner| files(inner, found));
}

/// A desk whose policies are the one of these proofs, and the models of the pack.
fn desk() -> Desk {
    let desk = Desk::new().with_builtin_policies();
    desk.write("policies/own/flow.yaml", POLICY);
    for model in fs::read_dir(MODELS).expect("the models").flatten() {
        let name = model.file_name().into_string().expect("a plain name");
        desk.write(&format!("policies/models/{name}"), fs::read(model.path()).expect("a model"));
    }
    desk
}

/// How many lines of a case are labelled, and those that are told wrongly.
fn mistakes(desk: &Desk, case: &Path) -> (usize, Vec<String>) {
    let shown = case.display().to_string();
    let run = desk.run(&["scan", "--no-builtin", "--policies", "policies", "--format", "json", &shown]);
    let report = run.json();
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let mut told = BTreeSet::new();
    for finding in &findings {
        let places = std::iter::once(&finding["location"])
            .chain(finding["related"].as_array().into_iter().flatten().map(|related| &related["location"]));
        for place in places {
            let path = place["path"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default();
            told.insert((path.to_owned(), place["start"]["line"].as_u64().unwrap_or_default()));
        }
        assert!(!finding["flow"].as_array().is_none_or(Vec::is_empty), "{finding} does not say the way");
    }
    let mut paths = Vec::new();
    files(case, &mut paths);
    let (mut labels, mut wrong) = (0, Vec::new());
    for path in paths {
        let name = path.strip_prefix(CASES).unwrap_or(&path).display().to_string();
        let file = name.rsplit('/').next().unwrap_or_default().to_owned();
        for (number, line) in (1_u64..).zip(fs::read_to_string(&path).expect("a case").lines()) {
            let label =
                line.rsplit_once("// ").or_else(|| line.rsplit_once("# ")).map(|(_, label)| label.trim());
            let expected = match label {
                Some("flow") => true,
                Some("no flow") => false,
                _ => continue,
            };
            labels += 1;
            if told.contains(&(file.clone(), number)) != expected {
                wrong.push(format!(
                    "{}: {name}:{number}: {}",
                    if expected { "missed" } else { "false" },
                    line.trim()
                ));
            }
        }
    }
    (labels, wrong)
}

fn suite(language: &str) {
    let desk = desk();
    let mut cases: Vec<_> = fs::read_dir(Path::new(CASES).join(language))
        .expect("cases")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    cases.sort();
    let (mut labels, mut wrong) = (0, Vec::new());
    for case in cases {
        let (count, mut more) = mistakes(&desk, &case);
        labels += count;
        wrong.append(&mut more);
    }
    assert!(labels > 50, "{language} has {labels} cases");
    assert!(wrong.is_empty(), "{} of {labels} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn flows_of_java_are_found_and_no_others() {
    suite("java");
}

#[test]
fn flows_of_python_are_found_and_no_others() {
    suite("python");
}

#[test]
fn flows_of_go_are_found_and_no_others() {
    suite("go");
}

#[test]
fn flows_of_javascript_are_found_and_no_others() {
    suite("javascript");
}

#[test]
fn a_flow_that_a_change_makes_is_told_on_the_line_that_made_it() {
    let desk = desk();
    let repository = desk.repository();
    let sink = "class Out {\n    static void print(String text) {\n        Sink.sink(text);\n    }\n}\n";
    let entry =
        |line: &str| format!("class In {{\n    void enter(String tainted) {{\n        {line}\n    }}\n}}\n");
    repository.write("Out.java", sink);
    repository.write("In.java", entry("Out.print(\"fixed\");"));
    repository.commit("before");
    repository.write("In.java", entry("Out.print(tainted);"));
    repository.commit("after");
    let range = ["review", "--base", "HEAD~1", "--head", "HEAD"];
    let run =
        desk.run(&[&range[..], &["--no-builtin", "--policies", "policies", "--format", "sarif"]].concat());
    run.ends(1);
    let result = run.json()["runs"][0]["results"][0].clone();
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "In.java", "{result}");
    assert_eq!(place["region"]["startLine"], 3);
    let steps = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().map_or(0, Vec::len);
    assert!(steps >= 3, "{result}");
}

#[test]
fn what_a_flow_check_gets_wrong_is_said() {
    let desk = desk();
    let check = |from: &str, to: &str, says: &str| {
        desk.write("policies/own/flow.yaml", POLICY.replace(from, to));
        desk.run(&["policy", "check", "--no-builtin", "policies"]).ends(2).says(says);
    };
    check("{parameter: {named: tainted}}", "{model: nonesuch}", "no list of sources is named `nonesuch`");
    check("{parameter: {named: tainted}}", "{}", "a source is a `pattern`, `call`, `parameter` or `model`");
    check("{call: [sink, Sink]}", "{call: sink, argument: $X}", "is a position from 0");
    check("{call: [sink, Sink]}", "{pattern: \"sink($X)\", argument: 1}", "is the variable that captures it");
    check("{named: tainted}", "{nam: tainted}", "unknown field `nam`");
}
