//! The page: one component a part, all of them fed by one [`Store`] and each in a file of its own.
//! Components draw and ask; whatever reads rows is done by the workers (`crate::worker`).

mod active; // the run that is on: what it reads, and where
mod address; // the recipe and the browser's address, in step
mod alike; // which row it is that the open one is like
mod balance; // shares of the selection, and how much of it one value may be
mod browser; // the few things of the browser that have no better home
mod budget; // what a token limit keeps
mod cache; // what the browser keeps of earlier runs
mod chart; // one figure, drawn and brushed
mod charts; // the figures beside the rules
mod choices; // how the selection is written
mod compare; // two groups of rows side by side
mod cost; // what training costs
mod count; // what tokens are counted with
mod dataset; // which data set, config and split
mod diff; // a patch in the reader
mod download; // the selection as files
mod export; // encodes the selection page by page into a file
mod file; // a local file as the data set
mod filters; // lists and ranges beside the charts
mod funnel; // rows left after each rule
mod head; // which data set, which rows
mod headline; // the main numbers in words
mod intake; // what came from the workers, put into the store
mod later; // values of all rows, computed between frames
mod limits; // the chart of what each token limit keeps
mod manifest; // what a manifest says of the run
mod mapping; // the panel for rows of an unknown shape
mod mix; // what the rules did to the mix of languages, outcomes, repositories
mod notices; // what went wrong, and what to do
mod paint; // drawing in turns
mod pairs; // pairs of runs for preference training
mod parquet; // Parquet files as the source of rows
mod place; // where the files of an export go
mod prepare; // from the recipe to a run that can start
mod presets; // choices of others, one click each
mod preview; // the open row as an export writes it
mod progress; // how far the run is
mod publish; // the selection into a repository of the Hub
mod published; // the files that are published
mod reader; // one trajectory, turn by turn
mod report; // what an export gave
mod results; // all that is shown of rows: fetched after the rest
mod rows; // the table of rows
mod run; // what can be done with a run: start, halt, end it, count anew
mod servers; // the two servers that a recipe names
mod signin; // the way to the Hub's sign-in and back
mod signs; // the quality signs: how often, how runs with them fare, which are wanted
mod sink; // where a download is written to
mod store; // all state of the page
mod survey; // all rows without their texts: the button, what it costs, and what comes after
mod token; // the access token for data sets that ask for one
mod turn; // one message in the reader
mod twins; // looks for rows that are alike

use leptos::prelude::*;

use store::Phase;

pub use results::{Fetch, Missing, Parts, parts};
pub use store::Store;

/// Mounts the page on the shell's `#app` element; `fetch` gets the code of the parts that need rows.
pub fn mount(fetch: Fetch) {
    let Some(root) = browser::element("app") else {
        return;
    };
    root.set_text_content(None);
    leptos::mount::mount_to(root, move || view! { <App fetch/> }).forget();
}

/// The whole page.
#[component]
pub fn App(
    /// Gets the code of the parts that need rows.
    fetch: Fetch,
) -> impl IntoView {
    // Before anything reads the address: what a sign-in put there is for no one else.
    provide_context(signin::returned());
    let store = Store::as_the_address_says();
    provide_context(store);
    provide_context(export::Export::new());
    address::follow(store);
    run::start_as_the_address_says(store);
    twins::follow(store);
    view! {
        <a class="skip" href="#headline">"Skip to the results"</a>
        <header class="masthead">
            <h1>"tracesift"</h1>
            <p>"Turn agent runs from the Hugging Face Hub into training data. Nothing leaves your browser unless you publish it."</p>
        </header>
        <main data-state=move || if store.is_settling() { Phase::Running } else { store.phase.get() }.name()>
            <head::Head/>
            <progress::Progress/>
            <notices::Notices/>
            <results::Results fetch/>
        </main>
        <footer class="foot">
            <p>
                "tracesift " {env!("CARGO_PKG_VERSION")}
                ". Rows are read from the Hub by your browser and stay in it, unless you publish them. "
                "What the numbers mean is said where you point at them."
            </p>
        </footer>
    }
}
