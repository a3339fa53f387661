//! Quality signs: what of a row is worth a look, as a number, and the steps that it shows in. A row carries a sign where
//! its number reaches the sign's threshold; no sign removes a row unless a rule asks for it.
//!
//! The numbers are measured once, where the row's texts are; thresholds are applied to the frame's columns, so that a
//! changed threshold needs no row again. One file a family of rules.

mod bench; // whether the task is one of a public benchmark
mod calls; // calls that can't be carried out: arguments, names, answers
mod ending; // how the run ends
mod errors; // failed calls
mod leaks; // looks at the solution: the repository's future, its host
mod loops; // doing the same again
mod patch; // what is wrong with the final patch
mod personal; // e-mail addresses
mod secrets; // keys and tokens
mod shingle; // how alike two texts are, by a signature of their words
mod start; // where a text may hold a key or an address
mod table; // every sign: name, title, definition, source, threshold
mod text; // turns without a word, keys and addresses in texts
mod threshold; // the thresholds that a person chose

pub use shingle::{SIGNATURE, alike, signature};
pub use table::{Compare, Family, Points, Sign};
pub use threshold::Thresholds;

use serde::{Deserialize, Serialize};

use crate::measure::{Done, Measurements, canonical, done};
use crate::patch::Patch;
use crate::trace::{Role, Trajectory};

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

/// A number a sign; NaN where it is not known, or told by another measure.
#[derive(Debug, Clone)]
pub struct Numbers([f32; Sign::COUNT]);

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

/// What the rules find in one row: numbers, and steps in no order.
#[derive(Debug, Default)]
struct Found {
    numbers: Numbers,
    steps: Vec<Step>,
}

/// Measures the signs of a row, with all that they need.
pub fn of(trajectory: &Trajectory) -> Signs {
    let patch = trajectory.model_patch.as_deref().map(crate::patch::parse);
    measure(trajectory, &done(trajectory), patch.as_ref())
}

/// Measures the signs of a row; `done` are its calls, `patch` the model's patch.
pub(crate) fn measure(trajectory: &Trajectory, done: &[Done], patch: Option<&Patch>) -> Signs {
    let found = find(trajectory, done, patch);
    let key = |key: u64, call: &Done| canonical::both(key, call.key);
    Signs {
        numbers: found.numbers,
        patch: patch
            .filter(|patch| !patch.files.is_empty())
            .map(|patch| canonical::hash(patch.text.trim().as_bytes())),
        calls: (!done.is_empty()).then(|| done.iter().fold(0, key)),
        words: signature(&[
            task(trajectory),
            trajectory.model_patch.as_deref().unwrap_or_default(),
        ]),
    }
}

/// The signs that a row tells without its texts.
pub(crate) fn measure_metadata(trajectory: &Trajectory) -> Signs {
    let mut found = Found::default();
    ending::stated(trajectory, &mut found);
    leaks::stated(trajectory, &mut found);
    bench::find(trajectory, &mut found);
    Signs {
        numbers: found.numbers,
        ..Signs::default()
    }
}

/// Every step that shows a sign, by message and then by sign; several of one sign in one message are one.
///
/// A step stands here whatever the threshold; [`Sign::marks`] says which are worth a mark. Observations are no steps
/// of [`Sign::HeavyObservations`] here, where tokens are not known; see [`heavy`].
pub fn steps(trajectory: &Trajectory) -> Vec<Step> {
    let patch = trajectory.model_patch.as_deref().map(crate::patch::parse);
    let mut steps = find(trajectory, &done(trajectory), patch.as_ref()).steps;
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

/// The step that an observation of so many tokens is.
pub fn heavy(message: usize, tokens: u64) -> Step {
    Step {
        message,
        sign: Sign::HeavyObservations,
        weight: u32::try_from(tokens).unwrap_or(u32::MAX),
    }
}

fn find(trajectory: &Trajectory, done: &[Done], patch: Option<&Patch>) -> Found {
    let mut found = Found::default();
    loops::find(trajectory, done, &mut found);
    errors::find(done, &mut found);
    calls::find(trajectory, done, &mut found);
    ending::find(trajectory, done, &mut found);
    leaks::find(trajectory, done, &mut found);
    patch::find(patch, &mut found);
    text::find(trajectory, &mut found);
    bench::find(trajectory, &mut found);
    found
}

/// The task in the user's words: the first message of a user.
fn task<'t>(trajectory: &'t Trajectory) -> &'t str {
    let mut messages = trajectory.messages.iter();
    let task = messages.find(|message| message.role == Role::User);
    task.map_or("", |message| &message.text)
}

