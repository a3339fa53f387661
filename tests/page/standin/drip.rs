//! A body that comes in pieces, each after a pause: a slow line, or one that goes dead in the middle of an answer.
//! Only the pace is wrong; the bytes and what is said of them are those of the true answer.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// How a body is slowed down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// In how many pieces it comes.
    pub pieces: usize,
    /// The pause between them.
    pub pause: Duration,
}

/// A body on its way.
pub struct Dripping {
    left: Bytes,
    piece: usize,
    pause: Duration,
    waits: Option<Pin<Box<Sleep>>>,
}

impl Dripping {
    /// A body at this pace; its first piece comes at once.
    pub fn new(body: Bytes, pace: Pace) -> Self {
        Self {
            piece: body.len().div_ceil(pace.pieces.max(1)),
            left: body,
            pause: pace.pause,
            waits: None,
        }
    }
}

impl HttpBody for Dripping {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        if let Some(waits) = &mut self.waits
            && waits.as_mut().poll(context).is_pending()
        {
            return Poll::Pending;
        }
        self.waits = Some(Box::pin(sleep(self.pause)));
        let length = self.piece.min(self.left.len());
        let piece = self.left.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}
