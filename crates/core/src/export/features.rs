//! The features of what was written: every key of its rows and the type of each, as a card tells them to `datasets`.
//! Without them `datasets` takes the keys of a file's first [`FIRST_BLOCK`] for those of all rows, and may fail at a later
//! row that has one more.
//!
//! No format lists its keys here: an exemplar, a made-up row that has all that occurs among the rows ([`LineShape`]), is
//! written by the format's own encoder, and the features are those of that line.
//! <https://huggingface.co/docs/datasets/about_dataset_features>; `Features._to_yaml_list` of datasets 4.8.4.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

use super::files::Files;
use super::format::Row;
use super::options::Options;
use super::origin::Origin;
use super::prepare::Part;
use super::shape::{LineShape, MessageShape};
use super::yaml;
use crate::trace::{Call, CallAt, CallForm, Media, MediaKind, Message, Role, Tool, Trajectory};

/// Bytes of a file, before it is compressed, of which `datasets` takes the keys and types: `chunksize` in
/// `packaged_modules/json/json.py` of 4.8.4. It reads the line to its end in which they end; where they end with a line, the
/// next one.
pub const FIRST_BLOCK: u64 = 10 << 20;

/// What a value is, by the names that `datasets` has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feature {
    /// Nothing but null, `null`.
    Null,
    /// `bool`.
    Bool,
    /// `int64`.
    Int,
    /// `float64`.
    Float,
    /// `string`.
    Text,
    /// A list of values of one type.
    List(Box<Feature>),
    /// An object, whose keys are these.
    Struct(Vec<(String, Feature)>),
    /// An object with keys of its own in each row, `json`: for datasets 4.7 and later.
    Json,
}

/// An object that has this key stands for objects with any keys, as an empty one does.
const ANY_KEY: &str = "";

impl Feature {
    /// The features of lines with these options in which these shapes occur: a [`Feature::Struct`] of the columns. `None`
    /// where nothing is known of the lines, or their loader wants no features.
    pub fn of_lines(options: &Options, shape: LineShape) -> Option<Self> {
        if !options.format.target().reads_with_arrow() || shape == LineShape::default() {
            return None;
        }
        let line = exemplar(options, shape);
        let line = serde_json::from_str(&line).ok()?;
        Some(Self::of(&line))
    }

    /// The features of all files, where a loader does not find all of them where it looks: at the beginning of the first
    /// file of the first split. `None` where it does: `datasets` from 4.7 on then keeps each message with its own keys,
    /// while by features it fills all others with nulls, at which some chat templates fail.
    pub fn to_be_told(options: &Options, files: &Files) -> Option<Self> {
        let first = files.seen().values().next()?.first;
        let mut all = LineShape::default();
        files.seen().values().for_each(|seen| all |= seen.all);
        let all = Self::of_lines(options, all)?;
        let is_found = all.missing_in(&Self::of_lines(options, first)?).is_empty();
        (!is_found).then_some(all)
    }

    /// Whether there are objects with any keys among them.
    pub fn has_json(&self) -> bool {
        match self {
            Self::Json => true,
            Self::List(items) => items.has_json(),
            Self::Struct(fields) => fields.iter().any(|(_, field)| field.has_json()),
            _ => false,
        }
    }

    /// What a value is.
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Number(number) if number.is_f64() => Self::Float,
            Value::Number(_) => Self::Int,
            Value::String(_) => Self::Text,
            Value::Array(items) => {
                let items = items.iter().map(Self::of);
                Self::List(Box::new(items.fold(Self::Null, Self::join)))
            }
            Value::Object(fields) if fields.is_empty() || fields.contains_key(ANY_KEY) => {
                Self::Json
            }
            Value::Object(fields) => {
                let fields = fields.iter();
                Self::Struct(
                    fields
                        .map(|(key, of)| (key.clone(), Self::of(of)))
                        .collect(),
                )
            }
        }
    }

    /// What two values of one place are.
    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Null, one) | (one, Self::Null) => one,
            (Self::List(one), Self::List(other)) => Self::List(Box::new(one.join(*other))),
            (Self::Struct(mut fields), Self::Struct(more)) => {
                for (key, other) in more {
                    match fields.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, one)) => {
                            *one = std::mem::replace(one, Self::Null).join(other);
                        }
                        None => fields.push((key, other)),
                    }
                }
                Self::Struct(fields)
            }
            (one, other) if one == other => one,
            _ => Self::Json,
        }
    }

    /// The keys of which `known` does not know the type, each with those around it: `messages.reasoning_content`.
    pub fn missing_in(&self, known: &Self) -> Vec<String> {
        match (self, known) {
            (Self::List(one), Self::List(known)) => one.missing_in(known),
            (Self::Struct(fields), Self::Struct(known)) => {
                let missing = fields.iter().flat_map(|(key, of)| {
                    match known.iter().find(|(known, _)| known == key) {
                        Some((_, known)) => within(key, of.missing_in(known)),
                        None => vec![key.clone()],
                    }
                });
                missing.collect()
            }
            (one, known) if one == known => Vec::new(),
            _ => vec![String::new()],
        }
    }

    /// The columns as the value of `features` in a card's YAML; nothing if this is not a [`Feature::Struct`].
    pub fn to_yaml(&self, indent: usize) -> String {
        let mut text = String::new();
        if let Self::Struct(fields) = self {
            write_fields(&mut text, fields, indent);
        }
        text
    }

    /// The word of a type without parts.
    fn word(&self) -> Option<&'static str> {
        Some(match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Int => "int64",
            Self::Float => "float64",
            Self::Text => "string",
            Self::Json => "json",
            Self::List(_) | Self::Struct(_) => return None,
        })
    }
}

