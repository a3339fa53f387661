//! Whether a row's repository or task is one of a public benchmark, on which a model trained on it must not be tested.
//! The lists stand in text files beside this one, each with where it comes from.

use super::{Found, Sign};
use crate::trace::Trajectory;

pub(super) fn find(trajectory: &Trajectory, found: &mut Found) {
    let labels = &trajectory.labels;
    if let Some(repo) = labels.repo.as_deref() {
        found.set(Sign::BenchmarkRepo, f32::from(u8::from(is_repo(repo))));
    }
    if let Some(task) = labels.instance_id.as_deref() {
        found.set(Sign::BenchmarkTask, f32::from(u8::from(is_task(task))));
        // An id begins with the repository in all of these benchmarks: `django__django-11099`.
        if labels.repo.is_none() {
            let repo = repo_of(task).is_some_and(|repo| is_repo(&repo));
            found.set(Sign::BenchmarkRepo, f32::from(u8::from(repo)));
        }
    }
}

/// Whether a repository is one of a benchmark's.
pub fn is_repo(repo: &str) -> bool {
    lines(REPOS).any(|known| known.eq_ignore_ascii_case(repo.trim()))
}

fn is_task(_task: &str) -> bool {
    false
}

/// `owner/name` of an id `owner__name-123`.
fn repo_of(task: &str) -> Option<String> {
    let (owner, rest) = task.split_once("__")?;
    let (name, _) = rest.rsplit_once('-')?;
    Some(format!("{owner}/{name}"))
}

fn lines(list: &str) -> impl Iterator<Item = &str> {
    list.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
}

const REPOS: &str = include_str!("repos.txt");
