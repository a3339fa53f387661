//! Claude Code: the sessions that it keeps (`~/.claude/projects/*/*.jsonl`) and the stream that it prints with
//! `--output-format stream-json`. A reply's blocks stand in a line each, which share the reply's `message.id`.
//!
//! In a session `parentUuid` makes a tree, over a compaction `logicalParentUuid`; `isSidechain` marks a subagent's lines.
//! In a stream a line follows the one before, and `parent_tool_use_id` marks a subagent's. Lines that the program writes
//! for itself (`summary`, `queue-operation`, `progress`, …) are no part of the conversation. Amp prints the same stream,
//! and Qwen Code keeps the same sessions with Gemini's parts in them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{Column, Dialect, Session};
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::parts::{Content, Part};
use crate::trace::row::Row;
use crate::trace::structured::RawCall;
use crate::trace::transcript::{Transcript, events, note_unknown};
use crate::trace::tree::{self, Node, Says};
use crate::trace::{Repairs, SessionRun, Thread};

pub(super) const DIALECT: Dialect = Dialect {
    session: Some(&Session {
        name: "Claude Code session",
        tells,
        runs,
        read,
    }),
    ..Dialect::new("claude_code")
};

/// Lines that hold no conversation, though some hold words of it again.
const BESIDE: &[&str] = &[
    "system",
    "summary",
    "progress",
    "queue-operation",
    "file-history-snapshot",
    "last-prompt",
    "custom-title",
    "ai-title",
    "agent-name",
    "agent-setting",
    "attachment",
    "mode",
    "permission-mode",
    "pr-link",
    "tag",
    "result",
    "stream_event",
    "rate_limit_event",
    "tool_progress",
    "control_request",
    "control_response",
];

fn tells(values: &[&str]) -> bool {
    let mut told = false;
    for event in events(values) {
        if !event.has("type") || event.has("payload") || event.is("type", "tool_call") {
            return false;
        }
        told |= is_own(&event);
    }
    told
}

/// Whether no other program writes such a line.
fn is_own(event: &Object) -> bool {
    const IDS: [&str; 5] = [
        "uuid",
        "parentUuid",
        "sessionId",
        "session_id",
        "isSidechain",
    ];
    let has_id = IDS.iter().any(|id| event.has(id));
    match &*event.text("type") {
        "user" | "assistant" => {
            let message = event.object("message");
            has_id && (message.has("content") || message.has("parts"))
        }
        "summary" => event.has("leafUuid"),
        "file-history-snapshot" => event.has("snapshot"),
        "queue-operation" | "progress" | "attachment" => event.has("sessionId"),
        "system" => has_id && event.has("subtype"),
        _ => false,
    }
}

/// Whose lines are read together: those of a session, or of a subagent in it.
#[derive(Default)]
struct Group {
    nodes: Vec<Node>,
    /// Its last line.
    last: Option<usize>,
    /// The node with which each reply begins.
    replies: HashMap<String, usize>,
    thread: Thread,
}

/// Where a line stands: its group, and its node in there.
type Place = (usize, usize);

fn runs(values: &[&str]) -> Vec<SessionRun> {
    let mut groups: Vec<Group> = Vec::new();
    let mut named: HashMap<(Thread, String, String), usize> = HashMap::new();
    let mut lines: HashMap<String, Place> = HashMap::new();
    for (value, raw) in values.iter().enumerate() {
        let Some(event) = Object::read(raw) else {
            continue;
        };
        let id = event.text("uuid");
        let has_words = event.has("message") || steered(&event).is_some();
        if (id.is_empty() && !has_words) || lines.contains_key(&*id) {
            continue;
        }
        let (thread, name) = owner(&event);
        let found = parent(&event).and_then(|parent| lines.get(&*parent).copied());
        let is_own = |(group, _): &Place| groups.get(*group).is_some_and(|g| g.thread == thread);
        let parent = found.filter(is_own);
        // A sidechain without a name is told from others by its root alone, which may hang on the main thread.
        let is_root = begins(&event) || (found.is_some() && parent.is_none());
        let nameless_root = name.is_empty() && is_root && thread == Thread::Subagent;
        let key = (thread, session_id(&event).into_owned(), name);
        let known = named.get(&key).copied();
        let at = match (parent, known) {
            (Some((group, _)), _) => group,
            (None, Some(group)) if !nameless_root => group,
            _ => {
                groups.push(Group {
                    thread,
                    ..Group::default()
                });
                groups.len() - 1
            }
        };
        named.insert(key, at);
        if let Some(group) = groups.get_mut(at) {
            let node = group.add(value, &event, parent.map(|(_, node)| node));
            if !id.is_empty() {
                lines.insert(id.into_owned(), (at, node));
            }
        }
    }
    groups.iter().flat_map(Group::runs).collect()
}

