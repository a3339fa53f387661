//! The export of claude.ai: `conversations.json` is a list of conversations, each with its `chat_messages` by `human` and
//! `assistant`, in whose `content` the blocks of calls and results stand among the words. Where a message was written anew,
//! messages name the one that they follow in `parent_message_uuid`; those that were taken back are left out.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Column, Dialect};
use crate::trace::draft::count;
use crate::trace::json;
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::parts::{Content, Part};
use crate::trace::row::Row;
use crate::trace::transcript::{Transcript, events};
use crate::trace::tree::{self, Node, Says};
use crate::trace::{Media, MediaKind, Repair, Repairs};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["chat_messages"],
    read: Some(read),
    ..Dialect::new("claude_web")
};

fn read<'a>(row: &'a str, repairs: &mut Repairs) -> Option<Row<'a>> {
    let conversation = Object::read(row)?;
    let messages = conversation.list("chat_messages");
    let messages: Vec<Object> = events(&messages)
        .filter(|message| message.has("sender"))
        .collect();
    let kept = last_path(&messages);
    let left_out = messages.len().saturating_sub(kept.len());
    repairs.add(Repair::EventLeftOut, count(left_out));
    let mut run = Transcript::of("claude.ai");
    run.label(Column::Trajectory, conversation.text("uuid"));
    run.chose(conversation.text("model"));
    for message in kept.into_iter().filter_map(|at| messages.get(at)) {
        read_message(message, &mut run);
    }
    run.into_row()
}

/// The messages on the path that ends last.
fn last_path(messages: &[Object]) -> Vec<usize> {
    let mut named: HashMap<Cow<str>, usize> = HashMap::new();
    let mut nodes = Vec::with_capacity(messages.len());
    for (value, message) in messages.iter().enumerate() {
        let follows = message.text("parent_message_uuid");
        let known = named.get(&follows).copied();
        nodes.push(Node {
            value,
            // The first message follows one that stands for the conversation and is not there.
            parent: match follows.is_empty() {
                true => value.checked_sub(1),
                false => known,
            },
            says: match message.is("sender", "assistant") {
                true => Says::Reply,
                false => Says::Prompt,
            },
        });
        named.insert(message.text("uuid"), value);
    }
    let runs = tree::runs(&nodes, &[]);
    runs.into_iter()
        .next()
        .map_or_else(Vec::new, |run| run.values)
}

fn read_message<'a>(message: &Object<'a>, run: &mut Transcript<'a>) {
    let role = match &*message.text("sender") {
        "assistant" => "assistant",
        _ => "user",
    };
    let mut content = message.content("content");
    if content.is_empty() {
        content = Content::Text(message.text("text"));
    }
    let mut parts = content.into_parts();
    let attachments = message.list("attachments");
    parts.extend(events(&attachments).map(|file| attached(&file)));
    let files = match message.has("files") {
        true => message.list("files"),
        false => message.list("files_v2"),
    };
    parts.extend(events(&files).map(|file| uploaded(&file)));
    run.push(RawMessage::of(role, Content::Parts(parts)));
}

/// A document whose words were put beside the message.
fn attached<'a>(file: &Object<'a>) -> Part<'a> {
    let text = file.text("extracted_content");
    match text.is_empty() {
        true => uploaded(file),
        false => Part::Text(json::join(file.text("file_name"), text)),
    }
}

/// A file of which only the name is known.
fn uploaded<'a>(file: &Object<'a>) -> Part<'a> {
    let kind = match &*file.text("file_kind") {
        "image" => MediaKind::Image,
        _ => MediaKind::File,
    };
    Part::Media(Media {
        kind,
        reference: Some(file.text("file_name")).filter(|name| !name.is_empty()),
    })
}
