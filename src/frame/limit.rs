//! What token limits keep of the selected rows, part by part: rows, tokens, and the tokens that a trainer learns from.
//! Each row goes to the least limit that holds it and the counts are added up: exact at every limit, without sorting.

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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartKept {
    /// The part's name, as a list of the address has it.
    pub name: String,
    /// All of its rows whose tokens are known.
    pub whole: Amount,
    /// What each limit keeps, in the order of the limits.
    pub kept: Vec<Amount>,
}

/// How many steps a curve has between the least and the greatest row.
const STEPS: u32 = 96;

/// What limits keep of the selected rows, in all and by part: at so many limits that it can be drawn as a curve.
/// Rows whose tokens are not known are in neither.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Curves {
    /// The limits, ascending: the marks, and steps between the rows' least and greatest tokens.
    pub limits: Vec<u64>,
    /// All of the rows.
    pub all: PartKept,
    /// By what they are told apart, and the largest parts, most rows first.
    pub by: Vec<(Facet, Vec<PartKept>)>,
    /// Selected rows whose tokens are not known.
    pub unknown: u32,
}

impl Curves {
    /// Looks at all rows together. `marks` are limits at which the curve must be exact.
    pub fn of(frame: &Frame, mask: &[bool], marks: &[u64]) -> Self {
        let limits = steps(frame, mask, marks);
        let mut slots = vec![Amount::default(); limits.len() + 1];
        let mut unknown = 0;
        for position in selected(mask, frame.len()) {
            match amount(frame, position) {
                Some(amount) => put(&mut slots, &limits, amount),
                None => unknown += 1,
            }
        }
        Self {
            all: added_up("", &slots),
            limits,
            by: Vec::new(),
            unknown,
        }
    }

    /// Tells the rows apart; as long as [`Curves::of`] takes. At most `most` parts, the ones with most rows.
    #[must_use]
    pub fn told_apart(mut self, frame: &Frame, mask: &[bool], facet: Facet, most: usize) -> Self {
        let parts = kept_by_part(frame, mask, facet, &self.limits, most);
        self.by.push((facet, parts));
        self
    }

    /// The parts of a facet by which the rows were told apart.
    pub fn parts(&self, facet: Facet) -> &[PartKept] {
        let of = self.by.iter().find(|(known, _)| *known == facet);
        of.map_or(&[], |(_, parts)| parts)
    }

    /// What one of the limits keeps of a part; `None` of another limit.
    pub fn at(&self, part: &PartKept, limit: u64) -> Option<Amount> {
        let at = self.limits.binary_search(&limit).ok()?;
        part.kept.get(at).copied()
    }
}

/// The marks, and steps of one ratio from just below the row with the fewest tokens to the one with the most.
fn steps(frame: &Frame, mask: &[bool], marks: &[u64]) -> Vec<u64> {
    let tokens = frame.number(Number::Tokens);
    let mut ends = (u64::MAX, 0);
    for position in selected(mask, tokens.len()) {
        if let Some(tokens) = tokens.get(position).filter(|tokens| !tokens.is_nan()) {
            let tokens = *tokens as u64;
            ends = (ends.0.min(tokens), ends.1.max(tokens));
        }
    }
    let mut steps = marks.to_vec();
    if ends.0 <= ends.1 {
        let (low, high) = (ends.0.max(1) as f64, ends.1.max(1) as f64);
        let step = |at| low * (high / low).powf(f64::from(at) / f64::from(STEPS));
        steps.extend((0..=STEPS).map(|at| step(at).round() as u64));
        // Nothing is kept there: the curve rises at the first row, not on the way to it.
        steps.extend([ends.0.saturating_sub(1), ends.0, ends.1]);
    }
    steps.sort_unstable();
    steps.dedup();
    steps
}

/// What each limit keeps of the rows that a mask selects, by part: at most `most` parts, the ones with most rows, most
/// rows first. `limits` ascend. Rows whose tokens are not known are in no part.
pub fn kept_by_part(
    frame: &Frame,
    mask: &[bool],
    facet: Facet,
    limits: &[u64],
    most: usize,
) -> Vec<PartKept> {
    let parts = facet.parts(frame);
    let tokens = frame.number(Number::Tokens);
    let is_in = |position: usize| {
        mask.get(position) == Some(&true) && tokens.get(position).is_some_and(|n| !n.is_nan())
    };
    let mut sizes = vec![0_u32; parts.len()];
    for (position, part) in parts.by_position().enumerate() {
        if let Some(size) = sizes.get_mut(part).filter(|_| is_in(position)) {
            *size += 1;
        }
    }
    // A data set may have as many parts as rows: only those that are asked for get slots.
    let size = |part: &usize| sizes.get(*part).copied().unwrap_or_default();
    let found: Vec<usize> = (0..parts.len()).filter(|part| size(part) > 0).collect();
    let mut largest = super::order::sorted(found, &|a, b| size(b).cmp(&size(a)));
    largest.truncate(most);
    let mut places = vec![usize::MAX; parts.len()];
    let mut slots = vec![vec![Amount::default(); limits.len() + 1]; largest.len()];
    for (place, &part) in largest.iter().enumerate() {
        if let Some(of) = places.get_mut(part) {
            *of = place;
        }
    }
    for (position, part) in parts.by_position().enumerate() {
        let place = places.get(part).and_then(|&place| slots.get_mut(place));
        if let Some(slots) = place.filter(|_| is_in(position))
            && let Some(amount) = amount(frame, position)
        {
            put(slots, limits, amount);
        }
    }
    let kept = largest.iter().zip(&slots);
    kept.map(|(&part, slots)| added_up(parts.name(part), slots))
        .collect()
}

/// The positions that a mask selects.
fn selected(mask: &[bool], rows: usize) -> impl Iterator<Item = usize> + '_ {
    let mask = mask.iter().take(rows).enumerate();
    mask.filter(|(_, is_on)| **is_on).map(|(at, _)| at)
}

/// Puts a row to the least limit that holds it; the slot after the last is for what is longer than all.
fn put(slots: &mut [Amount], limits: &[u64], amount: Amount) {
    let slot = limits.partition_point(|&limit| limit < amount.tokens);
    if let Some(sum) = slots.get_mut(slot) {
        sum.add(amount);
    }
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

/// A row's tokens; `None` where they are not known.
fn amount(frame: &Frame, position: usize) -> Option<Amount> {
    let tokens = *frame.number(Number::Tokens).get(position)?;
    if tokens.is_nan() {
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

/// The tokens of tools' results in the selected rows: what can be shortened.
pub fn observed(frame: &Frame, mask: &[bool]) -> u64 {
    let tokens = frame.number(Number::TokensObservations).iter().zip(mask);
    let known = tokens.filter(|(tokens, is_on)| **is_on && !tokens.is_nan());
    known.map(|(&tokens, _)| tokens as u64).sum()
}

/// The tokens of each selected row, where known: what is packed.
pub fn lengths(frame: &Frame, mask: &[bool]) -> Vec<u64> {
    let tokens = frame.number(Number::Tokens).iter().zip(mask);
    let known = tokens.filter(|(tokens, is_on)| **is_on && !tokens.is_nan());
    known.map(|(&tokens, _)| tokens as u64).collect()
}
