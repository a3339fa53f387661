//! How much two patches share: their files as sets, their lines as a multiset.
//! An aligning diff (as `similar` makes it) is left to the reader: it is quadratic at worst, patches reach 200,000
//! lines, and a line counts as found wherever the model put it.

use hashbrown::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{LineKind, Patch};

/// How much two patches share, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Overlap {
    /// Jaccard index of the two sets of files.
    pub files: f64,
    /// Share of the reference's added and deleted lines that are among the model's; 1 where the reference has none.
    pub lines: f64,
}

/// Compares a model's patch with the reference; `None` where one of them has no file.
///
/// Lines are compared by sign and text, each line of the model's serving once; a `\r` at the end makes no difference.
pub fn overlap(model: &Patch, reference: &Patch) -> Option<Overlap> {
    if model.files.is_empty() || reference.files.is_empty() {
        return None;
    }
    Some(Overlap {
        files: jaccard(&paths(model), &paths(reference)),
        lines: recall(model, reference),
    })
}

fn paths<'a>(patch: &'a Patch) -> HashSet<&'a str> {
    patch.files.iter().map(|file| file.path()).collect()
}

fn jaccard(a: &HashSet<&str>, b: &HashSet<&str>) -> f64 {
    let shared = a.intersection(b).count();
    share(shared, a.len() + b.len() - shared)
}

fn recall(model: &Patch, reference: &Patch) -> f64 {
    let mut left: HashMap<(LineKind, &str), usize> = HashMap::new();
    for line in changed_lines(model) {
        *left.entry(line).or_default() += 1;
    }
    let (mut found, mut all) = (0, 0);
    for line in changed_lines(reference) {
        all += 1;
        if let Some(times) = left.get_mut(&line).filter(|times| **times > 0) {
            *times -= 1;
            found += 1;
        }
    }
    share(found, all)
}

fn changed_lines<'t>(patch: &Patch<'t>) -> impl Iterator<Item = (LineKind, &'t str)> {
    let text = patch.text;
    let hunks = patch.files.iter().flat_map(|file| &file.hunks);
    hunks
        .flat_map(move |hunk| hunk.lines(text))
        .filter(|(kind, _)| *kind != LineKind::Context)
        .map(|(kind, line)| (kind, line.strip_suffix('\r').unwrap_or(line)))
}

fn share(part: usize, all: usize) -> f64 {
    if all == 0 {
        1.0
    } else {
        part as f64 / all as f64
    }
}
