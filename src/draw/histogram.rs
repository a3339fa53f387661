//! Counts by a number: columns of all rows with the selected ones in front, the median, the budget.
//! Zero on a logarithmic axis and what is past the axis' end have columns of their own at the sides.

use super::SMALL;
use super::axis::Axis;
use super::guide::{self, Entry, Marker, Side, UpAxis};
use super::scene::{Align, Rect, Scene};
use super::theme::Palette;
use crate::draw::text::width;
use tracesift_core::figure::{Bin, Figure, Histogram};
use tracesift_core::frame::histogram::Scale;
use tracesift_core::ground::words::short;
use tracesift_core::ground::words::thousands;

/// Space between the axis and a column at its side.
const GAP: f64 = 12.0;

/// The legend of a chart of rows: its vertical axis' name, and the two kinds of rows where they differ.
pub(super) fn rows_legend(figure: &Figure, palette: &Palette) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    if !figure.y.is_empty() {
        entries.push((Marker::None, figure.y.clone().into_owned()));
    }
    if figure.rows.filtered() {
        entries.push((Marker::Filled(palette.main), "selected".to_owned()));
        entries.push((
            Marker::Outlined(palette.pale, palette.all),
            "all rows".to_owned(),
        ));
    }
    entries
}

pub(super) fn layout(
    scene: &mut Scene,
    figure: &Figure,
    histogram: &Histogram,
    room: Rect,
    palette: &Palette,
) {
    let room = guide::legend(scene, &rows_legend(figure, palette), room, palette);
    let highest = histogram
        .columns
        .iter()
        .map(|c| c.count.all)
        .max()
        .unwrap_or(0);
    let up = UpAxis {
        scale: Scale::Linear,
        ends: (0.0, (highest.max(1)) as f64),
        whole: true,
        head: if histogram.mark.is_some() { 34.0 } else { 18.0 },
        says: guide::Says::Numbers,
    };
    let (plot, y) = guide::upright(scene, room, up, palette);
    let places = Places::new(histogram, plot);
    for (column, (left, right)) in histogram.columns.iter().zip(&places.columns) {
        draw_column(scene, figure, column, (*left, *right), &y, plot, palette);
        let over = Rect::new(*left - 0.5, plot.top, *right + 0.5, plot.bottom + 18.0);
        scene.region(over, column.words(&histogram.unit), histogram.rules(column));
    }
    let free = side_labels(scene, histogram, &places, plot, palette);
    let inner = Rect::new(places.left, plot.top, places.right, plot.bottom);
    guide::below(scene, inner, &places.axis, free, &figure.x, palette);
    marks(scene, histogram, &places.axis, plot, palette);
    scene.axis = Some(places.axis);
    scene.edges = histogram.columns.iter().map(|c| c.low).collect();
    scene
        .edges
        .extend(histogram.columns.last().filter(|c| !c.open).map(|c| c.high));
}

fn draw_column(
    scene: &mut Scene,
    figure: &Figure,
    column: &Bin,
    (left, right): (f64, f64),
    y: &Axis,
    plot: Rect,
    palette: &Palette,
) {
    let bar = |n: u64| Rect::new(left, y.px_of(n as f64), right, plot.bottom);
    if figure.rows.filtered() && column.count.all > 0 {
        let all = bar(column.count.all);
        scene.area(all, palette.pale);
        scene.outline(all, 1.0, palette.all);
    }
    if column.count.selected > 0 {
        scene.area(bar(column.count.selected), palette.main);
    }
}

/// Where each column stands.
struct Places {
    axis: Axis,
    /// The ends of the axis, without the columns at its sides.
    left: f64,
    right: f64,
    columns: Vec<(f64, f64)>,
}

