//! What charts share: the legend, axes with their grid, marks, and the sentence of an empty chart.
//! Quiet on purpose: few ticks, light lines, words in the page's face.

use super::axis::Axis;
use super::scene::{Align, Ink, Point, Rect, Scene, Shape};
use super::theme::Palette;
use super::{FACE, SMALL};
use crate::draw::text::{width, wrap};
use tracesift_core::figure::Mark;
use tracesift_core::ground::words::percent;
use tracesift_core::trace::Outcome;

/// Height of a line of a legend.
const LINE: f64 = 20.0;
/// Height of the ticks' labels and the axis' name below a plot.
const BELOW: f64 = 36.0;

/// The marker before a legend's words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Marker {
    /// None: the words name an axis.
    None,
    /// A filled box.
    Filled(Ink),
    /// A box with only a line: all rows.
    Outlined(Ink, Ink),
    /// A hatched box.
    Hatched(Ink, Ink),
    /// An outcome's symbol.
    Symbol(Outcome, Ink),
    /// A dot with its interval.
    Dot(Ink, bool),
    /// A line.
    Line(Ink, Stroke),
}

/// How a line is cut, so that lines can be told apart without colour: drawn and free pixels in turn; whole where empty.
pub type Stroke = &'static [f64];

/// A whole line.
pub const SOLID: Stroke = &[];
/// A dashed line.
pub const DASHED: Stroke = &[5.0, 3.5];
/// Lines that are told apart from each other and from a whole one.
pub const STROKES: [Stroke; 5] = [
    &[11.0, 3.0],
    DASHED,
    &[8.0, 2.5, 2.0, 2.5],
    &[2.0, 2.5],
    &[6.0, 2.5, 2.0, 2.5, 2.0, 2.5],
];

/// One entry of a legend.
pub type Entry = (Marker, String);

/// Where each entry stands, and the height of the whole.
fn flow(entries: &[Entry], room: f64) -> (Vec<Point>, f64) {
    let (mut x, mut y) = (0.0, 0.0);
    let mut at = Vec::new();
    for (marker, words) in entries {
        let wide = marker_width(*marker) + width(words, SMALL);
        if x > 0.0 && x + wide > room {
            (x, y) = (0.0, y + LINE);
        }
        at.push((x, y));
        x += wide + 14.0;
    }
    let height = if entries.is_empty() { 0.0 } else { y + LINE };
    (at, height)
}

fn marker_width(marker: Marker) -> f64 {
    match marker {
        Marker::None => 0.0,
        Marker::Line(..) | Marker::Dot(..) => 24.0,
        _ => 16.0,
    }
}

/// The height of a legend in a room of this width.
pub fn legend_height(entries: &[Entry], room: f64) -> f64 {
    flow(entries, room).1
}

/// Draws a legend at the top of a room; gives what is left of the room.
pub fn legend(scene: &mut Scene, entries: &[Entry], room: Rect, palette: &Palette) -> Rect {
    let (places, height) = flow(entries, room.width());
    for ((marker, words), (x, y)) in entries.iter().zip(places) {
        let at = (room.left + x, room.top + y + LINE / 2.0 - 1.0);
        draw_marker(scene, *marker, at);
        let start = (at.0 + marker_width(*marker), at.1);
        scene.sized(start, words.clone(), SMALL, Align::Start, palette.soft);
    }
    Rect::new(room.left, room.top + height, room.right, room.bottom)
}

fn draw_marker(scene: &mut Scene, marker: Marker, (x, y): Point) {
    let square = Rect::new(x, y - 5.0, x + 10.0, y + 5.0);
    match marker {
        Marker::None => {}
        Marker::Filled(ink) => scene.area(square, ink),
        Marker::Outlined(pale, line) => {
            scene.area(square, pale);
            scene.outline(square, 1.0, line);
        }
        Marker::Hatched(ink, line) => {
            scene.area(square, ink);
            scene.hatch(square, 4.0, line);
        }
        Marker::Symbol(outcome, ink) => symbol(scene, outcome, (x + 5.0, y), 4.5, true, ink),
        Marker::Dot(ink, filled) => whisker(scene, (x, x + 18.0), (x + 9.0, y), filled, ink),
        Marker::Line(ink, stroke) => line(scene, vec![(x, y), (x + 18.0, y)], 2.0, stroke, ink),
    }
}

