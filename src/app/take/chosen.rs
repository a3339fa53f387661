//! The chosen rows of one run at one moment: all that leaves the page is made of it, whatever is pressed meanwhile.
//! It holds the run, the frame and the choices as they were; the next ones have no part in it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::address::link_of;
use crate::app::run;
use crate::app::run::value::Run;
use crate::app::source::count;
use crate::app::store::Store;
use crate::worker::Counting;
use tracesift_core::export::Origin;
use tracesift_core::export::tally::Tally;
use tracesift_core::frame::{Frame, Number};
use tracesift_core::ground::PageRange;
use tracesift_core::manifest::{
    App, Manifest, OpenedFiles, Provenance, SourceRows, TokenTotals, token_method,
};
use tracesift_core::recipe::address::print;
use tracesift_core::recipe::{Recipe, Selection};

/// The chosen rows of a run.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The run.
    pub run: Arc<Run>,
    /// What a link to these rows says.
    pub recipe: Recipe,
    /// Which rows are chosen.
    pub selection: Arc<Selection>,
    /// The numbers of all rows.
    pub frame: Arc<Frame>,
    /// What these were counted with.
    counting: Counting,
    /// Pages that were read, in the order of their rows.
    pages: Arc<Vec<PageRange>>,
    /// Rows that could not be read.
    bad: u64,
    key: Key,
}

/// What a file of chosen rows depends on: the run with its commit, the rows that were read of it, and the choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    run: u64,
    revisions: Vec<String>,
    rows: (usize, usize, u32),
    recipe: String,
}

impl Key {
    /// That of the rows that are shown; `None` before there are any. Which row is open, or what a link's maker had, has
    /// no part in it.
    pub fn now(store: Store) -> Option<Self> {
        let run = store.run.shown.get()?;
        let rows = store
            .rows
            .frame
            .with(|frame| (frame.len(), frame.measured()));
        Some(Self {
            run: run.id,
            revisions: run.revisions(),
            rows: (rows.0, rows.1, store.rows.counted.get()),
            recipe: store
                .run
                .recipe
                .with(|recipe| print(&run.recipe(recipe).bare())),
        })
    }
}

impl Chosen {
    /// What is shown now; `None` before there is a run.
    pub fn now(store: Store) -> Option<Self> {
        let run = store.run.shown.get_untracked()?;
        let mut recipe = store.recipe_shown();
        let counting = run::counting().unwrap_or_else(|| count::counting(store, &recipe));
        recipe.count = counting.method.clone();
        let mut pages = store.rows.pages.get_untracked();
        pages.sort();
        Some(Self {
            run,
            recipe,
            selection: store.rows.selection.get_untracked(),
            frame: store.rows.frame.get_untracked(),
            counting,
            pages: Arc::new(pages),
            bad: store.rows.bad_count.get_untracked(),
            key: untrack(|| Key::now(store))?,
        })
    }

    /// What its files depend on.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The name of its files, without ending.
    pub fn base_name(&self) -> String {
        self.run.base_name()
    }

    /// What counts tokens of its rows, where something is to be counted.
    pub fn counting(&self, is_wanted: bool) -> Option<Counting> {
        is_wanted.then(|| self.counting.clone())
    }

    /// How a file of the rows is made; files and counts come when the lines are written.
    pub fn manifest(&self) -> Manifest {
        let sources = self.sources();
        let of_all = |value: fn(&SourceRows) -> &str| {
            let values: Vec<&str> = sources.iter().map(value).collect();
            values.join(",")
        };
        let revision = match sources.as_slice() {
            [only] => only.revision.clone(),
            _ => None,
        };
        let (recipe, selection) = (&self.recipe, &self.selection);
        let count = &recipe.count;
        Manifest {
            provenance: Provenance {
                app: App::this(),
                recipe: link_of(recipe.clone()),
                dataset: of_all(|source| &source.dataset),
                config: of_all(|source| &source.config),
                split: of_all(|source| &source.split),
                revision,
                sources: match self.run.is_mixture() {
                    true => sources,
                    false => Vec::new(),
                },
                opened: self.opened(),
                sample: recipe.reading.sample,
                seed: recipe.reading.seed,
                rows_wanted: recipe.reading.rows,
                rows_measured: self.frame.len() as u64,
                rows_bad: self.bad,
                rows_selected: selection.kept.len() as u64,
                funnel: selection.steps.iter().map(Into::into).collect(),
                tokenizer: count.model.is_none().then_some(count.tokenizer),
                token_method: token_method(count),
                model: count.model.clone(),
            },
            tokens: Some(tokens(&self.frame, &selection.kept)),
            options: recipe.export.clone(),
            written: Tally::default(),
            warnings: Vec::new(),
            files: Vec::new(),
            created: None,
        }
    }

