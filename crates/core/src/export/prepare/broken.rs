//! Calls whose arguments are not a JSON object, which several trainers refuse with their whole row: repaired where it is
//! certain what was meant; of the others the turn is left out of learning, or the run ends before it.

use std::borrow::Cow;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Part;
use crate::calls::is_object;
use crate::export::options::{BrokenCalls, Mask, Options};
use crate::trace::{Message, Role, python_as_json};

/// What was done about the broken calls of a row, or of all rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mended {
    /// Calls that were repaired.
    pub repaired: u64,
    /// Turns that are left out of learning.
    pub masked: u64,
    /// Runs that end before such a call.
    pub ended: u64,
}

impl AddAssign for Mended {
    fn add_assign(&mut self, more: Self) {
        self.repaired += more.repaired;
        self.masked += more.masked;
        self.ended += more.ended;
    }
}

/// Does with the broken calls of a row as the options say.
pub(super) fn mend<'a>(mut part: Part<'a>, options: &Options) -> Part<'a> {
    if options.broken == BrokenCalls::Keep {
        return part;
    }
    for call in part
        .trajectory
        .messages
        .iter_mut()
        .flat_map(|m| &mut m.calls)
    {
        if let Some(arguments) = repaired(&call.arguments) {
            call.arguments = Cow::Owned(arguments);
            part.mended.repaired += 1;
        }
    }
    match options.broken {
        BrokenCalls::Mask if carries_turns(options) => mask(part),
        BrokenCalls::End => end(part),
        _ => part,
    }
}

/// Whether the format can leave whole turns out of learning.
fn carries_turns(options: &Options) -> bool {
    let carries = options.format.target().carries(options);
    !Mask::TURNS.without(carries).is_set()
}

/// Whether a message of the assistant has a call that can't be read.
fn is_broken(message: &Message) -> bool {
    message.role == Role::Assistant && message.calls.iter().any(|call| !is_object(&call.arguments))
}

/// Such turns stay for what follows, in a form that can be read, and are left out of learning.
fn mask(mut part: Part) -> Part {
    let messages = part.trajectory.messages.iter_mut().zip(&mut part.marks);
    for (message, mark) in messages.filter(|(message, _)| is_broken(message)) {
        for call in message
            .calls
            .iter_mut()
            .filter(|call| !is_object(&call.arguments))
        {
            call.arguments = Cow::Owned(json!({ "arguments": call.arguments }).to_string());
        }
        mark.is_unlearned = true;
        part.mended.masked += 1;
    }
    part
}

/// The run up to the last turn before the first such call.
fn end(mut part: Part) -> Part {
    let messages = &part.trajectory.messages;
    let Some(broken) = messages.iter().position(is_broken) else {
        return part;
    };
    part.mended.ended = 1;
    let turns = messages.iter().take(broken);
    let last = turns
        .rev()
        .position(|message| message.role == Role::Assistant);
    let end = last.map_or(broken, |behind| broken - behind);
    let kept: Vec<bool> = (0..messages.len()).map(|at| at < end).collect();
    part.keep(&kept)
}

/// The JSON object that arguments certainly stand for; `None` where they are one, or none is certain.
fn repaired(arguments: &str) -> Option<String> {
    if is_object(arguments) {
        return None;
    }
    // JSON in a JSON text; some harnesses do so more than once.
    let text = serde_json::from_str::<String>(arguments).ok();
    if let Some(text) = text {
        return if is_object(&text) {
            Some(text)
        } else {
            repaired(&text)
        };
    }
    let candidates = [without_last_commas(arguments), python_as_json(arguments)];
    candidates
        .into_iter()
        .flatten()
        .find(|json| is_object(json))
}

/// JSON without the commas that stand before a closing bracket; `None` where there is none.
fn without_last_commas(json: &str) -> Option<String> {
    let (mut in_text, mut is_escaped) = (false, false);
    // A comma that follows a value, until something follows the comma.
    let (mut comma, mut before) = (None, '{');
    let mut left_out = Vec::new();
    for (at, c) in json.char_indices() {
        match c {
            _ if in_text => {
                in_text = c != '"' || is_escaped;
                is_escaped = c == '\\' && !is_escaped;
            }
            ' ' | '\t' | '\r' | '\n' => {}
            ',' if !matches!(before, '{' | '[' | ',') => (comma, before) = (Some(at), c),
            _ => {
                left_out.extend(comma.take().filter(|_| matches!(c, '}' | ']')));
                (in_text, before) = (c == '"', c);
            }
        }
    }
    let mut kept = String::with_capacity(json.len());
    let mut from = 0;
    for comma in left_out {
        kept.push_str(json.get(from..comma)?);
        from = comma + 1;
    }
    kept.push_str(json.get(from..)?);
    (from > 0).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_certainly_meant_is_repaired() {
        for (broken, meant) in [
            (r#""{\"command\": \"ls\"}""#, r#"{"command": "ls"}"#),
            (r#""\"{\\\"a\\\": 1}\"""#, r#"{"a": 1}"#),
            (
                r#"{"a": [1, 2,], "b": ",}",}"#,
                r#"{"a": [1, 2], "b": ",}"}"#,
            ),
            (
                "{'command': 'ls', 'deep': True, 'n': None}",
                r#"{"command":"ls","deep":true,"n":null}"#,
            ),
        ] {
            let found =
                repaired(broken).map(|json| serde_json::from_str::<serde_json::Value>(&json).ok());
            assert_eq!(found, Some(serde_json::from_str(meant).ok()), "{broken}");
        }
    }

    #[test]
    fn what_is_not_certain_stays() {
        for text in [
            r#"{"command": "ls"}"#,
            r#"{"command": "ls""#,
            r#"{"a": 1} {"b": 2}"#,
            "ls -la",
            "",
            "[1, 2,]",
            r#""ls""#,
            "{,}",
            r#"{"a": "x,}"#,
        ] {
            assert_eq!(repaired(text), None, "{text}");
        }
    }
}
