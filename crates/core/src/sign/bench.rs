//! Whether a row's repository or task is one of a public benchmark, on which a model trained on it must not be tested.
//! The lists stand in text files beside this one, each with where it comes from.

use std::sync::LazyLock;

use hashbrown::HashSet;

use super::findings::Findings;
use super::record::{SignRecord, YES_OR_NO};
use super::{Compare, Family, Points, Sign};
use crate::trace::Trajectory;

/// The repository is one of a public benchmark.
pub(super) const REPO: SignRecord = SignRecord {
    name: "benchmark-repo",
    title: "Repository of a benchmark",
    definition: "The repository belongs to SWE-bench (Lite, Verified), SWE-bench Multilingual or SWE-bench Pro, or is \
                 one that you list.",
    declared: Some(repo),
    ..BENCHMARK
};

/// The task is one of a public benchmark.
pub(super) const TASK: SignRecord = SignRecord {
    name: "benchmark-task",
    title: "Task of a benchmark",
    definition: "The task's id belongs to a public benchmark that this page knows, or is one that you list.",
    declared: Some(|trajectory, found| {
        if let Some(task) = trajectory.labels.instance_id.as_deref() {
            found.flag(Sign::BenchmarkTask, is_task(task));
        }
    }),
    ..BENCHMARK
};

/// What both have.
const BENCHMARK: SignRecord = SignRecord {
    source: "trajgen; ModelScope Twinkle, Decontaminator",
    family: Family::OtherRows,
    unit: YES_OR_NO,
    compare: Compare::Yes,
    points: Points::Row,
    ..SignRecord::DEFAULT
};

fn repo(trajectory: &Trajectory, found: &mut Findings) {
    let labels = &trajectory.labels;
    if let Some(repo) = labels.repo.as_deref() {
        found.flag(Sign::BenchmarkRepo, is_repo(repo));
    } else if let Some(task) = labels.instance_id.as_deref() {
        // An id begins with the repository in all of these benchmarks: `django__django-11099`.
        let id = task.strip_prefix("instance_").unwrap_or(task);
        let repo = repo_of(id).is_some_and(|(repo, _)| is_repo(&repo));
        found.flag(Sign::BenchmarkRepo, repo);
    }
}

/// Whether a repository is one of a benchmark's.
fn is_repo(repo: &str) -> bool {
    static KNOWN: LazyLock<HashSet<String>> =
        LazyLock::new(|| lines(REPOS).map(str::to_ascii_lowercase).collect());
    KNOWN.contains(&repo.trim().to_ascii_lowercase())
}

/// Whether a task's id is one of a benchmark's.
fn is_task(task: &str) -> bool {
    // SWE-bench Pro: `instance_owner__name-commit`, with more behind it.
    if let Some(id) = task.strip_prefix("instance_") {
        return repo_of(id).is_some_and(|(repo, commit)| {
            let is_hash = |text: &str| {
                text.len() >= 40 && text.bytes().take(40).all(|b| b.is_ascii_hexdigit())
            };
            is_repo(&repo) && is_hash(commit)
        });
    }
    // Most tasks are of no repository of a benchmark.
    let of_known = repo_of(task).filter(|(repo, _)| is_repo(repo));
    of_known.is_some_and(|(repo, number)| {
        lines(TASKS).any(|line| {
            let mut words = line.split(' ');
            words
                .next()
                .is_some_and(|known| known.eq_ignore_ascii_case(&repo))
                && words.any(|known| known == number)
        })
    })
}

/// `owner/name` of an id `owner__name-number`, and what stands behind the name.
fn repo_of(task: &str) -> Option<(String, &str)> {
    let (owner, rest) = task.split_once("__")?;
    let dash = rest.match_indices('-').find(|(at, _)| {
        let after = rest.get(at + 1..).unwrap_or_default();
        let length = after.bytes().take_while(u8::is_ascii_hexdigit).count();
        // A number, or a commit with more behind it.
        length >= 40 || (length == after.len() && after.bytes().all(|b| b.is_ascii_digit()))
    });
    let (name, behind) = rest.split_at_checked(dash?.0)?;
    Some((format!("{owner}/{name}"), behind.get(1..)?))
}

fn lines(list: &str) -> impl Iterator<Item = &str> {
    list.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
}

const REPOS: &str = include_str!("repos.txt");
const TASKS: &str = include_str!("tasks.txt");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_of_benchmarks_are_known_by_their_ids() {
        for task in [
            "django__django-11099",
            "scikit-learn__scikit-learn-9288",
            "instance_ansible__ansible-0ea40e09d1b35bcb69ff4d9cecf3d0defa4b36e8-v30a923fb5c164d6cd18280c02422f75e611e8fb2",
            "instance_element-hq__element-web-0ea40e09d1b35bcb69ff4d9cecf3d0defa4b36e8",
        ] {
            assert!(is_task(task), "{task}");
        }
        for task in [
            "django__django-1",
            "django__django",
            "nobody__django-11099",
            "getmoto__moto-6387_0",
            "arrow-py__arrow.1d70d009.lm_rewrite__nuzjfyur",
            "instance_me__mine-0ea40e09d1b35bcb69ff4d9cecf3d0defa4b36e8",
            "instance_ansible__ansible-1",
            "",
        ] {
            assert!(!is_task(task), "{task}");
        }
    }

    #[test]
    fn the_lists_hold_what_they_say() {
        let tasks = lines(TASKS).map(|line| line.split(' ').skip(1).count());
        assert_eq!(tasks.sum::<usize>(), 500);
        assert_eq!(lines(REPOS).count(), 64);
        assert!(lines(TASKS).all(|line| is_repo(line.split(' ').next().unwrap_or_default())));
    }
}
