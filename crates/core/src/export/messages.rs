//! TRL's conversational form, and the default: `messages`, `tools`, `metadata`, one object a row.
//! <https://huggingface.co/docs/trl/dataset_formats>, TRL at f2cd57710.

use serde::Serialize;

use super::chat::{self, Chat};
use super::check::Fault;
use super::format::{DefaultLength, Encode, Row, Target};
use super::options::{Arguments, Options};
use super::origin::{Metadata, Origin};
use super::schema;
use crate::trace::Trajectory;

/// `messages`, `tools`, `metadata`.
///
/// A line is made for `datasets.load_dataset("json", …)`, which takes the types of a whole file from its first
/// 10 MB and fails on a later row that differs. Hence the three choices that may surprise:
///
/// - `tools` is the JSON text of a list, not the list: parameter schemas of two harnesses have different keys and
///   types, and as objects they fail whenever the first 10 MB hold only one kind of them. TRL reads the text as it is.
/// - A label that is not known is `""`, not `null`: a column that is `null` in the first 10 MB can't hold text later.
/// - `arguments` is a text, as OpenAI has it, also where it is no JSON, unless objects are asked for.
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
        written(
            chat::messages(row),
            schema::list_or_null(&row.part.trajectory.tools),
            row.metadata(),
        )
    }
}

/// TRL has one switch for all turns.
pub(super) const TRL_MASK: &str = "TRL learns from all of the assistant's messages (assistant_only_loss=True) or from every message.";

/// TRL's default length.
pub(super) const TRL_LENGTH: DefaultLength = DefaultLength {
    setting: "max_length",
    tokens: 1024,
    longer: "lose their end, where the fix is",
};

/// Arguments that shall be objects have to be some.
pub(super) fn refuses_objects(fault: Fault, options: &Options) -> bool {
    fault == Fault::BadArguments && options.arguments == Arguments::Object
}

/// What chat templates do with calls.
pub(super) fn template_notes(options: &Options) -> Vec<&'static str> {
    let llama = "Llama 3.1's chat template stops at two calls in one turn, and leaves out reasoning and what is said \
         beside a call.";
    match options.arguments {
        Arguments::Object => vec![llama],
        Arguments::Text => vec![
            llama,
            "Arguments are written as text, which any version of datasets loads. Some chat templates want objects: \
             Qwen 2.5 and Llama 3 would put the text in quotes once more, Qwen3-Coder would fail. For these choose \
             arguments as objects.",
        ],
    }
}

/// One line of a whole trajectory by the default options.
pub fn line(trajectory: &Trajectory, origin: &Origin) -> String {
    written(
        chat::of(trajectory, Arguments::Text),
        schema::list_or_null(&trajectory.tools),
        Metadata::of(trajectory, origin),
    )
}

fn written(messages: Vec<Chat>, tools: String, metadata: Metadata) -> String {
    json(&Written {
        messages,
        tools,
        metadata,
    })
}

#[derive(Serialize)]
struct Written<'a> {
    messages: Vec<Chat<'a>>,
    tools: String,
    metadata: Metadata<'a>,
}

/// A value as one line. There are texts, numbers and objects only: nothing that can't be written as JSON.
pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
