//! Kept as a function of the token limit, part by part: which share of the rows, of their tokens or of the tokens that a
//! trainer learns from stays where longer rows are left out. Each part's share is of its own whole.

use std::borrow::Cow;

use super::kind::{ChartRecord, Kind, Sets};
use super::{Body, Count, Figure, Mark, View};
use crate::frame::limit::{Curves, PartKept};
use crate::ground::words::{count, label, language, percent, plural};
use crate::recipe::limits::{By, CurveChoice, Limit, Measure, limits};
use crate::trace::Outcome;

/// Rows or tokens kept as a function of the limit, part by part.
pub(super) const CHART: ChartRecord = ChartRecord {
    name: "kept-by-limit",
    title: "Kept by each token limit",
    definition: "For each token limit: the share of the selected rows (or of their tokens) that remains if longer \
                 rows are left out; each part's share is of its own rows. Rows whose tokens are not counted are left \
                 out.",
    sets: Sets::Budget,
    needs_tokens: true,
    figure: kept,
};

/// How many parts have a line of their own.
pub const PARTS: usize = 5;
/// Parts whose shares are nearer to each other than this are not told apart in words.
const APART: f64 = 0.01;

/// What token limits keep, part by part.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// The limits, ascending.
    pub steps: Vec<u64>,
    /// What is kept a share of.
    pub measure: Measure,
    /// All rows, and then the largest parts; of each its share at every step.
    pub lines: Vec<Line>,
    /// The limits that are worth a look, ascending; each is a step.
    pub marks: Vec<Limit>,
    /// The recipe's budget.
    pub budget: Mark,
    /// From where to where the axis reaches, in tokens: rows and marks are within, the budget may not be.
    pub ends: (f64, f64),
}

/// One part's line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its name, harmless and short; `all rows` of the first one.
    pub name: String,
    /// The outcome that it stands for.
    pub outcome: Option<Outcome>,
    /// What each step keeps of it.
    pub part: PartKept,
    /// The share that each step keeps, 0 to 1.
    pub shares: Vec<f64>,
}

impl Line {
    /// `None` where the part has nothing of the measure.
    fn new(name: String, outcome: Option<Outcome>, part: &PartKept, of: Measure) -> Option<Self> {
        let shares = part.kept.iter().map(|&kept| of.share(kept, part));
        Some(Self {
            name,
            outcome,
            part: part.clone(),
            shares: shares.collect::<Option<_>>()?,
        })
    }
}

impl Limits {
    /// The step of a limit.
    pub fn step(&self, limit: u64) -> Option<usize> {
        self.steps.binary_search(&limit).ok()
    }

    /// What a limit does, in a sentence: what stays of all, and of the parts of which least and most stays.
    pub fn words(&self, limit: u64) -> String {
        let Some((step, all)) = self.step(limit).zip(self.lines.first()) else {
            return String::new();
        };
        let kept = all.part.kept.get(step).copied().unwrap_or_default();
        let share = |of: Measure| of.share(kept, &all.part).map(percent);
        let mut words = format!("At {} tokens", count(limit));
        words.push_str(&match (share(Measure::Rows), share(Measure::Tokens)) {
            (Some(rows), Some(tokens)) => {
                format!(" {rows} of the rows and {tokens} of their tokens")
            }
            (rows, _) => format!(" {} of the rows", rows.unwrap_or_default()),
        });
        if let Some(learned) = share(Measure::Trainable) {
            words.push_str(&format!(" ({learned} of those that a trainer learns from)"));
        }
        words.push_str(" stay");
        if let Some([least, most]) = self.extremes(step) {
            words.push_str(&format!(
                "; of the {}, least of {} ({}) and most of {} ({})",
                self.measure.title(),
                least.0,
                percent(least.1),
                most.0,
                percent(most.1)
            ));
        }
        words.push('.');
        words
    }

