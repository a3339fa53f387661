//! A trajectory changed as the options say, before it is written: one that is cut becomes several. Pure: the reader
//! shows what the export writes.
//!
//! The order is fixed. Broken calls are mended, tools are added, reasoning is dropped or put into the text, system prompts go, results of parallel
//! calls are merged, observations are shortened, the trajectory is cut by the tokens that are left, and each part that is
//! trained on ends with the assistant.

mod broken; // calls that can't be read
mod cut; // one trajectory at turn borders into several
mod shorten; // an observation to so many tokens

use std::borrow::Cow;

use cut::Cut;

pub use broken::Mended;

use super::check::Reason;
use super::harness_tools::{self, HarnessTools};
use super::options::{Options, Reasoning, Tools};
use crate::tokens::Counter;
use crate::trace::{Message, Role, Trajectory, borrow};

/// A trajectory as it will be written, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Part<'a> {
    /// What will be written.
    pub trajectory: Trajectory<'a>,
    /// Where each message comes from, one entry per message.
    pub marks: Vec<Mark>,
    /// Which part it is, counted from 1.
    pub number: u32,
    /// Into how many parts the trajectory was cut.
    pub of: u32,
    /// The list from which its tools were added; `None` where they are the row's own.
    pub tools_from: Option<&'static HarnessTools>,
    /// What was done about calls that can't be read; of a trajectory that is cut, in its first part.
    pub mended: Mended,
}

/// What is known of a message beside itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// Its index in the row.
    pub from: usize,
    /// Bytes at the start of its text that are reasoning, with the tags around it.
    pub thought: usize,
    /// Whether it is left out of learning since a call of it can't be read.
    pub is_unlearned: bool,
}

impl<'a> Part<'a> {
    /// A whole trajectory, unchanged.
    pub fn whole(trajectory: Trajectory<'a>) -> Self {
        let mark = |from| Mark {
            from,
            ..Mark::default()
        };
        Self {
            marks: (0..trajectory.messages.len()).map(mark).collect(),
            trajectory,
            number: 1,
            of: 1,
            tools_from: None,
            mended: Mended::default(),
        }
    }

    /// The index in the row of the message `at`.
    pub fn from(&self, at: usize) -> usize {
        self.marks.get(at).map_or(at, |mark| mark.from)
    }

    /// Only the messages that `kept` says. Calls and observations of which the other is gone are open.
    fn keep(self, kept: &[bool]) -> Self {
        let marks = self.marks.into_iter().zip(kept);
        Self {
            marks: marks.filter(|(_, kept)| **kept).map(|(m, _)| m).collect(),
            trajectory: borrow::keep(self.trajectory, kept),
            ..self
        }
    }
}

/// A trajectory ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared<'a> {
    whole: Part<'a>,
    /// Where it is cut, if it is; its parts end where each of them does.
    cut: Option<Cut>,
    /// Whether each part ends at its last assistant message.
    end_parts: bool,
}

impl Prepared<'_> {
    /// Tokens of the task and the tools, where they alone are more than a part may have: no part is short enough then,
    /// and none needs to be looked at.
    pub fn too_long(&self) -> Option<u64> {
        self.cut.as_ref()?.too_long
    }

    /// What will be written: one part, or several where the trajectory is cut. A part borrows its texts and is made when
    /// it is asked for.
    pub fn parts(&self) -> impl Iterator<Item = Cow<'_, Part<'_>>> {
        let whole = match self.cut {
            Some(_) => None,
            None => Some(Cow::Borrowed(&self.whole)),
        };
        let cut = self.cut.iter().flat_map(|cut| cut.parts(&self.whole));
        let end = |part| match self.end_parts {
            true => end_at_assistant(part),
            false => part,
        };
        whole.into_iter().chain(cut.map(end).map(Cow::Owned))
    }
}

/// The trajectory as the options want it, cut where they say so.
///
/// # Errors
/// [`Reason::NotCounted`] where a choice needs a `counter` and there is none.
pub fn prepare<'a>(
    trajectory: Trajectory<'a>,
    options: &Options,
    counter: Option<&Counter>,
) -> Result<Prepared<'a>, Reason> {
    let target = options.format.target();
    let whole = changed(trajectory, options, counter)?;
    let cut = match options.cut {
        Some(limit) => {
            let arguments = target.template_arguments(options);
            cut::at_turns(&whole, limit, arguments, counter.ok_or(Reason::NotCounted)?)
        }
        None => None,
    };
    Ok(Prepared {
        whole: match cut {
            None if options.end_at_assistant => end_at_assistant(whole),
            _ => whole,
        },
        cut,
        // What follows the last turn of a part is in the next one, and nothing here is learned from it.
        end_parts: options.end_at_assistant || target.is_for_training(),
    })
}

