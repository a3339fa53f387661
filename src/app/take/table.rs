//! The numbers of every selected run as one file: the button, the form of the file, and how a CSV has its texts.
//! The worker that holds the rows writes it piece by piece; a piece goes into the file before the next one is asked for.

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::chosen::Chosen;
use super::download::ended_words;
use super::sink::Sink;
use crate::app::info::Info;
use crate::app::store::{Store, store};
use tracesift_core::export::options::CsvTexts;
use tracesift_core::export::table::TableForm;
use tracesift_core::ground::words;

/// What the box beside a CSV means.
const EXACT: &str = "For programs that read the file back. Otherwise a text that a spreadsheet would run as a formula \
    (it begins with =, +, - or @) has a ' before it, here and in the report.";

/// “Download table” and what it writes.
#[component]
pub fn TableFile(
    /// What came of the last download.
    said: RwSignal<String>,
) -> impl IntoView {
    let store = store();
    let form = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.table_form));
    let name = move || match store.run.shown.get() {
        Some(run) => format!("Download table {}", file_name(&run.base_name(), form.get())),
        None => "Download table".to_owned(),
    };
    let is_off = move || store.rows.kept.get() == 0 || store.is_settling();
    let is_exact = move || {
        let recipe = &store.run.recipe;
        recipe.with(|recipe| recipe.export.csv == CsvTexts::Exact)
    };
    let choose_exact = move |_| {
        store.choose(|recipe| {
            recipe.export.csv = match recipe.export.csv {
                CsvTexts::Safe => CsvTexts::Exact,
                CsvTexts::Exact => CsvTexts::Safe,
            };
        });
    };
    let choice = move |(of, title): (TableForm, &'static str)| {
        view! {
            <button type="button" class="bare" data-action=format!("table-{}", of.ending()) aria-pressed=move || (form.get() == of).to_string()
                on:click=move |_| store.choose(|recipe| recipe.table_form = of)>{title}</button>
        }
    };
    view! {
        <div class="buttons" role="group" aria-label="Table of the selected runs">
            <button type="button" data-action="download-table" disabled=is_off on:click=move |_| download(store, said)>{name}</button>
            <div class="switch" role="group" aria-label="Form of the table">
                {[(TableForm::Csv, "CSV"), (TableForm::Parquet, "Parquet")].map(choice).collect_view()}
            </div>
            <span class="labelled" hidden=move || form.get() != TableForm::Csv>
                <label class="check"><input type="checkbox" name="csv" prop:checked=is_exact on:change=choose_exact/>"exact texts"</label>
                <Info of="exact texts" words=EXACT/>
            </span>
        </div>
    }
}

/// What the panel's last line says of the table.
pub fn sentence(form: TableForm) -> &'static str {
    match form {
        TableForm::Csv => "The table holds the numbers of every selected run.",
        TableForm::Parquet => {
            "The table holds the numbers of every selected run; in Parquet each column has its type, and texts are exact."
        }
    }
}

fn file_name(base: &str, form: TableForm) -> String {
    format!("{base}.{}", form.ending())
}

/// Writes the numbers of the rows that are chosen when the button is pressed.
fn download(store: Store, said: RwSignal<String>) {
    let chosen = Chosen::now(store);
    spawn_local(async move {
        said.set(match write(chosen).await {
            Ok(rows) => format!("{} written as a table.", words::plural(rows, "row", "rows")),
            Err(why) => ended_words(Some(why)),
        });
    });
}

/// Writes the file; gives how many rows it has.
async fn write(chosen: impl Future<Output = Result<Chosen, String>>) -> Result<u64, String> {
    let chosen = chosen.await?;
    let form = chosen.recipe.table_form;
    let mut sink = Sink::blobs(&file_name(&chosen.base_name(), form));
    for part in 0.. {
        let Some(piece) = chosen.table(part).await? else {
            break;
        };
        sink.write(&Uint8Array::from(&*piece)).await?;
    }
    sink.close().await?;
    Ok(chosen.kept())
}
