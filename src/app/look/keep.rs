//! What a chart gives away: a small menu with the figure as an SVG or PNG file and its numbers to copy, and the numbers
//! as a table below it.

use js_sys::Uint8Array;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::chart::Drawn;
use crate::app::browser;
use crate::app::info::put_beside;
use crate::app::take::sink::Sink;
use crate::draw::{Theme, svg};

/// Width of a figure as a file, in CSS pixels.
const FILE_WIDTH: u32 = 720;

/// The menu of a chart.
#[component]
pub(super) fn Menu(drawn: Drawn, theme: Memo<Theme>, is_table: RwSignal<bool>) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let menu = NodeRef::<html::Div>::new();
    let place = move |_| {
        if let (Some(button), Some(menu)) = (button.get_untracked(), menu.get_untracked()) {
            put_beside(&button, &menu);
        }
    };
    let id = format!("menu-{}", drawn.kind.name());
    let name = drawn.kind.title();
    // A choice closes the menu, which gives the focus back to its button.
    let of = id.clone();
    let item = move |words: &'static str, action: fn(Drawn, Theme)| {
        view! {
            <button type="button" popovertarget=of.clone() popovertargetaction="hide"
                on:click=move |_| action(drawn, theme.get_untracked())>{words}</button>
        }
    };
    let table = move || {
        if is_table.get() {
            "Hide the numbers"
        } else {
            "Show the numbers"
        }
    };
    view! {
        <button type="button" class="info more" node_ref=button popovertarget=id.clone() on:click=place
            aria-label=format!("{name}: save or copy") aria-haspopup="true">
            <span aria-hidden="true">"⋯"</span>
        </button>
        <div class="info-words menu" node_ref=menu id=id.clone() popover="auto" role="group" aria-label=format!("{name}: save or copy")>
            <button type="button" popovertarget=id.clone() popovertargetaction="hide"
                on:click=move |_| is_table.update(|is| *is = !*is)>{table}</button>
            {item("Copy the numbers", |drawn, _| copy(drawn))}
            {item("Save as SVG", save_svg)}
            {item("Save as PNG", save_png)}
        </div>
    }
}

/// The numbers as a table, while they are wanted.
#[component]
pub(super) fn Kept(drawn: Drawn, is_table: RwSignal<bool>) -> impl IntoView {
    let rows = move || table(drawn.figure.get().as_ref());
    view! {
        <Show when=move || is_table.get()>
            <div class="numbers-of" tabindex="0" role="region" aria-label=format!("{}: the numbers", drawn.kind.title())>
                <table><tbody>
                    {move || rows().into_iter().enumerate().map(|(index, row)| view! {
                        <tr>{row.into_iter().map(|cell| if index == 0 {
                            view! { <th scope="col">{cell}</th> }.into_any()
                        } else {
                            view! { <td>{cell}</td> }.into_any()
                        }).collect_view()}</tr>
                    }).collect_view()}
                </tbody></table>
            </div>
        </Show>
    }
}

fn table(figure: Option<&tracesift_core::figure::Figure>) -> Vec<Vec<String>> {
    figure.map(|figure| figure.table()).unwrap_or_default()
}

/// The numbers as a spreadsheet takes them: a line a row, a tab between cells.
fn copy(drawn: Drawn) {
    let rows = drawn.figure.with_untracked(|figure| table(figure.as_ref()));
    let lines: Vec<String> = rows.into_iter().map(|row| row.join("\t")).collect();
    browser::copy(&lines.join("\n"));
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
