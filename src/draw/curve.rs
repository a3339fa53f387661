//! Kept as a function of the budget: two lines, rows and tokens, named where the budget's line meets them.
//! Tokens are dashed; all rows are the thin grey lines behind the selected ones.

use super::SMALL;
use super::axis::Axis;
use super::guide::{self, Entry, Marker, Side, UpAxis};
use super::scene::{Align, Ink, Point, Rect, Scene, Shape};
use super::theme::Palette;
use crate::draw::text::width;
use tracesift_core::figure::{Curve, Figure, Rule};
use tracesift_core::frame::budget::{Fit, Kept};
use tracesift_core::frame::histogram::Scale;
use tracesift_core::ground::words::percent;
use tracesift_core::recipe::{Bounds, RangeKey};

fn legend(figure: &Figure, curve: &Curve, palette: &Palette) -> Vec<Entry> {
    let mut entries: Vec<Entry> = vec![(Marker::None, figure.y.clone().into_owned())];
    entries.push((Marker::Line(palette.main, guide::SOLID), "rows".to_owned()));
    entries.push((
        Marker::Line(palette.second, guide::DASHED),
        "tokens".to_owned(),
    ));
    if curve.filtered() {
        entries.push((
            Marker::Line(palette.all, guide::SOLID),
            "unfiltered".to_owned(),
        ));
    }
    entries
}

pub(super) fn layout(
    scene: &mut Scene,
    figure: &Figure,
    curve: &Curve,
    room: Rect,
    palette: &Palette,
) {
    let room = guide::legend(scene, &legend(figure, curve, palette), room, palette);
    let up = UpAxis {
        scale: Scale::Linear,
        ends: (0.0, 1.0),
        whole: false,
        head: 36.0,
        says: guide::Says::Shares,
    };
    let (plot, y) = guide::upright(scene, room, up, palette);
    let x = Axis::new(Scale::Log, ends(curve), (plot.left, plot.right)).of_tokens();
    let free = (plot.left - 12.0, plot.right + 1.0);
    guide::below(scene, plot, &x, free, &figure.x, palette);
    let all: Picked = |kept| kept.all;
    let selected: Picked = |kept| kept.selected;
    if curve.filtered() {
        pair(scene, curve, all, (&x, &y), 1.0, (palette.all, palette.all));
    }
    let whose = if curve.filtered() { selected } else { all };
    if whose(&curve.whole).rows > 0 {
        pair(
            scene,
            curve,
            whose,
            (&x, &y),
            2.0,
            (palette.main, palette.second),
        );
    }
    let y_words = plot.top + 8.0;
    guide::mark(
        scene,
        plot,
        &x,
        &curve.mark,
        y_words,
        Side::Right,
        palette.budget,
    );
    meeting(scene, curve, whose, (&x, &y), plot, palette);
    strips(scene, curve, &x, plot);
    scene.axis = Some(x);
}

type Picked = fn(&Kept) -> Fit;

/// From 1k to 1M, and further where the rows go further.
fn ends(curve: &Curve) -> (f64, f64) {
    let first = curve
        .steps
        .first()
        .map_or(1_024.0, |kept| kept.budget as f64);
    let last = curve.whole.budget as f64;
    (first.clamp(1.0, 1_024.0), last.max(1_048_576.0))
}

/// The lines of rows and of tokens, flat before the first and after the last step.
fn pair(
    scene: &mut Scene,
    curve: &Curve,
    whose: Picked,
    (x, y): (&Axis, &Axis),
    thick: f64,
    inks: (Ink, Ink),
) {
    let whole = whose(&curve.whole);
    let (low, high) = x.ends();
    let line = |share: fn((f64, f64)) -> f64| -> Vec<Point> {
        let at = |budget: f64, share: f64| (x.px_of(budget), y.px_of(share));
        let steps = curve
            .steps
            .iter()
            .map(|kept| at(kept.budget as f64, share(Curve::shares(whose(kept), whole))));
        let end = share(Curve::shares(whole, whole));
        std::iter::once(at(low, 0.0))
            .chain(
                curve
                    .steps
                    .first()
                    .map(|first| at(first.budget as f64, 0.0)),
            )
            .chain(steps)
            .chain([at(high, end)])
            .collect()
    };
    guide::line(scene, line(|shares| shares.1), thick, guide::DASHED, inks.1);
    guide::line(scene, line(|shares| shares.0), thick, guide::SOLID, inks.0);
}

/// Where the budget meets the lines: dots with their shares, which name the lines too.
fn meeting(
    scene: &mut Scene,
    curve: &Curve,
    whose: Picked,
    (x, y): (&Axis, &Axis),
    plot: Rect,
    palette: &Palette,
) {
    let (low, high) = x.ends();
    let whole = whose(&curve.whole);
    if curve.mark.at < low || curve.mark.at > high || whole.rows == 0 {
        return;
    }
    let (rows, tokens) = Curve::shares(whose(&curve.at_budget), whole);
    let at = x.px_of(curve.mark.at).round();
    let (up, down) = (y.px_of(rows), y.px_of(tokens));
    let words = (
        format!("{} of rows", percent(rows)),
        format!("{} of tokens", percent(tokens)),
    );
    scene
        .shapes
        .push(Shape::Disk((at, down), 4.0, palette.second));
    scene.shapes.push(Shape::Disk((at, up), 4.0, palette.main));
    let left = at - 8.0 - width(&words.0, SMALL) > plot.left;
    let right = at + 8.0 + width(&words.1, SMALL) < plot.right;
    // The line of rows lies above the line of tokens, so its words go up and to the left, the others down and right.
    let (high_y, low_y) = (up - 9.0, (down + 10.0).min(plot.bottom - 8.0));
    let place = |to_left: bool| {
        if to_left {
            (at - 8.0, Align::End)
        } else {
            (at + 8.0, Align::Start)
        }
    };
    let (x0, align0) = place(left);
    let (x1, align1) = place(!right);
    scene.sized((x0, high_y), words.0, SMALL, align0, palette.ink);
    scene.sized((x1, low_y), words.1, SMALL, align1, palette.ink);
}

/// What lies under the pointer: the step nearest to it.
fn strips(scene: &mut Scene, curve: &Curve, x: &Axis, plot: Rect) {
    let at: Vec<f64> = curve
        .steps
        .iter()
        .map(|kept| x.px_of(kept.budget as f64))
        .collect();
    for (i, (kept, &here)) in curve.steps.iter().zip(&at).enumerate() {
        let before = i.checked_sub(1).and_then(|i| at.get(i));
        let left = before.map_or(plot.left, |before| (before + here) / 2.0);
        let right = at
            .get(i + 1)
            .map_or(plot.right, |after| (here + after) / 2.0);
        let bounds = Bounds {
            low: None,
            high: Some(kept.budget as f64),
        };
        let rules = vec![Rule::Within(RangeKey::Tokens, bounds)];
        scene.region(
            Rect::new(left, plot.top, right, plot.bottom),
            curve.words(kept),
            rules,
        );
    }
}
