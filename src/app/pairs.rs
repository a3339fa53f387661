//! Pairs of runs of one task, the better one and the worse, as a file for preference training (DPO and its like).
//! Two rows make one line; each is read again where it lies.

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::manifest::base_name;
use super::sink::Sink;
use super::store::{Store, store};
use super::words;
use super::{browser, count, export, parquet, run};
use crate::export::preference::{Half, Pair, PairFault, PairManifest, PairRule, Pairing, pairs};
use crate::export::side::Side;
use crate::worker::{Answer, Question, WorkerError};

/// So many reasons why rows are no pair are listed.
const LISTED: usize = 5;

/// What the buttons share.
#[derive(Clone, Copy)]
struct Panel {
    store: Store,
    pairing: RwSignal<Pairing>,
    most: RwSignal<u32>,
    /// Pairs done and pairs to do; `None` while nothing is written.
    progress: RwSignal<Option<(usize, usize)>>,
    is_cancelled: RwSignal<bool>,
    said: RwSignal<Vec<String>>,
}

/// The panel.
#[component]
pub fn Pairs() -> impl IntoView {
    let panel = Panel {
        store: store(),
        pairing: RwSignal::default(),
        most: RwSignal::new(1),
        progress: RwSignal::new(None),
        is_cancelled: RwSignal::new(false),
        said: RwSignal::default(),
    };
    let Panel {
        store,
        pairing,
        most,
        progress,
        is_cancelled,
        said,
    } = panel;
    let is_open = RwSignal::new(false);
    let count = Memo::new(move |_| match is_open.get() {
        true => panel.find().0.len(),
        false => 0,
    });
    let choose = move |event| {
        let value = browser::value_of(&event);
        let chosen = Pairing::WORDS.iter().find(|(word, _)| *word == value);
        pairing.set(chosen.map(|(_, pairing)| *pairing).unwrap_or_default());
    };
    let has_rows = Memo::new(move |_| store.frame.with(|frame| !frame.is_empty()));
    let is_off = move || count.get() == 0 || progress.with(Option::is_some) || store.is_settling();
    view! {
        <section id="pairs" aria-label="Pairs for preference training">
            <Show when=move || has_rows.get()>
                <details class="panel" on:toggle=move |event| is_open.set(browser::is_open(&event))>
                    <summary title="For trainers that learn from a better and a worse answer, such as TRL's DPO">
                        "Pairs for preference training"
                    </summary>
                    <div class="buttons">
                        <div class="field">
                            <label for="pairing">"A pair is"</label>
                            <select id="pairing" on:change=choose>
                                <option value="verdict">"a success and a failure"</option>
                                <option value="best">"the best and the worst"</option>
                            </select>
                        </div>
                        <div class="field">
                            <label for="pairs-most">"Pairs of one task at most"</label>
                            <input id="pairs-most" type="number" min="1" max="100" prop:value=move || most.get().to_string()
                                on:change=move |event| {
                                    let typed = browser::value_of(&event).trim().parse().unwrap_or(1);
                                    most.set(u32::clamp(typed, 1, 100));
                                }/>
                        </div>
                    </div>
                    <p>{move || format!(
                        "{} of the selected runs, each of one task and one harness; “Keep first” says which run is better.",
                        words::plural(count.get() as u64, "pair", "pairs")
                    )}</p>
                    <div class="buttons">
                        <button type="button" disabled=is_off on:click=move |_| panel.download()>"Download pairs"</button>
                        <button type="button" disabled=move || count.get() == 0 on:click=move |_| panel.manifest()>"Download which rows are paired"</button>
                        <Show when=move || progress.with(Option::is_some)>
                            <button type="button" on:click=move |_| is_cancelled.set(true)>"Cancel pairs"</button>
                        </Show>
                    </div>
                    <div role="status" class="hint">{move || match progress.get() {
                        Some((done, all)) => view! { <p>{format!("Writing: {done} of {all} pairs.")}</p> }.into_any(),
                        None => said.get().into_iter().map(|line| view! { <p>{line}</p> }).collect_view().into_any(),
                    }}</div>
                </details>
            </Show>
        </section>
    }
}

