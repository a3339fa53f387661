//! Terminus 2, Terminal-Bench's and Harbor's agent: it answers with JSON or XML that holds the keystrokes for a terminal,
//! and sees what stands there then. AgentTrove, Nemotron-Terminal and many sets beside them are made of its runs.
//! <https://github.com/harbor-framework/harbor>, `agents/terminus_2` of harbor 0.26.0: its prompts and its two parsers.

use std::borrow::Cow;

use super::Dialect;
use crate::trace::draft::{Draft, count};
use crate::trace::object::{Object, elements};
use crate::trace::{Call, CallForm, Repair, Repairs, Role, Tool, json, tools};

pub(super) const DIALECT: Dialect = Dialect {
    take_calls: Some(take_calls),
    is_harness: Some(|run| {
        run.tool_names().next().is_some() && run.tool_names().all(|name| name == TOOL)
    }),
    ..Dialect::new("terminus2")
};

/// The tool as which a command is read.
const TOOL: &str = "terminal";

/// What the prompt says of it, as a schema.
const SCHEMA: &str = concat!(
    r#"{"type":"function","function":{"name":"terminal","description":"Sends keystrokes to the terminal, waits, and "#,
    r#"shows the terminal's output.","parameters":{"type":"object","properties":{"keystrokes":{"type":"string","#,
    r#""description":"The exact keystrokes; a command ends with a newline. C-c and C-d are sent as Ctrl+C and Ctrl+D."},"#,
    r#""duration":{"type":"number","description":"Seconds to wait before the next command."}},"#,
    r#""required":["keystrokes"]}}}"#,
);

/// By so many of its first turns a run shows that it is written in this way.
const TELLING_TURNS: usize = 8;

/// Each command of a turn is a call; what the agent says of the state and its plan stays the turn's text. The terminal is
/// shown once after all commands of a turn: the next message answers the first of them, and the others share the answer,
/// so that none of them is open. A turn without commands is answered by no observation: what comes then, such as the
/// question whether the task is really complete, is the user's.
fn take_calls(drafts: &mut [Draft], known: &mut Vec<Tool>, repairs: &mut Repairs) {
    if !is_written_so(drafts) {
        return;
    }
    let mut asked = false;
    let mut found = 0_usize;
    for draft in drafts.iter_mut() {
        match draft.message.role {
            Role::Assistant => {
                let reply = draft
                    .message
                    .calls
                    .is_empty()
                    .then(|| reply(&draft.message.text));
                asked = false;
                if let Some(reply) = reply.flatten() {
                    asked = !reply.calls.is_empty();
                    found += reply.calls.len();
                    draft.message.text = Cow::Owned(reply.text);
                    draft.message.calls = reply.calls;
                }
            }
            Role::User | Role::Tool if asked => {
                let from_user = draft.message.role == Role::User;
                repairs.add(Repair::ObservationFromUser, u32::from(from_user));
                draft.message.role = Role::Tool;
                draft.answers_turn = true;
                asked = false;
            }
            _ => asked = false,
        }
    }
    repairs.add(Repair::CallFromXml, count(found));
    if found > 0 && !known.iter().any(|tool| tool.name == TOOL) {
        known.push(tools::tool(Cow::Borrowed(SCHEMA)));
        repairs.add(Repair::ToolAdded, 1);
    }
}

/// Whether one of the first turns is a reply of this harness with a command in it.
fn is_written_so(drafts: &[Draft]) -> bool {
    let turns = drafts.iter().filter(|draft| draft.is_turn());
    turns.take(TELLING_TURNS).any(|draft| {
        let text = &draft.message.text;
        let may = text.contains("\"keystrokes\"") || text.contains("<keystrokes");
        may && draft.message.calls.is_empty() && reply(text).is_some()
    })
}

/// What a turn says and does.
struct Reply {
    text: String,
    calls: Vec<Call<'static>>,
}

fn reply(text: &str) -> Option<Reply> {
    json_reply(text).or_else(|| xml_reply(text))
}

fn call(arguments: String) -> Call<'static> {
    Call {
        id: Cow::Borrowed(""),
        name: Cow::Borrowed(TOOL),
        arguments: Cow::Owned(arguments),
        form: CallForm::Xml,
        answer: None,
    }
}

/// At so many braces at most an object is looked for: prose before it may hold some, and each costs a look at the rest.
const MOST_BRACES: usize = 4;

