//! The worker for files: turns Parquet files, read by byte ranges, into pages of rows and surveys, and opens local files.
//! It holds no vocabulary, and is loaded when the first file is asked for.

#[cfg(target_arch = "wasm32")]
fn main() {
    tracesift::worker::serve::serve(tracesift::worker::parquet::answer);
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!(
        "This is the page's worker for Parquet files; it runs in a browser. `cargo run` builds and serves the page."
    );
}