impl Group {
    /// Adds a line; returns its node.
    fn add(&mut self, value: usize, event: &Object, parent: Option<usize>) -> usize {
        let node = self.nodes.len();
        let mut parent = parent.or_else(|| self.last.filter(|_| !begins(event)));
        let says = says(event);
        let reply = event.object("message").text("id");
        if says == Says::Reply && !reply.is_empty() {
            // Blocks of one reply follow each other, also where all of them name the line before the reply.
            let last = self.replies.insert(reply.into_owned(), node);
            let parent_of = |node: usize| self.nodes.get(node).and_then(|node| node.parent);
            parent = last.filter(|last| parent_of(*last) == parent).or(parent);
        }
        self.nodes.push(Node {
            value,
            parent,
            says,
        });
        self.last = Some(node);
        node
    }

    fn runs(&self) -> Vec<SessionRun> {
        let mut runs = tree::runs(&self.nodes, &[]);
        if self.thread == Thread::Subagent {
            runs.iter_mut()
                .for_each(|run| run.thread = Thread::Subagent);
        }
        runs
    }
}

/// Whose line it is: the session's, or a subagent's by its name in there.
fn owner(event: &Object) -> (Thread, String) {
    let caller = event.text("parent_tool_use_id");
    if !caller.is_empty() {
        return (Thread::Subagent, caller.into_owned());
    }
    match event.bool("isSidechain") {
        Some(true) => (Thread::Subagent, event.text("agentId").into_owned()),
        _ => (Thread::Main, String::new()),
    }
}

fn session_id<'a>(event: &Object<'a>) -> Cow<'a, str> {
    match event.text("sessionId") {
        id if id.is_empty() => event.text("session_id"),
        id => id,
    }
}

/// The line before, as the line names it.
fn parent<'a>(event: &Object<'a>) -> Option<Cow<'a, str>> {
    let named = ["parentUuid", "logicalParentUuid"].map(|field| event.text(field));
    named.into_iter().find(|parent| !parent.is_empty())
}

/// Whether the line says that none comes before it.
fn begins(event: &Object) -> bool {
    event.has("parentUuid") && parent(event).is_none()
}

fn says(event: &Object) -> Says {
    match &*event.text("type") {
        "assistant" if event.has("message") => Says::Reply,
        "tool_result" => Says::Result,
        "user" if event.has("toolUseResult") || is_result(event) => Says::Result,
        "user" => Says::Prompt,
        "queue-operation" if steered(event).is_some() => Says::Result,
        kind if BESIDE.contains(&kind) => Says::Nothing,
        // What is not known stays with what it follows.
        _ => Says::Result,
    }
}

fn is_result(event: &Object) -> bool {
    let content = event.object("message").list("content");
    let first = content.first().and_then(|block| Object::read(block));
    first.is_some_and(|block| block.is("type", "tool_result"))
}

fn read<'a>(values: &[&'a str], repairs: &mut Repairs) -> Option<Row<'a>> {
    let mut run = Transcript::of(harness(values));
    let told: HashSet<Cow<str>> = events(values).filter_map(|event| queued(&event)).collect();
    for event in events(values) {
        let name = match owner(&event) {
            (Thread::Subagent, name) if !name.is_empty() => Cow::Owned(name),
            _ => session_id(&event),
        };
        run.label(Column::Trajectory, name);
        match &*event.text("type") {
            "user" | "tool_result" => run.push(message(&event)),
            "assistant" => read_reply(&event, &mut run),
            "system" if event.is("subtype", "init") => {
                run.chose(event.text("model"));
                run.tools(event.raw("tools"));
            }
            "attachment" if queued(&event).is_some() => {
                let prompt = event.object("attachment").content("prompt");
                run.push(RawMessage::of("user", prompt));
            }
            "queue-operation" => {
                let words = steered(&event).filter(|words| !told.contains(words));
                run.say("user", words.unwrap_or_default());
            }
            kind if BESIDE.contains(&kind) => {}
            _ => note_unknown(&event, repairs),
        }
    }
    leave_to_last_attempt(run.messages());
    run.into_row()
}

/// A reply that broke off and was asked for again may have made a call by the same id: the result is the last one's, so
/// that the earlier call loses the id.
fn leave_to_last_attempt(messages: &mut [RawMessage]) {
    for at in 1..messages.len() {
        let (before, after) = messages.split_at_mut(at);
        let (Some(first), Some(next)) = (before.last_mut(), after.first_mut()) else {
            continue;
        };
        if first.role != "assistant" || next.role != "assistant" {
            continue;
        }
        let ids: HashSet<Cow<str>> = calls_of(next).map(|call| call.id.clone()).collect();
        for call in calls_of(first).filter(|call| ids.contains(&call.id)) {
            call.id = Cow::Borrowed("");
        }
    }
}

fn calls_of<'m, 'a>(message: &'m mut RawMessage<'a>) -> impl Iterator<Item = &'m mut RawCall<'a>> {
    let parts = match &mut message.content {
        Content::Parts(parts) => parts.as_mut_slice(),
        Content::Text(_) => &mut [],
    };
    parts.iter_mut().filter_map(|part| match part {
        Part::Call(call) => Some(call),
        _ => None,
    })
}

