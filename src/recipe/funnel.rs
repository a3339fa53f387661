//! The selection: which rows pass all rules, how many are left after each, and what each rule alone removes.
//! One pass over the frame's columns; 100,000 rows in a few milliseconds.

use std::collections::HashSet;

use super::balance::{self, Balance};
use super::difficulty::{self, Difficulty};
use super::draw::{self, Preference};
use super::filter::{Bounds, Filters, ListFilter, ListKey, PatchPresence, RangeKey};
use super::signs::{Carried, SignRules};
use crate::frame::{Frame, Label, Number, TextColumn, ToolSet};
use crate::sign::{Sign, Thresholds};
use crate::trace::Outcome;

/// The rows that pass, and the funnel that led to them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selection {
    /// By position: whether the row passes.
    pub mask: Vec<bool>,
    /// Positions of the rows that pass, by row index.
    pub kept: Vec<u32>,
    /// One step a rule that is set, in the order of the address.
    pub steps: Vec<Step>,
    /// By position: the rules that the row fails, as indices into `steps`.
    pub failures: Failures,
    /// When a row carries a quality sign.
    pub signs: SignRules,
}

impl Selection {
    /// The positions of the rows that fail this step's rule and no other, by row index: those that come back where
    /// the rule is dropped.
    pub fn removed_alone(&self, frame: &Frame, step: usize) -> Vec<u32> {
        let mut positions = frame.order();
        positions.retain(|&position| self.failures.is_only(position as usize, step));
        positions
    }

    /// The rows that pass every rule but those of some keys, by position.
    pub fn mask_without(&self, keys: &[&str]) -> Vec<bool> {
        let steps = self.steps.iter().enumerate();
        let ignored = steps.filter(|(_, step)| keys.contains(&step.key));
        let ignored = ignored.fold(0, |set, (at, _)| set | bit(at));
        let sets = self.failures.0.iter();
        sets.map(|set| set & !ignored == 0).collect()
    }

    /// The steps whose rules a row fails, in the order of the funnel; none where it passes.
    pub fn failed_by(&self, position: usize) -> Vec<&Step> {
        let steps = self.steps.iter().enumerate();
        steps
            .filter(|(at, _)| self.failures.has(position, *at))
            .map(|(_, step)| step)
            .collect()
    }

    /// Whether a rule can't be applied before the rows' patches are read.
    pub fn waits_for_patches(&self) -> bool {
        const OF_PATCHES: [&str; 6] = ["added", "deleted", "modified", "files", "overlap", "patch"];
        let mut waiting = self.steps.iter().filter(|step| step.is_waiting);
        waiting.any(|step| OF_PATCHES.contains(&step.key))
    }
}

/// One rule of the funnel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The rule's key in the address.
    pub key: &'static str,
    /// The rule in words: `outcome is success`, `tokens at most 32,768`.
    pub words: String,
    /// Rows left after this rule and all before it.
    pub left: usize,
    /// Rows that fail this rule and no other. For `per-instance` and `balance`, which draw among the rows that pass all
    /// rules before them, every row that they remove.
    pub alone: usize,
    /// Rows that fail this rule because their value is not known.
    pub unknown: usize,
    /// The rule needs texts of the rows, and no row's texts were read yet: it lets every row pass.
    pub is_waiting: bool,
}

/// Applies the rules.
pub fn select(frame: &Frame, filters: &Filters, seed: u64) -> Selection {
    let rules = rules(filters);
    let mut failed = Failures::new(frame.len());
    let unknown: Vec<usize> = rules
        .iter()
        .zip(0..)
        .map(|(rule, at)| match rule.is_waiting(frame) {
            true => 0,
            false => rule.apply(frame, filters, seed, at, &mut failed),
        })
        .collect();
    let (left, alone) = failed.funnel(rules.len());
    let steps = rules.iter().zip(unknown).zip(left.into_iter().zip(alone));
    let mask = failed.passed();
    Selection {
        kept: frame
            .order()
            .into_iter()
            .filter(|&position| mask.get(position as usize).copied().unwrap_or(false))
            .collect(),
        signs: filters.signs.clone(),
        mask,
        failures: failed,
        steps: steps
            .map(|((rule, unknown), (left, alone))| Step {
                key: rule.key(),
                words: rule.words(&filters.signs.thresholds),
                left,
                alone,
                unknown,
                is_waiting: rule.is_waiting(frame),
            })
            .collect(),
    }
}

