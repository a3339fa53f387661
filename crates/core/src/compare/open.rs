//! The rows behind a difference: the rules that select those which make it.
//! Of a yes they are the rows that say yes, of a number those on the far side of the middle between the two medians.

use super::feature::About;
use super::{Difference, Sizes};
use crate::recipe::{Bounds, ListKey, Pointed, RangeKey};

impl Difference {
    /// Whether the first group has more.
    pub fn is_more_in_first(&self) -> bool {
        self.effect().is_some_and(|(size, ..)| size > 0.0)
    }

    /// The rule for the rows that make the difference; `None` where no filter says it.
    pub fn rule(&self) -> Option<Pointed> {
        match self.about {
            About::Success => Some(Pointed::Is(ListKey::Outcome, "success".to_owned())),
            About::Sign(sign) => Some(Pointed::Is(ListKey::Flag, sign.name().to_owned())),
            About::Tool => {
                let name = self.name.strip_prefix("tool:")?;
                Some(Pointed::Is(ListKey::Tool, name.to_owned()))
            }
            About::Number(number) => {
                let key = RangeKey::ALL
                    .into_iter()
                    .find(|key| key.number() == number)?;
                let Sizes::Numbers { first, second, .. } = self.sizes else {
                    return None;
                };
                let middle = f64::midpoint(first.median, second.median);
                let low = match key {
                    RangeKey::Overlap => middle,
                    // Where the medians are one number, those that have more than it.
                    _ if first.median == second.median => middle.floor() + 1.0,
                    _ => middle.ceil(),
                };
                let low = Some(low).filter(|low| low.is_finite())?;
                let bounds = Bounds {
                    low: Some(low),
                    high: None,
                };
                Some(Pointed::Within(key, bounds))
            }
        }
    }
}
