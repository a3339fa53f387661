//! What each chart says, as plain data: numbers for all rows and for the selected ones, and the words about them.
//! Each family of charts has a file; `kind` lists the charts. A figure is made in one pass over the frame.

pub mod bars; // counts by name
pub mod curve; // rows and tokens kept as a function of the budget
pub mod explore; // a chart of a person's own
pub mod histogram; // counts by a number
pub mod interval; // rates with their intervals: success by language
pub mod kind; // the charts of the page, one line each
mod languages; // rows by language
pub mod limits; // what token limits keep, part by part
mod patch_size; // rows by changed lines
pub mod scatter; // one dot per row: turns against tokens
pub mod shares; // parts of wholes: outcomes by harness and teacher
mod signs; // rows by quality sign
mod tokens; // rows by tokens
mod tools; // calls by tool
mod turns; // rows by turns

pub use bars::{Bar, Bars};
pub use curve::Curve;
pub use explore::Explore;
pub use histogram::{Bin, Ground, Histogram};
pub use interval::{Interval, Intervals};
pub use limits::{Limits, Line};
pub use scatter::{Dot, Scatter};
pub use shares::{Group, Shares};

pub use kind::{Kind, Sets};

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::frame::Frame;
use crate::ground::words::{count, plural, share};
pub use crate::recipe::Pointed as Rule;
use crate::recipe::signs::SignRules;
use crate::recipe::{ListKey, RangeKey, Selection};

/// A number of things among all rows and among the selected ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Among all rows.
    pub all: u64,
    /// Among the selected rows.
    pub selected: u64,
}

impl Count {
    /// Adds `n` things of one row.
    pub fn add(&mut self, n: u64, selected: bool) {
        self.all = self.all.saturating_add(n);
        if selected {
            self.selected = self.selected.saturating_add(n);
        }
    }

    /// Adds another count.
    pub fn join(&mut self, other: Count) {
        self.all = self.all.saturating_add(other.all);
        self.selected = self.selected.saturating_add(other.selected);
    }

    /// Whether the selection leaves something out.
    pub fn filtered(&self) -> bool {
        self.selected != self.all
    }

    /// `132 rows (118 selected)`; without the bracket where nothing is left out.
    pub fn words(&self, one: &str, many: &str) -> String {
        let all = plural(self.all, one, many);
        match self.filtered() {
            true => format!("{all} ({} selected)", count(self.selected)),
            false => all,
        }
    }
}

/// A mark across the chart, such as the budget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Where on the horizontal (in a scatter: vertical) axis.
    pub at: f64,
    /// What it is: `budget 32,768`.
    pub words: String,
}

/// One chart: what it says, before it is drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Which chart it is.
    pub kind: Kind,
    /// What is seen, in one sentence.
    pub caption: String,
    /// The same message for those who do not see it: one to four sentences with the main numbers.
    pub alt: String,
    /// What the horizontal axis counts; empty where the labels say it.
    pub x: Cow<'static, str>,
    /// What the vertical axis counts; empty where the labels say it.
    pub y: Cow<'static, str>,
    /// How many rows there are and how many are selected.
    pub rows: Count,
    /// The numbers.
    pub body: Body,
}

/// The numbers of a figure, by the family of its chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// There is nothing to show, and this is why.
    Empty(String),
    /// Counts by name.
    Bars(Bars),
    /// Parts of wholes.
    Shares(Shares),
    /// Counts by a number.
    Histogram(Histogram),
    /// Kept as a function of the budget.
    Curve(Curve),
    /// One dot per row.
    Scatter(Scatter),
    /// Rates with their intervals.
    Intervals(Intervals),
    /// A person's own.
    Explore(Explore),
    /// Kept as a function of the limit, part by part. It is made where it is drawn, of curves that travel: it does not, and
    /// so it is the last one.
    #[serde(skip)]
    Limits(Limits),
}

