//! The hub worker: the small worker that asks the Hub what there is before any row is read.
//! It holds no vocabulary, so that it is loaded at once.

#[cfg(target_arch = "wasm32")]
fn main() {
    tracesift::worker::serve::serve(tracesift::worker::hub::answer);
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!(
        "This is the page's hub worker; it runs in a browser. `cargo run` builds and serves the page."
    );
}
