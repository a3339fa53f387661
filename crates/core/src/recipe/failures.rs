//! Which rules each row fails, as bits: from them come the rows that are left after each rule, and those that a rule
//! alone removes. One number per row, so that a hundred thousand rows are counted in one pass without a branch.

use super::filter::{ListKey, RangeKey};

/// For each row, the set of rules that it fails, one bit per rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failures(Vec<u64>);

/// Every rule that there can be: a row's set of them fits into one number.
const MOST_RULES: usize = ListKey::ALL.len() + RangeKey::ALL.len() + 3; // patch, per-instance, balance
const _: () = assert!(MOST_RULES <= u64::BITS as usize);

impl Failures {
    /// No row fails anything yet.
    pub(super) fn new(rows: usize) -> Self {
        Self(vec![0; rows])
    }

    /// Whether a row fails a rule, by the rule's place in the funnel.
    pub fn has(&self, position: usize, rule: usize) -> bool {
        self.0.get(position).is_some_and(|set| set & bit(rule) != 0)
    }

    /// Whether a row fails a rule and no other.
    pub fn is_only(&self, position: usize, rule: usize) -> bool {
        self.0
            .get(position)
            .is_some_and(|&set| set != 0 && set == bit(rule))
    }

    /// The first rule of the funnel that a row fails, which is the only one where it fails one alone; `None` where it
    /// passes.
    pub fn first(&self, position: usize) -> Option<usize> {
        let set = *self.0.get(position)?;
        (set != 0).then_some(set.trailing_zeros() as usize)
    }

    /// Marks the rows that fail a rule; `values` has one per row.
    pub(super) fn mark<T>(
        &mut self,
        rule: usize,
        values: impl IntoIterator<Item = T>,
        fails: impl Fn(T) -> bool,
    ) {
        let bit = bit(rule);
        for (set, value) in self.0.iter_mut().zip(values) {
            // All ones where it fails: no branch, and no multiplication.
            *set |= u64::from(fails(value)).wrapping_neg() & bit;
        }
    }

    /// Marks the rows that a draw leaves out.
    pub(super) fn mark_lost(&mut self, rule: usize, before: &[bool], after: &[bool]) {
        let lost = before.iter().zip(after);
        self.mark(rule, lost, |(&before, &after)| before && !after);
    }

    /// By position: whether the row passes every rule.
    pub(super) fn passed(&self) -> Vec<bool> {
        self.0.iter().map(|&set| set == 0).collect()
    }

    /// By position: whether the row passes every rule but some, by their places in the funnel.
    pub(super) fn passed_without(&self, rules: impl Iterator<Item = usize>) -> Vec<bool> {
        let ignored = rules.fold(0, |set, rule| set | bit(rule));
        self.0.iter().map(|&set| set & !ignored == 0).collect()
    }

    /// Rows left after each rule, and rows that fail it alone. One slot more than there are rules takes what needs
    /// no counting, so that the pass over the rows is without a branch.
    pub(super) fn funnel(&self, rules: usize) -> (Vec<usize>, Vec<usize>) {
        const SLOTS: usize = u64::BITS as usize + 1;
        let mut lost = [0_usize; SLOTS];
        let mut alone = [0_usize; SLOTS];
        for &set in &self.0 {
            let first = set.trailing_zeros() as usize;
            let only = if set.is_power_of_two() {
                first
            } else {
                SLOTS - 1
            };
            if let (Some(lost), Some(alone)) = (lost.get_mut(first), alone.get_mut(only)) {
                *lost += 1;
                *alone += 1;
            }
        }
        let mut left = self.0.len();
        let left = lost.into_iter().take(rules).map(|lost| {
            left = left.saturating_sub(lost);
            left
        });
        (left.collect(), alone.into_iter().take(rules).collect())
    }
}

/// The bit of a rule; none for a rule that there is no room for.
fn bit(rule: usize) -> u64 {
    u32::try_from(rule)
        .ok()
        .and_then(|rule| 1_u64.checked_shl(rule))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Failures;

    #[test]
    fn more_rules_than_32_are_told_apart() {
        let mut failures = Failures::new(3);
        for rule in 0..40 {
            failures.mark(rule, [rule == 39, rule >= 38, false], |fails| fails);
        }
        assert_eq!(failures.passed(), [false, false, true]);
        assert_eq!((failures.first(0), failures.first(1)), (Some(39), Some(38)));
        assert_eq!(failures.first(2), None);
        assert!(failures.is_only(0, 39) && !failures.is_only(1, 39) && failures.has(1, 39));
        let (left, alone) = failures.funnel(40);
        assert_eq!(
            (left.get(37), left.get(38), left.get(39)),
            (Some(&3), Some(&2), Some(&1))
        );
        assert_eq!((alone.get(38), alone.get(39)), (Some(&0), Some(&1)));
    }
}
