//! Parts of wholes: what became of the rows of each harness and teacher.
//! Each group is a bar of its own length one, so that groups of unlike sizes can be compared.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::kind::{ChartRecord, Kind, Sets};
use super::{Body, Count, Figure, Rule, View};
use crate::frame::{Label, TextColumn, order};
use crate::ground::words::{count, cut, label, plural, share};
use crate::recipe::ListKey;
use crate::trace::Outcome;

/// Outcomes by harness and teacher.
pub(super) const CHART: ChartRecord = ChartRecord {
    name: "outcomes",
    title: "Outcomes by harness and teacher",
    definition: "Rows by outcome for each harness (the program that ran the agent) and teacher (the model that wrote \
                 the trajectory). A row without a verdict is unknown: neither a success nor a failure.",
    sets: Sets::List(ListKey::Outcome),
    needs_tokens: false,
    figure: outcomes,
};

/// How many groups have a bar of their own.
const GROUPS: usize = 12;

/// Parts of wholes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shares {
    /// The groups, largest first.
    pub groups: Vec<Group>,
}

/// The rows of one harness and teacher.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// `openhands · minimax_m25`, harmless but whole.
    pub name: String,
    /// Rows by outcome, in the order of [`Outcome::ALL`].
    pub parts: [Count; 4],
    /// Which rows the whole group stands for.
    pub rules: Vec<Rule>,
}

impl Group {
    /// All its rows.
    pub fn rows(&self) -> Count {
        let mut rows = Count::default();
        self.parts.iter().for_each(|part| rows.join(*part));
        rows
    }

    /// What the part of one outcome says: `openhands · minimax_m25: success 120 of 273 rows (44 %), 100 selected`.
    pub fn words(&self, outcome: Outcome, part: Count) -> String {
        let all = self.rows().all;
        let mut words = format!(
            "{}: {} {} of {} ({})",
            cut(&self.name, 52),
            outcome.name(),
            count(part.all),
            plural(all, "row", "rows"),
            share(part.all, all),
        );
        if self.rows().filtered() {
            words.push_str(&format!(", {} selected", count(part.selected)));
        }
        words
    }
}

impl Shares {
    /// The data behind it.
    pub fn table(&self) -> Vec<Vec<String>> {
        let mut head = vec!["harness and teacher".to_owned(), "rows".to_owned()];
        for outcome in Outcome::ALL {
            head.extend([
                outcome.name().to_owned(),
                format!("selected {}", outcome.name()),
            ]);
        }
        let rows = self.groups.iter().map(|group| {
            let mut row = vec![group.name.clone(), group.rows().all.to_string()];
            for part in group.parts {
                row.extend([part.all.to_string(), part.selected.to_string()]);
            }
            row
        });
        std::iter::once(head).chain(rows).collect()
    }
}

/// Outcomes by harness and teacher.
fn outcomes(view: &View<'_>) -> Figure {
    let mut groups = order::sorted(groups(view), &|a, b| {
        let most_first = b.rows().all.cmp(&a.rows().all);
        most_first.then_with(|| a.name.cmp(&b.name))
    });
    let mut total = [Count::default(); 4];
    for group in &groups {
        join(&mut total, &group.parts);
    }
    let rest = groups.split_off(groups.len().min(GROUPS));
    if !rest.is_empty() {
        let mut parts = [Count::default(); 4];
        rest.iter().for_each(|group| join(&mut parts, &group.parts));
        groups.push(Group {
            name: format!("{} other pairs", rest.len()),
            parts,
            rules: Vec::new(),
        });
    }
    let caption = verdict(total, view.narrowed());
    let listed: Vec<String> = groups
        .iter()
        .take(4)
        .map(|group| {
            let [success, ..] = group.parts;
            let known = group.rows().all.saturating_sub(unknown(&group.parts).all);
            format!(
                "{} {} rows, success {} of {} known",
                cut(&group.name, 52),
                count(group.rows().all),
                share(success.all, known),
                count(known)
            )
        })
        .collect();
    let alt = format!("{caption} All rows: {}.", listed.join("; "));
    let body = Body::Shares(Shares { groups });
    view.figure(Kind::Outcomes, "share of rows", "", caption, alt, body)
}

fn unknown(parts: &[Count; 4]) -> Count {
    let [_, _, _, unknown] = parts;
    *unknown
}

fn join(total: &mut [Count; 4], parts: &[Count; 4]) {
    for (sum, part) in total.iter_mut().zip(parts) {
        sum.join(*part);
    }
}

/// `412 of 500 rows have a known outcome; 44 % of those are successes.`
fn verdict(total: [Count; 4], narrowed: bool) -> String {
    let [success, partial, failure, unknown] = total.map(|part| match narrowed {
        true => part.selected,
        false => part.all,
    });
    let known = success + partial + failure;
    let rows = match narrowed {
        true => plural(known + unknown, "selected row has", "selected rows have"),
        false => plural(known + unknown, "row has", "rows have"),
    };
    match known {
        0 => format!("None of {} a known outcome.", rows),
        _ => format!(
            "{} of {rows} a known outcome; {} of those are successes.",
            count(known),
            share(success, known)
        ),
    }
}

/// One group a pair of harness and teacher. Neighbours mostly belong to the same pair, so that is tried first.
fn groups(view: &View<'_>) -> Vec<Group> {
    let (harness, teacher) = (
        view.frame.label(Label::Harness),
        view.frame.label(Label::Teacher),
    );
    let mut index: HashMap<(u32, u32), usize> = HashMap::new();
    let mut sums: Vec<((u32, u32), [Count; 4])> = Vec::new();
    let mut last = ((0, 0), usize::MAX);
    for (((&h, &t), &outcome), selected) in harness
        .codes
        .iter()
        .zip(&teacher.codes)
        .zip(view.frame.outcomes())
        .zip(view.selected())
    {
        let pair = (h, t);
        if last.0 != pair || last.1 == usize::MAX {
            let at = *index.entry(pair).or_insert(sums.len());
            if at == sums.len() {
                sums.push((pair, [Count::default(); 4]));
            }
            last = (pair, at);
        }
        let slot = sums
            .get_mut(last.1)
            .and_then(|(_, parts)| parts.get_mut(place(outcome)));
        if let Some(count) = slot {
            count.add(1, selected);
        }
    }
    sums.into_iter()
        .map(|((h, t), parts)| {
            let (h, t) = (value(harness, h), value(teacher, t));
            let name = match (h, t) {
                (None, None) => "harness and teacher not known".to_owned(),
                (None, Some(t)) => format!("{} (harness not known)", label(t)),
                (Some(h), None) => format!("{} (teacher not known)", label(h)),
                (Some(h), Some(t)) => format!("{} · {}", label(h), label(t)),
            };
            let is = |key, value: Option<&str>| Rule::Is(key, value.unwrap_or("none").to_owned());
            Group {
                name,
                parts,
                rules: vec![is(ListKey::Harness, h), is(ListKey::Teacher, t)],
            }
        })
        .collect()
}

/// A code's value; none where the label is not known.
fn value(column: &TextColumn, code: u32) -> Option<&str> {
    column
        .values
        .get(usize::try_from(code).ok()?)
        .map(String::as_str)
}

/// An outcome's place in [`Outcome::ALL`].
const fn place(outcome: Outcome) -> usize {
    match outcome {
        Outcome::Success => 0,
        Outcome::Partial => 1,
        Outcome::Failure => 2,
        Outcome::Unknown => 3,
    }
}