/// The trajectory as the options want it, but never cut.
///
/// # Errors
/// As [`prepare`].
pub fn prepare_whole<'a>(
    trajectory: Trajectory<'a>,
    options: &Options,
    counter: Option<&Counter>,
) -> Result<Part<'a>, Reason> {
    let whole = changed(trajectory, options, counter)?;
    Ok(match options.end_at_assistant {
        true => end_at_assistant(whole),
        false => whole,
    })
}

/// All that is changed before a trajectory is cut.
fn changed<'a>(
    trajectory: Trajectory<'a>,
    options: &Options,
    counter: Option<&Counter>,
) -> Result<Part<'a>, Reason> {
    let mut part = broken::mend(Part::whole(trajectory), options);
    if options.tools == Tools::Harness {
        part.tools_from = harness_tools::add(&mut part.trajectory);
    }
    match options.format.target().reasoning(options) {
        Reasoning::Keep => {}
        Reasoning::Inline => inline_reasoning(&mut part),
        Reasoning::Drop => drop_reasoning(&mut part.trajectory),
    }
    if options.drop_system {
        part = drop_system(part);
    }
    if options.merge_parallel || options.format.target().merges_parallel() {
        part = merge_parallel(part);
    }
    if let Some(limit) = options.observations {
        let counter = counter.ok_or(Reason::NotCounted)?;
        shorten::observations(&mut part.trajectory, limit, counter);
    }
    Ok(part)
}

fn drop_reasoning(trajectory: &mut Trajectory) {
    for message in &mut trajectory.messages {
        message.reasoning = Cow::Borrowed("");
    }
}

fn inline_reasoning(part: &mut Part) {
    let messages = part.trajectory.messages.iter_mut().zip(&mut part.marks);
    for (message, mark) in messages.filter(|(message, _)| !message.reasoning.is_empty()) {
        let thought = format!("<think>\n{}\n</think>\n\n", message.reasoning);
        mark.thought = thought.len();
        message.text = Cow::Owned(thought + &message.text);
        message.reasoning = Cow::Borrowed("");
    }
}

fn drop_system(part: Part) -> Part {
    let messages = part.trajectory.messages.iter();
    let kept: Vec<bool> = messages.map(|m| m.role != Role::System).collect();
    part.keep(&kept)
}

/// Without what comes after the last assistant message; calls of that one are open then.
fn end_at_assistant(part: Part) -> Part {
    let messages = &part.trajectory.messages;
    let is_turn = |message: &Message| message.role == Role::Assistant;
    match messages.iter().rposition(is_turn) {
        Some(last) => {
            let kept: Vec<bool> = (0..messages.len()).map(|at| at <= last).collect();
            part.keep(&kept)
        }
        None => part,
    }
}

/// Results that follow each other and answer calls of one message become one, a blank line between them.
fn merge_parallel(mut part: Part) -> Part {
    let messages = &mut part.trajectory.messages;
    let mut kept = vec![true; messages.len()];
    // The first result of the stretch, and the message that asked for it.
    let mut first: Option<(usize, usize)> = None;
    for (at, kept) in kept.iter_mut().enumerate() {
        let Some(asked) = messages.get(at).and_then(|message| message.answers) else {
            first = None;
            continue;
        };
        let Some((to, _)) = first.filter(|(_, by)| *by == asked.message) else {
            first = Some((at, asked.message));
            continue;
        };
        *kept = false;
        let more = messages.get_mut(at);
        let more = more.map(|m| (std::mem::take(&mut m.text), std::mem::take(&mut m.media)));
        if let (Some((more, media)), Some(result)) = (more, messages.get_mut(to)) {
            let text = result.text.to_mut();
            text.push_str("\n\n");
            text.push_str(&more);
            result.media.extend(media);
        }
        let asking = messages.get_mut(asked.message);
        if let Some(call) = asking.and_then(|m| m.calls.get_mut(asked.call)) {
            call.answer = Some(to);
        }
    }
    part.keep(&kept)
}
