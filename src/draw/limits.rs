//! Kept as a function of the token limit: a line a part, told apart by colour and stroke, with dots where the budget meets
//! them. Context windows are thin lines with their names on top, trainers' defaults dotted ones below these.

use super::SMALL;
use super::axis::Axis;
use super::guide::{self, Entry, Marker, SOLID, STROKES, Side, Stroke, UpAxis};
use super::scene::{Align, Ink, Point, Rect, Scene, Shape};
use super::theme::Palette;
use crate::draw::text::{fitted, width};
use tracesift_core::figure::{Figure, Limits, Line, Rule};
use tracesift_core::frame::histogram::Scale;
use tracesift_core::recipe::limits::Limit;
use tracesift_core::recipe::{Bounds, RangeKey};
use tracesift_core::trace::Outcome;

/// Height of a line of marks' names.
const NAMES: f64 = 13.0;
/// Height of the chart without its legend.
const HEIGHT: f64 = 270.0;

/// The colour and the stroke of a line.
fn ink(at: usize, line: &Line, palette: &Palette) -> (Ink, Stroke) {
    let Some(part) = at.checked_sub(1) else {
        return (palette.ink, SOLID);
    };
    let stroke = |at: usize| STROKES.get(at).copied().unwrap_or(SOLID);
    match line.outcome {
        Some(outcome) => {
            let known = Outcome::ALL.iter().position(|&known| known == outcome);
            (palette.outcome(outcome), stroke(known.unwrap_or_default()))
        }
        None => {
            let ink = palette.names().get(part).copied();
            (ink.unwrap_or(palette.ink), stroke(part))
        }
    }
}

fn legend(figure: &Figure, limits: &Limits, width: f64, palette: &Palette) -> Vec<Entry> {
    let lines = limits.lines.iter().enumerate().map(|(at, line)| {
        let (ink, stroke) = ink(at, line, palette);
        (
            Marker::Line(ink, stroke),
            fitted(&line.name, SMALL, width - 30.0),
        )
    });
    std::iter::once((Marker::None, figure.y.clone().into_owned()))
        .chain(lines)
        .collect()
}

pub(super) fn height(figure: &Figure, limits: &Limits, width: f64) -> f64 {
    let entries = legend(figure, limits, width, super::Theme::Light.palette());
    HEIGHT + guide::legend_height(&entries, width)
}

pub(super) fn layout(
    scene: &mut Scene,
    figure: &Figure,
    limits: &Limits,
    room: Rect,
    palette: &Palette,
) {
    let entries = legend(figure, limits, room.width(), palette);
    let room = guide::legend(scene, &entries, room, palette);
    let up = UpAxis {
        scale: Scale::Linear,
        ends: (0.0, 1.0),
        whole: false,
        head: 3.0 * NAMES + 5.0,
        says: guide::Says::Shares,
    };
    let (plot, y) = guide::upright(scene, room, up, palette);
    let x = Axis::new(Scale::Log, limits.ends, (plot.left, plot.right)).of_tokens();
    let free = (plot.left - 12.0, plot.right + 1.0);
    guide::below(scene, plot, &x, free, &figure.x, palette);
    marks(scene, limits, plot, &x, palette);
    // All rows lie on top.
    for (at, line) in limits.lines.iter().enumerate().rev() {
        let (ink, stroke) = ink(at, line, palette);
        let thick = if at == 0 { 2.5 } else { 2.0 };
        guide::line(scene, points(limits, line, &x, &y), thick, stroke, ink);
    }
    let y_words = plot.top + 2.5 * NAMES;
    // Below the names: a line through them could not be told from their letters.
    let below = Rect {
        top: plot.top + 2.0 * NAMES,
        ..plot
    };
    guide::mark(
        scene,
        below,
        &x,
        &limits.budget,
        y_words,
        Side::Right,
        palette.budget,
    );
    meeting(scene, limits, &x, &y, palette);
    strips(scene, limits, &x, plot);
    scene.axis = Some(x);
}

