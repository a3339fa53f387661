//! The parts of the page that need rows. Their code is split off (see `src/main.rs`) and fetched while the first rows
//! are read: a visitor waits for the rest only.

use std::pin::Pin;

use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use wasm_bindgen_futures::spawn_local;

use super::bar;
use super::choose::{filters, funnel, signs};
use super::look::{budget, charts, compare, explore, headline, mix};
use super::places::Place;
use super::rows::workbench;
use super::run::{duplicates, notices, search};
use super::source::{mapping, survey};
use super::store::store;
use super::take::{download, pairs, publish, published};
use tracesift_core::recipe::PagePlace;

/// Makes the view of the parts.
pub type Parts = fn() -> AnyView;

/// Fetches the code of the parts.
pub type Fetch = fn() -> Pin<Box<dyn Future<Output = Result<Parts, Missing>>>>;

/// The code of the parts could not be fetched; the browser's console says why.
#[derive(Debug, Clone, Copy)]
pub struct Missing;

impl From<SplitLoaderError> for Missing {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// All that is shown of rows, once its code is there.
#[component]
pub fn Results(
    /// Fetches the code.
    fetch: Fetch,
) -> impl IntoView {
    let code = RwSignal::new(None);
    spawn_local(async move { code.set(Some(fetch().await)) });
    move || {
        code.get().map(|code| match code {
            Ok(parts) => parts(),
            Err(Missing) => view! {
                <p class="notice" role="alert">
                    "Part of this page could not be loaded. Check that you are online, then reload the page."
                </p>
            }
            .into_any(),
        })
    }
}

/// The parts, place by place, and the search for rows that are alike.
pub fn parts() -> AnyView {
    duplicates::follow(store());
    search::follow(store());
    filters::provide_fold();
    view! {
        <notices::Notices/>
        <mapping::Mapping/>
        <survey::Surveyed/>
        <bar::Bar/>
        <div class="work">
            <filters::Filters/>
            <div class="places">
                <Place place=PagePlace::Overview>
                    <headline::Headline/>
                    <funnel::Funnel/>
                    <charts::Charts kinds=charts::OVERVIEW/>
                    <notices::Mended/>
                </Place>
                <Place place=PagePlace::Rows>
                    <workbench::Workbench/>
                </Place>
                <Place place=PagePlace::Compare>
                    <mix::Mixes/>
                    <compare::Comparison/>
                    <explore::Explore/>
                </Place>
                <Place place=PagePlace::Tokens>
                    <charts::Charts kinds=charts::LENGTHS/>
                    <budget::Budget/>
                </Place>
                <Place place=PagePlace::Quality>
                    <signs::Signs/>
                    <charts::Charts kinds=charts::QUALITY/>
                </Place>
                <Place place=PagePlace::Export>
                    <download::Download/>
                    <pairs::Pairs/>
                    <publish::Publish files=published::files/>
                </Place>
            </div>
        </div>
    }
    .into_any()
}
