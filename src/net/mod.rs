//! The browser's side of the Hub: requests, byte ranges, and answers kept in Cache Storage.
//! What is asked and what an answer means is decided in `tracesift_hub`; here it is only sent and received.

pub mod cache; // answers kept in the browser's Cache Storage
pub mod fetch; // one request, its bytes and headers
pub mod range; // bytes of a file, by the resolver and the address that it leads to
mod receive; // an answer's bytes as they come, until the server is silent for too long
