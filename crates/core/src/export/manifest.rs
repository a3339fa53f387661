//! The manifest beside an exported file: where the rows come from, which rules they passed, what the file holds.
//! The same recipe gives the same bytes, so it has no time stamp unless the caller sets one.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Options;
use super::side::Side;
use super::tally::Tally;
use crate::ground::Sample;
use crate::recipe::funnel::Step;
use crate::tokens::{Method, TokenCounts, Tokenizer};

/// How tokens are counted, in words.
pub fn token_method(method: &Method) -> String {
    let added = match method.has_template() {
        true => "; what the template adds is in the total",
        false => "",
    };
    format!(
        "{}: each text of a row (messages, reasoning, names and arguments of calls, tool schemas as they stand in the \
         row) is counted by itself and the counts are added{added}",
        method.template_words()
    )
}

/// How an exported file was made. Written in the order of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program: [`App::this`].
    #[serde(flatten)]
    pub app: App,
    /// The link that opens the page with the same recipe.
    pub recipe: String,
    /// `namespace/name`, `demo` or the file's name.
    pub dataset: String,
    /// The config.
    pub config: String,
    /// The split.
    pub split: String,
    /// The data set's commit, where known.
    pub revision: Option<String>,
    /// Which rows were taken.
    pub sample: Sample,
    /// The seed of every draw.
    pub seed: u64,
    /// Rows that were asked for.
    pub rows_wanted: u64,
    /// Rows that were read and measured.
    pub rows_measured: u64,
    /// Rows that could not be read.
    pub rows_bad: u64,
    /// Rows that passed every rule.
    pub rows_selected: u64,
    /// One entry a rule that was set, in the order in which they were applied.
    pub funnel: Vec<Rule>,
    /// The tokenizer; `None` where tokens were not counted, or by a model's own.
    pub tokenizer: Option<Tokenizer>,
    /// The model of the Hub whose tokenizer counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How tokens were counted: [`token_method`].
    pub token_method: String,
    /// Tokens of the selected rows, by role; `None` where they were not counted.
    pub tokens: Option<TokenTotals>,
    /// How the rows were written: the format, the transforms, the mask, the sides.
    pub options: Options,
    /// What was written and what was not: lines a side, tokens, rows that were rejected by reason.
    pub written: Tally,
    /// What must be known of the files, in words.
    pub warnings: Vec<String>,
    /// The exported files, by side and in order.
    pub files: Vec<SideFile>,
    /// When it was made, where the caller says so; it makes the manifest differ from run to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
}

impl Manifest {
    /// The manifest as indented JSON, with a final line break.
    pub fn to_json(&self) -> String {
        // Texts and numbers only: there is nothing in it that can't be written as JSON.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// The program that wrote a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// Its name.
    pub app: String,
    /// Its version.
    pub version: String,
}

impl App {
    /// This program.
    pub fn this() -> Self {
        Self {
            app: "tracesift".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// One rule of the funnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its key in the address.
    pub rule: String,
    /// The rule in words.
    pub words: String,
    /// Rows left after this rule and all before it.
    pub rows_left: u64,
    /// Rows that fail this rule and no other.
    pub rows_removed_alone: u64,
    /// Rows that fail this rule because their value is not known.
    pub rows_unknown: u64,
}

impl From<&Step> for Rule {
    fn from(step: &Step) -> Self {
        Self {
            rule: step.key.to_owned(),
            words: step.words.clone(),
            rows_left: count(step.left),
            rows_removed_alone: count(step.alone),
            rows_unknown: count(step.unknown),
        }
    }
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// Tokens of all rows of a file, by role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenTotals {
    /// The sum of all below.
    pub total: u64,
    /// What a trainer learns from: assistant text, reasoning and calls.
    pub trainable: u64,
    /// System prompts.
    pub system: u64,
    /// User messages that are no observations.
    pub user: u64,
    /// Assistant text.
    pub assistant: u64,
    /// Assistant reasoning.
    pub reasoning: u64,
    /// Names and arguments of calls.
    pub calls: u64,
    /// Observations.
    pub observations: u64,
    /// Tool schemas.
    pub tools: u64,
    /// What the chat template adds, or leaves out; `None` where none was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<i64>,
}

impl TokenTotals {
    /// Adds one row.
    pub fn add(&mut self, row: &TokenCounts) {
        self.total += row.total_with_template();
        self.trainable += row.trainable();
        self.system += u64::from(row.system);
        self.user += u64::from(row.user);
        self.assistant += u64::from(row.assistant);
        self.reasoning += u64::from(row.reasoning);
        self.calls += u64::from(row.calls);
        self.observations += u64::from(row.observations);
        self.tools += u64::from(row.tools);
        if let Some(added) = row.template {
            let sum = self.template.get_or_insert_default();
            *sum = sum.saturating_add(added.into());
        }
    }
}

/// An exported file and its side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideFile {
    /// Its side.
    pub side: Side,
    /// What it holds.
    #[serde(flatten)]
    pub file: File,
}

/// An exported file, as [`Written`] counted it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Its lines, one a row.
    pub lines: u64,
    /// Its SHA-256, in lower-case hexadecimal.
    pub sha256: String,
    /// What is in it, where it is compressed.
    #[serde(default)]
    pub unpacked: Option<Unpacked>,
}

/// The lines of a file that is compressed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unpacked {
    /// Their bytes.
    pub bytes: u64,
    /// Their SHA-256, in lower-case hexadecimal.
    pub sha256: String,
}

/// Counts and hashes a file while it is written, so that no one has to read it again.
#[derive(Debug, Clone, Default)]
pub struct Written {
    bytes: u64,
    lines: u64,
    hash: Sha256,
}

impl Written {
    /// Notes the next bytes of the file, cut anywhere.
    pub fn add(&mut self, bytes: &[u8]) {
        self.bytes += count(bytes.len());
        self.lines += count(bytes.iter().filter(|&&byte| byte == b'\n').count());
        self.hash.update(bytes);
    }

    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Lines so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// What was written, under the file's name.
    pub fn file(self, name: &str) -> File {
        File {
            file: name.to_owned(),
            bytes: self.bytes,
            lines: self.lines,
            sha256: hexadecimal(&self.hash.finalize()),
            unpacked: None,
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
