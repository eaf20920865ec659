//! Several prompts under way at once, their completions in the order of the prompts.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::model::{Completion, Model, ModelError, Prompt};

/// Bytes of the stack of a thread that waits for a model.
const STACK_BYTES: usize = 1 << 20;

/// The completion of each prompt, with at most `most` under way. A fault of the model is no completion.
pub(super) fn complete(
    model: &dyn Model,
    most: usize,
    prompts: &[&Prompt],
) -> Vec<Result<Completion, ModelError>> {
    let completions: Mutex<Vec<Option<Result<Completion, ModelError>>>> =
        Mutex::new(prompts.iter().map(|_| None).collect());
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((number, prompt)) = take(&next, prompts) {
            let completion = guarded(model, prompt);
            completions.lock().unwrap_or_else(std::sync::PoisonError::into_inner)[number] = Some(completion);
        }
    };
    thread::scope(|scope| {
        for _ in 1..most.min(prompts.len()) {
            // Where there can be no further thread, the others do its work.
            let _ = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        }
        work();
    });
    let completions = completions.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let lost = || Err(ModelError::Unavailable("no completion came".to_owned()));
    completions.into_iter().map(|completion| completion.unwrap_or_else(lost)).collect()
}

fn take<'p>(next: &AtomicUsize, prompts: &[&'p Prompt]) -> Option<(usize, &'p Prompt)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    prompts.get(number).map(|prompt| (number, *prompt))
}

fn guarded(model: &dyn Model, prompt: &Prompt) -> Result<Completion, ModelError> {
    panic::catch_unwind(AssertUnwindSafe(|| model.complete(prompt)))
        .unwrap_or_else(|_| Err(ModelError::Unavailable("the model's client has a fault".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Finish, Usage};

    struct Echo;

    impl Model for Echo {
        fn complete(&self, prompt: &Prompt) -> Result<Completion, ModelError> {
            assert!(prompt.body != "7", "a fault");
            let text = prompt.body.clone();
            Ok(Completion { thinking: None, text, finish: Finish::Stop, usage: Usage::default() })
        }
    }

    #[test]
    fn completions_stand_in_the_order_of_their_prompts_and_a_fault_is_none() {
        let prompt = |number: usize| Prompt {
            prefix: String::new(),
            body: number.to_string(),
            schema: serde_json::Value::Null,
            seed: 1,
            max_thinking_tokens: 1,
            max_answer_tokens: 1,
        };
        let prompts: Vec<Prompt> = (0..40).map(prompt).collect();
        for most in [0, 1, 3, 64] {
            let completions = complete(&Echo, most, &prompts.iter().collect::<Vec<_>>());
            for (number, completion) in completions.into_iter().enumerate() {
                match completion {
                    Ok(completion) => assert_eq!(completion.text, number.to_string()),
                    Err(_) => assert_eq!(number, 7),
                }
            }
        }
    }
}
