//! Which files of a folder or an archive belong together, by their names: a trial's folder is one run, an Inspect log's
//! samples share what the log says of all, and some files only repeat what others hold.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tracesift_core::source::item::is_summing_up;

/// What is done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is read for itself.
    Alone,
    /// It is a part of a trial, by the trial's place in [`Plan::trials`].
    Part(usize),
    /// What an Inspect log says of all its samples.
    Header,
    /// A sample of an Inspect log.
    Sample,
    /// Nothing, and without a word: it holds no run of its own.
    Nothing,
}

/// A trial's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TrialAt {
    /// Its path; empty where all files are of this one trial.
    pub folder: String,
    /// How many of the files are its parts.
    pub parts: usize,
}

/// The roles of files.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    roles: HashMap<String, Role>,
    /// The trials.
    pub trials: Vec<TrialAt>,
}

impl Plan {
    /// The roles of all files of a folder or an archive, by their paths.
    pub fn of(names: &[String]) -> Self {
        let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        let folders = trials(&names);
        let mut plan = Self {
            trials: folders
                .iter()
                .map(|folder| TrialAt {
                    folder: (*folder).to_owned(),
                    parts: 0,
                })
                .collect(),
            ..Self::default()
        };
        let numbers: HashMap<&str, usize> = folders.iter().copied().zip(0..).collect();
        let mut jobs: BTreeSet<&str> = folders.iter().filter_map(|trial| parent(trial)).collect();
        // Terminal-Bench has a folder for each task between.
        let of_tasks = folders
            .iter()
            .filter(|trial| names.contains(join(trial, "results.json").as_str()));
        jobs.extend(of_tasks.filter_map(|trial| parent(parent(trial)?)));
        let last_completions = last_completions(&names);
        let is_log = is_inspect_log(&names);
        for name in &names {
            let trial = ancestors(name).find_map(|folder| numbers.get(folder).copied());
            let role = match trial {
                _ if is_of_a_system(name) => Role::Nothing,
                Some(at) => {
                    let path = folders.get(at).and_then(|folder| within(name, folder));
                    role_in_trial(
                        path.unwrap_or(name),
                        at,
                        folders.get(at).unwrap_or(&""),
                        &names,
                    )
                }
                None if is_log => role_in_log(name, &names),
                None if is_of_job(name, &jobs) => Role::Nothing,
                None => match completion_folder(name) {
                    Some(_) if !last_completions.contains(name) => Role::Nothing,
                    _ => Role::Alone,
                },
            };
            if let (Role::Part(at), trials) = (role, &mut plan.trials)
                && let Some(trial) = trials.get_mut(at)
            {
                trial.parts += 1;
            }
            plan.roles.insert((*name).to_owned(), role);
        }
        plan
    }

    /// What is done with a file of that path.
    pub fn role(&self, name: &str) -> Role {
        self.roles.get(name).copied().unwrap_or(Role::Alone)
    }
}

/// The folders of a path, the innermost first, and at last the place of all.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let folder = parent(rest?);
        rest = folder.filter(|folder| !folder.is_empty());
        folder
    })
}

/// The folder that a path is in; empty for the place of all.
fn parent(path: &str) -> Option<&str> {
    match path.rsplit_once('/') {
        Some((folder, _)) => Some(folder),
        None if path.is_empty() => None,
        None => Some(""),
    }
}

/// A path in a folder.
fn within<'n>(path: &'n str, folder: &str) -> Option<&'n str> {
    match folder.is_empty() {
        true => Some(path),
        false => path.strip_prefix(folder)?.strip_prefix('/'),
    }
}

fn join(folder: &str, name: &str) -> String {
    match folder.is_empty() {
        true => name.to_owned(),
        false => format!("{folder}/{name}"),
    }
}

/// Folders that Harbor or Terminal-Bench left of a trial: what was asked or what came of it, beside what the agent and the
/// verifier did, or why there is nothing of these.
fn trials<'n>(names: &BTreeSet<&'n str>) -> Vec<&'n str> {
    let mut folders = BTreeSet::new();
    for name in names {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        if !matches!(file, "result.json" | "results.json" | "config.json") {
            continue;
        }
        let has = |file: &str| names.contains(join(folder, file).as_str());
        let has_in = |inner: &str| {
            let first = join(folder, inner);
            let next = names.range(first.as_str()..).next();
            next.is_some_and(|name| name.starts_with(&first))
        };
        let came = [
            "exception.txt",
            "trial.log",
            "agent/trajectory.json",
            "verifier/reward.txt",
        ];
        if file == "results.json" {
            if has_in("agent-logs/episode-") {
                folders.insert(folder);
            }
            continue;
        }
        let is_trial = came.iter().any(|file| has(file));
        let is_result = file == "result.json" && (has_in("agent/") || has_in("verifier/"));
        if is_trial || is_result {
            folders.insert(folder);
        }
    }
    folders.into_iter().collect()
}

