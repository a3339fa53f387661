//! A message on its way from the row's form to ours: speakers named, parts laid out, reasoning taken out of texts,
//! observations recognized. What is still missing then is which observation answers which call.

use std::borrow::Cow;

use super::layout::Layout;
use super::message::RawMessage;
use super::parts::{Content, Part};
use super::speaker::{self, Speaker};
use super::structured::{self, RawCall, RawCalls};
use super::vocabulary::VOCABULARY;
use super::{Call, CallForm, Message, Repair, Repairs, Role};

/// A message whose calls have the row's own ids (or none) and whose observation is not paired yet.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub message: Message<'a>,
    /// The id of the call that it answers, as the row has it; empty where it has none.
    pub answers: Cow<'a, str>,
}

impl<'a> Draft<'a> {
    pub fn new(role: Role, text: Cow<'a, str>) -> Self {
        Draft {
            message: Message {
                role,
                text,
                reasoning: Cow::Borrowed(""),
                calls: Vec::new(),
                answers: None,
                ..Message::default()
            },
            answers: Cow::Borrowed(""),
        }
    }

    /// Whether the agent said it.
    pub fn is_turn(&self) -> bool {
        self.message.role == Role::Assistant
    }
}

/// The row's messages, each as one draft or more: a result that stands among a user's parts is a message of its own.
/// `system` is the row's column of that name; it opens the conversation where no message does.
pub(super) fn from_raw<'a>(
    raw: Vec<RawMessage<'a>>,
    system: Cow<'a, str>,
    repairs: &mut Repairs,
) -> Vec<Draft<'a>> {
    let mut drafts = Vec::with_capacity(raw.len() + 1);
    let opened = raw
        .first()
        .is_some_and(|m| speaker::of(&m.role) == Some(Speaker::One(Role::System)));
    if !opened && !system.is_empty() {
        drafts.push(Draft::new(Role::System, system));
    }
    for message in raw {
        add_message(message, &mut drafts, repairs);
    }
    drafts
}

fn add_message<'a>(mut raw: RawMessage<'a>, drafts: &mut Vec<Draft<'a>>, repairs: &mut Repairs) {
    let role = name_speaker(&mut raw, repairs);
    let mut calls = Vec::new();
    for (found, outdated) in [(raw.calls, false), (raw.function_call, true)] {
        note_calls(&found, outdated, repairs);
        calls.extend(found.calls.into_iter().map(structured_call));
    }
    let parts = match raw.content {
        Content::Text(text) => vec![Part::Text(text)],
        Content::Parts(parts) => {
            repairs.add(Repair::TextFromParts, 1);
            parts
        }
    };
    let beside = raw.beside;
    let mut layout = Layout::new(
        role,
        raw.answers,
        raw.reasoning,
        calls,
        beside,
        drafts,
        repairs,
    );
    for part in parts {
        layout.add(part);
    }
    layout.finish();
}

/// The role of a message; one that is nothing but a call has its call moved to where calls are.
fn name_speaker(raw: &mut RawMessage, repairs: &mut Repairs) -> Role {
    if raw.odd {
        repairs.add(Repair::MessageFromOther, 1);
        return Role::User;
    }
    let Some(speaker) = speaker::of(&raw.role) else {
        repairs.add(Repair::RoleUnknown, 1);
        return if raw.calls.calls.is_empty() {
            Role::User
        } else {
            Role::Assistant
        };
    };
    repairs.add(
        Repair::RoleRenamed,
        u32::from(!speaker::is_usual(&raw.role)),
    );
    match speaker {
        Speaker::One(role) => role,
        Speaker::Call => {
            take_lone_call(raw, repairs);
            Role::Assistant
        }
    }
}

/// A message that is nothing but a call has it in fields of its own or, as JSON or Python, in its text.
fn take_lone_call(raw: &mut RawMessage, repairs: &mut Repairs) {
    if !raw.flat.name.is_empty() {
        let mut call = std::mem::take(&mut raw.flat);
        call.id = raw.answers.clone();
        raw.calls.calls.push(call);
        return;
    }
    let Content::Text(text) = &raw.content else {
        return;
    };
    let Some(found) = structured::calls_in_text(text) else {
        return;
    };
    repairs.add(
        Repair::ListFromPythonText,
        u32::from(found.from_python_text),
    );
    raw.calls.calls.extend(found.calls);
    raw.content = Content::default();
}

fn note_calls(found: &RawCalls, outdated: bool, repairs: &mut Repairs) {
    repairs.add(Repair::ListFromJsonText, u32::from(found.from_json_text));
    repairs.add(
        Repair::ListFromPythonText,
        u32::from(found.from_python_text),
    );
    if outdated {
        repairs.add(Repair::CallFromFunctionCall, count(found.calls.len()));
    }
}

/// A call that stands in a field of its own.
pub(super) fn structured_call(raw: RawCall<'_>) -> Call<'_> {
    Call {
        id: raw.id,
        name: raw.name,
        arguments: raw.arguments,
        form: CallForm::Structured,
        answer: None,
    }
}

/// A number of repairs.
pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Users' messages that are observations become such: those that begin like one, and those that come straight after
/// a call that was written in the text, one for each such call.
pub(super) fn find_observations(drafts: &mut [Draft], repairs: &mut Repairs) {
    let mut open = 0_usize;
    for draft in drafts {
        let message = &mut draft.message;
        match message.role {
            Role::Assistant => {
                let written = |call: &&Call| call.form != CallForm::Structured;
                open = message.calls.iter().filter(written).count();
            }
            Role::User if open > 0 || begins_like_observation(&message.text) => {
                message.role = Role::Tool;
                repairs.add(Repair::ObservationFromUser, 1);
                open = open.saturating_sub(1);
            }
            Role::User | Role::System => open = 0,
            Role::Tool => open = open.saturating_sub(1),
        }
    }
}

fn begins_like_observation(text: &str) -> bool {
    let text = text.trim_start();
    let starts = &VOCABULARY.observation_starts;
    starts.iter().any(|start| text.starts_with(start))
}