impl Places {
    fn new(histogram: &Histogram, plot: Rect) -> Self {
        let zero = is_zero(histogram);
        let open = histogram.columns.last().is_some_and(|column| column.open);
        let side = (plot.width() * 0.04).clamp(10.0, 24.0);
        let left = plot.left + if zero { side + GAP } else { 0.0 };
        let right = plot.right - if open { side + GAP } else { 0.0 };
        let inner = histogram
            .columns
            .iter()
            .skip(usize::from(zero))
            .filter(|column| !column.open);
        let low = inner.clone().map(|c| c.low).fold(f64::INFINITY, f64::min);
        let high = inner.map(|c| c.high).fold(0.0, f64::max);
        let axis = Axis::new(histogram.scale, (low, high), (left, right));
        let columns = histogram
            .columns
            .iter()
            .enumerate()
            .map(|(i, column)| match (i, column.open) {
                (0, _) if zero => (plot.left, plot.left + side),
                (_, true) => (plot.right - side, plot.right),
                // A pixel of ground between neighbours.
                _ => {
                    let from = axis.px_of(column.low).round();
                    (
                        from,
                        (axis.px_of(column.high).round() - 1.0).max(from + 1.0),
                    )
                }
            })
            .collect();
        Self {
            axis,
            left,
            right,
            columns,
        }
    }
}

/// Whether the first column is the one below 1 on a logarithmic axis.
fn is_zero(histogram: &Histogram) -> bool {
    let first = histogram.columns.first();
    histogram.scale == Scale::Log && first.is_some_and(|column| column.low < 1.0)
}

/// The labels of the columns at the sides; gives the span that they leave free.
fn side_labels(
    scene: &mut Scene,
    histogram: &Histogram,
    places: &Places,
    plot: Rect,
    palette: &Palette,
) -> (f64, f64) {
    let mut free = (plot.left - 12.0, plot.right + 1.0);
    let columns = histogram.columns.iter().zip(&places.columns).enumerate();
    for (i, (column, (left, right))) in columns {
        let words = match (i, column.open) {
            (0, _) if is_zero(histogram) => "0".to_owned(),
            (_, true) => format!("≥{}", short(column.low)),
            _ => continue,
        };
        scene.level(*left, *right, plot.bottom, palette.base);
        let half = width(&words, SMALL) / 2.0;
        let middle = (left + right) / 2.0;
        let x = middle.min(plot.right - half).max(plot.left + half - 12.0);
        match column.open {
            true => free.1 = x - half - 6.0,
            false => free.0 = x + half + 6.0,
        }
        let at = (x, plot.bottom + 13.0);
        scene.sized(at, words, SMALL, Align::Middle, palette.soft);
    }
    free
}

/// Height of a line of marks' words.
const WORDS: f64 = 15.0;

/// The budget and the median; words stand on the sides where the lines are apart, and no line runs through words.
fn marks(scene: &mut Scene, histogram: &Histogram, axis: &Axis, plot: Rect, palette: &Palette) {
    let (low, high) = axis.ends();
    let median = histogram.median.filter(|m| *m >= low && *m <= high);
    let first = plot.top + 8.0;
    let before = histogram.mark.as_ref().zip(median);
    let before = before.is_some_and(|(mark, median)| mark.at < median);
    let (of_mark, of_median) = match before {
        true => (Side::Left, Side::Right),
        false => (Side::Right, Side::Left),
    };
    let mut taken = None;
    if let Some(median) = median {
        let (y, side) = match histogram.mark {
            Some(_) => (first + WORDS, of_median),
            None => (first, Side::Right),
        };
        // Whole numbers stand for the whole step up to the next one; the line goes through its middle.
        let x = axis.px_of(median + 0.5).round();
        scene.upright(x, y - 6.0, plot.bottom, palette.ink.thin(0.55));
        let words = format!("median {}", thousands(median.ceil()));
        taken = Some(guide::beside(
            scene,
            plot,
            (x, y),
            &words,
            side,
            palette.ink,
        ));
    }
    if let Some(mark) = &histogram.mark {
        let x = axis.px_of(mark.at).round();
        let is_under = taken.is_some_and(|(left, right)| x >= left - 2.0 && x <= right + 2.0);
        let top = if is_under {
            first + 1.6 * WORDS
        } else {
            plot.top
        };
        let plot = Rect { top, ..plot };
        guide::mark(scene, plot, axis, mark, first, of_mark, palette.budget);
    }
}
