//! What was written and what was not, counted while it happens. Tallies of pages add up to the file's.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::check::{Fault, Rejected};
use super::prepare::Mended;
use super::split::Split;
use super::writer::Line;

/// Counts of a page's lines, or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// Lines per split.
    #[serde(rename = "sides")]
    pub splits: BTreeMap<Split, u64>,
    /// Tokens of all lines, where counted.
    pub tokens: Option<u64>,
    /// Those among them that a trainer learns from.
    pub trainable: Option<u64>,
    /// Tokens of the longest line.
    pub longest: Option<u64>,
    /// The harnesses of the lines.
    pub harnesses: BTreeSet<String>,
    /// Licences of the lines and how many have each; `""` is not known.
    pub licenses: BTreeMap<String, u64>,
    /// Languages of the lines and how many have each.
    pub languages: BTreeMap<String, u64>,
    /// Lines in which a trainer finds images.
    #[serde(skip_serializing_if = "is_zero")]
    pub images: u64,
    /// Lists from which tools were added, and how many lines have tools of each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tools_from: BTreeMap<String, u64>,
    /// What was done about calls that can't be read.
    #[serde(skip_serializing_if = "is_nothing")]
    pub mended: Mended,
    /// Lines that have a fault which the format does not refuse.
    pub odd: BTreeMap<Fault, u64>,
    /// Rows, or parts of rows, that were not written, by every reason that they have.
    pub rejected: BTreeMap<Fault, u64>,
    /// Rows, or parts of rows, that were not written.
    pub rejected_rows: u64,
}

impl Tally {
    /// Counts a line.
    pub fn add_line(&mut self, line: &Line) {
        *self.splits.entry(line.split).or_default() += 1;
        add(&mut self.tokens, line.tokens);
        add(&mut self.trainable, line.trainable);
        self.longest = self.longest.max(line.tokens);
        self.harnesses.extend(line.harness.clone());
        *self.licenses.entry(line.license.clone()).or_default() += 1;
        *self.languages.entry(line.language.clone()).or_default() += 1;
        self.images += u64::from(line.shape.images);
        if let Some(list) = &line.tools_from {
            *self.tools_from.entry(list.clone()).or_default() += 1;
        }
        self.mended += line.mended;
        for reason in &line.odd {
            *self.odd.entry(reason.fault()).or_default() += 1;
        }
    }

    /// Counts what was not written.
    pub fn add_rejected(&mut self, rejected: &Rejected) {
        self.rejected_rows += 1;
        for reason in &rejected.reasons {
            *self.rejected.entry(reason.fault()).or_default() += 1;
        }
    }

    /// The sequence length for a trainer's configuration, and how many tokens the longest line has, in words. Where none
    /// was counted, it is a usual one.
    pub fn sequence_length(&self) -> (u64, String) {
        const USUAL: u64 = 32_768;
        match self.longest {
            Some(longest) => (room_for(longest), longest.to_string()),
            None => (room_for(USUAL), "an unknown number of".to_owned()),
        }
    }

    /// Lines of all splits.
    pub fn lines(&self) -> u64 {
        self.splits.values().sum()
    }
}

impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, more: &Tally) {
        merge(&mut self.splits, &more.splits);
        add(&mut self.tokens, more.tokens);
        add(&mut self.trainable, more.trainable);
        self.longest = self.longest.max(more.longest);
        self.harnesses.extend(more.harnesses.iter().cloned());
        merge(&mut self.licenses, &more.licenses);
        merge(&mut self.languages, &more.languages);
        self.images += more.images;
        merge(&mut self.tools_from, &more.tools_from);
        self.mended += more.mended;
        merge(&mut self.odd, &more.odd);
        merge(&mut self.rejected, &more.rejected);
        self.rejected_rows += more.rejected_rows;
    }
}

/// The sequence length that lets a row of so many tokens through: with a tenth more for the chat template, in steps of
/// 1,024.
pub fn room_for(longest: u64) -> u64 {
    const STEP: u64 = 1024;
    let with_template = longest.saturating_add(longest / 10);
    with_template.div_ceil(STEP).max(1).saturating_mul(STEP)
}

fn is_nothing(mended: &Mended) -> bool {
    *mended == Mended::default()
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

fn add(sum: &mut Option<u64>, more: Option<u64>) {
    if let Some(more) = more {
        *sum = Some(sum.unwrap_or_default().saturating_add(more));
    }
}

fn merge<K: Ord + Clone>(counts: &mut BTreeMap<K, u64>, more: &BTreeMap<K, u64>) {
    for (key, count) in more {
        *counts.entry(key.clone()).or_default() += count;
    }
}
