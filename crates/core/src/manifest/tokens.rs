//! The tokens of a file as its manifest tells them: how they were counted, and their sums by role.
//! The sums are of the rows as they were read, before anything was changed in them.

use serde::{Deserialize, Serialize};

use crate::frame::{Frame, Number};
use crate::tokens::{Method, TokenCounts};

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

/// Tokens of all rows of a file, by role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenTotals {
    /// The sum of all below.
    pub total: u64,
    /// What a trainer learns from: assistant text, reasoning and calls.
    pub trainable: u64,
    /// System prompts.
    pub system: u64,
    /// User messages that are not observations.
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
    /// The tokens of a frame's rows at some positions, by role.
    pub fn of(frame: &Frame, positions: &[u32]) -> Self {
        let known = |number: Number| {
            let column = frame.number(number);
            let values = positions.iter().filter_map(|&at| column.get(at as usize));
            values.copied().filter(|value| value.is_finite())
        };
        let sum = |number| known(number).sum::<f64>() as u64;
        let assistant = sum(Number::TokensAssistant);
        let (reasoning, calls) = (sum(Number::TokensReasoning), sum(Number::TokensCalls));
        let added = || known(Number::TokensTemplate);
        Self {
            total: sum(Number::Tokens),
            trainable: assistant + reasoning + calls,
            system: sum(Number::TokensSystem),
            user: sum(Number::TokensUser),
            assistant,
            reasoning,
            calls,
            observations: sum(Number::TokensObservations),
            tools: sum(Number::TokensTools),
            template: added().next().map(|_| added().sum::<f64>() as i64),
        }
    }

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
