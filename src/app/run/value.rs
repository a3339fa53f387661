//! A run as one immutable value: which rows it reads, where they lie, and how to ask for them again.
//! Whatever is shown, written, published or linked takes the run that it belongs to; no other run can change it.

use std::sync::Arc;

use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;
use web_sys::Blob;

use crate::app::source::servers;
use crate::app::source::token::{token_for, token_for_file};
use crate::app::store::Store;
use crate::worker::PageAt;
use crate::worker::frame::ChosenRow;
use tracesift_core::export::Origin;
use tracesift_core::ground::{ALL, PageRange, Sample, Source, words};
use tracesift_core::recipe::{Place, Read, Reading, Recipe};
use tracesift_core::source::inventory::Inventory;
use tracesift_core::source::item::Item;
use tracesift_core::trace::RowContext;
use tracesift_parquet::layout::Layout;

/// A run.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its number: a run that is started anew has another one.
    pub id: u64,
    /// Which rows it reads, as the form said it; names may be left open.
    pub asked: Reading,
    /// Which rows it reads, with the config and split that were found.
    pub reading: Reading,
    /// Where its rows are from, in the order of the rows; never empty.
    pub parts: Vec<Part>,
}

/// One place that rows of a run are from.
#[derive(Debug, Clone)]
pub struct Part {
    /// The number that its first row has in the run: rows of several datasets are counted on.
    pub first: u64,
    /// The place.
    pub source: Source,
    /// What the place says of its rows.
    pub context: RowContext,
    /// The commit; `None` until the first answer names it, and where there is none.
    pub revision: Option<String>,
    /// Where the rows lie in Parquet files, where they come out of such.
    pub layout: Option<Arc<Layout>>,
    /// What opened files hold, where the rows are of such.
    pub inventory: Option<Arc<Inventory>>,
    /// The bytes of opened files.
    pub file: Option<SendWrapper<Blob>>,
}

impl Run {
    /// A run whose rows are all from one place.
    pub fn of(id: u64, asked: Reading, source: Source) -> Self {
        let label = match &source {
            // The demo has no other rows beside it that it would have to be told from.
            Source::Demo { .. } => String::new(),
            source => dataset_name(source),
        };
        let part = Part {
            first: 0,
            source,
            context: RowContext {
                source: label,
                map: asked.map.clone(),
                ..RowContext::default()
            },
            revision: None,
            layout: None,
            inventory: None,
            file: None,
        };
        Self {
            id,
            reading: asked.clone(),
            asked,
            parts: vec![part],
        }
    }

    /// A run of several datasets, one after the other; with each comes the number that its first row has.
    pub fn joined(id: u64, asked: Reading, runs: Vec<(Self, u64)>) -> Self {
        let places: Vec<Place> = runs.iter().flat_map(|(run, _)| run.places()).collect();
        let mut parts = Vec::new();
        for (run, first) in runs {
            parts.extend(run.parts.into_iter().map(|part| Part { first, ..part }));
        }
        for part in &mut parts {
            let name = dataset_name(&part.source);
            let is_twice = places.iter().filter(|p| p.dataset == name).count() > 1;
            let label = &mut part.context.source;
            if is_twice && *label == name {
                // The name alone would not tell them apart.
                *label = [&*name, &part.context.config, &part.context.split].join("/");
            } else if label.is_empty() {
                *label = name;
            }
        }
        Self {
            id,
            reading: asked.of_places(&places_of(&asked, &places)),
            asked,
            parts,
        }
    }

    /// Where a row is from.
    pub fn part(&self, row: u64) -> Option<&Part> {
        self.parts.get(self.place_of(row)?)
    }

    /// Which of the datasets a row is of.
    pub fn place_of(&self, row: u64) -> Option<usize> {
        self.parts.iter().rposition(|part| part.first <= row)
    }

    /// Where its rows are from.
    pub fn source(&self) -> Option<&Source> {
        self.parts.first().map(|part| &part.source)
    }

    /// The datasets by the names, configs and splits that were found, in the order of the rows.
    pub fn places(&self) -> Vec<Place> {
        let places = self.parts.iter().map(|part| Place {
            dataset: dataset_name(&part.source),
            config: part.context.config.clone(),
            split: part.context.split.clone(),
        });
        places.collect()
    }

    /// What its first dataset is called.
    pub fn name(&self) -> String {
        self.source().map(dataset_name).unwrap_or_default()
    }

    /// Whether its rows are of several datasets.
    pub fn is_mixture(&self) -> bool {
        self.parts.len() > 1
    }

    /// The numbers that the datasets' first rows have.
    pub fn offsets(&self) -> Vec<u64> {
        self.parts.iter().map(|part| part.first).collect()
    }

