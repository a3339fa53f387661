//! Rates with their intervals: how often each language's rows succeed, and how sure that is.
//! A rate is over rows with a known outcome only; with few of them its interval is wide, and that is the message.

use serde::{Deserialize, Serialize};

use super::bars::{joined, shown_language, value};
use super::kind::{ChartRecord, Kind, Sets};
use super::{Body, Figure, Rule, View};
use crate::frame::group::{Rate, Tally, by_label, tally};
use crate::frame::{Label, order};
use crate::ground::words::{count, interval, label, percent, plural};
use crate::recipe::ListKey;

/// Success rate by language.
pub(super) const CHART: ChartRecord = ChartRecord {
    name: "success-rate",
    title: "Success rate by language",
    definition: "Successes among the rows with a known outcome, by the repository's main language. The line is the \
                 Wilson 95\u{a0}% interval; n is the number of rows with a known outcome.",
    sets: Sets::List(ListKey::Language),
    needs_tokens: false,
    figure: success_rate,
};

/// How many names have a line of their own.
const NAMES: usize = 15;

/// Rates with their intervals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intervals {
    /// One line a name, the most rows with a known outcome first.
    pub lines: Vec<Interval>,
}

/// One name's rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Its name, harmless but whole.
    pub name: String,
    /// The rate among all of its rows.
    pub all: Rate,
    /// The rate among the selected ones; none where none of them has a known outcome.
    pub selected: Option<Rate>,
    /// What it says when it is pointed at.
    pub words: String,
    /// Which rows it stands for; none for the line of all other names.
    pub rule: Option<Rule>,
}

impl Interval {
    /// Whether the selection leaves out rows with a known outcome.
    pub fn filtered(&self) -> bool {
        self.selected
            .is_none_or(|rate| rate.known != self.all.known)
    }
}

impl Intervals {
    /// The data behind it.
    pub fn table(&self) -> Vec<Vec<String>> {
        let head = [
            "language",
            "known",
            "successes",
            "rate",
            "low",
            "high",
            "selected known",
            "selected successes",
            "selected rate",
            "selected low",
            "selected high",
        ];
        let rows = self.lines.iter().map(|line| {
            let mut row = vec![line.name.clone()];
            for rate in [Some(line.all), line.selected] {
                match rate {
                    Some(r) => {
                        row.extend([r.known.to_string(), r.successes.to_string()]);
                        row.extend([r.share, r.low, r.high].map(|x| format!("{x:.3}")));
                    }
                    None => row.extend(["0", "0", "", "", ""].map(str::to_owned)),
                }
            }
            row
        });
        std::iter::once(head.map(str::to_owned).to_vec())
            .chain(rows)
            .collect()
    }
}

/// Success rate by language.
fn success_rate(view: &View<'_>) -> Figure {
    let kind = Kind::SuccessRate;
    let mut groups = by_label(view.frame, view.mask, Label::Language);
    groups.retain(|group| group.all.known() > 0);
    if groups.is_empty() {
        return view.empty(
            kind,
            "No row has a known outcome, so there is no rate to show.",
        );
    }
    // The most certain first.
    let mut groups = order::sorted(groups, &|a, b| b.all.known().cmp(&a.all.known()));
    let rest = groups.split_off(groups.len().min(NAMES));
    let mut lines: Vec<Interval> = groups
        .iter()
        .filter_map(|group| {
            let rule = Rule::Is(ListKey::Language, value(group));
            line(
                shown_language(group),
                &group.all,
                &group.selected,
                Some(rule),
            )
        })
        .collect();
    if let Some(others) = joined(&rest) {
        lines.extend(line(
            shown_language(&others),
            &others.all,
            &others.selected,
            None,
        ));
    }
    let caption = overall(view);
    let listed: Vec<String> = lines
        .iter()
        .take(5)
        .map(|line| format!("{} {}", label(&line.name), rate_words(line.all)))
        .collect();
    let alt = format!("{caption} {}.", listed.join("; "));
    let body = Body::Intervals(Intervals { lines });
    view.figure(
        kind,
        "successes among known outcomes",
        "",
        caption,
        alt,
        body,
    )
}

fn line(name: String, all: &Tally, selected: &Tally, rule: Option<Rule>) -> Option<Interval> {
    let mut line = Interval {
        words: String::new(),
        name,
        all: all.rate()?,
        selected: selected.rate(),
        rule,
    };
    line.words = format!("{}: success {}", label(&line.name), rate_words(line.all));
    if line.filtered() {
        line.words.push_str(&match line.selected {
            Some(rate) => format!("; selected: {}", rate_words(rate)),
            None => "; selected: no outcome known".to_owned(),
        });
    }
    Some(line)
}

/// `44 % (39–49 %) of 412 known`.
fn rate_words(rate: Rate) -> String {
    format!(
        "{} ({}) of {} known",
        percent(rate.share),
        interval(rate.low, rate.high),
        count(rate.known.into())
    )
}

fn overall(view: &View<'_>) -> String {
    let (all, selected) = tally(view.frame, view.mask);
    let filtered = view.narrowed() && selected.known() > 0;
    let (tally, one, many) = match filtered {
        true => (selected, "selected row", "selected rows"),
        false => (all, "row", "rows"),
    };
    tally.rate().map_or_else(String::new, |rate| {
        format!(
            "Of {} with a known outcome {} succeeded ({}).",
            plural(rate.known.into(), one, many),
            percent(rate.share),
            interval(rate.low, rate.high)
        )
    })
}
