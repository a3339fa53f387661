//! A trajectory that borrows every text of another one, or some of its messages: what is measured or written of a row is a
//! view of it. A row that is cut has its task and its tools in every part; none of them holds a copy.

use std::borrow::Cow;

use super::{Call, CallAt, Labels, Media, Message, Tool, Trajectory};

/// The whole trajectory.
pub(crate) fn trajectory<'s>(from: &'s Trajectory) -> Trajectory<'s> {
    Trajectory {
        messages: from.messages.iter().map(message).collect(),
        ..without_messages(from)
    }
}

/// The trajectory without what it repeats of an earlier run; `None` where it repeats nothing.
pub(crate) fn without_copies<'s>(from: &'s Trajectory) -> Option<Trajectory<'s>> {
    let kept: Vec<bool> = from
        .messages
        .iter()
        .map(|message| !message.copied)
        .collect();
    kept.contains(&false).then(|| keep(trajectory(from), &kept))
}

/// Only the messages that `kept` says. Calls and observations of which the other is gone are open.
pub(crate) fn keep<'a>(from: Trajectory<'a>, kept: &[bool]) -> Trajectory<'a> {
    let mut next = 0..;
    let places: Vec<Option<usize>> = kept
        .iter()
        .map(|&kept| kept.then(|| next.next()).flatten())
        .collect();
    let place = |at: usize| places.get(at).copied().flatten();
    let messages = from.messages.into_iter().zip(kept);
    let messages = messages.filter(|(_, kept)| **kept);
    Trajectory {
        messages: messages.map(|(message, _)| moved(message, place)).collect(),
        ..from
    }
}

/// A message whose calls and answers are where `place` says.
pub(crate) fn moved(message: Message, place: impl Fn(usize) -> Option<usize>) -> Message {
    let answers = message.answers.and_then(|at| {
        Some(CallAt {
            message: place(at.message)?,
            ..at
        })
    });
    let calls = message.calls.into_iter().map(|call| Call {
        answer: call.answer.and_then(&place),
        ..call
    });
    Message {
        calls: calls.collect(),
        answers,
        ..message
    }
}

/// All but the messages.
pub(crate) fn without_messages<'s>(from: &'s Trajectory) -> Trajectory<'s> {
    Trajectory {
        labels: labels(&from.labels),
        outcome: from.outcome,
        messages: Vec::new(),
        tools: from.tools.iter().map(tool).collect(),
        model_patch: text(&from.model_patch),
        reference_patch: text(&from.reference_patch),
        declared: from.declared,
        reference_declared: from.reference_declared,
        exit: text(&from.exit),
        git_hack: from.git_hack,
        thread: from.thread,
        repairs: from.repairs.clone(),
    }
}

/// A message.
pub(crate) fn message<'s>(from: &'s Message) -> Message<'s> {
    Message {
        role: from.role,
        text: Cow::Borrowed(&from.text),
        reasoning: Cow::Borrowed(&from.reasoning),
        calls: from.calls.iter().map(call).collect(),
        answers: from.answers,
        reported: from.reported,
        weight: from.weight,
        copied: from.copied,
        media: from.media.iter().map(media).collect(),
    }
}

fn call<'s>(from: &'s Call) -> Call<'s> {
    Call {
        id: Cow::Borrowed(&from.id),
        name: Cow::Borrowed(&from.name),
        arguments: Cow::Borrowed(&from.arguments),
        form: from.form,
        answer: from.answer,
    }
}

fn media<'s>(from: &'s Media) -> Media<'s> {
    Media {
        kind: from.kind,
        reference: text(&from.reference),
    }
}

fn tool<'s>(from: &'s Tool) -> Tool<'s> {
    Tool {
        name: Cow::Borrowed(&from.name),
        schema: Cow::Borrowed(&from.schema),
    }
}

fn labels<'s>(from: &'s Labels) -> Labels<'s> {
    Labels {
        trajectory_id: text(&from.trajectory_id),
        instance_id: text(&from.instance_id),
        repo: text(&from.repo),
        license: text(&from.license),
        language: text(&from.language),
        harness: text(&from.harness),
        teacher: text(&from.teacher),
        category: text(&from.category),
        source: text(&from.source),
    }
}

fn text<'s>(from: &'s Option<Cow<str>>) -> Option<Cow<'s, str>> {
    from.as_deref().map(Cow::Borrowed)
}
