//! TRL's conversational form, and the default: `messages`, `tools`, `metadata`, one object per row.
//! <https://huggingface.co/docs/trl/dataset_formats>, TRL at f2cd57710.

use serde::Serialize;

use super::{DefaultLength, Encode, Row, Target, json};
use crate::export::chat::{self, Chat, refuses_objects, template_notes};
use crate::export::check::Fault;
use crate::export::options::Options;
use crate::export::origin::Metadata;
use crate::export::schema;
use crate::tokens::template;

/// `messages`, `tools`, `metadata`.
///
/// A line is made for `datasets.load_dataset("json", …)`, which takes the types of a whole file from its first
/// 10 MB and fails on a later row that differs. Hence the three choices that may surprise:
///
/// - `tools` is the JSON text of a list, not the list: parameter schemas of two harnesses have different keys and
///   types, and as objects they fail whenever the first 10 MB hold only one kind of them. TRL reads the text as it is.
/// - A label that is not known is `""`, not `null`: a column that is `null` in the first 10 MB can't hold text later.
/// - `arguments` is a text, as OpenAI has it, even if it is not JSON, unless objects are asked for.
///
/// The keys of a message are those that it needs, so that no chat template meets a `null`.
#[derive(Debug)]
pub struct Messages;

impl Target for Messages {
    fn name(&self) -> &'static str {
        "messages"
    }

    fn title(&self) -> &'static str {
        "Messages (TRL, OpenAI form)"
    }

    fn sentence(&self) -> &'static str {
        "Messages as chat APIs have them, with tools and origin: what TRL reads, and what most other tools can."
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
        template_notes(options)
    }
}

impl Encode for Messages {
    fn refuses(&self, fault: Fault, options: &Options) -> bool {
        refuses_objects(fault, options)
    }

    fn line(&self, row: &Row) -> String {
        json(&Line {
            messages: chat::messages(row),
            tools: schema::list_or_null(&row.part.trajectory.tools),
            metadata: row.metadata(),
        })
    }
}

/// TRL has one switch for all turns.
pub(super) const TRL_MASK: &str = "TRL learns from all of the assistant's messages (assistant_only_loss=True) or from every message.";

/// TRL's default length.
pub(super) const TRL_LENGTH: DefaultLength = DefaultLength {
    setting: "max_length",
    tokens: 1024,
    longer: "lose their end, where the fix is (those of which no turn of the assistant is left are dropped, and training \
             stops if that is all)",
};

#[derive(Serialize)]
struct Line<'a> {
    messages: Vec<Chat<'a>>,
    tools: String,
    metadata: Metadata<'a>,
}
