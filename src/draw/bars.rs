//! Counts by name: horizontal bars, so that long names have room; the number stands beside its bar.
//! All rows are the pale outlined bar, selected rows the filled one in front; errors are hatched.

use super::guide::{self, Entry, Marker};
use super::scene::{Align, Rect, Scene};
use super::theme::Palette;
use super::{FACE, SMALL};
use crate::draw::text::{fitted, width};
use tracesift_core::figure::{Bar, Bars, Figure};
use tracesift_core::ground::words::{count, label, share, short};

/// Height of a bar with its space.
const ROW: f64 = 25.0;
/// Height of a bar.
const THICK: f64 = 15.0;

fn legend(figure: &Figure, bars: &Bars, palette: &Palette) -> Vec<Entry> {
    let mut entries = super::histogram::rows_legend(figure, palette);
    if bars.bars.iter().any(|bar| bar.errors.is_some()) {
        if entries.is_empty() {
            entries.push((Marker::Filled(palette.main), bars.unit.clone().into_owned()));
        }
        entries.push((
            Marker::Hatched(palette.error, palette.on_mark),
            "errors".to_owned(),
        ));
    }
    entries
}

pub(super) fn height(figure: &Figure, bars: &Bars, width: f64) -> f64 {
    let entries = legend(figure, bars, super::Theme::Light.palette());
    guide::legend_height(&entries, width) + bars.bars.len() as f64 * ROW + 4.0
}

/// What stands beside a bar: `1,200`, `900 of 1,200`, and on a wide chart the share of errors.
fn beside(figure: &Figure, bar: &Bar, wide: bool) -> String {
    let write = |n: u64| match wide {
        true => count(n),
        false if n >= 10_000 => short(n as f64),
        false => count(n),
    };
    let all = write(bar.count.all);
    let filtered = figure.rows.filtered();
    let mut words = match filtered {
        true => format!("{} of {all}", write(bar.count.selected)),
        false => all,
    };
    if let (Some(errors), true) = (bar.errors, wide) {
        let (part, whole) = match filtered && bar.count.selected > 0 {
            true => (errors.selected, bar.count.selected),
            false => (errors.all, bar.count.all),
        };
        words.push_str(&format!(" · {} errors", share(part, whole)));
    }
    words
}

pub(super) fn layout(
    scene: &mut Scene,
    figure: &Figure,
    bars: &Bars,
    room: Rect,
    palette: &Palette,
) {
    let room = guide::legend(scene, &legend(figure, bars, palette), room, palette);
    let wide = room.width() >= 480.0;
    let names: Vec<String> = bars.bars.iter().map(|bar| label(&bar.name)).collect();
    let values: Vec<String> = bars
        .bars
        .iter()
        .map(|bar| beside(figure, bar, wide))
        .collect();
    let widest =
        |words: &[String], size: f64| words.iter().map(|w| width(w, size)).fold(0.0, f64::max);
    let name_width = widest(&names, FACE).min(room.width() * 0.36);
    let value_width = widest(&values, SMALL);
    let left = (room.left + name_width + 8.0).round();
    let right = (room.right - value_width - 8.0).max(left + 20.0);
    let longest = bars
        .bars
        .iter()
        .map(|bar| bar.count.all)
        .max()
        .unwrap_or(1)
        .max(1) as f64;
    let px = |n: u64| left + (right - left) * n as f64 / longest;
    scene.plot = Rect::new(
        left,
        room.top,
        right,
        room.top + bars.bars.len() as f64 * ROW,
    );
    for (i, (bar, value)) in bars.bars.iter().zip(values).enumerate() {
        let top = room.top + i as f64 * ROW;
        let middle = top + ROW / 2.0;
        let of = |n: u64| {
            Rect::new(
                left,
                middle - THICK / 2.0,
                px(n).max(left + 1.0),
                middle + THICK / 2.0,
            )
        };
        let ink = if bar.rule.is_some() {
            palette.ink
        } else {
            palette.soft
        };
        scene.text(
            (left - 8.0, middle),
            fitted(&bar.name, FACE, name_width),
            Align::End,
            ink,
        );
        draw_bar(scene, figure, bar, of, palette);
        scene.sized(
            (px(bar.count.all) + 6.0, middle),
            value,
            SMALL,
            Align::Start,
            palette.soft,
        );
        let whole = Rect::new(room.left, top, room.right, top + ROW);
        scene.region(whole, bar.words.clone(), bar.rule.iter().cloned().collect());
    }
    let end = scene.plot.bottom;
    scene.upright(left - 1.0, room.top + 2.0, end - 2.0, palette.base);
}

fn draw_bar(
    scene: &mut Scene,
    figure: &Figure,
    bar: &Bar,
    of: impl Fn(u64) -> Rect,
    palette: &Palette,
) {
    if figure.rows.filtered() && bar.count.all > 0 {
        scene.area(of(bar.count.all), palette.pale);
        scene.outline(of(bar.count.all), 1.0, palette.all);
    }
    if bar.count.selected > 0 {
        scene.area(of(bar.count.selected), palette.main);
    }
    if let Some(errors) = bar.errors.filter(|errors| errors.selected > 0) {
        let rect = of(errors.selected);
        scene.area(rect, palette.error);
        scene.hatch(rect, 4.0, palette.on_mark);
    }
}
