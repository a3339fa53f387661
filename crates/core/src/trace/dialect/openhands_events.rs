//! OpenHands' events up to its 1.0: actions and observations, in the `history` of an evaluation's output or as a log of
//! their own. <https://github.com/OpenHands/OpenHands/tree/0.62.0/openhands/events>, `serialization`.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Column, Dialect, Session, openhands, openhands_sdk};
use crate::trace::cell::Cell;
use crate::trace::message::RawMessage;
use crate::trace::object::{Object, elements};
use crate::trace::parts::{Content, Part};
use crate::trace::row::Row;
use crate::trace::session::one_run;
use crate::trace::structured::RawCall;
use crate::trace::turns::Turns;
use crate::trace::{Media, MediaKind, Repairs, Reported, Tool, json, tools};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["history"],
    read: Some(read_output),
    session: Some(&Session {
        name: "OpenHands session",
        tells: |values| !values.is_empty() && values.iter().all(|value| is_event(value)),
        runs: one_run,
        read: |values, _| read_events(values),
    }),
    ..Dialect::new("openhands_events")
};

/// Whether it is an action or an observation. SWE-agent's messages have an `action`, too, and say who speaks by `role`.
fn is_event(value: &str) -> bool {
    Object::read(value).is_some_and(|event| {
        let kind = |name| event.raw(name).is_some_and(|raw| raw.starts_with('"'));
        (kind("action") || kind("observation")) && !event.has("role")
    })
}

/// A line of an evaluation's `output.jsonl`.
fn read_output<'a>(row: &'a str, repairs: &mut Repairs) -> Option<Row<'a>> {
    let output = Object::read(row)?;
    let history = flat(output.list("history"));
    let mut read = match history.first() {
        Some(first) if is_event(first) => read_events(&history)?,
        Some(first) if openhands_sdk::is_event(first) => openhands_sdk::read(&history, repairs)?,
        _ => return None,
    };
    let columns = &mut read.columns;
    let metadata = output.object("metadata");
    let llm = [metadata.object("llm_config"), metadata.object("llm")];
    for llm in llm {
        columns.put_text(Column::Teacher, llm.text("model"));
    }
    let of_test = output.object("test_result").object("report");
    for report in [output.object("report"), of_test] {
        if let Some(resolved) = report.bool("resolved") {
            columns.put(Column::Flag, Cell::Bool(resolved));
        }
    }
    let error = output.text("error");
    let error = error.lines().next().unwrap_or_default().to_owned();
    columns.put_text(Column::Exit, Cow::Owned(error));
    Some(read)
}

/// The first versions wrote pairs of an action and what was observed.
fn flat(history: Vec<&str>) -> Vec<&str> {
    let pairs = history.first().is_some_and(|first| first.starts_with('['));
    match pairs {
        true => history.into_iter().flat_map(elements).collect(),
        false => history,
    }
}

fn read_events<'a>(values: &[&'a str]) -> Option<Row<'a>> {
    let mut run = Run::default();
    openhands::events(values).for_each(|event| run.add(&event));
    Some(openhands::row(run.turns, run.tools, run.model))
}

/// A run being put together.
#[derive(Default)]
struct Run<'a> {
    turns: Turns<'a>,
    tools: Vec<Tool<'a>>,
    model: Cow<'a, str>,
    /// The reply of the model that made the last turn: several actions may come of one.
    reply: Cow<'a, str>,
    /// The ids of the calls that events made which had none, by the events' own.
    made: HashMap<&'a str, Cow<'a, str>>,
}

/// Actions that are no one's word: what the program does with itself.
const ITS_OWN: [&str; 9] = [
    "null",
    "recall",
    "change_agent_state",
    "agent_state_changed",
    "condensation_request",
    "pause",
    "resume",
    "stop",
    "loop_recovery",
];

impl<'a> Run<'a> {
    fn add(&mut self, event: &Object<'a>) {
        let (action, observation) = (event.text("action"), event.text("observation"));
        let kind = json::either(observation.clone(), action.clone());
        if ITS_OWN.contains(&&*kind) {
            return;
        }
        if !observation.is_empty() {
            return self.add_observation(event, &observation);
        }
        let args = event.object("args");
        match (&*action, &*event.text("source")) {
            ("system", _) => {
                self.tools = args.list("tools").into_iter().map(tool).collect();
                self.turns
                    .say(RawMessage::of("system", args.content("content")));
            }
            ("condensation", _) => {
                let mut summary = RawMessage::of("user", args.content("summary"));
                summary.beside.weight = Some(0.0);
                if !summary.content.is_empty() {
                    self.turns.say(summary);
                }
            }
            ("message", "user" | "environment") => {
                self.turns.say(RawMessage::of("user", with_images(&args)));
            }
            (_, "user" | "environment") => {
                let said = json::either(args.text("command"), event.text("message"));
                self.turns.say(RawMessage::of("user", Content::Text(said)));
            }
            _ => self.add_action(event, &action, &args),
        }
    }

