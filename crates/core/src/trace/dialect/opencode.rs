//! OpenCode: a session as `opencode export` writes it, `{info, messages: [{info, parts}]}`, messages a line each, or the
//! stream of parts that `opencode run --format json` prints. A call and its result are one part.

use std::borrow::Cow;

use super::{Column, Dialect, Session};
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::parts::{Content, Part};
use crate::trace::row::Row;
use crate::trace::session::one_run;
use crate::trace::transcript::{
    Transcript, call, ended, events, exit_code, json_text, media_of, note_unknown, result, thought,
};
use crate::trace::{Media, Repairs, Reported};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["info"],
    read: Some(read_object),
    session: Some(&Session {
        name: "OpenCode session",
        tells,
        runs: one_run,
        read,
    }),
    ..Dialect::new("opencode")
};

/// Parts that hold nothing of the conversation.
const BESIDE: &[&str] = &[
    "step-start",
    "step-finish",
    "step_start",
    "step_finish",
    "snapshot",
    "patch",
    "agent",
    "retry",
    "compaction",
];

fn read_object<'a>(row: &'a str, repairs: &mut Repairs) -> Option<Row<'a>> {
    let session = Object::read(row)?;
    let messages = session.list("messages");
    if messages.is_empty() || !events(&messages).all(|message| is_message(&message)) {
        return None;
    }
    let mut run = Transcript::of("opencode");
    run.label(Column::Trajectory, session.object("info").text("id"));
    for message in events(&messages) {
        read_message(&message, &mut run, repairs);
    }
    run.into_row()
}

fn is_message(message: &Object) -> bool {
    message.object("info").has("role") && message.has("parts")
}

fn is_streamed(event: &Object) -> bool {
    event.has("type") && event.has("sessionID") && (event.has("part") || event.has("error"))
}

fn tells(values: &[&str]) -> bool {
    let mut events = events(values).peekable();
    events.peek().is_some() && events.all(|event| is_message(&event) || is_streamed(&event))
}

fn read<'a>(values: &[&'a str], repairs: &mut Repairs) -> Option<Row<'a>> {
    let mut run = Transcript::of("opencode");
    let mut step = Step::default();
    for event in events(values) {
        if is_message(&event) {
            run.label(Column::Trajectory, event.object("info").text("sessionID"));
            read_message(&event, &mut run, repairs);
        } else {
            run.label(Column::Trajectory, event.text("sessionID"));
            step.add(&event.object("part"), "assistant", &mut run, repairs);
        }
    }
    step.finish(&mut run);
    run.into_row()
}

fn read_message<'a>(message: &Object<'a>, run: &mut Transcript<'a>, repairs: &mut Repairs) {
    let info = message.object("info");
    let role = match &*info.text("role") {
        "assistant" => "assistant",
        "system" => "system",
        _ => "user",
    };
    if role == "assistant" {
        run.wrote(info.text("modelID"));
    } else {
        run.chose(info.object("model").text("modelID"));
        run.say("system", info.text("system"));
    }
    let mut step = Step::default();
    for part in events(&message.list("parts")) {
        step.add(&part, role, run, repairs);
    }
    step.finish(run);
}

/// What the agent says and calls until it is told what the calls gave back: calls in a row are made together.
#[derive(Default)]
struct Step<'a> {
    said: Option<RawMessage<'a>>,
    results: Vec<RawMessage<'a>>,
}

impl<'a> Step<'a> {
    fn add(
        &mut self,
        part: &Object<'a>,
        role: &'static str,
        run: &mut Transcript<'a>,
        repairs: &mut Repairs,
    ) {
        let kind = part.text("type");
        let piece = match &*kind {
            "text" => RawMessage::of(role, Content::Text(part.text("text"))),
            "reasoning" => thought(part.text("text")),
            "file" => RawMessage::of(role, Content::Parts(vec![file(part)])),
            "subtask" => RawMessage::of(role, Content::Text(part.text("prompt"))),
            "tool" => call(
                part.text("callID"),
                part.text("tool"),
                part.object("state").raw("input"),
            ),
            kind if BESIDE.contains(&kind) => return,
            _ => return note_unknown(part, repairs),
        };
        if kind != "tool" && !self.results.is_empty() {
            self.finish(run);
        }
        match &mut self.said {
            Some(said) => said.append(piece),
            None => self.said = Some(piece),
        }
        if kind == "tool" {
            let result = read_result(part.text("callID"), &part.object("state"));
            self.results.extend(result);
        }
    }

    fn finish(&mut self, run: &mut Transcript<'a>) {
        let said = self.said.take().into_iter();
        said.chain(self.results.drain(..))
            .for_each(|message| run.push(message));
    }
}

/// What a call gave back, once it has ended.
fn read_result<'a>(id: Cow<'a, str>, state: &Object<'a>) -> Option<RawMessage<'a>> {
    let status = state.text("status");
    let output = match &*status {
        "error" if !state.has("output") => state.raw("error"),
        _ => state.raw("output"),
    };
    let end = match &*status {
        "completed" => exit_code(&state.object("metadata"), &["exit"]).or(Some(Reported::Ok)),
        "error" => Some(ended(false)),
        _ => None,
    };
    if output.is_none() && end.is_none() {
        return None;
    }
    let text = output.map_or(Cow::Borrowed(""), json_text);
    Some(result(id, Content::Text(text), end))
}

/// A file beside the words: its address, unless that is the file itself.
fn file<'a>(part: &Object<'a>) -> Part<'a> {
    let address = part.text("url");
    let reference = match address.starts_with("data:") {
        true => part.text("filename"),
        false => address,
    };
    Part::Media(Media {
        kind: media_of(&part.text("mime")),
        reference: Some(reference).filter(|reference| !reference.is_empty()),
    })
}
