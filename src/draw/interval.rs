//! Rates with their intervals: a dot with its whisker a name, on an axis from 0 to 100 %.
//! Selected rows are the filled dot, all rows the ring below it; n stands beside.

use super::axis::Axis;
use super::guide::{self, Entry, Marker};
use super::scene::{Align, Rect, Scene};
use super::theme::Palette;
use super::{FACE, SMALL};
use crate::draw::text::{fitted, width};
use tracesift_core::figure::{Figure, Interval, Intervals};
use tracesift_core::frame::histogram::Scale;
use tracesift_core::ground::words::{count, label, percent};

/// Height of a line with its space.
const ROW: f64 = 27.0;

fn legend(figure: &Figure, palette: &Palette) -> Vec<Entry> {
    if !figure.rows.filtered() {
        return Vec::new();
    }
    vec![
        (Marker::Dot(palette.main, true), "selected".to_owned()),
        (Marker::Dot(palette.all, false), "all rows".to_owned()),
    ]
}

pub(super) fn height(figure: &Figure, intervals: &Intervals, width: f64) -> f64 {
    let entries = legend(figure, super::Theme::Light.palette());
    guide::legend_height(&entries, width) + intervals.lines.len() as f64 * ROW + 42.0
}

/// `n 412`; where rows are left out `n 90 of 412`, on a narrow chart `n 90`.
fn n(figure: &Figure, line: &Interval, wide: bool) -> String {
    let all = count(line.all.known.into());
    let selected = count(line.selected.map_or(0, |rate| rate.known).into());
    match (figure.rows.filtered(), wide) {
        (true, true) => format!("n {selected} of {all}"),
        (true, false) => format!("n {selected}"),
        (false, _) => format!("n {all}"),
    }
}

pub(super) fn layout(
    scene: &mut Scene,
    figure: &Figure,
    intervals: &Intervals,
    room: Rect,
    palette: &Palette,
) {
    let room = guide::legend(scene, &legend(figure, palette), room, palette);
    let names: Vec<String> = intervals
        .lines
        .iter()
        .map(|line| label(&line.name))
        .collect();
    let sizes: Vec<String> = intervals
        .lines
        .iter()
        .map(|line| n(figure, line, room.width() >= 420.0))
        .collect();
    let widest =
        |words: &[String], size: f64| words.iter().map(|w| width(w, size)).fold(0.0, f64::max);
    let name_width = widest(&names, FACE).min(room.width() * 0.34);
    let left = (room.left + name_width + 14.0).round();
    let right = (room.right - widest(&sizes, SMALL) - 14.0).max(left + 40.0);
    let plot = Rect::new(
        left,
        room.top,
        right,
        room.top + intervals.lines.len() as f64 * ROW,
    );
    scene.plot = plot;
    let axis = Axis::new(Scale::Linear, (0.0, 1.0), (left, right));
    grid(scene, figure, plot, &axis, palette);
    for (i, (line, size)) in intervals.lines.iter().zip(sizes).enumerate() {
        let top = plot.top + i as f64 * ROW;
        let y = top + ROW / 2.0;
        scene.text(
            (left - 14.0, y),
            fitted(&line.name, FACE, name_width),
            Align::End,
            palette.ink,
        );
        dots(scene, line, &axis, y, palette);
        scene.sized((room.right, y), size, SMALL, Align::End, palette.soft);
        let whole = Rect::new(room.left, top, room.right, top + ROW);
        scene.region(
            whole,
            line.words.clone(),
            line.rule.iter().cloned().collect(),
        );
    }
}

fn grid(scene: &mut Scene, figure: &Figure, plot: Rect, axis: &Axis, palette: &Palette) {
    let step = if plot.width() < 220.0 { 2 } else { 1 };
    for tick in [0.0, 0.25, 0.5, 0.75, 1.0].into_iter().step_by(step) {
        let x = axis.px_of(tick).round();
        scene.upright(x, plot.top, plot.bottom, palette.grid);
        let words = percent(tick);
        scene.sized(
            (x, plot.bottom + 11.0),
            words,
            SMALL,
            Align::Middle,
            palette.soft,
        );
    }
    let middle = (plot.left + plot.right) / 2.0;
    scene.sized(
        (middle, plot.bottom + 28.0),
        &*figure.x,
        SMALL,
        Align::Middle,
        palette.soft,
    );
}

fn dots(scene: &mut Scene, line: &Interval, axis: &Axis, y: f64, palette: &Palette) {
    let filtered = line.filtered();
    let apart = if filtered && line.selected.is_some() {
        5.0
    } else {
        0.0
    };
    if filtered {
        let (low, high) = (axis.px_of(line.all.low), axis.px_of(line.all.high));
        let at = (axis.px_of(line.all.share), y + apart);
        guide::whisker(scene, (low, high), at, false, palette.all);
    }
    if let Some(rate) = line.selected {
        let (low, high) = (axis.px_of(rate.low), axis.px_of(rate.high));
        let at = (axis.px_of(rate.share), y - apart);
        guide::whisker(scene, (low, high), at, true, palette.main);
    }
}
