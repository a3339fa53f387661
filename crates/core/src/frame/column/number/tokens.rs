//! Numbers of tokens, by role.
//! Known only where tokens were counted.

use super::NumberRecord;

/// All tokens.
pub(super) const ALL: NumberRecord = NumberRecord {
    name: "tokens",
    title: "Tokens",
    unit: "tokens",
    definition: "All tokens of the row by the chosen tokenizer. Each text is counted on its own and the counts are \
                 added; if a chat template is chosen, what it adds is included.",
    of: |row| row.tokens.map(|tokens| tokens.total_with_template() as f64),
    ..NumberRecord::DEFAULT
};

/// Tokens of system prompts.
pub(super) const SYSTEM: NumberRecord = NumberRecord {
    name: "tokens_system",
    title: "System tokens",
    unit: "tokens",
    definition: "Tokens of the system prompts.",
    of: |row| Some(row.tokens?.system.into()),
    ..NumberRecord::DEFAULT
};

/// Tokens of user messages.
pub(super) const USER: NumberRecord = NumberRecord {
    name: "tokens_user",
    title: "User tokens",
    unit: "tokens",
    definition: "Tokens of user messages that are not observations.",
    of: |row| Some(row.tokens?.user.into()),
    ..NumberRecord::DEFAULT
};

/// Tokens of assistant text.
pub(super) const ASSISTANT: NumberRecord = NumberRecord {
    name: "tokens_assistant",
    title: "Assistant tokens",
    unit: "tokens",
    definition: "Tokens of the assistant's text, without its reasoning and its calls.",
    of: |row| Some(row.tokens?.assistant.into()),
    ..NumberRecord::DEFAULT
};

/// Tokens of reasoning.
pub(super) const REASONING: NumberRecord = NumberRecord {
    name: "tokens_reasoning",
    title: "Reasoning tokens",
    unit: "tokens",
    definition: "Tokens of the assistant's reasoning.",
    of: |row| Some(row.tokens?.reasoning.into()),
    ..NumberRecord::DEFAULT
};

/// Tokens of tool calls.
pub(super) const CALLS: NumberRecord = NumberRecord {
    name: "tokens_calls",
    title: "Call tokens",
    unit: "tokens",
    definition: "Tokens of tool calls: names and arguments.",
    of: |row| Some(row.tokens?.calls.into()),
    ..NumberRecord::DEFAULT
};

/// Tokens of observations.
pub(super) const OBSERVATIONS: NumberRecord = NumberRecord {
    name: "tokens_observations",
    title: "Observation tokens",
    unit: "tokens",
    definition: "Tokens of what the tools returned.",
    of: |row| Some(row.tokens?.observations.into()),
    ..NumberRecord::DEFAULT
};

/// Tokens of tool schemas.
pub(super) const TOOLS: NumberRecord = NumberRecord {
    name: "tokens_tools",
    title: "Schema tokens",
    unit: "tokens",
    definition: "Tokens of the tools' schemas, each as it stands in the row.",
    of: |row| Some(row.tokens?.tools.into()),
    ..NumberRecord::DEFAULT
};

/// What a chat template adds.
pub(super) const TEMPLATE: NumberRecord = NumberRecord {
    name: "tokens_template",
    title: "Template tokens",
    unit: "tokens",
    definition: "Tokens that the chat template adds to the texts: who speaks, where a turn ends, how tools are \
                 described. Negative if it leaves texts out, such as earlier reasoning. Known only if a chat template \
                 is chosen and accepts the row.",
    of: |row| Some(row.tokens?.template?.into()),
    ..NumberRecord::DEFAULT
};
