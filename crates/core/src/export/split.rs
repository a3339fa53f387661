//! Which split a row goes to: train, validation or test, by seed and group alone. No row of a group is in two
//! splits, whichever rows are exported and in which order.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Origin;
use super::options::{Group, Shares};
use crate::trace::Labels;

/// Where a row goes.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// What a model learns from.
    #[default]
    Train,
    /// What is looked at while it learns.
    Validation,
    /// What is looked at once.
    Test,
}

impl Split {
    /// Every split, the largest first.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// Its name in the names of files and on the Hub.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }

    /// The splits that these shares fill.
    pub fn of(shares: Shares) -> Vec<Self> {
        let is_used = |split: &Self| match split {
            Self::Train => true,
            Self::Validation => shares.validation > 0,
            Self::Test => shares.test > 0,
        };
        Self::ALL.into_iter().filter(is_used).collect()
    }
}

/// The split of a row.
///
/// Every group has a place between 0 and 100 percent, drawn from the seed and its name. Validation takes the places
/// from 0 up, the test those from 100 down: when a share is moved, only the groups at its border change splits.
pub fn split_of(shares: Shares, seed: u64, labels: &Labels, origin: &Origin) -> Split {
    if shares.validation == 0 && shares.test == 0 {
        return Split::Train;
    }
    let place = place(seed, &group(shares.group, labels, origin));
    if place < bound(shares.validation) {
        Split::Validation
    } else if place >= u128::from(u64::MAX) + 1 - bound(shares.test) {
        Split::Test
    } else {
        Split::Train
    }
}

/// Where a share ends, of 2⁶⁴ places.
fn bound(percent: u8) -> u128 {
    (u128::from(u64::MAX) + 1) * u128::from(percent.min(Shares::MOST)) / 100
}

/// The place of a group, one of 2⁶⁴.
fn place(seed: u64, group: &str) -> u128 {
    let hash = Sha256::new()
        .chain_update(seed.to_le_bytes())
        .chain_update(group)
        .finalize();
    let first = hash.iter().take(8);
    first.fold(0, |place, &byte| place << 8 | u128::from(byte))
}

/// The group that a row belongs to. A row without the label is in the next smaller group that is known; one that says
/// nothing at all is a group of its own.
fn group(by: Group, labels: &Labels, origin: &Origin) -> String {
    let repo = labels.repo.as_deref().filter(|_| by == Group::Repo);
    let instance = labels.instance_id.as_deref();
    let known = |name: &&str| !name.is_empty();
    match (repo.filter(known), instance.filter(known)) {
        (Some(repo), _) => format!("repo:{repo}"),
        (None, Some(instance)) => format!("instance:{instance}"),
        (None, None) => format!(
            "row:{}/{}/{}/{}",
            origin.dataset, origin.config, origin.split, origin.row
        ),
    }
}
