//! Compares a model's own chat template with R1's, by what it makes of a few talks.
//!
//! Publishers write the same template in several ways (with and without forcing the thinking open, with and without
//! tools), so that the text says little and the outcome all.

use std::path::Path;

use minijinja::value::{Value, from_args};
use minijinja::{Environment, Error, ErrorKind, State, context};

use super::{BEGIN, Opening, Piece, Speaker, TemplateError, Turn, pieces};

/// Instructions that a template may take; far above what rendering the talks needs.
const FUEL: u64 = 200_000;
/// Where the published templates of 2025-01 and R1-0528 end, which leave the thinking to the model.
const FORCED_OPEN: &str = "<think>\n";

/// Checks that a model's own template, found in `path`, makes R1's turns.
///
/// # Errors
/// Shows where it does not.
pub(crate) fn check(template: &str, path: &Path) -> Result<(), TemplateError> {
    for talk in talks() {
        let ours = text(&talk);
        let foreign = |reason: String| TemplateError::Foreign { path: path.to_owned(), reason };
        let theirs =
            render(template, &talk).map_err(|error| foreign(format!("it cannot be rendered ({error})")))?;
        let is_ours = theirs == ours || ours.strip_suffix(FORCED_OPEN) == Some(theirs.as_str());
        if !is_ours {
            return Err(foreign(format!("it gives {theirs:?} where R1's gives {ours:?}")));
        }
    }
    Ok(())
}

fn talks() -> [Vec<Turn<'static>>; 3] {
    let user = |text| Turn::new(Speaker::User, text);
    [
        vec![user("What is 1 + 1?")],
        vec![Turn::new(Speaker::System, "Be brief."), user("What is 1 + 1?")],
        vec![user("What is 1 + 1?"), Turn::new(Speaker::Assistant, "Hm.</think>\n\n2"), user("And 2 + 2?")],
    ]
}

/// The prompt as text, as the published template writes it.
pub(super) fn text(turns: &[Turn<'_>]) -> String {
    let piece = |piece| match piece {
        Piece::Special(name) => name,
        Piece::Text(text) => text,
    };
    pieces(turns, Opening::Thinking).into_iter().map(piece).collect()
}

/// What a template makes of a talk, as transformers would have it.
pub(super) fn render(template: &str, turns: &[Turn<'_>]) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_unknown_method_callback(method_of_text);
    let message = |turn: &Turn<'_>| {
        let role = match turn.speaker {
            Speaker::System => "system",
            Speaker::User => "user",
            Speaker::Assistant => "assistant",
        };
        context! { role => role, content => turn.parts.concat() }
    };
    let messages: Vec<Value> = turns.iter().map(message).collect();
    environment.template_from_str(template)?.render(context! {
        messages => messages,
        bos_token => BEGIN,
        eos_token => super::END,
        add_generation_prompt => true,
        enable_thinking => true,
    })
}

/// Python's methods of texts, as far as chat templates use them.
fn method_of_text(_: &State<'_, '_>, value: &Value, method: &str, args: &[Value]) -> Result<Value, Error> {
    let Some(text) = value.as_str() else { return Err(ErrorKind::UnknownMethod.into()) };
    match method {
        "split" => {
            let (separator,): (&str,) = from_args(args)?;
            Ok(text.split(separator).map(str::to_owned).collect())
        }
        "strip" | "lstrip" | "rstrip" => {
            let (letters,): (Option<&str>,) = from_args(args)?;
            let is_cut = |letter: char| letters.map_or(letter.is_whitespace(), |all| all.contains(letter));
            Ok(match method {
                "lstrip" => text.trim_start_matches(is_cut),
                "rstrip" => text.trim_end_matches(is_cut),
                _ => text.trim_matches(is_cut),
            }
            .into())
        }
        "startswith" => from_args(args).map(|(start,): (&str,)| text.starts_with(start).into()),
        "endswith" => from_args(args).map(|(end,): (&str,)| text.ends_with(end).into()),
        _ => Err(ErrorKind::UnknownMethod.into()),
    }
}
