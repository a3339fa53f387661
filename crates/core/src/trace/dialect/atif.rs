//! Harbor's Agent Trajectory Interchange Format (ATIF), 1.0 to 1.8: `steps` of a `source`, each with the agent's calls and
//! what they gave back. <https://github.com/harbor-framework/harbor>, `models/trajectories` of harbor 0.26.0.

use std::borrow::Cow;

use super::{Column, Dialect, atif_own};
use crate::trace::message::{Beside, RawMessage};
use crate::trace::object::{Object, elements};
use crate::trace::parts::{Content, Part};
use crate::trace::row::Row;
use crate::trace::structured::RawCall;
use crate::trace::turns::Turns;
use crate::trace::{Media, MediaKind, Repairs, Reported, Tool, json, tools};

pub(super) const DIALECT: Dialect = Dialect {
    row: Some(atif_own::read),
    told_by: &["steps"],
    read: Some(read),
    // A-B-D/wild-trajectory (arXiv 2609.32776) has these beside the format's own.
    columns: &[
        ("task_type", Column::Category),
        ("harness", Column::Harness),
        ("score_norm", Column::Reward),
    ],
    ..Dialect::new("atif")
};

fn read<'a>(row: &'a str, _: &mut Repairs) -> Option<Row<'a>> {
    let root = Object::read(row)?;
    let messages = match root.raw("steps")? {
        // Tables keep the list as text.
        text if text.starts_with('"') => {
            let list = root.text("steps");
            let steps = steps_of(&root, &list)?;
            steps.into_iter().map(RawMessage::into_owned).collect()
        }
        list => steps_of(&root, list)?,
    };
    let agent = root.object("agent");
    let mut read = Row {
        messages,
        tools: tools_of(&agent),
        ..Row::default()
    };
    let columns = &mut read.columns;
    let run = json::either(root.text("trajectory_id"), root.text("session_id"));
    columns.put_text(Column::Trajectory, run);
    columns.put_text(Column::Harness, agent.text("name"));
    columns.put_text(Column::Teacher, teacher(&root, &agent));
    Some(read)
}

/// The agent's model, else the first that a step names.
fn teacher<'a>(root: &Object<'a>, agent: &Object<'a>) -> Cow<'a, str> {
    let of_step = |step: &'a str| Some(Object::read(step)?.text("model_name"));
    let named = || root.list("steps").into_iter().filter_map(of_step);
    match agent.text("model_name") {
        name if name.is_empty() => named().find(|name| !name.is_empty()).unwrap_or_default(),
        name => name,
    }
}

fn tools_of<'a>(agent: &Object<'a>) -> Vec<Tool<'a>> {
    let schemas = agent.list("tool_definitions").into_iter();
    schemas
        .map(|raw| tools::tool(json::raw_text(raw)))
        .collect()
}

/// The messages of the steps; `None` where the list is not one of steps.
fn steps_of<'s>(root: &Object, list: &'s str) -> Option<Vec<RawMessage<'s>>> {
    let list = elements(list);
    let first = Object::read(list.first()?)?;
    let is_named = root.text("schema_version").starts_with("ATIF");
    let is_step = matches!(&*first.text("source"), "system" | "user" | "agent");
    if !is_step || !(is_named || first.has("message")) {
        return None;
    }
    let mut steps = Steps::default();
    for raw in list {
        match Object::read(raw) {
            Some(step) => steps.add(&step),
            None => steps.turns.say(RawMessage::read(raw)),
        }
    }
    Some(steps.turns.into_messages())
}

/// Steps being put together into messages.
#[derive(Default)]
struct Steps<'a> {
    turns: Turns<'a>,
    /// The agent's last step.
    last: Option<LastStep<'a>>,
}

struct LastStep<'a> {
    has_metrics: bool,
    reasoning: Cow<'a, str>,
}

impl<'a> Steps<'a> {
    fn add(&mut self, step: &Object<'a>) {
        match &*step.text("source") {
            "agent" | "assistant" => self.add_turn(step),
            _ => self.add_said(step),
        }
    }

    /// What anyone but the agent says, with what was observed then.
    fn add_said(&mut self, step: &Object<'a>) {
        let mut parts = content(step, "message").into_parts();
        for result in results(step) {
            parts.extend(content(&result, "content").into_parts());
        }
        let content = match <[Part; 1]>::try_from(parts) {
            Ok([Part::Text(text)]) => Content::Text(text),
            Ok([part]) => Content::Parts(vec![part]),
            Err(parts) if parts.is_empty() => Content::default(),
            Err(parts) => Content::Parts(parts),
        };
        self.last = None;
        self.turns.say(RawMessage {
            role: step.text("source"),
            content,
            beside: beside(step),
            ..RawMessage::default()
        });
    }

    fn add_turn(&mut self, step: &Object<'a>) {
        let calls: Vec<RawCall> = step
            .list("tool_calls")
            .into_iter()
            .filter_map(call)
            .collect();
        let is_label = is_label(step, &calls);
        let goes_on = self.goes_on(step, is_label);
        let reasoning = step.text("reasoning_content");
        let mut turn = RawMessage::of("assistant", content(step, "message"));
        if is_label {
            turn.content = Content::default();
        }
        turn.beside = beside(step);
        turn.reasoning = match &self.last {
            // A reply's thought stands in each of the steps into which it was parted.
            Some(last) if goes_on && last.reasoning == reasoning => Cow::Borrowed(""),
            _ => reasoning.clone(),
        };
        let count = calls.len();
        turn.calls.calls = calls;
        match goes_on {
            true => self.turns.go_on(turn),
            false => self.turns.turn(turn),
        }
        let had_metrics = goes_on && self.last.as_ref().is_some_and(|last| last.has_metrics);
        self.last = Some(LastStep {
            has_metrics: had_metrics || step.raw("metrics").is_some(),
            reasoning,
        });
        self.add_results(step, count);
    }

