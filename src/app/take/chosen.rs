//! The chosen rows of one run at one moment: all that leaves the page is made of it, whatever is pressed meanwhile.
//! It holds the run and the choices as they were, and has their worker hold the rows; the next ones have no part in it.

use std::iter::repeat_n;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::address::link_of;
use crate::app::frame;
use crate::app::run;
use crate::app::run::value::Run;
use crate::app::source::count;
use crate::app::store::Store;
use crate::worker::frame::{
    Ask, ChosenRow, HeldRows, Hold, OneChosen, PairsOf, Release, RowsOf, TableFile, TableOf,
};
use crate::worker::{Counting, WorkerError};
use tracesift_core::export::Origin;
use tracesift_core::export::table::TableForm;
use tracesift_core::export::tally::Tally;
use tracesift_core::ground::PageRange;
use tracesift_core::manifest::{App, Manifest, OpenedFiles, Provenance, SourceRows, token_method};
use tracesift_core::recipe::address::print;
use tracesift_core::recipe::pairs::Pair;
use tracesift_core::recipe::{Place, Recipe};

/// So many rows are asked for at once.
const ROWS: usize = 5_000;

const NOTHING: &str = "Nothing was read yet.";

/// The chosen rows of a run.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The run.
    pub run: Arc<Run>,
    /// What a link to these rows says.
    pub recipe: Recipe,
    /// The rows, which their worker holds as long as this lives.
    rows: Rc<Rows>,
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
    /// Changes of the rows before it.
    rows: u64,
    recipe: String,
}

/// Rows that their worker holds.
struct Rows {
    store: Store,
    held: HeldRows,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        self.held.fmt(f)
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        let of = self.held.number;
        let release = frame::ask(self.store, Release { of });
        // Nothing depends on the answer.
        spawn_local(async move { drop(release.await) });
    }
}

impl Key {
    /// That of the rows that are shown; `None` before there are any. Which row is open, or what a link's maker had, has
    /// no part in it.
    pub fn now(store: Store) -> Option<Self> {
        let run = store.run.shown.get()?;
        let rows = store.rows.rows_version.get();
        let recipe = store.run.recipe.with(|recipe| run.recipe(recipe));
        Some(Self::of(&run, &recipe, rows))
    }

    fn of(run: &Run, recipe: &Recipe, rows: u64) -> Self {
        Self {
            run: run.id,
            revisions: run.revisions(),
            rows,
            recipe: print(&recipe.bare()),
        }
    }
}

impl Chosen {
    /// What is shown when this is called, whatever is chosen or read until it is there.
    ///
    /// # Errors
    /// Why there is nothing, in words.
    pub fn now(store: Store) -> impl Future<Output = Result<Self, String>> {
        let now = store.run.shown.get_untracked().map(|run| {
            let mut recipe = store.recipe_shown();
            // What a key says of tokens is what was asked for, not what they were counted with.
            let key = recipe.clone();
            let counting = run::counting().unwrap_or_else(|| count::counting(store, &recipe));
            recipe.count = counting.method.clone();
            let mut pages = store.rows.pages.get_untracked();
            pages.sort();
            let hold = Hold {
                filters: recipe.filters.clone(),
                seed: store.rows.seed.get_untracked(),
                places: run.offsets(),
                files: run.files().into_iter().map(|(first, _)| first).collect(),
            };
            let hold = frame::ask(store, hold);
            let bad = store.rows.bad_count.get_untracked();
            let of = move |held: HeldRows| Self {
                key: Key::of(&run, &key, held.rows_version),
                run,
                recipe,
                rows: Rc::new(Rows { store, held }),
                counting,
                pages: Arc::new(pages),
                bad,
            };
            (hold, of)
        });
        async move {
            let (hold, of) = now.ok_or(NOTHING)?;
            hold.await.map(of).map_err(words)
        }
    }

