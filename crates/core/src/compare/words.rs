//! A difference in words: which group has more, by how much, over how many rows, and how sure that is.

use super::{Difference, FEWEST, Share, Sizes, Spread};
use crate::ground::words::{count, cut, share, short};

/// How large a size of difference is in words, from 0.147, 0.33 and 0.474 on: Romano et al., “Appropriate statistics for
/// ordinal level data”, Annual meeting of the Florida Association of Institutional Research (2006).
const STEPS: [(f64, &str); 3] = [(0.474, "far"), (0.33, "clearly"), (0.147, "somewhat")];

impl Difference {
    /// `Turns: clearly lower for success (half up to 43, n 120) than for failure (half up to 61, n 300).`
    pub fn words(&self, first: &str, second: &str) -> String {
        let (first, second) = (cut(first, 40), cut(second, 40));
        let title = cut(&self.title, 60);
        let (of_first, of_second) = match &self.sizes {
            Sizes::Numbers { first, second, .. } => (numbers(first), numbers(second)),
            Sizes::Shares { first, second, .. } => (shares(first), shares(second)),
        };
        let Some((size, ..)) = self.effect() else {
            let (n, m) = self.n();
            return format!(
                "{title}: too few rows to compare ({} of {first}, {} of {second}; {FEWEST} of each are needed).",
                count(n.into()),
                count(m.into())
            );
        };
        if !self.is_clear() {
            return format!(
                "{title}: no difference beyond chance: {first} ({of_first}), {second} ({of_second})."
            );
        }
        let more = if size > 0.0 { "higher" } else { "lower" };
        let step = STEPS.iter().find(|(from, _)| size.abs() >= *from);
        let much = step.map_or("a little", |(_, words)| words);
        format!("{title}: {much} {more} for {first} ({of_first}) than for {second} ({of_second}).")
    }
}

fn numbers(spread: &Spread) -> String {
    format!(
        "half up to {}, n {}",
        short(spread.median),
        count(spread.n.into())
    )
}

fn shares(of: &Share) -> String {
    format!(
        "{}, n {}",
        share(of.yes.into(), of.n.into()),
        count(of.n.into())
    )
}
