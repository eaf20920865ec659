//! What a comment asks of the service: its text and the service's handle in, one command or why not, out.
//!
//! Only a line that begins with the whole handle is a call; quoted lines, code and hidden text are none.
//! A comment can ask and tell, never configure: whatever looks like an option is refused.

use crate::forge::Permission;

/// Digits of a fingerprint that name a finding, at least.
const FEWEST_DIGITS: usize = 6;

/// Digits of a whole fingerprint.
const FINGERPRINT_DIGITS: usize = 32;

/// Characters of an id and of a reason that are kept.
const LONGEST_ID: usize = 100;
const LONGEST_REASON: usize = 500;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Review the head, if that has not been done.
    Review,
    /// Review it again from the beginning.
    ReviewFull,
    /// Look again whether the findings are there.
    Recheck,
    /// Tell about a finding or a policy.
    Explain(Subject),
    /// A finding is held to be none.
    FalsePositive {
        /// The first digits of its fingerprint, in lower case.
        fingerprint: String,
        /// Why.
        reason: String,
    },
    /// Tell how the newest review ended.
    Status,
    /// Tell what can be asked.
    Help,
}

/// What an explanation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A finding, by the first digits of its fingerprint, in lower case.
    Finding(String),
    /// A policy, by its code or id as it was written.
    Policy(String),
}

/// Why a call is no command. Texts in it are as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// There is no such command.
    Command(String),
    /// A comment configures nothing.
    Configuration,
    /// There is more than the command takes.
    Surplus(String),
    /// The command needs an id.
    NoId,
    /// This is no id.
    BadId,
    /// The command needs a reason.
    NoReason,
}

/// The first call in a comment; `None` where it has none.
pub(crate) fn parse(text: &str, handle: &str) -> Option<Result<Command, Unknown>> {
    if handle.is_empty() {
        return None;
    }
    spoken_lines(text).find_map(|line| {
        let line = line.trim();
        called(&narrow(line), handle).map(|rest| command(&rest, line))
    })
}

/// What a caller must at least be permitted in the repository.
pub(crate) fn required_permission(command: &Command) -> Permission {
    match command {
        Command::Explain(_) | Command::Status | Command::Help => Permission::Read,
        Command::Review | Command::ReviewFull | Command::Recheck | Command::FalsePositive { .. } => {
            Permission::Write
        }
    }
}

/// The lines in which somebody speaks: not quotes, code blocks, or text that nobody sees.
fn spoken_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut fence: Option<(char, usize)> = None;
    let mut hidden = false;
    text.split(['\n', '\r']).filter(move |line| {
        let start = line.trim_start();
        if hidden {
            hidden = !line.contains("-->");
            return false;
        }
        if let Some((sign, length)) = fence {
            let run = run_of(start, sign);
            let closes = run >= length && start[run..].trim().is_empty();
            fence = fence.filter(|_| !closes);
            return false;
        }
        fence =
            ['`', '~'].into_iter().map(|sign| (sign, run_of(start, sign))).find(|(_, length)| *length >= 3);
        if let Some(comment) = start.find("<!--") {
            hidden = !start[comment..].contains("-->");
        }
        let is_code = line.starts_with("    ") || line.starts_with('\t');
        fence.is_none() && !is_code && !start.starts_with(['>', '＞'])
    })
}

fn run_of(text: &str, sign: char) -> usize {
    text.len() - text.trim_start_matches(sign).len()
}

/// Full-width signs and spaces, as Chinese keyboards make them, in their narrow form, character by character.
fn narrow(line: &str) -> String {
    let narrowed = line.chars().map(|character| match character {
        '\u{3000}' | '\u{A0}' => ' ',
        '。' => '.',
        '、' => ',',
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(character) - 0xFEE0).expect("the narrow forms are ASCII")
        }
        _ => character,
    });
    narrowed.collect()
}

