//! The page: mounts the app on the shell's element. What needs rows is split off here and fetched afterwards: a function
//! that is split off is exported by every program that links it, and only the page may carry it.
#![allow(
    unsafe_code,
    reason = "`wasm_split` calls what is fetched by a foreign function"
)]

#[cfg(target_arch = "wasm32")]
use tracesift::app::{self, Missing, Parts};

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    app::mount(|| Box::pin(results()));
}

/// What is fetched is the code; the view is made where the page's state is.
#[cfg(target_arch = "wasm32")]
#[leptos::wasm_split::wasm_split(results, fallible, wasm_split_path = leptos::wasm_split)]
fn results() -> Result<Parts, Missing> {
    Ok(app::parts)
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This is the page; it runs in a browser. `cargo run` builds and serves it.");
}