    /// The parts of which a step keeps the least and the greatest share, where these differ.
    fn extremes(&self, step: usize) -> Option<[(&str, f64); 2]> {
        let parts = self.lines.iter().skip(1);
        let shares = || {
            parts
                .clone()
                .filter_map(|line| Some((line.name.as_str(), *line.shares.get(step)?)))
        };
        let least = shares().min_by(|a, b| a.1.total_cmp(&b.1))?;
        let most = shares().max_by(|a, b| a.1.total_cmp(&b.1))?;
        (most.1 - least.1 >= APART).then_some([least, most])
    }

    /// What the budget does, and the windows next to it, the least limit first.
    pub fn sentences(&self) -> Vec<String> {
        let Some(budget) = self.marks.iter().position(|limit| limit.is_budget) else {
            return Vec::new();
        };
        let (below, above) = self.marks.split_at(budget);
        let is_window = |limit: &&Limit| limit.window.is_some();
        let below = below.iter().rfind(is_window);
        let above = above.iter().skip(1).find(is_window);
        let limits = below.into_iter().chain(self.marks.get(budget)).chain(above);
        limits.map(|limit| self.words(limit.tokens)).collect()
    }

    /// What a step says when it is pointed at.
    pub fn words_of_step(&self, step: usize) -> String {
        let limit = self.steps.get(step).copied().unwrap_or_default();
        let mut words = format!("{} tokens", count(limit));
        if let Some(mark) = self.marks.iter().find(|mark| mark.tokens == limit) {
            let window = mark.window.map(|_| "a common context window".to_owned());
            let budget = mark.is_budget.then(|| "the budget".to_owned());
            let default = Some(mark.default_words()).filter(|words| !words.is_empty());
            let notes: Vec<String> = [budget, window, default].into_iter().flatten().collect();
            if !notes.is_empty() {
                words.push_str(&format!(" ({})", notes.join("; ")));
            }
        }
        let mut lines = self.lines.iter();
        if let Some(all) = lines.next() {
            let amount = all.part.kept.get(step).copied().unwrap_or_default();
            words.push_str(&format!(
                ": {} of the {} ({} of {})",
                all.shares
                    .get(step)
                    .copied()
                    .map(percent)
                    .unwrap_or_default(),
                self.measure.title(),
                count(self.measure.of(amount)),
                count(self.measure.of(all.part.whole))
            ));
        }
        for line in lines {
            let share = line.shares.get(step).copied().map(percent);
            words.push_str(&format!("; {} {}", line.name, share.unwrap_or_default()));
        }
        words
    }

    /// The data behind it.
    pub fn table(&self) -> Vec<Vec<String>> {
        let names = self.lines.iter().map(|line| line.name.clone());
        let head = ["limit", self.measure.title()].map(str::to_owned);
        let [limit, kept] = head;
        let names = names.map(|name| format!("{name}: {kept} kept"));
        let head: Vec<String> = std::iter::once(limit).chain(names).collect();
        let rows = self.steps.iter().enumerate().map(|(step, limit)| {
            let amounts = self.lines.iter().map(|line| {
                let amount = line.part.kept.get(step).copied().unwrap_or_default();
                self.measure.of(amount).to_string()
            });
            std::iter::once(limit.to_string()).chain(amounts).collect()
        });
        std::iter::once(head).chain(rows).collect()
    }
}

