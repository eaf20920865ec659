//! The report for a developer at a terminal: every finding with its lines, then a summary at a glance.
//!
//! Colours only where the options allow them. No character of source code reaches the terminal as a command.

use std::collections::BTreeSet;
use std::io;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use anstyle::{AnsiColor, Style};
use textwrap::core::display_width;

use super::excerpt::Excerpt;
use super::shown::{Shown, ShownFinding, authorities};
use super::words::Words;
use super::wrap::wrap;
use super::{Detail, Options, diff, markdown, summary, visible};
use crate::finding::Location;
use crate::gate::State;
use crate::policy::{Policy, Severity};

/// What frames the code: the renderer's style for line numbers.
const GUTTER: Style = AnsiColor::BrightBlue.on_default().bold();
const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();
const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();

/// The narrowest terminal that a report is laid out for, and the widest line that is good to read.
const WIDTHS: (usize, usize) = (40, 120);

/// A terminal and its reader.
struct Page<'o> {
    words: &'static Words,
    options: &'o Options,
    width: usize,
}

/// Writes the report.
pub(super) fn render(shown: &Shown<'_>, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let page =
        Page { words: Words::of(options.locale), options, width: options.width.clamp(WIDTHS.0, WIDTHS.1) };
    match options.detail {
        Detail::Full => page.findings(shown, out)?,
        Detail::Brief => page.blocking(shown, out)?,
    }
    out.write_all(page.summary(shown).as_bytes())
}

impl Page<'_> {
    fn findings(&self, shown: &Shown<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let mut explained = BTreeSet::new();
        for finding in shown.by_file().into_iter().flat_map(|file| file.findings) {
            let mut text = self.finding(finding);
            if explained.insert(&finding.policy.id) {
                self.explanation(finding, &mut text);
            }
            self.fix(finding, &mut text);
            writeln!(out, "{text}")?;
        }
        Ok(())
    }

    /// What blocks, in one line each that editors and terminals make a link of.
    fn blocking(&self, shown: &Shown<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let findings = shown.by_file().into_iter().flat_map(|file| file.findings);
        for finding in findings.filter(|finding| finding.blocks) {
            let place = place(finding.location);
            let title = format!("{}[{}]", self.words.name(finding.policy.severity), finding.policy.code);
            let message = finding.message.get(self.options.locale);
            let (place, title) = (visible::line(&place), self.paint(BOLD, &visible::line(&title)));
            writeln!(out, "{place}: {title} {}", visible::line(message))?;
        }
        Ok(())
    }

    fn finding(&self, finding: &ShownFinding<'_>) -> String {
        let policy = finding.policy;
        let message = visible::line(finding.message.get(self.options.locale)).into_owned();
        let label = finding.excerpt.as_ref().filter(|excerpt| self.fits(finding, excerpt, &message));
        let arrow = self.paint(GUTTER, &format!("{}-->", " ".repeat(gutter(finding))));
        let mut text = self.render(Group::with_title(self.title(policy)));
        text.push_str(&format!("{arrow} {}\n", visible::line(&place(finding.location))));
        if let Some(excerpt) = &finding.excerpt {
            let snippet = snippet(excerpt, label.map(|_| message.as_str()));
            text.push_str(&self.render(Group::with_level(level(policy.severity)).element(snippet)));
            if !excerpt.text[excerpt.mark.end..].contains('\n') {
                // The renderer closes the frame only below a line without a mark.
                text.push_str(&self.bar(finding));
            }
        }
        if label.is_none() {
            self.note(finding, "", &message, &mut text);
        }
        let judgement = summary::judgement(finding, self.words).unwrap_or_default();
        self.note(finding, self.words.decided_by, &judgement, &mut text);
        if let Some(way) = markdown::way(finding.flow) {
            self.note(finding, self.words.way, &way, &mut text);
        }
        for related in &finding.related {
            let body = format!("{} {}", place(&related.location), related.message.get(self.options.locale));
            self.note(finding, self.words.related, &body, &mut text);
        }
        text
    }

    /// What stands under the first finding of a policy, and not again under the next.
    fn explanation(&self, finding: &ShownFinding<'_>, text: &mut String) {
        let (policy, locale) = (finding.policy, self.options.locale);
        let notes = [
            (self.words.why, first_sentence(policy.rationale.get(locale))),
            (self.words.remedy, policy.remedy.get(locale)),
            (self.words.authority, &authorities(policy)),
            (self.words.policy, &policy.id),
        ];
        for (label, body) in notes {
            self.note(finding, label, body, text);
        }
    }

    fn bar(&self, finding: &ShownFinding<'_>) -> String {
        format!("{}{}\n", " ".repeat(gutter(finding) + 1), self.paint(GUTTER, "|"))
    }

    fn render(&self, group: Group<'_>) -> String {
        let renderer = if self.options.colour { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(self.width);
        format!("{}\n", renderer.render(&[group]))
    }

    fn title<'p>(&self, policy: &'p Policy) -> annotate_snippets::Title<'p> {
        level(policy.severity)
            .with_name(self.words.name(policy.severity))
            .primary_title(visible::line(policy.title.get(self.options.locale)))
            .id(visible::line(&policy.code))
    }

    /// Whether the message fits behind the marked place.
    fn fits(&self, finding: &ShownFinding<'_>, excerpt: &Excerpt, message: &str) -> bool {
        let marked = &excerpt.text[excerpt.mark.clone()];
        let before = excerpt.text[..excerpt.mark.end].rsplit('\n').next().unwrap_or_default();
        let margin = gutter(finding) + 4;
        !marked.contains('\n') && margin + display_width(before) + display_width(message) < self.width
    }

    /// A line under the source lines, or more where it is long.
    fn note(&self, finding: &ShownFinding<'_>, label: &str, body: &str, text: &mut String) {
        if body.trim().is_empty() {
            return;
        }
        let label = if label.is_empty() { String::new() } else { format!("{label}{}", self.words.colon) };
        let margin = " ".repeat(gutter(finding) + 1);
        let indent = margin.len() + 2 + display_width(&label);
        let lines = wrap(visible::line(body).trim(), self.width.saturating_sub(indent));
        text.push_str(&format!("{margin}{} {}", self.paint(GUTTER, "="), self.paint(BOLD, &label)));
        text.push_str(&lines.join(&format!("\n{}", " ".repeat(indent))));
        text.push('\n');
    }

    /// The fix as a small diff.
    fn fix(&self, finding: &ShownFinding<'_>, text: &mut String) {
        let gutter = gutter(finding);
        let lines = finding.fix.as_ref().map(diff::lines).unwrap_or_default();
        if lines.is_empty() {
            return;
        }
        text.push_str(&self.bar(finding));
        for line in lines {
            let style = if line.sign == '-' { REMOVED } else { ADDED };
            let number = self.paint(GUTTER, &format!("{:>gutter$}", line.number));
            let code = self.paint(style, &format!("{} {}", line.sign, cut(&line.text, self.width - 8)));
            text.push_str(&format!("{number} {code}\n"));
        }
    }

    fn summary(&self, shown: &Shown<'_>) -> String {
        let outcome = self.words.outcome(shown);
        let state = self.paint(state_style(shown.state), self.words.state(shown.state));
        let mut text = format!("{state}{}{outcome}\n", self.words.colon);
        let facts = summary::facts(shown, self.options.locale);
        let column = facts.iter().map(|fact| display_width(fact.label)).max().unwrap_or(0) + 2;
        for fact in facts {
            let mut label = fact.label;
            for line in fact.lines {
                for part in wrap(&line, self.width.saturating_sub(column + 2)) {
                    let padding = " ".repeat(column - display_width(label));
                    text.push_str(&format!("  {}{padding}{part}\n", self.paint(DIM, label)));
                    label = "";
                }
            }
        }
        text
    }

    fn paint(&self, style: Style, text: &str) -> String {
        match self.options.colour && !text.is_empty() {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }
}

