//! What a token limit keeps of the selected rows, by outcome, language and source; what it does to the mix; how the rows
//! pack into sequences of that length; and what shortening long results would save.

use serde::{Deserialize, Serialize};

use super::{Ask, Held};
use tracesift_core::figure::Count;
use tracesift_core::figure::limits::PARTS;
use tracesift_core::frame::facet::Facet;
use tracesift_core::frame::limit::{Curves, lengths, observed, saved};
use tracesift_core::ground::words;
use tracesift_core::mix::{Fates, Mix};
use tracesift_core::pack::{Packing, pack};
use tracesift_core::recipe::limits::limits;

/// So many shifts of a facet are said in words.
const SAID: usize = 2;

/// What a budget keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetOf {
    /// The budget, in tokens.
    pub budget: u64,
}

/// What there is to show of a budget.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct BudgetReport {
    /// The budget that it was found for.
    pub budget: u64,
    /// How many rows there are, and how many are selected.
    pub rows: Count,
    /// What each limit keeps, by outcome, language and source.
    pub curves: Curves,
    /// What the budget does to the mix, in words.
    pub shifts: Vec<String>,
    /// What shortening observations saves: to how many tokens, how many in all, in how many rows.
    pub saved: Vec<(u32, u64, u32)>,
    /// Tokens of observations.
    pub observed: u64,
    /// How the rows pack.
    pub packing: Packing,
}

impl Ask for BudgetOf {
    type Answer = Option<BudgetReport>;

    fn answer(self, held: &mut Held) -> Option<BudgetReport> {
        let (frame, selection) = held.now();
        let (frame, mask, budget) = (&*frame, &*selection.mask, self.budget);
        let marks = limits(budget);
        let marks: Vec<u64> = marks.iter().map(|limit| limit.tokens).collect();
        let facets = [Facet::Outcome, Facet::Language, Facet::Source];
        let rule = format!("tokens at most {}", words::count(budget));
        let fates = Fates::of_limit(frame, mask, budget, rule);
        let shifts = [Facet::Outcome, Facet::Language].into_iter();
        Some(BudgetReport {
            budget,
            rows: Count {
                all: frame.len() as u64,
                selected: selection.kept.len() as u64,
            },
            curves: Curves::of(frame, mask, &marks, &facets, PARTS),
            shifts: shifts
                .flat_map(|facet| Mix::of(frame, facet, &fates).words(SAID))
                .collect(),
            saved: saved(frame, mask),
            observed: observed(frame, mask),
            packing: pack(lengths(frame, mask), budget),
        })
    }
}
