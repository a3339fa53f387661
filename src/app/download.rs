//! The selection as files: JSONL with its manifest, the table as CSV, and the link to all of it.
//! The manifest's checksum is of exactly the lines that this recipe gives.

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::address::link;
use super::browser;
use super::export::{Export, Written};
use super::sink::Sink;
use super::store::{Store, store};
use super::words;
use crate::export::manifest::{App, File, Manifest, SideFile, TOKEN_METHOD, TokenTotals};
use crate::export::side::Side;
use crate::export::table;
use crate::export::tally::Tally;
use crate::frame::{Frame, Number};
use crate::recipe::address::print;
use crate::source::{ALL, Source};

/// So many rows of the table are written at a stretch: a few milliseconds.
const TABLE_ROWS: usize = 1_000;

/// The buttons under the funnel.
#[component]
pub fn Download() -> impl IntoView {
    let store = store();
    let export = Export::new();
    let said = RwSignal::new(String::new());
    // The last file, and the recipe that it was written by.
    let written = RwSignal::new(None::<(String, usize, Written)>);
    let is_empty = Memo::new(move |_| store.selection.with(|selection| selection.kept.is_empty()));
    let is_busy = move || export.progress.get().is_some();
    let jsonl = move |_| download_jsonl(store, export, said, written);
    let manifest = move |_| download_manifest(store, export, said, written);
    let table = move |_| download_table(store, said);
    let copy = move |_| {
        browser::copy(&link(store));
        said.set(
            "The link was copied: it opens this page with the same rows and rules.".to_owned(),
        );
    };
    view! {
        <section class="downloads" aria-label="Downloads">
            <h2>"Take the selection with you"</h2>
            <p>{move || selected_words(store)}</p>
            <div class="buttons">
                <button type="button" class="primary" disabled=move || is_empty.get() || is_busy() on:click=jsonl>"Download JSONL"</button>
                <button type="button" disabled=move || is_empty.get() || is_busy() on:click=manifest>"Download manifest"</button>
                <button type="button" disabled=move || is_empty.get() on:click=table>"Download table"</button>
                <button type="button" on:click=copy>"Copy link"</button>
                <Show when=is_busy>
                    <button type="button" on:click=move |_| export.is_cancelled.set(true)>"Cancel download"</button>
                </Show>
            </div>
            <p role="status" class="hint">{move || match export.progress.get() {
                Some((done, all)) => format!("Writing: {} of {} rows.", words::count(done), words::count(all)),
                None => said.get(),
            }}</p>
            <p class="hint">
                "JSONL: one run a line, with messages, tools and metadata. The manifest says how it was made and "
                "holds its checksum. The table holds the numbers of every selected run."
            </p>
        </section>
    }
}

fn selected_words(store: Store) -> String {
    let selection = store.selection.get();
    let tokens = store.frame.with(|frame| {
        let column = frame.number(Number::Tokens);
        let values = selection
            .kept
            .iter()
            .filter_map(|&at| column.get(at as usize));
        values
            .filter(|tokens| tokens.is_finite())
            .fold(0.0, |sum, tokens| sum + tokens)
    });
    format!(
        "{} with {} tokens.",
        words::plural(selection.kept.len() as u64, "run", "runs"),
        words::short(tokens)
    )
}

type Last = RwSignal<Option<(String, usize, Written)>>;

fn download_jsonl(store: Store, export: Export, said: RwSignal<String>, last: Last) {
    spawn_local(async move {
        let Some(sink) = Sink::open(&file_name(store, "jsonl")).await else {
            return;
        };
        let key = recipe_key(store);
        export.start(store, sink, move |result| match result {
            Ok(written) => {
                said.set(written_words(&written));
                last.set(Some((key.0, key.1, written)));
            }
            Err(why) => said.set(ended_words(why)),
        });
    });
}

/// The checksum of the last file serves where nothing has changed since; else the lines are made again.
fn download_manifest(store: Store, export: Export, said: RwSignal<String>, last: Last) {
    let key = recipe_key(store);
    let known = last.with_untracked(|last| match last {
        Some((query, rows, written)) if (query, *rows) == (&key.0, key.1) => Some(written.clone()),
        _ => None,
    });
    if let Some(written) = known {
        spawn_local(save_manifest(store, written, said));
        return;
    }
    export.start(store, Sink::Nowhere, move |result| match result {
        Ok(written) => {
            last.set(Some((key.0, key.1, written.clone())));
            spawn_local(save_manifest(store, written, said));
        }
        Err(why) => said.set(ended_words(why)),
    });
}

/// What the lines depend on: the recipe, and how many rows were read.
fn recipe_key(store: Store) -> (String, usize) {
    let rows = store.frame.with_untracked(|frame| frame.len());
    (store.recipe.with_untracked(print), rows)
}

