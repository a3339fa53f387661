//! What training on the rows within the budget costs, by the rounds, the price and the speed that a person types.

use leptos::prelude::*;

use crate::app::browser;
use crate::app::store::store;
use crate::worker::frame::BudgetReport;
use tracesift_core::ground::words;
use tracesift_core::recipe::keys;

/// The numbers that a person types, and the sums.
#[component]
pub fn Cost(
    /// What the limits keep.
    found: ReadSignal<Option<BudgetReport>>,
) -> impl IntoView {
    let store = store();
    let is_wrong = RwSignal::new(None::<String>);
    let field = move |key: &'static str, label: &'static str, hint: &'static str| {
        let value = Memo::new(move |_| store.run.recipe.with(|recipe| keys::value(key, recipe)));
        let change = move |event| {
            let mut why = None;
            store
                .choose(|recipe| why = keys::choose(key, recipe, &browser::value_of(&event)).err());
            is_wrong.set(why);
        };
        view! {
            <div class="field">
                <label for=key>{label}</label>
                <input id=key inputmode="decimal" aria-describedby=format!("{key}-hint") prop:value=value on:change=change/>
                <span class="hint" id=format!("{key}-hint")>{hint}</span>
            </div>
        }
    };
    let sum = move || {
        let (cost, budget) = store.run.recipe.with(|recipe| (recipe.cost, recipe.budget));
        found.with(|found| {
            let found = found.as_ref()?;
            let kept = found.curves.at(&found.curves.all, budget)?;
            let mut words = format!(
                "{} tokens within the budget",
                words::short(kept.tokens as f64)
            );
            words.push_str(&format!(
                ", {} trained on in all",
                words::short(cost.tokens(kept.tokens))
            ));
            if let Some(money) = cost.money(kept.tokens) {
                words.push_str(&format!(
                    "; they cost {}",
                    words::thousands((money * 100.0).round() / 100.0)
                ));
            }
            if let Some(seconds) = cost.seconds(kept.tokens) {
                words.push_str(&format!(
                    "; they take {}",
                    words::duration(seconds * 1000.0)
                ));
            }
            words.push('.');
            Some(words)
        })
    };
    view! {
        <div class="buttons">
            {field("epochs", "Passes over the data (epochs)", "How often each token is trained on")}
            {field("price", "Price of a million tokens", "In any currency")}
            {field("speed", "Tokens per second", "How fast your machines train")}
        </div>
        {move || is_wrong.get().map(|why| view! { <p class="error" role="alert">{why}</p> })}
        <p role="status">{sum}</p>
    }
}
