//! The token limits that are worth a look (context windows, what trainers take by default, the recipe's budget), and
//! what is drawn as a function of the limit.

use crate::export::Format;
use crate::frame::facet::Facet;
use crate::frame::limit::{Amount, PartKept};

/// Context windows that people use, in tokens, and what they call them.
const WINDOWS: [(u64, &str); 7] = [
    (8_192, "8k"),
    (16_384, "16k"),
    (32_768, "32k"),
    (65_536, "64k"),
    (131_072, "128k"),
    (262_144, "256k"),
    (1_048_576, "1M"),
];

/// A token limit and why it is worth a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Tokens that a row may have at most.
    pub tokens: u64,
    /// What people call a context window of this size.
    pub window: Option<&'static str>,
    /// The trainers that take no longer rows by default.
    pub trainers: Vec<&'static str>,
    /// Whether it is the recipe's budget.
    pub is_budget: bool,
}

impl Limit {
    fn new(tokens: u64) -> Self {
        Self {
            tokens,
            window: None,
            trainers: Vec::new(),
            is_budget: false,
        }
    }

    /// `TRL, verl by default`; empty where no trainer takes it.
    pub fn default_words(&self) -> String {
        match self.trainers.is_empty() {
            true => String::new(),
            false => format!("{} by default", self.trainers.join(", ")),
        }
    }
}

/// The limits that are worth a look, ascending, each once.
pub fn limits(budget: u64) -> Vec<Limit> {
    let mut limits: Vec<Limit> = Vec::new();
    for (tokens, name) in WINDOWS {
        if let Some(limit) = find(&mut limits, tokens) {
            limit.window = Some(name);
        }
    }
    for target in Format::all().map(Format::target) {
        let length = target.default_length();
        let limit = length.and_then(|length| find(&mut limits, length.tokens));
        if let Some(limit) = limit.filter(|limit| !limit.trainers.contains(&target.trainer())) {
            limit.trainers.push(target.trainer());
        }
    }
    if let Some(limit) = find(&mut limits, budget) {
        limit.is_budget = true;
    }
    limits
}

/// The limit of so many tokens, put into its place where it is new.
fn find(limits: &mut Vec<Limit>, tokens: u64) -> Option<&mut Limit> {
    let at = limits.partition_point(|limit| limit.tokens < tokens);
    if limits.get(at).is_none_or(|limit| limit.tokens != tokens) {
        limits.insert(at, Limit::new(tokens));
    }
    limits.get_mut(at)
}

/// What is drawn as a function of the limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CurveChoice {
    /// What is kept.
    pub measure: Measure,
    /// By what the rows are told apart.
    pub by: By,
}

impl CurveChoice {
    /// Every choice by its word of the address.
    pub const WORDS: [(&str, Self); 12] = [
        ("rows", Self::new(Measure::Rows, By::All)),
        ("rows:outcome", Self::new(Measure::Rows, By::Outcome)),
        ("rows:language", Self::new(Measure::Rows, By::Language)),
        ("rows:source", Self::new(Measure::Rows, By::Source)),
        ("tokens", Self::new(Measure::Tokens, By::All)),
        ("tokens:outcome", Self::new(Measure::Tokens, By::Outcome)),
        ("tokens:language", Self::new(Measure::Tokens, By::Language)),
        ("tokens:source", Self::new(Measure::Tokens, By::Source)),
        ("trainable", Self::new(Measure::Trainable, By::All)),
        (
            "trainable:outcome",
            Self::new(Measure::Trainable, By::Outcome),
        ),
        (
            "trainable:language",
            Self::new(Measure::Trainable, By::Language),
        ),
        (
            "trainable:source",
            Self::new(Measure::Trainable, By::Source),
        ),
    ];

    const fn new(measure: Measure, by: By) -> Self {
        Self { measure, by }
    }
}

/// What a limit keeps a share of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Measure {
    /// Rows.
    #[default]
    Rows,
    /// Their tokens.
    Tokens,
    /// Of these, the tokens that a trainer learns from.
    Trainable,
}

impl Measure {
    /// Every measure, in the order in which they are offered.
    pub const ALL: [Measure; 3] = [Measure::Rows, Measure::Tokens, Measure::Trainable];

    /// The word of the address.
    pub const fn name(self) -> &'static str {
        match self {
            Measure::Rows => "rows",
            Measure::Tokens => "tokens",
            Measure::Trainable => "trainable",
        }
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Measure::Rows => "rows",
            Measure::Tokens => "tokens",
            Measure::Trainable => "tokens a trainer learns from",
        }
    }

    /// How much of it there is.
    pub fn of(self, amount: Amount) -> u64 {
        match self {
            Measure::Rows => amount.rows.into(),
            Measure::Tokens => amount.tokens,
            Measure::Trainable => amount.trainable,
        }
    }

    /// The share that is kept of a part, 0 to 1; `None` where the part has nothing of it.
    pub fn share(self, kept: Amount, of: &PartKept) -> Option<f64> {
        let whole = self.of(of.whole);
        (whole > 0).then(|| self.of(kept) as f64 / whole as f64)
    }
}

/// By what rows are told apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum By {
    /// By nothing.
    All,
    /// By their outcome.
    #[default]
    Outcome,
    /// By the repository's main language.
    Language,
    /// By where they are from.
    Source,
}

impl By {
    /// Every way, in the order in which they are offered.
    pub const ALL: [By; 4] = [By::All, By::Outcome, By::Language, By::Source];

    /// Its facet; `None` where they are not told apart.
    pub const fn facet(self) -> Option<Facet> {
        match self {
            By::All => None,
            By::Outcome => Some(Facet::Outcome),
            By::Language => Some(Facet::Language),
            By::Source => Some(Facet::Source),
        }
    }

    /// The word of a control.
    pub const fn name(self) -> &'static str {
        match self {
            By::All => "all",
            By::Outcome => "outcome",
            By::Language => "language",
            By::Source => "source",
        }
    }
}
