//! What went wrong at the Hub, whether asking again can help, and what the user can do.
//! The table of codes follows the datasets server's own list.

use serde::{Deserialize, Serialize};
use tracesift_core::ground::words::plain;

mod table; // every code the server knows: its kind, its cause, what to do

/// The longest that the server's own words are shown, in characters.
const MAX_SAID_CHARS: usize = 300;

/// The code of an answer that ended before it was whole.
pub const CUT_SHORT: &str = "CutShort";
/// The code of a request that was given up because it took too long.
pub const TIMED_OUT: &str = "TimedOut";
/// The code of an answer that is not what was asked for.
pub const UNREADABLE: &str = "Unreadable";

/// The code of rows in a file that is damaged: asking for fewer of them does not help.
pub const DAMAGED: &str = "Damaged";

/// The code of a page that this program could not work on.
pub const BROKE_DOWN: &str = "BrokeDown";
/// The code of a page that this program did not come to an end with.
pub const ENDLESS: &str = "Endless";
/// The code of a page that this program stopped working on because of another one.
pub const INTERRUPTED: &str = "Interrupted";

/// A request that gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{cause} {next_step}")]
pub struct HubError {
    /// What kind it is.
    pub kind: ErrorKind,
    /// The HTTP status; `None` where there was no answer at all.
    pub status: Option<u16>,
    /// The server's own code (`X-Error-Code`), or one of ours: [`CUT_SHORT`], [`TIMED_OUT`], [`UNREADABLE`],
    /// [`DAMAGED`], [`BROKE_DOWN`], [`ENDLESS`], [`INTERRUPTED`].
    pub code: Option<String>,
    /// The server's own words, shortened.
    pub said: Option<String>,
    /// What happened, in a sentence for the page.
    pub cause: String,
    /// What the user can do, in a sentence.
    pub next_step: String,
}

/// The kinds of errors that are treated differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// May pass by itself: not ready, overloaded, cut short, no connection. Ask again.
    Passing,
    /// Too many requests, or what looks like it. Ask again, later and slower.
    Limited,
    /// A token is missing or has no access.
    Access,
    /// These rows are too large for `/rows`: only the Parquet files can give them.
    TooBig,
    /// This page of rows can't be had, others may.
    Page,
    /// No request of this kind can succeed.
    Permanent,
}

/// How an error is met by asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// How often a page is asked for at most, the first time included.
    pub tries: u32,
    /// Waits before the second try, the third, …; the last one holds for all after it. In milliseconds.
    pub waits_ms: &'static [u32],
}

impl Retry {
    /// The wait after so many tries, in milliseconds, before jitter.
    pub fn wait_ms(&self, tries: u32) -> f64 {
        let index = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
        let wait = self.waits_ms.get(index).or(self.waits_ms.last());
        f64::from(wait.copied().unwrap_or_default())
    }
}

impl HubError {
    /// Whether asking again can help.
    pub fn is_passing(&self) -> bool {
        matches!(self.kind, ErrorKind::Passing | ErrorKind::Limited)
    }

