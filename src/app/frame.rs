//! The page's side of the worker that holds the rows: rows and rules go there, and what is asked about them comes back.
//! What was shown stays until the new answer is there; a question that still waits gives way to a newer one.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use futures_channel::oneshot;
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::tick;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::busy::Busy;
use super::run;
use super::store::{Store, store};
use crate::worker::WorkerError;
use crate::worker::frame::{Ask, Clear, Expect, Push, Select, Shown};

/// So many questions are on their way at once: the worker never waits for the next one, and a new choice never waits
/// for many.
const AT_ONCE: usize = 3;

thread_local! {
    static ON_THEIR_WAY: Cell<usize> = const { Cell::new(0) };
    static QUEUE: RefCell<VecDeque<oneshot::Sender<Turn>>> = RefCell::default();
    /// Counts the times that all rows were forgotten: what comes late is of rows that are gone.
    static TIMES_FORGOTTEN: Cell<u64> = const { Cell::new(0) };
}

/// Asks about the rows. Questions are answered in the order in which they are asked.
///
/// # Errors
/// The worker broke down over it: the rows are gone, and the run with them.
pub fn ask<A: Ask>(
    store: Store,
    question: A,
) -> impl Future<Output = Result<A::Answer, WorkerError>> + use<A> {
    ask_beside(store, question, JsValue::UNDEFINED)
}

fn ask_beside<A: Ask>(
    store: Store,
    question: A,
    beside: JsValue,
) -> impl Future<Output = Result<A::Answer, WorkerError>> + use<A> {
    let times = TIMES_FORGOTTEN.get();
    let worker = store.rows.worker.get_value();
    let answer = worker.ask_frame(question, beside);
    async move {
        let answer = answer.await;
        if let Err(error) = &answer
            && times == TIMES_FORGOTTEN.get()
        {
            clear(store);
            run::break_off(store, error.to_string());
        }
        answer
    }
}

/// Whether a part of the page is in sight. One that is not asks nothing; it asks when it comes into sight.
#[derive(Clone, Copy)]
pub struct InSight(pub Memo<bool>);

/// The answer to a question about the rows, asked again whenever they, or what the question is made of, have changed; the
/// default until it came first. While there is no question, or it is out of sight, the former answer stays.
pub fn asked<A>(question: impl Fn() -> Option<A> + 'static) -> ReadSignal<A::Answer>
where
    A: Ask + Send + Sync + 'static,
    A::Answer: Default + PartialEq + Send + Sync + 'static,
{
    let store = store();
    let value = RwSignal::new(A::Answer::default());
    let line = Line::new();
    let in_sight = use_context::<InSight>();
    Effect::new(move |_| {
        if in_sight.is_some_and(|InSight(is)| !is.get()) {
            return;
        }
        match A::IS_OF_SELECTION {
            true => store.rows.version.track(),
            false => store.rows.rows_version.track(),
        }
        if let Some(question) = question() {
            line.put(store, question, move |answer| {
                // Whoever shows it may be gone by now.
                let is_new = value.try_with_untracked(|former| *former != answer);
                if is_new == Some(true) {
                    value.set(answer);
                }
            });
        }
    });
    value.read_only()
}

/// Where one kind of question stands in line: one is on its way, and the newest of those that came since waits.
struct Line<A: 'static> {
    waiting: StoredValue<Option<A>>,
    is_asking: StoredValue<bool>,
}

impl<A> Clone for Line<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Line<A> {}

impl<A: Ask + Send + Sync + 'static> Line<A> {
    fn new() -> Self {
        Self {
            waiting: StoredValue::new(None),
            is_asking: StoredValue::new(false),
        }
    }

    fn put(self, store: Store, question: A, show: impl Fn(A::Answer) + 'static) {
        self.waiting.set_value(Some(question));
        if self
            .is_asking
            .try_update_value(|is| std::mem::replace(is, true))
            == Some(true)
        {
            return;
        }
        let busy = Busy::begin();
        spawn_local(async move {
            loop {
                let turn = turn().await;
                let question = self.waiting.try_update_value(Option::take).flatten();
                let Some(question) = question else { break };
                let answer = ask(store, question).await;
                drop(turn);
                // Without an answer there are no rows any more.
                answer.map(&show).ok();
                // What it changes in the document counts.
                tick().await;
            }
            self.is_asking.try_set_value(false);
            drop(busy);
        });
    }
}

/// The right to have a question on its way.
struct Turn(());

impl Drop for Turn {
    fn drop(&mut self) {
        ON_THEIR_WAY.set(ON_THEIR_WAY.get().saturating_sub(1));
        next();
    }
}

async fn turn() -> Turn {
    let (sender, receiver) = oneshot::channel();
    QUEUE.with_borrow_mut(|queue| queue.push_back(sender));
    next();
    // A sender is sent to before it is dropped.
    receiver.await.unwrap_or(Turn(()))
}

fn next() {
    if ON_THEIR_WAY.get() >= AT_ONCE {
        return;
    }
    if let Some(sender) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
        ON_THEIR_WAY.set(ON_THEIR_WAY.get() + 1);
        // Where nobody waits any more, the turn comes back and is the next one's.
        drop(sender.send(Turn(())));
    }
}

/// Keeps the selection in step with the rules.
pub fn follow(store: Store) {
    let newest = StoredValue::new(None::<Select>);
    let is_asking = StoredValue::new(false);
    Effect::new(move |_| {
        newest.set_value(Some(rules(store)));
        if is_asking.get_value() {
            return;
        }
        is_asking.set_value(true);
        spawn_local(async move {
            while let Some(rules) = newest.try_update_value(Option::take).flatten() {
                change(store, rules, JsValue::UNDEFINED).await;
            }
            is_asking.set_value(false);
        });
    });
}

fn rules(store: Store) -> Select {
    Select {
        filters: store.rows.filters.get(),
        seed: store.rows.seed.get(),
    }
}

/// Tells the rules as they are now. When that is done, all that was sent before is shown.
pub fn tell_rules(store: Store) -> impl Future<Output = ()> {
    change(store, untrack(|| rules(store)), JsValue::UNDEFINED)
}

/// Adds rows: the bytes that the worker which measured them has written.
pub fn push(store: Store, rows: Uint8Array) -> impl Future<Output = ()> {
    change(store, Push::default(), rows.into())
}

/// Forgets all rows.
pub fn clear(store: Store) {
    TIMES_FORGOTTEN.set(TIMES_FORGOTTEN.get() + 1);
    store.rows.shown.set(Shown::default());
    spawn_local(change(store, Clear, JsValue::UNDEFINED));
    // The worker may be a new one.
    spawn_local(tell_rules(store));
}

/// Makes room for the rows of a run.
pub fn expect(store: Store, rows: u64) {
    let asked = ask(store, Expect(rows));
    spawn_local(async move {
        // Without room the rows are held all the same.
        let _ = asked.await;
    });
}

/// Changes the rows or the rules, and shows how things stand then.
pub fn change<A>(store: Store, question: A, beside: JsValue) -> impl Future<Output = ()> + use<A>
where
    A: Ask<Answer = Shown>,
{
    let busy = Busy::begin();
    let times = TIMES_FORGOTTEN.get();
    let answer = ask_beside(store, question, beside);
    async move {
        if let Ok(shown) = answer.await
            && times == TIMES_FORGOTTEN.get()
            && store.rows.shown.with_untracked(|former| *former != shown)
        {
            store.rows.shown.set(shown);
        }
        tick().await;
        drop(busy);
    }
}
