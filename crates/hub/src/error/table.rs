//! Every code of the datasets server: what kind of error it is, its cause and the next step in plain words.
//! From `libapi/exceptions.py` and `libcommon/exceptions.py` of `huggingface/dataset-viewer`, as of August 2026.

use super::ErrorKind::{self, Access, Limited, Page, Passing, Permanent, TooBig};

/// What is said of an error.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub cause: &'static str,
    pub next_step: &'static str,
}

const fn words(cause: &'static str, next_step: &'static str) -> Words {
    Words { cause, next_step }
}

/// What an error means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meaning {
    pub kind: ErrorKind,
    pub words: Words,
}

const WAITS: &str = "It is retried automatically; if that does not help, try again later.";
const REPORT: &str = "Choose another dataset, or ask its owners on its page.";

pub(super) const CUT_SHORT: Words = words("The server's answer was cut short.", WAITS);
pub(super) const TIMED_OUT: Words = words(
    "The server took too long to answer.",
    "The request is retried for fewer rows; if that does not help, try again later.",
);
pub(super) const UNREADABLE: Words = words(
    "The server's answer is not what the Hub's API returns.",
    "Check the server's address, then try again.",
);
pub(super) const NOT_JSON: Words = words(
    "Something other than the server answered, such as a network's sign-in page.",
    "It is retried automatically; if that does not help, check the connection and the server's address.",
);
pub(super) const UNREADABLE_PAGE: Words = words(
    "The server's answer for these rows can't be read.",
    "Retry these rows; the other rows are not affected.",
);
pub(super) const NO_ROWS: Words = words(
    "The server returned no rows here, although it has rows further on.",
    "Retry these rows; the other rows are not affected.",
);
pub(super) const BROKE_DOWN: Words = words(
    "Part of this page failed while it worked on these rows.",
    "It was restarted; retry these rows. The other rows are not affected.",
);

pub(super) const ENDLESS: Words = words(
    "Work on these rows did not finish.",
    "The other rows are not affected.",
);
pub(super) const INTERRUPTED: Words = words(
    "Part of this page was restarted because of other rows.",
    WAITS,
);

pub(super) const DAMAGED: Words = words(
    "A file of the dataset could not be read.",
    "Its rows are left out; tell the dataset's owner. The other rows are not affected.",
);

const NO_ANSWER: Words = words(
    "No answer came: there is no connection, or the server refuses because of too many requests (a browser does not say which).",
    "Check the connection; it is retried automatically, more slowly.",
);
const TOO_MANY: Words = words(
    "The server received too many requests in a short time.",
    "It is retried automatically, more slowly; if that does not help, wait five minutes.",
);
const NO_TOKEN: Words = words(
    "No dataset of this name can be read without a token: the name is misspelled, or the dataset is gated or private.",
    "Check the name; for a gated dataset accept its terms on its page and enter a token here.",
);
const NO_ACCESS: Words = words(
    "The token gives no access to this dataset, or there is no dataset of this name.",
    "Check the name, and accept the dataset's terms on its page with the account that the token belongs to.",
);
const BAD_TOKEN: Words = words(
    "The server does not accept the token.",
    "Enter another token, or none if the dataset is public.",
);
const NOT_FOUND: Words = words(
    "The server knows no such dataset, config or split.",
    "Choose the config and the split from the lists, or check the dataset's name.",
);
const NO_FILE: Words = words(
    "The dataset has no such file.",
    "Analyze again to read its files as they are now.",
);
const RENAMED: Words = words(
    "The dataset has been renamed.",
    "Open its page on the Hub to see the new name, and enter that.",
);
const BAD_QUESTION: Words = words(
    "The server does not understand the request.",
    "Choose the dataset, the config and the split again; if that does not help, this page is at fault: please report it.",
);
const NOT_READY: Words = words(
    "The server is still preparing this dataset.",
    "It is retried automatically; for a new or large dataset this can take minutes, seldom hours.",
);
const BUSY: Words = words("The server is overloaded or restarting.", WAITS);
const LATER: Words = words(
    "The server failed for a moment and tries again automatically.",
    WAITS,
);
const ROWS_TOO_BIG: Words = words(
    "The rows of this dataset are stored in pieces too large for the Hub's row service.",
    "It needs the Parquet route, which reads the files themselves: download one of its Parquet or JSONL files, or choose another dataset.",
);
const ROW_FAILED: Words = words(
    "The server can't turn one of these rows into text.",
    "The row is left out; the other rows are not affected.",
);
const UNEXPECTED: Words = words(
    "The server failed at these rows without saying why.",
    "Check that config and split exist, then retry these rows; the other rows are not affected.",
);
const BROKEN: Words = words("The server can't read the files of this dataset.", REPORT);
const EMPTY: Words = words("The dataset holds no data files.", REPORT);
const MIXED: Words = words(
    "The files of this dataset do not have the same columns, so the server can't read them as one.",
    REPORT,
);
const SCRIPT: Words = words(
    "The dataset is made by a script, which the server does not run.",
    "Choose a dataset that consists of files.",
);
const BLOCKED: Words = words(
    "The Hub does not serve the rows of this dataset.",
    "Choose another dataset, or download its files.",
);
const PRIVATE: Words = words(
    "The Hub serves rows of a private dataset only where its owner has a paid plan.",
    "Make the dataset public, or download it and open the file here.",
);
const TOO_MANY_CONFIGS: Words = words(
    "The dataset has more configs than the server reads.",
    "Choose another dataset, or download one of its files and open it here.",
);
const TOO_LONG: Words = words(
    "The server gave up on this dataset because it took too long to read.",
    "Choose another dataset, or download one of its files and open it here.",
);
const REFUSED: Words = words("The server refused the request.", "Try again later.");

