//! The Hub's two APIs as a browser meets them: the datasets server's rows and the Hub's own lists.
//! Addresses, answers, errors and the order of requests: all pure. Whoever has a network sends and receives.

pub mod address; // what to ask: URLs of both APIs
pub mod answer; // what comes back, borrowed from the body where that is cheap
pub mod commit; // files into a repository: the requests and their answers
pub mod error; // what went wrong, whether to ask again, what the user can do
pub mod patience; // how long an answer is waited for
pub mod plan; // which pages of rows to ask for
pub mod retention; // which kept answers make room for new ones
pub mod schedule; // when to ask for which, and what to do when it fails
pub mod signin; // a token by way of the Hub's own page

/// The datasets server that is asked where the address names no other.
pub const DATASETS_SERVER: &str = "https://datasets-server.huggingface.co";
/// The Hub that is asked where the address names no other.
pub const HUB: &str = "https://huggingface.co";
