//! Serves the page's files from memory on 127.0.0.1, and opens the browser where there is a screen.
//! A path is looked up in the list of files, never on the disk.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::site::{Site, content_policy, content_type};

/// Why the page can't be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port can't be had.
    #[error("port {port} can't be used ({source}); leave --port out to take a free one")]
    Port {
        /// The port that was asked for.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
    /// The server ended.
    #[error("the server stopped: {0}")]
    Io(#[from] io::Error),
}

/// Takes a port of this machine, reachable from this machine only; 0 takes a free one.
pub fn bind(port: u16) -> Result<TcpListener, ServeError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|source| ServeError::Port { port, source })
}

/// Serves until the program is ended. The address is printed alone on a line of standard output, for scripts.
pub fn run(listener: TcpListener, site: Site, open_browser: bool) -> Result<(), ServeError> {
    let address = format!("http://{}/", listener.local_addr()?);
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_io()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let routes = Router::new().fallback(get(answer)).with_state(shared(site));
        eprintln!("The page is ready; Ctrl-C ends it.");
        writeln!(io::stdout(), "{address}")?;
        if open_browser && has_screen() {
            // A browser that does not start is not a reason to stop: the address stands on the screen.
            let _ = open::that_detached(&address);
        }
        Ok(axum::serve(listener, routes).await?)
    })
}

/// The files in a form that an answer can refer to without a copy.
type Files = Arc<BTreeMap<String, Bytes>>;

fn shared(site: Site) -> Files {
    Arc::new(
        site.0
            .into_iter()
            .map(|(path, bytes)| (path, bytes.into()))
            .collect(),
    )
}

async fn answer(State(files): State<Files>, uri: Uri) -> Response {
    let path = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    // A build may follow in a minute under the same address: nothing may be kept.
    let always = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    match files.get(path) {
        Some(bytes) => (
            always,
            [(header::CONTENT_TYPE, content_type(path))],
            content_policy(path).map(|policy| [(header::CONTENT_SECURITY_POLICY, policy)]),
            bytes.clone(),
        )
            .into_response(),
        None => (StatusCode::NOT_FOUND, always, "There is no such file.\n").into_response(),
    }
}

/// Whether a browser could show itself here.
fn has_screen() -> bool {
    let set = |variable| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
