//! The formats: one file per trainer, listed in one table. The address, the page, the card and the warnings read the table.
//! A [`Format`] is a handle to its entry; no code outside a format's own file knows one format from another.

mod encode; // how a format writes
mod target; // what a format says of itself

mod atif; // Harbor's interchange format
mod axolotl; // Axolotl's chat_template form
mod completion; // TRL's prompt-completion form
mod llamafactory; // LLaMA-Factory's ShareGPT form
mod messages; // TRL's conversational form: messages, tools, metadata
mod nemo; // NVIDIA's chat form
mod openai; // OpenAI's fine-tuning form
mod plain; // our own form, which this page reads back
mod swift; // ms-swift's agent form
mod verl; // verl's multi-turn form

pub use encode::{Encode, Row, Sidecar};
pub(super) use encode::{all_with_a_place, json};
pub use target::{DefaultLength, Target};

use std::fmt;

use serde::{Deserialize, Serialize};

/// Two tables of one list: what is said of each format, and how each writes. In one table the page, which only lists the
/// formats, would link every encoder.
macro_rules! formats {
    ($($format:path),+ $(,)?) => {
        const TABLE: &[&dyn Target] = &[$(&$format),+];
        const ENCODERS: &[&dyn Encode] = &[$(&$format),+];
    };
}

// The formats in the order in which they are offered; the first is the default. Adding one is a line here.
formats! {
    messages::Messages,
    completion::Completion,
    openai::OpenAi,
    llamafactory::LlamaFactory,
    axolotl::Axolotl,
    swift::Swift,
    verl::Verl,
    nemo::Nemo,
    plain::PlainForm,
    atif::Atif,
}

/// A format: a handle to its entry in the table, written and read as its name. The default is the table's first.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub struct Format(usize);

impl Format {
    /// Every format, in the order in which they are offered.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        (0..TABLE.len()).map(Self)
    }

    /// What it says of itself.
    pub fn target(self) -> &'static dyn Target {
        TABLE.get(self.0).copied().unwrap_or(&messages::Messages)
    }

    /// How it writes. Only what runs in a worker asks.
    pub fn encoder(self) -> &'static dyn Encode {
        ENCODERS.get(self.0).copied().unwrap_or(&messages::Messages)
    }

    /// Its name in the address.
    pub fn name(self) -> &'static str {
        self.target().name()
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|format| format.name() == name)
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Format> for &'static str {
    fn from(format: Format) -> Self {
        format.name()
    }
}

/// A name that no format has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no format “{0}”; there are {names}", names = names())]
pub struct UnknownFormat(String);

fn names() -> String {
    let names: Vec<&str> = Format::all().map(Format::name).collect();
    names.join(", ")
}

impl TryFrom<String> for Format {
    type Error = UnknownFormat;

    fn try_from(name: String) -> Result<Self, UnknownFormat> {
        Self::from_name(&name).ok_or(UnknownFormat(name))
    }
}
