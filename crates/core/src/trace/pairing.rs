//! Which observation answers which call: by id where both have it, else the oldest open call first.
//! An observation whose call was already answered is an orphan; so is one that finds no open call. Where the row leaves
//! open which call is meant, the pair is a guess and is counted as one. What answers a whole turn, such as a terminal's
//! screen after several commands, answers its first open call, and the turn's other open calls share it.

use std::collections::VecDeque;

use hashbrown::{HashMap, HashSet};

use super::draft::{Draft, count};
use super::{CallAt, Message, Repair, Repairs, Role};

/// For each message, the call that it answers.
pub(super) type Answers = Vec<Option<CallAt>>;

/// Pairs every observation that has a call. Needs the row's own ids, so it comes before ids are made.
pub(super) fn pair(drafts: &[Draft], repairs: &mut Repairs) -> Answers {
    let mut answers = vec![None; drafts.len()];
    let (mut by_order, of_several) = pair_by_id(drafts, &mut answers);
    let shared = pair_turns(drafts, &mut by_order, &mut answers);
    let (certain, guessed) = pair_by_order(drafts, &by_order, &shared, &mut answers);
    repairs.add(Repair::ObservationPaired, certain);
    repairs.add(
        Repair::ObservationGuessed,
        guessed.saturating_add(of_several),
    );
    answers
}

/// Pairs by id, and says which observations are left for pairing by order: those without an id or with one that no
/// call before them has. Also returns how many have an id that several open calls share.
fn pair_by_id(drafts: &[Draft], answers: &mut Answers) -> (Vec<bool>, u32) {
    let mut of_several = 0_u32;
    let calls = drafts.iter().map(|draft| draft.message.calls.len()).sum();
    let mut open: HashMap<&str, VecDeque<CallAt>> = HashMap::with_capacity(calls);
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
                Some(calls) => {
                    of_several = of_several.saturating_add(u32::from(calls.len() > 1));
                    *answer = calls.pop_front();
                }
                None => *by_order = true,
            }
        }
    }
    (by_order, of_several)
}

/// Gives each observation that answers a whole turn to the first open call of the last turn before it. Returns the turns
/// whose other open calls share it.
fn pair_turns(drafts: &[Draft], by_order: &mut [bool], answers: &mut Answers) -> HashSet<usize> {
    let mut shared = HashSet::new();
    if !drafts.iter().any(|draft| draft.answers_turn) {
        return shared;
    }
    let answered: HashSet<CallAt> = answers.iter().flatten().copied().collect();
    let mut turn: Option<(usize, usize)> = None;
    let slots = answers.iter_mut().zip(by_order);
    for ((message, draft), (answer, by_order)) in drafts.iter().enumerate().zip(slots) {
        let calls = draft.message.calls.len();
        if calls > 0 {
            turn = Some((message, calls));
        }
        if !draft.answers_turn || !*by_order {
            continue;
        }
        let Some((message, calls)) = turn.take() else {
            continue;
        };
        let mut calls = (0..calls).map(|call| CallAt { message, call });
        *answer = calls.find(|at| !answered.contains(at));
        if answer.is_some() {
            *by_order = false;
            shared.insert(message);
        }
    }
    shared
}

/// Gives each observation that is left to the oldest call that is still open. Returns how many of the pairs are certain
/// and how many a guess: those of an earlier turn than the last one, of a turn of whose calls some stay open, and those
/// whose two ids differ. Calls that no observation comes between are of one turn here.
fn pair_by_order(
    drafts: &[Draft],
    by_order: &[bool],
    shared: &HashSet<usize>,
    answers: &mut Answers,
) -> (u32, u32) {
    if !by_order.contains(&true) {
        return (0, 0);
    }
    let answered: HashSet<CallAt> = answers.iter().flatten().copied().collect();
    let mut open: VecDeque<(CallAt, usize)> = VecDeque::new();
    let (mut certain, mut guessed) = (Vec::new(), 0_u32);
    let (mut turn, mut is_answering) = (0_usize, false);
    let slots = answers.iter_mut().zip(by_order);
    for ((index, draft), (answer, by_order)) in drafts.iter().enumerate().zip(slots) {
        let message = &draft.message;
        if !message.calls.is_empty() {
            turn += usize::from(is_answering);
        }
        is_answering = match message.role {
            Role::Tool => true,
            _ => is_answering && message.calls.is_empty(),
        };
        let calls = (0..message.calls.len()).map(|call| CallAt {
            message: index,
            call,
        });
        open.extend(
            calls
                .filter(|at| !answered.contains(at) && !shared.contains(&at.message))
                .map(|at| (at, turn)),
        );
        if *by_order && let Some((at, of)) = open.pop_front() {
            *answer = Some(at);
            match of == turn && !differ(drafts, at, &draft.answers) {
                true => certain.push(of),
                false => guessed = guessed.saturating_add(1),
            }
        }
    }
    let left: HashSet<usize> = open.into_iter().map(|(_, turn)| turn).collect();
    let found = certain.len();
    certain.retain(|turn| !left.contains(turn));
    let uncertain = count(found - certain.len());
    (count(certain.len()), guessed.saturating_add(uncertain))
}

/// Whether a call has an id and its observation another.
fn differ(drafts: &[Draft], at: CallAt, answers: &str) -> bool {
    let turn = drafts.get(at.message);
    let call = turn.and_then(|draft| draft.message.calls.get(at.call));
    !answers.is_empty() && call.is_some_and(|call| !call.id.is_empty())
}

/// The finished messages: each knows its call, each call its observation.
pub(super) fn apply<'a>(drafts: Vec<Draft<'a>>, answers: Answers) -> Vec<Message<'a>> {
    let of_turns: Vec<bool> = drafts.iter().map(|draft| draft.answers_turn).collect();
    let mut messages: Vec<Message> = drafts.into_iter().map(|draft| draft.message).collect();
    for (index, at) in answers.iter().enumerate() {
        let Some(at) = at else { continue };
        let asking = messages.get_mut(at.message);
        if let Some(call) = asking.and_then(|m| m.calls.get_mut(at.call)) {
            call.answer = Some(index);
        }
    }
    for ((index, at), of_turn) in answers.iter().enumerate().zip(of_turns) {
        let asking = at.filter(|_| of_turn).map(|at| at.message);
        let asking = asking.and_then(|asking| messages.get_mut(asking));
        for call in asking.into_iter().flat_map(|m| &mut m.calls) {
            call.answer = call.answer.or(Some(index));
        }
    }
    for (message, at) in messages.iter_mut().zip(answers) {
        message.answers = at;
    }
    messages
}
