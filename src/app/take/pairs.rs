//! Pairs of runs of one task, the better one and the worse, as a file for preference training (DPO and its like).
//! Two rows make one line; each is read again where it lies.

use futures_util::{StreamExt, stream};
use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::chosen::{Chosen, Key};
use super::download::save;
use super::export::at_once;
use super::sink::Sink;
use crate::app::address::link_of;
use crate::app::browser;
use crate::app::frame::asked;
use crate::app::run::ask;
use crate::app::store::{Store, store};
use crate::worker::frame::PairCount;
use crate::worker::{Answer, Question, WorkerError};
use tracesift_core::export::file::File;
use tracesift_core::export::preference::{PairFault, PairLine, PairSide};
use tracesift_core::export::split::Split;
use tracesift_core::ground::words;
use tracesift_core::manifest::{PairManifest, PairsWritten};
use tracesift_core::recipe::pairs::{Pair, PairStyle, Pairing};
use tracesift_core::recipe::{self, Made, Recipe, keys};

/// How many reasons why rows are not a pair are listed.
const LISTED: usize = 5;

/// What the buttons share.
#[derive(Clone, Copy)]
struct Panel {
    store: Store,
    /// Pairs done and pairs to do; `None` while nothing is written.
    progress: RwSignal<Option<(usize, usize)>>,
    is_cancelled: RwSignal<bool>,
    said: RwSignal<Vec<String>>,
    /// How the last file was made, and what it depends on.
    last: RwSignal<Option<(Key, PairManifest)>>,
}

/// The panel.
#[component]
pub fn Pairs() -> impl IntoView {
    let store = store();
    let panel = Panel {
        store,
        progress: RwSignal::new(None),
        is_cancelled: RwSignal::new(false),
        said: RwSignal::default(),
        last: RwSignal::default(),
    };
    let Panel {
        progress,
        is_cancelled,
        said,
        ..
    } = panel;
    let is_open = RwSignal::new(
        store
            .run
            .recipe
            .with_untracked(|recipe| recipe.pairs.is_set()),
    );
    let chosen = Memo::new(move |_| {
        let of = |recipe: &Recipe| (recipe.pairs.rule(), recipe.filters.prefer.clone());
        store.run.recipe.with(of)
    });
    let count = asked(move || {
        let (rule, prefer) = chosen.get();
        is_open.get().then_some(PairCount { rule, prefer })
    });
    let is_off = move || count.get() == 0 || progress.with(Option::is_some) || store.is_settling();
    view! {
        <section id="pairs" aria-label="Pairs for preference training">
            <Show when=move || store.rows.has_rows.get()>
                <details class="panel" prop:open=move || is_open.get()
                    on:toggle=move |event| is_open.set(browser::is_open(&event))>
                    <summary title="For trainers that learn from a better and a worse answer, such as TRL's DPO">
                        "Pairs for preference training"
                    </summary>
                    <Choices/>
                    <p>{move || format!(
                        "{} of the selected runs, each of one task and one harness; “Keep first” says which run is better.",
                        words::plural(count.get(), "pair", "pairs")
                    )}</p>
                    <ul class="warnings" aria-label="About pairs">{NOTES.map(|note| view! { <li>{note}</li> }).into_iter().collect_view()}</ul>
                    <div class="buttons">
                        <button type="button" disabled=is_off on:click=move |_| panel.download()>"Download pairs"</button>
                        <button type="button" disabled=is_off title=MANIFEST
                            on:click=move |_| panel.manifest()>"Download which rows are paired"</button>
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

/// What must be known of pairs, as TRL 1.16 trains on them.
const NOTES: [&str; 2] = [
    "TRL's DPO takes 1,024 tokens of a run by default, its prompt included, and cuts off the rest: set max_length above the longest run.",
    "All that follows the prompt counts in DPO's loss, results of tools included: no mask has a place in this form.",
];

const MANIFEST: &str = "The rows of each pair, with the link, the rule and everything needed to make the file again; and \
    the file's checksum, where the pairs were downloaded before";

/// What a pair is, and how many one task has: keys of the address.
#[component]
fn Choices() -> impl IntoView {
    let store = store();
    let is_wrong = RwSignal::new(None::<String>);
    let choose = move |key: &'static str, event: web_sys::Event| {
        let mut why = None;
        store.choose(|recipe| why = keys::choose(key, recipe, &browser::value_of(&event)).err());
        is_wrong.set(why);
    };
    let rule = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.pairs.rule()));
    let kinds = Pairing::WORDS.map(|(word, pairing)| {
        let name = match pairing {
            Pairing::Verdict => "a success and a failure",
            Pairing::Best => "the best and the worst",
        };
        view! { <option value=word selected=move || rule.get().pairing == pairing>{name}</option> }
    });
    let kinds = kinds.into_iter().collect_view();
    let styles = PairStyle::WORDS.map(|(word, style)| {
        let name = match style {
            PairStyle::Any => "may differ",
            PairStyle::Same => "both with reasoning, or both without",
        };
        view! { <option value=word selected=move || rule.get().style == style>{name}</option> }
    });
    let styles = styles.into_iter().collect_view();
    view! {
        <div class="buttons">
            <div class="field">
                <label for="pairing">"A pair is"</label>
                <select id="pairing" on:change=move |event| choose("pairs", event)>{kinds}</select>
            </div>
            <div class="field">
                <label for="pairs-most">"Most pairs per task"</label>
                <input id="pairs-most" type="number" min="1" max=recipe::Pairs::MOST.to_string() inputmode="numeric"
                    prop:value=move || rule.get().most.to_string() on:change=move |event| choose("pairs-most", event)/>
            </div>
            <div class="field">
                <label for="pairs-style">"Their style"</label>
                <select id="pairs-style" on:change=move |event| choose("pairs-style", event)>{styles}</select>
            </div>
        </div>
        {move || is_wrong.get().map(|why| view! { <p class="error" role="alert">{why}</p> })}
    }
}

