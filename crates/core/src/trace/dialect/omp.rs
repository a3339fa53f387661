//! OMP, "oh my pi" (`~/.omp/agent/sessions`): Pi's sessions with entries of its own.
//!

use super::{Dialect, Session, pi};
use crate::trace::transcript::events;

pub(super) const DIALECT: Dialect = Dialect {
    session: Some(&Session {
        name: "OMP session",
        tells,
        runs: pi::runs,
        read: |values, repairs| pi::read(values, "omp", repairs),
    }),
    ..Dialect::new("omp")
};

/// Entries that Pi does not write.
const OWN: [&str; 6] = [
    "session_init",
    "title",
    "mode_change",
    "service_tier_change",
    "ttsr_injection",
    "mcp_tool_selection",
];

fn tells(values: &[&str]) -> bool {
    let is_own = || events(values).any(|event| OWN.contains(&&*event.text("type")));
    pi::is_session(values) && is_own()
}
