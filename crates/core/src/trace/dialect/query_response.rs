//! One question and its answer in columns, after a `history` of pairs: ms-swift's `query` and `response`, Alpaca's
//! `instruction`, `input` and `output`. Without a history the latter are no conversation.

use std::borrow::Cow;

use super::Dialect;
use crate::trace::column::Use;
use crate::trace::json;
use crate::trace::message::RawMessage;
use crate::trace::object::{Object, elements};
use crate::trace::parts::Content;
use crate::trace::row::Row;
use crate::trace::vocabulary::VOCABULARY;

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["response", "history"],
    read: Some(|row, _| {
        let object = Object::read(row)?;
        let history = history(&object)?;
        let (asked, answer) = match object.has("query") {
            true => (object.text("query"), object.text("response")),
            false if history.is_empty() => return None,
            false => {
                let asked = json::join(object.text("instruction"), object.text("input"));
                (asked, object.text("output"))
            }
        };
        if asked.is_empty() || answer.is_empty() || has_conversation(&object) {
            return None;
        }
        let pairs = history.into_iter().chain([(asked, answer)]);
        let messages = pairs.flat_map(|(asked, answer)| {
            let asked = RawMessage::of("user", Content::Text(asked));
            [asked, RawMessage::of("assistant", Content::Text(answer))]
        });
        Some(Row {
            messages: messages.collect(),
            ..Row::default()
        })
    }),
    ..Dialect::new("query_response")
};

/// The pairs of the history; `None` where it holds anything else.
fn history<'a>(object: &Object<'a>) -> Option<Vec<(Cow<'a, str>, Cow<'a, str>)>> {
    let pairs = object.list("history").into_iter().map(|pair| {
        let [asked, answer] = *elements(pair).as_slice() else {
            return None;
        };
        let is_text = asked.starts_with('"') && answer.starts_with('"');
        is_text.then(|| (json::raw_text(asked), json::raw_text(answer)))
    });
    pairs.collect()
}

/// Whether another column holds a conversation.
fn has_conversation(object: &Object) -> bool {
    object.fields().any(|(name, raw)| {
        let usage = VOCABULARY.columns.top.get(name);
        matches!(usage, Some(Use::Conversation(_))) && raw.starts_with(['[', '"'])
    })
}
