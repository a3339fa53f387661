//! TRL's prompt and completion, each a list of messages or a text; our own export writes the same.
//! <https://huggingface.co/docs/trl/dataset_formats>

use super::Dialect;
use crate::trace::message::RawMessage;
use crate::trace::object::{Object, elements};
use crate::trace::parts::Content;
use crate::trace::row::Row;
use crate::trace::{json, speaker};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["completion"],
    read: Some(|row, _| {
        let object = Object::read(row)?;
        let prompt = said(&object, "prompt", "user")?;
        let completion = said(&object, "completion", "assistant")?;
        Some(Row {
            messages: prompt.into_iter().chain(completion).collect(),
            ..Row::default()
        })
    }),
    ..Dialect::new("prompt_completion")
};

/// The messages in a field: a list of them, one alone, or a text by this speaker. `None` where it is anything else.
pub(super) fn said<'a>(
    object: &Object<'a>,
    field: &str,
    by: &'static str,
) -> Option<Vec<RawMessage<'a>>> {
    let raw = object.raw(field)?;
    let text = json::raw_text(raw);
    let messages = match raw.as_bytes().first()? {
        b'[' => elements(raw).into_iter().map(RawMessage::read).collect(),
        b'{' => vec![RawMessage::read(raw)],
        b'"' if text.trim_start().starts_with("[{") => {
            let list = elements(&text).into_iter();
            list.map(|raw| RawMessage::read(raw).into_owned()).collect()
        }
        b'"' if !is_rendered(&text) => vec![RawMessage::of(by, Content::Text(text))],
        _ => return None,
    };
    let known = |message: &RawMessage| speaker::of(&message.role).is_some();
    (messages.is_empty() || messages.iter().any(known)).then_some(messages)
}

/// Whether a text is a whole conversation as a chat template writes it.
fn is_rendered(text: &str) -> bool {
    [
        "<|im_start|>",
        "<|start_header_id|>",
        "[INST]",
        "\n\nHuman:",
        "<start_of_turn>",
    ]
    .iter()
    .any(|token| text.contains(token))
}
