//! The model worker: does what the worker does, counting with the tokenizer of any model of the Hub.
//! It is loaded when a model is chosen; the vocabularies that the worker holds are not in it.

#[cfg(target_arch = "wasm32")]
fn main() {
    tracesift::worker::serve::serve(tracesift::worker::model::answer);
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!(
        "This is the page's worker for models of the Hub; it runs in a browser. `cargo run` builds and serves the page."
    );
}
