//! Every call gets an id of its own: the row's where it is there and new, else `call_{message}_{call}`.
//! Comes after pairing, which needs the ids as the row has them.

use std::borrow::Cow;

use hashbrown::HashSet;

use super::draft::{Draft, count};
use super::{Repair, Repairs};

/// Makes ids for calls that have none or one that an earlier call has.
pub(super) fn make_unique(drafts: &mut [Draft], repairs: &mut Repairs) {
    let calls = drafts.iter().map(|draft| draft.message.calls.len()).sum();
    let mut used: HashSet<Cow<str>> = HashSet::with_capacity(calls);
    let mut missing = Vec::new();
    for (message, draft) in drafts.iter().enumerate() {
        for (call, of) in draft.message.calls.iter().enumerate() {
            if of.id.is_empty() || !used.insert(Cow::Borrowed(&of.id)) {
                missing.push((message, call));
            }
        }
    }
    repairs.add(Repair::CallIdMade, count(missing.len()));
    let made = missing.into_iter().map(|(message, call)| {
        let id = free_id(message, call, &used);
        used.insert(Cow::Owned(id.clone()));
        (message, call, id)
    });
    let made: Vec<(usize, usize, String)> = made.collect();
    drop(used);
    for (message, call, id) in made {
        let turn = drafts.get_mut(message);
        if let Some(of) = turn.and_then(|turn| turn.message.calls.get_mut(call)) {
            of.id = Cow::Owned(id);
        }
    }
}

/// `call_{message}_{call}`, with a number after it where the row uses that name itself.
fn free_id(message: usize, call: usize, used: &HashSet<Cow<str>>) -> String {
    let base = format!("call_{message}_{call}");
    if !used.contains(&*base) {
        return base;
    }
    let mut suffix = 2_usize;
    loop {
        let id = format!("{base}_{suffix}");
        if !used.contains(&*id) {
            return id;
        }
        suffix = suffix.saturating_add(1);
    }
}
