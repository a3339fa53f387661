//! Files and folders dropped anywhere on the page: the hint while they are over it, and the walk through folders.
//! What was dropped has to be taken while the event is on; folders are listed after it.

use js_sys::{Array, Function, Promise};
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, DragEvent, File, FileSystemDirectoryEntry, FileSystemDirectoryReader,
    FileSystemEntry, FileSystemFileEntry,
};

use super::file;
use crate::app::store::store;

/// What was dropped.
pub struct Dropped {
    entries: Vec<FileSystemEntry>,
    /// The files, where the browser says no entries.
    files: Vec<(String, File)>,
}

impl Dropped {
    fn of(data: &DataTransfer) -> Self {
        let items = data.items();
        let items = (0..items.length()).filter_map(|at| items.get(at));
        let entries = items.filter_map(|item| item.webkit_get_as_entry().ok().flatten());
        Self {
            entries: entries.collect(),
            files: data
                .files()
                .map(|files| file::files_of(&files))
                .unwrap_or_default(),
        }
    }

    /// All files, those of folders with their paths.
    pub async fn files(self) -> Vec<(String, File)> {
        if self.entries.is_empty() {
            return self.files;
        }
        let mut found = Vec::new();
        let mut open = self.entries;
        while let Some(entry) = open.pop() {
            if entry.is_directory() {
                let folder: FileSystemDirectoryEntry = entry.unchecked_into();
                open.extend(entries_of(&folder).await);
            } else {
                let path = entry.full_path().trim_start_matches('/').to_owned();
                let entry: FileSystemFileEntry = entry.unchecked_into();
                found.extend(file_of(&entry).await.map(|file| (path, file)));
            }
        }
        found
    }
}

/// The entries of a folder, which come some at a time.
async fn entries_of(folder: &FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = folder.create_reader();
    let mut entries = Vec::new();
    loop {
        let some = answered(|done, failed| read_entries(&reader, done, failed)).await;
        let some: Option<Array> = some.and_then(|some| some.dyn_into().ok());
        match some {
            Some(some) if some.length() > 0 => {
                entries.extend(some.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
            }
            _ => return entries,
        }
    }
}

fn read_entries(reader: &FileSystemDirectoryReader, done: &Function, failed: &Function) {
    // Fails only where it is asked again too early.
    let _ = reader.read_entries_with_callback_and_callback(done, failed);
}

async fn file_of(entry: &FileSystemFileEntry) -> Option<File> {
    let file = answered(|done, failed| entry.file_with_callback_and_callback(done, failed)).await;
    file?.dyn_into().ok()
}

/// What is given to the first of two functions; `None` where the second is called.
async fn answered(ask: impl Fn(&Function, &Function)) -> Option<JsValue> {
    let promise = Promise::new(&mut |done, failed| ask(&done, &failed));
    JsFuture::from(promise).await.ok()
}

/// The hint that files can be dropped, shown while some are over the page.
#[component]
pub fn DropHint() -> impl IntoView {
    let store = store();
    let is_over = RwSignal::new(false);
    let has_files = |event: &DragEvent| {
        let types = event.data_transfer().map(|data| data.types());
        types.is_some_and(|types| types.includes(&"Files".into(), 0))
    };
    let over = window_event_listener(ev::dragover, move |event: DragEvent| {
        if has_files(&event) {
            event.prevent_default();
            is_over.set(true);
        }
    });
    // The pointer leaves the page where it goes to no other element of it.
    let leave = window_event_listener(ev::dragleave, move |event: DragEvent| {
        if event.related_target().is_none() {
            is_over.set(false);
        }
    });
    let drop = window_event_listener(ev::drop, move |event: DragEvent| {
        is_over.set(false);
        let data = event.data_transfer().filter(|_| has_files(&event));
        if let Some(data) = data {
            event.prevent_default();
            file::open_dropped(store, Dropped::of(&data));
        }
    });
    on_cleanup(move || {
        over.remove();
        leave.remove();
        drop.remove();
    });
    view! {
        <Show when=move || is_over.get()>
            <div class="drop-hint" role="status">
                <p>"Drop files, folders or archives here to open them"</p>
            </div>
        </Show>
    }
}
