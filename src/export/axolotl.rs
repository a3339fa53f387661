//! Axolotl's `chat_template` form: `messages`, `tools`, and a YAML that is ready to run.
//! Axolotl at 067b021c8, `prompt_strategies/chat_template.py`; <https://docs.axolotl.ai/docs/dataset-formats/conversation.html>.

use serde::Serialize;

use super::chat::{self, Chat};
use super::check::Fault;
use super::format::{DefaultLength, Encode, Row, Sidecar, Target};
use super::manifest::SideFile;
use super::messages::{json, template_notes};
use super::options::{Mask, Options, Reasoning};
use super::origin::Metadata;
use super::schema::{self, Flat};
use super::side::Side;
use super::tally::Tally;

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
        "Messages for Axolotl's chat_template data sets, with a configuration to start from."
    }

    fn trainer(&self) -> &'static str {
        "Axolotl"
    }

    fn carries(&self, options: &Options) -> Mask {
        match options.reasoning {
            Reasoning::Inline => Mask::ALL,
            Reasoning::Keep | Reasoning::Drop => Mask::TURNS,
        }
    }

    fn instead_of_mask(&self) -> &'static str {
        "Axolotl masks reasoning that stands in the text: choose reasoning inline."
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

    fn sidecars(&self, files: &[SideFile], options: &Options, tally: &Tally) -> Vec<Sidecar> {
        vec![Sidecar {
            name: "axolotl.yml".to_owned(),
            text: configuration(files, options, tally),
        }]
    }
}

impl Encode for Axolotl {
    fn refuses(&self, fault: Fault, _options: &Options) -> bool {
        // It reads arguments as JSON and stops where they are none.
        fault == Fault::BadArguments
    }

    fn line(&self, row: &Row) -> String {
        let has_mask = row.options.mask.and(self.carries(row.options)).is_set();
        let messages = chat::messages(row).into_iter().enumerate();
        let messages = messages.map(|(at, chat)| Trained {
            train: has_mask.then(|| row.is_learned(at)),
            train_detail: match row.options.mask.reasoning && row.is_learned(at) {
                true => without_thought(chat.content, row.thought(at)),
                false => Vec::new(),
            },
            chat,
        });
        json(&Line {
            messages: messages.collect(),
            tools: schema::flat(&row.part.trajectory.tools),
            metadata: row.metadata(),
        })
    }
}

/// Which characters of a text are learned from: those after the reasoning. Ends are inclusive.
fn without_thought(content: &str, thought: usize) -> Vec<Detail> {
    let Some((before, after)) = content.split_at_checked(thought) else {
        return Vec::new();
    };
    let (before, after) = (before.chars().count(), after.chars().count());
    let detail = |from: usize, length: usize, train| {
        (length > 0).then(|| Detail {
            begin_offset: from,
            end_offset: from + length - 1,
            train,
        })
    };
    if before == 0 {
        return Vec::new();
    }
    [detail(0, before, false), detail(before, after, true)]
        .into_iter()
        .flatten()
        .collect()
}

/// The sequence length that the longest row needs: with a tenth more for the chat template, in steps of 1,024.
fn sequence_length(tally: &Tally) -> u64 {
    const STEP: u64 = 1024;
    let longest = tally.longest.unwrap_or(32 * STEP);
    longest.saturating_add(longest / 10).div_ceil(STEP).max(1) * STEP
}

fn configuration(files: &[SideFile], options: &Options, tally: &Tally) -> String {
    let of = |side: Side| -> String {
        let files = files.iter().filter(move |file| file.side == side);
        files
            .map(|file| data_set(&file.file.file, options))
            .collect()
    };
    let mut text = String::from(
        "# A configuration to start from: put your model's name here, then run `axolotl train axolotl.yml`.\n\
         base_model: Qwen/Qwen3-8B\n\
         chat_template: tokenizer_default\n\n\
         datasets:\n",
    );
    text += &of(Side::Train);
    let validation = of(Side::Validation);
    if !validation.is_empty() {
        text += "\ntest_datasets:\n";
        text += &validation;
    }
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
        tally
            .longest
            .map_or_else(|| "an unknown number of".to_owned(), |n| n.to_string()),
        sequence_length(tally),
    );
    text
}

/// One entry of `datasets`. A JSON text is a YAML text, whatever the name holds.
fn data_set(file: &str, options: &Options) -> String {
    let has_detail = options.mask.reasoning && options.reasoning == Reasoning::Inline;
    let detail = match has_detail {
        true => "    message_field_training_detail: train_detail\n",
        false => "",
    };
    format!(
        "  - path: {}\n    ds_type: json\n    type: chat_template\n    field_messages: messages\n    \
         field_tools: tools\n    roles_to_train: [assistant]\n    train_on_eos: turn\n    \
         message_field_training: train\n{detail}",
        json(&file),
    )
}

#[derive(Serialize)]
struct Line<'a> {
    messages: Vec<Trained<'a>>,
    tools: Vec<Flat>,
    metadata: Metadata<'a>,
}

#[derive(Serialize)]
struct Trained<'a> {
    #[serde(flatten)]
    chat: Chat<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    train: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    train_detail: Vec<Detail>,
}

#[derive(Serialize)]
struct Detail {
    begin_offset: usize,
    end_offset: usize,
    train: bool,
}
