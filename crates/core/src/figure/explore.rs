//! A chart of a person's own, of the selected rows: dots of two numbers, columns of one, bars of a label, or the middle half of
//! a number by a label; in parts by colour, in small charts with the same axes side by side.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::kind::{ChartRecord, Kind, Sets};
use super::{Body, Figure, Rule, View};
use crate::frame::facet::Facet;
use crate::frame::histogram::{Bins, Scale};
use crate::frame::quantile::{Summary, selected, sorted_quantile};
use crate::frame::{Frame, Number, order};
use crate::ground::words::{count, cut, plural, short, thousands};
use crate::recipe::explore::{Explored, Field};
use crate::recipe::{Bounds, ListKey, RangeKey};
use crate::trace::Outcome;

/// A chart of a person's own.
pub(super) const CHART: ChartRecord = ChartRecord {
    name: "explore",
    title: "Explore",
    definition: "The selected rows by any two numbers or labels, in parts by colour and in small charts side by side. A number \
                 that tells parts or charts apart is cut in three with as many rows each; of a label the most frequent \
                 values are shown, and all others as one. Boxes reach from the first to the third quartile, the line in \
                 them is the median.",
    sets: Sets::Nothing,
    needs_tokens: false,
    figure: |view| of(view, Explored::default()),
};

/// How many dots are drawn at most.
const DOTS: usize = 1_500;
/// About how many columns a number has.
const COLUMNS: usize = 24;
/// How many values of a label have a bar of their own.
const NAMES: usize = 8;
/// How many parts have a colour of their own, one for all others among them.
pub const COLORS: usize = 5;
/// How many small charts there are at most, one for all others among them.
const PANELS: usize = 6;
/// From which ratio of the greatest to the least number on an axis is logarithmic.
const WIDE: f64 = 100.0;

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explore {
    /// What the parts are told apart by; empty where there is one.
    pub color: Cow<'static, str>,
    /// The parts' names.
    pub parts: Vec<Part>,
    /// The axis across, where it is one of numbers.
    pub across: Option<Ends>,
    /// The axis up, where it is one of numbers of rows' own.
    pub up: Option<Ends>,
    /// The charts side by side, all with these axes.
    pub panels: Vec<Panel>,
}

/// A part of the rows, told by its colour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Its name; empty where all rows are one part.
    pub name: String,
    /// The outcome that it stands for.
    pub outcome: Option<Outcome>,
}

/// An axis of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ends {
    /// How it is laid out.
    pub scale: Scale,
    /// Its least value.
    pub low: f64,
    /// Its greatest value.
    pub high: f64,
    /// Whether it counts tokens.
    pub is_tokens: bool,
}

/// One of the charts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    /// What its rows have in common; empty where there is one chart.
    pub name: String,
    /// How many rows it shows.
    pub rows: u64,
    /// What is in it.
    pub marks: Marks,
}

/// What is in a chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Marks {
    /// A dot a row.
    Dots(Vec<Dot>),
    /// Rows by a number.
    Columns(Vec<Stack>),
    /// Rows by a label.
    Bars(Vec<Stack>),
    /// A number by a label.
    Boxes(Vec<Boxes>),
}

/// A row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Dot {
    /// Its index in the split.
    pub row: u64,
    /// Its number across.
    pub x: f64,
    /// Its number up.
    pub y: f64,
    /// Its part.
    pub part: u8,
}

/// The rows of one value or bin, part by part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stack {
    /// The value, or the bin's values.
    pub name: String,
    /// From where to where a bin reaches.
    pub reach: (f64, f64),
    /// Rows of each part.
    pub counts: Vec<u64>,
    /// Which rows it stands for; none where no filter says that.
    pub rule: Option<Rule>,
}

impl Stack {
    /// All its rows.
    pub fn rows(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// A number of the rows of one value, part by part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Boxes {
    /// The value.
    pub name: String,
    /// The quartiles of each part; none where it has no row.
    pub parts: Vec<Option<Quartiles>>,
    /// Which rows it stands for; none where no filter says that.
    pub rule: Option<Rule>,
}

/// The middle of some numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quartiles {
    /// How many there are.
    pub n: u64,
    /// The first quartile.
    pub p25: f64,
    /// The median.
    pub median: f64,
    /// The third quartile.
    pub p75: f64,
}

