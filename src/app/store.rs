//! All state of the page in four handles: the run with its form, the rows, the account, the workers.
//! Everything else is derived from these, in the component that shows it.

use std::collections::HashMap;
use std::sync::Arc;

use super::browser;
use super::run::search::Searching;
use super::run::value::Run;
use super::source::file::Chosen;
use super::source::repository::Fetched;
use super::source::token::Token;
use crate::worker::frame::Shown;
use crate::worker::pool::Pool;
use crate::worker::share::Share;
use crate::worker::{CacheSize, ModelAt, Notes, RawFiles};
use leptos::prelude::*;
use tracesift_core::ground::PageRange;
use tracesift_core::recipe::address::Notice;
use tracesift_core::recipe::{Filters, Recipe};
use tracesift_core::trace::BadRow;
use tracesift_core::trace::FieldSeen;
use tracesift_hub::answer::Described;
use tracesift_hub::error::HubError;
use tracesift_hub::schedule::Progress;

/// What the page is doing; `main` carries its name as `data-state`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was asked for yet.
    #[default]
    Idle,
    /// Rows are being read.
    Running,
    /// The user halted the run.
    Paused,
    /// All rows that can be had are there.
    Done,
    /// The run can't go on.
    Failed,
}

impl Phase {
    /// The word of `data-state`.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Idle => "idle",
            Phase::Running => "running",
            Phase::Paused => "paused",
            Phase::Done => "done",
            Phase::Failed => "failed",
        }
    }
}

/// What is known of the place that rows are read from, beyond what makes the run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// Rows of the whole split.
    pub total: Option<u64>,
    /// Whether the server holds only a part of the split.
    pub partial: bool,
    /// Whether the Parquet files were looked at for rows that the row service has not.
    pub files_tried: bool,
}

/// A dataset that was changed in mid-run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Which one, where there are several.
    pub dataset: Option<String>,
    /// The commit of the rows so far.
    pub from: String,
    /// The commit of the next ones.
    pub to: String,
}

/// What is to be read, and what is read of it: the form, the run, and how far it is.
#[derive(Clone, Copy)]
pub struct RunState {
    /// Every choice; written to the address.
    pub recipe: RwSignal<Recipe>,
    /// Keys of the address that were left out.
    pub left_out: RwSignal<Vec<Notice>>,
    /// What the page is doing.
    pub phase: RwSignal<Phase>,
    /// The run that is shown; `None` before it is known what it reads.
    pub shown: RwSignal<Option<Arc<Run>>>,
    /// What is known of the place that its rows are read from.
    pub known: RwSignal<Known>,
    /// How far the run is.
    pub progress: RwSignal<Option<Progress>>,
    /// What the lookup of the dataset waits for, in words.
    pub looking_up: RwSignal<Option<String>>,
    /// Why the run can't go on, in words.
    pub trouble: RwSignal<Option<String>>,
    /// A commit of a dataset that came in mid-run.
    pub changed: RwSignal<Option<Changed>>,
    /// What is being done with the rows, where that is not simply reading them.
    pub stage: RwSignal<Option<String>>,
    /// By which way rows are read, and why, where that is worth saying.
    pub route: RwSignal<Option<String>>,
    /// The datasets by name as the pickers show them, or why there is none.
    pub described: RwSignal<HashMap<String, Result<Described, String>>>,
    /// The files of datasets without a table, by name.
    pub repositories: RwSignal<HashMap<String, RawFiles>>,
    /// What was fetched of these, by name.
    pub fetched: StoredValue<HashMap<String, Fetched>, LocalStorage>,
    /// What a survey of the chosen split would read, in words.
    pub survey_cost: RwSignal<Option<String>>,
    /// The files that the user chose.
    pub chosen: StoredValue<Option<Chosen>, LocalStorage>,
}

