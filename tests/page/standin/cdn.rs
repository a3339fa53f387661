//! The second origin: it gives bytes of files to whoever has a signed address, and asks for no token.
//! It refuses what a browser would have to ask about first, and counts what it sends.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Method, header};
use axum::response::Response;
use http_body::{Frame, SizeHint};
use sha2::{Digest, Sha256};

use super::answer::{Answer, Cors};
use super::log::Asked;
use super::parquet::File;
use super::{Entry, lock, range};

/// For how many seconds an address says that it is good.
const LIFETIME: u64 = 3600;

/// The largest piece of a body: what was sent is known so closely.
const PIECE: usize = 16 * 1024;

/// The addresses that were given out.
pub struct Cdn {
    /// How many answers an address is good for.
    pub answers: usize,
    address: SocketAddr,
    signed: HashMap<String, Signed>,
}

struct Signed {
    hash: String,
    file: File,
    left: usize,
}

/// The hash under which a file is kept.
pub fn hash_of(name: &str) -> String {
    let digest = Sha256::digest(name);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Cdn {
    /// No addresses yet.
    pub fn at(address: SocketAddr) -> Self {
        Self {
            answers: usize::MAX,
            address,
            signed: HashMap::new(),
        }
    }

    /// A fresh address of a file.
    pub fn sign(&mut self, hash: &str, file: &File) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let expires = now.map_or(0, |now| now.as_secs()) + LIFETIME;
        let signature = hash_of(&format!("{hash} {}", self.signed.len()));
        let signed = Signed {
            hash: hash.to_owned(),
            file: file.clone(),
            left: self.answers,
        };
        self.signed.insert(signature.clone(), signed);
        let address = self.address;
        format!("http://{address}/xet-bridge/{hash}?Expires={expires}&Signature={signature}")
    }

    /// The server's own address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends every address.
    pub fn expire(&mut self) {
        self.signed.values_mut().for_each(|signed| signed.left = 0);
    }

    /// The file at an address, if it is still good.
    fn open(&mut self, asked: &Asked) -> Option<File> {
        let signed = self.signed.get_mut(&asked.parameter("Signature")?)?;
        let hash = asked.path.strip_prefix("/xet-bridge/")?;
        if signed.hash != hash || signed.left == 0 {
            return None;
        }
        signed.left -= 1;
        Some(signed.file.clone())
    }
}

/// The answer to all but `GET`.
pub fn refuse(method: &Method) -> Answer {
    if method == Method::OPTIONS {
        return Answer::xml(403, "AccessForbidden", Cors::None);
    }
    Answer::xml(405, "MethodNotAllowed", Cors::Cdn)
}

/// The answer to `GET`.
pub fn answer(cdn: &Mutex<Cdn>, asked: &Asked) -> Answer {
    let Ok(wanted) = range::read(asked) else {
        return Answer::xml(400, "InvalidRange", Cors::Cdn);
    };
    let Some(file) = lock(cdn).open(asked) else {
        return Answer::xml(403, "AccessDenied", Cors::Cdn);
    };
    let size = file.size();
    let answer = match wanted {
        None => Answer::bytes(200, file.read(0..size)),
        Some((first, _)) if first >= size => Answer::xml(416, "InvalidRange", Cors::Cdn)
            .with(header::CONTENT_RANGE, &format!("bytes */{size}")),
        Some((first, last)) => {
            let end = last.map_or(size, |last| size.min(last.saturating_add(1)));
            let told = format!("bytes {first}-{}/{size}", end - 1);
            Answer::bytes(206, file.read(first..end)).with(header::CONTENT_RANGE, &told)
        }
    };
    answer.with(header::ACCEPT_RANGES, "bytes")
}

/// Sends an answer and writes down what went out of it.
pub fn send(mut answer: Answer, asked: &Asked, entry: Entry) -> Response {
    let sending = Sending {
        most: answer.through.unwrap_or(u64::MAX),
        is_measured: answer.is_measured(),
        left: std::mem::take(&mut answer.body).into(),
        entry,
    };
    let (head, _) = answer.into_response(asked, false).into_parts();
    Response::from_parts(head, Body::new(sending))
}

/// A body on its way; it is dropped after its last byte, or when the connection breaks.
struct Sending {
    left: Bytes,
    most: u64,
    is_measured: bool,
    entry: Entry,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let length = self.left.len().min(PIECE);
        if length == 0 {
            return Poll::Ready(None);
        }
        self.entry.sent = self.most.min(self.entry.sent + length as u64);
        let piece = self.left.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if self.is_measured {
            SizeHint::with_exact(self.left.len() as u64)
        } else {
            SizeHint::default()
        }
    }
}