impl Explore {
    /// What a mark of a part says: `Python, success: 34 rows`.
    pub fn words(&self, name: &str, part: usize, says: &str) -> String {
        let part = self.parts.get(part).map_or("", |part| part.name.as_str());
        match part.is_empty() {
            true => format!("{name}: {says}"),
            false => format!("{name}, {part}: {says}"),
        }
    }

    /// The data behind it: a line a mark.
    pub fn table(&self, figure: &Figure) -> Vec<Vec<String>> {
        let part = |at: usize| {
            self.parts
                .get(at)
                .map_or(String::new(), |part| part.name.clone())
        };
        let mut lines: Vec<Vec<String>> = Vec::new();
        let mut head = vec!["chart".to_owned(), self.color.to_string()];
        for panel in &self.panels {
            match &panel.marks {
                Marks::Dots(dots) => {
                    for dot in dots {
                        let at = [dot.row as f64, dot.x, dot.y].map(number);
                        lines.push(
                            [vec![panel.name.clone(), part(dot.part.into())], at.to_vec()].concat(),
                        );
                    }
                }
                Marks::Columns(stacks) | Marks::Bars(stacks) => {
                    for stack in stacks {
                        for (at, rows) in stack.counts.iter().enumerate() {
                            let cells = [
                                panel.name.clone(),
                                part(at),
                                stack.name.clone(),
                                rows.to_string(),
                            ];
                            lines.push(cells.to_vec());
                        }
                    }
                }
                Marks::Boxes(boxes) => {
                    for of in boxes {
                        for (at, quartiles) in of.parts.iter().enumerate() {
                            let Some(q) = quartiles else { continue };
                            let numbers = [q.n as f64, q.p25, q.median, q.p75].map(number);
                            lines.push(
                                [
                                    vec![panel.name.clone(), part(at), of.name.clone()],
                                    numbers.to_vec(),
                                ]
                                .concat(),
                            );
                        }
                    }
                }
            }
        }
        let (x, y) = (figure.x.to_string(), figure.y.to_string());
        let heads = match self.panels.first().map(|panel| &panel.marks) {
            Some(Marks::Dots(_)) => vec!["row".to_owned(), x, y],
            Some(Marks::Boxes(_)) => {
                let quartiles = ["rows", "first quartile", "median", "third quartile"];
                std::iter::once(y)
                    .chain(quartiles.map(str::to_owned))
                    .collect()
            }
            Some(Marks::Bars(_)) => vec![y, "rows".to_owned()],
            _ => vec![x, "rows".to_owned()],
        };
        head.extend(heads);
        std::iter::once(head).chain(lines).collect()
    }
}

/// A number of the table, as it is.
fn number(value: f64) -> String {
    format!("{}", (value * 1_000.0).round() / 1_000.0)
}

impl Figure {
    /// A person's own chart of the selected rows.
    pub fn explored(
        frame: &Frame,
        selection: &crate::recipe::Selection,
        choice: Explored,
    ) -> Figure {
        let ground = super::Ground::default();
        let view = View::new(frame, &ground, selection, 0);
        if frame.is_empty() {
            return view.empty(
                Kind::Explore,
                "No rows yet. The chart appears with the first rows.",
            );
        }
        of(&view, choice)
    }
}

fn of(view: &View<'_>, choice: Explored) -> Figure {
    if view.rows.selected == 0 {
        return view.empty(Kind::Explore, "No row is selected.");
    }
    // A label up beside a label across is told by colour: bars of parts.
    let (color, by) = match (choice.x, choice.y) {
        (Field::Facet(_), Some(Field::Facet(y))) => (Some(Field::Facet(y)), choice.by),
        _ => (choice.color, choice.by),
    };
    let chart = Chart {
        view,
        colors: Cut::of(view, color, COLORS),
        charts: Cut::of(view, by, PANELS),
    };
    let made = match (choice.x, choice.y) {
        (Field::Number(x), Some(Field::Number(y))) => chart.dots(x, y),
        (Field::Number(x), None) => chart.columns(x),
        (Field::Facet(x), None | Some(Field::Facet(_))) => chart.bars(x),
        (Field::Facet(label), Some(Field::Number(number)))
        | (Field::Number(number), Some(Field::Facet(label))) => chart.boxes(label, number),
    };
    let caption = caption(view, choice, color, &made);
    let rows = chart.charts.sizes(view);
    let panels = chart.charts.names.iter().zip(rows).zip(made.marks);
    let explore = Explore {
        color: color.map_or(Cow::Borrowed(""), |color| color.title().into()),
        parts: chart.colors.parts(color),
        across: made.across,
        up: made.up,
        panels: panels
            .map(|((name, rows), marks)| Panel {
                name: name.clone(),
                rows,
                marks,
            })
            .collect(),
    };
    let (x, y) = axes(choice);
    let alt = format!("{caption} {}", explore.said());
    view.figure(Kind::Explore, x, y, caption, alt, Body::Explore(explore))
}

