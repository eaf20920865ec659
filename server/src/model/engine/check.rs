//! Whether a request can ever be done, told before it waits.

use super::thinking::BOUNDARY_TOKENS;
use super::vocabulary::Vocabulary;
use crate::model::decoder::{BLOCK_TOKENS, Facts};
use crate::model::generate::{Failure, Request};

/// Refuses what can never be done, with the figures.
pub(super) fn check(request: &Request, facts: &Facts, vocabulary: &Vocabulary) -> Result<(), Failure> {
    check_words(request, facts, vocabulary)?;
    let prompt = request.prompt.len();
    let thinking = thinking_tokens(request, vocabulary);
    let answer = request.max_answer_tokens as usize;
    let positions = prompt.saturating_add(thinking).saturating_add(answer);
    let parts = format!("{prompt} of the prompt, {thinking} to think and {answer} to answer");
    if positions > facts.context {
        let context = facts.context;
        return refuse(format!("the model takes {context} tokens, this needs {positions}: {parts}"));
    }
    let memory = facts.blocks.saturating_mul(BLOCK_TOKENS);
    if positions > memory {
        return refuse(format!(
            "the KV memory holds {memory} tokens, this needs {positions}: {parts}; give the model more memory"
        ));
    }
    Ok(())
}

fn check_words(request: &Request, facts: &Facts, vocabulary: &Vocabulary) -> Result<(), Failure> {
    if request.prompt.is_empty() {
        return refuse("the prompt is empty".to_owned());
    }
    if request.max_answer_tokens == 0 {
        return refuse("the answer may have no token; let it have at least one".to_owned());
    }
    let sampling = request.sampling;
    if !(sampling.temperature.is_finite() && sampling.temperature >= 0.0) {
        return refuse(format!("the temperature is {}; it must be 0 or more", sampling.temperature));
    }
    if !(sampling.top_p > 0.0 && sampling.top_p <= 1.0) {
        return refuse(format!("top_p is {}; it must be above 0 and at most 1", sampling.top_p));
    }
    if request.thinking.is_some() && vocabulary.think_close().is_none() {
        return refuse("the model has no tag that closes its thinking, so it cannot think first".to_owned());
    }
    let forced = vocabulary.think_close().into_iter().chain(vocabulary.after_thinking().iter().copied());
    let unknown = request.prompt.iter().copied().chain(forced).find(|id| *id as usize >= facts.vocabulary);
    match unknown {
        Some(id) => refuse(format!("the model has {} tokens and does not know token {id}", facts.vocabulary)),
        None => Ok(()),
    }
}

/// Tokens that the thinking can have at most, with its tag and until its last character is whole.
fn thinking_tokens(request: &Request, vocabulary: &Vocabulary) -> usize {
    let close = 1 + vocabulary.after_thinking().len();
    request.thinking.map_or(0, |thinking| (thinking.max_tokens as usize).saturating_add(close))
        + request.thinking.map_or(0, |_| BOUNDARY_TOKENS as usize)
}

fn refuse(reason: String) -> Result<(), Failure> {
    Err(Failure::Refused(reason))
}
