//! Where rows come from: which pages are asked for, when, and how a local file is cut into pages.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "source/faults.rs"]
mod faults;
#[path = "source/file.rs"]
mod file;
#[path = "source/plan.rs"]
mod plan;
#[path = "source/schedule.rs"]
mod schedule;
#[path = "source/simulation.rs"]
mod simulation;