impl Panel {
    /// Does something with what is shown when the button is pressed, and the manifest of its pairs.
    fn with_chosen<F: Future<Output = ()>>(
        self,
        work: impl FnOnce(Chosen, PairManifest) -> F + 'static,
    ) {
        let chosen = Chosen::now(self.store);
        spawn_local(async move {
            let found = async {
                let chosen = chosen.await?;
                let pairs = chosen.pairs().await?;
                Ok::<_, String>((manifest(&chosen, pairs), chosen))
            };
            match found.await {
                Ok((manifest, chosen)) => work(chosen, manifest).await,
                Err(why) => self.said.set(vec![nothing(&why)]),
            }
        });
    }

    /// Offers the manifest: that of the last file where nothing has changed since.
    fn manifest(self) {
        self.with_chosen(async move |chosen: Chosen, now: PairManifest| {
            let last = self.last.get_untracked().filter(|(key, last)| {
                // Rows that are named alike can be another file's.
                key == chosen.key() && now.is_before(last)
            });
            let text = last.map_or(now, |(_, last)| last).to_json();
            let name = format!("{}-pairs.manifest.json", chosen.base_name());
            if let Err(why) = save(&name, text.as_bytes()).await {
                self.said.set(vec![nothing(&why)]);
            }
        });
    }

    /// Writes the pairs that there are when the button is pressed.
    fn download(self) {
        self.with_chosen(async move |chosen: Chosen, now: PairManifest| {
            let name = format!("{}-pairs.jsonl", chosen.base_name());
            let Some(sink) = Sink::open(&name).await else {
                return;
            };
            self.is_cancelled.set(false);
            let written = self.write(sink, &chosen, &now.pairs, &name).await;
            self.progress.set(None);
            self.said.set(match &written {
                Ok(written) => said(written),
                Err(why) => vec![nothing(why)],
            });
            let last = written.ok().map(|written| PairManifest {
                written: Some(written),
                ..now
            });
            self.last.set(last.map(|last| (chosen.key().clone(), last)));
        });
    }

    /// Writes pairs of chosen rows. What was written of them when it failed, or was cancelled, is dropped.
    async fn write(
        self,
        mut sink: Sink,
        chosen: &Chosen,
        pairs: &[Pair],
        name: &str,
    ) -> Result<PairsWritten, String> {
        match self.lines(&mut sink, chosen, pairs, name).await {
            // No one can train on an empty file.
            Ok(written) if written.file.lines == 0 => {
                sink.abort().await;
                Ok(written)
            }
            Ok(written) => sink.close().await.map(|()| written),
            Err(why) => {
                sink.abort().await;
                Err(why)
            }
        }
    }

