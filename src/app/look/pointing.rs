//! What a hand does on a chart: a pointer, a finger or keys say what is there, and set a rule by click, brush or Enter.
//! Moves are followed once a frame, however many come. A finger's first tap shows, its second one chooses.

use leptos::leptos_dom::helpers::request_animation_frame;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, KeyboardEvent, PointerEvent};

use super::chart::{Drawn, clear};
use crate::app::store::Store;
use crate::draw::Hit;
use crate::draw::scene::Rect;
use tracesift_core::figure::{Rule, Sets};
use tracesift_core::recipe::{Bounds, RangeKey};

/// A movement shorter than this is a click, in CSS pixels.
const CLICK: f64 = 4.0;

/// Where pointer and keys are on a chart.
#[derive(Clone, Copy)]
pub(super) struct Pointing {
    /// What is said, and where.
    tip: RwSignal<Option<Tip>>,
    /// Where a brush began, horizontally.
    begun: StoredValue<Option<f64>>,
    /// Where the pointer has moved since the last frame.
    moved: StoredValue<Option<(f64, f64)>>,
    /// What a finger has tapped once.
    tapped: StoredValue<Option<Hit>>,
    /// The marks between which keys have walked: where they began to extend, and where they are.
    walked: RwSignal<Option<(usize, usize)>>,
}

/// What is said beside the pointer.
#[derive(Debug, Clone, PartialEq)]
struct Tip {
    words: String,
    x: f64,
    y: f64,
}

impl Pointing {
    pub fn new() -> Self {
        Self {
            tip: RwSignal::new(None),
            begun: StoredValue::new(None),
            moved: StoredValue::new(None),
            tapped: StoredValue::new(None),
            walked: RwSignal::new(None),
        }
    }

    /// Nothing is pointed at any more.
    pub fn leave(self) {
        self.say(None);
        self.begun.set_value(None);
        self.moved.set_value(None);
        self.tapped.set_value(None);
        if self.walked.with_untracked(Option::is_some) {
            self.walked.set(None);
        }
    }

    fn say(self, tip: Option<Tip>) {
        if self.tip.with_untracked(|shown| *shown != tip) {
            self.tip.set(tip);
        }
    }
}

/// What is said beside the pointer, and the frame around what keys have reached; those who do not see it hear it.
#[component]
pub(super) fn Shown(drawn: Drawn) -> impl IntoView {
    let pointing = drawn.pointing;
    let reached = move || {
        let (from, to) = pointing.walked.get()?;
        drawn.plot.with(|plot| {
            let plot = plot.as_ref()?;
            let ((a, _), (b, _)) = (plot.mark(from)?, plot.mark(to)?);
            Some(Rect::new(
                a.left.min(b.left),
                a.top.min(b.top),
                a.right.max(b.right),
                a.bottom.max(b.bottom),
            ))
        })
    };
    let heard = move || {
        let is_by_key = pointing.walked.with(Option::is_some);
        let words = pointing
            .tip
            .with(|tip| tip.as_ref().map(|tip| tip.words.clone()));
        words.filter(|_| is_by_key)
    };
    view! {
        {move || reached().map(|Rect { left, top, right, bottom }| view! {
            <div class="reached" style:left=format!("{left}px") style:top=format!("{top}px")
                style:width=format!("{}px", right - left) style:height=format!("{}px", bottom - top)></div>
        })}
        {move || pointing.tip.get().map(|tip| view! {
            <div class="tip" style:left=format!("{}px", tip.x) style:top=format!("{}px", tip.y)>{tip.words}</div>
        })}
        <span class="unseen" role="status">{heard}</span>
    }
}

