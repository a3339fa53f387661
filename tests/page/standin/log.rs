//! What the stand-in was asked: every request with its query, its time and how many others were under way.
//! Tests assert on it: counts, page lengths, requests in flight, tokens out of URLs.

use std::ops::Range;
use std::time::Duration;

use axum::extract::Request;

/// One request.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `GET` or `OPTIONS`.
    pub method: String,
    /// The path, decoded by nobody.
    pub path: String,
    /// The query as it came.
    pub query: String,
    /// The `Origin` header.
    pub origin: Option<String>,
    /// The token of the `Authorization` header.
    pub token: Option<String>,
    /// `Access-Control-Request-Headers` of a preflight.
    pub wants_headers: Option<String>,
    /// When it came, since the stand-in's start.
    pub began: Duration,
    /// When its answer was ready.
    pub ended: Option<Duration>,
    /// The answer's status.
    pub status: Option<u16>,
    /// How many requests were under way, this one among them.
    pub in_flight: usize,
}

impl Asked {
    /// Reads a request's head.
    pub fn of(request: &Request, began: Duration) -> Self {
        let header = |name: &str| {
            let value = request.headers().get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        Self {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            origin: header("origin"),
            token: header("authorization")
                .and_then(|value| value.strip_prefix("Bearer ").map(str::to_owned)),
            wants_headers: header("access-control-request-headers"),
            began,
            ended: None,
            status: None,
            in_flight: 0,
        }
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
    under_way: usize,
}

impl Log {
    /// Writes a request down; the number ends it.
    pub fn begin(&mut self, mut asked: Asked) -> usize {
        self.under_way += 1;
        asked.in_flight = self.under_way;
        self.requests.push(asked);
        self.forgotten + self.requests.len() - 1
    }

    /// Notes that a request is answered.
    pub fn end(&mut self, number: usize, status: u16, at: Duration) {
        self.under_way -= 1;
        let place = number.checked_sub(self.forgotten);
        if let Some(asked) = place.and_then(|place| self.requests.get_mut(place)) {
            asked.ended = Some(at);
            asked.status = Some(status);
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

    /// Whether any URL that was asked holds this text, as it is or percent-encoded.
    pub fn url_holds(&self, text: &str) -> bool {
        self.requests.iter().any(|asked| {
            let url = format!("{}?{}", asked.path, asked.query);
            let decoded = percent_encoding::percent_decode_str(&url).decode_utf8_lossy();
            url.contains(text) || decoded.contains(text)
        })
    }
}
