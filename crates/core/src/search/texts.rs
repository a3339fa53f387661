//! All texts of a run, in the order in which the reader shows them, each as the reader shows it: whoever looks for words
//! goes through these, so that the reader marks what a filter has found.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::TextKind;
use crate::calls::lay_out;
use crate::trace::{Message, Role, Trajectory};

/// A text of a message. An observation is its message's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// What is said, or observed.
    Text,
    /// What was thought.
    Reasoning,
    /// The name of a call's tool.
    Tool {
        /// Which call, by index.
        call: usize,
    },
    /// The name of an argument, as the call's arguments are laid out.
    Key {
        /// Which call, by index.
        call: usize,
        /// Which argument, by index.
        argument: usize,
    },
    /// An argument, as it is laid out: a text without its escapes, all else as indented JSON.
    Argument {
        /// Which call, by index.
        call: usize,
        /// Which argument, by index.
        argument: usize,
    },
}

/// Gives each text of a run's messages to `each`, or only those of one kind, until it breaks off.
pub(super) fn each_text<B>(
    run: &Trajectory,
    kind: Option<TextKind>,
    mut each: impl FnMut(usize, Part, &str) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let wants = |of| kind.is_none_or(|wanted| wanted == of);
    for (message, of) in run.messages.iter().enumerate() {
        if wants(kind_of(of)) {
            each(message, Part::Reasoning, &of.reasoning)?;
            each(message, Part::Text, &of.text)?;
        }
        for (call, of) in of.calls.iter().enumerate() {
            if !wants(TextKind::Call) {
                break;
            }
            each(message, Part::Tool { call }, &of.name)?;
            for (argument, (key, text)) in lay_out(&of.arguments).enumerate() {
                each(message, Part::Key { call, argument }, &key)?;
                each(message, Part::Argument { call, argument }, &text)?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// The final patch, where texts of its kind are wanted and there is one.
pub(super) fn patch<'t>(run: &'t Trajectory, kind: Option<TextKind>) -> Option<&'t str> {
    let wants = kind.is_none_or(|wanted| wanted == TextKind::Patch);
    run.model_patch.as_deref().filter(|_| wants)
}

fn kind_of(message: &Message) -> TextKind {
    match message.role {
        Role::System | Role::User => TextKind::User,
        Role::Assistant => TextKind::Assistant,
        Role::Tool => TextKind::Observation,
    }
}