/// A line's points. Marks left of all rows and right of them keep it flat.
fn points(limits: &Limits, line: &Line, x: &Axis, y: &Axis) -> Vec<Point> {
    let (low, high) = x.ends();
    let steps = limits.steps.iter().zip(&line.shares);
    let within = steps.filter(|(step, _)| (low..=high).contains(&(**step as f64)));
    within
        .map(|(&step, &share)| (x.px_of(step as f64), y.px_of(share)))
        .collect()
}

/// Windows and defaults, each kind with its names in a line of its own; a name without room is left to the pointer.
fn marks(scene: &mut Scene, limits: &Limits, plot: Rect, x: &Axis, palette: &Palette) {
    let windows: Vec<(f64, &str)> = names(&limits.marks, |mark| mark.window);
    for &(at, _) in &windows {
        let ink = palette.base.thin(0.5);
        let at = x.px_of(at).round();
        scene.upright(at, plot.top, plot.top + NAMES, ink);
        scene.upright(at, plot.top + 3.0 * NAMES, plot.bottom, ink);
    }
    let trainers: Vec<(f64, String)> = names(&limits.marks, |mark| {
        (!mark.trainers.is_empty()).then(|| mark.trainers.join(", "))
    });
    for &(at, _) in &trainers {
        let at = x.px_of(at).round();
        let (name, below) = (plot.top + NAMES, plot.top + 3.0 * NAMES);
        scene.dashes(at, name, name + NAMES, 1.0, palette.base);
        scene.dashes(at, below, plot.bottom, 1.0, palette.base);
    }
    // A window's name ends at its line and a trainer's begins there: so the outermost have room.
    let mut before = plot.left;
    for (at, name) in windows {
        let line = x.px_of(at).round();
        if line - 3.0 - width(name, SMALL) >= before + 2.0 {
            let place = (line - 3.0, plot.top + NAMES / 2.0);
            scene.sized(place, name, SMALL, Align::End, palette.soft);
        }
        before = line;
    }
    let mut after = plot.right;
    for (at, name) in trainers.into_iter().rev() {
        let line = x.px_of(at).round();
        if line + 4.0 + width(&name, SMALL) <= after - 2.0 {
            let place = (line + 4.0, plot.top + 1.5 * NAMES);
            scene.sized(place, name, SMALL, Align::Start, palette.soft);
        }
        after = line;
    }
}

fn names<'l, T>(marks: &'l [Limit], name: impl Fn(&'l Limit) -> Option<T>) -> Vec<(f64, T)> {
    let named = marks
        .iter()
        .filter_map(|mark| Some((mark.tokens as f64, name(mark)?)));
    named.collect()
}

/// Dots where the budget meets the lines.
fn meeting(scene: &mut Scene, limits: &Limits, x: &Axis, y: &Axis, palette: &Palette) {
    let (low, high) = x.ends();
    let budget = limits.budget.at;
    let step = limits.marks.iter().find(|mark| mark.is_budget);
    let Some(step) = step.and_then(|mark| limits.step(mark.tokens)) else {
        return;
    };
    if !(low..=high).contains(&budget) {
        return;
    }
    for (at, line) in limits.lines.iter().enumerate().rev() {
        if let Some(&share) = line.shares.get(step) {
            let place = (x.px_of(budget).round(), y.px_of(share));
            let (ink, _) = ink(at, line, palette);
            scene.shapes.push(Shape::Disk(place, 4.0, ink));
        }
    }
}

/// What lies under the pointer: the step nearest to it.
fn strips(scene: &mut Scene, limits: &Limits, x: &Axis, plot: Rect) {
    let at: Vec<f64> = limits
        .steps
        .iter()
        .map(|&step| x.px_of(step as f64))
        .collect();
    for (i, (&step, &here)) in limits.steps.iter().zip(&at).enumerate() {
        let before = i.checked_sub(1).and_then(|i| at.get(i));
        let left = before.map_or(plot.left, |before| (before + here) / 2.0);
        let after = at.get(i + 1);
        let right = after.map_or(plot.right, |after| (here + after) / 2.0);
        let bounds = Bounds {
            low: None,
            high: Some(step as f64),
        };
        let rules = vec![Rule::Within(RangeKey::Tokens, bounds)];
        scene.region(
            Rect::new(left, plot.top, right, plot.bottom),
            limits.words_of_step(i),
            rules,
        );
    }
}
