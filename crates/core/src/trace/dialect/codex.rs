//! Codex: the sessions that it keeps (`~/.codex/sessions/**/rollout-*.jsonl`). A line is `{type, payload}`: the session's
//! facts, a turn's, an item of OpenAI's Responses, or an event that repeats what items say. Old ones are bare items.
//!
//! What the program puts before the user's words in the user's name (`AGENTS.md`, the environment) is read as the
//! system's. Source: `codex-rs/protocol/src/protocol.rs` and `models.rs` of openai/codex.

use std::borrow::Cow;
use std::collections::HashMap;

use super::codex_items as items;
use super::{Column, Dialect, Session};
use crate::trace::object::Object;
use crate::trace::row::Row;
use crate::trace::transcript::{Transcript, ended, events, exit_code, note_unknown};
use crate::trace::tree::{self, Node, Says};
use crate::trace::{Repairs, Reported, SessionRun, Thread};

pub(super) const DIALECT: Dialect = Dialect {
    session: Some(&Session {
        name: "Codex session",
        tells,
        runs,
        read,
    }),
    ..Dialect::new("codex")
};

const ENVELOPES: [&str; 5] = [
    "session_meta",
    "turn_context",
    "response_item",
    "event_msg",
    "compacted",
];

fn tells(values: &[&str]) -> bool {
    let mut told = false;
    for event in events(values) {
        let kind = event.text("type");
        let in_envelope = ENVELOPES.contains(&&*kind) && event.has("payload");
        told |= in_envelope || is_old_head(&event) || event.has("record_type");
        if event.has("messages")
            || (kind.is_empty() && !is_old_head(&event) && !event.has("record_type"))
        {
            return false;
        }
    }
    told
}

/// The first line of old sessions: `{id, timestamp, instructions, git}`.
fn is_old_head(event: &Object) -> bool {
    let facts = event.has("instructions") || event.has("git");
    !event.has("type") && !event.has("role") && event.has("id") && event.has("timestamp") && facts
}

/// A session begins with its facts. One that was forked off another goes on with the other's facts and lines.
fn runs(values: &[&str]) -> Vec<SessionRun> {
    let mut sessions: Vec<Lines> = Vec::new();
    let (mut id, mut origin) = (String::new(), String::new());
    for (value, raw) in values.iter().enumerate() {
        let Some(event) = Object::read(raw) else {
            continue;
        };
        let facts = facts(&event);
        let begun = facts.as_ref().map(|facts| facts.text("id"));
        let is_other = begun.is_some_and(|begun| *begun != *id && *begun != *origin);
        if sessions.is_empty() || is_other {
            let facts = facts.unwrap_or_default();
            id = facts.text("id").into_owned();
            origin = facts.text("forked_from_id").into_owned();
            sessions.push(Lines {
                thread: thread(&facts),
                ..Lines::default()
            });
        }
        if let Some(session) = sessions.last_mut() {
            session.add(value, &event);
        }
    }
    sessions.iter().flat_map(Lines::runs).collect()
}

/// The lines of one session: a tree where turns were taken back, which the last turns before are a branch of.
#[derive(Default)]
struct Lines {
    thread: Thread,
    nodes: Vec<Node>,
    /// The line that the next one follows.
    last: Option<usize>,
    /// The lines with which the user's turns began that still count.
    turns: Vec<usize>,
}

impl Lines {
    fn add(&mut self, value: usize, event: &Object) {
        let payload = event.object("payload");
        let item = match event.has("payload") {
            true => &payload,
            false => event,
        };
        let says = match &*item.text("type") {
            "message" if items::is_injected(item) => Says::Nothing,
            "message" if item.is("role", "user") => Says::Prompt,
            "message" | "reasoning" | "agent_message" | "agent_reasoning" => Says::Reply,
            kind if kind.ends_with("_call") => Says::Reply,
            kind if kind.ends_with("_output") => Says::Result,
            "user_message" => Says::Prompt,
            _ => Says::Nothing,
        };
        let node = self.nodes.len();
        self.nodes.push(Node {
            value,
            parent: self.last,
            says,
        });
        self.last = Some(node);
        if says == Says::Prompt && event.is("type", "response_item") {
            self.turns.push(node);
        }
        if item.is("type", "thread_rolled_back") {
            self.take_back(item.integer("num_turns").unwrap_or_default());
        }
    }

    /// Goes back to before the last turns.
    fn take_back(&mut self, turns: i64) {
        for _ in 0..turns.clamp(0, 1_000) {
            let Some(turn) = self.turns.pop() else {
                return;
            };
            self.last = self.nodes.get(turn).and_then(|node| node.parent);
        }
    }

