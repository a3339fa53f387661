//! Counts by a label or a tool, for all and for the selected rows in one pass, and rates with their intervals.
//! An outcome that is not known is in no rate: it is neither a success nor a failure.

use serde::{Deserialize, Serialize};

use super::{Frame, Label, order};
use crate::trace::Outcome;

/// The rows of one value of a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The value; `None` for the rows whose label is not known.
    pub value: Option<String>,
    /// All of its rows.
    pub all: Tally,
    /// Its selected rows.
    pub selected: Tally,
}

/// Rows, counted by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many rows.
    pub rows: u32,
    /// Of these, how many of each outcome, in the order of [`Outcome::ALL`].
    pub by_outcome: [u32; 4],
}

impl Tally {
    /// How many rows have an outcome.
    pub fn of(&self, outcome: Outcome) -> u32 {
        self.by_outcome
            .get(outcome as usize)
            .copied()
            .unwrap_or_default()
    }

    /// Rows whose outcome is known.
    pub fn known(&self) -> u32 {
        self.rows.saturating_sub(self.of(Outcome::Unknown))
    }

    /// The share of successes among the known outcomes; `None` where none is known.
    pub fn rate(&self) -> Option<Rate> {
        rate(self.of(Outcome::Success), self.known())
    }

    /// Counts rows of an outcome.
    pub fn add(&mut self, outcome: Outcome, times: u32) {
        self.rows += times;
        if let Some(count) = self.by_outcome.get_mut(outcome as usize) {
            *count += times;
        }
    }
}

/// A share with its Wilson 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// How many succeeded.
    pub successes: u32,
    /// Of how many whose outcome is known.
    pub known: u32,
    /// Their share, from 0 to 1.
    pub share: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

/// The 97.5th percentile of the standard normal distribution.
pub(crate) const Z: f64 = 1.959_963_984_540_054;

/// The share of successes with its Wilson score interval (Wilson, 1927), which stays within 0 and 1 and holds for
/// few rows too; `None` where no outcome is known.
pub fn rate(successes: u32, known: u32) -> Option<Rate> {
    if known == 0 {
        return None;
    }
    let n = f64::from(known);
    let share = f64::from(successes.min(known)) / n;
    let scale = 1.0 + Z * Z / n;
    let centre = (share + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(Rate {
        successes,
        known,
        share,
        low: (centre - half).clamp(0.0, share),
        high: (centre + half).clamp(share, 1.0),
    })
}

/// All rows and the selected ones by outcome.
pub fn tally(frame: &Frame, mask: &[bool]) -> (Tally, Tally) {
    let (mut all, mut selected) = (Tally::default(), Tally::default());
    for (position, &outcome) in frame.outcomes().iter().enumerate() {
        all.add(outcome, 1);
        selected.add(outcome, on(mask, position));
    }
    (all, selected)
}

/// One group a value that occurs: most rows first, equal ones by name, the unknown last.
pub fn by_label(frame: &Frame, mask: &[bool], label: Label) -> Vec<Group> {
    let column = frame.label(label);
    // The last slot is for rows whose label is not known.
    let none = column.values.len();
    let mut tallies = vec![(Tally::default(), Tally::default()); none + 1];
    for (position, (&code, &outcome)) in column.codes.iter().zip(frame.outcomes()).enumerate() {
        if let Some((all, selected)) = tallies.get_mut((code as usize).min(none)) {
            all.add(outcome, 1);
            selected.add(outcome, on(mask, position));
        }
    }
    let values = column.values.iter().map(Some).chain([None]);
    let groups: Vec<Group> = values
        .zip(tallies)
        .filter(|(_, (all, _))| all.rows > 0)
        .map(|(value, (all, selected))| Group {
            value: value.cloned(),
            all,
            selected,
        })
        .collect();
    order::sorted(groups, &|a, b| {
        let unknown_last = a.value.is_none().cmp(&b.value.is_none());
        let most_first = b.all.rows.cmp(&a.all.rows);
        unknown_last.then(most_first).then(a.value.cmp(&b.value))
    })
}

/// The use of one tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolGroup {
    /// `name` or `name:verb`.
    pub name: String,
    /// In all rows.
    pub all: ToolTally,
    /// In the selected rows.
    pub selected: ToolTally,
}

/// How often a tool was used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ToolTally {
    /// Its calls.
    pub calls: u64,
    /// Of these, how many failed.
    pub errors: u64,
    /// Rows that use it.
    pub rows: u32,
}

impl ToolTally {
    fn add(&mut self, calls: u32, errors: u32) {
        self.calls += u64::from(calls);
        self.errors += u64::from(errors);
        self.rows += 1;
    }
}

/// One group a tool that is used: most calls first, equal ones by name. Whoever counts for one selection after the
/// other keeps [`Tools`] instead.
pub fn by_tool(frame: &Frame, mask: &[bool]) -> Vec<ToolGroup> {
    Tools::of(frame).groups(frame, mask)
}

/// The use of each tool in all rows, counted once: a selection then costs only its own rows.
/// It holds for the frame that it was made from; a frame that grew, or was counted anew, needs a new one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tools(Vec<ToolTally>);

impl Tools {
    /// Counts over all rows.
    pub fn of(frame: &Frame) -> Self {
        Self(tool_tallies(frame, 0..frame.len()))
    }

    /// The groups for a selection.
    pub fn groups(&self, frame: &Frame, mask: &[bool]) -> Vec<ToolGroup> {
        let rows = frame.len().min(mask.len());
        let selected = match mask.iter().take(rows).all(|&on| on) && rows == frame.len() {
            true => self.0.clone(),
            false => tool_tallies(frame, (0..rows).filter(|&position| on(mask, position) == 1)),
        };
        let tallies = self.0.iter().zip(selected);
        let groups: Vec<ToolGroup> = frame
            .tool_names()
            .iter()
            .zip(tallies)
            .filter(|(_, (all, _))| all.rows > 0)
            .map(|(name, (&all, selected))| ToolGroup {
                name: name.clone(),
                all,
                selected,
            })
            .collect();
        order::sorted(groups, &|a, b| {
            let most_first = b.all.calls.cmp(&a.all.calls);
            most_first.then_with(|| a.name.cmp(&b.name))
        })
    }
}

/// One tally a tool, over some rows.
fn tool_tallies(frame: &Frame, positions: impl Iterator<Item = usize>) -> Vec<ToolTally> {
    let mut tallies = vec![ToolTally::default(); frame.tool_names().len()];
    for position in positions {
        for &(code, calls, errors) in frame.tools(position) {
            if let Some(tally) = tallies.get_mut(code as usize) {
                tally.add(calls, errors);
            }
        }
    }
    tallies
}

/// 1 for a selected row. A row beyond the mask's end is not selected.
pub(super) fn on(mask: &[bool], position: usize) -> u32 {
    mask.get(position).copied().map_or(0, u32::from)
}
