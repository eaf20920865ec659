//! From files and policies to flows: lowers the files, gathers what the policies look for, runs, and tells where.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use grammars::Language;
use rayon::prelude::*;

use crate::candidate::{Candidate, DecidedBy, Elsewhere, FlowMark, Scope, marks};
use crate::finding::Location;
use crate::flow::engine::Flow;
use crate::flow::model_language;
use crate::flow::program::Program;
use crate::flow::query::{CallQuery, ParameterQuery, Queries, Role};
use crate::flow::roots;
use crate::flow::trail::Place;
use crate::policy::{
    CheckKind, EndpointKind, EndpointRole, FlowRules, PathAnswers, Policy, PolicyError, PolicySet,
};
use crate::region::SourceFile;

/// Checks that one run answers: a bit each.
const CHECKS_OF_ONE_RUN: usize = 64;

/// Memory for calls inside calls.
const STACK_BYTES: usize = 1 << 30;

/// Flows, and functions that were too much work.
#[derive(Default)]
pub(crate) struct Flows {
    /// A candidate for each flow, with the path of the file in which it is.
    pub(crate) candidates: Vec<(String, Candidate)>,
    /// Path, place and name of functions whose flows were not decided.
    pub(crate) undecided: Vec<(String, Range<usize>, String)>,
    /// How many functions were not looked at, because all of it was too much work.
    pub(crate) left_out: usize,
    /// Checks that could not run.
    pub(crate) faults: Vec<PolicyError>,
}

/// A check of data flow in force.
struct Asked {
    policy: Arc<Policy>,
    check: usize,
}

/// The flows within some files.
pub(crate) fn flows(
    files: &[SourceFile],
    policies: &PolicySet,
    only: Option<&BTreeSet<String>>,
    elsewhere: &dyn Elsewhere,
) -> Flows {
    let mut families: Vec<Vec<&SourceFile>> = Vec::new();
    for file in files.iter().filter(|file| file.language.has_flow()) {
        let is_kin = |family: &&mut Vec<&SourceFile>| {
            family
                .first()
                .is_some_and(|known| model_language(known.language) == model_language(file.language))
        };
        match families.iter_mut().find(is_kin) {
            Some(family) => family.push(file),
            None => families.push(vec![file]),
        }
    }
    let mut all = Flows::default();
    for family in families {
        let language = family.first().map_or(Language::Java, |file| file.language);
        let asked = asked(policies, only, language);
        for asked in asked.chunks(CHECKS_OF_ONE_RUN) {
            let run = Run { files: &family, policies, only, elsewhere, asked };
            run.run(&mut all);
        }
    }
    all
}

fn asked(policies: &PolicySet, only: Option<&BTreeSet<String>>, language: Language) -> Vec<Asked> {
    let reads = |rules: &std::collections::BTreeMap<Language, Arc<FlowRules>>| {
        rules.keys().any(|known| model_language(*known) == model_language(language))
    };
    let wanted = policies.in_force().filter(|policy| only.is_none_or(|only| only.contains(&policy.id)));
    wanted
        .flat_map(|policy| {
            let checks = policy.checks.iter().enumerate();
            let flows = checks
                .filter(move |(_, check)| matches!(&check.kind, CheckKind::Flow(rules) if reads(rules)));
            flows.map(|(check, _)| Asked { policy: policy.clone(), check })
        })
        .collect()
}

struct Run<'a> {
    files: &'a [&'a SourceFile],
    policies: &'a PolicySet,
    only: Option<&'a BTreeSet<String>>,
    elsewhere: &'a dyn Elsewhere,
    asked: &'a [Asked],
}