    /// Where its rows lie in Parquet files, where they come out of such.
    pub fn layout(&self) -> Option<&Arc<Layout>> {
        self.parts.first()?.layout.as_ref()
    }

    /// The commit of each dataset that is read; empty where it is not known.
    pub fn revisions(&self) -> Vec<String> {
        let revisions = self.parts.iter().map(|part| part.revision.clone());
        revisions.map(Option::unwrap_or_default).collect()
    }

    /// The same run, once it is known which commit a row's dataset is read at.
    #[must_use]
    pub fn at_revision(&self, row: u64, revision: &str) -> Self {
        let mut run = self.clone();
        let place = self.place_of(row);
        if let Some(part) = place.and_then(|place| run.parts.get_mut(place)) {
            part.revision = Some(revision.to_owned());
        }
        run
    }

    /// The same rows, of which something else is read.
    #[must_use]
    pub fn with_read(&self, read: Read) -> Self {
        let mut run = self.clone();
        run.asked.read = read;
        run.reading.read = read;
        run
    }

    /// Whether a form asks for the rows of this run.
    pub fn is_of(&self, form: &Reading) -> bool {
        self.asked.is_same_run(form) || self.reading.is_same_run(form)
    }

    /// The recipe that leads to this run's rows: its own reading, and all other choices as they are.
    pub fn recipe(&self, chosen: &Recipe) -> Recipe {
        Recipe {
            reading: self.reading.with_draws_of(&chosen.reading),
            ..chosen.clone()
        }
    }

    /// Where a page of its rows lies, and with which token it may be asked for now.
    pub fn page_at(&self, store: Store, range: PageRange) -> Option<PageAt> {
        let part = self.part(range.start)?;
        let range = PageRange {
            start: range.start.saturating_sub(part.first),
            ..range
        };
        let mut place = part.context.clone();
        let mut first = part.first;
        let layout = part.layout.as_ref();
        if let Some(split) = layout.and_then(|layout| layout.split_of(range.start)) {
            place.config.clone_from(&split.config);
            place.split.clone_from(&split.split);
            first = part.first.saturating_add(split.rows.start);
        }
        let pieces = layout.map_or_else(Vec::new, |layout| layout.pieces(&range));
        let token = match (&part.source, pieces.first()) {
            (Source::Hub { endpoint, .. }, Some(piece)) => {
                token_for_file(store, endpoint, &piece.file.url)
            }
            (Source::Hub { endpoint, .. }, None) => token_for(store, endpoint),
            (Source::Demo { .. } | Source::Repository { .. } | Source::File { .. }, _) => None,
        };
        Some(PageAt {
            source: part.source.clone(),
            range,
            offset: part.first,
            place,
            first,
            revision: part.revision.clone(),
            token,
            pieces,
            items: part.items_of(&range),
        })
    }

    /// What was opened, where rows are of files.
    pub fn inventory(&self) -> Option<&Arc<Inventory>> {
        self.parts.iter().find_map(|part| part.inventory.as_ref())
    }

    /// The opened files, where there are several: the number of each one's first row, and its name. Rows that are of none
    /// have a place among them without a name.
    pub fn files(&self) -> Vec<(u64, Option<&str>)> {
        let mut files = Vec::new();
        for part in &self.parts {
            let items = part.inventory.as_ref().map(|inventory| &*inventory.items);
            match items.filter(|items| items.len() > 1) {
                Some(items) => {
                    let first = |item: &Item| part.first.saturating_add(item.first);
                    files.extend(items.iter().map(|item| (first(item), Some(&*item.name))));
                }
                None => files.push((part.first, None)),
            }
        }
        files
    }

    /// The name of the file that a row is of, where several were opened.
    pub fn file_of(&self, row: u64) -> Option<&str> {
        let part = self.part(row)?;
        let inventory = part.inventory.as_ref()?;
        let item = inventory.item_of(row.saturating_sub(part.first))?;
        (inventory.items.len() > 1).then_some(&item.name)
    }

    /// What travels beside a question that reads a row: the bytes of opened files, where the rows are of such.
    pub fn attachment(&self, row: u64) -> JsValue {
        let file = self.part(row).and_then(|part| part.file.as_ref());
        file.map_or(JsValue::UNDEFINED, |file| (**file).clone().into())
    }

    /// Where a row is from.
    pub fn origin(&self, chosen: ChosenRow) -> Option<Origin> {
        let row = chosen.row;
        let part = self.part(row)?;
        let mut origin = Origin {
            row,
            dataset: match self.file_of(row) {
                Some(file) => file.to_owned(),
                None => dataset_name(&part.source),
            },
            config: part.context.config.clone(),
            split: part.context.split.clone(),
            revision: part
                .revision
                .clone()
                .filter(|revision| !revision.is_empty()),
            tokens: chosen.tokens,
        };
        // The rows of several splits are counted on; a line names the one that its row is of.
        let layout = part.layout.as_ref();
        let of_place = row.saturating_sub(part.first);
        if let Some(split) = layout.and_then(|layout| layout.split_of(of_place))
            && !split.config.is_empty()
        {
            origin.config.clone_from(&split.config);
            origin.split.clone_from(&split.split);
        }
        Some(origin)
    }

