//! The row's names and kinds: the run, the task, the repository, the harness, the teacher.
//! What the row does not say, its place in the data set may, and for the harness the tools and the calls.

use std::borrow::Cow;

use super::cell::{Cell, Columns, Level};
use super::{CallForm, Labels, Message, Place, Role, Tool};

/// Reads every label.
pub(super) fn read<'a>(
    columns: &Columns<'a>,
    place: &Place,
    messages: &[Message],
    tools: &[Tool],
) -> Labels<'a> {
    let instance_id =
        columns.first_text(&["=instance", "instance_id", "task", "task_id", "traj_id"]);
    Labels {
        trajectory_id: trajectory_id(columns, instance_id.as_deref()),
        instance_id,
        repo: columns.first_text(&["repo", "repo_name"]),
        license: columns.first_text(&["license"]),
        language: columns.first_text(&["language"]),
        harness: harness(columns, place, messages, tools),
        teacher: teacher(columns, place),
        category: columns
            .at(Level::Metadata, "category")
            .and_then(Cell::text)
            .filter(|text| !text.is_empty())
            .or_else(|| columns.first_text(&["category"])),
    }
}

fn trajectory_id<'a>(columns: &Columns<'a>, instance: Option<&str>) -> Option<Cow<'a, str>> {
    if let Some(id) = columns.first_text(&["trajectory_id", "traj_id"]) {
        return Some(id);
    }
    if let Some(run) = columns.first_text(&["run_id"]) {
        return Some(instance.map_or(run.clone(), |instance| {
            Cow::Owned(format!("{run}/{instance}"))
        }));
    }
    columns.first_text(&["uuid", "session_id", "trial_name", "id"])
}

fn teacher<'a>(columns: &Columns<'a>, place: &Place) -> Option<Cow<'a, str>> {
    columns
        .at(Level::Metadata, "teacher_model")
        .and_then(Cell::text)
        .filter(|name| !name.is_empty())
        .or_else(|| {
            columns.first_text(&["teacher_model", "model", "model_name", "original_teacher"])
        })
        .or_else(|| {
            // Where a config is a harness, its splits are teachers.
            let known = known_harness(&place.config).is_some() && !place.split.is_empty();
            known.then(|| Cow::Owned(place.split.clone()))
        })
}

fn harness<'a>(
    columns: &Columns<'a>,
    place: &Place,
    messages: &[Message],
    tools: &[Tool],
) -> Option<Cow<'a, str>> {
    if let Some(named) = columns.first_text(&["harness"]) {
        return Some(known_harness(&named).map_or(named, Cow::Borrowed));
    }
    let known = known_harness(&place.config)
        .or_else(|| harness_of_tools(messages, tools))
        .or_else(|| harness_of_fences(messages));
    known.map(Cow::Borrowed)
}

/// The usual spelling of a harness's name.
fn known_harness(name: &str) -> Option<&'static str> {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .take(24)
        .collect();
    ["openhands", "sweagent", "minisweagent"]
        .into_iter()
        .find(|known| *known == plain)
}

/// The harness by the names of its tools, given or called.
fn harness_of_tools(messages: &[Message], tools: &[Tool]) -> Option<&'static str> {
    let calls = || messages.iter().flat_map(|message| &message.calls);
    let structured = || calls().filter(|call| call.form != CallForm::Fenced);
    let named = |name: &str| {
        tools.iter().any(|tool| tool.name == name) || structured().any(|call| call.name == name)
    };
    if named("execute_bash") {
        return Some("openhands");
    }
    if !named("bash") {
        return None;
    }
    if named("submit") || named("str_replace_editor") {
        return Some("sweagent");
    }
    let alone = tools
        .iter()
        .map(|tool| &*tool.name)
        .chain(structured().map(|call| &*call.name));
    (alone.into_iter().all(|name| name == "bash") && answers_with_return_code(messages))
        .then_some("minisweagent")
}

/// The harness of calls in fences: one answers with a return code, the other does not.
fn harness_of_fences(messages: &[Message]) -> Option<&'static str> {
    let fenced = messages
        .iter()
        .flat_map(|m| &m.calls)
        .any(|call| call.form == CallForm::Fenced);
    let harness = if answers_with_return_code(messages) {
        "minisweagent"
    } else {
        "sweagent"
    };
    fenced.then_some(harness)
}

/// Whether the first observations begin as mini-swe-agent's do.
fn answers_with_return_code(messages: &[Message]) -> bool {
    let observations = messages.iter().filter(|message| message.role == Role::Tool);
    observations.take(4).any(|message| {
        let text = message.text.trim_start();
        let json = text.strip_prefix('{').map(str::trim_start);
        text.starts_with("<returncode>")
            || json.is_some_and(|json| json.starts_with("\"returncode\""))
    })
}
