//! Runs of one task, turn by turn beside each other: turns that do the same stand in one line.
//! Lines are those of the first run; what the others do besides stands between them.

use super::View;
use crate::calls::{CallResult, Doing};
use crate::ground::text::head;
use crate::trace::Role;

/// What a turn does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The turn's message.
    pub message: usize,
    /// What it does; `None` where it only speaks.
    pub doing: Option<Doing>,
    /// What it does that to: a file, a command, what it looks for.
    pub target: String,
    /// Whether one of its calls failed.
    pub is_error: bool,
    /// Calls beside the first.
    pub more: usize,
}

/// Names of arguments that say what a call is about, the most telling first.
const TARGETS: [&str; 12] = [
    "path",
    "file_path",
    "filename",
    "file",
    "target_file",
    "command",
    "cmd",
    "pattern",
    "query",
    "search_term",
    "thought",
    "message",
];

/// Bytes that are shown of what a turn is about.
const TARGET_BYTES: usize = 120;

/// What each turn of a run does.
pub fn acts(view: &View) -> Vec<Act> {
    let turns = view.turns.iter();
    let turns = turns.filter(|turn| turn.role == Role::Assistant);
    turns
        .map(|turn| {
            let said = turn.text.head.trim();
            let telling = |doing: Doing| doing != Doing::Think;
            let call = turn.calls.iter().find(|call| telling(call.doing));
            let call = call.or(turn.calls.first());
            let target = call.map_or(said, |call| {
                let named = |name: &&str| {
                    let arguments = call.arguments.iter();
                    let mut named = arguments.filter(|(key, _)| key == name);
                    named.next()
                };
                let argument = TARGETS.iter().find_map(named).or(call.arguments.first());
                argument.map_or("", |(_, text)| text.head.trim())
            });
            let line = target.lines().next().unwrap_or_default();
            Act {
                message: turn.index,
                doing: call.map(|call| call.doing),
                target: head(line, TARGET_BYTES).to_owned(),
                is_error: turn
                    .calls
                    .iter()
                    .any(|call| call.result == CallResult::Error),
                more: turn.calls.len().saturating_sub(1),
            }
        })
        .collect()
}

/// Turns of a run that are compared with each other; longer runs go on unaligned.
const COMPARED: usize = 800;

/// The lines of a table with a column for each run: of each, the place of its turn among [`acts`].
pub fn align(runs: &[Vec<Act>]) -> Vec<Vec<Option<usize>>> {
    let Some((first, others)) = runs.split_first() else {
        return Vec::new();
    };
    let pairs: Vec<Vec<(usize, usize)>> = others.iter().map(|other| pairs(first, other)).collect();
    let mut lines = Vec::new();
    // How far each of the others has come.
    let mut done = vec![0; others.len()];
    for at in 0..=first.len() {
        let ends = pairs.iter().zip(others).map(|(pairs, other)| {
            let next = pairs.iter().find(|(of_first, _)| *of_first >= at);
            next.map_or(other.len(), |(_, of_other)| *of_other)
        });
        let ends: Vec<usize> = ends.collect();
        // What the others do before their next turn that is like one of the first run's.
        while done.iter().zip(&ends).any(|(done, end)| done < end) {
            let of = done.iter_mut().zip(&ends).map(|(done, end)| {
                let at = *done;
                *done += usize::from(at < *end);
                (at < *end).then_some(at)
            });
            lines.push(std::iter::once(None).chain(of).collect());
        }
        if at == first.len() {
            break;
        }
        let of = done.iter_mut().zip(&pairs).map(|(done, pairs)| {
            let (_, of_other) = pairs.iter().find(|(of_first, _)| *of_first == at)?;
            *done = of_other + 1;
            Some(*of_other)
        });
        lines.push(std::iter::once(Some(at)).chain(of).collect());
    }
    lines
}

/// The turns of two runs that stand in one line, rising in both: those that do the same, and of these rather those that do
/// it to the same.
fn pairs(a: &[Act], b: &[Act]) -> Vec<(usize, usize)> {
    let (a, b) = (Key::all(a), Key::all(b));
    // The best sum of what is left of both, by how much of each is left.
    let width = b.len() + 1;
    let mut best = vec![0_u32; (a.len() + 1) * width];
    let cell = |best: &[u32], i: usize, j: usize| best.get(i * width + j).copied().unwrap_or(0);
    for (i, of_a) in a.iter().enumerate().rev() {
        for (j, of_b) in b.iter().enumerate().rev() {
            let apart = cell(&best, i + 1, j).max(cell(&best, i, j + 1));
            let value = match of_a.likeness(of_b) {
                0 => apart,
                likeness => apart.max(cell(&best, i + 1, j + 1) + likeness),
            };
            if let Some(place) = best.get_mut(i * width + j) {
                *place = value;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while let (Some(of_a), Some(of_b)) = (a.get(i), b.get(j)) {
        let (here, likeness) = (cell(&best, i, j), of_a.likeness(of_b));
        if likeness > 0 && here == cell(&best, i + 1, j + 1) + likeness {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if here == cell(&best, i + 1, j) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// What a turn is compared by.
struct Key<'a> {
    doing: Option<Doing>,
    target: &'a str,
    /// The file's name, or the command's.
    name: &'a str,
}

impl<'a> Key<'a> {
    fn all(acts: &'a [Act]) -> Vec<Self> {
        acts.iter().take(COMPARED).map(Self::of).collect()
    }

    fn of(act: &'a Act) -> Self {
        let word = act.target.split_whitespace().next().unwrap_or_default();
        Self {
            doing: act.doing,
            target: &act.target,
            name: word.rsplit('/').next().unwrap_or_default(),
        }
    }

    /// How much two turns are alike: not at all, in what they do, or also in what they do it to.
    fn likeness(&self, other: &Self) -> u32 {
        let is_same =
            self.target == other.target || (!self.name.is_empty() && self.name == other.name);
        match (self.doing == other.doing, self.doing) {
            (false, _) => 0,
            (true, None) => 1,
            // One turn that does it to the same weighs more than two that do it to something else.
            (true, Some(_)) if is_same => 5,
            (true, Some(_)) => 2,
        }
    }
}
