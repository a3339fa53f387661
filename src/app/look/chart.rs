//! One figure on the page: it is drawn on a canvas, says what is under the pointer, sets a rule by click, brush or key, shows
//! the rule that it has set, and can be read as a table or taken as a file.

use leptos::html;
use leptos::prelude::*;
use plotters::drawing::IntoDrawingArea;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::keep::{Kept, Menu};
use super::pointing::{self, Pointing};
use crate::app::info::Info;
use crate::app::store::{Store, rows_state, store};
use crate::app::{browser, busy};
use crate::draw::height;
use crate::draw::{Plot, Theme, draw};
use tracesift_core::figure::{Figure, Kind, Sets};

/// A figure as it changes; `None` before there is one.
pub type Figures = Signal<Option<Figure>>;

/// What a chart has drawn, and where pointer and keys are on it.
#[derive(Clone, Copy)]
pub(super) struct Drawn {
    pub kind: Kind,
    pub figure: Figures,
    pub plot: RwSignal<Option<Plot>>,
    pub pointing: Pointing,
}

/// The figure of a kind.
#[component]
pub fn Chart(
    /// Which chart it is.
    kind: Kind,
    /// The page's colours.
    theme: Memo<Theme>,
    /// What is drawn.
    figure: Figures,
) -> impl IntoView {
    let store = store();
    let canvas = NodeRef::<html::Canvas>::new();
    let drawn = Drawn {
        kind,
        figure,
        plot: RwSignal::new(None),
        pointing: Pointing::new(),
    };
    let width = browser::width_of(canvas);
    let is_drawn_soon = StoredValue::new(false);
    Effect::new(move |_| {
        figure.track();
        theme.track();
        // A canvas that is hidden has no width: nothing is drawn to be stretched.
        let has_room = width.get() > 0.0;
        if has_room
            && !is_drawn_soon
                .try_update_value(|is| std::mem::replace(is, true))
                .unwrap_or(true)
        {
            busy::soon(move || {
                is_drawn_soon.try_set_value(false);
                put(drawn, canvas, theme, width);
            });
        }
    });
    let text = move |of: fn(&Figure) -> &str| {
        drawn.figure.with(|figure| {
            figure
                .as_ref()
                .map(|figure| of(figure).to_owned())
                .unwrap_or_default()
        })
    };
    let id = kind.name();
    let how_id = format!("{id}-how");
    let has_tokens = kind.needs_tokens();
    let is_table = RwSignal::new(false);
    // What keys have nothing to walk over is no stop on the way of Tab.
    let is_walked = Memo::new(move |_| {
        drawn
            .plot
            .with(|plot| plot.as_ref().is_some_and(|plot| plot.marks() > 0))
    });
    view! {
        <figure class="chart" id=id data-stale=move || if has_tokens { store.data_stale() } else { None }>
            <div class="chart-head">
                <h3>{kind.title()}</h3>
                <Info of=kind.title() words=kind.definition()/>
                <Set kind/>
                <Menu drawn theme is_table/>
            </div>
            <figcaption>{move || text(|figure| &figure.caption)}</figcaption>
            <div class="plot">
                <canvas node_ref=canvas
                    role=move || if is_walked.get() { "application" } else { "img" }
                    tabindex=move || if is_walked.get() { "0" } else { "-1" }
                    aria-label=move || text(|figure| &figure.alt)
                    aria-describedby=how_id.clone()
                    style:cursor=if how(kind).is_none() { "default" } else { "crosshair" }
                    on:pointermove=move |event| pointing::moved(store, drawn, &event)
                    on:pointerdown=move |event| pointing::pressed(drawn, &event)
                    on:pointerup=move |event| pointing::released(store, drawn, &event)
                    on:pointercancel=move |_| drawn.pointing.leave()
                    on:pointerleave=move |event| pointing::left(drawn, &event)
                    on:keydown=move |event| pointing::key(store, drawn, &event)
                    on:blur=move |_| drawn.pointing.leave()></canvas>
                <Band drawn/>
                <pointing::Shown drawn/>
            </div>
            {how(kind).map(|(words, keys)| view! {
                <p class="how hint" id=how_id>{words}<span class="keys">{keys}</span></p>
            })}
            <Kept drawn is_table/>
        </figure>
    }
}

