//! The rules of a selection: lists of labels, ranges of numbers, presence of a patch, rows per instance.
//! A rule that is not set lets every row pass; a row whose value is not known fails a range that is set.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::balance::Balance;
use super::draw::Preference;
use super::signs::SignRules;
use crate::frame::facet::Facet;
use crate::frame::{Label, Number};
use crate::ground::words::{language, thousands};
use crate::search::TextQuery;
use crate::sign::{Sign, Thresholds};

/// The rules that are set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Filters {
    /// Lists of labels.
    pub lists: BTreeMap<ListKey, ListFilter>,
    /// Ranges of numbers.
    pub ranges: BTreeMap<RangeKey, Bounds>,
    /// Whether there is a patch.
    pub patch: Option<PatchPresence>,
    /// What the texts must hold, or must not.
    pub text: Option<TextQuery>,
    /// The most rows to keep per instance, drawn by the recipe's seed after all other rules.
    pub per_instance: Option<u32>,
    /// Which rows of an instance are kept before others, where not all may be; the seed decides among equals.
    pub prefer: Vec<Preference>,
    /// How the selection is balanced, after all other rules.
    pub balance: Balance,
    /// When a row carries a quality sign; not a filter by itself.
    pub signs: SignRules,
}

/// What a list filters by. `none` is the value of rows whose label is not known, that call no tool, or that carry
/// no flag; an outcome that is not known is `unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ListKey {
    /// `outcome`
    Outcome,
    /// `language`
    Language,
    /// `license`
    License,
    /// `repo`
    Repo,
    /// `harness`
    Harness,
    /// `teacher`
    Teacher,
    /// `category`
    Category,
    /// `source`
    Source,
    /// `tool`: a row passes if it used one of them (and none of the excluded ones)
    Tool,
    /// `flag`: likewise
    Flag,
    /// `difficulty`: of the row's instance
    Difficulty,
}

impl ListKey {
    /// Every list, in the order of the address.
    pub const ALL: [ListKey; 11] = [
        ListKey::Outcome,
        ListKey::Language,
        ListKey::License,
        ListKey::Repo,
        ListKey::Harness,
        ListKey::Teacher,
        ListKey::Category,
        ListKey::Source,
        ListKey::Tool,
        ListKey::Flag,
        ListKey::Difficulty,
    ];

    /// The list of a facet's values.
    pub fn of(facet: Facet) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|list| list.key() == facet.name())
    }

    /// The value of rows that have none.
    pub const NONE: &'static str = "none";

    /// The key in the address.
    pub const fn key(self) -> &'static str {
        match self {
            ListKey::Outcome => "outcome",
            ListKey::Tool => "tool",
            ListKey::Flag => "flag",
            ListKey::Difficulty => "difficulty",
            ListKey::Language => "language",
            ListKey::License => "license",
            ListKey::Repo => "repo",
            ListKey::Harness => "harness",
            ListKey::Teacher => "teacher",
            ListKey::Category => "category",
            ListKey::Source => "source",
        }
    }

    /// The rule's name for people.
    pub fn title(self) -> &'static str {
        match self {
            ListKey::Outcome => "Outcome",
            ListKey::Tool => "Tool",
            ListKey::Flag => "Flag",
            ListKey::Difficulty => "Difficulty",
            other => other.label().map_or("", Label::title),
        }
    }

    /// The column of labels that is filtered; `None` for outcomes, tools, flags and difficulties.
    pub fn label(self) -> Option<Label> {
        match self {
            ListKey::Language => Some(Label::Language),
            ListKey::License => Some(Label::License),
            ListKey::Repo => Some(Label::Repo),
            ListKey::Harness => Some(Label::Harness),
            ListKey::Teacher => Some(Label::Teacher),
            ListKey::Category => Some(Label::Category),
            ListKey::Source => Some(Label::Source),
            ListKey::Outcome | ListKey::Tool | ListKey::Flag | ListKey::Difficulty => None,
        }
    }

    /// A value as people write it: a language's spelling is its own.
    pub fn shown(self, value: &str) -> Cow<'_, str> {
        match self {
            ListKey::Language => language(value),
            _ => Cow::Borrowed(value),
        }
    }

    /// The rule in words: `language is Python or Go, is not Rust`, `uses bash`, `flagged empty patch`.
    pub fn words(self, filter: &ListFilter, thresholds: &Thresholds) -> String {
        let title = self.title().to_lowercase();
        let (is, is_not) = match self {
            ListKey::Tool => ("uses".to_owned(), "does not use"),
            ListKey::Flag => ("flagged".to_owned(), "not flagged"),
            _ => (format!("{title} is"), "is not"),
        };
        let wanted = self.any_of(&filter.include, thresholds);
        let unwanted = self.any_of(&filter.exclude, thresholds);
        match (filter.include.is_empty(), filter.exclude.is_empty()) {
            (false, true) => format!("{is} {wanted}"),
            (false, false) => format!("{is} {wanted}, {is_not} {unwanted}"),
            _ if matches!(self, ListKey::Tool | ListKey::Flag) => format!("{is_not} {unwanted}"),
            _ => format!("{title} {is_not} {unwanted}"),
        }
    }

    /// `a, b or c`; a long list is cut short.
    fn any_of(self, values: &[String], thresholds: &Thresholds) -> String {
        const SHOWN: usize = 5;
        let mut words: Vec<String> = values
            .iter()
            .take(SHOWN)
            .map(|value| match Sign::from_name(value) {
                Some(sign) if self == ListKey::Flag => thresholds.words(sign),
                _ => value.clone(),
            })
            .collect();
        if let Some(more) = values.len().checked_sub(SHOWN).filter(|&more| more > 0) {
            words.push(format!("{} more", thousands(more as f64)));
        }
        match words.pop() {
            Some(last) if words.is_empty() => last,
            Some(last) => format!("{} or {last}", words.join(", ")),
            None => String::new(),
        }
    }
}

