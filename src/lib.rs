//! The page: what a person sees, the workers that read rows for it, and what they say to each other.
//! This file is the map: one line per module. What is measured, filtered and written is decided in `tracesift_core`.

pub mod draw; // how a figure looks: laid out, then brought to any plotters backend
pub mod worker; // what the page and its workers say to each other

#[cfg(target_arch = "wasm32")]
pub mod app; // what a person sees, a room per task
#[cfg(target_arch = "wasm32")]
pub mod buffer; // bytes in the browser's memory, given back at once
#[cfg(target_arch = "wasm32")]
pub mod net; // requests to the Hub, and answers kept in the browser
#[cfg(target_arch = "wasm32")]
pub mod wait; // waits before another try