/// How a chart filters, for whoever points at it, and for whoever goes over it by keys.
fn how(kind: Kind) -> Option<(&'static str, &'static str)> {
    const KEYS: &str = " By keyboard: arrow keys, then Enter.";
    match kind.sets() {
        Sets::Nothing if kind == Kind::Explore => {
            Some(("Click a mark to filter, a dot to open its run.", KEYS))
        }
        Sets::Nothing => None,
        Sets::List(_) => Some(("Click a mark to filter.", KEYS)),
        Sets::Range(_) if kind == Kind::TurnsTokens => {
            Some(("Drag across to filter, click a dot to open its run.", ""))
        }
        Sets::Range(_) => Some((
            "Drag across the bars to filter.",
            " By keyboard: arrow keys, with Shift to extend, then Enter.",
        )),
        Sets::Budget => Some(("Click to set the token budget.", KEYS)),
    }
}

/// Draws the figure as it is now, unless the page shows it no more.
fn put(drawn: Drawn, canvas: NodeRef<html::Canvas>, theme: Memo<Theme>, width: RwSignal<f64>) {
    let canvas = canvas.try_get_untracked().flatten();
    let now = theme.try_get_untracked().zip(width.try_get_untracked());
    let Some((canvas, (theme, width))) = canvas.zip(now) else {
        return;
    };
    let plot = drawn.figure.with_untracked(|figure| {
        let figure = figure.as_ref()?;
        painted(figure, &canvas, theme, width)
    });
    drawn.plot.set(plot);
}

/// Draws a figure on its canvas, sharp on any screen; `None` where it can't be drawn.
fn painted(figure: &Figure, canvas: &HtmlCanvasElement, theme: Theme, width: f64) -> Option<Plot> {
    let scale = browser::device_pixels();
    let height = height(figure, width);
    canvas.set_width((width * scale).round() as u32);
    canvas.set_height((height * scale).round() as u32);
    // `aspect-ratio` keeps the height right while the width follows the page.
    let style = web_sys::HtmlElement::style(canvas);
    let _ = style.set_property("aspect-ratio", &format!("{width} / {height}"));
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.clear_rect(
        0.0,
        0.0,
        f64::from(canvas.width()),
        f64::from(canvas.height()),
    );
    let area = CanvasBackend::with_canvas_object(canvas.clone())?.into_drawing_area();
    draw(figure, &area, theme, scale).ok()
}

/// The rule that the chart has set, in the words that it has everywhere, with a way to take it back.
#[component]
fn Set(kind: Kind) -> impl IntoView {
    let store = store();
    let rule = Memo::new(move |_| {
        store.rows.filters.with(|filters| match kind.sets() {
            Sets::Range(key) => filters.ranges.get(&key).map(|bounds| key.words(*bounds)),
            Sets::List(key) => {
                let list = filters.lists.get(&key)?;
                Some(key.words(list, &filters.signs.thresholds))
            }
            Sets::Nothing | Sets::Budget => None,
        })
    });
    move || {
        rule.get().map(|words| {
            view! {
                <button type="button" class="chip chart-set" data-action="clear-chart"
                    aria-label=format!("Clear: {words}") on:click=move |_| clear(store, kind)>
                    <span class="chip-words">{words.clone()}</span>" ×"
                </button>
            }
        })
    }
}

/// The range that is set, over the chart of its number.
#[component]
fn Band(drawn: Drawn) -> impl IntoView {
    let rows = rows_state();
    let band = move || {
        let Sets::Range(key) = drawn.kind.sets() else {
            return None;
        };
        let bounds = rows
            .filters
            .with(|filters| filters.ranges.get(&key).copied())?;
        drawn.plot.with(|plot| {
            let plot = plot.as_ref()?;
            let (left, right) = plot.band(bounds)?;
            let (left, right) = (left.max(plot.rect.left), right.min(plot.rect.right));
            Some((
                left,
                plot.rect.top,
                (right - left).max(0.0),
                plot.rect.height(),
            ))
        })
    };
    view! {
        {move || band().map(|(left, top, width, height)| view! {
            <div class="brush" style:left=format!("{left}px") style:top=format!("{top}px")
                style:width=format!("{width}px") style:height=format!("{height}px")></div>
        })}
    }
}

/// Takes back the rule that a chart sets.
pub(super) fn clear(store: Store, kind: Kind) {
    let key = match kind.sets() {
        Sets::Range(key) => key.key(),
        Sets::List(key) => key.key(),
        Sets::Nothing | Sets::Budget => return,
    };
    // A click that clears nothing is no choice.
    let is_set = |filters: &tracesift_core::recipe::Filters| match kind.sets() {
        Sets::Range(key) => filters.ranges.contains_key(&key),
        Sets::List(key) => filters.lists.contains_key(&key),
        Sets::Nothing | Sets::Budget => false,
    };
    if store.rows.filters.with_untracked(is_set) {
        store.filter(|filters| filters.remove(key));
    }
}
