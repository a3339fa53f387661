//! The columns of text: what each is called and how its values are kept, each distinct value once.
//! A label that is not known, or is an empty text, has the code [`TextColumn::NONE`].

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::trace::Labels;

/// A column of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// This run.
    TrajectoryId,
    /// The task.
    InstanceId,
    /// `owner/name`.
    Repo,
    /// The repository's licence.
    License,
    /// Its main language.
    Language,
    /// The program that ran the agent.
    Harness,
    /// The model that wrote it.
    Teacher,
    /// The task's kind.
    Category,
}

impl Label {
    /// How many columns of text there are.
    pub const COUNT: usize = Label::Category as usize + 1;

    /// Every column of text, in the order of the table.
    pub const ALL: [Label; Label::COUNT] = [
        Label::TrajectoryId,
        Label::InstanceId,
        Label::Repo,
        Label::License,
        Label::Language,
        Label::Harness,
        Label::Teacher,
        Label::Category,
    ];

    /// The column's name in the downloaded table.
    pub fn name(self) -> &'static str {
        self.about().0
    }

    /// The column's name for people.
    pub fn title(self) -> &'static str {
        self.about().1
    }

    /// What the label is, in a sentence.
    pub fn definition(self) -> &'static str {
        self.about().2
    }

    /// The label of one row.
    pub fn of<'r>(self, labels: &'r Labels<'_>) -> Option<&'r str> {
        match self {
            Label::TrajectoryId => &labels.trajectory_id,
            Label::InstanceId => &labels.instance_id,
            Label::Repo => &labels.repo,
            Label::License => &labels.license,
            Label::Language => &labels.language,
            Label::Harness => &labels.harness,
            Label::Teacher => &labels.teacher,
            Label::Category => &labels.category,
        }
        .as_deref()
    }

    /// The one table of the columns of text: name, title, definition.
    fn about(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Label::TrajectoryId => (
                "trajectory_id",
                "Trajectory",
                "The name that the data set gives to this run.",
            ),
            Label::InstanceId => (
                "instance_id",
                "Instance",
                "The task that was to be solved. Several trajectories may share one.",
            ),
            Label::Repo => (
                "repo",
                "Repository",
                "The repository that the task comes from, as owner/name.",
            ),
            Label::License => (
                "license",
                "License",
                "The repository's license, as the row says it.",
            ),
            Label::Language => (
                "language",
                "Language",
                "The repository's main language, as the row says it.",
            ),
            Label::Harness => (
                "harness",
                "Harness",
                "The program that ran the agent: openhands, sweagent, …",
            ),
            Label::Teacher => ("teacher", "Teacher", "The model that wrote the trajectory."),
            Label::Category => (
                "category",
                "Category",
                "The task's kind: bug-fix, enhancement, …",
            ),
        }
    }
}

/// Text of all rows, each value kept once.
#[derive(Debug, Clone, Default)]
pub struct TextColumn {
    /// The values; a code is an index into them.
    pub values: Vec<String>,
    /// One code a row; [`TextColumn::NONE`] where not known.
    pub codes: Vec<u32>,
}

impl TextColumn {
    /// The code of a row whose label is not known.
    pub const NONE: u32 = u32::MAX;

    /// A column without rows.
    pub const fn empty() -> Self {
        Self {
            values: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// The value of a row.
    pub fn get(&self, position: usize) -> Option<&str> {
        let code = *self.codes.get(position)?;
        self.value(code)
    }

    /// The value of a code.
    pub fn value(&self, code: u32) -> Option<&str> {
        self.values
            .get(usize::try_from(code).ok()?)
            .map(String::as_str)
    }
}

/// The longest text that is kept of one value, in bytes; a longer one is cut and ends in `…`.
/// A row of the frame must stay small whatever stands in its labels; exports read labels from the row itself.
const LONGEST_VALUE: usize = 200;

/// Gives each distinct value a code.
///
/// The index holds hashes, not texts, so that no text is kept twice. Two values of one hash stand at neighbouring
/// keys and are told apart by the text itself.
#[derive(Debug, Clone, Default)]
pub(in crate::frame) struct Dictionary {
    index: HashMap<u64, u32>,
    hasher: RandomState,
    text_bytes: usize,
}

impl Dictionary {
    /// The code of a value, which is added to `values` where it is new; `NONE` for an empty one.
    pub(in crate::frame) fn code(&mut self, values: &mut Vec<String>, text: &str) -> u32 {
        if text.is_empty() {
            return TextColumn::NONE;
        }
        let (kept, cut) = shortened(text);
        let same = |value: &String| match value.strip_prefix(kept) {
            Some(rest) => rest == cut,
            None => false,
        };
        let mut key = self.hasher.hash_one((kept, cut));
        while let Some(&code) = self.index.get(&key) {
            if values.get(code as usize).is_some_and(same) {
                return code;
            }
            key = key.wrapping_add(1);
        }
        let code = u32::try_from(values.len()).unwrap_or(TextColumn::NONE);
        let value = [kept, cut].concat();
        self.text_bytes += value.capacity();
        self.index.insert(key, code);
        values.push(value);
        code
    }

    /// Bytes that the index and the texts hold.
    pub(in crate::frame) fn bytes(&self) -> usize {
        self.text_bytes + super::super::map_bytes(&self.index)
    }
}

/// The part of a text that is kept, and what is put after it.
fn shortened(text: &str) -> (&str, &'static str) {
    if text.len() <= LONGEST_VALUE {
        return (text, "");
    }
    let kept = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|&end| end <= LONGEST_VALUE)
        .last()
        .and_then(|end| text.get(..end));
    (kept.unwrap_or_default(), "…")
}
