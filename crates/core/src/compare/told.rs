//! Differences in the order in which they answer why runs fail: what went on, what came of it, sizes last.
//! Only what is beyond chance is sorted by its size; lengths, which go together, are one line.

use super::feature::Role;
use super::{Difference, sort};

/// The differences of one role.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What they tell of a run.
    pub role: Role,
    /// Those beyond chance, the largest first.
    pub lines: Vec<Line>,
}

/// A difference, and those that say the same again.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The difference.
    pub difference: Difference,
    /// Others that grow with it: the run's other lengths.
    pub others: Vec<Difference>,
}

/// The differences beyond chance by their role, and all others: those of which nothing can be said last.
pub fn told(differences: Vec<Difference>) -> (Vec<Told>, Vec<Difference>) {
    let (clear, unclear): (Vec<_>, Vec<_>) =
        differences.into_iter().partition(Difference::is_clear);
    let mut clear = sort(clear);
    let told = Role::ALL.map(|role| {
        let of_role = clear.extract_if(.., |difference| difference.about.role() == role);
        Told {
            role,
            lines: joined(of_role.collect()),
        }
    });
    let told = told.into_iter().filter(|told| !told.lines.is_empty());
    (told.collect(), sort(unclear))
}

/// A line a difference, the largest first; all lengths are one line, at the place of the largest.
fn joined(differences: Vec<Difference>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for difference in differences {
        let is_length = difference.about.is_length();
        let length = lines
            .iter_mut()
            .find(|line| line.difference.about.is_length());
        match length.filter(|_| is_length) {
            Some(line) => line.others.push(difference),
            None => lines.push(Line {
                difference,
                others: Vec::new(),
            }),
        }
    }
    lines
}
