//! One trajectory into several rows of so many tokens at most. Each begins with the task, and no call is parted from
//! its result.

use std::ops::Range;

use super::{Part, moved};
use crate::tokens::Counter;
use crate::trace::{Message, Role, Trajectory};

/// Cuts before assistant messages. Every part begins with all that stands before the first of them: the system prompt
/// and the task. Tool schemas count in each part.
///
/// A stretch that can't be cut and is longer than `limit` is a part of its own; the check then finds it too long.
///
/// What a chat template adds is known of a whole part only: where it makes a part too long, shorter texts are tried.
pub(super) fn at_turns<'a>(part: Part<'a>, limit: u64, counter: &Counter) -> Vec<Part<'a>> {
    /// Halvings of what is left between too long and shorter than needed.
    const TRIES: u32 = 6;
    let fits = |parts: &[Part]| parts.iter().all(|part| fits(part, limit, counter));
    let mut parts = at_texts(part.clone(), limit, counter);
    if !counter.has_template() || fits(&parts) {
        return parts;
    }
    let (mut low, mut high) = (0, limit);
    parts = at_texts(part.clone(), low, counter);
    for _ in 0..TRIES {
        let middle = low.midpoint(high);
        let tried = at_texts(part.clone(), middle, counter);
        match fits(&tried) {
            true => (low, parts) = (middle, tried),
            false => high = middle,
        }
    }
    parts
}

/// Whether a part is within the limit, template and all; a stretch that can't be cut is as good as it gets.
fn fits(part: &Part, limit: u64, counter: &Counter) -> bool {
    blocks(&part.trajectory.messages).len() <= 1
        || counter.row(&part.trajectory).total_with_template() <= limit
}

/// Cuts by the tokens of the texts alone.
fn at_texts<'a>(part: Part<'a>, limit: u64, counter: &Counter) -> Vec<Part<'a>> {
    let messages = &part.trajectory.messages;
    // Tokens before each message, so that a stretch is a difference.
    let mut before = vec![0];
    for message in messages {
        let last = before.last().copied().unwrap_or_default();
        before.push(last + counter.message(message).total());
    }
    let before = |at: usize| before.get(at).copied().unwrap_or_default();
    let sum = |range: Range<usize>| before(range.end) - before(range.start);
    let mut blocks = blocks(messages).into_iter();
    let Some(mut open) = blocks.next() else {
        return vec![part];
    };
    let head = 0..open.start;
    let fixed = counter.tools(&part.trajectory).total() + sum(head.clone());
    let mut bodies = Vec::new();
    for block in blocks {
        if fixed + sum(open.start..block.end) > limit {
            bodies.push(std::mem::replace(&mut open, block));
        } else {
            open.end = block.end;
        }
    }
    bodies.push(open);
    let of = u32::try_from(bodies.len()).unwrap_or(u32::MAX);
    let parts = (1..).zip(bodies).map(|(number, body)| Part {
        number,
        of,
        ..piece(&part, head.clone(), body)
    });
    parts.collect()
}

/// The messages of `head` and of `body`, which comes after it.
fn piece<'a>(part: &Part<'a>, head: Range<usize>, body: Range<usize>) -> Part<'a> {
    let place = |at: usize| match at {
        at if head.contains(&at) => Some(at - head.start),
        at if body.contains(&at) => Some(at - body.start + head.len()),
        _ => None,
    };
    let all = &part.trajectory;
    let of = |range: &Range<usize>| all.messages.get(range.clone()).unwrap_or_default();
    let messages = of(&head).iter().chain(of(&body)).cloned();
    let marks = |range: &Range<usize>| part.marks.get(range.clone()).unwrap_or_default();
    Part {
        trajectory: Trajectory {
            labels: all.labels.clone(),
            outcome: all.outcome,
            messages: messages.map(|message| moved(message, place)).collect(),
            tools: all.tools.clone(),
            model_patch: all.model_patch.clone(),
            reference_patch: all.reference_patch.clone(),
            declared: all.declared,
            reference_declared: all.reference_declared,
            exit: all.exit.clone(),
            git_hack: all.git_hack,
            repairs: all.repairs.clone(),
        },
        marks: [marks(&head), marks(&body)].concat(),
        number: part.number,
        of: part.of,
    }
}

/// The stretches that must not be cut: each begins with an assistant message and holds the results of all its calls.
fn blocks(messages: &[Message]) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut answered_by = 0;
    for (at, message) in messages.iter().enumerate() {
        match blocks.last_mut() {
            Some(block) if message.role != Role::Assistant || at <= answered_by => {
                block.end = at + 1;
            }
            None if message.role != Role::Assistant => continue,
            _ => blocks.push(at..at + 1),
        }
        let answers = message.calls.iter().filter_map(|call| call.answer);
        answered_by = answers.max().unwrap_or_default().max(answered_by);
    }
    blocks
}
