//! Local files as the dataset: chosen by the pickers, or dropped anywhere on the page, alone, in folders or in archives.
//! Only their handles are kept; workers read the pieces that they need. Files that were fetched are opened the same way.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use js_sys::Array;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, File, FileList, HtmlInputElement};

use super::{dataset, parquet};
use crate::app::run;
use crate::app::store::{Store, store};
use crate::worker::{Answer, Question, WorkerError};
use tracesift_core::ground::words;
use tracesift_core::source::inventory::{Inventory, Skipped};
use tracesift_core::trace::RowContext;
use tracesift_files::OPENABLE;

/// The endings of what can be opened, for the picker.
fn accepted() -> String {
    format!("{},.parquet,application/json", OPENABLE.join(","))
}

thread_local! {
    /// How many openings wait for their answers: one that was given up waits until it hears so.
    static OPENING: Cell<u32> = const { Cell::new(0) };
}

/// The files that a person chose, or that were fetched of a dataset.
#[derive(Clone)]
pub struct Chosen {
    /// What they are called together: a file's or a folder's name, or how many they are.
    pub name: String,
    /// Each with its name, and the folders that it is in.
    files: Vec<(String, Blob)>,
    /// Files that belong to these and could not be had, each with the reason.
    missing: Vec<Skipped>,
    /// What they hold, once it is known, and what was known of their rows when it was found.
    opened: Rc<RefCell<Option<(RowContext, Opened)>>>,
}

/// What opened files hold.
#[derive(Clone)]
pub struct Opened {
    /// Their items and pages.
    pub inventory: Arc<Inventory>,
    /// All bytes that hold runs.
    pub bytes: Blob,
}

impl Chosen {
    fn of(files: Vec<(String, File)>) -> Option<Self> {
        let (first, _) = files.first()?;
        let folder = first.split_once('/').map(|(folder, _)| folder);
        let is_in = |folder: &str| {
            let mut paths = files.iter().map(|(path, _)| path);
            paths.all(|path| path.split_once('/').is_some_and(|(top, _)| top == folder))
        };
        let name = match folder.filter(|folder| is_in(folder)) {
            Some(folder) => folder.to_owned(),
            None if files.len() == 1 => first.clone(),
            None => words::plural(files.len() as u64, "file", "files"),
        };
        let files = files.into_iter().map(|(path, file)| (path, file.into()));
        Some(Self::named(name, files.collect(), Vec::new()))
    }

    /// Files that are called so together.
    pub fn named(name: String, files: Vec<(String, Blob)>, missing: Vec<Skipped>) -> Self {
        Self {
            name,
            files,
            missing,
            opened: Rc::default(),
        }
    }

    /// Whether these are the same files as others.
    pub fn is_same(&self, other: &Self) -> bool {
        self.files == other.files && self.missing == other.missing
    }

    /// Their bytes together.
    pub fn bytes(&self) -> u64 {
        let sizes = self.files.iter().map(|(_, file)| file.size() as u64);
        sizes.sum()
    }

    /// The only file, where it is one of the user's.
    fn only(&self) -> Option<&File> {
        match self.files.as_slice() {
            [(_, file)] => file.dyn_ref(),
            _ => None,
        }
    }
}

/// What the chosen files hold; found once.
///
/// # Errors
/// Why nothing of them can be read, in words.
pub async fn opened(store: Store, chosen: &Chosen, context: RowContext) -> Result<Opened, String> {
    if let Some((known, opened)) = &*chosen.opened.borrow()
        && *known == context
    {
        return Ok(opened.clone());
    }
    let (names, files): (Vec<String>, Vec<Blob>) = chosen.files.iter().cloned().unzip();
    let files: Array = files.iter().collect();
    let question = Question::Open {
        names,
        bytes: chosen.bytes(),
        context: context.clone(),
    };
    let looking_up = store.run.looking_up;
    looking_up.set(Some(format!("Opening {} …", words::cut(&chosen.name, 80))));
    let said = move |words| looking_up.set(Some(words));
    OPENING.set(OPENING.get() + 1);
    let answer = store
        .readers()
        .ask_for_blob(&question, files.into(), said)
        .await;
    OPENING.set(OPENING.get().saturating_sub(1));
    looking_up.set(None);
    let (Answer::Opened(mut inventory), bytes) = answer.map_err(|error| error.to_string())? else {
        return Err(WorkerError::Protocol.to_string());
    };
    inventory.skipped.extend(chosen.missing.iter().cloned());
    if inventory.pages.is_empty() {
        return Err(nothing(&inventory));
    }
    let opened = Opened {
        inventory: Arc::new(inventory),
        bytes,
    };
    // Rows that are read anew, as others were chosen of them, need no second look.
    *chosen.opened.borrow_mut() = Some((context, opened.clone()));
    Ok(opened)
}