    /// Whether no other page can be had either, so that the run has to stop.
    pub fn ends_the_run(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::Access | ErrorKind::TooBig | ErrorKind::Permanent
        )
    }

    /// Whether the datasets server has no rows of the dataset, nor ever will have: its files may be read all the same.
    pub fn is_without_rows(&self) -> bool {
        self.kind == ErrorKind::Permanent && matches!(self.status, Some(404 | 500 | 501))
    }

    /// Whether fewer rows at a time may help: the answer took too long to make or to send.
    pub fn asks_for_less(&self) -> bool {
        self.code.as_deref() == Some(TIMED_OUT) || matches!(self.status, Some(408 | 504 | 524))
    }

    /// How often to ask again and how long to wait before, where a page may be asked for `max_tries` times.
    pub fn retry(&self, max_tries: u32) -> Retry {
        let code = self.code.as_deref().unwrap_or_default();
        let (tries, waits_ms): (u32, &[u32]) = match self.kind {
            ErrorKind::Limited => (max_tries, &[2_000, 4_000, 8_000, 16_000, 30_000]),
            ErrorKind::Passing if code.starts_with("ResponseNotReady") => {
                (max_tries, &[2_000, 5_000, 10_000, 20_000, 30_000])
            }
            // The server keeps an error for ten seconds: before that it only repeats it.
            ErrorKind::Passing if table::is_kept(code) => (max_tries, &[11_000, 20_000, 30_000]),
            ErrorKind::Passing => (max_tries, &[1_000, 2_000, 4_000, 8_000, 16_000, 30_000]),
            // Most often final, yet the same code stands for passing faults of the server.
            ErrorKind::Page if code.starts_with("Unexpected") => {
                (max_tries.min(3), &[1_000, 4_000])
            }
            _ => (1, &[]),
        };
        Retry { tries, waits_ms }
    }

    /// The answer ended before it was whole.
    pub fn cut_short() -> Self {
        Self::ours(CUT_SHORT, ErrorKind::Passing, table::CUT_SHORT)
    }

    /// The answer took too long and was given up.
    pub fn timed_out() -> Self {
        Self::ours(TIMED_OUT, ErrorKind::Passing, table::TIMED_OUT)
    }

    /// The answer to a question about the dataset is not what the API gives; `why` is for whoever looks closer.
    pub fn unreadable(why: &str) -> Self {
        let error = Self::ours(UNREADABLE, ErrorKind::Permanent, table::UNREADABLE);
        Self {
            said: Some(plain(why, MAX_SAID_CHARS)),
            ..error
        }
    }

    /// The answer for one page of rows is not what the API gives.
    pub fn unreadable_page(why: &str) -> Self {
        let error = Self::ours(UNREADABLE, ErrorKind::Page, table::UNREADABLE_PAGE);
        Self {
            said: Some(plain(why, MAX_SAID_CHARS)),
            ..error
        }
    }

    /// Something else stands in the answer's place, such as a gateway's web page; `why` is for whoever looks closer.
    pub fn not_json(why: &str) -> Self {
        let error = Self::ours(UNREADABLE, ErrorKind::Passing, table::NOT_JSON);
        Self {
            said: Some(plain(why, MAX_SAID_CHARS)),
            ..error
        }
    }

    /// The server gave no rows for this page, although it has given rows behind it.
    pub fn no_rows() -> Self {
        Self::ours(UNREADABLE, ErrorKind::Page, table::NO_ROWS)
    }

    /// The program itself broke down over this page, most likely because it is too large.
    pub fn broke_down(why: &str) -> Self {
        let error = Self::ours(BROKE_DOWN, ErrorKind::Page, table::BROKE_DOWN);
        Self {
            said: Some(plain(why, MAX_SAID_CHARS)),
            ..error
        }
    }

    /// The program did not come to an end with this page: a row, or a chat template, that is made so. `why` says what
    /// was worked on, in words.
    pub fn endless(why: &str) -> Self {
        let error = Self::ours(ENDLESS, ErrorKind::Page, table::ENDLESS);
        Self {
            cause: plain(why, MAX_SAID_CHARS),
            ..error
        }
    }

    /// The program was working on another page that it had to stop with, and never came to this one.
    pub fn interrupted() -> Self {
        Self::ours(INTERRUPTED, ErrorKind::Passing, table::INTERRUPTED)
    }

    /// The file that the rows are in can't be read; `why` says which and what is wrong with it.
    pub fn damaged(why: &str) -> Self {
        let error = Self::ours(DAMAGED, ErrorKind::Page, table::DAMAGED);
        Self {
            cause: format!("{}.", plain(why, MAX_SAID_CHARS)),
            ..error
        }
    }

    fn ours(code: &str, kind: ErrorKind, words: table::Words) -> Self {
        Self {
            kind,
            status: None,
            code: Some(code.to_owned()),
            said: None,
            cause: words.cause.to_owned(),
            next_step: words.next_step.to_owned(),
        }
    }
}

/// What a refused request means: `status` and `code` (`X-Error-Code`) as the answer has them, and its body, JSON or not.
///
/// A `status` of `None` means that the browser gave no answer at all. It hides why: no connection, or too many
/// requests, which the server's edge refuses without the headers that a page needs to read an answer. The second is
/// the more careful guess.
pub fn classify(status: Option<u16>, code: Option<&str>, body: &str) -> HubError {
    let body = Body::read(body);
    let code = code.map(|code| plain(code, 80)).filter(|c| !c.is_empty());
    let meaning = table::meaning(status, code.as_deref(), body.said.as_deref());
    HubError {
        kind: meaning.kind,
        status,
        said: match meaning.kind {
            // Of a fault in the dataset itself, the reason behind the error says more.
            ErrorKind::Permanent => body.because.or(body.said),
            _ => body.said,
        },
        code,
        cause: meaning.words.cause.to_owned(),
        next_step: meaning.words.next_step.to_owned(),
    }
}

/// What a body says of an error.
#[derive(Default)]
struct Body {
    said: Option<String>,
    because: Option<String>,
}

impl Body {
    fn read(body: &str) -> Self {
        let body = body.trim();
        if let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(body) {
            let words = |field: &str| {
                let text = plain(fields.get(field)?.as_str()?, MAX_SAID_CHARS);
                (!text.is_empty()).then_some(text)
            };
            return Self {
                said: words("error"),
                because: words("cause_message"),
            };
        }
        // A gateway's page of HTML says nothing to a person.
        let is_words = !body.is_empty() && !body.starts_with(['<', '{', '[']);
        Self {
            said: is_words.then(|| plain(body, MAX_SAID_CHARS)),
            because: None,
        }
    }
}
