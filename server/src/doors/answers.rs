//! The door behind which the model's answers are kept.

use analyzers::model::{Completion, ModelError};
use async_trait::async_trait;

use crate::model::answers::{Answers, Question};
use crate::store::Store;

#[async_trait]
impl Answers for Store {
    async fn reuse(&self, name: &str, question: &Question) -> Result<Option<Completion>, String> {
        self.reuse_answer(name, question).await.map_err(|error| error.to_string())
    }

    async fn keep(
        &self,
        name: &str,
        question: &Question,
        completion: &Completion,
    ) -> Result<Completion, String> {
        self.keep_answer(name, question, completion).await.map_err(|error| error.to_string())
    }

    async fn miss(
        &self,
        question: &Question,
        outcome: &Result<Completion, ModelError>,
    ) -> Result<(), String> {
        self.keep_outcome(question, outcome).await.map_err(|error| error.to_string())
    }
}
