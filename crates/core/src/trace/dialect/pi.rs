//! Pi's sessions (`~/.pi/agent/sessions`): a head `{type: "session"}`, then entries that make a tree by `id` and `parentId`,
//! of which `message` holds a message. OpenClaw, OMP and others keep the same with entries of their own.
//!
//! Source: `packages/coding-agent/docs/session-format.md` of earendil-works/pi.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Column, Dialect, Session};
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::parts::Content;
use crate::trace::row::Row;
use crate::trace::transcript::{Transcript, ended, events, exit_code, note_unknown, result};
use crate::trace::tree::{self, Node, Says};
use crate::trace::{Repairs, SessionRun};

pub(super) const DIALECT: Dialect = Dialect {
    session: Some(&Session {
        name: "Pi session",
        tells: is_session,
        runs,
        read: |values, repairs| read(values, "pi", repairs),
    }),
    ..Dialect::new("pi")
};

/// Entries that hold no conversation: what was set, what a person noted, what a program keeps for itself.
const BESIDE: &[&str] = &[
    "model_change",
    "thinking_level_change",
    "session_info",
    "label",
    "title",
    "mode_change",
    "service_tier_change",
    "context_transform",
    "ephemeral",
    "leaf",
    "active_tools_change",
    "ttsr_injection",
    "mcp_tool_selection",
    "title_change",
];

/// Entries of which the conversation has the words, if they are on its way.
const ON_THE_WAY: &[&str] = &[
    "custom",
    "custom_message",
    "session_init",
    "compaction",
    "branch_summary",
];

/// Whether values are entries after a head, or entries that name their parents.
pub(super) fn is_session(values: &[&str]) -> bool {
    let (mut has_head, mut has_message) = (false, false);
    for event in events(values) {
        let kind = event.text("type");
        let alien = ["payload", "messages", "sessionID"];
        if kind.is_empty() || kind.contains('/') || alien.iter().any(|field| event.has(field)) {
            return false;
        }
        has_head |= kind == "session" && event.has("id");
        let is_entry = kind == "message" && event.object("message").has("role");
        has_message |= is_entry && event.has("parentId");
    }
    has_head || (has_message && !events(values).any(|event| event.is("type", "session_start")))
}

/// Each head begins a session, which is a tree.
pub(super) fn runs(values: &[&str]) -> Vec<SessionRun> {
    let mut sessions: Vec<Entries> = Vec::new();
    for (value, raw) in values.iter().enumerate() {
        let Some(event) = Object::read(raw) else {
            continue;
        };
        let is_head = event.is("type", "session");
        // Programs that wrap Pi may write entries before its head.
        if sessions
            .last()
            .is_none_or(|last| is_head && last.head.is_some())
        {
            sessions.push(Entries::default());
        }
        if let Some(session) = sessions.last_mut() {
            match is_head {
                true => session.head = Some(value),
                false => session.add(value, &event),
            }
        }
    }
    let of_session = |entries: &Entries| tree::runs(&entries.nodes, entries.head.as_slice());
    sessions.iter().flat_map(of_session).collect()
}

/// The entries of one session.
#[derive(Default)]
struct Entries {
    head: Option<usize>,
    nodes: Vec<Node>,
    named: HashMap<String, usize>,
}

impl Entries {
    fn add(&mut self, value: usize, event: &Object) {
        let node = self.nodes.len();
        let parent = match event.text("parentId") {
            named if !named.is_empty() => self.named.get(&*named).copied(),
            _ if event.has("parentId") => None,
            _ => node.checked_sub(1),
        };
        // A parent that is not there is taken for the entry before.
        let is_lost = parent.is_none() && !event.text("parentId").is_empty();
        self.nodes.push(Node {
            value,
            parent: parent.or_else(|| node.checked_sub(1).filter(|_| is_lost)),
            says: says(event),
        });
        let id = event.text("id");
        if !id.is_empty() {
            self.named.entry(id.into_owned()).or_insert(node);
        }
    }
}

