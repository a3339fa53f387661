//! What token limits keep of the selected rows, part by part: rows, tokens, and the tokens that a trainer learns from.
//! One pass over the rows; each is looked up among a handful of limits.

use super::facet::Facet;
use super::{Frame, Number};
use crate::tokens::OBSERVATION_LIMITS;

/// Rows and their tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// How many rows.
    pub rows: u32,
    /// How many tokens they have together.
    pub tokens: u64,
    /// Of these, how many a trainer learns from: assistant text, reasoning and calls.
    pub trainable: u64,
}

impl Amount {
    fn add(&mut self, more: Amount) {
        self.rows += more.rows;
        self.tokens += more.tokens;
        self.trainable += more.trainable;
    }
}

/// One part of the rows under each limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartKept {
    /// The part's name, as a list of the address has it.
    pub name: String,
    /// All of its rows whose tokens are known.
    pub whole: Amount,
    /// What each limit keeps, in the order of the limits.
    pub kept: Vec<Amount>,
}

/// What each limit keeps of the rows that a mask selects: of all of them, and by part, most rows first. `limits` ascend.
/// Rows whose tokens are not known are in neither.
pub fn kept_by_part(
    frame: &Frame,
    mask: &[bool],
    facet: Facet,
    limits: &[u64],
) -> (PartKept, Vec<PartKept>) {
    let parts = facet.parts(frame);
    // One slot a limit, and one for what is longer than all.
    let width = limits.len() + 1;
    let mut slots = vec![Amount::default(); parts.len() * width];
    for (position, part) in parts.by_position().enumerate() {
        let Some(amount) = amount(frame, mask, position) else {
            continue;
        };
        let slot = limits.partition_point(|&limit| limit < amount.tokens);
        if let Some(sum) = slots.get_mut(part * width + slot) {
            sum.add(amount);
        }
    }
    let mut all = vec![Amount::default(); width];
    let mut found = Vec::new();
    for (part, slots) in slots.chunks(width).enumerate() {
        all.iter_mut()
            .zip(slots)
            .for_each(|(sum, slot)| sum.add(*slot));
        if slots.iter().any(|slot| slot.rows > 0) {
            found.push(added_up(parts.name(part), slots));
        }
    }
    let most_first = |a: &PartKept, b: &PartKept| b.whole.rows.cmp(&a.whole.rows);
    (added_up("", &all), super::order::sorted(found, &most_first))
}

/// Each slot with all before it; the last is the whole.
fn added_up(name: &str, slots: &[Amount]) -> PartKept {
    let mut sum = Amount::default();
    let mut kept: Vec<Amount> = slots
        .iter()
        .map(|slot| {
            sum.add(*slot);
            sum
        })
        .collect();
    kept.pop();
    PartKept {
        name: name.to_owned(),
        whole: sum,
        kept,
    }
}

/// A selected row's tokens; `None` where they are not known.
fn amount(frame: &Frame, mask: &[bool], position: usize) -> Option<Amount> {
    let tokens = *frame.number(Number::Tokens).get(position)?;
    if tokens.is_nan() || mask.get(position) != Some(&true) {
        return None;
    }
    let number = |number| {
        let value = frame.number(number).get(position).copied();
        value.filter(|value| !value.is_nan()).unwrap_or_default() as u64
    };
    let learned = [
        Number::TokensAssistant,
        Number::TokensReasoning,
        Number::TokensCalls,
    ];
    Some(Amount {
        rows: 1,
        tokens: tokens as u64,
        trainable: learned.into_iter().map(number).sum(),
    })
}

/// What shortening every observation to so many tokens would save of the selected rows' tokens: the limit, the tokens,
/// and the rows that it would change.
pub fn saved(frame: &Frame, mask: &[bool]) -> Vec<(u32, u64, u32)> {
    let mut saved: Vec<(u32, u64, u32)> = OBSERVATION_LIMITS.map(|most| (most, 0, 0)).to_vec();
    let rows = frame.beyond().iter().zip(mask);
    for (beyond, _) in rows.filter(|(_, is_on)| **is_on) {
        for ((_, tokens, rows), &more) in saved.iter_mut().zip(beyond) {
            *tokens += u64::from(more);
            *rows += u32::from(more > 0);
        }
    }
    saved
}

/// The tokens of each selected row, where known: what is packed.
pub fn lengths(frame: &Frame, mask: &[bool]) -> Vec<u64> {
    let tokens = frame.number(Number::Tokens).iter().zip(mask);
    let known = tokens.filter(|(tokens, is_on)| **is_on && !tokens.is_nan());
    known.map(|(&tokens, _)| tokens as u64).collect()
}