/// Values that are wanted and values that are not. With no wanted value every one that is not excluded passes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListFilter {
    /// Wanted values.
    pub include: Vec<String>,
    /// Values written with `!`.
    pub exclude: Vec<String>,
}

impl ListFilter {
    /// Whether the rule says anything.
    pub fn is_set(&self) -> bool {
        !self.include.is_empty() || !self.exclude.is_empty()
    }
}

/// What a range filters by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RangeKey {
    /// `tokens`
    Tokens,
    /// `turns`
    Turns,
    /// `calls`
    Calls,
    /// `errors`
    Errors,
    /// `added`: of the model's patch
    Added,
    /// `deleted`
    Deleted,
    /// `modified`
    Modified,
    /// `files`
    Files,
    /// `overlap`: of the two patches' files
    Overlap,
}

impl RangeKey {
    /// Every range, in the order of the address.
    pub const ALL: [RangeKey; 9] = [
        RangeKey::Tokens,
        RangeKey::Turns,
        RangeKey::Calls,
        RangeKey::Errors,
        RangeKey::Added,
        RangeKey::Deleted,
        RangeKey::Modified,
        RangeKey::Files,
        RangeKey::Overlap,
    ];

    /// The key in the address.
    pub const fn key(self) -> &'static str {
        match self {
            RangeKey::Tokens => "tokens",
            RangeKey::Turns => "turns",
            RangeKey::Calls => "calls",
            RangeKey::Errors => "errors",
            RangeKey::Added => "added",
            RangeKey::Deleted => "deleted",
            RangeKey::Modified => "modified",
            RangeKey::Files => "files",
            RangeKey::Overlap => "overlap",
        }
    }

    /// The rule's name for people.
    pub fn title(self) -> &'static str {
        self.number().title()
    }

    /// The column that is filtered.
    pub fn number(self) -> Number {
        match self {
            RangeKey::Tokens => Number::Tokens,
            RangeKey::Turns => Number::Turns,
            RangeKey::Calls => Number::Calls,
            RangeKey::Errors => Number::Errors,
            RangeKey::Added => Number::PatchAdded,
            RangeKey::Deleted => Number::PatchDeleted,
            RangeKey::Modified => Number::PatchModified,
            RangeKey::Files => Number::PatchFiles,
            RangeKey::Overlap => Number::OverlapFiles,
        }
    }

    /// The rule in words: `tokens at most 32,768`, `turns from 5 to 50`.
    pub fn words(self, bounds: Bounds) -> String {
        let title = self.title().to_lowercase();
        match (bounds.low, bounds.high) {
            (Some(low), Some(high)) if low == high => format!("{title} exactly {}", thousands(low)),
            (Some(low), Some(high)) => {
                format!("{title} from {} to {}", thousands(low), thousands(high))
            }
            (Some(low), None) => format!("{title} at least {}", thousands(low)),
            (None, Some(high)) => format!("{title} at most {}", thousands(high)),
            (None, None) => title,
        }
    }
}

/// `lo..hi`, both ends in; a missing end is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// The least value that passes.
    pub low: Option<f64>,
    /// The greatest value that passes.
    pub high: Option<f64>,
}

impl Bounds {
    /// Whether the rule says anything.
    pub fn is_set(self) -> bool {
        self.low.is_some() || self.high.is_some()
    }

    /// Whether a value lies within. What is not known (NaN) lies within no range that is set.
    pub fn contains(self, value: f64) -> bool {
        self.low.is_none_or(|low| value >= low) && self.high.is_none_or(|high| value <= high)
    }
}

/// Whether a row must have a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PatchPresence {
    /// At least one file is touched.
    Present,
    /// None is, or there is no patch at all.
    Empty,
}

impl PatchPresence {
    /// Both, in the order in which they are offered.
    pub const ALL: [PatchPresence; 2] = [PatchPresence::Present, PatchPresence::Empty];

    /// The word of the address.
    pub const fn name(self) -> &'static str {
        match self {
            PatchPresence::Present => "present",
            PatchPresence::Empty => "empty",
        }
    }
}