    /// Whether a step is of the same reply as the agent's step before. Harbor parts a reply into steps, and counts its
    /// tokens on the first of them: two steps with `metrics` are two replies, and a labelled call without them goes on
    /// even after a result.
    fn goes_on(&self, step: &Object, is_label: bool) -> bool {
        let has_metrics = step.raw("metrics").is_some();
        self.last.as_ref().is_some_and(|last| {
            let one_reply = !(last.has_metrics && has_metrics);
            let one_thing = self
                .turns
                .last_turn()
                .is_some_and(|turn| turn.beside == beside(step));
            let same =
                is_label && last.has_metrics && last.reasoning == step.text("reasoning_content");
            one_reply && one_thing && (self.turns.is_in_turn() || same)
        })
    }

    /// What a step's calls gave back. A result that names no call is that of all of them, as a terminal's screen is;
    /// where there is no call, it is what the harness says to the agent.
    fn add_results(&mut self, step: &Object<'a>, calls: usize) {
        let results = results(step);
        let alone = results.len() == 1;
        for result in results {
            let answers = result.text("source_call_id");
            let mut message = match calls {
                0 => RawMessage::of("user", content(&result, "content")),
                _ => RawMessage::of("tool", result_content(&result)),
            };
            message.beside = beside(step);
            if calls > 0 {
                message.beside.weight = None;
                message.beside.reported = reported(&result).or_else(|| match alone {
                    true => reported(step),
                    false => None,
                });
                message.beside.answers_turn = answers.is_empty() && alone;
            }
            message.answers = answers;
            self.turns.say(message);
        }
    }
}

fn results<'a>(step: &Object<'a>) -> Vec<Object<'a>> {
    let results = step.object("observation").list("results").into_iter();
    results.filter_map(Object::read).collect()
}

/// A result's content; where it has none, what it says of the trajectories in which other agents worked for the call.
fn result_content<'a>(result: &Object<'a>) -> Content<'a> {
    const REFERENCES: &str = "subagent_trajectory_ref";
    let said = content(result, "content");
    match result.raw(REFERENCES).filter(|_| said.is_empty()) {
        Some(references) => {
            let references = json::compact(references);
            Content::Text(Cow::Owned(format!(r#"{{"{REFERENCES}":{references}}}"#)))
        }
        None => said,
    }
}

fn call(raw: &str) -> Option<RawCall<'_>> {
    let call = Object::read(raw)?;
    let arguments = call.raw("arguments").unwrap_or("{}");
    // What the model wrote was no object, so that the format has no place for it but here.
    let written = call.object("extra").raw("raw_arguments");
    let written = written.filter(|raw| raw.starts_with('"'));
    let text = written.or(Some(arguments).filter(|raw| raw.starts_with('"')));
    Some(RawCall {
        id: call.text("tool_call_id"),
        name: call.text("function_name"),
        arguments: text.map_or_else(|| json::compact(arguments), json::raw_text),
    })
}

/// Whether the step's message only says that its call was made, in Harbor's words: `Executed Bash call_1`.
fn is_label(step: &Object, calls: &[RawCall]) -> bool {
    let [call] = calls else { return false };
    let text = step.text("message");
    let rest = text.strip_prefix("Executed ");
    let rest = rest.and_then(|rest| rest.strip_prefix(&*call.name));
    rest.is_some_and(|rest| rest.trim_start() == call.id)
}

fn is_copied(step: &Object) -> bool {
    step.bool("is_copied_context") == Some(true)
}

/// What is not to be learned: copies of earlier steps, what no model wrote, and notes of how the context was managed.
fn beside(step: &Object) -> Beside {
    let copied = is_copied(step);
    let by_no_model = step.integer("llm_call_count") == Some(0) && step.is("source", "agent");
    let border = step.object("extra").raw("context_management").is_some();
    Beside {
        weight: (copied || by_no_model || border).then_some(0.0),
        copied,
        ..Beside::default()
    }
}

/// How the call ended: the format has no field for it, but what is read by Harbor's adapters keeps it in `extra`.
fn reported(of: &Object) -> Option<Reported> {
    let extra = of.object("extra");
    let code = extra.integer("exit_code").map(Reported::Exit);
    let failed = extra
        .bool("tool_result_is_error")
        .or(extra.bool("is_error"));
    let failed = failed.map(|failed| match failed {
        true => Reported::Error,
        false => Reported::Ok,
    });
    code.or(failed)
}

/// A text, or parts of which some are images or sound.
fn content<'a>(of: &Object<'a>, field: &str) -> Content<'a> {
    let Some(raw) = of.raw(field) else {
        return Content::default();
    };
    if !raw.starts_with('[') {
        return Content::Text(json::raw_text(raw));
    }
    Content::Parts(elements(raw).into_iter().map(part).collect())
}

fn part(raw: &str) -> Part<'_> {
    let Some(part) = Object::read(raw) else {
        return Part::Text(json::raw_text(raw));
    };
    let kind = match &*part.text("type") {
        "image" => MediaKind::Image,
        "audio" => MediaKind::Audio,
        "text" => return Part::Text(part.text("text")),
        _ => return Part::Text(Cow::Borrowed(raw)),
    };
    let reference = part.object("source").text("path");
    let is_kept = !reference.is_empty() && !reference.starts_with("data:");
    Part::Media(Media {
        kind,
        reference: is_kept.then_some(reference),
    })
}
