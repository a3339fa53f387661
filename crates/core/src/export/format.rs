//! The formats: what each is called, how it writes a row, what it refuses, what its trainer does by default. One file a
//! format, one line in [`Format`], [`Format::target`] and [`Format::encoder`]; the address and the page list them from here.

use serde::{Deserialize, Serialize};

use super::axolotl::Axolotl;
use super::check::{Fault, Reason};
use super::completion::Completion;
use super::file::SplitFile;
use super::llamafactory::LlamaFactory;
use super::messages::Messages;
use super::nemo::Nemo;
use super::openai::OpenAi;
use super::options::{Mask, Options, Reasoning};
use super::origin::{Metadata, Origin};
use super::plain::PlainForm;
use super::prepare::Part;
use super::split::Split;
use super::swift::Swift;
use super::tally::Tally;
use super::verl::Verl;
use super::warning::Warning;

/// A format, by its word in the address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// See [`super::messages`].
    #[default]
    Messages,
    /// See [`super::completion`].
    PromptCompletion,
    /// See [`super::openai`].
    #[serde(rename = "openai")]
    OpenAi,
    /// See [`super::llamafactory`].
    #[serde(rename = "llamafactory")]
    LlamaFactory,
    /// See [`super::axolotl`].
    Axolotl,
    /// See [`super::swift`].
    Swift,
    /// See [`super::verl`].
    Verl,
    /// See [`super::nemo`].
    Nemo,
    /// See [`super::plain`].
    Plain,
}

impl Format {
    /// Every format, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Messages,
        Self::PromptCompletion,
        Self::OpenAi,
        Self::LlamaFactory,
        Self::Axolotl,
        Self::Swift,
        Self::Verl,
        Self::Nemo,
        Self::Plain,
    ];

    /// What it is and does.
    pub fn target(self) -> &'static dyn Target {
        match self {
            Self::Messages => &Messages,
            Self::PromptCompletion => &Completion,
            Self::OpenAi => &OpenAi,
            Self::LlamaFactory => &LlamaFactory,
            Self::Axolotl => &Axolotl,
            Self::Swift => &Swift,
            Self::Verl => &Verl,
            Self::Nemo => &Nemo,
            Self::Plain => &PlainForm,
        }
    }

    /// How it writes. Only what runs in a worker asks, so that the page does not hold it.
    pub fn encoder(self) -> &'static dyn Encode {
        match self {
            Self::Messages => &Messages,
            Self::PromptCompletion => &Completion,
            Self::OpenAi => &OpenAi,
            Self::LlamaFactory => &LlamaFactory,
            Self::Axolotl => &Axolotl,
            Self::Swift => &Swift,
            Self::Verl => &Verl,
            Self::Nemo => &Nemo,
            Self::Plain => &PlainForm,
        }
    }

    /// The word of the address.
    pub fn name(self) -> &'static str {
        self.target().name()
    }

    /// The format of a word of the address.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// A prepared row that is to be written.
#[derive(Debug)]
pub struct Row<'r, 'a> {
    /// The messages.
    pub part: &'r Part<'a>,
    /// Where they come from.
    pub origin: &'r Origin,
    /// How they shall be written.
    pub options: &'r Options,
    /// Whether each message of the row, before it was prepared, is learned from; [`Self::is_learned`] asks it.
    pub learned: &'r [bool],
    /// Its tokens, where counted.
    pub tokens: Option<u64>,
}

impl Row<'_, '_> {
    /// Whether the message `at` is learned from.
    pub fn is_learned(&self, at: usize) -> bool {
        self.learned.get(self.part.from(at)) == Some(&true)
    }

    /// Bytes at the start of the text of the message `at` that are reasoning.
    pub fn thought(&self, at: usize) -> usize {
        self.part.marks.get(at).map_or(0, |mark| mark.thought)
    }

    /// What the line says of its origin.
    pub(super) fn metadata(&self) -> Metadata<'_> {
        let is_cut = self.options.cut.is_some();
        Metadata::of_part(self.part, self.origin, self.told_tokens(), is_cut)
    }

    /// The tokens that the line tells of.
    pub(super) fn told_tokens(&self) -> Option<u64> {
        // A line is the same whether or not someone counts besides.
        let tokens = self.tokens.filter(|_| self.options.is_counted());
        tokens.or(self.origin.tokens)
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

/// A file that goes beside the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sidecar {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub text: String,
}

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

    /// What of a mask a row can carry.
    fn carries(&self, _options: &Options) -> Mask {
        Mask::NOTHING
    }

    /// What could be done about a mask that can't be carried, as one sentence; empty where there is nothing.
    fn instead_of_mask(&self) -> &'static str {
        ""
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

/// How a format writes a row. Apart from [`Target`], so that the page, which only lists the formats, holds none of it.
pub trait Encode {
    /// Whether a row with such a fault must not be written.
    fn refuses(&self, fault: Fault, options: &Options) -> bool;

    /// Who speaks where the format wants someone else.
    fn order(&self, _part: &Part) -> Option<Reason> {
        None
    }

    /// One line, without its line break.
    fn line(&self, row: &Row) -> String;

    /// Files that the trainer needs beside the rows; the tally is of all rows that were written.
    fn sidecars(&self, _files: &[SplitFile], _options: &Options, _tally: &Tally) -> Vec<Sidecar> {
        Vec::new()
    }

    /// Whether a row without anything to learn from is no use.
    fn is_for_training(&self) -> bool {
        true
    }
}

impl std::fmt::Debug for dyn Target {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What must be known before a file is written.
pub fn warnings(options: &Options) -> Vec<Warning> {
    super::warning::of_options(options)
}
