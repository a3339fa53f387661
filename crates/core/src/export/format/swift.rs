//! ms-swift's agent form: `messages` with the roles `tool_call` and `tool_response`, `tools` as a text.
//! ms-swift at 3602360a5, `dataset/preprocessor/core.py`, `template/base.py`.

use std::borrow::Cow;

use serde::Serialize;

use super::{Encode, Row, Target, json};
use crate::export::chat::called;
use crate::export::check::{Fault, Reason};
use crate::export::images::{Marked, shown};
use crate::export::options::{Mask, Options};
use crate::export::origin::Metadata;
use crate::export::prepare::Part;
use crate::export::schema;
use crate::export::turns::{self, Turn, joined};
use crate::trace::Call;

/// `messages`, `tools` (a text), `metadata`.
///
/// The trainer keeps `role`, `content` and `loss` of a message and nothing else, so that reasoning stands in the text.
/// What an assistant says beside its calls is a message of its own before them; the trainer joins them again, and writes
/// the first call right after the text, hence the line break at the text's end. Of calls that follow each other the first
/// one's `loss` counts; all of a turn have the same here. Reasoning that is not learned from is a message of its own, too.
#[derive(Debug)]
pub struct Swift;

impl Target for Swift {
    fn name(&self) -> &'static str {
        "swift"
    }

    fn title(&self) -> &'static str {
        "ms-swift"
    }

    fn sentence(&self) -> &'static str {
        "Messages with calls and results as ms-swift's agent training reads them."
    }

    fn trainer(&self) -> &'static str {
        "ms-swift"
    }

    fn has_reasoning(&self) -> bool {
        false
    }

    fn has_arguments_choice(&self) -> bool {
        false
    }

    fn has_images(&self) -> bool {
        true
    }

    fn carries(&self, _options: &Options) -> Mask {
        Mask::ALL
    }

    fn notes(&self, _options: &Options) -> Vec<&'static str> {
        vec![
            "ms-swift drops rows that are longer than max_length (the model's own, where it is not set) without a word.",
        ]
    }
}

impl Encode for Swift {
    fn refuses(&self, fault: Fault, _options: &Options) -> bool {
        matches!(
            fault,
            Fault::Order | Fault::BadArguments | Fault::Blank | Fault::End
        )
    }

    fn order(&self, part: &Part) -> Option<Reason> {
        turns::of(part).err()
    }

    fn kept_media(&self, part: &Part, options: &Options) -> Vec<usize> {
        shown(part, options).kept
    }

    fn line(&self, row: &Row) -> String {
        let Marked { part, images, .. } = shown(row.part, row.options);
        let turns = turns::of(&part).unwrap_or_default();
        let mut messages = Vec::new();
        if !turns.system.is_empty() {
            messages.push(Said::of("system", turns.system));
        }
        for turn in &turns.turns {
            match turn {
                Turn::User { texts } => {
                    messages.push(Said::of("user", joined(texts.iter().copied())));
                }
                Turn::Results { texts } => {
                    let results = texts.iter().map(|text| (*text).to_owned());
                    messages.extend(results.map(|text| Said::of("tool_response", text)));
                }
                Turn::Model { texts, calls } => say(row, texts, calls, &mut messages),
            }
        }
        json(&Line {
            messages,
            tools: schema::list(&row.part.trajectory.tools),
            images,
            metadata: row.metadata(),
        })
    }
}

/// Writes a turn: what is said, reasoning by itself where it is not learned from, then the calls.
fn say(row: &Row, texts: &[(usize, &str)], calls: &[Call], messages: &mut Vec<Said>) {
    let has_mask = row.has_mask(Mask::ALL);
    let learned = |at: usize| has_mask.then(|| row.is_learned(at));
    let mut said = |role, content: String, loss| {
        if !content.is_empty() {
            messages.push(Said {
                loss,
                ..Said::of(role, content)
            });
        }
    };
    let last = texts.last().map_or(0, |(at, _)| *at);
    for (at, text) in texts {
        let thought = match row.options.mask.reasoning {
            true => row.thought(*at),
            false => 0,
        };
        let (thought, text) = text.split_at_checked(thought).unwrap_or_default();
        said("assistant", thought.to_owned(), Some(false));
        let end = match (text.is_empty() || text.ends_with('\n'), *at == last) {
            (true, _) => "",
            (false, false) => "\n\n",
            (false, true) if calls.is_empty() => "",
            (false, true) => "\n",
        };
        said("assistant", format!("{text}{end}"), learned(*at));
    }
    for of in calls {
        said("tool_call", called(of).to_string(), learned(last));
    }
}

#[derive(Serialize)]
struct Line<'a> {
    messages: Vec<Said<'a>>,
    tools: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<&'a str>,
    metadata: Metadata<'a>,
}

#[derive(Serialize)]
struct Said<'a> {
    role: &'static str,
    content: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    loss: Option<bool>,
}

impl Said<'_> {
    fn of(role: &'static str, content: String) -> Self {
        Self {
            role,
            content: Cow::Owned(content),
            loss: None,
        }
    }
}