fn says(event: &Object) -> Says {
    let kind = event.text("type");
    if kind != "message" {
        let is_known = BESIDE.contains(&&*kind) || ON_THE_WAY.contains(&&*kind);
        // What is not known stays with what it follows.
        return if is_known {
            Says::Nothing
        } else {
            Says::Result
        };
    }
    match &*event.object("message").text("role") {
        "user" => Says::Prompt,
        "assistant" => Says::Reply,
        "toolResult" | "tool" => Says::Result,
        _ => Says::Nothing,
    }
}

/// Reads a session of that harness, unless its head names another.
pub(super) fn read<'a>(
    values: &[&'a str],
    harness: &'static str,
    repairs: &mut Repairs,
) -> Option<Row<'a>> {
    let heads = events(values).filter(|event| event.is("type", "session"));
    let named = heads
        .map(|head| head.text("harness"))
        .find(|name| !name.is_empty());
    let mut run = Transcript::of(named.unwrap_or(Cow::Borrowed(harness)));
    for event in events(values) {
        read_entry(&event, &mut run, repairs);
    }
    run.into_row()
}

fn read_entry<'a>(event: &Object<'a>, run: &mut Transcript<'a>, repairs: &mut Repairs) {
    match &*event.text("type") {
        "session" => {
            run.label(Column::Trajectory, event.text("id"));
            run.chose(event.text("modelId"));
            run.chose(event.text("model"));
        }
        "message" => read_message(event, run),
        "model_change" => {
            run.chose(event.text("modelId"));
            run.chose(event.text("model"));
        }
        "session_init" => {
            run.say("system", event.text("systemPrompt"));
            run.tools(event.raw("tools"));
        }
        "custom" => read_custom(&event.object("data"), run),
        "custom_message" => run.push(RawMessage::of("user", event.content("content"))),
        // The agent goes on from these words, which take the place of what they sum up.
        "compaction" | "branch_summary" => run.say("user", event.text("summary")),
        kind if BESIDE.contains(&kind) => {}
        _ => note_unknown(event, repairs),
    }
}

fn read_message<'a>(event: &Object<'a>, run: &mut Transcript<'a>) {
    let Some(raw) = event.raw("message") else {
        return;
    };
    let message = event.object("message");
    match &*message.text("role") {
        "bashExecution" => run.push(RawMessage::of("user", bash_execution(&message))),
        "custom" | "hookMessage" => {
            run.push(RawMessage::of("user", message.content("content")));
        }
        "branchSummary" | "compactionSummary" => run.say("user", message.text("summary")),
        "toolResult" => {
            let end = message.bool("isError").map(|failed| ended(!failed));
            let end = exit_code(&message.object("details"), &["exitCode"]).or(end);
            run.push(result(
                message.text("toolCallId"),
                message.content("content"),
                end,
            ));
        }
        _ => {
            let mut own = RawMessage::read(raw);
            // Words that another program wrote into the session are no model's, and not learned from.
            match message.is("provider", "openclaw") || message.is("model", "delivery-mirror") {
                true => own.beside.weight = Some(0.0),
                false => run.wrote(message.text("model")),
            }
            run.push(own);
        }
    }
}

/// A command that the user ran, in the words by which the agent is told of it.
fn bash_execution<'a>(message: &Object<'a>) -> Content<'a> {
    let (command, output) = (message.text("command"), message.text("output"));
    let mut text = format!("Ran `{command}`\n```\n{output}\n```");
    if let Some(code) = message.integer("exitCode").filter(|code| *code != 0) {
        text.push_str(&format!("\nCommand exited with code {code}"));
    }
    Content::Text(Cow::Owned(text))
}

/// What an extension keeps: of all of these, a prompt and tools are of the conversation.
fn read_custom<'a>(data: &Object<'a>, run: &mut Transcript<'a>) {
    run.say("system", data.text("systemPrompt"));
    run.tools(data.raw("tools"));
}
