//! What goes wrong: an effect on the requests of one path, for one row or all, from the n-th on, so many times.
//! The effects are those that the two services and the ways to them are known for.

use std::time::Duration;

use super::answer::{Answer, Cors};
use super::drip::Pace;
use super::log::Asked;

/// The path of every file on the Hub, which answers with the address where its bytes are.
pub const RESOLVER: &str = "/datasets/*";

/// The path of every file on the server that has its bytes.
pub const CDN: &str = "/xet-bridge/*";

/// Something that goes wrong.
#[derive(Debug, Clone)]
pub struct Fault {
    path: String,
    /// How the query names the dataset.
    dataset: Option<String>,
    row: Option<u64>,
    skip: usize,
    times: usize,
    effect: Effect,
}

/// What happens to a request.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Another answer than the true one.
    Says(Answer),
    /// The true answer, late.
    Slow(Duration),
    /// The true answer, from another commit.
    Revision(String),
    /// The connection is reset before a byte is sent.
    Reset,
    /// The connection ends in the middle of the true answer.
    CutShort(Framing),
    /// The true answer, at this pace.
    Paced(Pace),
    /// The whole file in answer to a range.
    Whole,
}

/// How the end of a body is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// By `Content-Length`.
    Length,
    /// By a last chunk.
    Chunks,
}

impl Fault {
    /// A fault on every request of a path, or of all paths that begin with what stands before a `*`.
    pub fn on(path: &str, effect: Effect) -> Self {
        Self {
            path: path.to_owned(),
            dataset: None,
            row: None,
            skip: 0,
            times: usize::MAX,
            effect,
        }
    }

    /// Only on requests about this dataset.
    pub fn of(mut self, dataset: &str) -> Self {
        let mut query = form_urlencoded::Serializer::new(String::new());
        self.dataset = Some(query.append_pair("dataset", dataset).finish());
        self
    }

    /// Only on pages of rows that hold this one.
    pub fn row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    /// Only after so many requests that it could have struck.
    pub fn after(mut self, requests: usize) -> Self {
        self.skip = requests;
        self
    }

    /// Only so many times.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// The effect on this request, if it strikes.
    pub fn strike(&mut self, asked: &Asked) -> Option<Effect> {
        let here = self.path.strip_suffix('*').map_or_else(
            || asked.path == self.path,
            |start| asked.path.starts_with(start),
        ) && self
            .row
            .is_none_or(|row| asked.range().is_some_and(|range| range.contains(&row)))
            && self
                .dataset
                .as_ref()
                .is_none_or(|dataset| asked.query.split('&').any(|pair| pair == dataset));
        if !here || self.times == 0 {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        self.times = self.times.saturating_sub(1);
        Some(self.effect.clone())
    }
}

impl Effect {
    /// The first half of the true answer, and then neither more of it nor an end.
    pub fn stalls() -> Self {
        Self::Paced(Pace {
            pieces: 2,
            pause: Duration::from_secs(24 * 3600),
        })
    }

    /// An error of the datasets server, with its code.
    pub fn error(status: u16, code: &str, error: &str) -> Self {
        Self::Says(Answer::error(status, code, error))
    }

    /// 500 `ResponseNotReady`: ask again later.
    pub fn not_ready() -> Self {
        Self::error(
            500,
            "ResponseNotReady",
            "The server is busier than usual and the response is not ready yet. Please retry later.",
        )
    }

    /// 500 `TooBigContentError` in the words of the current server: this split can't be paged.
    pub fn too_big() -> Self {
        Self::Says(Answer::too_big(500))
    }

    /// 500 `TransformRowsProcessingError`: this row can't be had, others can.
    pub fn broken_row(row: u64) -> Self {
        Self::error(
            500,
            "TransformRowsProcessingError",
            &format!(
                "Server error while post-processing the split rows. Please report the issue. This occured on row {row}."
            ),
        )
    }

    /// 502, 503 or 504 of a gateway: HTML, no code; the load balancer knows nothing of CORS.
    pub fn gateway(status: u16) -> Self {
        Self::Says(Answer::html(
            status,
            &format!(
                "<html><head><title>{status}</title></head><body><h1>Gateway</h1></body></html>"
            ),
            Cors::None,
        ))
    }

    /// The same, as a gateway that does answer with CORS headers.
    pub fn open_gateway(status: u16) -> Self {
        Self::Says(Answer::html(
            status,
            "<html><body><h1>Bad Gateway</h1></body></html>",
            Cors::Server,
        ))
    }

    /// 429 of the firewall in front of the server, without any CORS header: the page sees a network error.
    pub fn too_many() -> Self {
        Self::Says(Answer::html(
            429,
            "<html><body>Too Many Requests</body></html>",
            Cors::None,
        ))
    }

    /// The server's last word when it crashed: plain text, no CORS headers.
    pub fn crash() -> Self {
        Self::Says(Answer::text(500, "Internal Server Error", Cors::None))
    }

    /// A 500 in plain text that the page may read.
    pub fn plain_500() -> Self {
        Self::Says(Answer::text(500, "Internal Server Error", Cors::Server))
    }

    /// 200 with a web page instead of JSON, as a captive portal or a proxy answers.
    pub fn web_page() -> Self {
        Self::Says(Answer::html(
            200,
            "<!doctype html><title>Sign in to the network</title><script>window.__pwned = 1</script>",
            Cors::Server,
        ))
    }

    /// An error of the Hub, with its code.
    pub fn hub_error(status: u16, code: &str, error: &str) -> Self {
        Self::Says(Answer::error(status, code, error).by_hub())
    }

    /// An error of the server that has the files' bytes, which the page may read: 403 for an address that ended, 503.
    pub fn cdn_error(status: u16) -> Self {
        let code = if status == 403 {
            "AccessDenied"
        } else {
            "SlowDown"
        };
        Self::Says(Answer::xml(status, code, Cors::Cdn))
    }
}
