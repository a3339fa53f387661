//! What is written in a row: turns without a word; keys and addresses, each counted once, where it first stands.
//! All texts are looked through in one pass, which stops only where such a thing may begin.

use std::collections::HashSet;

use super::{Found, Sign, personal, secrets, share, start};
use crate::measure::canonical;
use crate::trace::{Message, Role, Trajectory};

pub(super) fn find(trajectory: &Trajectory, found: &mut Found) {
    silent_turns(trajectory, found);
    found.set(Sign::Secrets, 0.0);
    found.set(Sign::PersonalData, 0.0);
    let mut known = HashSet::new();
    for (at, message) in trajectory.messages.iter().enumerate() {
        for text in texts(message) {
            scan(text, |sign, thing| {
                if known.insert(canonical::hash(thing.as_bytes())) {
                    found.count(sign, at);
                }
            });
        }
    }
}

fn texts<'m>(message: &'m Message) -> impl Iterator<Item = &'m str> {
    let arguments = message.calls.iter().map(|call| &*call.arguments);
    [&*message.text, &*message.reasoning]
        .into_iter()
        .chain(arguments)
}

/// Assistant messages without text and reasoning.
fn silent_turns(trajectory: &Trajectory, found: &mut Found) {
    let (mut silent, mut turns) = (0, 0);
    for (at, message) in trajectory.messages.iter().enumerate() {
        if message.role != Role::Assistant {
            continue;
        }
        turns += 1;
        if message.text.trim().is_empty() && message.reasoning.trim().is_empty() {
            silent += 1;
            found.step(Sign::NoReasoning, at, 1);
        }
    }
    let number = share(silent, turns).map_or(f32::NAN, |share| share as f32);
    found.set(Sign::NoReasoning, number);
}

/// Calls `on` with every key and address of a text.
fn scan<'t>(text: &'t str, mut on: impl FnMut(Sign, &'t str)) {
    start::ends(text.as_bytes(), |at| {
        let thing = match text.as_bytes().get(at) {
            Some(b'@') => personal::at(text, at).map(|thing| (Sign::PersonalData, thing)),
            _ => secrets::at(text, at).map(|thing| (Sign::Secrets, thing)),
        };
        if let Some((sign, thing)) = thing {
            on(sign, thing);
        }
    });
}