/// Ends the work on files that are being opened, which nobody waits for any longer.
pub fn stop_opening(store: Store) {
    if OPENING.get() > 0 {
        store.readers().interrupt_blobs();
    }
}

/// Why nothing can be read.
fn nothing(inventory: &Inventory) -> String {
    let why = match inventory.skipped.as_slice() {
        [] => "There is no file in it".to_owned(),
        [one] => format!("{}: {}", words::cut(&one.name, 120), one.why),
        _ => inventory.words().unwrap_or_default(),
    };
    format!(
        "Nothing here can be read as agent runs. {why}. Runs come as JSONL, JSON, CSV or Parquet files, in folders or in archives."
    )
}

/// The buttons that open the pickers.
#[component]
pub fn FileButtons() -> impl IntoView {
    let files = NodeRef::<html::Input>::new();
    let folder = NodeRef::<html::Input>::new();
    let store = store();
    let open = |input: NodeRef<html::Input>| {
        move |_| {
            if let Some(input) = input.get() {
                input.click();
            }
        }
    };
    let chosen = move |event: web_sys::Event| take_chosen(store, &event);
    // The framework has no attribute of this name.
    Effect::new(move |_| {
        if let Some(input) = folder.get() {
            input.set_webkitdirectory(true);
        }
    });
    view! {
        <button type="button" data-action="open-files" on:click=open(files)>"Open files"</button>
        <input class="unseen" type="file" multiple=true accept=accepted() tabindex="-1"
            aria-label="Files" node_ref=files on:change=chosen/>
        <button type="button" data-action="open-folder" on:click=open(folder)>"Open a folder"</button>
        <input class="unseen" type="file" tabindex="-1"
            aria-label="Folder" node_ref=folder on:change=chosen/>
        <span class="hint">"Runs as JSONL, JSON, CSV or Parquet, sessions, job folders, archives; or drop them anywhere"</span>
    }
}

fn take_chosen(store: Store, event: &web_sys::Event) {
    let input = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    let files = input.files().map(|files| files_of(&files));
    // Else the browser takes the same files, edited and chosen again, for no change.
    input.set_value("");
    open(store, files.unwrap_or_default());
}

/// The files of a list, each with the folders that it is in, as far as the browser says them.
pub fn files_of(list: &FileList) -> Vec<(String, File)> {
    let files = (0..list.length()).filter_map(|at| list.get(at));
    let path = |file: &File| {
        let path = js_sys::Reflect::get(file, &"webkitRelativePath".into()).ok();
        path.and_then(|path| path.as_string())
            .filter(|path| !path.is_empty())
    };
    files
        .map(|file| (path(&file).unwrap_or_else(|| file.name()), file))
        .collect()
}

/// Takes files as the dataset and reads them.
pub fn open(store: Store, files: Vec<(String, File)>) {
    let Some(chosen) = Chosen::of(files) else {
        return;
    };
    store.run.chosen.set_value(Some(chosen));
    dataset::choose(store, "file");
    run::analyze(store);
}

/// Takes dropped files as the dataset, once all folders among them are listed.
pub fn open_dropped(store: Store, dropped: super::drop::Dropped) {
    store
        .run
        .looking_up
        .set(Some("Listing the files …".to_owned()));
    spawn_local(async move {
        let files = dropped.files().await;
        store.run.looking_up.set(None);
        open(store, files);
    });
}

/// The only chosen file where it is a Parquet file, which is read by slices.
pub async fn parquet_file(chosen: &Chosen) -> Option<File> {
    let file = chosen.only()?;
    parquet::is_parquet(file).await.then(|| file.clone())
}
