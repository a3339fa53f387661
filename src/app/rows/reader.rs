//! The reader: one trajectory turn by turn, beside the table, or over the page where that is narrow.
//! Its row and step are part of the address, so that a link leads to one message.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlDialogElement, KeyboardEvent};

use super::beside::Beside;
use super::head::{Head, close, step};
use super::opened::Opened;
use super::workbench::{Bench, bench};
use crate::app::browser;
use crate::app::choose::funnel::LeftOut;
use crate::app::frame::asked;
use crate::app::run::ask;
use crate::app::run::value::Run;
use crate::app::source::count;
use crate::app::store::{Phase, Store, store};
use crate::buffer;
use crate::worker::frame::{About, AboutRow};
use crate::worker::{PageAt, Question, WorkerError};
use tracesift_core::ground::PageRange;
use tracesift_core::view::View;

/// A row as it is read: again whenever something comes that changes what is shown of it.
#[derive(Clone, Copy)]
pub struct Reading {
    /// What is shown of it, or why it can't be.
    pub shown: RwSignal<Option<Result<Arc<View>, String>>>,
    /// Where more of it is to be had.
    pub open: StoredValue<Option<OpenRow>>,
    /// What is known of it beside its texts.
    about: Memo<Option<AboutRow>>,
    /// Whether it can be read by now.
    is_in_reach: Memo<bool>,
}

impl Reading {
    /// Reads a row, and the next one in its place.
    pub fn of(row: Memo<Option<u64>>) -> Self {
        let store = store();
        let shown = RwSignal::new(None);
        let known = asked(move || row.get().map(|row| About { row }));
        let about = Memo::new(move |_| {
            let about = known.get();
            about.filter(|about| Some(about.row) == row.get())
        });
        // A row may come into reach while the run goes on: it is asked for again until it is there.
        let within_reach = Memo::new(move |_| {
            let (row, run) = (row.get()?, store.run.shown.get()?);
            // A row of a survey is in no page, but it can be read as soon as it is known.
            let is_surveyed =
                || about.with(|about| about.as_ref().is_some_and(|row| !row.is_measured));
            let of_survey = || is_surveyed().then(|| PageRange::rows(row, 1));
            let page = store.page_of(row).or_else(of_survey)?;
            Some((row, page, (run.id, run.revisions())))
        });
        let open = StoredValue::new(None::<OpenRow>);
        let method = Memo::new(move |_| {
            store.workers.model_files.track();
            store.run.recipe.with(|recipe| recipe.count.clone())
        });
        let newest = StoredValue::new(0_u64);
        Effect::new(move |_| {
            method.get();
            newest.update_value(|newest| *newest += 1);
            let now = within_reach.get();
            let run = store.run.shown.get_untracked();
            match now.zip(run) {
                Some(((row, page, _), run)) => {
                    let ticket = Ticket {
                        newest,
                        number: newest.get_value(),
                    };
                    read(store, OpenRow { run, page, row }, open, shown, ticket);
                }
                None => shown.set(None),
            }
        });
        Self {
            shown,
            open,
            about,
            is_in_reach: Memo::new(move |_| within_reach.with(Option::is_some)),
        }
    }
}

/// The reader; nothing while no row is open.
#[component]
pub fn Reader() -> impl IntoView {
    let store = store();
    let row = bench().chosen;
    let reading = Reading::of(row);
    let Reading {
        shown,
        about,
        is_in_reach,
        ..
    } = reading;
    provide_context(reading.open);
    let beside = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.beside.clone()));
    let is_open = Memo::new(move |_| row.get().is_some());
    // What is shown is of the former row until the next one is there.
    let is_late = move || {
        let row = row.get();
        shown.with(|shown| match shown {
            Some(Ok(view)) => Some(view.measured.row) != row,
            _ => false,
        })
    };
    let dialog = NodeRef::<html::Dialog>::new();
    show_or_hide(store, bench(), dialog);
    let content = move || {
        match beside.get() {
        rows if !rows.is_empty() => view! { <Beside first=reading rows/> }.into_any(),
        _ => match shown.get() {
            None => view! { <LeftOut about/><p class="hint" role="status">{move || match is_in_reach.get() {
                true => "Reading the row …",
                false if store.run.phase.get() == Phase::Done => "This row is not among those that were read.",
                false => "This row has not been read yet.",
            }}</p> }
            .into_any(),
            Some(Err(why)) => view! { <LeftOut about/><p class="error" role="alert">{why}</p> }.into_any(),
            Some(Ok(view)) => view! { <Opened view about/> }.into_any(),
        },
    }
    };
    view! {
        <section id="reader" aria-label="Reader">
            <dialog node_ref=dialog aria-label="Reader" on:keydown=move |event| turn_page(store, &event)
                on:cancel=move |event: web_sys::Event| { event.prevent_default(); close(store); }>
                <Show when=move || is_open.get()>
                    <div class="open" class:late=is_late aria-busy=move || is_late().to_string()>
                        <Head row heading=bench().heading/>
                        {content}
                    </div>
                </Show>
            </dialog>
        </section>
    }
}

