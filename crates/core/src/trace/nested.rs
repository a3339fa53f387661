//! Runs that lie deeper in an object: a results file holds a list of them (`simulations`, `samples`, `results`, …), or
//! one for each name. Each is taken out as an object of its own that keeps the short facts around it, to be read alone.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::column::Use;
use super::dialect::harbor;
use super::object::{Object, elements};
use super::row::Row;
use super::vocabulary::VOCABULARY;
use super::{FieldMap, Repairs, Thread, json, row, session};

/// How deep runs may lie: an object in a list in an object is two levels. Each level is one look at the text.
const DEEPEST: u8 = 4;
/// Bytes of a fact that is kept around each run.
const LONGEST_FACT: usize = 4_096;
/// Bytes of all of them.
const MOST_FACTS: usize = 16_384;
/// All facts around all runs together are at most so many times as long as the object.
const MOST_GROWTH: usize = 4;
/// How deep the short fields of a long fact are kept.
const DEEPEST_FACT: u8 = 3;
/// Columns that tell a dialect by a list of its runs: such an object is not itself a run.
const LISTS: [&str; 4] = ["simulations", "samples", "results", "items"];

/// Columns that hold all of a run's events.
const EVENTS: [&str; 2] = ["steps", "chat_messages"];

/// Runs in an object.
#[derive(Debug)]
struct Found<'a> {
    /// The names of the fields that lead to them.
    path: Vec<&'a str>,
    /// The short facts at each level of the path, as fields of JSON.
    facts: Vec<String>,
    runs: Runs<'a>,
    /// How many bytes of facts may still be kept around each.
    left: usize,
}

#[derive(Debug)]
enum Runs<'a> {
    /// The elements of a list, which is the last field of the path.
    List(Vec<&'a str>),
    /// The values of fields, beside each other under the path.
    Fields(Vec<(&'a str, &'a str)>),
}

/// The runs in an object, each as the JSON text of an object that holds it alone, with the facts around it. Empty where
/// the object is not a list of runs, or is itself one.
///
/// The texts together are at most five times as long as the object, and some bytes for each run.
pub fn runs_in_object(object: &str) -> Vec<String> {
    let Some(fields) = Object::read(object).filter(|fields| !is_run(fields)) else {
        return Vec::new();
    };
    let Some(found) = find(&fields, 0, object.len()) else {
        return Vec::new();
    };
    match &found.runs {
        Runs::List(runs) => runs
            .iter()
            .map(|run| found.around(&format!("[{run}]")))
            .collect(),
        Runs::Fields(runs) => {
            let one =
                |(name, run): &(&str, &str)| found.around(&format!("{{{}:{run}}}", quoted(name)));
            runs.iter().map(one).collect()
        }
    }
}

/// One run of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectRun<'a> {
    /// The JSON text of an object that holds it alone.
    pub json: Cow<'a, str>,
    /// Whether it is the work of another agent that was called for it.
    pub thread: Thread,
}

/// All runs of an object, at least one: those in it, else the object itself, each before the runs of the agents that
/// worked for it.
pub fn object_runs(object: &str) -> Vec<ObjectRun<'_>> {
    let mut main: Vec<Cow<str>> = runs_in_object(object).into_iter().map(Cow::Owned).collect();
    if main.is_empty() {
        main.push(Cow::Borrowed(object));
    }
    let of = |json, thread| ObjectRun { json, thread };
    let all = main.into_iter().flat_map(|run| {
        let others = subagent_runs(&run).into_iter().map(Cow::Owned);
        let others: Vec<ObjectRun> = others.map(|run| of(run, Thread::Subagent)).collect();
        std::iter::once(of(run, Thread::Main)).chain(others)
    });
    all.collect()
}

/// The runs of other agents that worked for the run in the object, each as the JSON text of an object, with those that
/// worked for them in turn. They are no part of what the object itself is read as.
pub fn subagent_runs(object: &str) -> Vec<String> {
    let mut found = Vec::new();
    let root = Object::read(object).unwrap_or_default();
    match root.object("trajectory") {
        of_trial if of_trial.has("steps") => add_subagents(&of_trial, 0, &mut found),
        _ => add_subagents(&root, 0, &mut found),
    }
    found
}