/// What status, code and words of a server mean. The code decides where it is known, then the status.
pub(super) fn meaning(status: Option<u16>, code: Option<&str>, said: Option<&str>) -> Meaning {
    let (kind, words) = code
        .and_then(|code| of_code(code, status))
        .or_else(|| of_said(said.unwrap_or_default()))
        .unwrap_or_else(|| of_status(status, code));
    Meaning { kind, words }
}

/// The kind and words of a code; `None` for one that nobody knows.
fn of_code(code: &str, status: Option<u16>) -> Option<(ErrorKind, Words)> {
    Some(match code {
        "ExternalUnauthenticatedError" => (Access, NO_TOKEN),
        "ExternalAuthenticatedError" => (Access, NO_ACCESS),
        _ if code.starts_with("JWT") => (Access, BAD_TOKEN),

        // Of the Hub itself.
        "EntryNotFound" | "RevisionNotFound" => (Permanent, NO_FILE),

        "RenamedDatasetError" => (Permanent, RENAMED),
        "ResponseNotFound"
        | "DatasetNotFoundError"
        | "ConfigNotFoundError"
        | "SplitNotFoundError"
        | "DatasetRevisionNotFoundError"
        | "NotSupportedRepositoryNotFoundError" => (Permanent, NOT_FOUND),
        "MissingRequiredParameter" | "InvalidParameter" | "SearchFeatureNotAvailableError" => {
            (Permanent, BAD_QUESTION)
        }

        // The specification spells it with "Error", the server without.
        "ResponseNotReady" | "ResponseNotReadyError" => (Passing, NOT_READY),
        "AuthCheckHubRequestError" | "DownloadIndexError" | "UnprocessableIndexError" => {
            (Passing, LATER)
        }
        code if is_kept(code) => (Passing, LATER),

        "TooBigContentError" => (TooBig, ROWS_TOO_BIG),
        "TransformRowsProcessingError" | "RowsPostProcessingError" => (Page, ROW_FAILED),
        // Also what a split that does not exist gives on `/rows`.
        "UnexpectedApiError" | "UnexpectedError" => (Page, UNEXPECTED),

        "EmptyDatasetError" | "DataFilesNotFoundError" => (Permanent, EMPTY),
        "DatasetGenerationCastError" | "SplitParquetSchemaMismatchError" => (Permanent, MIXED),
        "DatasetWithScriptNotSupportedError" => (Permanent, SCRIPT),
        "NotSupportedPrivateRepositoryError" => (Permanent, PRIVATE),
        "DatasetInBlockListError"
        | "NotSupportedDisabledRepositoryError"
        | "NotSupportedDisabledViewerError"
        | "NotSupportedTagNFAAError" => (Permanent, BLOCKED),
        "DatasetWithTooManyConfigsError" => (Permanent, TOO_MANY_CONFIGS),
        "JobManagerExceededMaximumDurationError" => (Permanent, TOO_LONG),
        // All other codes of these two are faults of the dataset that the server has met and written down.
        _ if matches!(status, Some(500 | 501)) => (Permanent, BROKEN),
        _ => return None,
    })
}

/// Errors that the server keeps for some seconds and takes up again by itself (`ERROR_CODES_TO_RETRY`).
pub(super) fn is_kept(code: &str) -> bool {
    [
        "CreateCommitError",
        "ExternalServerError",
        "HfHubError",
        "JobManagerCrashedError",
        "LockedDatasetTimeoutError",
        "PreviousStepStillProcessingError",
        "RetryableConfigNamesError",
    ]
    .contains(&code)
}

/// What the words say where the code was lost on the way: a mirror need not pass it on.
fn of_said(said: &str) -> Option<(ErrorKind, Words)> {
    let says = |part: &str| said.contains(part);
    if says("Scan size limit exceeded") || says("row groups are too big to be read") {
        Some((TooBig, ROWS_TOO_BIG))
    } else if says("response is not ready yet") || says("dataset index is loading") {
        Some((Passing, NOT_READY))
    } else if says("not accessible without authentication") {
        Some((Access, NO_TOKEN))
    } else {
        None
    }
}

fn of_status(status: Option<u16>, code: Option<&str>) -> (ErrorKind, Words) {
    match status {
        None => (Limited, NO_ANSWER),
        Some(429) => (Limited, TOO_MANY),
        Some(401) => (Access, NO_TOKEN),
        Some(403) => (Access, NO_ACCESS),
        Some(404 | 410) => (Permanent, NOT_FOUND),
        Some(400 | 414 | 422) => (Permanent, BAD_QUESTION),
        Some(408 | 504 | 524) => (Passing, TIMED_OUT),
        Some(501) => (Permanent, BROKEN),
        // Without a code nobody has looked into it: it may be anything that passes.
        Some(500..=599) => (Passing, if code.is_none() { BUSY } else { LATER }),
        Some(200..=299) => (Permanent, UNREADABLE),
        Some(_) => (Permanent, REFUSED),
    }
}
