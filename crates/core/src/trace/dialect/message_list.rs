//! A conversation that is a list of its messages: the lines of a file, or the elements of a JSON list.
//! What stands in a message, the other dialects say.

use super::{Dialect, Field, Session};
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::row::Row;
use crate::trace::session::parted_by;
use crate::trace::speaker;
use crate::trace::vocabulary::VOCABULARY;

/// What such a list is called.
pub(super) const NAME: &str = "list of messages";

/// In which field a message may say of which of several conversations it is.
const RUN: [&str; 6] = [
    "conversation_id",
    "conversationId",
    "session_id",
    "sessionId",
    "thread_id",
    "trajectory_id",
];

pub(super) const DIALECT: Dialect = Dialect {
    session: Some(&Session {
        name: NAME,
        tells: |values| !values.is_empty() && values.iter().all(|value| is_message(value)),
        runs: |values| parted_by(values, &RUN),
        read: |values, _| {
            Some(Row {
                messages: values.iter().map(|value| RawMessage::read(value)).collect(),
                ..Row::default()
            })
        },
    }),
    ..Dialect::new("message_list")
};

/// Whether it is an object with a field for who speaks, and a name in it that is known.
fn is_message(value: &str) -> bool {
    let Some(object) = Object::read(value) else {
        return false;
    };
    let mut fields = object.fields();
    fields.any(|(name, _)| {
        VOCABULARY.fields.get(name) == Some(Field::Role)
            && speaker::of(&object.text(name)).is_some()
    })
}
