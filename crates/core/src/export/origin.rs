//! Where an exported row comes from, and the `metadata` that says so in every line that has room for it.

use serde::{Deserialize, Serialize};

use super::options::{BrokenCalls, Options, Tools};
use super::prepare::Part;
use crate::trace::Outcome;

/// Where an exported row comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// `namespace/name`, `demo` or the file's name.
    pub dataset: String,
    /// The config.
    pub config: String,
    /// The split.
    pub split: String,
    /// The dataset's commit, where known.
    pub revision: Option<String>,
    /// The row's index.
    pub row: u64,
    /// The row's tokens, where counted.
    pub tokens: Option<u64>,
}

/// What a line says of its origin. Always the same keys in the same order; a label that is not known is `""`, since a
/// column that is `null` at a file's start can't hold text later.
#[derive(Debug, Serialize)]
pub(super) struct Metadata<'a> {
    dataset: &'a str,
    config: &'a str,
    split: &'a str,
    revision: &'a str,
    row: u64,
    trajectory_id: &'a str,
    instance_id: &'a str,
    repo: &'a str,
    license: &'a str,
    language: &'a str,
    outcome: Outcome,
    /// Of the line where the options have its tokens counted, else of the row as it was read. Counted for all rows of a file or for
    /// none, so that `null` is safe here.
    tokens: Option<u64>,
    /// Written in all rows of a file or in none.
    #[serde(flatten)]
    part: Option<PartOf>,
    /// The list from which tools were added; empty where they are the row's own. In all rows of a file or in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    tools_from: Option<&'a str>,
    /// Calls whose arguments were repaired. In all rows of a file or in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    repaired_calls: Option<u64>,
}

/// Which part of a trajectory the row is, counted from 1.
#[derive(Debug, Serialize)]
struct PartOf {
    part: u32,
    parts: u32,
}

impl<'a> Metadata<'a> {
    /// The metadata of a trajectory that was not cut.
    pub fn of_whole(part: &'a Part, origin: &'a Origin, options: &Options) -> Self {
        let labels = &part.trajectory.labels;
        let added = part.tools_from.map_or("", |list| list.title.as_str());
        Self {
            dataset: &origin.dataset,
            config: &origin.config,
            split: &origin.split,
            revision: origin.revision.as_deref().unwrap_or_default(),
            row: origin.row,
            trajectory_id: labels.trajectory_id.as_deref().unwrap_or_default(),
            instance_id: labels.instance_id.as_deref().unwrap_or_default(),
            repo: labels.repo.as_deref().unwrap_or_default(),
            license: labels.license.as_deref().unwrap_or_default(),
            language: labels.language.as_deref().unwrap_or_default(),
            outcome: part.trajectory.outcome,
            tokens: origin.tokens,
            part: None,
            tools_from: (options.tools == Tools::Harness).then_some(added),
            repaired_calls: (options.broken != BrokenCalls::Keep).then_some(part.mended.repaired),
        }
    }

    /// The metadata of a part; where trajectories are cut, it says which one.
    pub fn of_part(
        part: &'a Part,
        origin: &'a Origin,
        tokens: Option<u64>,
        options: &Options,
    ) -> Self {
        Self {
            tokens,
            part: options.cut.is_some().then_some(PartOf {
                part: part.number,
                parts: part.of,
            }),
            ..Self::of_whole(part, origin, options)
        }
    }
}
