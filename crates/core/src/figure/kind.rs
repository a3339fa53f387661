//! The charts of the page, one line each: the order is that of the page.
//! A chart's record names all that is said of it and the function that makes its figure; it stands in the file that its
//! line names.

use serde::{Deserialize, Serialize};

use super::*; // every line names a file of this folder
use crate::ground::table::table;

table! {
    /// A chart of the page.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    pub enum Kind of ChartRecord {
        Outcomes = shares::CHART,
        SuccessRate = interval::CHART,
        Languages = languages::CHART,
        Turns = turns::CHART,
        Tokens = tokens::CHART,
        Kept = curve::CHART,
        Limits = limits::CHART,
        Tools = tools::CHART,
        PatchSize = patch_size::CHART,
        TurnsTokens = scatter::CHART,
        Signs = signs::CHART,
        Explore = explore::CHART,
    }
}

/// All that is said of a chart, and how its figure is made.
pub(super) struct ChartRecord {
    /// Its name in file names and in the page's marks.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What it counts and how, for its tooltip.
    pub definition: &'static str,
    /// Which filter a click or a brush on it sets.
    pub sets: Sets,
    /// Whether it shows only rows whose tokens are counted.
    pub needs_tokens: bool,
    /// Makes its figure, of a frame that has rows.
    pub figure: fn(&View<'_>) -> Figure,
}

/// Which filter a click or a brush on a chart sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sets {
    /// None; the chart only shows.
    Nothing,
    /// A click on a bar adds or removes its value.
    List(ListKey),
    /// A brush along the horizontal axis sets the range.
    Range(RangeKey),
    /// A click sets the token budget.
    Budget,
}

impl Kind {
    /// Its name in file names and in the page's marks.
    pub const fn name(self) -> &'static str {
        self.record().name
    }

    /// Its heading.
    pub const fn title(self) -> &'static str {
        self.record().title
    }

    /// What it counts and how, for its tooltip.
    pub const fn definition(self) -> &'static str {
        self.record().definition
    }

    /// Which filter a click or a brush on it sets.
    pub const fn sets(self) -> Sets {
        self.record().sets
    }

    /// Whether it shows only rows whose tokens are counted.
    pub const fn needs_tokens(self) -> bool {
        self.record().needs_tokens
    }
}
