//! A trial of Harbor, or of Terminal-Bench, which it follows: what the agent did, the result, and what the verifier says.
//! The files of a trial's folder stand in one object. <https://github.com/harbor-framework/harbor>, `models/trial`.

use std::borrow::Cow;

use super::{Column, Dialect};
use crate::trace::cell::Columns;
use crate::trace::message::RawMessage;
use crate::trace::object::Object;
use crate::trace::row::{self, Row};
use crate::trace::speaker::{self, Speaker};
use crate::trace::{FieldMap, Repairs, Role, json, session};

pub(super) const DIALECT: Dialect = Dialect {
    told_by: &["trial"],
    read: Some(read),
    ..Dialect::new("harbor")
};

/// Whether an object is a trial: `trial` (its name), `trajectory` or `session` (what the agent did: an object, or a list
/// of events), `result`, `config`, `reward` and `exception` (what its files hold, or null).
pub(in crate::trace) fn is_trial(object: &Object) -> bool {
    let holds = |name| object.has(name);
    holds("trial") && (holds("trajectory") || holds("session")) && holds("result")
}

fn read<'a>(row: &'a str, repairs: &mut Repairs) -> Option<Row<'a>> {
    let trial = Object::read(row).filter(is_trial)?;
    let run = match (trial.raw("trajectory"), trial.raw("session")) {
        // A trial holds no other.
        (Some(run), _) if Object::read(run).is_some_and(|run| is_trial(&run)) => None,
        (Some(run), _) => row::read_alone(run, None, &FieldMap::default(), repairs).ok(),
        (None, Some(events)) => session::read(events, repairs),
        (None, None) => None,
    };
    let has_document = trial.raw("trajectory").is_some();
    let has_run = has_document || trial.raw("session").is_some();
    let reason = Reason::of(&trial);
    let mut read = match run {
        Some(run) => run,
        // There is a run, of a form that no one reads here; what an agent printed may be its failure alone.
        None if has_document || (has_run && reason.class.is_empty()) => return None,
        None => Row::default(),
    };
    if !read.messages.iter().any(is_turn) {
        read.died = Some(reason.words());
    }
    // What the trial says of itself comes before what its run says.
    let mut columns = labels(&trial);
    columns.put_text(Column::Exit, reason.class);
    columns.append(std::mem::take(&mut read.columns));
    read.columns = columns;
    Some(read)
}

fn is_turn(message: &RawMessage) -> bool {
    let speaker = speaker::of(&message.role);
    speaker == Some(Speaker::One(Role::Assistant)) || speaker == Some(Speaker::Call)
}

fn labels<'a>(trial: &Object<'a>) -> Columns<'a> {
    let result = trial.object("result");
    let config = match trial.object("config") {
        config if config.fields().next().is_none() => result.object("config"),
        config => config,
    };
    let (agent, task) = (config.object("agent"), config.object("task"));
    let info = result.object("agent_info");
    let first = |texts: [Cow<'a, str>; 3]| {
        let mut known = texts.into_iter().filter(|text| !text.is_empty());
        known.next().unwrap_or_default()
    };
    let mut columns = Columns::default();
    columns.put_text(Column::Trajectory, trial.text("trial"));
    // Terminal-Bench calls it `task_id`, which is an object in Harbor.
    let id = result.raw("task_id").filter(|id| id.starts_with('"'));
    let id = id.map_or(Cow::Borrowed(""), json::raw_text);
    let name = json::either(result.text("task_name"), task.text("name"));
    columns.put_text(
        Column::Instance,
        first([name, id, last_name(task.text("path"))]),
    );
    let model = info.object("model_info").text("name");
    let teacher = first([agent.text("model_name"), model, result.text("model_name")]);
    columns.put_text(Column::Teacher, teacher);
    let harness = first([
        info.text("name"),
        agent.text("name"),
        result.text("agent_name"),
    ]);
    columns.put_text(Column::Harness, harness);
    columns.put_text(Column::Reward, reward(trial, &result));
    columns
}

/// The last name of a path.
fn last_name(path: Cow<'_, str>) -> Cow<'_, str> {
    let start = path.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
    json::slice(&path, start..path.len())
}

/// The verifier's reward: what it wrote, else what the result says. A trial without one has no verdict, whatever ended it.
fn reward<'a>(trial: &Object<'a>, result: &Object<'a>) -> Cow<'a, str> {
    let written = trial.text("reward");
    // Newer verifiers write several rewards as JSON.
    let written = match Object::read(&written) {
        Some(rewards) => Cow::Owned(main_reward(&rewards).into_owned()),
        None => written,
    };
    let told = main_reward(&result.object("verifier_result").object("rewards"));
    let resolved = match result.bool("is_resolved") {
        Some(true) => "1",
        Some(false) => "0",
        None => "",
    };
    let known = [written, told, Cow::Borrowed(resolved)];
    let mut known = known.into_iter().filter(|text| !text.trim().is_empty());
    known.next().unwrap_or_default()
}

/// The reward called so, or the only one.
fn main_reward<'a>(rewards: &Object<'a>) -> Cow<'a, str> {
    let mut fields = rewards.fields();
    let only = match (fields.next(), fields.next()) {
        (Some((_, reward)), None) => json::raw_text(reward),
        _ => Cow::Borrowed(""),
    };
    json::either(rewards.text("reward"), only)
}

/// Why a trial ended otherwise than by the agent's own end.
struct Reason<'a> {
    /// The exception's class, without its module; empty where there was none.
    class: Cow<'a, str>,
    message: Cow<'a, str>,
}

impl<'a> Reason<'a> {
    /// What the result says, else the last line of the traceback.
    fn of(trial: &Object<'a>) -> Self {
        let result = trial.object("result");
        let info = result.object("exception_info");
        if info.raw("exception_type").is_some() {
            return Reason {
                class: info.text("exception_type"),
                message: info.text("exception_message"),
            };
        }
        let text = trial.text("exception");
        let last = text.lines().rfind(|line| !line.trim().is_empty());
        match last.map(|line| line.split_once(": ").unwrap_or((line, ""))) {
            Some((class, message)) => Reason {
                class: Cow::Owned(class.rsplit('.').next().unwrap_or(class).trim().to_owned()),
                message: Cow::Owned(message.trim().to_owned()),
            },
            None => Reason {
                // Terminal-Bench has `failure_mode`, which is `unset` or `none` where nothing failed.
                class: match result.text("failure_mode") {
                    mode if matches!(&*mode, "unset" | "none") => Cow::Borrowed(""),
                    mode => mode,
                },
                message: Cow::Borrowed(""),
            },
        }
    }

    fn words(&self) -> String {
        match (self.class.is_empty(), self.message.is_empty()) {
            (true, _) => "its files name no error".to_owned(),
            (false, true) => self.class.to_string(),
            (false, false) => format!("{}: {}", self.class, self.message),
        }
    }
}
