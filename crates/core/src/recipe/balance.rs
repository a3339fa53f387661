//! The balance of the selection: shares that values should have, or how much of it one value may make up. Decided by the counts
//! of the rows that pass all other rules, the seed and the row's index: the order in which rows arrived makes no difference.
//!
//! Of each stratum the rows with the least random keys are kept, so that a count that changes by a few changes few rows.

use serde::{Deserialize, Serialize};

use super::draw::{least, random_key};
use crate::frame::facet::{Facet, Parts};
use crate::frame::{Frame, order};
use crate::ground::words::thousands;
use crate::ground::words::{cut, percent};

/// How the selection is balanced.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// By what; `None`: by language, where shares or a cap are given. Alone, every value gets as many rows as the others.
    pub by: Option<Facet>,
    /// The share of the selection that each value should make up, 0 to 1; all other values together get the rest.
    pub shares: Vec<(String, f64)>,
    /// How much one value may make up.
    pub cap: Option<Cap>,
}

/// How much of the selection one value may make up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Cap {
    /// So many rows.
    Rows(u32),
    /// Such a share of the rows, above 0 and below 1.
    Share(f64),
}

impl Balance {
    /// Whether the rule says anything.
    pub fn is_set(&self) -> bool {
        self.by.is_some() || !self.shares.is_empty() || self.cap.is_some()
    }

    /// By what rows are balanced.
    pub fn facet(&self) -> Facet {
        self.by.unwrap_or(Facet::Language)
    }

    /// The rule in words: `30 % Python and 20 % Go by language`, `no repository above 10 % of the rows`.
    pub fn words(&self) -> String {
        let facet = self.facet().title().to_lowercase();
        let cap = self.cap.map(|cap| match cap {
            Cap::Rows(1) => format!("at most 1 row of one {facet}"),
            Cap::Rows(rows) => format!("at most {} rows of one {facet}", thousands(rows.into())),
            Cap::Share(share) => format!("no {facet} above {} of the rows", percent(share)),
        });
        let share =
            |(name, share): &(String, f64)| format!("{} {}", percent(*share), cut(name, 40));
        let shares: Vec<String> = self.shares.iter().map(share).collect();
        let shares = (!shares.is_empty()).then(|| format!("{} by {facet}", shares.join(", ")));
        match (cap, shares) {
            (None, None) => format!("as many rows of every {facet}"),
            (cap, shares) => [cap, shares]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", then "),
        }
    }
}

/// Of the rows that a mask selects, the largest part that is balanced: at most as many of one value as its cap says, then
/// as many of each as the shares say. Values that no row has are left out of the shares, which then hold for the rest.
pub fn balanced(frame: &Frame, mask: &[bool], balance: &Balance, seed: u64) -> Vec<bool> {
    let parts = balance.facet().parts(frame);
    let by_part: Vec<u32> = parts.by_position().map(index).collect();
    let mut kept = mask.to_vec();
    let is_equal = balance.cap.is_none() && balance.shares.is_empty();
    let sizes = counts(&by_part, &kept, parts.len());
    let quota = match balance.cap {
        Some(Cap::Rows(rows)) => rows,
        Some(Cap::Share(share)) => most_of_one(&sizes, share),
        None if is_equal => sizes
            .iter()
            .copied()
            .filter(|&n| n > 0)
            .min()
            .unwrap_or_default(),
        None => u32::MAX,
    };
    keep(frame, &mut kept, &by_part, &vec![quota; parts.len()], seed);
    if !balance.shares.is_empty() {
        let strata = strata(&parts, &balance.shares);
        let by_stratum: Vec<u32> = by_part
            .iter()
            .map(|&part| strata.get(part as usize).copied().unwrap_or_default())
            .collect();
        let sizes = counts(&by_stratum, &kept, balance.shares.len() + 1);
        let quotas = quotas(&sizes, &balance.shares);
        keep(frame, &mut kept, &by_stratum, &quotas, seed);
    }
    kept
}

/// Each part's stratum: the place of its share, or the one after the last for all parts without one.
fn strata(parts: &Parts, shares: &[(String, f64)]) -> Vec<u32> {
    let mut strata = vec![index(shares.len()); parts.len()];
    for ((name, _), stratum) in shares.iter().zip(0..) {
        let place = parts.find(name).and_then(|part| strata.get_mut(part));
        if let Some(place) = place {
            *place = stratum;
        }
    }
    strata
}

