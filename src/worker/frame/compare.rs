//! Two groups of rows side by side. Rows pass every filter but the one on what the groups differ in.
//! What differs is compared in one go, each feature over at most some thousand rows of a group.

use serde::{Deserialize, Serialize};

use super::{Ask, Held};
use tracesift_core::compare::feature::features;
use tracesift_core::compare::{Compared, Difference};
use tracesift_core::frame::facet::Facet;
use tracesift_core::recipe::Comparison;
use tracesift_core::recipe::signs::Carried;

/// How two groups differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparing {
    /// Which groups.
    pub choice: Comparison,
    /// The seed that draws among too many rows.
    pub seed: u64,
}

/// Two groups, and how they differ: what differs most comes first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparedGroups {
    /// The first group.
    pub first: GroupRows,
    /// The second group.
    pub second: GroupRows,
    /// Feature by feature.
    pub differences: Vec<Difference>,
}

/// One of the two groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRows {
    /// Its value.
    pub name: String,
    /// How many rows it has.
    pub all: u64,
}

impl Ask for Comparing {
    type Answer = Option<ComparedGroups>;

    fn answer(self, held: &mut Held) -> Option<ComparedGroups> {
        let (frame, selection) = held.now();
        let mask = selection.mask_without(&[self.choice.facet.name()]);
        let compared = Compared::of(&frame, &mask, &self.choice, self.seed);
        let carried = Carried::new(&frame, &selection.signs);
        let differences = compared.all(&features(&frame, &carried));
        let group = |group: tracesift_core::compare::Group| GroupRows {
            name: group.name,
            all: group.all as u64,
        };
        Some(ComparedGroups {
            first: group(compared.first),
            second: group(compared.second),
            differences,
        })
    }
}

/// The values of a facet, by which groups are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartNames {
    /// Which facet.
    pub facet: Facet,
    /// So many names are wanted.
    pub most: usize,
}

impl Ask for PartNames {
    type Answer = Vec<String>;
    const IS_OF_SELECTION: bool = false;

    fn answer(self, held: &mut Held) -> Vec<String> {
        let parts = self.facet.parts(held.frame());
        let names = (0..parts.len().min(self.most)).map(|at| parts.name(at).to_owned());
        names.collect()
    }
}