    /// The Hub that its datasets are on; `None` for rows that are on none.
    pub fn hub(&self) -> Option<String> {
        let is_on_hub =
            |part: &Part| matches!(part.source, Source::Hub { .. } | Source::Repository { .. });
        let any = self.parts.iter().any(is_on_hub);
        any.then(|| servers::hub(&self.reading))
    }

    /// `owner-name-config-split`, with nothing in it that a file system minds.
    pub fn base_name(&self) -> String {
        let named = |name: String| match name.as_str() {
            ALL => "all".to_owned(),
            _ => name,
        };
        let places = self.places();
        let more = places.len().saturating_sub(1);
        let first = places.into_iter().next().unwrap_or_default();
        let more = match more {
            0 => String::new(),
            more => format!("and-{more}-more"),
        };
        let parts = [first.dataset, named(first.config), named(first.split), more];
        let parts = parts.iter().filter(|part| !part.is_empty()).map(|part| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            part.chars()
                .map(|c| if is_plain(c) { c } else { '-' })
                .collect::<String>()
        });
        parts.collect::<Vec<_>>().join("-")
    }

    /// What is read, by names alone: `owner/name, config / split`.
    pub fn names(&self) -> String {
        words::all_of(self.parts.iter().map(Part::words).collect())
    }

    /// What is read, in few words: `the demo · 500 rows`.
    pub fn in_a_line(&self) -> String {
        let rows = match self.reading.read {
            Read::Survey => "all rows, without texts".to_owned(),
            Read::Selection => "the rows that passed the filters".to_owned(),
            Read::Sample => words::plural(self.reading.rows, "row", "rows"),
        };
        let each = if self.is_mixture() { " of each" } else { "" };
        format!("{} · {rows}{each}", self.names())
    }

    /// What is read, as a person would say it.
    pub fn words(&self) -> String {
        let places: Vec<String> = self.parts.iter().map(Part::words).collect();
        let each = match places.len() {
            0 | 1 => "",
            _ => " of each",
        };
        let rows = words::count(self.reading.rows);
        let rows = match (self.reading.read, self.reading.sample) {
            (Read::Survey, _) => "a survey of all rows".to_owned(),
            (Read::Selection, _) => "the rows that passed the filters".to_owned(),
            (Read::Sample, Sample::Head) => format!("the first {rows} rows{each} at most"),
            (Read::Sample, Sample::Spread) => format!("{rows} evenly spread rows{each} at most"),
            (Read::Sample, Sample::Random) => {
                let seed = self.reading.seed;
                format!("{rows} rows{each} at most, drawn by seed {seed}")
            }
        };
        format!("{} ({rows})", words::all_of(places))
    }
}

impl Part {
    /// `owner/name, config / split`, as a person would say it.
    fn words(&self) -> String {
        let name = match &self.source {
            Source::Demo { .. } => "the demo".to_owned(),
            source => words::cut(&dataset_name(source), 80),
        };
        let (config, split) = (self.context.config.as_str(), self.context.split.as_str());
        let split = match (config, split) {
            ("", "") => String::new(),
            (ALL, _) => ", all configs".to_owned(),
            (config, ALL) => format!(", {config}, all splits"),
            (config, split) => format!(", {config} / {split}"),
        };
        format!("{name}{split}")
    }
}

impl Part {
    /// The opened files that a page has rows of. The name of a single one is that of the run, and is no label.
    fn items_of(&self, page: &PageRange) -> Vec<Item> {
        let Some(inventory) = &self.inventory else {
            return Vec::new();
        };
        let mut items = inventory.items_of(page).to_vec();
        if let ([_], [item]) = (inventory.items.as_slice(), items.as_mut_slice()) {
            item.name.clear();
        }
        items
    }
}

/// The datasets that were asked for, with the config and split that were found of each; a file stays `file`.
fn places_of(asked: &Reading, found: &[Place]) -> Vec<Place> {
    let asked = asked.places().into_iter().zip(found);
    let places = asked.map(|(asked, found)| Place {
        dataset: asked.dataset,
        ..found.clone()
    });
    places.collect()
}

/// What a place of rows is called: `namespace/name`, `demo` or the file's name.
pub fn dataset_name(source: &Source) -> String {
    match source {
        Source::Hub { dataset, .. } | Source::Repository { dataset, .. } => dataset.clone(),
        Source::File { name, .. } => name.clone(),
        Source::Demo { .. } => "demo".to_owned(),
    }
}