fn level<'a>(severity: Severity) -> Level<'a> {
    match severity {
        Severity::Blocker => Level::ERROR,
        Severity::Major => Level::WARNING,
        Severity::Minor => Level::INFO,
        Severity::Info => Level::NOTE,
    }
}

fn state_style(state: State) -> Style {
    match state {
        State::Passed => AnsiColor::Green.on_default().bold(),
        State::Failed => AnsiColor::Red.on_default().bold(),
        State::NotReviewed | State::Partial => AnsiColor::Yellow.on_default().bold(),
    }
}

fn snippet<'e>(
    excerpt: &'e Excerpt,
    label: Option<&'e str>,
) -> Snippet<'e, annotate_snippets::Annotation<'e>> {
    Snippet::source(excerpt.text.as_str())
        .line_start(excerpt.first_line as usize)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(excerpt.mark.clone()).label(label))
}

/// Columns of the widest line number.
fn gutter(finding: &ShownFinding<'_>) -> usize {
    let last = finding.excerpt.as_ref().and_then(|excerpt| excerpt.numbered().last());
    last.map_or(1, |(number, _)| number.ilog10() as usize + 1)
}

fn place(location: &Location) -> String {
    format!("{}:{}:{}", location.path, location.start.line, location.start.column)
}

/// The text up to its first full stop.
fn first_sentence(text: &str) -> &str {
    let end = text
        .char_indices()
        .find(|(index, character)| match character {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' => ends_sentence(&text[index + 1..]),
            _ => false,
        })
        .map_or(text.len(), |(index, character)| index + character.len_utf8());
    &text[..end]
}

/// Whether a full stop before `rest` ends a sentence; that of an abbreviation or a number does not.
fn ends_sentence(rest: &str) -> bool {
    let next = rest.trim_start();
    next.is_empty()
        || (next.len() < rest.len()
            && !next.starts_with(|next: char| next.is_lowercase() || next.is_ascii_digit()))
}

/// The beginning of a line that does not fit.
fn cut(line: &str, width: usize) -> String {
    let mut used = 0;
    let mut shown = String::new();
    for character in line.chars() {
        used += display_width(character.encode_utf8(&mut [0; 4]));
        if used > width {
            shown.push('…');
            break;
        }
        shown.push(character);
    }
    shown
}
