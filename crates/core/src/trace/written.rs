//! Calls in forms that prose may look like: ReAct's lines, Cline's tags, Python lists, bare JSON. One is taken only where
//! the conversation shows that it is meant: its tool is declared, a prompt shows the form, or a tool's answer follows.

use super::draft::Draft;
use super::structured::RawCall;
use super::tagged::{self, TaggedCalls};
use super::vocabulary::VOCABULARY;
use super::{Message, Repairs, Role, Tool};

/// One such form.
pub(super) struct Written {
    /// The calls of an assistant's text, by how it is written alone.
    pub read: fn(&str) -> Option<TaggedCalls>,
    /// Whether a prompt shows the form of that call.
    pub is_shown: fn(prompt: &str, call: &RawCall) -> bool,
    /// Whether a user's message is the answer to that call.
    pub is_answer: fn(answer: &str, call: &RawCall) -> bool,
}

/// Calls that are written like this in a turn.
struct Found {
    /// The turn's index.
    at: usize,
    /// Its form, by the index among all.
    form: usize,
    calls: TaggedCalls,
}

/// Moves these calls out of the turns that have no others. Where one of a form is meant, all of that form are.
pub(super) fn take_calls(drafts: &mut [Draft], tools: &[Tool], repairs: &mut Repairs) {
    let found = drafts.iter().enumerate().filter_map(|(at, draft)| {
        let (form, calls) = read(draft)?;
        Some(Found { at, form, calls })
    });
    let found: Vec<Found> = found.collect();
    if found.is_empty() {
        return;
    }
    let meant: Vec<usize> = found
        .iter()
        .filter(|found| is_meant(found, drafts, tools))
        .map(|found| found.form)
        .collect();
    for found in found {
        if let Some(draft) = drafts
            .get_mut(found.at)
            .filter(|_| meant.contains(&found.form))
        {
            tagged::take(&mut draft.message, vec![found.calls], repairs);
        }
    }
}

fn read(draft: &Draft) -> Option<(usize, TaggedCalls)> {
    if !draft.is_turn() || !draft.message.calls.is_empty() {
        return None;
    }
    let mut forms = VOCABULARY.written.iter().enumerate();
    forms.find_map(|(at, form)| Some((at, (form.read)(&draft.message.text)?)))
}

/// Whether the conversation shows that each of these calls is one.
fn is_meant(found: &Found, drafts: &[Draft], tools: &[Tool]) -> bool {
    let Some(form) = VOCABULARY.written.get(found.form) else {
        return false;
    };
    let next = drafts.get(found.at + 1).map(|draft| &draft.message);
    found.calls.calls.iter().all(|call| {
        let is_declared = tools.iter().any(|tool| tool.name == call.name);
        let mut prompts = drafts.iter().take_while(|draft| !draft.is_turn());
        let mut is_shown = || prompts.any(|draft| (form.is_shown)(&draft.message.text, call));
        is_declared || is_answered(form, next, call) || is_shown()
    })
}

fn is_answered(form: &Written, next: Option<&Message>, call: &RawCall) -> bool {
    next.is_some_and(|next| match next.role {
        Role::Tool => true,
        Role::User => (form.is_answer)(next.text.trim_start(), call),
        _ => false,
    })
}
