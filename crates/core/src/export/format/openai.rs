//! OpenAI's fine-tuning form, which Azure and Together AI take, too: `messages`, `tools`, `parallel_tool_calls`.
//! <https://platform.openai.com/docs/guides/supervised-fine-tuning>,
//! <https://platform.openai.com/docs/guides/vision-fine-tuning>, <https://learn.microsoft.com/azure/ai-services/openai/how-to/fine-tuning-functions>.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use super::{Encode, Row, Target, json};
use crate::export::chat::{self, Chat, Content, ContentPart};
use crate::export::check::{Fault, Reason, speaker};
use crate::export::images::{self, Placed};
use crate::export::options::{Arguments, Images, Mask, Options};
use crate::export::prepare::Part;
use crate::export::schema;
use crate::trace::{CallAt, Message, Role};

/// No other keys than these: the API closes the form, so that a line says nothing of its origin.
#[derive(Debug)]
pub struct OpenAi;

impl Target for OpenAi {
    fn name(&self) -> &'static str {
        "openai"
    }

    fn title(&self) -> &'static str {
        "OpenAI fine-tuning"
    }

    fn sentence(&self) -> &'static str {
        "The file that OpenAI's, Azure's and Together AI's fine-tuning services take."
    }

    fn trainer(&self) -> &'static str {
        "OpenAI"
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
        Mask::TURNS
    }

    fn instead_of_mask(&self) -> &'static str {
        "A message is learned from as a whole or not at all; reasoning can be dropped."
    }

    fn notes(&self, _options: &Options) -> Vec<&'static str> {
        vec![
            "OpenAI no longer opens fine-tuning to new users; Azure and Together AI take the same file. It needs ten \
             rows or more, and says nothing of where they come from.",
        ]
    }
}

impl Encode for OpenAi {
    fn refuses(&self, fault: Fault, _options: &Options) -> bool {
        matches!(
            fault,
            Fault::Order
                | Fault::Unanswered
                | Fault::Orphan
                | Fault::UnknownTool
                | Fault::BadArguments
                | Fault::Blank
                | Fault::End
        )
    }

    /// Results follow their calls at once; each call has one, be it one that it shares.
    fn order(&self, part: &Part) -> Option<Reason> {
        let messages = &part.trajectory.messages;
        let mut open = OpenCalls::default();
        let sharing = Sharing::of(messages);
        for (at, message) in messages.iter().enumerate() {
            let wanted = match (open.count == 0, message.role) {
                (false, Role::Tool) => {
                    open.answer(message.answers);
                    for call in sharing.with(at) {
                        open.answer(Some(*call));
                    }
                    continue;
                }
                (true, Role::Tool) => "the user or the assistant",
                (false, _) => "a tool's result for each call",
                (true, _) => {
                    open = OpenCalls::of(at, message.calls.len());
                    continue;
                }
            };
            return Some(Reason::Order {
                message: part.from(at),
                found: speaker(message.role).to_owned(),
                wanted: wanted.to_owned(),
            });
        }
        // Calls of the last message stay open, unless some of them were answered.
        let last = messages.len().saturating_sub(1);
        let asked = open.first().filter(|call| call.message != last)?;
        let call = messages.get(asked.message)?.calls.get(asked.call)?;
        Some(Reason::Unanswered {
            message: part.from(asked.message),
            tool: call.name.to_string(),
        })
    }

    fn kept_media(&self, part: &Part, options: &Options) -> Vec<usize> {
        let messages = part.trajectory.messages.iter();
        messages
            .map(|message| shown(message, options).len())
            .collect()
    }

    fn line(&self, row: &Row) -> String {
        let has_mask = row.has_mask(Mask::TURNS);
        let messages = chat::of(&row.part.trajectory, Arguments::Text);
        let parallel = messages.iter().any(|message| message.tool_calls.len() > 1);
        let all = &row.part.trajectory.messages;
        let sharing = Sharing::of(all);
        let messages = messages.into_iter().zip(all).enumerate();
        let messages = messages.flat_map(|(at, (chat, message))| {
            let content = content(message, row.options);
            let said = Weighed {
                weight: (has_mask && chat.role == Role::Assistant.name())
                    .then(|| u8::from(row.is_learned(at))),
                // A tool's message has an id only.
                chat: Chat {
                    name: None,
                    content,
                    ..chat
                },
            };
            let others = sharing.with(at).iter();
            std::iter::once(said).chain(others.filter_map(|call| empty_result(all, *call)))
        });
        let tools = schema::objects(&row.part.trajectory.tools);
        json(&Line {
            messages: messages.collect(),
            parallel_tool_calls: (!tools.is_empty()).then_some(parallel),
            tools,
        })
    }
}

