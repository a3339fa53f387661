//! The selection as files: how it is to be written, a look at what that gives, the files, and the link to all of it.
//! The manifest's checksums are of exactly the lines that this recipe gives.

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::choices::Choices;
use super::chosen::{Chosen, Key};
use super::destination::{Destination, Folder};
use super::export::{Export, ExportResult, Setting};
use super::report::Report;
use super::sink::Sink;
use super::table::{self, TableFile};
use super::validate;
use crate::app::browser;
use crate::app::frame::asked;
use crate::app::store::{Store, store};
use crate::worker::frame::Learned;
use tracesift_core::export::files::FileId;
use tracesift_core::export::options::{Options, Package};
use tracesift_core::export::split::Split;
use tracesift_core::ground::words;

/// The panel under the funnel.
#[component]
pub fn Download() -> impl IntoView {
    let store = store();
    let panel = Panel {
        store,
        export: Export::of_the_page(),
        said: RwSignal::new(String::new()),
        last: RwSignal::new(None),
    };
    let Panel { export, said, .. } = panel;
    // What was said was said of another selection.
    let key = Memo::new(move |_| Key::now(store));
    Effect::new(move |former: Option<()>| {
        key.track();
        store.rows.kept.track();
        if former.is_some() && !untrack(|| export.is_writing()) {
            said.set(String::new());
        }
    });
    validate::follow(store, export, move || panel.check_by_itself());
    let is_empty = move || store.rows.kept.get() == 0;
    let selected = asked(|| Some(Learned));
    // A check that runs by itself gives way.
    let is_writing = move || export.is_writing();
    let is_off = move || is_empty() || is_writing() || store.is_settling();
    let name = Memo::new(move |_| {
        let run = store.run.shown.get()?;
        let options = store.run.recipe.with(|recipe| recipe.export.clone());
        let target = options.format.target().title();
        Some(match file_of(&options, &run.base_name()) {
            Some(file) => format!("Download {file}, {target}"),
            None => format!("Download into a folder, {target}"),
        })
    });
    view! {
        <section class="downloads" aria-label="Downloads">
            <h2>"Export"</h2>
            <p>{move || selected.get()}</p>
            <Choices/>
            <Report last=panel.last/>
            <div class="buttons">
                <button type="button" class="primary" data-action="download" disabled=is_off on:click=move |_| panel.download()>
                    {move || name.get().unwrap_or_else(|| "Download".to_owned())}
                </button>
                <button type="button" data-action="validate" disabled=is_off on:click=move |_| panel.check()
                    title="Reads the selected runs once more and says what would be written, what would not, and how many tokens are learned from">"Validate"</button>
                <button type="button" data-action="download-manifest" disabled=is_off on:click=move |_| panel.download_manifest()>"Download manifest"</button>
                <TableFile said/>
                <Show when=is_writing>
                    <button type="button" data-action="cancel-download" on:click=move |_| export.is_cancelled.set(true)>"Cancel download"</button>
                </Show>
            </div>
            <p role="status" class="hint">{move || match export.progress.get() {
                Some((done, all)) if export.is_checking.get() => format!("Validating: {} of {} rows.", words::count(done), words::count(all)),
                Some((done, all)) => format!("Writing: {} of {} rows.", words::count(done), words::count(all)),
                None => said.get(),
            }}</p>
            <Command/>
            {move || store.is_ahead().map(|run| view! {
                <p class="hint" id="files-are-of">{format!(
                    "The form above was changed and is not analyzed yet. Files and links are of the rows that are shown: {}.",
                    run.words()
                )}</p>
            })}
            <p class="hint">
                "The manifest says how the file was made and holds its checksum. "
                {move || table::sentence(store.run.recipe.with(|recipe| recipe.table_form))}
            </p>
        </section>
    }
}

