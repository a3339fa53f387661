//! A stand-in for the datasets server and the Hub on a free port of this machine, and for the files' server on another.
//! It answers as the services do (shapes, codes, CORS, validation), fails on demand, and writes down what it was asked.

pub mod arrow; // what the server makes of rows: one type a column, nulls for keys that others have
pub mod dataset; // the datasets that it serves
pub mod fault; // what goes wrong, where and how often
pub mod log; // every request that came in
pub mod parquet; // Parquet files: `/parquet`, and the Hub's way to their bytes
pub mod publish; // repositories that are written to

mod answer; // one answer: status, headers, body
mod cdn; // the second origin: bytes of files at signed addresses
mod client; // a bare HTTP client for the stand-in's own tests
pub mod drip; // a body that comes in pieces
mod hub; // `/api/datasets` of the Hub
mod line; // a connection that can be cut
mod model; // files of models
mod range; // which bytes a request wants
mod ranges; // the way to the files' bytes is that of the services
mod server; // `/splits`, `/size`, `/rows` and the rest of the datasets server
mod tests; // it does what the services do
mod tree; // files of a repository as they were uploaded

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::handler::Handler;
use axum::http::{Method, header};
use axum::response::Response;
use tokio::runtime::Runtime;

use answer::Answer;
use cdn::Cdn;
use dataset::DataSet;
use fault::{Effect, Fault};
use line::{Doors, LineCut};
use log::{Asked, Log, Server};
use model::Models;
use publish::{Places, Repos, Sent};

/// The stand-in; it stops when it is dropped.
pub struct StandIn {
    address: SocketAddr,
    cdn: SocketAddr,
    world: Arc<World>,
    runtime: Option<Runtime>,
}

/// What all requests share.
pub struct World {
    datasets: Vec<DataSet>,
    models: Mutex<Models>,
    hub: String,
    cdn: Mutex<Cdn>,
    repos: Mutex<Repos>,
    faults: Mutex<Vec<Fault>>,
    log: Mutex<Log>,
    gate: Mutex<Gate>,
    pace: Mutex<Duration>,
    http_cache: Mutex<bool>,
    began: Instant,
}

/// Which requests for rows or for bytes of files are let through.
#[derive(Debug, Clone, Copy, Default)]
enum Gate {
    #[default]
    All,
    /// So many more.
    Some(usize),
    /// Those for the page with this row.
    Only(u64),
}

