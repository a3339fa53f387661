//! Runs that lie deeper in an object: a results file holds a list of them (`simulations`, `samples`, `results`, …).
//! Each is taken out as an object of its own that keeps the short facts around it, so that a run is read alone.

use serde_json::value::RawValue;

use super::column::Use;
use super::object::{Object, elements};
use super::row::Row;
use super::vocabulary::VOCABULARY;
use super::{FieldMap, Repairs, row};

/// How deep runs may lie: an object in a list in an object is two levels.
const DEEPEST: u8 = 3;
/// Bytes of a fact that is kept around each run.
const LONGEST_FACT: usize = 4_096;
/// Bytes of all of them.
const MOST_FACTS: usize = 16_384;

/// A list of runs in an object.
#[derive(Debug)]
struct List<'a> {
    /// The names of the fields that lead to it.
    path: Vec<&'a str>,
    /// The short facts at each level of the path, as fields of JSON.
    facts: Vec<String>,
    /// The raw runs.
    runs: Vec<&'a str>,
}

/// The runs in an object, each as the JSON text of an object that holds it alone, with the facts around it. Empty where
/// the object is not a list of runs, or is itself one.
///
/// The texts together have at most 16 KB per run more than the object.
pub fn runs_in_object(object: &str) -> Vec<String> {
    let Some(fields) = Object::read(object).filter(|fields| !is_run(fields)) else {
        return Vec::new();
    };
    let Some(list) = find(&fields, 0) else {
        return Vec::new();
    };
    list.runs.iter().map(|run| list.around(run)).collect()
}

impl List<'_> {
    /// The object with this run as the only one of the list.
    fn around(&self, run: &str) -> String {
        let mut text = format!("[{run}]");
        for (name, facts) in self.path.iter().zip(&self.facts).rev() {
            let name = serde_json::to_string(name).unwrap_or_default();
            let comma = if facts.is_empty() { "" } else { "," };
            text = format!("{{{facts}{comma}{name}:{text}}}");
        }
        text
    }
}

/// Reads the only run of a list that lies deeper in the object; `None` where there is none.
pub(super) fn read<'a>(object: &'a str, map: &FieldMap, repairs: &mut Repairs) -> Option<Row<'a>> {
    let fields = Object::read(object)?;
    let run = only_run(&fields)?;
    let mut own = Repairs::default();
    let read = row::read(run, map, &mut own).ok()?;
    repairs.add_all(&own);
    Some(read)
}

/// The only run of a list that lies deeper in the object.
pub(super) fn only_run<'a>(fields: &Object<'a>) -> Option<&'a str> {
    match find(fields, 0)?.runs.as_slice() {
        [run] => Some(run),
        _ => None,
    }
}

/// The first list of runs at or under these fields, those of a level before what lies deeper.
fn find<'a>(fields: &Object<'a>, depth: u8) -> Option<List<'a>> {
    if depth >= DEEPEST {
        return None;
    }
    let here = fields.borrowed_fields().find_map(|(name, raw)| {
        let runs = elements(raw);
        let is_list = runs.first().is_some_and(|run| is_object_of_run(run));
        is_list.then(|| List {
            path: vec![name],
            facts: vec![facts_beside(fields, name)],
            runs,
        })
    });
    here.or_else(|| {
        fields.borrowed_fields().find_map(|(name, raw)| {
            let mut list = find(&Object::read(raw)?, depth + 1)?;
            list.path.insert(0, name);
            list.facts.insert(0, facts_beside(fields, name));
            Some(list)
        })
    })
}

fn is_object_of_run(raw: &str) -> bool {
    Object::read(raw).is_some_and(|fields| is_run(&fields))
}

/// Whether an object has a field that by its name is a conversation, or by which a dialect is told.
fn is_run(fields: &Object) -> bool {
    fields.fields().any(|(name, raw)| {
        let conversation = matches!(
            VOCABULARY.columns.top.get(name),
            Some(Use::Conversation(_) | Use::History(_))
        );
        let holds_some =
            raw.starts_with('[') && elements(raw).first().is_some_and(|e| *e != "null");
        let text = raw.starts_with("\"[");
        (conversation && (holds_some || text))
            || (holds_some && VOCABULARY.told_by.get(name).is_some())
    })
}

/// The short fields beside the one of that name, as JSON without braces.
fn facts_beside(fields: &Object, name: &str) -> String {
    let mut facts = String::new();
    for (field, raw) in fields.fields().filter(|(field, _)| *field != name) {
        let Ok(field) = serde_json::to_string(field) else {
            continue;
        };
        let is_short = raw.len() <= LONGEST_FACT && facts.len() + raw.len() <= MOST_FACTS;
        if !is_short || serde_json::from_str::<&RawValue>(raw).is_err() {
            continue;
        }
        if !facts.is_empty() {
            facts.push(',');
        }
        facts.push_str(&format!("{field}:{raw}"));
    }
    facts
}
