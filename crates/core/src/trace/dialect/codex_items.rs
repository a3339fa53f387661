//! The items of a Codex session: those of OpenAI's Responses, of which `responses` tells the meaning, and what is Codex's
//! own of them: what it says in the user's name, its search for tools, and how its shell tells an exit code.

use std::borrow::Cow;

use crate::trace::json;
use crate::trace::message::RawMessage;
use crate::trace::object::{Object, elements};
use crate::trace::parts::Content;
use crate::trace::speaker;
use crate::trace::transcript::{call, ended, exit_code, json_text, note_unknown, result};
use crate::trace::{Repairs, Reported};

/// How texts begin that the program puts before the user's words in the user's name.
const INJECTED: &[&str] = &[
    "<environment_context>",
    "<user_instructions>",
    "<permissions instructions>",
    "<turn_context>",
    "<collaboration_mode>",
    "<skills_instructions>",
    "<apps_instructions>",
    "<plugins_instructions>",
    "<personality_spec>",
    "<model_switch>",
    "# AGENTS.md instructions for ",
];

/// The message that an item is; `None` where it holds nothing of the conversation.
pub(super) fn read<'a>(raw: &'a str, repairs: &mut Repairs) -> Option<RawMessage<'a>> {
    let item = Object::read(raw)?;
    let kind = item.text("type");
    match &*kind {
        "message" => {
            let mut message = RawMessage::read(raw);
            if is_injected(&item) {
                message.role = Cow::Borrowed("system");
            }
            Some(message)
        }
        "tool_search_call" => {
            let name = Cow::Borrowed("tool_search");
            Some(call(id(&item), name, item.raw("arguments")))
        }
        "tool_search_output" => {
            let tools = item.raw("tools").map_or(Cow::Borrowed("[]"), json_text);
            Some(result(id(&item), Content::Text(tools), None))
        }
        "ghost_snapshot" | "compaction" | "compaction_summary" => None,
        kind if kind.ends_with("_output") => Some(output(&item)),
        kind if speaker::of(kind).is_some() => {
            let mut message = RawMessage::read(raw);
            let name = std::mem::take(&mut message.flat.name);
            message.flat.name = in_namespace(&item, name);
            Some(message)
        }
        _ => {
            note_unknown(&item, repairs);
            None
        }
    }
}

/// Whether a user's message holds nothing but what the program put there.
pub(super) fn is_injected(item: &Object) -> bool {
    let Some(content) = item.raw("content").filter(|_| item.is("role", "user")) else {
        return false;
    };
    let injected = |text: &str| {
        let text = text.trim_start();
        INJECTED.iter().any(|start| text.starts_with(start))
    };
    if !content.starts_with('[') {
        return injected(&json::raw_text(content));
    }
    let parts = elements(content);
    let parts = parts.iter().filter_map(|part| Object::read(part));
    let mut texts = parts.map(|part| part.text("text")).peekable();
    texts.peek().is_some() && texts.all(|text| injected(&text))
}

fn id<'a>(item: &Object<'a>) -> Cow<'a, str> {
    json::either(item.text("call_id"), item.text("id"))
}

/// A function's name after its namespace's, such as a server's.
fn in_namespace<'a>(item: &Object<'a>, name: Cow<'a, str>) -> Cow<'a, str> {
    let place = item.text("namespace");
    match place.is_empty() || name.is_empty() || name.starts_with(&*place) {
        true => name,
        false if place.ends_with('_') => Cow::Owned(format!("{place}{name}")),
        false => Cow::Owned(format!("{place}.{name}")),
    }
}

/// What a call gave back: a text, parts, or an object that holds either.
fn output<'a>(item: &Object<'a>) -> RawMessage<'a> {
    let raw = item.raw("output").unwrap_or("\"\"");
    let Some(object) = Object::read(raw) else {
        let content = item.content("output");
        let end = match &content {
            Content::Text(text) => exit_in(text),
            Content::Parts(_) => None,
        };
        return result(id(item), content, end);
    };
    let content = match object.raw("content") {
        Some(_) => object.content("content"),
        None => Content::Text(json_text(raw)),
    };
    result(id(item), content, object.bool("success").map(ended))
}

/// The exit code that Codex's shell writes before a command's output, or beside it in JSON.
fn exit_in(output: &str) -> Option<Reported> {
    const HEAD: usize = 8;
    const HEADS: [&str; 3] = ["Exit code: ", "Chunk ID: ", "Wall time: "];
    const CODES: [&str; 2] = ["Exit code: ", "Process exited with code "];
    if output.starts_with('{') {
        let object = Object::read(output)?;
        return exit_code(&object.object("metadata"), &["exit_code"]);
    }
    if !HEADS.iter().any(|start| output.starts_with(start)) {
        return None;
    }
    let lines = output
        .lines()
        .take_while(|line| !line.starts_with("Output:"));
    let mut codes = lines.take(HEAD).filter_map(|line| {
        let code = CODES.iter().find_map(|start| line.strip_prefix(start))?;
        code.trim().parse().ok()
    });
    codes.next().map(Reported::Exit)
}
