//! STS, the Hub's Session Trace Simple format: Pi's head and messages with the harness in the head, and messages in camel
//! case. Source: `docs/hub/session-traces-format.md` of huggingface/hub-docs.

use super::{Dialect, Field, Session, pi};
use crate::trace::transcript::events;

pub(super) const DIALECT: Dialect = Dialect {
    session: Some(&Session {
        name: "session in the Hub's format",
        tells: |values| {
            let has_head = || {
                let mut heads = events(values).filter(|event| event.is("type", "session"));
                heads.any(|head| !head.text("harness").is_empty())
            };
            pi::is_session(values) && has_head()
        },
        runs: pi::runs,
        read: |values, repairs| pi::read(values, "sts", repairs),
    }),
    fields: &[("reasoningContent", Field::Reasoning)],
    ..Dialect::new("sts")
};
