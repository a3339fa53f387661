//! Quality signs: what of a row is worth a look, as a number, and the steps that it shows in. A row carries a sign where
//! its number reaches the sign's threshold; no sign removes a row unless a rule asks for it.
//!
//! The numbers are measured once, where the row's texts are; thresholds are applied to the frame's columns, so that a
//! changed threshold needs no row again. A sign's record and its rule stand in one file; `table` lists all signs.

mod bench; // whether the task is one of a public benchmark
mod calls; // calls that can't be carried out: arguments, names, answers
mod counts; // what other measures tell of a row
mod duplicates; // rows that are like another
mod ending; // how the run ends
mod errors; // failed calls
mod findings; // what the rules find in one row
mod leaks; // looks at the solution: the repository's future, its host
mod loops; // doing the same again
mod numbers; // a row's number for each sign
mod observations; // long observations
mod patch; // what is wrong with the final patch
mod personal; // e-mail addresses
mod record; // what a sign is: name, title, definition, source, threshold, rule
mod repaired; // what had to be guessed
mod secrets; // keys and tokens
mod shingle; // how alike two texts are, by a signature of their words
mod start; // where a text may hold a key or an address
mod table; // every sign, one line each
mod text; // turns without a word, keys and addresses in texts
mod threshold; // the thresholds that a person chose

pub use counts::{CallCounts, Counts};
pub use numbers::Numbers;
pub use observations::heavy;
pub use record::{Compare, Family, Points};
pub use shingle::{SIGNATURE, alike, signature};
pub use table::Sign;
pub use threshold::Thresholds;

use serde::{Deserialize, Serialize};

use crate::calls::{ResolvedCall, resolve};
use crate::ground::hash::{both, hash};
use crate::patch::Patch;
use crate::trace::{Role, Trajectory};
use findings::Findings;

/// A row as the rules read it: what several of them need is worked out once.
struct ResolvedRow<'t> {
    trajectory: &'t Trajectory<'t>,
    /// Its calls, in order.
    calls: &'t [ResolvedCall<'t>],
    /// The model's patch.
    patch: Option<&'t Patch<'t>>,
}

/// What is kept of a row's signs beside its other measures.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Signs {
    /// The numbers that no other measure tells.
    pub numbers: Numbers,
    /// The hash of the model's patch; `None` where there is none, or it is empty.
    pub patch: Option<u64>,
    /// The hash of all calls in their order; `None` where there are none.
    pub calls: Option<u64>,
    /// The MinHash signature of task and patch ([`signature`]); empty where the texts were not read.
    pub words: Vec<u8>,
}

/// A message that shows a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its index.
    pub message: usize,
    /// The sign.
    pub sign: Sign,
    /// How much of it, as [`Sign::points`] says: the length of its run, or a count.
    pub weight: u32,
}

/// Measures the signs of a row, with all that they need.
pub fn of(trajectory: &Trajectory) -> Signs {
    let patch = trajectory.model_patch.as_deref().map(crate::patch::parse);
    measure(trajectory, &resolve(trajectory), patch.as_ref())
}

/// Measures the signs of a row by its calls and the model's patch.
pub(crate) fn measure(
    trajectory: &Trajectory,
    calls: &[ResolvedCall],
    patch: Option<&Patch>,
) -> Signs {
    let key = |key: u64, call: &ResolvedCall| both(key, call.key);
    let row = ResolvedRow {
        trajectory,
        calls,
        patch,
    };
    Signs {
        numbers: find(&row).numbers,
        patch: patch
            .filter(|patch| !patch.files.is_empty())
            .map(|patch| hash(patch.text.trim().as_bytes())),
        calls: (!calls.is_empty()).then(|| calls.iter().fold(0, key)),
        words: signature(&[
            task(trajectory),
            trajectory.model_patch.as_deref().unwrap_or_default(),
        ]),
    }
}

/// The signs that a row tells without its texts.
pub(crate) fn measure_metadata(trajectory: &Trajectory) -> Signs {
    Signs {
        numbers: find_declared(trajectory).numbers,
        ..Signs::default()
    }
}

/// Every step that shows a sign, by message and then by sign; several of one sign in one message are one.
///
/// A step stands here whatever the threshold; [`Sign::marks`] says which are worth a mark. Observations are not steps
/// of [`Sign::HeavyObservations`] here, where tokens are not known; see [`heavy`].
pub fn steps(trajectory: &Trajectory) -> Vec<Step> {
    let patch = trajectory.model_patch.as_deref().map(crate::patch::parse);
    let row = ResolvedRow {
        trajectory,
        calls: &resolve(trajectory),
        patch: patch.as_ref(),
    };
    let mut steps = find(&row).steps;
    steps.sort_by_key(|step| (step.message, step.sign));
    steps.dedup_by(|next, step| {
        let is_same = (next.message, next.sign) == (step.message, step.sign);
        if is_same {
            step.weight = match step.sign.points() {
                Points::Longest => step.weight.max(next.weight),
                _ => step.weight.saturating_add(next.weight),
            };
        }
        is_same
    });
    steps
}

/// All that the rules of the table find in a row.
fn find(row: &ResolvedRow) -> Findings {
    let mut found = find_declared(row.trajectory);
    for rule in Sign::ALL.iter().filter_map(|sign| sign.record().find) {
        rule(row, &mut found);
    }
    found
}

/// What a row declares of itself.
fn find_declared(trajectory: &Trajectory) -> Findings {
    let mut found = Findings::default();
    for rule in Sign::ALL.iter().filter_map(|sign| sign.record().declared) {
        rule(trajectory, &mut found);
    }
    found
}

/// The task in the user's words: the first message of a user.
fn task<'t>(trajectory: &'t Trajectory) -> &'t str {
    let mut messages = trajectory.messages.iter();
    let task = messages.find(|message| message.role == Role::User);
    task.map_or("", |message| &message.text)
}
