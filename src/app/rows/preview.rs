//! The open row as the export writes it: every line in full, where it goes, or why it is not written.
//! It is asked for when a person opens it, and again when they choose another way of writing.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::run::ask;
use crate::app::store::{Store, store};
use crate::app::take::chosen::Chosen;
use crate::worker::{Answer, Preview as Line, Question, WorkerError};

/// The open row's lines.
#[component]
pub fn Preview(
    row: u64,
    /// Whether it is shown.
    is_open: Memo<bool>,
) -> impl IntoView {
    let store = store();
    let lines = RwSignal::new(None::<Result<Vec<Line>, String>>);
    let options = Memo::new(move |_| store.run.recipe.with(|recipe| recipe.export.clone()));
    Effect::new(move |_| {
        // A memo that is only tracked, never read, does not run, and so never changes.
        options.with(|_| ());
        if is_open.get() {
            ask(store, row, lines);
        }
    });
    let show = |line: Line| {
        let json = (!line.json.is_empty()).then(|| {
            view! { <pre class="line" tabindex="0" aria-label="The line, as JSON">{line.json}</pre> }
        });
        view! { <p>{line.words}</p>{json} }
    };
    view! {
        {move || match lines.get() {
            None => view! { <p class="hint" role="status">"Writing the row …"</p> }.into_any(),
            Some(Err(why)) => view! { <p class="error" role="alert">{why}</p> }.into_any(),
            Some(Ok(lines)) => lines.into_iter().map(show).collect_view().into_any(),
        }}
    }
}

fn ask(store: Store, row: u64, lines: RwSignal<Option<Result<Vec<Line>, String>>>) {
    let chosen = Chosen::now(store);
    spawn_local(async move {
        let Ok(chosen) = chosen.await else { return };
        let options = chosen.recipe.export.clone();
        let answer = written(store, &chosen, row).await;
        // Another choice was made meanwhile: its answer comes, too.
        if store
            .run
            .recipe
            .with_untracked(|recipe| recipe.export != options)
        {
            return;
        }
        // The reader may be closed by now.
        lines.try_set(answer.transpose());
    });
}

/// The row's lines; `None` where it is not among those that were read.
async fn written(store: Store, chosen: &Chosen, row: u64) -> Result<Option<Vec<Line>>, String> {
    let found = chosen.row(row).await?.and_then(|(page, origin)| {
        let at = chosen.run.page_at(store, page)?;
        Some((at, origin))
    });
    let Some(((at, origin), counting)) = found.zip(chosen.counting(true)) else {
        return Ok(None);
    };
    let question = Question::Preview {
        at,
        origin,
        options: chosen.recipe.export.clone(),
        seed: chosen.recipe.reading.seed,
        counting,
    };
    match ask::about(store, &chosen.run, &question).await {
        Ok((Answer::Preview(lines), _)) => Ok(Some(lines)),
        Ok(_) => Err(WorkerError::Protocol.to_string()),
        Err(error) => Err(error.to_string()),
    }
}
