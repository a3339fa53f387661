//! Which two groups of rows a person compares.
//! The choice is part of the address; `compare` finds the groups and says how they differ.

use serde::{Deserialize, Serialize};

use crate::frame::facet::Facet;

/// Which two groups are compared: two values of one facet. An empty value is chosen by `compare` among the rows that are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// What the groups are told apart by.
    pub facet: Facet,
    /// The first group's value, as a list of the address has it; empty: chosen.
    pub first: String,
    /// The second group's.
    pub second: String,
}

impl Default for Comparison {
    fn default() -> Self {
        Self {
            facet: Facet::Outcome,
            first: String::new(),
            second: String::new(),
        }
    }
}