/// The pointer moved: it is followed when the next frame is drawn.
pub(super) fn moved(store: Store, drawn: Drawn, event: &PointerEvent) {
    let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
    let is_waiting = drawn
        .pointing
        .moved
        .try_update_value(|moved| moved.replace(at).is_some());
    if is_waiting == Some(false) {
        request_animation_frame(move || {
            let at = drawn.pointing.moved.try_update_value(Option::take);
            if let Some((x, y)) = at.flatten() {
                follow(store, drawn, x, y);
            }
        });
    }
}

/// Says what is under the pointer, and what a brush that has begun would choose, which it chooses.
fn follow(store: Store, drawn: Drawn, x: f64, y: f64) {
    let begun = drawn.pointing.begun.get_value();
    let brushed = begun.filter(|begun| (x - begun).abs() >= CLICK);
    let brushed = brushed.and_then(|begun| brush(store, drawn, begun, x));
    let words = brushed.or_else(|| {
        let hit = drawn.plot.with_untracked(|plot| plot.as_ref()?.hit(x, y));
        hit.map(|hit| hit.words)
    });
    drawn.pointing.say(words.map(|words| tip(words, x, y)));
}

fn tip(words: String, x: f64, y: f64) -> Tip {
    Tip {
        words,
        x: (x - 40.0).max(0.0),
        y: y + 18.0,
    }
}

/// Chooses what lies between two horizontal pixels; says it as the rule does.
fn brush(store: Store, drawn: Drawn, from: f64, to: f64) -> Option<String> {
    let brushed = drawn
        .plot
        .with_untracked(|plot| plot.as_ref()?.brush(from, to));
    let (key, bounds) = brushed?;
    set(store, key, bounds);
    Some(key.words(bounds))
}

/// Sets a range, unless it is set already: the same choice again is none.
fn set(store: Store, key: RangeKey, bounds: Bounds) {
    let is_set = store
        .rows
        .filters
        .with_untracked(|filters| filters.ranges.get(&key).copied().unwrap_or_default() == bounds);
    if !is_set {
        store.filter(|filters| filters.set_range(key, bounds));
    }
}

/// The pointer went down: a brush may begin.
pub(super) fn pressed(drawn: Drawn, event: &PointerEvent) {
    drawn
        .pointing
        .begun
        .set_value(Some(f64::from(event.offset_x())));
    drawn.pointing.walked.set(None);
    if let Some(canvas) = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlCanvasElement>().ok())
    {
        let _ = canvas.set_pointer_capture(event.pointer_id());
    }
}

/// The pointer came up: where it has hardly moved it was a click, or a tap.
pub(super) fn released(store: Store, drawn: Drawn, event: &PointerEvent) {
    let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
    let pointing = drawn.pointing;
    let begun = pointing.begun.get_value();
    pointing.begun.set_value(None);
    let Some(begun) = begun else { return };
    if (x - begun).abs() >= CLICK {
        // The last move may still wait for its frame.
        brush(store, drawn, begun, x);
        return;
    }
    let hit = drawn.plot.with_untracked(|plot| plot.as_ref()?.hit(x, y));
    if event.pointer_type() == "touch" && pointing.tapped.get_value() != hit {
        pointing.say(hit.clone().map(|hit| tip(hit.words, x, y)));
        pointing.tapped.set_value(hit);
        return;
    }
    if drawn.kind.sets() == Sets::Budget {
        let budget = drawn.plot.with_untracked(|plot| plot.as_ref()?.round_at(x));
        set_budget(store, budget);
    } else if let Some(hit) = hit {
        choose(store, hit);
    }
}

/// The pointer left; a finger that was lifted has not.
pub(super) fn left(drawn: Drawn, event: &PointerEvent) {
    if event.pointer_type() != "touch" {
        drawn.pointing.moved.set_value(None);
        drawn.pointing.say(None);
    }
}

fn set_budget(store: Store, budget: Option<f64>) {
    if let Some(budget) = budget.filter(|budget| budget.is_finite() && *budget >= 1.0) {
        store.choose(|recipe| recipe.budget = budget.round() as u64);
    }
}

