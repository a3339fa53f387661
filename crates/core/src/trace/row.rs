//! The row's columns: one pass that keeps what a trajectory is made of and skips the rest.
//! Which column holds what is decided by its name and shape, never by the dataset's name.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::cell::Columns;
use super::column::Use;
use super::json::{self, Text, visit_scalars};
use super::message::{FieldNames, RawMessage};
use super::parts::Content;
use super::speaker::{self, Speaker};
use super::tools::Tools;
use super::vocabulary::VOCABULARY;
use super::{FieldMap, Media, Repair, Repairs, Role, RowError, Tool};
use super::{cell, dialect, mapped, media, mend, nested, seen, session};
use crate::packed;

/// What a row is made of.
#[derive(Default)]
pub(super) struct Row<'a> {
    pub messages: Vec<RawMessage<'a>>,
    /// The system prompt's column; empty where there is none.
    pub system: Cow<'a, str>,
    pub tools: Vec<Tool<'a>>,
    /// Media that the messages only have places for.
    pub media: Vec<Media<'a>>,
    pub columns: Columns<'a>,
    /// Why the agent took no step, where the row says that it took none.
    pub died: Option<String>,
}

/// Reads the columns of one row, or of the only run that lies in it.
pub(super) fn read<'a>(
    row: &'a str,
    map: &FieldMap,
    repairs: &mut Repairs,
) -> Result<Row<'a>, RowError> {
    read_with(row, map, repairs, |cells, repairs| {
        let nested = nested::read(row, map, repairs);
        nested.map(|row| row.with_cells(cells))
    })
}

/// Reads the columns of one row that holds no other, or only its own conversation as an object, `inner`.
pub(super) fn read_alone<'a>(
    row: &'a str,
    inner: Option<&'a str>,
    map: &FieldMap,
    repairs: &mut Repairs,
) -> Result<Row<'a>, RowError> {
    read_with(row, map, repairs, |cells, repairs| {
        let read = read_with(inner?, map, repairs, |_, _| None).ok()?;
        Some(read.with_cells(cells))
    })
}

/// Reads the columns of a row that is not JSON. `None` where only its JSON tells what it is: the user named its fields, a
/// dialect of its own may know it, or no column is a conversation.
pub(super) fn read_packed<'a>(
    row: &packed::Row<'a>,
    texts: &'a packed::Texts,
    map: &FieldMap,
    repairs: &mut Repairs,
) -> Option<Row<'a>> {
    if !map.fields.is_empty() {
        return None;
    }
    let reader = RowReader::new(map);
    let mut columns = reader.deserialize(&mut row.reader(texts)).ok()?;
    if columns.dialects_to_ask().next().is_some() {
        return None;
    }
    let found = columns.best().filter(|found| !found.is_empty())?;
    note_form(found.form, repairs);
    Some(columns.with(found))
}

/// Reads the columns of one row; `or` gives what is read where none of them is a conversation.
fn read_with<'a>(
    row: &'a str,
    map: &FieldMap,
    repairs: &mut Repairs,
    or: impl FnOnce(Columns<'a>, &mut Repairs) -> Option<Row<'a>>,
) -> Result<Row<'a>, RowError> {
    let start = row.trim_start();
    if start.starts_with('[') {
        check_characters(row)?;
        if let Some(read) = session::read(start, repairs) {
            return Ok(read);
        }
    }
    if !start.starts_with('{') {
        return Err(no_object(row));
    }
    let reader = RowReader::new(map);
    let mut columns = parse(row, reader)?;
    if columns.dialects_to_ask().next().is_some() {
        check_characters(row)?;
    }
    if map.get("messages").is_none()
        && let Some(read) = dialect::read_told(row, columns.dialects_to_ask(), repairs)
    {
        return match read.died {
            Some(reason) => Err(RowError::Died(reason)),
            None => Ok(read.with_columns(columns)),
        };
    }
    if let Some(messages) = mapped::read(row, map) {
        return Ok(Row {
            messages,
            ..Row::default()
        }
        .with_columns(columns));
    }
    let found = match columns.best() {
        Some(found) => found,
        None => match any_conversation(row, map) {
            Some(found) => found,
            None => {
                check_characters(row)?;
                let other = or(columns.cells, repairs);
                return other.ok_or_else(|| seen::why_unread(row));
            }
        },
    };
    if found.is_empty()
        && let Some(fault) = nested::fault_of_empty_run(row).filter(|fault| !fault.is_empty())
    {
        return Err(RowError::Died(fault));
    }
    note_form(found.form, repairs);
    Ok(columns.with(found))
}

impl<'a> Row<'a> {
    /// The row with what its columns hold beside what its dialect found.
    fn with_columns(mut self, columns: ReadColumns<'a>) -> Self {
        self.system = json::either(self.system, columns.system);
        if self.tools.is_empty() {
            self.tools = columns.tools.0;
        }
        if self.media.is_empty() {
            self.media = columns.media;
        }
        self.with_cells(columns.cells)
    }

    /// The row with the cells of columns, which come after what its dialect found.
    fn with_cells(mut self, cells: Columns<'a>) -> Self {
        self.columns.append(cells);
        self
    }
}