    /// Each data set, with how many of its rows were read and how many are chosen.
    fn sources(&self) -> Vec<SourceRows> {
        let places = self.run.places().into_iter();
        let places = places.zip(self.run.offsets()).zip(self.run.revisions());
        let sources = places.map(|((place, first_row), revision)| SourceRows {
            dataset: place.dataset,
            config: place.config,
            split: place.split,
            revision: Some(revision).filter(|revision| !revision.is_empty()),
            first_row,
            rows_measured: 0,
            rows_selected: 0,
        });
        let mut sources: Vec<SourceRows> = sources.collect();
        for (row, is_chosen) in self.frame.rows().iter().zip(&self.selection.mask) {
            let place = self.run.place_of(*row);
            if let Some(source) = place.and_then(|place| sources.get_mut(place)) {
                source.rows_measured += 1;
                source.rows_selected += u64::from(*is_chosen);
            }
        }
        sources
    }

    /// The files, where several were opened, with how many of their rows were read and how many are chosen.
    fn opened(&self) -> OpenedFiles {
        let order = self.frame.order();
        let of_files = order.iter().filter_map(|&at| {
            let row = *self.frame.rows().get(at as usize)?;
            let is_chosen = *self.selection.mask.get(at as usize)?;
            Some((self.run.file_of(row)?, is_chosen))
        });
        OpenedFiles::of_rows(of_files)
    }

    /// The chosen rows by page, each with where it is from, all in the order of the run.
    pub fn by_page(&self) -> Vec<(PageRange, Vec<Origin>)> {
        let kept = self.selection.kept.iter();
        let origins = kept.filter_map(|&at| self.run.origin(&self.frame, at as usize));
        let mut by_page: Vec<(PageRange, Vec<Origin>)> = Vec::new();
        for origin in origins {
            let Some(page) = self.page_of(origin.row) else {
                continue;
            };
            match by_page.last_mut().filter(|(last, _)| *last == page) {
                Some((_, rows)) => rows.push(origin),
                None => by_page.push((page, vec![origin])),
            }
        }
        by_page
    }

    /// A row by its number: the page that holds it, and where it is from.
    pub fn row(&self, row: u64) -> Option<(PageRange, Origin)> {
        let at = self.frame.position(row)?;
        Some((self.page_of(row)?, self.run.origin(&self.frame, at)?))
    }

    /// The page that holds a row; a row that was surveyed only is in none yet, and has a page of its own.
    fn page_of(&self, row: u64) -> Option<PageRange> {
        let after = self.pages.partition_point(|page| page.start <= row);
        let page = after.checked_sub(1).and_then(|at| self.pages.get(at));
        let page = page.filter(|page| row < page.end()).copied();
        page.or_else(|| {
            let is_surveyed = self
                .frame
                .position(row)
                .is_some_and(|at| !self.frame.is_measured(at));
            is_surveyed.then(|| PageRange::rows(row, 1))
        })
    }
}

/// The selected rows' tokens, by role.
pub fn tokens(frame: &Frame, kept: &[u32]) -> TokenTotals {
    let sum = |number: Number| {
        let column = frame.number(number);
        let known = kept
            .iter()
            .filter_map(|&at| column.get(at as usize))
            .filter(|n| n.is_finite());
        known.sum::<f64>() as u64
    };
    let assistant = sum(Number::TokensAssistant);
    let (reasoning, calls) = (sum(Number::TokensReasoning), sum(Number::TokensCalls));
    TokenTotals {
        total: sum(Number::Tokens),
        trainable: assistant + reasoning + calls,
        system: sum(Number::TokensSystem),
        user: sum(Number::TokensUser),
        assistant,
        reasoning,
        calls,
        observations: sum(Number::TokensObservations),
        tools: sum(Number::TokensTools),
        template: template(frame, kept),
    }
}

/// What the chat template adds to the selected rows, where it is known of any.
fn template(frame: &Frame, kept: &[u32]) -> Option<i64> {
    let column = frame.number(Number::TokensTemplate);
    let added = kept.iter().filter_map(|&at| column.get(at as usize));
    let added: Vec<f64> = added.copied().filter(|n| n.is_finite()).collect();
    (!added.is_empty()).then(|| added.iter().sum::<f64>() as i64)
}