/// What was read: how many rows, how many of them pass, and what was wrong with the rest. The rows themselves are held by
/// a worker.
#[derive(Clone, Copy)]
pub struct RowsState {
    /// The worker that holds the rows and the selection.
    pub worker: StoredValue<Pool, LocalStorage>,
    /// How things stand there.
    pub shown: RwSignal<Shown>,
    /// Changes of the rows so far.
    pub rows_version: Memo<u64>,
    /// Changes of the rows or the rules so far.
    pub version: Memo<u64>,
    /// Whether there are rows.
    pub has_rows: Memo<bool>,
    /// How many rows pass the rules.
    pub kept: Memo<u64>,
    /// The rules of the recipe.
    pub filters: Memo<Filters>,
    /// The seed of draws among the rows.
    pub seed: Memo<u64>,
    /// Pages that were read, for whoever needs a row again.
    pub pages: RwSignal<Vec<PageRange>>,
    /// Pages that could not be had.
    pub lost_pages: RwSignal<Vec<(PageRange, HubError)>>,
    /// Rows that could not be read.
    pub bad_rows: RwSignal<Vec<BadRow>>,
    /// How many there are: only the first of them are listed.
    pub bad_count: RwSignal<u64>,
    /// The fields of a row whose shape is unknown.
    pub unknown_shape: RwSignal<Option<Vec<FieldSeen>>>,
    /// What there is to note of the rows.
    pub notes: RwSignal<Notes>,
    /// Whether tokens are being counted anew, so that those that are shown are partly those of the former method.
    pub is_stale: RwSignal<bool>,
    /// How far the search through the texts is, where one is on or did not come to its end.
    pub searching: RwSignal<Option<Searching>>,
    /// Whether it is not known yet which rows are alike: signs that need other rows wait for it. So it is at the start,
    /// until what looks for them is fetched.
    pub is_comparing: RwSignal<bool>,
}

/// What the browser keeps of the user: the token, and answers of the Hub.
#[derive(Clone, Copy)]
pub struct Account {
    /// The user's access token, kept for the tab and for one server.
    pub token: RwSignal<Option<Token>>,
    /// What the browser's cache holds.
    pub cache: RwSignal<Option<CacheSize>>,
    /// Why answers are not kept, where they are not.
    pub cache_off: RwSignal<Option<String>>,
}

/// Who reads, counts and asks.
#[derive(Clone, Copy)]
pub struct Workers {
    /// The workers that open files and read rows.
    pub readers: StoredValue<Pool, LocalStorage>,
    /// The worker that keeps the files of an export, and their checksums.
    pub writer: StoredValue<Pool, LocalStorage>,
    /// The files of a model that the user chose.
    pub model_files: RwSignal<Option<ModelAt>>,
    /// The worker that asks the Hub what there is.
    pub hub: StoredValue<Pool, LocalStorage>,
}

/// All state, for whoever drives a run; a component takes the handle that it needs. Copied freely.
#[derive(Clone, Copy)]
pub struct Store {
    /// What is to be read, and the run.
    pub run: RunState,
    /// What was read.
    pub rows: RowsState,
    /// What the browser keeps of the user.
    pub account: Account,
    /// Who reads.
    pub workers: Workers,
}

impl Store {
    /// The state that the address asks for.
    pub fn as_the_address_says() -> Self {
        let (recipe, left_out) = tracesift_core::recipe::address::parse(&browser::query());
        let recipe = RwSignal::new(recipe);
        let shown_rows = RwSignal::new(Shown::default());
        let shown = RwSignal::new(None::<Arc<Run>>);
        let filters = Memo::new(move |_| recipe.with(|r| r.filters.clone()));
        let seed =
            Memo::new(move |_| recipe.with(|recipe| seed_of(shown.get().as_deref(), recipe)));
        let pool =
            |name, share| StoredValue::new_local(Pool::new(&browser::worker_url(name), share));
        Self {
            run: RunState {
                recipe,
                left_out: RwSignal::new(left_out),
                phase: RwSignal::default(),
                shown,
                known: RwSignal::default(),
                progress: RwSignal::default(),
                looking_up: RwSignal::default(),
                trouble: RwSignal::default(),
                changed: RwSignal::default(),
                stage: RwSignal::default(),
                route: RwSignal::default(),
                described: RwSignal::default(),
                repositories: RwSignal::default(),
                fetched: StoredValue::new_local(HashMap::new()),
                survey_cost: RwSignal::default(),
                chosen: StoredValue::new_local(None),
            },
            rows: RowsState {
                worker: pool("tracesift-frame", Share::ONE),
                shown: shown_rows,
                rows_version: Memo::new(move |_| shown_rows.with(|shown| shown.rows_version)),
                version: Memo::new(move |_| shown_rows.with(|shown| shown.version)),
                has_rows: Memo::new(move |_| shown_rows.with(|shown| !shown.is_empty())),
                kept: Memo::new(move |_| shown_rows.with(|shown| shown.kept)),
                filters,
                seed,
                pages: RwSignal::default(),
                lost_pages: RwSignal::default(),
                bad_rows: RwSignal::default(),
                bad_count: RwSignal::default(),
                unknown_shape: RwSignal::default(),
                notes: RwSignal::default(),
                is_stale: RwSignal::default(),
                searching: RwSignal::default(),
                is_comparing: RwSignal::new(true),
            },
            account: Account {
                token: RwSignal::new(None),
                cache: RwSignal::default(),
                cache_off: RwSignal::default(),
            },
            workers: Workers {
                readers: pool("tracesift-worker", browser::share()),
                writer: pool("tracesift-worker", Share::ONE),
                model_files: RwSignal::default(),
                hub: pool("tracesift-hub", Share::ONE),
            },
        }
    }

