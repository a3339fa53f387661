//! Who speaks, by any of the names in use: `ai`, `gpt`, `human`, `observation`, `tool_call`, …
//! A name that no one knows is read as the user's, so that its words are kept.

use super::Role;

/// Who a role's name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaker {
    /// One of the usual four.
    One(Role),
    /// A message that is nothing but a call, from the assistant.
    Call,
}

/// The speaker of that name; `None` where no one knows it.
pub(super) fn of(name: &str) -> Option<Speaker> {
    let plain: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .take(24)
        .collect();
    Some(match plain.as_str() {
        "system" | "developer" => Speaker::One(Role::System),
        "user" | "human" => Speaker::One(Role::User),
        "assistant" | "ai" | "gpt" | "model" | "bot" | "chatbot" | "chatgpt" | "agent" => {
            Speaker::One(Role::Assistant)
        }
        "tool" | "function" | "observation" | "environment" | "env" | "ipython"
        | "toolresponse" | "toolresult" | "tooloutput" | "functionresponse" | "functionresult"
        | "functionoutput" | "functioncalloutput" => Speaker::One(Role::Tool),
        "toolcall" | "toolcalls" | "functioncall" => Speaker::Call,
        _ => return None,
    })
}

/// Whether the name is already the one trainers use.
pub(super) fn is_usual(name: &str) -> bool {
    matches!(name, "system" | "user" | "assistant" | "tool")
}