/// A rule that is set.
enum Rule<'f> {
    List(ListKey, &'f ListFilter),
    Range(RangeKey, Bounds),
    Patch(PatchPresence),
    PerInstance(u32, &'f [Preference]),
    Balance(&'f Balance),
}

/// The rules that are set, in the order of the address.
fn rules(filters: &Filters) -> Vec<Rule<'_>> {
    let lists = filters.lists.iter().filter(|(_, list)| list.is_set());
    let ranges = filters.ranges.iter().filter(|(_, bounds)| bounds.is_set());
    let per_instance = filters.per_instance;
    let per_instance = per_instance.map(|most| Rule::PerInstance(most, &filters.prefer));
    let balance = Some(&filters.balance).filter(|balance| balance.is_set());
    let balance = balance.map(Rule::Balance);
    lists
        .map(|(&key, list)| Rule::List(key, list))
        .chain(ranges.map(|(&key, &bounds)| Rule::Range(key, bounds)))
        .chain(filters.patch.map(Rule::Patch))
        .chain(per_instance)
        .chain(balance)
        .collect()
}

impl Rule<'_> {
    fn key(&self) -> &'static str {
        match self {
            Rule::List(key, _) => key.key(),
            Rule::Range(key, _) => key.key(),
            Rule::Patch(_) => "patch",
            Rule::PerInstance(..) => "per-instance",
            Rule::Balance(_) => "balance",
        }
    }

    fn words(&self, thresholds: &Thresholds) -> String {
        match self {
            Rule::List(key, list) => key.words(list, thresholds),
            Rule::Range(key, bounds) => key.words(*bounds),
            Rule::Patch(presence) => format!("patch is {}", presence.name()),
            Rule::Balance(balance) => balance.words(),
            Rule::PerInstance(most, prefer) => {
                let rows = if *most == 1 { "row" } else { "rows" };
                let prefer: Vec<&str> = prefer.iter().map(|prefer| prefer.words()).collect();
                let prefer = match prefer.is_empty() {
                    true => String::new(),
                    false => format!(", {} first", prefer.join(" first, then ")),
                };
                format!("at most {most} {rows} of one instance{prefer}")
            }
        }
    }

    /// Whether the rule can't be applied yet: it needs texts, and the frame is a survey.
    fn is_waiting(&self, frame: &Frame) -> bool {
        if !frame.is_survey() {
            return false;
        }
        match self {
            Rule::List(ListKey::Flag, list) => {
                // What the rows state without their texts is known: an empty patch, a benchmark's task.
                let mut names = list.include.iter().chain(&list.exclude);
                names.any(|name| match Sign::from_name(name) {
                    Some(Sign::EmptyPatch) => false,
                    Some(sign) => !frame.knows(sign),
                    None => true,
                })
            }
            // Verbs are words of the arguments.
            Rule::List(ListKey::Tool, list) => {
                let mut names = list.include.iter().chain(&list.exclude);
                names.any(|name| name.contains(':'))
            }
            Rule::List(..) => false,
            Rule::Range(key, _) => !frame.knows_number(key.number()),
            Rule::Patch(_) => !frame.knows_number(Number::PatchFiles),
            // They draw among the rows that pass all other rules, and are the same draw then.
            Rule::PerInstance(..) | Rule::Balance(_) => false,
        }
    }

    /// Marks the rows that fail, as those of the rule at its place in the funnel; says how many fail because their value is not known.
    fn apply(
        &self,
        frame: &Frame,
        filters: &Filters,
        seed: u64,
        at: usize,
        failed: &mut Failures,
    ) -> usize {
        match self {
            Rule::List(key, list) => match key.label() {
                Some(label) => by_label(frame, label, list, at, failed),
                None if *key == ListKey::Outcome => by_outcome(frame, list, at, failed),
                None if *key == ListKey::Tool => by_tool(frame, list, at, failed),
                None if *key == ListKey::Difficulty => by_difficulty(frame, list, at, failed),
                None => by_sign(&Carried::new(frame, &filters.signs), list, at, failed),
            },
            Rule::Range(key, bounds) => {
                let values = frame.number(key.number());
                failed.mark(at, values, |&value| !bounds.contains(value));
                values.iter().filter(|value| value.is_nan()).count()
            }
            Rule::Patch(presence) => {
                let wanted = *presence == PatchPresence::Present;
                // NaN is no patch at all: it is known that there is none.
                let files = frame.number(Number::PatchFiles);
                failed.mark(at, files, |&files| (files > 0.0) != wanted);
                0
            }
            Rule::PerInstance(most, prefer) => {
                let passed = failed.passed();
                let drawn = draw::per_instance(frame, &passed, *most, prefer, &filters.signs, seed);
                failed.mark_lost(at, &passed, &drawn);
                0
            }
            Rule::Balance(of) => {
                let passed = failed.passed();
                let drawn = balance::balanced(frame, &passed, of, seed);
                failed.mark_lost(at, &passed, &drawn);
                0
            }
        }
    }
}