    /// The workers that open files and read rows.
    pub fn readers(&self) -> Pool {
        self.workers.readers.get_value()
    }

    /// The worker that keeps the files of an export.
    pub fn writer(&self) -> Pool {
        self.workers.writer.get_value()
    }

    /// Whether all rows are there and it is still looked for which are alike, or which hold what a filter asks for: what
    /// is taken now could differ in a moment.
    pub fn is_settling(&self) -> bool {
        let is_searching = |now: &Option<Searching>| now.as_ref().is_some_and(Searching::is_on);
        let is_looking = self.rows.is_comparing.get() || self.rows.searching.with(is_searching);
        self.run.phase.get() == Phase::Done && is_looking
    }

    /// `data-stale` of whatever shows tokens.
    pub fn data_stale(&self) -> Option<&'static str> {
        self.rows.is_stale.get().then_some("tokens")
    }

    /// The worker that asks the Hub what there is.
    pub fn hub_worker(&self) -> Pool {
        self.workers.hub.get_value()
    }

    /// The recipe of what is shown: which rows the run reads, and all other choices as they are now.
    pub fn recipe_shown(&self) -> Recipe {
        let recipe = self.run.recipe.get_untracked();
        let run = self.run.shown.get_untracked();
        run.map_or_else(|| recipe.clone(), |run| run.recipe(&recipe))
    }

    /// The run, where the form asks for other rows than those that are shown.
    pub fn is_ahead(&self) -> Option<Arc<Run>> {
        let run = self.run.shown.get()?;
        let is_of = self.run.recipe.with(|recipe| run.is_of(&recipe.reading));
        (!is_of).then_some(run)
    }

    /// Changes the recipe.
    pub fn choose(&self, change: impl FnOnce(&mut Recipe)) {
        self.run.recipe.update(change);
    }

    /// Opens a row in the reader.
    pub fn open(&self, row: u64) {
        self.choose(|recipe| recipe.open(row));
    }

    /// Changes the rules.
    pub fn filter(&self, change: impl FnOnce(&mut Filters)) {
        self.run.recipe.update(|recipe| change(&mut recipe.filters));
    }

    /// The page that holds a row, where it was read whole.
    pub fn page_of(&self, row: u64) -> Option<PageRange> {
        self.rows.pages.with(|pages| {
            let mut pages = pages.iter();
            let holds = |page: &&PageRange| (page.start..page.end()).contains(&row);
            pages.find(holds).copied()
        })
    }
}

/// The seed of draws among the rows: that of the run where it drew the rows, too.
fn seed_of(run: Option<&Run>, recipe: &Recipe) -> u64 {
    let drawn = run.map(|run| run.reading.with_draws_of(&recipe.reading).seed);
    drawn.unwrap_or(recipe.reading.seed)
}

/// Gives each handle to all components.
pub fn provide(store: Store) {
    provide_context(store);
    provide_context(store.run);
    provide_context(store.rows);
}

/// The page's state, for components that drive a run, or hand it to whoever does.
pub fn store() -> Store {
    expect_context()
}

/// The run and its form, from any component.
pub fn run_state() -> RunState {
    expect_context()
}

/// The rows that were read, from any component.
pub fn rows_state() -> RowsState {
    expect_context()
}