/// An interval with its dot: filled for the selected rows, a ring for all.
pub fn whisker(scene: &mut Scene, (low, high): (f64, f64), (x, y): Point, filled: bool, ink: Ink) {
    let thick = if filled { 2.0 } else { 1.0 };
    // A ring's inside stays free: its line would run through it otherwise.
    let gap = if filled { 0.0 } else { 4.0 };
    let (top, bottom) = (y - thick / 2.0, y + thick / 2.0);
    if x - gap > low {
        scene.area(Rect::new(low, top, x - gap, bottom), ink);
    }
    if high > x + gap {
        scene.area(Rect::new(x + gap, top, high, bottom), ink);
    }
    for end in [low, high - thick] {
        scene.area(Rect::new(end, y - 3.0, end + thick, y + 3.0), ink);
    }
    scene.shapes.push(match filled {
        true => Shape::Disk((x, y), 4.5, ink),
        false => Shape::Ring((x, y), 4.0, 1.5, ink),
    });
}

/// An outcome's symbol: circle, triangle, square, cross.
pub fn symbol(scene: &mut Scene, outcome: Outcome, (x, y): Point, r: f64, filled: bool, ink: Ink) {
    let points = match outcome {
        Outcome::Success => {
            scene.shapes.push(match filled {
                true => Shape::Disk((x, y), r, ink),
                false => Shape::Ring((x, y), r, 1.0, ink),
            });
            return;
        }
        Outcome::Unknown => {
            let d = r * 0.8;
            let thick = if filled { r * 0.45 } else { 1.0 };
            scene.path(vec![(x - d, y - d), (x + d, y + d)], thick, ink);
            scene.path(vec![(x - d, y + d), (x + d, y - d)], thick, ink);
            return;
        }
        Outcome::Partial => vec![
            (x, y - r * 1.1),
            (x + r * 1.1, y + r * 0.85),
            (x - r * 1.1, y + r * 0.85),
        ],
        Outcome::Failure => {
            let d = r * 0.88;
            vec![
                (x - d, y - d),
                (x + d, y - d),
                (x + d, y + d),
                (x - d, y + d),
            ]
        }
    };
    if filled {
        scene.shapes.push(Shape::Polygon(points, ink));
    } else {
        let closed = points.iter().chain(points.first()).copied().collect();
        scene.path(closed, 1.0, ink);
    }
}

/// A line through points; a stroke is cut by length, since backends have no dashes.
pub fn line(scene: &mut Scene, points: Vec<Point>, thick: f64, stroke: Stroke, ink: Ink) {
    let mut lengths = stroke.iter().copied().cycle();
    let Some(mut left) = lengths.next() else {
        return scene.path(points, thick, ink);
    };
    let mut dash: Vec<Point> = Vec::new();
    let mut on = true;
    for pair in points.windows(2) {
        let &[(x0, y0), (x1, y1)] = pair else {
            continue;
        };
        let length = (x1 - x0).hypot(y1 - y0);
        let mut done = 0.0;
        if on && dash.is_empty() {
            dash.push((x0, y0));
        }
        while length - done > left {
            done += left;
            let at = (
                x0 + (x1 - x0) * done / length,
                y0 + (y1 - y0) * done / length,
            );
            if on {
                dash.push(at);
                scene.path(std::mem::take(&mut dash), thick, ink);
            } else {
                dash.push(at);
            }
            on = !on;
            left = lengths.next().unwrap_or(f64::INFINITY);
        }
        left -= length - done;
        if on {
            dash.push((x1, y1));
        }
    }
    scene.path(dash, thick, ink);
}

/// A plot with a vertical axis of numbers: grid, labels at its left. Gives the plot and the axis.
pub fn upright(scene: &mut Scene, room: Rect, y: UpAxis, palette: &Palette) -> (Rect, Axis) {
    let bottom = (room.bottom - BELOW).max(room.top + 10.0);
    let mut axis = Axis::new(y.scale, y.ends, (bottom, room.top + y.head));
    if y.says == Says::Tokens {
        axis = axis.of_tokens();
    }
    let most = (((bottom - room.top) / 40.0) as usize).clamp(2, 5);
    let ticks = axis.ticks(most, y.whole);
    let labels: Vec<String> = ticks
        .iter()
        .map(|&tick| match y.says {
            Says::Shares => percent(tick),
            Says::Numbers | Says::Tokens => axis.words(tick),
        })
        .collect();
    let widest = labels
        .iter()
        .map(|words| width(words, SMALL))
        .fold(0.0, f64::max);
    let plot = Rect::new(room.left + widest + 8.0, room.top, room.right - 1.0, bottom);
    for (tick, words) in ticks.iter().zip(labels) {
        let at = axis.px_of(*tick).round();
        scene.level(plot.left, plot.right, at, palette.grid);
        scene.sized(
            (plot.left - 6.0, at),
            words,
            SMALL,
            Align::End,
            palette.soft,
        );
    }
    scene.plot = plot;
    (plot, axis)
}