fn by_label(
    frame: &Frame,
    label: Label,
    list: &ListFilter,
    at: usize,
    failed: &mut Failures,
) -> usize {
    let names = Names::new(list);
    let column = frame.label(label);
    let fails: Vec<bool> = column
        .values
        .iter()
        .map(|v| !names.pass([v.as_str()]))
        .collect();
    let none_fails = !names.pass([ListKey::NONE]);
    failed.mark(at, &column.codes, |&code| {
        fails.get(code as usize).copied().unwrap_or(none_fails)
    });
    let unknown = column
        .codes
        .iter()
        .filter(|&&code| code == TextColumn::NONE);
    if none_fails { unknown.count() } else { 0 }
}

fn by_outcome(frame: &Frame, list: &ListFilter, at: usize, failed: &mut Failures) -> usize {
    let listed = |values: &[String], outcome: Outcome| {
        values
            .iter()
            .any(|value| value.eq_ignore_ascii_case(outcome.name()))
    };
    let fails = Outcome::ALL.map(|outcome| {
        let wanted = list.include.is_empty() || listed(&list.include, outcome);
        !wanted || listed(&list.exclude, outcome)
    });
    let fails = |outcome: Outcome| fails.get(outcome as usize).copied().unwrap_or(true);
    failed.mark(at, frame.outcomes(), |&outcome| fails(outcome));
    let unknown = frame.outcomes().iter().filter(|&&o| o == Outcome::Unknown);
    if fails(Outcome::Unknown) {
        unknown.count()
    } else {
        0
    }
}

fn by_tool(frame: &Frame, list: &ListFilter, at: usize, failed: &mut Failures) -> usize {
    let names = Names::new(list);
    let wanted = Tools::of(frame, |name| names.wanted_tool(name));
    let unwanted = Tools::of(frame, |name| names.unwanted_tool(name));
    let without_fails = !names.pass([ListKey::NONE]);
    let wants_any = list.include.is_empty();
    let sets = frame.tool_sets().iter().zip(0..);
    failed.mark(at, sets, |(&set, position)| match set.is_empty() {
        true => without_fails,
        false => {
            let is_wanted = wants_any || wanted.meet(frame, position, set);
            !is_wanted || unwanted.meet(frame, position, set)
        }
    });
    0
}

/// Some of a frame's tools.
struct Tools {
    set: ToolSet,
    /// By code.
    all: Vec<bool>,
}

impl Tools {
    fn of(frame: &Frame, is_of: impl Fn(&str) -> bool) -> Self {
        let names = frame.tool_names().iter();
        let all: Vec<bool> = names.map(|name| is_of(name)).collect();
        let mut set = ToolSet::default();
        for (code, _) in (0..).zip(&all).filter(|(_, is_of)| **is_of) {
            set.insert(code);
        }
        Self { set, all }
    }

    /// Whether a row, whose tools are `set`, has one of them.
    fn meet(&self, frame: &Frame, position: usize, set: ToolSet) -> bool {
        if !self.set.meets(set) {
            return false;
        }
        if !(self.set.has_others() && set.has_others()) {
            return true;
        }
        let is_of = |code: u32| self.all.get(code as usize) == Some(&true);
        let mut uses = frame.tools(position).iter();
        uses.any(|(code, ..)| is_of(*code))
    }
}