/// The images that a line can show: those of the user, at an address. Fine-tuning takes none of the assistant, and the API
/// none of a tool.
fn shown<'a>(message: &'a Message, options: &Options) -> Vec<Placed<'a>> {
    if message.role != Role::User || options.images == Images::Word {
        return Vec::new();
    }
    let mut images = images::of(message);
    images.retain(|image| {
        let schemes = ["https://", "http://"];
        schemes
            .iter()
            .any(|scheme| image.reference.starts_with(scheme))
    });
    images
}

/// What a message says, with the images in their places.
fn content<'a>(message: &'a Message, options: &Options) -> Content<'a> {
    let text = &*message.text;
    let images = shown(message, options);
    if images.is_empty() {
        return Content::Text(text);
    }
    let (mut parts, mut from) = (Vec::new(), 0);
    let say = |parts: &mut Vec<ContentPart<'a>>, text: Option<&'a str>| {
        let text = text.filter(|text| !text.is_empty());
        parts.extend(text.map(|text| ContentPart::Text { text }));
    };
    for image in images {
        say(&mut parts, text.get(from..image.at.start));
        parts.push(ContentPart::image(image.reference));
        from = image.at.end;
    }
    say(&mut parts, text.get(from..));
    Content::Parts(parts)
}

/// The calls that share a result with the call that it answers, as commands share what their terminal shows: by the index
/// of the result's message.
#[derive(Default)]
struct Sharing(HashMap<usize, Vec<CallAt>>);

impl Sharing {
    fn of(messages: &[Message]) -> Self {
        let mut sharing = Self::default();
        for (message, of) in messages.iter().enumerate() {
            for (call, of) in of.calls.iter().enumerate() {
                let at = CallAt { message, call };
                let answer = of
                    .answer
                    .and_then(|at| Some((at, messages.get(at)?.answers?)));
                if let Some((result, answered)) = answer
                    && answered != at
                {
                    sharing.0.entry(result).or_default().push(at);
                }
            }
        }
        sharing
    }

    fn with(&self, result: usize) -> &[CallAt] {
        self.0.get(&result).map_or(&[], Vec::as_slice)
    }
}

/// The API wants a result for each call: of a result that several share, the first has the text and the others are empty.
fn empty_result<'a>(messages: &[Message], of: CallAt) -> Option<Weighed<'a>> {
    let call = messages.get(of.message)?.calls.get(of.call)?;
    Some(Weighed {
        chat: Chat {
            role: Role::Tool.name(),
            content: Content::Text(""),
            reasoning_content: "",
            tool_calls: Vec::new(),
            tool_call_id: Some(call.id.to_string()),
            name: None,
        },
        weight: None,
    })
}

/// The calls of one message that wait for their results.
#[derive(Default)]
struct OpenCalls {
    message: usize,
    is_open: Vec<bool>,
    count: usize,
}

impl OpenCalls {
    fn of(message: usize, calls: usize) -> Self {
        Self {
            message,
            is_open: vec![true; calls],
            count: calls,
        }
    }

    /// Notes a result; one of another message's call, or of none, leaves all open.
    fn answer(&mut self, call: Option<CallAt>) {
        let call = call.filter(|call| call.message == self.message);
        let open = call.and_then(|call| self.is_open.get_mut(call.call));
        if open.is_some_and(std::mem::take) {
            self.count -= 1;
        }
    }

    fn first(&self) -> Option<CallAt> {
        let call = self.is_open.iter().position(|&open| open)?;
        Some(CallAt {
            message: self.message,
            call,
        })
    }
}

#[derive(Serialize)]
struct Line<'a> {
    messages: Vec<Weighed<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parallel_tool_calls: Option<bool>,
}

#[derive(Serialize)]
struct Weighed<'a> {
    #[serde(flatten)]
    chat: Chat<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<u8>,
}
