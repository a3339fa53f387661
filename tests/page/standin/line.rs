//! A connection that can be cut: reset before the answer, or ended in the middle of it.
//! It counts the bytes that may still be written; when none is left, the connection breaks.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Says how much of an answer gets through.
#[derive(Debug)]
pub struct Cut {
    left: AtomicU64,
    reset: AtomicBool,
}

impl Cut {
    fn none() -> Self {
        Self {
            left: AtomicU64::new(u64::MAX),
            reset: AtomicBool::new(false),
        }
    }

    /// Resets the connection before anything is sent.
    pub fn at_once(&self) {
        self.reset.store(true, Ordering::SeqCst);
        self.left.store(0, Ordering::SeqCst);
    }

    /// Ends the connection after so many bytes, head and body together.
    pub fn after(&self, bytes: u64) {
        self.left.store(bytes, Ordering::SeqCst);
    }
}

/// The handle by which a request cuts its own connection.
#[derive(Debug, Clone)]
pub struct LineCut(pub Arc<Cut>);

impl Connected<IncomingStream<'_, Doors>> for LineCut {
    fn connect_info(stream: IncomingStream<'_, Doors>) -> Self {
        Self(stream.io().cut.clone())
    }
}

/// Accepts connections on a free port.
pub struct Doors(TcpListener);

impl Doors {
    /// Takes a free port of this machine.
    pub async fn open() -> io::Result<Self> {
        TcpListener::bind("127.0.0.1:0").await.map(Self)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.local_addr().expect("a bound port has an address")
    }
}

impl Listener for Doors {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        let cut = Arc::new(Cut::none());
        (Line { stream, cut }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// One connection.
pub struct Line {
    stream: TcpStream,
    cut: Arc<Cut>,
}

impl Line {
    fn broken(&self) -> io::Error {
        if self.cut.reset.load(Ordering::SeqCst) {
            // Without this the browser would see an orderly end instead of a reset.
            self.stream.set_zero_linger().ok();
        }
        io::ErrorKind::ConnectionReset.into()
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let left = self.cut.left.load(Ordering::SeqCst);
        if left == 0 {
            return Poll::Ready(Err(self.broken()));
        }
        let part = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let written = Pin::new(&mut self.stream).poll_write(cx, &bytes[..part]);
        if let (Poll::Ready(Ok(count)), true) = (&written, left != u64::MAX) {
            self.cut.left.fetch_sub(*count as u64, Ordering::SeqCst);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
