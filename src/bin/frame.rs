//! The worker that holds the frame: all rows that were measured, and the selection among them.
//! It holds no vocabulary and reads nothing, and is loaded with the page, since whatever shows rows asks it.

#[cfg(target_arch = "wasm32")]
fn main() {
    tracesift::worker::serve::serve_at_once(tracesift::worker::frame::answer);
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!(
        "This is the page's worker for the frame; it runs in a browser. `cargo run` builds and serves the page."
    );
}
