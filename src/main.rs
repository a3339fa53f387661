//! The page: mounts the app on the shell's element.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    tracesift::app::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This is the page; it runs in a browser. `cargo run` builds and serves it.");
}