/// What is done with a file of a trial, by its path in the trial's folder.
fn role_in_trial(path: &str, trial: usize, folder: &str, names: &BTreeSet<&str>) -> Role {
    let has_trajectory = names.contains(join(folder, "agent/trajectory.json").as_str());
    let is_part = match path {
        "result.json" | "results.json" | "config.json" | "exception.txt" => true,
        _ if path.starts_with("agent-logs/episode-") => {
            path.ends_with("/prompt.txt") || path.ends_with("/response.txt")
        }
        "verifier/reward.txt" | "verifier/reward.json" => true,
        _ => path.strip_prefix("agent/").is_some_and(|path| {
            let is_events = path.ends_with(".jsonl") || path.ends_with(".txt");
            match path.contains('/') {
                // Each request's prompt and answer, which the trajectory holds together.
                _ if path.starts_with("episode-") => false,
                // An agent's own sessions are looked for where there is nothing else.
                true => !has_trajectory && path.ends_with(".jsonl"),
                false => is_events || path.ends_with("trajectory.json"),
            }
        }),
    };
    let top = path.split('/').next().unwrap_or(path);
    let endings = [".json", ".log", ".txt", ".md", ".yaml", ".toml"];
    match top {
        _ if is_part => Role::Part(trial),
        "agent" if is_summing_up(path) => Role::Alone,
        // A trial of several steps has a trajectory in each.
        "steps" if path.ends_with("agent/trajectory.json") => Role::Alone,
        "agent" | "verifier" | "artifacts" | "steps" => Role::Nothing,
        "agent-logs" | "panes" | "sessions" => Role::Nothing,
        _ if endings.iter().any(|ending| path.ends_with(ending)) => Role::Nothing,
        _ => Role::Alone,
    }
}

/// Whether it is the job's own: what was asked of all trials, and the sums.
fn is_of_job(name: &str, jobs: &BTreeSet<&str>) -> bool {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let is_own = matches!(
        file,
        "result.json" | "results.json" | "config.json" | "lock.json" | "run_metadata.json"
    ) || file.ends_with(".log");
    is_own && jobs.contains(folder)
}

/// What systems leave beside people's files.
fn is_of_a_system(name: &str) -> bool {
    let mut parts = name.split('/');
    parts.any(|part| {
        matches!(
            part,
            "__MACOSX" | ".git" | ".DS_Store" | "Thumbs.db" | "desktop.ini"
        ) || part.starts_with("._")
    })
}

/// Inspect's logs are archives of samples beside what is said of all.
fn is_inspect_log(names: &BTreeSet<&str>) -> bool {
    let has_samples = names.iter().any(|name| name.starts_with("samples/"));
    has_samples && (names.contains("header.json") || names.contains("_journal/start.json"))
}

fn role_in_log(name: &str, names: &BTreeSet<&str>) -> Role {
    match name {
        "header.json" => Role::Header,
        // A log that was not finished has no header.
        "_journal/start.json" if !names.contains("header.json") => Role::Header,
        _ if name.starts_with("samples/") && name.ends_with(".json") => Role::Sample,
        _ => Role::Nothing,
    }
}

/// The folder of completions that a file is in: OpenHands logs each request of a run with all that was said before.
fn completion_folder(name: &str) -> Option<&str> {
    let folder = parent(name)?;
    let is_one = name.ends_with(".json") && folder.split('/').any(|part| part == "llm_completions");
    is_one.then_some(folder)
}

/// Of each folder of completions the last one, which holds the whole run; none where the runs stand beside them.
fn last_completions<'n>(names: &BTreeSet<&'n str>) -> BTreeSet<&'n str> {
    let mut last: BTreeMap<&str, &str> = BTreeMap::new();
    for name in names {
        let Some(folder) = completion_folder(name) else {
            continue;
        };
        let of_all = folder
            .find("llm_completions")
            .and_then(|at| folder.get(..at));
        let runs = join(
            of_all.unwrap_or_default().trim_end_matches('/'),
            "output.jsonl",
        );
        if names.contains(runs.as_str()) {
            continue;
        }
        let best = last.entry(folder).or_insert(name);
        if number_key(name) >= number_key(best) {
            *best = name;
        }
    }
    last.into_values().collect()
}

/// A name's last number, by which files that were written one after the other are told apart, then the name.
fn number_key(name: &str) -> (u64, &str) {
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut numbers = name.split(|c: char| !c.is_ascii_digit()).filter(digits);
    // A time as `1732198000.52` has its seconds first.
    let seconds = numbers.clone().find(|part| part.len() >= 9);
    let number = seconds.or_else(|| numbers.next_back());
    (
        number
            .and_then(|part| part.parse().ok())
            .unwrap_or_default(),
        name,
    )
}