    /// What the agent does. The reply of the model stands beside an action that came of a tool call.
    fn add_action(&mut self, event: &Object<'a>, action: &str, args: &Object<'a>) {
        let origin = event.object("tool_call_metadata");
        let response = origin.object("model_response");
        let choice = response
            .list("choices")
            .first()
            .copied()
            .and_then(Object::read);
        let reply = choice.unwrap_or_default().object("message");
        self.model = json::either(std::mem::take(&mut self.model), response.text("model"));
        let id = origin.text("tool_call_id");
        if id.is_empty() {
            self.reply = Cow::Borrowed("");
            return self.add_plain_action(event, action, args);
        }
        let name = response.text("id");
        let is_same = !name.is_empty() && name == self.reply;
        self.reply = name;
        let mut turn = match is_same {
            true => RawMessage::of("assistant", Content::default()),
            false => self.said(&reply, args),
        };
        turn.calls.calls.push(called(&reply, &origin, id, args));
        match is_same {
            true => self.turns.go_on(turn),
            false => self.turns.turn(turn),
        }
    }

    /// The reply's own words, else the thought that the action keeps.
    fn said(&self, reply: &Object<'a>, args: &Object<'a>) -> RawMessage<'a> {
        let mut turn = RawMessage::of("assistant", reply.content("content"));
        if turn.content.is_empty() {
            turn.content = args.content("thought");
        }
        turn.reasoning = reply.content("reasoning_content").into_text();
        turn
    }

    /// An action of a model that was not asked for tool calls: its kind is the call, and what it says are its thoughts.
    fn add_plain_action(&mut self, event: &Object<'a>, action: &str, args: &Object<'a>) {
        let (text, is_call) = match action {
            "message" => (with_images(args), false),
            "finish" | "reject" => (last_words(event, args), false),
            _ => (args.content("thought"), true),
        };
        let mut turn = RawMessage::of("assistant", text);
        if is_call {
            let id: Cow<str> = Cow::Owned(format!("event_{}", event.text("id")));
            if let Some(event) = event.raw("id") {
                self.made.insert(event, id.clone());
            }
            turn.calls.calls.push(RawCall {
                id,
                name: Cow::Owned(action.to_owned()),
                arguments: Cow::Owned(arguments(args)),
            });
        }
        self.turns.turn(turn);
    }

    fn add_observation(&mut self, event: &Object<'a>, kind: &str) {
        let text = json::either(event.text("content"), event.text("message"));
        let id = event.object("tool_call_metadata").text("tool_call_id");
        let cause = event.raw("cause").and_then(|cause| self.made.get(cause));
        let answers = json::either(id, cause.cloned().unwrap_or_default());
        let extras = event.object("extras");
        let role = match answers.is_empty() {
            // What nothing asked for, the program says to the agent.
            true => "user",
            false => "tool",
        };
        let mut message = RawMessage::of(role, Content::Text(text));
        if role == "tool" {
            message.beside.reported = reported(event, &extras, kind);
        }
        message.answers = answers;
        self.turns.say(message);
    }
}

fn tool(raw: &str) -> Tool<'_> {
    tools::tool(json::raw_text(raw))
}

/// The call of that id in the reply, else what the action says of it.
fn called<'a>(
    reply: &Object<'a>,
    origin: &Object<'a>,
    id: Cow<'a, str>,
    args: &Object<'a>,
) -> RawCall<'a> {
    let calls = reply
        .list("tool_calls")
        .into_iter()
        .filter_map(Object::read);
    let call = calls.into_iter().find(|call| call.text("id") == id);
    let function = call.unwrap_or_default().object("function");
    let written = function.text("arguments");
    RawCall {
        id,
        name: json::either(function.text("name"), origin.text("function_name")),
        arguments: match written.is_empty() {
            true => Cow::Owned(arguments(args)),
            false => written,
        },
    }
}

/// The arguments of an action without what the program adds to them.
fn arguments(args: &Object) -> String {
    let own = [
        "thought",
        "hidden",
        "confirmation_state",
        "security_risk",
        "blocking",
        "is_input",
        "is_static",
        "keep_prompt",
    ];
    let kept = args
        .fields()
        .filter(|(name, raw)| !own.contains(name) && *raw != "null");
    let kept = kept.map(|(name, raw)| {
        let name = serde_json::to_string(name).unwrap_or_default();
        format!("{name}:{}", json::compact(raw))
    });
    format!("{{{}}}", kept.collect::<Vec<_>>().join(","))
}

/// What the agent says at its end.
fn last_words<'a>(event: &Object<'a>, args: &Object<'a>) -> Content<'a> {
    let texts = [args.text("thought"), args.text("final_thought")];
    match json::join_all(texts.into_iter()) {
        text if text.is_empty() => event.content("message"),
        text => Content::Text(text),
    }
}

fn with_images<'a>(args: &Object<'a>) -> Content<'a> {
    let images = args.list("image_urls");
    if images.is_empty() {
        return args.content("content");
    }
    let images = images.into_iter().map(|raw| {
        let url = json::raw_text(raw);
        Part::Media(Media {
            kind: MediaKind::Image,
            reference: (!url.starts_with("data:")).then_some(url),
        })
    });
    let mut parts = args.content("content").into_parts();
    parts.extend(images);
    Content::Parts(parts)
}

/// How an action ended: a command's exit code, or that it is an error.
fn reported(event: &Object, extras: &Object, kind: &str) -> Option<Reported> {
    if matches!(kind, "error" | "user_rejected") {
        return Some(Reported::Error);
    }
    let code = extras.object("metadata").integer("exit_code");
    // −1 is a command that has not ended.
    let code = code
        .or(extras.integer("exit_code"))
        .filter(|code| *code >= 0);
    let success = event.bool("success").map(|success| match success {
        true => Reported::Ok,
        false => Reported::Error,
    });
    code.map(Reported::Exit).or(success)
}