/// What lies across and up, in words.
fn axes(choice: Explored) -> (&'static str, &'static str) {
    match (choice.x, choice.y) {
        (Field::Number(x), Some(Field::Number(y))) => (x.title(), y.title()),
        (Field::Number(x), None) => (x.title(), Explored::ROWS),
        (Field::Facet(x), None | Some(Field::Facet(_))) => (Explored::ROWS, x.title()),
        (Field::Facet(label), Some(Field::Number(number)))
        | (Field::Number(number), Some(Field::Facet(label))) => (number.title(), label.title()),
    }
}

fn caption(view: &View<'_>, choice: Explored, color: Option<Field>, made: &Made) -> String {
    let (x, y) = axes(choice);
    let rows = plural(view.rows.selected, "row", "rows");
    let mut words = match (choice.x, choice.y) {
        (Field::Number(_), Some(Field::Number(_))) => format!("{rows}: {x} across, {y} up"),
        (Field::Number(_), None) => format!("{rows} by {x}"),
        (Field::Facet(_), None | Some(Field::Facet(_))) => format!("{rows} by {y}"),
        _ => format!("{x} of {rows} by {y}"),
    };
    if let Some(color) = color {
        words.push_str(&format!("; colour: {}", color.title()));
    }
    if let Some(by) = choice.by {
        words.push_str(&format!("; a chart for each {}", by.title()));
    }
    words.push('.');
    let drawn = made.marks.iter().map(|marks| match marks {
        Marks::Dots(dots) => dots.len() as u64,
        _ => 0,
    });
    let drawn: u64 = drawn.sum();
    if (1..made.known).contains(&drawn) {
        let of = plural(made.known, "dot", "dots");
        words.push_str(&format!(" {} of {of} are drawn.", count(drawn)));
    }
    let unknown = view.rows.selected.saturating_sub(made.known);
    if unknown > 0 {
        words.push_str(&format!(
            " Not known for {}.",
            plural(unknown, "row", "rows")
        ));
    }
    words
}

impl Explore {
    /// The main numbers, for those who do not see them.
    fn said(&self) -> String {
        let mut said: Vec<String> = Vec::new();
        for panel in &self.panels {
            if !panel.name.is_empty() {
                said.push(format!(
                    "{}: {}",
                    panel.name,
                    plural(panel.rows, "row", "rows")
                ));
            }
            match &panel.marks {
                Marks::Dots(dots) => said.push(plural(dots.len() as u64, "dot", "dots")),
                Marks::Columns(stacks) | Marks::Bars(stacks) => {
                    let most = stacks.iter().max_by_key(|stack| stack.rows());
                    said.extend(
                        most.map(|most| format!("most at {}, {}", most.name, count(most.rows()))),
                    );
                }
                Marks::Boxes(boxes) => {
                    let medians = boxes.iter().take(3).filter_map(|of| {
                        let (at, q) = of
                            .parts
                            .iter()
                            .enumerate()
                            .find_map(|(at, q)| Some((at, (*q)?)))?;
                        Some(self.words(&of.name, at, &format!("median {}", short(q.median))))
                    });
                    said.extend(medians);
                }
            }
        }
        said.truncate(12);
        format!("{}.", said.join("; "))
    }
}

/// The selected rows, cut into parts by a field.
struct Cut {
    /// The parts' names.
    names: Vec<String>,
    /// The parts' values as filters have them; none of numbers and of all others together.
    values: Vec<Option<String>>,
    /// By position: the part; none where it is not known or not selected.
    of: Vec<Option<u8>>,
}

