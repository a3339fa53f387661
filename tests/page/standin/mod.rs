//! A stand-in for the datasets server and the Hub, on a free port of this machine.
//! It answers as the two services do (shapes, codes, CORS, validation), fails on demand, and writes down what it was asked.

pub mod arrow; // what the server makes of rows: one type a column, nulls for keys that others have
pub mod dataset; // the data sets that it serves
pub mod fault; // what goes wrong, where and how often
pub mod log; // every request that came in

mod answer; // one answer: status, headers, body
mod client; // a bare HTTP client for the stand-in's own tests
mod hub; // `/api/datasets` of the Hub
mod line; // a connection that can be cut
mod server; // `/splits`, `/size`, `/rows` and the rest of the datasets server
mod tests; // it does what the services do

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::response::Response;
use tokio::runtime::Runtime;

use answer::Answer;
use dataset::DataSet;
use fault::{Effect, Fault};
use line::LineCut;
use log::{Asked, Log};

/// The stand-in; it stops when it is dropped.
pub struct StandIn {
    address: SocketAddr,
    world: Arc<World>,
    runtime: Option<Runtime>,
}

/// What all requests share.
pub struct World {
    datasets: Vec<DataSet>,
    faults: Mutex<Vec<Fault>>,
    log: Mutex<Log>,
    gate: Mutex<Option<usize>>,
    pace: Mutex<Duration>,
    http_cache: Mutex<bool>,
    began: Instant,
}

/// A lock that outlives a test's panic: the first failure is the one to read.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl StandIn {
    /// Starts serving.
    pub fn start(datasets: Vec<DataSet>) -> Self {
        let world = Arc::new(World {
            datasets,
            faults: Mutex::default(),
            log: Mutex::default(),
            gate: Mutex::default(),
            pace: Mutex::default(),
            http_cache: Mutex::new(true),
            began: Instant::now(),
        });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime for the stand-in");
        let doors = runtime
            .block_on(line::Doors::open())
            .expect("a free port for the stand-in");
        let address = doors.address();
        // Without a router: one would add a `Content-Length` to bodies that are sent in chunks.
        let service = handle
            .with_state(world.clone())
            .into_make_service_with_connect_info::<LineCut>();
        runtime.spawn(async move { axum::serve(doors, service).await });
        Self {
            address,
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

    /// Lets `pages` more `/rows` requests through and keeps all after them waiting until [`StandIn::release`].
    pub fn hold_after(&self, pages: usize) {
        *lock(&self.world.gate) = Some(pages);
    }

    /// Answers what waits.
    pub fn release(&self) {
        *lock(&self.world.gate) = None;
    }

    /// Makes every answer of `/rows` take at least so long.
    pub fn pace(&self, pause: Duration) {
        *lock(&self.world.pace) = pause;
    }

    /// Forbids the browser's own HTTP cache (`no-store`), so that only the page's cache can save a request.
    pub fn forbid_http_cache(&self) {
        *lock(&self.world.http_cache) = false;
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
    State(world): State<Arc<World>>,
    ConnectInfo(LineCut(cut)): ConnectInfo<LineCut>,
    request: Request,
) -> Response {
    let asked = Asked::of(&request, world.began.elapsed());
    let number = lock(&world.log).begin(asked.clone());
    let answer = if request.method() == Method::OPTIONS {
        Answer::preflight(&asked)
    } else {
        world.answer(&asked, &cut).await
    };
    lock(&world.log).end(number, answer.status, world.began.elapsed());
    let cached = *lock(&world.http_cache);
    answer.into_response(&asked, cached)
}

impl World {
    async fn answer(&self, asked: &Asked, cut: &line::Cut) -> Answer {
        if asked.path == "/rows" {
            self.wait_at_gate().await;
            let pace = *lock(&self.pace);
            tokio::time::sleep(pace).await;
        }
        let effect = self.next_effect(asked);
        if let Some(Effect::Slow(pause)) = effect {
            tokio::time::sleep(pause).await;
        }
        let truly = || self.truly(asked);
        match effect {
            None | Some(Effect::Slow(_)) => truly(),
            Some(Effect::Revision(revision)) => truly().at(&revision),
            Some(Effect::Reset) => {
                cut.at_once();
                truly()
            }
            Some(Effect::CutShort(framing)) => {
                let answer = truly().framed(framing);
                cut.after(answer.body.len() as u64 / 2);
                answer
            }
            Some(Effect::Says(answer)) => answer,
        }
    }

    /// What the services answer when nothing goes wrong.
    fn truly(&self, asked: &Asked) -> Answer {
        if asked.path.starts_with("/api/") {
            hub::answer(&self.datasets, asked)
        } else {
            server::answer(&self.datasets, asked)
        }
    }

    fn next_effect(&self, asked: &Asked) -> Option<Effect> {
        lock(&self.faults)
            .iter_mut()
            .find_map(|fault| fault.strike(asked))
    }

    /// Waits until the gate lets one more request through.
    async fn wait_at_gate(&self) {
        while !self.may_pass() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn may_pass(&self) -> bool {
        match &mut *lock(&self.gate) {
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }
}
