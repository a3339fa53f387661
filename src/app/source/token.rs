//! The user's access token for datasets that ask for one: kept for the tab, with the server it was typed for.
//! An address can name any server and come from anyone; a token never follows it to another server.

use std::collections::HashMap;

use leptos::prelude::*;

use super::{dataset, servers};
use crate::app::browser;
use crate::app::store::{Store, store};
use tracesift_hub::address::is_trusted_with_token;
use tracesift_hub::answer::Described;

/// Where the tab remembers the token and its server.
const TOKEN: &str = "tracesift.token";
const SERVER: &str = "tracesift.token.server";

/// A token and the only server that it is sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    server: String,
    token: String,
}

/// The tab's token, if it has one.
pub fn recall() -> Option<Token> {
    Some(Token {
        server: browser::recall(SERVER)?,
        token: browser::recall(TOKEN)?,
    })
}

/// The token for a server, if it was typed for this one.
pub fn token_for(store: Store, server: &str) -> Option<String> {
    let token = store.account.token.get_untracked()?;
    (token.server == server).then_some(token.token)
}

/// The token for a file of the Hub, if it was typed for a server of the Hub and the file is on one.
pub fn token_for_file(store: Store, server: &str, url: &str) -> Option<String> {
    let is_of_the_hub = is_trusted_with_token(server) && is_trusted_with_token(url);
    token_for(store, server).filter(|_| is_of_the_hub)
}

/// The field, folded away until it is needed.
#[component]
pub fn TokenField() -> impl IntoView {
    let store = store();
    let server = Memo::new(move |_| {
        store
            .run
            .recipe
            .with(|recipe| servers::endpoint(&recipe.reading))
    });
    let shown = move || {
        let token = store
            .account
            .token
            .get()
            .filter(|token| token.server == server.get());
        token.map(|token| token.token).unwrap_or_default()
    };
    let needs_token = Memo::new(move |_| needs_token(store));
    let typed = move |event| {
        take(
            store,
            &server.get_untracked(),
            browser::value_of(&event).trim(),
        )
    };
    view! {
        <details class="field token" prop:open=needs_token>
            <summary>"Private or gated? Add a token"</summary>
            <label for="token">"Access token"</label>
            <input id="token" type="password" autocomplete="off" spellcheck="false" prop:value=shown on:change=typed/>
            <p class="hint">
                "Kept for this tab only, sent to " {move || server.get()} " (and to the Hub, where its files are read) and nowhere else, never in the address. "
                "Make one with read access in your Hugging Face settings."
            </p>
            <Show when=move || !is_trusted_with_token(&server.get())>
                <p class="hint error">"This is not a Hugging Face server. Give it a token only if you trust it."</p>
            </Show>
        </details>
    }
}

/// Whether something was refused for want of a token, or one is given already.
fn needs_token(store: Store) -> bool {
    let names_token = |why: &String| why.contains("token");
    let is_refused = |known: &HashMap<String, Result<Described, String>>| {
        known
            .values()
            .any(|known| known.as_ref().is_err_and(names_token))
    };
    let has_token = store.account.token.with(Option::is_some);
    let is_stopped = |why: &Option<String>| why.as_ref().is_some_and(names_token);
    has_token || store.run.trouble.with(is_stopped) || store.run.described.with(is_refused)
}

fn take(store: Store, server: &str, token: &str) {
    let token = (!token.is_empty()).then(|| Token {
        server: server.to_owned(),
        token: token.to_owned(),
    });
    browser::remember(TOKEN, token.as_ref().map(|token| token.token.as_str()));
    browser::remember(SERVER, token.as_ref().map(|token| token.server.as_str()));
    store.account.token.set(token);
    store.run.described.update(|known| known.clear());
    store.run.repositories.update(|known| known.clear());
    dataset::describe(store, true);
}
