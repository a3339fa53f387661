//! What a worker that reads does for each question: which part of it answers.
//! Every such worker answers them all, so that whatever there is to do is done by as many as there are.

use wasm_bindgen::JsValue;

use super::serve::{Beside, Reply};
use super::{Answer, Question, files, job, open, parquet};

/// Answers a worker's questions.
///
/// # Errors
/// What went wrong, in words for the page.
pub async fn answer(question: Question, attachment: JsValue) -> Reply {
    match question {
        Question::Open { names, context, .. } => {
            let (inventory, files) = open::open(&names, &context, &attachment)?;
            Ok((Answer::Opened(inventory), Some(Beside::Blob(files))))
        }
        Question::Shapes { .. } | Question::Survey { .. } => {
            parquet::answer(question, attachment).await
        }
        Question::Write { .. } | Question::Finish | Question::Close { .. } => {
            files::answer(question, &attachment).await
        }
        _ => job::answer(question, attachment).await,
    }
}
