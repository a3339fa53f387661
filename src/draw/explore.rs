//! A person's own chart: small charts side by side with the same axes, of dots, columns, bars or boxes, their parts told
//! apart by colour and by shape or hatching.

use super::axis::Axis;
use super::guide::{self, Entry, Marker, Says as Counts, UpAxis};
use super::scene::{Align, HitArea, Ink, Rect, Region, Says, Scene};
use super::theme::Palette;
use super::{FACE, SMALL};
use crate::draw::text::{fitted, width};
use tracesift_core::figure::explore::{Boxes, Dot, Ends, Explore, Marks, Panel, Stack};
use tracesift_core::figure::{Figure, Rule};
use tracesift_core::frame::histogram::Scale;
use tracesift_core::ground::words::{count, plural, short};
use tracesift_core::trace::Outcome;

/// The least width of a small chart.
const LEAST: f64 = 230.0;
/// Between two small charts.
const GAP: f64 = 18.0;
/// Height of a small chart's name.
const NAME: f64 = 20.0;
/// Height of a chart of dots or columns.
const HEIGHT: f64 = 230.0;
/// Height of a bar with its space.
const ROW: f64 = 23.0;
/// Height of the box of a part.
const BOX: f64 = 11.0;
/// Below bars and boxes: the axis with its name.
const BELOW: f64 = 38.0;
/// Radius of a dot.
const DOT: f64 = 3.0;

/// The colour of a part, and the outcome whose symbol its dots have.
fn look(explore: &Explore, part: usize, palette: &Palette) -> (Ink, Outcome) {
    let outcome = explore.parts.get(part).and_then(|part| part.outcome);
    if let Some(outcome) = outcome {
        return (palette.outcome(outcome), outcome);
    }
    let ink = palette.names().get(part).copied();
    let shape = Outcome::ALL.get(part % Outcome::ALL.len()).copied();
    (ink.unwrap_or(palette.all), shape.unwrap_or_default())
}

fn legend(figure: &Figure, explore: &Explore, palette: &Palette) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let marks = explore.panels.first().map(|panel| &panel.marks);
    if matches!(marks, Some(Marks::Dots(_) | Marks::Columns(_))) {
        entries.push((Marker::None, figure.y.clone().into_owned()));
    }
    if explore.parts.len() < 2 {
        return entries;
    }
    for (at, part) in explore.parts.iter().enumerate() {
        let (ink, outcome) = look(explore, at, palette);
        let marker = match marks {
            Some(Marks::Dots(_)) => Marker::Symbol(outcome, ink),
            _ if at % 2 == 1 => Marker::Hatched(ink, palette.on_mark),
            _ => Marker::Filled(ink),
        };
        entries.push((marker, part.name.clone()));
    }
    entries
}

/// How many small charts stand side by side, and how wide each is.
fn columns(explore: &Explore, width: f64) -> (usize, f64) {
    let fit = ((width + GAP) / (LEAST + GAP)).floor().max(1.0) as usize;
    let side = explore.panels.len().min(fit).max(1);
    (side, (width - GAP * (side as f64 - 1.0)) / side as f64)
}

/// The height of a small chart, without its name.
fn panel_height(explore: &Explore, panel: &Panel) -> f64 {
    match &panel.marks {
        Marks::Dots(_) | Marks::Columns(_) => HEIGHT,
        Marks::Bars(bars) => bars.len() as f64 * ROW + BELOW,
        Marks::Boxes(boxes) => boxes.len() as f64 * box_row(explore) + BELOW,
    }
}

fn box_row(explore: &Explore) -> f64 {
    (explore.parts.len() as f64 * BOX + 8.0).max(ROW)
}

fn name_height(explore: &Explore) -> f64 {
    if explore.panels.len() > 1 { NAME } else { 0.0 }
}

