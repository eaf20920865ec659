//! What the model answered: kept by name, used again, and known to each review that asked; forgotten in time.
//!
//! The thinking stands beside its answer, for as long as the operator says, and no read of this crate returns it.

use analyzers::model::{Completion, ModelError};

use crate::config::model::Retention;
use crate::model::answers::Question;
use crate::store::connection::Connection;
use crate::store::{Store, StoreError, milliseconds};

impl Store {
    /// The answer of this name, which from now on is that of the question, too.
    pub(crate) async fn reuse_answer(
        &self,
        name: &str,
        question: &Question,
    ) -> Result<Option<Completion>, StoreError> {
        const FIND: &str = "SELECT completion FROM answer WHERE name = $1";
        const USE: &str = "UPDATE answer SET used_at = {now} WHERE name = $1";
        let found: Option<(String,)> = self.first(FIND, [name.into()]).await?;
        let Some((completion,)) = found else { return Ok(None) };
        let (name, question) = (name.to_owned(), question.clone());
        let write = self.write(move |mut db| {
            Box::pin(async move {
                db.execute(USE, [name.as_str().into()]).await?;
                note(&mut db, &question, Some(&name), None).await
            })
        });
        write.await?;
        read(&completion).map(Some)
    }

    /// Keeps an answer, with its thinking, as that of the question; one of this name that is there already stays. The
    /// one that is kept.
    pub(crate) async fn keep_answer(
        &self,
        name: &str,
        question: &Question,
        completion: &Completion,
    ) -> Result<Completion, StoreError> {
        const KEEP: &str = "INSERT INTO answer (name, completion, thinking, given_at, used_at) \
             VALUES ($1, $2, $3, {now}, {now}) ON CONFLICT (name) DO UPDATE SET used_at = excluded.used_at \
             RETURNING completion";
        let thinking = completion.thinking.clone();
        let text = json(&Completion { thinking: None, ..completion.clone() })?;
        let (name, question) = (name.to_owned(), question.clone());
        let kept: Option<(String,)> = self
            .write(move |mut db| {
                Box::pin(async move {
                    let values = [name.as_str().into(), text.into(), thinking.into()];
                    let kept = db.first(KEEP, values).await?;
                    note(&mut db, &question, Some(&name), None).await?;
                    Ok(kept)
                })
            })
            .await?;
        kept.map_or_else(|| Ok(completion.clone()), |(kept,)| read(&kept))
    }

    /// Keeps what came of a question instead of an answer that is kept.
    pub(crate) async fn keep_outcome(
        &self,
        question: &Question,
        outcome: &Result<Completion, ModelError>,
    ) -> Result<(), StoreError> {
        let (question, outcome) = (question.clone(), json(outcome)?);
        let write = self.write(move |mut db| {
            Box::pin(async move { note(&mut db, &question, None, Some(&outcome)).await })
        });
        write.await
    }

    /// What came of a question when its review was made; `None` where that is not kept, or not any more.
    pub(crate) async fn outcome(
        &self,
        question: &Question,
    ) -> Result<Option<Result<Completion, ModelError>>, StoreError> {
        const FIND: &str = "SELECT answer.completion, asked.outcome FROM asked \
             LEFT JOIN answer ON answer.name = asked.answer WHERE asked.review = $1 AND asked.prompt = $2";
        let values = [question.review.as_str().into(), question.prompt.as_str().into()];
        let row: Option<(Option<String>, Option<String>)> = self.first(FIND, values).await?;
        match row {
            Some((Some(completion), _)) => Ok(Some(Ok(read(&completion)?))),
            Some((None, Some(outcome))) => {
                let outcome = serde_json::from_str(&outcome).map_err(StoreError::unreadable("answer"))?;
                Ok(Some(outcome))
            }
            Some((None, None)) | None => Ok(None),
        }
    }

    /// Forgets what is kept for longer than it may be, and the answers that are too many. Returns the number of rows.
    pub(crate) async fn forget_answers(&self, retention: Retention) -> Result<u64, StoreError> {
        const THINKING: &str =
            "UPDATE answer SET thinking = NULL WHERE thinking IS NOT NULL AND given_at <= {now} - $1";
        const ANSWERS: &str = "DELETE FROM answer WHERE used_at <= {now} - $1";
        const ASKED: &str = "DELETE FROM asked WHERE asked_at <= {now} - $1";
        const TOO_MANY: &str = "DELETE FROM answer WHERE (used_at, name) <= \
             (SELECT used_at, name FROM answer ORDER BY used_at DESC, name DESC LIMIT 1 OFFSET $1)";
        let (thinking, answers) = (milliseconds(retention.thinking), milliseconds(retention.answers));
        let most = i64::from(retention.max_answers);
        let write = self.write(move |mut db| {
            Box::pin(async move {
                let mut rows = 0;
                for (sql, value) in
                    [(THINKING, thinking), (ANSWERS, answers), (ASKED, answers), (TOO_MANY, most)]
                {
                    rows += db.execute(sql, [value.into()]).await?;
                }
                Ok(rows)
            })
        });
        write.await
    }
}

/// Notes what came of a question. What is there already stays: a review asks nothing twice.
async fn note(
    db: &mut Connection<'_>,
    question: &Question,
    answer: Option<&str>,
    outcome: Option<&str>,
) -> Result<(), StoreError> {
    const NOTE: &str = "INSERT INTO asked (review, prompt, answer, outcome, asked_at) \
         VALUES ($1, $2, $3, $4, {now}) ON CONFLICT (review, prompt) DO NOTHING";
    let Question { review, prompt } = question;
    db.execute(NOTE, [review.as_str().into(), prompt.as_str().into(), answer.into(), outcome.into()]).await?;
    Ok(())
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::unreadable("answer"))
}

fn read(completion: &str) -> Result<Completion, StoreError> {
    serde_json::from_str(completion).map_err(StoreError::unreadable("answer"))
}
