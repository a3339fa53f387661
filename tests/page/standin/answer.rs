//! One answer: status, code, body, and the headers that the service puts beside it.
//! CORS as a browser meets it: the origin is echoed, two headers may be read, a firewall's answer has none at all.

use axum::body::Body;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Response as HttpResponse, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::drip::{Dripping, Pace};
use super::fault::Framing;
use super::log::{Asked, Server};

const X_ERROR_CODE: HeaderName = HeaderName::from_static("x-error-code");
const X_REVISION: HeaderName = HeaderName::from_static("x-revision");

/// What the Hub lets a page read.
const HUB_EXPOSES: &str = "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash";

/// An answer before it is sent.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `X-Error-Code`.
    pub code: Option<Box<str>>,
    /// `X-Revision`.
    pub revision: Option<Box<str>>,
    /// The body.
    pub body: Box<[u8]>,
    /// At what pace the body comes, where that is not as fast as it can.
    pub pace: Option<Box<Pace>>,
    /// How many of its bytes get through before the connection breaks; all if there is no number.
    pub through: Option<u64>,
    more: Vec<(HeaderName, String)>,
    content_type: &'static str,
    cors: Cors,
    framing: Framing,
    preflight: bool,
}

/// Whose CORS headers an answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cors {
    /// The datasets server's.
    Server,
    /// The Hub's.
    Hub,
    /// Those of the servers that hold the Hub's files.
    Cdn,
    /// None: the browser keeps the answer from the page.
    None,
}