fn counts(strata: &[u32], mask: &[bool], len: usize) -> Vec<u32> {
    let mut counts = vec![0; len];
    for (&stratum, &is_on) in strata.iter().zip(mask) {
        if let Some(count) = counts.get_mut(stratum as usize) {
            *count += u32::from(is_on);
        }
    }
    counts
}

/// The greatest number of rows of one value that is at most such a share of all that are left then. With few values no
/// number is: then the least one, which leaves as many of each.
fn most_of_one(sizes: &[u32], share: f64) -> u32 {
    let left = |cap: u32| sizes.iter().map(|&n| u64::from(n.min(cap))).sum::<u64>() as f64;
    // The less is kept of the large ones, the smaller is their share.
    let fits = |cap: u32| f64::from(cap) <= share * left(cap) + 1e-9;
    let least = sizes
        .iter()
        .copied()
        .filter(|&n| n > 0)
        .min()
        .unwrap_or_default();
    let (mut low, mut high) = (least, sizes.iter().copied().max().unwrap_or_default());
    if fits(high) {
        return high;
    }
    // Of the two, `low` fits (or is the least there can be) and `high` does not.
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        match fits(middle) {
            true => low = middle,
            false => high = middle,
        }
    }
    low
}

/// Rows of each stratum, the last of which is the rest: as many as the scarcest allows.
fn quotas(sizes: &[u32], shares: &[(String, f64)]) -> Vec<u32> {
    let named = shares.iter().map(|(_, share)| *share);
    let rest = (1.0 - named.clone().sum::<f64>()).max(0.0);
    // Less than this is what adding up leaves, not a share that someone wants.
    let rest = if rest < 1e-9 { 0.0 } else { rest };
    let wanted = named.chain([rest]).zip(sizes);
    let wanted: Vec<f64> = wanted
        .map(|(share, &size)| if size > 0 { share } else { 0.0 })
        .collect();
    let whole: f64 = wanted.iter().sum();
    let allows = sizes.iter().zip(&wanted).filter(|(_, share)| **share > 0.0);
    let all = allows.map(|(&size, share)| f64::from(size) * whole / share);
    let all = all.fold(f64::INFINITY, f64::min);
    let quota = |(share, &size): (&f64, &u32)| match *share > 0.0 {
        true => ((all * share / whole).round() as u32).min(size),
        false => 0,
    };
    wanted.iter().zip(sizes).map(quota).collect()
}

/// Keeps of each stratum at most as many rows as its quota, those with the least random keys.
fn keep(frame: &Frame, kept: &mut [bool], strata: &[u32], quotas: &[u32], seed: u64) {
    let sizes = counts(strata, kept, quotas.len());
    let is_over: Vec<bool> = sizes
        .iter()
        .zip(quotas)
        .map(|(size, quota)| size > quota)
        .collect();
    let mut keys: Vec<Vec<(u64, u32)>> = vec![Vec::new(); quotas.len()];
    let rows = strata.iter().zip(frame.rows()).zip(kept.iter_mut());
    for (((&stratum, &row), is_on), position) in rows.zip(0_u32..) {
        let stratum = stratum as usize;
        if *is_on && is_over.get(stratum) == Some(&true) {
            *is_on = false;
            if let Some(keys) = keys.get_mut(stratum) {
                keys.push((random_key(seed, row), position));
            }
        }
    }
    for (keys, &quota) in keys.into_iter().zip(quotas) {
        for position in least(keys, quota as usize) {
            if let Some(kept) = kept.get_mut(position as usize) {
                *kept = true;
            }
        }
    }
}

/// Every value of a facet that rows of a mask have, with their number: most first.
pub fn sizes(frame: &Frame, mask: &[bool], facet: Facet) -> Vec<(String, u32)> {
    let parts = facet.parts(frame);
    let by_part: Vec<u32> = parts.by_position().map(index).collect();
    let sizes = counts(&by_part, mask, parts.len());
    let named = sizes.into_iter().enumerate().filter(|(_, size)| *size > 0);
    let named = named.map(|(part, size)| (parts.name(part).to_owned(), size));
    order::sorted(named.collect(), &|a, b| b.1.cmp(&a.1))
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