impl Cut {
    fn of(view: &View<'_>, field: Option<Field>, most: usize) -> Self {
        match field {
            None => Self {
                names: vec![String::new()],
                values: vec![None],
                of: view
                    .selected()
                    .take(view.frame.len())
                    .map(|is_on| is_on.then_some(0))
                    .collect(),
            },
            Some(Field::Facet(facet)) => Self::by_facet(view, facet, most),
            Some(Field::Number(number)) => Self::by_number(view, number),
        }
    }

    /// The most frequent values, and all others as one.
    fn by_facet(view: &View<'_>, facet: Facet, most: usize) -> Self {
        let parts = facet.parts(view.frame);
        let mut sizes = vec![0_u64; parts.len()];
        for (part, is_on) in parts.by_position().zip(view.selected()) {
            if let Some(size) = sizes.get_mut(part) {
                *size += u64::from(is_on);
            }
        }
        let size = |part: usize| sizes.get(part).copied().unwrap_or_default();
        let there = (0..parts.len()).filter(|part| size(*part) > 0);
        let mut there: Vec<usize> = order::sorted(there.collect(), &|a, b| size(*b).cmp(&size(*a)));
        // Outcomes have an order of their own, and few values.
        if facet == Facet::Outcome {
            there.sort_unstable();
        }
        let rest = if there.len() > most {
            there.split_off(most - 1)
        } else {
            Vec::new()
        };
        let name = |part: &usize| cut(&facet.shown(parts.name(*part)), 40);
        let mut names: Vec<String> = there.iter().map(name).collect();
        let value = |part: &usize| Some(parts.name(*part).to_owned());
        let mut values: Vec<Option<String>> = there.iter().map(value).collect();
        if !rest.is_empty() {
            names.push(format!("{} others", count(rest.len() as u64)));
            values.push(None);
        }
        let mut place = vec![None; parts.len()];
        for (at, part) in there.iter().enumerate() {
            if let Some(place) = place.get_mut(*part) {
                *place = u8::try_from(at).ok();
            }
        }
        let others = u8::try_from(there.len()).ok();
        let part_of = |(part, is_on): (usize, bool)| match is_on {
            true => place.get(part).copied().flatten().or(others),
            false => None,
        };
        Self {
            names,
            values,
            of: parts
                .by_position()
                .zip(view.selected())
                .map(part_of)
                .collect(),
        }
    }

    /// Three parts with about as many rows each.
    fn by_number(view: &View<'_>, number: Number) -> Self {
        let values = view.frame.number(number);
        let mut known: Vec<f64> = selected(values, view.mask)
            .filter(|v| !v.is_nan())
            .collect();
        known.sort_unstable_by(f64::total_cmp);
        let mut borders = [1.0 / 3.0, 2.0 / 3.0]
            .map(|q| sorted_quantile(&known, q))
            .to_vec();
        borders.retain(|border| known.last().is_some_and(|last| border < last));
        borders.dedup();
        let mut names: Vec<String> = Vec::new();
        for (at, border) in borders.iter().enumerate() {
            names.push(match at {
                0 => format!("up to {}", short(*border)),
                _ => format!("to {}", short(*border)),
            });
        }
        names.push(match borders.last() {
            Some(border) => format!("over {}", short(*border)),
            None => known.last().map_or_else(String::new, |last| short(*last)),
        });
        let part_of = |(&value, is_on): (&f64, bool)| {
            let part = borders.partition_point(|border| *border < value);
            u8::try_from(part).ok().filter(|_| is_on && !value.is_nan())
        };
        Self {
            values: vec![None; names.len()],
            of: values.iter().zip(view.selected()).map(part_of).collect(),
            names,
        }
    }

    fn parts(&self, field: Option<Field>) -> Vec<Part> {
        let outcome = |value: &Option<String>| {
            let is_outcome = field == Some(Field::Facet(Facet::Outcome));
            let mut all = Outcome::ALL.into_iter();
            all.find(|outcome| is_outcome && value.as_deref() == Some(outcome.name()))
        };
        let parts = self.names.iter().zip(&self.values);
        parts
            .map(|(name, value)| Part {
                name: name.clone(),
                outcome: outcome(value),
            })
            .collect()
    }

    /// How many rows each part has.
    fn sizes(&self, view: &View<'_>) -> Vec<u64> {
        let mut sizes = vec![0; self.names.len()];
        for part in self.of.iter().take(view.frame.len()).flatten() {
            if let Some(size) = sizes.get_mut(usize::from(*part)) {
                *size += 1;
            }
        }
        sizes
    }
}

