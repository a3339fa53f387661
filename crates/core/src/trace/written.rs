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

/// Moves these calls out of the turns that have no others.
pub(super) fn take_calls(drafts: &mut [Draft], tools: &[Tool], repairs: &mut Repairs) {
    let mut shown = None;
    for at in 0..drafts.len() {
        let Some(found) = drafts.get(at).and_then(read) else {
            continue;
        };
        let prompts = shown.get_or_insert_with(|| prompts(drafts));
        let next = drafts.get(at + 1).map(|draft| &draft.message);
        let is_meant = found.1.calls.iter().all(|call| {
            let is_declared = tools.iter().any(|tool| tool.name == call.name);
            let is_shown = || prompts.iter().any(|text| (found.0.is_shown)(text, call));
            is_declared || is_answered(found.0, next, call) || is_shown()
        });
        if let Some(draft) = drafts.get_mut(at).filter(|_| is_meant) {
            tagged::take(&mut draft.message, vec![found.1], repairs);
        }
    }
}

fn read(draft: &Draft) -> Option<(&'static Written, TaggedCalls)> {
    if !draft.is_turn() || !draft.message.calls.is_empty() {
        return None;
    }
    let mut forms = VOCABULARY.written.iter();
    forms.find_map(|form| Some((*form, (form.read)(&draft.message.text)?)))
}

/// What is said before the first turn.
fn prompts(drafts: &[Draft]) -> Vec<String> {
    let before = drafts.iter().take_while(|draft| !draft.is_turn());
    before.map(|draft| draft.message.text.to_string()).collect()
}

fn is_answered(form: &Written, next: Option<&Message>, call: &RawCall) -> bool {
    next.is_some_and(|next| match next.role {
        Role::Tool => true,
        Role::User => (form.is_answer)(next.text.trim_start(), call),
        _ => false,
    })
}
