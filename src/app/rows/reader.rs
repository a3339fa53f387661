//! The reader: one trajectory turn by turn, with its patch beside the reference patch.
//! Its row and step are part of the address, so that a link leads to one message.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::KeyboardEvent;

use super::diff::Diff;
use super::{preview, turn};
use crate::app::busy::Busy;
use crate::app::choose::funnel::LeftOut;
use crate::app::choose::signs;
use crate::app::frame::{self, asked};
use crate::app::run::ask;
use crate::app::run::value::Run;
use crate::app::source::count;
use crate::app::store::{Phase, Store, store};
use crate::app::{address, browser};
use crate::worker::frame::{About, AboutRow, Neighbour};
use crate::worker::pool::Answered;
use crate::worker::{Answer, PageAt, Question, WorkerError};
use tracesift_core::ground::PageRange;
use tracesift_core::ground::words;
use tracesift_core::recipe::Filters;
use tracesift_core::sign::Sign;
use tracesift_core::tokens::TokenCounts;
use tracesift_core::view::View;

/// The reader; nothing while no row is open.
#[component]
pub fn Reader() -> impl IntoView {
    let store = store();
    let shown = RwSignal::new(None::<Result<View, String>>);
    let row = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.row));
    let known = asked(move || row.get().map(|row| About { row }));
    let about = Memo::new(move |_| {
        let about = known.get();
        about.filter(|about| Some(about.row) == row.get())
    });
    // A row may come into reach while the run goes on: it is asked for again until it is there.
    let is_in_reach = Memo::new(move |_| {
        let (row, run) = (row.get()?, store.run.shown.get()?);
        // A row of a survey is in no page, but it can be read as soon as it is known.
        let is_surveyed = || about.with(|about| about.as_ref().is_some_and(|row| !row.is_measured));
        let of_survey = || is_surveyed().then(|| PageRange::rows(row, 1));
        let page = store.page_of(row).or_else(of_survey)?;
        Some((row, page, (run.id, run.revisions())))
    });
    let open = StoredValue::new(None::<OpenRow>);
    provide_context(open);
    let method = Memo::new(move |_| {
        store.workers.model_files.track();
        store.run.recipe.with(|recipe| recipe.count.clone())
    });
    let newest = StoredValue::new(0_u64);
    Effect::new(move |_| {
        method.get();
        newest.update_value(|newest| *newest += 1);
        let now = is_in_reach.get();
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
    view! {
        <section id="reader" aria-label="Reader">
            {move || row.get().map(|row| view! {
                <div class="open" on:keydown=move |event| turn_page(store, &event)>
                    <Bar row/>
                    <LeftOut about/>
                    {move || match shown.get() {
                        None => view! { <p class="hint" role="status">{move || match is_in_reach.get() {
                            Some(_) => "Reading the row …",
                            None if store.run.phase.get() == Phase::Done => "This row is not among those that were read.",
                            None => "This row has not been read yet.",
                        }}</p> }.into_any(),
                        Some(Err(why)) => view! { <p class="error" role="alert">{why}</p> }.into_any(),
                        Some(Ok(view)) => view! { <Opened view about/> }.into_any(),
                    }}
                </div>
            })}
        </section>
    }
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
    pub async fn ask(
        &self,
        store: Store,
        question: impl FnOnce(PageAt, u64) -> Question,
    ) -> Answered {
        let at = self.run.page_at(store, self.page);
        let at = at.ok_or(WorkerError::NoRow(self.row))?;
        ask::about(store, &self.run, &question(at, self.row)).await
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
    shown: RwSignal<Option<Result<View, String>>>,
    ticket: Ticket,
) {
    let counting = count::counting(store, &store.recipe_shown());
    spawn_local(async move {
        let question = |at, row| Question::Read { at, row, counting };
        let answer = asked.ask(store, question).await;
        if !ticket.is_newest() {
            return;
        }
        open.set_value(Some(asked));
        shown.set(Some(match answer {
            Ok((Answer::Read(view), _)) => Ok(*view),
            Ok(_) => Err(WorkerError::Protocol.to_string()),
            Err(error) => Err(error.to_string()),
        }));
    });
}

/// What is above the turns: which row, the way to the next one, its link.
#[component]
fn Bar(row: u64) -> impl IntoView {
    let store = store();
    let heading = NodeRef::<html::H2>::new();
    let file = move || {
        let run = store.run.shown.get();
        run.and_then(|run| {
            run.file_of(row)
                .map(|file| format!(" · {}", words::cut(file, 120)))
        })
    };
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
            heading.scroll_into_view();
        }
    });
    view! {
        <header>
            <h2 node_ref=heading tabindex="-1">{format!("Row {row}")}{file}</h2>
            <div class="buttons">
                <button type="button" on:click=move |_| step(store, false) title="Previous selected row (left arrow)">"Previous"</button>
                <button type="button" on:click=move |_| step(store, true) title="Next selected row (right arrow)">"Next"</button>
                <button type="button" on:click=move |_| browser::copy(&address::link(store))>"Copy link to this row"</button>
                <button type="button" on:click=move |_| close(store)>"Close"</button>
            </div>
        </header>
    }
}