impl Figure {
    /// Makes one chart's figure. `budget` is the recipe's token budget.
    pub fn of(kind: Kind, frame: &Frame, selection: &Selection, budget: u64) -> Figure {
        Self::on(&Ground::default(), kind, frame, selection, budget)
    }

    /// Like [`Figure::of`], on a ground that is kept while the frame stays: half the time where only a filter moves.
    pub fn on(
        ground: &Ground,
        kind: Kind,
        frame: &Frame,
        selection: &Selection,
        budget: u64,
    ) -> Figure {
        let view = View::new(frame, ground, selection, budget);
        if frame.is_empty() {
            return view.empty(kind, "No rows yet. The chart appears with the first rows.");
        }
        (kind.record().figure)(&view)
    }

    /// Its heading.
    pub fn title(&self) -> &'static str {
        self.kind.title()
    }

    /// `118 of 500 rows selected (24 %). `, with a space after it; nothing where all are.
    pub fn selected(&self) -> String {
        if !self.rows.filtered() {
            return String::new();
        }
        format!(
            "{} of {} selected ({}). ",
            count(self.rows.selected),
            plural(self.rows.all, "row", "rows"),
            share(self.rows.selected, self.rows.all)
        )
    }

    /// The data behind it: a row of headings, then rows of text.
    pub fn table(&self) -> Vec<Vec<String>> {
        match &self.body {
            Body::Empty(why) => vec![vec![self.title().to_owned()], vec![why.clone()]],
            Body::Bars(bars) => bars.table(),
            Body::Shares(shares) => shares.table(),
            Body::Histogram(histogram) => histogram.table(),
            Body::Curve(curve) => curve.table(),
            Body::Limits(limits) => limits.table(),
            Body::Scatter(scatter) => scatter.table(),
            Body::Intervals(intervals) => intervals.table(),
            Body::Explore(explore) => explore.table(self),
        }
    }
}

/// The frame and which of its rows are selected: what every figure is made from.
pub(super) struct View<'a> {
    pub frame: &'a Frame,
    pub ground: &'a Ground,
    pub mask: &'a [bool],
    pub rows: Count,
    /// The recipe's token budget.
    pub budget: u64,
    /// When a row carries a sign.
    pub signs: &'a SignRules,
}

impl<'a> View<'a> {
    fn new(frame: &'a Frame, ground: &'a Ground, selection: &'a Selection, budget: u64) -> Self {
        let selected = selection.mask.iter().filter(|&&kept| kept).count();
        Self {
            frame,
            ground,
            mask: &selection.mask,
            rows: Count {
                all: frame.len() as u64,
                selected: selected.min(frame.len()) as u64,
            },
            budget,
            signs: &selection.signs,
        }
    }

    /// Which rows are selected, by position; a row the selection does not know yet is not.
    pub fn selected(&self) -> impl Iterator<Item = bool> + use<'a> {
        self.mask.iter().copied().chain(std::iter::repeat(false))
    }

    /// A figure that only says why there is nothing to see.
    pub fn empty(&self, kind: Kind, why: &str) -> Figure {
        let body = Body::Empty(why.to_owned());
        self.figure(kind, "", "", String::new(), why.to_owned(), body)
    }

    /// A figure of these rows; its text alternative starts with the heading and what is selected.
    pub fn figure(
        &self,
        kind: Kind,
        x: &'static str,
        y: &'static str,
        caption: String,
        alt: String,
        body: Body,
    ) -> Figure {
        let mut figure = Figure {
            kind,
            caption,
            alt,
            x: x.into(),
            y: y.into(),
            rows: self.rows,
            body,
        };
        figure.alt = format!("{}. {}{}", figure.title(), figure.selected(), figure.alt);
        figure
    }

    /// Whether words speak of the selected rows: where something is left out and something is left.
    pub fn narrowed(&self) -> bool {
        self.rows.filtered() && self.rows.selected > 0
    }
}
