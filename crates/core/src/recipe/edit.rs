//! How a person changes the rules, one click at a time: a value wanted or not, a range set, a rule taken back.
//! A rule that says nothing any more is not kept, so that the address stays short.

use super::{Balance, Bounds, Filters, ListKey, RangeKey};
use crate::sign::Thresholds;

impl Filters {
    /// Wants a value of a list, or no longer.
    pub fn toggle(&mut self, key: ListKey, value: &str) {
        let rule = self.lists.entry(key).or_default();
        rule.exclude.retain(|unwanted| unwanted != value);
        flip(&mut rule.include, value);
        self.drop_empty(key);
    }

    /// Leaves a value of a list out, or no longer.
    pub fn toggle_out(&mut self, key: ListKey, value: &str) {
        let rule = self.lists.entry(key).or_default();
        rule.include.retain(|wanted| wanted != value);
        flip(&mut rule.exclude, value);
        self.drop_empty(key);
    }

    /// Sets a range; open bounds take it back.
    pub fn set_range(&mut self, key: RangeKey, bounds: Bounds) {
        if bounds.is_set() {
            self.ranges.insert(key, bounds);
        } else {
            self.ranges.remove(&key);
        }
    }

    /// Takes back the rule of a key of the address.
    pub fn remove(&mut self, key: &str) {
        self.lists.retain(|list, _| list.key() != key);
        self.ranges.retain(|range, _| range.key() != key);
        match key {
            "patch" => self.patch = None,
            "text" => self.text = None,
            "balance" => self.balance = Balance::default(),
            "per-instance" => (self.per_instance, self.prefer) = (None, Vec::new()),
            "signs" => self.signs.thresholds = Thresholds::default(),
            "bench" => self.signs.bench.clear(),
            _ => {}
        }
    }

    fn drop_empty(&mut self, key: ListKey) {
        self.lists
            .retain(|list, rule| *list != key || rule.is_set());
    }
}

fn flip(values: &mut Vec<String>, value: &str) {
    let before = values.len();
    values.retain(|known| known != value);
    if values.len() == before {
        values.push(value.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::PatchPresence;

    #[test]
    fn a_second_click_takes_a_value_back_and_leaves_no_empty_rule() {
        let mut filters = Filters::default();
        filters.toggle(ListKey::Language, "go");
        assert_eq!(
            filters
                .lists
                .get(&ListKey::Language)
                .map(|rule| rule.include.len()),
            Some(1)
        );
        filters.toggle(ListKey::Language, "go");
        assert_eq!(filters, Filters::default());
    }

    #[test]
    fn a_value_is_wanted_or_left_out_but_never_both() {
        let mut filters = Filters::default();
        filters.toggle(ListKey::Outcome, "success");
        filters.toggle_out(ListKey::Outcome, "success");
        let rule = filters
            .lists
            .get(&ListKey::Outcome)
            .cloned()
            .unwrap_or_default();
        assert_eq!((rule.include.len(), rule.exclude.len()), (0, 1));
    }

    #[test]
    fn every_rule_can_be_taken_back_by_its_key() {
        let mut filters = Filters {
            patch: Some(PatchPresence::Present),
            per_instance: Some(2),
            ..Filters::default()
        };
        filters.toggle(ListKey::Tool, "bash");
        filters.set_range(
            RangeKey::Turns,
            Bounds {
                low: Some(2.0),
                high: None,
            },
        );
        for key in ["patch", "per-instance", "tool", "turns"] {
            assert_ne!(filters, Filters::default());
            filters.remove(key);
        }
        assert_eq!(filters, Filters::default());
    }
}
