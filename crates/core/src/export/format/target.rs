//! What a format says of itself: its name, its trainer and what that does by default, what a line can carry.
//! The page shows it, warnings are made of it, and the transforms of rows follow it.

use crate::export::options::{Mask, Options, Reasoning};
use crate::export::split::Split;
use crate::tokens::template::Arguments;

/// One format: what the page says of it and what trainers do.
pub trait Target: Sync {
    /// The word of the address.
    fn name(&self) -> &'static str;

    /// Its name for people.
    fn title(&self) -> &'static str;

    /// One sentence for people who choose.
    fn sentence(&self) -> &'static str;

    /// The ending of its files.
    fn extension(&self) -> &'static str {
        "jsonl"
    }

    /// The trainer, as warnings name it.
    fn trainer(&self) -> &'static str;

    /// Whether reasoning has a place of its own.
    fn has_reasoning(&self) -> bool {
        true
    }

    /// Whether arguments can be written as text or as an object. Where they can't, the format decides.
    fn has_arguments_choice(&self) -> bool {
        true
    }

    /// Whether results of parallel calls must be one message.
    fn merges_parallel(&self) -> bool {
        false
    }

    /// Whether its files are read with Arrow, which gives all objects the same keys.
    fn reads_with_arrow(&self) -> bool {
        true
    }

    /// Whether a trainer finds images in a line, by their addresses or paths.
    fn has_images(&self) -> bool {
        false
    }

    /// What of a mask a row can carry.
    fn carries(&self, _options: &Options) -> Mask {
        Mask::NOTHING
    }

    /// What could be done about a mask that can't be carried, as one sentence; empty where there is nothing.
    fn instead_of_mask(&self) -> &'static str {
        ""
    }

    /// Whether its lines are there to be learned from: a row without anything to learn from is useless then.
    fn is_for_training(&self) -> bool {
        true
    }

    /// How the trainer hands the arguments of calls to a chat template; `None`: as the template wants them.
    fn template_arguments(&self, _options: &Options) -> Option<Arguments> {
        None
    }

    /// What trains on a downloaded folder, typed in it; `None` where there is no configuration for it in the folder.
    fn command(&self) -> Option<&'static str> {
        None
    }

    /// How much of a row the trainer takes by default.
    fn default_length(&self) -> Option<DefaultLength> {
        None
    }

    /// What else must be known of the format, each a sentence.
    fn notes(&self, _options: &Options) -> Vec<&'static str> {
        Vec::new()
    }

    /// The name of a file. `base` is the name without ending; `split` is `None` where all rows go to one split; `shard`
    /// counts from 0 and is `None` where files are not divided.
    fn file_name(&self, base: &str, split: Option<Split>, shard: Option<u32>) -> String {
        let split = split.map(|split| format!("-{}", split.name()));
        let shard = shard.map(|shard| format!("-{shard:05}"));
        let (split, shard) = (split.unwrap_or_default(), shard.unwrap_or_default());
        format!("{base}{split}{shard}.{}", self.extension())
    }

    /// Whether the trainer reads several files per split.
    fn takes_shards(&self) -> bool {
        true
    }

    /// Whether the trainer needs files beside the rows.
    fn has_sidecars(&self) -> bool {
        false
    }

    /// What becomes of the reasoning.
    fn reasoning(&self, options: &Options) -> Reasoning {
        match options.reasoning {
            Reasoning::Keep if !self.has_reasoning() => Reasoning::Inline,
            chosen => chosen,
        }
    }
}

/// How many tokens of a row a trainer takes unless it is told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultLength {
    /// The setting's name.
    pub setting: &'static str,
    /// Its default.
    pub tokens: u64,
    /// What becomes of a longer row, to follow “longer rows”.
    pub longer: &'static str,
}
