//! Our own normalized form: a line holds all that was read of a row, whatever its dialect was, and this page reads it
//! back as the same trajectory.
//!
//! Keys: `tracesift` (1), the labels `trajectory_id`, `instance_id`, `repo`, `license`, `language`, `harness`,
//! `teacher_model`, `category` (texts, `""` where not known), `result` (`success`, `partial`, `failure`, `unknown`),
//! `messages`, `tools` (schemas as texts), `model_patch`, `reference_patch`, `reading` (a JSON text: whether there are
//! patches, what the row states of them, what was mended), `metadata` (where it comes from). A message has `role`,
//! `content`, `reasoning_content`, `tool_calls` (`id`, `type`, `function`, the `form` in which it was written, the index
//! of its `answer` or −1), `tool_call_id`; and `train`, once something is masked.

use serde::Serialize;

use super::{Encode, Row, Target, all_with_a_place, json};
use crate::export::check::Fault;
use crate::export::options::{Mask, Options};
use crate::export::origin::Metadata;
use crate::export::prepare::Part;
use crate::trace::plain::{self, Plain};

/// Whole trajectories.
#[derive(Debug)]
pub struct PlainForm;

impl Target for PlainForm {
    fn name(&self) -> &'static str {
        "plain"
    }

    fn title(&self) -> &'static str {
        "Plain trajectories"
    }

    fn sentence(&self) -> &'static str {
        "Everything that was read, patches and repairs included, in one form for all datasets: for your own scripts, \
         and for opening it here again."
    }

    fn trainer(&self) -> &'static str {
        "this page"
    }

    fn has_arguments_choice(&self) -> bool {
        false
    }

    fn carries(&self, _options: &Options) -> Mask {
        Mask::TURNS
    }

    fn is_for_training(&self) -> bool {
        false
    }

    fn instead_of_mask(&self) -> &'static str {
        "Reasoning stands apart from the text, so that your own script can leave it out."
    }
}

impl Encode for PlainForm {
    fn kept_media(&self, part: &Part, _options: &Options) -> Vec<usize> {
        all_with_a_place(part)
    }

    fn refuses(&self, _fault: Fault, _options: &Options) -> bool {
        false
    }

    fn line(&self, row: &Row) -> String {
        let has_mask = row.has_mask(Mask::TURNS);
        json(&Line {
            plain: plain::write(&row.part.trajectory, |at| {
                has_mask.then(|| row.is_learned(at))
            }),
            metadata: row.metadata(),
        })
    }
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    plain: Plain<'a>,
    metadata: Metadata<'a>,
}