    async fn lines(
        self,
        sink: &mut Sink,
        chosen: &Chosen,
        pairs: &[Pair],
        name: &str,
    ) -> Result<PairsWritten, String> {
        let mut written = PairsWritten {
            file: self.count(name, true, JsValue::UNDEFINED).await?,
            ..PairsWritten::default()
        };
        let joined = stream::iter(pairs).map(|pair| self.pair(chosen, pair));
        let mut joined = joined.buffered(at_once(self.store, &chosen.run));
        let mut done = 0;
        self.progress.set(Some((done, pairs.len())));
        while let Some(pair) = joined.next().await {
            if self.is_cancelled.get_untracked() {
                return Err("it was cancelled.".to_owned());
            }
            let pair = pair?;
            done += 1;
            self.progress.set(Some((done, pairs.len())));
            match pair {
                Err(fault) => written.refused.push(fault.to_string()),
                Ok(line) if line.split != Split::Train => written.apart += 1,
                Ok(line) => {
                    let line = line.text + "\n";
                    let bytes = Uint8Array::from(line.as_bytes());
                    sink.write(&bytes).await?;
                    // The bytes go over to the worker.
                    written.file = self.count(name, false, bytes.into()).await?;
                }
            }
        }
        Ok(written)
    }

    /// Counts and hashes the next bytes of the file, in a worker; the file so far.
    async fn count(self, name: &str, is_new: bool, bytes: JsValue) -> Result<File, String> {
        let question = Question::CountFile {
            name: name.to_owned(),
            is_new,
        };
        match self.store.hub_worker().ask(&question, bytes).await {
            Ok((Answer::FileCounted(file), _)) => Ok(file),
            Ok(_) => Err(WorkerError::Protocol.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Both rows of a pair, as one line.
    async fn pair(
        self,
        chosen: &Chosen,
        pair: &Pair,
    ) -> Result<Result<PairLine, PairFault>, String> {
        let better = self.side(chosen, pair.chosen).await?;
        let worse = self.side(chosen, pair.rejected).await?;
        Ok(join(better, worse))
    }

    /// One row of a pair, read again.
    async fn side(self, chosen: &Chosen, row: u64) -> Result<Result<PairSide, PairFault>, String> {
        let lost = || WorkerError::NoRow(row).to_string();
        let (page, origin) = chosen.row(row).await?.ok_or_else(lost)?;
        let at = chosen.run.page_at(self.store, page).ok_or_else(lost)?;
        let recipe = &chosen.recipe;
        let question = Question::PairSide {
            at,
            origin,
            counting: chosen.counting(recipe.export.needs_tokens()),
            options: recipe.export.clone(),
            seed: recipe.reading.seed,
        };
        match ask::about(self.store, &chosen.run, &question).await {
            Ok((Answer::PairSide(side), _)) => Ok(*side),
            Ok(_) => Err(WorkerError::Protocol.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// How a file of pairs is made; nothing is written of it yet.
fn manifest(chosen: &Chosen, pairs: Vec<Pair>) -> PairManifest {
    let recipe = &chosen.recipe;
    let rule = recipe.pairs.rule();
    let mut rows = chosen.manifest();
    // The link says all of the rule: whoever follows it finds the panel open.
    rows.provenance.recipe = link_of(Recipe {
        pairs: rule.into(),
        made: Made {
            revisions: chosen.run.revisions(),
            sha256: None,
        },
        ..recipe.bare()
    });
    PairManifest::of(rows, rule, &recipe.filters.prefer, pairs)
}

fn join(
    chosen: Result<PairSide, PairFault>,
    rejected: Result<PairSide, PairFault>,
) -> Result<PairLine, PairFault> {
    chosen?.join(rejected?)
}

/// What there is to say of the pairs that were written.
fn said(written: &PairsWritten) -> Vec<String> {
    let mut said = vec![match written.file.lines {
        0 => nothing("no pair can be written."),
        lines => format!("{} written.", words::plural(lines, "pair", "pairs")),
    }];
    if written.apart > 0 {
        let pairs = words::plural(written.apart, "pair is", "pairs are");
        said.push(format!(
            "{pairs} of tasks held out for validation or test: not written."
        ));
    }
    if !written.refused.is_empty() {
        let refused = written.refused.len() as u64;
        let pairs = words::plural(refused, "pair was", "pairs were");
        said.push(format!("{pairs} left out, for example:"));
        said.extend(written.refused.iter().take(LISTED).cloned());
    }
    said
}

fn nothing(why: &str) -> String {
    format!("Nothing was written: {why}")
}
