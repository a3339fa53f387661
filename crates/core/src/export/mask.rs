//! Which turns a trainer should learn from, and how many tokens that is. Decided on the row as it was read: a shortened
//! observation might not say any more that its call failed.

use std::collections::HashSet;

use super::options::Mask;
use super::prepare::Part;
use crate::calls::{CallResult, call_result, is_object};
use crate::tokens::template::{Arguments, TemplateError};
use crate::tokens::{Counter, TokenCounts};
use crate::trace::{Call, Role, Trajectory};

/// Whether each message of a row is learned from: the assistant's, but for those that the source itself leaves out and
/// those that `mask` takes out.
pub fn learned(trajectory: &Trajectory, mask: Mask) -> Vec<bool> {
    let declared = Declared::of(trajectory);
    let messages = trajectory.messages.iter().enumerate();
    let learned = messages.map(|(at, message)| {
        let is_masked = |(index, call): (usize, &Call)| {
            (mask.failed && call_result(trajectory, at, index) == Some(CallResult::Error))
                || (mask.malformed && (!is_object(&call.arguments) || !declared.has(&call.name)))
        };
        message.role == Role::Assistant
            && !message.is_context()
            && !message.calls.iter().enumerate().any(is_masked)
    });
    learned.collect()
}

/// The tools that a row declares.
pub(super) struct Declared<'a>(HashSet<&'a str>);

impl<'a> Declared<'a> {
    pub fn of(trajectory: &'a Trajectory) -> Self {
        let tools = trajectory.tools.iter();
        Self(tools.map(|tool| tool.name.as_ref()).collect())
    }

    /// Whether a tool is among them; a row that declares none says nothing about it.
    pub fn has(&self, tool: &str) -> bool {
        self.0.is_empty() || self.0.contains(tool)
    }
}

/// The tokens of a prepared row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// By role, and what the chat template adds.
    pub all: TokenCounts,
    /// Those among the texts' that a trainer learns from.
    pub trainable: u64,
    /// Why what the template adds is not known, where it refuses the row.
    pub unrendered: Option<TemplateError>,
}

/// The tokens of a prepared row, whose calls the trainer hands to the template with such `arguments`. `learned` is of the
/// whole row; reasoning is left out where `mask` says so.
pub fn tokens(
    part: &Part,
    learned: &[bool],
    mask: Mask,
    arguments: Option<Arguments>,
    counter: &Counter,
) -> Counted {
    let mut all = counter.tools(&part.trajectory);
    let mut trainable = 0;
    for (message, mark) in part.trajectory.messages.iter().zip(&part.marks) {
        let counts = counter.message(message);
        all += counts;
        if learned.get(mark.from) == Some(&true) && !mark.is_unlearned {
            let thought = message.text.get(..mark.thought).unwrap_or_default();
            let left_out = match mask.reasoning {
                true => u64::from(counts.reasoning) + u64::from(counter.count(thought)),
                false => 0,
            };
            trainable += counts.trainable().saturating_sub(left_out);
        }
    }
    let why = counter.add_template(&part.trajectory, arguments, &mut all);
    Counted {
        all,
        trainable,
        unrendered: why,
    }
}