    /// How many rows are chosen.
    pub fn kept(&self) -> u64 {
        self.rows.held.kept
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
        let (recipe, held) = (&self.recipe, &self.rows.held);
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
                rows_measured: held.len,
                rows_bad: self.bad,
                rows_selected: held.kept,
                funnel: held.funnel.clone(),
                tokenizer: count.model.is_none().then_some(count.tokenizer),
                token_method: token_method(count),
                model: count.model.clone(),
            },
            tokens: Some(held.tokens),
            options: recipe.export.clone(),
            written: Tally::default(),
            warnings: Vec::new(),
            files: Vec::new(),
            created: None,
        }
    }

    /// Each dataset, with how many of its rows were read and how many are chosen.
    fn sources(&self) -> Vec<SourceRows> {
        let places = self.run.places().into_iter();
        let places = places.zip(self.run.offsets()).zip(self.run.revisions());
        let places = places.zip(&self.rows.held.places);
        let source = |(((place, first_row), revision), (read, chosen)): (_, &(u64, u64))| {
            let (place, revision): (Place, String) = (place, revision);
            SourceRows {
                dataset: place.dataset,
                config: place.config,
                split: place.split,
                revision: Some(revision).filter(|revision| !revision.is_empty()),
                first_row,
                rows_measured: *read,
                rows_selected: *chosen,
            }
        };
        places.map(source).collect()
    }

    /// The files, where several were opened, with how many of their rows were read and how many are chosen.
    fn opened(&self) -> OpenedFiles {
        let files = self.run.files().into_iter().zip(&self.rows.held.files);
        let of_files = files.filter_map(|((_, file), (read, chosen))| {
            let times = |rows: u64, is_chosen| repeat_n((file, is_chosen), rows as usize);
            Some((
                file?,
                times(*chosen, true).chain(times(read - chosen, false)),
            ))
        });
        OpenedFiles::of_rows(of_files.flat_map(|(file, rows)| rows.map(move |row| (file, row.1))))
    }

    /// The chosen rows by page, each with where it is from, all in the order of the run.
    ///
    /// # Errors
    /// Why they can't be had, in words.
    pub async fn by_page(&self) -> Result<Vec<(PageRange, Vec<Origin>)>, String> {
        let mut by_page: Vec<(PageRange, Vec<Origin>)> = Vec::new();
        let mut from = 0;
        loop {
            let (of, most) = (self.rows.held.number, ROWS);
            let rows = self.ask(RowsOf { of, from, most }).await?;
            if rows.is_empty() {
                return Ok(by_page);
            }
            from += rows.len();
            for (page, origin) in rows.into_iter().filter_map(|row| self.placed(row)) {
                match by_page.last_mut().filter(|(last, _)| *last == page) {
                    Some((_, rows)) => rows.push(origin),
                    None => by_page.push((page, vec![origin])),
                }
            }
        }
    }

    /// A row by its number, chosen or not: the page that holds it, and where it is from; `None` where there is no such row.
    ///
    /// # Errors
    /// Why it can't be had, in words.
    pub async fn row(&self, row: u64) -> Result<Option<(PageRange, Origin)>, String> {
        let of = self.rows.held.number;
        let found = self.ask(OneChosen { of, row }).await?;
        Ok(found.and_then(|row| self.placed(row)))
    }

    /// The pairs among the chosen rows.
    ///
    /// # Errors
    /// Why they can't be had, in words.
    pub async fn pairs(&self) -> Result<Vec<Pair>, String> {
        self.ask(PairsOf {
            of: self.rows.held.number,
            rule: self.recipe.pairs.rule(),
            prefer: self.recipe.filters.prefer.clone(),
            seed: self.recipe.reading.seed,
        })
        .await
    }

    /// A part of the table, counted from 0; `None` after the last. Each is asked for after the one before it.
    ///
    /// # Errors
    /// Why it can't be had, in words.
    pub async fn table(&self, part: usize) -> Result<Option<Bytes>, String> {
        let file = match self.recipe.table_form {
            TableForm::Csv => TableFile::Csv(self.recipe.export.csv),
            TableForm::Parquet => TableFile::Parquet {
                recipe: link_of(self.recipe.clone()),
            },
        };
        let most = file.rows_at_once();
        let piece = self.ask(TableOf {
            of: self.rows.held.number,
            from: part * most,
            most,
            file,
        });
        Ok(Some(piece.await??).filter(|piece| !piece.is_empty()))
    }

    async fn ask<A: Ask>(&self, question: A) -> Result<A::Answer, String> {
        frame::ask(self.rows.store, question).await.map_err(words)
    }

    /// The page that holds a row, and where it is from. A row that was surveyed only is in no page yet, and has one of its
    /// own.
    fn placed(&self, row: ChosenRow) -> Option<(PageRange, Origin)> {
        let after = self.pages.partition_point(|page| page.start <= row.row);
        let page = after.checked_sub(1).and_then(|at| self.pages.get(at));
        let page = page.filter(|page| row.row < page.end()).copied();
        let of_survey = || (!row.is_measured).then(|| PageRange::rows(row.row, 1));
        Some((page.or_else(of_survey)?, self.run.origin(row)?))
    }
}

fn words(error: WorkerError) -> String {
    error.to_string()
}
