//! A chart of a person's own, of the selected rows: dots of two numbers, columns of one, bars of a label, or the middle half of
//! a number by a label; in parts by colour, in small charts with the same axes side by side.

mod cut; // the rows in parts, by colour and by chart
mod marks; // what stands in each chart

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::kind::{ChartRecord, Kind, Sets};
use super::{Body, Figure, Rule, View};
use crate::frame::Frame;
use crate::frame::histogram::Scale;
use crate::ground::words::{count, plural, short, thousands};
use crate::recipe::explore::{Explored, Field};
use crate::trace::Outcome;
use cut::Cut;
use marks::{Chart, Made};

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

/// How many parts have a colour of their own, one for all others among them.
pub const COLORS: usize = 5;
/// How many small charts there are at most, one for all others among them.
const PANELS: usize = 6;

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
