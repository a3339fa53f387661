//! Letta: the transcripts that Letta Code keeps (`{kind, text}` a line, a call together with its result), and the messages
//! of its server, of which `message_type` says what each is. (Its local conversations are Pi's sessions.)

use std::borrow::Cow;

use super::{Dialect, Session};
use crate::trace::Repairs;
use crate::trace::json;
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::parts::Content;
use crate::trace::row::Row;
use crate::trace::session::{join_turns, one_run};
use crate::trace::transcript::{
    Transcript, call_with, ended, events, json_text, note_unknown, result, thought,
};

pub(super) const DIALECT: Dialect = Dialect {
    session: Some(&Session {
        name: "Letta session",
        tells,
        runs: one_run,
        read,
    }),
    ..Dialect::new("letta")
};

fn tells(values: &[&str]) -> bool {
    let says_kind = |event: Object| event.has("kind") || event.has("message_type");
    let is_own = |event: Object| is_line(&event) || is_message(&event);
    events(values).all(says_kind) && events(values).any(is_own)
}

/// Whether it is a line of Letta Code's.
fn is_line(event: &Object) -> bool {
    const KINDS: [&str; 5] = ["user", "assistant", "reasoning", "tool_call", "error"];
    KINDS.contains(&&*event.text("kind")) && event.has("captured_at")
}

/// Whether it is a message of the server's.
fn is_message(event: &Object) -> bool {
    event.text("message_type").ends_with("_message")
}

fn read<'a>(values: &[&'a str], repairs: &mut Repairs) -> Option<Row<'a>> {
    let mut all: Vec<Object> = events(values).collect();
    let is_server = all.iter().any(is_message);
    let mut run = Transcript::of(if is_server { "letta" } else { "letta-code" });
    if all.iter().all(|event| event.integer("seq_id").is_some()) {
        all.sort_by_key(|event| event.integer("seq_id"));
    }
    let mut reply = Reply::default();
    for event in &all {
        match is_message(event) {
            true => read_message(event, &mut run, repairs),
            false => read_line(event, &mut reply, &mut run, repairs),
        }
    }
    reply.end(&mut run);
    let messages = std::mem::take(run.messages());
    *run.messages() = join_turns(messages);
    run.into_row()
}

/// A reply of the model, of which each call is a line together with its result: the results follow all of its calls.
#[derive(Default)]
struct Reply<'a> {
    id: Cow<'a, str>,
    results: Vec<RawMessage<'a>>,
}

impl<'a> Reply<'a> {
    /// Goes on with a line of the reply of that id, which is another one unless it has the same.
    fn go_on(&mut self, id: Cow<'a, str>, run: &mut Transcript<'a>) {
        if id.is_empty() || id != self.id {
            self.end(run);
        }
        self.id = id;
    }

    fn end(&mut self, run: &mut Transcript<'a>) {
        for result in self.results.drain(..) {
            run.push(result);
        }
    }
}

fn read_line<'a>(
    event: &Object<'a>,
    reply: &mut Reply<'a>,
    run: &mut Transcript<'a>,
    repairs: &mut Repairs,
) {
    reply.go_on(event.text("source_message_id"), run);
    match &*event.text("kind") {
        "user" => run.say("user", event.text("text")),
        "assistant" => run.say("assistant", event.text("text")),
        "reasoning" => run.push(thought(event.text("text"))),
        "tool_call" => {
            let id = json::either(
                event.text("source_line_id"),
                event.text("source_message_id"),
            );
            run.push(call_with(
                id.clone(),
                event.text("name"),
                or_empty(event.text("argsText")),
            ));
            let end = event.bool("resultOk").map(ended);
            if event.raw("resultText").is_some() || end.is_some() {
                let result = result(id, event.content("resultText"), end);
                reply.results.push(result);
            }
        }
        // What went wrong in the client was shown to its user.
        "error" => {}
        _ => note_unknown(event, repairs),
    }
}

fn or_empty(arguments: Cow<'_, str>) -> Cow<'_, str> {
    json::either(arguments, Cow::Borrowed("{}"))
}

fn read_message<'a>(event: &Object<'a>, run: &mut Transcript<'a>, repairs: &mut Repairs) {
    match &*event.text("message_type") {
        "system_message" => run.push(RawMessage::of("system", event.content("content"))),
        "user_message" => run.push(RawMessage::of("user", event.content("content"))),
        "assistant_message" => run.push(RawMessage::of("assistant", event.content("content"))),
        "reasoning_message" => run.push(thought(event.text("reasoning"))),
        "tool_call_message" | "approval_request_message" => {
            for called in several(event, "tool_calls", "tool_call") {
                let arguments = called.raw("arguments").map_or(Cow::Borrowed(""), json_text);
                let id = called.text("tool_call_id");
                run.push(call_with(id, called.text("name"), or_empty(arguments)));
            }
        }
        "tool_return_message" => {
            let mut returned = several(event, "tool_returns", "");
            if returned.is_empty() {
                returned.push(event.clone());
            }
            for one in returned {
                run.push(tool_return(&one));
            }
        }
        "hidden_reasoning_message" | "approval_response_message" | "event_message" => {}
        _ => note_unknown(event, repairs),
    }
}

/// The objects of a list, or the one object beside it.
fn several<'a>(event: &Object<'a>, list: &str, one: &str) -> Vec<Object<'a>> {
    let many: Vec<Object> = events(&event.list(list)).collect();
    match many.is_empty() {
        true => event.raw(one).and_then(Object::read).into_iter().collect(),
        false => many,
    }
}

fn tool_return<'a>(returned: &Object<'a>) -> RawMessage<'a> {
    let failed = match returned.bool("is_err") {
        Some(failed) => Some(failed),
        None => match &*returned.text("status") {
            "" => None,
            status => Some(status != "success"),
        },
    };
    let content = match returned.raw("tool_return") {
        Some(raw) if raw.starts_with('{') => Content::Text(json_text(raw)),
        _ => returned.content("tool_return"),
    };
    result(
        returned.text("tool_call_id"),
        content,
        failed.map(|failed| ended(!failed)),
    )
}
