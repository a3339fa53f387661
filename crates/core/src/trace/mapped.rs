//! Rows of which the user said where everything stands, where names alone can't say it: fields that lie deeper, calls and
//! their results, and the words by which speakers are named.

use std::borrow::Cow;

use super::FieldMap;
use super::json;
use super::message::RawMessage;
use super::object::{Object, elements};
use super::parts::{Content, Part};
use super::structured::RawCall;

/// What only this reading understands.
const ONLY_HERE: [&str; 7] = [
    "calls",
    "name",
    "arguments",
    "id",
    "result",
    "agent",
    "observation",
];

/// The messages that the user's map leads to; `None` where the map asks for nothing that names alone can't say, or leads
/// nowhere.
pub(super) fn read<'a>(row: &'a str, map: &FieldMap) -> Option<Vec<RawMessage<'a>>> {
    let asks = |what: &&str| map.get(what).is_some();
    let is_deep = map.fields.iter().any(|(_, field)| field.contains('.'));
    if !is_deep && !ONLY_HERE.iter().any(asks) {
        return None;
    }
    let list = at(&Object::read(row)?, map.get("messages")?)?;
    let reader = Reader { map };
    let messages: Vec<RawMessage> = match list.starts_with('"') {
        true => {
            let list = json::raw_text(list);
            let read = reader.list(&list).into_iter();
            read.map(RawMessage::into_owned).collect()
        }
        false => reader.list(list),
    };
    (!messages.is_empty()).then_some(messages)
}

/// The raw value at a path of names with dots between them; a whole name with dots comes before.
pub(super) fn at<'a>(object: &Object<'a>, path: &str) -> Option<&'a str> {
    if let Some(raw) = object.raw(path) {
        return Some(raw);
    }
    let (name, rest) = path.split_once('.')?;
    at(&Object::read(object.raw(name)?)?, rest)
}

struct Reader<'m> {
    map: &'m FieldMap,
}

impl Reader<'_> {
    fn list<'r>(&self, list: &'r str) -> Vec<RawMessage<'r>> {
        let messages = elements(list).into_iter();
        messages.flat_map(|raw| self.message(raw)).collect()
    }

    /// A message, and the results that stand in its calls.
    fn message<'r>(&self, raw: &'r str) -> Vec<RawMessage<'r>> {
        let Some(object) = Object::read(raw) else {
            return vec![RawMessage::read(raw)];
        };
        // What is not mapped is found by its usual name.
        let mut message = RawMessage::read(raw);
        if let Some(role) = self.text(&object, "role") {
            message.role = self.speaker(role);
        }
        if let Some(raw) = self.raw(&object, "text") {
            message.content = serde_json::from_str(raw).unwrap_or_default();
        }
        if let Some(thought) = self.text(&object, "reasoning") {
            message.reasoning = thought;
        }
        let mut results = Vec::new();
        if let Some(calls) = self.calls(&object) {
            message.calls.calls = Vec::new();
            for call in calls {
                let read = self.call(&call);
                if let Some(result) = self.raw(&call, "result") {
                    results.push(observation(&read, result));
                }
                message.calls.calls.push(read);
            }
        } else if message.calls.calls.is_empty()
            && let Some(id) = self.text(&object, "id")
        {
            message.answers = id;
        }
        let mut all = vec![message];
        all.extend(results);
        all
    }

    /// The calls of a message; `None` where the map does not say where calls stand, or there are none.
    fn calls<'r>(&self, message: &Object<'r>) -> Option<Vec<Object<'r>>> {
        let calls = match self.map.get("calls") {
            Some(path) => at(message, path)?,
            // Name and arguments stand in the message itself.
            None => {
                self.text(message, "name").filter(|name| !name.is_empty())?;
                return Some(vec![message.clone()]);
            }
        };
        let calls = match calls.as_bytes().first() {
            Some(b'[') => elements(calls),
            _ => vec![calls],
        };
        let calls: Vec<Object> = calls.into_iter().filter_map(Object::read).collect();
        (!calls.is_empty()).then_some(calls)
    }

    fn call<'r>(&self, call: &Object<'r>) -> RawCall<'r> {
        let arguments = self.raw(call, "arguments");
        RawCall {
            id: self.text(call, "id").unwrap_or_default(),
            name: self.text(call, "name").unwrap_or_default(),
            arguments: arguments.map_or(Cow::Borrowed("{}"), |raw| match raw.starts_with('"') {
                true => json::raw_text(raw),
                false => json::compact(raw),
            }),
        }
    }

    fn raw<'r>(&self, object: &Object<'r>, what: &str) -> Option<&'r str> {
        at(object, self.map.get(what)?)
    }

    fn text<'r>(&self, object: &Object<'r>, what: &str) -> Option<Cow<'r, str>> {
        self.raw(object, what).map(json::raw_text)
    }

    /// The usual name of a speaker whom the map names otherwise.
    fn speaker<'r>(&self, role: Cow<'r, str>) -> Cow<'r, str> {
        match &*role {
            role if self.map.get("agent") == Some(role) => Cow::Borrowed("assistant"),
            role if self.map.get("observation") == Some(role) => Cow::Borrowed("tool"),
            _ => role,
        }
    }
}

/// What a call gave back, where it stands beside the call.
fn observation<'r>(call: &RawCall<'r>, result: &'r str) -> RawMessage<'r> {
    let result = Part::Text(json::raw_text(result));
    RawMessage {
        answers: call.id.clone(),
        ..RawMessage::of("tool", Content::Parts(vec![result]))
    }
}
