//! A message on its way from the row's form to ours: speakers named, parts laid out, reasoning taken out of texts,
//! observations recognized. What is still missing then is which observation answers which call.

use std::borrow::Cow;

use super::json;
use super::layout::Layout;
use super::message::RawMessage;
use super::parts::{Content, Part};
use super::speaker::{self, Speaker};
use super::structured::{self, NO_ARGUMENTS, RawCall, RawCalls};
use super::vocabulary::VOCABULARY;
use super::{Call, CallForm, Media, Message, Repair, Repairs, Role, Tool, python_calls, tools};

/// A message whose calls have the row's own ids (or none) and whose observation is not paired yet.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub message: Message<'a>,
    /// The id of the call that it answers, as the row has it; empty where it has none.
    pub answers: Cow<'a, str>,
    /// Its calls stood one a line, and so may what they gave back.
    pub by_line: bool,
    /// It answers all calls of the turn before it that nothing else answers.
    pub answers_turn: bool,
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
            by_line: false,
            answers_turn: false,
        }
    }

    /// Adds what the same speaker says in its next message.
    fn append(&mut self, next: Draft<'a>) {
        let (message, next_message) = (&mut self.message, next.message);
        message.text = json::join(std::mem::take(&mut message.text), next_message.text);
        let reasoning = std::mem::take(&mut message.reasoning);
        message.reasoning = json::join(reasoning, next_message.reasoning);
        message.calls.extend(next_message.calls);
        message.media.extend(next_message.media);
        message.weight = message.weight.or(next_message.weight);
        message.copied |= next_message.copied;
        self.by_line |= next.by_line;
    }

    /// Whether as much is learned from both, as far as the row says.
    fn weighs_as(&self, other: &Draft) -> bool {
        let (this, other) = (self.message.weight, other.message.weight);
        this.is_none() || other.is_none() || this == other
    }

    /// Whether the agent said it.
    pub fn is_turn(&self) -> bool {
        self.message.role == Role::Assistant
    }
}

/// The row's messages, each as one draft or more: a result that stands among a user's parts is a message of its own. What
/// one speaker says in several messages of which each is a call or a thought alone is one turn. `system` is the row's column
/// of that name; it opens the conversation.
pub(super) fn from_raw<'a>(
    raw: Vec<RawMessage<'a>>,
    system: Cow<'a, str>,
    repairs: &mut Repairs,
) -> Vec<Draft<'a>> {
    let mut drafts = Vec::with_capacity(raw.len() + 1);
    let mut last = Piece::Turn;
    for message in raw {
        let before = drafts.len();
        let piece = add_message(message, &mut drafts, repairs);
        if piece.goes_on_from(last) && join_turns(&mut drafts, before) {
            repairs.add(Repair::TurnJoined, 1);
        }
        last = piece;
    }
    add_system(system, &mut drafts, repairs);
    drafts
}

/// The system prompt's column before the system's message, where both say something of their own.
fn add_system<'a>(system: Cow<'a, str>, drafts: &mut Vec<Draft<'a>>, repairs: &mut Repairs) {
    if system.is_empty() {
        return;
    }
    let first = drafts.first_mut().map(|draft| &mut draft.message);
    match first.filter(|message| message.role == Role::System) {
        None => drafts.insert(0, Draft::new(Role::System, system)),
        Some(message) if message.text.contains(system.trim()) => {}
        Some(message) if system.contains(message.text.trim()) => message.text = system,
        Some(message) => {
            message.text = json::join(system, std::mem::take(&mut message.text));
            repairs.add(Repair::SystemJoined, 1);
        }
    }
}

/// How much of a turn a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// All of it, or someone else's message.
    Turn,
    /// What was thought, alone.
    Thought,
    /// Calls alone.
    Calls,
}

impl Piece {
    fn goes_on_from(self, last: Piece) -> bool {
        self != Piece::Turn || last == Piece::Thought
    }
}