fn by_difficulty(frame: &Frame, list: &ListFilter, at: usize, failed: &mut Failures) -> usize {
    let names = Names::new(list);
    let fails = Difficulty::ALL.map(|difficulty| !names.pass([difficulty.name()]));
    let fails = |difficulty: Difficulty| fails.get(difficulty as usize).copied().unwrap_or(true);
    let difficulties = difficulty::difficulties(frame);
    failed.mark(at, &difficulties, |&difficulty| fails(difficulty));
    let unknown = difficulties.iter().filter(|&&d| d == Difficulty::Unknown);
    if fails(Difficulty::Unknown) {
        unknown.count()
    } else {
        0
    }
}

fn by_sign(carried: &Carried, list: &ListFilter, at: usize, failed: &mut Failures) -> usize {
    let listed = |values: &[String]| -> Vec<Sign> {
        let signs = values.iter().map(|value| Sign::from_name(value));
        signs.flatten().collect()
    };
    let (include, exclude) = (listed(&list.include), listed(&list.exclude));
    let has_none = |values: &[String]| values.iter().any(|value| value == ListKey::NONE);
    let (wants_none, refuses_none) = (has_none(&list.include), has_none(&list.exclude));
    let asks_none = wants_none || refuses_none;
    failed.mark(at, 0..carried.rows(), |position| {
        let is_none = asks_none && !carried.any(position);
        let has = |signs: &[Sign]| signs.iter().any(|sign| carried.has(position, *sign));
        let is_wanted = list.include.is_empty() || has(&include) || (wants_none && is_none);
        !is_wanted || has(&exclude) || (refuses_none && is_none)
    });
    let is_unknown = |position: &usize| {
        let mut signs = include.iter();
        let has = include.iter().any(|sign| carried.has(*position, *sign));
        !has && signs.any(|sign| !carried.is_known(*position, *sign))
    };
    match include.is_empty() {
        true => 0,
        false => (0..carried.rows()).filter(is_unknown).count(),
    }
}

/// A list's values, ready to be asked for many names.
struct Names<'f> {
    include: HashSet<&'f str>,
    exclude: HashSet<&'f str>,
}

impl<'f> Names<'f> {
    fn new(list: &'f ListFilter) -> Self {
        Self {
            include: list.include.iter().map(String::as_str).collect(),
            exclude: list.exclude.iter().map(String::as_str).collect(),
        }
    }

    /// Whether a row with these names passes.
    fn pass<const N: usize>(&self, names: [&str; N]) -> bool {
        let wanted = self.include.is_empty() || names.iter().any(|&n| self.include.contains(n));
        wanted && !names.iter().any(|&n| self.exclude.contains(n))
    }

    fn wanted_tool(&self, name: &str) -> bool {
        has_tool(&self.include, name)
    }

    fn unwanted_tool(&self, name: &str) -> bool {
        has_tool(&self.exclude, name)
    }
}

/// `str_replace_editor` stands for all of its verbs (`str_replace_editor:view`).
fn has_tool(names: &HashSet<&str>, tool: &str) -> bool {
    names.contains(tool)
        || tool
            .split_once(':')
            .is_some_and(|(name, _)| names.contains(name))
}

/// For each row, a set of the rules that it fails: a bit a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failures(Vec<u64>);

/// Every rule that there can be: a row's set of them fits into one number.
const MOST_RULES: usize = ListKey::ALL.len() + RangeKey::ALL.len() + 3; // patch, per-instance, balance
const _: () = assert!(MOST_RULES <= u64::BITS as usize);

impl Failures {
    fn new(rows: usize) -> Self {
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

    /// Marks the rows that fail a rule; `values` has one a row.
    fn mark<T>(
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
    fn mark_lost(&mut self, rule: usize, before: &[bool], after: &[bool]) {
        let lost = before.iter().zip(after);
        self.mark(rule, lost, |(&before, &after)| before && !after);
    }

    fn passed(&self) -> Vec<bool> {
        self.0.iter().map(|&set| set == 0).collect()
    }

    /// Rows left after each rule, and rows that fail it alone. One slot more than there are rules takes what needs
    /// no counting, so that the pass over the rows is without a branch.
    fn funnel(&self, rules: usize) -> (Vec<usize>, Vec<usize>) {
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

/// The bit of a rule; none of a rule that there is no room for.
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