/// Parts of a row that are read by themselves would lose a text with half a character in it: such a row is not read.
fn check_characters(row: &str) -> Result<(), RowError> {
    match mend::has_lone_surrogate(row) {
        true => Err(RowError::Json(
            "half a character (a lone surrogate)".to_owned(),
        )),
        false => Ok(()),
    }
}

fn no_object(row: &str) -> RowError {
    match serde_json::from_str::<&RawValue>(row) {
        Ok(value) => RowError::NotAnObject(seen::kind(value.get())),
        Err(error) => RowError::Json(error.to_string()),
    }
}

fn parse<'a, S: DeserializeSeed<'a>>(json: &'a str, seed: S) -> Result<S::Value, RowError> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let error = |error: serde_json::Error| RowError::Json(error.to_string());
    let value = seed.deserialize(&mut deserializer).map_err(error)?;
    deserializer.end().map_err(error)?;
    Ok(value)
}

fn note_form(form: Form, repairs: &mut Repairs) {
    let times = |noted: Form| u32::from(form == noted);
    repairs.add(Repair::ListFromJsonText, times(Form::JsonText));
    repairs.add(Repair::ListFromPythonText, times(Form::PythonText));
}

/// The conversation in a column of any name, unless the user named the column.
fn any_conversation<'a>(row: &'a str, map: &FieldMap) -> Option<Conversation<'a>> {
    if map.get("messages").is_some() {
        return None;
    }
    let columns = parse(row, seen::Columns).ok()?;
    let list = ListReader(FieldNames::new(map));
    columns.into_iter().find_map(|(_, value)| {
        let lists = value.starts_with('[') || value.starts_with("\"[");
        let found = if lists {
            parse(value, list).ok()?
        } else {
            return None;
        };
        found.is_spoken().then_some(found)
    })
}

/// What one pass over the row finds.
#[derive(Default)]
pub(super) struct ReadColumns<'a> {
    /// By rank; the user's own choice is the only one where there is one.
    conversations: Vec<(usize, Conversation<'a>)>,
    system: Cow<'a, str>,
    tools: Tools<'a>,
    media: Vec<Media<'a>>,
    cells: Columns<'a>,
    /// The dialects by whose columns the row may be told, by their places in the table.
    told: Vec<usize>,
}

impl<'a> ReadColumns<'a> {
    /// The row whose conversation this is.
    fn with(self, found: Conversation<'a>) -> Row<'a> {
        Row {
            messages: found.messages,
            ..self.without_conversation()
        }
    }

    /// The row but for its conversation.
    pub fn without_conversation(self) -> Row<'a> {
        Row {
            messages: Vec::new(),
            system: self.system,
            tools: self.tools.0,
            media: self.media,
            columns: self.cells,
            died: None,
        }
    }

    /// Whether a dialect may read the row otherwise, though its messages are plain.
    pub fn has_dialects_to_ask(&self) -> bool {
        dialect::to_ask(&self.told, true).next().is_some()
    }

    /// The dialects that may read the row otherwise.
    fn dialects_to_ask(&self) -> impl Iterator<Item = &'static dialect::Dialect> {
        let first = self.conversations.iter().min_by_key(|(rank, _)| *rank);
        let first = first.and_then(|(_, conversation)| conversation.messages.first());
        dialect::to_ask(&self.told, first.is_some_and(|message| message.is_plain))
    }

    /// The first conversation in which someone known speaks, else what the user chose, else one in which anyone
    /// speaks, else a column that is empty.
    fn best(&mut self) -> Option<Conversation<'a>> {
        self.conversations.sort_by_key(|(rank, _)| *rank);
        let find =
            |fits: fn(&(usize, Conversation)) -> bool| self.conversations.iter().position(fits);
        let index = find(|(_, c)| c.speaks())
            .or_else(|| find(|(rank, c)| *rank == CHOSEN && !c.messages.is_empty()))
            .or_else(|| find(|(_, c)| c.messages.iter().any(|m| !m.role.is_empty())))
            .or_else(|| find(|(_, c)| c.is_empty()))?;
        Some(self.conversations.swap_remove(index).1)
    }
}

/// The rank of the column that the user chose.
const CHOSEN: usize = 0;

/// Reads a row's object.
#[derive(Clone, Copy)]
pub(super) struct RowReader<'m> {
    map: &'m FieldMap,
    names: FieldNames<'m>,
    skips_conversations: bool,
}

impl<'m> RowReader<'m> {
    pub fn new(map: &'m FieldMap) -> Self {
        Self {
            map,
            names: FieldNames::new(map),
            skips_conversations: false,
        }
    }

    /// Reads what stands beside the conversation.
    pub fn without_conversations(map: &'m FieldMap) -> Self {
        Self {
            skips_conversations: true,
            ..Self::new(map)
        }
    }

