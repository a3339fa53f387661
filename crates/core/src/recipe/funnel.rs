//! The selection: which rows pass all rules, how many are left after each, and what each rule alone removes.
//! One pass over the frame's columns; 100,000 rows in a few milliseconds.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::failures::Failures;
use super::filter::Filters;
use super::rule::rules;
use super::signs::SignRules;
use crate::frame::{Found, Frame};

/// The rows that pass, and the funnel that led to them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selection {
    /// By position: whether the row passes.
    pub mask: Vec<bool>,
    /// Positions of the rows that pass, by row index.
    pub kept: Vec<u32>,
    /// One step per rule that is set, in the order of the address.
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
        let ignored = steps.filter(|(_, step)| keys.contains(&&*step.key));
        self.failures.passed_without(ignored.map(|(at, _)| at))
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
        waiting.any(|step| OF_PATCHES.contains(&&*step.key))
    }
}

/// One rule of the funnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The rule's key in the address.
    pub key: Cow<'static, str>,
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

/// Applies the rules to rows whose texts nothing was looked for in.
pub fn select(frame: &Frame, filters: &Filters, seed: u64) -> Selection {
    select_found(frame, &Found::default(), filters, seed)
}

/// Applies the rules; `found` says which rows hold what a filter by text looks for.
pub fn select_found(frame: &Frame, found: &Found, filters: &Filters, seed: u64) -> Selection {
    let rules = rules(filters);
    let mut failed = Failures::new(frame.len());
    let unknown: Vec<usize> = rules
        .iter()
        .zip(0..)
        .map(|(rule, at)| match rule.is_waiting(frame) {
            true => 0,
            false => rule.apply((frame, found), filters, seed, at, &mut failed),
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
                key: rule.key().into(),
                words: rule.words(&filters.signs.thresholds),
                left,
                alone,
                unknown,
                is_waiting: rule.is_waiting(frame),
            })
            .collect(),
    }
}
