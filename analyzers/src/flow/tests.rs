//! The suite of `tests/flow`: what runs into `sink` and what does not, by language.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use grammars::{Language, ParseBudget, SyntaxTree};

use crate::flow::effect::Models;
use crate::flow::program::Program;
use crate::flow::query::{CallQuery, ParameterQuery, Queries, Role};
use crate::flow::roots;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn models(language: Language) -> Models {
    let name = language.name();
    let path = root().join(format!("policies/models/{name}.yaml"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let value: serde_json::Value =
        serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let models = Models::read(value["types"].clone(), value["functions"].clone());
    models.unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A parameter named `tainted` is the source; a call of `sink` is the sink.
fn queries(language: Language) -> Queries {
    let mut queries = Queries::default();
    let all = [language, Language::JavaScript, Language::TypeScript];
    for language in all {
        let sink = || CallQuery { of: None, role: Role::Sink(Vec::new()), queries: 1 };
        queries.calls.insert((language, "sink".to_owned()), vec![sink()]);
        queries.calls.insert((language, "Sink".to_owned()), vec![sink()]);
        let source =
            ParameterQuery { names: vec!["tainted".to_owned()], queries: 1, ..ParameterQuery::default() };
        queries.parameters.insert(language, vec![source]);
    }
    let language = crate::flow::model_language(language);
    queries.models.insert(language, models(language).into());
    queries
}

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut inner: Vec<_> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        inner.sort();
        inner.iter().for_each(|inner| files(inner, found));
    } else {
        found.push(path.to_path_buf());
    }
}

/// What a case's files say and what the engine says that is not the same.
fn mistakes(case: &Path) -> (usize, Vec<String>) {
    let mut paths = Vec::new();
    files(case, &mut paths);
    let mut units = Vec::new();
    let mut texts = BTreeMap::new();
    for path in &paths {
        let text = std::fs::read_to_string(path).unwrap();
        let shown = path.strip_prefix(case.parent().unwrap()).unwrap().display().to_string();
        let Some(language) = Language::detect(&shown, text.as_bytes()) else { continue };
        let tree = SyntaxTree::parse(text.clone(), language, ParseBudget::default()).unwrap();
        assert!(tree.errors().is_empty(), "{shown} has syntax errors: {:?}", tree.errors());
        let Some(unit) = grammars::flow::lower(&tree) else { continue };
        units.push((shown.clone(), language, unit));
        texts.insert(shown, text);
    }
    let language = units.first().expect("a case has files").1;
    let program = Program::new(units);
    let found = roots::run(&program, &queries(language), roots::WORK_FOR_ONE);
    let line_of = |text: &str, at: u32| text[..at as usize].matches('\n').count() + 1;
    let mut reached = BTreeSet::new();
    for flow in found.flows.values() {
        let path = program.file(flow.sink.unit).path.clone();
        let line = line_of(&texts[&path], flow.sink.range.start);
        reached.insert((path, line));
    }
    let mut all = 0;
    let mut wrong = Vec::new();
    for (path, text) in &texts {
        for (index, line) in text.lines().enumerate() {
            let expected = match line
                .rsplit_once("// ")
                .or_else(|| line.rsplit_once("# "))
                .map(|(_, label)| label.trim())
            {
                Some("flow") => true,
                Some("no flow") => false,
                _ => continue,
            };
            all += 1;
            if reached.contains(&(path.clone(), index + 1)) != expected {
                let kind = if expected { "missed" } else { "false" };
                wrong.push(format!("{kind}: {path}:{}: {}", index + 1, line.trim()));
            }
        }
    }
    for at in &found.undecided {
        wrong.push(format!("undecided: {}: {}", program.file(at.unit).path, program.function(*at).name));
    }
    (all, wrong)
}

fn suite(language: &str) {
    let folder = root().join("tests/flow").join(language);
    let mut cases: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let wanted = std::env::var("FLOW_CASE").unwrap_or_default();
    let (mut all, mut wrong) = (0, Vec::new());
    for case in cases.iter().filter(|case| case.display().to_string().contains(&wanted)) {
        let case = case.clone();
        let run = std::thread::Builder::new().stack_size(512 << 20).spawn(move || mistakes(&case)).unwrap();
        let (count, mut more) = run.join().unwrap();
        all += count;
        wrong.append(&mut more);
    }
    assert!(all > 0, "{} holds no cases", folder.display());
    assert!(wrong.is_empty(), "{} of {all} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn java_flows_are_found_and_no_others() {
    suite("java");
}

#[test]
fn python_flows_are_found_and_no_others() {
    suite("python");
}

#[test]
fn go_flows_are_found_and_no_others() {
    suite("go");
}

#[test]
fn javascript_flows_are_found_and_no_others() {
    suite("javascript");
}
