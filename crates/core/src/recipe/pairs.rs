//! Pairs of runs of one task, the better one and the worse, for preference training: what makes two rows a pair, how many
//! pairs one task has, and which rows they are.
//!
//! Rows are paired within one task and one harness only: another harness begins with another prompt and other tools.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::draw::{Preference, random_key, rank};
use super::signs::{Carried, SignRules};
use crate::frame::{Frame, Label, Number, TextColumn, order};
use crate::trace::Outcome;

/// What makes two rows a pair.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pairing {
    /// One succeeds and the other fails.
    #[default]
    Verdict,
    /// One is preferred to the other: the best with the worst, the second best with the second worst, and so on. Where
    /// nothing is preferred, success is.
    Best,
}

impl Pairing {
    /// Every choice with its word in the address.
    pub const WORDS: [(&'static str, Self); 2] = [("verdict", Self::Verdict), ("best", Self::Best)];
}

/// Whether both runs of a pair are of one style: where one thinks in words and the other does not, a model learns that
/// rather than what is better.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PairStyle {
    /// Any two.
    #[default]
    Any,
    /// Both have reasoning, or neither.
    Same,
}

impl PairStyle {
    /// Every choice with its word in the address.
    pub const WORDS: [(&'static str, Self); 2] = [("any", Self::Any), ("same", Self::Same)];
}

/// What a person chose of the pairs; what was not chosen is `None`, and an address says nothing of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pairs {
    /// What makes a pair.
    pub pairing: Option<Pairing>,
    /// Pairs of one task and harness at most, from 1 to [`Pairs::MOST`].
    pub most: Option<u32>,
    /// Whether both runs are of one style.
    pub style: Option<PairStyle>,
}

impl Pairs {
    /// So many pairs of one task and harness can be asked for.
    pub const MOST: u32 = 100;

    /// Whether anything was chosen: then pairs are wanted.
    pub fn is_set(&self) -> bool {
        *self != Self::default()
    }

    /// The rule, with what is usual where nothing was chosen: a success and a failure, one pair of a task.
    pub fn rule(&self) -> PairRule {
        PairRule {
            pairing: self.pairing.unwrap_or_default(),
            most: self.most.unwrap_or(1),
            style: self.style.unwrap_or_default(),
        }
    }
}

/// Which rows are paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairRule {
    /// What makes a pair.
    pub pairing: Pairing,
    /// Pairs of one task and harness at most.
    pub most: u32,
    /// Whether both runs are of one style.
    pub style: PairStyle,
}

impl From<PairRule> for Pairs {
    /// The choice that says all of a rule.
    fn from(rule: PairRule) -> Self {
        Self {
            pairing: Some(rule.pairing),
            most: Some(rule.most),
            // Any is usual, and was all that there was in older links.
            style: Some(rule.style).filter(|style| *style != PairStyle::Any),
        }
    }
}

/// The row indices of two rows of one task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pair {
    /// The one that is preferred.
    pub chosen: u64,
    /// The other.
    pub rejected: u64,
}

/// The pairs among the rows that a mask selects, in the order of the chosen rows. No row is in two of them; `prefer` says
/// by what one row is better than another, and the seed decides among equals. Rows whose task is not known are in none.
pub fn pairs(
    frame: &Frame,
    mask: &[bool],
    rule: PairRule,
    prefer: &[Preference],
    signs: &SignRules,
    seed: u64,
) -> Vec<Pair> {
    let carried = Carried::new(frame, signs);
    let prefer = match (rule.pairing, prefer) {
        (Pairing::Best, []) => &[Preference::Success],
        (_, prefer) => prefer,
    };
    let index = |at: u32| frame.rows().get(at as usize).copied().unwrap_or_default();
    let rank = |at: u32| rank(prefer, &carried, at);
    let most = rule.most as usize;
    let mut found = Vec::new();
    let tasks = tasks(frame, mask, rule.style).into_values();
    for mut rows in tasks.filter(|rows| rows.len() > 1) {
        order::sort(&mut rows, &|a, b| {
            let (of_a, of_b) = (random_key(seed, index(a)), random_key(seed, index(b)));
            rank(a).cmp(&rank(b)).then(of_a.cmp(&of_b))
        });
        let of_task: Vec<(u32, u32)> = match rule.pairing {
            Pairing::Verdict => {
                let of = |outcome: Outcome| {
                    let rows = rows.iter().copied();
                    rows.filter(move |&at| frame.outcomes().get(at as usize) == Some(&outcome))
                };
                let both = of(Outcome::Success).zip(of(Outcome::Failure));
                both.take(most).collect()
            }
            Pairing::Best => {
                let half = rows.len() / 2;
                let both = rows.iter().copied().zip(rows.iter().rev().copied());
                let both = both.take(half.min(most));
                both.filter(|&(chosen, rejected)| rank(chosen) < rank(rejected))
                    .collect()
            }
        };
        found.extend(of_task.into_iter().map(|(chosen, rejected)| Pair {
            chosen: index(chosen),
            rejected: index(rejected),
        }));
    }
    order::sorted(found, &|a, b| a.chosen.cmp(&b.chosen))
}

/// The selected rows of each task and harness, and of each style where that counts, by position.
fn tasks(frame: &Frame, mask: &[bool], style: PairStyle) -> BTreeMap<(u32, u32, bool), Vec<u32>> {
    let reasoning = frame.number(Number::TokensReasoning);
    // Where tokens were not counted, no style is known.
    let has_reasoning = |at: usize| reasoning.get(at).is_some_and(|tokens| *tokens > 0.0);
    let tasks = frame.label(Label::InstanceId).codes.iter();
    let harnesses = frame.label(Label::Harness).codes.iter();
    let mut rows: BTreeMap<_, Vec<u32>> = BTreeMap::new();
    for (((&task, &harness), &is_on), position) in tasks.zip(harnesses).zip(mask).zip(0..) {
        if is_on && task != TextColumn::NONE {
            let is_thinking = style == PairStyle::Same && has_reasoning(position as usize);
            let key = (task, harness, is_thinking);
            rows.entry(key).or_default().push(position);
        }
    }
    rows
}