pub(super) fn height(figure: &Figure, explore: &Explore, width: f64) -> f64 {
    let entries = legend(figure, explore, super::Theme::Light.palette());
    let (side, _) = columns(explore, width);
    let one = explore
        .panels
        .first()
        .map_or(HEIGHT, |panel| panel_height(explore, panel));
    let rows = explore.panels.len().div_ceil(side) as f64;
    guide::legend_height(&entries, width)
        + rows * (one + name_height(explore))
        + (rows - 1.0).max(0.0) * GAP
}

pub(super) fn layout(
    scene: &mut Scene,
    figure: &Figure,
    explore: &Explore,
    room: Rect,
    palette: &Palette,
) {
    let room = guide::legend(scene, &legend(figure, explore, palette), room, palette);
    let (side, wide) = columns(explore, room.width());
    let highest = highest(explore);
    for (at, panel) in explore.panels.iter().enumerate() {
        let tall = panel_height(explore, panel) + name_height(explore);
        let left = room.left + (at % side) as f64 * (wide + GAP);
        let top = room.top + (at / side) as f64 * (tall + GAP);
        let mut place = Rect::new(left, top, left + wide, top + tall);
        if name_height(explore) > 0.0 {
            let words = format!("{} · {}", panel.name, plural(panel.rows, "row", "rows"));
            let words = fitted(&words, FACE, wide);
            scene.text((left, top + NAME / 2.0), words, Align::Start, palette.ink);
            place.top += NAME;
        }
        let drawn = Drawn {
            figure,
            explore,
            panel,
            palette,
        };
        match &panel.marks {
            Marks::Dots(dots) => drawn.dots(scene, dots, place),
            Marks::Columns(stacks) => drawn.columns(scene, stacks, place, highest),
            Marks::Bars(stacks) => drawn.bars(scene, stacks, place, highest),
            Marks::Boxes(boxes) => drawn.boxes(scene, boxes, place),
        }
    }
    scene.plot = room;
}

/// The most rows of a bar or column: all small charts have one scale.
fn highest(explore: &Explore) -> f64 {
    let stacks = explore.panels.iter().flat_map(|panel| match &panel.marks {
        Marks::Columns(stacks) | Marks::Bars(stacks) => stacks.as_slice(),
        _ => &[],
    });
    stacks.map(Stack::rows).max().unwrap_or(1).max(1) as f64
}

/// An axis of numbers between two pixels; room is left around the outermost dots.
fn axis(ends: Ends, pixels: (f64, f64), is_wider: bool) -> Axis {
    let Ends {
        scale,
        low,
        high,
        is_tokens,
    } = ends;
    let reach = match scale {
        _ if !is_wider => (low, high),
        Scale::Log => (low / 1.15, high * 1.15),
        Scale::Linear => {
            let more = (high - low) * 0.04;
            (
                (low - more).max(if low >= 0.0 { 0.0 } else { f64::MIN }),
                high + more,
            )
        }
    };
    let axis = Axis::new(scale, reach, pixels);
    if is_tokens { axis.of_tokens() } else { axis }
}

/// A small chart that is drawn.
struct Drawn<'d> {
    figure: &'d Figure,
    explore: &'d Explore,
    panel: &'d Panel,
    palette: &'d Palette,
}

