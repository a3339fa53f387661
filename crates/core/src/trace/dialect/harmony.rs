//! Harmony, gpt-oss' form: a turn in channels, `<|channel|>analysis<|message|>…<|end|>`; what goes to a tool is a call.
//! <https://cookbook.openai.com/articles/openai-harmony>

use std::borrow::Cow;

use super::{Dialect, Field};
use crate::trace::json;
use crate::trace::structured::RawCall;
use crate::trace::tagged::first_token;

pub(super) const DIALECT: Dialect = Dialect {
    fields: &[("channel", Field::Channel), ("recipient", Field::Recipient)],
    ..Dialect::new("harmony")
};

/// What a text in this form says.
#[derive(Debug, Default)]
pub(in crate::trace) struct Said {
    pub text: String,
    pub thought: String,
    pub calls: Vec<RawCall<'static>>,
}

const CHANNEL: &str = "<|channel|>";
const MESSAGE: &str = "<|message|>";
const START: &str = "<|start|>";
/// Tokens that end a message of the turn; the next one may begin without.
const ENDS: [&str; 4] = ["<|end|>", "<|return|>", "<|call|>", START];

/// A turn in channels; `None` where the text does not begin with one.
pub(in crate::trace) fn split(text: &str) -> Option<Said> {
    let mut rest = text.trim_start();
    if !rest.starts_with("<|channel|>") && !rest.starts_with("<|start|>assistant") {
        return None;
    }
    let mut said = Said::default();
    while let Some((before, after)) = rest.split_once(MESSAGE) {
        let head = before.rsplit_once(START).map_or(before, |(_, head)| head);
        let (length, token) = first_token(after, &ENDS).unwrap_or((after.len(), ""));
        let (body, after) = after.split_at_checked(length)?;
        said.add(head, body.trim());
        let is_end = token != START;
        rest = after
            .strip_prefix(token)
            .filter(|_| is_end)
            .unwrap_or(after);
    }
    said.add("final", rest.trim());
    Some(said)
}

impl Said {
    /// Adds a message with this head: `assistant<|channel|>commentary to=functions.get <|constrain|>json`.
    fn add(&mut self, head: &str, body: &str) {
        let recipient = head.split_once("to=").map(|(_, to)| to);
        let recipient = recipient.and_then(|to| to.split([' ', '<', '\n']).next());
        let channel = head.split_once(CHANNEL).map_or("", |(_, channel)| channel);
        match recipient {
            Some(name) if name != "user" && name != "assistant" => self.calls.push(RawCall {
                name: Cow::Owned(name.strip_prefix("functions.").unwrap_or(name).to_owned()),
                arguments: Cow::Owned(body.to_owned()),
                ..RawCall::default()
            }),
            _ if channel.starts_with("analysis") => push(&mut self.thought, body),
            _ => push(&mut self.text, body),
        }
    }
}

fn push(text: &mut String, more: &str) {
    let joined = json::join(Cow::Owned(std::mem::take(text)), Cow::Borrowed(more));
    *text = joined.into_owned();
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn channels_are_thoughts_words_and_calls() {
        let text = "<|channel|>analysis<|message|>look<|end|><|start|>assistant<|channel|>commentary \
            to=functions.get <|constrain|>json<|message|>{\"c\":1}<|call|>";
        let said = split(text).unwrap();
        assert_eq!((said.thought.as_str(), said.text.as_str()), ("look", ""));
        assert_eq!(
            (&*said.calls[0].name, &*said.calls[0].arguments),
            ("get", "{\"c\":1}")
        );
        let said = split("<|channel|>final<|message|>so<|return|>").unwrap();
        assert_eq!((said.thought.as_str(), said.text.as_str()), ("", "so"));
        assert!(split("so <|channel|>final").is_none());
    }
}
