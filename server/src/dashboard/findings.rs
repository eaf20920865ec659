//! `/findings`: findings over time, by policy and by repository.

use std::collections::BTreeMap;

use analyzers::policy::Severity;
use analyzers::report::visible;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use super::chart::{Chart, stacked};
use super::page::{self, Page, Reader, Section};
use crate::api::Service;
use crate::api::shelf::FindingCount;

/// The spans that a reader may choose from, in days.
const SPANS: [u32; 3] = [7, 30, 90];

/// The span where nothing is chosen.
const DEFAULT_SPAN: u32 = 30;

/// What a reader wants to see.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    days: String,
    repository: String,
}

#[derive(Template)]
#[template(path = "findings.html")]
struct FindingsPage {
    page: Page,
    days: u32,
    spans: [u32; 3],
    repository: String,
    /// Names, and how they are shown.
    repositories: Vec<(String, String)>,
    total: usize,
    severities: Vec<(Severity, usize)>,
    chart: Chart,
    first: String,
    last: String,
    by_policy: Vec<PolicyLine>,
    by_repository: Vec<RepositoryLine>,
}

struct PolicyLine {
    id: String,
    code: String,
    title: String,
    severity: Option<Severity>,
    count: usize,
    trend: Chart,
}

struct RepositoryLine {
    name: Option<String>,
    count: usize,
    trend: Chart,
}

/// `GET /findings`
pub(super) async fn show(
    State(service): State<Service>,
    reader: Reader,
    Query(wish): Query<Wish>,
) -> Response {
    let chosen = wish.days.parse().ok().filter(|days| SPANS.contains(days));
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let span = Span::until(today, chosen.unwrap_or(DEFAULT_SPAN));
    match service.shelf.finding_counts(&reader.caller, span.first).await {
        Ok(counts) => page::shown(&findings_page(&counts, &span, wish.repository, &service, &reader)),
        Err(error) => page::failed(&reader, "counting the findings", &error),
    }
}

/// The days that are shown.
struct Span {
    first: Date,
    last: Date,
    days: u32,
}

impl Span {
    fn until(last: Date, days: u32) -> Self {
        Self { first: last.saturating_sub((i64::from(days) - 1).days()), last, days }
    }

    /// The position of a day; `None` outside of the span.
    fn at(&self, day: Date) -> Option<usize> {
        let days = self.first.until(day).ok()?.get_days();
        usize::try_from(days).ok().filter(|at| *at < self.days as usize)
    }
}

fn findings_page(
    counts: &[FindingCount],
    span: &Span,
    repository: String,
    service: &Service,
    reader: &Reader,
) -> FindingsPage {
    let mut repositories: Vec<String> = counts.iter().filter_map(|count| count.repository.clone()).collect();
    repositories.sort();
    repositories.dedup();
    let is_wanted =
        |count: &&FindingCount| repository.is_empty() || count.repository.as_ref() == Some(&repository);
    let counts: Vec<&FindingCount> = counts.iter().filter(is_wanted).collect();
    let severity = |policy: &str| service.policies.find(policy).map(|policy| policy.severity);
    let mut days = vec![BTreeMap::<Severity, usize>::new(); span.days as usize];
    for count in &counts {
        // A policy that is no longer there counts among the least.
        let severity = severity(&count.policy).unwrap_or(Severity::Info);
        if let Some(at) = span.at(count.day) {
            *days[at].entry(severity).or_default() += count.count;
        }
    }
    let severities = Severity::ALL
        .map(|severity| (severity, days.iter().filter_map(|day| day.get(&severity)).sum::<usize>()));
    let bars: Vec<Vec<_>> = days
        .iter()
        .map(|day| day.iter().map(|(severity, count)| (severity.name(), *count)).collect())
        .collect();
    FindingsPage {
        page: reader.page(Section::Findings, reader.words.findings),
        days: span.days,
        spans: SPANS,
        repositories: repositories.into_iter().map(|name| (name.clone(), seen(&name))).collect(),
        total: severities.iter().map(|(_, count)| count).sum(),
        severities: severities.into_iter().filter(|(_, count)| *count > 0).collect(),
        chart: stacked(&bars, 900, 160),
        first: span.first.to_string(),
        last: span.last.to_string(),
        by_policy: by_policy(&counts, span, service, reader),
        by_repository: by_repository(&counts, span),
        repository,
    }
}

fn by_policy(counts: &[&FindingCount], span: &Span, service: &Service, reader: &Reader) -> Vec<PolicyLine> {
    let lines = grouped(counts, span, |count| count.policy.clone()).into_iter().map(|(id, days)| {
        let policy = service.policies.find(&id);
        let title = policy.map(|policy| policy.title.get(reader.words.locale()).to_owned());
        PolicyLine {
            code: policy.map_or_else(|| id.clone(), |policy| policy.code.clone()),
            title: visible::line(&title.unwrap_or_default()).into_owned(),
            severity: policy.map(|policy| policy.severity),
            count: days.iter().sum(),
            trend: trend(&days),
            id,
        }
    });
    let mut lines: Vec<_> = lines.collect();
    lines.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.id.cmp(&b.id)));
    lines
}

fn by_repository(counts: &[&FindingCount], span: &Span) -> Vec<RepositoryLine> {
    let lines = grouped(counts, span, |count| count.repository.clone()).into_iter();
    let mut lines: Vec<_> = lines
        .map(|(name, days)| RepositoryLine {
            name: name.as_deref().map(seen),
            count: days.iter().sum(),
            trend: trend(&days),
        })
        .collect();
    lines.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    lines
}

/// Counts for each day, by what `key` says.
fn grouped<K: Ord>(
    counts: &[&FindingCount],
    span: &Span,
    key: impl Fn(&FindingCount) -> K,
) -> BTreeMap<K, Vec<usize>> {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for count in counts {
        if let Some(at) = span.at(count.day) {
            groups.entry(key(count)).or_insert_with(|| vec![0; span.days as usize])[at] += count.count;
        }
    }
    groups
}

fn seen(name: &str) -> String {
    visible::line(name).into_owned()
}

fn trend(days: &[usize]) -> Chart {
    let bars: Vec<Vec<_>> = days.iter().map(|count| vec![("bar", *count)]).collect();
    stacked(&bars, 180, 24)
}
