//! Axolotl's `chat_template` form: `messages`, `tools`, and a YAML that is ready to run.
//! Axolotl at 067b021c8, `prompt_strategies/chat_template.py`; <https://docs.axolotl.ai/docs/dataset-formats/conversation.html>.

use serde::Serialize;

use super::{DefaultLength, Encode, Row, Sidecar, Target, json};
use crate::export::chat::{self, Chat, template_notes};
use crate::export::check::Fault;
use crate::export::file::SplitFile;
use crate::export::options::{Mask, Options};
use crate::export::origin::Metadata;
use crate::export::schema::{self, Flat};
use crate::export::split::Split;
use crate::export::tally::Tally;
use crate::tokens::template;

/// `messages`, `tools`, `metadata`.
///
/// `tools` is a list of `name`, `description` and `parameters`, the last a JSON text, which the trainer reads: every tool
/// of every harness has the same type. `train` stands in every message, once something is masked.
#[derive(Debug)]
pub struct Axolotl;

impl Target for Axolotl {
    fn name(&self) -> &'static str {
        "axolotl"
    }

    fn title(&self) -> &'static str {
        "Axolotl (chat_template)"
    }

    fn sentence(&self) -> &'static str {
        "Messages for Axolotl's chat_template datasets, with a configuration to start from."
    }

    fn trainer(&self) -> &'static str {
        "Axolotl"
    }

    /// Whole turns. `train_detail` can't mask reasoning in an agent's turn: its offsets count in the message's content,
    /// which templates cut, and where it stands no call of the turn is learned from.
    fn carries(&self, _options: &Options) -> Mask {
        Mask::TURNS
    }

    fn instead_of_mask(&self) -> &'static str {
        "Leave reasoning out, or let the model learn from it."
    }

    fn command(&self) -> Option<&'static str> {
        Some("axolotl train axolotl.yml")
    }

    fn template_arguments(&self, _options: &Options) -> Option<template::Arguments> {
        Some(template::Arguments::Objects)
    }

    fn default_length(&self) -> Option<DefaultLength> {
        Some(DefaultLength {
            setting: "sequence_len",
            tokens: 512,
            longer: "are dropped",
        })
    }

    fn notes(&self, options: &Options) -> Vec<&'static str> {
        template_notes(options)
    }

    fn has_sidecars(&self) -> bool {
        true
    }
}

impl Encode for Axolotl {
    fn sidecars(&self, files: &[SplitFile], _options: &Options, tally: &Tally) -> Vec<Sidecar> {
        vec![Sidecar {
            name: "axolotl.yml".to_owned(),
            text: configuration(files, tally),
        }]
    }

    fn refuses(&self, fault: Fault, _options: &Options) -> bool {
        // It reads arguments as JSON and stops where they are none.
        fault == Fault::BadArguments
    }

    fn line(&self, row: &Row) -> String {
        let has_mask = row.has_mask(self.carries(row.options));
        let messages = chat::messages(row).into_iter().enumerate();
        let messages = messages.map(|(at, chat)| Trained {
            train: has_mask.then(|| row.is_learned(at)),
            chat,
        });
        json(&Line {
            messages: messages.collect(),
            tools: schema::flat(&row.part.trajectory.tools),
            metadata: row.metadata(),
        })
    }
}

fn configuration(files: &[SplitFile], tally: &Tally) -> String {
    let of = |split: Split| -> String {
        let files = files.iter().filter(move |file| file.split == split);
        files.map(|file| dataset(&file.file.file)).collect()
    };
    let mut text = String::from(
        "# A configuration to start from: put your model's name here, then run in this folder: axolotl train axolotl.yml\n\
         base_model: Qwen/Qwen3-8B\n\
         chat_template: tokenizer_default\n\n\
         datasets:\n",
    );
    text += &of(Split::Train);
    let validation = of(Split::Validation);
    if !validation.is_empty() {
        text += "\ntest_datasets:\n";
        text += &validation;
    }
    let (length, longest) = tally.sequence_length();
    text += &format!(
        "\n# Longer rows are dropped. The longest row has {} tokens, and the chat template adds some.\n\
         sequence_len: {}\n\
         sample_packing: false\n\n\
         adapter: lora\n\
         lora_r: 32\n\
         lora_alpha: 64\n\
         lora_target_linear: true\n\n\
         micro_batch_size: 1\n\
         gradient_accumulation_steps: 8\n\
         num_epochs: 2\n\
         optimizer: adamw_torch\n\
         lr_scheduler: cosine\n\
         learning_rate: 0.0001\n\
         bf16: auto\n\
         gradient_checkpointing: true\n\
         output_dir: ./out\n",
        longest, length,
    );
    text
}

/// One entry of `datasets`. A JSON text is a YAML text, whatever the name holds.
fn dataset(file: &str) -> String {
    format!(
        "  - path: {}\n    ds_type: json\n    type: chat_template\n    field_messages: messages\n    \
         field_tools: tools\n    roles_to_train: [assistant]\n    train_on_eos: turn\n    \
         message_field_training: train\n",
        json(&file),
    )
}

#[derive(Serialize)]
struct Line<'a> {
    messages: Vec<Trained<'a>>,
    /// Left out where there are none: a chat template may take an empty list for some.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Flat>,
    metadata: Metadata<'a>,
}

#[derive(Serialize)]
struct Trained<'a> {
    #[serde(flatten)]
    chat: Chat<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    train: Option<bool>,
}
