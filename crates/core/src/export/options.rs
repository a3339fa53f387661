//! Every choice of an export: the format, what is changed in the rows, what a trainer learns from, which file a row
//! goes to. The address has a key for each; the default changes nothing and writes one file.

use serde::{Deserialize, Serialize};

use super::format::Format;
use crate::tokens::template;

/// Every choice of an export. The transforms are applied in the order of [`super::prepare`], whatever their order here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// The form of the lines.
    pub format: Format,
    /// What becomes of the reasoning.
    pub reasoning: Reasoning,
    /// Whether system prompts are left out.
    pub drop_system: bool,
    /// Whether a row ends at its last assistant message.
    pub end_at_assistant: bool,
    /// Whether results of calls that were made at once become one message.
    pub merge_parallel: bool,
    /// Tokens of an observation at most.
    pub observations: Option<u64>,
    /// Tokens of a row at most: a longer trajectory becomes several rows.
    pub cut: Option<u64>,
    /// What becomes of images of which the row says where they are. Manifests say it where it is not the default.
    #[serde(skip_serializing_if = "Images::is_kept")]
    pub images: Images,
    /// How arguments of calls are written, where the format leaves a choice.
    pub arguments: Arguments,
    /// What becomes of calls whose arguments are not a JSON object. Manifests say it where it is not the default.
    #[serde(skip_serializing_if = "BrokenCalls::is_kept")]
    pub broken: BrokenCalls,
    /// Which tools a run has that declares none. Manifests say it where it is not the default.
    #[serde(skip_serializing_if = "Tools::is_own")]
    pub tools: Tools,
    /// Which turns are not learned from.
    pub mask: Mask,
    /// Tokens of a row at most: a longer one is not written.
    pub limit: Option<u64>,
    /// Which share of the rows goes to which split.
    pub shares: Shares,
    /// Megabytes (10⁶ bytes) of a file at most; `None`: one file per split, however large.
    pub shard: Option<u64>,
    /// Lines of a file at most.
    pub shard_rows: Option<u64>,
    /// Whether files are compressed.
    pub compression: Compression,
    /// What several files are put into.
    pub package: Package,
    /// How texts stand in the table and in the report. Manifests say it where it is not the default.
    #[serde(skip_serializing_if = "CsvTexts::is_safe")]
    pub csv: CsvTexts,
}

impl Options {
    /// Whether a choice can't be carried out without counting tokens.
    pub fn needs_tokens(&self) -> bool {
        self.observations.is_some() || self.cut.is_some() || self.limit.is_some()
    }

    /// Whether the tokens of what is written are counted: where a choice needs them, and where a mask makes those that
    /// are learned from others than the assistant's. Lines depend on this, never on who else wants to know.
    pub fn is_counted(&self) -> bool {
        self.needs_tokens() || self.mask.is_set()
    }

    /// Whether the other options change rows in another way.
    pub fn is_changed(&self, other: &Self) -> bool {
        (self.reasoning, self.drop_system, self.end_at_assistant)
            != (other.reasoning, other.drop_system, other.end_at_assistant)
            || (self.merge_parallel, self.observations, self.cut)
                != (other.merge_parallel, other.observations, other.cut)
            || (self.arguments, self.tools, self.images, self.broken)
                != (other.arguments, other.tools, other.images, other.broken)
    }

    /// Whether the lines are anything but one plain file per split.
    pub fn is_packed(&self) -> bool {
        self.shard.is_some()
            || self.shard_rows.is_some()
            || self.compression != Compression::None
            || self.package != Package::Auto
    }

    /// Tokens that a written row has at most.
    pub fn most_tokens(&self) -> Option<u64> {
        [self.cut, self.limit].into_iter().flatten().min()
    }
}

/// Whether files are compressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// They are plain text.
    #[default]
    None,
    /// By gzip: `datasets` and most trainers read them as they are.
    Gzip,
}

