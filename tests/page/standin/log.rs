//! What the stand-in was asked: every request with its query, its time and how many others were under way.
//! Tests assert on it: counts, page lengths, requests in flight, tokens out of URLs.

use std::ops::Range;
use std::time::Duration;

use axum::extract::Request;

use super::range;

/// One request.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Who was asked.
    pub server: Server,
    /// `GET`, `POST`, `PUT` or `OPTIONS`.
    pub method: String,
    /// The path, decoded by nobody.
    pub path: String,
    /// The query as it came.
    pub query: String,
    /// The `Origin` header.
    pub origin: Option<String>,
    /// The token of the `Authorization` header.
    pub token: Option<String>,
    /// The `Range` header.
    pub bytes: Option<String>,
    /// `Access-Control-Request-Headers` of a preflight.
    pub wants_headers: Option<String>,
    /// When it came, since the stand-in's start.
    pub began: Duration,
    /// When its answer was ready; for bytes of a file, when the last one was sent or the connection broke.
    pub ended: Option<Duration>,
    /// The answer's status.
    pub status: Option<u16>,
    /// How many bytes of the answer's body were sent.
    pub sent: u64,
    /// How many requests to the same server were under way, this one among them.
    pub in_flight: usize,
}

/// The two origins of the stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// The datasets server and the Hub.
    Hub,
    /// The server that has the files' bytes.
    Cdn,
}

impl Asked {
    /// Reads a request's head.
    pub fn of(server: Server, request: &Request, began: Duration) -> Self {
        let header = |name: &str| {
            let value = request.headers().get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        Self {
            server,
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            origin: header("origin"),
            token: header("authorization")
                .and_then(|value| value.strip_prefix("Bearer ").map(str::to_owned)),
            bytes: header("range"),
            wants_headers: header("access-control-request-headers"),
            began,
            ended: None,
            status: None,
            sent: 0,
            in_flight: 0,
        }
    }

    /// Whether the Hub answers it, and not the datasets server.
    pub fn is_for_hub(&self) -> bool {
        ["/api/", "/datasets/"]
            .iter()
            .any(|start| self.path.starts_with(start))
    }

    /// A parameter of the query, decoded.
    pub fn parameter(&self, key: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_bytes())
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.into_owned())
    }

    /// The rows that were asked for, where it asks for rows.
    pub fn range(&self) -> Option<Range<u64>> {
        let number = |key, default| {
            self.parameter(key)
                .map_or(Some(default), |value| value.parse::<u64>().ok())
        };
        let start = number("offset", 0)?;
        Some(start..start.saturating_add(number("length", 100)?))
    }
}

/// All requests, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct Log {
    requests: Vec<Asked>,
    forgotten: usize,
    under_way: [usize; 2],
}

impl Log {
    /// Writes a request down; the number ends it.
    pub fn begin(&mut self, mut asked: Asked) -> usize {
        let under_way = &mut self.under_way[asked.server as usize];
        *under_way += 1;
        asked.in_flight = *under_way;
        self.requests.push(asked);
        self.forgotten + self.requests.len() - 1
    }

    /// Notes that a request to a server is answered with so many bytes, or given up.
    pub fn end(
        &mut self,
        server: Server,
        number: usize,
        status: Option<u16>,
        sent: u64,
        at: Duration,
    ) {
        self.under_way[server as usize] -= 1;
        let place = number.checked_sub(self.forgotten);
        if let Some(asked) = place.and_then(|place| self.requests.get_mut(place)) {
            asked.ended = Some(at);
            asked.status = status;
            asked.sent = sent;
        }
    }

    /// Drops what is written; what is under way still counts.
    pub fn forget(&mut self) {
        self.forgotten += self.requests.len();
        self.requests.clear();
    }

    /// Every request, preflights too.
    pub fn all(&self) -> &[Asked] {
        &self.requests
    }

    /// The requests of one path, without preflights.
    pub fn of(&self, path: &str) -> Vec<&Asked> {
        self.requests
            .iter()
            .filter(|asked| asked.path == path && asked.method == "GET")
            .collect()
    }

    /// The ranges of rows that were asked for, in order of time.
    pub fn row_ranges(&self) -> Vec<Range<u64>> {
        self.of("/rows")
            .iter()
            .filter_map(|asked| asked.range())
            .collect()
    }

    /// The most `/rows` requests that were under way at once.
    pub fn most_in_flight(&self) -> usize {
        let most = self.of("/rows").iter().map(|asked| asked.in_flight).max();
        most.unwrap_or(0)
    }

    /// Every question for the address of a file's bytes.
    pub fn resolver_requests(&self) -> Vec<&Asked> {
        self.requests
            .iter()
            .filter(|asked| asked.path.contains("/resolve/") && asked.method == "GET")
            .collect()
    }

    /// Every request to the server that has the files' bytes, whatever it was.
    pub fn cdn_requests(&self) -> Vec<&Asked> {
        self.requests
            .iter()
            .filter(|asked| asked.server == Server::Cdn)
            .collect()
    }

    /// How many bytes of files were sent.
    pub fn cdn_bytes(&self) -> u64 {
        self.cdn_requests().iter().map(|asked| asked.sent).sum()
    }

    /// The most requests for bytes of files that were under way at once.
    pub fn most_ranges_in_flight(&self) -> usize {
        let most = self
            .cdn_requests()
            .iter()
            .map(|asked| asked.in_flight)
            .max();
        most.unwrap_or(0)
    }

    /// Requests for bytes that browsers ask about first, or that servers answer in different ways: suffixes, several
    /// ranges at once, `HEAD`, preflights.
    pub fn bad_ranges(&self) -> Vec<&Asked> {
        let mut requests = self.cdn_requests();
        requests.retain(|asked| asked.method != "GET" || range::read(asked).is_err());
        requests
    }

    /// Whether any URL that was asked holds this text, as it is or percent-encoded.
    pub fn url_holds(&self, text: &str) -> bool {
        self.requests.iter().any(|asked| {
            let url = format!("{}?{}", asked.path, asked.query);
            let decoded = percent_encoding::percent_decode_str(&url).decode_utf8_lossy();
            url.contains(text) || decoded.contains(text)
        })
    }
}