/// A lock that outlives a test's panic: the first failure is the one to read.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl StandIn {
    /// Starts serving.
    pub fn start(datasets: Vec<DataSet>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime for the stand-in");
        let open = || runtime.block_on(Doors::open());
        let doors = [(); 2].map(|()| open().expect("a free port for the stand-in"));
        let [address, cdn] = [doors[0].address(), doors[1].address()];
        let world = Arc::new(World {
            datasets,
            models: Mutex::default(),
            hub: format!("http://{address}"),
            cdn: Mutex::new(Cdn::at(cdn)),
            repos: Mutex::default(),
            faults: Mutex::default(),
            log: Mutex::default(),
            gate: Mutex::default(),
            pace: Mutex::default(),
            http_cache: Mutex::new(true),
            began: Instant::now(),
        });
        for (doors, server) in doors.into_iter().zip([Server::Hub, Server::Cdn]) {
            // Without a router: one would add a `Content-Length` to bodies that are sent in chunks.
            let service = handle
                .with_state((server, world.clone()))
                .into_make_service_with_connect_info::<LineCut>();
            runtime.spawn(async move { axum::serve(doors, service).await });
        }
        Self {
            address,
            cdn,
            world,
            runtime: Some(runtime),
        }
    }

    /// Its address, for both `endpoint` and `hub`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes something go wrong from now on.
    pub fn fail(&self, fault: Fault) {
        lock(&self.world.faults).push(fault);
    }

    /// Ends all faults.
    pub fn mend(&self) {
        lock(&self.world.faults).clear();
    }

    /// The address of the server that has the files' bytes.
    pub fn cdn_url(&self) -> String {
        format!("http://{}", self.cdn)
    }

    /// Ends every signed address that was given out.
    pub fn expire_signed(&self) {
        lock(&self.world.cdn).expire();
    }

    /// Makes every signed address from now on end after so many answers.
    pub fn sign_for(&self, answers: usize) {
        lock(&self.world.cdn).answers = answers;
    }

    /// Lets so many more requests for rows or for bytes of files through and keeps all after them waiting until
    /// [`StandIn::release`].
    pub fn hold_after(&self, requests: usize) {
        *lock(&self.world.gate) = Gate::Some(requests);
    }

    /// Lets requests for the page with this row through and keeps all others for rows or for bytes of files waiting until
    /// [`StandIn::release`].
    pub fn hold_all_but(&self, row: u64) {
        *lock(&self.world.gate) = Gate::Only(row);
    }

    /// Answers what waits.
    pub fn release(&self) {
        *lock(&self.world.gate) = Gate::All;
    }

    /// Makes every answer with rows or with bytes of files take at least so long.
    pub fn pace(&self, pause: Duration) {
        *lock(&self.world.pace) = pause;
    }

    /// Forbids the browser's own HTTP cache (`no-store`), so that only the page's cache can save a request.
    pub fn forbid_http_cache(&self) {
        *lock(&self.world.http_cache) = false;
    }

    /// From now on there is a model with these files: name, text.
    pub fn add_model(&self, model: &str, files: &[(&str, &str)]) {
        lock(&self.world.models).add(model, files);
    }

    /// What was asked until now.
    pub fn log(&self) -> Log {
        lock(&self.world.log).clone()
    }

    /// Forgets what was asked.
    pub fn forget(&self) {
        lock(&self.world.log).forget();
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// One request: written down, held, spoiled if a fault says so, answered.
async fn handle(
    State((server, world)): State<(Server, Arc<World>)>,
    ConnectInfo(LineCut(cut)): ConnectInfo<LineCut>,
    request: Request,
) -> Response {
    let asked = Asked::of(server, &request, world.began.elapsed());
    let mut entry = Entry {
        number: lock(&world.log).begin(asked.clone()),
        world: world.clone(),
        server,
        status: None,
        sent: 0,
    };
    let method = request.method().clone();
    let answer = match (server, &method) {
        (Server::Hub, &Method::OPTIONS) => Answer::preflight(&asked),
        (Server::Hub, _) | (Server::Cdn, &Method::GET | &Method::PUT) => {
            let sent = sent_with(request).await;
            world.answer(&asked, &sent).await
        }
        (Server::Cdn, method) => publish::preflight(&asked).unwrap_or_else(|| cdn::refuse(method)),
    };
    match answer.through {
        Some(0) => cut.at_once(),
        Some(bytes) => cut.after(bytes),
        None => {}
    }
    let cached = *lock(&world.http_cache);
    entry.status = Some(answer.status);
    if server == Server::Cdn {
        return cdn::send(answer, &asked, entry);
    }
    entry.sent = answer.body.len() as u64;
    answer.into_response(&asked, cached)
}

/// What came with a request; nothing, where it broke off.
async fn sent_with(request: Request) -> Sent {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    Sent {
        content_type: content_type.unwrap_or_default().to_owned(),
        body: axum::body::to_bytes(request.into_body(), usize::MAX)
            .await
            .unwrap_or_default()
            .into(),
    }
}

/// A request under way; the log is told when it is dropped, also if whoever asked is gone.
struct Entry {
    number: usize,
    world: Arc<World>,
    server: Server,
    status: Option<u16>,
    sent: u64,
}

impl Drop for Entry {
    fn drop(&mut self) {
        let now = self.world.began.elapsed();
        lock(&self.world.log).end(self.server, self.number, self.status, self.sent, now);
    }
}

impl World {
    async fn answer(&self, asked: &Asked, sent: &Sent) -> Answer {
        if asked.path == "/rows" || asked.server == Server::Cdn {
            self.wait_at_gate(asked).await;
            let pace = *lock(&self.pace);
            tokio::time::sleep(pace).await;
        }
        let effect = self.next_effect(asked);
        if let Some(Effect::Slow(pause)) = effect {
            tokio::time::sleep(pause).await;
        }
        let truly = || self.truly(asked, sent);
        match effect {
            None | Some(Effect::Slow(_)) => truly(),
            Some(Effect::Revision(revision)) => truly().at(&revision),
            Some(Effect::Paced(pace)) => truly().paced(pace),
            Some(Effect::Reset) => truly().breaking_after(0),
            Some(Effect::CutShort(framing)) => {
                let answer = truly().framed(framing);
                let half = answer.body.len() as u64 / 2;
                answer.breaking_after(half)
            }
            Some(Effect::Whole) => {
                let all = Asked {
                    bytes: None,
                    ..asked.clone()
                };
                self.truly(&all, sent)
            }
            Some(Effect::Says(answer)) => answer,
        }
    }

    /// What the services answer when nothing goes wrong.
    fn truly(&self, asked: &Asked, sent: &Sent) -> Answer {
        let places = Places {
            hub: self.hub.clone(),
            storage: lock(&self.cdn).url(),
        };
        if hub::is_uploaded(&self.datasets, asked) {
            return hub::answer(&self.datasets, asked);
        }
        let published = publish::answer(&mut lock(&self.repos), asked, sent, &places);
        if let Some(answer) = published {
            answer
        } else if asked.server == Server::Cdn {
            cdn::answer(&self.cdn, asked)
        } else if asked.path.starts_with("/datasets/") {
            parquet::resolve(&self.datasets, asked, &self.cdn)
        } else if let Some(answer) = lock(&self.models).answer(asked) {
            answer
        } else if asked.is_for_hub() {
            hub::answer(&self.datasets, asked)
        } else {
            server::answer(&self.datasets, asked, &self.hub)
        }
    }

    fn next_effect(&self, asked: &Asked) -> Option<Effect> {
        lock(&self.faults)
            .iter_mut()
            .find_map(|fault| fault.strike(asked))
    }

    /// Waits until the gate lets the request through.
    async fn wait_at_gate(&self, asked: &Asked) {
        while !self.may_pass(asked) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn may_pass(&self, asked: &Asked) -> bool {
        match &mut *lock(&self.gate) {
            Gate::All => true,
            Gate::Some(0) => false,
            Gate::Some(left) => {
                *left -= 1;
                true
            }
            Gate::Only(row) => asked.range().is_some_and(|range| range.contains(row)),
        }
    }
}
