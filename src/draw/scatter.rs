//! One dot per row, both axes logarithmic: rows that are not selected are hollow and grey, at the back.
//! Colour and shape say the outcome.

use super::axis::Axis;
use super::guide::{self, Entry, Marker, UpAxis};
use super::scene::{HitArea, Rect, Region, Says, Scene};
use super::theme::Palette;
use tracesift_core::figure::{Figure, Mark, Scatter};
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
    if let Some(mark) = budget(scatter) {
        let marker = Marker::Line(palette.budget, guide::DASHED);
        entries.push((marker, mark.words.clone()));
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
        says: guide::Says::Tokens,
    };
    let (plot, y) = guide::upright(scene, room, up, palette);
    let x = Axis::new(Scale::Log, widened(scatter.across), (plot.left, plot.right));
    let free = (plot.left, plot.right + 1.0);
    guide::below(scene, plot, &x, free, &figure.x, palette);
    if let Some(mark) = budget(scatter) {
        let at = y.px_of(mark.at).round();
        let points = vec![(plot.left, at), (plot.right, at)];
        guide::line(scene, points, 1.5, guide::DASHED, palette.budget);
    }
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

/// The budget, where it is within an axis. Its words stand in the legend: in the plot they would lie on dots.
fn budget(scatter: &Scatter) -> Option<&Mark> {
    let (low, high) = widened(scatter.up);
    let mark = scatter.mark.as_ref();
    mark.filter(|mark| (low..=high).contains(&mark.at))
}