    fn runs(&self) -> Vec<SessionRun> {
        let was_taken_back = self
            .nodes
            .iter()
            .enumerate()
            .any(|(at, node)| node.parent != at.checked_sub(1));
        if !was_taken_back {
            return vec![SessionRun {
                values: self.nodes.iter().map(|node| node.value).collect(),
                thread: self.thread,
            }];
        }
        let mut runs = tree::runs(&self.nodes, &[]);
        let main = runs.iter_mut().filter(|run| run.thread == Thread::Main);
        main.for_each(|run| run.thread = self.thread);
        runs
    }
}

fn facts<'a>(event: &Object<'a>) -> Option<Object<'a>> {
    match event.is("type", "session_meta") {
        true => Some(event.object("payload")),
        false => is_old_head(event).then(|| event.clone()),
    }
}

fn thread(facts: &Object) -> Thread {
    match facts.object("source").has("subagent") {
        true => Thread::Subagent,
        false => Thread::Main,
    }
}

fn read<'a>(values: &[&'a str], repairs: &mut Repairs) -> Option<Row<'a>> {
    let told = Told::by(values);
    let mut run = Transcript::of("codex");
    for (event, raw) in values
        .iter()
        .filter_map(|raw| Some((Object::read(raw)?, *raw)))
    {
        let payload = event.object("payload");
        match &*event.text("type") {
            "session_meta" => read_facts(&payload, &mut run),
            "turn_context" => run.chose(payload.text("model")),
            "response_item" => read_item(event.raw("payload"), &told, &mut run, repairs),
            "event_msg" => read_event(&payload, &told, &mut run),
            "compacted" => run.say("user", payload.text("message")),
            "" if is_old_head(&event) => read_facts(&event, &mut run),
            "" => {}
            _ if event.has("payload") => note_unknown(&event, repairs),
            _ => read_item(Some(raw), &told, &mut run, repairs),
        }
    }
    run.into_row()
}

/// What the whole session tells before it is read.
#[derive(Default)]
struct Told<'a> {
    /// Whether items hold a user's words, the model's, its thoughts.
    users: bool,
    replies: bool,
    thoughts: bool,
    /// How calls ended, by their ids.
    ends: HashMap<Cow<'a, str>, Reported>,
}

impl<'a> Told<'a> {
    fn by(values: &[&'a str]) -> Self {
        let mut told = Told::default();
        for event in events(values) {
            let payload = event.object("payload");
            let item = match event.is("type", "response_item") {
                true => &payload,
                false => &event,
            };
            match &*item.text("type") {
                "message" if item.is("role", "user") => told.users |= !items::is_injected(item),
                "message" => told.replies |= item.is("role", "assistant"),
                "reasoning" => {
                    let texts = ["summary", "content"].map(|field| item.list(field));
                    told.thoughts |= texts.iter().any(|texts| !texts.is_empty());
                }
                _ => {}
            }
            if event.is("type", "event_msg")
                && let Some(end) = end_of_call(&payload)
            {
                told.ends.insert(payload.text("call_id"), end);
            }
        }
        told
    }
}

/// How an event says that a call ended.
fn end_of_call(event: &Object) -> Option<Reported> {
    match &*event.text("type") {
        "exec_command_end" => exit_code(event, &["exit_code"]),
        "patch_apply_end" => event.bool("success").map(ended),
        "mcp_tool_call_end" => {
            let result = event.object("result");
            let failed = result.has("Err") || result.object("Ok").bool("isError") == Some(true);
            event.has("result").then(|| ended(!failed))
        }
        _ => None,
    }
}

fn read_facts<'a>(facts: &Object<'a>, run: &mut Transcript<'a>) {
    run.label(Column::Trajectory, facts.text("id"));
    run.chose(facts.text("model"));
    run.tools(facts.raw("dynamic_tools"));
    let instructions = facts.object("base_instructions").text("text");
    if instructions.is_empty() {
        let plain = ["base_instructions", "instructions"].map(|field| facts.text(field));
        plain.into_iter().for_each(|text| run.say("system", text));
    } else {
        run.say("system", instructions);
    }
}

fn read_item<'a>(
    item: Option<&'a str>,
    told: &Told<'a>,
    run: &mut Transcript<'a>,
    repairs: &mut Repairs,
) {
    let Some(mut message) = item.and_then(|item| items::read(item, repairs)) else {
        return;
    };
    let end = told.ends.get(&message.answers).copied();
    message.beside.reported = message.beside.reported.or(end);
    run.push(message);
}

/// Events repeat what items say; they count where no item says it.
fn read_event<'a>(event: &Object<'a>, told: &Told<'a>, run: &mut Transcript<'a>) {
    match &*event.text("type") {
        "agent_reasoning" | "agent_reasoning_raw_content" if !told.thoughts => {
            run.say("reasoning", event.text("text"));
        }
        "user_message" if !told.users => run.say("user", event.text("message")),
        "agent_message" if !told.replies => run.say("assistant", event.text("message")),
        _ => {}
    }
}