fn harness(values: &[&str]) -> &'static str {
    let first = events(values).find(|event| event.has("message"));
    let first = first.unwrap_or_default();
    if first.text("session_id").starts_with("T-") {
        "amp"
    } else if first.object("message").has("parts") {
        "qwen-code"
    } else {
        "claude-code"
    }
}

fn message<'a>(event: &Object<'a>) -> RawMessage<'a> {
    let mut message = event
        .raw("message")
        .map(RawMessage::read)
        .unwrap_or_default();
    if !message.has_speaker() {
        message.role = event.text("type");
    }
    message
}

/// A reply, or a block of one. What the program says in the model's place, such as the API's errors, is not learned
/// from.
fn read_reply<'a>(event: &Object<'a>, run: &mut Transcript<'a>) {
    const NO_MODEL: &str = "<synthetic>";
    let own = event.object("message");
    let model = match own.text("model") {
        model if model.is_empty() => event.text("model"),
        model => model,
    };
    let mut message = message(event);
    if model == NO_MODEL || event.bool("isApiErrorMessage") == Some(true) {
        message.beside.weight = Some(0.0);
    } else {
        run.wrote(model);
    }
    run.reply(own.text("id"), message);
}

/// What a user typed while the agent was at work, and the agent was told at once: it is no line of the user's.
fn queued<'a>(event: &Object<'a>) -> Option<Cow<'a, str>> {
    let attachment = event.object("attachment");
    let is_own = event.is("type", "attachment") && attachment.is("type", "queued_command");
    is_own.then(|| attachment.text("prompt"))
}

/// The same as the queue has it, which some versions alone tell: what is taken out otherwise than in its turn.
fn steered<'a>(event: &Object<'a>) -> Option<Cow<'a, str>> {
    let is_own = event.is("type", "queue-operation") && event.is("operation", "remove");
    Some(event.text("content")).filter(|words| is_own && !words.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn threads(lines: &[&str]) -> Vec<(Vec<usize>, Thread)> {
        let runs = runs(lines).into_iter();
        runs.map(|run| (run.values, run.thread)).collect()
    }

    #[test]
    fn a_sidechain_is_a_run_of_its_own() {
        let lines = [
            r#"{"type":"summary","summary":"x","leafUuid":"3"}"#,
            r#"{"type":"user","uuid":"1","parentUuid":null,"sessionId":"s","message":{"content":"a"}}"#,
            r#"{"type":"user","uuid":"s1","parentUuid":null,"isSidechain":true,"sessionId":"s","message":{"content":"b"}}"#,
            r#"{"type":"assistant","uuid":"s2","parentUuid":"s1","isSidechain":true,"sessionId":"s","message":{"content":[]}}"#,
            r#"{"type":"assistant","uuid":"2","parentUuid":"1","sessionId":"s","message":{"content":[]}}"#,
        ];
        assert!(tells(&lines));
        let expected = [(vec![1, 4], Thread::Main), (vec![2, 3], Thread::Subagent)];
        assert_eq!(threads(&lines), expected);
    }

    #[test]
    fn sessions_in_one_file_are_parted_and_a_resumed_one_is_not() {
        let lines = [
            r#"{"type":"user","uuid":"1","parentUuid":null,"sessionId":"a","message":{"content":"a"}}"#,
            r#"{"type":"assistant","uuid":"2","parentUuid":"1","sessionId":"a","message":{"content":[]}}"#,
            r#"{"type":"user","uuid":"3","parentUuid":null,"sessionId":"b","message":{"content":"b"}}"#,
            r#"{"type":"assistant","uuid":"4","parentUuid":"3","sessionId":"b","message":{"content":[]}}"#,
            r#"{"type":"user","uuid":"5","parentUuid":"2","sessionId":"c","message":{"content":"c"}}"#,
            r#"{"type":"assistant","uuid":"6","parentUuid":"5","sessionId":"c","message":{"content":[]}}"#,
        ];
        let expected = [(vec![0, 1, 4, 5], Thread::Main), (vec![2, 3], Thread::Main)];
        assert_eq!(threads(&lines), expected);
    }

    #[test]
    fn a_compaction_goes_on_with_the_same_run() {
        let lines = [
            r#"{"type":"user","uuid":"1","parentUuid":null,"sessionId":"a","message":{"content":"a"}}"#,
            r#"{"type":"assistant","uuid":"2","parentUuid":"1","sessionId":"a","message":{"content":[]}}"#,
            r#"{"type":"system","subtype":"compact_boundary","uuid":"3","parentUuid":null,"logicalParentUuid":"2","sessionId":"a"}"#,
            r#"{"type":"user","uuid":"4","parentUuid":"3","isCompactSummary":true,"sessionId":"a","message":{"content":"so far"}}"#,
        ];
        assert_eq!(threads(&lines), [(vec![0, 1, 2, 3], Thread::Main)]);
    }
}