/// Shows the rows behind a mark: a bar sets its rule, or takes it back; a dot opens its row.
fn choose(store: Store, hit: Hit) {
    for rule in hit.rows {
        match rule {
            Rule::Is(key, value) => store.filter(|filters| filters.toggle(key, &value)),
            Rule::Within(key, bounds) => store.filter(|filters| {
                let is_set = filters.ranges.get(&key) == Some(&bounds);
                let bounds = if is_set { Bounds::default() } else { bounds };
                filters.set_range(key, bounds);
            }),
            Rule::Row(row) => store.open(row),
        }
    }
}

/// A key: arrows walk over the marks, with Shift they extend, Enter chooses, Delete takes the rule back.
pub(super) fn key(store: Store, drawn: Drawn, event: &KeyboardEvent) {
    let pointing = drawn.pointing;
    let marks = drawn
        .plot
        .with_untracked(|plot| plot.as_ref().map_or(0, |plot| plot.marks()));
    if marks == 0 || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let walked = pointing.walked.get_untracked();
    let last = marks - 1;
    let now = walked.map(|(_, now)| now.min(last));
    let to = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => now.map_or(0, |now| (now + 1).min(last)),
        "ArrowLeft" | "ArrowUp" => now.map_or(last, |now| now.saturating_sub(1)),
        "Home" => 0,
        "End" => last,
        "Enter" | " " if walked.is_some() => {
            event.prevent_default();
            return take(store, drawn);
        }
        "Delete" | "Backspace" => {
            event.prevent_default();
            return clear(store, drawn.kind);
        }
        "Escape" if walked.is_some() => return pointing.leave(),
        _ => return,
    };
    event.prevent_default();
    let is_range = matches!(drawn.kind.sets(), Sets::Range(_));
    let from = walked.filter(|_| is_range && event.shift_key());
    pointing
        .walked
        .set(Some((from.map_or(to, |(from, _)| from), to)));
    say_walked(drawn);
}

/// Says what keys have reached.
fn say_walked(drawn: Drawn) {
    let said = drawn.plot.with_untracked(|plot| {
        let plot = plot.as_ref()?;
        let (from, to) = drawn.pointing.walked.get_untracked()?;
        let (rect, hit) = plot.mark(to)?;
        let (_, first) = plot.mark(from)?;
        let words = match joined(&first, &hit) {
            Some((key, bounds)) if from != to => key.words(bounds),
            _ => hit.words,
        };
        Some(tip(words, (rect.left + rect.right) / 2.0, rect.bottom))
    });
    drawn.pointing.say(said);
}

/// Chooses what keys have reached.
fn take(store: Store, drawn: Drawn) {
    let found = drawn.plot.with_untracked(|plot| {
        let plot = plot.as_ref()?;
        let (from, to) = drawn.pointing.walked.get_untracked()?;
        Some((plot.mark(from)?.1, plot.mark(to)?.1, from == to))
    });
    let Some((first, last, is_one)) = found else {
        return;
    };
    match (drawn.kind.sets(), joined(&first, &last)) {
        (Sets::Budget, Some((_, bounds))) => set_budget(store, bounds.high),
        (_, Some((key, bounds))) if !is_one => set(store, key, bounds),
        _ => choose(store, last),
    }
}

/// The range from one mark to another, whichever comes first.
fn joined(one: &Hit, other: &Hit) -> Option<(RangeKey, Bounds)> {
    let (&Rule::Within(key, a), &Rule::Within(_, b)) = (one.rows.first()?, other.rows.first()?)
    else {
        return None;
    };
    let ends = |of: fn(Bounds) -> Option<f64>| of(a).zip(of(b));
    Some((
        key,
        Bounds {
            low: ends(|bounds| bounds.low).map(|(a, b)| a.min(b)),
            high: ends(|bounds| bounds.high).map(|(a, b)| a.max(b)),
        },
    ))
}