/// Joins the draft at `at` with the one before, where both are turns.
fn join_turns(drafts: &mut Vec<Draft>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return false;
    };
    let joins = match drafts.get(before..=at) {
        Some([first, next]) => first.is_turn() && next.is_turn() && first.weighs_as(next),
        _ => false,
    };
    if joins {
        let next = drafts.remove(at);
        if let Some(turn) = drafts.get_mut(before) {
            turn.append(next);
        }
    }
    joins
}

fn add_message<'a>(
    mut raw: RawMessage<'a>,
    drafts: &mut Vec<Draft<'a>>,
    repairs: &mut Repairs,
) -> Piece {
    let Some((role, piece)) = name_speaker(&mut raw, repairs) else {
        return Piece::Turn;
    };
    let mut calls = Vec::new();
    let by_line = raw.calls.by_line;
    for (found, outdated) in [(raw.calls, false), (raw.function_call, true)] {
        note_calls(&found, outdated, repairs);
        calls.extend(found.calls.into_iter().map(structured_call));
    }
    let is_parted = matches!(raw.content, Content::Parts(_));
    repairs.add(Repair::TextFromParts, u32::from(is_parted));
    let (beside, before) = (raw.beside, drafts.len());
    let mut layout = Layout::new(
        role,
        raw.answers,
        raw.reasoning,
        calls,
        beside,
        drafts,
        repairs,
    );
    match raw.content {
        Content::Text(text) => layout.add(Part::Text(text)),
        Content::Parts(parts) => parts.into_iter().for_each(|part| layout.add(part)),
    }
    layout.finish();
    if let Some(draft) = drafts.get_mut(before) {
        draft.by_line = by_line;
    }
    piece
}

/// The role of a message, and how much of a turn it is; one that is nothing but a call or a thought has it moved to where
/// those are. `None` for an item that says nothing.
fn name_speaker(raw: &mut RawMessage, repairs: &mut Repairs) -> Option<(Role, Piece)> {
    if raw.odd {
        repairs.add(Repair::MessageFromOther, 1);
        return Some((Role::User, Piece::Turn));
    }
    let Some(speaker) = speaker::of(&raw.role) else {
        repairs.add(Repair::RoleUnknown, 1);
        let role = match raw.calls.calls.is_empty() {
            true => Role::User,
            false => Role::Assistant,
        };
        return Some((role, Piece::Turn));
    };
    if speaker == Speaker::Aside && raw.content.is_empty() {
        return None;
    }
    let renamed = !speaker::is_usual(&raw.role);
    repairs.add(Repair::RoleRenamed, u32::from(renamed));
    Some(match speaker {
        Speaker::One(role) => (role, Piece::Turn),
        Speaker::Aside => (Role::User, Piece::Turn),
        Speaker::Thought => {
            let thought = std::mem::take(&mut raw.content).into_text();
            raw.add_reasoning(thought);
            (Role::Assistant, Piece::Thought)
        }
        Speaker::Call => {
            take_lone_call(raw, repairs);
            let has_calls = !raw.calls.calls.is_empty();
            let piece = if has_calls { Piece::Calls } else { Piece::Turn };
            (Role::Assistant, piece)
        }
    })
}

/// A message that is nothing but a call has it in fields of its own or, as JSON or Python, in its text.
fn take_lone_call(raw: &mut RawMessage, repairs: &mut Repairs) {
    if !raw.flat.name.is_empty() {
        take_flat_call(raw);
        return;
    }
    let Content::Text(text) = &raw.content else {
        return;
    };
    let found = structured::calls_in_text(text).or_else(|| {
        Some(RawCalls {
            calls: python_calls::read(text)?,
            from_python_text: true,
            ..RawCalls::default()
        })
    });
    let Some(found) = found else {
        return;
    };
    repairs.add(
        Repair::ListFromPythonText,
        u32::from(found.from_python_text),
    );
    raw.calls.calls.extend(found.calls);
    let aside = found.aside.into_iter().map(Cow::Owned);
    raw.content = Content::Text(json::join_all(aside));
}

