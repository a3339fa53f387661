//! LLaMA-Factory's ShareGPT form: `conversations`, `system`, `tools`, and the `dataset_info.json` that says so.
//! LLaMA-Factory at ff6d4d12e, `data/converter.py` and `data/formatter.py`.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{DefaultLength, Encode, Row, Sidecar, Target, encode};
use crate::export::chat;
use crate::export::check::{Fault, Reason};
use crate::export::file::SplitFile;
use crate::export::images::{Marked, shown};
use crate::export::options::Options;
use crate::export::origin::Metadata;
use crate::export::prepare::Part;
use crate::export::schema;
use crate::export::split::Split;
use crate::export::tally::Tally;
use crate::export::turns::{self, Turn, joined};
use crate::trace::Call;

/// `conversations`, `system`, `tools` (a text), `metadata`.
///
/// The trainer takes turns by two and skips a row that does not fit, with a line in its log only: such a row is refused
/// here. Results of parallel calls become one observation. A turn with calls keeps its text before one `<tool_call>`
/// block; the trainer reads the first such block of a turn, so that several calls are a list in it.
#[derive(Debug)]
pub struct LlamaFactory;

/// What stands between results that were merged: the trainer's own converter writes it.
const BETWEEN_RESULTS: &str = "\n</tool_response>\n<tool_response>\n";

/// Tags by which the trainer finds calls in a turn.
const CALL: (&str, &str) = ("<tool_call>", "</tool_call>");

impl Target for LlamaFactory {
    fn name(&self) -> &'static str {
        "llamafactory"
    }

    fn title(&self) -> &'static str {
        "LLaMA-Factory (ShareGPT)"
    }

    fn sentence(&self) -> &'static str {
        "Conversations in the form that LLaMA-Factory knows as ShareGPT, with the dataset_info.json that it needs and a train.yaml to start from."
    }

    fn trainer(&self) -> &'static str {
        "LLaMA-Factory"
    }

    fn has_reasoning(&self) -> bool {
        false
    }

    fn has_arguments_choice(&self) -> bool {
        false
    }

    fn instead_of_mask(&self) -> &'static str {
        "LLaMA-Factory learns from every answer, or with mask_history from the last one only."
    }

    fn command(&self) -> Option<&'static str> {
        Some("llamafactory-cli train train.yaml")
    }

    fn default_length(&self) -> Option<DefaultLength> {
        Some(DefaultLength {
            setting: "cutoff_len",
            tokens: 2048,
            longer: "lose their end",
        })
    }

    fn has_images(&self) -> bool {
        true
    }

    fn has_sidecars(&self) -> bool {
        true
    }
}

impl Encode for LlamaFactory {
    fn sidecars(&self, files: &[SplitFile], _options: &Options, tally: &Tally) -> Vec<Sidecar> {
        let sets: Map<String, Value> = files
            .iter()
            .map(|file| {
                let info = set_info(&file.file.file, tally.images > 0);
                (set_name(file).to_owned(), info)
            })
            .collect();
        let text = serde_json::to_string_pretty(&Value::Object(sets)).unwrap_or_default();
        let info = Sidecar {
            name: "dataset_info.json".to_owned(),
            text: text + "\n",
        };
        let train = Sidecar {
            name: "train.yaml".to_owned(),
            text: configuration(files, tally),
        };
        vec![info, train]
    }

    fn refuses(&self, fault: Fault, _options: &Options) -> bool {
        matches!(
            fault,
            Fault::Order | Fault::BadArguments | Fault::End | Fault::Tag
        )
    }

    fn order(&self, part: &Part) -> Option<Reason> {
        let turns = match turns::of(part) {
            Ok(turns) => turns.turns,
            Err(reason) => return Some(reason),
        };
        turns.iter().find_map(|turn| match turn {
            Turn::Model { texts, calls } if !calls.is_empty() => {
                texts.iter().find_map(|(at, text)| {
                    let tag = [CALL.0, CALL.1]
                        .into_iter()
                        .find(|tag| text.contains(tag))?;
                    Some(Reason::Tag {
                        message: part.from(*at),
                        tag: tag.to_owned(),
                    })
                })
            }
            _ => None,
        })
    }

    fn kept_media(&self, part: &Part, options: &Options) -> Vec<usize> {
        shown(part, options).kept
    }

