//! The filters that are set as short marks, one for each value or range, each of which can be taken back by itself.
//! The funnel says the same filters in whole phrases.

use super::filter::{Bounds, Filters, ListKey, PatchPresence, RangeKey};
use crate::ground::words::{cut, thousands};
use crate::sign::Sign;

/// A mark of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// What is filtered, for people: `Outcome`.
    pub title: String,
    /// What is wanted of it: `success`, `not Rust`, `≤ 32,768`.
    pub words: String,
    takes: Takes,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Takes {
    Value(ListKey, String),
    Excluded(ListKey, String),
    Rule(&'static str),
}

impl Chip {
    /// Takes its filter back, and no other.
    pub fn remove_from(&self, filters: &mut Filters) {
        match &self.takes {
            Takes::Value(key, value) => filters.toggle(*key, value),
            Takes::Excluded(key, value) => filters.toggle_out(*key, value),
            Takes::Rule(key) => filters.remove(key),
        }
    }
}

impl Filters {
    /// The marks of all filters that are set, in the order of the address.
    pub fn chips(&self) -> Vec<Chip> {
        let lists = self.lists.iter().flat_map(|(&key, list)| {
            let wanted = list.include.iter().map(move |value| Chip {
                title: key.title().to_owned(),
                words: name_of(key, value),
                takes: Takes::Value(key, value.clone()),
            });
            let unwanted = list.exclude.iter().map(move |value| Chip {
                title: key.title().to_owned(),
                words: format!("not {}", name_of(key, value)),
                takes: Takes::Excluded(key, value.clone()),
            });
            wanted.chain(unwanted)
        });
        let ranges = self.ranges.iter().filter(|(_, bounds)| bounds.is_set());
        let ranges = ranges.map(|(&key, &bounds)| of_range(key, bounds));
        let rule = |title: &str, words: String, key| Chip {
            title: title.to_owned(),
            words,
            takes: Takes::Rule(key),
        };
        let patch = self.patch.map(|presence| {
            let words = match presence {
                PatchPresence::Present => "with a patch",
                PatchPresence::Empty => "without a patch",
            };
            rule("Final patch", words.to_owned(), "patch")
        });
        let text = self.text.as_ref();
        let text = text.map(|query| rule("Text", cut(&query.in_words(), 60), "text"));
        let per_instance = self.per_instance.map(|most| {
            rule(
                "Runs per task",
                format!("≤ {most} per task"),
                "per-instance",
            )
        });
        let balance = Some(&self.balance).filter(|balance| balance.is_set());
        let balance = balance.map(|balance| rule("Balance", balance.words(), "balance"));
        lists
            .chain(ranges)
            .chain(patch)
            .chain(text)
            .chain(per_instance)
            .chain(balance)
            .collect()
    }
}

fn of_range(key: RangeKey, bounds: Bounds) -> Chip {
    let name = key.title().to_lowercase();
    let words = match (bounds.low, bounds.high) {
        (Some(low), Some(high)) if low == high => format!("{} {name}", short_bound(low)),
        (Some(low), Some(high)) => {
            format!("{}–{} {name}", short_bound(low), short_bound(high))
        }
        (Some(low), None) => format!("≥ {} {name}", short_bound(low)),
        (None, Some(high)) => format!("≤ {} {name}", short_bound(high)),
        (None, None) => name,
    };
    Chip {
        title: key.title().to_owned(),
        words,
        takes: Takes::Rule(key.key()),
    }
}

fn name_of(key: ListKey, value: &str) -> String {
    match Sign::from_name(value) {
        Some(sign) if key == ListKey::Flag => sign.title().to_lowercase(),
        _ => cut(&key.shown(value), 40),
    }
}

/// A bound in few characters: `32k` for 32,768, as token budgets are said; any other number in full.
fn short_bound(bound: f64) -> String {
    const K: f64 = 1024.0;
    match bound / K {
        k if k >= 1.0 && k.fract() == 0.0 && k < K => format!("{k}k"),
        m if m >= K && (m / K).fract() == 0.0 => format!("{}M", m / K),
        _ => thousands(bound),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::address::parse;

    fn chips(query: &str) -> Vec<String> {
        let chips = parse(query).0.filters.chips();
        chips.into_iter().map(|chip| chip.words).collect()
    }

    #[test]
    fn each_value_and_each_range_has_a_mark() {
        let query = "outcome=success,partial&language=!Rust&tokens=..32768&turns=5..50&patch=present&per-instance=2";
        let expected = [
            "success",
            "partial",
            "not Rust",
            "≤ 32k tokens",
            "5–50 turns",
            "with a patch",
            "≤ 2 per task",
        ];
        assert_eq!(chips(query), expected);
        assert_eq!(
            chips("tokens=1000..&files=3..3"),
            ["≥ 1,000 tokens", "3 files touched"]
        );
        assert_eq!(chips(""), [""; 0]);
    }

    #[test]
    fn a_mark_takes_back_its_own_filter_and_no_other() {
        let query = "outcome=success,partial&flag=!loop-same&tokens=..32768&patch=empty&per-instance=2&balance=repo";
        let mut filters = parse(query).0.filters;
        let all = filters.chips().len();
        for left in (0..all).rev() {
            let chip = filters.chips().swap_remove(0);
            chip.remove_from(&mut filters);
            assert_eq!(filters.chips().len(), left, "{chip:?}");
        }
        assert_eq!(filters, Filters::default());
    }
}
