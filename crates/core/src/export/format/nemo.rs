//! NVIDIA's chat form, for Megatron-Bridge and NeMo Automodel: `messages`, `tools`, in files with fixed names.
//! Megatron-Bridge at 067f987df, `data/datasets/sft.py`; Automodel at 36044ad3d.

use serde::Serialize;
use serde_json::Value;

use super::{Encode, Row, Target, json};
use crate::export::chat::{self, Chat, refuses_objects, template_notes};
use crate::export::check::Fault;
use crate::export::options::Options;
use crate::export::origin::Metadata;
use crate::export::schema;
use crate::export::split::Split;
use crate::tokens::template;

/// `messages`, `tools` (a list of objects), `metadata`. The lines are read one by one, without Arrow: objects may differ.
#[derive(Debug)]
pub struct Nemo;

impl Target for Nemo {
    fn name(&self) -> &'static str {
        "nemo"
    }

    fn title(&self) -> &'static str {
        "NeMo (Megatron-Bridge, Automodel)"
    }

    fn sentence(&self) -> &'static str {
        "Messages in files named training, validation and test, as NVIDIA's Megatron-Bridge looks for them."
    }

    fn trainer(&self) -> &'static str {
        "Megatron-Bridge"
    }

    fn reads_with_arrow(&self) -> bool {
        false
    }

    fn instead_of_mask(&self) -> &'static str {
        "Megatron-Bridge learns from all of the assistant's messages; Automodel has a setting of its own for \
         reasoning, mask_reasoning_content."
    }

    fn template_arguments(&self, options: &Options) -> Option<template::Arguments> {
        Some(options.arguments.in_template())
    }

    fn notes(&self, options: &Options) -> Vec<&'static str> {
        let mut notes = vec![
            "Put the files into one folder and name it as dataset_root. loss_mode=\"assistant\" needs a chat template \
             with {% generation %} marks.",
        ];
        notes.extend(template_notes(options));
        notes
    }

    /// The trainer looks for these names and no others.
    fn file_name(&self, _base: &str, split: Option<Split>, _shard: Option<u32>) -> String {
        let name = match split.unwrap_or_default() {
            Split::Train => "training",
            Split::Validation => "validation",
            Split::Test => "test",
        };
        format!("{name}.jsonl")
    }

    fn takes_shards(&self) -> bool {
        false
    }
}

impl Encode for Nemo {
    fn refuses(&self, fault: Fault, options: &Options) -> bool {
        refuses_objects(fault, options)
    }

    fn line(&self, row: &Row) -> String {
        json(&Line {
            messages: chat::messages(row),
            tools: schema::objects(&row.part.trajectory.tools),
            metadata: row.metadata(),
        })
    }
}

#[derive(Serialize)]
struct Line<'a> {
    messages: Vec<Chat<'a>>,
    tools: Vec<Value>,
    metadata: Metadata<'a>,
}