/// How to train on what was downloaded, where a configuration for it lies beside the rows.
#[component]
fn Command() -> impl IntoView {
    let store = store();
    let command = Memo::new(move |_| {
        store
            .run
            .recipe
            .with(|recipe| recipe.export.format.target().command())
    });
    move || {
        command.get().map(|command| {
            view! {
                <p class="command">
                    "Then train, in the folder of the files: "<code>{command}</code>" "
                    <button type="button" class="quick" data-action="copy-command" on:click=move |_| browser::copy(command)>"Copy command"</button>
                </p>
            }
        })
    }
}

/// What the last export gave, and what its files depend on.
pub type Last = RwSignal<Option<(Key, ExportResult)>>;

/// What the buttons share.
#[derive(Clone, Copy)]
struct Panel {
    store: Store,
    export: Export,
    said: RwSignal<String>,
    last: Last,
}

impl Panel {
    /// Does something with what is shown when the button is pressed, whatever is pressed until that is done.
    fn with_chosen<F: Future<Output = ()>>(self, work: impl FnOnce(Chosen) -> F + 'static) {
        let chosen = Chosen::now(self.store);
        spawn_local(async move {
            match chosen.await {
                Ok(chosen) => work(chosen).await,
                Err(why) => self.said.set(ended_words(Some(why))),
            }
        });
    }

    /// Writes what is shown when the button is pressed, whatever is pressed until the files are written.
    fn download(self) {
        self.with_chosen(async move |chosen: Chosen| {
            let (destination, is_zip) = match open(&chosen.recipe.export, &chosen.base_name()).await
            {
                Ok(Some(destination)) => destination,
                Ok(None) => return,
                Err(why) => return self.said.set(ended_words(Some(why))),
            };
            self.export.end_check().await;
            self.write(chosen, destination, is_zip, written_words).await;
        });
    }

    /// Says what would be written and what would not, and counts tokens.
    fn check(self) {
        let words = |_: &ExportResult| "Validated; nothing was written.".to_owned();
        self.with_chosen(async move |chosen: Chosen| {
            self.export.end_check().await;
            self.write(chosen, Destination::Nowhere, false, words).await;
        });
    }

    /// The same without tokens, where nothing is known yet of what would be written; it says nothing besides.
    fn check_by_itself(self) {
        self.with_chosen(async move |chosen: Chosen| {
            let is_known = self.last.with_untracked(|last| {
                let last = last.as_ref();
                last.is_some_and(|(key, _)| key == chosen.key())
            });
            if is_known || self.export.progress.with_untracked(Option::is_some) {
                return;
            }
            self.export.is_checking.set(true);
            let key = chosen.key().clone();
            let written = match Setting::of(&chosen, false, false).await {
                Ok(setting) => {
                    let nowhere = Destination::Nowhere;
                    self.export.write(self.store, setting, nowhere).await
                }
                Err(why) => Err(Some(why)),
            };
            self.export.is_checking.set(false);
            // What goes wrong is said when a person asks for it.
            if let Ok(written) = written {
                self.last.set(Some((key, written)));
            }
        });
    }

    async fn write(
        self,
        chosen: Chosen,
        destination: Destination,
        is_zip: bool,
        words: fn(&ExportResult) -> String,
    ) {
        let key = chosen.key().clone();
        let setting = match Setting::of(&chosen, is_zip, true).await {
            Ok(setting) => setting,
            Err(why) => {
                destination.abort().await;
                return self.said.set(ended_words(Some(why)));
            }
        };
        // The rows need not be held any more.
        drop(chosen);
        let expected = setting.recipe.made.sha256.clone();
        self.said.set(String::new());
        match self.export.write(self.store, setting, destination).await {
            Ok(written) => {
                self.said.set(format!(
                    "{}{}",
                    words(&written),
                    compared(&expected, &written)
                ));
                self.last.set(Some((key, written)));
            }
            Err(why) => self.said.set(ended_words(why)),
        }
    }