impl Answer {
    fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>, cors: Cors) -> Self {
        Self {
            status,
            code: None,
            revision: None,
            body: body.into().into(),
            pace: None,
            through: None,
            more: Vec::new(),
            content_type,
            cors,
            framing: Framing::Length,
            preflight: false,
        }
    }

    /// 200 with JSON.
    pub fn json(body: String) -> Self {
        Self::new(200, "application/json", body, Cors::Server)
    }

    /// An error in the server's own form.
    pub fn error(status: u16, code: &str, error: &str) -> Self {
        Self {
            code: Some(code.into()),
            ..Self::new(
                status,
                "application/json",
                json!({ "error": error }).to_string(),
                Cors::Server,
            )
        }
    }

    /// 500 or 501 `TooBigContentError` in the words of the current server: this split can't be paged.
    pub fn too_big(status: u16) -> Self {
        Self::error(
            status,
            "TooBigContentError",
            "Parquet error: Scan size limit exceeded: attempted to read 2986322005 bytes, limit is 300000000 bytes\n\nMake sure that\n\n1. the Parquet files contain a page index to enable random access without loading entire row groups2. otherwise use smaller row-group sizes when serializing the Parquet files\n",
        )
    }

    /// Plain text.
    pub fn text(status: u16, body: &str, cors: Cors) -> Self {
        Self::new(status, "text/plain; charset=utf-8", body, cors)
    }

    /// A web page.
    pub fn html(status: u16, body: &str, cors: Cors) -> Self {
        Self::new(status, "text/html; charset=utf-8", body, cors)
    }

    /// An error of the servers that hold the files.
    pub fn xml(status: u16, code: &str, cors: Cors) -> Self {
        let body =
            format!(r#"<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code></Error>"#);
        Self::new(status, "application/xml", body, cors)
    }

    /// Bytes of a file.
    pub fn bytes(status: u16, body: Vec<u8>) -> Self {
        Self::new(status, "application/octet-stream", body, Cors::Cdn)
    }

    /// 302 of the Hub to another server.
    pub fn redirect(location: &str) -> Self {
        Self::text(302, &format!("Found. Redirecting to {location}"), Cors::Hub)
            .with(header::LOCATION, location)
    }

    /// With one more header.
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.more.push((name, value.to_owned()));
        self
    }

    /// The same answer from the Hub.
    pub fn by_hub(mut self) -> Self {
        self.cors = Cors::Hub;
        self
    }

    /// The same answer, with the CORS headers of the server that gives it, where it gives any.
    pub fn by(mut self, server: Server) -> Self {
        self.cors = match (self.cors, server) {
            (Cors::None, _) => Cors::None,
            (_, Server::Hub) => Cors::Hub,
            (_, Server::Cdn) => Cors::Cdn,
        };
        self
    }

    /// The Hub's answer with JSON.
    pub fn hub_json(value: &Value) -> Self {
        Self::json(value.to_string()).by_hub()
    }

    /// The answer from a commit.
    pub fn at(mut self, revision: &str) -> Self {
        self.revision = Some(revision.into());
        self
    }

    /// With a body that comes at this pace.
    pub fn paced(mut self, pace: Pace) -> Self {
        self.pace = Some(Box::new(pace));
        self
    }

    /// With its end told in this way.
    pub fn framed(mut self, framing: Framing) -> Self {
        self.framing = framing;
        self
    }

    /// With a connection that breaks after so many bytes of the body.
    pub fn breaking_after(mut self, bytes: u64) -> Self {
        self.through = Some(bytes);
        self
    }

    /// Whether the body's length is told before it.
    pub fn is_measured(&self) -> bool {
        self.framing == Framing::Length
    }

    /// What both services say when a browser asks whether it may ask.
    pub fn preflight(asked: &Asked) -> Self {
        let cors = if asked.is_for_hub() {
            Cors::Hub
        } else {
            Cors::Server
        };
        Self {
            preflight: true,
            ..Self::text(200, "OK", cors)
        }
    }

    /// The answer as it is sent to `asked`; `cached`: with the times that the server lets browsers keep it.
    pub fn into_response(self, asked: &Asked, cached: bool) -> Response {
        let mut headers = vec![(header::CONTENT_TYPE, self.content_type.to_owned())];
        headers.extend(self.code.clone().map(|code| (X_ERROR_CODE, code.into())));
        headers.extend(
            self.revision
                .clone()
                .map(|commit| (X_REVISION, commit.into())),
        );
        headers.push((header::CACHE_CONTROL, self.cache_control(cached)));
        headers.extend(self.more.iter().cloned());
        headers.extend(self.cors_headers(asked));
        if self.framing == Framing::Chunks {
            headers.push((header::TRANSFER_ENCODING, "chunked".to_owned()));
        }
        let body = self.body.into_vec();
        let body = match self.pace {
            Some(pace) => Body::new(Dripping::new(body.into(), *pace)),
            None => Body::from(body),
        };
        let mut response = HttpResponse::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).expect("a test gives a valid status");
        for (name, value) in headers {
            let value = HeaderValue::from_str(&value).expect("a test gives valid header values");
            response.headers_mut().append(name, value);
        }
        response
    }

    fn cache_control(&self, cached: bool) -> String {
        let cached = cached && self.status != 302 && self.cors != Cors::Cdn;
        let kept = if self.status == 200 {
            "max-age=120"
        } else {
            "max-age=10"
        };
        if cached { kept } else { "no-store" }.to_owned()
    }

    fn cors_headers(&self, asked: &Asked) -> Vec<(HeaderName, String)> {
        let Some(origin) = asked.origin.clone() else {
            return Vec::new();
        };
        let mut headers = match self.cors {
            Cors::None => return Vec::new(),
            Cors::Cdn => {
                return vec![
                    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
                    (header::ACCESS_CONTROL_EXPOSE_HEADERS, "*".to_owned()),
                ];
            }
            Cors::Server => vec![
                (header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true".to_owned()),
                (header::VARY, "Accept-Encoding, Origin".to_owned()),
            ],
            Cors::Hub => vec![(header::VARY, "Origin".to_owned())],
        };
        headers.push((header::ACCESS_CONTROL_ALLOW_ORIGIN, origin));
        if self.preflight {
            headers.extend(self.preflight_headers(asked));
        } else {
            let exposed = match self.cors {
                Cors::Hub => HUB_EXPOSES,
                _ => "X-Error-Code, X-Revision",
            };
            headers.push((header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed.to_owned()));
        }
        headers
    }

    fn preflight_headers(&self, asked: &Asked) -> Vec<(HeaderName, String)> {
        let (methods, age) = match self.cors {
            Cors::Hub => ("GET, POST, PUT, DELETE, OPTIONS", "86400"),
            _ => ("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT", "600"),
        };
        let wanted = asked.wants_headers.clone().unwrap_or_default();
        vec![
            (header::ACCESS_CONTROL_ALLOW_METHODS, methods.to_owned()),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, wanted),
            (header::ACCESS_CONTROL_MAX_AGE, age.to_owned()),
        ]
    }
}
