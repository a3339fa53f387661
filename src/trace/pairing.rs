//! Which observation answers which call: by id where both have it, else the oldest open call first.
//! An observation whose call was already answered is an orphan; so is one that finds no open call.

use std::collections::{HashMap, VecDeque};

use super::draft::Draft;
use super::{CallAt, Message, Repair, Repairs, Role};

/// For each message, the call that it answers.
pub(super) type Answers = Vec<Option<CallAt>>;

/// Pairs every observation that has a call. Needs the row's own ids, so it comes before ids are made.
pub(super) fn pair(drafts: &[Draft], repairs: &mut Repairs) -> Answers {
    let mut answers = vec![None; drafts.len()];
    let by_order = pair_by_id(drafts, &mut answers);
    let paired = pair_by_order(drafts, &by_order, &mut answers);
    repairs.add(Repair::ObservationPaired, paired);
    answers
}

/// Pairs by id, and says which observations are left for pairing by order: those without an id or with one that no
/// call before them has.
fn pair_by_id(drafts: &[Draft], answers: &mut Answers) -> Vec<bool> {
    let mut open: HashMap<&str, VecDeque<CallAt>> = HashMap::new();
    let mut by_order = vec![false; drafts.len()];
    let slots = answers.iter_mut().zip(by_order.iter_mut());
    for ((index, draft), (answer, by_order)) in drafts.iter().enumerate().zip(slots) {
        for (call, of) in draft.message.calls.iter().enumerate() {
            if !of.id.is_empty() {
                let at = CallAt {
                    message: index,
                    call,
                };
                open.entry(&of.id).or_default().push_back(at);
            }
        }
        if draft.message.role == Role::Tool {
            match open.get_mut(&*draft.answers) {
                Some(calls) => *answer = calls.pop_front(),
                None => *by_order = true,
            }
        }
    }
    by_order
}

/// Gives each observation that is left to the oldest call that is still open. Returns how many found one.
fn pair_by_order(drafts: &[Draft], by_order: &[bool], answers: &mut Answers) -> u32 {
    let answered: std::collections::HashSet<CallAt> = answers.iter().flatten().copied().collect();
    let mut open = VecDeque::new();
    let mut paired = 0_u32;
    let slots = answers.iter_mut().zip(by_order);
    for ((index, draft), (answer, by_order)) in drafts.iter().enumerate().zip(slots) {
        let calls = 0..draft.message.calls.len();
        let calls = calls.map(|call| CallAt {
            message: index,
            call,
        });
        open.extend(calls.filter(|at| !answered.contains(at)));
        if *by_order {
            *answer = open.pop_front();
            paired = paired.saturating_add(u32::from(answer.is_some()));
        }
    }
    paired
}

/// The finished messages: each knows its call, each call its observation.
pub(super) fn apply<'a>(drafts: Vec<Draft<'a>>, answers: Answers) -> Vec<Message<'a>> {
    let mut messages: Vec<Message> = drafts.into_iter().map(|draft| draft.message).collect();
    for (index, at) in answers.iter().enumerate() {
        let Some(at) = at else { continue };
        if let Some(call) = messages
            .get_mut(at.message)
            .and_then(|m| m.calls.get_mut(at.call))
        {
            call.answer = Some(index);
        }
    }
    for (message, at) in messages.iter_mut().zip(answers) {
        message.answers = at;
    }
    messages
}
