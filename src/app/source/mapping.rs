//! The panel for rows of an unknown shape: which fields were found, and which of them holds what.
//! What is chosen goes into the address, so that a link reads the same rows for someone else.

use leptos::prelude::*;

use crate::app::store::store;
use crate::app::{browser, run};
use tracesift_core::trace::{FieldMap, FieldSeen};

/// What can be mapped, in words; columns of the row first, then fields of a message.
const QUESTIONS: [(&str, &str); 16] = [
    ("messages", "Which field holds the conversation?"),
    ("role", "Inside a message: who speaks?"),
    ("text", "Inside a message: what is said?"),
    ("reasoning", "Inside a message: what was thought?"),
    ("agent", "Which word there names the agent?"),
    ("observation", "Which word there names a tool's answer?"),
    (
        "calls",
        "Inside a message: which field lists the tool calls?",
    ),
    ("name", "Inside a call: the tool's name?"),
    ("arguments", "Inside a call: its arguments?"),
    ("id", "Inside a call, or in its answer: its id?"),
    ("result", "Inside a call: what it gave back?"),
    ("outcome", "Which field says whether it succeeded?"),
    ("patch", "Which field holds the final patch?"),
    ("reference", "Which field holds the reference patch?"),
    ("tools", "Which field lists the tools?"),
    ("instance", "Which field names the task?"),
];

/// The panel; nothing while every row can be read.
#[component]
pub fn Mapping() -> impl IntoView {
    let store = store();
    let map = RwSignal::new(
        store
            .run
            .recipe
            .with_untracked(|recipe| recipe.reading.map.clone()),
    );
    let apply = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        store.choose(|recipe| recipe.reading.map = map.get_untracked());
        run::analyze(store);
    };
    view! {
        // Where no field can hold messages, no answer helps.
        {move || store.rows.unknown_shape.get().filter(|fields| fields.iter().any(FieldSeen::may_hold_messages)).map(|fields| view! {
            <form class="notice bad mapping" id="mapping" on:submit=apply aria-label="Unknown shape of rows">
                <h2>"Rows of an unknown shape"</h2>
                <p>"None of these rows' fields looks like a conversation. These fields were found:"</p>
                <table>
                    <thead><tr><th scope="col">"Field"</th><th scope="col">"Kind"</th><th scope="col">"Starts with"</th></tr></thead>
                    <tbody>{fields.iter().map(|field| view! {
                        <tr><td><code>{field.name.clone()}</code></td><td>{field.kind.clone()}</td><td class="cut">{field.sample.clone()}</td></tr>
                    }).collect_view()}</tbody>
                </table>
                <p>"Say which is which as far as needed, and leave the rest empty. A field inside another is written with a dot: "<code>"data.messages"</code>"."</p>
                <datalist id="fields">{fields.iter().map(|field| view! { <option value=field.name.clone()></option> }).collect_view()}</datalist>
                <div class="fields">{QUESTIONS.map(|(what, question)| view! {
                    <label>{question}
                        <input type="text" list="fields" name=what
                            prop:value=move || map.with(|map| map.get(what).unwrap_or_default().to_owned())
                            on:change=move |event| map.update(|map| put(map, what, &browser::value_of(&event)))/>
                    </label>
                }).collect_view()}</div>
                <button type="submit" class="primary">"Read the rows this way"</button>
            </form>
        })}
    }
}

fn put(map: &mut FieldMap, what: &str, field: &str) {
    map.fields.retain(|(known, _)| known != what);
    if !field.trim().is_empty() {
        map.fields.push((what.to_owned(), field.trim().to_owned()));
    }
}
