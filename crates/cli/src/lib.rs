//! The native program's parts: the page compiled and bound, served on this machine, written for a host.
//! The browser's tests and benches build the page by the same code.

pub mod build; // the programs for the browser, compiled and bound
pub mod dist; // the page as a folder for a host
pub mod serve; // the page at an address of this machine
pub mod site; // the page's files, in memory
