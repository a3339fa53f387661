//! OpenHands' events since its 1.0, which its software agent SDK writes: each has a `kind`.
//! <https://github.com/OpenHands/software-agent-sdk>, `openhands-sdk/openhands/sdk/event`.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Dialect, Session, openhands};
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::parts::Content;
use crate::trace::row::Row;
use crate::trace::session::one_run;
use crate::trace::structured::RawCall;
use crate::trace::turns::Turns;
use crate::trace::{Repairs, Reported, Tool, json, tools};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["items"],
    read: Some(read_page),
    session: Some(&Session {
        name: "OpenHands session",
        tells: |values| {
            values.iter().any(|value| is_said(value)) && values.iter().all(|value| is_event(value))
        },
        runs: one_run,
        read,
    }),
    ..Dialect::new("openhands_sdk")
};

/// A page of events, as the program's server answers: `{items, next_page_id}`.
fn read_page<'a>(row: &'a str, repairs: &mut Repairs) -> Option<Row<'a>> {
    let mut events = Object::read(row)?.list("items");
    events.retain(|event| *event != "null");
    let is_page = events.iter().any(|event| is_said(event));
    let is_page = is_page && events.iter().all(|event| is_event(event));
    is_page.then(|| read(&events, repairs)).flatten()
}

/// Whether it is an object with a `kind` that ends as this program's do.
pub(super) fn is_event(value: &str) -> bool {
    const ENDS: [&str; 4] = [
        "Event",
        "Observation",
        "Condensation",
        "CondensationRequest",
    ];
    Object::read(value).is_some_and(|event| {
        let kind = event.text("kind");
        !event.has("role") && ENDS.iter().any(|end| kind.ends_with(end))
    })
}

/// Whether someone speaks or acts in it.
fn is_said(value: &str) -> bool {
    let kind = Object::read(value)
        .unwrap_or_default()
        .text("kind")
        .into_owned();
    matches!(&*kind, "MessageEvent" | "ActionEvent" | "SystemPromptEvent")
}

pub(super) fn read<'a>(values: &[&'a str], _: &mut Repairs) -> Option<Row<'a>> {
    let mut run = Run::default();
    openhands::events(values).for_each(|event| run.add(&event));
    Some(openhands::row(run.turns, run.tools, Cow::Borrowed("")))
}

/// A run being put together.
#[derive(Default)]
struct Run<'a> {
    turns: Turns<'a>,
    tools: Vec<Tool<'a>>,
    /// The reply of the model of which the last turn is: each of its calls is an event.
    reply: Cow<'a, str>,
    /// The ids of the calls, by the ids of their events.
    calls: HashMap<Cow<'a, str>, Cow<'a, str>>,
}

impl<'a> Run<'a> {
    fn add(&mut self, event: &Object<'a>) {
        match &*event.text("kind") {
            "SystemPromptEvent" => self.add_system(event),
            "MessageEvent" => self.add_message(event),
            "ActionEvent" => self.add_action(event),
            "ObservationEvent" => {
                let observation = event.object("observation");
                let text = observed(&observation);
                self.add_result(event, text, reported(&observation));
            }
            "UserRejectObservation" => {
                let reason = event.content("rejection_reason");
                self.add_result(event, reason, Some(Reported::Error));
            }
            "AgentErrorEvent" => {
                let error = event.content("error");
                self.add_result(event, error, Some(Reported::Error));
            }
            "Condensation" | "CondensationSummaryEvent" => {
                let mut summary = RawMessage::of("user", event.content("summary"));
                summary.beside.weight = Some(0.0);
                if !summary.content.is_empty() {
                    self.turns.say(summary);
                }
            }
            // How the program keeps its state: pauses, tokens, logs.
            _ => {}
        }
    }

    fn add_system(&mut self, event: &Object<'a>) {
        let tools = event.list("tools").into_iter();
        self.tools = tools.map(|raw| tools::tool(json::raw_text(raw))).collect();
        let mut parts = content(event, "system_prompt").into_parts();
        parts.extend(content(event, "dynamic_context").into_parts());
        self.turns
            .say(RawMessage::of("system", one_or_parts(parts)));
    }

