//! How a selection was made: the manifest beside an exported file, that of a file of pairs, and the card on the Hub.
//! The same recipe gives the same bytes, so there is no time stamp unless the caller sets one.

pub mod card; // the README that the Hub shows
mod pairs; // how a file of pairs was made
mod provenance; // which rows: what both manifests begin with
mod tokens; // tokens by role, and how they were counted

pub use pairs::{PairManifest, PairsWritten};
pub use provenance::{App, OpenedFile, OpenedFiles, Provenance, Rule, SourceRows};
pub use tokens::{TokenTotals, token_method};

use serde::{Deserialize, Serialize};

use crate::export::Options;
use crate::export::file::SplitFile;
use crate::export::tally::Tally;

/// How exported files were made. Written in the order of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Which rows were selected.
    #[serde(flatten)]
    pub provenance: Provenance,
    /// Tokens of the selected rows, by role; `None` where they were not counted.
    pub tokens: Option<TokenTotals>,
    /// How the rows were written: the format, the transforms, the mask, the splits.
    pub options: Options,
    /// What was written and what was not: lines per split, tokens, rejected rows by reason.
    pub written: Tally,
    /// What must be known of the files, in words.
    pub warnings: Vec<String>,
    /// The exported files, by split and in order.
    pub files: Vec<SplitFile>,
    /// When it was made, where the caller says so; it makes the manifest differ from run to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
}

impl Manifest {
    /// The manifest as indented JSON, with a final line break.
    pub fn to_json(&self) -> String {
        indented(self)
    }
}

/// Indented JSON with a final line break. Manifests hold texts and numbers only: nothing that can't be written.
fn indented(manifest: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(manifest).unwrap_or_default();
    text.push('\n');
    text
}
