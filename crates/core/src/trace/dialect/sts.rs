//! STS, the Hub's Session Trace Simple format: Pi's head and messages with the harness in the head, and messages in camel
//! case. Source: `docs/hub/session-traces-format.md` of huggingface/hub-docs.

use super::{Dialect, Field, Session, pi};
use crate::trace::Repairs;
use crate::trace::message::RawMessage;
use crate::trace::row::Row;
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
        read,
    }),
    fields: &[("reasoningContent", Field::Reasoning)],
    ..Dialect::new("sts")
};

/// A message that is nothing but a thought belongs to the reply that follows.
fn read<'a>(values: &[&'a str], repairs: &mut Repairs) -> Option<Row<'a>> {
    let mut row = pi::read(values, "sts", repairs)?;
    let mut messages: Vec<RawMessage> = Vec::with_capacity(row.messages.len());
    for message in row.messages {
        match messages.last_mut() {
            Some(last) if is_thought(last) && message.role == "assistant" => last.append(message),
            _ => messages.push(message),
        }
    }
    row.messages = messages;
    Some(row)
}

fn is_thought(message: &RawMessage) -> bool {
    let is_silent = message.content.is_empty() && message.calls.calls.is_empty();
    message.role == "assistant" && is_silent && !message.reasoning.is_empty()
}