fn add_subagents(run: &Object, depth: u8, found: &mut Vec<String>) {
    if depth >= DEEPEST {
        return;
    }
    for raw in run.list("subagent_trajectories") {
        found.push(raw.to_owned());
        add_subagents(&Object::read(raw).unwrap_or_default(), depth + 1, found);
    }
}

impl Found<'_> {
    /// The object with this in place of what the path leads to.
    fn around(&self, inner: &str) -> String {
        let mut text = inner.to_owned();
        for (name, facts) in self.path.iter().zip(&self.facts).rev() {
            let comma = if facts.is_empty() { "" } else { "," };
            text = format!("{{{facts}{comma}{}:{text}}}", quoted(name));
        }
        text
    }
}

fn quoted(name: &str) -> String {
    serde_json::to_string(name).unwrap_or_default()
}

/// Reads the only run that lies deeper in the object; `None` where there is none.
pub(super) fn read<'a>(object: &'a str, map: &FieldMap, repairs: &mut Repairs) -> Option<Row<'a>> {
    let fields = Object::read(object)?;
    let run = only_run(&fields, object.len())?;
    let mut own = Repairs::default();
    let read = row::read_alone(run, inner_run(run), map, &mut own).ok()?;
    repairs.add_all(&own);
    Some(read)
}

/// The conversation of a run that is an object of its own in a field of that name: `{id, score, conversation: {messages}}`.
fn inner_run(run: &str) -> Option<&str> {
    let fields = Object::read(run).filter(|fields| !is_run(fields))?;
    let mut conversations = fields.borrowed_fields().filter(|(name, raw)| {
        let is_conversation = matches!(
            VOCABULARY.columns.top.get(name),
            Some(Use::Conversation(_) | Use::History(_))
        );
        is_conversation && raw.starts_with('{') && holds_run(raw)
    });
    conversations.next().map(|(_, raw)| raw)
}

/// What went wrong in the only run in an object, which holds nothing: its own words, empty where it has none. `None` where
/// it is not empty.
pub(super) fn fault_of_empty_run(object: &str) -> Option<String> {
    reason_of(&Object::read(object)?, 0)
}

fn reason_of(fields: &Object, depth: u8) -> Option<String> {
    let is_empty = |(name, raw): (&str, &str)| {
        let used = VOCABULARY.columns.top.get(name);
        let told = EVENTS.contains(&name);
        // What was said before may well be nothing.
        let may_be_empty = matches!(used, Some(Use::History(_))) && !fields.has("error");
        let conversation = matches!(used, Some(Use::Conversation(_) | Use::History(_)));
        let is_nothing = raw == "[]" || (conversation && matches!(raw, "null" | "\"\""));
        is_nothing && (conversation || told) && !may_be_empty
    };
    if fields.fields().any(is_empty) {
        let faults = [fields.raw("error"), fields.object("info").raw("error")];
        let mut faults = faults
            .into_iter()
            .flatten()
            .map(|raw| match Object::read(raw) {
                Some(error) => error.text("message").into_owned(),
                None => json::raw_text(raw).into_owned(),
            });
        let fault = faults.find(|fault| !fault.is_empty());
        return Some(fault.unwrap_or_default());
    }
    if depth >= DEEPEST {
        return None;
    }
    fields.fields().find_map(|(_, raw)| {
        let only = <[&str; 1]>::try_from(elements(raw)).map_or(raw, |[only]| only);
        reason_of(&Object::read(only)?, depth + 1)
    })
}

/// The only run that lies deeper in the object.
fn only_run<'a>(fields: &Object<'a>, len: usize) -> Option<&'a str> {
    match find(fields, 0, len)?.runs {
        Runs::List(runs) => <[&str; 1]>::try_from(runs).ok().map(|[run]| run),
        Runs::Fields(runs) => <[(&str, &str); 1]>::try_from(runs)
            .ok()
            .map(|[(_, run)]| run),
    }
}

