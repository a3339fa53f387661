//! The manifest of a file of pairs: which rows are paired, and all that it takes to pair them again.
//! It says of the rows what [`Manifest`] says of an ordinary export's.

use serde::{Deserialize, Serialize};

use super::{Manifest, Provenance, indented};
use crate::export::Options;
use crate::export::file::File;
use crate::recipe::Preference;
use crate::recipe::pairs::{Pair, PairRule};

/// How a file of pairs was made. Written in the order of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairManifest {
    /// Among which rows pairs were looked for; the seed decides among equals.
    #[serde(flatten)]
    pub provenance: Provenance,
    /// How rows were written. The format, cuts, masks and shards play no part in a file of pairs.
    pub options: Options,
    /// What makes a pair, and how many one task has at most.
    #[serde(flatten, with = "as_fields")]
    pub rule: PairRule,
    /// By what one row is better than another, in the words of the address.
    pub prefer: Vec<String>,
    /// The rows of each pair, in the order of the lines.
    pub pairs: Vec<Pair>,
    /// What was written of them; `None` where nothing was written yet.
    pub written: Option<PairsWritten>,
}

/// A rule as a manifest writes it: the style where it matters, so that manifests of before it stay as they were.
mod as_fields {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::recipe::pairs::{PairRule, PairStyle, Pairing};

    #[derive(Serialize, Deserialize)]
    struct Fields {
        pairing: Pairing,
        most: u32,
        #[serde(default, skip_serializing_if = "is_any")]
        style: PairStyle,
    }

    fn is_any(style: &PairStyle) -> bool {
        *style == PairStyle::Any
    }

    pub fn serialize<S: Serializer>(rule: &PairRule, to: S) -> Result<S::Ok, S::Error> {
        let PairRule {
            pairing,
            most,
            style,
        } = *rule;
        let fields = Fields {
            pairing,
            most,
            style,
        };
        fields.serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<PairRule, D::Error> {
        let fields = Fields::deserialize(from)?;
        Ok(PairRule {
            pairing: fields.pairing,
            most: fields.most,
            style: fields.style,
        })
    }
}

impl PairManifest {
    /// The manifest of pairs among the rows of another one; nothing is written of them yet.
    pub fn of(rows: Manifest, rule: PairRule, prefer: &[Preference], pairs: Vec<Pair>) -> Self {
        let prefer = prefer.iter().map(|prefer| prefer.name().to_owned());
        Self {
            provenance: rows.provenance,
            options: rows.options,
            rule,
            prefer: prefer.collect(),
            pairs,
            written: None,
        }
    }

    /// Whether another manifest is this one after its file was written.
    pub fn is_before(&self, other: &Self) -> bool {
        let unwritten = Self {
            written: self.written.clone(),
            ..other.clone()
        };
        *self == unwritten
    }

    /// The manifest as indented JSON, with a final line break.
    pub fn to_json(&self) -> String {
        indented(self)
    }
}

/// What became of the pairs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairsWritten {
    /// Pairs of tasks that are kept apart for validation or test: not in the file.
    pub apart: u64,
    /// Pairs that could not be written, and why.
    pub refused: Vec<String>,
    /// The file: one line per pair.
    pub file: File,
}
