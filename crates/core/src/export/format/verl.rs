//! verl's multi-turn form: `messages`, `tools`, `enable_thinking`, as JSON lines and a line of Python that makes the
//! Parquet files which it reads. verl at b178a3cd5, `utils/dataset/multiturn_sft_dataset.py`.

use serde::Serialize;
use serde_json::Value;

use super::{DefaultLength, Encode, Row, Sidecar, Target, json};
use crate::export::chat::{self, Chat};
use crate::export::check::{Fault, Reason, speaker};
use crate::export::file::SplitFile;
use crate::export::options::{Arguments, Options};
use crate::export::origin::Metadata;
use crate::export::prepare::Part;
use crate::export::schema;
use crate::export::tally::Tally;
use crate::tokens::template;
use crate::trace::Role;

/// `messages`, `tools` (a list of objects), `enable_thinking`, `metadata`.
///
/// The trainer renders each message by itself and compares the sum with the whole: two results in a row fail and end the
/// run, so that results of parallel calls are one message here, always. Parquet gives every object the keys of all, as
/// nulls: arguments are text, which templates write as it is.
#[derive(Debug)]
pub struct Verl;

impl Target for Verl {
    fn name(&self) -> &'static str {
        "verl"
    }

    fn title(&self) -> &'static str {
        "verl"
    }

    fn sentence(&self) -> &'static str {
        "Messages for verl's multi-turn training, with a script that turns the file into the Parquet it reads."
    }

    fn trainer(&self) -> &'static str {
        "verl"
    }

    fn has_arguments_choice(&self) -> bool {
        false
    }

    fn merges_parallel(&self) -> bool {
        true
    }

    fn instead_of_mask(&self) -> &'static str {
        "verl learns from all of the assistant's messages."
    }

    fn template_arguments(&self, _options: &Options) -> Option<template::Arguments> {
        Some(template::Arguments::Text)
    }

    fn default_length(&self) -> Option<DefaultLength> {
        Some(DefaultLength {
            setting: "max_length",
            tokens: 1024,
            longer: "end the run with an error",
        })
    }

    fn notes(&self, _options: &Options) -> Vec<&'static str> {
        vec![
            "verl reads Parquet: run to_parquet.py beside the files. Results of calls that were made at once are one \
             message each time, since verl fails on two in a row.",
            "Parquet gives each tool the keys of all tools, empty ones as null, and verl puts them into the prompt \
             like that: rows of one harness keep this small.",
        ]
    }

    fn has_sidecars(&self) -> bool {
        true
    }
}

impl Encode for Verl {
    fn sidecars(&self, files: &[SplitFile], _options: &Options, _tally: &Tally) -> Vec<Sidecar> {
        let names: Vec<&str> = files.iter().map(|file| file.file.file.as_str()).collect();
        vec![Sidecar {
            name: "to_parquet.py".to_owned(),
            text: format!(
                "# Turns the files into the Parquet that verl reads: pip install pandas pyarrow; python to_parquet.py\n\
                 import pandas\n\n\
                 for name in {}:\n    \
                 pandas.read_json(name, lines=True).to_parquet(name.split(\".jsonl\")[0] + \".parquet\")\n",
                json(&names)
            ),
        }]
    }

    fn refuses(&self, fault: Fault, _options: &Options) -> bool {
        fault == Fault::Order
    }

    fn order(&self, part: &Part) -> Option<Reason> {
        let messages = &part.trajectory.messages;
        let after = messages.iter().enumerate().zip(messages.iter().skip(1));
        let mut pairs = after.map(|((at, message), next)| (at, message.role, next.role));
        let (at, _, role) = pairs.find(|(_, first, next)| *first == Role::Tool && first == next)?;
        Some(Reason::Order {
            message: part.from(at + 1),
            found: speaker(role).to_owned(),
            wanted: "the assistant or the user".to_owned(),
        })
    }

    fn line(&self, row: &Row) -> String {
        let messages = chat::of(&row.part.trajectory, Arguments::Text);
        json(&Line {
            enable_thinking: messages.iter().any(|m| !m.reasoning_content.is_empty()),
            messages,
            tools: schema::objects(&row.part.trajectory.tools),
            metadata: row.metadata(),
        })
    }
}

#[derive(Serialize)]
struct Line<'a> {
    messages: Vec<Chat<'a>>,
    /// An empty list where there are none: verl stops at a tool list that is missing in one row and there in another.
    tools: Vec<Value>,
    enable_thinking: bool,
    metadata: Metadata<'a>,
}
