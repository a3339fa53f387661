//! The tokenizer of a model of the Hub, or of files that the user chose: fetched, and made into a counter.
//! The token goes to the Hub alone; the browser keeps the files as it keeps any.

use super::serve::busy;
use super::{Counting, ModelAt, WorkerError};
use crate::net::fetch::{self, Fault};
use tracesift_core::tokens::Counter;
use tracesift_core::tokens::model::{self, Files, ModelError};

/// The counter of a model.
///
/// # Errors
/// [`WorkerError::Model`] where its files can't be had, or are none of a tokenizer.
pub(super) async fn load(counting: Counting) -> Result<Counter, WorkerError> {
    let at = counting.model.as_ref();
    let at = at.ok_or(WorkerError::Model(ModelError::NoFiles))?;
    let name = counting.method.vocabulary().to_owned();
    let counter = async {
        let files = fetch_files(&name, at).await?;
        busy();
        model::counter(&name, &files, counting.method.template)
    };
    counter.await.map_err(WorkerError::Model)
}

async fn fetch_files(name: &str, at: &ModelAt) -> Result<Files, ModelError> {
    let named = || name.to_owned();
    let token = at.token.as_deref();
    let missing = || ModelError::NoTokenizer { name: named() };
    let tokenizer = file(name, &at.tokenizer, token).await?;
    Ok(Files {
        tokenizer: tokenizer.ok_or_else(missing)?,
        config: match &at.config {
            Some(url) => file(name, url, token).await?,
            None => None,
        },
        template: match &at.template {
            Some(url) => file(name, url, token).await?,
            None => None,
        },
    })
}

/// A file of the model; `None` where there is none.
async fn file(name: &str, url: &str, token: Option<&str>) -> Result<Option<String>, ModelError> {
    let name = || name.to_owned();
    match fetch::file(url, token, model::MOST_BYTES).await {
        Ok(text) => Ok(Some(text)),
        Err(Fault::Status(404)) => Ok(None),
        Err(Fault::Status(401 | 403)) => Err(ModelError::Gated { name: name() }),
        Err(Fault::Status(status)) => Err(ModelError::Refused {
            name: name(),
            status,
        }),
        Err(Fault::TooLarge) => Err(ModelError::TooLarge { name: name() }),
        Err(Fault::Lost) => Err(ModelError::Lost { name: name() }),
    }
}