/// What all kinds of marks are made from.
struct Chart<'c> {
    view: &'c View<'c>,
    colors: Cut,
    charts: Cut,
}

/// The marks of each chart, the axes of numbers, and how many rows are known well enough to be in a chart.
struct Made {
    marks: Vec<Marks>,
    across: Option<Ends>,
    up: Option<Ends>,
    known: u64,
}

impl Made {
    /// Marks that hold all that is known.
    fn of(marks: Vec<Marks>, across: Option<Ends>) -> Self {
        let rows = |marks: &Marks| match marks {
            Marks::Dots(dots) => dots.len() as u64,
            Marks::Columns(stacks) | Marks::Bars(stacks) => stacks.iter().map(Stack::rows).sum(),
            Marks::Boxes(boxes) => {
                let parts = boxes.iter().flat_map(|of| &of.parts).flatten();
                parts.map(|quartiles| quartiles.n).sum()
            }
        };
        Self {
            known: marks.iter().map(rows).sum(),
            marks,
            across,
            up: None,
        }
    }
}

impl Chart<'_> {
    /// The selected rows that have a part and a chart: position, part, chart.
    fn rows(&self) -> impl Iterator<Item = (usize, u8, usize)> {
        let both = self.colors.of.iter().zip(&self.charts.of).enumerate();
        both.filter_map(|(at, (part, chart))| Some((at, (*part)?, usize::from((*chart)?))))
    }

    /// One list per chart.
    fn empty<T: Clone>(&self, of: T) -> Vec<T> {
        vec![of; self.charts.names.len()]
    }

    fn dots(&self, x: Number, y: Number) -> Made {
        let frame = self.view.frame;
        let (xs, ys) = (frame.number(x), frame.number(y));
        let (across, up) = (ends(xs, x, self.view), ends(ys, y, self.view));
        let at = |values: &[f64], at: usize| values.get(at).copied().filter(|v| !v.is_nan());
        let known = || {
            self.rows().filter_map(|(position, part, chart)| {
                let dot = Dot {
                    row: frame.rows().get(position).copied()?,
                    x: at(xs, position)?,
                    y: at(ys, position)?,
                    part,
                };
                Some((dot, chart))
            })
        };
        // Counted first: of half a million rows only those that are drawn are held.
        let n = known().count();
        let every = n.div_ceil(DOTS).max(1);
        let mut charts = self.empty(Vec::new());
        for (dot, chart) in known().step_by(every) {
            if let Some(dots) = charts.get_mut(chart) {
                dots.push(dot);
            }
        }
        Made {
            known: n as u64,
            up,
            ..Made::of(charts.into_iter().map(Marks::Dots).collect(), across)
        }
    }

    fn columns(&self, number: Number) -> Made {
        let values = self.view.frame.number(number);
        let across = ends(values, number, self.view);
        let scale = across.map_or(Scale::Linear, |ends| ends.scale);
        let shown: Vec<f64> = selected(values, self.view.mask).collect();
        let Some(bins) = Bins::choose(&shown, scale, COLUMNS) else {
            return Made::of(self.empty(Marks::Columns(Vec::new())), None);
        };
        let key = RangeKey::ALL.into_iter().find(|key| key.number() == number);
        let is_whole = number != Number::OverlapFiles;
        let stack = |index: usize| {
            let bin = bins.bin(index)?;
            let high = if is_whole { bin.high - 1.0 } else { bin.high };
            let bounds = Bounds {
                low: Some(bin.low),
                high: Some(high).filter(|_| !bin.overflow),
            };
            Some(Stack {
                name: bins.words(index),
                reach: (bin.low, bin.high),
                counts: vec![0; self.colors.names.len()],
                rule: key.map(|key| Rule::Within(key, bounds)),
            })
        };
        let stacks: Vec<Stack> = (0..bins.len()).filter_map(stack).collect();
        let reach = (bins.edges().first().copied(), bins.edges().last().copied());
        let mut charts = self.empty(stacks);
        for (position, part, chart) in self.rows() {
            let value = values.get(position).copied().unwrap_or(f64::NAN);
            let stack = bins
                .index(value)
                .and_then(|bin| charts.get_mut(chart)?.get_mut(bin));
            if let Some(rows) = stack.and_then(|stack| stack.counts.get_mut(usize::from(part))) {
                *rows += 1;
            }
        }
        let across = across.map(|ends| Ends {
            low: reach.0.unwrap_or(ends.low),
            high: reach.1.unwrap_or(ends.high),
            ..ends
        });
        Made::of(charts.into_iter().map(Marks::Columns).collect(), across)
    }

    fn bars(&self, label: Facet) -> Made {
        let names = Cut::by_facet(self.view, label, NAMES);
        let stacks = names.names.iter().zip(&names.values);
        let stacks: Vec<Stack> = stacks
            .map(|(name, value)| Stack {
                name: name.clone(),
                reach: (0.0, 0.0),
                counts: vec![0; self.colors.names.len()],
                rule: rule(label, value.as_deref()),
            })
            .collect();
        let mut charts = self.empty(stacks);
        for (position, part, chart) in self.rows() {
            let name = names.of.get(position).copied().flatten();
            let stack = name.and_then(|name| charts.get_mut(chart)?.get_mut(usize::from(name)));
            if let Some(rows) = stack.and_then(|stack| stack.counts.get_mut(usize::from(part))) {
                *rows += 1;
            }
        }
        Made::of(charts.into_iter().map(Marks::Bars).collect(), None)
    }

    fn boxes(&self, label: Facet, number: Number) -> Made {
        let names = Cut::by_facet(self.view, label, NAMES);
        let values = self.view.frame.number(number);
        let parts = self.colors.names.len();
        let mut charts = self.empty(vec![vec![Vec::new(); parts]; names.names.len()]);
        for (position, part, chart) in self.rows() {
            let value = values
                .get(position)
                .copied()
                .filter(|value| !value.is_nan());
            let name = names.of.get(position).copied().flatten();
            let place = name.and_then(|name| charts.get_mut(chart)?.get_mut(usize::from(name)));
            let place = place.and_then(|parts| parts.get_mut(usize::from(part)));
            if let Some((place, value)) = place.zip(value) {
                place.push(value);
            }
        }
        let mut reach: Option<(f64, f64)> = None;
        let mut boxed = |mut values: Vec<f64>| {
            values.sort_unstable_by(f64::total_cmp);
            let [p25, median, p75] = [0.25, 0.5, 0.75].map(|q| sorted_quantile(&values, q));
            let n = values.len() as u64;
            (n > 0).then(|| {
                let (low, high) = reach.unwrap_or((p25, p75));
                reach = Some((low.min(p25), high.max(p75)));
                Quartiles {
                    n,
                    p25,
                    median,
                    p75,
                }
            })
        };
        let mut marks = Vec::new();
        for names_of in charts {
            let of_names = names_of
                .into_iter()
                .zip(names.names.iter().zip(&names.values));
            let boxes = of_names.map(|(parts, (name, value))| Boxes {
                name: name.clone(),
                parts: parts.into_iter().map(&mut boxed).collect(),
                rule: rule(label, value.as_deref()),
            });
            marks.push(Marks::Boxes(boxes.collect()));
        }
        let across = reach.map(|(low, high)| axis(number, low, high));
        Made::of(marks, across)
    }
}

/// The rule for a label's value.
fn rule(label: Facet, value: Option<&str>) -> Option<Rule> {
    let key = ListKey::of(label)?;
    Some(Rule::Is(key, value?.to_owned()))
}

/// The axis of a number of the selected rows; none where it is not known of any.
fn ends(values: &[f64], number: Number, view: &View<'_>) -> Option<Ends> {
    let all = Summary::of(selected(values, view.mask));
    (all.known > 0).then(|| axis(number, all.min, all.max))
}

fn axis(number: Number, low: f64, high: f64) -> Ends {
    let is_wide = low >= 1.0 && high / low >= WIDE;
    Ends {
        scale: if is_wide { Scale::Log } else { Scale::Linear },
        low,
        high,
        is_tokens: number.unit() == "tokens",
    }
}

impl Dot {
    /// What it says when it is pointed at.
    pub fn words(&self, x: &str, y: &str, part: &str) -> String {
        let part = if part.is_empty() {
            String::new()
        } else {
            format!(", {part}")
        };
        format!(
            "row {}: {x} {}, {y} {}{part}",
            count(self.row),
            thousands(self.x),
            thousands(self.y)
        )
    }
}
