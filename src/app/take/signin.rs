//! The browser's part of "Sign in with Hugging Face": to the Hub's own page, and back with a code.
//! The code is taken out of the address before anything else reads it; the token that it gives is never kept.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::app::browser;
use crate::app::store::Store;
use crate::worker::{Answer, Question};
use tracesift_core::recipe::address::print;
use tracesift_hub::commit::Secret;
use tracesift_hub::signin::Code;

/// Where the tab remembers, from leaving to coming back, what the answer is checked with.
const LEFT: &str = "tracesift.sign-in";
/// What the Hub adds to the address.
const ADDED: [&str; 5] = ["code", "state", "error", "error_description", "iss"];

/// How a sign-in ended: a code, or why there is none.
pub type Returned = Result<Code, String>;

/// This page's id at the Hub, which a static Space is told by its host (`hf_oauth` in its README).
pub fn client() -> Option<String> {
    let window = web_sys::window()?;
    let path = ["huggingface", "variables", "OAUTH_CLIENT_ID"];
    let found = path.iter().try_fold(JsValue::from(window), |at, key| {
        Reflect::get(&at, &(*key).into()).ok()
    });
    found?.as_string().filter(|client| !client.is_empty())
}

/// Whether the page is shown inside another one, where the Hub does not let anyone sign in.
fn is_framed() -> bool {
    web_sys::window().is_some_and(|window| window.parent().ok().flatten().as_ref() != Some(&window))
}

/// Leaves for the Hub's page; `said` hears if that can't be. Inside another page, where the Hub does not let anyone sign
/// in, this page is opened in a tab of its own instead.
pub fn leave(store: Store, hub: String, client: String, said: RwSignal<String>) {
    if is_framed() {
        let here = browser::address_with(&browser::query());
        let _ = web_sys::window().map(|window| window.open_with_url_and_target(&here, "_blank"));
        return said.set("Sign in on the page that was opened in a new tab.".to_owned());
    }
    spawn_local(async move {
        let mut recipe = store.run.recipe.get_untracked();
        recipe.run = true;
        let query = print(&recipe);
        let question = Question::BeginSignIn {
            hub: hub.clone(),
            client: client.clone(),
            back: browser::address_with(""),
        };
        match store.hub_worker().ask(&question, JsValue::UNDEFINED).await {
            Ok((Answer::SignInBegun(request), _)) => {
                let left = [&request.state, &request.verifier.0, &hub, &client, &query];
                browser::remember(LEFT, Some(&left.map(String::as_str).join("\n")));
                let _ = web_sys::window().map(|window| window.location().assign(&request.url));
            }
            Ok(_) => {}
            Err(error) => said.set(error.to_string()),
        }
    });
}

/// Whether the user comes back from the Hub, and with what. The address is as it was before from here on.
pub fn returned() -> Option<Returned> {
    let query = browser::query();
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let value = |key: &str| {
        let found = pairs.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.clone())
    };
    let (state, code) = (value("state"), value("code"));
    if state.is_none() || (code.is_none() && value("error").is_none()) {
        return None;
    }
    let left = browser::recall(LEFT).unwrap_or_default();
    browser::remember(LEFT, None);
    let left: Vec<&str> = left.split('\n').collect();
    let clean = match left.as_slice() {
        [_, _, _, _, query] => (*query).to_owned(),
        _ => form_urlencoded::Serializer::new(String::new())
            .extend_pairs(
                pairs
                    .iter()
                    .filter(|(key, _)| !ADDED.contains(&key.as_str())),
            )
            .finish(),
    };
    if let Some(Ok(history)) = web_sys::window().map(|window| window.history()) {
        let address = browser::address_with(&clean);
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
    Some(match (left.as_slice(), code) {
        ([asked, verifier, hub, client, _], Some(code)) if Some(*asked) == state.as_deref() => {
            Ok(Code {
                hub: (*hub).to_owned(),
                client: (*client).to_owned(),
                back: browser::address_with(""),
                code: Secret(code),
                verifier: Secret((*verifier).to_owned()),
            })
        }
        ([asked, ..], None) if Some(*asked) == state.as_deref() => {
            Err("Hugging Face did not sign you in. Sign in again, or paste a token.".to_owned())
        }
        _ => Err(
            "This sign-in was not started here, so it does not count. Sign in again.".to_owned(),
        ),
    })
}
