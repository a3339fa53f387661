//! What the rules offer: the values of a list with their rows, the ends of a range, how often each sign occurs.
//! All of it is counted over the rows that were read and those that pass; of a list, those that pass every other rule, so that
//! each value says how many rows it has to give.

use serde::{Deserialize, Serialize};

use super::{Ask, Held};
use tracesift_core::frame::facet::Facet;
use tracesift_core::frame::group::{Tally, by_label, by_tool, tally};
use tracesift_core::frame::quantile::Summary;
use tracesift_core::frame::{Frame, Number};
use tracesift_core::recipe::ListKey;
use tracesift_core::recipe::balance::sizes;
use tracesift_core::recipe::difficulty::{Difficulty, difficulties};
use tracesift_core::recipe::signs::{Carried, SignRules};
use tracesift_core::sign::Sign;
use tracesift_core::trace::Outcome;

/// The values of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValuesOf {
    /// Which list.
    pub key: ListKey,
}

/// A value of a list, with its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// The value as the address has it.
    pub name: String,
    /// How many rows have it.
    pub all: u32,
    /// How many of them pass every rule but the list's own.
    pub selected: u32,
}

impl Ask for ValuesOf {
    type Answer = Vec<Value>;

    fn answer(self, held: &mut Held) -> Vec<Value> {
        let (frame, selection) = held.now();
        values(self.key, &frame, &selection.mask_without(&[self.key.key()]))
    }
}

fn values(key: ListKey, frame: &Frame, mask: &[bool]) -> Vec<Value> {
    match key {
        ListKey::Outcome => {
            let (all, selected) = tally(frame, mask);
            let value = |outcome: Outcome| Value {
                name: outcome.name().to_owned(),
                all: all.of(outcome),
                selected: selected.of(outcome),
            };
            let values = Outcome::ALL.into_iter().map(value);
            values.filter(|value| value.all > 0).collect()
        }
        ListKey::Tool => {
            let tools = by_tool(frame, mask).into_iter().map(|tool| Value {
                name: tool.name,
                all: tool.all.rows,
                selected: tool.selected.rows,
            });
            tools.collect()
        }
        ListKey::Difficulty => difficulty_values(frame, mask),
        _ => {
            let Some(label) = key.label() else {
                return Vec::new();
            };
            let groups = by_label(frame, mask, label).into_iter();
            let values = groups.map(|group| Value {
                name: group.value.unwrap_or_else(|| ListKey::NONE.to_owned()),
                all: group.all.rows,
                selected: group.selected.rows,
            });
            values.collect()
        }
    }
}

fn difficulty_values(frame: &Frame, mask: &[bool]) -> Vec<Value> {
    let mut counts = [(0, 0); Difficulty::ALL.len()];
    for (difficulty, &is_selected) in difficulties(frame).into_iter().zip(mask) {
        if let Some((all, selected)) = counts.get_mut(difficulty as usize) {
            *all += 1;
            *selected += u32::from(is_selected);
        }
    }
    let value = |(difficulty, (all, selected)): (Difficulty, (u32, u32))| Value {
        name: difficulty.name().to_owned(),
        all,
        selected,
    };
    Difficulty::ALL.into_iter().zip(counts).map(value).collect()
}

/// The least and the greatest of a number; `None` where it is not known of any row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ends {
    /// Which number.
    pub number: Number,
}

impl Ask for Ends {
    type Answer = Option<(f64, f64)>;
    const IS_OF_SELECTION: bool = false;

    fn answer(self, held: &mut Held) -> Option<(f64, f64)> {
        let values = held.frame().number(self.number).iter().copied();
        let summary = Summary::of(values);
        (summary.known > 0).then_some((summary.min, summary.max))
    }
}

/// The values of a facet with their rows, most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizesOf {
    /// Which facet.
    pub facet: Facet,
    /// So many values are wanted.
    pub most: usize,
}

impl Ask for SizesOf {
    type Answer = Vec<(String, u32)>;
    const IS_OF_SELECTION: bool = false;

    fn answer(self, held: &mut Held) -> Vec<(String, u32)> {
        let frame = held.frame();
        let mut values = sizes(frame, &vec![true; frame.len()], self.facet);
        values.truncate(self.most);
        values
    }
}

/// The rows with each of some signs and those without it, by outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tallies {
    /// The signs.
    pub signs: Vec<Sign>,
    /// When a row carries one.
    pub rules: SignRules,
}

impl Ask for Tallies {
    /// A pair for each sign, in their order.
    type Answer = Vec<(Tally, Tally)>;
    const IS_OF_SELECTION: bool = false;

    fn answer(self, held: &mut Held) -> Vec<(Tally, Tally)> {
        let carried = Carried::new(held.frame(), &self.rules);
        let tallies = self.signs.into_iter().map(|sign| carried.tallies(sign));
        tallies.collect()
    }
}