/// The first runs at or under these fields, those of a level before what lies deeper. `len` is the whole object's.
fn find<'a>(fields: &Object<'a>, depth: u8, len: usize) -> Option<Found<'a>> {
    if depth >= DEEPEST {
        return None;
    }
    if let Some(found) = list_here(fields, len).or_else(|| fields_here(fields, len)) {
        return Some(found);
    }
    fields.borrowed_fields().find_map(|(name, raw)| {
        let mut found = find(&Object::read(raw)?, depth + 1, len)?;
        found.path.insert(0, name);
        found
            .facts
            .insert(0, facts_beside(fields, name, &mut found.left));
        Some(found)
    })
}

/// The first field that is a list of runs.
fn list_here<'a>(fields: &Object<'a>, len: usize) -> Option<Found<'a>> {
    fields.borrowed_fields().find_map(|(name, raw)| {
        let runs = elements(raw);
        let first = runs.first()?;
        if !holds_run(first) && inner_run(first).is_none() {
            return None;
        }
        let mut left = most_facts(len, runs.len());
        Some(Found {
            path: vec![name],
            facts: vec![facts_beside(fields, name, &mut left)],
            runs: Runs::List(runs),
            left,
        })
    })
}

/// The fields that are runs.
fn fields_here<'a>(fields: &Object<'a>, len: usize) -> Option<Found<'a>> {
    let is_run = |(_, raw): &(&str, &str)| raw.starts_with('{') && holds_run(raw);
    let runs: Vec<(&str, &str)> = fields.borrowed_fields().filter(is_run).collect();
    (!runs.is_empty()).then(|| Found {
        path: Vec::new(),
        facts: Vec::new(),
        left: most_facts(len, runs.len()),
        runs: Runs::Fields(runs),
    })
}

/// How many bytes of facts are kept around each of so many runs.
fn most_facts(len: usize, runs: usize) -> usize {
    let share = len.saturating_mul(MOST_GROWTH) / runs.max(1);
    share.min(MOST_FACTS)
}

/// Whether a value is a run: an object, or a list of its messages or events.
fn holds_run(raw: &str) -> bool {
    if raw.starts_with('[') {
        return session::session_name(&elements(raw)).is_some();
    }
    Object::read(raw).is_some_and(|fields| is_run(&fields))
}

/// Whether an object has a field that by its name is a conversation, or by which a dialect is told.
fn is_run(fields: &Object) -> bool {
    let has_run = fields.fields().any(|(name, raw)| {
        let conversation = matches!(
            VOCABULARY.columns.top.get(name),
            Some(Use::Conversation(_) | Use::History(_))
        );
        let told = VOCABULARY.told_by.get(name).is_some() && !LISTS.contains(&name);
        let holds_some =
            || raw.starts_with('[') && elements(raw).first().is_some_and(|first| *first != "null");
        let text = raw.starts_with("\"[");
        (conversation && (text || holds_some())) || (told && holds_some())
    });
    has_run || harbor::is_trial(fields)
}

/// The short fields beside the one of that name, as JSON without braces.
fn facts_beside(fields: &Object, name: &str, left: &mut usize) -> String {
    let beside = fields.fields().filter(|(field, _)| *field != name);
    facts(beside, DEEPEST_FACT, left)
}

/// The short ones of fields, as JSON without braces; of a long object its short fields.
fn facts<'f>(
    fields: impl Iterator<Item = (&'f str, &'f str)>,
    depth: u8,
    left: &mut usize,
) -> String {
    let mut kept = String::new();
    for (field, raw) in fields {
        if serde_json::from_str::<&RawValue>(raw).is_err() {
            continue;
        }
        let value = match raw.len() <= LONGEST_FACT {
            true => json::compact(raw).into_owned(),
            false if depth > 0 && raw.starts_with('{') => {
                let inner = Object::read(raw).unwrap_or_default();
                format!("{{{}}}", facts(inner.fields(), depth - 1, left))
            }
            false => continue,
        };
        let fact = format!("{}:{value}", quoted(field));
        if fact.len() + 1 > *left {
            continue;
        }
        *left -= fact.len() + 1;
        if !kept.is_empty() {
            kept.push(',');
        }
        kept.push_str(&fact);
    }
    kept
}
