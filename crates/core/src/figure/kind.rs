//! The charts of the page, listed once: title, definition, and which filter a click or a brush on it sets.
//! A new chart is a variant here and a function that makes its figure.

use crate::recipe::{ListKey, RangeKey};

/// A chart of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Outcomes by harness and teacher.
    Outcomes,
    /// Success rate by language.
    SuccessRate,
    /// Rows by language.
    Languages,
    /// Rows by turns.
    Turns,
    /// Rows by tokens.
    Tokens,
    /// Rows and tokens kept as a function of the budget.
    Kept,
    /// Rows or tokens kept as a function of the limit, part by part.
    Limits,
    /// Tools by use.
    Tools,
    /// Rows by patch size.
    PatchSize,
    /// Turns against tokens.
    TurnsTokens,
    /// Rows by quality sign.
    Signs,
}

/// Which filter a click or a brush on a chart sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sets {
    /// None; the chart only shows.
    Nothing,
    /// A click on a bar adds or removes its value.
    List(ListKey),
    /// A brush along the horizontal axis sets the range.
    Range(RangeKey),
    /// A click sets the token budget.
    Budget,
}

impl Kind {
    /// Every chart, in the order of the page.
    pub const ALL: [Kind; 11] = [
        Kind::Outcomes,
        Kind::SuccessRate,
        Kind::Languages,
        Kind::Turns,
        Kind::Tokens,
        Kind::Kept,
        Kind::Limits,
        Kind::Tools,
        Kind::PatchSize,
        Kind::TurnsTokens,
        Kind::Signs,
    ];

    /// Its name in file names and in the page's marks.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Outcomes => "outcomes",
            Kind::SuccessRate => "success-rate",
            Kind::Languages => "languages",
            Kind::Turns => "turns",
            Kind::Tokens => "tokens",
            Kind::Kept => "kept-by-budget",
            Kind::Limits => "kept-by-limit",
            Kind::Tools => "tools",
            Kind::PatchSize => "patch-size",
            Kind::TurnsTokens => "turns-tokens",
            Kind::Signs => "signs",
        }
    }

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Kind::Outcomes => "Outcomes by harness and teacher",
            Kind::SuccessRate => "Success rate by language",
            Kind::Languages => "Languages",
            Kind::Turns => "Turns",
            Kind::Tokens => "Tokens",
            Kind::Kept => "Kept within the token budget",
            Kind::Limits => "Kept by each token limit",
            Kind::Tools => "Tools",
            Kind::PatchSize => "Patch size",
            Kind::TurnsTokens => "Turns against tokens",
            Kind::Signs => "Quality signs",
        }
    }

    /// What it counts and how, for its tooltip.
    pub const fn definition(self) -> &'static str {
        match self {
            Kind::Outcomes => {
                "Rows by outcome for each harness (the program that ran the agent) and teacher (the model that wrote \
                 the trajectory). A row without a verdict is unknown: neither a success nor a failure."
            }
            Kind::SuccessRate => {
                "Successes among the rows with a known outcome, by the repository's main language. The line is the \
                 Wilson 95 % interval; n is the number of rows with a known outcome."
            }
            Kind::Languages => "Rows by the repository's main language, as the row spells it.",
            Kind::Turns => "Rows by their number of turns. A turn is one assistant message.",
            Kind::Tokens => {
                "Rows by their number of tokens: every text of the row counted by itself with the chosen tokenizer, \
                 and what a chat template adds, where one is chosen."
            }
            Kind::Kept => {
                "For each token budget: the share of rows that fit into it whole, and the share of all tokens that \
                 these rows hold. Rows whose tokens are not counted are left out."
            }
            Kind::Limits => {
                "For each token limit: the share that stays of the selected rows (or of their tokens) where longer rows \
                 are left out; each part's share is of its own rows. Rows whose tokens are not counted are left out."
            }
            Kind::Tools => {
                "Tool calls by tool; name:verb for tools with a command. An error is a call that failed by the \
                 harness's own words; a failing test run is none."
            }
            Kind::PatchSize => {
                "Rows by the size of the model's patch: lines added plus lines deleted, as git apply --numstat \
                 counts them."
            }
            Kind::TurnsTokens => {
                "Each dot is a row: its turns across, its tokens up, both on logarithmic axes; colour and shape say \
                 the outcome."
            }
            Kind::Signs => {
                "Rows that carry each quality sign, by the thresholds chosen, with the success rate of rows with it and \
                 without it. A row may carry several."
            }
        }
    }

    /// Which filter a click or a brush on it sets.
    pub const fn sets(self) -> Sets {
        match self {
            Kind::Outcomes => Sets::List(ListKey::Outcome),
            Kind::SuccessRate | Kind::Languages => Sets::List(ListKey::Language),
            Kind::Turns | Kind::TurnsTokens => Sets::Range(RangeKey::Turns),
            Kind::Tokens => Sets::Range(RangeKey::Tokens),
            Kind::Kept | Kind::Limits => Sets::Budget,
            Kind::Tools => Sets::List(ListKey::Tool),
            Kind::Signs => Sets::List(ListKey::Flag),
            // Added plus deleted lines have no key in the address.
            Kind::PatchSize => Sets::Nothing,
        }
    }
}
