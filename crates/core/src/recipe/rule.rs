//! The rules that a recipe sets: what each is called, whether it can be applied yet, and which rows fail it.
//! A rule is one pass over a column of the frame.

use std::collections::HashSet;

use super::balance::{self, Balance};
use super::difficulty::{self, Difficulty};
use super::draw::{self, Preference};
use super::failures::Failures;
use super::filter::{Bounds, Filters, ListFilter, ListKey, PatchPresence, RangeKey};
use super::signs::Carried;
use crate::frame::{Found, Frame, Holds, Label, Number, TextColumn, ToolSet};
use crate::search::TextQuery;
use crate::sign::{Sign, Thresholds};
use crate::trace::Outcome;

/// A rule that is set.
pub(super) enum Rule<'f> {
    List(ListKey, &'f ListFilter),
    Range(RangeKey, Bounds),
    Patch(PatchPresence),
    Text(&'f TextQuery),
    PerInstance(u32, &'f [Preference]),
    Balance(&'f Balance),
}

/// The rules that are set, in the order of the address.
pub(super) fn rules(filters: &Filters) -> Vec<Rule<'_>> {
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
        .chain(filters.text.as_ref().map(Rule::Text))
        .chain(per_instance)
        .chain(balance)
        .collect()
}

impl Rule<'_> {
    pub(super) fn key(&self) -> &'static str {
        match self {
            Rule::List(key, _) => key.key(),
            Rule::Range(key, _) => key.key(),
            Rule::Patch(_) => "patch",
            Rule::Text(_) => "text",
            Rule::PerInstance(..) => "per-instance",
            Rule::Balance(_) => "balance",
        }
    }

    pub(super) fn words(&self, thresholds: &Thresholds) -> String {
        match self {
            Rule::List(key, list) => key.words(list, thresholds),
            Rule::Range(key, bounds) => key.words(*bounds),
            Rule::Patch(presence) => format!("patch is {}", presence.name()),
            Rule::Text(query) => query.in_words(),
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
    pub(super) fn is_waiting(&self, frame: &Frame) -> bool {
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
            Rule::Text(_) => true,
            // They draw among the rows that pass all other rules, and are the same draw then.
            Rule::PerInstance(..) | Rule::Balance(_) => false,
        }
    }

    /// Marks the rows that fail, as those of the rule at its place in the funnel; says how many fail because their value is not known.
    pub(super) fn apply(
        &self,
        (frame, found): (&Frame, &Found),
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
                // NaN means no patch at all: it is known that there is none.
                let files = frame.number(Number::PatchFiles);
                failed.mark(at, files, |&files| (files > 0.0) != wanted);
                0
            }
            Rule::Text(query) => by_text((frame, found), query, at, failed),
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

/// A row that was not looked at yet fails: it may or may not hold what is looked for.
fn by_text(
    (frame, found): (&Frame, &Found),
    query: &TextQuery,
    at: usize,
    failed: &mut Failures,
) -> usize {
    let holds: Vec<Holds> = (0..frame.len())
        .map(|position| found.holds(query, position))
        .collect();
    let wanted = match query.is_excluded {
        true => Holds::No,
        false => Holds::Yes,
    };
    failed.mark(at, &holds, |&holds| holds != wanted);
    holds
        .iter()
        .filter(|holds| **holds == Holds::Unknown)
        .count()
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
