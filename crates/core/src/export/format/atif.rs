//! Harbor's Agent Trajectory Interchange Format, version 1.8: one document a line, whole trajectories for other tools.
//! <https://github.com/harbor-framework/harbor>, `models/trajectories` of harbor 0.26.0.

use super::{Encode, Row, Target, all_with_a_place, json};
use crate::export::check::Fault;
use crate::export::options::{Mask, Options};
use crate::export::prepare::Part;
use crate::trace::atif;

/// A document with `steps`: what the agent said, thought and called, each call's result beside it, the tools in
/// `agent.tool_definitions`. In `extra.tracesift` stands what the format has no field for (labels, verdict, patches, what
/// was mended), so that this page reads the same trajectory back, and in `extra.metadata` where the row comes from.
#[derive(Debug)]
pub struct Atif;

impl Target for Atif {
    fn name(&self) -> &'static str {
        "atif"
    }

    fn title(&self) -> &'static str {
        "ATIF 1.8 (Harbor)"
    }

    fn sentence(&self) -> &'static str {
        "Whole trajectories in Harbor's interchange format, for its viewer, Inspect Scout and other tools, and for \
         opening them here again."
    }

    fn trainer(&self) -> &'static str {
        "Harbor"
    }

    fn has_arguments_choice(&self) -> bool {
        false
    }

    fn reads_with_arrow(&self) -> bool {
        false
    }

    fn carries(&self, _options: &Options) -> Mask {
        Mask::TURNS
    }

    fn is_for_training(&self) -> bool {
        false
    }

    fn instead_of_mask(&self) -> &'static str {
        "Whether a step is learned from stands in its extra.train, for your own script: the format has no field for it."
    }

    fn notes(&self, _options: &Options) -> Vec<&'static str> {
        vec![
            "Each line is one document: Harbor's own tools want a file for each, so part the file by its lines.",
        ]
    }
}

impl Encode for Atif {
    fn kept_media(&self, part: &Part, _options: &Options) -> Vec<usize> {
        all_with_a_place(part)
    }

    fn refuses(&self, _fault: Fault, _options: &Options) -> bool {
        false
    }

    fn line(&self, row: &Row) -> String {
        let has_mask = row.has_mask(Mask::TURNS);
        let metadata = serde_json::to_value(row.metadata()).unwrap_or_default();
        json(&atif::write(&row.part.trajectory, metadata, |at| {
            has_mask.then(|| row.is_learned(at))
        }))
    }
}
