//! Parts of wholes: one bar of length one per group, one segment per outcome, its share written in it.
//! Of each segment the selected rows' part is filled, the rest only outlined.

use super::guide::{self, Entry, Marker};
use super::scene::{Align, Ink, Rect, Scene};
use super::theme::Palette;
use super::{FACE, SMALL};
use crate::draw::text::{fitted, width};
use tracesift_core::figure::{Count, Figure, Group, Rule, Shares};
use tracesift_core::ground::words::{count, plural, share};
use tracesift_core::recipe::ListKey;
use tracesift_core::trace::Outcome;

/// Height of a group with its space.
const ROW: f64 = 50.0;
/// Height of its name.
const NAME: f64 = 18.0;
/// Height of its bar.
const THICK: f64 = 20.0;

fn legend(figure: &Figure, shares: &Shares, palette: &Palette) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Outcome::ALL
        .iter()
        .enumerate()
        .filter(|(i, _)| {
            let parts = shares.groups.iter().filter_map(|group| group.parts.get(*i));
            parts.map(|part| part.all).sum::<u64>() > 0
        })
        .map(|(_, &outcome)| {
            (
                Marker::Symbol(outcome, palette.outcome(outcome)),
                outcome.name().to_owned(),
            )
        })
        .collect();
    if figure.rows.filtered() {
        entries.push((Marker::Filled(palette.all), "selected".to_owned()));
        entries.push((
            Marker::Outlined(palette.paper.thin(0.0), palette.all),
            "all rows".to_owned(),
        ));
    }
    entries
}

pub(super) fn height(figure: &Figure, shares: &Shares, width: f64) -> f64 {
    let entries = legend(figure, shares, super::Theme::Light.palette());
    guide::legend_height(&entries, width) + shares.groups.len() as f64 * ROW + 2.0
}

pub(super) fn layout(
    scene: &mut Scene,
    figure: &Figure,
    shares: &Shares,
    room: Rect,
    palette: &Palette,
) {
    let room = guide::legend(scene, &legend(figure, shares, palette), room, palette);
    scene.plot = Rect::new(
        room.left,
        room.top,
        room.right,
        room.top + shares.groups.len() as f64 * ROW,
    );
    for (i, group) in shares.groups.iter().enumerate() {
        let top = room.top + i as f64 * ROW + 4.0;
        name(scene, group, top, room, palette);
        let bar = Rect::new(room.left, top + NAME, room.right, top + NAME + THICK);
        segments(scene, figure, group, bar, palette);
    }
}

fn name(scene: &mut Scene, group: &Group, top: f64, room: Rect, palette: &Palette) {
    let rows = group.rows();
    let words = match rows.filtered() {
        true => format!(
            "{} of {}",
            count(rows.selected),
            plural(rows.all, "row", "rows")
        ),
        false => plural(rows.all, "row", "rows"),
    };
    let free = room.width() - width(&words, SMALL) - 12.0;
    let y = top + NAME / 2.0 - 1.0;
    scene.text(
        (room.left, y),
        fitted(&group.name, FACE, free),
        Align::Start,
        palette.ink,
    );
    scene.sized((room.right, y), words, SMALL, Align::End, palette.soft);
}

fn segments(scene: &mut Scene, figure: &Figure, group: &Group, bar: Rect, palette: &Palette) {
    let all = group.rows().all.max(1) as f64;
    let mut before = 0u64;
    for (&outcome, &part) in Outcome::ALL.iter().zip(&group.parts) {
        let left = bar.left + bar.width() * before as f64 / all;
        before = before.saturating_add(part.all);
        let right = bar.left + bar.width() * before as f64 / all;
        if part.all == 0 {
            continue;
        }
        // Two pixels of ground between neighbours.
        let end = if right >= bar.right - 0.5 {
            right
        } else {
            (right - 2.0).max(left + 1.0)
        };
        let rect = Rect::new(left, bar.top, end, bar.bottom);
        segment(scene, figure, rect, part, palette.outcome(outcome), palette);
        percent(scene, figure, rect, part, group.rows().all, palette);
        let mut rules = group.rules.clone();
        // No filter says "all other pairs".
        if !rules.is_empty() {
            rules.push(Rule::Is(ListKey::Outcome, outcome.name().to_owned()));
        }
        let over = Rect::new(left, bar.top - NAME, right, bar.bottom + 6.0);
        scene.region(over, group.words(outcome, part), rules);
    }
}

fn segment(
    scene: &mut Scene,
    figure: &Figure,
    rect: Rect,
    part: Count,
    ink: Ink,
    palette: &Palette,
) {
    if !figure.rows.filtered() {
        return scene.area(rect, ink);
    }
    scene.area(rect, palette.paper.thin(0.0));
    scene.area(rect, ink.thin(0.16));
    if part.selected > 0 {
        let filled = Rect {
            right: border(rect, part),
            ..rect
        };
        scene.area(filled, ink);
    }
    scene.outline(rect, 1.0, ink);
}

/// Where the selected part of a segment ends.
fn border(rect: Rect, part: Count) -> f64 {
    rect.left + rect.width() * part.selected as f64 / part.all.max(1) as f64
}

/// The share, written where it has room on one ground: in the filled part or in the rest.
fn percent(
    scene: &mut Scene,
    figure: &Figure,
    rect: Rect,
    part: Count,
    all: u64,
    palette: &Palette,
) {
    let words = share(part.all, all);
    let wide = width(&words, SMALL) + 8.0;
    let border = match figure.rows.filtered() {
        true => border(rect, part),
        false => rect.right,
    };
    let (x, ink) = if border - rect.left >= wide {
        (rect.left + 5.0, palette.on_mark)
    } else if rect.right - border >= wide {
        (border + 5.0, palette.ink)
    } else {
        return;
    };
    scene.sized(
        (x, (rect.top + rect.bottom) / 2.0),
        words,
        SMALL,
        Align::Start,
        ink,
    );
}