impl Sign {
    /// The number of one row; NaN where it is not known.
    pub fn of(self, row: &Measurements) -> f32 {
        let known = |number: Option<f64>| number.map_or(f32::NAN, |number| number as f32);
        let flag = |is_so: bool| f32::from(u8::from(is_so));
        if let Some(stated) = &row.stated {
            // Without the row's texts there is no sign of anything but what the row states, and of a patch that was
            // read after all.
            let files = stated.model.files.filter(|_| row.patch.is_none());
            return match (self, files) {
                (Sign::EmptyPatch, Some(files)) => flag(files == 0),
                (Sign::EmptyPatch | Sign::EditsTests | Sign::BigPatch, _)
                    if row.patch.is_none() =>
                {
                    f32::NAN
                }
                (Sign::EmptyPatch | Sign::EditsTests | Sign::BigPatch, _) => self.of_patch(row),
                _ => row.signs.numbers.get(self),
            };
        }
        match self {
            Sign::EmptyPatch | Sign::EditsTests | Sign::BigPatch => self.of_patch(row),
            Sign::BadArguments => row.bad_arguments as f32,
            // The last call of a run normally has no observation: the run ends with it.
            Sign::Unpaired => (row.unanswered.saturating_sub(1)).saturating_add(row.orphans) as f32,
            Sign::ErrorRate => known(share(row.errors, row.calls)),
            Sign::HeavyObservations => {
                let observations = row.calls.saturating_sub(row.unanswered) + row.orphans;
                known(
                    row.tokens
                        .and_then(|tokens| share(tokens.observations, observations)),
                )
            }
            Sign::Repaired => row.repairs.guesses() as f32,
            _ => row.signs.numbers.get(self),
        }
    }
}

impl Sign {
    /// A number that the model's patch tells; no patch is an empty one.
    fn of_patch(self, row: &Measurements) -> f32 {
        let patch = row.patch.as_ref();
        let number = match self {
            Sign::EmptyPatch => u32::from(patch.is_none_or(|patch| patch.files == 0)),
            Sign::EditsTests => patch.map_or(0, |patch| patch.test_files),
            _ => patch.map_or(0, |patch| patch.added.saturating_add(patch.deleted)),
        };
        number as f32
    }
}

/// A part of a whole; nothing where there is no whole.
fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

impl Found {
    fn set(&mut self, sign: Sign, number: f32) {
        self.numbers.set(sign, number);
    }

    /// Notes a step of a sign.
    fn step(&mut self, sign: Sign, message: usize, weight: u32) {
        self.steps.push(Step {
            message,
            sign,
            weight,
        });
    }

    /// Counts one more of a sign that is a count, at a message.
    fn count(&mut self, sign: Sign, message: usize) {
        self.add(sign, 1);
        self.step(sign, message, 1);
    }

    fn add(&mut self, sign: Sign, more: u32) {
        let before = self.numbers.get(sign);
        let before = if before.is_nan() { 0.0 } else { before };
        self.numbers.set(sign, before + more as f32);
    }
}

impl Numbers {
    /// A sign's number.
    pub fn get(&self, sign: Sign) -> f32 {
        self.0.get(sign as usize).copied().unwrap_or(f32::NAN)
    }

    /// Sets a sign's number.
    pub fn set(&mut self, sign: Sign, number: f32) {
        if let Some(place) = self.0.get_mut(sign as usize) {
            *place = number;
        }
    }
}

impl Default for Numbers {
    fn default() -> Self {
        Self([f32::NAN; Sign::COUNT])
    }
}

/// A number that is not known is like any other that is not.
impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        let mut pairs = self.0.iter().zip(&other.0);
        pairs.all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
    }
}

/// Only what is known, by the sign's place in the table: of most rows few numbers are not 0.
impl Serialize for Numbers {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let known: Vec<(u8, f32)> = (0..)
            .zip(self.0)
            .filter(|(_, number)| !number.is_nan())
            .collect();
        known.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut numbers = Self::default();
        for (place, number) in Vec::<(u8, f32)>::deserialize(deserializer)? {
            if let Some(place) = numbers.0.get_mut(usize::from(place)) {
                *place = number;
            }
        }
        Ok(numbers)
    }
}
