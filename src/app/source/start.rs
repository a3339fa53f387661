//! What a visitor without a link sees first: what the page is, and datasets to try, above the demo's result.
//! It gives way as soon as anything else is read.

use leptos::prelude::*;

use crate::app::browser;
use crate::app::store::{Phase, store};

/// A dataset to try.
struct Card {
    title: &'static str,
    words: &'static str,
    query: &'static str,
}

/// What is offered: each is a link like any other.
const CARDS: [Card; 5] = [
    Card {
        title: "Open-SWE-Traces",
        words: "Software tasks by OpenHands and SWE-agent, with verdicts",
        query: "dataset=nvidia/Open-SWE-Traces&rows=200&run=1",
    },
    Card {
        title: "AgentTrove",
        words: "1.7 million runs of many agents and tasks",
        query: "dataset=open-thoughts/AgentTrove&rows=200&run=1",
    },
    Card {
        title: "SWE-smith",
        words: "Runs of SWE-agent on made-up bugs",
        query: "dataset=SWE-bench/SWE-smith-trajectories&rows=200&run=1",
    },
    Card {
        title: "SWE-rebench",
        words: "Runs of OpenHands on real issues",
        query: "dataset=nebius/SWE-rebench-openhands-trajectories&rows=200&run=1",
    },
    Card {
        title: "Agent traces",
        words: "Sessions of coding agents, as people shared them",
        query: "dataset=trace-commons/agent-traces&rows=200&run=1",
    },
];

/// Whether the page was opened without a link.
pub fn is_here() -> RwSignal<bool> {
    RwSignal::new(browser::query().is_empty())
}

/// What the page is.
#[component]
pub fn Hero(
    /// Whether this is the start.
    is_start: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <p class="hero" hidden=move || !is_start.get()>
            "Turn agent runs into training data: open a dataset or your own files, see what is in them, keep the good runs, download them for your trainer."
        </p>
    }
}

/// The datasets to try.
#[component]
pub fn Cards(
    /// Whether this is the start.
    is_start: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <nav class="cards" aria-label="Datasets to try" hidden=move || !is_start.get()>
            {CARDS.map(|card| view! {
                <a class="card" href=browser::address_with(card.query)>
                    <strong>{card.title}</strong>
                    <span class="hint">{card.words}</span>
                </a>
            }).into_iter().collect_view()}
        </nav>
    }
}

/// The demo's result as it was, until it is there.
#[component]
pub fn Picture(
    /// Whether this is the start.
    is_start: RwSignal<bool>,
) -> impl IntoView {
    let store = store();
    let is_awaited = Memo::new(move |_| {
        let is_failed = store.run.phase.get() == Phase::Failed;
        is_start.get() && !is_failed && !store.rows.has_rows.get()
    });
    view! {
        <Show when=move || is_awaited.get()>
            <picture class="prepared">
                <source media="(max-width: 900px) and (prefers-color-scheme: dark)" srcset="demo-phone-dark.webp"/>
                <source media="(max-width: 900px)" srcset="demo-phone.webp"/>
                <source media="(prefers-color-scheme: dark)" srcset="demo-dark.webp"/>
                <img src="demo.webp" alt=PICTURE/>
            </picture>
        </Show>
    }
}

/// What the picture shows.
const PICTURE: &str = "The demo's result: 500 made-up runs, 45 % solved, 13k tokens and 34 turns in the middle run, 6 % of tool \
    calls failed, 92 % with a patch; with filters and charts.";