    /// What is done with a column: what the user said, else what its name says.
    fn use_of(&self, column: &str) -> Option<Use> {
        let (messages, tools) = (self.map.get("messages"), self.map.get("tools"));
        let used = VOCABULARY.columns.top.get(column);
        match used {
            _ if messages == Some(column) => Some(Use::Conversation(CHOSEN)),
            Some(Use::Conversation(rank)) if messages.is_none() => {
                Some(Use::Conversation(rank + 1))
            }
            Some(Use::History(rank)) if messages.is_none() => Some(Use::History(rank + 1)),
            _ if tools == Some(column) => Some(Use::Tools),
            Some(Use::Conversation(_) | Use::History(_)) => None,
            Some(Use::Tools) if tools.is_some() => None,
            _ => used,
        }
    }
}

impl<'de> DeserializeSeed<'de> for RowReader<'_> {
    type Value = ReadColumns<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowReader<'_> {
    type Value = ReadColumns<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut row: A) -> Result<Self::Value, A::Error> {
        let mut found = ReadColumns::default();
        while let Some(key) = row.next_key::<Text>()? {
            let column = &*key.0;
            if let Some(dialects) = VOCABULARY.told_by.get(column) {
                found.told.extend(dialects);
            }
            match self.use_of(column) {
                Some(Use::Conversation(_) | Use::History(_)) if self.skips_conversations => {
                    row.next_value::<IgnoredAny>()?;
                }
                Some(Use::Conversation(rank)) => {
                    let conversation = row.next_value_seed(ListReader(self.names))?;
                    found.conversations.push((rank, conversation));
                }
                Some(Use::History(rank)) => {
                    let conversation = row.next_value_seed(ListReader(self.names))?;
                    if !conversation.is_empty() {
                        found.conversations.push((rank, conversation));
                    }
                }
                Some(Use::Media(kind)) => {
                    let raw = row.next_value::<&RawValue>()?.get();
                    found.media.extend(media::of_list(kind, raw));
                }
                Some(Use::Tools) => {
                    let tools: Tools = row.next_value()?;
                    if found.tools.0.is_empty() {
                        found.tools = tools;
                    }
                }
                Some(Use::System) => {
                    let system = row.next_value::<Content>()?.into_text();
                    found.system = json::either(found.system, system);
                }
                Some(Use::Metadata) => row.next_value_seed(cell::Metadata {
                    map: self.map,
                    columns: &mut found.cells,
                })?,
                Some(Use::Cell(_)) => found.cells.add(column, row.next_value()?, self.map),
                None if cell::is_mapped(column, self.map) => {
                    found.cells.add(column, row.next_value()?, self.map);
                }
                None => {
                    row.next_value::<IgnoredAny>()?;
                }
            }
        }
        found.told.sort_unstable();
        found.told.dedup();
        Ok(found)
    }
}

/// How a conversation was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    List,
    JsonText,
    PythonText,
    /// Null, or a text without words.
    Nothing,
    /// Something that is not a list.
    Other,
}

/// A column that may be a conversation.
struct Conversation<'a> {
    messages: Vec<RawMessage<'a>>,
    form: Form,
}

impl Conversation<'_> {
    fn speaks(&self) -> bool {
        self.messages.iter().any(RawMessage::has_speaker)
    }

    /// Whether it is more than a list of calls or of tools: someone says something in it.
    fn is_spoken(&self) -> bool {
        let speakers = self
            .messages
            .iter()
            .map(|message| speaker::of(&message.role));
        let mut speakers = speakers.flatten();
        speakers.any(|speaker| {
            !matches!(
                speaker,
                Speaker::Call | Speaker::Aside | Speaker::One(Role::Tool)
            )
        })
    }

    fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.form != Form::Other
    }

    fn without(form: Form) -> Self {
        Conversation {
            messages: Vec::new(),
            form,
        }
    }
}

/// Reads a list of messages: as a list, or as JSON or Python text that holds one.
#[derive(Clone, Copy)]
struct ListReader<'m>(FieldNames<'m>);

impl<'de> DeserializeSeed<'de> for ListReader<'_> {
    type Value = Conversation<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ListReader<'_> {
    type Value = Conversation<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list of messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let (mut messages, mut next) = (Vec::new(), RawMessage::default());
        while seq.next_element_seed(self.0.reader(&mut next))?.is_some() {
            messages.push(std::mem::take(&mut next));
        }
        Ok(Conversation {
            messages,
            form: Form::List,
        })
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        if text.trim().is_empty() {
            return Ok(Conversation::without(Form::Nothing));
        }
        if !text.trim_start().starts_with(['[', '(']) {
            return Ok(Conversation::without(Form::Other));
        }
        let list = json::embedded(text, |json| {
            let found = parse(json, self).ok()?;
            let own = found.messages.into_iter().map(RawMessage::into_owned);
            (found.form == Form::List).then(|| own.collect())
        });
        Ok(match list {
            None => Conversation::without(Form::Other),
            Some((messages, false)) => Conversation {
                messages,
                form: Form::JsonText,
            },
            Some((messages, true)) => Conversation {
                messages,
                form: Form::PythonText,
            },
        })
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Conversation::without(Form::Nothing))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Conversation::without(Form::Other))
    }

    visit_scalars!(_value => Conversation::without(Form::Other));
}