/// Moves to another of the selected rows. Steps that are taken before the last one is done are done after it.
fn step(store: Store, is_after: bool) {
    thread_local! {
        static STEPS: RefCell<VecDeque<bool>> = RefCell::default();
    }
    let is_first = STEPS.with_borrow_mut(|steps| {
        steps.push_back(is_after);
        steps.len() == 1
    });
    if !is_first {
        return;
    }
    let busy = Busy::begin();
    spawn_local(async move {
        while let Some(is_after) = STEPS.with_borrow(|steps| steps.front().copied()) {
            let row = store.run.recipe.with_untracked(|recipe| recipe.row);
            if let Some(row) = row {
                let next = frame::ask(store, Neighbour { row, is_after }).await;
                if let Ok(Some(next)) = next {
                    store.open(next);
                }
            }
            STEPS.with_borrow_mut(VecDeque::pop_front);
        }
        drop(busy);
    });
}

fn close(store: Store) {
    store.choose(|recipe| {
        recipe.row = None;
        recipe.step = None;
    });
}

fn turn_page(store: Store, event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    match event.key().as_str() {
        "ArrowLeft" => step(store, false),
        "ArrowRight" => step(store, true),
        "Escape" => close(store),
        _ => {}
    }
}

#[component]
fn Opened(view: View, about: Memo<Option<AboutRow>>) -> impl IntoView {
    let store = store();
    let row = view.measured.row;
    let step = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.step));
    let method = store
        .run
        .recipe
        .with_untracked(|recipe| recipe.count.words());
    let facts = facts(&view, &method);
    let repairs = view.repairs.clone();
    let turns = view.turns.len() as u64;
    let carried = carried(store, about, &view);
    let shown_in = view
        .turns
        .iter()
        .map(|turn| (turn.index as u64, turn.signs.clone()));
    let shown_in: Vec<_> = shown_in.collect();
    view! {
        <ul class="facts">{facts.into_iter().map(|fact| view! { <li>{fact}</li> }).collect_view()}</ul>
        <signs::Chips about carried turns=shown_in/>
        {(!repairs.is_empty()).then(|| view! {
            <details><summary>"What was normalized"</summary>
                <ul>{repairs.into_iter().map(|(words, times)| view! {
                    <li>{format!("{words}: {}", words::plural(times.into(), "time", "times"))}</li>
                }).collect_view()}</ul>
            </details>
        })}
        <preview::Preview row/>
        <div class="patches">
            {view.patch.clone().map(|patch| view! { <Diff title="Final patch" patch is_reference=false/> })}
            {view.reference.clone().map(|patch| view! { <Diff title="Reference patch" patch is_reference=true/> })}
        </div>
        <h3>{words::plural(turns, "message", "messages")}</h3>
        <ol class="turns">
            {view.turns.into_iter().map(|turn| view! { <turn::Turn turn step carried/> }).collect_view()}
        </ol>
    }
}

/// The signs that the row carries: by all rows, and where of those only a survey is known, by what was read here.
fn carried(store: Store, about: Memo<Option<AboutRow>>, view: &View) -> Memo<Vec<Sign>> {
    let measured = StoredValue::new(view.measured.clone());
    Memo::new(move |_| {
        let known = about.with(|about| {
            let about = about.as_ref().filter(|about| about.is_measured);
            about.map(|about| about.signs.clone())
        });
        known.unwrap_or_else(|| {
            let mut signs = Sign::ALL.to_vec();
            let carries = |sign: &Sign| {
                let number = measured.with_value(|measured| sign.of(measured));
                let rules = |filters: &Filters| filters.signs.thresholds.carry(*sign, number);
                store.rows.filters.with(rules)
            };
            signs.retain(carries);
            signs
        })
    })
}

/// What is known of the run, a phrase each.
fn facts(view: &View, method: &str) -> Vec<String> {
    let measured = &view.measured;
    let labels = &measured.labels;
    let named = [
        ("Task", &labels.instance_id),
        ("Run", &labels.trajectory_id),
        ("Repository", &labels.repo),
        ("Licence", &labels.license),
        ("Language", &labels.language),
        ("Harness", &labels.harness),
        ("Teacher", &labels.teacher),
        ("Kind", &labels.category),
        ("Source", &labels.source),
    ];
    let outcome = format!("Outcome: {}", measured.outcome.name());
    let calls = format!(
        "{}, {}",
        words::plural(measured.calls.into(), "tool call", "tool calls"),
        words::plural(measured.errors.into(), "error", "errors")
    );
    let tokens = measured.tokens.map(|tokens| tokens_words(tokens, method));
    let unrendered = measured.unrendered.as_ref();
    let unrendered = unrendered.map(|why| format!("What a chat template adds is not known: {why}"));
    let named = named.iter().filter_map(|(title, value)| {
        Some(format!("{title}: {}", words::cut(value.as_deref()?, 80)))
    });
    std::iter::once(outcome)
        .chain(named)
        .chain([calls])
        .chain(tokens)
        .chain(unrendered)
        .collect()
}

/// A row's tokens, by which method, and what the chat template adds apart.
fn tokens_words(tokens: TokenCounts, method: &str) -> String {
    let all = words::plural(tokens.total_with_template(), "token", "tokens");
    let Some(added) = tokens.template else {
        return format!("{all} ({method})");
    };
    let share = words::count(added.unsigned_abs().into());
    match added < 0 {
        false => format!("{all} ({method}), of which the template adds {share}"),
        true => format!("{all} ({method}); the template leaves out {share} more than it adds"),
    }
}