impl Panel {
    /// The pairs now, and what they were made by.
    fn find(self) -> (Vec<Pair>, PairManifest) {
        let (prefer, seed) = self
            .store
            .recipe
            .with(|recipe| (recipe.filters.prefer.clone(), recipe.seed));
        let rule = PairRule {
            pairing: self.pairing.get(),
            most: self.most.get(),
            prefer,
        };
        let selection = self.store.selection.get();
        self.store.frame.with(|frame| {
            let pairs = pairs(frame, &selection.mask, &rule, &selection.signs, seed);
            let manifest = PairManifest::of(frame, &pairs, &rule, seed);
            (pairs, manifest)
        })
    }

    fn manifest(self) {
        let (_, manifest) = untrack(|| self.find());
        let name = format!("{}-pairs.manifest.json", base_name(self.store));
        // There are numbers and words only: nothing that can't be written as JSON.
        let text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
        spawn_local(async move {
            let mut sink = Sink::blobs(&name);
            if sink.write(&Uint8Array::from(text.as_bytes())).await.is_ok() {
                // A small file in a blob: there is nothing left that could fail.
                let _ = sink.close().await;
            }
        });
    }

    fn download(self) {
        spawn_local(async move {
            let name = format!("{}-pairs.jsonl", base_name(self.store));
            let Some(sink) = Sink::open(&name).await else {
                return;
            };
            self.is_cancelled.set(false);
            let said = match self.write(sink).await {
                Ok(said) => said,
                Err(why) => vec![format!("Nothing was written: {why}")],
            };
            self.progress.set(None);
            self.said.set(said);
        });
    }

    /// Writes all pairs; what there is to say then.
    async fn write(self, mut sink: Sink) -> Result<Vec<String>, String> {
        let (_, manifest) = untrack(|| self.find());
        let all = manifest.pairs.len();
        let (mut written, mut apart, mut faults) = (0_u64, 0_u64, Vec::new());
        for (done, (chosen, rejected)) in manifest.pairs.into_iter().enumerate() {
            self.progress.set(Some((done, all)));
            let line = match (self.half(chosen).await, self.half(rejected).await) {
                (Ok(chosen), Ok(rejected)) => join(chosen, rejected),
                (Err(why), _) | (_, Err(why)) => {
                    sink.abort().await;
                    return Err(why);
                }
            };
            if self.is_cancelled.get_untracked() {
                sink.abort().await;
                return Err("it was cancelled.".to_owned());
            }
            match line {
                Err(fault) => faults.push(fault.to_string()),
                Ok(line) if line.side != Side::Train => apart += 1,
                Ok(line) => {
                    let bytes = Uint8Array::from((line.text + "\n").as_bytes());
                    if let Err(why) = sink.write(&bytes).await {
                        sink.abort().await;
                        return Err(why);
                    }
                    written += 1;
                }
            }
        }
        sink.close().await?;
        let mut said = vec![format!(
            "{} written.",
            words::plural(written, "pair", "pairs")
        )];
        if apart > 0 {
            let pairs = words::plural(apart, "pair is", "pairs are");
            said.push(format!(
                "{pairs} of tasks kept apart for validation or test: not written."
            ));
        }
        if !faults.is_empty() {
            let pairs = words::plural(faults.len() as u64, "pair was", "pairs were");
            said.push(format!("{pairs} left out, for example:"));
            said.extend(faults.into_iter().take(LISTED));
        }
        Ok(said)
    }

    /// One row of a pair, read again.
    async fn half(self, row: u64) -> Result<Result<Half, PairFault>, String> {
        let page = untrack(|| self.store.page_of(row));
        let at = page.and_then(|page| run::page_at(self.store, page));
        let (Some(at), Some(origin)) = (at, export::origin(self.store, row)) else {
            return Err(WorkerError::NoRow(row).to_string());
        };
        let recipe = self.store.recipe.get_untracked();
        let question = Question::Half {
            at,
            origin,
            counting: recipe
                .export
                .needs_tokens()
                .then(|| count::counting(self.store, &recipe)),
            options: recipe.export,
            seed: recipe.seed,
        };
        match parquet::ask(self.store, &question).await {
            Ok((Answer::Half(half), _)) => Ok(*half),
            Ok(_) => Err(WorkerError::Mismatch.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn join(
    chosen: Result<Half, PairFault>,
    rejected: Result<Half, PairFault>,
) -> Result<crate::export::preference::PairLine, PairFault> {
    chosen?.join(rejected?)
}
