//! What all parts of the reader know of the open run's messages: what each is, which are shown, which is in sight.
//! A message is built when it comes near: a run may have thousands of them, and a megabyte of text.

use leptos::html;
use leptos::prelude::*;
use leptos::task::tick;
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, IntersectionObserver, IntersectionObserverEntry};

use crate::app::browser;
use crate::app::store::Store;
use tracesift_core::calls::CallResult;
use tracesift_core::sign::{Sign, Thresholds};
use tracesift_core::trace::Role;
use tracesift_core::view::{TurnView, View};

/// What is known of a message without its texts.
#[derive(Debug, Clone)]
pub struct Outline {
    /// Who speaks.
    pub role: Role,
    /// Whether it makes a call that failed, or says that one did.
    pub is_error: bool,
    /// The signs that it shows, each with its weight.
    pub signs: Vec<(Sign, u32)>,
    /// What it is, in a few words.
    pub words: String,
    /// How high it will be, roughly, in lines.
    lines: usize,
}

impl Outline {
    /// The messages of a run.
    pub fn of(view: &View) -> Vec<Self> {
        let turns = view.turns.iter();
        turns.map(|turn| Self::of_turn(view, turn)).collect()
    }

    fn of_turn(view: &View, turn: &TurnView) -> Self {
        let failed = |result: CallResult| matches!(result, CallResult::Error);
        let answers = turn.answers.and_then(|call| {
            let turn = view.turns.get(call.message)?;
            turn.calls.get(call.call)
        });
        let is_error = turn.calls.iter().any(|call| failed(call.result))
            || answers.is_some_and(|call| failed(call.result));
        let names: Vec<&str> = turn.calls.iter().map(|call| call.name.as_str()).collect();
        let words = match (names.is_empty(), answers) {
            (false, _) => format!("{}: {}", who(turn.role), names.join(", ")),
            (true, Some(call)) => format!("{} of {}", who(turn.role), call.name),
            (true, None) => who(turn.role).to_owned(),
        };
        let arguments = turn.calls.iter().flat_map(|call| &call.arguments);
        let texts = arguments.map(|(_, text)| text);
        let lines = texts.chain([&turn.text, &turn.reasoning]);
        let lines = lines.map(|text| (text.head.len() / 90).max(text.lines).min(SHORT_LINES));
        Self {
            role: turn.role,
            is_error,
            signs: turn.signs.clone(),
            words,
            lines: lines.sum(),
        }
    }

    /// The signs to mark on it: of those that the run carries, those that it shows by the thresholds.
    pub fn shown(&self, thresholds: &Thresholds, carried: &[Sign]) -> Vec<Sign> {
        let signs = self.signs.iter().filter(|(sign, weight)| {
            carried.contains(sign) && sign.marks(*weight, thresholds.of(*sign))
        });
        signs.map(|(sign, _)| *sign).collect()
    }

    /// About so many pixels, before it is built.
    pub fn height(&self) -> usize {
        60 + 18 * self.lines
    }
}

/// Lines of a text that are in sight before someone wants all of it.
pub const SHORT_LINES: usize = 16;

/// Who speaks, in a word.
pub fn who(role: Role) -> &'static str {
    match role {
        Role::System => "System",
        Role::User => "User",
        Role::Assistant => "Agent",
        Role::Tool => "Observation",
    }
}

/// Which messages are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Show {
    /// All.
    #[default]
    All,
    /// What the agent says and does.
    Assistant,
    /// Calls that failed, and what says so.
    Errors,
}

impl Show {
    /// The word by which the style sheet hides the others.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Assistant => "assistant",
            Self::Errors => "errors",
        }
    }

    /// Whether a message is shown.
    pub fn has(self, message: &Outline) -> bool {
        match self {
            Self::All => true,
            Self::Assistant => message.role == Role::Assistant,
            Self::Errors => message.is_error,
        }
    }
}

/// The part of the reader that is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tab {
    /// The messages.
    #[default]
    Messages,
    /// The patch beside the reference.
    Patch,
    /// All that is known of the run.
    About,
    /// The lines that an export writes.
    Written,
}

/// Messages whose places are made at once; the others follow, some at a time.
pub const CHUNK: usize = 50;

