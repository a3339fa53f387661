//! The page: built once per test run as `tracesift dist --quick` does, served under a sub-path as a static host would.
//! Its origin is another one than the stand-in's, so that every request to the APIs crosses origins.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::{Response, StatusCode, header};
use tokio::runtime::Runtime;
use tracesift_cli::build::{self, Purpose};
use tracesift_cli::dist;
use tracesift_cli::site::{Site as PageFiles, content_policy};

/// The sub-path, like a repository's on GitHub Pages.
const UNDER: &str = "/tracesift/";

/// The program of a worker that never comes back from one question; it is not part of the page.
const HANGING: (&str, &str) = ("hanging.js", include_str!("hanging.js"));

/// A folder that is served.
pub struct Site {
    address: SocketAddr,
    shared: Arc<Shared>,
    _runtime: Runtime,
}

struct Shared {
    folder: PathBuf,
    missing: Mutex<Vec<String>>,
}

impl Site {
    /// The page as a host would serve it; built by the first test that wants it.
    pub fn deployed() -> &'static Self {
        static SITE: OnceLock<Site> = OnceLock::new();
        SITE.get_or_init(|| Self::serve(build()))
    }

    /// Serves a folder on a free port.
    pub fn serve(folder: PathBuf) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime for the site");
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .expect("a free port for the site");
        let address = listener.local_addr().expect("a bound port has an address");
        let shared = Arc::new(Shared {
            folder,
            missing: Mutex::default(),
        });
        let service = give.with_state(shared.clone()).into_make_service();
        runtime.spawn(async move { axum::serve(listener, service).await });
        Self {
            address,
            shared,
            _runtime: runtime,
        }
    }

    /// The page's address with a query (without `?`).
    pub fn page(&self, query: &str) -> String {
        let mark = if query.is_empty() { "" } else { "?" };
        format!("http://{}{UNDER}{mark}{query}", self.address)
    }

    /// Every address that was asked for and is not here.
    pub fn missing(&self) -> Vec<String> {
        let missing = self.shared.missing.lock();
        missing.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Writes the page with the profile of `cargo run`, whose programs are compiled anyway. `TRACESIFT_DIST` names a folder
/// that `tracesift dist` has written, to drive that one instead.
fn build() -> PathBuf {
    if let Some(folder) = std::env::var_os("TRACESIFT_DIST") {
        return PathBuf::from(folder);
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
    std::fs::remove_dir_all(&folder).ok();
    let programs = build::build(Purpose::Develop).unwrap_or_else(|why| panic!("{why}"));
    let site = PageFiles::assemble(&build::root(), programs).unwrap_or_else(|why| panic!("{why}"));
    dist::write(&dist::with_hashed_names(site), &folder, false)
        .unwrap_or_else(|why| panic!("{why}"));
    folder
}

/// Before a starter: what the page waits for before it asks again takes a tenth of the time.
const SHORT_WAITS: &[u8] = b"globalThis.tracesiftWaits = 0.1;\n";

/// One file of the folder.
async fn give(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let name = request.uri().path().strip_prefix(UNDER);
    let name = name.map(|name| if name.is_empty() { "index.html" } else { name });
    let file = name.filter(|name| !name.contains("..")).and_then(|name| {
        let mut bytes = match name == HANGING.0 {
            true => HANGING.1.into(),
            false => std::fs::read(shared.folder.join(name)).ok()?,
        };
        if name.contains(".start.") {
            bytes = [SHORT_WAITS, &bytes].concat();
        }
        Some((content_type(name), bytes))
    });
    let mut response = Response::new(Body::empty());
    match file {
        None => {
            *response.status_mut() = StatusCode::NOT_FOUND;
            let missing = shared.missing.lock();
            let mut missing = missing.unwrap_or_else(PoisonError::into_inner);
            missing.push(request.uri().to_string());
        }
        Some((kind, bytes)) => {
            let kind = header::HeaderValue::from_static(kind);
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            // Workers do all that they do under the policy that `serve` gives them.
            if let Some(policy) = name.and_then(content_policy) {
                let policy = header::HeaderValue::from_static(policy);
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            }
            *response.body_mut() = Body::from(bytes);
        }
    }
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("json" | "webmanifest") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
