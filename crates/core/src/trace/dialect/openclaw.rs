//! OpenClaw, once Clawdbot (`~/.openclaw/agents/*/sessions`): Pi's sessions with entries of its own and a version of its
//! own count.

use super::{Dialect, Session, pi};
use crate::trace::transcript::events;

pub(super) const DIALECT: Dialect = Dialect {
    session: Some(&Session {
        name: "OpenClaw session",
        tells,
        runs: pi::runs,
        read: |values, repairs| pi::read(values, "openclaw", repairs),
    }),
    ..Dialect::new("openclaw")
};

/// Pi itself is at this version.
const VERSION_OF_PI: i64 = 3;

fn tells(values: &[&str]) -> bool {
    let is_own = || {
        events(values).any(|event| {
            let named = ["cwd", "id", "customType"].map(|field| event.text(field));
            let is_named = |text: &str| text.contains("openclaw") || text.contains("clawdbot");
            let version = event.integer("version").unwrap_or_default();
            let is_head = event.is("type", "session");
            named.iter().any(|text| is_named(text)) || (is_head && version > VERSION_OF_PI)
        })
    };
    pi::is_session(values) && is_own()
}
