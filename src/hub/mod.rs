//! The Hub's two APIs as a browser meets them: the datasets server's rows and the Hub's own lists.
//! Addresses, answers and errors are pure and tested natively; only `fetch` and `cache` need a browser.

pub mod address; // what to ask: URLs of both APIs
pub mod answer; // what comes back, borrowed from the body where that is cheap
pub mod commit; // files into a repository: the requests and their answers
pub mod error; // what went wrong, whether to ask again, what the user can do
pub mod signin; // a token by way of the Hub's own page

#[cfg(target_arch = "wasm32")]
pub mod cache; // answers kept in the browser's Cache Storage
#[cfg(target_arch = "wasm32")]
pub mod fetch; // one request, its bytes and headers
#[cfg(target_arch = "wasm32")]
pub mod range; // bytes of a file, by the resolver and the address that it leads to

/// The datasets server that is asked where the address names no other.
pub const DATASETS_SERVER: &str = "https://datasets-server.huggingface.co";
/// The Hub that is asked where the address names no other.
pub const HUB: &str = "https://huggingface.co";
