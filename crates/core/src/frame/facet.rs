//! What rows are told apart by, the outcome or a label, and the parts into which it divides them.
//! Whoever compares, balances or audits goes by parts and need not know which column they come from.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Frame, Label};
use crate::ground::words::language;
use crate::trace::Outcome;

/// What rows are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Facet {
    /// Whether the task was solved.
    Outcome,
    /// The repository's main language.
    Language,
    /// The repository.
    Repo,
    /// The program that ran the agent.
    Harness,
    /// The model that wrote the trajectory.
    Teacher,
    /// The repository's licence.
    License,
    /// The task's kind.
    Category,
    /// Where the row is from: the dataset or the file.
    Source,
}

impl Facet {
    /// Every facet, in the order in which they are shown.
    pub const ALL: [Facet; 8] = [
        Facet::Language,
        Facet::Outcome,
        Facet::Harness,
        Facet::Teacher,
        Facet::Category,
        Facet::License,
        Facet::Repo,
        Facet::Source,
    ];

    /// The word of the address.
    pub const fn name(self) -> &'static str {
        match self {
            Facet::Outcome => "outcome",
            Facet::Language => "language",
            Facet::Repo => "repo",
            Facet::Harness => "harness",
            Facet::Teacher => "teacher",
            Facet::License => "license",
            Facet::Category => "category",
            Facet::Source => "source",
        }
    }

    /// The facet of a word of the address, in small or capital letters.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = Facet::ALL.into_iter();
        all.find(|facet| facet.name().eq_ignore_ascii_case(name.trim()))
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        self.label().map_or("Outcome", Label::title)
    }

    /// What it is, in a sentence.
    pub fn definition(self) -> &'static str {
        self.label().map_or(Outcome::DEFINITION, Label::definition)
    }

    /// A part's name as people write it: a language's spelling is its own.
    pub fn shown(self, name: &str) -> Cow<'_, str> {
        match self {
            Facet::Language => language(name),
            _ => Cow::Borrowed(name),
        }
    }

    /// Its column; `None` of the outcome.
    pub fn label(self) -> Option<Label> {
        match self {
            Facet::Outcome => None,
            Facet::Language => Some(Label::Language),
            Facet::Repo => Some(Label::Repo),
            Facet::Harness => Some(Label::Harness),
            Facet::Teacher => Some(Label::Teacher),
            Facet::License => Some(Label::License),
            Facet::Category => Some(Label::Category),
            Facet::Source => Some(Label::Source),
        }
    }

    /// The rows of a frame, told apart.
    pub fn parts(self, frame: &Frame) -> Parts<'_> {
        match self.label() {
            Some(label) => {
                let column = frame.label(label);
                Parts {
                    names: column.values.iter().map(String::as_str).collect(),
                    codes: Cow::Borrowed(&column.codes),
                }
            }
            None => Parts {
                names: Outcome::ALL.map(Outcome::name).to_vec(),
                codes: frame.outcomes().iter().map(|&o| o as u32).collect(),
            },
        }
    }
}

/// The rows of a frame, each in one part. The last part holds the rows whose label is not known.
#[derive(Debug, Clone)]
pub struct Parts<'f> {
    names: Vec<&'f str>,
    codes: Cow<'f, [u32]>,
}

impl Parts<'_> {
    /// The name of the part of rows whose label is not known, as in the lists of the address.
    pub const NONE: &'static str = "none";

    /// How many parts there are, empty ones among them.
    pub fn len(&self) -> usize {
        self.names.len() + 1
    }

    /// Never: there is at least the part of rows whose label is not known.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Each row's part, by position.
    pub fn by_position(&self) -> impl Iterator<Item = usize> + '_ {
        let none = self.names.len();
        self.codes
            .iter()
            .map(move |&code| (code as usize).min(none))
    }

    /// A part's name.
    pub fn name(&self, part: usize) -> &str {
        self.names.get(part).copied().unwrap_or(Self::NONE)
    }

    /// The part of a name; `None` where no row can be in it.
    pub fn find(&self, name: &str) -> Option<usize> {
        let known = self.names.iter().position(|&known| known == name);
        known.or_else(|| (name == Self::NONE).then_some(self.names.len()))
    }
}
