//! Which files of a folder that lies elsewhere are fetched to be opened, told by their names before there is a byte of them.
//! What tells only by its name where a trial is goes along without its bytes.

use std::collections::HashSet;

use crate::plan::{Plan, Role};

/// The endings of files that can be opened beside others: texts, archives, and what is compressed.
pub const OPENABLE: [&str; 15] = [
    ".jsonl", ".json", ".ndjson", ".traj", ".csv", ".tsv", ".txt", ".zip", ".eval", ".tar", ".tgz",
    ".gz", ".zst", ".bz2", ".xz",
];

/// A file that is known by its name and its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name, with the folders that it is in.
    pub name: String,
    /// Its bytes.
    pub size: u64,
}

/// How much is fetched at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Most {
    /// Files.
    pub files: usize,
    /// Their bytes together.
    pub bytes: u64,
}

/// What is done with the files of a folder, each by its place in the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Those to fetch, in the order of their names.
    pub fetched: Vec<usize>,
    /// Those that are opened by their names alone, with no bytes: they show what the others are.
    pub named: Vec<usize>,
    /// Those that could be opened, and are more than is fetched.
    pub left: Vec<usize>,
    /// Those that could be opened, if they alone were not more than is fetched.
    pub too_large: Vec<usize>,
}

/// What is to be fetched of a folder's files. Where they are too many, the first ones by their names are, and of a trial all
/// parts or none.
pub fn wanted(files: &[Listed], most: Most) -> Wanted {
    let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    let plan = Plan::of(&names);
    let mut order: Vec<(usize, &Listed)> = files.iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
    let mut wanted = Wanted::default();
    order.retain(|(at, file)| {
        let fits = file.size <= most.bytes || !is_opened(&plan, &file.name);
        if !fits {
            wanted.too_large.push(*at);
        }
        fits
    });
    let (first, left) = order.split_at(end(&order, &plan, most));
    let kept: Vec<String> = first.iter().map(|(_, file)| file.name.clone()).collect();
    // What only repeated files that are not fetched is a file of its own without them.
    let shown = Plan::of(&kept);
    for (at, file) in first {
        if is_opened(&plan, &file.name) {
            wanted.fetched.push(*at);
        } else if shown.role(&file.name) == Role::Nothing {
            wanted.named.push(*at);
        }
    }
    let opened = left.iter().filter(|(_, file)| is_opened(&plan, &file.name));
    wanted.left = opened.map(|(at, _)| *at).collect();
    wanted
}

/// Whether a file's bytes are of use.
fn is_opened(plan: &Plan, name: &str) -> bool {
    match plan.role(name) {
        Role::Nothing => false,
        Role::Alone => {
            let name = name.to_lowercase();
            OPENABLE.iter().any(|ending| name.ends_with(ending))
        }
        Role::Part(_) | Role::Header | Role::Sample => true,
    }
}

/// How many of the files come before the first one that is too much, or before its trial.
fn end(order: &[(usize, &Listed)], plan: &Plan, most: Most) -> usize {
    let (mut files, mut bytes) = (0_usize, 0_u64);
    let over = order.iter().position(|(_, file)| {
        if is_opened(plan, &file.name) {
            files += 1;
            bytes = bytes.saturating_add(file.size);
        }
        files > most.files || bytes > most.bytes
    });
    let Some((end, (_, file))) = over.and_then(|at| Some((at, order.get(at)?))) else {
        return order.len();
    };
    let trials: HashSet<&str> = plan.trials.iter().map(|trial| &*trial.folder).collect();
    let slashes = file.name.match_indices('/').map(|(at, _)| at);
    let mut folders = slashes.filter_map(|at| file.name.get(..at));
    let Some(trial) = folders.find(|folder| trials.contains(folder)) else {
        return end;
    };
    let is_in = |name: &str| {
        name.strip_prefix(trial)
            .is_some_and(|inner| inner.starts_with('/'))
    };
    let first = order.iter().position(|(_, file)| is_in(&file.name));
    first.unwrap_or(end)
}