    fn add_message(&mut self, event: &Object<'a>) {
        let Some(raw) = event.raw("llm_message") else {
            return;
        };
        let mut message = RawMessage::read(raw);
        let extended = content(event, "extended_content").into_parts();
        if !extended.is_empty() {
            let mut parts = std::mem::take(&mut message.content).into_parts();
            parts.extend(extended);
            message.content = Content::Parts(parts);
        }
        self.reply = Cow::Borrowed("");
        match &*message.role {
            "assistant" => self.turns.turn(message),
            _ => self.turns.say(message),
        }
    }

    fn add_action(&mut self, event: &Object<'a>) {
        let call = event.object("tool_call");
        let function = call.object("function");
        let event_id = event.text("id");
        let given = json::either(event.text("tool_call_id"), call.text("id"));
        let id = match given.is_empty() && !event_id.is_empty() {
            true => Cow::Owned(format!("oh_{event_id}")),
            false => given,
        };
        self.calls.insert(event_id, id.clone());
        let written = [call.text("arguments"), function.text("arguments")];
        let written = written.into_iter().find(|text| !text.is_empty());
        let names = [
            event.text("tool_name"),
            call.text("name"),
            function.text("name"),
        ];
        let mut turn = RawMessage::of("assistant", content(event, "thought"));
        turn.reasoning = thought(event);
        turn.calls.calls.push(RawCall {
            id,
            name: names
                .into_iter()
                .find(|name| !name.is_empty())
                .unwrap_or_default(),
            arguments: written.unwrap_or_else(|| Cow::Owned(arguments(&event.object("action")))),
        });
        let reply = event.text("llm_response_id");
        let goes_on = !reply.is_empty() && reply == self.reply;
        self.reply = reply;
        match goes_on {
            true => self.turns.go_on(turn),
            false => self.turns.turn(turn),
        }
    }

    fn add_result(&mut self, event: &Object<'a>, text: Content<'a>, reported: Option<Reported>) {
        let action = self.calls.get(&event.text("action_id")).cloned();
        let answers = json::either(event.text("tool_call_id"), action.unwrap_or_default());
        let mut message = RawMessage::of("tool", text);
        message.beside.reported = reported;
        message.answers = answers;
        self.turns.say(message);
    }
}

/// What was thought before an action, by whichever of the models' ways.
fn thought<'a>(event: &Object<'a>) -> Cow<'a, str> {
    let text = event.content("reasoning_content").into_text();
    if !text.is_empty() {
        return text;
    }
    let summary = event.object("responses_reasoning_item").content("summary");
    json::join(
        content(event, "thinking_blocks").into_text(),
        summary.into_text(),
    )
}

/// A text, an object around one, or parts.
fn content<'a>(of: &Object<'a>, field: &str) -> Content<'a> {
    of.content(field)
}

fn one_or_parts(parts: Vec<crate::trace::parts::Part<'_>>) -> Content<'_> {
    match parts.len() {
        0 => Content::default(),
        _ => Content::Parts(parts),
    }
}

/// What a tool gave back: `content`, which older versions call `output`; else all of its fields.
fn observed<'a>(observation: &Object<'a>) -> Content<'a> {
    let said = ["content", "output", "error"].into_iter();
    let mut said = said
        .map(|name| observation.content(name))
        .filter(|said| !said.is_empty());
    said.next().unwrap_or_else(|| match arguments(observation) {
        nothing if nothing == "{}" => Content::default(),
        fields => Content::Text(Cow::Owned(fields)),
    })
}

fn reported(observation: &Object) -> Option<Reported> {
    let code = observation.object("metadata").integer("exit_code");
    let code = code
        .or(observation.integer("exit_code"))
        .filter(|code| *code >= 0);
    let failed = observation.bool("is_error").or(observation.bool("error"));
    let failed = failed.map(|failed| match failed {
        true => Reported::Error,
        false => Reported::Ok,
    });
    match failed {
        Some(Reported::Error) => failed,
        _ => code.map(Reported::Exit).or(failed),
    }
}

/// The fields of an action or an observation without its kind.
fn arguments(action: &Object) -> String {
    let kept = action
        .fields()
        .filter(|(name, raw)| *name != "kind" && *raw != "null");
    let kept = kept.map(|(name, raw)| {
        let name = serde_json::to_string(name).unwrap_or_default();
        format!("{name}:{}", json::compact(raw))
    });
    format!("{{{}}}", kept.collect::<Vec<_>>().join(","))
}
