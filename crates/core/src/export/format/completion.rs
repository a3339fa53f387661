//! TRL's prompt-completion form: `prompt` is the task, `completion` all that follows from the first turn on.
//! <https://huggingface.co/docs/trl/dataset_formats>, TRL at f2cd57710.

use serde::Serialize;

use super::messages::{TRL_LENGTH, TRL_MASK};
use super::{DefaultLength, Encode, Row, Target, json};
use crate::export::chat::{self, Chat, refuses_objects, template_notes};
use crate::export::check::{Fault, Reason, speaker};
use crate::export::options::Options;
use crate::export::origin::Metadata;
use crate::export::prepare::Part;
use crate::export::schema;
use crate::tokens::template;
use crate::trace::Role;

/// `prompt`, `completion`, `tools`, `metadata`. Types are as in [`super::messages`].
#[derive(Debug)]
pub struct Completion;

impl Target for Completion {
    fn name(&self) -> &'static str {
        "prompt-completion"
    }

    fn title(&self) -> &'static str {
        "Prompt and completion (TRL)"
    }

    fn sentence(&self) -> &'static str {
        "The task as the prompt and the whole run as the completion, for TRL's training on completions only."
    }

    fn trainer(&self) -> &'static str {
        "TRL"
    }

    fn instead_of_mask(&self) -> &'static str {
        TRL_MASK
    }

    fn template_arguments(&self, options: &Options) -> Option<template::Arguments> {
        Some(options.arguments.in_template())
    }

    fn default_length(&self) -> Option<DefaultLength> {
        Some(TRL_LENGTH)
    }

    fn notes(&self, options: &Options) -> Vec<&'static str> {
        let mut notes = vec![
            "TRL learns from all of the completion, tools' results included; with assistant_only_loss=True from the \
             assistant's messages in it only. Trainable tokens are counted that way.",
        ];
        notes.extend(template_notes(options));
        notes
    }
}

impl Encode for Completion {
    fn refuses(&self, fault: Fault, options: &Options) -> bool {
        fault == Fault::Order || refuses_objects(fault, options)
    }

    /// There must be a prompt.
    fn order(&self, part: &Part) -> Option<Reason> {
        let first = part.trajectory.messages.first()?;
        (first.role == Role::Assistant).then(|| Reason::Order {
            message: part.from(0),
            found: speaker(first.role).to_owned(),
            wanted: "the system or the user".to_owned(),
        })
    }

    fn line(&self, row: &Row) -> String {
        let mut prompt = chat::messages(row);
        let messages = row.part.trajectory.messages.iter();
        let before = messages.take_while(|message| message.role != Role::Assistant);
        let completion = prompt.split_off(before.count());
        json(&Line {
            prompt,
            completion,
            tools: schema::list_or_null(&row.part.trajectory.tools),
            metadata: row.metadata(),
        })
    }
}

#[derive(Serialize)]
struct Line<'a> {
    prompt: Vec<Chat<'a>>,
    completion: Vec<Chat<'a>>,
    tools: String,
    metadata: Metadata<'a>,
}