    /// The checksums of the last files serve where they are of the same run and the same choices; else the lines are
    /// made again.
    fn download_manifest(self) {
        self.with_chosen(async move |chosen: Chosen| {
            self.export.end_check().await;
            let (now, name) = (chosen.key().clone(), chosen.base_name());
            let is_known = |last: &Option<(Key, ExportResult)>| {
                // A check that ran by itself has counted nothing.
                last.as_ref()
                    .is_some_and(|(key, written)| *key == now && written.tally().tokens.is_some())
            };
            if !self.last.with_untracked(is_known) {
                self.write(chosen, Destination::Nowhere, false, |_| String::new())
                    .await;
            }
            let manifest = self.last.with_untracked(|last| {
                let (key, written) = last.as_ref()?;
                written.manifest.clone().filter(|_| *key == now)
            });
            let Some(manifest) = manifest else { return };
            let name = format!("{name}.manifest.json");
            self.said
                .set(match save(&name, manifest.to_json().as_bytes()).await {
                    Ok(()) => "The manifest was written.".to_owned(),
                    Err(why) => ended_words(Some(why)),
                });
        });
    }
}

/// The name of the file that a download makes; `None`: it is a folder.
fn file_of(options: &Options, base: &str) -> Option<String> {
    if is_one(options) {
        let only = FileId {
            split: Split::Train,
            shard: 0,
        };
        return Some(only.name(base, options));
    }
    let is_folder = options.package != Package::Zip && Folder::can_be_chosen();
    (!is_folder).then(|| format!("{base}.zip"))
}

/// Whether all that is written is one file.
fn is_one(options: &Options) -> bool {
    let has_sidecars = options.format.target().has_sidecars();
    let is_divided = options.shard.is_some() || options.shard_rows.is_some();
    let is_one = Split::of(options.shares).len() == 1 && !is_divided && !has_sidecars;
    options.package == Package::Auto && is_one
}

/// Opens the destination for these options, and whether it is a `.zip`; `None` where the user closed the dialogue.
/// Must be called from a click.
async fn open(options: &Options, base: &str) -> Result<Option<(Destination, bool)>, String> {
    let file = file_of(options, base);
    if let Some(file) = file.filter(|_| is_one(options)) {
        let sink = Sink::open(&file).await;
        return Ok(sink.map(|sink| (Destination::One(sink), false)));
    }
    if options.package != Package::Zip && Folder::can_be_chosen() {
        let folder = Folder::choose().await?;
        return Ok(folder.map(|folder| (Destination::Folder(folder), false)));
    }
    let sink = Sink::open(&format!("{base}.zip")).await;
    Ok(sink.map(|sink| (Destination::One(sink), true)))
}

fn written_words(written: &ExportResult) -> String {
    let files = written.manifest.iter().flat_map(|manifest| &manifest.files);
    let (count, bytes, lines) = files.fold((0, 0, 0), |(count, bytes, lines), file| {
        (count + 1, bytes + file.file.bytes, lines + file.file.lines)
    });
    let lines = words::plural(lines, "run", "runs");
    let bytes = words::bytes(bytes);
    let files = match count {
        0 | 1 => String::new(),
        count => format!(" in {count} files"),
    };
    match written.bad {
        0 => format!("{lines} written{files}, {bytes}."),
        bad => format!(
            "{lines} written{files}, {bytes}; {} could not be read again.",
            words::plural(bad, "row", "rows")
        ),
    }
}

/// Whether the first file is the one that the link was made for, where it says which one that was.
fn compared(expected: &Option<String>, written: &ExportResult) -> &'static str {
    let files = written.manifest.iter().flat_map(|manifest| &manifest.files);
    let first = files.map(|file| &file.file.sha256).next();
    match expected {
        None => "",
        Some(expected) if Some(expected) == first => {
            " It is the file that the link was made for, byte for byte."
        }
        Some(_) => {
            " It differs from the file that the link was made for: the dataset or the rows have changed since."
        }
    }
}

/// Why nothing was written, in words; without a reason a person wanted it so.
pub fn ended_words(why: Option<String>) -> String {
    match why {
        Some(why) => format!("Nothing was written: {why}"),
        None => "Cancelled; nothing was written.".to_owned(),
    }
}

/// Offers a small file.
pub async fn save(name: &str, bytes: &[u8]) -> Result<(), String> {
    let mut sink = Sink::blobs(name);
    sink.write(&Uint8Array::from(bytes)).await?;
    sink.close().await
}
