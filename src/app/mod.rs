//! The page: a room per task of a person, a file per part, all of them fed by one [`Store`].
//! Components draw and ask; whatever reads, holds or counts rows is done by the workers (`crate::worker`).

mod address; // the recipe and the browser's address, in step
mod bar; // what is selected, and the tabs: never out of sight
mod browser; // the few things of the browser that have no better home
mod busy; // whether something is still asked or drawn
mod choose; // which rows are kept: filters, signs, balance, presets, the funnel
mod frame; // the worker that holds the rows: what goes there, what is asked
mod info; // a definition behind a visible ⓘ
mod look; // what is in the rows: the main numbers, charts, comparisons
mod places; // one at a time: overview, rows, compare, tokens, quality, export
mod results; // all that is shown of rows: fetched after the rest
mod rows; // the table of rows, and the reader
mod run; // what is read: start, halt, go on, and how far it is
mod source; // the form: which dataset or file, which rows, counted how
mod store; // all state of the page
mod take; // downloads, pairs, publishing
mod title; // the title of the tab

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
    provide_context(take::signin::returned());
    let store = Store::as_the_address_says();
    store::provide(store);
    provide_context(take::export::Export::new());
    address::follow(store);
    frame::follow(store);
    title::follow(store);
    let form = source::head::Form::of_the_page(store);
    run::start_as_the_address_says(store);
    view! {
        <a class="skip" href="#filters">"Skip to the filters"</a>
        <header class="masthead">
            <h1>"tracesift"</h1>
            <source::head::OneLine form/>
        </header>
        <main data-state=move || if store.is_settling() { Phase::Running } else { store.run.phase.get() }.name()>
            <source::head::Head form/>
            <run::progress::Progress/>
            <run::notices::Stopped/>
            <source::head::Awaited form/>
            <results::Results fetch/>
        </main>
        <source::drop::DropHint/>
        <footer class="foot">
            <p>
                "tracesift " {env!("CARGO_PKG_VERSION")}
                ". Rows are read by your browser and stay in it, unless you publish them."
            </p>
        </footer>
    }
}
