//! What a review may still ask: prompts and tokens, as estimated before they are asked.

use crate::model::{ModelBudget, Prompt};

/// Bytes of code in one token: fewer than there are, so that the estimate is not too small.
const BYTES_IN_TOKEN: usize = 3;

/// What is left of a budget.
pub(super) struct Allowance {
    prompts: usize,
    tokens: u64,
}

impl Allowance {
    pub(super) fn new(budget: &ModelBudget) -> Self {
        Self { prompts: budget.max_prompts, tokens: budget.max_tokens }
    }

    /// Whether a prompt may be asked; then it is accounted for.
    pub(super) fn takes(&mut self, prompt: &Prompt) -> bool {
        let bytes = prompt.prefix.len() + prompt.body.len();
        let tokens = bytes.div_ceil(BYTES_IN_TOKEN) as u64
            + u64::from(prompt.max_thinking_tokens)
            + u64::from(prompt.max_answer_tokens);
        let fits = self.prompts > 0 && tokens <= self.tokens;
        if fits {
            self.prompts -= 1;
            self.tokens -= tokens;
        }
        fits
    }
}