/// What follows the handle, if the line begins with it, and with all of it.
fn called(line: &str, handle: &str) -> Option<String> {
    let line = line.strip_prefix(['@', '/'])?;
    let name = line.get(..handle.len()).filter(|name| name.eq_ignore_ascii_case(handle))?;
    let rest = &line[name.len()..];
    // GitHub writes the name of an app so.
    let rest = rest.strip_prefix("[bot]").unwrap_or(rest);
    let after = rest.trim_start_matches([',', ':', '!', '.', '?']);
    let is_whole = after.is_empty() || after.starts_with(char::is_whitespace);
    let is_glued = rest.starts_with([',', ':', '!']) && !after.starts_with(['-', '_', '/']);
    (is_whole || is_glued).then(|| after.trim().to_owned())
}

/// `rest` is what follows the handle in `line`, in its narrow form.
fn command(rest: &str, line: &str) -> Result<Command, Unknown> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    if words.iter().any(|word| is_option(word)) {
        return Err(Unknown::Configuration);
    }
    let Some((name, arguments)) = words.split_first() else { return Ok(Command::Help) };
    let name = name.trim_end_matches(['.', ',', '!', '?', ':']).to_lowercase();
    match name.as_str() {
        "review" | "审查" | "评审" => match arguments {
            [full, rest @ ..] if is_full(full) => alone(Command::ReviewFull, rest),
            _ => alone(Command::Review, arguments),
        },
        "recheck" | "复查" => alone(Command::Recheck, arguments),
        "status" | "状态" => alone(Command::Status, arguments),
        "help" | "帮助" => alone(Command::Help, arguments),
        "explain" | "解释" => {
            let (id, rest) = arguments.split_first().ok_or(Unknown::NoId)?;
            alone(Command::Explain(subject(id)?), rest)
        }
        "fp" | "误报" => false_positive(arguments, line),
        _ => Err(Unknown::Command(kept(&name, LONGEST_ID))),
    }
}

fn alone(command: Command, rest: &[&str]) -> Result<Command, Unknown> {
    match rest.first() {
        None => Ok(command),
        Some(word) if word.contains('=') => Err(Unknown::Configuration),
        Some(word) => Err(Unknown::Surplus(kept(word, LONGEST_ID))),
    }
}

fn is_full(word: &str) -> bool {
    let word = word.trim_end_matches(['.', '!']);
    word.eq_ignore_ascii_case("full") || word == "全部"
}

fn false_positive(arguments: &[&str], line: &str) -> Result<Command, Unknown> {
    let (id, reason) = arguments.split_first().ok_or(Unknown::NoId)?;
    let Subject::Finding(fingerprint) = subject(id)? else { return Err(Unknown::BadId) };
    // The reason is kept as it was written: the same words from the end of the line.
    let written: Vec<_> = line.split_whitespace().collect();
    let reason = &written[written.len().saturating_sub(reason.len())..];
    let reason = kept(&reason.join(" "), LONGEST_REASON);
    if !reason.contains(char::is_alphanumeric) {
        return Err(Unknown::NoReason);
    }
    Ok(Command::FalsePositive { fingerprint, reason })
}

fn subject(word: &str) -> Result<Subject, Unknown> {
    let id = word.trim_matches('`').trim_end_matches(['.', ',', ':', '!', '?']).trim_matches('`');
    let is_fingerprint = (FEWEST_DIGITS..=FINGERPRINT_DIGITS).contains(&id.len())
        && id.chars().all(|digit| digit.is_ascii_hexdigit());
    let is_name = |character: char| character.is_ascii_alphanumeric() || "-_./".contains(character);
    // Codes and ids have a `-` or a `/`; what has neither is a fingerprint that is too short.
    let is_policy = id.len() <= LONGEST_ID && id.chars().all(is_name) && id.contains(['-', '/']);
    match (is_fingerprint, is_policy) {
        (true, _) => Ok(Subject::Finding(id.to_ascii_lowercase())),
        (false, true) => Ok(Subject::Policy(id.to_owned())),
        (false, false) => Err(Unknown::BadId),
    }
}

/// An option as command lines have them, also where a keyboard made one dash of two.
fn is_option(word: &str) -> bool {
    let name = word.strip_prefix("--").or(word.strip_prefix(['—', '–']));
    let name = name.map(|name| name.trim_start_matches(['-', '—', '–']));
    name.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_alphanumeric()))
}

fn kept(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

#[cfg(test)]
mod tests;