fn written_words(written: &Written) -> String {
    let lines = words::plural(written.file.lines, "run", "runs");
    let bytes = words::bytes(written.file.bytes);
    match written.bad.len() as u64 {
        0 => format!("{lines} written, {bytes}."),
        bad => format!(
            "{lines} written, {bytes}; {} could not be read again.",
            words::plural(bad, "row", "rows")
        ),
    }
}

fn ended_words(why: Option<String>) -> String {
    match why {
        Some(why) => format!("Nothing was written: {why}"),
        None => "Cancelled; nothing was written.".to_owned(),
    }
}

async fn save_manifest(store: Store, written: Written, said: RwSignal<String>) {
    let text = manifest(store, &written).to_json();
    said.set(
        match save(&file_name(store, "manifest.json"), text.as_bytes()).await {
            Ok(()) => "The manifest was written.".to_owned(),
            Err(why) => ended_words(Some(why)),
        },
    );
}

fn manifest(store: Store, written: &Written) -> Manifest {
    let recipe = store.recipe.get_untracked();
    let selection = store.selection.get_untracked();
    let reading = store.reading.get_untracked();
    Manifest {
        app: App::this(),
        recipe: link(store),
        dataset: dataset_name(&reading.source),
        config: reading.config,
        split: reading.split,
        revision: reading.revision.filter(|revision| !revision.is_empty()),
        sample: recipe.sample,
        seed: recipe.seed,
        rows_wanted: recipe.rows,
        rows_measured: store.frame.with_untracked(|frame| frame.len() as u64),
        rows_bad: store.bad_rows.with_untracked(|bad| bad.len() as u64),
        rows_selected: selection.kept.len() as u64,
        funnel: selection.steps.iter().map(Into::into).collect(),
        tokenizer: Some(recipe.tokenizer),
        token_method: TOKEN_METHOD.to_owned(),
        tokens: Some(
            store
                .frame
                .with_untracked(|frame| tokens(frame, &selection.kept)),
        ),
        options: recipe.export,
        written: Tally::default(),
        warnings: Vec::new(),
        files: vec![SideFile {
            side: Side::Train,
            file: File {
                file: file_name(store, "jsonl"),
                ..written.file.clone()
            },
        }],
        created: None,
    }
}

/// The selected rows' tokens, by role.
fn tokens(frame: &Frame, kept: &[u32]) -> TokenTotals {
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
    }
}

fn dataset_name(source: &Option<Source>) -> String {
    match source {
        Some(Source::Hub { dataset, .. }) => dataset.clone(),
        Some(Source::File { name, .. }) => name.clone(),
        Some(Source::Demo { .. }) | None => "demo".to_owned(),
    }
}

fn download_table(store: Store, said: RwSignal<String>) {
    spawn_local(async move {
        let mut sink = Sink::blobs(&file_name(store, "csv"));
        let kept = store.selection.get_untracked().kept.clone();
        let mut result = Ok(());
        for (index, rows) in kept.chunks(TABLE_ROWS).enumerate() {
            let write = if index == 0 {
                table::write
            } else {
                table::write_more
            };
            let text = store.frame.with_untracked(|frame| write(frame, rows));
            result = match text {
                Ok(text) => sink.write(&Uint8Array::from(text.as_slice())).await,
                Err(error) => Err(error.to_string()),
            };
            if result.is_err() {
                break;
            }
            gloo_timers::future::TimeoutFuture::new(0).await;
        }
        let result = match result {
            Ok(()) => sink.close().await,
            Err(why) => Err(why),
        };
        said.set(match result {
            Ok(()) => format!(
                "{} written as a table.",
                words::plural(kept.len() as u64, "row", "rows")
            ),
            Err(why) => ended_words(Some(why)),
        });
    });
}

async fn save(name: &str, bytes: &[u8]) -> Result<(), String> {
    let mut sink = Sink::blobs(name);
    sink.write(&Uint8Array::from(bytes)).await?;
    sink.close().await
}

/// `owner-name-config-split.ending`, with nothing in it that a file system minds.
fn file_name(store: Store, ending: &str) -> String {
    let reading = store.reading.get_untracked();
    let named = |name: String| match name.as_str() {
        ALL => "all".to_owned(),
        _ => name,
    };
    let parts = [
        dataset_name(&reading.source),
        named(reading.config),
        named(reading.split),
    ];
    let parts = parts.iter().filter(|part| !part.is_empty()).map(|part| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        part.chars()
            .map(|c| if is_plain(c) { c } else { '-' })
            .collect::<String>()
    });
    format!("{}.{ending}", parts.collect::<Vec<_>>().join("-"))
}