impl Run<'_> {
    fn run(&self, all: &mut Flows) {
        let lowered: Vec<_> = self
            .files
            .par_iter()
            .filter_map(|file| {
                let unit = grammars::flow::lower(file.tree()?)?;
                let scope = Scope { policies: self.policies, only: self.only, elsewhere: self.elsewhere };
                Some((file.path.clone(), file.language, unit, marks(file, &scope)))
            })
            .collect();
        let mut found_marks: HashMap<String, Vec<FlowMark>> = HashMap::new();
        let mut units = Vec::with_capacity(lowered.len());
        for (path, language, unit, detected) in lowered {
            for fault in detected.faults {
                if !all.faults.contains(&fault) {
                    all.faults.push(fault);
                }
            }
            found_marks.insert(path.clone(), detected.marks);
            units.push((path, language, unit));
        }
        let program = Program::new(units);
        let queries = self.queries(&program, &found_marks);
        let found = on_own_stack(|| roots::run(&program, &queries, roots::WORK_FOR_ONE));
        for flow in found.flows.values() {
            all.candidates.extend(self.candidate(&program, flow));
        }
        all.left_out = all.left_out.max(found.left_out);
        for at in found.undecided {
            let function = program.function(at);
            let range = function.name_range.start as usize..function.name_range.end as usize;
            all.undecided.push((program.file(at.unit).path.clone(), range, function.name.clone()));
        }
    }

    fn queries(&self, program: &Program, found: &HashMap<String, Vec<FlowMark>>) -> Queries {
        let mut queries = Queries::default();
        for (number, file) in (0..).zip(&program.files) {
            for mark in found.get(&file.path).into_iter().flatten() {
                if let Some(bit) = self.bit(&mark.policy, mark.check) {
                    add_mark(&mut queries, number, mark, bit);
                }
            }
        }
        for (index, asked) in self.asked.iter().enumerate() {
            let CheckKind::Flow(rules) = &asked.policy.checks[asked.check].kind else { continue };
            for (language, rules) in rules {
                self.add_models(&mut queries, *language, rules);
                let models = queries.models.get(&model_language(*language)).cloned().unwrap_or_default();
                let is_there = |of: &str| {
                    let simple = of.rsplit(['.', '/']).next().unwrap_or(of);
                    models.makes(simple) || self.files.iter().any(|file| file.text().contains(simple))
                };
                add_rules(&mut queries, *language, rules, 1 << index, &is_there);
            }
        }
        queries
    }

    fn add_models(&self, queries: &mut Queries, language: Language, rules: &FlowRules) {
        let of = model_language(language);
        let known =
            queries.models.remove(&of).or_else(|| self.policies.models(of).cloned()).unwrap_or_default();
        let more = rules.propagators.iter().map(|more| (more.call.as_str(), more.effect.as_str()));
        let models = if rules.propagators.is_empty() { known } else { Arc::new(known.with(more)) };
        queries.models.insert(of, models);
    }

    fn bit(&self, policy: &Policy, check: usize) -> Option<u64> {
        let at = self.asked.iter().position(|asked| asked.policy.id == policy.id && asked.check == check)?;
        Some(1 << at)
    }

    fn file(&self, program: &Program, place: &Place) -> Option<&SourceFile> {
        let path = &program.file(place.unit).path;
        self.files.iter().find(|file| file.path == *path).copied()
    }

    fn candidate(&self, program: &Program, flow: &Flow) -> Option<(String, Candidate)> {
        let asked = &self.asked[flow.query];
        let file = self.file(program, &flow.sink)?;
        if !asked.policy.paths.holds(&PathAnswers::new(&file.path))
            || !asked.policy.languages.contains(&file.language)
        {
            return None;
        }
        let check = &asked.policy.checks[asked.check];
        let text_of = |place: &Place| {
            let file = self.file(program, place);
            let text = file.and_then(|file| file.text().get(bytes(place))).unwrap_or_default();
            one_line(text)
        };
        let source = flow.path.first().map(text_of).unwrap_or_default();
        let sink = text_of(&flow.sink);
        let message = check.message.as_ref().unwrap_or(&asked.policy.title);
        let steps: Vec<Location> = flow
            .path
            .iter()
            .filter_map(|place| Some(self.file(program, place)?.location(&bytes(place))))
            .collect();
        let candidate = Candidate {
            policy: asked.policy.clone(),
            check: asked.check,
            decided_by: DecidedBy::Proof,
            range: bytes(&flow.sink),
            message: message.map(|template| template.replace("$SOURCE", &source).replace("$SINK", &sink)),
            cause: None,
            fix: None,
            why: None,
            flow: steps,
        };
        Some((file.path.clone(), candidate))
    }
}

fn bytes(place: &Place) -> Range<usize> {
    place.range.start as usize..place.range.end as usize
}

fn one_line(text: &str) -> String {
    const LONGEST: usize = 60;
    let folded: Vec<&str> = text.split_whitespace().collect();
    let folded = folded.join(" ");
    match folded.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &folded[..at]),
        None => folded,
    }
}

fn add_mark(queries: &mut Queries, unit: u32, mark: &FlowMark, bit: u64) {
    let marks = queries.marks.entry(unit).or_default();
    for range in &mark.ranges {
        let (Ok(start), Ok(end)) = (u32::try_from(range.start), u32::try_from(range.end)) else { continue };
        let bits = marks.entry((start, end)).or_default();
        match mark.role {
            EndpointRole::Source => bits.source |= bit,
            EndpointRole::Sink if mark.is_whole => bits.sink_call |= bit,
            EndpointRole::Sink => bits.sink |= bit,
            EndpointRole::Sanitizer => bits.clean |= bit,
            EndpointRole::Guard => bits.guard |= bit,
        }
    }
}

/// Adds calls and parameters; those of types that no file mentions cannot come up.
fn add_rules(
    queries: &mut Queries,
    language: Language,
    rules: &FlowRules,
    bit: u64,
    is_there: &dyn Fn(&str) -> bool,
) {
    for endpoint in &rules.endpoints {
        match &endpoint.kind {
            EndpointKind::Pattern(..) => {}
            EndpointKind::Call(names, positions, receiver) => {
                let role = match endpoint.role {
                    EndpointRole::Source => Role::Source,
                    EndpointRole::Sink if *receiver => Role::SinkReceiver,
                    EndpointRole::Sink => Role::Sink(positions.clone()),
                    EndpointRole::Sanitizer | EndpointRole::Guard => Role::Clean,
                };
                for written in names {
                    let (of, name) = match written.rsplit_once('.') {
                        Some((of, name)) => (Some(of.to_owned()), name),
                        None => (None, written.as_str()),
                    };
                    if of.as_deref().is_some_and(|of| !is_there(of)) {
                        continue;
                    }
                    let query = CallQuery { of, role: role.clone(), queries: bit };
                    queries.calls.entry((language, name.to_owned())).or_default().push(query);
                }
            }
            EndpointKind::Parameter(parameter) => {
                let query = ParameterQuery {
                    annotations: parameter.annotated.clone(),
                    names: parameter.named.clone(),
                    types: parameter.of_type.clone(),
                    not_types: parameter.not_type.clone(),
                    of_annotated: parameter.of_annotated.clone(),
                    queries: bit,
                };
                queries.parameters.entry(language).or_default().push(query);
            }
        }
    }
}

/// Runs on a thread with room for calls inside calls.
fn on_own_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK_BYTES);
        match builder.spawn_scoped(scope, run) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(error) => panic!("no thread for data flow: {error}"),
        }
    })
}
