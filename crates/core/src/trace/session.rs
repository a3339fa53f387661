//! A run that is a list of events: the lines of a file, or the elements of a JSON list.
//! Whose session it is, its first values tell; its dialect says which values belong to which run, and reads them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::dialect::TABLE;
use super::message::RawMessage;
use super::object::{Object, elements};
use super::row::Row;
use super::speaker::{self, Speaker};
use super::{Repairs, Role, Thread};

/// How a dialect's sessions are told from others, parted into runs, and read. A value is the JSON text of one line or one
/// element.
pub(super) struct Session {
    /// What one is called: `Codex session`.
    pub name: &'static str,
    /// Whether values are of such a session, as the first of them tell.
    pub tells: fn(&[&str]) -> bool,
    /// The runs that all values together hold.
    pub runs: fn(&[&str]) -> Vec<SessionRun>,
    /// Reads the values of one run.
    pub read: for<'a> fn(&[&'a str], &mut Repairs) -> Option<Row<'a>>,
}

/// One run of a session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRun {
    /// The indices of its values, rising.
    pub values: Vec<usize>,
    /// Which thread of the session it is.
    pub thread: Thread,
}

/// By so many values at most a session is told.
pub const TELLING_VALUES: usize = 32;

/// What values are called that are one session, `Codex session`; `None` where each value is a row of its own. The first
/// [`TELLING_VALUES`] are enough.
pub fn session_name(values: &[&str]) -> Option<&'static str> {
    session_of(values).map(|session| session.name)
}

/// The runs of a session; none where the values are not one.
pub fn session_runs(values: &[&str]) -> Vec<SessionRun> {
    session_of(values).map_or_else(Vec::new, |session| (session.runs)(values))
}

fn session_of(values: &[&str]) -> Option<&'static Session> {
    let first = values.get(..TELLING_VALUES).unwrap_or(values);
    let mut sessions = TABLE.iter().filter_map(|dialect| dialect.session);
    sessions.find(|session| (session.tells)(first))
}

/// Reads a list that is a session, of which the first main run counts; `None` where it is not the session of any dialect.
pub(super) fn read<'a>(list: &'a str, repairs: &mut Repairs) -> Option<Row<'a>> {
    read_values(&elements(list), repairs)
}

/// The same of the values.
pub(super) fn read_values<'a>(values: &[&'a str], repairs: &mut Repairs) -> Option<Row<'a>> {
    let session = session_of(values)?;
    let runs = (session.runs)(values);
    let main = runs.iter().find(|run| run.thread == Thread::Main);
    match main.or(runs.first()) {
        None => (session.read)(values, repairs),
        Some(run) => {
            let own = run.values.iter().filter_map(|at| values.get(*at).copied());
            (session.read)(&own.collect::<Vec<_>>(), repairs)
        }
    }
}

/// All values as one run.
pub(super) fn one_run(values: &[&str]) -> Vec<SessionRun> {
    vec![SessionRun {
        values: (0..values.len()).collect(),
        thread: Thread::Main,
    }]
}

/// The runs of values of which each head begins one; what comes before the first head belongs to its run.
pub(super) fn parted_at(values: &[&str], is_head: fn(&Object) -> bool) -> Vec<SessionRun> {
    let mut runs: Vec<SessionRun> = Vec::new();
    let mut headless = true;
    for (at, value) in values.iter().enumerate() {
        let begins = Object::read(value).is_some_and(|event| is_head(&event));
        match runs.last_mut() {
            Some(run) if headless || !begins => run.values.push(at),
            _ => runs.push(SessionRun {
                values: vec![at],
                thread: Thread::Main,
            }),
        }
        headless &= !begins;
    }
    runs
}

/// The runs of values that name theirs in one of these fields, in the order in which they begin; a value that names none
/// goes with the one before it.
pub(super) fn parted_by(values: &[&str], fields: &[&str]) -> Vec<SessionRun> {
    let mut runs: Vec<SessionRun> = Vec::new();
    let mut known = HashMap::new();
    let mut current = 0;
    for (at, value) in values.iter().enumerate() {
        let named = Object::read(value).and_then(|value| {
            let name = fields.iter().find(|field| value.has(field))?;
            Some(value.text(name).into_owned())
        });
        if let Some(name) = named {
            let next = known.len();
            current = *known.entry(name).or_insert(next);
        }
        while runs.len() <= current {
            runs.push(SessionRun::default());
        }
        if let Some(run) = runs.get_mut(current) {
            run.values.push(at);
        }
    }
    runs
}

/// Joins what the assistant says in several messages in a row, as long as no one else speaks between them: events part
/// one reply into its thoughts, words and calls.
pub(super) fn join_turns(messages: Vec<RawMessage<'_>>) -> Vec<RawMessage<'_>> {
    let mut joined: Vec<RawMessage> = Vec::with_capacity(messages.len());
    for message in messages {
        match joined.last_mut() {
            Some(last) if is_turn(last) && is_turn(&message) => last.append(message),
            _ => joined.push(message),
        }
    }
    joined
}

fn is_turn(message: &RawMessage) -> bool {
    speaker::of(&message.role) == Some(Speaker::One(Role::Assistant))
}
