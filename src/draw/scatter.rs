//! One dot per row, both axes logarithmic: rows that are not selected are hollow and grey, at the back.
//! Colour and shape say the outcome.

use super::SMALL;
use super::axis::Axis;
use super::guide::{self, Entry, Marker, UpAxis};
use super::scene::{Align, HitArea, Rect, Region, Says, Scene};
use super::theme::Palette;
use tracesift_core::figure::{Figure, Scatter};
use tracesift_core::frame::histogram::Scale;
use tracesift_core::ground::words::count;
use tracesift_core::trace::Outcome;

/// Radius of a dot.
const DOT: f64 = 3.2;

fn legend(figure: &Figure, scatter: &Scatter, palette: &Palette) -> Vec<Entry> {
    let mut entries: Vec<Entry> = vec![(Marker::None, figure.y.clone().into_owned())];
    for (&outcome, n) in Outcome::ALL.iter().zip(&scatter.outcomes) {
        if n.all > 0 {
            let marker = Marker::Symbol(outcome, palette.outcome(outcome));
            entries.push((marker, format!("{} {}", outcome.name(), count(n.selected))));
        }
    }
    if scatter.known.filtered() {
        let others = scatter.known.all.saturating_sub(scatter.known.selected);
        let marker = Marker::Outlined(palette.paper.thin(0.0), palette.all);
        entries.push((marker, format!("not selected {}", count(others))));
    }
    entries
}

pub(super) fn layout(
    scene: &mut Scene,
    figure: &Figure,
    scatter: &Scatter,
    room: Rect,
    palette: &Palette,
) {
    let room = guide::legend(scene, &legend(figure, scatter, palette), room, palette);
    let up = UpAxis {
        scale: Scale::Log,
        ends: widened(scatter.up),
        whole: true,
        head: 4.0,
        words: &guide::axis_number,
    };
    let (plot, y) = guide::upright(scene, room, up, palette);
    let x = Axis::new(Scale::Log, widened(scatter.across), (plot.left, plot.right));
    let free = (plot.left, plot.right + 1.0);
    guide::below(scene, plot, &x, free, &figure.x, palette);
    budget(scene, scatter, &y, plot, palette);
    for dot in &scatter.dots {
        let at = (x.px_of(dot.turns), y.px_of(dot.tokens));
        let ink = match dot.selected {
            true => palette.outcome(dot.outcome).thin(0.7),
            false => palette.all.thin(0.45),
        };
        guide::symbol(scene, dot.outcome, at, DOT, dot.selected, ink);
        scene.regions.push(Region {
            place: HitArea::Near(at),
            says: Says::Dot(*dot),
        });
    }
    scene.axis = Some(x);
}

/// Room around the outermost dots.
fn widened((low, high): (f64, f64)) -> (f64, f64) {
    (low / 1.15, high * 1.15)
}

fn budget(scene: &mut Scene, scatter: &Scatter, y: &Axis, plot: Rect, palette: &Palette) {
    let (low, high) = y.ends();
    let Some(mark) = scatter
        .mark
        .as_ref()
        .filter(|mark| mark.at >= low && mark.at <= high)
    else {
        return;
    };
    let at = y.px_of(mark.at).round();
    let points = vec![(plot.left, at), (plot.right, at)];
    guide::line(scene, points, 1.5, guide::DASHED, palette.budget);
    let above = if at - plot.top < 20.0 { 9.0 } else { -9.0 };
    scene.sized(
        (plot.right - 2.0, at + above),
        mark.words.clone(),
        SMALL,
        Align::End,
        palette.budget,
    );
}