/// A vertical axis that is asked for.
pub struct UpAxis {
    pub scale: tracesift_core::frame::histogram::Scale,
    pub ends: (f64, f64),
    /// Only whole numbers as ticks.
    pub whole: bool,
    /// Free pixels above the greatest value, for marks' words.
    pub head: f64,
    pub says: Says,
}

/// What a vertical axis counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Numbers.
    Numbers,
    /// Numbers of tokens.
    Tokens,
    /// Shares of a whole, 0 to 1.
    Shares,
}

/// The horizontal axis below a plot: its line, ticks with labels, its name.
///
/// Labels stay within `free`; a tick whose label would not is left out, unless a push of some pixels mends it.
pub fn below(
    scene: &mut Scene,
    plot: Rect,
    axis: &Axis,
    free: (f64, f64),
    name: &str,
    palette: &Palette,
) {
    scene.level(plot.left, plot.right, plot.bottom, palette.base);
    let mut taken = f64::NEG_INFINITY;
    for (tick, words) in axis.labelled(SMALL, true) {
        let at = axis.px_of(tick).round();
        let half = width(&words, SMALL) / 2.0;
        let x = at.min(free.1 - half).max(free.0 + half);
        if (x - at).abs() > half || x - half < taken {
            continue;
        }
        taken = x + half + 4.0;
        scene.upright(at, plot.bottom + 1.0, plot.bottom + 5.0, palette.base);
        scene.sized(
            (x, plot.bottom + 13.0),
            words,
            SMALL,
            Align::Middle,
            palette.soft,
        );
    }
    let middle = (plot.left + plot.right) / 2.0;
    scene.sized(
        (middle, plot.bottom + 29.0),
        name,
        SMALL,
        Align::Middle,
        palette.soft,
    );
}

/// A vertical mark with its words at the given height, on the side that is asked for. A mark beyond the axis is only
/// said, with an arrow.
pub fn mark(scene: &mut Scene, plot: Rect, axis: &Axis, mark: &Mark, y: f64, side: Side, ink: Ink) {
    let (low, high) = axis.ends();
    if mark.at > high {
        let words = format!("{} →", mark.words);
        return scene.sized((plot.right - 4.0, y), words, SMALL, Align::End, ink);
    }
    if mark.at < low {
        let words = format!("← {}", mark.words);
        return scene.sized((plot.left + 4.0, y), words, SMALL, Align::Start, ink);
    }
    let x = axis.px_of(mark.at).round();
    scene.dashes(x, plot.top, plot.bottom, 1.5, ink);
    beside(scene, plot, (x, y), &mark.words, side, ink);
}

/// On which side of a vertical line its words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Left of it.
    Left,
    /// Right of it.
    Right,
}

/// Words beside a vertical line, on the other side where there is no room; gives from where to where they reach.
pub fn beside(
    scene: &mut Scene,
    plot: Rect,
    (x, y): Point,
    words: &str,
    side: Side,
    ink: Ink,
) -> (f64, f64) {
    let needed = width(words, SMALL) + 6.0;
    let right = match side {
        Side::Left => x - needed < plot.left,
        Side::Right => x + needed <= plot.right,
    };
    match right {
        true => {
            scene.sized((x + 6.0, y), words, SMALL, Align::Start, ink);
            (x, x + needed)
        }
        false => {
            scene.sized((x - 6.0, y), words, SMALL, Align::End, ink);
            (x - needed, x)
        }
    }
}

/// The sentence of a chart that has nothing to show.
pub fn sentence(scene: &mut Scene, why: &str, room: Rect, palette: &Palette) {
    let lines = wrap(why, FACE, room.width() - 32.0);
    let middle = (room.top + room.bottom) / 2.0;
    let first = middle - (lines.len() as f64 - 1.0) * super::LEADING / 2.0;
    for (i, line) in lines.into_iter().enumerate() {
        let at = (
            (room.left + room.right) / 2.0,
            first + i as f64 * super::LEADING,
        );
        scene.text(at, line, Align::Middle, palette.soft);
    }
}