/// A JSON object with a list of `commands`; Terminus 1 calls the other fields otherwise. What stands around it is kept.
fn json_reply(text: &str) -> Option<Reply> {
    let opening = text.match_indices('{').map(|(at, _)| at).take(MOST_BRACES);
    let (start, end, fields) = opening.into_iter().find_map(|start| {
        let (rest, end) = object_at(text, start)?;
        let fields = Object::read(rest)?;
        let commands = fields.raw("commands")?;
        commands.starts_with('[').then_some((start, end, fields))
    })?;
    let calls = elements(fields.raw("commands")?).into_iter();
    let calls = calls
        .map(|raw| call(json::compact(raw).into_owned()))
        .collect();
    let said = fields.fields().filter_map(|(name, raw)| match name {
        "commands" => None,
        "task_complete" | "is_task_complete" => {
            is_true(&json::raw_text(raw)).then(completion).flatten()
        }
        name => said(name, &json::raw_text(raw)),
    });
    let said: Vec<String> = said.collect();
    Some(Reply {
        text: around(text, start, end, &said.join("\n")),
        calls,
    })
}

/// The JSON object that begins there, and where it ends.
fn object_at(text: &str, start: usize) -> Option<(&str, usize)> {
    let rest = text.get(start..)?;
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<serde::de::IgnoredAny>();
    values.next()?.ok()?;
    let end = start + values.byte_offset();
    Some((text.get(start..end)?, end))
}

/// A field as Harbor writes it into the text of a step: `Analysis: …`.
fn said(name: &str, text: &str) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let mut letters = name.chars();
    let first = letters.next()?.to_uppercase();
    let name: String = first
        .chain(letters)
        .map(|c| if c == '_' { ' ' } else { c })
        .collect();
    Some(format!("{name}: {text}"))
}

fn completion() -> Option<String> {
    said("task_complete", "true")
}

/// Harbor takes words for a truth value, too.
fn is_true(text: &str) -> bool {
    let text = text.trim();
    ["true", "1", "yes"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

/// A text with these words in place of a part of it; a fence around the part goes with it.
fn around(text: &str, start: usize, end: usize, words: &str) -> String {
    let before = text.get(..start).unwrap_or_default().trim();
    let after = text.get(end..).unwrap_or_default().trim();
    let fence = ["```json", "```xml", "```"]
        .iter()
        .find_map(|open| before.strip_suffix(open));
    let (before, after) = match (fence, after.strip_prefix("```")) {
        (Some(before), Some(after)) => (before.trim(), after.trim()),
        _ => (before, after),
    };
    let rests = [before, words, after].into_iter().map(Cow::Borrowed);
    json::join_all(rests).into_owned()
}

/// `<response>` with `<analysis>`, `<plan>`, `<commands>` of `<keystrokes duration="…">`, and `<task_complete>`.
fn xml_reply(text: &str) -> Option<Reply> {
    let start = text.find("<response>")?;
    let inner = text.get(start + "<response>".len()..)?;
    let (inner, end) = match inner.find("</response>") {
        Some(close) => {
            let end = start + "<response>".len() + close + "</response>".len();
            (inner.get(..close)?, end)
        }
        None => (inner, text.len()),
    };
    let commands = section(inner, "commands");
    let complete = section(inner, "task_complete");
    if commands.is_none() && complete.is_none() {
        return None;
    }
    let calls = keystrokes(commands.unwrap_or_default());
    let parts = ["analysis", "plan"].into_iter();
    let parts = parts.filter_map(|name| said(name, section(inner, name)?.trim()));
    let complete = complete
        .filter(|text| is_true(text))
        .and_then(|_| completion());
    let said: Vec<String> = parts.chain(complete).collect();
    Some(Reply {
        text: around(text, start, end, &said.join("\n")),
        calls: calls?,
    })
}

/// What stands between two tags; a section that never ends is none.
fn section<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let open = format!("<{name}>");
    let (_, rest) = text.split_once(&open)?;
    let (inner, _) = rest.split_once(&format!("</{name}>"))?;
    Some(inner)
}

/// The commands of a section; `None` where one of them never ends. The text between the tags is verbatim.
fn keystrokes(section: &str) -> Option<Vec<Call<'static>>> {
    let mut calls = Vec::new();
    let mut rest = section;
    while let Some((_, after)) = rest.split_once("<keystrokes") {
        let (attributes, after) = after.split_once('>')?;
        let (keys, after) = after.split_once("</keystrokes>")?;
        rest = after;
        let keys = serde_json::to_string(keys).ok()?;
        let duration = attributes.split_once("duration=").map(|(_, value)| value);
        let duration = duration.map(|value| value.trim().trim_matches(['"', '\'']));
        let duration = duration.and_then(|value| value.parse().ok());
        calls.push(call(
            match duration.and_then(serde_json::Number::from_f64) {
                Some(seconds) => format!(r#"{{"keystrokes":{keys},"duration":{seconds}}}"#),
                None => format!(r#"{{"keystrokes":{keys}}}"#),
            },
        ));
    }
    Some(calls)
}
