//! The row's names and kinds: the run, the task, the repository, the harness, the teacher.
//! What the row does not say, its config and split may, and for the harness the tools and the calls.

use std::borrow::Cow;

use super::cell::{CHOSEN_INSTANCE, Cell, Columns};
use super::column::Column;
use super::harness::{self, Evidence};
use super::json;
use super::{Labels, Message, RowContext, Tool};

/// Reads every label.
pub(super) fn read<'a>(
    columns: &Columns<'a>,
    context: &RowContext,
    messages: &[Message],
    tools: &[Tool],
) -> Labels<'a> {
    let instance_id = instance_id(columns).or_else(|| task_of_file(&context.source));
    Labels {
        trajectory_id: trajectory_id(columns, instance_id.as_deref()),
        instance_id,
        repo: columns.first_text(Column::Repo),
        license: columns.first_text(Column::License),
        language: columns.first_text(Column::Language),
        harness: harness(columns, context, &Evidence { messages, tools }),
        teacher: teacher(columns, context),
        category: columns.first_text(Column::Category),
        source: (!context.source.is_empty()).then(|| Cow::Owned(context.source.clone())),
    }
}

fn instance_id<'a>(columns: &Columns<'a>) -> Option<Cow<'a, str>> {
    columns
        .chosen(CHOSEN_INSTANCE)
        .and_then(Cell::as_name)
        .or_else(|| columns.first_text(Column::Instance))
        .or_else(|| columns.first_text(Column::InstanceElse))
        .or_else(|| task_of_run(columns.first_text(Column::Trajectory)?))
}

/// The task in a run's name that ends with the run's number: `pandas-12_run3` is of `pandas-12`.
fn task_of_run(run: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let (task, number) = run.rsplit_once("_run")?;
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let is_task = is_number && !task.is_empty();
    is_task.then(|| json::slice(&run, 0..task.len()))
}

/// The task of SWE-agent's and mini-swe-agent's files, which are named after it: `runs/django-12/django-12.traj`.
/// Where a file's name says nothing, its folder's does.
fn task_of_file<'a>(path: &str) -> Option<Cow<'a, str>> {
    const SAY_NOTHING: [&str; 5] = ["", "output", "run", "traj", "trajectory"];
    let path = path.strip_suffix(".json").unwrap_or(path);
    let mut names = path.strip_suffix(".traj")?.rsplit('/');
    let task = names.find(|name| !SAY_NOTHING.contains(name))?;
    Some(Cow::Owned(task.to_owned()))
}

fn trajectory_id<'a>(columns: &Columns<'a>, instance: Option<&str>) -> Option<Cow<'a, str>> {
    if let Some(id) = columns.first_text(Column::Trajectory) {
        return Some(id);
    }
    if let Some(run) = columns.first_text(Column::Run) {
        return Some(instance.map_or(run.clone(), |instance| {
            Cow::Owned(format!("{run}/{instance}"))
        }));
    }
    columns.first_text(Column::TrajectoryElse)
}

fn teacher<'a>(columns: &Columns<'a>, context: &RowContext) -> Option<Cow<'a, str>> {
    columns.first_text(Column::Teacher).or_else(|| {
        // Where a config is a harness, its splits are teachers.
        let known = harness::of_name(&context.config).is_some() && !context.split.is_empty();
        known.then(|| Cow::Owned(context.split.clone()))
    })
}

fn harness<'a>(
    columns: &Columns<'a>,
    context: &RowContext,
    evidence: &Evidence,
) -> Option<Cow<'a, str>> {
    if let Some(named) = columns.first_text(Column::Harness) {
        return Some(harness::spelled(&named).map_or(named, Cow::Borrowed));
    }
    let known = harness::of_name(&context.config).or_else(|| harness::of_evidence(evidence));
    known.map(Cow::Borrowed)
}