/// How far from what is in sight a message is built, in CSS pixels.
const NEAR: &str = "900px 0px";

/// So many times what a message stands among may be built before it is where it stays.
const REBUILT: usize = 4;

/// For so long after it scrolled by itself the reader does not take what is at its top for what is read, in milliseconds.
const SETTLES: f64 = 250.0;

/// The open run's messages.
#[derive(Clone, Copy)]
pub struct Messages {
    /// The run's row.
    row: StoredValue<u64>,
    /// What each is.
    pub all: StoredValue<Vec<Outline>>,
    /// Which of them is read.
    pub at: RwSignal<usize>,
    /// Which of them are shown.
    pub show: RwSignal<Show>,
    /// The part that is shown.
    pub tab: RwSignal<Tab>,
    /// How many chunks of them have a place in the document.
    pub chunks: RwSignal<usize>,
    /// What scrolls.
    pub body: NodeRef<html::Div>,
    near: StoredValue<Vec<RwSignal<bool>>>,
    observer: StoredValue<Option<SendWrapper<Observer>>>,
    scrolled_itself: StoredValue<f64>,
}

/// Who says that a message came near.
type Observer = (IntersectionObserver, Closure<dyn Fn(js_sys::Array)>);

impl Messages {
    /// Of a run, before anything of it is built.
    pub fn new(view: &View) -> Self {
        let all = Outline::of(view);
        let near = all.iter().map(|_| RwSignal::new(false)).collect();
        let messages = Self {
            row: StoredValue::new(view.measured.row),
            all: StoredValue::new(all),
            at: RwSignal::new(0),
            show: RwSignal::default(),
            tab: RwSignal::default(),
            chunks: RwSignal::new(1),
            body: NodeRef::new(),
            near: StoredValue::new(near),
            observer: StoredValue::new(None),
            scrolled_itself: StoredValue::new(0.0),
        };
        messages.observe();
        messages
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.all.with_value(Vec::len)
    }

    /// Whether a message is near; for good, once it was.
    pub fn is_near(self, index: usize) -> RwSignal<bool> {
        let near = self.near.with_value(|near| near.get(index).copied());
        near.unwrap_or_else(|| RwSignal::new(true))
    }

    /// Builds messages from now on that come near.
    fn observe(self) {
        let body = self.body;
        Effect::new(move |_| {
            let Some(body) = body.get() else { return };
            let came = Closure::<dyn Fn(js_sys::Array)>::new(move |entries: js_sys::Array| {
                let entries = entries.iter();
                for entry in entries.filter_map(|entry| entry.dyn_into().ok()) {
                    self.came_near(&entry);
                }
            });
            let options = web_sys::IntersectionObserverInit::new();
            options.set_root(Some(&body));
            options.set_root_margin(NEAR);
            let callback = came.as_ref().unchecked_ref();
            let observer = IntersectionObserver::new_with_options(callback, &options);
            self.observer.set_value(
                observer
                    .ok()
                    .map(|observer| SendWrapper::new((observer, came))),
            );
            // What has a place by now.
            let places = 0..self.chunks.get_untracked() * CHUNK;
            for place in places.filter_map(|index| browser::element(&id_of(index))) {
                self.watch(&place);
            }
        });
        on_cleanup(move || {
            let observer = self.observer.try_update_value(Option::take).flatten();
            if let Some(observer) = observer {
                observer.0.disconnect();
            }
        });
    }

    fn came_near(self, entry: &IntersectionObserverEntry) {
        let element = entry.target();
        if !entry.is_intersecting() {
            return;
        }
        if let Some(index) = index_of(&element) {
            self.is_near(index).try_set(true);
        }
        self.observer.with_value(|observer| {
            if let Some(observer) = observer {
                observer.0.unobserve(&element);
            }
        });
    }

    /// Builds a message when it comes near.
    pub fn watch(self, element: &Element) {
        self.observer.with_value(|observer| {
            if let Some(observer) = observer {
                observer.0.observe(element);
            }
        });
    }