/// A call whose name and arguments stand in the message's own fields. The text may repeat the arguments, or be them.
fn take_flat_call(raw: &mut RawMessage) {
    let mut call = std::mem::take(&mut raw.flat);
    call.id = raw.answers.clone();
    if let Content::Text(text) = &raw.content {
        let is_object = text.trim_start().starts_with('{');
        if call.arguments.is_empty() && is_object {
            call.arguments = text.clone();
        }
        if json::same_words(text, &call.arguments) {
            raw.content = Content::default();
        }
    }
    if call.arguments.is_empty() {
        call.arguments = Cow::Borrowed(NO_ARGUMENTS);
    }
    raw.calls.calls.push(call);
}

fn note_calls(found: &RawCalls, outdated: bool, repairs: &mut Repairs) {
    repairs.add(Repair::ListFromJsonText, u32::from(found.from_json_text));
    repairs.add(
        Repair::ListFromPythonText,
        u32::from(found.from_python_text),
    );
    repairs.add(Repair::NullArguments, found.nulls);
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

/// Users' messages that are observations become such: those that begin like one after a call was made, and those that
/// come straight after a call that was written in the text, one for each such call.
pub(super) fn find_observations(drafts: &mut [Draft], repairs: &mut Repairs) {
    let (mut open, mut called) = (0_usize, false);
    for draft in drafts {
        let message = &mut draft.message;
        match message.role {
            Role::Assistant => {
                let written = |call: &&Call| call.form != CallForm::Structured;
                open = message.calls.iter().filter(written).count();
                called |= !message.calls.is_empty();
            }
            Role::User if open > 0 || (called && begins_like_observation(&message.text)) => {
                message.role = Role::Tool;
                repairs.add(Repair::ObservationFromUser, 1);
                open = open.saturating_sub(1);
            }
            Role::User | Role::System => open = 0,
            Role::Tool if draft.answers_turn => open = 0,
            Role::Tool => open = open.saturating_sub(1),
        }
    }
}

/// The tools that the system prompt declares.
pub(super) fn prompted_tools(drafts: &[Draft]) -> Vec<Tool<'static>> {
    let first = drafts.first().map(|draft| &draft.message);
    let system = first.filter(|message| message.role == Role::System);
    system.map_or_else(Vec::new, |message| tools::in_prompt(&message.text))
}

/// Gives the row's own media to the messages' places for them, in order: parts without a reference, and `<image>` in the
/// texts where there are as many as media.
pub(super) fn place_media<'a>(drafts: &mut [Draft<'a>], media: Vec<Media<'a>>) {
    if media.is_empty() {
        return;
    }
    let placed: usize = drafts.iter().map(|draft| draft.message.media.len()).sum();
    let mut media = media.into_iter();
    if placed > 0 {
        let places = drafts.iter_mut().flat_map(|draft| &mut draft.message.media);
        for place in places.filter(|place| place.reference.is_none()) {
            place.reference = media.next().and_then(|media| media.reference);
        }
        return;
    }
    let marks = |text: &str| {
        MARKS
            .iter()
            .map(|mark| text.matches(mark).count())
            .sum::<usize>()
    };
    let all: usize = drafts.iter().map(|draft| marks(&draft.message.text)).sum();
    if all == media.len() {
        for draft in drafts {
            let here = marks(&draft.message.text);
            draft.message.media.extend(media.by_ref().take(here));
        }
    }
}

/// What stands in a text where a medium of the row's own column belongs, for LLaMA-Factory and ms-swift.
const MARKS: [&str; 3] = ["<image>", "<video>", "<audio>"];

fn begins_like_observation(text: &str) -> bool {
    let text = text.trim_start();
    let starts = &VOCABULARY.observation_starts;
    starts.iter().any(|start| text.starts_with(start))
}
