//! What token limits keep of the selected rows, part by part: rows, tokens, and the tokens that a trainer learns from.
//! Each row goes to the least limit that holds it and the counts are added up: exact at every limit, without sorting.

use serde::{Deserialize, Serialize};

use super::facet::Facet;
use super::{Frame, Number};
use crate::tokens::OBSERVATION_LIMITS;

/// Rows and their tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Counts all rows at once. `marks` are limits at which the curve must be exact; of each facet `most` parts are told
    /// apart, the ones with most rows.
    pub fn of(frame: &Frame, mask: &[bool], marks: &[u64], facets: &[Facet], most: usize) -> Self {
        let mut counting = Counting::new(frame, mask, marks);
        for &facet in facets {
            counting.tell_apart(frame, mask, facet, most);
        }
        counting.count_all(frame, mask);
        counting.curves()
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

/// The count of [`Curves`] under way.
#[derive(Debug, Default)]
struct Counting {
    limits: Vec<u64>,
    /// By limit, what it is the least to hold; the last slot is for what is longer than all.
    all: Vec<Amount>,
    told: Vec<Told>,
    unknown: u32,
}

/// The rows told apart by one facet.
#[derive(Debug)]
struct Told {
    facet: Facet,
    names: Vec<String>,
    /// By position, the place of the row's part among the names, or one beyond them.
    places: Vec<u32>,
    /// By place, as of all rows.
    slots: Vec<Vec<Amount>>,
}

impl Counting {
    /// Chooses the limits.
    fn new(frame: &Frame, mask: &[bool], marks: &[u64]) -> Self {
        let limits = steps(frame, mask, marks);
        Self {
            all: vec![Amount::default(); limits.len() + 1],
            limits,
            ..Self::default()
        }
    }

    /// Tells the rows apart too, before any is counted: at most `most` parts, the ones with most rows.
    fn tell_apart(&mut self, frame: &Frame, mask: &[bool], facet: Facet, most: usize) {
        let parts = facet.parts(frame);
        let tokens = frame.number(Number::Tokens).iter().zip(mask);
        let mut sizes = vec![0_u32; parts.len()];
        for (part, (tokens, is_on)) in parts.by_position().zip(tokens) {
            if let Some(size) = sizes.get_mut(part).filter(|_| *is_on && !tokens.is_nan()) {
                *size += 1;
            }
        }
        // A dataset may have as many parts as rows: only those that are asked for get slots.
        let size = |part: &usize| sizes.get(*part).copied().unwrap_or_default();
        let found: Vec<usize> = (0..parts.len()).filter(|part| size(part) > 0).collect();
        let mut largest = super::order::sorted(found, &|a, b| size(b).cmp(&size(a)));
        largest.truncate(most);
        let mut place_of = vec![u32::MAX; parts.len()];
        for (place, &part) in (0..).zip(&largest) {
            if let Some(of) = place_of.get_mut(part) {
                *of = place;
            }
        }
        let place = |part| place_of.get(part).copied().unwrap_or(u32::MAX);
        let names = largest.iter().map(|&part| parts.name(part).to_owned());
        self.told.push(Told {
            facet,
            slots: vec![vec![Amount::default(); self.limits.len() + 1]; largest.len()],
            places: parts.by_position().map(place).collect(),
            names: names.collect(),
        });
    }

    /// Counts every row that is on.
    fn count_all(&mut self, frame: &Frame, mask: &[bool]) {
        let rows = mask.iter().enumerate().take(frame.len());
        for (position, _) in rows.filter(|(_, is_on)| **is_on) {
            self.count(frame, position);
        }
    }

    /// Puts a row to the least limit that holds it.
    fn count(&mut self, frame: &Frame, position: usize) {
        let Some(amount) = amount(frame, position) else {
            self.unknown += 1;
            return;
        };
        let limits = &self.limits;
        let slot = limits.partition_point(|&limit| limit < amount.tokens);
        let of_parts = self.told.iter_mut().filter_map(|told| {
            let place = told.places.get(position).copied()?;
            told.slots.get_mut(place as usize)
        });
        for slots in std::iter::once(&mut self.all).chain(of_parts) {
            if let Some(sum) = slots.get_mut(slot) {
                sum.add(amount);
            }
        }
    }

    fn curves(&self) -> Curves {
        let parts = |told: &Told| {
            let parts = told.names.iter().zip(&told.slots);
            let kept = parts.map(|(name, slots)| added_up(name, slots)).collect();
            (told.facet, kept)
        };
        Curves {
            limits: self.limits.clone(),
            all: added_up("", &self.all),
            by: self.told.iter().map(parts).collect(),
            unknown: self.unknown,
        }
    }
}

/// The marks, and steps of one ratio from just below the row with the fewest tokens to the one with the most.
fn steps(frame: &Frame, mask: &[bool], marks: &[u64]) -> Vec<u64> {
    let tokens = frame.number(Number::Tokens).iter().zip(mask);
    let known = tokens.filter(|(tokens, is_on)| **is_on && !tokens.is_nan());
    let ends = known.fold((u64::MAX, 0), |(least, most), (&tokens, _)| {
        (least.min(tokens as u64), most.max(tokens as u64))
    });
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
