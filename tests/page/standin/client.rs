//! A bare HTTP client: it sees every header, every half body and every reset as they are.
//! Browsers and client libraries hide or mend some of it.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::StandIn;

/// The origin that [`get`] claims to be.
pub const ORIGIN: (&str, &str) = ("Origin", "http://127.0.0.1:1");

/// An answer as it came over the wire.
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Status line and headers.
    pub head: String,
    /// What came of the body, chunks not put together.
    pub body: Vec<u8>,
}

impl Reply {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// Status and error code.
    pub fn code(&self) -> (u16, &str) {
        (self.status, self.header("x-error-code").unwrap_or_default())
    }
}

/// Asks the datasets server or the Hub and reads until the connection ends.
pub fn ask(
    standin: &StandIn,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
) -> io::Result<Reply> {
    ask_at(&standin.url(), method, target, headers)
}

/// Asks any server of this machine.
pub fn ask_at(
    server: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
) -> io::Result<Reply> {
    send(server, method, target, headers, b"")
}

/// The same, with a body.
pub fn send(
    server: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(server.trim_start_matches("http://"))?;
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    write!(
        stream,
        "{method} {target} HTTP/1.1\r\nHost: standin\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    )?;
    stream.write_all(body)?;
    let mut all = Vec::new();
    stream.read_to_end(&mut all)?;
    let end = all.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.ok_or(io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok());
    Ok(Reply {
        status: status.ok_or(io::ErrorKind::InvalidData)?,
        head,
        body: all[end + 4..].to_vec(),
    })
}

/// A plain `GET` of a page on another origin.
pub fn get(standin: &StandIn, target: &str) -> Reply {
    ask(standin, "GET", target, &[ORIGIN]).expect("an answer")
}