/// Opens the dialog with the row, over the page or beside the table, and moves the focus: into the reader, unless whoever
/// opened it goes on in the table; when it is closed, back to where it came from.
fn show_or_hide(store: Store, bench: Bench, dialog: NodeRef<html::Dialog>) {
    Effect::new(move |former: Option<Option<u64>>| {
        let (row, is_overlay) = (bench.row.get(), bench.is_overlay.get());
        // Whoever comes back from another place finds the reader open, and goes on where they are.
        let chosen = store.run.recipe.with_untracked(|recipe| recipe.row);
        let dialog = dialog.get()?;
        match (row, dialog.open()) {
            (Some(_), is_shown) => {
                let had = browser::focused();
                if !is_shown || is_modal(&dialog) != is_overlay {
                    show(&dialog, is_overlay);
                }
                let stays = bench
                    .stays
                    .try_update_value(|stays| std::mem::replace(stays, false));
                let is_other = former.flatten() != chosen;
                match (had, stays == Some(true) && !is_overlay) {
                    (Some(had), true) => focus(&had),
                    (Some(had), false) if !is_other || dialog.contains(Some(&had)) => focus(&had),
                    _ => bench.go_in(),
                }
                if is_other && former.flatten().is_none() && !is_overlay {
                    bring_into_sight(&dialog);
                }
            }
            (None, true) => {
                // The browser gives the focus back to what had it before.
                dialog.close();
                if let (None, Some(grid)) = (browser::focused(), bench.grid.get_untracked()) {
                    focus(&grid);
                }
            }
            (None, false) => {}
        }
        chosen
    });
}

fn is_modal(dialog: &HtmlDialogElement) -> bool {
    dialog.matches(":modal").unwrap_or_default()
}

fn show(dialog: &HtmlDialogElement, is_overlay: bool) {
    if dialog.open() {
        dialog.close();
    }
    let shown = match is_overlay {
        true => dialog.show_modal(),
        false => {
            dialog.show();
            Ok(())
        }
    };
    // A browser without dialogs over the page shows it in its place.
    if shown.is_err() {
        dialog.show();
    }
}

/// Moves the focus; what can't have it is passed over.
fn focus(element: &web_sys::HtmlElement) {
    let _ = element.focus();
}

/// Scrolls the page no further than needed.
fn bring_into_sight(element: &web_sys::Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// The row that is open, and where more of it is to be had: the run that it is of, and its page.
#[derive(Debug, Clone)]
pub struct OpenRow {
    run: Arc<Run>,
    page: PageRange,
    row: u64,
}

impl OpenRow {
    /// Asks for more of the row, of the run that it was read of.
    pub async fn ask<T: DeserializeOwned>(
        &self,
        store: Store,
        question: impl FnOnce(PageAt, u64) -> Question,
    ) -> Result<T, WorkerError> {
        let at = self.run.page_at(store, self.page);
        let at = at.ok_or(WorkerError::NoRow(self.row))?;
        let (_, shown) = ask::about(store, &self.run, &question(at, self.row)).await?;
        let shown = shown.map(|shown| buffer::take(&shown.buffer()));
        let shown = shown.and_then(|shown| postcard::from_bytes(&shown).ok());
        shown.ok_or(WorkerError::Protocol)
    }
}

/// The row that is shown in the reader, from any component in it.
pub fn open_row() -> StoredValue<Option<OpenRow>> {
    expect_context()
}

/// Of several questions for what the reader shows only the newest may answer: counts by an earlier choice can take
/// longer than those by a later one.
#[derive(Clone, Copy)]
struct Ticket {
    newest: StoredValue<u64>,
    number: u64,
}

impl Ticket {
    fn is_newest(self) -> bool {
        self.newest.try_get_value() == Some(self.number)
    }
}

fn read(
    store: Store,
    asked: OpenRow,
    open: StoredValue<Option<OpenRow>>,
    shown: RwSignal<Option<Result<Arc<View>, String>>>,
    ticket: Ticket,
) {
    let counting = count::counting(store, &store.recipe_shown());
    spawn_local(async move {
        let question = |at, row| Question::Read { at, row, counting };
        let answer = asked.ask(store, question).await;
        if !ticket.is_newest() {
            return;
        }
        open.try_set_value(Some(asked));
        shown.try_set(Some(match answer {
            Ok(view) => Ok(Arc::new(view)),
            Err(error) => Err(error.to_string()),
        }));
    });
}

/// Arrows go from run to run, `j` and `k` from message to message, Escape closes; not while someone types.
fn turn_page(store: Store, event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let types = browser::target_of(event).is_some_and(|target| {
        matches!(target.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA")
    });
    match event.key().as_str() {
        "Escape" => {
            event.prevent_default();
            close(store);
        }
        "ArrowLeft" if !types => step(store, false),
        "ArrowRight" if !types => step(store, true),
        _ => {}
    }
}