/// Keys within another.
fn within(key: &str, keys: Vec<String>) -> Vec<String> {
    let whole = |inner: String| match inner.is_empty() {
        true => key.to_owned(),
        false => format!("{key}.{inner}"),
    };
    keys.into_iter().map(whole).collect()
}

fn write_fields(text: &mut String, fields: &[(String, Feature)], indent: usize) {
    for (key, feature) in fields {
        let _ = writeln!(text, "{:indent$}- name: {}", "", yaml::text(key));
        write_type(text, feature, indent + 2);
    }
}

fn write_type(text: &mut String, feature: &Feature, indent: usize) {
    match feature {
        Feature::List(items) => match items.word() {
            Some(word) => {
                let _ = writeln!(text, "{:indent$}list: {}", "", yaml::text(word));
            }
            None => {
                let _ = writeln!(text, "{:indent$}list:", "");
                match &**items {
                    Feature::Struct(fields) => write_fields(text, fields, indent),
                    lists => write_type(text, lists, indent + 2),
                }
            }
        },
        Feature::Struct(fields) => {
            let _ = writeln!(text, "{:indent$}struct:", "");
            write_fields(text, fields, indent);
        }
        scalar => {
            let word = scalar.word().unwrap_or_default();
            let _ = writeln!(text, "{:indent$}dtype: {}", "", yaml::text(word));
        }
    }
}

/// A line in which these shapes occur, and no others: a message of the prompt, a turn, a result. Formats that are strict
/// about who speaks after whom take these.
fn exemplar(options: &Options, shape: LineShape) -> String {
    let asked = CallAt {
        message: usize::from(shape.prompt.messages && !shape.prompt.calls)
            + usize::from(shape.images),
        call: 0,
    };
    let prompt = match shape.prompt.results {
        true => Role::Tool,
        false => Role::User,
    };
    let weight = shape.weighed.then_some(1.0);
    let of = |role, kinds| Message {
        weight: weight.filter(|_| role == Role::Assistant),
        ..message(role, kinds, asked)
    };
    let result = MessageShape {
        names: shape.turns.names,
        ..MessageShape::default()
    };
    let image = shape.images.then(|| Message {
        text: Cow::Borrowed(MediaKind::Image.placeholder()),
        media: vec![Media {
            kind: MediaKind::Image,
            reference: Some(Cow::Borrowed("https://image")),
        }],
        ..Message::default()
    });
    let all = [
        image,
        shape.prompt.messages.then(|| of(prompt, shape.prompt)),
        shape
            .turns
            .messages
            .then(|| of(Role::Assistant, shape.turns)),
        shape.turns.results.then(|| of(Role::Tool, result)),
    ];
    let tool = Tool {
        name: Cow::Borrowed("name"),
        schema: Cow::Borrowed(r#"{"type": "function", "function": {"name": "name"}, "": true}"#),
    };
    let part = Part::whole(Trajectory {
        messages: all.into_iter().flatten().collect(),
        tools: shape.tools.then_some(tool).into_iter().collect(),
        ..Trajectory::default()
    });
    let origin = Origin {
        tokens: shape.tokens.then_some(1),
        ..Origin::default()
    };
    options.format.encoder().line(&Row {
        part: &part,
        origin: &origin,
        options,
        learned: &[],
        tokens: None,
    })
}

/// A message of which these kinds are said; a result with a name answers `asked`.
fn message(role: Role, kinds: MessageShape, asked: CallAt) -> Message<'static> {
    let call = Call {
        id: Cow::Borrowed("id"),
        name: Cow::Borrowed("name"),
        arguments: Cow::Borrowed("{}"),
        form: CallForm::Structured,
        answer: None,
    };
    let reasoning = if kinds.reasoning { "reasoning" } else { "" };
    Message {
        role,
        text: Cow::Borrowed("text"),
        reasoning: Cow::Borrowed(reasoning),
        calls: kinds.calls.then_some(call).into_iter().collect(),
        answers: kinds.names.then_some(asked),
        ..Message::default()
    }
}