    /// Puts a message in the address, and so into sight.
    pub fn go_to(self, store: Store, index: usize) {
        let row = self.row.get_value();
        store.choose(|recipe| {
            recipe.row = Some(row);
            recipe.step = Some(index as u64);
            recipe.beside.clear();
        });
        // It may be in the address already, and out of sight.
        self.bring(index);
    }

    /// The next message that is shown, or the one before.
    pub fn step(self, store: Store, is_after: bool) {
        let (at, show) = (self.at.get_untracked(), self.show.get_untracked());
        let next = self.all.with_value(|all| {
            let mut shown = all.iter().enumerate().filter(|(_, one)| show.has(one));
            match is_after {
                true => shown.find(|(index, _)| *index > at),
                false => shown.rev().find(|(index, _)| *index < at),
            }
            .map(|(index, _)| index)
        });
        if let Some(next) = next {
            self.go_to(store, next);
        }
    }

    /// Brings a message into sight.
    pub fn bring(self, index: usize) {
        self.shows(index);
        self.at.set(index);
        spawn_local(async move {
            // First its place has to be in the document, and what is around it to be built.
            tick().await;
            self.scroll_to_message(index, REBUILT);
        });
    }

    /// What comes near by scrolling is built, and moves what is below: it is scrolled to anew, a few times.
    fn scroll_to_message(self, index: usize, more: usize) {
        let is_meant = self.at.try_get_untracked() == Some(index);
        let place = browser::element(&id_of(index)).filter(|_| is_meant);
        let Some(place) = place else { return };
        self.scroll_to(f64::from(place.offset_top()) - 8.0);
        if let Some(more) = more.checked_sub(1) {
            browser::after_drawing(move || self.scroll_to_message(index, more));
        }
    }

    /// Sees to it that a message has a place, and that it is not left out.
    pub fn shows(self, index: usize) {
        self.tab.set(Tab::Messages);
        let show = self.show.get_untracked();
        let is_shown = self
            .all
            .with_value(|all| all.get(index).is_some_and(|one| show.has(one)));
        if !is_shown {
            self.show.set(Show::All);
        }
        let chunks = (index + 12) / CHUNK + 1;
        if self.chunks.get_untracked() < chunks {
            self.chunks.set(chunks);
        }
        for near in index.saturating_sub(2)..(index + 5).min(self.len()) {
            self.is_near(near).set(true);
        }
    }

    /// Brings an element within a message or a patch into sight: a match.
    pub fn bring_element(self, element: &Element) {
        // A patch scrolls within what scrolls.
        if let Ok(Some(patch)) = element.closest(".diff") {
            patch.set_scroll_top(top_at_third(&patch, element) as i32);
        }
        if let Some(body) = self.body.get_untracked() {
            self.scroll_to(top_at_third(&body, element));
        }
    }

    fn scroll_to(self, top: f64) {
        self.scrolled_itself.try_set_value(browser::now());
        if let Some(body) = self.body.get_untracked() {
            body.set_scroll_top(top as i32);
        }
    }

    /// Notes which message is at the top of what is in sight.
    pub fn scrolled(self) {
        if browser::now() - self.scrolled_itself.get_value() < SETTLES {
            return;
        }
        if let Some(index) = self.top() {
            self.at.set(index);
        }
    }

    fn top(self) -> Option<usize> {
        let body: HtmlElement = self.body.get_untracked()?.into();
        let rect = body.get_bounding_client_rect();
        let (x, y) = (rect.left() + rect.width() / 2.0, rect.top() + 24.0);
        let element = document().element_from_point(x as f32, y as f32)?;
        index_of(&element.closest(".turn").ok()??)
    }
}

/// How far something has to be scrolled so that an element stands a third below its top.
fn top_at_third(scrolled: &Element, element: &Element) -> f64 {
    let top = element.get_bounding_client_rect().top() - scrolled.get_bounding_client_rect().top();
    f64::from(scrolled.scroll_top()) + top - f64::from(scrolled.client_height()) / 3.0
}

/// The id of a message's element.
pub fn id_of(index: usize) -> String {
    format!("message-{index}")
}

fn index_of(element: &Element) -> Option<usize> {
    element.id().strip_prefix("message-")?.parse().ok()
}

/// The open run's messages, from any component in the reader.
pub fn messages() -> Messages {
    expect_context()
}
