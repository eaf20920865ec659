//! Quick actions: lines of a note that GitLab obeys instead of showing them. A reviewer must never fire one.

use serde_json::json;

use crate::harness::exchange::Answer;
use crate::harness::world::{Access, State, World};

/// The commands that this GitLab knows.
const COMMANDS: [&str; 16] = [
    "approve",
    "assign",
    "assign_reviewer",
    "close",
    "draft",
    "estimate",
    "label",
    "lock",
    "merge",
    "ready",
    "rebase",
    "reopen",
    "target_branch",
    "title",
    "unapprove",
    "unlabel",
];

/// Obeys the commands of a note, and gives back the rest of its text.
pub(crate) fn fire(world: &mut World, caller: u64, number: u64, text: &str) -> Result<String, Answer> {
    let (commands, rest) = split(text, world.is_old);
    let (login, access) = (world.person(caller).login.clone(), world.person(caller).access);
    if access >= Access::Write {
        let merge_request = world.merge_requests.get_mut(&number).expect("it is there");
        for command in &commands {
            merge_request.fired.push(command.clone());
            match command.as_str() {
                "/approve" => merge_request.approved_by.push(login.clone()),
                "/unapprove" => merge_request.approved_by.retain(|known| *known != login),
                "/close" => merge_request.state = State::Closed,
                "/merge" => merge_request.state = State::Merged,
                "/draft" => merge_request.is_draft = true,
                "/ready" => merge_request.is_draft = false,
                _ => {}
            }
        }
    }
    if rest.trim().is_empty() && !commands.is_empty() {
        // A note of nothing but commands leaves no note.
        return Err(Answer::json(202, &json!({ "commands_changes": {}, "summary": ["Done."] })));
    }
    Ok(rest)
}

/// The commands and the rest. What stands in a block of code is no command.
fn split(text: &str, is_old: bool) -> (Vec<String>, String) {
    let (mut commands, mut rest, mut fence) = (Vec::new(), Vec::new(), None);
    for line in text.lines() {
        let was_code = fence.is_some();
        fence = fence_after(fence, line, is_old);
        let word = line.strip_prefix('/').and_then(|line| line.split_whitespace().next());
        match word.map(str::to_lowercase) {
            Some(word) if !was_code && COMMANDS.contains(&word.as_str()) => commands.push(format!("/{word}")),
            _ => rest.push(line),
        }
    }
    let rest = if commands.is_empty() { text.to_owned() } else { rest.join("\n") };
    (commands, rest)
}

/// The fence of the block of code that goes on after a line. An old GitLab knows no fence but three
/// backticks: three end a block that more began, and tildes begin none.
fn fence_after<'text>(fence: Option<&'text str>, line: &'text str, is_old: bool) -> Option<&'text str> {
    let run = |mark: char| {
        let length = line.chars().take_while(|character| *character == mark).count();
        (length >= 3).then(|| &line[..length])
    };
    let run = if is_old { run('`').map(|run| &run[..3]) } else { run('`').or_else(|| run('~')) };
    match (fence, run) {
        (None, run) => run,
        (Some(open), Some(_)) if is_old => (line.trim_end() != "```").then_some(open),
        (Some(open), Some(run)) if run.starts_with(open) && line.trim_end() == run => None,
        (open, _) => open,
    }
}
