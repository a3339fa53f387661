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
use tracesift_core::export::Origin;
use tracesift_core::frame::{Frame, Number};
use tracesift_core::ground::{ALL, PageRange, Sample, Source, words};
use tracesift_core::recipe::{Read, Reading, Recipe};
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
    /// The number that its first row has in the run.
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
        let part = Part {
            first: 0,
            source,
            context: RowContext {
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

    /// Where a row is from.
    fn part(&self, row: u64) -> Option<&Part> {
        self.parts.iter().rev().find(|part| part.first <= row)
    }

    /// Where its rows are from.
    pub fn source(&self) -> Option<&Source> {
        self.parts.first().map(|part| &part.source)
    }

    /// Where its rows lie in Parquet files, where they come out of such.
    pub fn layout(&self) -> Option<&Arc<Layout>> {
        self.parts.first()?.layout.as_ref()
    }

    /// The commit that is read, where it is known.
    pub fn revision(&self) -> Option<&str> {
        let revision = self.parts.first()?.revision.as_deref();
        revision.filter(|revision| !revision.is_empty())
    }

    /// The same run, once it is known which commit it reads.
    #[must_use]
    pub fn at_revision(&self, revision: &str) -> Self {
        let mut run = self.clone();
        for part in &mut run.parts {
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
        let mut place = part.context.clone();
        let mut first = part.first;
        let layout = part.layout.as_ref();
        if let Some(split) = layout.and_then(|layout| layout.split_of(range.start)) {
            place.config.clone_from(&split.config);
            place.split.clone_from(&split.split);
            first = split.rows.start;
        }
        let pieces = layout.map_or_else(Vec::new, |layout| layout.pieces(&range));
        let token = match (&part.source, pieces.first()) {
            (Source::Hub { endpoint, .. }, Some(piece)) => {
                token_for_file(store, endpoint, &piece.file.url)
            }
            (Source::Hub { endpoint, .. }, None) => token_for(store, endpoint),
            (Source::Demo { .. } | Source::File { .. }, _) => None,
        };
        Some(PageAt {
            source: part.source.clone(),
            range,
            place,
            first,
            revision: part.revision.clone(),
            token,
            pieces,
            items: part.items_of(&range),
        })
    }

    /// What was opened, where the rows are of local files.
    pub fn inventory(&self) -> Option<&Arc<Inventory>> {
        self.parts.first()?.inventory.as_ref()
    }

    /// The name of the file that a row is of, where several were opened.
    pub fn file_of(&self, row: u64) -> Option<&str> {
        let inventory = self.part(row)?.inventory.as_ref()?;
        let item = inventory.item_of(row)?;
        (inventory.items.len() > 1).then_some(&item.name)
    }

    /// What travels beside a question that reads a row: the bytes of opened files, where the rows are of such.
    pub fn attachment(&self, row: u64) -> JsValue {
        let file = self.part(row).and_then(|part| part.file.as_ref());
        file.map_or(JsValue::UNDEFINED, |file| (**file).clone().into())
    }

    /// Where the row at a position of the frame is from.
    pub fn origin(&self, frame: &Frame, at: usize) -> Option<Origin> {
        let row = *frame.rows().get(at)?;
        let tokens = frame.number(Number::Tokens).get(at).copied();
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
            tokens: tokens
                .filter(|tokens| tokens.is_finite())
                .map(|tokens| tokens as u64),
        };
        // The rows of several splits are counted on; a line names the one that its row is of.
        let layout = part.layout.as_ref();
        if let Some(split) = layout.and_then(|layout| layout.split_of(row))
            && !split.config.is_empty()
        {
            origin.config.clone_from(&split.config);
            origin.split.clone_from(&split.split);
        }
        Some(origin)
    }

    /// The Hub that its data set is on; `None` for rows that are on none.
    pub fn hub(&self) -> Option<String> {
        matches!(self.source(), Some(Source::Hub { .. })).then(|| servers::hub(&self.reading))
    }

    /// `namespace/name`, `demo` or the file's name.
    pub fn dataset(&self) -> String {
        self.source().map(dataset_name).unwrap_or_default()
    }

    /// `owner-name-config-split`, with nothing in it that a file system minds.
    pub fn base_name(&self) -> String {
        let named = |name: &str| match name {
            ALL => "all".to_owned(),
            _ => name.to_owned(),
        };
        let (config, split) = self.config_and_split();
        let parts = [self.dataset(), named(config), named(split)];
        let parts = parts.iter().filter(|part| !part.is_empty()).map(|part| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            part.chars()
                .map(|c| if is_plain(c) { c } else { '-' })
                .collect::<String>()
        });
        parts.collect::<Vec<_>>().join("-")
    }

    /// The config and the split; both are empty where the rows have none.
    pub fn config_and_split(&self) -> (&str, &str) {
        let context = self.parts.first().map(|part| &part.context);
        context.map_or(("", ""), |context| (&context.config, &context.split))
    }

    /// What is read, as a person would say it.
    pub fn words(&self) -> String {
        let name = match self.source() {
            Some(Source::Demo { .. }) => "the demo".to_owned(),
            _ => words::cut(&self.dataset(), 80),
        };
        let (config, split) = self.config_and_split();
        let split = match (config, split) {
            ("", "") => String::new(),
            (ALL, _) => ", all configs".to_owned(),
            (config, ALL) => format!(", {config}, all splits"),
            (config, split) => format!(", {config} / {split}"),
        };
        let rows = words::count(self.reading.rows);
        let rows = match (self.reading.read, self.reading.sample) {
            (Read::Survey, _) => "a survey of all rows".to_owned(),
            (Read::Selection, _) => "the rows that passed the filters".to_owned(),
            (Read::Sample, Sample::Head) => format!("the first {rows} rows at most"),
            (Read::Sample, Sample::Spread) => format!("{rows} evenly spread rows at most"),
            (Read::Sample, Sample::Random) => {
                format!("{rows} rows at most, drawn by seed {}", self.reading.seed)
            }
        };
        format!("{name}{split} ({rows})")
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

fn dataset_name(source: &Source) -> String {
    match source {
        Source::Hub { dataset, .. } => dataset.clone(),
        Source::File { name, .. } => name.clone(),
        Source::Demo { .. } => "demo".to_owned(),
    }
}