impl Drawn<'_> {
    /// A mark's words, with the small chart that it is in.
    fn words(&self, name: &str, part: usize, says: &str) -> String {
        let words = self.explore.words(name, part, says);
        match self.panel.name.is_empty() {
            true => words,
            false => format!("{} · {words}", self.panel.name),
        }
    }

    fn dots(&self, scene: &mut Scene, dots: &[Dot], place: Rect) {
        let (Some(across), Some(up)) = (self.explore.across, self.explore.up) else {
            return guide::sentence(scene, "No row has both numbers.", place, self.palette);
        };
        let wider = axis(up, (0.0, 1.0), true).ends();
        let up = UpAxis {
            scale: up.scale,
            ends: wider,
            whole: false,
            head: 4.0,
            says: if up.is_tokens {
                Counts::Tokens
            } else {
                Counts::Numbers
            },
        };
        let (plot, y) = guide::upright(scene, place, up, self.palette);
        let x = axis(across, (plot.left, plot.right), true);
        guide::below(
            scene,
            plot,
            &x,
            (plot.left - 12.0, plot.right + 1.0),
            &self.figure.x,
            self.palette,
        );
        let part_name = |part: u8| {
            self.explore
                .parts
                .get(usize::from(part))
                .map_or("", |part| &*part.name)
        };
        for dot in dots {
            let at = (x.px_of(dot.x), y.px_of(dot.y));
            let (ink, outcome) = look(self.explore, dot.part.into(), self.palette);
            guide::symbol(scene, outcome, at, DOT, true, ink.thin(0.7));
            let words = dot.words(&self.figure.x, &self.figure.y, part_name(dot.part));
            scene.regions.push(Region {
                place: HitArea::Near(at),
                says: Says::Words(words, vec![Rule::Row(dot.row)]),
            });
        }
    }

    fn columns(&self, scene: &mut Scene, stacks: &[Stack], place: Rect, highest: f64) {
        let Some(across) = self.explore.across.filter(|_| !stacks.is_empty()) else {
            return guide::sentence(
                scene,
                "The number is not known of any row.",
                place,
                self.palette,
            );
        };
        let up = UpAxis {
            scale: Scale::Linear,
            ends: (0.0, highest),
            whole: true,
            head: 6.0,
            says: Counts::Numbers,
        };
        let (plot, y) = guide::upright(scene, place, up, self.palette);
        // What is past the axis' end has a column of its own at the side.
        let is_past = stacks
            .last()
            .is_some_and(|last| last.reach.0 >= across.high);
        let right = plot.right - if is_past { 26.0 } else { 0.0 };
        let x = axis(across, (plot.left, right), false);
        let inner = Rect { right, ..plot };
        guide::below(
            scene,
            inner,
            &x,
            (plot.left - 12.0, right + 1.0),
            &self.figure.x,
            self.palette,
        );
        for stack in stacks {
            let is_past = stack.reach.0 >= across.high;
            let (left, end) = match is_past {
                true => (plot.right - 16.0, plot.right),
                false => {
                    let from = x.px_of(stack.reach.0).round();
                    (from, (x.px_of(stack.reach.1).round() - 1.0).max(from + 1.0))
                }
            };
            if is_past {
                scene.level(left, end, plot.bottom, self.palette.base);
                let at = ((left + end) / 2.0, plot.bottom + 13.0);
                scene.sized(at, "more", SMALL, Align::Middle, self.palette.soft);
            }
            let mut below = 0;
            for (part, rows) in stack
                .counts
                .iter()
                .enumerate()
                .filter(|(_, rows)| **rows > 0)
            {
                let (from, to) = (y.px_of(below as f64), y.px_of((below + rows) as f64));
                self.area(scene, Rect::new(left, to, end, from), part);
                below += rows;
            }
            let over = Rect::new(left - 0.5, plot.top, end + 0.5, plot.bottom + 18.0);
            let words = self.stack_words(stack, &self.figure.x);
            scene.region(over, words, stack.rule.iter().cloned().collect());
        }
    }

    fn bars(&self, scene: &mut Scene, stacks: &[Stack], place: Rect, highest: f64) {
        let names: Vec<&str> = stacks.iter().map(|stack| stack.name.as_str()).collect();
        let plot = self.named(scene, &names, ROW, place);
        let x = Axis::new(Scale::Linear, (0.0, highest), (plot.left, plot.right));
        for (at, stack) in stacks.iter().enumerate() {
            let top = plot.top + at as f64 * ROW;
            let mut before = 0;
            for (part, rows) in stack
                .counts
                .iter()
                .enumerate()
                .filter(|(_, rows)| **rows > 0)
            {
                let (from, to) = (x.px_of(before as f64), x.px_of((before + rows) as f64));
                self.area(
                    scene,
                    Rect::new(from, top + 4.0, to.max(from + 1.0), top + ROW - 5.0),
                    part,
                );
                before += rows;
            }
            let whole = Rect::new(place.left, top, place.right, top + ROW);
            scene.region(
                whole,
                self.stack_words(stack, ""),
                stack.rule.iter().cloned().collect(),
            );
        }
        let free = (plot.left - 12.0, plot.right + 1.0);
        guide::below(scene, plot, &x, free, "rows", self.palette);
    }

    fn boxes(&self, scene: &mut Scene, boxes: &[Boxes], place: Rect) {
        let Some(across) = self.explore.across else {
            return guide::sentence(
                scene,
                "The number is not known of any row.",
                place,
                self.palette,
            );
        };
        let row = box_row(self.explore);
        let names: Vec<&str> = boxes.iter().map(|of| of.name.as_str()).collect();
        let plot = self.named(scene, &names, row, place);
        let x = axis(across, (plot.left, plot.right), true);
        for (at, of) in boxes.iter().enumerate() {
            let top = plot.top + at as f64 * row;
            let first = top + (row - of.parts.len() as f64 * BOX) / 2.0;
            for (part, quartiles) in of.parts.iter().enumerate() {
                let Some(q) = quartiles else { continue };
                let y = first + part as f64 * BOX;
                let (from, to) = (x.px_of(q.p25), x.px_of(q.p75));
                self.area(
                    scene,
                    Rect::new(from, y + 1.0, to.max(from + 2.0), y + BOX - 1.0),
                    part,
                );
                let median = x.px_of(q.median);
                let line = Rect::new(median - 1.0, y - 0.5, median + 1.0, y + BOX + 0.5);
                scene.area(line, self.palette.ink);
                let says = format!(
                    "median {}, half between {} and {}, n {}",
                    short(q.median),
                    short(q.p25),
                    short(q.p75),
                    count(q.n)
                );
                let over = Rect::new(place.left, y, place.right, y + BOX);
                scene.region(
                    over,
                    self.words(&of.name, part, &says),
                    of.rule.iter().cloned().collect(),
                );
            }
        }
        let free = (plot.left - 12.0, plot.right + 1.0);
        guide::below(scene, plot, &x, free, &self.figure.x, self.palette);
    }

    /// Writes names at the left of rows; gives what is left for the marks.
    fn named(&self, scene: &mut Scene, names: &[&str], row: f64, place: Rect) -> Rect {
        let widest = names
            .iter()
            .map(|name| width(name, FACE))
            .fold(0.0, f64::max);
        let wide = widest.min(place.width() * 0.38);
        let left = (place.left + wide + 8.0).round();
        for (at, name) in names.iter().enumerate() {
            let y = place.top + (at as f64 + 0.5) * row;
            let words = fitted(name, FACE, wide);
            scene.text((left - 8.0, y), words, Align::End, self.palette.ink);
        }
        let bottom = place.top + names.len() as f64 * row;
        Rect::new(
            left,
            place.top,
            (place.right - 8.0).max(left + 40.0),
            bottom,
        )
    }

    /// Fills a mark with its part's colour; every second part is hatched.
    fn area(&self, scene: &mut Scene, rect: Rect, part: usize) {
        let (ink, _) = look(self.explore, part, self.palette);
        scene.area(rect, ink);
        if part % 2 == 1 {
            scene.hatch(rect, 5.0, self.palette.on_mark.thin(0.6));
        }
    }

    /// What a stack says, with its parts: `20 to 39 turns: 34 rows; success 20, failure 14`.
    fn stack_words(&self, stack: &Stack, unit: &str) -> String {
        let rows = plural(stack.rows(), "row", "rows");
        let mut words = match unit {
            "" => format!("{}: {rows}", stack.name),
            unit => format!("{unit} {}: {rows}", stack.name),
        };
        if !self.panel.name.is_empty() {
            words = format!("{} · {words}", self.panel.name);
        }
        let parts = self.explore.parts.iter().zip(&stack.counts);
        let parts = parts.filter(|(part, rows)| **rows > 0 && !part.name.is_empty());
        let parts: Vec<String> = parts
            .map(|(part, rows)| format!("{} {}", part.name, count(*rows)))
            .collect();
        if !parts.is_empty() {
            words.push_str(&format!("; {}", parts.join(", ")));
        }
        words
    }
}