    fn line(&self, row: &Row) -> String {
        let Marked { part, images, .. } = shown(row.part, row.options);
        let turns = turns::of(&part).unwrap_or_default();
        encode::json(&Line {
            conversations: turns.turns.iter().map(said).collect(),
            system: &turns.system,
            tools: Value::Array(schema::complete(&row.part.trajectory.tools)).to_string(),
            images,
            metadata: row.metadata(),
        })
    }
}

/// The name under which `dataset_info.json` lists a file.
fn set_name(file: &SplitFile) -> &str {
    let name = file.file.file.as_str();
    name.split(".jsonl").next().unwrap_or(name)
}

/// A training that can be started as it is, once a model is chosen.
/// <https://github.com/hiyouga/LLaMA-Factory/tree/main/examples>
fn configuration(files: &[SplitFile], tally: &Tally) -> String {
    let of = |split: Split| {
        let files = files.iter().filter(move |file| file.split == split);
        let names: Vec<&str> = files.map(set_name).collect();
        (!names.is_empty()).then(|| json!(names.join(",")))
    };
    let mut text = format!(
        "# A configuration to start from: put your model and its template here, then run in this folder:\n\
         # llamafactory-cli train train.yaml\n\
         model_name_or_path: Qwen/Qwen3-8B\n\
         template: qwen3\n\n\
         stage: sft\n\
         do_train: true\n\
         finetuning_type: lora\n\
         lora_rank: 32\n\
         lora_target: all\n\n\
         dataset_dir: .\n\
         dataset: {}\n",
        of(Split::Train).unwrap_or_default(),
    );
    if let Some(validation) = of(Split::Validation) {
        text += &format!("eval_dataset: {validation}\neval_strategy: epoch\n");
    }
    let (length, longest) = tally.sequence_length();
    text += &format!(
        "\n# Longer rows lose their end. The longest row has {longest} tokens, and the template adds some.\n\
         cutoff_len: {length}\n\
         packing: false\n\n\
         output_dir: ./out\n\
         per_device_train_batch_size: 1\n\
         gradient_accumulation_steps: 8\n\
         num_train_epochs: 2.0\n\
         learning_rate: 0.0001\n\
         lr_scheduler_type: cosine\n\
         bf16: true\n",
    );
    text
}

fn set_info(file: &str, has_images: bool) -> Value {
    let mut columns = json!({"messages": "conversations", "system": "system", "tools": "tools"});
    if let Some(columns) = columns.as_object_mut().filter(|_| has_images) {
        columns.insert("images".to_owned(), json!("images"));
    }
    json!({
        "file_name": file,
        "formatting": "sharegpt",
        "columns": columns,
        "tags": {
            "role_tag": "from",
            "content_tag": "value",
            "user_tag": "human",
            "assistant_tag": "gpt",
            "observation_tag": "observation",
            "function_tag": "function_call",
        },
    })
}

fn said<'a>(turn: &Turn) -> Said<'a> {
    let (from, value) = match turn {
        Turn::User { texts } => ("human", joined(texts.iter().copied())),
        Turn::Results { texts } => ("observation", texts.join(BETWEEN_RESULTS)),
        Turn::Model { texts, calls } => {
            let text = joined(texts.iter().map(|(_, text)| *text));
            match calls.is_empty() {
                true => ("gpt", text),
                false => ("function_call", with_calls(text, calls)),
            }
        }
    };
    Said {
        from,
        value: Cow::Owned(value),
    }
}

/// A text with the calls after it; the calls alone where it is empty.
fn with_calls(mut text: String, calls: &[Call]) -> String {
    let mut calls: Vec<Value> = calls.iter().map(chat::called).collect();
    let calls = match calls.len() {
        1 => calls.remove(0).to_string(),
        _ => Value::Array(calls).to_string(),
    };
    // A tag in a call is a text of its JSON: with its bracket escaped, the trainer finds none and reads the same text.
    let calls = [CALL.0, CALL.1]
        .iter()
        .fold(calls, |calls, tag| match calls.contains(tag) {
            true => calls.replace(tag, &tag.replace('<', "\\u003c")),
            false => calls,
        });
    if text.is_empty() {
        return calls;
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text + CALL.0 + "\n" + &calls + "\n" + CALL.1
}

#[derive(Serialize)]
struct Line<'a> {
    conversations: Vec<Said<'a>>,
    system: &'a str,
    tools: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<&'a str>,
    metadata: Metadata<'a>,
}

#[derive(Serialize)]
struct Said<'a> {
    from: &'static str,
    value: Cow<'a, str>,
}
