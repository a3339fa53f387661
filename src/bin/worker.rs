//! The worker: opens files, reads, measures, counts and encodes pages of rows beside the page's own thread.
//! It holds the tokenizers' vocabularies and is loaded when the first file or page of rows is asked for.

#[cfg(target_arch = "wasm32")]
fn main() {
    tracesift::worker::serve::serve(tracesift::worker::reader::answer);
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!(
        "This is the page's worker; it runs in a browser. `cargo run` builds and serves the page."
    );
}