impl Compression {
    /// Every choice with its word in the address.
    pub const WORDS: [(&'static str, Self); 2] = [("none", Self::None), ("gzip", Self::Gzip)];
}

/// What the files are put into.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Package {
    /// One file as it is; several as the browser can: into a folder, else into a `.zip`.
    #[default]
    Auto,
    /// A folder, where the browser lets a page write to one.
    Folder,
    /// A `.zip`.
    Zip,
}

impl Package {
    /// Every choice with its word in the address.
    pub const WORDS: [(&'static str, Self); 3] = [
        ("auto", Self::Auto),
        ("folder", Self::Folder),
        ("zip", Self::Zip),
    ];
}

/// How a text that a spreadsheet would run as a formula stands in a CSV file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CsvTexts {
    /// With a `'` before it, which makes it a mere text.
    #[default]
    Safe,
    /// As it is, for programs that read the file back.
    Exact,
}

impl CsvTexts {
    /// Every choice with its word in the address.
    pub const WORDS: [(&'static str, Self); 2] = [("safe", Self::Safe), ("exact", Self::Exact)];

    fn is_safe(&self) -> bool {
        *self == Self::Safe
    }
}

/// What becomes of the reasoning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reasoning {
    /// It stays apart from the text, in `reasoning_content`; in a format that has no place for it, as [`Self::Inline`].
    #[default]
    Keep,
    /// It stands before the text, as `<think>…</think>`.
    Inline,
    /// It is left out.
    Drop,
}

impl Reasoning {
    /// Every choice with its word in the address.
    pub const WORDS: [(&'static str, Self); 3] = [
        ("keep", Self::Keep),
        ("inline", Self::Inline),
        ("drop", Self::Drop),
    ];
}

/// What becomes of images of which the row says where they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Images {
    /// Their addresses and paths are kept, in formats that have a place for them.
    #[default]
    Keep,
    /// A word stands in their place, for models that see none.
    Word,
}

impl Images {
    /// Every choice with its word in the address.
    pub const WORDS: [(&'static str, Self); 2] = [("keep", Self::Keep), ("word", Self::Word)];

    fn is_kept(&self) -> bool {
        *self == Self::Keep
    }
}

/// How the arguments of calls are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Arguments {
    /// As the text that the row has: a file of any rows can be loaded.
    #[default]
    Text,
    /// As an object: what most chat templates want, and what `datasets` before 4.7 may fail on.
    Object,
}

impl Arguments {
    /// Every choice with its word in the address.
    pub const WORDS: [(&'static str, Self); 2] = [("text", Self::Text), ("object", Self::Object)];

    /// What a chat template gets where the trainer hands on what is written.
    pub(super) fn in_template(self) -> template::Arguments {
        match self {
            Self::Text => template::Arguments::Text,
            Self::Object => template::Arguments::Objects,
        }
    }
}

/// What becomes of calls whose arguments are not a JSON object: several formats refuse a row for one of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BrokenCalls {
    /// They stay.
    #[default]
    Keep,
    /// They are repaired where it is certain what was meant: JSON in a JSON text, a comma too many, a Python literal.
    Repair,
    /// The same, and the turns of the others are left out of learning, where the format can say so.
    Mask,
    /// The same, and the run ends before the first of the others.
    End,
}

impl BrokenCalls {
    /// Every choice with its word in the address.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("keep", Self::Keep),
        ("repair", Self::Repair),
        ("mask", Self::Mask),
        ("end", Self::End),
    ];

    fn is_kept(&self) -> bool {
        *self == Self::Keep
    }
}

/// Which tools a run has that declares none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tools {
    /// None.
    #[default]
    Own,
    /// Those that its harness publishes, where they are known: [`super::harness_tools`].
    Harness,
}

impl Tools {
    /// Every choice with its word in the address.
    pub const WORDS: [(&'static str, Self); 2] = [("own", Self::Own), ("harness", Self::Harness)];

    fn is_own(&self) -> bool {
        *self == Self::Own
    }
}

/// Which of the assistant's turns a trainer should not learn from. They stay in the row: what
/// follows is read with them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mask {
    /// Turns with a call that failed, by the harness's own words.
    pub failed: bool,
    /// Turns with a call whose arguments are not a JSON object, or whose tool the row does not declare.
    pub malformed: bool,
    /// Reasoning.
    pub reasoning: bool,
}

impl Mask {
    /// Every mask with its word in the address.
    pub const WORDS: [(&'static str, Self); 3] = [
        ("failed", Self::NOTHING.with_failed()),
        ("malformed", Self::NOTHING.with_malformed()),
        ("reasoning", Self::NOTHING.with_reasoning()),
    ];

    /// Nothing is masked.
    pub const NOTHING: Self = Self {
        failed: false,
        malformed: false,
        reasoning: false,
    };

    /// Whole turns: what a format with one flag a message can carry.
    pub const TURNS: Self = Self::NOTHING.with_failed().with_malformed();

    /// Everything.
    pub const ALL: Self = Self::TURNS.with_reasoning();

    const fn with_failed(self) -> Self {
        Self {
            failed: true,
            ..self
        }
    }

    const fn with_malformed(self) -> Self {
        Self {
            malformed: true,
            ..self
        }
    }

    const fn with_reasoning(self) -> Self {
        Self {
            reasoning: true,
            ..self
        }
    }

    /// What both mask.
    pub const fn and(self, other: Self) -> Self {
        Self {
            failed: self.failed && other.failed,
            malformed: self.malformed && other.malformed,
            reasoning: self.reasoning && other.reasoning,
        }
    }

    /// What either masks.
    pub const fn or(self, other: Self) -> Self {
        Self {
            failed: self.failed || other.failed,
            malformed: self.malformed || other.malformed,
            reasoning: self.reasoning || other.reasoning,
        }
    }

    /// What this one masks and the other does not.
    pub const fn without(self, other: Self) -> Self {
        Self {
            failed: self.failed && !other.failed,
            malformed: self.malformed && !other.malformed,
            reasoning: self.reasoning && !other.reasoning,
        }
    }

    /// Whether anything is masked.
    pub fn is_set(self) -> bool {
        self != Self::NOTHING
    }

    /// The words of what is masked, in the order of [`Self::WORDS`].
    pub fn words(self) -> Vec<&'static str> {
        let words = Self::WORDS.iter();
        let set = words.filter(|(_, mask)| self.and(*mask).is_set());
        set.map(|&(word, _)| word).collect()
    }
}

/// Which share of the groups is kept apart from what a model learns from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shares {
    /// Percent of the groups for validation.
    pub validation: u8,
    /// Percent of the groups for the test.
    pub test: u8,
    /// What must never be in two splits.
    pub group: Group,
}

impl Shares {
    /// Percent that one split may have, so that both leave something to learn from.
    pub const MOST: u8 = 50;
}

/// What must never be in two splits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Rows of one task.
    #[default]
    Instance,
    /// Rows of one repository.
    Repo,
}

impl Group {
    /// Every choice with its word in the address.
    pub const WORDS: [(&'static str, Self); 2] =
        [("instance", Self::Instance), ("repo", Self::Repo)];
}
