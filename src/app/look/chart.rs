//! One figure on the page: it is drawn on a canvas, says what is under the pointer, sets a rule by click or brush, and
//! can be read as a table or taken as a file.

use js_sys::Uint8Array;
use leptos::html;
use leptos::prelude::*;
use plotters::drawing::IntoDrawingArea;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, PointerEvent};

use crate::app::info::Info;
use crate::app::store::{Store, rows_state, store};
use crate::app::take::sink::Sink;
use crate::app::{browser, busy};
use crate::draw::height;
use crate::draw::{Plot, Theme, draw, svg};
use tracesift_core::figure::{Figure, Kind, Rule, Sets};

/// A movement shorter than this is a click, in CSS pixels.
const CLICK: f64 = 4.0;
/// Width of a figure as a file, in CSS pixels.
const FILE_WIDTH: u32 = 720;

/// What a chart has drawn, and where the pointer is on it.
#[derive(Clone, Copy)]
struct Drawn {
    kind: Kind,
    figure: Figures,
    plot: RwSignal<Option<Plot>>,
    tip: RwSignal<Option<Tip>>,
    /// Where a brush began, horizontally.
    begun: RwSignal<Option<f64>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Tip {
    words: String,
    x: f64,
    y: f64,
}

/// A figure as it changes; `None` before there is one.
pub type Figures = Signal<Option<Figure>>;

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
        tip: RwSignal::new(None),
        begun: RwSignal::new(None),
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
    let has_tokens = kind.needs_tokens();
    view! {
        <figure class="chart" id=id data-stale=move || if has_tokens { store.data_stale() } else { None }>
            <div class="chart-head">
                <h3>{kind.title()}</h3>
                <Info of=kind.title() words=kind.definition()/>
            </div>
            <figcaption>{move || text(|figure| &figure.caption)}</figcaption>
            <div class="plot">
                <canvas node_ref=canvas role="img" tabindex="0"
                    aria-label=move || text(|figure| &figure.alt)
                    style:cursor=if kind.sets() == Sets::Nothing { "default" } else { "crosshair" }
                    on:pointermove=move |event| moved(store, drawn, &event)
                    on:pointerdown=move |event| pressed(drawn, &event)
                    on:pointerup=move |event| released(store, drawn, &event)
                    on:pointerleave=move |_| drawn.tip.set(None)
                    on:dblclick=move |_| clear(store, kind)></canvas>
                <Band drawn/>
                {move || drawn.tip.get().map(|tip| view! {
                    <div class="tip" style:left=format!("{}px", tip.x) style:top=format!("{}px", tip.y)>{tip.words}</div>
                })}
            </div>
            <Tools drawn theme/>
        </figure>
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

fn moved(store: Store, drawn: Drawn, event: &PointerEvent) {
    let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
    if let Some(begun) = drawn.begun.get_untracked()
        && (x - begun).abs() >= CLICK
    {
        brush(store, drawn, begun, x);
    }
    let hit = drawn.plot.with_untracked(|plot| plot.as_ref()?.hit(x, y));
    let tip = hit.map(|hit| Tip {
        words: hit.words,
        x: (x - 40.0).max(0.0),
        y: y + 18.0,
    });
    if drawn.tip.with_untracked(|shown| *shown != tip) {
        drawn.tip.set(tip);
    }
}

fn pressed(drawn: Drawn, event: &PointerEvent) {
    drawn.begun.set(Some(f64::from(event.offset_x())));
    if let Some(canvas) = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlCanvasElement>().ok())
    {
        let _ = canvas.set_pointer_capture(event.pointer_id());
    }
}

fn released(store: Store, drawn: Drawn, event: &PointerEvent) {
    let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
    let begun = drawn.begun.get_untracked();
    drawn.begun.set(None);
    if begun.is_some_and(|begun| (x - begun).abs() < CLICK) {
        click(store, drawn, x, y);
    }
}

fn brush(store: Store, drawn: Drawn, from: f64, to: f64) {
    let brushed = drawn
        .plot
        .with_untracked(|plot| plot.as_ref()?.brush(from, to));
    if let Some((key, bounds)) = brushed {
        store.filter(|filters| filters.set_range(key, bounds));
    }
}

/// A click on a mark shows the rows behind it: a bar sets its rule, a dot opens its row.
fn click(store: Store, drawn: Drawn, x: f64, y: f64) {
    if drawn.kind.sets() == Sets::Budget {
        let budget = drawn.plot.with_untracked(|plot| plot.as_ref()?.value_at(x));
        if let Some(budget) = budget.filter(|budget| budget.is_finite() && *budget >= 1.0) {
            store.choose(|recipe| recipe.budget = budget.round() as u64);
        }
        return;
    }
    let hit = drawn.plot.with_untracked(|plot| plot.as_ref()?.hit(x, y));
    for rule in hit.map(|hit| hit.rows).unwrap_or_default() {
        match rule {
            Rule::Is(key, value) => store.filter(|filters| filters.toggle(key, &value)),
            Rule::Within(key, bounds) => store.filter(|filters| filters.set_range(key, bounds)),
            Rule::Row(row) => store.open(row),
        }
    }
}

fn clear(store: Store, kind: Kind) {
    if let Sets::Range(key) = kind.sets() {
        store.filter(|filters| {
            filters.ranges.remove(&key);
        });
    }
}

/// The figure as a table, and as a file.
#[component]
fn Tools(drawn: Drawn, theme: Memo<Theme>) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let rows = move || {
        if !is_open.get() {
            return Vec::new();
        }
        drawn.figure.with(|figure| {
            figure
                .as_ref()
                .map(|figure| figure.table())
                .unwrap_or_default()
        })
    };
    let name = drawn.kind.title();
    view! {
        <div class="tools">
            <button type="button" class="link" aria-label=format!("{name} as SVG")
                on:click=move |_| save_svg(drawn, theme.get_untracked())>"SVG"</button>
            <button type="button" class="link" aria-label=format!("{name} as PNG")
                on:click=move |_| save_png(drawn, theme.get_untracked())>"PNG"</button>
        </div>
        <details on:toggle=move |event| is_open.set(browser::is_open(&event))>
            <summary class="hint">"Show as table"</summary>
            <div><table><tbody>
                {move || rows().into_iter().enumerate().map(|(index, row)| view! {
                    <tr>{row.into_iter().map(|cell| if index == 0 {
                        view! { <th scope="col">{cell}</th> }.into_any()
                    } else {
                        view! { <td>{cell}</td> }.into_any()
                    }).collect_view()}</tr>
                }).collect_view()}
            </tbody></table></div>
        </details>
    }
}

fn file(drawn: Drawn, theme: Theme) -> Option<String> {
    drawn
        .figure
        .with_untracked(|figure| svg(figure.as_ref()?, FILE_WIDTH, theme).ok())
}

fn save_svg(drawn: Drawn, theme: Theme) {
    let Some(text) = file(drawn, theme) else {
        return;
    };
    spawn_local(save(
        format!("{}.svg", drawn.kind.name()),
        text.into_bytes(),
    ));
}

/// The SVG file, painted by the browser at twice its size.
fn save_png(drawn: Drawn, theme: Theme) {
    let Some(text) = file(drawn, theme) else {
        return;
    };
    spawn_local(async move {
        if let Some(bytes) = browser::painted(&text, 2.0).await {
            save(format!("{}.png", drawn.kind.name()), bytes).await;
        }
    });
}

async fn save(name: String, bytes: Vec<u8>) {
    let mut sink = Sink::blobs(&name);
    if sink
        .write(&Uint8Array::from(bytes.as_slice()))
        .await
        .is_ok()
    {
        // A small file in a blob: there is nothing left that could fail.
        let _ = sink.close().await;
    }
}
