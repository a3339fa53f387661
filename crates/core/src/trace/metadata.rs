//! A row of which only the metadata columns were read: who speaks and which tools are called, none of it with a text.
//! The steps of reading that only texts need are left out, since a survey reads hundreds of thousands of such rows.

use std::borrow::Cow;

use serde::de::DeserializeSeed;

use super::column::Use;
use super::message::Field;
use super::row::RowReader;
use super::speaker::{self, Speaker};
use super::structured::CallField;
use super::vocabulary::VOCABULARY;
use super::{Call, CallForm, Message, Repairs, Role, RowContext, Trajectory, name};
use crate::packed::{Item, Reader, Row, Texts};

/// Reads a row's metadata; `None` where it takes more than the usual to tell what it says: the user named its fields, a
/// dialect of its own may know it, or someone else speaks in it than the usual four.
pub(super) fn read<'a>(
    row: &Row<'a>,
    texts: &'a Texts,
    context: &RowContext,
) -> Option<Trajectory<'a>> {
    if !context.map.fields.is_empty() {
        return None;
    }
    let messages = messages(&mut row.values())?;
    let reader = RowReader::without_conversations(&context.map);
    let columns = reader.deserialize(&mut row.reader(texts)).ok()?;
    if columns.has_dialects_to_ask() {
        return None;
    }
    let row = columns.without_conversation();
    let repairs = Repairs::default();
    Some(name(row.columns, row.tools, messages, context, repairs))
}

/// The messages of the row's only conversation.
fn messages<'a>(row: &mut Reader<'a>) -> Option<Vec<Message<'a>>> {
    let Item::Object(columns) = row.value() else {
        return None;
    };
    let mut found = None;
    for _ in 0..columns {
        if !is_conversation(row.key()) {
            row.skip();
            continue;
        }
        match row.value() {
            Item::Null => {}
            // Which of two conversations is meant, others tell.
            Item::List(items) if items > 0 && found.is_none() => found = Some(said(row, items)?),
            _ => return None,
        }
    }
    found
}

fn is_conversation(column: &str) -> bool {
    let used = VOCABULARY.columns.top.get(column);
    matches!(used, Some(Use::Conversation(_) | Use::History(_)))
}

/// So many messages, each by its speaker and its calls.
fn said<'a>(row: &mut Reader<'a>, items: usize) -> Option<Vec<Message<'a>>> {
    let mut words = Words::default();
    let mut messages = Vec::with_capacity(items);
    for _ in 0..items {
        let Item::Object(fields) = row.value() else {
            return None;
        };
        let mut role = None;
        let mut calls = Vec::new();
        for _ in 0..fields {
            match words.fields.of(row.key(), |key| VOCABULARY.fields.get(key)) {
                Some(Field::Role) => match row.value() {
                    Item::Text(word) => role = Some(words.roles.of(word, role_of)?),
                    _ => return None,
                },
                Some(Field::Calls) => add_calls(row, &mut words, &mut calls)?,
                _ if row.value() == Item::Null => {}
                _ => return None,
            }
        }
        let role = role?;
        if !calls.is_empty() && role != Role::Assistant {
            return None;
        }
        messages.push(Message {
            role,
            calls,
            ..Message::default()
        });
    }
    Some(messages)
}

/// Calls of a turn that room is made for at once.
const MOST_AT_ONCE: usize = 16;

/// The names of a list of calls.
fn add_calls<'a>(
    row: &mut Reader<'a>,
    words: &mut Words<'a>,
    calls: &mut Vec<Call<'a>>,
) -> Option<()> {
    let items = match row.value() {
        Item::Null => return Some(()),
        Item::List(items) => items,
        _ => return None,
    };
    // Most turns make one call; a list that grows by itself begins with room for four.
    calls.reserve_exact(items.min(MOST_AT_ONCE));
    for _ in 0..items {
        // A call without a name is none.
        calls.extend(call_name(row, words)?.map(|name| Call {
            id: Cow::Borrowed(""),
            name: Cow::Borrowed(name),
            arguments: Cow::Borrowed(""),
            form: CallForm::Structured,
            answer: None,
        }));
    }
    Some(())
}

/// The name of a call, or of what stands one level down in it.
fn call_name<'a>(row: &mut Reader<'a>, words: &mut Words<'a>) -> Option<Option<&'a str>> {
    let fields = match row.value() {
        Item::Null => return Some(None),
        Item::Object(fields) => fields,
        _ => return None,
    };
    let mut name = None;
    for _ in 0..fields {
        let field = words
            .call_fields
            .of(row.key(), |key| VOCABULARY.call_fields.get(key));
        let found = match field {
            Some(CallField::Name) => match row.value() {
                Item::Null => None,
                Item::Text(name) => Some(name).filter(|name| !name.is_empty()),
                _ => return None,
            },
            Some(CallField::Function) => call_name(row, words)?,
            _ => return None,
        };
        name = found.or(name);
    }
    Some(name)
}

fn role_of(word: &str) -> Option<Role> {
    match speaker::of(word) {
        Some(Speaker::One(role)) => Some(role),
        _ => None,
    }
}

/// What the few words stand for that come in every message.
#[derive(Default)]
struct Words<'a> {
    roles: Known<'a, Role>,
    fields: Known<'a, Field>,
    call_fields: Known<'a, CallField>,
}

/// Words and what they stand for, where they stand for anything.
struct Known<'a, T>(Vec<(&'a str, Option<T>)>);

impl<T> Default for Known<'_, T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'a, T: Copy> Known<'a, T> {
    /// So many words are remembered.
    const MOST: usize = 8;

    /// What a word stands for; `ask` tells it of one that did not come before.
    fn of(&mut self, word: &'a str, ask: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        // A word that comes again mostly stands at the same place.
        let at = |known: &&(&str, Option<T>)| std::ptr::eq(known.0, word);
        let same = |known: &&(&str, Option<T>)| known.0 == word;
        let mut known = self.0.iter();
        let known = known.clone().find(at).or_else(|| known.find(same));
        if let Some((_, known)) = known {
            return *known;
        }
        let answer = ask(word);
        if self.0.len() < Self::MOST {
            self.0.push((word, answer));
        }
        answer
    }
}