impl Figure {
    /// What token limits keep of the selected rows. The curves are those of [`Limit`]s of this budget, told apart by
    /// what is chosen.
    pub fn of_limits(curves: &Curves, choice: CurveChoice, budget: u64, rows: Count) -> Figure {
        let kind = Kind::Limits;
        let figure = |caption: String, alt: &str, body: Body| {
            let mut figure = Figure {
                kind,
                alt: String::new(),
                caption,
                x: "token limit".into(),
                y: axis_name(choice.measure).into(),
                rows,
                body,
            };
            figure.alt = format!("{}. {}{alt}", figure.title(), figure.selected());
            figure
        };
        if choice.measure.of(curves.all.whole) == 0 {
            let why = match (curves.all.whole.rows, choice.measure) {
                (0, _) => {
                    "Tokens of these rows are not known: no text was read, or none is selected."
                }
                (_, Measure::Trainable) => "These rows have no tokens that a trainer learns from.",
                _ => "These rows have no tokens.",
            };
            return figure(String::new(), why, Body::Empty(why.to_owned()));
        }
        let body = body(curves, choice, budget);
        let mut caption = format!(
            "The share of the {} that stays where longer rows are left out{}, of {} whose tokens are known.",
            choice.measure.title(),
            by_words(choice.by),
            plural(curves.all.whole.rows.into(), "row", "rows")
        );
        if curves.unknown > 0 {
            let unknown = plural(curves.unknown.into(), "more row", "more rows");
            caption.push_str(&format!(" Tokens are not known for {unknown}."));
        }
        let alt = format!("{caption} {}", body.sentences().join(" "));
        figure(caption, &alt, Body::Limits(body))
    }
}

fn body(curves: &Curves, choice: CurveChoice, budget: u64) -> Limits {
    let all = Line::new("all rows".to_owned(), None, &curves.all, choice.measure);
    let parts = choice
        .by
        .facet()
        .map_or(&[][..], |facet| curves.parts(facet));
    let parts = parts.iter().take(PARTS).filter_map(|part| {
        let outcome = Outcome::ALL
            .into_iter()
            .find(|outcome| outcome.name() == part.name);
        let outcome = outcome.filter(|_| choice.by == By::Outcome);
        let name = match choice.by {
            By::Language => language(&part.name),
            _ => Cow::Borrowed(part.name.as_str()),
        };
        Line::new(label(&name), outcome, part, choice.measure)
    });
    let marks = limits(budget);
    Limits {
        measure: choice.measure,
        lines: all.into_iter().chain(parts).collect(),
        budget: super::histogram::budget_mark(budget),
        ends: ends(curves, &marks),
        steps: curves.limits.clone(),
        marks,
    }
}

/// From where to where rows and marks reach; a budget far off does not widen the axis.
fn ends(curves: &Curves, marks: &[Limit]) -> (f64, f64) {
    let all = &curves.all;
    let first = |is_there: &dyn Fn(u32) -> bool| {
        let at = all.kept.iter().position(|kept| is_there(kept.rows));
        at.and_then(|at| curves.limits.get(at)).copied()
    };
    let usual = |mark: &&Limit| mark.window.is_some() || !mark.trainers.is_empty();
    let usual = marks.iter().filter(usual).map(|mark| mark.tokens);
    let least = first(&|rows| rows > 0).map(|least| least.saturating_sub(1));
    let greatest = first(&|rows| rows == all.whole.rows);
    let low = usual.clone().chain(least).min();
    let high = usual.chain(greatest).max();
    (
        low.unwrap_or_default().max(1) as f64,
        high.unwrap_or_default().max(1) as f64,
    )
}

const fn axis_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Rows => "share of the rows kept",
        Measure::Tokens => "share of the tokens kept",
        Measure::Trainable => "share of the trainable tokens kept",
    }
}

const fn by_words(by: By) -> &'static str {
    match by {
        By::All => "",
        By::Outcome => ", by outcome",
        By::Language => ", by language",
        By::Source => ", by source",
    }
}

/// What token limits keep, as it is drawn where nothing is chosen.
fn kept(view: &View<'_>) -> Figure {
    let choice = CurveChoice::default();
    let marks: Vec<u64> = limits(view.budget)
        .iter()
        .map(|limit| limit.tokens)
        .collect();
    let facet = choice.by.facet();
    let curves = Curves::of(view.frame, view.mask, &marks, facet.as_slice(), PARTS);
    Figure::of_limits(&curves, choice, view.budget, view.rows)
}
