//! Every call gets an id of its own: the row's where it is there and new, else `call_{message}_{call}`.
//! Comes after pairing, which needs the ids as the row has them.

use std::borrow::Cow;
use std::collections::HashSet;

use super::draft::{Draft, count};
use super::{Repair, Repairs};

/// Makes ids for calls that have none or one that an earlier call has.
pub(super) fn make_unique(drafts: &mut [Draft], repairs: &mut Repairs) {
    let mut used = HashSet::new();
    let mut missing = Vec::new();
    for (message, draft) in drafts.iter().enumerate() {
        for (call, of) in draft.message.calls.iter().enumerate() {
            if of.id.is_empty() || !used.insert(of.id.to_string()) {
                missing.push((message, call));
            }
        }
    }
    repairs.add(Repair::CallIdMade, count(missing.len()));
    for (message, call) in missing {
        let id = free_id(message, call, &used);
        if let Some(of) = drafts
            .get_mut(message)
            .and_then(|d| d.message.calls.get_mut(call))
        {
            of.id = Cow::Owned(id.clone());
        }
        used.insert(id);
    }
}

/// `call_{message}_{call}`, with a number after it where the row uses that name itself.
fn free_id(message: usize, call: usize, used: &HashSet<String>) -> String {
    let base = format!("call_{message}_{call}");
    if !used.contains(&base) {
        return base;
    }
    let mut suffix = 2_usize;
    loop {
        let id = format!("{base}_{suffix}");
        if !used.contains(&id) {
            return id;
        }
        suffix = suffix.saturating_add(1);
    }
}
